//! The scalars we write mean the same to every reader our users have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::command::{exists, stdout, succeed};
use crate::paths::{root, scratch};
use crate::report::Verdict;
use crate::tools;

/// How many strings are generated beside the known tricky ones.
const GENERATED: usize = 10_000;

/// Strings some reader takes for something else when they are not quoted.
const TRICKY: &[&str] = &[
    "",
    " ",
    "~",
    "null",
    "Null",
    "NULL",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "NO",
    "on",
    "off",
    "y",
    "Y",
    "n",
    "N",
    "true",
    "True",
    "false",
    "FALSE",
    "0",
    "-0",
    "00",
    "010",
    "0o10",
    "0x1F",
    "0b11",
    "1_000",
    "685_230.15",
    "0x_A",
    "0_",
    "1e3",
    "1E3",
    ".5",
    "5.",
    "-.inf",
    ".inf",
    ".nan",
    "1:30",
    "22:22",
    "190:20:30",
    "12:30:45",
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "<<",
    "=",
    "-",
    "--",
    "---",
    "...",
    "- a",
    "a: b",
    "a:",
    ": a",
    ":",
    "# a",
    "a # b",
    "a#b",
    "{",
    "}",
    "[",
    "]",
    "{a}",
    "[a]",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    ">",
    "|-",
    "%a",
    "@a",
    "`a`",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "a\nb",
    "a\nb\n",
    "\na",
    "a\n\nb",
    "  a",
    "a  ",
    "\ta",
    "a\t",
    "a\\b",
    "a\r\nb",
    "\r",
    "é",
    "日本",
    "\u{feff}a",
    "\u{85}",
    "\u{2028}",
    "a\u{a0}b",
    "\u{7}",
    "\u{1b}[0m",
    "😀",
    "?",
    "? a",
    "a?",
    ",",
    "a, b",
    "0.1_0",
    "1__0",
    "+1",
    "+.5",
    "0x",
    "08",
    "09",
    "-1",
    "1.",
    "1.0",
    "1.10",
    "null ",
    "$a",
    "${A}",
    "$$",
    "status:",
    "x\nstatus:\ny",
];

/// Writes the strings as values, keys, items and nested, and asks each reader what they are.
pub(crate) fn check() -> Result<Verdict> {
    let folder = scratch("readers");
    fs::create_dir_all(&folder)?;
    let written = document();
    let file = folder.join("scalars.yaml");
    fs::write(&file, tranship_backend::to_yaml(&written)?)?;
    let mut readers = vec!["Rust"];
    same("Rust", &written, &rust(&file)?)?;
    if let Some(python) = tools::python()? {
        let script = root().join("xtask/readers/python_reader.py");
        let mut command = Command::new(python.join("python"));
        same("Python", &written, &read(command.arg(script).arg(&file))?)?;
        readers.push("Python");
    }
    if exists("go") {
        let reader = go_reader(&folder)?;
        for name in ["kubernetes", "v3"] {
            let go = read(Command::new(&reader).arg(name).arg(&file))?;
            same(&format!("Go ({name})"), &written, &go)?;
        }
        readers.push("Go");
    }
    if readers.len() < 3 {
        return Ok(Verdict::Skipped(format!(
            "only {} can read here",
            readers.join(" and ")
        )));
    }
    let count = GENERATED + TRICKY.len();
    Ok(Verdict::Passed(format!(
        "{count} strings, {}",
        readers.join(", ")
    )))
}

fn document() -> Value {
    let strings: Vec<String> = TRICKY
        .iter()
        .map(|text| (*text).to_owned())
        .chain(generated())
        .collect();
    let values = strings.iter().enumerate();
    let values: Map<String, Value> = values
        .map(|(index, text)| (format!("k{index}"), Value::from(text.as_str())))
        .collect();
    // A key that is empty or holds a line break is legal, but nothing we render has one.
    let plain = strings
        .iter()
        .filter(|text| !text.is_empty() && !text.contains(['\n', '\r', '\u{85}', '\u{2028}']));
    let keys: Map<String, Value> = plain.map(|text| (text.clone(), Value::from(1))).collect();
    let nested: Vec<Value> = strings
        .iter()
        .map(|text| Value::from(vec![text.as_str()]))
        .collect();
    Value::Object(Map::from_iter([
        ("values".to_owned(), Value::Object(values)),
        ("keys".to_owned(), Value::Object(keys)),
        ("items".to_owned(), Value::from(strings)),
        ("nested".to_owned(), Value::from(nested)),
    ]))
}

/// Strings of the characters that matter to YAML; the same ones in every run.
fn generated() -> impl Iterator<Item = String> {
    const ALPHABET: &[char] = &[
        'a', 'e', 'n', 'o', 'y', 'x', 'T', 'Z', '0', '1', '2', '9', '.', '-', '+', '_', ':', ' ',
        ' ', '#', '\'', '"', '\\', '\n', '\t', '{', '}', '[', ']', ',', '&', '*', '!', '|', '>',
        '%', '@', '`', '~', '<', '=', '?', '$', '/', 'é', '日', '\u{a0}', '😀',
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    (0..GENERATED).map(move |_| {
        let length = 1 + next(9);
        (0..length)
            .filter_map(|_| ALPHABET.get(next(ALPHABET.len())))
            .collect()
    })
}

fn rust(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file)?;
    let options = serde_saphyr::options! { budget: None };
    Ok(serde_saphyr::from_str_with_options(&text, options)?)
}

fn go_reader(folder: &Path) -> Result<PathBuf> {
    let reader = folder.join("go-reader");
    succeed(
        Command::new("go")
            .args(["build", "-o"])
            .arg(&reader)
            .arg(".")
            .current_dir(root().join("xtask/readers/go")),
    )?;
    Ok(reader)
}

fn read(command: &mut Command) -> Result<Value> {
    serde_json::from_str(&stdout(command)?).context("the reader printed no JSON")
}

fn same(reader: &str, written: &Value, read: &Value) -> Result<()> {
    match difference("", written, read) {
        None => Ok(()),
        Some(found) => bail!("{reader} reads something else: {found}"),
    }
}

fn difference(path: &str, written: &Value, read: &Value) -> Option<String> {
    match (written, read) {
        (Value::Object(left), Value::Object(right)) if left.len() == right.len() => {
            left.iter().find_map(|(key, value)| {
                let other = right.get(key).unwrap_or(&Value::Null);
                difference(&format!("{path}.{key:?}"), value, other)
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (value, other))| {
                difference(&format!("{path}[{index}]"), value, other)
            })
        }
        (left, right) if left == right => None,
        (left, right) => {
            let short = |value: &Value| value.to_string().chars().take(200).collect::<String>();
            Some(format!(
                "{path}: wrote {}, read {}",
                short(left),
                short(right)
            ))
        }
    }
}
