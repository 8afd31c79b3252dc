//! What does not compile, and what it says: `tests/ui` has a case for each promise of the types and for each misuse
//! of an attribute, and the message of each.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test --test suite ui`, and read what changed.

use std::env;
use std::process::Command;

/// The compiler whose words the messages are in: they change from one version to the next.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn ui() {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc starts").stdout;
    let version = String::from_utf8_lossy(&version);
    if !version.starts_with(COMPILER) {
        println!("skipped: the messages are those of {COMPILER}x, and this is {version}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/query/*.rs");
    cases.compile_fail("tests/ui/loading/*.rs");
    cases.compile_fail("tests/ui/session/*.rs");
    cases.compile_fail("tests/ui/derive/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}
