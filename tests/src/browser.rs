//! A browser without code: pages, forms, cookies.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};

use crate::Town;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Reads an answer.
    ///
    /// # Panics
    /// When its body breaks off.
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 << 20).await.expect("a body that ends");
        Self {
            status: parts.status,
            headers: parts.headers,
            body: body.to_vec(),
        }
    }

    /// A header's text, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|it| it.to_str().ok())
            .unwrap_or("")
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The page without the rows embedded in it: what a person reads.
    #[must_use]
    pub fn page(&self) -> String {
        let text = self.text();
        match text.split_once("<script type=\"application/json\"") {
            Some((before, after)) => {
                before.to_owned() + after.split_once("</script>").map_or("", |it| it.1)
            }
            None => text,
        }
    }

    /// Bytes of the head as HTTP/1.1 would send it.
    #[must_use]
    pub fn head_bytes(&self) -> usize {
        let line = "HTTP/1.1 204 No Content\r\n".len()
            + "date: Tue, 05 Nov 2030 00:00:00 GMT\r\n".len()
            + 2;
        line + self
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 4)
            .sum::<usize>()
    }
}

/// A browser without code.
pub struct Browser {
    town: Town,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
}

impl Browser {
    pub(crate) fn new(town: Town, session: Option<String>) -> Self {
        let cookies = session
            .map(|it| ("__Host-session".to_owned(), it))
            .into_iter()
            .collect();
        Self {
            town,
            cookies: Mutex::new(cookies),
            headers: Vec::new(),
        }
    }

    /// A browser with this session.
    #[must_use]
    pub fn signed_in(town: &Town, session: &str) -> Self {
        Self::new(town.clone(), Some(session.to_owned()))
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    /// Sets a cookie by hand.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), value.to_owned());
    }

    /// Opens an address.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Opens an address and reads only the head of the answer: for streams, which never end.
    pub async fn head(&self, path: &str) -> Reply {
        let cookies = self
            .cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ");
        let request = Request::get(path)
            .header(header::HOST, "localhost:3000")
            .header(header::COOKIE, cookies);
        self.town
            .send_head(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// Sends a form, as a page of ours would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        let ours = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, path, Some(body.into_bytes()), &ours)
            .await
    }

    /// Sends a form and goes where it leads.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.post(path, fields).await;
        assert_eq!(
            reply.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            reply.text()
        );
        self.get(reply.header("location")).await
    }

    /// Sends a file with other fields.
    pub async fn upload(&self, path: &str, file: &[u8], fields: &[(&str, &str)]) -> Reply {
        self.upload_as("file", path, file, fields).await
    }

    /// Sends a file as a field of this name, with other fields.
    pub async fn upload_as(
        &self,
        name: &str,
        path: &str,
        file: &[u8],
        fields: &[(&str, &str)],
    ) -> Reply {
        const EDGE: &str = "----edge";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!(
                    "--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .into_bytes(),
            );
        }
        body.extend(
            format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"people.csv\"\r\ncontent-type: text/csv\r\n\r\n")
                .into_bytes(),
        );
        body.extend_from_slice(file);
        body.extend(format!("\r\n--{EDGE}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.send(
            Method::POST,
            path,
            Some(body),
            &[("content-type", &kind), ("sec-fetch-site", "same-origin")],
        )
        .await
    }

    /// Any request, with the browser's cookies.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:3000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let cookies: Vec<_> = self
            .cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let reply = self
            .town
            .send(
                request
                    .body(Body::from(body.unwrap_or_default()))
                    .expect("a request"),
            )
            .await;
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie is text"));
        }
        reply
    }

    fn keep(&self, cookie: &str) {
        let Some((name, value)) = cookie.split(';').next().and_then(|it| it.split_once('=')) else {
            return;
        };
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        if value.is_empty() || cookie.contains("Max-Age=0;") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// As a form encodes it.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
