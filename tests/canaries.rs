//! No value of a secret leaves the place it is kept in.
//!
//! Each place holds a word of its own. Nothing any command says or writes may hold it, in any
//! spelling: as it is, which JSON, YAML and URL escapes leave alone, or as base64.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where a word is, and the word.
const CANARIES: &[(&str, &str)] = &[
    ("a secret's file", "canary7f3a01file"),
    ("a secret's variable", "canary7f3a02variable"),
    ("a build secret's file", "canary7f3a03build"),
    ("an external secret's neighbour", "canary7f3a04unused"),
    (
        "a variable the file does not use",
        "canary7f3a05environment",
    ),
    ("a line of .env the file does not use", "canary7f3a06dotenv"),
    ("a registry's password", "canary7f3a07registry"),
    ("a token of a cluster", "canary7f3a08cluster"),
    ("a key of AWS", "canary7f3a09aws"),
];

const COMPOSE: &str = r#"
name: canaries
services:
  web:
    image: registry.example.com/web:1
    build: { context: ., secrets: [build] }
    environment: { TOKEN_FILE: /run/secrets/from_variable }
    secrets:
      - from_file
      - { source: from_variable, target: token, mode: 0o400 }
      - outside
    configs: [{ source: settings, target: /settings }]
  job:
    image: registry.example.com/job:1
    restart: "no"
    secrets: [from_file]
secrets:
  from_file: { file: ./secrets/file, labels: { a: b } }
  from_variable: { environment: CANARY_SECRET }
  build: { file: ./secrets/build }
  outside: { external: true }
configs:
  settings: { content: "a: 1" }
"#;

/// What is asked of it; `OUT` is a directory of the command's own.
const COMMANDS: &[&str] = &[
    "config",
    "config --format json",
    "config --hash *",
    "config --no-interpolate",
    "check",
    "check --format json",
    "check --format sarif",
    "check --format junit",
    "compare",
    "compare --format json",
    "compare --format markdown",
    "compare --format html",
    "convert --to kubernetes",
    "convert --to swarm",
    "convert --to ecs",
    "convert --to ecs:ec2",
    "convert --to kubernetes -o OUT",
    "convert --to swarm -o OUT",
    "convert --to ecs -o OUT",
    "convert --to ecs:ec2 -o OUT",
    "plan --to kubernetes",
    "plan --to swarm",
    "deploy --to kubernetes --events OUT",
    "deploy --to swarm --events OUT",
];

#[test]
fn no_value_of_a_secret_is_in_anything_said_or_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    lay_out(path);
    let mut found = BTreeSet::new();
    for (number, line) in COMMANDS.iter().enumerate() {
        let out = path.join(format!("out{number}"));
        let words = line.split(' ').map(|word| match word {
            "OUT" => out.to_string_lossy().into_owned(),
            _ => word.to_owned(),
        });
        let mut all = said(path, words);
        read(&out, &mut all);
        assert!(!all.is_empty(), "{line} says nothing");
        for (place, word) in CANARIES {
            if spellings(word).iter().any(|spelling| holds(&all, spelling)) {
                found.insert(format!("`{line}` tells {place}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Wrong wherever it stands, so that everything speaks of it.
const WRONG: &str = r#"
name: canaries
services:
  web:
    image: "${WORD}"
    ports: ["${WORD}", "80:${WORD}"]
    volumes: ["${WORD}:/data", "/data:${WORD}"]
    secrets: ["${WORD}"]
    configs: ["${WORD}"]
    mem_limit: ${WORD}
    privileged: ${WORD}
    restart: ${WORD}
    scale: ${WORD}
    pull_policy: ${WORD}
    stop_grace_period: ${WORD}
    ulimits: { nofile: "${WORD}" }
    extra_hosts: ["${WORD}"]
    devices: ["${WORD}:/a:b:c"]
    healthcheck: { test: ["${WORD}"], interval: "${WORD}" }
    deploy: { mode: "${WORD}", replicas: "${WORD}", resources: { limits: { cpus: "${WORD}" } } }
    blkio_config: { weight: "${WORD}" }
    command: "'${WORD}"
    expose: ["${WORD}"]
    gpus: "${WORD}"
"#;

#[test]
fn no_problem_tells_what_a_variable_gave() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("compose.yaml"), WRONG).expect("a file");
    for (value, word) in [
        ("canary7f3b01word", "canary7f3b01word"),
        ("a:canary7f3b02part", "canary7f3b02part"),
        ("/canary7f3b03path", "canary7f3b03path"),
        ("canary7f3b04 spaces: ]", "canary7f3b04"),
    ] {
        fs::write(path.join(".env"), format!("WORD={value}\n")).expect("a file");
        let all = said(path, ["check".to_owned()].into_iter());
        assert!(holds(&all, "`WORD` is set in `.env`, line 1"), "{value}");
        let text = String::from_utf8_lossy(&all);
        assert!(!text.contains(word), "{text}");
    }
}

#[test]
fn every_spelling_of_a_word_is_found() {
    let word = "canary7f3a01file";
    for spelled in [
        "a: canary7f3a01file",
        "eGNhbmFyeTdmM2EwMWZpbGU=",
        "eHhjYW5hcnk3ZjNhMDFmaWxl",
        "eHh4Y2FuYXJ5N2YzYTAxZmlsZQ==",
    ] {
        let is_found = spellings(word)
            .iter()
            .any(|spelling| holds(spelled.as_bytes(), spelling));
        assert!(is_found, "{spelled}");
    }
}

/// A project, a home and the files of other tools, each with its word.
fn lay_out(path: &Path) {
    let word = |number: usize| CANARIES[number].1;
    let put = |name: &str, text: &str| {
        let file = path.join(name);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, text).expect("a file");
    };
    put("compose.yaml", COMPOSE);
    put("secrets/file", &format!("{}\n", word(0)));
    put("secrets/build", word(2));
    put("secrets/unused", word(3));
    put(".env", &format!("UNUSED={}\n", word(5)));
    let auth = format!(
        r#"{{"auths":{{"registry.example.com":{{"auth":"{}"}}}}}}"#,
        word(6)
    );
    put("home/.docker/config.json", &auth);
    let cluster = "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: a\n  \
                   cluster: { server: \"http://127.0.0.1:1\" }\nusers:\n- name: a\n  user: { token: ";
    let contexts = " }\ncontexts:\n- name: a\n  context: { cluster: a, user: a }\n";
    put("home/.kube/config", &[cluster, word(7), contexts].concat());
    let key = format!(
        "[default]\naws_access_key_id=a\naws_secret_access_key={}\n",
        word(8)
    );
    put("home/.aws/credentials", &key);
}

/// Both streams of a command.
fn said(path: &Path, words: impl Iterator<Item = String>) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_tranship"))
        .args(words)
        .current_dir(path)
        .env_clear()
        .env("HOME", path.join("home"))
        .env("DOCKER_HOST", "unix:///nonexistent/docker.sock")
        .env("CANARY_SECRET", CANARIES[1].1)
        .env("PASSWORD", CANARIES[4].1)
        .output()
        .expect("tranship starts");
    [output.stdout, output.stderr].concat()
}

/// Every byte below a path, if anything is there.
fn read(path: &Path, bytes: &mut Vec<u8>) {
    if path.is_file() {
        bytes.extend(fs::read(path).expect("a file"));
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        read(&entry.expect("an entry").path(), bytes);
    }
}

/// A word as it is, and the middle of it as base64 at each of the three places it may start.
fn spellings(word: &str) -> Vec<String> {
    let mut spellings = vec![word.to_owned()];
    for skipped in 0..3 {
        let whole = word.as_bytes()[skipped..].chunks_exact(3);
        spellings.push(whole.map(base64).collect());
    }
    spellings
}

fn base64(three: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = three
        .iter()
        .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
    let letter = |shift: usize| char::from(ALPHABET[bits >> shift & 63]);
    [18, 12, 6, 0].into_iter().map(letter).collect()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes
        .windows(word.len())
        .any(|window| window == word.as_bytes())
}
