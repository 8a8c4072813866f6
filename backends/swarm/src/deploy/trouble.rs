//! What stops a request, in words people can act on.

use std::error::Error;
use std::io::{self, ErrorKind};

use tranship_backend::deploy::Fault;

/// What stopped a request, in the system's own words, and what people can do about it.
pub(super) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let words = innermost.to_string();
    let kind = innermost.downcast_ref::<io::Error>().map(io::Error::kind);
    let advice = match kind {
        Some(ErrorKind::NotFound) => {
            "no engine has made this socket; start docker, or name another engine by `--host`, \
             `DOCKER_HOST` or `--context`"
        }
        Some(ErrorKind::ConnectionRefused) => {
            "nothing listens there; start docker, or name another engine by `--host`, \
             `DOCKER_HOST` or `--context`"
        }
        Some(ErrorKind::PermissionDenied) => "join the socket's group, which is mostly `docker`",
        Some(_) | None => return words,
    };
    format!("{words}: {advice}")
}

/// An error with what caused it.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}

/// What an error of the client crate means.
pub(super) fn from_client(host: &str, error: &bollard::errors::Error) -> Fault {
    let bollard::errors::Error::DockerResponseServerError {
        status_code,
        message,
    } = error
    else {
        return Fault::Unreachable {
            place: host.to_owned(),
            reason: reason(error),
        };
    };
    match status_code {
        401 | 403 => Fault::Denied {
            place: host.to_owned(),
            missing: vec![message.clone()],
        },
        status if is_broken(*status, message) => Fault::Unreachable {
            place: host.to_owned(),
            reason: format!("it answers {status}: {message}"),
        },
        _ => Fault::Other(format!("{host}: {message}")),
    }
}

/// Whether an engine that says this failed, rather than decided: what a manager decides is told by
/// its own remote calls, whichever status the engine gives it.
pub(super) fn is_broken(status: u16, words: &str) -> bool {
    let is_late = words.contains("context deadline exceeded");
    let is_decided = words.starts_with("rpc error: code = ") || words.contains("swarm manager");
    status >= 500 && (is_late || !is_decided)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the client wraps what the system says.
    #[derive(Debug, thiserror::Error)]
    #[error("client error (Connect)")]
    struct Wrapped(#[source] io::Error);

    #[test]
    fn the_systems_words_come_with_what_to_do() {
        let missing = io::Error::from(ErrorKind::NotFound);
        let words = reason(&Wrapped(missing));
        let is_told = words.starts_with("entity not found: ") && words.contains("`DOCKER_HOST`");
        assert!(is_told, "{words}");
        assert_eq!(reason(&io::Error::other("cut")), "cut");
    }
}
