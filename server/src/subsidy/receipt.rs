//! The photo of a receipt. A phone sends it smaller and bare; the server trusts neither: it reads the pixels, draws them anew
//! and keeps nothing else. So no place, no camera and no hidden file reaches the company.

use std::io::Cursor;

use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::id::SubsidyId;
use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use tokio::sync::Semaphore;

use super::{publish, queries};
use crate::{
    actor::{OfferHolder, Signed},
    error::{ApiError, ApiResult},
    services::Services,
};

/// Bytes of a photo as a camera takes it.
pub(super) const MOST_BYTES: usize = 12 << 20;
/// Pixels of the longer side: enough to read the smallest print.
const SIDE: u32 = 1_600;
/// Pixels of a side that are read at all.
const MOST_SIDE: u32 = 12_000;
/// Bytes of memory that reading one may take.
const MOST_MEMORY: u64 = 256 << 20;
/// How much of the picture is kept: small print stays sharp.
const QUALITY: u8 = 80;

/// Photos that are read at the same time: each takes a good part of a small machine.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Routes of this feature.
pub(super) fn routes() -> Router<Services> {
    Router::new().route(
        "/receipts/{id}",
        get(show).put(keep).layer(DefaultBodyLimit::max(MOST_BYTES)),
    )
}

/// A device sends the photo once its request has arrived: 404 until then, 410 when it is not wanted any more, 422 when it is
/// no picture.
async fn keep(
    holder: OfferHolder,
    State(services): State<Services>,
    Path(id): Path<String>,
    photo: Bytes,
) -> ApiResult<StatusCode> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    // Known before anything is read: nobody makes the server read pictures for nothing.
    if !is_awaited(&services, holder, id).await? {
        return Ok(StatusCode::GONE);
    }
    let Some(photo) = redrawn(photo).await? else {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY);
    };
    store(&services, holder, id, photo).await
}

/// Does this request still want a photo?
async fn is_awaited(services: &Services, holder: OfferHolder, id: SubsidyId) -> ApiResult<bool> {
    let row = queries::subsidy(&mut *services.db.read().await?, id).await?;
    let row = row.filter(|it| it.holder == holder.id());
    let row = row.ok_or(ApiError::NotFound)?;
    Ok(!row.is_withdrawn && row.subsidy.decision.is_open())
}

/// Keeps a photo that the server drew.
pub(super) async fn store(
    services: &Services,
    holder: OfferHolder,
    id: SubsidyId,
    photo: Vec<u8>,
) -> ApiResult<StatusCode> {
    services
        .executor
        .run(move |turn| {
            let photo = photo.clone();
            Box::pin(async move {
                let row = queries::subsidy(turn.conn(), id).await?;
                let row = row.filter(|it| it.holder == holder.id());
                let mut row = row.ok_or(ApiError::NotFound)?;
                if row.is_withdrawn || !row.subsidy.decision.is_open() {
                    return Ok(StatusCode::GONE);
                }
                let now = turn.now();
                queries::put_receipt(turn.conn(), id, &photo, now).await?;
                row.subsidy.has_receipt = true;
                publish(turn, &row)?;
                Ok(StatusCode::NO_CONTENT)
            })
        })
        .await
}

/// The same picture, drawn anew; nothing when it is none, or larger than any camera's.
pub(super) async fn redrawn(photo: Bytes) -> Result<Option<Vec<u8>>> {
    let _turn = AT_ONCE.acquire().await?;
    Ok(tokio::task::spawn_blocking(move || draw(&photo).ok()).await?)
}

/// Reads pixels and which way is up, and writes pixels alone.
fn draw(photo: &[u8]) -> image::ImageResult<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(photo)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let up = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(up);
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.resize(SIDE, SIDE, FilterType::Triangle);
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture.to_rgb8())?;
    Ok(bytes)
}

/// For whoever sent it, and for HR.
async fn show(
    signed: Signed,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let mut tx = services.db.read().await?;
    let row = queries::subsidy(&mut tx, id).await?;
    let row = row.filter(|it| it.holder == signed.id || signed.role.is_hr());
    if row.is_none_or(|it| it.is_withdrawn) {
        return Err(ApiError::NotFound);
    }
    let photo = queries::receipt(&mut tx, id).await?;
    let headers = [
        (header::CONTENT_TYPE, ImageFormat::Jpeg.to_mime_type()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    Ok((headers, photo.ok_or(ApiError::NotFound)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo of a camera that notes where it was, held upright: the pixels lie on their side.
    fn photo(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = DynamicImage::new_rgb8(width, height);
        JpegEncoder::new_with_quality(&mut bytes, 90)
            .encode_image(&picture)
            .expect("a picture");
        // EXIF: little-endian, one entry (orientation 6: a quarter turn), then words that must not stay.
        let mut exif =
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"GPS 35.6812N 139.7671E");
        let length = u16::try_from(exif.len() + 2).expect("short");
        let mut marked = bytes[..2].to_vec();
        marked.extend([0xFF, 0xE1]);
        marked.extend(length.to_be_bytes());
        marked.extend(exif);
        marked.extend(&bytes[2..]);
        marked
    }

    #[test]
    fn nothing_but_pixels_is_kept() {
        let taken = photo(4_000, 3_000);
        assert!(taken.windows(3).any(|it| it == b"GPS"));
        let kept = draw(&taken).expect("a picture");
        assert!(
            !kept
                .windows(4)
                .any(|it| it == b"Exif" || &it[..3] == b"GPS")
        );
        let shown = image::load_from_memory(&kept).expect("a picture");
        assert_eq!((shown.width(), shown.height()), (1_200, 1_600), "upright");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for it in [
            &b"<svg onload=alert(1)>"[..],
            b"%PDF-1.7",
            b"\xFF\xD8\xFF\xE0",
            b"",
        ] {
            assert!(draw(it).is_err());
        }
    }

    /// 64,000 × 64,000 pixels in a few bytes.
    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused() {
        let mut png = Vec::new();
        DynamicImage::new_luma8(8, 8)
            .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
            .expect("a picture");
        png[16..24].copy_from_slice(&[0, 0, 0xFA, 0, 0, 0, 0xFA, 0]);
        assert!(draw(&png).is_err());
    }
}
