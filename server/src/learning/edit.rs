//! `/staff/courses/ID`: HR writes a course where it stands. What is saved is imported as a whole, so that what is wrong changes
//! nothing.

use app::{online::Online, page::Page, staff::course_edit::Editing};
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{id::CourseId, member::Language};
use serde::Deserialize;

use super::{
    folder,
    format::{self, Fault, Folder, Problem},
    import, queries,
};
use crate::{
    account,
    actor::Hr,
    error::{ApiError, ApiResult},
    page::page_with,
    services::Services,
};

/// Bytes of one text as a form sends it: each Japanese letter is nine.
const MOST_TEXT: usize = 512 << 10;
/// Bytes of one picture, sound or video.
const MOST_MEDIA: usize = 65 << 20;

/// HR's page of one course.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/staff/courses/{id}", get(shown))
        .route(
            "/staff/courses/{id}/write",
            post(write).layer(DefaultBodyLimit::max(MOST_TEXT)),
        )
        .route(
            "/staff/courses/{id}/add",
            post(add).layer(DefaultBodyLimit::max(MOST_MEDIA)),
        )
        .route("/staff/courses/{id}/folder.zip", get(zip))
}

/// A course whose folder is open.
struct Open {
    id: CourseId,
    slug: String,
    title: String,
    is_shown: bool,
    folder: Folder,
}

async fn open(services: &Services, id: &str, language: Language) -> ApiResult<Open> {
    let id: CourseId = id.parse().map_err(|_| ApiError::NotFound)?;
    let mut tx = services.db.read().await?;
    let row = queries::course(&mut tx, id)
        .await?
        .ok_or(ApiError::NotFound)?;
    let folder = queries::sources(&mut tx, id).await?;
    if folder.is_empty() {
        // A package has no texts to write on.
        return Err(ApiError::NotFound);
    }
    Ok(Open {
        id,
        slug: row.slug,
        title: row.course.title.in_language(language).to_string(),
        is_shown: row.is_shown,
        folder,
    })
}

impl Open {
    /// The page with one of its texts; a text that is not there yet begins as a lesson does.
    fn editing(&self, file: &str) -> Editing {
        let text = match self.folder.get(file) {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None => "+++\ntitle = \"\"\nminutes = 6\n+++\n\n".to_owned(),
        };
        let is_text = |it: &&String| it.ends_with(".md") || it.ends_with(".toml");
        Editing {
            id: self.id,
            title: self.title.clone(),
            files: self.folder.keys().filter(is_text).cloned().collect(),
            file: file.to_owned(),
            seen: mark(self.folder.get(file)),
            text,
            problems: Vec::new(),
            preview: None,
            is_saved: false,
        }
    }

    fn first(&self) -> String {
        let is_first = |it: &&String| it.ends_with(".toml");
        let first = self.folder.keys().find(is_first);
        first.cloned().unwrap_or_else(|| "course.toml".to_owned())
    }

    /// The page of the lesson that this text is, drawn of these files.
    fn preview(&self, file: &str, folder: &Folder) -> Result<Option<String>, Vec<Problem>> {
        let read = format::read(&self.slug, folder)?;
        let name = file.strip_suffix(".md").unwrap_or("exam");
        let (name, is_en) = match name.strip_suffix(".en") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let id = format::lesson_id(&self.slug, name);
        let lesson = read.course.pages().find(|it| it.id == id);
        let page = lesson.and_then(|it| {
            let language = if is_en { Language::En } else { Language::Ja };
            read.files.get(it.page_in(language))
        });
        Ok(page.map(|it| String::from_utf8_lossy(it).into_owned()))
    }
}

/// What a text was, in few letters.
fn mark(bytes: Option<&Vec<u8>>) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(bytes.map_or(&[][..], Vec::as_slice));
    hex::encode(&hash[..8])
}

/// Only texts, in the folder itself.
fn is_text(file: &str) -> bool {
    let name = file
        .strip_suffix(".md")
        .map(|it| it.trim_end_matches(".en"));
    let is_fine = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    let is_lesson = name.is_some_and(|it| !it.is_empty() && it.chars().all(is_fine));
    is_lesson || matches!(file, "course.toml" | "qualification.toml")
}

#[derive(Deserialize)]
struct Chosen {
    file: Option<String>,
}

async fn shown(
    hr: Hr,
    State(services): State<Services>,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let open = open(&services, &id, account::language_of(&headers)).await?;
    let file = chosen.file.filter(|it| is_text(it));
    let file = file.unwrap_or_else(|| open.first());
    draw(hr, &services, &headers, open.editing(&file)).await
}

async fn draw(
    hr: Hr,
    services: &Services,
    headers: &HeaderMap,
    editing: Editing,
) -> ApiResult<Response> {
    let status = if editing.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(
        services,
        hr.signed(),
        account::language_of(headers),
        Page::StaffCourse(editing.id),
        Some(Online::Course(editing)),
        None,
        status,
    )
    .await
}

#[derive(Deserialize)]
struct Written {
    file: String,
    text: String,
    seen: String,
    r#do: String,
}

async fn write(
    hr: Hr,
    State(services): State<Services>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(it): Form<Written>,
) -> ApiResult<Response> {
    let language = account::language_of(&headers);
    let open = open(&services, &id, language).await?;
    if !is_text(&it.file) {
        return Err(ApiError::NotFound);
    }
    let text = it.text.replace("\r\n", "\n");
    let mut editing = Editing {
        text: text.clone(),
        ..open.editing(&it.file)
    };
    let mut folder = open.folder.clone();
    folder.insert(it.file.clone(), text.into_bytes());
    let mut problems = match open.preview(&it.file, &folder) {
        Ok(preview) => {
            editing.preview = preview;
            Vec::new()
        }
        Err(problems) => problems,
    };
    if it.r#do == "save" && problems.is_empty() {
        if it.seen == editing.seen {
            let now = services.clock.now();
            let (db, executor) = (&services.db, &services.executor);
            let of = (&*open.slug, &folder);
            match import::import(db, executor, of, open.is_shown, now).await? {
                Ok(_) => {
                    editing.is_saved = true;
                    editing.seen = mark(folder.get(&it.file));
                }
                Err(found) => problems = found,
            }
        } else {
            let path = it.file.clone();
            let fault = Fault::WrittenMeanwhile;
            problems.push(Problem { path, fault });
        }
    }
    editing.problems = problems.iter().map(|it| it.words(language)).collect();
    draw(hr, &services, &headers, editing).await
}

/// Adds a picture, sound or video under its own name, in `images/`.
async fn add(
    hr: Hr,
    State(services): State<Services>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut form: Multipart,
) -> ApiResult<Response> {
    let language = account::language_of(&headers);
    let open = open(&services, &id, language).await?;
    let field = form
        .next_field()
        .await
        .map_err(|_| ApiError::Malformed("not a form with a file"))?
        .ok_or(ApiError::Malformed("a file is missing"))?;
    let name = field.file_name().unwrap_or_default().to_lowercase();
    let bytes = field
        .bytes()
        .await
        .map_err(|_| ApiError::Malformed("the file did not arrive whole, or is too large"))?;
    let mut editing = open.editing(&open.first());
    let path = format!("images/{name}");
    let is_name = name
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '.'));
    if is_name && !name.contains("..") && format::is_media(&name, &bytes) {
        let mut tx = services.db.begin().await?;
        queries::put_source(&mut tx, open.id, &path, &bytes).await?;
        tx.commit().await.map_err(anyhow::Error::from)?;
        editing.is_saved = true;
    } else {
        let fault = Fault::BadFile(name);
        editing.problems = vec![Problem { path, fault }.words(language)];
    }
    draw(hr, &services, &headers, editing).await
}

/// The whole folder, to keep it in git or to write it elsewhere.
async fn zip(
    _: Hr,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let open = open(&services, &id, Language::Ja).await?;
    let name = format!("attachment; filename=\"{}.zip\"", open.slug);
    let bytes = folder::to_zip(&open.slug, &open.folder)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex".to_owned(),
        ),
    ];
    Ok((headers, bytes).into_response())
}
