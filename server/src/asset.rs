//! What the build made: bundles, styles, icons, the service worker. Read once at the start, served from memory.
//!
//! Names with a hash never change their content and are kept for a year; everything else is asked for again.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use app::{document::Assets, page::Bundle};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::services::Services;

/// The built files.
#[derive(Debug, Default)]
pub struct Site {
    /// The build's name.
    pub build: String,
    portal: Assets,
    console: Assets,
    players: Players,
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    kind: &'static str,
    plain: Bytes,
    brotli: Option<Bytes>,
    etag: HeaderValue,
}

#[derive(Deserialize)]
struct Manifest {
    build: String,
    portal: BundleFiles,
    console: BundleFiles,
    scanner: BundleFiles,
    css: Sheets,
    learning: String,
    #[serde(default)]
    players: Players,
}

/// The API that lessons of packages look for, by their kind.
#[derive(Debug, Default, Deserialize)]
struct Players {
    scorm12: Option<String>,
    scorm2004: Option<String>,
}

#[derive(Deserialize)]
struct Sheets {
    portal: String,
    console: String,
}

#[derive(Deserialize)]
struct BundleFiles {
    js: String,
    wasm: String,
}

impl Site {
    /// Reads the folder that the build made.
    ///
    /// # Errors
    /// When it is not there: then the build has not run.
    pub fn load(folder: &Path) -> Result<Self> {
        let manifest = std::fs::read(folder.join("manifest.json")).with_context(|| {
            format!(
                "{} holds no built site; run `make run` or name the folder with --site",
                folder.display()
            )
        })?;
        let manifest: Manifest = serde_json::from_slice(&manifest)
            .context("the built site's manifest.json cannot be read")?;
        let mut files = HashMap::new();
        read_folder(folder, folder, &mut files)?;
        let assets = |files: BundleFiles, css| Assets {
            css,
            js: files.js,
            wasm: files.wasm,
            learning: None,
            scanner: None,
        };
        let console = Assets {
            scanner: Some((manifest.scanner.js, manifest.scanner.wasm)),
            ..assets(manifest.console, manifest.css.console)
        };
        Ok(Self {
            build: manifest.build,
            portal: Assets {
                learning: Some(manifest.learning),
                ..assets(manifest.portal, manifest.css.portal)
            },
            console,
            players: manifest.players,
            files,
        })
    }

    /// The name of the file that holds the API of SCORM 1.2, or of 2004 when it `is_new`.
    #[must_use]
    pub fn player(&self, is_new: bool) -> Option<&str> {
        let path = match is_new {
            true => &self.players.scorm2004,
            false => &self.players.scorm12,
        };
        path.as_deref()?.strip_prefix("/assets/")
    }

    /// Addresses of a bundle's files.
    #[must_use]
    pub fn assets(&self, bundle: Bundle) -> Assets {
        match bundle {
            Bundle::Portal => self.portal.clone(),
            Bundle::Console => self.console.clone(),
        }
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut HashMap<String, File>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .map(|it| it.map(|it| it.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if let (Some(kind), Some(name)) = (
            kind_of(&path),
            path.strip_prefix(root).ok().and_then(Path::to_str),
        ) {
            let plain =
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let brotli = std::fs::read(format!("{}.br", path.display()))
                .ok()
                .map(Bytes::from);
            files.insert(
                format!("/{name}"),
                File {
                    kind,
                    etag: etag(&plain)?,
                    plain: plain.into(),
                    brotli,
                },
            );
        }
    }
    Ok(())
}

fn etag(bytes: &[u8]) -> Result<HeaderValue> {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(bytes);
    let short = hex::encode(&hash[..8]);
    Ok(HeaderValue::from_str(&format!("\"{short}\""))?)
}

fn kind_of(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// A built file. None when nothing of that name was built: a missing file is 404, never a page.
pub(crate) fn file(services: &Services, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let path = match uri.path() {
        "/sw.js" if services.config.is_worker_off => "/sw_off.js",
        path => path,
    };
    let file = services.site.files.get(path)?;
    let is_forever = uri.path().starts_with("/assets/");
    let cache = if is_forever {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = HeaderMap::new();
    let mut set = |name: HeaderName, value: HeaderValue| response.insert(name, value);
    set(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    set(header::ETAG, file.etag.clone());
    set(header::VARY, HeaderValue::from_static("accept-encoding"));
    if uri.path() == "/sw.js" {
        // A worker obeys the policy of its own file: without this it could not fetch what it is to keep.
        set(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; connect-src 'self'"),
        );
    }
    if headers.get(header::IF_NONE_MATCH) == Some(&file.etag) {
        return Some((StatusCode::NOT_MODIFIED, response).into_response());
    }
    set(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    let accepts = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|it| it.to_str().ok())
        .unwrap_or("");
    let body = match &file.brotli {
        Some(brotli) if accepts.contains("br") => {
            set(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            brotli.clone()
        }
        _ => file.plain.clone(),
    };
    Some((response, body).into_response())
}

/// The build's name, for whoever asks which version runs.
pub(crate) async fn version(State(services): State<Services>) -> String {
    services.site.build.clone()
}
