//! What single topics become: the service's specification and its notes.

use serde_json::Value;
use tranship_backend::Translation;

use crate::sample::{rendered, stack_file, translated, web};

/// The specification of `web` but for its labels and networks, and what was noted about it.
fn topic(lines: &str) -> String {
    let translation = translated(&web(lines));
    let spec = specification(&translation, "shop_web");
    format!("{spec}\n{}", notes(&translation, "services.web"))
}

fn specification(translation: &Translation, name: &str) -> String {
    let object = translation
        .objects
        .iter()
        .find(|object| &*object.id.name == name);
    let mut body = object.expect("there is such an object").body.clone();
    leave_out(&mut body, &["Labels", "Networks", "Name", "Image"]);
    serde_json::to_string(&body).expect("plain data")
}

fn leave_out(value: &mut Value, keys: &[&str]) {
    if let Value::Object(entries) = value {
        entries.retain(|key, _| !keys.contains(&key.as_str()));
        entries
            .values_mut()
            .for_each(|value| leave_out(value, keys));
    }
}

/// Notes below a path that say more than `exact`, without those every service has.
fn notes(translation: &Translation, below: &str) -> String {
    let entries = translation.ledger.entries().iter();
    let lines = entries.filter(|entry| entry.path.as_str().starts_with(below));
    let lines = lines.filter_map(|entry| {
        let code = entry.code.filter(|_| !entry.implicit)?;
        Some(format!(
            "{} {} [{}] {}",
            entry.outcome, entry.path, code.name, entry.detail
        ))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_port_of_the_loopback_is_open_to_everyone_and_the_note_says_so() {
    insta::assert_snapshot!(topic("ports: [\"127.0.0.1:8080-8081:80\", \"53:53/udp\"]"), @r#"
    {"TaskTemplate":{"ContainerSpec":{}},"Mode":{"Replicated":{}},"EndpointSpec":{"Ports":[{"Protocol":"udp","TargetPort":53,"PublishedPort":53,"PublishMode":"ingress"},{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,"PublishMode":"ingress"},{"Protocol":"tcp","TargetPort":80,"PublishedPort":8081,"PublishMode":"ingress"}]}}
    dropped services.web.ports[0].scope [swarm-host-address] open to everyone at 8080 of every node, not only at 127.0.0.1
    approximate services.web.ports[0].published [swarm-ports] published at all of 8080 to 8081, not at a free one
    "#);
}

#[test]
fn the_same_port_at_two_addresses_is_published_once() {
    insta::assert_snapshot!(topic("ports: [\"127.0.0.1:80:80\", \"10.0.0.1:80:80\", \"10.0.0.2:80:81\"]"), @r#"
    {"TaskTemplate":{"ContainerSpec":{}},"Mode":{"Replicated":{}},"EndpointSpec":{"Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":80,"PublishMode":"ingress"}]}}
    dropped services.web.ports[0].scope [swarm-host-address] open to everyone at 80 of every node, not only at 127.0.0.1
    dropped services.web.ports[1].scope [swarm-host-address] open to everyone at 80 of every node, not only at 10.0.0.1
    dropped services.web.ports[2].scope [swarm-host-address] open to everyone at 80 of every node, not only at 10.0.0.2
    refused services.web.ports[2].published [swarm-ports] not published: 80 leads to 80 at every address
    "#);
}

#[test]
fn a_port_two_services_publish_stays_with_the_first() {
    let text = web("ports: [\"127.0.0.1:80:80\"]").replace(
        "image: postgres:17",
        "image: postgres:17\n    ports: [\"10.0.0.1:80:5432\"]",
    );
    insta::assert_snapshot!(notes(&translated(&text), "services.database"), @r"
    dropped services.database.ports[0].scope [swarm-host-address] open to everyone at 80 of every node, not only at 10.0.0.1
    refused services.database.ports[0].published [swarm-ports] not published: `web` has port 80 on every node
    ");
}

#[test]
fn addresses_of_tasks_and_the_mesh_exclude_each_other() {
    insta::assert_snapshot!(topic("ports: [\"80:80\"]\ndeploy: { endpoint_mode: dnsrr }"), @r#"
    {"TaskTemplate":{"ContainerSpec":{}},"Mode":{"Replicated":{}},"EndpointSpec":{"Mode":"dnsrr","Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":80,"PublishMode":"host"}]}}
    approximate services.web.ports[0].mode [swarm-ports] open only on nodes that run a task: the service has no virtual address
    "#);
}

#[test]
fn a_task_without_network_gets_one_that_leads_nowhere() {
    let text = web("network_mode: none\nports: [\"80:80\"]");
    let translation = translated(&text);
    insta::assert_snapshot!(notes(&translation, "services.web"), @r"
    equivalent services.web.ports [swarm-ports] nothing to publish in this network mode, as with docker compose
    approximate services.web.mode [swarm-network-mode] in an internal network of its own: no way out, but tasks of the service meet
    ");
    insta::assert_snapshot!(specification(&translation, "shop_web_isolated"), @r#"{"Driver":"overlay","Internal":true}"#);
}

#[test]
fn names_others_use_stay_as_aliases() {
    let text = web("container_name: app\nlinks: [\"database:db\"]");
    let translation = translated(&text);
    let networks = |name: &str| {
        let object = translation
            .objects
            .iter()
            .find(|object| &*object.id.name == name);
        object.expect("a service").body["TaskTemplate"]["Networks"].to_string()
    };
    insta::assert_snapshot!(networks("shop_web"), @r#"[{"Target":"shop_default","Aliases":["app","web"]}]"#);
    insta::assert_snapshot!(networks("shop_database"), @r#"[{"Target":"shop_default","Aliases":["db","database"]}]"#);
    insta::assert_snapshot!(notes(&translation, "services.web"), @r"
    equivalent services.web.container_name [swarm-alias] other services find it as `app`; its containers are called `shop_web.1.…`
    equivalent services.web.links[0] [swarm-alias] `db` leads to `database` for all services of its networks
    approximate services.web.dependencies[0] [swarm-dependencies] only `tranship deploy` waits until `database` runs; a task started anew does not, nor restarts with it: try again until it answers
    ");
}

#[test]
fn a_reservation_is_no_soft_limit_and_the_nodes_own_namespaces_are_what_a_task_has_anyway() {
    let text = web("mem_reservation: 32m\nuserns_mode: host\ncgroup: private");
    insta::assert_snapshot!(notes(&translated(&text), "services.web"), @r"
    approximate services.web.memory_reservation [swarm-reserved-memory] the node keeps this much for it; no soft limit pushes it back to this when memory is short
    approximate services.web.namespaces.user [swarm-namespace] the node's, unless its engine gives containers users of their own
    approximate services.web.namespaces.cgroup [swarm-namespace] its own where nodes have control groups of version 2, else the node's
    ");
}

#[test]
fn a_service_with_a_dot_is_called_otherwise_and_found_under_its_name() {
    let text = "name: shop\nservices: { my.web: { image: a } }";
    insta::assert_snapshot!(stack_file(text), @r#"
    version: "3.13"
    services:
      my-web-4c8c10e4:
        image: a
        networks:
          default:
            aliases:
            - my.web
    networks:
      default:
        name: shop_default
        driver: overlay
    "#);
}

#[test]
fn what_others_wait_for_to_complete_is_a_job_that_tries_again() {
    let text = web("depends_on: { database: { condition: service_completed_successfully } }");
    let translation = translated(&text);
    insta::assert_snapshot!(specification(&translation, "shop_database"), @r#"{"TaskTemplate":{"ContainerSpec":{},"RestartPolicy":{"Condition":"on-failure"}},"Mode":{"ReplicatedJob":{"MaxConcurrent":1,"TotalCompletions":1}}}"#);
    insta::assert_snapshot!(notes(&translation, "services"), @r"
    approximate services.web.dependencies[0] [swarm-dependencies] only `tranship deploy` waits until `database` has completed; a task started anew does not: try again until it answers
    equivalent services.database.scheduling [swarm-run-once] runs to completion as a job, because others wait for it to complete
    ");
}

#[test]
fn restarts_keep_their_condition() {
    insta::assert_snapshot!(topic("restart: unless-stopped"), @r#"
    {"TaskTemplate":{"ContainerSpec":{},"RestartPolicy":{"Condition":"any"}},"Mode":{"Replicated":{}}}
    equivalent services.web.restart.condition [swarm-restart] restarted always; scale the service to 0 to stop it
    "#);
    insta::assert_snapshot!(topic("restart: \"on-failure:3\""), @r#"{"TaskTemplate":{"ContainerSpec":{},"RestartPolicy":{"Condition":"on-failure","MaxAttempts":3}},"Mode":{"Replicated":{}}}"#);
    insta::assert_snapshot!(topic("restart: \"no\""), @r#"{"TaskTemplate":{"ContainerSpec":{},"RestartPolicy":{"Condition":"none"}},"Mode":{"Replicated":{}}}"#);
}

#[test]
fn braces_are_seen_as_written_unless_they_are_swarms_own() {
    insta::assert_snapshot!(topic("hostname: \"{{.Node.Hostname}}\"\nenvironment: { A: \"{{ a }}\", B: \"\", C: }"), @r#"
    {"TaskTemplate":{"ContainerSpec":{"Hostname":"{{.Node.Hostname}}","Env":["A={{\"{{\"}} a }}","B=","C"]}},"Mode":{"Replicated":{}}}
    approximate services.web.environment.B [swarm-stack-environment] `B` gets a value if whoever runs `docker stack deploy` has one; not through the engine's API
    approximate services.web.environment.C [swarm-stack-environment] `C` gets a value if whoever runs `docker stack deploy` has one; not through the engine's API
    approximate services.web.hostname [swarm-template] Swarm fills in the braces; docker compose leaves them as they are
    "#);
}

#[test]
fn mounts_keep_what_they_can() {
    insta::assert_snapshot!(topic("volumes: [\"data:/d:ro\", \"/srv:/s:z\", /anonymous]\ntmpfs: [\"/t:size=1m,mode=700\"]\nshm_size: 64m"), @r#"
    {"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"volume","Source":"shop_data","Target":"/d","ReadOnly":true,"VolumeOptions":{"Labels":{"com.docker.stack.namespace":"shop"}}},{"Type":"bind","Source":"/srv","Target":"/s","BindOptions":{"CreateMountpoint":true}},{"Type":"volume","Target":"/anonymous"},{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1048576,"Mode":448}},{"Type":"tmpfs","Target":"/dev/shm","TmpfsOptions":{"SizeBytes":67108864}}]}},"Mode":{"Replicated":{}}}
    approximate services.web.mounts[1].source [swarm-host-path] `/srv` of whichever node the task runs on; must be on all of them
    approximate services.web.mounts[1].source.create [swarm-api-only] from API 1.44; stack.yaml leaves it out: without the path the task does not start
    dropped services.web.mounts[1].source.selinux [swarm-mount-option] files keep their label; asked for `z`
    approximate services.web.mounts[2].source [swarm-anonymous] empty for every new task; docker compose hands it on
    approximate services.web.mounts[3].source.mode [swarm-api-only] stack.yaml leaves it out: the directory has mode 1777
    equivalent services.web.shared_memory [swarm-shared-memory] 67108864 bytes of memory mounted at `/dev/shm`
    "#);
}

#[test]
fn an_empty_entry_point_runs_the_arguments() {
    insta::assert_snapshot!(topic("entrypoint: []\ncommand: [a, b]"), @r#"
    {"TaskTemplate":{"ContainerSpec":{"Command":["a","b"]}},"Mode":{"Replicated":{}}}
    equivalent services.web.entrypoint [swarm-entrypoint] the arguments are run themselves, in place of the image's entry point
    "#);
    insta::assert_snapshot!(topic("entrypoint: []"), @r#"
    {"TaskTemplate":{"ContainerSpec":{}},"Mode":{"Replicated":{}}}
    refused services.web.entrypoint [swarm-entrypoint] the image's own entry point runs
    "#);
}

#[test]
fn an_update_without_a_number_replaces_one_task_at_a_time() {
    insta::assert_snapshot!(topic("deploy: { update_config: { order: start-first }, rollback_config: { failure_action: pause } }"), @r#"{"TaskTemplate":{"ContainerSpec":{}},"Mode":{"Replicated":{}},"UpdateConfig":{"Parallelism":1,"Order":"start-first"},"RollbackConfig":{"Parallelism":1,"FailureAction":"pause"}}"#);
}

#[test]
fn capabilities_get_their_full_names_and_adding_wins() {
    insta::assert_snapshot!(topic("cap_add: [net_admin]\ncap_drop: [NET_ADMIN, CAP_CHOWN]"), @r#"{"TaskTemplate":{"ContainerSpec":{"CapabilityAdd":["CAP_NET_ADMIN"],"CapabilityDrop":["CAP_CHOWN"]}},"Mode":{"Replicated":{}}}"#);
}

#[test]
fn less_than_swarm_takes_is_raised() {
    insta::assert_snapshot!(topic("deploy: { resources: { limits: { memory: 1m, cpus: \"0.0001\" } } }"), @r#"
    {"TaskTemplate":{"ContainerSpec":{},"Resources":{"Limits":{"NanoCPUs":1000000,"MemoryBytes":4194304}}},"Mode":{"Replicated":{}}}
    approximate services.web.cpu_limit [swarm-minimum] raised from 100000 to 1000000 billionths of a core
    approximate services.web.memory_limit [swarm-minimum] raised from 1048576 to 4194304 bytes
    "#);
}

#[test]
fn a_job_is_there_with_no_run_asked_for() {
    let text = "name: shop\nservices: {}\njobs: { tidy: { image: a, triggers: { manual: true, schedule: [{ cron: \"5 4 * * *\" }] } } }";
    let translation = translated(text);
    insta::assert_snapshot!(specification(&translation, "shop_tidy"), @r#"{"TaskTemplate":{"ContainerSpec":{}},"Mode":{"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}}}"#);
    insta::assert_snapshot!(notes(&translation, "jobs"), @r"
    approximate jobs.tidy.triggers.manual [swarm-job] start it with `docker service scale shop_tidy=1`
    refused jobs.tidy.triggers.schedules[0] [swarm-schedule] nothing starts it at `5 4 * * *` in UTC
    ");
}

#[test]
fn a_bridge_becomes_an_overlay_without_the_options_of_a_bridge() {
    let text = "name: shop\nservices: { a: { image: a } }\nnetworks: { default: { driver: bridge, driver_opts: { com.docker.network.bridge.name: b, com.docker.network.driver.mtu: \"1400\" } } }";
    let translation = translated(text);
    insta::assert_snapshot!(specification(&translation, "shop_default"), @r#"{"Driver":"overlay","Options":{"com.docker.network.driver.mtu":"1400"}}"#);
    insta::assert_snapshot!(notes(&translation, "networks"), @r"
    approximate networks.default.driver [swarm-overlay] `overlay`, which spans all nodes; services cannot use a bridge of one node
    dropped networks.default.driver_options.com.docker.network.bridge.name [swarm-network-option] an overlay has no such option; asked for `b`
    ");
}

#[test]
fn a_stack_file_keeps_dollars_through_the_clis_own_reading() {
    let file = stack_file(&web(
        "command: [\"$$HOME costs $$5\"]\nenvironment: { A: \"$${B}\" }",
    ));
    assert!(file.contains("$$HOME costs $$5"), "{file}");
    assert!(file.contains("$${B}"), "{file}");
}

#[test]
fn a_config_changes_its_name_with_its_content_and_is_written_beside_the_stack_file() {
    let config = |content: &str| {
        let text = web("configs: [settings]").replace("content: a", content);
        let files = rendered(&text).into_iter();
        let mut files = files.filter(|file| file.path.starts_with("configs/"));
        files.next().expect("the config's content")
    };
    assert_eq!(config("content: a").path, config("content: a").path);
    assert_ne!(config("content: a").path, config("content: b").path);
    assert_eq!(config("content: a$$b").content, "a$b");
    let own = config("content: a, name: own");
    assert_eq!(own.path, "configs/own");
}

#[test]
fn no_rendering_holds_the_value_of_a_secret() {
    for file in rendered(&web("secrets: [token]")) {
        assert!(!file.content.contains("never shown"), "{}", file.path);
        assert!(!file.content.contains("bmV2ZXIgc2hvd24"), "{}", file.path);
    }
}

#[test]
fn a_secret_from_the_environment_is_stored_before() {
    let text = web("secrets: [token]").replace("file: ./token", "environment: TOKEN");
    insta::assert_snapshot!(notes(&translated(&text), "secrets"), @r#"approximate secrets.token.source [swarm-secret-value] stack.yaml takes it as stored already: `printf %s "$TOKEN" | docker secret create shop_token -`"#);
    assert!(stack_file(&text).contains("external: true"));
}
