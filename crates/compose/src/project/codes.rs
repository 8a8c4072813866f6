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
/// A service with nothing to run.
pub const NO_IMAGE: Code = Code("compose-no-image");
/// An image no registry can have, by its name.
pub const IMAGE_REFERENCE: Code = Code("compose-image-reference");
/// Something is named that is not declared.
pub const UNDEFINED: Code = Code("compose-undefined");
/// A dependency none of whose profiles is active.
pub const DISABLED: Code = Code("compose-disabled");
/// Keys that exclude each other.
pub const EXCLUSIVE_KEYS: Code = Code("compose-exclusive-keys");
/// Two values that contradict each other.
pub const CONFLICT: Code = Code("compose-conflict");
/// One name for two things.
pub const NAME_TAKEN: Code = Code("compose-name-taken");
/// Two mounts at one place.
pub const MOUNTED_TWICE: Code = Code("compose-mounted-twice");
/// Services that wait for each other.
pub const DEPENDENCY_CYCLE: Code = Code("compose-dependency-cycle");
/// A config or secret without content.
pub const NO_CONTENT: Code = Code("compose-no-content");
/// A secret docker compose refuses and Swarm takes.
pub const SECRET_DRIVER: Code = Code("compose-secret-driver");
/// An `env_file` or `label_file` cannot be read.
pub const FILE: Code = Code("compose-file-of-variables");
/// A bind whose source is empty.
pub const EMPTY_SOURCE: Code = Code("compose-empty-source");
