//! What each case came to on each database, over all test processes of a run.
//!
//! Nothing runs after the last test. So each process writes a file of its own as it goes, and
//! `cargo run -q -p orm-test-servers -- report` makes the table of the files that the last run left.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::{Kind, Missing, Server, place};

/// What a case came to. Of several for the same case the last of this order counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It held.
    Passed,
    /// It was not run, and why.
    Skipped(String),
    /// It did not hold.
    Failed,
}

/// Keeps what a case came to on a database.
pub fn record(database: &str, case: &str, outcome: Outcome) {
    let (outcome, why) = match &outcome {
        Outcome::Passed => ("passed", ""),
        Outcome::Skipped(why) => ("skipped", why.as_str()),
        Outcome::Failed => ("failed", ""),
    };
    append(&["case", database, case, outcome, why]);
}

/// Keeps where a server is, or why there is none.
pub(crate) fn server(kind: Kind, found: &Result<Server, Missing>) {
    match found {
        Ok(server) => append(&["server", kind.name(), &server.to_string()]),
        Err(missing) => append(&["missing", kind.name(), &missing.why]),
    }
}

/// A case that runs on a database: failed, unless something else is said of it before it is dropped.
#[derive(Debug)]
#[must_use = "dropped at once, the case has failed"]
pub struct Case {
    database: String,
    name: String,
    outcome: Outcome,
}

impl Case {
    /// Begins the case that this test is: libtest names a test's thread after it.
    pub fn begin(database: &str) -> Case {
        let thread = thread::current();
        Case::named(database, thread.name().unwrap_or("unnamed"))
    }

    /// Begins a case by its name.
    pub fn named(database: &str, name: &str) -> Case {
        Case { database: database.to_owned(), name: name.to_owned(), outcome: Outcome::Failed }
    }

    /// It held.
    pub fn passed(mut self) {
        self.outcome = Outcome::Passed;
    }

    /// It was not run, because of `why`.
    pub fn skipped(mut self, why: &str) {
        self.outcome = Outcome::Skipped(why.to_owned());
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        record(&self.database, &self.name, self.outcome.clone());
    }
}

/// Writes a line. A test is not to fail for what is only a report.
fn append(fields: &[&str]) {
    static FILE: Mutex<Option<File>> = Mutex::new(None);
    let mut file = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    if file.is_none() {
        *file = open().inspect_err(|error| eprintln!("no report of this run: {error}")).ok();
    }
    if let Some(file) = &mut *file {
        let _ = file.write_all(line(fields).as_bytes());
    }
}

fn open() -> io::Result<File> {
    let reports = place::servers().join("report");
    let run = reports.join(run());
    if !run.is_dir() {
        forget_old(&reports);
        fs::create_dir_all(&run)?;
    }
    File::options().create(true).append(true).open(run.join(format!("{}.tsv", std::process::id())))
}

/// The run that this process is of: nextest names it; the test programs of `cargo test` have the same parent; and a
/// program that was called by itself is a run of its own.
fn run() -> String {
    if let Some(run) = env::var_os("NEXTEST_RUN_ID") {
        return run.to_string_lossy().into_owned();
    }
    let process = if env::var_os("CARGO").is_some() { parent_id() } else { std::process::id() };
    // With its age, since numbers of processes come again.
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let started = stat.rsplit_once(") ").and_then(|(_, fields)| fields.split(' ').nth(19)).unwrap_or("0");
    format!("{process}-{started}")
}

/// Removes what runs of days ago have left.
fn forget_old(reports: &Path) {
    for run in fs::read_dir(reports).into_iter().flatten().flatten() {
        let written = run.metadata().and_then(|run| run.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        if written.elapsed().is_ok_and(|age| age > Duration::from_secs(24 * 60 * 60)) {
            let _ = fs::remove_dir_all(run.path());
        }
    }
}

fn line(fields: &[&str]) -> String {
    let escaped = fields.iter().map(|field| field.replace(['\t', '\n', '\r'], " "));
    escaped.collect::<Vec<_>>().join("\t") + "\n"
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    servers: BTreeMap<String, String>,
    missing: BTreeMap<String, String>,
    cases: BTreeMap<String, BTreeMap<String, Outcome>>,
}

impl Report {
    /// The report of the last run that was built into the same target directory as this program; none if there was none.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn last() -> io::Result<Option<Report>> {
        let reports = place::servers().join("report");
        let mut last: Option<(SystemTime, PathBuf)> = None;
        for run in fs::read_dir(reports).into_iter().flatten() {
            let run = run?;
            let written = run.metadata()?.modified()?;
            if last.as_ref().is_none_or(|(before, _)| *before < written) {
                last = Some((written, run.path()));
            }
        }
        let Some((_, run)) = last else { return Ok(None) };
        let mut report = Report::default();
        for file in fs::read_dir(run)? {
            report.add(&fs::read_to_string(file?.path())?);
        }
        Ok(Some(report))
    }

    /// Adds the lines of a file.
    fn add(&mut self, lines: &str) {
        for line in lines.lines() {
            match *line.split('\t').collect::<Vec<_>>() {
                ["server", kind, server] => {
                    self.servers.insert(kind.to_owned(), server.to_owned());
                }
                ["missing", kind, why] => {
                    self.missing.insert(kind.to_owned(), why.to_owned());
                }
                ["case", database, case, outcome, why] => {
                    let outcome = match outcome {
                        "passed" => Outcome::Passed,
                        "skipped" => Outcome::Skipped(why.to_owned()),
                        _ => Outcome::Failed,
                    };
                    let cases = self.cases.entry(database.to_owned()).or_default();
                    let known = cases.entry(case.to_owned()).or_insert(Outcome::Passed);
                    if outcome > *known {
                        *known = outcome;
                    }
                }
                // A process was killed while it wrote.
                _ => {}
            }
        }
    }

    /// Whether a case failed on some database.
    pub fn failed(&self) -> bool {
        self.cases.values().flat_map(BTreeMap::values).any(|outcome| *outcome == Outcome::Failed)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let databases: BTreeSet<&String> =
            self.cases.keys().chain(self.servers.keys()).chain(self.missing.keys()).collect();
        let width =
            databases.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("database".len());
        writeln!(f, "{:width$}  passed  failed  skipped  server", "database")?;
        let mut notes = String::new();
        for database in databases {
            let none = BTreeMap::new();
            let cases = self.cases.get(database).unwrap_or(&none);
            let count = |is: fn(&Outcome) -> bool| cases.values().filter(|outcome| is(outcome)).count();
            let passed = count(|outcome| *outcome == Outcome::Passed);
            let failed = count(|outcome| *outcome == Outcome::Failed);
            let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
            let server = match (self.servers.get(database), self.missing.get(database)) {
                (Some(server), _) => server,
                (None, Some(_)) => "none",
                (None, None) => "",
            };
            let row = format!("{database:width$}  {passed:6}  {failed:6}  {skipped:7}  {server}");
            writeln!(f, "{}", row.trim_end())?;
            if let (None, Some(why)) = (self.servers.get(database), self.missing.get(database)) {
                writeln!(notes, "{database}: no server: {why}")?;
            }
            for (case, _) in cases.iter().filter(|(_, outcome)| **outcome == Outcome::Failed) {
                writeln!(notes, "{database}: failed: {case}")?;
            }
            for (why, cases) in skips(cases) {
                writeln!(notes, "{database}: skipped: {why}: {}", shortened(&cases))?;
            }
        }
        if !notes.is_empty() {
            write!(f, "\n{notes}")?;
        }
        Ok(())
    }
}

/// The cases that were skipped, by the reason.
fn skips(cases: &BTreeMap<String, Outcome>) -> BTreeMap<&str, Vec<&str>> {
    let mut skips: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (case, outcome) in cases {
        if let Outcome::Skipped(why) = outcome {
            skips.entry(why).or_default().push(case);
        }
    }
    skips
}

fn shortened(cases: &[&str]) -> String {
    match cases {
        [_, _, _, _, _, ..] => format!("{}, … ({} cases)", cases[..3].join(", "), cases.len()),
        _ => cases.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_outcome_of_a_case_counts() {
        let mut report = Report::default();
        report.add(&line(&["case", "SQLite", "a", "failed", ""]));
        report.add(&line(&["case", "SQLite", "a", "skipped", "no\ttabs"]));
        report.add(&line(&["case", "SQLite", "a", "passed", ""]));
        report.add(&line(&["case", "SQLite", "b", "passed", ""]));
        assert!(report.failed());
        assert_eq!(report.cases["SQLite"]["a"], Outcome::Failed);
        assert_eq!(report.cases["SQLite"]["b"], Outcome::Passed);
    }

    #[test]
    fn the_table_says_what_was_skipped_and_why() {
        let mut report = Report::default();
        report.add(&line(&["server", "MariaDB", "10.11.19-MariaDB at mysql://root@127.0.0.1:3306/test"]));
        report.add(&line(&["missing", "MySQL", "ORM_MYSQL_URL is not set"]));
        for case in ["a", "b", "c", "d", "e"] {
            report.add(&line(&["case", "SQLite file", case, "passed", ""]));
            report.add(&line(&["case", "MariaDB", case, "skipped", "no RETURNING"]));
        }
        report.add(&line(&["case", "MariaDB", "f", "failed", ""]));
        report.add(&line(&["case", "MariaDB", "g", "skipped", "no LATERAL"]));
        report.add("case\tMariaDB\tcut of");
        let expected = "\
database     passed  failed  skipped  server
MariaDB           0       1        6  10.11.19-MariaDB at mysql://root@127.0.0.1:3306/test
MySQL             0       0        0  none
SQLite file       5       0        0

MariaDB: failed: f
MariaDB: skipped: no LATERAL: g
MariaDB: skipped: no RETURNING: a, b, c, … (5 cases)
MySQL: no server: ORM_MYSQL_URL is not set
";
        assert_eq!(report.to_string(), expected);
    }
}
