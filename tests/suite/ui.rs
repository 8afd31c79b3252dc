//! What does not compile, and what it says: `tests/ui` has a case for each promise of the types and for each misuse
//! of an attribute, and the message of each.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test ui`, and read what changed.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/query/*.rs");
    cases.compile_fail("tests/ui/session/*.rs");
    cases.compile_fail("tests/ui/derive/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}
