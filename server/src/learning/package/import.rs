//! A package is imported: everything in it is read once before anything is kept; then its files, one after the other, which
//! nobody sees before a package names them; then the course, in one turn.

use std::collections::BTreeMap;

use domain::{learning::File, time::Time};

use super::{Archive, Read, fault::PackageFault, read};
use crate::{
    db::{Db, Executor},
    error::{ApiError, ApiResult},
    learning::{
        format::{self, Fault, Problem},
        import::{Imported, forget_files},
        play, publish, queries,
    },
};

/// What kept files of packages are called: none of a lesson is, so `/media` gives none of them to anybody.
const EXTENSION: &str = "package";

/// Imports a package whose file is called so; offer-holders see it if `is_shown`. What is wrong with it is told, and then
/// nothing changes.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn import(
    (db, executor, has_play_address): (&Db, &Executor, bool),
    (name, archive): (&str, Archive),
    is_shown: bool,
    now: Time,
) -> ApiResult<Result<Imported, Vec<Problem>>> {
    if !has_play_address {
        return Ok(Err(vec![problem((
            name.to_owned(),
            PackageFault::NoPlayAddress.into(),
        ))]));
    }
    let looked = {
        let name = name.to_owned();
        let look = move |archive: &mut Archive| Ok((read(&name, archive)?, files(archive)?));
        blocking::<_, Vec<(String, Fault)>>(archive, look).await?
    };
    let (read, files, archive) = match looked {
        Ok(((read, files), archive)) => (read, files, archive),
        Err(faults) => return Ok(Err(faults.into_iter().map(problem).collect())),
    };
    keep(db, &read, &files, archive, now).await?;
    let imported = Imported {
        slug: read.slug.clone(),
        lessons: read.course.lessons().count(),
        bytes: files.values().map(|it| it.bytes).sum(),
    };
    put(executor, read, files, is_shown).await?;
    Ok(Ok(imported))
}

fn problem((path, fault): (String, Fault)) -> Problem {
    Problem { path, fault }
}

/// Unpacking takes longer than other requests may wait for this thread.
async fn blocking<T: Send + 'static, E: Send + 'static>(
    mut archive: Archive,
    work: impl FnOnce(&mut Archive) -> Result<T, E> + Send + 'static,
) -> ApiResult<Result<(T, Archive), E>> {
    let done = tokio::task::spawn_blocking(move || Ok((work(&mut archive)?, archive)));
    Ok(done.await.map_err(anyhow::Error::from)?)
}

/// What its files will be called.
fn files(archive: &mut Archive) -> Result<BTreeMap<String, File>, Vec<(String, Fault)>> {
    let mut files = BTreeMap::new();
    for path in archive.paths() {
        match archive.bytes(&path) {
            Ok(bytes) => files.insert(path, format::file_of(EXTENSION, &bytes)),
            Err(fault) => return Err(vec![(path, fault)]),
        };
    }
    Ok(files)
}

/// Keeps pages and files, each in a transaction of its own: whoever writes meanwhile waits for one file at most.
async fn keep(
    db: &Db,
    read: &Read,
    files: &BTreeMap<String, File>,
    mut archive: Archive,
    now: Time,
) -> ApiResult<()> {
    let mut tx = db.begin().await?;
    for (file, bytes) in &read.pages {
        queries::add_file(&mut tx, file, bytes, now).await?;
    }
    tx.commit().await.map_err(anyhow::Error::from)?;
    for (path, file) in files {
        let is_known = queries::file(&mut *db.read().await?, &file.name).await?;
        if is_known.is_some() {
            continue;
        }
        let path = path.clone();
        let unpacked = blocking(archive, move |it| it.bytes(&path)).await?;
        let (bytes, rest) = unpacked.map_err(|it| anyhow::anyhow!("read once, then {it:?}"))?;
        archive = rest;
        let mut tx = db.begin().await?;
        queries::add_file(&mut tx, file, &bytes, now).await?;
        tx.commit().await.map_err(anyhow::Error::from)?;
    }
    Ok(())
}

/// Puts the course and what it takes to play it.
async fn put(
    executor: &Executor,
    read: Read,
    files: BTreeMap<String, File>,
    is_shown: bool,
) -> ApiResult<()> {
    executor
        .run(move |turn| {
            Box::pin(async move {
                let now = turn.now();
                let (course, slug) = (&read.course, &read.slug);
                queries::put_course(turn.conn(), slug, course, is_shown, now).await?;
                queries::put_sources(turn.conn(), course.id, &BTreeMap::new()).await?;
                play::queries::put_package(turn.conn(), course.id, &read.package, &files).await?;
                let row = queries::course(turn.conn(), course.id).await?;
                publish::course(turn, &row.ok_or(ApiError::NotFound)?)?;
                forget_files(turn.conn(), now).await
            })
        })
        .await
}
