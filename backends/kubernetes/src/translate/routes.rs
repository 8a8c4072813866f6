//! Routes from outside by host name and path.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule,
    IngressServiceBackend, IngressSpec, IngressTLS, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tranship_model::{Route, Tls, Topic};

use super::ports::Ports;
use crate::{codes, labels, names};

/// Translates the routes to the service `name` of `stack`, and declares their ports.
pub(super) fn routes(
    routes: &[Route],
    stack: &str,
    name: &str,
    ports: &mut Ports,
    topic: &mut Topic<'_>,
) -> Option<Ingress> {
    let mut spec = IngressSpec::default();
    for (index, route) in routes.iter().enumerate() {
        self::route(route, name, ports, &mut spec, &mut topic.index(index));
    }
    spec.rules.is_some().then(|| Ingress {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            labels: Some(labels::of_service(stack, name)),
            ..ObjectMeta::default()
        },
        spec: Some(spec),
        status: None,
    })
}

fn route(
    route: &Route,
    name: &str,
    ports: &mut Ports,
    spec: &mut IngressSpec,
    topic: &mut Topic<'_>,
) {
    let Route {
        host,
        path,
        port,
        tls,
    } = route;
    let host = host.as_ref().map(|host| host.to_ascii_lowercase());
    if *port == 0 || !host.as_deref().is_none_or(is_host) {
        topic.refused(
            &codes::ROUTE_ILLEGAL,
            "no route can be made for this host name or port",
        );
        return;
    }
    topic.equivalent(
        &codes::ROUTE,
        "an Ingress controller must be there to serve it",
    );
    ports.declare_tcp(*port);
    ports.open.insert((*port, "TCP"));
    let path = HTTPIngressPath {
        path: Some(format!("/{}", path.trim_start_matches('/'))),
        path_type: "Prefix".to_owned(),
        backend: backend(name, *port),
    };
    add_path(spec, host.as_deref(), path);
    if let Some(Tls { certificate }) = tls {
        let secret_name = certificate.as_deref().map(names::existing);
        let detail = match &secret_name {
            Some(secret) => format!("the secret `{secret}` must hold the certificate"),
            None => "the Ingress controller's own certificate is shown".to_owned(),
        };
        topic.key("tls").equivalent(&codes::ROUTE, detail);
        spec.tls.get_or_insert_default().push(IngressTLS {
            hosts: host.map(|host| vec![host]),
            secret_name,
        });
    }
}

/// Whether the interface takes `host`: a name, perhaps with `*` as its first label.
fn is_host(host: &str) -> bool {
    names::is_subdomain(host.strip_prefix("*.").unwrap_or(host))
}

fn backend(name: &str, port: u16) -> IngressBackend {
    IngressBackend {
        service: Some(IngressServiceBackend {
            name: name.to_owned(),
            port: Some(ServiceBackendPort {
                number: Some(i32::from(port)),
                name: None,
            }),
        }),
        resource: None,
    }
}

fn add_path(spec: &mut IngressSpec, host: Option<&str>, path: HTTPIngressPath) {
    let rules = spec.rules.get_or_insert_default();
    let of_host = |rule: &&mut IngressRule| rule.host.as_deref() == host;
    if let Some(http) = rules
        .iter_mut()
        .find(of_host)
        .and_then(|rule| rule.http.as_mut())
    {
        http.paths.push(path);
        return;
    }
    rules.push(IngressRule {
        host: host.map(str::to_owned),
        http: Some(HTTPIngressRuleValue { paths: vec![path] }),
    });
}
