//! One topic at a time.
