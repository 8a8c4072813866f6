//! Which files, variables, profiles and name a project gets.

use super::{assert_tree, codes, files, loaded, options};
use crate::load::load_tree as load;
use crate::options::LoadOptions;
use crate::variables::Variables;

const WEB: &str = "services: {web: {image: '${IMAGE:-none}'}}\n";

fn image(image: &str) -> String {
    format!("services: {{web: {{image: '{image}'}}}}")
}

#[test]
fn best_default_name_wins_with_a_warning() {
    let result = loaded(&[
        ("docker-compose.yml", "services: {old: {image: x}}"),
        ("compose.yaml", "services: {new: {image: x}}"),
    ]);
    assert_tree(&result, "services: {new: {image: x}}");
    assert_eq!(codes(&result), ["compose-several-files"]);
}

#[test]
fn file_above_is_found_with_its_override_and_variables() {
    let content = files(&[
        ("/srv/compose.yaml", WEB),
        ("/srv/compose.override.yml", "services: {web: {tty: true}}"),
        ("/srv/.env", "IMAGE=above"),
    ]);
    let result = load(&content, &options());
    assert_tree(&result, "services: {web: {image: above, tty: true}}");
    assert_eq!(result.working_directory, "/srv");
    assert_eq!(result.project_name, "srv");
}

#[test]
fn named_file_has_no_override_and_sets_the_directory() {
    let content = files(&[
        ("deploy/web.yaml", WEB),
        ("deploy/compose.override.yml", "services: {}"),
        ("deploy/.env", "IMAGE=beside"),
    ]);
    let given = LoadOptions {
        files: vec!["deploy/web.yaml".to_owned()],
        ..options()
    };
    let result = load(&content, &given);
    assert_tree(&result, &image("beside"));
    assert_eq!(result.working_directory, "/srv/app/deploy");
}

#[test]
fn variables_of_the_process_win_and_later_files_win_over_earlier_ones() {
    let content = files(&[
        ("compose.yaml", WEB),
        ("a.env", "IMAGE=a\nOTHER=a"),
        ("b.env", "IMAGE=b${OTHER}"),
    ]);
    let given = |variables: Variables| LoadOptions {
        env_files: vec!["a.env".to_owned(), "b.env".to_owned()],
        variables,
        ..options()
    };
    assert_tree(&load(&content, &given(Variables::new())), &image("ba"));
    let process = [("IMAGE", "process")].into_iter().collect();
    assert_tree(&load(&content, &given(process)), &image("process"));
}

#[test]
fn variables_name_the_files_and_the_profiles() {
    let content = files(&[
        (
            ".env",
            "COMPOSE_FILE=a.yaml,b.yaml\nCOMPOSE_PATH_SEPARATOR=,\nCOMPOSE_PROFILES=x, y",
        ),
        ("a.yaml", "services: {web: {image: a}}"),
        ("b.yaml", "services: {web: {image: b}}"),
    ]);
    let result = load(&content, &options());
    assert_tree(&result, &image("b"));
    assert_eq!(result.profiles, ["x", "y"]);
    let given = LoadOptions {
        profiles: vec!["z".to_owned()],
        ..options()
    };
    assert_eq!(load(&content, &given).profiles, ["z"]);
}

#[test]
fn default_variables_can_be_turned_off() {
    let content = files(&[("compose.yaml", WEB), (".env", "IMAGE=default")]);
    let given = |value: &str| LoadOptions {
        variables: [("COMPOSE_DISABLE_ENV_FILE", value)].into_iter().collect(),
        ..options()
    };
    assert_tree(&load(&content, &given("true")), &image("none"));
    assert_tree(&load(&content, &given("0")), &image("default"));
    assert_eq!(
        codes(&load(&content, &given("perhaps"))),
        ["compose-bad-variable"]
    );
}

#[test]
fn name_comes_from_the_option_the_variable_the_last_file_or_the_directory() {
    let named = files(&[
        ("a.yaml", "name: First\nservices: {a: {image: x}}"),
        ("b.yaml", "name: ${N:-My App!}"),
    ]);
    let plain = files(&[("compose.yaml", WEB)]);
    let both = vec!["a.yaml".to_owned(), "b.yaml".to_owned()];
    let from_files = LoadOptions {
        files: both,
        ..options()
    };
    assert_eq!(load(&named, &from_files).project_name, "myapp");
    let variables = [("COMPOSE_PROJECT_NAME", "given")].into_iter().collect();
    let from_variable = LoadOptions {
        variables,
        ..from_files
    };
    assert_eq!(load(&named, &from_variable).project_name, "given");
    let from_option = LoadOptions {
        project_name: Some("asked".to_owned()),
        ..from_variable
    };
    assert_eq!(load(&named, &from_option).project_name, "asked");
    assert_eq!(load(&plain, &options()).project_name, "app");
}

#[test]
fn illegal_name_is_refused_only_when_it_was_given() {
    let content = files(&[("compose.yaml", WEB)]);
    let given = LoadOptions {
        project_name: Some("Bad Name".to_owned()),
        ..options()
    };
    assert_eq!(codes(&load(&content, &given)), ["compose-project-name"]);
}

#[test]
fn files_see_the_name_and_the_directory() {
    let result = loaded(&[(
        "compose.yaml",
        "name: shop\nservices: {web: {image: '$COMPOSE_PROJECT_NAME:$PWD'}}",
    )]);
    assert_tree(
        &result,
        "{name: shop, services: {web: {image: 'shop:/srv/app'}}}",
    );
}

#[test]
fn standard_input_is_a_file() {
    let given = LoadOptions {
        files: vec!["-".to_owned()],
        standard_input: Some(WEB.to_owned()),
        ..options()
    };
    assert_tree(&load(&files(&[(".env", "IMAGE=in")]), &given), &image("in"));
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(codes(&loaded(&[])), ["compose-no-file"]);
    let missing = LoadOptions {
        files: vec!["a.yaml".to_owned(), "b.yaml".to_owned()],
        ..options()
    };
    let result = load(&files(&[]), &missing);
    assert_eq!(
        codes(&result),
        ["compose-file-unreadable", "compose-file-unreadable"]
    );
    let remote = LoadOptions {
        files: vec!["oci://example.com/app".to_owned()],
        ..options()
    };
    assert_eq!(codes(&load(&files(&[]), &remote)), ["compose-remote-file"]);
    let no_env = LoadOptions {
        env_files: vec!["x.env".to_owned()],
        ..options()
    };
    assert_eq!(
        codes(&load(&files(&[("compose.yaml", WEB)]), &no_env)),
        ["compose-env-file"]
    );
    assert_eq!(
        codes(&loaded(&[("compose.yaml", "# nothing\n")])),
        ["compose-empty"]
    );
}
