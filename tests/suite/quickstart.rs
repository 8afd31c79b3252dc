//! `examples/quickstart.rs`, run in a directory of its own, and then once more.

use crate::support::run_example;

#[test]
fn quickstart_runs_and_can_be_run_again() {
    let directory = tempfile::tempdir().unwrap();
    let first = run_example("quickstart", directory.path());
    assert_eq!(first, "1\nspongebob sb@example.org\n[(\"spongebob\", Some(\"sb@example.org\"))]\n");
    assert!(directory.path().join("example.db").is_file());
    assert_eq!(run_example("quickstart", directory.path()), first, "the last statement left nothing behind");
}
