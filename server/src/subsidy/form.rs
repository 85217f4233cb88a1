//! The form without the app's code: the same request, with the photo in the same post.

use app::page::Page;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Multipart, Path, State},
    response::Response,
    routing::post,
};
use domain::{
    id::{CourseId, LessonId, SubsidyId},
    refusal::{Field, Refusal},
    subsidy::{AskSubsidy, Fee},
    sync::mutation::Mutation,
    text::Short,
    time::Day,
};

use super::receipt;
use crate::{
    actor::OfferHolder,
    error::{ApiError, ApiResult},
    form::carry_out,
    page::back_to,
    services::{Services, chance},
};

/// Routes of this feature.
pub(super) fn routes() -> Router<Services> {
    let most = receipt::MOST_BYTES + crate::limit::FORM_BYTES;
    Router::new().route(
        "/learn/{course}/{lesson}/ask",
        post(ask).layer(DefaultBodyLimit::max(most)),
    )
}

/// What was typed.
#[derive(Default)]
struct Typed {
    purpose: String,
    yen: String,
    paid: String,
    photo: Option<Bytes>,
}

async fn ask(
    holder: OfferHolder,
    State(services): State<Services>,
    Path((course, lesson)): Path<(String, String)>,
    form: Multipart,
) -> ApiResult<Response> {
    let course: CourseId = course.parse().map_err(|_| ApiError::NotFound)?;
    let lesson: LessonId = lesson.parse().map_err(|_| ApiError::NotFound)?;
    let page = Page::Lesson(course, lesson);
    let typed = read(form).await?;
    let purpose = match Short::new(&typed.purpose) {
        Ok(purpose) => purpose,
        Err(fault) => return back_to(&page, &Err(fault.in_field(Field::Purpose).into())),
    };
    let Ok(paid) = typed.paid.parse::<Day>() else {
        let field = Field::Paid;
        return back_to(&page, &Err(Refusal::FieldWrong { field }.into()));
    };
    let photo = match typed.photo {
        Some(photo) => match receipt::redrawn(photo).await? {
            Some(photo) => Some(photo),
            None => {
                let field = Field::Receipt;
                return back_to(&page, &Err(Refusal::FieldWrong { field }.into()));
            }
        },
        None => None,
    };
    let subsidy = SubsidyId::random(chance());
    let it = AskSubsidy {
        subsidy,
        fee: Fee {
            course,
            purpose,
            yen: typed.yen.trim().parse().unwrap_or(0),
            paid,
        },
    };
    let result = carry_out(&services, holder.signed(), Mutation::AskSubsidy(it)).await;
    if let (Ok(()), Some(photo)) = (&result, photo) {
        receipt::store(&services, holder, subsidy, photo).await?;
    }
    back_to(&page, &result)
}

async fn read(mut form: Multipart) -> ApiResult<Typed> {
    let mut typed = Typed::default();
    let broken = |_| ApiError::Malformed("the form did not arrive whole, or is too large");
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "purpose" => typed.purpose = field.text().await.map_err(broken)?,
            "yen" => typed.yen = field.text().await.map_err(broken)?,
            "paid" => typed.paid = field.text().await.map_err(broken)?,
            "receipt" => {
                let photo = field.bytes().await.map_err(broken)?;
                typed.photo = Some(photo).filter(|it| !it.is_empty());
            }
            _ => {}
        }
    }
    Ok(typed)
}
