use std::borrow::Cow;

use orm_query::schema::{ColumnDef, TableDef};
use orm_query::{DataType, EnumType};

use super::{OptionPlace, Result, Syntax, Writer, invalid, options, unsupported};

/// `name type [DEFAULT …] [NOT NULL] [GENERATED ALWAYS AS (…) STORED] [CHECK (…)]`
///
/// # Errors
/// Where a part of it cannot be said, or it has both a default and an expression.
pub fn column_def<S: Syntax + ?Sized>(s: &S, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    options(s, OptionPlace::Column, &column.options)?;
    s.identifier(w, &column.name)?;
    w.push(" ");
    s.column_type(w, table, column)?;
    if let Some(collation) = &column.collation {
        w.push(" COLLATE ");
        s.identifier(w, collation)?;
    }
    if let Some(sql) = &column.server_default {
        if column.computed.is_some() {
            return Err(invalid(format!("the computed column `{}` has a default", column.name)));
        }
        w.push(" DEFAULT ");
        s.server_default(w, column, sql)?;
    }
    s.nullability(w, table, column)?;
    if let Some(sql) = &column.computed {
        s.computed(w, column, sql)?;
    }
    column_checks(s, w, column)?;
    match &column.comment {
        Some(comment) => s.column_comment(w, comment),
        None => Ok(()),
    }
}

/// ` NOT NULL`, where the column allows none.
///
/// # Errors
/// None here.
pub fn nullability(w: &mut Writer, column: &ColumnDef) -> Result {
    if !column.nullable {
        w.push(" NOT NULL");
    }
    Ok(())
}

/// What keeps a column to values: that of its enum, and its own.
///
/// # Errors
/// Where the database has no such checks.
pub fn column_checks<S: Syntax + ?Sized>(s: &S, w: &mut Writer, column: &ColumnDef) -> Result {
    if let DataType::Enum(e) = &column.data_type
        && e.check
        && e.check_name.is_none()
    {
        s.enum_check(w, column, e)?;
    }
    for check in &*column.checks {
        w.push(" ");
        s.check(w, check)?;
    }
    Ok(())
}

/// The column with what a sequence means for it here: a default, or counting up in the database's own way.
///
/// # Errors
/// Where there are no sequences, and the column is no key.
pub fn resolved<'c, S: Syntax + ?Sized>(
    s: &S,
    table: &TableDef,
    column: &'c ColumnDef,
) -> Result<Cow<'c, ColumnDef>> {
    let Some(sequence) = &column.sequence else { return Ok(Cow::Borrowed(column)) };
    let mut resolved = column.clone();
    if s.features().sequences {
        let w = &mut Writer::default();
        s.next_value(w, sequence)?;
        resolved.server_default = Some(w.sql().to_owned().into());
    } else if column.primary_key && column.data_type.is_integer() && table.primary_key().count() < 2 {
        resolved.autoincrement = true;
    } else {
        return Err(unsupported(s, "sequence", Some("only a key counts itself up without one")));
    }
    Ok(Cow::Owned(resolved))
}

/// The default as it was written, in parentheses where it is more than a literal or a keyword.
///
/// # Errors
/// Where it is empty.
pub fn server_default<S: Syntax + ?Sized>(s: &S, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let sql = sql.trim();
    if sql.is_empty() {
        return Err(invalid(format!("the default of `{}` is empty; an empty text is `''`", column.name)));
    }
    if is_constant(sql) || is_parenthesized(sql) { s.raw(w, sql) } else { w.parenthesized(|w| s.raw(w, sql)) }
}

/// Whether it is a number, a text between quotes, or a word such as NULL or CURRENT_TIMESTAMP.
fn is_constant(sql: &str) -> bool {
    let number = sql.strip_prefix(['-', '+']).unwrap_or(sql);
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        return number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    }
    if let Some(text) = sql.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')) {
        return !text.replace("''", "").contains('\'');
    }
    ["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"]
        .iter()
        .any(|word| sql.eq_ignore_ascii_case(word))
}

/// Whether it is one call of a function: a name, and parentheses that close at the end.
pub fn is_call(sql: &str) -> bool {
    let Some(open) = sql.find('(') else { return false };
    let name = &sql[..open];
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    plain && !name.is_empty() && is_parenthesized(&sql[open..])
}

/// Whether the first parenthesis closes at the end.
pub fn is_parenthesized(sql: &str) -> bool {
    let mut depth = 0_usize;
    let mut quote = None;
    for (position, c) in sql.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        if depth == 0 {
            return position > 0 && position + 1 == sql.len();
        }
    }
    false
}

/// ` GENERATED ALWAYS AS (…) STORED`
///
/// # Errors
/// Where the database has no computed columns.
pub fn computed<S: Syntax + ?Sized>(s: &S, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    if column.is_virtual && !s.features().virtual_columns {
        return Err(unsupported(s, "computed column that is not stored", Some("use `computed`, which is")));
    }
    w.push(" GENERATED ALWAYS AS (");
    s.raw(w, sql)?;
    w.push(if column.is_virtual { ") VIRTUAL" } else { ") STORED" });
    Ok(())
}

/// ` CHECK (column IN ('a', 'b'))`
///
/// # Errors
/// Where the enum has no values.
pub fn enum_check<S: Syntax + ?Sized>(s: &S, w: &mut Writer, column: &ColumnDef, e: &EnumType) -> Result {
    if e.values.is_empty() {
        return Err(invalid(format!("the enum `{}` has no values", e.name)));
    }
    w.push(" CHECK (");
    s.identifier(w, &column.name)?;
    w.push(" IN (");
    w.list(&*e.values, ", ", |w, value| s.literal(w, value))?;
    w.push("))");
    Ok(())
}
