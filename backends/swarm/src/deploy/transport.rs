//! Requests to the engine: bounded, and tried again when what stopped them passes.
//!
//! The client crate (bollard) reads and streams on top of this. What writes goes around it: it
//! takes a version of 32 bits where the engine counts in 64, and traces bodies, secrets among
//! them.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HOST, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::TokioExecutor;
use hyperlocal::UnixConnector;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::time::{sleep, timeout};
use tranship_backend::deploy::Fault;

use super::connect::{Endpoint, Way};
use super::trouble::{chain, from_client, is_broken, reason};

/// How long one request may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// How often a request is tried.
const TRIES: u32 = 6;
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// An engine.
pub(super) struct Engine {
    line: Arc<Line>,
    /// For what the client crate does.
    pub(super) docker: Docker,
    /// What people call it.
    pub(super) host: String,
    /// The version of the API both speak, 1.x.
    pub(super) api: usize,
}

/// What the engine said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Answer {
    /// Whether the engine failed, rather than decided.
    pub(super) fn is_broken(&self) -> bool {
        let words = self.body.get("message").and_then(Value::as_str);
        is_broken(self.status.as_u16(), words.unwrap_or_default())
    }

    /// The engine's words for an error.
    pub(super) fn message(&self) -> String {
        let message = self.body.get("message").and_then(Value::as_str);
        // What is left is noise of the engine's own remote calls.
        let words = message.unwrap_or("the engine gives no reason");
        let words = words.strip_prefix("rpc error: code = ").unwrap_or(words);
        words
            .split_once(" desc = ")
            .map_or(words, |(_, words)| words)
            .to_owned()
    }
}

/// A way to send requests.
struct Line {
    client: Kind,
    host: String,
}

enum Kind {
    Unix(Client<UnixConnector, Full<Bytes>>, String),
    Tcp(Client<HttpConnector, Full<Bytes>>, String),
    Tls(Client<HttpsConnector<HttpConnector>, Full<Bytes>>, String),
}

/// Why a request got no answer.
enum Trouble {
    Client(ClientError),
    Cut(hyper::Error),
    Late,
    Busy(Answer, Option<Duration>),
}

impl Engine {
    /// Connects, and agrees on a version of the API.
    pub(super) async fn connect(endpoint: &Endpoint) -> Result<Self, Fault> {
        let line = Arc::new(Line {
            client: client(&endpoint.way)?,
            host: endpoint.host.clone(),
        });
        let transport = Arc::clone(&line);
        let request = move |request: BollardRequest| {
            let line = Arc::clone(&transport);
            async move { line.stream(request).await }
        };
        let docker = Docker::connect_with_custom_transport(
            request,
            Some("http://engine"),
            // Only until the head of an answer, behind every try: logs go on as long as they like.
            DEADLINE.as_secs() * u64::from(TRIES),
            API_DEFAULT_VERSION,
        )
        .map_err(|error| Fault::Other(error.to_string()))?;
        let docker = docker.negotiate_version().await;
        let docker = docker.map_err(|error| from_client(&endpoint.host, &error))?;
        let version = docker.client_version();
        Ok(Self {
            line,
            docker,
            host: endpoint.host.clone(),
            api: version.minor_version,
        })
    }

    /// Sends a request, again if need be, and reads the whole answer.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Fault> {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let path = format!("/v1.{}{path}", self.api);
        let answer = self.line.call(&method, &path, &body).await;
        if let Ok(answer) = &answer {
            let status = answer.status.as_u16();
            tracing::debug!(%method, path, status, "engine");
        }
        answer
    }

    /// What the client crate reads, bounded, and read again when it was cut off.
    pub(super) async fn read<T, F, R>(&self, read: F) -> Result<T, Fault>
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, bollard::errors::Error>>,
    {
        let mut last = Fault::Unreachable {
            place: self.host.clone(),
            reason: "it did not answer in time".to_owned(),
        };
        for attempt in 0..TRIES {
            match timeout(DEADLINE, read()).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => {
                    let fault = from_client(&self.host, &error);
                    if !matches!(fault, Fault::Unreachable { .. }) {
                        return Err(fault);
                    }
                    last = fault;
                }
                Err(_) => {}
            }
            sleep(pause(attempt)).await;
        }
        Err(last)
    }
}

impl Line {
    /// For the client crate: what it asks, sent until there is the head of an answer.
    async fn stream(
        &self,
        request: BollardRequest,
    ) -> Result<Response<Incoming>, bollard::errors::Error> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await;
        let body = body.map_err(std::io::Error::other)?.to_bytes();
        let path = detailed(parts.uri.path_and_query().map_or("/", |path| path.as_str()));
        let mut attempt = 0;
        loop {
            let result = self.send(&parts.method, &path, &body).await;
            attempt += 1;
            match result {
                Ok(response) if attempt >= TRIES || !is_busy(response.status()) => {
                    return Ok(response);
                }
                Ok(response) => sleep(wish(&response).unwrap_or(pause(attempt))).await,
                Err(error) if attempt >= TRIES || is_absent(&error) => return Err(error.into()),
                Err(_) => sleep(pause(attempt)).await,
            }
        }
    }

    /// Sends a request until there is a whole answer.
    async fn call(&self, method: &Method, path: &str, body: &Bytes) -> Result<Answer, Fault> {
        let mut attempt = 0;
        loop {
            let trouble = match timeout(DEADLINE, self.once(method, path, body)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(trouble)) => trouble,
                Err(_) => Trouble::Late,
            };
            attempt += 1;
            if attempt >= TRIES || matches!(&trouble, Trouble::Client(error) if is_absent(error)) {
                return Err(self.fault(trouble));
            }
            let wish = match &trouble {
                Trouble::Busy(_, wish) => *wish,
                Trouble::Client(_) | Trouble::Cut(_) | Trouble::Late => None,
            };
            sleep(wish.unwrap_or(pause(attempt))).await;
        }
    }

    async fn once(&self, method: &Method, path: &str, body: &Bytes) -> Result<Answer, Trouble> {
        let response = self.send(method, path, body).await;
        let response = response.map_err(Trouble::Client)?;
        let (status, wish) = (response.status(), wish(&response));
        let bytes = response.into_body().collect().await;
        let bytes = bytes.map_err(Trouble::Cut)?.to_bytes();
        let answer = Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        };
        // The engine says 503 too for what no waiting changes: it is not in a swarm.
        if is_busy(status) && !answer.message().contains("swarm manager") {
            return Err(Trouble::Busy(answer, wish));
        }
        Ok(answer)
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        body: &Bytes,
    ) -> Result<Response<Incoming>, ClientError> {
        let uri: Uri = match &self.client {
            Kind::Unix(_, socket) => hyperlocal::Uri::new(socket, path).into(),
            Kind::Tcp(_, host) => absolute("http", host, path),
            Kind::Tls(_, host) => absolute("https", host, path),
        };
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        if matches!(self.client, Kind::Unix(..)) {
            headers.insert(HOST, LOCAL);
        }
        match &self.client {
            Kind::Unix(client, _) => client.request(request).await,
            Kind::Tcp(client, _) => client.request(request).await,
            Kind::Tls(client, _) => client.request(request).await,
        }
    }

    fn fault(&self, trouble: Trouble) -> Fault {
        Fault::Unreachable {
            place: self.host.clone(),
            reason: match trouble {
                Trouble::Client(error) => reason(&error),
                Trouble::Cut(error) => reason(&error),
                Trouble::Late => format!("no answer within {} s", DEADLINE.as_secs()),
                Trouble::Busy(answer, _) => {
                    format!("{}: {}", answer.status.as_u16(), answer.message())
                }
            },
        }
    }
}

const JSON: hyper::header::HeaderValue =
    hyper::header::HeaderValue::from_static("application/json");
const LOCAL: hyper::header::HeaderValue = hyper::header::HeaderValue::from_static("localhost");

fn absolute(scheme: &str, host: &str, path: &str) -> Uri {
    let uri = Uri::builder().scheme(scheme).authority(host);
    // Hosts were parsed and paths are ours; should one still be wrong, the request says so.
    uri.path_and_query(path).build().unwrap_or_default()
}

/// Asks for the task of each log line, for which the client crate has no word.
fn detailed(path: &str) -> Cow<'_, str> {
    if path.contains("/logs?") {
        return Cow::Owned(format!("{path}&details=true"));
    }
    Cow::Borrowed(path)
}

/// Whether waiting helps.
fn is_busy(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// Whether nobody listens there at all, which trying again within seconds seldom changes.
fn is_absent(error: &ClientError) -> bool {
    let words = chain(error);
    error.is_connect() && words.contains("No such file") || words.contains("certificate")
}

/// How long the engine wishes us to wait.
fn wish(response: &Response<Incoming>) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let wish = Duration::from_secs(text.parse().ok()?);
    Some(wish.min(LONGEST_PAUSE))
}

/// The pause behind a try: a quarter of a second, then twice as long each time, half of it chance.
fn pause(attempt: u32) -> Duration {
    let whole = 250_u64.saturating_mul(1 << attempt.min(6));
    // Without chance all clients come back at once; it needs no better source than none.
    let chance = u64::from(getrandom::u32().unwrap_or_default()) % (whole / 2);
    Duration::from_millis(whole / 2 + chance)
}

fn client(way: &Way) -> Result<Kind, Fault> {
    let builder = Client::builder(TokioExecutor::new());
    Ok(match way {
        Way::Unix(path) => Kind::Unix(
            builder.build(UnixConnector),
            path.to_string_lossy().into_owned(),
        ),
        Way::Tcp(host) => Kind::Tcp(builder.build(HttpConnector::new()), host.clone()),
        Way::Tls(host, certificates) => {
            let connector = HttpsConnectorBuilder::new()
                .with_tls_config(tls(certificates)?)
                .https_only()
                .enable_http1()
                .build();
            Kind::Tls(builder.build(connector), host.clone())
        }
    })
}

/// TLS with the authority, certificate and key of a folder, as the docker command names them.
fn tls(folder: &Path) -> Result<ClientConfig, Fault> {
    let bad = |file: &str, error: &dyn std::fmt::Display| {
        Fault::Other(format!("{}: {error}", folder.join(file).display()))
    };
    let read = |file: &str| -> Result<Vec<CertificateDer<'static>>, Fault> {
        let all = CertificateDer::pem_file_iter(folder.join(file));
        let all = all.and_then(Iterator::collect);
        all.map_err(|error| bad(file, &error))
    };
    let mut roots = RootCertStore::empty();
    for certificate in read("ca.pem")? {
        roots
            .add(certificate)
            .map_err(|error| bad("ca.pem", &error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad("", &error))?
        .with_root_certificates(roots);
    if !folder.join("cert.pem").is_file() {
        return Ok(builder.with_no_client_auth());
    }
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem"));
    let key = key.map_err(|error| bad("key.pem", &error))?;
    let config = builder.with_client_auth_cert(read("cert.pem")?, key);
    config.map_err(|error| bad("cert.pem", &error))
}
