//! Relative paths of a tree, made to start from another directory.
//!
//! Source: compose-go 2.16.2, `paths/`. The typed stage does the same for a whole project; this is
//! for what is included or extended from another directory, before it is merged.

use std::sync::LazyLock;

use tranship_yaml::{Kind, Node, Scalar};

use crate::file_path;
use crate::nodes;
use crate::trie::Branch;

/// What kind of path stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathKind {
    /// A file or directory.
    File,
    /// A file or directory; a Windows path counts as absolute.
    HostFile,
    /// A build context, which may be a URL or another service.
    Context,
    /// A file that may be remote.
    Extends,
    /// A mount, whose source is a path if it is a bind.
    Mount,
    /// A volume, whose device is a path if it is a local bind.
    Volume,
}

static PATHS: LazyLock<Branch<PathKind>> = LazyLock::new(paths);

fn paths() -> Branch<PathKind> {
    use PathKind::{Context, Extends, File, HostFile, Mount, Volume};
    let mut paths = Branch::new();
    paths.add_below(
        &["services.*", "jobs.*"],
        &[
            ("build.context", Context),
            ("build.additional_contexts.*", Context),
            ("build.ssh.*", HostFile),
            ("extends.file", Extends),
        ],
    );
    paths.add_below(
        &["services.*", "jobs.*", "services.*.pre_start.*"],
        &[
            ("env_file.*.path", File),
            ("label_file.*", File),
            ("volumes.*", Mount),
        ],
    );
    paths.add("services.*.develop.watch.*.path", File);
    paths.add("configs.*.file", HostFile);
    paths.add("secrets.*.file", HostFile);
    paths.add("volumes.*", Volume);
    paths
}

/// Makes every relative path of a tree in its long form start from `directory`.
pub(crate) fn resolve(document: &mut Node, directory: &str, home: Option<&str>) {
    Resolver { directory, home }.walk(document, Some(&PATHS));
}

struct Resolver<'a> {
    directory: &'a str,
    home: Option<&'a str>,
}

impl Resolver<'_> {
    fn walk(&self, node: &mut Node, paths: Option<&Branch<PathKind>>) {
        let Some(paths) = paths else {
            return;
        };
        if let Some(kind) = paths.rule() {
            return self.apply(kind, node);
        }
        match &mut node.kind {
            Kind::Mapping(entries) => {
                for (key, value) in entries {
                    self.walk(value, paths.key(&key.text));
                }
            }
            Kind::Sequence(items) => {
                for item in items {
                    self.walk(item, paths.item());
                }
            }
            Kind::Scalar(_) => {}
        }
    }

    fn apply(&self, kind: PathKind, node: &mut Node) {
        match kind {
            PathKind::File => self.change(node, |path| !file_path::is_absolute(path)),
            PathKind::HostFile => self.change(node, is_relative_host_path),
            PathKind::Context => self.change(node, |path| {
                let elsewhere = path.contains("://") || path.starts_with("service:");
                !elsewhere && !file_path::is_remote(path) && !file_path::is_absolute(path)
            }),
            PathKind::Extends => self.change(node, |path| {
                !file_path::is_remote(path) && !file_path::is_absolute(path)
            }),
            PathKind::Mount => {
                if nodes::text_of(node, "type") == Some("bind")
                    && let Some(source) = nodes::get_mut(node, "source")
                {
                    self.change(source, is_relative_host_path);
                }
            }
            PathKind::Volume => self.volume(node),
        }
    }

    fn volume(&self, node: &mut Node) {
        let is_local = nodes::text_of(node, "driver") == Some("local");
        let Some(options) = nodes::get_mut(node, "driver_opts").filter(|_| is_local) else {
            return;
        };
        if nodes::text_of(options, "o") == Some("bind")
            && let Some(device) = nodes::get_mut(options, "device")
        {
            self.change(device, is_relative_host_path);
        }
    }

    fn change(&self, node: &mut Node, is_relative: impl Fn(&str) -> bool) {
        let Kind::Scalar(scalar) = &mut node.kind else {
            return;
        };
        let path = self.expand_home(&scalar.text);
        if path.is_empty() {
            return;
        }
        let changed = if is_relative(&path) {
            file_path::below(self.directory, &path)
        } else {
            path
        };
        set_text(scalar, changed);
    }

    fn expand_home(&self, path: &str) -> String {
        match (path.strip_prefix('~'), self.home) {
            (Some(rest), Some(home)) => file_path::clean(&format!("{home}/{rest}")),
            (None, _) | (_, None) => path.to_owned(),
        }
    }
}

fn set_text(scalar: &mut Scalar, text: String) {
    if *scalar.text != *text {
        scalar.text = text.into();
    }
}

/// Neither absolute on Unix nor on Windows.
fn is_relative_host_path(path: &str) -> bool {
    !file_path::is_absolute(path) && !file_path::is_absolute_on_windows(path)
}
