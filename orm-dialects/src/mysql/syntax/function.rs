//! Functions that have another name in MySQL, or another result.

use orm_query::DataType;
use orm_query::tree::{Expr, FrameUnit, Function, GroupingKind, NullTreatment};
use orm_query::{Bind, Value};

use crate::mysql::{MySql, types};
use crate::syntax::{self, Level, Result, Syntax, Writer, call, expr, operand, order_list, unsupported};

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
    // Read as a text it is what MySQL itself says.
    if f.arguments.is_empty()
        && f.over.is_none()
        && f.data_type != DataType::Text
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
    if let Some(over) = &f.over
        && over.frame.as_ref().is_some_and(|frame| frame.exclude.is_some())
    {
        return Err(unsupported(s, "EXCLUDE in a window frame", None));
    }
    match f.nulls {
        Some(NullTreatment::Ignore) => return Err(unsupported(s, "IGNORE NULLS", None)),
        // It is the habit, and has no words here.
        Some(NullTreatment::Respect) => return function(s, w, &Function { nulls: None, ..f.clone() }),
        None => {}
    }
    let is_window = s.is_mariadb() && f.over.is_some();
    if !f.within_group.is_empty() && !is_window {
        return Err(unsupported(s, "WITHIN GROUP", Some("number the rows by a window function")));
    }
    let name = f.name.to_ascii_lowercase();
    if f.filter.is_some() {
        let hint = "count(case().when(condition, x).end()): an aggregate does not see NULL";
        return Err(unsupported(s, "FILTER of an aggregate", Some(hint)));
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
        "string_agg" => string_agg(s, w, f),
        "array_agg" => Err(unsupported(s, "ARRAY_AGG", Some("collect JSON with json_agg"))),
        "json_agg" => {
            if !s.is_mariadb() && (f.distinct || !f.order_by.is_empty()) {
                return Err(unsupported(s, "DISTINCT and ORDER BY in JSON_ARRAYAGG", None));
            }
            call(s, w, "json_arrayagg", f)
        }
        "json_object_agg" => call(s, w, "json_objectagg", f),
        "bool_and" => call(s, w, "min", f),
        "bool_or" => call(s, w, "max", f),
        "strpos" => call(s, w, "instr", f),
        "random" => call(s, w, "rand", f),
        // These have parentheses here.
        "session_user" | "current_user" if f.arguments.is_empty() => call(s, w, &name, f),
        "grouping" if s.is_mariadb() => Err(unsupported(s, "GROUPING", None)),
        "greatest" | "least" if f.arguments.len() == 1 => expr(s, w, &f.arguments[0]),
        "greatest" | "least" => {
            s.has_order(&f.arguments)?;
            syntax::function(s, w, f)
        }
        _ if !f.order_by.is_empty() && name != "group_concat" => {
            Err(unsupported(s, "ORDER BY in this aggregate", None))
        }
        "nextval" | "lastval" if s.features.sequences => sequence(s, w, &name, f),
        _ => syntax::function(s, w, f),
    }
}

/// `group_concat([DISTINCT] text [ORDER BY …] SEPARATOR '…')`, whose separator is a literal.
fn string_agg(s: &MySql, w: &mut Writer, f: &Function) -> Result {
    let [text, Expr::Bind(separator)] = &*f.arguments else {
        if let [text, Expr::Literal(separator)] = &*f.arguments {
            let arguments = vec![text.clone(), Expr::Bind((**separator).clone())];
            return string_agg(s, w, &Function { arguments, ..f.clone() });
        }
        let hint = "give it as a value";
        return Err(unsupported(s, "STRING_AGG with a separator that is computed", Some(hint)));
    };
    if f.over.is_some() {
        return Err(unsupported(s, "GROUP_CONCAT over a window", None));
    }
    w.push(if f.distinct { "group_concat(DISTINCT " } else { "group_concat(" });
    expr(s, w, text)?;
    if !f.order_by.is_empty() {
        w.push(" ORDER BY ");
        order_list(s, w, &f.order_by)?;
    }
    w.push(" SEPARATOR ");
    s.inline(w, separator)?;
    w.push(")");
    Ok(())
}

/// What stands behind GROUP BY; ROLLUP is of the whole list, and stands behind it.
pub(super) fn group_by(s: &MySql, w: &mut Writer, list: &[Expr]) -> Result {
    let [Expr::Grouping(grouping)] = list else { return syntax::group_by(s, w, list) };
    if grouping.kind != GroupingKind::Rollup || grouping.list.iter().any(|e| matches!(e, Expr::Tuple(_))) {
        return s.grouping(w, grouping);
    }
    w.list(&grouping.list, ", ", |w, key| s.key(w, key))?;
    w.push(" WITH ROLLUP");
    Ok(())
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
