//! What is listed: the intended differences, and the groups that are not written yet.

use std::collections::BTreeSet;

use crate::dialects;

/// A statement that ours says otherwise on purpose, or that is not compared, on some dialects.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) dialect: &'static str,
    pub(crate) reason: &'static str,
}

/// `differences.txt`, a line for each: `name · dialects · reason`.
pub(crate) fn differences() -> Vec<Entry> {
    let mut entries = Vec::new();
    for line in entries_of(include_str!("differences.txt")) {
        let mut parts = line.splitn(3, " · ");
        let (Some(name), Some(on), Some(reason)) = (parts.next(), parts.next(), parts.next()) else {
            panic!("a difference is `name · dialects · reason`, not {line:?}");
        };
        for dialect in on.split(", ") {
            assert!(dialects::NAMES.contains(&dialect), "no dialect is called {dialect:?} in {line:?}");
            entries.push(Entry { name, dialect, reason });
        }
    }
    let unique: BTreeSet<_> = entries.iter().map(|e| (e.name, e.dialect)).collect();
    assert_eq!(unique.len(), entries.len(), "a difference is listed twice");
    entries
}

/// Whether ours gives other rows on purpose: its reason begins with `other rows: `.
pub(crate) fn gives_other_rows(name: &str, dialect: &str) -> bool {
    differences()
        .iter()
        .any(|e| e.name == name && e.dialect == dialect && e.reason.starts_with("other rows: "))
}

/// Whether the group is on the list of those that are not written yet for the dialect: `group`, or `group · dialects`.
pub(crate) fn is_unwritten(group: &str, dialect: &str) -> bool {
    entries_of(include_str!("unwritten.txt")).any(|line| match line.split_once(" · ") {
        Some((name, on)) => name == group && on.split(", ").any(|on| on == dialect),
        None => line == group,
    })
}

fn entries_of(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
