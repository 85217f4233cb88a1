//! A course is imported: its files first, which nobody sees before a course names them; then the course, in one turn.

use std::{collections::BTreeSet, path::Path};

use domain::time::{DAY, Time};

use super::{
    folder,
    format::{self, Fault, Folder, Problem},
    package::{self, Archive, Opened},
    play, publish, queries,
};
use crate::{
    db::{Db, Executor},
    error::{ApiError, ApiResult},
};

/// A file that no course names any more stays so long: a phone may be in the middle of loading it.
const FILES_STAY: i64 = 30 * DAY;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Name of the course's folder.
    pub(crate) slug: String,
    /// Lessons in it.
    pub(crate) lessons: usize,
    /// Bytes of all its files.
    pub(crate) bytes: u64,
}

/// What is imported.
pub(crate) enum Found {
    /// A course in its folder.
    Course(Folder),
    /// A package that others made.
    Package(Archive),
}

/// What a ZIP of this name holds, and what that is called.
///
/// # Errors
/// When it is no ZIP, leads outside, or holds too much.
pub(crate) fn found_in_zip(name: &str, zip: Vec<u8>) -> Result<(String, Found), Fault> {
    Ok(match Archive::open(zip)? {
        Opened::Package(archive) => (name.to_owned(), Found::Package(archive)),
        Opened::Other(zip) => {
            let (name, folder) = folder::of_zip(name, &zip)?;
            (name, Found::Course(folder))
        }
    })
}

/// The files of a course on the disk, or of one that comes with the program; or a package.
///
/// # Errors
/// When there is no such folder, ZIP or name.
pub(crate) fn found(from: &Path) -> Result<(String, Found), Fault> {
    let name = from.file_stem().and_then(|it| it.to_str()).unwrap_or("");
    if from.is_dir() {
        let (name, folder) = folder::of_disk(from)?;
        Ok((name, Found::Course(folder)))
    } else if from.is_file() {
        let bytes = std::fs::read(from).map_err(|_| Fault::NotAFolder)?;
        found_in_zip(name, bytes)
    } else {
        let folder = folder::shipped(name).ok_or(Fault::NotAFolder)?;
        Ok((name.to_owned(), Found::Course(folder)))
    }
}

/// Imports what was found; offer-holders see it if `is_shown`. What is wrong with it is told, and then nothing changes.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn import_found(
    (db, executor, has_play_address): (&Db, &Executor, bool),
    (name, found): (&str, Found),
    is_shown: bool,
    now: Time,
) -> ApiResult<Result<Imported, Vec<Problem>>> {
    match found {
        Found::Course(folder) => import(db, executor, (name, &folder), is_shown, now).await,
        Found::Package(archive) => {
            let place = (db, executor, has_play_address);
            package::import(place, (name, archive), is_shown, now).await
        }
    }
}

/// Imports a course; offer-holders see it if `is_shown`. What is wrong with it is told, and then nothing changes.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn import(
    db: &Db,
    executor: &Executor,
    (slug, folder): (&str, &Folder),
    is_shown: bool,
    now: Time,
) -> ApiResult<Result<Imported, Vec<Problem>>> {
    let read = match format::read(slug, folder) {
        Ok(read) => read,
        Err(problems) => return Ok(Err(problems)),
    };
    let mut tx = db.begin().await?;
    for (file, bytes) in &read.files {
        queries::add_file(&mut tx, file, bytes, now).await?;
    }
    tx.commit().await.map_err(anyhow::Error::from)?;
    let imported = Imported {
        slug: read.slug.clone(),
        lessons: read.course.lessons().count(),
        bytes: read.files.keys().map(|it| it.bytes).sum(),
    };
    let (slug, course, folder) = (read.slug, read.course, folder.clone());
    executor
        .run(move |turn| {
            Box::pin(async move {
                let now = turn.now();
                queries::put_course(turn.conn(), &slug, &course, is_shown, now).await?;
                queries::put_sources(turn.conn(), course.id, &folder).await?;
                // Of this name there may have been a package.
                play::queries::drop_package(turn.conn(), course.id).await?;
                let row = queries::course(turn.conn(), course.id).await?;
                publish::course(turn, &row.ok_or(ApiError::NotFound)?)?;
                forget_files(turn.conn(), now).await
            })
        })
        .await?;
    Ok(Ok(imported))
}

/// Removes files that no course has named for a while.
pub(super) async fn forget_files(db: &mut crate::db::Conn, now: Time) -> ApiResult<()> {
    let courses = queries::courses(db).await?;
    let in_packages = play::queries::files(db).await?;
    let named: BTreeSet<_> = courses
        .iter()
        .flat_map(|it| it.course.modules.iter())
        .flat_map(|it| it.files())
        .map(|it| &*it.name)
        .chain(in_packages.iter().map(String::as_str))
        .collect();
    for name in queries::files_before(db, now + -FILES_STAY).await? {
        if !named.contains(&*name) {
            queries::remove_file(db, &name).await?;
        }
    }
    Ok(())
}
