use orm_query::CompileError;
use orm_query::tree::{ColumnRef, SourceRef, TableRef};

use super::{Result, Syntax, Writer};

/// `name`, between double quotes where it is no plain lower-case word or a reserved one.
///
/// # Errors
/// Where `name` is empty or has a NUL character.
pub fn identifier<S: Syntax + ?Sized>(s: &S, w: &mut Writer, name: &str) -> Result {
    identifier_in(s, w, name, "\"")
}

/// `name`, between quotes of the dialect's own where it needs them.
///
/// # Errors
/// As [`identifier`].
pub fn identifier_in<S: Syntax + ?Sized>(s: &S, w: &mut Writer, name: &str, quote: &str) -> Result {
    let plain = is_plain_and_lower(name) && !s.is_reserved(name);
    if plain {
        w.push(name);
    } else {
        check(name)?;
        w.push(quote);
        w.push(&name.replace(quote, &quote.repeat(2)));
        w.push(quote);
    }
    Ok(())
}

/// Whether `name` is a word that every database takes as an identifier: a letter or `_`, then letters, digits, `_`, `$`.
pub fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
}

/// The same without capital letters, in one look at each byte: this is asked of every name of every statement.
fn is_plain_and_lower(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| matches!(b, b'a'..=b'z' | b'_'))
        && bytes.all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'$'))
}

fn check(name: &str) -> Result {
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.contains('\0') {
        "it has a NUL character"
    } else {
        return Ok(());
    };
    Err(CompileError::Identifier { name: name.to_owned(), reason })
}

/// `[schema.]name`
///
/// # Errors
/// Where one of them cannot be an identifier.
pub fn qualified<S: Syntax + ?Sized>(s: &S, w: &mut Writer, schema: Option<&str>, name: &str) -> Result {
    if let Some(schema) = schema {
        s.identifier(w, schema)?;
        w.push(".");
    }
    s.identifier(w, name)
}

/// What columns are qualified with.
///
/// # Errors
/// Where it cannot be an identifier.
pub fn source<S: Syntax + ?Sized>(s: &S, w: &mut Writer, source: &SourceRef) -> Result {
    qualified(s, w, source.schema.as_deref(), &source.name)
}

/// `[schema.]table [AS alias]`
///
/// # Errors
/// Where one of them cannot be an identifier.
pub fn table_ref<S: Syntax + ?Sized>(s: &S, w: &mut Writer, table: &TableRef) -> Result {
    qualified(s, w, table.schema.as_deref(), &table.name)?;
    match &table.alias {
        Some(alias) => s.alias(w, alias),
        None => Ok(()),
    }
}

/// ` AS alias`
///
/// # Errors
/// Where it cannot be an identifier.
pub fn alias<S: Syntax + ?Sized>(s: &S, w: &mut Writer, alias: &str) -> Result {
    w.push(" AS ");
    s.identifier(w, alias)
}

/// `source.name`, or `name` where the clause takes no qualified names.
///
/// # Errors
/// Where one of them cannot be an identifier.
pub fn column<S: Syntax + ?Sized>(s: &S, w: &mut Writer, column: &ColumnRef) -> Result {
    if w.is_qualified() {
        source(s, w, &column.source)?;
        w.push(".");
    }
    s.identifier(w, &column.name)
}
