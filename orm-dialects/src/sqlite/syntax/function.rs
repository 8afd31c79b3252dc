//! Functions that have another name in SQLite, or see another value.

use orm_query::DataType;
use orm_query::schema::normalized_sql;
use orm_query::tree::{Expr, Function};

use crate::sqlite::Sqlite;
use crate::syntax::{self, Result, Syntax, Writer, call};

const MOMENT: &str = "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')";
const DATE_AND_TIME: &str = "strftime('%Y-%m-%d %H:%M:%f000', 'now')";
const TIME: &str = "strftime('%H:%M:%f000', 'now')";

/// The time of the clock, as [`types`](crate::sqlite::types) keeps it: `CURRENT_TIMESTAMP` has no fraction, and would not
/// be equal to the same moment that was bound. SQLite's clock has milliseconds.
pub(in crate::sqlite) fn clock(word: &str, data_type: &DataType) -> Option<&'static str> {
    let is = |words: &[&str]| words.iter().any(|w| word.eq_ignore_ascii_case(w));
    if is(&["now", "now()", "current_timestamp", "localtimestamp"]) {
        return Some(match data_type {
            DataType::TimestampTz => MOMENT,
            _ => DATE_AND_TIME,
        });
    }
    is(&["current_time", "localtime"]).then_some(TIME)
}

/// One word for the clock's time, in whatever form normalized SQL says it.
pub(in crate::sqlite) fn clock_word(normalized: &str) -> Option<&'static str> {
    let is = |forms: &[&str]| forms.iter().any(|form| normalized == normalized_sql(form));
    if is(&["now", "localtimestamp", MOMENT, DATE_AND_TIME]) {
        return Some("current_timestamp");
    }
    is(&["localtime", TIME]).then_some("current_time")
}

pub(super) fn function(s: &Sqlite, w: &mut Writer, f: &Function) -> Result {
    if f.arguments.is_empty()
        && f.over.is_none()
        && let Some(sql) = clock(&f.name, &f.data_type)
    {
        w.push(sql);
        return Ok(());
    }
    match f.name.to_ascii_lowercase().as_str() {
        "char_length" | "character_length" => call(s, w, "length", f),
        _ => syntax::function(s, w, f),
    }
}

/// `min` and `max` compare, as ORDER BY does.
pub(super) fn argument(s: &Sqlite, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
    if f.name.eq_ignore_ascii_case("min") || f.name.eq_ignore_ascii_case("max") {
        return s.key(w, argument);
    }
    syntax::argument(s, w, f, argument)
}
