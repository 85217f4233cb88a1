//! `/staff/courses`: HR's page, without code, and its forms.

use app::{
    online::Online,
    page::Page,
    staff::courses::{CourseLine, Courses},
};
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Multipart, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::post,
};
use domain::{
    id::CourseId,
    learning::{File, Participation, tally::tally},
    time::{Day, Time, Weekday},
};
use serde::Deserialize;

use super::{
    folder,
    format::{self, Problem},
    import::{self, Found},
    play, publish, queries,
};
use crate::{
    account,
    actor::Hr,
    error::{ApiError, ApiResult},
    page::page_with,
    services::Services,
    subsidy,
};

/// HR's page of courses and its forms.
pub(super) fn routes() -> Router<Services> {
    let most = usize::try_from(folder::MOST_BYTES).unwrap_or(usize::MAX);
    Router::new()
        .route(
            "/staff/courses/import",
            post(import_zip).layer(DefaultBodyLimit::max(most)),
        )
        .route("/staff/courses/use", post(use_shipped))
        .route("/staff/courses/show", post(show))
}

/// What came of a form.
#[derive(Default)]
struct Came {
    problems: Vec<Problem>,
    imported: Option<usize>,
}

async fn draw(hr: Hr, services: &Services, headers: &HeaderMap, came: Came) -> ApiResult<Response> {
    let language = account::language_of(headers);
    let status = if came.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let state = Courses {
        problems: came.problems.iter().map(|it| it.words(language)).collect(),
        imported: came.imported,
        ..state(services).await?
    };
    page_with(
        services,
        hr.signed(),
        language,
        Page::StaffCourses,
        Some(Online::Courses(state)),
        None,
        status,
    )
    .await
}

/// What stands on the page.
pub(crate) async fn online(services: &Services, _: Hr) -> ApiResult<Online> {
    Ok(Online::Courses(state(services).await?))
}

async fn state(services: &Services) -> ApiResult<Courses> {
    let counted = monday(services.clock.now());
    let mut tx = services.db.read().await?;
    let rows = queries::courses(&mut tx).await?;
    let people = queries::offer_holders(&mut tx).await?;
    let counts = queries::counts(&mut tx, counted.start()).await?;
    let open = subsidy::open(&mut tx).await?;
    let packages = play::queries::packages(&mut tx).await?;
    let agreed = queries::agreed(&mut tx).await?;
    drop(tx);
    // Also where the company stopped offering it, as long as somebody waits.
    let is_offered = open > 0 || rows.iter().any(|it| it.course.subsidy_yen().is_some());
    let line = |it: &queries::CourseRow| {
        let of_course = |lessons: usize| {
            let readers = counts
                .iter()
                .filter(|(course, _, read)| *course == it.course.id && *read >= lessons);
            u32::try_from(readers.count()).unwrap_or(u32::MAX)
        };
        let lessons = it.course.lessons().count();
        let files: std::collections::BTreeSet<&File> =
            it.course.modules.iter().flat_map(|it| it.files()).collect();
        // Who agrees to paid work is told to the company, by name; of what is optional nobody is.
        let is_paid = it.course.participation != Participation::Optional;
        let of_it = agreed.iter().filter(|(course, _)| *course == it.course.id);
        CourseLine {
            id: it.course.id,
            title: it.course.title.clone(),
            lessons,
            minutes: it.course.minutes(),
            bytes: files.iter().map(|it| it.bytes).sum(),
            is_shown: it.is_shown,
            agreed: is_paid.then(|| of_it.map(|it| it.1.clone()).collect()),
            is_package: packages.contains(&it.course.id),
            tally: tally(people, of_course(1), of_course(lessons)),
        }
    };
    let is_used = |name: &str| rows.iter().any(|it| it.slug == name);
    let shipped = folder::SHIPPED_NAMES.iter().filter(|it| !is_used(it));
    let shipped = shipped.filter_map(|name| {
        let read = format::read(name, &folder::shipped(name)?).ok()?;
        Some(((*name).to_owned(), read.course.title))
    });
    Ok(Courses {
        courses: rows.iter().map(line).collect(),
        shipped: shipped.collect(),
        counted,
        problems: Vec::new(),
        imported: None,
        subsidies: is_offered.then_some(open),
    })
}

/// The Monday on or before: what is counted changes once a week.
fn monday(now: Time) -> Day {
    let mut day = now.day();
    while day.weekday() != Weekday::Monday {
        day = day.plus(-1);
    }
    day
}

async fn import_zip(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
    mut form: Multipart,
) -> ApiResult<Response> {
    let mut zip = None;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|_| ApiError::Malformed("not a form with a file"))?
    {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| {
                ApiError::Malformed("the file did not arrive whole, or is too large")
            })?;
            zip = Some((name, bytes));
        }
    }
    let (name, bytes) = zip.ok_or(ApiError::Malformed("a file is missing"))?;
    let slug = name.strip_suffix(".zip").unwrap_or(&name).to_owned();
    // Unpacking takes longer than other requests may wait for this thread.
    let found = tokio::task::spawn_blocking(move || import::found_in_zip(&slug, bytes.into()))
        .await
        .map_err(anyhow::Error::from)?;
    let came = match found {
        Ok((slug, found)) => carry_out(&services, &slug, found).await?,
        Err(fault) => Came {
            problems: vec![Problem { path: name, fault }],
            imported: None,
        },
    };
    draw(hr, &services, &headers, came).await
}

async fn carry_out(services: &Services, slug: &str, found: Found) -> ApiResult<Came> {
    let now = services.clock.now();
    let has_play_address = services.config.play.is_some();
    let place = (&services.db, &services.executor, has_play_address);
    Ok(
        match import::import_found(place, (slug, found), true, now).await? {
            Ok(it) => Came {
                problems: Vec::new(),
                imported: Some(it.lessons),
            },
            Err(problems) => Came {
                problems,
                imported: None,
            },
        },
    )
}

#[derive(Deserialize)]
struct Shipped {
    name: String,
}

async fn use_shipped(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
    Form(it): Form<Shipped>,
) -> ApiResult<Response> {
    let folder = folder::shipped(&it.name).ok_or(ApiError::NotFound)?;
    let came = carry_out(&services, &it.name, Found::Course(folder)).await?;
    draw(hr, &services, &headers, came).await
}

#[derive(Deserialize)]
struct Show {
    course: CourseId,
    shown: u8,
}

async fn show(
    hr: Hr,
    State(services): State<Services>,
    headers: HeaderMap,
    Form(it): Form<Show>,
) -> ApiResult<Response> {
    let (course, is_shown) = (it.course, it.shown == 1);
    services
        .executor
        .run(move |turn| {
            Box::pin(async move {
                queries::show(turn.conn(), course, is_shown).await?;
                let row = queries::course(turn.conn(), course).await?;
                publish::course(turn, &row.ok_or(ApiError::NotFound)?)
            })
        })
        .await?;
    draw(hr, &services, &headers, Came::default()).await
}
