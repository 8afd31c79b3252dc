//! The report, from the processes that write it to the table, in a target directory of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use orm_test_servers::report::Case;

/// Copies a program into a target directory and prepares a call of it.
fn program(from: &Path, target: &Path) -> Command {
    let directory = target.join("debug/deps");
    fs::create_dir_all(&directory).unwrap();
    fs::write(target.join(".rustc_info.json"), "{}").unwrap();
    let copy = directory.join(from.file_name().unwrap());
    fs::copy(from, &copy).unwrap();
    let mut command = Command::new(copy);
    // It is called by hand: by neither cargo nor nextest.
    command.env_remove("CARGO").env_remove("NEXTEST_RUN_ID");
    command
}

/// A test program that runs the cases below.
fn run(target: &Path, only: &str, run: Option<&str>) -> Output {
    let mut command = program(&std::env::current_exe().unwrap(), target);
    command.args(["--ignored", only]).env("ORM_TEST_SERVERS_CASES", "1");
    if let Some(run) = run {
        command.env("NEXTEST_RUN_ID", run);
    }
    command.output().unwrap()
}

fn table(target: &Path) -> String {
    let output =
        program(Path::new(env!("CARGO_BIN_EXE_orm-test-servers")), target).arg("report").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Whether the cases are called by the test, and not by a wish for all that is ignored.
fn called() -> bool {
    std::env::var_os("ORM_TEST_SERVERS_CASES").is_some()
}

#[test]
#[ignore = "a case for the test below"]
fn passes() {
    if !called() {
        return;
    }
    Case::begin("SQLite").passed();
    Case::begin("MySQL").skipped("no RETURNING");
}

#[test]
#[ignore = "a case for the test below"]
fn fails() {
    if !called() {
        return;
    }
    let _case = Case::begin("SQLite");
    panic!("as it should");
}

#[test]
fn a_report_is_of_the_last_run() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path();
    assert_eq!(table(target), "no run of the tests has left a report\n");

    run(target, "", None);
    let whole = "\
database  passed  failed  skipped  server
MySQL          0       0        1
SQLite         1       1        0

MySQL: skipped: no RETURNING: passes
SQLite: failed: fails
";
    assert_eq!(table(target), whole);

    run(target, "fails", None);
    let other = "database  passed  failed  skipped  server\nSQLite         0       1        0\n\nSQLite: failed: fails\n";
    assert_eq!(table(target), other);

    // Processes of the same run of nextest.
    run(target, "passes", Some("run"));
    run(target, "fails", Some("run"));
    assert_eq!(table(target), whole);
}
