//! One file per kind of field: what its text may look like, and what it means.
//!
//! Every type here reads its own short syntax and prints the canonical form of
//! `docker compose config`.

mod bytes;
mod decimal;
mod device;
mod duration;
mod extra_hosts;
mod file_mode;
mod health_test;
mod image;
mod key_values;
mod namespace;
mod port;
mod pull_policy;
mod restart;
mod secret_text;
mod shell_words;
mod switch;
mod ulimit;
mod volume;
mod words;

pub use bytes::{ByteSize, ByteSizeError};
pub use decimal::{Decimal, DecimalError};
pub use device::{DeviceCount, DeviceCountError, DeviceMapping, DeviceMappingError, DeviceRequest};
pub use duration::{Duration, DurationError};
pub use extra_hosts::{ExtraHosts, ExtraHostsError};
pub use file_mode::{FileMode, FileModeError};
pub use health_test::{HealthTest, HealthTestError};
pub use image::ImageReference;
pub use key_values::{Environment, Labels, MultiOptions, Options};
pub use namespace::{CgroupMode, Namespace};
pub use port::{Port, PortError, PortRange, PortRangeError, Protocol, PublishMode};
pub use pull_policy::{PullPolicy, PullPolicyError};
pub use restart::Restart;
pub use secret_text::SecretText;
pub use shell_words::{ShellCommand, ShellWordsError, Split};
pub use switch::{OptOut, Required};
pub use ulimit::{Ulimit, UlimitRange};
pub use volume::{
    Mount, MountBind, MountError, MountImage, MountKind, MountTmpfs, MountVolume, Propagation,
    Recursive, Relabel,
};

/// A mapping with string keys, in the order of the file.
pub type Map<V> = indexmap::IndexMap<String, V, foldhash::fast::RandomState>;

pub(crate) use words::{closed_words, open_words};
