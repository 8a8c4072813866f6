//! The namespace everything is in.

use http::Method;
use serde_json::{Value, json};
use tranship_backend::deploy::Fault;

use super::MissingNamespace;
use super::calls::{Call, Failure, Server};
use super::{faults, marks};

/// Whether the namespace is there, as far as we may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is.
    There,
    /// It is not, and will be made by the first write.
    Later,
}

/// Looks for the namespace.
///
/// # Errors
///
/// [`Fault::Other`] with what to do when it is not there and not to be made.
pub(super) async fn check(server: &Server) -> Result<Found, Fault> {
    let call = Call::get(format!("/api/v1/namespaces/{}", server.namespace));
    match server.send(&call).await {
        Ok(_) => Ok(Found::There),
        Err(failure) if failure.is_missing() => match server.options().missing_namespace {
            MissingNamespace::Create => Ok(Found::Later),
            MissingNamespace::Refuse => Err(faults::missing_namespace(&server.namespace)),
        },
        // Who may not look at a namespace may be allowed to use it.
        Err(Failure::Refused(status)) if status.code == 403 => Ok(Found::There),
        Err(failure) => Err(faults::of_call(server, failure)),
    }
}

/// Makes the namespace, where that is wished; says whether it is worth trying again.
///
/// It does not have the mark of the stack: others may put things into it, and none of those goes
/// with the stack.
pub(super) async fn create(server: &Server) -> Result<bool, Failure> {
    if server.options().missing_namespace == MissingNamespace::Refuse {
        return Ok(false);
    }
    let body = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": server.namespace},
    });
    let call = Call::new(Method::POST, "/api/v1/namespaces".to_owned())
        .with("fieldManager", marks::MANAGER)
        .sending("application/json", &body);
    match server.read::<Value>(&call).await {
        Ok(_) => Ok(true),
        Err(failure) if failure.is_conflict() => Ok(true),
        Err(failure) => Err(failure),
    }
}
