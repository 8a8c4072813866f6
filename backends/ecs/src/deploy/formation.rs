//! The stack everything stands on.

use std::time::Duration;

use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::types::{Capability, Parameter, Stack, Tag};
use serde_json::{Map, Value, json};
use tokio::time::sleep;
use tranship_backend::deploy::{Fault, Live, Owner, Role, Step, Wanted};
use tranship_model::ObjectId;

use super::apply::part;
use super::caller::{is_denial, is_passing};
use super::observe::{at, text};
use super::values::Values;
use super::wanted::stack_name;
use super::{Account, kinds, marks};

/// How often a stack under way is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How often a secret of the same wave is looked for.
const SECRET_TRIES: u32 = 30;

/// The largest template that is sent along, in bytes.
///
/// Source: `CreateStack`, `TemplateBody`.
const LARGEST: usize = 51_200;

/// A stack as it is described.
#[derive(Clone, Debug)]
pub(super) struct Described(Stack);

impl Described {
    fn status(&self) -> &str {
        self.0.stack_status().map_or("", |status| status.as_str())
    }

    /// Whether it is what its template says.
    fn is_settled(&self) -> bool {
        self.status().ends_with("_COMPLETE") && !self.is_stillborn()
    }

    /// Whether it was never made, and can only be deleted.
    fn is_stillborn(&self) -> bool {
        matches!(
            self.status(),
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED"
        )
    }

    fn is_under_way(&self) -> bool {
        self.status().ends_with("_IN_PROGRESS")
    }

    fn owner(&self, stack: &str) -> Owner {
        let tags: Vec<Value> = self
            .0
            .tags()
            .iter()
            .map(|tag| json!({"key": tag.key(), "value": tag.value()}))
            .collect();
        super::observe::owner(&Value::Array(tags), stack)
    }

    fn parameters(&self) -> Map<String, Value> {
        let parameters = self.0.parameters().iter();
        parameters
            .filter_map(|one| {
                Some((
                    one.parameter_key()?.to_owned(),
                    Value::from(one.parameter_value()?),
                ))
            })
            .collect()
    }

    /// What functions of the template give.
    pub(super) fn values(&self, region: &str) -> Values {
        let outputs = self.0.outputs().iter();
        let mut values: Values = outputs
            .filter_map(|one| {
                Some((
                    one.output_key()?.to_owned(),
                    Value::from(one.output_value()?),
                ))
            })
            .collect();
        for (name, value) in self.parameters() {
            let value = match value.as_str().filter(|_| name.ends_with("SubnetIds")) {
                Some(list) => list.split(',').map(Value::from).collect(),
                None => value,
            };
            values.insert(format!("Ref{name}"), value);
        }
        values.insert("RefAWS::Region".to_owned(), Value::from(region));
        values
    }
}

impl Account {
    /// The stack under everything, if it is there.
    pub(super) async fn describe_stack(&self, stack: &str) -> Result<Option<Described>, Fault> {
        let request = self
            .formation
            .describe_stacks()
            .stack_name(stack_name(stack));
        match request.send().await {
            Ok(answer) => {
                let found = answer.stacks().first().cloned().map(Described);
                Ok(found.filter(|found| found.status() != "DELETE_COMPLETE"))
            }
            Err(error) if says(&error, "does not exist") => Ok(None),
            Err(error) => Err(fault(&error, None)),
        }
    }

    /// The stack as an object.
    pub(super) async fn live_stack(&self, stack: &str, found: &Described) -> Result<Live, Fault> {
        let name = stack_name(stack);
        let answer = self.formation.get_template().stack_name(&name).send().await;
        let answer = answer.map_err(|error| fault(&error, None))?;
        let template: Value = answer
            .template_body()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default();
        let body = json!({
            "Template": template,
            "Parameters": found.parameters(),
            "Status": found.status(),
            "Settled": found.is_settled(),
        });
        Ok(Live {
            id: ObjectId::new(kinds::STACK, name),
            version: marks::hash(&body),
            body,
            owner: found.owner(stack),
            role: Role::Foundation,
            secret_is_current: true,
        })
    }

    /// Makes or changes the stack, and waits until it is done.
    pub(super) async fn put_stack(&self, stack: &str, wanted: &Wanted) -> Result<(), Fault> {
        let id = &wanted.object.id;
        let template = part(wanted, "Template").to_string();
        if template.len() > LARGEST {
            let reason = format!(
                "its template has {} bytes, more than {LARGEST}",
                template.len()
            );
            return Err(Fault::Refused {
                object: id.clone(),
                reason,
            });
        }
        let parameters = self.filled(id, part(wanted, "Parameters")).await?;
        let mut found = self.settled(stack).await?;
        if found.as_ref().is_some_and(Described::is_stillborn) {
            self.delete_stack(stack, id).await?;
            found = None;
        }
        let tag = Tag::builder().key(marks::STACK).value(stack).build();
        if found.is_some() {
            let request = self
                .formation
                .update_stack()
                .stack_name(&*id.name)
                .template_body(template)
                .tags(tag);
            let request = request
                .set_parameters(Some(parameters))
                .capabilities(Capability::CapabilityIam);
            match request.client_request_token(marks::token()).send().await {
                Err(error) if says(&error, "No updates are to be performed") => return Ok(()),
                Err(error) => return Err(fault(&error, Some(id))),
                Ok(_) => {}
            }
        } else {
            let request = self
                .formation
                .create_stack()
                .stack_name(&*id.name)
                .template_body(template)
                .tags(tag);
            let request = request
                .set_parameters(Some(parameters))
                .capabilities(Capability::CapabilityIam);
            let sent = request.client_request_token(marks::token()).send().await;
            sent.map_err(|error| fault(&error, Some(id)))?;
        }
        match self.settled(stack).await? {
            Some(found) if matches!(found.status(), "CREATE_COMPLETE" | "UPDATE_COMPLETE") => {
                Ok(())
            }
            found => Err(self.failure(id, found.as_ref()).await),
        }
    }

    /// The stack once nothing is under way.
    async fn settled(&self, stack: &str) -> Result<Option<Described>, Fault> {
        loop {
            let found = self.describe_stack(stack).await?;
            match &found {
                Some(described) if described.is_under_way() => sleep(LOOK).await,
                Some(_) | None => return Ok(found),
            }
        }
    }

    /// Deletes the stack, and returns when it is gone.
    pub(super) async fn delete_stack(&self, stack: &str, id: &ObjectId) -> Result<(), Fault> {
        if self.settled(stack).await?.is_none() {
            return Ok(());
        }
        let sent = self
            .formation
            .delete_stack()
            .stack_name(&*id.name)
            .send()
            .await;
        sent.map_err(|error| fault(&error, Some(id)))?;
        match self.settled(stack).await? {
            None => Ok(()),
            found => Err(self.failure(id, found.as_ref()).await),
        }
    }

    /// Why the stack is not as wanted: the first resource that failed.
    async fn failure(&self, id: &ObjectId, found: Option<&Described>) -> Fault {
        let status = found.map_or("gone", Described::status);
        let mut reason = format!("the stack is {status}");
        let events = self
            .formation
            .describe_stack_events()
            .stack_name(&*id.name)
            .send()
            .await;
        let events = events
            .map(|answer| answer.stack_events.unwrap_or_default())
            .unwrap_or_default();
        // Newest first; those of the last operation stand before its own beginning.
        let is_start = |event: &&aws_sdk_cloudformation::types::StackEvent| {
            let status = event.resource_status().map_or("", |status| status.as_str());
            let own = event.resource_type() == Some(kinds::STACK);
            !(own
                && matches!(
                    status,
                    "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS" | "DELETE_IN_PROGRESS"
                ))
        };
        let failed = events.iter().take_while(is_start).filter(|event| {
            event
                .resource_status()
                .is_some_and(|status| status.as_str().ends_with("_FAILED"))
        });
        if let Some(event) = failed.last() {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            reason = format!(
                "{reason}: {} {}: {}",
                text(event.resource_type()),
                text(event.logical_resource_id()),
                text(event.resource_status_reason()),
            );
        }
        Fault::Refused {
            object: id.clone(),
            reason,
        }
    }

    /// Whether the secrets somebody else stores are there, before anything is written.
    pub(super) async fn secrets_are_there(&self, steps: &[Step]) -> Result<(), Fault> {
        let wanted = steps.iter().filter_map(|step| step.wanted.as_ref());
        let stacks = wanted.filter(|wanted| wanted.object.id.kind == kinds::STACK);
        let parameters = stacks.filter_map(|stack| part(stack, "Parameters").as_object());
        let secrets = parameters.flat_map(|parameters| parameters.values());
        let foreign = secrets.filter(|value| at(value, "Ours") == false);
        let mut missing = Vec::new();
        for name in foreign.map(|secret| text(secret, "Secret")) {
            if self.describe_secret(name).await?.is_none() {
                missing.push(format!("`{name}`"));
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        let reason = format!("there is no secret {missing} in Secrets Manager: the stack uses it");
        Err(Fault::Other(reason))
    }

    /// Values for parameters, with the addresses of secrets.
    async fn filled(&self, id: &ObjectId, parameters: &Value) -> Result<Vec<Parameter>, Fault> {
        let mut filled = Vec::new();
        for (name, value) in parameters.as_object().into_iter().flatten() {
            let value = match value.as_str() {
                Some(text) => text.to_owned(),
                None => self.secret_address(id, value).await?,
            };
            filled.push(
                Parameter::builder()
                    .parameter_key(name)
                    .parameter_value(value)
                    .build(),
            );
        }
        Ok(filled)
    }

    /// Where a secret is; one of ours may only now be stored.
    async fn secret_address(&self, id: &ObjectId, secret: &Value) -> Result<String, Fault> {
        let name = text(secret, "Secret");
        let is_ours = secret.get("Ours") == Some(&Value::Bool(true));
        for _ in 0..SECRET_TRIES {
            if let Some(found) = self.describe_secret(name).await? {
                return Ok(text(&found, "ARN").to_owned());
            }
            if !is_ours {
                break;
            }
            sleep(LOOK).await;
        }
        let reason = format!("there is no secret `{name}` in Secrets Manager");
        Err(Fault::Refused {
            object: id.clone(),
            reason,
        })
    }
}

fn says<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>, words: &str) -> bool {
    error
        .message()
        .is_some_and(|message| message.contains(words))
}

fn fault<E>(error: &SdkError<E>, object: Option<&ObjectId>) -> Fault
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let place = "AWS".to_owned();
    let status = error.raw_response().map(|answer| answer.status().as_u16());
    let is_later = status.is_some_and(|status| status == 429 || status >= 500);
    if matches!(status, Some(401 | 403)) {
        let missing = vec![DisplayErrorContext(error).to_string()];
        return Fault::Denied { place, missing };
    }
    let Some(code) = error.code().filter(|code| !(is_later || is_passing(code))) else {
        let reason = DisplayErrorContext(error).to_string();
        return Fault::Unreachable { place, reason };
    };
    let reason = format!("{code}: {}", error.message().unwrap_or_default());
    if is_denial(code) {
        return Fault::Denied {
            place,
            missing: vec![reason],
        };
    }
    match object {
        Some(object) => Fault::Refused {
            object: object.clone(),
            reason,
        },
        None => Fault::Other(reason),
    }
}
