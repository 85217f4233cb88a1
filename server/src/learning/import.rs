//! A course is imported: its files first, which nobody sees before a course names them; then the course, in one turn.

use std::{collections::BTreeSet, path::Path};

use domain::time::{DAY, Time};

use super::{
    folder,
    format::{self, Fault, Folder, Problem},
    publish, queries,
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

/// The files of a course on the disk, or of one that comes with the program.
///
/// # Errors
/// When there is no such folder, ZIP or name.
pub(crate) fn found(from: &Path) -> Result<(String, Folder), Fault> {
    let name = from.file_stem().and_then(|it| it.to_str()).unwrap_or("");
    if from.is_dir() {
        folder::of_disk(from)
    } else if from.is_file() {
        let bytes = std::fs::read(from).map_err(|_| Fault::NotAFolder)?;
        folder::of_zip(name, &bytes)
    } else {
        let folder = folder::shipped(name).ok_or(Fault::NotAFolder)?;
        Ok((name.to_owned(), folder))
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
                let row = queries::course(turn.conn(), course.id).await?;
                publish::course(turn, &row.ok_or(ApiError::NotFound)?)?;
                forget_files(turn.conn(), now).await
            })
        })
        .await?;
    Ok(Ok(imported))
}

/// Removes files that no course has named for a while.
async fn forget_files(db: &mut crate::db::Conn, now: Time) -> ApiResult<()> {
    let courses = queries::courses(db).await?;
    let named: BTreeSet<_> = courses
        .iter()
        .flat_map(|it| it.course.modules.iter())
        .flat_map(|it| it.files())
        .map(|it| &*it.name)
        .collect();
    for name in queries::files_before(db, now + -FILES_STAY).await? {
        if !named.contains(&*name) {
            queries::remove_file(db, &name).await?;
        }
    }
    Ok(())
}
