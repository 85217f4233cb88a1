//! The bundle of the camera at the door: QR codes are read on the device, and no picture leaves it.
//!
//! It is loaded when somebody opens the camera, and kept on the device with the console's files: at the door there may be
//! no signal.

use js_sys::{Date, Function, Object, Promise, Reflect};
use quircs::Quirc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, Window,
};

/// Between two looks, in milliseconds.
const PAUSE: i32 = 150;
/// A code that was out of sight for so many milliseconds is read again.
const FORGET: f64 = 3_000.0;
/// The longer side of what is looked at, in pixels: enough for a phone held out at arm's length.
const SIDE: u32 = 640;

/// Shows the camera in a `video` until it leaves the page, and calls `heard` with each code once as it comes into sight.
///
/// # Errors
/// When there is no camera, or none that may be used.
#[wasm_bindgen]
pub async fn scan(video: HtmlVideoElement, heard: Function) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let stream = stream(&window).await?;
    let looked = look(&window, &video, &stream, &heard).await;
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
    looked
}

/// The camera on the back, where there is one.
async fn stream(window: &Window) -> Result<MediaStream, JsValue> {
    let wanted = Object::new();
    Reflect::set(&wanted, &"facingMode".into(), &"environment".into())?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    let devices = window.navigator().media_devices()?;
    let asked = devices.get_user_media_with_constraints(&constraints)?;
    Ok(JsFuture::from(asked).await?.unchecked_into())
}

async fn look(
    window: &Window,
    video: &HtmlVideoElement,
    stream: &MediaStream,
    heard: &Function,
) -> Result<(), JsValue> {
    if !video.is_connected() {
        // Closed again before the person had answered the browser's question.
        return Ok(());
    }
    video.set_src_object(Some(stream));
    let shown = JsFuture::from(video.play()?).await;
    if !video.is_connected() {
        return Ok(());
    }
    shown?;
    let document = window.document().ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    let options = Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &true.into())?;
    let context = canvas.get_context_with_context_options("2d", &options)?;
    let context: CanvasRenderingContext2d = context.ok_or(JsValue::NULL)?.unchecked_into();
    let mut last: Option<(String, f64)> = None;
    while video.is_connected() {
        if let Some(code) = code_in_sight(video, &canvas, &context)? {
            let now = Date::now();
            let is_new = last
                .as_ref()
                .is_none_or(|(seen, at)| *seen != code || now - at > FORGET);
            if is_new {
                heard.call1(&JsValue::NULL, &code.as_str().into())?;
            }
            last = Some((code, now));
        }
        let pause = Promise::new(&mut |done, _| {
            // Without a timer there is no second look; the first is over either way.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, PAUSE);
        });
        JsFuture::from(pause).await?;
    }
    Ok(())
}

/// Reads what the camera sees now.
fn code_in_sight(
    video: &HtmlVideoElement,
    canvas: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
) -> Result<Option<String>, JsValue> {
    let (width, height) = (video.video_width(), video.video_height());
    let longer = width.max(height);
    if longer == 0 {
        return Ok(None);
    }
    let side = |it: u32| (it * SIDE.min(longer) / longer).max(1);
    let (width, height) = (side(width), side(height));
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let (right, bottom) = (f64::from(width), f64::from(height));
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, right, bottom)?;
    let pixels = context.get_image_data(0.0, 0.0, right, bottom)?.data();
    Ok(code_in(&pixels, width as usize, height as usize))
}

/// The first code among these pixels, four bytes each. Green is as good as grey.
fn code_in(pixels: &[u8], width: usize, height: usize) -> Option<String> {
    let green: Vec<u8> = pixels.iter().skip(1).step_by(4).copied().collect();
    let mut reader = Quirc::new();
    let found = reader.identify(width, height, &green);
    let read = found.filter_map(|it| it.ok()?.decode().ok());
    read.into_iter()
        .find_map(|it| String::from_utf8(it.payload).ok())
}
