//! One step: one object sent, or taken away.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use http::Method;
use serde_json::{Map, Value};
use tranship_backend::deploy::{Action, Fault, Role, Secrets, Step, Wanted};
use tranship_model::ObjectId;

use super::calls::{Call, Failure, Server};
use super::kinds::Kind;
use super::{faults, marks, namespace, removal, rollout};

/// What is sent is the object as we want it, not a difference.
const APPLY: &str = "application/apply-patch+yaml";

/// The answer with the metadata alone: nobody but a task reads a secret.
const METADATA_ONLY: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// Tries of an apply that met another: the API server lets one of them begin again.
const MEETINGS: u32 = 4;

/// Does a step, and says what the rollout it began is called.
pub(super) async fn apply(
    server: &Server,
    step: &Step,
    secrets: &Secrets,
) -> Result<String, Fault> {
    match step.action {
        Action::Create | Action::Update => put(server, step, secrets).await,
        Action::Replace => {
            removal::remove(server, step).await?;
            put(server, step, secrets).await
        }
        Action::Delete => {
            removal::remove(server, step).await?;
            Ok(String::new())
        }
        Action::Keep => Ok(String::new()),
    }
}

async fn put(server: &Server, step: &Step, secrets: &Secrets) -> Result<String, Fault> {
    let wanted = wanted(step)?;
    let kind = Kind::must_be(&step.object)?;
    let body = content(server, wanted, secrets).await?;
    let call = Call::new(
        Method::PATCH,
        kind.path(&server.namespace, &step.object.name),
    )
    .with("fieldManager", marks::MANAGER)
    .with("force", "false")
    .with("fieldValidation", "Strict")
    .sending(APPLY, &body);
    let answer: Value = send(server, &call)
        .await
        .map_err(|failure| faults::of_object(server, &step.object, failure))?;
    Ok(rollout::name(kind, &answer))
}

/// Sends an apply; makes the namespace first where that is wished and it is not there.
async fn send(server: &Server, call: &Call) -> Result<Value, Failure> {
    let mut met = 0;
    loop {
        match server.read(call).await {
            Err(Failure::Refused(status))
                if faults::is_of_namespace(&status) && namespace::create(server).await? => {}
            Err(Failure::Refused(status))
                if status.code == 409 && status.details.is_none() && met < MEETINGS =>
            {
                met += 1;
            }
            end => return end,
        }
    }
}

fn wanted(step: &Step) -> Result<&Wanted, Fault> {
    let missing = || {
        Fault::Other(format!(
            "{}: the plan does not say what it is to be",
            step.object
        ))
    };
    step.wanted.as_ref().ok_or_else(missing)
}

/// The object as it is sent: with a secret's value, and the versions of secrets tasks mount.
async fn content(server: &Server, wanted: &Wanted, secrets: &Secrets) -> Result<Value, Fault> {
    let mut body = wanted.object.body.clone();
    if let Role::Secret { key } = &wanted.role {
        let data = data(wanted, key, secrets)?;
        if let Some(fields) = body.as_object_mut() {
            fields.insert("data".to_owned(), data);
        }
    }
    if marks::task_annotation(&body, marks::SECRETS).is_some() {
        let versions = secret_versions(server, wanted).await?;
        marks::annotate(
            &mut body,
            "/spec/template/metadata",
            marks::SECRETS,
            &versions,
        );
    }
    Ok(body)
}

fn data(wanted: &Wanted, key: &str, secrets: &Secrets) -> Result<Value, Fault> {
    let value = secrets.get(key).ok_or_else(|| Fault::SecretMissing {
        secret: key.to_owned(),
        reason: "nothing gave one for this run".to_owned(),
    })?;
    let file = marks::annotation(&wanted.object.body, marks::FILE).unwrap_or(key);
    Ok(Value::Object(Map::from_iter([(
        file.to_owned(),
        STANDARD.encode(value.expose()).into(),
    )])))
}

/// The secrets tasks mount and the version of each, as they are now.
async fn secret_versions(server: &Server, wanted: &Wanted) -> Result<String, Fault> {
    let secrets = wanted
        .uses
        .iter()
        .filter(|id| Kind::of(id) == Some(Kind::Secret));
    let versions = join_all(secrets.map(|id| secret_version(server, id))).await;
    let pairs: Vec<_> = versions.into_iter().collect::<Result<_, _>>()?;
    Ok(pairs.join(","))
}

async fn secret_version(server: &Server, id: &ObjectId) -> Result<String, Fault> {
    let call = Call::get(Kind::Secret.path(&server.namespace, &id.name)).accepting(METADATA_ONLY);
    let metadata: Value = server
        .read(&call)
        .await
        .map_err(|failure| faults::of_object(server, id, failure))?;
    let version = metadata
        .pointer("/metadata/resourceVersion")
        .and_then(Value::as_str);
    Ok(format!("{}={}", id.name, version.unwrap_or_default()))
}

/// Asks the API server what it would say to a step, without doing it.
pub(super) async fn rehearse(server: &Server, step: &Step) -> Result<(), Fault> {
    let (Action::Create | Action::Update, Some(wanted)) = (step.action, &step.wanted) else {
        return Ok(());
    };
    let kind = Kind::must_be(&step.object)?;
    let call = Call::new(
        Method::PATCH,
        kind.path(&server.namespace, &step.object.name),
    )
    .with("fieldManager", marks::MANAGER)
    .with("force", "false")
    .with("fieldValidation", "Strict")
    .with("dryRun", "All")
    .sending(APPLY, &wanted.object.body);
    match server.send(&call).await {
        Ok(_) => Ok(()),
        Err(failure) => {
            let fault = faults::of_object(server, &step.object, failure);
            // Changed: another run writes at this moment, and the lock decides who goes on.
            if matches!(fault, Fault::Changed { object: _ }) {
                return Ok(());
            }
            Err(fault)
        }
    }
}
