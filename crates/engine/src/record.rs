//! What was deployed, now and before: kept on the target, beside what it tells about.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tranship_backend::deploy::{Deploy, Fault, Note, Wanted, Written};

use crate::order::Order;
use crate::plan::{Consent, Goal, Leftovers, Wish};

/// The form records are written in; it stands before the text.
const FORMAT: &str = "tranship-record-1:";

/// The largest record that is read, once unpacked: 64 MiB.
const LIMIT: u64 = 64 << 20;

/// A stack's deployments, as far as they matter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The last one that came up.
    pub current: Option<Deployment>,
    /// The one before it.
    pub previous: Option<Deployment>,
    /// One that began and has not come up.
    pub pending: Option<Deployment>,
}

/// What one deployment wanted. No secret's value is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// When it began, RFC 3339.
    pub at: String,
    /// Everything that was to exist.
    pub wanted: Vec<Wanted>,
    /// In which order.
    pub order: Order,
}

impl Deployment {
    /// The wish to have it again, and nothing beside it.
    pub(crate) fn wish(self, stack: &str) -> Wish {
        let Self {
            at: _,
            wanted,
            order,
        } = self;
        Wish {
            stack: stack.to_owned(),
            wanted,
            order,
            goal: Goal::Deploy,
            consent: Consent {
                leftovers: Leftovers::PruneAny,
                ..Consent::default()
            },
        }
    }
}

/// A record that cannot be read: cut short, edited, or by a newer version.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the record of earlier deployments on the target cannot be read: {0}")]
pub struct RecordError(String);

/// A record, and the version it was read in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) record: Record,
    pub(crate) version: Option<String>,
}

impl Record {
    /// Reads the record of a stack; an empty one when there is none.
    pub(crate) async fn read(target: &dyn Deploy, stack: &str) -> Result<Kept, crate::RunError> {
        let Some(stored) = target.store().read(stack, Note::Record).await? else {
            return Ok(Kept::default());
        };
        Ok(Kept {
            record: unpack(&stored.text)?,
            version: Some(stored.version),
        })
    }

    /// Whether a deployment is on its way, or none was ever finished.
    pub(crate) const fn is_unfinished(&self) -> bool {
        self.pending.is_some() || self.current.is_none()
    }

    /// Where `--rollback` goes: before what has not come up, else before what has.
    pub(crate) fn rollback(self) -> Option<Deployment> {
        if self.pending.is_some() {
            return self.current;
        }
        self.previous
    }

    /// The pending deployment came up.
    pub(crate) fn settle(&mut self) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        let replaced = self.current.replace(pending);
        let is_same = |old: &Deployment| {
            self.current
                .as_ref()
                .is_some_and(|new| new.wanted == old.wanted)
        };
        if let Some(old) = replaced.filter(|old| !is_same(old)) {
            self.previous = Some(old);
        }
    }
}

impl Kept {
    /// Writes the record back.
    pub(crate) async fn write(
        &mut self,
        target: &dyn Deploy,
        stack: &str,
    ) -> Result<(), crate::RunError> {
        let text = pack(&self.record)?;
        let expected = self.version.as_deref();
        match target
            .store()
            .write(stack, Note::Record, &text, expected)
            .await?
        {
            Written::Done { version } => {
                self.version = Some(version);
                Ok(())
            }
            // We hold the lock, so only a run that lost it can have written.
            Written::Lost => Err(crate::RunError::LockLost),
        }
    }

    /// Deletes the record.
    pub(crate) async fn delete(&self, target: &dyn Deploy, stack: &str) -> Result<(), Fault> {
        match &self.version {
            Some(version) => target.store().delete(stack, Note::Record, version).await,
            None => Ok(()),
        }
    }
}

fn pack(record: &Record) -> Result<String, RecordError> {
    let broken = |error: &dyn std::fmt::Display| RecordError(error.to_string());
    let json = serde_json::to_vec(record).map_err(|error| broken(&error))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&json).map_err(|error| broken(&error))?;
    let packed = encoder.finish().map_err(|error| broken(&error))?;
    Ok(format!("{FORMAT}{}", STANDARD.encode(packed)))
}

fn unpack(text: &str) -> Result<Record, RecordError> {
    let broken = |error: &dyn std::fmt::Display| RecordError(error.to_string());
    let Some(packed) = text.strip_prefix(FORMAT) else {
        return Err(RecordError(
            "it is not in a form this version knows".to_owned(),
        ));
    };
    let packed = STANDARD
        .decode(packed.trim())
        .map_err(|error| broken(&error))?;
    let mut json = Vec::new();
    let mut decoder = DeflateDecoder::new(packed.as_slice()).take(LIMIT);
    decoder
        .read_to_end(&mut json)
        .map_err(|error| broken(&error))?;
    serde_json::from_slice(&json).map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(at: &str) -> Deployment {
        Deployment {
            at: at.to_owned(),
            wanted: Vec::new(),
            order: Order::default(),
        }
    }

    #[test]
    fn a_record_reads_back_and_a_cut_one_is_an_error() {
        let record = Record {
            current: Some(deployment("2026-01-01T00:00:00Z")),
            ..Record::default()
        };
        let text = pack(&record).unwrap();
        assert_eq!(unpack(&text), Ok(record));
        assert!(unpack(&text[..text.len() - 8]).is_err());
        assert!(unpack("tranship-record-9:").is_err());
    }

    #[test]
    fn rolling_back_leaves_what_is_unfinished_before_what_is_not() {
        let mut record = Record {
            current: Some(deployment("2")),
            previous: Some(deployment("1")),
            pending: Some(deployment("3")),
        };
        assert_eq!(record.clone().rollback(), Some(deployment("2")));
        record.pending = None;
        assert_eq!(record.rollback(), Some(deployment("1")));
    }
}
