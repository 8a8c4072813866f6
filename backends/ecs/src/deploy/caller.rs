//! Signed calls of the interfaces that speak JSON: ECS, Secrets Manager, logs.
//!
//! What is sent is what the requests of a rendering are, member for member, and what is compared
//! is what the service answered; a typed client between would have to be taught every member.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::{Request, StatusCode};
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
                Err(error) if tries < TRIES && passes(&error) => pause(tries).await,
                result => return result,
            }
            tries += 1;
        }
    }

    async fn once(&self, api: Api, operation: &str, body: Bytes) -> Result<Value, CallError> {
        let request = self.signed(api, operation, body).await?;
        let answer = timeout(DEADLINE, async {
            let answer = self.client.request(request).await.map_err(unreachable)?;
            let status = answer.status();
            let body = answer.into_body().collect().await.map_err(unreachable)?;
            Ok((status, body.to_bytes()))
        });
        let late = |_| CallError::Unreachable(format!("no answer to {operation} in {DEADLINE:?}"));
        let (status, body) = answer.await.map_err(late)??;
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(said);
        }
        Err(refusal(api, operation, status, &said))
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

/// Waits longer from try to try, and never as long as anyone else.
async fn pause(tries: u32) {
    let most = 200_u64 << tries;
    let mut byte = [0_u8; 1];
    // Without randomness the pause is the shortest one.
    let _ = getrandom::fill(&mut byte);
    let [byte] = byte;
    sleep(Duration::from_millis(
        most / 2 + most / 2 * u64::from(byte) / 255,
    ))
    .await;
}

fn passes(error: &CallError) -> bool {
    match error {
        CallError::Unreachable(_) => true,
        CallError::Said { code, message: _ } => {
            code.contains("Throttl") || code == "TooManyRequestsException"
        }
        CallError::Denied(_) => false,
    }
}

fn refusal(api: Api, operation: &str, status: StatusCode, said: &Value) -> CallError {
    let text = |names: [&str; 2]| {
        let found = names.iter().find_map(|name| said.get(*name)?.as_str());
        found.unwrap_or_default().to_owned()
    };
    let code = text(["__type", "code"]);
    let code = code.rsplit('#').next().unwrap_or_default().to_owned();
    let message = text(["message", "Message"]);
    let is_denied = matches!(
        code.as_str(),
        "AccessDeniedException"
            | "AccessDenied"
            | "UnrecognizedClientException"
            | "ExpiredTokenException"
            | "InvalidSignatureException"
    );
    if is_denied {
        return CallError::Denied(format!("{}:{operation}: {message}", api.name()));
    }
    if status.is_server_error() {
        return CallError::Unreachable(format!(
            "{operation} was answered {status} {code} {message}"
        ));
    }
    CallError::Said { code, message }
}
