//! On which nodes tasks run.

use k8s_openapi::api::core::v1::{
    Affinity, NodeSelectorRequirement, PodAffinityTerm, PodAntiAffinity, Toleration,
    TopologySpreadConstraint,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use tranship_model::{Constraint, ConstraintOperator, Placement, SpreadPreference, Topic};

use super::pod::Pod;
use crate::{codes, labels, quantity};

const HOST_NAME: &str = "kubernetes.io/hostname";
const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// Translates on which nodes tasks run.
pub(super) fn placement(placement: &Placement, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Placement {
        constraints,
        preferences,
        maximum_per_node,
    } = placement;
    let mut topic = topic.key("placement");
    for (index, constraint) in constraints.iter().enumerate() {
        self::constraint(constraint, pod, &mut topic.key("constraints").index(index));
    }
    for (index, preference) in preferences.iter().enumerate() {
        self::preference(preference, pod, &mut topic.key("preferences").index(index));
    }
    match maximum_per_node {
        None | Some(0) => {
            topic.carry("maximum_per_node", *maximum_per_node);
        }
        Some(maximum) => per_node(*maximum, pod, &mut topic.key("maximum_per_node")),
    }
}

fn constraint(constraint: &Constraint, pod: &mut Pod, topic: &mut Topic<'_>) {
    match constraint {
        Constraint::Attribute {
            attribute,
            operator,
            value,
        } => attribute_is(attribute, *operator, value, pod, topic),
        Constraint::Unparsed(text) => {
            let detail = format!("`{text}` is no constraint, so any node may run it");
            topic.refused(&codes::CONSTRAINT, detail);
        }
    }
}

fn attribute_is(
    attribute: &str,
    operator: ConstraintOperator,
    value: &str,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    match attribute {
        "node.id" => {
            let fields = pod.node.match_fields.get_or_insert_default();
            fields.push(requirement("metadata.name", operator, value));
            topic.approximate(
                &codes::CONSTRAINT,
                "the node's name is compared, not its number",
            );
        }
        "node.role" => role(operator, value, pod, topic),
        "node.hostname" => label_is(HOST_NAME, operator, value, pod, topic),
        "node.platform.os" => label_is("kubernetes.io/os", operator, value, pod, topic),
        "node.platform.arch" => {
            label_is(
                "kubernetes.io/arch",
                operator,
                architecture(value),
                pod,
                topic,
            );
        }
        other => {
            if let Some(key) = other.strip_prefix("node.labels.") {
                label_is(key, operator, value, pod, topic);
            } else {
                let detail = format!("nodes do not say their `{other}`, so any node may run it");
                topic.refused(&codes::CONSTRAINT, detail);
            }
        }
    }
}

/// Go's names for what `uname -m` calls otherwise.
fn architecture(name: &str) -> &str {
    match name {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "armv7l" => "arm",
        other => other,
    }
}

fn requirement(key: &str, operator: ConstraintOperator, value: &str) -> NodeSelectorRequirement {
    NodeSelectorRequirement {
        key: key.to_owned(),
        operator: match operator {
            ConstraintOperator::Equal => "In",
            ConstraintOperator::NotEqual => "NotIn",
        }
        .to_owned(),
        values: Some(vec![value.to_owned()]),
    }
}

fn label_is(
    key: &str,
    operator: ConstraintOperator,
    value: &str,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
) {
    if labels::is_key(key) && labels::is_value(value) {
        let expressions = pod.node.match_expressions.get_or_insert_default();
        expressions.push(requirement(key, operator, value));
        topic.exact();
    } else {
        let detail = "no node can have this label, so any node may run it";
        topic.refused(&codes::CONSTRAINT, detail);
    }
}

/// Managers are the nodes of the control plane, which run tasks only when these tolerate it.
fn role(operator: ConstraintOperator, value: &str, pod: &mut Pod, topic: &mut Topic<'_>) {
    let on_managers = match (value, operator) {
        ("manager", ConstraintOperator::Equal) | ("worker", ConstraintOperator::NotEqual) => true,
        ("worker", ConstraintOperator::Equal) | ("manager", ConstraintOperator::NotEqual) => false,
        (_, ConstraintOperator::Equal | ConstraintOperator::NotEqual) => {
            topic.refused(
                &codes::CONSTRAINT,
                "no node has this role, so any node may run it",
            );
            return;
        }
    };
    let expressions = pod.node.match_expressions.get_or_insert_default();
    expressions.push(NodeSelectorRequirement {
        key: CONTROL_PLANE.to_owned(),
        operator: if on_managers {
            "Exists"
        } else {
            "DoesNotExist"
        }
        .to_owned(),
        values: None,
    });
    if on_managers {
        tolerate_control_plane(pod);
        let detail = "it runs on nodes of the control plane, which managed clusters do not have";
        topic.approximate(&codes::CONSTRAINT, detail);
    } else {
        topic.equivalent(
            &codes::CONSTRAINT,
            "it runs on nodes outside the control plane",
        );
    }
}

fn tolerate_control_plane(pod: &mut Pod) {
    pod.spec
        .tolerations
        .get_or_insert_default()
        .push(Toleration {
            key: Some(CONTROL_PLANE.to_owned()),
            operator: Some("Exists".to_owned()),
            effect: Some("NoSchedule".to_owned()),
            ..Toleration::default()
        });
}

fn tasks(pod: &Pod) -> LabelSelector {
    LabelSelector {
        match_labels: Some(pod.selector.clone()),
        match_expressions: None,
    }
}

fn preference(preference: &SpreadPreference, pod: &mut Pod, topic: &mut Topic<'_>) {
    let SpreadPreference(property) = preference;
    let key = match property.as_str() {
        "node.hostname" | "node.id" => HOST_NAME,
        other => other.strip_prefix("node.labels.").unwrap_or(""),
    };
    if !labels::is_key(key) {
        let detail = format!("nodes do not say their `{property}`, so tasks are spread as usual");
        topic.dropped(&codes::CONSTRAINT, detail);
        return;
    }
    let constraints = pod.spec.topology_spread_constraints.get_or_insert_default();
    if constraints.iter().any(|known| known.topology_key == key) {
        topic.exact();
        return;
    }
    constraints.push(TopologySpreadConstraint {
        max_skew: 1,
        topology_key: key.to_owned(),
        when_unsatisfiable: "ScheduleAnyway".to_owned(),
        label_selector: None,
        ..TopologySpreadConstraint::default()
    });
    let selector = tasks(pod);
    if let Some(last) = pod
        .spec
        .topology_spread_constraints
        .as_mut()
        .and_then(|all| all.last_mut())
    {
        last.label_selector = Some(selector);
    }
    topic.exact();
}

fn per_node(maximum: u64, pod: &mut Pod, topic: &mut Topic<'_>) {
    if maximum == 1 {
        let term = PodAffinityTerm {
            label_selector: Some(tasks(pod)),
            topology_key: HOST_NAME.to_owned(),
            ..PodAffinityTerm::default()
        };
        let affinity = pod.spec.affinity.get_or_insert_with(Affinity::default);
        affinity.pod_anti_affinity = Some(PodAntiAffinity {
            required_during_scheduling_ignored_during_execution: Some(vec![term]),
            preferred_during_scheduling_ignored_during_execution: None,
        });
        topic.exact();
        return;
    }
    let selector = tasks(pod);
    let constraints = pod.spec.topology_spread_constraints.get_or_insert_default();
    constraints.retain(|known| known.topology_key != HOST_NAME);
    constraints.push(TopologySpreadConstraint {
        max_skew: quantity::int(maximum),
        topology_key: HOST_NAME.to_owned(),
        when_unsatisfiable: "DoNotSchedule".to_owned(),
        label_selector: Some(selector),
        ..TopologySpreadConstraint::default()
    });
    let detail =
        format!("nodes differ by at most {maximum} tasks; one may have more when all are full");
    topic.approximate(&codes::PER_NODE, detail);
}
