//! On which instances tasks run.

use tranship_model::{Constraint, ConstraintOperator, Placement, SpreadPreference, Topic};

use crate::api::{PlacementConstraint, PlacementStrategy};
use crate::codes;

/// What the API takes at most.
const MOST_CONSTRAINTS: usize = 10;
const MOST_STRATEGIES: usize = 5;
const LONGEST_EXPRESSION: usize = 2000;

/// Where tasks of a service may run, in the API's words.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// What an instance must be.
    pub(crate) constraints: Vec<PlacementConstraint>,
    /// What tasks are spread over.
    pub(crate) strategies: Vec<PlacementStrategy>,
}

/// Translates on which instances tasks run.
pub(crate) fn translate(
    topic: &mut Topic<'_>,
    placement: &Placement,
    is_fargate: bool,
    is_daemon: bool,
) -> Placed {
    let Placement {
        constraints,
        preferences,
        maximum_per_node,
    } = placement;
    let mut placed = Placed::default();
    for (index, constraint) in constraints.iter().enumerate() {
        let outcome = expression(constraint, is_fargate);
        placed.constrain(&mut topic.key("constraints").index(index), outcome);
    }
    for (index, preference) in preferences.iter().enumerate() {
        let SpreadPreference(attribute) = preference;
        let field = instance_attribute(attribute).filter(|_| !is_fargate && !is_daemon);
        placed.spread(&mut topic.key("preferences").index(index), field);
    }
    if let Some(most) = maximum_per_node {
        placed.keep_apart(&mut topic.key("maximum_per_node"), *most, is_fargate);
    }
    placed
}

impl Placed {
    fn constrain(&mut self, topic: &mut Topic<'_>, outcome: Outcome) {
        let has_room = self.constraints.len() < MOST_CONSTRAINTS;
        match outcome {
            Outcome::Holds => topic.equivalent(&codes::PLACEMENT, "every machine is one of those"),
            Outcome::Expression(text) if has_room && text.len() <= LONGEST_EXPRESSION => {
                topic.exact();
                self.constraints.push(PlacementConstraint {
                    kind: "memberOf",
                    expression: Some(text),
                });
            }
            Outcome::Expression(_) => topic.refused(
                &codes::PLACEMENT,
                format!("ECS takes {MOST_CONSTRAINTS} constraints of {LONGEST_EXPRESSION} bytes"),
            ),
            Outcome::Lost(why) => topic.dropped(&codes::PLACEMENT, why),
        }
    }

    fn spread(&mut self, topic: &mut Topic<'_>, field: Option<String>) {
        let has_room = self.strategies.len() < MOST_STRATEGIES;
        let Some(field) = field.filter(|_| has_room) else {
            let lost = "tasks are spread over availability zones, and over nothing else";
            return topic.dropped(&codes::PLACEMENT, lost);
        };
        topic.exact();
        self.strategies.push(PlacementStrategy {
            kind: "spread",
            field,
        });
    }

    fn keep_apart(&mut self, topic: &mut Topic<'_>, most: u64, is_fargate: bool) {
        match most {
            1 if is_fargate => {
                topic.equivalent(&codes::PLACEMENT, "every task has a machine of its own");
            }
            1 if self.constraints.len() < MOST_CONSTRAINTS => {
                topic.exact();
                self.constraints.push(PlacementConstraint {
                    kind: "distinctInstance",
                    expression: None,
                });
            }
            _several => topic.dropped(&codes::PLACEMENT, "tasks are put on instances as they fit"),
        }
    }
}

/// What becomes of a constraint.
enum Outcome {
    Holds,
    Expression(String),
    Lost(&'static str),
}

fn expression(constraint: &Constraint, is_fargate: bool) -> Outcome {
    let (attribute, operator, value) = match constraint {
        Constraint::Attribute {
            attribute,
            operator,
            value,
        } => (attribute, *operator, value),
        Constraint::Unparsed(_) => {
            return Outcome::Lost("tasks run anywhere: the constraint cannot be read");
        }
    };
    if attribute == "node.platform.os"
        && (value == "linux") == (operator == ConstraintOperator::Equal)
    {
        return Outcome::Holds;
    }
    if is_fargate {
        return Outcome::Lost("tasks run on machines of AWS, which have no such properties");
    }
    let Some(name) = instance_attribute(attribute) else {
        return Outcome::Lost("tasks run on any instance: instances have no such property");
    };
    let operator = match operator {
        ConstraintOperator::Equal => "==",
        ConstraintOperator::NotEqual => "!=",
    };
    let value = match (attribute.as_str(), value.as_str()) {
        ("node.platform.arch", "amd64") => "x86_64",
        ("node.platform.arch", "aarch64") => "arm64",
        (_, value) => value,
    };
    if value
        .chars()
        .any(|sign| sign.is_whitespace() || "()\"'".contains(sign))
    {
        return Outcome::Lost(
            "tasks run on any instance: the value cannot be part of an expression",
        );
    }
    Outcome::Expression(format!("{name} {operator} {value}"))
}

/// The instance's attribute for a property of nodes.
fn instance_attribute(property: &str) -> Option<String> {
    match property {
        "node.platform.os" => Some("attribute:ecs.os-type".to_owned()),
        "node.platform.arch" => Some("attribute:ecs.cpu-architecture".to_owned()),
        "node.id" | "node.hostname" | "node.role" => None,
        _other => {
            let label = property
                .strip_prefix("node.labels.")
                .or_else(|| property.strip_prefix("engine.labels."))?;
            let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./".contains(sign);
            (!label.is_empty() && label.chars().all(is_plain)).then(|| format!("attribute:{label}"))
        }
    }
}
