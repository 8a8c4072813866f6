//! The codes of the loader's diagnostics.

use tranship_yaml::Code;

/// No compose file was found.
pub const NO_FILE: Code = Code("compose-no-file");
/// Several files could be the compose file.
pub const SEVERAL_FILES: Code = Code("compose-several-files");
/// A compose file cannot be read.
pub const FILE_UNREADABLE: Code = Code("compose-file-unreadable");
/// A file that would have to be fetched.
pub const REMOTE_FILE: Code = Code("compose-remote-file");
/// The project has too many or too large files.
pub const TOO_MUCH: Code = Code("compose-too-much");
/// A file of variables cannot be read.
pub const ENV_FILE: Code = Code("compose-env-file");
/// A statement in a file of variables cannot be read.
pub const ENV_FILE_SYNTAX: Code = Code("compose-env-file-syntax");
/// A `COMPOSE_…` variable has a value it cannot have.
pub const BAD_VARIABLE: Code = Code("compose-bad-variable");
/// The project's name is not a legal one.
pub const PROJECT_NAME: Code = Code("compose-project-name");
/// The top level of a file is not a mapping.
pub const NOT_A_MAPPING: Code = Code("compose-not-a-mapping");
/// There is nothing in the files.
pub const EMPTY: Code = Code("compose-empty");
/// A file in the layout of compose v1.
pub const FIRST_LAYOUT: Code = Code("compose-v1-layout");
/// `version`, which has no meaning any more.
pub const VERSION: Code = Code("compose-version");
/// `version` is not a string.
pub const VERSION_TYPE: Code = Code("compose-version-type");
/// A variable without a value.
pub const UNSET_VARIABLE: Code = Code("compose-unset-variable");
/// A variable that must have a value has none.
pub const REQUIRED_VARIABLE: Code = Code("compose-required-variable");
/// A `${` that starts no expression.
pub const TEMPLATE: Code = Code("compose-template");
/// Variables are nested too deep or their values are too long.
pub const TEMPLATE_BUDGET: Code = Code("compose-template-budget");
/// A text that does not hold the type its place wants.
pub const CAST: Code = Code("compose-cast");
/// A boolean in a spelling YAML 1.2 does not know.
pub const BOOLEAN_SPELLING: Code = Code("compose-boolean-spelling");
/// Two files give an attribute in forms that do not merge.
pub const MERGE_CLASH: Code = Code("compose-merge-clash");
/// `!reset` or `!override` on an item of a list.
pub const RESET_IN_LIST: Code = Code("compose-reset-in-list");
/// `include` in a form nobody knows.
pub const INCLUDE_FORM: Code = Code("compose-include-form");
/// Files include each other in a circle.
pub const INCLUDE_CYCLE: Code = Code("compose-include-cycle");
/// Files include each other too deep.
pub const INCLUDE_DEPTH: Code = Code("compose-include-depth");
/// `extends` in a form nobody knows.
pub const EXTENDS_FORM: Code = Code("compose-extends-form");
/// The extended service does not exist.
pub const EXTENDS_MISSING: Code = Code("compose-extends-missing");
/// Services extend each other in a circle.
pub const EXTENDS_CYCLE: Code = Code("compose-extends-cycle");
/// Services extend each other too deep.
pub const EXTENDS_DEPTH: Code = Code("compose-extends-depth");
