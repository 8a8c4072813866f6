//! Secrets: values in Secrets Manager, under the names the stack gives them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tranship_backend::deploy::{Fault, Live, Role, SecretValue, Secrets, Wanted};
use tranship_model::ObjectId;

use super::caller::{Api, CallError};
use super::observe::{at, list, owner, set_member, text};
use super::{Account, kinds, marks};

/// What says that there is none.
const MISSING: [&str; 1] = ["ResourceNotFoundException"];

impl Account {
    /// Calls Secrets Manager.
    pub(super) async fn secrets(
        &self,
        operation: &str,
        request: Value,
    ) -> Result<Value, CallError> {
        self.caller.call(Api::Secrets, operation, &request).await
    }

    /// What describes a secret; none when there is none.
    pub(super) async fn describe_secret(&self, name: &str) -> Result<Option<Value>, Fault> {
        match self
            .secrets("DescribeSecret", json!({"SecretId": name}))
            .await
        {
            Ok(secret)
                if secret
                    .get("DeletedDate")
                    .is_some_and(|date| !date.is_null()) =>
            {
                Ok(None)
            }
            Ok(secret) => Ok(Some(secret)),
            Err(error) if error.is(&MISSING) => Ok(None),
            Err(error) => Err(error.fault()),
        }
    }

    /// The wanted secrets that are there, and those with the mark of the stack.
    pub(super) async fn live_secrets(
        &self,
        stack: &str,
        wanted: &[Wanted],
        secrets: &Secrets,
    ) -> Result<Vec<Live>, Fault> {
        let is_secret = |wanted: &&Wanted| wanted.object.id.kind == kinds::SECRET;
        let mut names: Vec<(String, String)> = wanted
            .iter()
            .filter(is_secret)
            .map(|wanted| (wanted.object.id.name.to_string(), key(wanted).to_owned()))
            .collect();
        for name in self.marked_secrets(stack).await? {
            if names.iter().all(|(known, _)| *known != name) {
                names.push((name, String::new()));
            }
        }
        let lives = names
            .iter()
            .map(|(name, key)| self.live_secret(stack, name, key, secrets));
        Ok(try_join_all(lives).await?.into_iter().flatten().collect())
    }

    /// The names of secrets with the mark of the stack, our own notes aside.
    async fn marked_secrets(&self, stack: &str) -> Result<Vec<String>, Fault> {
        let mut request = json!({"Filters": [
            {"Key": "tag-key", "Values": [marks::STACK]},
            {"Key": "tag-value", "Values": [stack]},
        ]});
        let mut names = Vec::new();
        loop {
            let answer = self
                .secrets("ListSecrets", request.clone())
                .await
                .map_err(CallError::fault)?;
            let ours = list(&answer, "SecretList")
                .filter(|secret| marks::tag(at(secret, "Tags"), marks::STACK) == Some(stack))
                .filter(|secret| secret.get("DeletedDate").is_none_or(Value::is_null));
            names.extend(ours.map(|secret| text(secret, "Name").to_owned()));
            match answer.get("NextToken").filter(|token| token.is_string()) {
                Some(token) => set_member(&mut request, "NextToken", token.clone()),
                None => return Ok(names),
            }
        }
    }

    async fn live_secret(
        &self,
        stack: &str,
        name: &str,
        key: &str,
        secrets: &Secrets,
    ) -> Result<Option<Live>, Fault> {
        let Some(described) = self.describe_secret(name).await? else {
            return Ok(None);
        };
        let owner = owner(at(&described, "Tags"), stack);
        let secret_is_current = match secrets.get(key) {
            Some(value) => self.holds(name, value).await?,
            None => true,
        };
        Ok(Some(Live {
            id: ObjectId::new(kinds::SECRET, name),
            body: json!({}),
            version: marks::hash(&json!([
                at(&described, "ARN"),
                at(&described, "VersionIdsToStages")
            ])),
            owner,
            role: Role::Secret {
                key: key.to_owned(),
            },
            secret_is_current,
        }))
    }

    async fn holds(&self, name: &str, value: &SecretValue) -> Result<bool, Fault> {
        match self
            .secrets("GetSecretValue", json!({"SecretId": name}))
            .await
        {
            Ok(stored) => {
                let (member, wanted) = member(value);
                Ok(stored.get(member) == Some(&wanted))
            }
            Err(error) if error.is(&MISSING) => Ok(false),
            Err(error) => Err(error.fault()),
        }
    }

    /// Stores a secret's value.
    pub(super) async fn put_secret(
        &self,
        stack: &str,
        wanted: &Wanted,
        secrets: &Secrets,
    ) -> Result<(), Fault> {
        let key = key(wanted);
        let value = secrets.get(key).ok_or_else(|| Fault::SecretMissing {
            secret: key.to_owned(),
            reason: "no value was given".to_owned(),
        })?;
        let id = &wanted.object.id;
        let tags = json!([{"Key": marks::STACK, "Value": stack}]);
        let (member, value) = member(value);
        let mut create =
            json!({"Name": &*id.name, "Tags": tags, "ClientRequestToken": marks::token()});
        set_member(&mut create, member, value.clone());
        match self.secrets("CreateSecret", create).await {
            Ok(_) => return Ok(()),
            Err(error) if error.is(&["ResourceExistsException"]) => {}
            Err(error) => return Err(error.about(id)),
        }
        let mut put = json!({"SecretId": &*id.name, "ClientRequestToken": marks::token()});
        set_member(&mut put, member, value);
        self.secrets("PutSecretValue", put)
            .await
            .map_err(|error| error.about(id))?;
        let mark = json!({"SecretId": &*id.name, "Tags": tags});
        let marked = self.secrets("TagResource", mark).await;
        marked.map(drop).map_err(|error| error.about(id))
    }

    /// Deletes a secret at once: what a stack is made from can store it again.
    pub(super) async fn delete_secret(&self, name: &str) -> Result<(), Fault> {
        let request = json!({"SecretId": name, "ForceDeleteWithoutRecovery": true});
        match self.secrets("DeleteSecret", request).await {
            Err(error) if !error.is(&MISSING) => Err(error.fault()),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

fn key(wanted: &Wanted) -> &str {
    match &wanted.role {
        Role::Secret { key } => key,
        Role::Foundation | Role::Content | Role::Storage | Role::Workload { .. } => "",
    }
}

/// A value as it is sent: as text where it is text.
fn member(value: &SecretValue) -> (&'static str, Value) {
    match std::str::from_utf8(value.expose()) {
        Ok(text) => ("SecretString", Value::from(text)),
        Err(_) => ("SecretBinary", Value::from(STANDARD.encode(value.expose()))),
    }
}
