//! The laboratory's own Go programs, built when they are first needed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::{exists, output, stdout, succeed};
use crate::paths::{exclusive, root, scratch};
use crate::tools::install;

/// The toolchain taken from Go's module proxy where there is no Go, or an old one.
const VERSION: &str = "1.25.5";

/// The oldest minor version of Go 1 that fetches a newer one by itself when a module asks.
const OLDEST: u32 = 21;

/// A Go module of this project, and what is built from it.
pub(super) struct Module {
    /// Its folder below `lab`.
    pub(super) folder: &'static str,
    /// Packages, each of which becomes a program named as its folder.
    pub(super) packages: &'static [&'static str],
    /// Whether it may need the machine's C library.
    pub(super) linking: Linking,
    /// Variables the linker sets.
    pub(super) variables: &'static [(&'static str, &'static str)],
}

/// What a program needs of the machine it runs on.
#[derive(Clone, Copy)]
pub(super) enum Linking {
    /// Nothing: it can be alone in an image.
    Static,
    /// The C library, where there is a compiler for it.
    Any,
}

/// The program in the containers of live tests.
pub(super) const PROBE: Module = Module {
    folder: "probe",
    packages: &["."],
    linking: Linking::Static,
    variables: &[],
};

/// Helm's own engine on one chart.
pub(super) const HELM: Module = Module {
    folder: "helm",
    packages: &["."],
    linking: Linking::Static,
    variables: &[],
};

/// Where built programs are.
pub(super) fn programs() -> PathBuf {
    scratch("lab/bin")
}

impl Module {
    /// Builds the programs and returns the folder they are in. Go's own cache makes
    /// this a matter of a second when nothing changed.
    pub(super) fn build(&self) -> Result<PathBuf> {
        let _lock = exclusive("programs")?;
        let programs = programs();
        fs::create_dir_all(&programs)?;
        if !programs.join(self.folder).exists() {
            eprintln!("building lab/{}; later builds are quick", self.folder);
        }
        let mut flags = "-s -w".to_owned();
        for (name, value) in self.variables {
            flags.push_str(&[" -X ", name, "=", value].concat());
        }
        let mut build = Command::new(toolchain()?);
        build
            .current_dir(root().join("lab").join(self.folder))
            .args(["build", "-trimpath", "-ldflags", &flags, "-o"])
            .arg(format!("{}/", programs.display()))
            .args(self.packages);
        match self.linking {
            Linking::Static => build.env("CGO_ENABLED", "0"),
            Linking::Any => &mut build,
        };
        succeed(&mut build)?;
        Ok(programs)
    }
}

/// Why nothing can be built here, if so.
pub(super) fn obstacle() -> Option<&'static str> {
    let is_there = exists("go") || Path::new("/usr/local/go/bin/go").is_file();
    (!is_there && !exists("apt-get")).then_some("the laboratory needs Go")
}

/// A Go that is new enough: the caller's, else one of our own.
fn toolchain() -> Result<PathBuf> {
    let own = scratch("lab/go/bin/go");
    let candidates = [
        PathBuf::from("go"),
        PathBuf::from("/usr/local/go/bin/go"),
        own.clone(),
    ];
    for go in candidates {
        if minor_version(&go).is_some_and(|minor| minor >= OLDEST) {
            return Ok(go);
        }
    }
    fetch(&own)?;
    Ok(own)
}

/// The minor version of a Go 1, if it can be started.
fn minor_version(go: &Path) -> Option<u32> {
    let said = output(Command::new(go).args(["env", "GOVERSION"])).ok()?;
    let version = String::from_utf8(said.stdout).ok()?;
    let (_, version) = version.trim().split_once("go1.")?;
    version.split('.').next()?.parse().ok()
}

/// Takes a toolchain from the module proxy, by means of Debian's Go, which is too old itself.
fn fetch(own: &Path) -> Result<()> {
    if minor_version(Path::new("go")).is_none() {
        install("golang-go")?;
    }
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        "x86_64" => "amd64",
        other => other,
    };
    let module = format!("golang.org/toolchain@v0.0.1-go{VERSION}.linux-{architecture}");
    eprintln!("downloading Go {VERSION}");
    let said = stdout(Command::new("go").args(["mod", "download", "-json", &module]))?;
    let said: Value = serde_json::from_str(&said)?;
    let downloaded = said.get("Dir").and_then(Value::as_str);
    let downloaded = downloaded.context("Go did not say where the toolchain is")?;
    let folder = scratch("lab/go");
    super::instance::remove_tree(&folder)?;
    fs::create_dir_all(scratch("lab"))?;
    succeed(Command::new("cp").args(["-r", downloaded]).arg(&folder))?;
    succeed(Command::new("chmod").args(["-R", "u+w"]).arg(&folder))?;
    make_executable(&folder.join("pkg/tool"))?;
    make_executable(own.parent().context("no folder of programs")?)
}

/// Modules carry no permissions: newer versions of Go set these when they unpack a toolchain.
fn make_executable(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            make_executable(&path)?;
        } else {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
    }
    Ok(())
}
