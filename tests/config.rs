//! `tranship config`, where the environment of the test must not show.

use std::fs;
use std::process::Command;

#[test]
fn the_variables_of_a_project_are_those_given_with_pwd_and_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("compose.yaml");
    fs::write(file, "name: shop\nservices: {web: {image: nginx}}\n").expect("a file");
    fs::write(folder.path().join(".env"), "FROM_FILE=1\n").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_tranship"))
        .args(["config", "--environment"])
        .current_dir(folder.path())
        .env_clear()
        .env("OWN", "2")
        .output()
        .expect("tranship starts");
    let real = fs::canonicalize(folder.path()).expect("a path");
    let expected = format!(
        "COMPOSE_PROJECT_NAME=shop\nFROM_FILE=1\nOWN=2\nPWD={}\n",
        real.display()
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}
