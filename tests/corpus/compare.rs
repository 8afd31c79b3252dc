//! Whether our texts and binds are SQLAlchemy's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;

use orm::{CompileError, Compiled};
use serde_json::Value as Json;

use crate::case::Case;
use crate::core::{self, Line, Page, Said};
use crate::normal::{house, normal};
use crate::{binds, cases, dialects, differences};

/// What came of a statement on a dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// The statement is not meant for the dialect.
    NotMeant,
    Agrees,
    /// In which way it does not.
    Differs(String),
}

/// How a statement of the corpus and ours compare.
pub(crate) fn compare(line: &Line, case: Option<&Case>, dialect: &str) -> Agreement {
    let said = &line.dialects[dialect];
    if said.is_of_others() {
        return Agreement::NotMeant;
    }
    let Some(case) = case else { return Agreement::Differs("there is no case".to_owned()) };
    let Some(ours) = case.compile(dialect, &*dialects::dialect(dialect)) else {
        return Agreement::Differs("the case has no form for this dialect".to_owned());
    };
    let (ours, theirs) = match (ours, said) {
        (Err(CompileError::Unsupported { .. }), Said::Unsupported { .. }) => return Agreement::Agrees,
        (Ok(ours), Said::Unsupported { unsupported }) => {
            return Agreement::Differs(format!("unsupported: {unsupported}\n  ours: {}", shown(&ours)));
        }
        (Err(error), Said::Unsupported { .. }) => {
            return Agreement::Differs(format!("not as Unsupported: {error}"));
        }
        (Err(error @ CompileError::Unsupported { .. }), said)
            if house::is_left_out_lock(
                &error.to_string(),
                dialect,
                &said_text(said),
                &said_text(&line.dialects["postgresql"]),
            ) =>
        {
            return Agreement::Agrees;
        }
        (Err(error), said) => return Agreement::Differs(format!("{error}\ntheirs: {}", said_text(said))),
        (Ok(ours), said) => (ours, said),
    };
    let texts_of = |list: Vec<(String, Vec<Json>)>| -> Vec<(String, Vec<Json>)> {
        let list = list.into_iter().map(|(sql, binds)| {
            let number = |place: usize| binds.get(place).and_then(Json::as_i64);
            let normal = normal(&sql, dialect, &line.source, true, &number);
            let binds =
                normal.binds.iter().map(|&place| binds.get(place).cloned().unwrap_or_default()).collect();
            (normal.text, binds)
        });
        list.collect()
    };
    let mut theirs = texts_of(pages(theirs));
    let mut mine: Vec<(String, Vec<orm::Bind>)> = ours
        .iter()
        .map(|compiled| {
            let number = |place: usize| match compiled.binds.get(place)?.value {
                orm::Value::I32(number) => Some(i64::from(number)),
                orm::Value::I64(number) => Some(number),
                _ => None,
            };
            let normal = normal(&compiled.sql, dialect, &line.source, false, &number);
            // A number that leads to no bind would be a wrong text.
            (normal.text, normal.binds.iter().map(|&place| compiled.binds[place].clone()).collect())
        })
        .collect();
    if line.any_order {
        theirs.sort_by(|a, b| a.0.cmp(&b.0));
        mine.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let mut report = String::new();
    if theirs.len() != mine.len() {
        let _ = writeln!(report, "{} statements, and not {}", mine.len(), theirs.len());
    }
    for i in 0..theirs.len().max(mine.len()) {
        let (none, none_of_mine) = Default::default();
        let (text, theirs) = theirs.get(i).unwrap_or(&none);
        let (our_text, mine) = mine.get(i).unwrap_or(&none_of_mine);
        if text != our_text {
            let _ = writeln!(report, "  ours: {our_text}\ntheirs: {text}");
        } else if theirs.len() != mine.len() || !mine.iter().zip(theirs).all(|(a, b)| binds::same(a, b)) {
            let mine: Vec<_> = mine.iter().map(|bind| format!("{:?}", bind.value)).collect();
            let _ = writeln!(
                report,
                "  text: {text}\n  ours: {}\ntheirs: {}",
                mine.join(", "),
                Json::from(theirs.clone())
            );
        }
    }
    if report.is_empty() { Agreement::Agrees } else { Agreement::Differs(report) }
}

/// What SQLAlchemy sends, each statement with its binds.
fn pages(said: &Said) -> Vec<(String, Vec<Json>)> {
    let page = |page: &Page| (page.sql.clone(), page.binds.clone());
    match said {
        Said::Unsupported { .. } => Vec::new(),
        Said::One(one) => vec![page(one)],
        Said::Pages { statements } => statements.iter().map(page).collect(),
        Said::Executemany { sql, executemany } => {
            executemany.iter().map(|binds| (sql.clone(), binds.clone())).collect()
        }
        Said::Ddl { sql } => sql.iter().map(|sql| (sql.clone(), Vec::new())).collect(),
    }
}

fn said_text(said: &Said) -> String {
    pages(said).into_iter().map(|(sql, _)| sql).collect::<Vec<_>>().join("; ")
}

fn shown(ours: &[Compiled]) -> String {
    ours.iter().map(|compiled| &*compiled.sql).collect::<Vec<_>>().join("; ")
}

/// Each statement's case, by its name.
pub(crate) fn cases_by_name() -> BTreeMap<&'static str, Case> {
    let mut by_name = BTreeMap::new();
    for case in cases::all() {
        let name = case.name;
        assert!(
            core::lines().iter().any(|line| line.name == name),
            "no statement of the corpus is called {name}"
        );
        assert!(by_name.insert(name, case).is_none(), "two cases are called {name}");
    }
    by_name
}

/// How many of how many agree.
#[derive(Default, Clone, Copy)]
struct Count {
    agree: usize,
    listed: usize,
    all: usize,
}

#[test]
fn every_statement_agrees_or_is_a_listed_difference() {
    let cases = cases_by_name();
    let listed = differences::differences();
    let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    let (mut failures, mut unwritten) = (String::new(), 0);
    for line in core::lines().iter().filter(|line| core::is_wanted(line)) {
        for &dialect in dialects::NAMES {
            let entry = listed.iter().find(|e| e.name == line.name && e.dialect == dialect);
            let agreement = compare(line, cases.get(line.name.as_str()), dialect);
            if agreement == Agreement::NotMeant {
                assert!(entry.is_none(), "{} is not compared on {dialect}; take it from the list", line.name);
                continue;
            }
            for group in [line.group.as_str(), ""] {
                let count = counts.entry((group, dialect)).or_default();
                count.all += 1;
                count.agree += usize::from(agreement == Agreement::Agrees);
                count.listed += usize::from(entry.is_some());
            }
            let why = match (agreement, entry) {
                (Agreement::Differs(_), Some(_)) | (Agreement::Agrees | Agreement::NotMeant, None) => {
                    continue;
                }
                (Agreement::Differs(why), None) => why,
                // The text is the same by a rule, and does something else.
                (Agreement::Agrees, Some(entry)) if entry.reason.starts_with("other rows: ") => continue,
                (Agreement::Agrees | Agreement::NotMeant, Some(entry)) => {
                    format!("it agrees: take it from differences.txt, where it is for {}", entry.reason)
                }
            };
            if differences::is_unwritten(&line.group, dialect) {
                unwritten += 1;
                if core::wanted().is_none() {
                    continue;
                }
            }
            let _ = writeln!(failures, "{} on {dialect}: {}\n{why}", line.name, line.source);
        }
    }
    print_table(&counts, unwritten);
    assert!(failures.is_empty(), "these differ and are not listed:\n\n{failures}");
}

fn print_table(counts: &BTreeMap<(&str, &str), Count>, unwritten: usize) {
    let mut table = format!("{:24}", "the corpus: agree of all");
    dialects::NAMES.iter().for_each(|dialect| write!(table, "{dialect:>16}").unwrap());
    let groups: BTreeSet<&str> = counts.keys().map(|(group, _)| *group).collect();
    for group in groups.into_iter().rev() {
        let _ = write!(table, "\n{:24}", if group.is_empty() { "all" } else { group });
        for dialect in dialects::NAMES {
            let Count { agree, listed, all } = counts.get(&(group, *dialect)).copied().unwrap_or_default();
            let also = if listed > 0 { format!("+{listed}") } else { String::new() };
            let _ = write!(table, "{:>16}", format!("{agree}{also} of {all}"));
        }
    }
    // Past the capture of the test.
    let _ = writeln!(
        std::io::stderr(),
        "{table}\n(+n: listed in differences.txt; of groups not written yet: {unwritten})\n{}\n{}\n{}\n{}",
        house::counts(),
        crate::normal::oracle::counts(),
        crate::normal::mssql::counts(),
        crate::normal::truth::counts()
    );
}

#[test]
fn few_differences_are_listed() {
    let listed = differences::differences();
    for &dialect in dialects::NAMES {
        let count = listed.iter().filter(|entry| entry.dialect == dialect).count();
        assert!(
            count * 20 <= core::lines().len(),
            "{count} differences are listed for {dialect}: more than 5 %"
        );
    }
    for entry in listed {
        let line = core::lines().iter().find(|line| line.name == entry.name);
        assert!(line.is_some(), "no statement of the corpus is called {}", entry.name);
    }
}
