//! SQL of packages: their files, who plays them, and what their lessons keep. What is a person's own is loaded by callers
//! through their actor.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use domain::{
    id::{CourseId, LessonId, MemberId},
    learning::File,
    member::Role,
    time::Time,
};
use sha2::{Digest as _, Sha256};

use super::launch::Launch;
use crate::{account::secret::Hash, actor::Signed, db::Conn, learning::package::Package};

/// What is known of somebody who plays.
pub(super) struct PlayRow {
    pub(super) signed: Signed,
    pub(super) course: CourseId,
    pub(super) lesson: LessonId,
    pub(super) package: Package,
    pub(super) launch: Launch,
}

/// A new play.
pub(super) struct NewPlay<'a> {
    pub(super) hash: Hash,
    pub(super) signed: Signed,
    pub(super) course: CourseId,
    pub(super) lesson: LessonId,
    pub(super) launch: &'a Launch,
}

/// What a lesson keeps for itself.
pub(super) struct Kept {
    pub(super) kind: String,
    pub(super) body: String,
    pub(super) at: Time,
}

/// Puts a package in the place of the one that was there.
pub(crate) async fn put_package(
    db: &mut Conn,
    course: CourseId,
    package: &Package,
    files: &BTreeMap<String, File>,
) -> Result<()> {
    drop_package(db, course).await?;
    let body = serde_json::to_string(package)?;
    let mut hash = Sha256::new_with_prefix(&body);
    for (path, file) in files {
        hash.update(format!("{path}\0{}\0", file.name));
    }
    let version = hex::encode(hash.finalize());
    sqlx::query("insert into packages (course_id, version, body) values ($1, $2, $3)")
        .bind(course.to_string())
        .bind(version)
        .bind(body)
        .execute(&mut *db)
        .await?;
    for (path, file) in files {
        sqlx::query("insert into package_files (course_id, path, name) values ($1, $2, $3)")
            .bind(course.to_string())
            .bind(path)
            .bind(&*file.name)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// A course is no package any more.
pub(crate) async fn drop_package(db: &mut Conn, course: CourseId) -> Result<()> {
    for sql in [
        "delete from package_files where course_id = $1",
        "delete from packages where course_id = $1",
    ] {
        sqlx::query(sql)
            .bind(course.to_string())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Courses that are packages.
pub(crate) async fn packages(db: &mut Conn) -> Result<Vec<CourseId>> {
    let ids: Vec<(String,)> = sqlx::query_as("select course_id from packages")
        .fetch_all(db)
        .await?;
    ids.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// Files of all packages.
pub(crate) async fn files(db: &mut Conn) -> Result<Vec<String>> {
    let names: Vec<(String,)> = sqlx::query_as("select distinct name from package_files")
        .fetch_all(db)
        .await?;
    Ok(names.into_iter().map(|it| it.0).collect())
}

/// The file that stands at a path of a package.
pub(super) async fn file_at(db: &mut Conn, course: CourseId, path: &str) -> Result<Option<String>> {
    let name: Option<(String,)> =
        sqlx::query_as("select name from package_files where course_id = $1 and path = $2")
            .bind(course.to_string())
            .bind(path)
            .fetch_optional(db)
            .await?;
    Ok(name.map(|it| it.0))
}

/// What it takes to play a course that is shown.
pub(super) async fn package(db: &mut Conn, course: CourseId) -> Result<Option<Package>> {
    let body: Option<(String,)> = sqlx::query_as(
        "select p.body from packages p join courses c on c.id = p.course_id where c.id = $1 and c.shown = 1",
    )
    .bind(course.to_string())
    .fetch_optional(db)
    .await?;
    let read = |it: (String,)| serde_json::from_str(&it.0).context("a package cannot be read");
    body.map(read).transpose()
}

/// Begins a play with the package as it is now. Of a member's plays the newest stay, and none that is older than a moment.
pub(super) async fn begin(db: &mut Conn, it: NewPlay<'_>, since: Time, now: Time) -> Result<()> {
    const MOST: i64 = 40;
    sqlx::query(
        "insert into plays (token_hash, member_id, session_id, course_id, lesson_id, version, body, started_at) \
         select $1, $2, $3, course_id, $4, version, $5, $6 from packages where course_id = $7",
    )
    .bind(it.hash.to_string())
    .bind(it.signed.id.to_string())
    .bind(it.signed.session.to_string())
    .bind(it.lesson.to_string())
    .bind(serde_json::to_string(it.launch)?)
    .bind(now.millis())
    .bind(it.course.to_string())
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "delete from plays where member_id = $1 and (started_at < $2 or token_hash not in \
         (select token_hash from plays where member_id = $1 order by started_at desc limit $3))",
    )
    .bind(it.signed.id.to_string())
    .bind(since.millis())
    .bind(MOST)
    .execute(db)
    .await?;
    Ok(())
}

/// The play of a secret: begun after a moment, by somebody who still holds an offer here and is still signed in there, with the
/// package as it is now.
pub(super) async fn play(db: &mut Conn, hash: Hash, since: Time) -> Result<Option<PlayRow>> {
    let row: Option<(String, String, String, String, String, String)> = sqlx::query_as(
        "select p.member_id, p.session_id, p.course_id, p.lesson_id, k.body, p.body from plays p \
         join sessions s on s.id = p.session_id join members m on m.id = p.member_id \
         join packages k on k.course_id = p.course_id and k.version = p.version \
         join courses c on c.id = p.course_id \
         where p.token_hash = $1 and p.started_at > $2 and s.ended_at is null \
         and m.left_at is null and m.role = 'offer_holder' and c.shown = 1",
    )
    .bind(hash.to_string())
    .bind(since.millis())
    .fetch_optional(db)
    .await?;
    let Some((member, session, course, lesson, package, launch)) = row else {
        return Ok(None);
    };
    Ok(Some(PlayRow {
        signed: Signed {
            id: member.parse()?,
            role: Role::OfferHolder,
            session: session.parse()?,
        },
        course: course.parse()?,
        lesson: lesson.parse()?,
        package: serde_json::from_str(&package).context("a package cannot be read")?,
        launch: serde_json::from_str(&launch).context("a play cannot be read")?,
    }))
}

/// Keeps what was agreed with a lesson that is played.
pub(super) async fn put_launch(db: &mut Conn, hash: Hash, launch: &Launch) -> Result<()> {
    sqlx::query("update plays set body = $2 where token_hash = $1")
        .bind(hash.to_string())
        .bind(serde_json::to_string(launch)?)
        .execute(db)
        .await?;
    Ok(())
}

/// What somebody's lesson keeps under a name.
pub(super) async fn kept(
    db: &mut Conn,
    (member, lesson): (MemberId, LessonId),
    name: &str,
) -> Result<Option<Kept>> {
    let row: Option<(String, String, i64)> = sqlx::query_as(
        "select kind, body, at from play_states where member_id = $1 and lesson_id = $2 and name = $3",
    )
    .bind(member.to_string())
    .bind(lesson.to_string())
    .bind(name)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(kind, body, at)| Kept {
        kind,
        body,
        at: Time::from_millis(at),
    }))
}

/// The names under which somebody's lesson keeps something since a moment.
pub(super) async fn names(
    db: &mut Conn,
    (member, lesson): (MemberId, LessonId),
    since: Time,
) -> Result<Vec<String>> {
    let names: Vec<(String,)> = sqlx::query_as(
        "select name from play_states where member_id = $1 and lesson_id = $2 and at > $3 order by name",
    )
    .bind(member.to_string())
    .bind(lesson.to_string())
    .bind(since.millis())
    .fetch_all(db)
    .await?;
    Ok(names.into_iter().map(|it| it.0).collect())
}

/// Keeps something for a lesson of somebody.
pub(super) async fn keep(
    db: &mut Conn,
    (member, lesson): (MemberId, LessonId),
    name: &str,
    it: &Kept,
) -> Result<()> {
    sqlx::query(
        "insert into play_states (member_id, lesson_id, name, kind, body, at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (member_id, lesson_id, name) do update set kind = excluded.kind, body = excluded.body, at = excluded.at",
    )
    .bind(member.to_string())
    .bind(lesson.to_string())
    .bind(name)
    .bind(&it.kind)
    .bind(&it.body)
    .bind(it.at.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what somebody's lesson keeps under a name.
pub(super) async fn forget(
    db: &mut Conn,
    (member, lesson): (MemberId, LessonId),
    name: &str,
) -> Result<()> {
    sqlx::query("delete from play_states where member_id = $1 and lesson_id = $2 and name = $3")
        .bind(member.to_string())
        .bind(lesson.to_string())
        .bind(name)
        .execute(db)
        .await?;
    Ok(())
}

/// Removes plays that began before a moment.
pub(super) async fn purge(db: &mut Conn, before: Time) -> Result<()> {
    sqlx::query("delete from plays where started_at < $1")
        .bind(before.millis())
        .execute(db)
        .await?;
    Ok(())
}
