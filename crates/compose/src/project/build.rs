//! How an image is built.

use serde::{Serialize, Serializer};

use super::FileReference;
use super::attribute::attributes;
use super::values::{given, key_value_pairs, ssh_keys, string_or_list, text_or_boolean};
use crate::field::{ByteSize, Environment, ExtraHosts, Labels, Map, Ulimit};

attributes! {
    /// How an image is built.
    ///
    /// Source: [Compose build specification](https://docs.docker.com/reference/compose-file/build/).
    open struct Build short Build::decode_short, {
        /// The directory, archive or repository it is built from.
        context: Option<String> = given,
        /// The recipe, relative to the context.
        dockerfile: Option<String> = given,
        /// The recipe itself.
        dockerfile_inline: Option<String> = given,
        /// Privileges the build may use.
        entitlements: Vec<String>,
        /// Values for the recipe's arguments.
        args: Environment,
        /// Whether and how the image's origin is attested.
        provenance: Option<String> = text_or_boolean,
        /// Whether and how the image's content is attested.
        sbom: Option<String> = text_or_boolean,
        /// Keys the build may use.
        ssh: Vec<SshKey> = ssh_keys,
        /// Labels of the image.
        labels: Labels,
        /// Where cached layers come from.
        cache_from: Vec<String>,
        /// Where layers are cached.
        cache_to: Vec<String>,
        /// Whether cached layers are left aside.
        no_cache: bool,
        /// Stages for which cached layers are left aside.
        no_cache_filter: Vec<String> = string_or_list,
        /// More directories, by the name the recipe knows them by.
        additional_contexts: Labels = key_value_pairs,
        /// Whether base images are fetched again.
        pull: bool,
        /// Host names with their addresses.
        extra_hosts: ExtraHosts,
        /// How build containers are kept apart.
        isolation: Option<String>,
        /// The network of the build.
        network: Option<String>,
        /// The stage to stop at.
        target: Option<String>,
        /// Secrets the build may read.
        secrets: Vec<FileReference>,
        /// The size of `/dev/shm`.
        shm_size: Option<ByteSize>,
        /// More names for the image.
        tags: Vec<String>,
        /// Limits of the build's processes.
        ulimits: Map<Ulimit>,
        /// The platforms to build for.
        platforms: Vec<String>,
        /// Whether the build may do nearly everything on the host.
        privileged: bool,
    }
}

/// A key the build may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshKey {
    /// What the recipe calls it; `default` is the agent.
    pub id: String,
    /// A key file or the agent's socket.
    pub path: Option<String>,
}

impl Serialize for SshKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.path {
            Some(path) => serializer.collect_str(&format_args!("{}: {path}", self.id)),
            None => serializer.serialize_str(&self.id),
        }
    }
}
