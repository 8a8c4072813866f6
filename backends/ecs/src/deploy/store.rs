//! Our own notes: secrets of the account named `tranship/<stack>/lock` and `…/record`.
//!
//! A secret is made only if there is none, and the label `AWSCURRENT` moves only from the version
//! it is named to be on: of two writers one is told no. Deleting has no such condition; it is
//! looked at just before.

use async_trait::async_trait;
use serde_json::json;
use tranship_backend::deploy::{Fault, Note, Store, Stored, Written};

use super::observe::text;
use super::{Account, marks};

#[async_trait]
impl Store for Account {
    async fn read(&self, stack: &str, note: Note) -> Result<Option<Stored>, Fault> {
        let request = json!({"SecretId": name(stack, note)});
        match self.secrets("GetSecretValue", request).await {
            Ok(found) => Ok(Some(Stored {
                text: text(&found, "SecretString").to_owned(),
                version: text(&found, "VersionId").to_owned(),
            })),
            // The second while a deleted one is still on its way out.
            Err(error) if error.is(&["ResourceNotFoundException", "InvalidRequestException"]) => {
                Ok(None)
            }
            Err(error) => Err(error.fault()),
        }
    }

    async fn write(
        &self,
        stack: &str,
        note: Note,
        text: &str,
        expected: Option<&str>,
    ) -> Result<Written, Fault> {
        match expected {
            Some(expected) => self.replace(&name(stack, note), text, expected).await,
            None => self.create(&name(stack, note), text).await,
        }
    }

    async fn delete(&self, stack: &str, note: Note, expected: &str) -> Result<(), Fault> {
        let found = self.read(stack, note).await?;
        if found.is_some_and(|stored| stored.version == expected) {
            self.delete_secret(&name(stack, note)).await?;
        }
        Ok(())
    }
}

impl Account {
    async fn create(&self, name: &str, content: &str) -> Result<Written, Fault> {
        let token = marks::token();
        let request = json!({
            "Name": name,
            "SecretString": content,
            "ClientRequestToken": token,
            "Description": "A note of tranship about a stack; it holds no secret.",
        });
        match self.secrets("CreateSecret", request).await {
            Ok(made) => Ok(Written::Done {
                version: text(&made, "VersionId").to_owned(),
            }),
            // The second while a deleted one is still on its way out.
            Err(error) if error.is(&["ResourceExistsException", "InvalidRequestException"]) => {
                Ok(Written::Lost)
            }
            Err(error) => Err(error.fault()),
        }
    }

    async fn replace(&self, name: &str, content: &str, expected: &str) -> Result<Written, Fault> {
        let lost = [
            "InvalidParameterException",
            "ResourceNotFoundException",
            "InvalidRequestException",
        ];
        let version = marks::token();
        // A label of our own would stay on each version, and keep it from going.
        let put = json!({
            "SecretId": name,
            "SecretString": content,
            "ClientRequestToken": version,
            "VersionStages": ["AWSPENDING"],
        });
        let moved = json!({
            "SecretId": name,
            "VersionStage": "AWSCURRENT",
            "RemoveFromVersionId": expected,
            "MoveToVersionId": version,
        });
        let written = async {
            self.secrets("PutSecretValue", put).await?;
            self.secrets("UpdateSecretVersionStage", moved).await
        };
        match written.await {
            Ok(_) => Ok(Written::Done { version }),
            Err(error) if error.is(&lost) => Ok(Written::Lost),
            Err(error) => Err(error.fault()),
        }
    }
}

fn name(stack: &str, note: Note) -> String {
    format!("tranship/{stack}/{}", note.as_str())
}
