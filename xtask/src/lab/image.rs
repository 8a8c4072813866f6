//! Images made from static programs, without a registry.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::go::PROBE;
use crate::command::{output, stdout};
use crate::paths::{exclusive, scratch};
use crate::tools::install;

/// What the shell of images is called by.
const APPLETS: &[&str] = &[
    "sh", "sleep", "httpd", "touch", "test", "cat", "echo", "true", "false", "nc", "ls", "id",
    "env", "mkdir", "rm", "grep", "date", "hostname", "kill", "ps", "printf", "head", "tail",
    "base64", "chmod", "chown", "nslookup", "wc",
];

/// The files of an image, packed, and the names it shall have.
pub(crate) struct Archive {
    /// A tar file of the root file system.
    pub(crate) file: PathBuf,
    /// Names of images as stacks write them.
    pub(crate) names: Vec<String>,
}

impl Archive {
    /// The test program with a static shell beside it.
    pub(crate) fn of_probe(names: &[String]) -> Result<Self> {
        let _lock = exclusive("image")?;
        let root = scratch("lab/image");
        fill(&root)?;
        let new = scratch("lab/new.tar");
        let mut tar = Command::new("tar");
        tar.args(["--owner=0", "--group=0", "--sort=name", "--mtime=@0", "-C"]);
        stdout(tar.arg(&root).arg("-cf").arg(&new).arg("."))?;
        // Others may be reading the one before.
        let file = scratch("lab/image.tar");
        fs::rename(new, &file)?;
        Ok(Self {
            file,
            names: names.to_vec(),
        })
    }

    /// Gives the images to an engine. `docker` makes a command against it.
    pub(crate) fn import_into_docker(&self, docker: impl Fn(&[&str]) -> Command) -> Result<()> {
        for name in &self.names {
            // Each knows its own name, so that tests can tell them apart.
            let environment = format!("ENV PATH=/bin IMAGE={name}");
            let command = r#"CMD ["/bin/probe", "serve"]"#;
            let mut import = docker(&["import", "--change", &environment, "--change", command]);
            stdout(import.arg(&self.file).arg(name))?;
        }
        Ok(())
    }
}

fn fill(root: &Path) -> Result<()> {
    for folder in ["bin", "tmp", "www", "etc", "run", "var"] {
        fs::create_dir_all(root.join(folder))?;
    }
    fs::copy(busybox()?, root.join("bin/busybox"))?;
    fs::copy(PROBE.build()?.join(PROBE.folder), root.join("bin/probe"))?;
    for name in APPLETS {
        let link = root.join("bin").join(name);
        if !link.exists() {
            symlink("busybox", link)?;
        }
    }
    fs::write(root.join("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n")?;
    fs::write(root.join("etc/group"), "root:x:0:\n")?;
    Ok(())
}

/// Debian's static busybox, installed if need be.
fn busybox() -> Result<PathBuf> {
    if let Some(found) = static_busybox() {
        return Ok(found);
    }
    install("busybox-static")?;
    static_busybox().context("no static busybox")
}

fn static_busybox() -> Option<PathBuf> {
    let places = ["/usr/bin/busybox", "/bin/busybox"].map(PathBuf::from);
    places.into_iter().find(|path| {
        // Debian's ordinary busybox is linked dynamically and would not start alone in an image.
        path.is_file()
            && output(Command::new("ldd").arg(path)).is_ok_and(|said| {
                String::from_utf8_lossy(&said.stderr).contains("not a dynamic executable")
            })
    })
}
