//! The project's name.
//!
//! Source: compose-go 2.16.2, `loader.projectName` and `cli.withNamePrecedenceLoad`.

use tranship_yaml::Diagnostic;

use crate::discover::Discovered;
use crate::model::Input;
use crate::session::Session;
use crate::variables::Variables;
use crate::{codes, file_path, nodes, template};

/// The name that was given, else that of the environment, else the last one a file gives, else
/// that of the directory. Only the last two are made legal; empty when there is no legal one.
pub(crate) fn choose(
    session: &mut Session<'_>,
    discovered: &Discovered,
    inputs: &[Input],
) -> String {
    let given = session
        .options
        .project_name
        .clone()
        .filter(|name| !name.is_empty());
    let environment = &discovered.environment;
    let explicit = given.or_else(|| {
        environment
            .get_filled("COMPOSE_PROJECT_NAME")
            .map(str::to_owned)
    });
    if let Some(name) = explicit {
        return check(session, name);
    }
    let name = match in_files(inputs, environment, session.options.keep_variables) {
        Some(name) => normalise(&name),
        None => normalise(file_path::base_name(&discovered.working_directory)),
    };
    if name.is_empty() {
        let error = Diagnostic::error(codes::PROJECT_NAME, "the project has no name");
        session.report(error.help("give one with `-p`, or write `name:` into the compose file"));
    }
    name
}

fn check(session: &mut Session<'_>, name: String) -> String {
    let legal = normalise(&name);
    if legal == name {
        return name;
    }
    let message = format!("`{name}` is not a legal project name");
    let error = Diagnostic::error(codes::PROJECT_NAME, message);
    session.report(error.help(format!(
        "use lower-case letters, digits, `-` and `_`, beginning with a letter or digit, such as `{legal}`"
    )));
    legal
}

/// The last name any document of any file gives, its variables replaced.
fn in_files(inputs: &[Input], environment: &Variables, keep_variables: bool) -> Option<String> {
    let documents = inputs.iter().flat_map(|input| &input.documents);
    let mut names = documents.filter_map(|document| nodes::text_of(document, "name"));
    let last = names.rfind(|name| !name.is_empty())?;
    if keep_variables {
        return Some(last.to_owned());
    }
    let lookup = |name: &str| environment.get(name);
    // What is wrong with it is said when the whole file is interpolated.
    let name = template::substitute(last, &lookup, &mut Vec::new()).unwrap_or_default();
    Some(name)
}

/// Lower case, letters, digits, `-` and `_`, the last two not at the beginning.
fn normalise(name: &str) -> String {
    let lower = name.to_lowercase();
    let legal = lower
        .chars()
        .filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'));
    let legal: String = legal.collect();
    legal.trim_start_matches(['_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn names_are_made_legal_as_the_reference_does() {
        for (name, legal) in [
            ("My App!", "myapp"),
            ("_-a_b", "a_b"),
            ("Ünder", "nder"),
            ("...", ""),
        ] {
            assert_eq!(normalise(name), legal);
        }
    }
}
