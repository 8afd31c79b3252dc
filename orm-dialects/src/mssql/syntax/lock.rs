//! Locks and hints, which stand behind the tables of FROM.

use orm_query::tree::{From, Lock, LockStrength, LockWait, Select, SourceRef};

use crate::mssql::MsSql;
use crate::syntax::{Result, Syntax, invalid, unsupported};

/// What stands behind which table of the query; behind all where there is no name.
pub(super) fn hints(s: &MsSql, q: &Select) -> Result<Vec<(Option<SourceRef>, String)>> {
    let mut hints = Vec::new();
    if let Some(lock) = &q.lock {
        let words = words(lock);
        let sources = || q.from.iter().chain(q.joins.iter().map(|join| &join.to));
        if lock.of.is_empty() {
            if sources().any(|from| !is_table(from)) {
                let hint = "name the tables to be locked by `of`";
                return Err(unsupported(s, "FOR UPDATE of a subquery", Some(hint)));
            }
            hints.push((None, words));
        } else {
            for of in &lock.of {
                if !sources().any(|from| from.has_source(of)) {
                    return Err(invalid(format!("`{of}`, whose rows are to be locked, is not in FROM")));
                }
                hints.push((Some(of.clone()), words.clone()));
            }
        }
    }
    for hint in q.hints.iter().filter(|hint| *hint.dialect == *Syntax::name(s)) {
        if let Some(source) = &hint.source {
            hints.push((Some(source.clone()), inner(&hint.sql).to_owned()));
        }
    }
    Ok(hints)
}

fn is_table(from: &From) -> bool {
    match from {
        From::Table(_) | From::Sample(_) => true,
        From::Joined(joined) => is_table(&joined.from) && joined.joins.iter().all(|join| is_table(&join.to)),
        From::Query { .. } | From::Cte { .. } | From::Function(_) => false,
    }
}

/// `UPDLOCK` is held to the end of the transaction, and so are shared locks under `REPEATABLEREAD`.
fn words(lock: &Lock) -> String {
    let strength = match lock.strength {
        // There is no lock of a row's key alone: the stronger one keeps all that was asked for.
        LockStrength::Update | LockStrength::NoKeyUpdate => "UPDLOCK, ROWLOCK",
        LockStrength::Share | LockStrength::KeyShare => "REPEATABLEREAD, ROWLOCK",
    };
    match lock.wait {
        LockWait::Wait => strength.to_owned(),
        LockWait::NoWait => format!("{strength}, NOWAIT"),
        LockWait::SkipLocked => format!("{strength}, READPAST"),
    }
}

/// What stands between the parentheses of `WITH (…)`.
fn inner(sql: &str) -> &str {
    let sql = sql.trim();
    let head = sql.get(..4).filter(|head| head.eq_ignore_ascii_case("with")).map_or(sql, |_| sql[4..].trim());
    head.strip_prefix('(').and_then(|hint| hint.strip_suffix(')')).unwrap_or(head).trim()
}

#[test]
fn hints_with_and_without_their_word() {
    assert_eq!(inner("WITH (NOLOCK)"), "NOLOCK");
    assert_eq!(inner(" with(INDEX(ix_a), NOLOCK) "), "INDEX(ix_a), NOLOCK");
    assert_eq!(inner("(TABLOCK)"), "TABLOCK");
    assert_eq!(inner("INDEX(ix_a)"), "INDEX(ix_a)");
    assert_eq!(inner("wÜ"), "wÜ");
}
