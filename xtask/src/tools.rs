//! The programs the checks use, installed where only this project sees them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::command::{exists, stdout, succeed};
use crate::paths::{exclusive, root, scratch};

/// The virtual environment with the checkers of `xtask/checks/requirements.txt`.
///
/// Returns `None` where there is no Python.
pub(crate) fn python() -> Result<Option<PathBuf>> {
    environment("venv", &root().join("xtask/checks/requirements.txt"))
}

/// A virtual environment of its own with what a file of requirements pins.
///
/// Returns `None` where there is no Python.
pub(crate) fn environment(name: &str, requirements: &Path) -> Result<Option<PathBuf>> {
    if !exists("python3") {
        return Ok(None);
    }
    let wanted = fs::read_to_string(requirements)?;
    let _lock = exclusive("python")?;
    let folder = scratch(name);
    let stamp = folder.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(folder.join("bin")));
    }
    make_environment(&folder)?;
    succeed(
        Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(requirements),
    )?;
    fs::write(&stamp, wanted)?;
    Ok(Some(folder.join("bin")))
}

fn make_environment(folder: &PathBuf) -> Result<()> {
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(folder)
        .status()?;
    if made.success() {
        return Ok(());
    }
    // Debian keeps the module in a package of its own.
    install("python3-venv")?;
    succeed(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )
}

/// Installs a Debian package, if this is Debian and the caller may.
pub(crate) fn install(package: &str) -> Result<()> {
    if !nix::unistd::geteuid().is_root() || !exists("apt-get") {
        anyhow::bail!("`{package}` is missing; install it, or run as root on Debian");
    }
    let _lock = exclusive("packages")?;
    eprintln!("installing {package}");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-qq", "-y"])
            .args(arguments);
        stdout(&mut command)
    };
    apt(&["update"])?;
    apt(&["install", "--no-install-recommends", package])?;
    Ok(())
}

/// The `tranship` binary of the development profile, built if need be.
pub(crate) fn tranship() -> Result<PathBuf> {
    build(&[])?;
    Ok(crate::paths::target().join("debug/tranship"))
}

/// The optimised `tranship` binary and the bare scan beside it.
pub(crate) fn optimised() -> Result<(PathBuf, PathBuf)> {
    build(&["--release"])?;
    succeed(
        cargo()
            .args([
                "build",
                "--quiet",
                "--release",
                "-p",
                "tranship-yaml",
                "--example",
                "scan",
            ])
            .current_dir(root()),
    )?;
    let folder = crate::paths::target().join("release");
    Ok((folder.join("tranship"), folder.join("examples/scan")))
}

fn build(flags: &[&str]) -> Result<()> {
    succeed(
        cargo()
            .args(["build", "--quiet", "-p", "tranship"])
            .args(flags)
            .current_dir(root()),
    )
    .context("tranship does not build")
}

/// The cargo that runs us, without what it tells us about ourselves: build scripts that read that
/// would run again, and all that stands on them be built again, each time people run cargo
/// themselves in between.
pub(crate) fn cargo() -> Command {
    let program = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(program);
    let own = env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    });
    for name in own {
        command.env_remove(name);
    }
    command
}
