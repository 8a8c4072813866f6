//! Devices: those of the host, and requests for accelerators.

use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

use super::Labels;
use crate::project::attribute::attributes;
use crate::project::values::given;

attributes! {
    /// A device of the host inside a task.
    ///
    /// Source: [Compose specification, `devices`](https://docs.docker.com/reference/compose-file/services/#devices).
    open struct DeviceMapping short DeviceMapping::decode_short, requires ["source", "target"] {
        /// The device of the host, or a CDI name.
        source: Option<String>,
        /// Where the task finds it.
        target: Option<String>,
        /// What the task may do: any of `r`, `w` and `m`.
        permissions: Option<String>,
    }
}

attributes! {
    /// A request for accelerators, of `gpus` and of `deploy.resources.reservations.devices`.
    ///
    /// Source: [Compose deploy specification, `devices`](https://docs.docker.com/reference/compose-file/deploy/#devices).
    open struct DeviceRequest {
        /// What they must be able to do, such as `gpu`.
        capabilities: Vec<String>,
        /// The driver, such as `nvidia`.
        driver: Option<String>,
        /// How many.
        count: Option<DeviceCount> = given,
        /// Which ones; excludes a count.
        device_ids: Vec<String>,
        /// Options for the driver.
        options: Labels,
    }
}

/// How many devices are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceCount {
    /// All there are; printed as -1.
    All,
    /// That many.
    Exactly(i64),
}

/// The text is neither `all` nor a number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is neither `all` nor a number")]
pub struct DeviceCountError(String);

impl FromStr for DeviceCount {
    type Err = DeviceCountError;

    /// Parses `all` or a number.
    ///
    /// # Errors
    ///
    /// Returns [`DeviceCountError`] for any other text.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        match text.parse() {
            Ok(-1) => Ok(Self::All),
            Ok(number) => Ok(Self::Exactly(number)),
            Err(_) => Err(DeviceCountError(text.to_owned())),
        }
    }
}

impl Serialize for DeviceCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(match self {
            Self::All => -1,
            Self::Exactly(number) => *number,
        })
    }
}

/// The text has more than three parts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` has more than a source, a target and permissions")]
pub struct DeviceMappingError(String);

impl FromStr for DeviceMapping {
    type Err = DeviceMappingError;

    /// Parses `source[:target[:permissions]]`; the target is the source, the permissions `rwm`.
    ///
    /// # Errors
    ///
    /// Returns [`DeviceMappingError`] when there are more than three parts.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(':');
        let source = parts.next().unwrap_or("");
        let target = parts
            .next()
            .filter(|target| !target.is_empty())
            .unwrap_or(source);
        let permissions = parts.next().unwrap_or("rwm");
        if parts.next().is_some() {
            return Err(DeviceMappingError(text.to_owned()));
        }
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(Self {
            source: given(source),
            target: given(target),
            permissions: given(permissions),
            ..Self::default()
        })
    }
}
