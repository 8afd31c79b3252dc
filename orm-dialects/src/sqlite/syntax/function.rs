//! Functions that have another name in SQLite, or see another value.

use orm_query::schema::normalized_sql;
use orm_query::tree::{Expr, Function, NullTreatment};
use orm_query::{DataType, Value};

use crate::sqlite::Sqlite;
use crate::syntax::{self, Level, Result, Syntax, Writer, call, expr, operand, unsupported};

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
    if !f.within_group.is_empty() {
        return Err(unsupported(s, "WITHIN GROUP", Some("number the rows by a window function")));
    }
    if f.nulls == Some(NullTreatment::Ignore) {
        return Err(unsupported(s, "IGNORE NULLS", None));
    }
    if f.nulls.is_some() {
        // It is the habit, and has no words here.
        return function(s, w, &Function { nulls: None, ..f.clone() });
    }
    // Read as a text it is what SQLite itself says.
    if f.arguments.is_empty()
        && f.over.is_none()
        && f.data_type != DataType::Text
        && let Some(sql) = clock(&f.name, &f.data_type)
    {
        w.push(sql);
        return Ok(());
    }
    match f.name.to_ascii_lowercase().as_str() {
        "char_length" | "character_length" => call(s, w, "length", f),
        "string_agg" if f.distinct => distinct_texts(s, w, f),
        "string_agg" => call(s, w, "group_concat", f),
        "array_agg" => Err(unsupported(s, "ARRAY_AGG", Some("collect JSON with json_agg"))),
        "json_agg" => call(s, w, "json_group_array", f),
        "json_object_agg" => call(s, w, "json_group_object", f),
        "bool_and" => call(s, w, "min", f),
        "bool_or" => call(s, w, "max", f),
        "strpos" => call(s, w, "instr", f),
        "greatest" => extreme(s, w, "max", f),
        "least" => extreme(s, w, "min", f),
        "right" => right(s, w, f),
        "left" => left(s, w, f),
        "random" if f.data_type == DataType::Double && f.arguments.is_empty() => {
            w.push(RANDOM);
            Ok(())
        }
        "stddev_samp" | "stddev_pop" | "var_samp" | "var_pop" => {
            Err(unsupported(s, "standard deviation and variance", Some("compute them from sums of squares")))
        }
        "lpad" | "rpad" | "repeat" => Err(unsupported(s, "LPAD, RPAD and REPEAT", Some("fill up in Rust"))),
        "session_user" | "current_user" if f.arguments.is_empty() => {
            Err(unsupported(s, "user of the session", None))
        }
        "grouping" => Err(unsupported(s, "GROUPING", None)),
        _ => syntax::function(s, w, f),
    }
}

/// A number of 53 random bits between 0 and 1, as other databases have it; SQLite's own is any integer.
const RANDOM: &str = "(abs(random() % 9007199254740992) / 9007199254740992.0)";

/// With DISTINCT an aggregate has one argument; the comma is what separates then.
fn distinct_texts(s: &Sqlite, w: &mut Writer, f: &Function) -> Result {
    let is_comma = |e: &Expr| match e {
        Expr::Bind(bind) => bind.value == Value::Text(",".into()),
        Expr::Literal(bind) => bind.value == Value::Text(",".into()),
        _ => false,
    };
    match &*f.arguments {
        [text, separator] if is_comma(separator) => {
            call(s, w, "group_concat", &Function { arguments: vec![text.clone()], ..f.clone() })
        }
        _ => Err(unsupported(
            s,
            "STRING_AGG(DISTINCT …) with a separator other than a comma",
            Some("make the texts distinct in a subquery"),
        )),
    }
}

/// With one argument `max` would be an aggregate.
fn extreme(s: &Sqlite, w: &mut Writer, name: &str, f: &Function) -> Result {
    match &*f.arguments {
        [one] => expr(s, w, one),
        _ => call(s, w, name, f),
    }
}

fn left(s: &Sqlite, w: &mut Writer, f: &Function) -> Result {
    let [text, length] = &*f.arguments else { return call(s, w, &f.name, f) };
    w.push("substr(");
    expr(s, w, text)?;
    w.push(", 1, ");
    expr(s, w, length)?;
    w.push(")");
    Ok(())
}

fn right(s: &Sqlite, w: &mut Writer, f: &Function) -> Result {
    let [text, length] = &*f.arguments else { return call(s, w, &f.name, f) };
    w.push("substr(");
    expr(s, w, text)?;
    w.push(", -");
    operand(s, w, length, Level::Primary)?;
    w.push(", ");
    expr(s, w, length)?;
    w.push(")");
    Ok(())
}

/// `min` and `max` compare, as ORDER BY does.
pub(super) fn argument(s: &Sqlite, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
    let compares = ["min", "max", "greatest", "least"];
    if compares.iter().any(|name| f.name.eq_ignore_ascii_case(name)) {
        return s.key(w, argument);
    }
    syntax::argument(s, w, f, argument)
}
