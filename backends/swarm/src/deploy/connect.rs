//! Which engine to talk to, decided as the docker command decides it.
//!
//! Source: docker/cli, `cli/command/cli.go` and `cli/context/store`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tranship_backend::deploy::Fault;

use crate::names;

/// Where the engine listens when nobody says otherwise.
const DEFAULT_HOST: &str = "unix:///var/run/docker.sock";

/// What people choose; everything else is the docker command's own configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The engine, as in `DOCKER_HOST`: `unix:///path` or `tcp://host:port`.
    pub host: Option<String>,
    /// A docker context by name.
    pub context: Option<String>,
}

/// An engine, and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// As people write it.
    pub(super) host: String,
    pub(super) way: Way,
}

/// How an engine is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A Unix socket.
    Unix(PathBuf),
    /// A host and port, without protection.
    Tcp(String),
    /// A host and port, with the certificates in a folder.
    Tls(String, PathBuf),
}

/// Finds the engine: options first, then `DOCKER_HOST`, `DOCKER_CONTEXT` and the current context.
pub(super) fn endpoint(options: &Options) -> Result<Endpoint, Fault> {
    if let Some(host) = &options.host {
        return at(host, environment_certificates());
    }
    if let Some(context) = &options.context {
        return of_context(context);
    }
    if let Some(host) = variable("DOCKER_HOST") {
        return at(&host, environment_certificates());
    }
    match variable("DOCKER_CONTEXT").or_else(current_context) {
        Some(context) if context != "default" => of_context(&context),
        Some(_) | None => at(DEFAULT_HOST, None),
    }
}

/// A host with the certificates to use, if any.
fn at(host: &str, certificates: Option<PathBuf>) -> Result<Endpoint, Fault> {
    let way = match host.split_once("://") {
        Some(("unix", path)) => Way::Unix(PathBuf::from(path)),
        Some(("tcp" | "http" | "https", address)) => {
            let address = address.trim_end_matches('/');
            match certificates {
                Some(folder) => Way::Tls(with_port(address, 2376), folder),
                None if host.starts_with("https") => {
                    return Err(refused(host, "name the certificates in `DOCKER_CERT_PATH`"));
                }
                None => Way::Tcp(with_port(address, 2375)),
            }
        }
        Some(("ssh", machine)) => {
            let advice = format!(
                "forward the socket (`ssh -NL /tmp/docker.sock:/var/run/docker.sock {machine}`) \
                 and use `unix:///tmp/docker.sock`"
            );
            return Err(refused(host, &advice));
        }
        Some(_) | None => return Err(refused(host, "use `unix:///path` or `tcp://host:port`")),
    };
    Ok(Endpoint {
        host: host.to_owned(),
        way,
    })
}

fn refused(host: &str, advice: &str) -> Fault {
    Fault::Other(format!("`{host}` cannot be used for an engine: {advice}"))
}

fn with_port(address: &str, port: u16) -> String {
    let host = address.rsplit_once(']').map_or(address, |(_, rest)| rest);
    if host.contains(':') {
        return address.to_owned();
    }
    format!("{address}:{port}")
}

/// The folder of certificates, when the environment asks for TLS.
fn environment_certificates() -> Option<PathBuf> {
    variable("DOCKER_TLS_VERIFY")?;
    let folder = variable("DOCKER_CERT_PATH").map(PathBuf::from);
    folder.or_else(configuration)
}

/// A context's engine. Its files are below a folder named by the digest of its name.
fn of_context(name: &str) -> Result<Endpoint, Fault> {
    if name == "default" {
        return at(DEFAULT_HOST, None);
    }
    let unknown = |reason: &str| Fault::Other(format!("docker context `{name}`: {reason}"));
    let contexts = configuration()
        .ok_or_else(|| unknown("there is no home folder to look in"))?
        .join("contexts");
    let digest = names::hexadecimal(&Sha256::digest(name));
    let meta = read(&contexts.join("meta").join(&digest).join("meta.json"));
    let meta = meta.ok_or_else(|| unknown("there is none of this name"))?;
    let docker = meta.pointer("/Endpoints/docker").unwrap_or(&Value::Null);
    if docker.get("SkipTLSVerify").and_then(Value::as_bool) == Some(true) {
        return Err(unknown("it does not verify the engine's certificate"));
    }
    let host = docker.get("Host").and_then(Value::as_str);
    let host = host.ok_or_else(|| unknown("it names no host"))?;
    let certificates = contexts.join("tls").join(digest).join("docker");
    at(host, certificates.is_dir().then_some(certificates))
}

fn current_context() -> Option<String> {
    let configuration = read(&configuration()?.join("config.json"))?;
    let context = configuration.get("currentContext")?.as_str()?;
    Some(context.to_owned()).filter(|context| !context.is_empty())
}

fn configuration() -> Option<PathBuf> {
    let chosen = variable("DOCKER_CONFIG").map(PathBuf::from);
    chosen.or_else(|| Some(env::home_dir()?.join(".docker")))
}

fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_the_docker_command_reads_them() {
        let way = |host| at(host, None).map(|endpoint| endpoint.way);
        assert_eq!(way("unix:///a/b"), Ok(Way::Unix("/a/b".into())));
        assert_eq!(way("tcp://a"), Ok(Way::Tcp("a:2375".to_owned())));
        assert_eq!(way("tcp://[::1]:9/"), Ok(Way::Tcp("[::1]:9".to_owned())));
        let certificates = Some(PathBuf::from("/c"));
        let secured = at("tcp://a", certificates).map(|endpoint| endpoint.way);
        assert_eq!(secured, Ok(Way::Tls("a:2376".to_owned(), "/c".into())));
    }

    #[test]
    fn a_host_that_cannot_be_used_says_what_to_do() {
        let words = |host| at(host, None).err().map(|fault| fault.to_string());
        assert!(words("ssh://me@there").is_some_and(|words| words.contains("ssh -NL")));
        assert!(words("fd://").is_some_and(|words| words.contains("tcp://host:port")));
    }
}
