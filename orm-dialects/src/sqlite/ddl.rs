//! What DDL SQLite says otherwise.

use orm_query::DataType;
use orm_query::schema::{ColumnDef, ForeignKeyDef, IdentityDef, TableDef, UniqueDef};
use orm_query::tree::{AlterTable, TableChange};

use super::{Sqlite, syntax::clock, types};
use crate::syntax::{self, Result, Writer, invalid, unsupported};

/// A column that counts itself up is the rowid, which needs the type to be INTEGER to the letter; and a sole key that
/// does not count itself up must not be that.
pub(super) fn column_type(s: &Sqlite, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    let is_sole_key = column.primary_key && table.primary_key().count() == 1;
    if !column.autoincrement {
        if types::is_number_text(&column.data_type) && column.collation.is_some() {
            return Err(invalid(format!("the column `{}` is a number and has no collation", column.name)));
        }
        if is_sole_key && column.data_type == DataType::Integer {
            w.push("INT");
        } else {
            w.push(&types::declared_column(&column.data_type)?);
        }
        return Ok(());
    }
    if !column.data_type.is_integer() {
        return Err(unsupported(s, "autoincrement column that is no integer", None));
    }
    if !is_sole_key {
        let hint = "only a primary key of one column counts itself up";
        return Err(unsupported(s, "autoincrement column that is not the whole primary key", Some(hint)));
    }
    if column.identity.is_some_and(|identity| identity != IdentityDef::default()) {
        let hint = "its numbers go up from 1 by 1, and it takes others too";
        return Err(unsupported(s, "identity column with options", Some(hint)));
    }
    w.push("INTEGER");
    Ok(())
}

/// The clock's time in the form in which it is bound, and the digits of a number that is kept as text: bare they would
/// be a double first.
pub(super) fn server_default(s: &Sqlite, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let kept = matches!(column.data_type, DataType::Time | DataType::Timestamp | DataType::TimestampTz);
    if let Some(sql) = clock(sql.trim(), &column.data_type).filter(|_| kept) {
        return syntax::server_default(s, w, column, sql);
    }
    let is_text = types::is_number_text(&column.data_type) && !column.autoincrement;
    if is_text && is_plain_number(sql.trim()) {
        w.push(&format!("'{}'", sql.trim()));
        return Ok(());
    }
    syntax::server_default(s, w, column, sql)
}

/// `-12.50`
pub(super) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|b| *b == b'.').count() <= 1
}

/// SQLite takes `DEFERRABLE` here and does not defer.
pub(super) fn unique(s: &Sqlite, w: &mut Writer, unique: &UniqueDef) -> Result {
    if unique.deferrable.is_some() {
        return Err(unsupported(s, "DEFERRABLE UNIQUE constraint", None));
    }
    syntax::unique(s, w, unique)
}

/// A column becomes no part of the key of a table that is there.
pub(super) fn alter_table(s: &Sqlite, w: &mut Writer, a: &AlterTable) -> Result {
    match &a.change {
        TableChange::AddColumn(column) if column.primary_key => {
            Err(unsupported(s, "ALTER TABLE of the primary key", Some("create it with the table")))
        }
        _ => syntax::alter_table(s, w, a),
    }
}

/// A foreign key stays within its database, and so names no schema.
pub(super) fn foreign_key(s: &Sqlite, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
    if key.target_schema.is_none() || key.target_schema == table.schema {
        let mut key = key.clone();
        key.target_schema = None;
        return syntax::foreign_key(s, w, table, &key);
    }
    Err(unsupported(s, "foreign key into another schema", None))
}
