//! Each fault is found.

use serde_json::{Value, json};

use super::{Judgement, Target, judge};

/// A stack of two services, one of which names the other.
fn config() -> Value {
    json!({"services": {
        "web": {
            "environment": {"DATABASE": "pg://u@db:5432/x", "PAID": "$$x"},
            "healthcheck": {"test": ["CMD-SHELL", "curl -f http://localhost | grep $$1"]},
            "networks": {"default": null},
            "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
        },
        "db": {"networks": {"default": {"aliases": ["store"]}}, "command": ["serve", "dbx:1"]},
    }})
}

fn check(rows: Value) -> Value {
    let mut rows = rows;
    let images = [("web", "Deployment web"), ("db", "Deployment db")];
    if let Some(rows) = rows.as_array_mut() {
        rows.extend(images.map(|(service, object)| {
            let path = format!("services.{service}.image");
            json!({"path": path, "outcome": "exact", "objects": [object]})
        }));
    }
    json!({"account": rows})
}

fn workload(name: &str, spec: &Value) -> Value {
    let template = json!({"metadata": {"labels": {"app": name}}, "spec": spec});
    json!({"kind": "Deployment", "metadata": {"name": name}, "spec": {"template": template}})
}

/// The stack on Kubernetes as it ought to be.
fn objects() -> Vec<Value> {
    let probe = ["/bin/sh", "-c", "curl -f http://localhost | grep $1"];
    let web = json!({
        "containers": [{
            "name": "web",
            "readinessProbe": {"exec": {"command": probe}},
            "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        }],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
    });
    let service = json!({
        "kind": "Service", "metadata": {"name": "db"}, "spec": {"selector": {"app": "db"}},
    });
    let claim = json!({"kind": "PersistentVolumeClaim", "metadata": {"name": "data"}});
    let db = workload("db", &json!({"containers": []}));
    vec![workload("web", &web), db, service, claim]
}

fn faults(objects: &[Value], rows: Value) -> Vec<String> {
    let Judgement { faults, .. } = judge(Target::Kubernetes, &config(), &check(rows), objects);
    faults
}

#[test]
fn a_rendering_that_works_has_no_fault_and_all_of_it_is_counted() {
    let judgement = judge(Target::Kubernetes, &config(), &check(json!([])), &objects());
    assert!(judgement.faults.is_empty(), "{:?}", judgement.faults);
    let Judgement {
        names,
        references,
        probes,
        mounts,
        ..
    } = judgement;
    let kept = [names, references, probes, mounts].map(|tally| tally.kept);
    assert_eq!(kept, [1, 3, 1, 1]);
}

#[test]
fn a_name_that_leads_nowhere_or_to_another_is_found_unless_the_account_says_so() {
    let mut gone = objects();
    gone.remove(2);
    let said = ["services.web.environment.DATABASE: `db` does not lead to `db`"];
    assert_eq!(faults(&gone, json!([])), said);
    let row = json!([{"path": "services.db", "outcome": "refused", "detail": "no name"}]);
    assert!(faults(&gone, row).is_empty());
    let mut other = objects();
    other[2]["spec"]["selector"]["app"] = json!("web");
    assert_eq!(faults(&other, json!([])), said);
}

#[test]
fn a_reference_to_what_is_not_there_is_found_unless_people_are_told_to_make_it() {
    let mut gone = objects();
    gone.remove(3);
    let said = ["web: PersistentVolumeClaim data leads nowhere"];
    assert_eq!(faults(&gone, json!([])), said);
    let row = json!([{"path": "volumes.data", "outcome": "equivalent", "detail": "make `data`"}]);
    assert!(faults(&gone, row).is_empty());
}

#[test]
fn a_shell_line_given_as_a_program_is_a_probe_that_cannot_pass() {
    let mut wrong = objects();
    let container = &mut wrong[0]["spec"]["template"]["spec"]["containers"][0];
    container["readinessProbe"]["exec"]["command"] = json!(["curl -f http://localhost | grep $1"]);
    let said = faults(&wrong, json!([]));
    assert!(
        said[0].starts_with("services.web.healthcheck: nothing runs"),
        "{said:?}"
    );
}

#[test]
fn a_writable_mount_that_is_read_only_is_found_unless_the_account_says_so() {
    let mut wrong = objects();
    let container = &mut wrong[0]["spec"]["template"]["spec"]["containers"][0];
    container["volumeMounts"][0]["readOnly"] = json!(true);
    let said = ["services.web.volumes[0]: nothing can be written at `/data`"];
    assert_eq!(faults(&wrong, json!([])), said);
    let row = json!([{"path": "services.web.volumes[0]", "outcome": "approximate"}]);
    assert!(faults(&wrong, row).is_empty());
}

#[test]
fn a_template_that_refers_to_nothing_is_found() {
    let template = json!({"Resources": {"A": {"Type": "AWS::X", "Properties": {
        "B": {"Fn::Sub": "${AWS::Region} ${Gone.Arn} ${!Literal}"},
        "C": {"Fn::GetAtt": ["A", "Arn"]},
        "D": {"Ref": "Missing"},
    }}}});
    let config = json!({"services": {}});
    let judgement = judge(Target::Ecs, &config, &json!({}), &[template]);
    let said = [
        "a reference to Gone leads nowhere",
        "a reference to Missing leads nowhere",
    ];
    assert_eq!(judgement.faults, said);
    assert_eq!(
        (judgement.references.kept, judgement.references.silent),
        (2, 2)
    );
}

#[test]
fn a_stack_file_whose_services_share_no_network_does_not_resolve() {
    let check = each_as(["service x_web", "service x_db"]);
    let stack = |network: &str| {
        json!({
            "services": {
                "web": {
                    "networks": {"a": null},
                    "healthcheck": {"test": ["CMD-SHELL", "curl -f http://localhost | grep $$1"]},
                    "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
                },
                "db": {"networks": {network: null}},
            },
            "networks": {"a": {}, "b": {}},
            "volumes": {"data": {}},
        })
    };
    let faults = |network| judge(Target::Swarm, &config(), &check, &[stack(network)]).faults;
    assert!(faults("a").is_empty(), "{:?}", faults("a"));
    let said = ["services.web.environment.DATABASE: `db` does not lead to `db`"];
    assert_eq!(faults("b")[..1], said);
}

/// The account of two services of which each became one object.
fn each_as(objects: [&str; 2]) -> Value {
    let row = |(service, object): (&str, &str)| {
        let path = format!("services.{service}.image");
        json!({"path": path, "outcome": "exact", "objects": [object]})
    };
    let rows = ["web", "db"].into_iter().zip(objects).map(row);
    json!({"account": rows.collect::<Value>()})
}

/// Two services, in one network or in one each.
fn in_networks(of_web: &str, of_db: &str) -> Value {
    json!({"services": {
        "web": {"networks": {of_web: null}},
        "db": {"networks": {of_db: null}},
    }})
}

const APART: [&str; 2] = [
    "services.web.networks: it reaches `db`",
    "services.db.networks: it reaches `web`",
];
const CUT_OFF: [&str; 2] = [
    "services.web.networks: it does not reach `db`",
    "services.db.networks: it does not reach `web`",
];

#[test]
fn pods_reach_whom_the_policies_let_in_and_out() {
    let check = each_as(["Deployment web", "Deployment db"]);
    let pods = [workload("web", &json!({})), workload("db", &json!({}))];
    let faults = |config: &Value, policies: &[Value]| {
        let objects = [&pods, policies].concat();
        judge(Target::Kubernetes, config, &check, &objects).faults
    };
    let policy = |of: &str, direction: &str, rules: Value| {
        json!({"kind": "NetworkPolicy", "metadata": {"name": of}, "spec": {
            "podSelector": {"matchLabels": {"app": of}},
            "policyTypes": [direction],
            direction.to_lowercase(): rules,
        }})
    };
    let shut = ["web", "db"].map(|of| policy(of, "Ingress", json!([])));
    let apart = in_networks("a", "b");
    assert_eq!(faults(&apart, &[]), APART);
    assert!(faults(&apart, &shut).is_empty());
    let together = in_networks("a", "a");
    assert!(faults(&together, &[]).is_empty());
    assert_eq!(faults(&together, &shut), CUT_OFF);
    let from_web = json!([{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]);
    let some = [policy("db", "Ingress", from_web)];
    assert!(faults(&together, &some).is_empty());
    assert_eq!(faults(&apart, &some), APART);
    let kept_in = [policy("web", "Egress", json!([]))];
    assert_eq!(faults(&together, &kept_in), CUT_OFF[..1]);
    assert_eq!(faults(&apart, &kept_in), APART[1..]);
}

#[test]
fn tasks_on_swarm_reach_whom_they_share_a_network_with() {
    let check = each_as(["service x_web", "service x_db"]);
    let faults = |file: &Value, made: &Value| {
        judge(Target::Swarm, file, &check, std::slice::from_ref(made)).faults
    };
    let mut made = in_networks("a", "b");
    made["networks"] = json!({"a": {}, "b": {}});
    assert!(faults(&in_networks("a", "b"), &made).is_empty());
    assert_eq!(faults(&in_networks("a", "a"), &made), CUT_OFF);
    let mut made = in_networks("a", "a");
    made["networks"] = json!({"a": {}});
    assert_eq!(faults(&in_networks("a", "b"), &made), APART);
}

#[test]
fn tasks_on_ecs_reach_whom_the_security_groups_let_in_and_out() {
    let check = each_as([
        "AWS::ECS::TaskDefinition WebTask",
        "AWS::ECS::TaskDefinition DbTask",
    ]);
    let group = |name: &str| json!({"Fn::GetAtt": [name, "GroupId"]});
    let service = |task: &str, name: &str| {
        let network = json!({"AwsvpcConfiguration": {"SecurityGroups": [group(name)]}});
        let properties = json!({"TaskDefinition": {"Ref": task}, "NetworkConfiguration": network});
        json!({"Type": "AWS::ECS::Service", "Properties": properties})
    };
    let task = json!({"Type": "AWS::ECS::TaskDefinition", "Properties": {}});
    let faults = |file: &Value, db: &str, rule: Value| {
        let allowed = json!({"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule});
        let template = json!({"Resources": {
            "WebTask": task, "DbTask": task, "Allowed": allowed,
            "A": {"Type": "AWS::EC2::SecurityGroup", "Properties": {}},
            "B": {"Type": "AWS::EC2::SecurityGroup", "Properties": {}},
            "Web": service("WebTask", "A"), "Db": service("DbTask", db),
        }});
        judge(Target::Ecs, file, &check, &[template]).faults
    };
    let rule = |protocol: &str, from: &str, to: &str| {
        let (from, to) = (group(from), group(to));
        json!({"IpProtocol": protocol, "SourceSecurityGroupId": from, "GroupId": to})
    };
    let (apart, together) = (in_networks("a", "b"), in_networks("a", "a"));
    assert!(faults(&together, "A", rule("-1", "A", "A")).is_empty());
    assert_eq!(faults(&together, "A", rule("tcp", "A", "A")), CUT_OFF);
    assert_eq!(faults(&apart, "A", rule("-1", "A", "A")), APART);
    assert!(faults(&apart, "B", rule("-1", "A", "A")).is_empty());
    assert_eq!(faults(&apart, "B", rule("-1", "A", "B")), APART[..1]);
}
