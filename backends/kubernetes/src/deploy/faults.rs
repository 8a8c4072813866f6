//! The API server's refusals in the engine's words.

use kube::core::Status;
use tranship_backend::deploy::{Conflict, Fault};
use tranship_model::ObjectId;

use super::calls::{Failure, Server};
use super::kinds::Kind;

/// What a call that is about no single object came to.
pub(super) fn of_call(server: &Server, failure: Failure) -> Fault {
    match failure {
        Failure::Cut(reason) => unreachable(server, reason),
        Failure::Refused(status) if matches!(status.code, 401 | 403) => denied(server, &status),
        Failure::Refused(status) => Fault::Other(status.message),
    }
}

/// What a call about an object came to.
pub(super) fn of_object(server: &Server, id: &ObjectId, failure: Failure) -> Fault {
    let status = match failure {
        Failure::Cut(reason) => return unreachable(server, reason),
        Failure::Refused(status) => status,
    };
    match status.code {
        401 => denied(server, &status),
        403 if !is_policy(&status) => denied(server, &status),
        409 if conflicts(id, &status).is_empty() => Fault::Changed { object: id.clone() },
        409 => Fault::Conflict {
            conflicts: conflicts(id, &status),
        },
        404 if is_of_namespace(&status) => missing_namespace(&server.namespace),
        _ => Fault::Refused {
            object: id.clone(),
            reason: reason(id, &status),
        },
    }
}

/// Whether the object is refused, not the one who sent it: a quota or an admission rule says 403
/// too.
fn is_policy(status: &Status) -> bool {
    [
        "exceeded quota",
        "denied the request",
        "violates PodSecurity",
        "LimitRange",
    ]
    .iter()
    .any(|words| status.message.contains(words))
        || status.message.contains("maximum ") && status.message.contains(" usage per ")
}

/// Whether it is the namespace that is missing.
pub(super) fn is_of_namespace(status: &Status) -> bool {
    let details = status.details.as_ref();
    status.code == 404 && details.is_some_and(|details| details.kind == "namespaces")
}

/// What to do about a namespace that is not there.
pub(super) fn missing_namespace(namespace: &str) -> Fault {
    Fault::Other(format!(
        "the namespace `{namespace}` does not exist: make it with `kubectl create namespace \
         {namespace}`, or pass `--create-namespace`"
    ))
}

/// The server's words, without the values of a secret.
fn reason(id: &ObjectId, status: &Status) -> String {
    if Kind::of(id) != Some(Kind::Secret) {
        return status.message.clone();
    }
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let fields: Vec<_> = causes
        .map(|cause| format!("{} ({})", cause.field, cause.reason))
        .collect();
    format!("{} {}", status.reason, fields.join(", "))
        .trim_end()
        .to_owned()
}

fn unreachable(server: &Server, reason: String) -> Fault {
    Fault::Unreachable {
        place: server.words(),
        reason,
    }
}

fn denied(server: &Server, status: &Status) -> Fault {
    Fault::Denied {
        place: server.words(),
        missing: vec![status.message.clone()],
    }
}

/// The fields of others a server-side apply would have taken.
fn conflicts(id: &ObjectId, status: &Status) -> Vec<Conflict> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| Conflict {
            object: id.clone(),
            field: Some(cause.field.trim_start_matches('.').to_owned()),
            owner: manager(&cause.message),
        })
        .collect()
}

/// The manager in `conflict with "kubectl-edit" using apps/v1`.
fn manager(message: &str) -> Option<String> {
    message.split('"').nth(1).map(str::to_owned)
}
