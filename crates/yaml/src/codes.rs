//! The codes of this crate's diagnostics; each has a page in [`crate::PAGES`].

use crate::Code;

/// The text is not YAML.
pub const SYNTAX: Code = Code("yaml-syntax");
/// A tab where YAML wants spaces.
pub const TAB: Code = Code("yaml-tab");
/// The bytes are not UTF-8.
pub const NOT_UTF8: Code = Code("yaml-not-utf8");
/// A character YAML does not allow, or a NUL.
pub const CONTROL_CHARACTER: Code = Code("yaml-control-character");
/// One key twice in a mapping.
pub const DUPLICATE_KEY: Code = Code("yaml-duplicate-key");
/// A key that is a number, a boolean, a date, null, a list or a mapping.
pub const NON_STRING_KEY: Code = Code("yaml-non-string-key");
/// An alias without an anchor.
pub const UNKNOWN_ANCHOR: Code = Code("yaml-unknown-anchor");
/// An alias inside the value its anchor names.
pub const SELF_REFERENCE: Code = Code("yaml-self-reference");
/// A merge key whose value cannot be merged.
pub const MERGE_VALUE: Code = Code("yaml-merge-value");
/// A value its tag does not fit.
pub const WRONG_TAG: Code = Code("yaml-wrong-tag");
/// More bytes than the budget.
pub const FILE_TOO_LARGE: Code = Code("yaml-file-too-large");
/// More nodes than the budget.
pub const TOO_MANY_NODES: Code = Code("yaml-too-many-nodes");
/// More nesting than the budget.
pub const TOO_DEEP: Code = Code("yaml-too-deep");
/// More scalar bytes than the budget.
pub const TOO_MANY_BYTES: Code = Code("yaml-too-many-bytes");
/// More diagnostics than the budget.
pub const TOO_MANY_PROBLEMS: Code = Code("yaml-too-many-problems");
/// A second document where one is expected.
pub const SEVERAL_DOCUMENTS: Code = Code("yaml-several-documents");
