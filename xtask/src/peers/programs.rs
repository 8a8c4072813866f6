//! The programs we are measured beside, built from their sources where only this project sees them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::command::{exists, succeed};
use crate::paths::{root, scratch};

/// A program of others: the folder of `xtask/peers` that pins its version, and its main package.
struct Source {
    name: &'static str,
    package: &'static str,
}

const KOMPOSE: Source = Source {
    name: "kompose",
    package: ".",
};

const COMPOSE: Source = Source {
    name: "docker-compose",
    package: "github.com/docker/compose/v5/cmd",
};

/// The peers that could be had.
#[derive(Default)]
pub(crate) struct Peers {
    /// kompose.
    pub(crate) kompose: Option<PathBuf>,
    /// docker compose, as a program of its own.
    pub(crate) compose: Option<PathBuf>,
}

/// Builds the peers with Go, unless that was done before; without Go, those that are installed.
pub(crate) fn peers() -> Peers {
    Peers {
        kompose: KOMPOSE.find(),
        compose: COMPOSE.find(),
    }
}

impl Source {
    fn find(&self) -> Option<PathBuf> {
        let installed = || exists(self.name).then(|| PathBuf::from(self.name));
        if !exists("go") {
            return installed();
        }
        match self.build() {
            Ok(program) => Some(program),
            Err(error) => {
                eprintln!("{} does not build: {error:#}", self.name);
                installed()
            }
        }
    }

    /// The versions are those of the checked-in `go.mod`, so that two runs measure the same.
    fn build(&self) -> Result<PathBuf> {
        let folder = scratch("peers");
        fs::create_dir_all(&folder)?;
        let program = folder.join(self.name);
        if !program.is_file() {
            succeed(
                Command::new("go")
                    .args(["build", "-trimpath", "-o"])
                    .arg(&program)
                    .arg(self.package)
                    .current_dir(root().join("xtask/peers").join(self.name)),
            )?;
        }
        Ok(program)
    }
}
