//! What people see, word for word.

/// Every transcript, those of the README too; `TRYCMD=overwrite cargo test --test tests transcripts` writes what is printed now.
#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .case("tests/cli/*.trycmd")
        .case("README.md");
}
