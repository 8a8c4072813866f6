//! What there is of a stack in the account.

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tranship_backend::deploy::{Fault, Live, Observation, Owner, Role, Secrets, Wanted};
use tranship_model::ObjectId;

use super::caller::{Api, CallError};
use super::values::Values;
use super::{Account, kinds, marks};
use crate::names;

/// What the API gives of services at most in one answer.
const BATCH: usize = 10;

/// What people set on a service.
const SET: [&str; 14] = [
    "taskDefinition",
    "serviceName",
    "launchType",
    "schedulingStrategy",
    "desiredCount",
    "availabilityZoneRebalancing",
    "deploymentConfiguration",
    "healthCheckGracePeriodSeconds",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
];

impl Account {
    /// Everything wanted that exists, and everything with the mark of the stack.
    pub(super) async fn observe_all(
        &self,
        stack: &str,
        wanted: &[Wanted],
        secrets: &Secrets,
    ) -> Result<Observation, Fault> {
        let formation = self.describe_stack(stack).await?;
        let values = match &formation {
            Some(formation) => formation.values(&self.region),
            None => Values::new(),
        };
        let mut objects = Vec::new();
        if let Some(formation) = &formation {
            objects.push(self.live_stack(stack, formation).await?);
        }
        let (secrets, services, jobs) = tokio::try_join!(
            self.live_secrets(stack, wanted, secrets),
            self.live_services(stack, &values),
            self.live_jobs(stack, &values),
        )?;
        objects.extend(secrets);
        objects.extend(services);
        objects.extend(jobs);
        Ok(Observation { objects })
    }

    /// Every service of the stack's cluster, as the API describes it, with its tags.
    pub(super) async fn services(&self, stack: &str) -> Result<Vec<Value>, Fault> {
        let cluster = names::dashed(stack, 255);
        let arns = self.pages("ListServices", json!({"cluster": cluster}), "serviceArns");
        let arns = match arns.await {
            Err(error) if error.is(&["ClusterNotFoundException"]) => return Ok(Vec::new()),
            arns => arns.map_err(CallError::fault)?,
        };
        let batches = arns.chunks(BATCH).map(|arns| {
            let request = json!({"cluster": cluster, "services": arns, "include": ["TAGS"]});
            self.ecs("DescribeServices", request)
        });
        let answers = try_join_all(batches).await.map_err(CallError::fault)?;
        let services = answers.iter().flat_map(|answer| list(answer, "services"));
        Ok(services
            .filter(|service| at(service, "status") == "ACTIVE")
            .cloned()
            .collect())
    }

    async fn live_services(&self, stack: &str, values: &Values) -> Result<Vec<Live>, Fault> {
        let services = self.services(stack).await?;
        let lives = services
            .iter()
            .map(|service| self.live_service(stack, service, values));
        try_join_all(lives).await
    }

    async fn live_service(
        &self,
        stack: &str,
        service: &Value,
        values: &Values,
    ) -> Result<Live, Fault> {
        let definition = text(service, "taskDefinition");
        let (definition, tags) = self.definition(definition).await?.unwrap_or_default();
        let settable = SET
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), service.get(*key)?.clone())));
        let body = json!({
            "service": settable.collect::<serde_json::Map<_, _>>(),
            "serviceHash": marks::tag(at(service, "tags"), marks::HASH),
            "taskDefinition": definition,
            "definitionHash": marks::tag(&tags, marks::HASH),
            "values": values,
        });
        let name = text(service, "serviceName");
        let own = marks::tag(at(service, "tags"), marks::SERVICE);
        Ok(Live {
            id: ObjectId::new(kinds::SERVICE, name),
            version: marks::hash(&super::compare::without(&body, &["values"])),
            body,
            owner: owner(at(service, "tags"), stack),
            role: Role::Workload {
                service: own.unwrap_or(name).to_owned(),
            },
            secret_is_current: true,
        })
    }

    /// A task definition and its tags.
    pub(super) async fn definition(&self, name: &str) -> Result<Option<(Value, Value)>, Fault> {
        let request = json!({"taskDefinition": name, "include": ["TAGS"]});
        match self.ecs("DescribeTaskDefinition", request).await {
            Ok(answer) => Ok(Some((
                at(&answer, "taskDefinition").clone(),
                at(&answer, "tags").clone(),
            ))),
            Err(error) if error.is(&["ClientException", "InvalidParameterException"]) => Ok(None),
            Err(error) => Err(error.fault()),
        }
    }

    /// The newest task definition of a family and its tags, as long as it is in use.
    pub(super) async fn newest(&self, family: &str) -> Result<Option<(Value, Value)>, Fault> {
        let found = self.definition(family).await?;
        Ok(found.filter(|(definition, _)| at(definition, "status") == "ACTIVE"))
    }

    /// Calls ECS.
    pub(super) async fn ecs(&self, operation: &str, request: Value) -> Result<Value, CallError> {
        self.caller.call(Api::Ecs, operation, &request).await
    }

    /// Every page of a list of texts.
    pub(super) async fn pages(
        &self,
        operation: &str,
        mut request: Value,
        key: &str,
    ) -> Result<Vec<String>, CallError> {
        let mut found = Vec::new();
        loop {
            let answer = self.ecs(operation, request.clone()).await?;
            found.extend(
                list(&answer, key)
                    .filter_map(Value::as_str)
                    .map(str::to_owned),
            );
            match answer.get("nextToken").filter(|token| token.is_string()) {
                Some(token) => set_member(&mut request, "nextToken", token.clone()),
                None => return Ok(found),
            }
        }
    }
}

/// The items of a list in an answer.
pub(super) fn list<'a>(answer: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    answer
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A text in an answer; empty when there is none.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A member of an answer; null when there is none.
pub(super) fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

/// Sets a member of a request.
pub(super) fn set_member(request: &mut Value, key: &str, value: Value) {
    if let Some(members) = request.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}

/// Whose something is, by its tags.
pub(super) fn owner(tags: &Value, stack: &str) -> Owner {
    match marks::tag(tags, marks::STACK) {
        Some(own) if own == stack => Owner::Stack,
        other => Owner::Foreign(other.map(|other| format!("the stack `{other}`"))),
    }
}
