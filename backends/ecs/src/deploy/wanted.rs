//! A translation as the objects a run makes: secrets, one stack, and each service and job.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tranship_backend::deploy::{Role, Wanted};
use tranship_backend::{Object, Translation};
use tranship_model::{ObjectId, Secret, SecretSource, Stack};

use super::values::{Function, functions};
use super::{Network, kinds};
use crate::draft::{CREATE_SERVICE, OUTPUT, PARAMETER, REGISTER_TASK_DEFINITION};
use crate::names;
use crate::request::{self, Workload};

/// The parameter that says where tasks run.
const SUBNETS: &str = "SubnetIds";

/// Everything that is to exist: secrets, the stack, what runs.
pub(super) fn wanted(network: &Network, stack: &Stack, translation: &Translation) -> Vec<Wanted> {
    let workloads = request::workloads(stack, translation);
    let mut wanted: Vec<Wanted> = stack.secrets.iter().filter_map(secret).collect();
    wanted.push(foundation(network, stack, translation, &workloads));
    wanted.extend(workloads.iter().map(|workload| running(stack, workload)));
    wanted
}

fn secret((key, secret): (&String, &Secret)) -> Option<Wanted> {
    has_value(secret).then(|| Wanted {
        object: Object {
            id: ObjectId::new(kinds::SECRET, secret.name.as_str()),
            body: json!({}),
        },
        role: Role::Secret { key: key.clone() },
        uses: Vec::new(),
    })
}

/// Whether we put the value into the account.
const fn has_value(secret: &Secret) -> bool {
    match secret.source {
        SecretSource::File(_) | SecretSource::Environment(_) => true,
        SecretSource::External | SecretSource::Driver { .. } => false,
    }
}

fn foundation(
    network: &Network,
    stack: &Stack,
    translation: &Translation,
    workloads: &[Workload],
) -> Wanted {
    let mut template = template(stack, translation);
    add_outputs(&mut template, workloads);
    add_subnets(&mut template, workloads);
    let parameters = parameters(network, stack, &template);
    Wanted {
        object: Object {
            id: ObjectId::new(kinds::STACK, stack_name(&stack.name)),
            body: json!({"Template": template, "Parameters": parameters}),
        },
        role: Role::Foundation,
        uses: Vec::new(),
    }
}

/// The name of the stack in the account: letters, digits and `-`, a letter first.
///
/// Source: `CreateStack`, `StackName`, `[a-zA-Z][-a-zA-Z0-9]*`, at most 128.
pub(super) fn stack_name(stack: &str) -> String {
    let is_legal = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    let begins = stack.starts_with(|sign: char| sign.is_ascii_alphabetic());
    if begins && stack.len() <= 128 && stack.chars().all(is_legal) {
        return stack.to_owned();
    }
    format!("s-{}", names::logical_id(stack, ""))
}

/// The template without what runs.
fn template(stack: &Stack, translation: &Translation) -> Value {
    let mut parts: [Map<String, Value>; 3] = Default::default();
    for object in &translation.objects {
        let [parameters, resources, outputs] = &mut parts;
        let section = match object.id.kind.as_ref() {
            PARAMETER => parameters,
            OUTPUT => outputs,
            kinds::TASK_DEFINITION | kinds::SERVICE => continue,
            kind if kind.starts_with("AWS::") => resources,
            _request => continue,
        };
        section.insert(object.id.name.to_string(), object.body.clone());
    }
    let [parameters, resources, outputs] = parts;
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("What the stack {} stands on, by tranship", stack.name),
        "Parameters": parameters,
        "Resources": resources,
        "Outputs": outputs,
    })
}

/// Lets the stack say what the requests name.
fn add_outputs(template: &mut Value, workloads: &[Workload]) {
    let requests = workloads.iter().flat_map(|workload| &workload.requests);
    for function in requests.flat_map(|request| functions(&request.body)) {
        let is_resource = template
            .pointer("/Resources")
            .is_some_and(|resources| resources.get(function.about()).is_some());
        if is_resource
            && let Some(outputs) = template.get_mut("Outputs").and_then(Value::as_object_mut)
        {
            outputs.insert(function.output(), json!({"Value": written(&function)}));
        }
    }
}

/// Lets the stack say where tasks run when only requests ask: those of jobs are no resources.
fn add_subnets(template: &mut Value, workloads: &[Workload]) {
    let requests = workloads.iter().flat_map(|workload| &workload.requests);
    let mut asked = requests.flat_map(|request| functions(&request.body));
    if asked.any(|function| function.about() == SUBNETS)
        && let Some(parameters) = template
            .get_mut("Parameters")
            .and_then(Value::as_object_mut)
    {
        let subnets = json!({"Type": "List<AWS::EC2::Subnet::Id>"});
        parameters.entry(SUBNETS).or_insert(subnets);
    }
}

fn written(function: &Function) -> Value {
    match function {
        Function::Reference(id) => json!({"Ref": id}),
        Function::Attribute(id, attribute) => json!({"Fn::GetAtt": [id, attribute]}),
    }
}

/// Values for the template's parameters, as far as they are known: texts, and names of secrets.
fn parameters(network: &Network, stack: &Stack, template: &Value) -> Value {
    let asked = template.get("Parameters").and_then(Value::as_object);
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    let subnets = network.subnets.join(",");
    let mut text = |name: &str, value: &str| {
        if !value.is_empty() {
            known.insert(name.to_owned(), Value::from(value));
        }
    };
    text("VpcId", network.vpc.as_deref().unwrap_or_default());
    text(SUBNETS, &subnets);
    text("PublicSubnetIds", &subnets);
    for (key, secret) in &stack.secrets {
        let name = names::logical_id(key, "SecretArn").to_string();
        known.insert(
            name,
            json!({"Secret": secret.name, "Ours": has_value(secret)}),
        );
    }
    known.retain(|name, _| asked.is_some_and(|asked| asked.contains_key(name)));
    json!(known)
}

fn running(stack: &Stack, workload: &Workload) -> Wanted {
    let name = names::dashed(&workload.main, 255);
    let (mut definition, mut service, mut run) = (Value::Null, Value::Null, Value::Null);
    for request in &workload.requests {
        let place = match request.id.kind.as_ref() {
            REGISTER_TASK_DEFINITION => &mut definition,
            CREATE_SERVICE => &mut service,
            _run => &mut run,
        };
        *place = request.body.clone();
    }
    let uses = used_secrets(stack, &definition);
    let (kind, body) = if run.is_null() {
        let body = json!({"taskDefinition": definition, "service": service});
        (kinds::SERVICE, body)
    } else {
        (
            kinds::JOB,
            json!({"taskDefinition": definition, "run": run}),
        )
    };
    Wanted {
        object: Object {
            id: ObjectId::new(kind, name),
            body,
        },
        role: Role::Workload {
            service: workload.main.clone(),
        },
        uses,
    }
}

/// The secrets a definition names, as far as they are ours.
fn used_secrets(stack: &Stack, definition: &Value) -> Vec<ObjectId> {
    let named = functions(definition);
    let is_used = |(key, secret): &(&String, &Secret)| {
        let parameter = names::logical_id(key, "SecretArn");
        has_value(secret) && named.iter().any(|function| *function.about() == *parameter)
    };
    let used = stack.secrets.iter().filter(is_used);
    used.map(|(_, secret)| ObjectId::new(kinds::SECRET, secret.name.as_str()))
        .collect()
}
