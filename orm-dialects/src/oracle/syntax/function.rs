//! Functions that have another name in Oracle, or another meaning.

use orm_query::DataType;
use orm_query::tree::{Expr, Frame, FrameUnit, Function, NullTreatment};
use orm_query::{Bind, Value};

use crate::oracle::{Oracle, Release};
use crate::syntax::{Result, Syntax, Writer, call, expr, invalid, order_list, unsupported, window};

pub(super) fn function(s: &Oracle, w: &mut Writer, f: &Function) -> Result {
    let name = f.name.to_ascii_lowercase();
    if f.arguments.is_empty()
        && f.over.is_none()
        && f.within_group.is_empty()
        && let Some(word) = bare(s, &name, f)?
    {
        w.push(word);
        return Ok(());
    }
    if f.filter.is_some() {
        let hint = "put a CASE into the aggregate: a row that does not count is NULL";
        return Err(unsupported(s, "FILTER of an aggregate", Some(hint)));
    }
    if let Some(frame) = f.over.as_ref().and_then(|over| over.frame.as_ref()) {
        has_frame(s, frame)?;
    }
    if let Some(result) = special(s, w, &name, f) {
        return result;
    }
    if !f.order_by.is_empty() {
        let hint = "use WITHIN GROUP where the function has it";
        return Err(unsupported(s, "ORDER BY inside of this function", Some(hint)));
    }
    if f.nulls == Some(NullTreatment::Respect) {
        // It is the habit.
        return function(s, w, &Function { nulls: None, ..f.clone() });
    }
    let is_bytes = || f.arguments.first().and_then(Expr::data_type) == Some(DataType::Bytes);
    let own = match name.as_str() {
        "char_length" | "character_length" => "LENGTH",
        "length" | "octet_length" if is_bytes() => "DBMS_LOB.GETLENGTH",
        "octet_length" => "LENGTHB",
        "substring" => "SUBSTR",
        "ceiling" => "CEIL",
        "pow" => "POWER",
        "strpos" => "INSTR",
        // Truth is a number.
        "bool_and" => "MIN",
        "bool_or" => "MAX",
        _ => &f.name,
    };
    call(s, w, own, f)
}

/// What is called without parentheses.
fn bare(s: &Oracle, name: &str, f: &Function) -> Result<Option<&'static str>> {
    Ok(Some(match name {
        "now" | "current_timestamp" if f.data_type == DataType::Timestamp => "LOCALTIMESTAMP",
        "now" | "current_timestamp" => "CURRENT_TIMESTAMP",
        "localtimestamp" => "LOCALTIMESTAMP",
        // The word alone has a time of day.
        "current_date" => "TRUNC(CURRENT_DATE)",
        "current_time" | "localtime" => {
            return Err(unsupported(s, "CURRENT_TIME", Some("use CURRENT_TIMESTAMP")));
        }
        "current_user" => "SYS_CONTEXT('USERENV', 'CURRENT_USER')",
        "session_user" | "user" => "USER",
        "random" | "rand" => "DBMS_RANDOM.VALUE",
        _ => return Ok(None),
    }))
}

/// # Errors
/// Where the release has no such frame.
fn has_frame(s: &Oracle, frame: &Frame) -> Result {
    if s.is_at_least(Release::R21) {
        return Ok(());
    }
    if frame.unit == FrameUnit::Groups {
        return Err(unsupported(s, "window frame of GROUPS", Some("it came with 21c")));
    }
    if frame.exclude.is_some() {
        return Err(unsupported(s, "EXCLUDE in a window frame", Some("it came with 21c")));
    }
    Ok(())
}

/// What is more than a call under another name.
fn special(s: &Oracle, w: &mut Writer, name: &str, f: &Function) -> Option<Result> {
    Some(match (name, f.arguments.as_slice()) {
        ("string_agg" | "group_concat" | "listagg", _) => list_agg(s, w, f),
        ("json_agg", [value]) => json_agg(s, w, f, value),
        ("json_object_agg", [key, value]) => {
            surround(s, w, &[("JSON_OBJECTAGG(", key), (" VALUE ", value)], " RETURNING CLOB)")
        }
        ("json_object", pairs) if !pairs.is_empty() => json_object(s, w, pairs),
        ("json_array", values) if !values.is_empty() => {
            w.push("JSON_ARRAY(");
            w.list(values, ", ", |w, e| expr(s, w, e)).map(|()| w.push(" NULL ON NULL RETURNING CLOB)"))
        }
        ("array_agg", _) => Err(unsupported(s, "ARRAY_AGG", Some("collect JSON with json_agg"))),
        ("mode", []) => match f.within_group.as_slice() {
            [order] => surround(s, w, &[("STATS_MODE(", &order.expr)], ")"),
            _ => Err(invalid("`mode` has one expression WITHIN GROUP")),
        },
        ("concat", [_, _, _, ..]) => Err(unsupported(
            s,
            "CONCAT of more than two texts",
            Some("put them together by `.concat(…)`, which is `||`"),
        )),
        ("left", [text, length]) => surround(s, w, &[("SUBSTR(", text), (", 1, ", length)], ")"),
        ("right", [text, length]) => surround(
            s,
            w,
            &[("SUBSTR(", text), (", -LEAST(", length), (", LENGTH(", text), (")), ", length)],
            ")",
        ),
        ("repeat", [text, times]) => {
            surround(s, w, &[("RPAD(", text), (", LENGTH(", text), (") * (", times), ("), ", text)], ")")
        }
        ("nextval" | "lastval", [Expr::Bind(Bind { value: Value::Text(sequence), .. })]) => {
            // A sequence is an identifier here, and a text elsewhere.
            let written = w.list(sequence.split('.'), ".", |w, part| s.identifier(w, part));
            written.map(|()| w.push(if name == "nextval" { ".NEXTVAL" } else { ".CURRVAL" }))
        }
        _ => return None,
    })
}

/// Each expression behind its text, and what stands behind the last.
fn surround(s: &Oracle, w: &mut Writer, parts: &[(&str, &Expr)], end: &str) -> Result {
    for (before, e) in parts {
        w.push(before);
        expr(s, w, e)?;
    }
    w.push(end);
    Ok(())
}

/// `LISTAGG([DISTINCT] text, separator) WITHIN GROUP (ORDER BY …) [OVER (…)]`
fn list_agg(s: &Oracle, w: &mut Writer, f: &Function) -> Result {
    w.push(if f.distinct { "LISTAGG(DISTINCT " } else { "LISTAGG(" });
    w.list(&f.arguments, ", ", |w, a| expr(s, w, a))?;
    w.push(") WITHIN GROUP (ORDER BY ");
    match (f.order_by.as_slice(), f.within_group.as_slice()) {
        ([], []) => w.push("NULL"),
        ([], order) | (order, []) => order_list(s, w, order)?,
        _ => return Err(invalid("an aggregate is ordered twice")),
    }
    w.push(")");
    if let Some(over) = &f.over {
        w.push(" OVER (");
        window(s, w, over)?;
        w.push(")");
    }
    Ok(())
}

/// `JSON_ARRAYAGG(value [ORDER BY …] NULL ON NULL RETURNING CLOB)`: by itself it would leave NULLs out, and hold 4,000 bytes.
fn json_agg(s: &Oracle, w: &mut Writer, f: &Function, value: &Expr) -> Result {
    if f.distinct || f.over.is_some() {
        return Err(unsupported(s, "JSON_ARRAYAGG with DISTINCT or over a window", None));
    }
    w.push("JSON_ARRAYAGG(");
    expr(s, w, value)?;
    if !f.order_by.is_empty() {
        w.push(" ORDER BY ");
        order_list(s, w, &f.order_by)?;
    }
    w.push(" NULL ON NULL RETURNING CLOB)");
    Ok(())
}

/// `JSON_OBJECT(key VALUE value, … RETURNING CLOB)`
fn json_object(s: &Oracle, w: &mut Writer, pairs: &[Expr]) -> Result {
    if !pairs.len().is_multiple_of(2) {
        return Err(invalid("JSON_OBJECT has a value for each key"));
    }
    w.push("JSON_OBJECT(");
    w.list(pairs.chunks(2), ", ", |w, pair| {
        expr(s, w, &pair[0])?;
        w.push(" VALUE ");
        expr(s, w, &pair[1])
    })?;
    w.push(" RETURNING CLOB)");
    Ok(())
}
