//! The topics one by one: what people would get wrong by hand.

use std::time::Duration;

use tranship_model::*;

use super::sample::{map, port, service, small, volume};
use super::{translated, translation};

fn web(stack: &mut Stack) -> &mut Service {
    &mut stack.services["web"]
}

fn kinds(stack: &Stack) -> Vec<String> {
    let translation = translation(stack);
    translation
        .objects
        .iter()
        .map(|object| object.id.to_string())
        .collect()
}

/// A part of an object, by its JSON pointer.
fn part(stack: &Stack, object: &str, pointer: &str) -> String {
    let translation = translation(stack);
    let found = translation
        .objects
        .iter()
        .find(|known| known.id.to_string() == object);
    let part = found.and_then(|object| object.body.pointer(pointer));
    part.map_or_else(String::new, |part| {
        tranship_backend::to_yaml(part).expect("objects can be written")
    })
}

#[test]
fn ports_of_the_container_and_of_the_outside_stand_apart() {
    let mut stack = small();
    let networking = &mut web(&mut stack).task.networking;
    networking.ports = vec![port(80, Some(8080))];
    networking.exposed = vec![port(9000, None)];
    insta::assert_snapshot!(translated(&stack, "Service web"), @"
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app.kubernetes.io/managed-by: tranship
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: shop
    spec:
      ports:
      - name: tcp-80
        port: 80
        protocol: TCP
        targetPort: 80
      - name: tcp-9000
        port: 9000
        protocol: TCP
        targetPort: 9000
      publishNotReadyAddresses: true
      selector:
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: shop
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web-published
      labels:
        app.kubernetes.io/managed-by: tranship
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: shop
    spec:
      ports:
      - name: tcp-8080
        port: 8080
        protocol: TCP
        targetPort: 80
      selector:
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: shop
      type: LoadBalancer
    ");
}

#[test]
fn a_service_without_ports_has_a_name() {
    insta::assert_snapshot!(part(&small(), "Service db", "/spec"), @"
    clusterIP: None
    publishNotReadyAddresses: true
    selector:
      app.kubernetes.io/name: db
      app.kubernetes.io/part-of: shop
    ");
}

#[test]
fn a_port_another_service_calls_is_open() {
    let mut stack = small();
    stack.services["db"].task.networking.ports = vec![port(15672, Some(15672))];
    let url = Some("amqp://guest@db:5672/".to_owned());
    web(&mut stack).task.process.environment = map([("QUEUE", url)]);
    insta::assert_snapshot!(part(&stack, "Service db", "/spec/ports"), @"
    - name: tcp-15672
      port: 15672
      protocol: TCP
      targetPort: 15672
    - name: tcp-5672
      port: 5672
      protocol: TCP
      targetPort: 5672
    ");
}

#[test]
fn a_service_called_without_a_port_is_reached_on_every_one() {
    let mut stack = small();
    stack.services["db"].task.networking.ports = vec![port(15672, Some(15672))];
    web(&mut stack).task.process.environment = map([("QUEUE_HOST", Some("db".to_owned()))]);
    insta::assert_snapshot!(part(&stack, "Service db", "/spec/clusterIP"), @"None");
}

#[test]
fn a_port_of_the_local_machine_is_not_opened_to_everyone() {
    let mut stack = small();
    web(&mut stack).task.networking.ports = vec![Port {
        scope: PublishScope::Loopback("127.0.0.1".to_owned()),
        ..port(80, Some(8080))
    }];
    assert!(!kinds(&stack).contains(&"Service web-published".to_owned()));
    insta::assert_snapshot!(translated(&stack, "services.web.ports"), @"
    dropped services.web.ports[0].published [kubernetes-port-loopback]: 127.0.0.1 is each machine's own; reach it with `kubectl port-forward service/web 8080:80`
    dropped services.web.ports[0].scope [kubernetes-port-loopback]: 127.0.0.1 is each machine's own; reach it with `kubectl port-forward service/web 8080:80`
    ");
}

#[test]
fn a_shell_test_is_a_readiness_probe_through_a_shell() {
    let mut stack = small();
    web(&mut stack).task.lifecycle.health_check = Some(HealthCheck {
        test: Some(HealthTest::Shell("curl -f localhost || exit 1".to_owned())),
        interval: Some(Duration::from_millis(1500)),
        timeout: None,
        retries: None,
        start_period: Some(Duration::from_secs(12)),
        start_interval: None,
    });
    let container = "/spec/template/spec/containers/0";
    insta::assert_snapshot!(part(&stack, "Deployment web", &format!("{container}/readinessProbe")), @"
    exec:
      command:
      - /bin/sh
      - -c
      - curl -f localhost || exit 1
    failureThreshold: 3
    periodSeconds: 2
    timeoutSeconds: 30
    ");
    insta::assert_snapshot!(part(&stack, "Deployment web", &format!("{container}/startupProbe")), @"
    exec:
      command:
      - /bin/sh
      - -c
      - curl -f localhost || exit 1
    failureThreshold: 4
    periodSeconds: 5
    timeoutSeconds: 30
    ");
    assert_eq!(
        part(
            &stack,
            "Deployment web",
            &format!("{container}/livenessProbe")
        ),
        ""
    );
    insta::assert_snapshot!(translated(&stack, "services.web.health_check"), @"
    approximate services.web.health_check.interval [kubernetes-probe-rounded]: it is 2 s, not 1.5s: probes count whole seconds
    approximate services.web.health_check.start_period [kubernetes-probe-start]: a task that is not healthy by then is restarted; Docker marks it unhealthy
    ");
}

fn mount(volume: &str) -> Mount {
    Mount {
        target: "/data".to_owned(),
        source: MountSource::Volume {
            volume: volume.to_owned(),
            subpath: None,
            no_copy: None,
            labels: map([]),
        },
        read_only: None,
        consistency: None,
    }
}

#[test]
fn a_volume_of_one_task_is_never_mounted_by_an_old_and_a_new_one() {
    let mut stack = small();
    web(&mut stack).task.storage.mounts = vec![mount("data")];
    web(&mut stack).update = Some(UpdatePolicy {
        order: Some(UpdateOrder::StartFirst),
        ..UpdatePolicy::default()
    });
    insta::assert_snapshot!(part(&stack, "Deployment web", "/spec/strategy"), @"type: Recreate");
    insta::assert_snapshot!(part(&stack, "PersistentVolumeClaim data", "/spec"), @"
    accessModes:
    - ReadWriteOnce
    resources:
      requests:
        storage: 1Gi
    ");
    insta::assert_snapshot!(translated(&stack, "services.web.update"), @"dropped services.web.update.order [kubernetes-update-volume]: the old task stops first: both cannot have the volume or the node's port");
}

#[test]
fn a_volume_of_two_services_is_one_claim_for_several_nodes() {
    let mut stack = small();
    web(&mut stack).task.storage.mounts = vec![mount("data")];
    stack.services["db"].task.storage.mounts = vec![mount("data")];
    insta::assert_snapshot!(part(&stack, "PersistentVolumeClaim data", "/spec/accessModes"), @"- ReadWriteMany");
}

#[test]
fn a_volume_for_each_task_makes_numbered_tasks() {
    let mut stack = small();
    stack.volumes["data"] = Volume {
        scope: VolumeScope::PerTask,
        ..volume("data")
    };
    web(&mut stack).task.storage.mounts = vec![mount("data")];
    web(&mut stack).scheduling = Scheduling::Replicated { replicas: Some(3) };
    assert!(!kinds(&stack).contains(&"PersistentVolumeClaim data".to_owned()));
    insta::assert_snapshot!(part(&stack, "StatefulSet web", "/spec/volumeClaimTemplates"), @"
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
        labels:
          app.kubernetes.io/managed-by: tranship
          app.kubernetes.io/part-of: shop
      spec:
        accessModes:
        - ReadWriteOnce
        resources:
          requests:
            storage: 1Gi
    ");
}

#[test]
fn a_volume_mounted_twice_is_one_volume_of_the_pod() {
    let mut stack = small();
    let other = Mount {
        target: "/more/".to_owned(),
        ..mount("data")
    };
    web(&mut stack).task.storage.mounts = vec![mount("data"), other];
    insta::assert_snapshot!(part(&stack, "Deployment web", "/spec/template/spec/volumes"), @"
    - name: data
      persistentVolumeClaim:
        claimName: data
    ");
}

fn host_path(path: &str, read_only: bool) -> Mount {
    Mount {
        target: format!("/host{path}"),
        source: MountSource::HostPath {
            path: path.to_owned(),
            options: HostPathOptions::default(),
        },
        read_only: Some(read_only),
        consistency: None,
    }
}

#[test]
fn paths_of_the_node_are_judged_by_what_they_give_away() {
    let mut stack = small();
    web(&mut stack).task.storage.mounts = vec![
        host_path("/var/run/docker.sock", true),
        host_path("/etc", false),
        host_path("/proc", true),
        host_path("/etc/localtime", true),
        host_path("/home/me/shop/src", false),
    ];
    insta::assert_snapshot!(translated(&stack, "services.web.mounts"), @"
    refused services.web.mounts[0] [kubernetes-host-socket]: a node has no `/var/run/docker.sock` for tasks, or must not hand it to them
    refused services.web.mounts[1] [kubernetes-host-system]: a task that writes to `/etc` rules its node; mount it read-only
    approximate services.web.mounts[2] [kubernetes-host-path]: each node shows its own `/proc`, and a node without it an empty directory
    dropped services.web.mounts[3] [kubernetes-host-time-zone]: the task's clock shows UTC, or the zone its image has
    approximate services.web.mounts[4] [kubernetes-host-path]: each node shows its own `/home/me/shop/src`, and a node without it an empty directory
    ");
    insta::assert_snapshot!(part(&stack, "Deployment web", "/spec/template/spec/volumes"), @"
    - name: node-proc
      hostPath:
        path: /proc
    - name: node-home-me-shop-src-36f5c629
      hostPath:
        path: /home/me/shop/src
    ");
}

fn grant(source: &str, mode: Option<FileMode>) -> FileGrant {
    FileGrant {
        source: source.to_owned(),
        target: None,
        uid: None,
        gid: None,
        mode,
    }
}

#[test]
fn configs_and_secrets_are_single_files_under_their_own_names() {
    let mut stack = small();
    stack.configs = map([(
        "nginx.conf",
        Config {
            name: "shop_nginx.conf".to_owned(),
            path: FieldPath::root("configs").key("nginx.conf"),
            source: ConfigSource::Inline("events {}\n".to_owned()),
            labels: map([]),
            template_driver: None,
        },
    )]);
    stack.secrets = map([(
        "db_password",
        Secret {
            name: "shop_db_password".to_owned(),
            path: FieldPath::root("secrets").key("db_password"),
            source: SecretSource::Environment("DB_PASSWORD".to_owned()),
            labels: map([]),
            template_driver: None,
        },
    )]);
    let storage = &mut web(&mut stack).task.storage;
    storage.configs = vec![grant("nginx.conf", None)];
    storage.secrets = vec![grant("db_password", Some(FileMode(0o400)))];
    let pod = "/spec/template/spec";
    insta::assert_snapshot!(part(&stack, "Deployment web", &format!("{pod}/containers/0/volumeMounts")), @"
    - name: config-nginx-conf-2f310ddf
      mountPath: /nginx.conf
      readOnly: true
      subPath: nginx.conf
    - name: secret-db-password-fdcc9329-400
      mountPath: /run/secrets/db_password
      readOnly: true
      subPath: db_password
    ");
    insta::assert_snapshot!(part(&stack, "Deployment web", &format!("{pod}/volumes")), @"
    - name: config-nginx-conf-2f310ddf
      configMap:
        name: nginx-conf-2f310ddf-4b090e59
        items:
        - key: nginx.conf
          mode: 292
          path: nginx.conf
    - name: secret-db-password-fdcc9329-400
      secret:
        items:
        - key: db_password
          mode: 256
          path: db_password
        secretName: db-password-fdcc9329
    ");
    insta::assert_snapshot!(translated(&stack, "ConfigMap"), @"
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: nginx-conf-2f310ddf-4b090e59
      labels:
        app.kubernetes.io/managed-by: tranship
        app.kubernetes.io/part-of: shop
    data:
      nginx.conf: |
        events {}
    immutable: true
    ");
    insta::assert_snapshot!(translated(&stack, "secrets."), @r#"
    equivalent secrets.db_password.name [kubernetes-named]: it is called `db-password-fdcc9329` on the cluster
    equivalent secrets.db_password.source [kubernetes-secret-referenced]: make it first: `printf %s "$DB_PASSWORD" | kubectl create secret generic db-password-fdcc9329 --from-file=db_password=/dev/stdin`
    "#);
}

#[test]
fn a_config_that_is_no_text_keeps_its_bytes_and_a_huge_one_is_refused() {
    let mut stack = small();
    let config = |key: &str, content: Vec<u8>| Config {
        name: key.to_owned(),
        path: FieldPath::root("configs").key(key),
        source: ConfigSource::File {
            path: "/shop/file".to_owned(),
            content: Some(content),
        },
        labels: map([]),
        template_driver: None,
    };
    let huge = vec![b'a'; (1 << 20) + 1];
    stack.configs = map([
        ("raw", config("raw", vec![0, 255])),
        ("huge", config("huge", huge)),
    ]);
    web(&mut stack).task.storage.configs = vec![grant("raw", None), grant("huge", None)];
    insta::assert_snapshot!(translated(&stack, "ConfigMap"), @"
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: raw-40d77718
      labels:
        app.kubernetes.io/managed-by: tranship
        app.kubernetes.io/part-of: shop
    binaryData:
      raw: AP8=
    immutable: true
    ");
    insta::assert_snapshot!(translated(&stack, "services.web.configs"), @"refused services.web.configs[1] [kubernetes-undefined]: `huge` cannot be made, so the file is missing");
    insta::assert_snapshot!(translated(&stack, "configs.huge"), @"
    equivalent configs.huge.name [kubernetes-named]: it is called `huge-c6ae86bd` on the cluster
    refused configs.huge.source [kubernetes-config-size]: a config map holds 1 MiB at most, and this has 1048577 bytes
    ");
}

#[test]
fn a_service_others_wait_for_to_end_is_a_job() {
    let mut stack = small();
    let dependency = |service: &str, condition| Dependency {
        service: service.to_owned(),
        condition,
        required: true,
        restart: false,
    };
    let mut migrate = service("migrate");
    migrate.task.lifecycle.restart = None;
    migrate.task.lifecycle.dependencies = vec![dependency("db", Condition::Healthy)];
    stack.services.insert("migrate".to_owned(), migrate);
    web(&mut stack).task.lifecycle.dependencies = vec![dependency("migrate", Condition::Completed)];
    insta::assert_snapshot!(part(&stack, "Job migrate", "/spec/backoffLimit"), @"6");
    insta::assert_snapshot!(translated(&stack, "services.web.dependencies"), @"approximate services.web.dependencies[0] [kubernetes-start-order]: it starts at once, not when `migrate` has ended well; a task that cannot do without is restarted until it can");
}

#[test]
fn tasks_that_may_run_side_by_side_do_when_asked() {
    let mut stack = small();
    web(&mut stack).update = Some(UpdatePolicy {
        parallelism: Some(Amount::Fraction(0.25)),
        delay: Some(Duration::from_secs(10)),
        order: Some(UpdateOrder::StartFirst),
        ..UpdatePolicy::default()
    });
    insta::assert_snapshot!(part(&stack, "Deployment web", "/spec/strategy"), @"
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 0
    type: RollingUpdate
    ");
    insta::assert_snapshot!(translated(&stack, "services.web.update"), @"approximate services.web.update.delay [kubernetes-update-pace]: the next group follows when the new tasks have been ready for this long");
}

#[test]
fn without_an_update_policy_the_old_task_stops_first() {
    insta::assert_snapshot!(part(&small(), "Deployment web", "/spec/strategy"), @"
    rollingUpdate:
      maxSurge: 0
      maxUnavailable: 1
    type: RollingUpdate
    ");
}

#[test]
fn networks_keep_services_apart_but_published_ports_stay_open() {
    let mut stack = small();
    let mut back = stack.networks["default"].clone();
    back.path = FieldPath::root("networks").key("back");
    back.name = "shop_back".to_owned();
    back.internal = Some(true);
    stack.networks.insert("back".to_owned(), back);
    let both = map([
        ("default", Attachment::default()),
        ("back", Attachment::default()),
    ]);
    web(&mut stack).task.networking.mode = NetworkMode::Attached(both);
    web(&mut stack).task.networking.ports = vec![port(80, Some(8080))];
    stack.services["db"].task.networking.mode =
        NetworkMode::Attached(map([("back", Attachment::default())]));
    let policies: Vec<_> = kinds(&stack)
        .into_iter()
        .filter(|kind| kind.starts_with("NetworkPolicy"))
        .collect();
    insta::assert_debug_snapshot!(policies, @r#"
    [
        "NetworkPolicy network-default",
        "NetworkPolicy network-back",
        "NetworkPolicy web-published",
    ]
    "#);
    insta::assert_snapshot!(part(&stack, "NetworkPolicy network-back", "/spec"), @r#"
    egress:
    - to:
      - podSelector:
          matchLabels:
            network.tranship/back: "true"
    - ports:
      - port: 53
        protocol: UDP
      - port: 53
        protocol: TCP
    ingress:
    - from:
      - podSelector:
          matchLabels:
            network.tranship/back: "true"
    podSelector:
      matchLabels:
        network.tranship/back: "true"
    policyTypes:
    - Ingress
    - Egress
    "#);
    insta::assert_snapshot!(part(&stack, "NetworkPolicy network-default", "/spec/egress"), @"- {}");
    insta::assert_snapshot!(part(&stack, "NetworkPolicy web-published", "/spec"), @"
    ingress:
    - ports:
      - port: 80
        protocol: TCP
    podSelector:
      matchLabels:
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: shop
    policyTypes:
    - Ingress
    ");
}

#[test]
fn a_task_that_shares_the_network_of_another_is_in_the_same_networks() {
    let mut stack = small();
    let mut back = stack.networks["default"].clone();
    back.path = FieldPath::root("networks").key("back");
    stack.networks.insert("back".to_owned(), back);
    stack.services["db"].task.networking.mode =
        NetworkMode::Attached(map([("back", Attachment::default())]));
    web(&mut stack).task.networking.mode = NetworkMode::Service("db".to_owned());
    let labels = part(&stack, "Deployment web", "/spec/template/metadata/labels");
    assert!(
        labels.contains("network.tranship/back: \"true\""),
        "{labels}"
    );
}

#[test]
fn an_alias_of_two_services_leads_to_both() {
    let mut stack = small();
    for name in ["web", "db"] {
        let attachment = Attachment {
            aliases: vec!["store".to_owned(), "www.example".to_owned()],
            ..Attachment::default()
        };
        stack.services[name].task.networking.mode =
            NetworkMode::Attached(map([("default", attachment)]));
    }
    insta::assert_snapshot!(part(&stack, "Service store", "/spec"), @r#"
    clusterIP: None
    publishNotReadyAddresses: true
    selector:
      alias.tranship/store: "true"
      app.kubernetes.io/part-of: shop
    "#);
    insta::assert_snapshot!(translated(&stack, "services.web.mode"), @"
    equivalent services.web.mode.default [kubernetes-network-flat]: all tasks of the namespace are in one network
    equivalent services.web.mode.default.aliases[0] [kubernetes-alias]: the cluster service `store` leads to it, from every network
    refused services.web.mode.default.aliases[1] [kubernetes-alias]: no cluster service can be called `www.example`, so nobody finds it
    ");
}

#[test]
fn constraints_choose_nodes_by_their_labels() {
    let mut stack = small();
    let constraint = |attribute: &str, operator, value: &str| Constraint::Attribute {
        attribute: attribute.to_owned(),
        operator,
        value: value.to_owned(),
    };
    web(&mut stack).placement = Placement {
        constraints: vec![
            constraint("node.labels.disk", ConstraintOperator::Equal, "ssd"),
            constraint("node.role", ConstraintOperator::NotEqual, "manager"),
            constraint("engine.labels.x", ConstraintOperator::Equal, "y"),
        ],
        preferences: Vec::new(),
        maximum_per_node: Some(1),
    };
    insta::assert_snapshot!(part(&stack, "Deployment web", "/spec/template/spec/affinity"), @"
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
        - matchExpressions:
          - key: disk
            operator: In
            values:
            - ssd
          - key: node-role.kubernetes.io/control-plane
            operator: DoesNotExist
    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
      - labelSelector:
          matchLabels:
            app.kubernetes.io/name: web
            app.kubernetes.io/part-of: shop
        topologyKey: kubernetes.io/hostname
    ");
    insta::assert_snapshot!(translated(&stack, "services.web.placement"), @"
    equivalent services.web.placement.constraints[1] [kubernetes-constraint]: it runs on nodes outside the control plane
    refused services.web.placement.constraints[2] [kubernetes-constraint]: nodes do not say their `engine.labels.x`, so any node may run it
    ");
}

#[test]
fn a_limit_reserves_nothing() {
    let mut stack = small();
    web(&mut stack).task.resources.memory_limit = Some(ByteSize(512 << 20));
    let container = "/spec/template/spec/containers/0";
    insta::assert_snapshot!(part(&stack, "Deployment web", &format!("{container}/resources")), @r#"
    limits:
      memory: 512Mi
    requests:
      memory: "0"
    "#);
}

#[test]
fn a_route_is_an_ingress_to_the_service() {
    let mut stack = small();
    web(&mut stack).routes = vec![Route {
        host: Some("shop.example".to_owned()),
        path: "/".to_owned(),
        port: 80,
        tls: None,
    }];
    insta::assert_snapshot!(part(&stack, "Ingress web", "/spec"), @"
    rules:
    - host: shop.example
      http:
        paths:
        - backend:
            service:
              name: web
              port:
                number: 80
          path: /
          pathType: Prefix
    ");
}

#[test]
fn what_the_kubelet_would_expand_arrives_verbatim() {
    let mut stack = small();
    web(&mut stack).task.process.arguments = Some(vec!["echo $(date) $$ $HOME".to_owned()]);
    let container = "/spec/template/spec/containers/0";
    insta::assert_snapshot!(part(&stack, "Deployment web", &format!("{container}/args")), @"- echo $$(date) $$$ $HOME");
}
