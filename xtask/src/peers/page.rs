//! The page `docs/peers.md`.

use std::fmt::Write as _;

use super::Figures;
use super::compose_x::{Five, Template};
use crate::references::Tally;

/// Writes it: one column for each converter, and the five services beside compose-x.
pub(super) fn page(measured: &[(String, Figures)], five: &Five) -> String {
    let mut page = INTRODUCTION.to_owned();
    let titles: Vec<&str> = measured.iter().map(|(title, _)| title.as_str()).collect();
    row(&mut page, "", &titles);
    row(&mut page, "---", &vec!["---"; titles.len()]);
    for (name, cell) in ROWS {
        let cells: Vec<String> = measured.iter().map(|(_, figures)| cell(figures)).collect();
        row(&mut page, name, &cells);
    }
    for (title, figures) in measured {
        refusals(&mut page, title, figures);
        silent(&mut page, title, figures);
    }
    behind(&mut page, measured);
    five_services(&mut page, five);
    page
}

/// What one row says of a converter.
type Cell = fn(&Figures) -> String;

const ROWS: [(&str, Cell); 14] = [
    ("files converted", |figures| {
        format!(
            "{} of {}",
            figures.files - figures.refused.len(),
            figures.files
        )
    }),
    ("files that gave other objects in five runs", |figures| {
        figures.unsteady.to_string()
    }),
    ("files whose objects have no fault below", |figures| {
        format!("{} of {}", figures.sound, figures.files)
    }),
    ("objects", |figures| figures.objects.to_string()),
    ("objects the schema refuses", |figures| {
        figures.invalid.to_string()
    }),
    ("used names that lead to their service", |figures| {
        kept(figures.judgement.names)
    }),
    ("… that do not: told, untold", |figures| {
        lost(figures.judgement.names)
    }),
    ("health checks that run what the file says", |figures| {
        kept(figures.judgement.probes)
    }),
    ("… that do not: told, untold", |figures| {
        lost(figures.judgement.probes)
    }),
    ("writable mounts that are writable", |figures| {
        kept(figures.judgement.mounts)
    }),
    ("… that are not: told, untold", |figures| {
        lost(figures.judgement.mounts)
    }),
    ("references to what is not there", |figures| {
        figures.judgement.references.silent.to_string()
    }),
    (
        "pairs kept apart or together as networks say; told, untold",
        |figures| {
            let pairs = figures.judgement.pairs;
            format!("{}; {}", pairs.kept, lost(pairs))
        },
    ),
    ("attributes: carried; told; neither", |figures| {
        let fates = &figures.attributes;
        let silent: usize = fates.silent.values().sum();
        format!(
            "{}; {}; {silent} of {}",
            fates.carried,
            fates.told,
            fates.all()
        )
    }),
];

const INTRODUCTION: &str = "# Beside our peers

Written by `cargo xtask peers`, which builds kompose and installs compose-x where Go and Python are.

## Kubernetes

Each converter is given the same files: the stacks of `fixtures/stacks` and, where `TRANSHIP_CORPUS` names
them, the real stacks of the tests, each resolved as `docker compose config` writes it. The file of a
secret or config that is not kept beside its stack has a stand-in, because kompose reads it. What is
counted is read from the objects by one judge, which shares no code with either converter, and follows
the file, not the tool:

- **names**: a service that appears as a host in another's environment, command or the like has a
  cluster service of that name that selects its pods;
- **health checks**: a probe runs the words of the file; a shell line is run by a shell;
- **writable mounts**: the path is mounted and can be written;
- **references**: claims, config maps, secrets, ports and selectors lead to something that is there;
- **pairs**: who shares a network in the file can open connections, and nobody else can;
- **attributes**: each attribute of a service, but for its image, is taken out of each file once. *Carried*: the objects are
  others without it. *Told*: only the messages are. *Neither*: nobody would notice.

A value is *told* when the account of `tranship check` says that it is otherwise. kompose has warnings;
in its favour, one that names a service counts as told of everything about that service, a liveness probe
counts as one for readiness, and it runs without itself on the `PATH`, which would slow it down.
Times and memory are in [performance.md](performance.md). A default that is taken out changes nothing
and is counted under *neither* for both.

";

fn kept(tally: Tally) -> String {
    tally.kept.to_string()
}

fn lost(tally: Tally) -> String {
    format!("{}, {}", tally.told, tally.silent)
}

fn row(page: &mut String, name: &str, cells: &[impl AsRef<str>]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    // Writing into a text cannot fail.
    let _ = writeln!(page, "| {name} | {} |", cells.join(" | "));
}

fn refusals(page: &mut String, title: &str, figures: &Figures) {
    if figures.refused.is_empty() {
        return;
    }
    let _ = writeln!(page, "\nRefused by {title}:\n");
    for said in &figures.refused {
        let _ = writeln!(page, "- {}", said.replace('|', "\\|"));
    }
}

fn silent(page: &mut String, title: &str, figures: &Figures) {
    let silent = &figures.attributes.silent;
    if silent.is_empty() {
        return;
    }
    let mut names: Vec<(&String, &usize)> = silent.iter().collect();
    names.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
    let names = names
        .iter()
        .map(|(name, count)| format!("`{name}` {count}"));
    let names: Vec<String> = names.collect();
    let _ = writeln!(
        page,
        "\nTaken out of so many files without a trace by {title}: {}.",
        names.join(", ")
    );
}

/// The attributes of which the first converter says nothing more often than another.
fn behind(page: &mut String, measured: &[(String, Figures)]) {
    let Some(((title, ours), others)) = measured.split_first() else {
        return;
    };
    for (other, theirs) in others {
        let silent = |figures: &Figures, name: &str| {
            let count = figures.attributes.silent.get(name);
            count.copied().unwrap_or_default()
        };
        let names = ours.attributes.silent.keys();
        let names = names.filter(|name| silent(ours, name) > silent(theirs, name));
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        if !names.is_empty() {
            let names = names.join(", ");
            let _ = writeln!(
                page,
                "\nHere {other} leaves a trace more often than {title}: {names}."
            );
        }
    }
}

fn five_services(page: &mut String, five: &Five) {
    page.push_str(FIVE);
    let Five {
        ours,
        peer,
        theirs,
        refusal,
    } = five;
    if let Some(refusal) = refusal {
        let _ = writeln!(
            page,
            "compose-x refuses the file as it stands (`{refusal}`); the figures are for `8000/tcp`.\n"
        );
    }
    let Some(theirs) = theirs else {
        page.push_str("compose-x could not be had, or rendered nothing.\n");
        return;
    };
    row(page, "", &["tranship", peer]);
    row(page, "---", &["---", "---"]);
    let mut line = |name: &str, figure: &dyn Fn(&Template) -> String| {
        row(page, name, &[figure(ours), figure(theirs)]);
    };
    line("files; bytes", &|made| {
        format!("{}; {}", made.files, made.bytes)
    });
    line("errors of cfn-lint", &|made| made.errors.to_string());
    line("services that run for ever (the file has four)", &|made| {
        made.of_type("AWS::ECS::Service").to_string()
    });
    line("names in the network", &|made| {
        (made.of_type("AWS::ServiceDiscovery::Service")
            + made.of_type("AWS::ServiceDiscovery::Instance"))
        .to_string()
    });
    line(
        "listeners of a load balancer (the file publishes one port)",
        &|made| {
            made.of_type("AWS::ElasticLoadBalancingV2::Listener")
                .to_string()
        },
    );
    line("rules that let services in beside their groups", &|made| {
        made.of_type("AWS::EC2::SecurityGroupIngress").to_string()
    });
    line("secrets given to containers (the file has one)", &|made| {
        made.secrets.to_string()
    });
    line(
        "volumes that outlive their task (the file has one)",
        &|made| made.volumes.to_string(),
    );
}

const FIVE: &str = "
## ECS: five services beside compose-x

`xtask/peers/compose-x/compose.yaml`: three copies behind a port, what they call, a database with its data
and its secret, a migration that runs once, and an agent on every node. compose-x asks AWS while it
renders; a stand-in answers those three questions. tranship asks nobody.

";
