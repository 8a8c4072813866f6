//! A client of a Kubernetes API server that holds one connection: thousands of calls in seconds.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::http;
use super::upstream::{Stream, Upstream};

/// An API server and who we are there.
pub(super) struct Api {
    stream: Box<dyn Stream>,
    host: String,
    token: String,
    /// What each group and version knows, as it said.
    groups: BTreeMap<String, Value>,
}

/// Where objects of a kind live.
struct Resource {
    plural: String,
    is_namespaced: bool,
}

impl Api {
    /// Connects as a kubeconfig of the laboratory says.
    pub(super) fn connect(kubeconfig: &Path) -> Result<Self> {
        let text = fs::read_to_string(kubeconfig)?;
        let server = setting(&text, "server").context("no server")?;
        let host = server.trim_start_matches("https://").to_owned();
        let authority = setting(&text, "certificate-authority").context("no certificate")?;
        let token = setting(&text, "token").context("no token")?.to_owned();
        let stream = Upstream::tls(&host, Path::new(authority), None)?.connect()?;
        Ok(Self {
            stream,
            host,
            token,
            groups: BTreeMap::new(),
        })
    }

    /// What the server would make of an object, with an unknown field refused: its answer's status
    /// and body. Nothing is changed.
    pub(super) fn rehearse(&mut self, namespace: &str, object: &Value) -> Result<(u16, Value)> {
        let path = self.path(namespace, object)?;
        let query = "dryRun=All&fieldValidation=Strict&fieldManager=tranship&force=true";
        let body = serde_json::to_vec(object)?;
        self.call("PATCH", &format!("{path}?{query}"), &body)
    }

    /// Makes a namespace.
    pub(super) fn create_namespace(&mut self, name: &str) -> Result<()> {
        let body = serde_json::json!({"metadata": {"name": name}}).to_string();
        let (status, said) = self.call("POST", "/api/v1/namespaces", body.as_bytes())?;
        ensure!(status == 201, "no namespace: {status}: {said}");
        Ok(())
    }

    fn path(&mut self, namespace: &str, object: &Value) -> Result<String> {
        let text = |pointer| object.pointer(pointer).and_then(Value::as_str);
        let version = text("/apiVersion").context("no apiVersion")?;
        let kind = text("/kind").context("no kind")?;
        let name = text("/metadata/name").context("no name")?;
        let root = if version.contains('/') {
            format!("/apis/{version}")
        } else {
            format!("/api/{version}")
        };
        let Resource {
            plural,
            is_namespaced,
        } = self.resource(&root, kind)?;
        Ok(if is_namespaced {
            let namespace = text("/metadata/namespace").unwrap_or(namespace);
            format!("{root}/namespaces/{namespace}/{plural}/{name}")
        } else {
            format!("{root}/{plural}/{name}")
        })
    }

    fn resource(&mut self, root: &str, kind: &str) -> Result<Resource> {
        if !self.groups.contains_key(root) {
            let (status, group) = self.call("GET", root, &[])?;
            ensure!(status == 200, "{root}: {status}: {group}");
            self.groups.insert(root.to_owned(), group);
        }
        let all = self
            .groups
            .get(root)
            .and_then(|group| group.get("resources"));
        let mut all = all.and_then(Value::as_array).into_iter().flatten();
        let text = |resource: &Value, key| resource.get(key)?.as_str().map(str::to_owned);
        let is_it = |resource: &&Value| {
            let is_part = text(resource, "name").is_none_or(|name| name.contains('/'));
            !is_part && text(resource, "kind").as_deref() == Some(kind)
        };
        let found = all
            .find(is_it)
            .with_context(|| format!("{root} knows no {kind}"))?;
        Ok(Resource {
            plural: text(found, "name").unwrap_or_default(),
            is_namespaced: found.get("namespaced") == Some(&Value::Bool(true)),
        })
    }

    fn call(&mut self, method: &str, path: &str, body: &[u8]) -> Result<(u16, Value)> {
        let content = match method {
            "PATCH" => "application/apply-patch+yaml",
            _ => "application/json",
        };
        let (host, token, length) = (&self.host, &self.token, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: {content}\r\nAccept: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        self.stream.write_all(&[head.as_bytes(), body].concat())?;
        self.stream.flush()?;
        let (status, body) = http::read_answer(&mut self.stream)?;
        let body = serde_json::from_slice(&body).with_context(|| format!("{path}: {status}"))?;
        Ok((status, body))
    }
}

/// A value of a kubeconfig as the laboratory writes it.
pub(super) fn setting<'text>(text: &'text str, key: &str) -> Option<&'text str> {
    let lines = text.lines().map(str::trim);
    let mut values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    values.next()
}
