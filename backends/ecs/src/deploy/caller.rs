//! Signed calls of the interfaces that speak JSON: ECS, Secrets Manager, logs.
//!
//! What is sent is what the requests of a rendering are, member for member, and what is compared
//! is what the service answered; a typed client between would have to be taught every member.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::time::{sleep, timeout};
use tranship_backend::deploy::Fault;
use tranship_model::ObjectId;

/// How long one request may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// How often a request that met a passing trouble is sent.
const TRIES: u32 = 5;

/// The longest pause that is granted to a service that wishes for one.
const LONGEST_WISH: Duration = Duration::from_secs(30);

/// A service of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    /// Tasks.
    Ecs,
    /// Secrets.
    Secrets,
    /// Logs of tasks.
    Logs,
}

impl Api {
    /// Its name in addresses and signatures.
    const fn name(self) -> &'static str {
        match self {
            Self::Ecs => "ecs",
            Self::Secrets => "secretsmanager",
            Self::Logs => "logs",
        }
    }

    /// What stands before the name of an operation.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Ecs => "AmazonEC2ContainerServiceV20141113",
            Self::Secrets => "secretsmanager",
            Self::Logs => "Logs_20140328",
        }
    }
}

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    /// We are not known, or may not do it.
    Denied(String),
    /// It does not answer, or only says that it cannot now.
    Unreachable(String),
    /// The service says no.
    Said {
        /// The kind of error, such as `ResourceNotFoundException`.
        code: String,
        /// Its words.
        message: String,
    },
}

impl CallError {
    /// Whether it says no with one of these codes.
    pub(super) fn is(&self, codes: &[&str]) -> bool {
        match self {
            Self::Said { code, message: _ } => codes.contains(&code.as_str()),
            Self::Denied(_) | Self::Unreachable(_) => false,
        }
    }

    /// As the fault of a target.
    pub(super) fn fault(self) -> Fault {
        let place = "AWS".to_owned();
        match self {
            Self::Denied(what) => Fault::Denied {
                place,
                missing: vec![what],
            },
            Self::Unreachable(reason) => Fault::Unreachable { place, reason },
            Self::Said { code, message } => Fault::Other(format!("{code}: {message}")),
        }
    }

    /// As the fault of sending an object.
    pub(super) fn about(self, object: &ObjectId) -> Fault {
        match self {
            Self::Said { code, message } => Fault::Refused {
                object: object.clone(),
                reason: format!("{code}: {message}"),
            },
            Self::Denied(_) | Self::Unreachable(_) => self.fault(),
        }
    }
}

/// A request that came to nothing, and how long the service wishes for the next to wait.
struct Missed {
    error: CallError,
    wish: Option<Duration>,
}

impl From<CallError> for Missed {
    fn from(error: CallError) -> Self {
        Self { error, wish: None }
    }
}

/// Signs and sends.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    credentials: SharedCredentialsProvider,
    region: String,
    endpoint: Option<String>,
}

impl Caller {
    /// A caller for a region, or for whatever stands at `endpoint`.
    pub(super) fn new(
        credentials: SharedCredentialsProvider,
        region: &str,
        endpoint: Option<String>,
    ) -> Result<Self, Fault> {
        let provider = rustls::crypto::ring::default_provider();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(provider)
            .map_err(|error| Fault::Other(format!("no certificates to trust: {error}")))?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            credentials,
            region: region.to_owned(),
            endpoint,
        })
    }

    /// Calls an operation; what passes is tried again.
    pub(super) async fn call(
        &self,
        api: Api,
        operation: &str,
        request: &Value,
    ) -> Result<Value, CallError> {
        let body = Bytes::from(request.to_string());
        let mut tries = 1;
        loop {
            match self.once(api, operation, body.clone()).await {
                Err(Missed { error, wish }) if tries < TRIES && passes(&error) => {
                    pause(tries, wish).await;
                }
                Err(Missed { error, wish: _ }) => return Err(error),
                Ok(answer) => return Ok(answer),
            }
            tries += 1;
        }
    }

    async fn once(&self, api: Api, operation: &str, body: Bytes) -> Result<Value, Missed> {
        let request = self.signed(api, operation, body).await?;
        let answer = timeout(DEADLINE, async {
            let answer = self.client.request(request).await.map_err(unreachable)?;
            let (head, body) = answer.into_parts();
            let body = body.collect().await.map_err(unreachable)?;
            Ok::<_, CallError>((head, body.to_bytes()))
        });
        let late = |_| CallError::Unreachable(format!("no answer to {operation} in {DEADLINE:?}"));
        let (head, body) = answer.await.map_err(late)??;
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        if head.status.is_success() {
            return Ok(said);
        }
        Err(Missed {
            error: refusal(api, operation, head.status, &said),
            wish: wish(&head.headers),
        })
    }

    async fn signed(
        &self,
        api: Api,
        operation: &str,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, CallError> {
        let credentials = self.credentials.provide_credentials().await;
        let denied = |error| CallError::Denied(format!("no credentials: {error}"));
        let identity = credentials.map_err(denied)?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(api.name())
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(unreachable)?;
        let mut request = self.request(api, operation, &body)?;
        let headers = request.headers().iter();
        let headers: Vec<(String, String)> = headers
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let headers = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let address = request.uri().to_string();
        let signable = SignableRequest::new("POST", address, headers, SignableBody::Bytes(&body));
        let signable = signable.map_err(unreachable)?;
        let (instructions, _) = sign(signable, &parameters.into())
            .map_err(unreachable)?
            .into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    fn request(
        &self,
        api: Api,
        operation: &str,
        body: &Bytes,
    ) -> Result<Request<Full<Bytes>>, CallError> {
        let target = format!("{}.{operation}", api.prefix());
        Request::post(format!("{}/", self.address(api)))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(Full::new(body.clone()))
            .map_err(unreachable)
    }

    fn address(&self, api: Api) -> String {
        if let Some(endpoint) = &self.endpoint {
            return endpoint.trim_end_matches('/').to_owned();
        }
        let china = if self.region.starts_with("cn-") {
            ".cn"
        } else {
            ""
        };
        format!(
            "https://{}.{}.amazonaws.com{china}",
            api.name(),
            self.region
        )
    }
}

fn unreachable(error: impl std::fmt::Display) -> CallError {
    CallError::Unreachable(error.to_string())
}

/// The pause a service wishes for: whole seconds, as far as one is granted.
fn wish(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WISH))
}

/// Waits longer from try to try, never as long as anyone else, and as long as was wished for.
async fn pause(tries: u32, wish: Option<Duration>) {
    let most = 200_u64 << tries;
    let mut byte = [0_u8; 1];
    // Without randomness the pause is the shortest one.
    let _ = getrandom::fill(&mut byte);
    let [byte] = byte;
    let own = Duration::from_millis(most / 2 + most / 2 * u64::from(byte) / 255);
    sleep(own + wish.unwrap_or_default()).await;
}

const fn passes(error: &CallError) -> bool {
    match error {
        CallError::Unreachable(_) => true,
        CallError::Said { .. } | CallError::Denied(_) => false,
    }
}

/// Whether a kind of error means that we are not known, or may not do it.
pub(super) fn is_denial(code: &str) -> bool {
    matches!(
        code,
        "AccessDenied"
            | "AccessDeniedException"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "IncompleteSignature"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "RequestExpired"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException"
    )
}

/// Whether a kind of error means that it would do it, only not now.
pub(super) fn is_passing(code: &str) -> bool {
    code.contains("Throttl")
        || code.starts_with("TooManyRequests")
        || code == "RequestLimitExceeded"
}

fn refusal(api: Api, operation: &str, status: StatusCode, said: &Value) -> CallError {
    let text = |names: [&str; 2]| {
        let found = names.iter().find_map(|name| said.get(*name)?.as_str());
        found.unwrap_or_default().to_owned()
    };
    let code = text(["__type", "code"]);
    let code = code.rsplit('#').next().unwrap_or_default().to_owned();
    let message = text(["message", "Message"]);
    let is_unknown = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if is_unknown || is_denial(&code) {
        return CallError::Denied(format!("{}:{operation}: {message}", api.name()));
    }
    let is_busy = status == StatusCode::TOO_MANY_REQUESTS || is_passing(&code);
    if status.is_server_error() || is_busy {
        return CallError::Unreachable(format!(
            "{operation} was answered {status} {code} {message}"
        ));
    }
    CallError::Said { code, message }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(status: u16, code: &str) -> CallError {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        refusal(Api::Ecs, "RunTask", status, &json!({"__type": code}))
    }

    #[test]
    fn what_is_refused_is_tried_again_denied_or_a_no() {
        for (status, code) in [
            (400, "com.amazonaws#ThrottlingException"),
            (429, ""),
            (500, "ServerException"),
            (503, ""),
        ] {
            assert!(passes(&refused(status, code)), "{status} {code}");
        }
        for (status, code) in [(400, "ExpiredTokenException"), (401, ""), (403, "")] {
            let denied = matches!(refused(status, code), CallError::Denied(_));
            assert!(denied, "{status} {code}");
        }
        assert!(refused(400, "ClientException").is(&["ClientException"]));
    }

    #[test]
    fn a_wished_pause_is_granted_up_to_half_a_minute() {
        let wished =
            |text: &'static str| wish(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().ok()?)]));
        assert_eq!(wished("2"), Some(Duration::from_secs(2)));
        assert_eq!(wished("9999"), Some(LONGEST_WISH));
        assert_eq!(wished("Sun, 22 Nov 2026 10:00:00 GMT"), None);
    }
}
