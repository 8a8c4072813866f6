//! What runs in a task, and how it meets its terminal and its log.

use std::time::Duration;

use indexmap::IndexMap;

/// The process of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The image it runs from.
    pub image: Image,
    /// When the image is fetched.
    pub pull_policy: Option<PullPolicy>,
    /// The platform the image must be for.
    pub platform: Option<Platform>,
    /// Replaces the image's entry point; empty clears it.
    pub entrypoint: Option<Vec<String>>,
    /// Replaces the image's default arguments; empty clears them.
    pub arguments: Option<Vec<String>>,
    /// Absolute directory the process starts in.
    pub working_directory: Option<String>,
    /// `user`, `uid`, `user:group` or `uid:gid`.
    pub user: Option<String>,
    /// Names or numbers of further groups.
    pub supplementary_groups: Vec<String>,
    /// Variables; `None` unsets what the image sets.
    pub environment: IndexMap<String, Option<String>>,
    /// Labels of the container.
    pub labels: IndexMap<String, String>,
    /// Annotations for the container runtime.
    pub annotations: IndexMap<String, String>,
    /// Gives the process a terminal.
    pub tty: Option<bool>,
    /// Keeps standard input open.
    pub stdin_open: Option<bool>,
    /// Runs a small init as process 1, which forwards signals and reaps.
    pub init: Option<bool>,
    /// Where standard output and error go.
    pub logging: Option<Logging>,
    /// A name people want for the one container, whatever the service is called.
    pub container_name: Option<String>,
}

/// A container image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Registry, repository, tag or digest, as written.
    pub reference: String,
    /// How the reference came about.
    pub origin: ImageOrigin,
}

/// How an image reference came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageOrigin {
    /// The file names it.
    Named,
    /// The file names it, and also says how to build it.
    NamedAndBuilt,
    /// The file only says how to build it; the reference is the name a local build gives.
    Built,
}

/// When an image is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PullPolicy {
    /// Before every start.
    Always,
    /// When the node does not have it.
    Missing,
    /// Never; the node must have it.
    Never,
    /// Never; it is built from source each time.
    Build,
    /// When the node's copy is older than this.
    OlderThan(Duration),
}

/// An operating system and processor, such as `linux/arm64/v8`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Platform {
    /// As in Go's `GOOS`: `linux`, `windows`.
    pub os: String,
    /// As in Go's `GOARCH`: `amd64`, `arm64`.
    pub architecture: Option<String>,
    /// The architecture's variant, such as `v8`.
    pub variant: Option<String>,
}

/// Where a task's output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// The driver's name, if one is asked for.
    pub driver: Option<String>,
    /// The driver's options.
    pub options: IndexMap<String, String>,
}
