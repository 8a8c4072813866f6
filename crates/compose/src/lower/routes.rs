//! Ways from outside to a service, by host name and path.

use serde_json::{Map, Value};
use tranship_model::{Networking, Route, Tls};

use super::extension::{Extension, unread};
use super::record::Record;
use crate::field::Labels;

const EXPOSE: &str = "kompose.service.expose";
const EXPOSE_SECRET: &str = "kompose.service.expose.tls-secret";

/// The routes of `x-tranship`, then those of the label `kompose.service.expose`.
pub(super) fn routes(
    extension: &mut Extension<'_>,
    labels: &Labels,
    networking: &Networking,
    record: &mut Record<'_>,
) -> Vec<Route> {
    let port = first_port(networking);
    let mut routes = Vec::new();
    if let Some(value) = extension.take("routes") {
        read_list(value, port, &mut routes, record);
    }
    if let Some(hosts) = labels.get(EXPOSE) {
        let certificate = labels.get(EXPOSE_SECRET).cloned();
        read_label(hosts, port, certificate.as_ref(), &mut routes, record);
    }
    routes
}

/// The port a route leads to when it does not say: the first one.
fn first_port(networking: &Networking) -> Option<u16> {
    let mut ports = networking.ports.iter().chain(&networking.exposed);
    ports.next().map(|port| port.target.first)
}

fn read_list(value: &Value, port: Option<u16>, routes: &mut Vec<Route>, record: &mut Record<'_>) {
    let Value::Array(items) = value else {
        return unread("x-tranship.routes", "it is not a list", record);
    };
    if items.is_empty() {
        record.nothing_in("x-tranship.routes", &Vec::<Value>::new());
    }
    for (index, item) in items.iter().enumerate() {
        let at = format!("x-tranship.routes[{index}]");
        let route = item
            .as_object()
            .map(|item| read_route(&at, item, port, record));
        if let Some(Some(route)) = route {
            record.spelled(format!("routes[{}]", routes.len()), at);
            routes.push(route);
        } else {
            unread(&at, "it is no route, or leads to no port", record);
        }
    }
}

fn read_route(
    at: &str,
    item: &Map<String, Value>,
    port: Option<u16>,
    record: &mut Record<'_>,
) -> Option<Route> {
    let mut route = Route {
        host: None,
        path: "/".to_owned(),
        port: port.unwrap_or(0),
        tls: None,
    };
    for (key, value) in item {
        if read_key(key, value, &mut route).is_none() {
            unread(
                &format!("{at}.{key}"),
                "a route knows no such key or value",
                record,
            );
        }
    }
    (route.port > 0).then_some(route)
}

/// Reads one key of a route; `None` when it is not understood.
fn read_key(key: &str, value: &Value, route: &mut Route) -> Option<()> {
    match key {
        "host" => route.host = Some(value.as_str()?.to_owned()),
        "path" => value.as_str()?.clone_into(&mut route.path),
        "port" => route.port = number(value)?,
        "tls" => route.tls = tls(value).ok()?,
        _ => return None,
    }
    Some(())
}

fn number(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| u16::try_from(number).ok()),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `true`, `false`, a certificate's name or a mapping with `certificate`.
fn tls(value: &Value) -> Result<Option<Tls>, NotUnderstood> {
    let certificate = match value {
        Value::Bool(false) => return Ok(None),
        Value::Bool(true) => None,
        Value::String(name) => Some(name.clone()),
        Value::Object(object) => certificate(object)?,
        Value::Null | Value::Number(_) | Value::Array(_) => return Err(NotUnderstood),
    };
    Ok(Some(Tls { certificate }))
}

fn certificate(object: &Map<String, Value>) -> Result<Option<String>, NotUnderstood> {
    match object.get("certificate") {
        Some(Value::String(name)) if object.len() == 1 => Ok(Some(name.clone())),
        None if object.is_empty() => Ok(None),
        Some(_) | None => Err(NotUnderstood),
    }
}

/// A value that says nothing a route could use.
struct NotUnderstood;

/// `true`, or hosts with paths: `shop.example.com/basket,www.example.com`.
fn read_label(
    hosts: &str,
    port: Option<u16>,
    certificate: Option<&String>,
    routes: &mut Vec<Route>,
    record: &mut Record<'_>,
) {
    let at = format!("labels.{EXPOSE}");
    let Some(port) = port else {
        return unread(&at, "the service has no port a route could lead to", record);
    };
    for host in hosts
        .split(',')
        .map(str::trim)
        .filter(|host| !host.is_empty())
    {
        let (host, path) = host.split_once('/').unwrap_or((host, ""));
        let model = format!("routes[{}]", routes.len());
        record.whole(model.clone(), at.clone());
        if certificate.is_some() {
            record.whole(format!("{model}.tls"), format!("labels.{EXPOSE_SECRET}"));
        }
        routes.push(Route {
            host: (host != "true").then(|| host.to_owned()),
            path: format!("/{path}"),
            port,
            tls: certificate.map(|name| Tls {
                certificate: Some(name.clone()),
            }),
        });
    }
}
