//! Our own notes about a stack: configs whose labels hold the text.
//!
//! A name of a config exists once in a swarm, so of two that create it one loses; and an update
//! names the version it saw, so of two that write one loses, too. Only a delete asks for nothing:
//! so a note is emptied first, by an update, and only an empty one is ever deleted. Nobody writes
//! to an empty one.

use async_trait::async_trait;
use hyper::Method;
use serde_json::{Value, json};
use tranship_backend::deploy::{Conflict, Fault, Note, Store, Stored, Written};
use tranship_model::ObjectId;

use super::apply::find;
use super::inventory::{Item, Kind, refusal, succeeded};
use super::labels::{self, NOTE, STACK, TEXT};
use super::transport::Engine;
use crate::names::{Case, stored_name};

/// Notes in an engine.
pub(super) struct Notes {
    pub(super) engine: std::sync::Arc<Engine>,
}

/// The engine wants a config to have some data.
const DATA: &str = "dHJhbnNoaXAK";

#[async_trait]
impl Store for Notes {
    async fn read(&self, stack: &str, note: Note) -> Result<Option<Stored>, Fault> {
        let found = self.find(stack, note).await?;
        Ok(found.filter(|item| !is_empty(item)).map(|item| Stored {
            text: text(&item).to_owned(),
            version: version(&item.id, item.version),
        }))
    }

    async fn write(
        &self,
        stack: &str,
        note: Note,
        text: &str,
        expected: Option<&str>,
    ) -> Result<Written, Fault> {
        match expected {
            None => self.create(stack, note, text).await,
            Some(expected) => self.update(stack, note, text, expected).await,
        }
    }

    async fn delete(&self, stack: &str, note: Note, expected: &str) -> Result<(), Fault> {
        match self.update(stack, note, "", expected).await? {
            Written::Done { version: _ } => self.erase(expected).await,
            Written::Lost => Ok(()),
        }
    }
}

impl Notes {
    async fn find(&self, stack: &str, note: Note) -> Result<Option<Item>, Fault> {
        let name = name(stack, note);
        let found = find(&self.engine, Kind::Config, &name).await?;
        match found {
            // A config is found by the beginning of its identity, too.
            Some(item) if item.name != name => Ok(None),
            Some(item) if labels::label(&item.spec, STACK) != Some(stack) => {
                let object = ObjectId::new("config", name);
                let (field, owner) = (None, None);
                let conflicts = vec![Conflict {
                    object,
                    field,
                    owner,
                }];
                Err(Fault::Conflict { conflicts })
            }
            found => Ok(found),
        }
    }

    async fn create(&self, stack: &str, note: Note, text: &str) -> Result<Written, Fault> {
        if let Some(left) = self.find(stack, note).await?.filter(is_empty) {
            self.erase(&version(&left.id, left.version)).await?;
        }
        let mut body = spec(stack, note, text);
        labels::put(&mut body, "Data", Value::from(DATA));
        let path = "/configs/create";
        let answer = self.engine.call(Method::POST, path, Some(&body)).await?;
        if answer.status.as_u16() == 409 {
            // Ours all the same, if the first try came through and its answer did not.
            let found = self.find(stack, note).await?;
            let ours = found.filter(|item| self::text(item) == text);
            return Ok(ours.map_or(Written::Lost, |item| Written::Done {
                version: version(&item.id, item.version),
            }));
        }
        succeeded(&self.engine, answer)?;
        let written = self.find(stack, note).await?;
        Ok(written.map_or(Written::Lost, |item| Written::Done {
            version: version(&item.id, item.version),
        }))
    }

    async fn update(
        &self,
        stack: &str,
        note: Note,
        text: &str,
        expected: &str,
    ) -> Result<Written, Fault> {
        let Some((id, index)) = expected.split_once(':') else {
            return Ok(Written::Lost);
        };
        let path = format!("/configs/{id}/update?version={index}");
        let body = spec(stack, note, text);
        let answer = self.engine.call(Method::POST, &path, Some(&body)).await?;
        let is_lost = answer.status.as_u16() == 404 || answer.message().contains("out of sequence");
        if !is_lost && !answer.status.is_success() {
            return Err(refusal(&self.engine, &answer, None));
        }
        let found = self.find(stack, note).await?;
        let ours = found.filter(|item| item.id == id && self::text(item) == text);
        Ok(ours.map_or(Written::Lost, |item| Written::Done {
            version: version(&item.id, item.version),
        }))
    }

    /// Deletes an empty note.
    async fn erase(&self, version: &str) -> Result<(), Fault> {
        let id = version.split(':').next().unwrap_or_default();
        let path = format!("/configs/{id}");
        let answer = self.engine.call(Method::DELETE, &path, None).await?;
        if answer.status.is_success() || answer.status.as_u16() == 404 {
            return Ok(());
        }
        Err(refusal(&self.engine, &answer, None))
    }
}

fn spec(stack: &str, note: Note, text: &str) -> Value {
    json!({
        "Name": name(stack, note),
        "Labels": { STACK: stack, NOTE: note.as_str(), TEXT: text },
    })
}

fn name(stack: &str, note: Note) -> String {
    stored_name(&format!("tranship_{stack}_{}", note.as_str()), Case::Lower)
}

fn version(id: &str, index: u64) -> String {
    format!("{id}:{index}")
}

fn text(item: &Item) -> &str {
    labels::label(&item.spec, TEXT).unwrap_or_default()
}

fn is_empty(item: &Item) -> bool {
    text(item).is_empty()
}
