//! What people see, word for word.

/// Every transcript; `TRYCMD=overwrite cargo test --test cli` writes what is printed now.
#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}
