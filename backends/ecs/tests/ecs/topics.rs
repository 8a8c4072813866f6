//! What becomes of single values.
