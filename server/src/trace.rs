//! Traces for a collector that speaks OTLP over HTTP, where one is set (`--otlp-endpoint`).
//!
//! Only spans that this program opens leave it, with the fields it gives them; what other crates note stays here.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpStream, ToSocketAddrs as _},
    time::Duration,
};

use anyhow::{Context as _, Result};
use futures::future::BoxFuture;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

/// A collector that takes longer gets the next spans only.
const WITHIN: Duration = Duration::from_secs(5);

/// The way to the collector. Spans wait in memory and leave in batches, from a thread of their own.
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Prepares the way to a collector such as `http://localhost:4318`.
    pub(crate) fn to(endpoint: &str) -> Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .build()
            .context("cannot prepare traces")?;
        let resource = Resource::builder().with_service_name("kakehashi").build();
        Ok(Self(
            SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_resource(resource)
                .build(),
        ))
    }

    /// Takes this program's spans from the log.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_tracer(self.0.tracer("kakehashi"))
            .with_filter(filter_fn(|it| {
                it.is_span() && it.target().starts_with("server")
            }))
    }

    /// Sends what still waits.
    pub(crate) fn close(&self) {
        // A collector that is away is no reason to stay.
        let _ = self.0.shutdown();
    }
}

/// The smallest client: one request, on a connection of its own, in the thread that sends batches. A collector stands
/// beside its programs, so there is no TLS.
#[derive(Debug)]
struct Collector;

impl HttpClient for Collector {
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
    ) -> BoxFuture<'async_trait, Result<Response<Bytes>, HttpError>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move { post(&request) })
    }
}

fn post(request: &Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let uri = request.uri();
    let host = uri.host().ok_or("the collector has no name")?;
    let port = uri.port_u16().unwrap_or(80);
    let address = (host.trim_matches(['[', ']']), port)
        .to_socket_addrs()?
        .next()
        .ok_or("the collector has no address")?;
    let mut stream = TcpStream::connect_timeout(&address, WITHIN)?;
    stream.set_write_timeout(Some(WITHIN))?;
    stream.set_read_timeout(Some(WITHIN))?;
    let body = request.body();
    let mut head = format!("POST {} HTTP/1.1\r\nhost: {host}:{port}\r\n", uri.path());
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str()?));
    }
    head.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    ));
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    // Whether it was taken is all there is to know.
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let status = line.split(' ').nth(1).unwrap_or("").parse::<u16>()?;
    Ok(Response::builder().status(status).body(Bytes::new())?)
}
