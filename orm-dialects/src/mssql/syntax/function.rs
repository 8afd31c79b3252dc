//! Functions that have another name in SQL Server, or another result.

use orm_query::tree::{Expr, FrameBound, FrameUnit, Function, Like, NullTreatment, Window};
use orm_query::{DataType, Value};

use super::inline::number;
use crate::mssql::MsSql;
use crate::syntax::{self, Level, Result, Writer, call, expr, invalid, operand, unsupported};

/// What stands for the end of a text.
const TO_THE_END: &str = "2147483647";

/// The functions that count rows in an order, and are nothing without one.
const ORDERED: [&str; 10] = [
    "row_number",
    "rank",
    "dense_rank",
    "ntile",
    "percent_rank",
    "cume_dist",
    "lag",
    "lead",
    "first_value",
    "last_value",
];

/// The time of the clock, and who asks: words and calls without arguments.
pub(in crate::mssql) fn clock(name: &str, data_type: &DataType) -> Option<&'static str> {
    Some(match name {
        "now" | "current_timestamp" | "localtimestamp" if *data_type == DataType::TimestampTz => {
            "SYSDATETIMEOFFSET()"
        }
        "now" | "current_timestamp" => "CURRENT_TIMESTAMP",
        "localtimestamp" => "SYSDATETIME()",
        "current_date" => "CAST(GETDATE() AS DATE)",
        "current_time" | "localtime" => "CAST(SYSDATETIME() AS TIME)",
        "current_user" => "CURRENT_USER",
        "session_user" => "SESSION_USER",
        "system_user" => "SYSTEM_USER",
        // A number for each row, and not one for all.
        "random" => "RAND(CHECKSUM(NEWID()))",
        "gen_random_uuid" => "NEWID()",
        _ => return None,
    })
}

/// The name of a function that has another one here.
fn renamed(name: &str) -> Option<&'static str> {
    Some(match name {
        "length" => "LEN",
        "ceil" => "CEILING",
        "ln" => "LOG",
        "repeat" => "REPLICATE",
        "stddev" | "stddev_samp" => "STDEV",
        "stddev_pop" => "STDEVP",
        "variance" | "var_samp" => "VAR",
        "var_pop" => "VARP",
        "chr" => "NCHAR",
        _ => return None,
    })
}

pub(super) fn function(s: &MsSql, w: &mut Writer, f: &Function) -> Result {
    let name = f.name.to_ascii_lowercase();
    if f.arguments.is_empty()
        && f.over.is_none()
        && let Some(sql) = clock(&name, &f.data_type)
    {
        w.push(sql);
        return Ok(());
    }
    if f.filter.is_some() {
        let hint = "put the condition into CASE inside of its argument";
        return Err(unsupported(s, "FILTER of an aggregate", Some(hint)));
    }
    match f.nulls {
        Some(NullTreatment::Ignore) if !s.is_at_least(2022) => {
            return Err(unsupported(s, "IGNORE NULLS", Some("it came with SQL Server 2022")));
        }
        // It is the habit, and has words since 2022 only.
        Some(NullTreatment::Respect) if f.over.is_some() => {
            return function(s, w, &Function { nulls: None, ..f.clone() });
        }
        Some(_) | None => {}
    }
    if f.distinct && f.over.is_some() {
        return Err(unsupported(s, "DISTINCT in a window function", None));
    }
    if let Some(over) = &f.over
        && let Some(over) = window(s, &name, over)?
    {
        return function(s, w, &Function { over: Some(over), ..f.clone() });
    }
    check(s, &name, f)?;
    if !f.within_group.is_empty() {
        return within_group(s, w, &name, f);
    }
    match (name.as_str(), f.arguments.as_slice()) {
        ("length", [of]) if of.data_type() == Some(DataType::Bytes) => call(s, w, "DATALENGTH", f),
        // The average of integers is cut off to one, and their sum has no more bits than they.
        ("avg", [of]) if is_integer(of) => over_cast(s, w, f, of, &DataType::Double),
        ("sum", [of])
            if f.data_type == DataType::BigInt
                && matches!(of.data_type(), Some(DataType::SmallInt | DataType::Integer)) =>
        {
            over_cast(s, w, f, of, &DataType::BigInt)
        }
        ("substr" | "substring", [text, from]) => {
            w.push("SUBSTRING(");
            w.list([text, from], ", ", |w, e| expr(s, w, e))?;
            w.push(&format!(", {TO_THE_END})"));
            Ok(())
        }
        ("substr", [_, _, _]) => call(s, w, "SUBSTRING", f),
        ("strpos" | "instr", [text, part]) => {
            w.push("CHARINDEX(");
            w.list([part, text], ", ", |w, e| expr(s, w, e))?;
            w.push(")");
            Ok(())
        }
        ("trunc", [of]) => {
            w.push("ROUND(");
            expr(s, w, of)?;
            w.push(", 0, 1)");
            Ok(())
        }
        ("round", [of]) => {
            w.push("ROUND(");
            expr(s, w, of)?;
            w.push(", 0)");
            Ok(())
        }
        ("mod", [left, right]) => w.parenthesized(|w| {
            operand(s, w, left, Level::Product)?;
            w.push(" % ");
            operand(s, w, right, Level::Unary)
        }),
        ("string_agg", [of, separator]) if !f.order_by.is_empty() => {
            w.push("STRING_AGG(");
            w.list([of, separator], ", ", |w, e| expr(s, w, e))?;
            w.push(") WITHIN GROUP (ORDER BY ");
            syntax::order_list(s, w, &f.order_by)?;
            w.push(")");
            Ok(())
        }
        ("json_object", pairs) if pairs.len().is_multiple_of(2) => {
            w.push("JSON_OBJECT");
            w.parenthesized(|w| {
                w.list(pairs.chunks(2), ", ", |w, pair| w.list(pair, ": ", |w, e| expr(s, w, e)))
            })
        }
        ("json_array", list) if !list.is_empty() => {
            w.push("JSON_ARRAY(");
            w.list(list, ", ", |w, e| expr(s, w, e))?;
            w.push(" NULL ON NULL)");
            Ok(())
        }
        ("bool_and", [of]) => over_cast(s, w, &called("min", f), of, &DataType::Integer),
        ("bool_or", [of]) => over_cast(s, w, &called("max", f), of, &DataType::Integer),
        _ if !f.order_by.is_empty() => Err(unsupported(s, "ORDER BY in this aggregate", None)),
        _ => match renamed(&name) {
            Some(name) => call(s, w, name, f),
            None => syntax::function(s, w, f),
        },
    }
}

fn is_integer(e: &Expr) -> bool {
    e.data_type().is_some_and(|t| t.is_integer())
}

/// # Errors
/// For functions that this version has not under any name.
fn check(s: &MsSql, name: &str, f: &Function) -> Result {
    let missing = |feature, hint| Err(unsupported(s, feature, Some(hint)));
    match name {
        "char_length" | "character_length" => missing("char_length()", "use `length`, which is LEN here"),
        "greatest" | "least" if !s.is_at_least(2022) => {
            missing("greatest() and least()", "they came with SQL Server 2022; use CASE")
        }
        "json_object" | "json_array" if !s.is_at_least(2022) => {
            missing("json_object() and json_array()", "they came with SQL Server 2022")
        }
        "date_trunc" => missing("date_trunc()", "use `datetrunc`, which came with SQL Server 2022"),
        "array_agg" | "json_agg" | "jsonb_agg" | "json_group_array" | "json_arrayagg" | "json_object_agg" => {
            missing("aggregate to an array", "use `string_agg`")
        }
        "group_concat" => missing("group_concat()", "use `string_agg`"),
        "nth_value" => missing("nth_value()", "number the rows by `row_number()`"),
        "mode" => missing("mode()", "count the rows of each value"),
        "lpad" | "rpad" => missing("lpad() and rpad()", "use REPLICATE and RIGHT"),
        "min" | "max" => {
            s.has_order(&f.arguments)?;
            if f.arguments.iter().any(|e| e.data_type() == Some(DataType::Boolean)) {
                return missing("min() and max() of booleans", "use CASE inside of its argument");
            }
            Ok(())
        }
        "string_agg" if f.distinct => missing("string_agg(DISTINCT …)", "select DISTINCT rows first"),
        "string_agg" if f.over.is_some() => missing("string_agg() as a window function", "use a subquery"),
        _ if f.over.is_none() && ORDERED.contains(&name) => {
            Err(invalid(format!("`{name}` is a window function, and needs OVER")))
        }
        _ => Ok(()),
    }
}

/// `name([DISTINCT] CAST(of AS type)) [OVER (…)]`
fn over_cast(s: &MsSql, w: &mut Writer, f: &Function, of: &Expr, data_type: &DataType) -> Result {
    let mut cast = f.clone();
    cast.arguments = vec![Expr::Cast(Box::new(orm_query::tree::Cast {
        operand: of.clone(),
        data_type: data_type.clone(),
    }))];
    syntax::function(s, w, &cast)
}

/// The same under another name.
fn called(name: &'static str, f: &Function) -> Function {
    Function { name: name.into(), ..f.clone() }
}

/// `PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY …) OVER (PARTITION BY …)`, whose argument is a number.
fn within_group(s: &MsSql, w: &mut Writer, name: &str, f: &Function) -> Result {
    let (true, [part], Some(over)) = (name.starts_with("percentile_"), f.arguments.as_slice(), &f.over)
    else {
        let hint = "there are `percentile_cont` and `percentile_disc` over a window only";
        return Err(unsupported(s, "aggregate WITHIN GROUP", Some(hint)));
    };
    let Some(number) = number(part) else {
        return Err(unsupported(s, "percentile that is computed", Some("give it as a value")));
    };
    if !over.order_by.is_empty() || over.frame.is_some() {
        return Err(unsupported(
            s,
            "percentile over a window with an order",
            Some("give it PARTITION BY only"),
        ));
    }
    w.push(&format!("{}({number}) WITHIN GROUP (ORDER BY ", name.to_ascii_uppercase()));
    syntax::order_list(s, w, &f.within_group)?;
    w.push(") OVER (");
    syntax::window(s, w, over)?;
    w.push(")");
    Ok(())
}

/// The window as this database needs it; `None` where it is that already.
fn window(s: &MsSql, name: &str, over: &Window) -> Result<Option<Window>> {
    if let Some(frame) = &over.frame {
        if frame.exclude.is_some() {
            return Err(unsupported(s, "EXCLUDE in a window frame", None));
        }
        let counts =
            |bound: &FrameBound| matches!(bound, FrameBound::Preceding(_) | FrameBound::Following(_));
        match frame.unit {
            FrameUnit::Groups => return Err(unsupported(s, "window frame of GROUPS", None)),
            FrameUnit::Range if counts(&frame.start) || counts(&frame.end) => {
                let hint = "use ROWS, or a subquery";
                return Err(unsupported(s, "window frame of RANGE with an offset", Some(hint)));
            }
            FrameUnit::Rows | FrameUnit::Range => {}
        }
    }
    let needs_order = over.frame.is_some() || ORDERED.contains(&name);
    if !needs_order || !over.order_by.is_empty() {
        return Ok(None);
    }
    // Any order is as good as none.
    let any = orm_query::tree::Text {
        parts: vec![orm_query::tree::TextPart::Sql("(SELECT NULL)".to_owned())],
        binds: Vec::new(),
    };
    Ok(Some(Window { order_by: vec![Expr::Text(Box::new(any)).into()], ..over.clone() }))
}

/// In a pattern `[` begins a set of characters, which it does nowhere else: one that is bound is told that it means itself.
pub(super) fn like(s: &MsSql, w: &mut Writer, e: &Like) -> Result {
    let Expr::Bind(bind) = &e.pattern else { return syntax::like(s, w, e) };
    match &bind.value {
        Value::Text(pattern) if pattern.contains('[') => {
            let mut e = e.clone();
            if let Expr::Bind(bind) = &mut e.pattern {
                bind.value = Value::Text(plain_brackets(pattern, e.escape));
            }
            syntax::like(s, w, &e)
        }
        _ => syntax::like(s, w, e),
    }
}

/// The pattern with `[[]` for `[`, unless it is escaped already.
fn plain_brackets(pattern: &str, escape: Option<char>) -> String {
    let mut plain = String::with_capacity(pattern.len() + 2);
    let mut escaped = false;
    for c in pattern.chars() {
        match c {
            '[' if !escaped => plain.push_str("[[]"),
            c => plain.push(c),
        }
        escaped = !escaped && Some(c) == escape;
    }
    plain
}

#[test]
fn brackets_mean_themselves() {
    assert_eq!(plain_brackets("a[b]%", None), "a[[]b]%");
    assert_eq!(plain_brackets("![![[", Some('!')), "![![[[]");
    assert_eq!(plain_brackets("!![", Some('!')), "!![[]");
}
