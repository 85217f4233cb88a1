//! SQL of courses. What is a person's own is loaded by callers through their actor.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use domain::{
    id::{CourseId, LessonId, MemberId},
    learning::{Course, Enrollment, File, Progress},
    text::Name,
    time::Time,
};

use super::format::Folder;
use crate::{actor::OfferHolder, db::Conn, event::queries::decode};

/// Bytes of one part of a file.
pub(super) const PART: usize = 256 << 10;

/// A course as stored.
pub(super) struct CourseRow {
    pub(super) course: Course,
    pub(super) slug: String,
    pub(super) is_shown: bool,
}

type Stored = (String, String, i64, i64);

fn course_of((slug, body, shown, place): Stored) -> Result<CourseRow> {
    let course: Course = serde_json::from_str(&body).context("a stored course cannot be read")?;
    Ok(CourseRow {
        course: Course {
            place: u16::try_from(place)?,
            ..course
        },
        slug,
        is_shown: shown != 0,
    })
}

/// All courses, as they stand in the list.
pub(super) async fn courses(db: &mut Conn) -> Result<Vec<CourseRow>> {
    let rows: Vec<Stored> =
        sqlx::query_as("select slug, body, shown, place from courses order by place, id")
            .fetch_all(db)
            .await?;
    rows.into_iter().map(course_of).collect()
}

/// One course.
pub(super) async fn course(db: &mut Conn, id: CourseId) -> Result<Option<CourseRow>> {
    let row: Option<Stored> =
        sqlx::query_as("select slug, body, shown, place from courses where id = $1")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?;
    row.map(course_of).transpose()
}

/// Puts a course, at the end of the list when it is new.
pub(super) async fn put_course(
    db: &mut Conn,
    slug: &str,
    course: &Course,
    is_shown: bool,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "insert into courses (id, slug, body, place, shown, imported_at) \
         values ($1, $2, $3, (select coalesce(max(place), 0) + 1 from courses), $4, $5) \
         on conflict (id) do update set body = excluded.body, shown = excluded.shown, imported_at = excluded.imported_at",
    )
    .bind(course.id.to_string())
    .bind(slug)
    .bind(serde_json::to_string(course)?)
    .bind(i64::from(is_shown))
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// The folder of a course, as it was written.
pub(super) async fn sources(db: &mut Conn, course: CourseId) -> Result<Folder> {
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select path, data from course_sources where course_id = $1")
            .bind(course.to_string())
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Keeps one file of a course's folder.
pub(super) async fn put_source(
    db: &mut Conn,
    course: CourseId,
    path: &str,
    data: &[u8],
) -> Result<()> {
    sqlx::query(
        "insert into course_sources (course_id, path, data) values ($1, $2, $3) \
         on conflict (course_id, path) do update set data = excluded.data",
    )
    .bind(course.to_string())
    .bind(path)
    .bind(data.to_vec())
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps the whole folder of a course, and nothing else.
pub(super) async fn put_sources(db: &mut Conn, course: CourseId, folder: &Folder) -> Result<()> {
    sqlx::query("delete from course_sources where course_id = $1")
        .bind(course.to_string())
        .execute(&mut *db)
        .await?;
    for (path, data) in folder {
        put_source(db, course, path, data).await?;
    }
    Ok(())
}

/// Keeps what somebody said to a course.
pub(super) async fn put_enrollment(
    db: &mut Conn,
    member: MemberId,
    course: CourseId,
    enrollment: Enrollment,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "insert into enrollments (member_id, course_id, enrollment, at) values ($1, $2, $3, $4) \
         on conflict (member_id, course_id) do update set enrollment = excluded.enrollment, at = excluded.at",
    )
    .bind(member.to_string())
    .bind(course.to_string())
    .bind(serde_json::to_string(&enrollment)?)
    .bind(now.millis())
    .execute(db)
    .await?;
    Ok(())
}

/// What everybody said.
pub(super) async fn enrollments(db: &mut Conn) -> Result<Vec<(MemberId, CourseId, Enrollment)>> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select member_id, course_id, enrollment from enrollments")
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(member, course, it)| {
            Ok((member.parse()?, course.parse()?, serde_json::from_str(&it)?))
        })
        .collect()
}

/// Who agreed to which course, in the order of names.
pub(super) async fn agreed(db: &mut Conn) -> Result<Vec<(CourseId, Name)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select e.course_id, m.name from enrollments e join members m on m.id = e.member_id \
         where e.enrollment = $1 and m.left_at is null order by m.name, m.id",
    )
    .bind(serde_json::to_string(&Enrollment::Agreed)?)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(course, name)| {
            let name = Name::new(&name).map_err(decode)?;
            Ok((course.parse()?, name))
        })
        .collect()
}

/// How far somebody is with a lesson.
pub(super) async fn progress(
    db: &mut Conn,
    member: MemberId,
    lesson: LessonId,
) -> Result<Option<Progress>> {
    let body: Option<(String,)> =
        sqlx::query_as("select body from progress where member_id = $1 and lesson_id = $2")
            .bind(member.to_string())
            .bind(lesson.to_string())
            .fetch_optional(db)
            .await?;
    body.map(|it| Ok(serde_json::from_str(&it.0)?)).transpose()
}

/// How far the asker is with the lessons of a course.
pub(super) async fn progress_of(
    db: &mut Conn,
    holder: OfferHolder,
    course: CourseId,
) -> Result<BTreeMap<LessonId, Progress>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select lesson_id, body from progress where member_id = $1 and course_id = $2",
    )
    .bind(holder.id().to_string())
    .bind(course.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(lesson, it)| Ok((lesson.parse()?, serde_json::from_str(&it)?)))
        .collect()
}

/// What the asker is called.
pub(super) async fn name_of(db: &mut Conn, holder: OfferHolder) -> Result<Option<String>> {
    let name: Option<(String,)> =
        sqlx::query_as("select name from members where id = $1 and left_at is null")
            .bind(holder.id().to_string())
            .fetch_optional(db)
            .await?;
    Ok(name.map(|it| it.0))
}

/// Lessons of a course with which somebody has begun.
pub(super) async fn begun(db: &mut Conn, member: MemberId, course: CourseId) -> Result<i64> {
    Ok(
        sqlx::query_scalar("select count(*) from progress where member_id = $1 and course_id = $2")
            .bind(member.to_string())
            .bind(course.to_string())
            .fetch_one(db)
            .await?,
    )
}

/// Keeps how far somebody is with a lesson.
pub(super) async fn put_progress(
    db: &mut Conn,
    member: MemberId,
    lesson: LessonId,
    progress: &Progress,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "insert into progress (member_id, lesson_id, course_id, body, completed_at) values ($1, $2, $3, $4, $5) \
         on conflict (member_id, lesson_id) do update set body = excluded.body, \
         completed_at = coalesce(progress.completed_at, excluded.completed_at)",
    )
    .bind(member.to_string())
    .bind(lesson.to_string())
    .bind(progress.course.to_string())
    .bind(serde_json::to_string(progress)?)
    .bind(progress.completed.map(|_| now.millis()))
    .execute(db)
    .await?;
    Ok(())
}

/// Offer-holders with a place here.
pub(super) async fn offer_holders(db: &mut Conn) -> Result<u32> {
    let count: i64 = sqlx::query_scalar(
        "select count(*) from members where role = 'offer_holder' and left_at is null",
    )
    .fetch_one(db)
    .await?;
    Ok(u32::try_from(count)?)
}

/// How many lessons of each course each offer-holder had finished at this moment. For counting only: see
/// [`tally`](domain::learning::tally).
pub(super) async fn counts(db: &mut Conn, then: Time) -> Result<Vec<(CourseId, MemberId, usize)>> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select p.course_id, p.member_id, count(*) from progress p join members m on m.id = p.member_id \
         where p.completed_at < $1 and m.role = 'offer_holder' and m.left_at is null \
         group by p.course_id, p.member_id",
    )
    .bind(then.millis())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(course, member, count)| {
            Ok((course.parse()?, member.parse()?, usize::try_from(count)?))
        })
        .collect()
}

/// Shows a course, or does not.
pub(super) async fn show(db: &mut Conn, id: CourseId, is_shown: bool) -> Result<()> {
    sqlx::query("update courses set shown = $2 where id = $1")
        .bind(id.to_string())
        .bind(i64::from(is_shown))
        .execute(db)
        .await?;
    Ok(())
}

/// How far everybody is.
pub(super) async fn all_progress(db: &mut Conn) -> Result<Vec<(MemberId, LessonId, Progress)>> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select member_id, lesson_id, body from progress")
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(member, lesson, it)| {
            Ok((member.parse()?, lesson.parse()?, serde_json::from_str(&it)?))
        })
        .collect()
}

/// Adds a file, in parts. One that is there stays: its name says what is in it.
pub(super) async fn add_file(db: &mut Conn, file: &File, bytes: &[u8], now: Time) -> Result<()> {
    let added = sqlx::query(
        "insert into files (name, bytes, added_at) values ($1, $2, $3) on conflict (name) do nothing",
    )
    .bind(&*file.name)
    .bind(i64::try_from(file.bytes)?)
    .bind(now.millis())
    .execute(&mut *db)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(());
    }
    for (part, data) in bytes.chunks(PART).enumerate() {
        sqlx::query("insert into file_parts (name, part, data) values ($1, $2, $3)")
            .bind(&*file.name)
            .bind(i64::try_from(part)?)
            .bind(data.to_vec())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// How long a file is; nothing when there is none of this name.
pub(super) async fn file(db: &mut Conn, name: &str) -> Result<Option<u64>> {
    let bytes: Option<(i64,)> = sqlx::query_as("select bytes from files where name = $1")
        .bind(name)
        .fetch_optional(db)
        .await?;
    Ok(bytes.map(|it| u64::try_from(it.0)).transpose()?)
}

/// One part of a file.
pub(super) async fn part(db: &mut Conn, name: &str, part: u64) -> Result<Option<Vec<u8>>> {
    let data: Option<(Vec<u8>,)> =
        sqlx::query_as("select data from file_parts where name = $1 and part = $2")
            .bind(name)
            .bind(i64::try_from(part)?)
            .fetch_optional(db)
            .await?;
    Ok(data.map(|it| it.0))
}

/// Files that were there before this moment.
pub(super) async fn files_before(db: &mut Conn, then: Time) -> Result<Vec<String>> {
    let names: Vec<(String,)> = sqlx::query_as("select name from files where added_at < $1")
        .bind(then.millis())
        .fetch_all(db)
        .await?;
    Ok(names.into_iter().map(|it| it.0).collect())
}

/// Removes a file.
pub(super) async fn remove_file(db: &mut Conn, name: &str) -> Result<()> {
    sqlx::query("delete from files where name = $1")
        .bind(name)
        .execute(db)
        .await?;
    Ok(())
}
