//! The HTML around a page: made by the server, never run in the browser.
//!
//! The boot script is the only inline script and bears the page's nonce. It loads the bundle after the first paint;
//! until then, and without it, links and forms work by themselves.

use domain::member::Language;
use leptos::prelude::*;

use crate::{page::Bundle, start::Start};

/// The addresses of one build's files.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The bundle's script.
    pub js: String,
    /// The bundle's code.
    pub wasm: String,
    /// The portal's: script of what is loaded when somebody opens 学ぶ.
    pub learning: Option<String>,
    /// The console's: script and code of the camera at the door.
    pub scanner: Option<(String, String)>,
}

/// Begins to load the bundle once the page is painted, and starts it in a task of its own, so that a tap in between is
/// heard. `hydrate` takes over server-rendered HTML, `mount` draws anew.
///
/// When a file is gone or the code stops, and the server answers, the page is loaded once more, drawn anew, without the
/// files kept on the device. After that, or without a connection, `#fault` is shown: what the server drew still works.
const BOOT: &str = r#"const d=document.body.dataset,
memory=(()=>{try{return sessionStorage}catch{return{again:1}}})(),
go=async()=>{try{const m=await import(d.js);await m.default({module_or_path:d.wasm});await new Promise(it=>setTimeout(it));m[memory.again?"mount":d.start]();delete memory.again}catch(e){console.warn(e);recover().catch(()=>document.getElementById("fault")?.removeAttribute("hidden"))}},
recover=async()=>{if(memory.again||!(await fetch("/version",{cache:"no-store"})).ok)throw 0;memory.again=1;if(d.start=="mount")for(const it of await caches.keys())if(it.startsWith("shell-"))await caches.delete(it);location.reload()};
requestAnimationFrame(()=>setTimeout(go))"#;

/// JSON that can stand inside a script element: nothing in it ends the element or begins a comment.
fn embedded(start: &Start) -> String {
    serde_json::to_string(start)
        .unwrap_or_default()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A whole page. `bundle` and `assets.js` decide whether code is loaded at all: pages before the sign-in have none.
pub fn document(
    title: &str,
    start: &Start,
    assets: &Assets,
    bundle: Option<Bundle>,
    is_shell: bool,
    body: AnyView,
) -> impl IntoView + use<> {
    let nonce = leptos::nonce::use_nonce().map(|it| it.to_string());
    let language = match start.language {
        Language::Ja => "ja",
        Language::En => "en",
    };
    let data = embedded(start);
    let has_code = bundle.is_some();
    let learning = assets.learning.as_ref().filter(|_| has_code);
    let scanner = assets.scanner.as_ref().filter(|_| has_code);
    let icon = if bundle == Some(Bundle::Console) {
        "console"
    } else {
        "portal"
    };
    view! {
        <!DOCTYPE html>
        <html lang=language>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#101417" media="(prefers-color-scheme: dark)"/>
                <meta name="robots" content="noindex"/>
                <meta name="description" content=if start.language == Language::Ja { "内定から入社までの、会社とあなたの架け橋です。" } else { "The bridge between your offer and your first day." }/>
                <title>{title.to_owned()}</title>
                <link rel="stylesheet" href=assets.css.clone()/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
            </head>
            <body
                data-bundle=icon
                data-js=has_code.then(|| assets.js.clone())
                data-wasm=has_code.then(|| assets.wasm.clone())
                data-learning=learning.cloned()
                data-scanner-js=scanner.map(|it| it.0.clone())
                data-scanner-wasm=scanner.map(|it| it.1.clone())
                data-start=if is_shell { "mount" } else { "hydrate" }
                data-views=has_code.then_some(crate::VIEWS)
            >
                <div id="app">{body}</div>
                <script type="application/json" id="start" inner_html=data></script>
                {has_code.then(|| view! { <script type="module" nonce=nonce inner_html=BOOT></script> })}
            </body>
        </html>
    }
}

/// What the neutral shell says when nothing can fill it.
pub fn empty(language: Language) -> impl IntoView {
    let (title, text, link) = match language {
        Language::Ja => (
            "開けませんでした",
            "端末に保存したものは、そのまま残っています。電波の届くところで、もう一度お試しください。",
            "開き直す",
        ),
        Language::En => (
            "This page did not open",
            "What was saved on this device is still here. Please try again where there is a signal.",
            "Open again",
        ),
    };
    view! {
        <main id="fault" hidden>
            <h1>{title}</h1>
            <p>{text}</p>
            <p><a href="">{link}</a></p>
        </main>
    }
}
