//! The requests of the ECS API, read off the template, which says the same in other words.

use std::collections::HashMap;

use serde_json::{Map, Value};
use tranship_backend::{Object, Translation};
use tranship_model::{ObjectId, Stack};

use crate::draft::{CREATE_SERVICE, PARAMETER, REGISTER_TASK_DEFINITION, RUN_TASK};
use crate::{names, shape, survey};

/// Members whose keys are the user's, so that their case is not ours to change.
const USER_KEYED: [&str; 4] = ["DockerLabels", "Options", "DriverOpts", "Labels"];

/// Members CloudFormation spells otherwise than with a capital in front.
const SPELLED_OTHERWISE: [(&str, &str); 4] = [
    ("EFSVolumeConfiguration", "efsVolumeConfiguration"),
    ("FilesystemId", "fileSystemId"),
    ("IAM", "iam"),
    ("PlacementStrategies", "placementStrategy"),
];

/// Where resources and parameters say what `Ref` gives for them, as far as that is known before
/// they are there.
const NAMED_BY: [(&str, &str); 4] = [
    (PARAMETER, "/Default"),
    ("AWS::ECS::Cluster", "/Properties/ClusterName"),
    ("AWS::ECS::TaskDefinition", "/Properties/Family"),
    ("AWS::Logs::LogGroup", "/Properties/LogGroupName"),
];

/// Every request, each unit's behind one another.
pub(crate) fn requests(stack: &Stack, translation: &Translation) -> Vec<Object> {
    let template = Template::new(&translation.objects);
    let units = survey::units(stack);
    let mains = units.iter().filter_map(survey::Unit::main);
    mains
        .flat_map(|main| template.requests(main.name))
        .collect()
}

/// The requests of one unit, with the template's functions for what only the account knows.
#[cfg(feature = "deploy")]
#[derive(Clone, Debug)]
pub(crate) struct Workload {
    /// The name of its main member in the stack.
    pub(crate) main: String,
    /// To register its definition, to create its service, to run it once: those there are.
    pub(crate) requests: Vec<Object>,
}

/// Every unit's requests.
#[cfg(feature = "deploy")]
pub(crate) fn workloads(stack: &Stack, translation: &Translation) -> Vec<Workload> {
    let mut template = Template::new(&translation.objects);
    template.keeps_functions = true;
    let units = survey::units(stack);
    let mains = units.iter().filter_map(survey::Unit::main);
    mains
        .map(|main| Workload {
            main: main.name.to_owned(),
            requests: template.requests(main.name).collect(),
        })
        .collect()
}

/// The template's parts by their ids.
///
/// What only the account knows becomes a placeholder such as `${ExecutionRoleArn}`, the template's
/// own name for it, an attribute's name behind the resource's; or stays a function.
#[derive(Debug, Default)]
struct Template<'a> {
    keeps_functions: bool,
    parts: HashMap<&'a str, &'a Object>,
    runs: HashMap<&'a str, &'a Object>,
}

impl<'a> Template<'a> {
    fn new(objects: &'a [Object]) -> Self {
        let is_run = |object: &&Object| object.id.kind.as_ref() == RUN_TASK;
        let by_name = |object: &'a Object| (object.id.name.as_ref(), object);
        let (runs, parts): (Vec<_>, Vec<_>) = objects.iter().partition(is_run);
        Self {
            keeps_functions: false,
            parts: parts.into_iter().map(by_name).collect(),
            runs: runs.into_iter().map(by_name).collect(),
        }
    }

    /// The requests of the unit with this main member.
    fn requests(&self, main: &str) -> impl Iterator<Item = Object> {
        let name = names::dashed(main, 255);
        let of = |operation, resource| {
            let id = names::logical_id(main, resource);
            let properties = self.parts.get(id.as_ref())?.body.get("Properties")?;
            Some(Object {
                id: ObjectId::new(operation, name.as_str()),
                body: self.in_request(properties),
            })
        };
        let definition = of(REGISTER_TASK_DEFINITION, "TaskDefinition");
        let service = of(CREATE_SERVICE, "Service");
        let run = self.runs.get(name.as_str()).map(|run| Object {
            id: run.id.clone(),
            body: self.in_request(&run.body),
        });
        [definition, service, run].into_iter().flatten()
    }

    fn in_request(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => self.members_in_request(members),
            Value::Array(items) => items.iter().map(|item| self.in_request(item)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    fn members_in_request(&self, members: &Map<String, Value>) -> Value {
        if let Some(value) = self.of_function(members) {
            return value;
        }
        let member = |(key, value): (&String, &Value)| (lower(key), self.member(key, value));
        members.iter().map(member).collect()
    }

    fn member(&self, key: &str, value: &Value) -> Value {
        match value {
            Value::Object(members) if USER_KEYED.contains(&key) => {
                let member =
                    |(key, value): (&String, &Value)| (key.clone(), self.in_request(value));
                members.iter().map(member).collect()
            }
            Value::Object(_)
            | Value::Array(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_) => self.in_request(value),
        }
    }

    /// What a function of `CloudFormation` gives, if the members are one.
    fn of_function(&self, members: &Map<String, Value>) -> Option<Value> {
        let mut members = members.iter();
        let (name, argument) = members.next()?;
        if members.next().is_some() {
            return None;
        }
        if self.keeps_functions && shape::is_function(name) {
            return Some(self.kept(name, argument));
        }
        match name.as_str() {
            "Ref" => argument.as_str().map(|id| self.of_reference(id)),
            "Fn::GetAtt" => of_attribute(argument),
            "Fn::Sub" => Some(argument.clone()),
            "Fn::Select" => of_subnet(argument),
            _property => None,
        }
    }

    /// The function itself, unless the template says what it gives.
    fn kept(&self, name: &str, argument: &Value) -> Value {
        let id = argument.as_str().filter(|_| name == "Ref");
        let resource = id.filter(|id| {
            self.parts
                .get(id)
                .is_some_and(|part| part.id.kind != PARAMETER)
        });
        match resource.and_then(|id| self.name_of(id)) {
            Some(name) => Value::from(name),
            None => Value::Object(Map::from_iter([(name.to_owned(), argument.clone())])),
        }
    }

    fn of_reference(&self, id: &str) -> Value {
        match id {
            "AWS::Region" => Value::from("${AWS_REGION}"),
            "SubnetIds" | "PublicSubnetIds" => Value::from(vec![SUBNET_A, SUBNET_B]),
            id => match self.name_of(id) {
                Some(name) => Value::from(name),
                None => Value::from(format!("${{{id}}}")),
            },
        }
    }

    fn name_of(&self, id: &str) -> Option<&'a str> {
        let Object { id, body } = self.parts.get(id)?;
        let named_by =
            |(kind, place): &(&str, &'static str)| (*kind == &*id.kind).then_some(*place);
        let place = NAMED_BY.iter().find_map(named_by)?;
        body.pointer(place)?.as_str()
    }
}

const SUBNET_A: &str = "${SubnetA}";
const SUBNET_B: &str = "${SubnetB}";

fn of_attribute(argument: &Value) -> Option<Value> {
    let id = argument.get(0)?.as_str()?;
    let attribute = argument.get(1)?.as_str()?.replace('.', "");
    Some(Value::from(format!("${{{id}{attribute}}}")))
}

fn of_subnet(argument: &Value) -> Option<Value> {
    let index = argument.get(0)?.as_u64()?;
    Some(Value::from(if index == 0 { SUBNET_A } else { SUBNET_B }))
}

fn lower(key: &str) -> String {
    let otherwise = SPELLED_OTHERWISE.iter().find(|(theirs, _)| *theirs == key);
    let mut key = otherwise.map_or(key, |(_, ours)| *ours).to_owned();
    if let Some(first) = key.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    key
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_lose_their_capital_and_the_keys_of_users_do_not() {
        let properties = json!({
            "DockerLabels": {"Traefik.Enable": "true"},
            "Volumes": [{"EFSVolumeConfiguration": {"FilesystemId": {"Ref": "Files"}}}],
            "Options": {"Group": {"Fn::GetAtt": ["Logs", "Name.Long"]}},
            "Environment": [{"Name": "EMPTY", "Value": ""}],
        });
        let expected = json!({
            "dockerLabels": {"Traefik.Enable": "true"},
            "volumes": [{"efsVolumeConfiguration": {"fileSystemId": "${Files}"}}],
            "options": {"Group": "${LogsNameLong}"},
            "environment": [{"name": "EMPTY", "value": ""}],
        });
        assert_eq!(Template::default().in_request(&properties), expected);
    }

    #[test]
    fn what_the_template_names_itself_is_no_placeholder() {
        let cluster = Object {
            id: ObjectId::new("AWS::ECS::Cluster", "Cluster"),
            body: json!({"Properties": {"ClusterName": "shop"}}),
        };
        let objects = [cluster];
        let template = Template::new(&objects);
        let written = template.in_request(&json!({"Cluster": {"Ref": "Cluster"}}));
        assert_eq!(written, json!({"cluster": "shop"}));
    }
}
