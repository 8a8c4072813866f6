//! compose-x on a file of five services, beside ours for ECS.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::{output, succeed};
use crate::live::http;
use crate::paths::{emptied, root, scratch};
use crate::{checks, tools};

/// What both made of the five services.
#[derive(Default)]
pub(super) struct Five {
    /// Ours.
    pub(super) ours: Template,
    /// The peer's name and version.
    pub(super) peer: String,
    /// Theirs, or what they said when they made none.
    pub(super) theirs: Option<Template>,
    /// What compose-x says of the file as it stands.
    pub(super) refusal: Option<String>,
}

/// What was made, in figures.
#[derive(Default)]
pub(super) struct Template {
    /// Files.
    pub(super) files: usize,
    /// Their bytes.
    pub(super) bytes: usize,
    /// What `cfn-lint` calls an error.
    pub(super) errors: usize,
    /// Resources by type.
    pub(super) resources: BTreeMap<String, usize>,
    /// Secrets that containers are given.
    pub(super) secrets: usize,
    /// Shared file systems that containers mount.
    pub(super) volumes: usize,
}

/// What AWS would say to what compose-x asks while it renders.
const ANSWERS: [(&str, &str); 3] = [
    (
        "GetCallerIdentity",
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:root</Arn>\
         <UserId>123456789012</UserId><Account>123456789012</Account></GetCallerIdentityResult>\
         </GetCallerIdentityResponse>",
    ),
    (
        "DescribeAvailabilityZones",
        "<DescribeAvailabilityZonesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <availabilityZoneInfo><item><zoneName>eu-west-1a</zoneName><zoneState>available</zoneState>\
         <regionName>eu-west-1</regionName></item><item><zoneName>eu-west-1b</zoneName>\
         <zoneState>available</zoneState><regionName>eu-west-1</regionName></item>\
         </availabilityZoneInfo></DescribeAvailabilityZonesResponse>",
    ),
    (
        "ValidateTemplate",
        "<ValidateTemplateResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
         <ValidateTemplateResult><Parameters/></ValidateTemplateResult></ValidateTemplateResponse>",
    ),
];

/// Renders the five services with both.
pub(super) fn compare(binary: &Path) -> Result<Five> {
    let file = root().join("xtask/peers/compose-x/compose.yaml");
    let folder = scratch("side-by-side").join("ecs");
    let into = folder.join("tranship");
    let mut convert = Command::new(binary);
    convert
        .args(["convert", "--to", "ecs", "-f"])
        .arg(&file)
        .arg("-o")
        .arg(&into);
    succeed(&mut convert)?;
    let ours = Template::of(&[into.join("template.yaml")])?;
    let requirements = root().join("xtask/peers/compose-x/requirements.txt");
    let peer = title(&fs::read_to_string(&requirements)?);
    let Some(programs) = tools::environment("compose-x", &requirements)? else {
        return Ok(Five {
            ours,
            peer,
            ..Five::default()
        });
    };
    let program = programs.join("ecs-compose-x");
    let refusal = render(&program, &file, &folder.join("as-written"))?.err();
    // Its pattern for ports wants the protocol.
    let text = fs::read_to_string(&file)?.replace("[\"8000\"]", "[\"8000/tcp\"]");
    let adapted = folder.join("adapted.yaml");
    fs::write(
        &adapted,
        text.replace(
            "./password",
            &file.with_file_name("password").to_string_lossy(),
        ),
    )?;
    let theirs = match render(&program, &adapted, &folder.join("compose-x"))? {
        Ok(templates) => Some(Template::of(&templates)?),
        Err(said) => {
            println!("compose-x: {said}");
            None
        }
    };
    Ok(Five {
        ours,
        peer,
        theirs,
        refusal,
    })
}

/// The peer's name and the version that is pinned.
fn title(requirements: &str) -> String {
    let version = requirements.trim().rsplit("==").next();
    format!("compose-x {}", version.unwrap_or_default())
}

/// Renders with compose-x: its templates, or what it said last.
fn render(
    peer: &Path,
    file: &Path,
    into: &Path,
) -> Result<std::result::Result<Vec<PathBuf>, String>> {
    emptied(into)?;
    let address = answer()?;
    let mut command = Command::new(peer);
    command
        .args(["render", "-n", "five", "--format", "yaml", "-f"])
        .arg(file)
        .arg("-d")
        .arg(into)
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .envs(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| (name, "none")))
        .env("AWS_DEFAULT_REGION", "eu-west-1");
    let rendered = output(&mut command)?;
    if !rendered.status.success() {
        let said = String::from_utf8_lossy(&rendered.stderr).into_owned();
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        return Ok(Err(last.unwrap_or_default().to_owned()));
    }
    let files = fs::read_dir(into)?.map(|entry| Ok(entry?.path()));
    let mut files: Vec<PathBuf> = files.collect::<Result<_>>()?;
    files.sort();
    Ok(Ok(files))
}

/// Answers in the place of AWS for as long as we run, and says where.
fn answer() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away needs no answer.
            let _ = answer_once(stream);
        }
    });
    Ok(address)
}

fn answer_once(mut stream: TcpStream) -> Result<()> {
    let request = http::read(&mut stream)?.context("no request")?;
    let action = request.action().unwrap_or_default();
    let known = ANSWERS.iter().find(|(name, _)| *name == action);
    let (status, body) = known.map_or((400, ""), |(_, body)| (200, *body));
    Ok(stream.write_all(&http::answer(status, None, body))?)
}

impl Template {
    fn of(files: &[PathBuf]) -> Result<Self> {
        let mut template = Self {
            files: files.len(),
            ..Self::default()
        };
        let is_template = |path: &&PathBuf| path.extension().is_some_and(|end| end == "yaml");
        let templates: Vec<&PathBuf> = files.iter().filter(is_template).collect();
        for file in files {
            let text = fs::read_to_string(file)?;
            let folder = file.parent().context("no folder")?;
            // Templates name each other by whole paths, which are longer elsewhere.
            template.bytes += text.replace(&*folder.to_string_lossy(), "").len();
        }
        for file in &templates {
            template.count(&serde_saphyr::from_str(&fs::read_to_string(file)?)?);
        }
        template.errors = checks::lint_errors(&templates)?.unwrap_or_default();
        Ok(template)
    }

    fn count(&mut self, template: &Value) {
        let resources = template.get("Resources").and_then(Value::as_object);
        for resource in resources
            .into_iter()
            .flatten()
            .map(|(_, resource)| resource)
        {
            let kind = resource
                .get("Type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            *self.resources.entry(kind.to_owned()).or_default() += 1;
            let items = |pointer| resource.pointer(pointer).and_then(Value::as_array);
            let containers = items("/Properties/ContainerDefinitions")
                .into_iter()
                .flatten();
            let secrets = containers.filter_map(|one| one.get("Secrets")?.as_array());
            self.secrets += secrets.map(Vec::len).sum::<usize>();
            let volumes = items("/Properties/Volumes").into_iter().flatten();
            let keep = volumes.filter(|volume| volume.get("EFSVolumeConfiguration").is_some());
            self.volumes += keep.count();
        }
    }

    /// How many resources there are of a type.
    pub(super) fn of_type(&self, kind: &str) -> usize {
        self.resources.get(kind).copied().unwrap_or_default()
    }
}
