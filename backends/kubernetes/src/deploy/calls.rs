//! Calls to the API server: each with a deadline, tried again when that can help.

use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{HeaderMap, Method, Request, StatusCode, header};
use k8s_openapi::jiff::{Timestamp, fmt::rfc2822};
use kube::Client;
use kube::client::Body;
use kube::core::Status;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{RwLock, Semaphore};
use tokio::time::{sleep, timeout};
use tranship_backend::deploy::Fault;

use super::Options;
use super::connect::{self, Connected};

/// The longest one try of a call may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// Tries of a call once the API server has answered any: enough for it to restart.
const TRIES: u32 = 9;

/// Tries before it ever answered: a wrong address should be known soon.
const FIRST_TRIES: u32 = 3;

/// The pause after the first try; it doubles, up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(200);

const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause we grant a server that wishes for one.
const LONGEST_WISH: Duration = Duration::from_secs(30);

/// Calls at the same time. The connections are HTTP/1.1, so each is one of them.
const AT_ONCE: usize = 32;

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    content_type: &'static str,
    accept: &'static str,
    body: Vec<u8>,
}

impl Call {
    /// A request without a body.
    pub(super) fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            content_type: "application/json",
            accept: "application/json",
            body: Vec::new(),
        }
    }

    /// A reading request.
    pub(super) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    /// Adds a parameter.
    pub(super) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.query.push((key, value.into()));
        self
    }

    /// Adds a body.
    pub(super) fn sending(mut self, content_type: &'static str, body: &Value) -> Self {
        self.content_type = content_type;
        self.body = body.to_string().into_bytes();
        self
    }

    /// Asks for another form of the answer.
    pub(super) const fn accepting(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// The request as it goes over the wire.
    pub(super) fn request<B: From<Vec<u8>>>(&self) -> Result<Request<B>, Failure> {
        let mut uri = self.path.clone();
        for (index, (key, value)) in self.query.iter().enumerate() {
            uri.push(if index == 0 { '?' } else { '&' });
            uri.push_str(key);
            uri.push('=');
            encode(value, &mut uri);
        }
        Request::builder()
            .method(self.method.clone())
            .uri(uri)
            .header(header::CONTENT_TYPE, self.content_type)
            .header(header::ACCEPT, self.accept)
            .body(B::from(self.body.clone()))
            .map_err(|error| Failure::Cut(error.to_string()))
    }
}

/// Appends a value of a query.
fn encode(value: &str, uri: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => {
                // Writing to a string cannot fail.
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
}

/// Why a call came to nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// The API server refused it.
    Refused(Box<Status>),
    /// It did not answer, or only that it cannot now.
    Cut(String),
}

impl Failure {
    /// Whether there is no such thing.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused(status) if status.code == 404)
    }

    /// Whether someone else wrote first, or it exists already.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused(status) if status.code == 409)
    }
}

/// What the API server answered.
pub(super) struct Answer {
    body: Vec<u8>,
    /// The server's clock.
    pub(super) now: Option<Timestamp>,
}

impl Answer {
    /// The answer as a value of some type.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::Cut(format!("its answer is no JSON we know: {error}")))
    }
}

/// One try's end: what it brought, or how long to wait before the next.
enum Try {
    Done(Result<Answer, Failure>),
    Again(Failure, Option<Duration>),
}

/// The API server.
pub(super) struct Server {
    options: Options,
    client: RwLock<Client>,
    gate: Semaphore,
    answered: AtomicBool,
    /// Its address.
    pub(super) endpoint: String,
    /// The namespace everything is in.
    pub(super) namespace: String,
}

impl Server {
    /// The API server the options lead to; nothing is sent yet.
    pub(super) async fn new(options: Options) -> Result<Self, Fault> {
        let Connected {
            client,
            endpoint,
            namespace,
        } = connect::connect(&options).await?;
        Ok(Self {
            namespace: options.namespace.clone().unwrap_or(namespace),
            options,
            client: RwLock::new(client),
            gate: Semaphore::new(AT_ONCE),
            answered: AtomicBool::new(false),
            endpoint,
        })
    }

    /// What it was connected with.
    pub(super) const fn options(&self) -> &Options {
        &self.options
    }

    /// The server in people's words.
    pub(super) fn words(&self) -> String {
        format!("the cluster at {}", self.endpoint)
    }

    /// A client for streams, which have no deadline.
    pub(super) async fn client(&self) -> Client {
        self.client.read().await.clone()
    }

    /// Makes a call, and tries it again when that can help.
    ///
    /// Every call is one that may be made twice: what a cut connection left undone is done by the
    /// next try, and what it did not is found done.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Failure> {
        // A gate that is closed would end every call; it is never closed.
        let _place = self.gate.acquire().await;
        let mut refreshed = false;
        let mut tried = 0;
        loop {
            tried += 1;
            match self.attempt(call).await {
                Try::Done(Err(Failure::Refused(status))) if status.code == 401 && !refreshed => {
                    refreshed = true;
                    self.refresh().await;
                }
                Try::Done(end) => return end,
                Try::Again(failure, _) if tried >= self.tries() => return Err(failure),
                Try::Again(failure, wish) => {
                    tracing::debug!(method = %call.method, path = call.path, ?failure, "again");
                    sleep(pause(tried, wish)).await;
                }
            }
        }
    }

    /// Makes a call and reads its answer.
    pub(super) async fn read<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        self.send(call).await?.read()
    }

    fn tries(&self) -> u32 {
        if self.answered.load(Ordering::Relaxed) {
            TRIES
        } else {
            FIRST_TRIES
        }
    }

    /// Reads the credentials again: a token may have expired and been replaced.
    async fn refresh(&self) {
        if let Ok(connected) = connect::connect(&self.options).await {
            *self.client.write().await = connected.client;
        }
    }

    async fn attempt(&self, call: &Call) -> Try {
        let request = match call.request() {
            Ok(request) => request,
            Err(failure) => return Try::Done(Err(failure)),
        };
        match timeout(DEADLINE, self.exchange(request)).await {
            Ok(Ok((status, headers, body))) => {
                self.answered.store(true, Ordering::Relaxed);
                tracing::debug!(method = %call.method, path = call.path, %status);
                judge(status, &headers, body)
            }
            Ok(Err(error)) => judge_cut(&error),
            Err(_) => Try::Again(
                Failure::Cut(format!("no answer within {} s", DEADLINE.as_secs())),
                None,
            ),
        }
    }

    async fn exchange(
        &self,
        request: Request<Body>,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), kube::Error> {
        let client = self.client().await;
        let response = client.send(request).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect_bytes().await?;
        Ok((parts.status, parts.headers, body.to_vec()))
    }
}

fn judge(status: StatusCode, headers: &HeaderMap, body: Vec<u8>) -> Try {
    if status.is_success() {
        let now = header(headers, &header::DATE).and_then(|date| rfc2822::parse(date).ok());
        let now = now.map(|zoned| zoned.timestamp());
        return Try::Done(Ok(Answer { body, now }));
    }
    let wish = header(headers, &header::RETRY_AFTER).and_then(|wish| wish.parse().ok());
    match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => {
            let failure = Failure::Cut(format!("it answers {status}"));
            Try::Again(failure, wish.map(Duration::from_secs))
        }
        status if status.is_server_error() => {
            let said = refusal(status, &body);
            Try::Done(Err(Failure::Cut(format!(
                "it answers {status}: {}",
                said.message
            ))))
        }
        status => Try::Done(Err(Failure::Refused(refusal(status, &body)))),
    }
}

fn header<'answer>(headers: &'answer HeaderMap, name: &header::HeaderName) -> Option<&'answer str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The server's own words, or those of whoever stands before it.
fn refusal(status: StatusCode, body: &[u8]) -> Box<Status> {
    let mut said: Box<Status> = serde_json::from_slice(body).unwrap_or_default();
    said.code = status.as_u16();
    if said.message.is_empty() {
        said.message = status.to_string();
    }
    said
}

/// A failure on the way: of credentials, which no further try mends, or of the connection.
fn judge_cut(error: &kube::Error) -> Try {
    if let kube::Error::Auth(reason) = error {
        let status = Status {
            code: 401,
            message: format!("the credentials cannot be had: {reason}"),
            ..Status::default()
        };
        return Try::Done(Err(Failure::Refused(Box::new(status))));
    }
    Try::Again(Failure::Cut(innermost(error)), None)
}

/// The last of a chain of reasons, which names the system's own.
fn innermost(error: &kube::Error) -> String {
    let mut error: &dyn std::error::Error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// How long to wait after a try: what the server wishes, or doubling pauses with a third of chance,
/// so that many clients do not come back at once.
fn pause(tried: u32, wish: Option<Duration>) -> Duration {
    if let Some(wish) = wish {
        return wish.min(LONGEST_WISH);
    }
    let doubled = PAUSE.saturating_mul(1 << tried.saturating_sub(1).min(8));
    let longest = doubled.min(LONGEST_PAUSE);
    // A fresh hasher has fresh keys: chance enough, without a crate for it.
    let chance = RandomState::new().hash_one(tried) % 1000;
    longest.mul_f64(0.67 + 0.33 * f64::from(u32::try_from(chance).unwrap_or(0)) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded() -> Result<(), Failure> {
        let call = Call::get("/x".to_owned()).with("labelSelector", "a/b=c,d in (e)");
        let request: Request<Vec<u8>> = call.request()?;
        assert_eq!(
            request.uri(),
            "/x?labelSelector=a%2Fb%3Dc%2Cd%20in%20%28e%29"
        );
        Ok(())
    }

    #[test]
    fn pauses_grow_to_a_limit_and_a_wish_is_granted() {
        assert!(pause(1, None) <= PAUSE);
        assert!(pause(30, None) <= LONGEST_PAUSE && pause(30, None) > LONGEST_PAUSE / 2);
        assert_eq!(
            pause(1, Some(Duration::from_secs(2))),
            Duration::from_secs(2)
        );
        assert_eq!(pause(1, Some(Duration::from_mins(15))), LONGEST_WISH);
    }

    fn judged(status: u16, headers: &[(header::HeaderName, &'static str)]) -> Try {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), header::HeaderValue::from_static(value)))
            .collect();
        judge(status, &headers, b"{\"message\":\"no\"}".to_vec())
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_not() {
        for status in [429, 502, 503, 504] {
            assert!(matches!(judged(status, &[]), Try::Again(..)), "{status}");
        }
        assert!(matches!(
            judged(429, &[(header::RETRY_AFTER, "7")]),
            Try::Again(_, Some(wish)) if wish == Duration::from_secs(7)
        ));
        assert!(matches!(judged(500, &[]), Try::Done(Err(Failure::Cut(_)))));
        for status in [400, 401, 403, 404, 409, 422] {
            let end = judged(status, &[]);
            assert!(
                matches!(end, Try::Done(Err(Failure::Refused(_)))),
                "{status}"
            );
        }
    }

    #[test]
    fn the_clock_is_the_servers() {
        let date = "Sun, 22 Nov 2026 19:30:00 GMT";
        let Try::Done(Ok(answer)) = judged(200, &[(header::DATE, date)]) else {
            panic!("a success");
        };
        assert_eq!(
            answer.now.map(|now| now.to_string()).as_deref(),
            Some("2026-11-22T19:30:00Z")
        );
    }
}
