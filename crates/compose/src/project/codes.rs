//! The codes of the typed part's diagnostics.

use tranship_yaml::Code;

/// A key compose does not define.
pub const UNKNOWN_KEY: Code = Code("compose-unknown-key");
/// A key that must be given is not.
pub const MISSING_KEY: Code = Code("compose-missing-key");
/// A value of the wrong type.
pub const WRONG_TYPE: Code = Code("compose-wrong-type");
/// A value that cannot be read.
pub const INVALID_VALUE: Code = Code("compose-invalid-value");
/// A word no engine knows, which the reference loader lets through.
pub const UNKNOWN_WORD: Code = Code("compose-unknown-word");
/// A scalar that is not a string becomes another text than the one written.
pub const TEXT_CHANGES: Code = Code("compose-text-changes");
/// A word such as `yes` is read as a boolean.
pub const BOOLEAN_WORD: Code = Code("compose-boolean-word");
/// A command is cut at a shell operator.
pub const COMMAND_CUT: Code = Code("compose-command-cut");
/// A one-letter volume name is read as a drive.
pub const DRIVE_LETTER: Code = Code("compose-drive-letter");
/// An option of a short mount nobody knows.
pub const MOUNT_OPTION: Code = Code("compose-mount-option");
/// A key under its former name.
pub const DEPRECATED: Code = Code("compose-deprecated");
/// A name with characters no name may have.
pub const BAD_NAME: Code = Code("compose-bad-name");
