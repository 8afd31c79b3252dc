//! Functions that have another name in MySQL, or another result.

use orm_query::DataType;
use orm_query::tree::{Case, Expr, FrameUnit, Function};
use orm_query::{Bind, Value};

use crate::mysql::{MySql, types};
use crate::syntax::{self, Level, Result, Syntax, Writer, call, expr, invalid, operand, unsupported};

/// The aggregates that do not see NULL, and so do not see a row for which their argument is made NULL.
const NULL_BLIND: [&str; 18] = [
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "count",
    "group_concat",
    "max",
    "min",
    "std",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
    "any_value",
    "median",
];

/// The time of the clock with all its digits, and in UTC where it is a moment. `word` may say digits of its own.
pub(in crate::mysql) fn clock(word: &str, data_type: &DataType) -> Option<&'static str> {
    let name = match word.split_once('(') {
        Some((name, digits)) => {
            let digits = digits.strip_suffix(')')?;
            digits.bytes().all(|b| b.is_ascii_digit()).then_some(name)?
        }
        None => word,
    };
    Some(match name.to_ascii_lowercase().as_str() {
        "now" | "current_timestamp" | "localtimestamp" if *data_type != DataType::TimestampTz => {
            "CURRENT_TIMESTAMP(6)"
        }
        "now" | "current_timestamp" | "localtimestamp" | "utc_timestamp" => "UTC_TIMESTAMP(6)",
        "current_time" | "curtime" | "localtime" => "CURRENT_TIME(6)",
        "current_date" | "curdate" => "CURRENT_DATE",
        _ => return None,
    })
}

pub(super) fn function(s: &MySql, w: &mut Writer, f: &Function) -> Result {
    if f.arguments.is_empty()
        && f.over.is_none()
        && let Some(sql) = clock(&f.name, &f.data_type)
    {
        w.push(sql);
        return Ok(());
    }
    if let Some(over) = &f.over
        && over.frame.as_ref().is_some_and(|frame| frame.unit == FrameUnit::Groups)
    {
        return Err(unsupported(s, "window frame of GROUPS", None));
    }
    let name = f.name.to_ascii_lowercase();
    if f.filter.is_some() {
        return function(s, w, &filtered(s, f, &name)?);
    }
    match name.as_str() {
        "min" | "max" => {
            s.has_order(&f.arguments)?;
            syntax::function(s, w, f)
        }
        // MySQL's own counts bytes.
        "length" if f.arguments.first().and_then(Expr::data_type) != Some(DataType::Bytes) => {
            call(s, w, "char_length", f)
        }
        "nextval" | "lastval" if s.features.sequences => sequence(s, w, &name, f),
        _ => syntax::function(s, w, f),
    }
}

/// The same without FILTER: a row that does not fulfil it has NULL as its argument.
fn filtered(s: &MySql, f: &Function, name: &str) -> Result<Function> {
    if !NULL_BLIND.contains(&name) {
        let hint = "put the condition into CASE inside of its argument";
        return Err(unsupported(s, "FILTER of this function", Some(hint)));
    }
    let mut f = f.clone();
    let (Some(filter), Some(argument)) = (f.filter.take(), f.arguments.first_mut()) else {
        return Err(invalid(format!("`{name}` with a FILTER has no argument")));
    };
    let then = match std::mem::replace(argument, Expr::Star) {
        Expr::Star => Expr::Bind(Bind::new(Value::I32(1), DataType::Integer)),
        argument => argument,
    };
    *argument = Expr::Case(Box::new(Case { operand: None, branches: vec![(filter, then)], otherwise: None }));
    Ok(f)
}

/// A sequence is an identifier here, and a text elsewhere.
fn sequence(s: &MySql, w: &mut Writer, name: &str, f: &Function) -> Result {
    let [Expr::Bind(Bind { value: Value::Text(sequence), .. })] = f.arguments.as_slice() else {
        return syntax::function(s, w, f);
    };
    w.push(name);
    w.parenthesized(|w| w.list(sequence.split('.'), ".", |w, part| s.identifier(w, part)))
}

/// The average of integers would have four digits of its fraction only.
pub(super) fn argument(s: &MySql, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
    if f.name.eq_ignore_ascii_case("avg") && f.data_type == DataType::Double && types::is_integer(argument) {
        operand(s, w, argument, Level::Sum)?;
        w.push(" + 0e0");
        return Ok(());
    }
    match argument {
        Expr::Star | Expr::Ordered(_) => syntax::argument(s, w, f, argument),
        argument => expr(s, w, argument),
    }
}
