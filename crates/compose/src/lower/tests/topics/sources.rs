//! What comes from extensions, labels and files.

use tranship_model::{ConfigSource, FieldPath, SecretSource, VolumeScope};

use super::{Tested, notes, origins, web};
use crate::lower::tests::front;

#[test]
fn labels_of_the_service_and_of_its_containers_are_told_apart() -> Tested {
    let (service, lowered) =
        web("labels: { a: '1', b: '1' }\ndeploy: { labels: { b: '2', c: '2' } }")?;
    assert_eq!(service.labels.len(), 2);
    assert_eq!(origins(&lowered, "labels.a"), ["labels.a"]);
    assert_eq!(
        origins(&lowered, "labels.b"),
        ["labels.b", "deploy.labels.b"]
    );
    assert_eq!(origins(&lowered, "labels.c"), ["deploy.labels.c"]);
    assert_eq!(origins(&lowered, "labels"), ["labels", "deploy.labels"]);
    Ok(())
}

#[test]
fn routes_come_from_the_extension_and_from_the_label() -> Tested {
    let (service, lowered) = web("
ports: ['8080:80']
labels: { kompose.service.expose: 'a.example/basket, true' }
x-tranship: { routes: [{ host: b.example, path: /p, port: 81, tls: secret }] }")?;
    let routes: Vec<_> = service
        .routes
        .into_iter()
        .map(|route| {
            (
                route.host,
                route.path,
                route.port,
                route.tls.and_then(|tls| tls.certificate),
            )
        })
        .collect();
    let host = |name: &str| Some(name.to_owned());
    let expected = [
        (host("b.example"), "/p".to_owned(), 81, host("secret")),
        (host("a.example"), "/basket".to_owned(), 80, None),
        (None, "/".to_owned(), 80, None),
    ];
    assert_eq!(routes, expected);
    assert_eq!(
        origins(&lowered, "routes[0].host"),
        ["x-tranship.routes[0].host"]
    );
    assert_eq!(
        origins(&lowered, "routes[2].port"),
        ["labels.kompose.service.expose"]
    );
    Ok(())
}

#[test]
fn what_is_not_understood_of_the_extension_is_noted() -> Tested {
    let (service, lowered) = web("
labels: { kompose.service.expose: 'true' }
x-tranship: { routes: [{ port: 1, odd: 1 }, 7], more: 1 }")?;
    assert_eq!(service.routes.len(), 1);
    let unread = |path: &str| format!("{path} dropped compose-extension-unread");
    let expected = [
        unread("x-tranship.routes[0].odd"),
        unread("x-tranship.routes[1]"),
        unread("labels.kompose.service.expose"),
        unread("x-tranship.more"),
    ];
    assert_eq!(notes(&lowered), expected);
    Ok(())
}

#[test]
fn keys_for_people_and_for_loading_are_noted() -> Tested {
    let (_, lowered) = web("attach: false\ndevelop: { watch: [] }\nx-own: 1")?;
    let expected = [
        "develop equivalent compose-development-only",
        "attach equivalent compose-development-only",
        "x-own equivalent compose-extension",
    ];
    assert_eq!(notes(&lowered), expected);
    Ok(())
}

#[test]
fn volumes_get_scope_and_size_from_extension_and_labels() -> Tested {
    let lowered = front(
        "
name: shop
services:
  db: { image: db, volumes: ['data:/a', 'own:/b'], labels: { kompose.volume.size: 3Gi } }
volumes:
  data:
  own: { x-tranship: { scope: per-task, size: 10Gi } }
  labelled: { labels: { kompose.volume.size: 500M } }
",
    )?;
    let volume = |key: &str| {
        let volume = lowered.stack.volumes.get(key);
        volume.map(|volume| (volume.scope, volume.size.map(|size| size.0 >> 20)))
    };
    assert_eq!(volume("data"), Some((VolumeScope::Shared, Some(3 << 10))));
    assert_eq!(volume("own"), Some((VolumeScope::PerTask, Some(10 << 10))));
    assert_eq!(volume("labelled"), Some((VolumeScope::Shared, Some(500))));
    let from = |key: &str| {
        lowered
            .origins
            .resolve(&FieldPath::root("volumes").key(key).key("size"))
    };
    let path = |text: &str| FieldPath::from(text.to_owned());
    assert_eq!(
        from("data"),
        [path("services.db.labels.kompose.volume.size")]
    );
    assert_eq!(from("own"), [path("volumes.own.x-tranship.size")]);
    assert_eq!(
        from("labelled"),
        [path("volumes.labelled.labels.kompose.volume.size")]
    );
    Ok(())
}

#[test]
fn configs_hold_their_content_and_secrets_only_where_it_is() -> Tested {
    let lowered = front(
        "
name: shop
services: { web: { image: web } }
configs:
  file: { file: ./settings.toml }
  gone: { file: ./missing.toml }
  variable: { environment: EVERYTHING_SETTINGS }
secrets:
  token: { environment: EVERYTHING_TOKEN }
  password: { file: ./password.txt }
",
    )?;
    let source = |key: &str| {
        lowered
            .stack
            .configs
            .get(key)
            .map(|config| config.source.clone())
    };
    let file = |name: &str, content: Option<&str>| ConfigSource::File {
        path: format!("/stack/{name}"),
        content: content.map(|content| content.as_bytes().to_vec()),
    };
    assert_eq!(
        source("file"),
        Some(file("settings.toml", Some("greeting = \"hello\"\n")))
    );
    assert_eq!(source("gone"), Some(file("missing.toml", None)));
    let variable = ConfigSource::Environment {
        variable: "EVERYTHING_SETTINGS".to_owned(),
        content: Some("a = 1".to_owned()),
    };
    assert_eq!(source("variable"), Some(variable));
    let secret = |key: &str| {
        lowered
            .stack
            .secrets
            .get(key)
            .map(|secret| secret.source.clone())
    };
    assert_eq!(
        secret("token"),
        Some(SecretSource::Environment("EVERYTHING_TOKEN".to_owned()))
    );
    assert_eq!(
        secret("password"),
        Some(SecretSource::File("/stack/password.txt".to_owned()))
    );
    let printed = format!("{lowered:?}");
    assert!(!printed.contains("hunter2") && !printed.contains("unread"));
    Ok(())
}

#[test]
fn the_default_path_of_a_secret_is_left_open() -> Tested {
    let lowered = front("
name: shop
services:
  web: { image: web, secrets: [token, { source: token, target: other }, { source: token, target: /etc/token }] }
secrets: { token: { file: /t } }
")?;
    let service = lowered.stack.services.get("web").ok_or("no service")?;
    let targets: Vec<_> = service
        .task
        .storage
        .secrets
        .iter()
        .map(|grant| grant.target.as_deref())
        .collect();
    assert_eq!(targets, [None, Some("other"), Some("/etc/token")]);
    let both = ["secrets[0].source", "secrets[0].target"];
    assert_eq!(origins(&lowered, "secrets[0].source"), both);
    Ok(())
}

#[test]
fn codes_have_names_of_their_own_and_pages() {
    let mut names: Vec<_> = crate::lower::ALL.iter().map(|code| code.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), crate::lower::ALL.len());
    for code in crate::lower::ALL {
        assert!(code.name.starts_with("compose-"), "{}", code.name);
        assert!(
            code.page.len() > 100 && code.page.ends_with('\n'),
            "{}",
            code.name
        );
    }
}
