//! What DDL SQLite says otherwise.

use orm_query::DataType;
use orm_query::schema::{ColumnDef, ForeignKeyDef, TableDef};

use super::{Sqlite, syntax::clock, types};
use crate::syntax::{self, Result, Writer, unsupported};

/// A column that counts itself up is the rowid, which needs the type to be INTEGER to the letter.
pub(super) fn column_type(s: &Sqlite, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    if !column.autoincrement {
        w.push(&types::declared_column(&column.data_type));
        return Ok(());
    }
    if !column.data_type.is_integer() {
        return Err(unsupported(s, "autoincrement column that is no integer", None));
    }
    if !column.primary_key || table.primary_key().count() != 1 {
        let hint = "only a primary key of one column counts itself up";
        return Err(unsupported(s, "autoincrement column that is not the whole primary key", Some(hint)));
    }
    w.push("INTEGER");
    Ok(())
}

/// The clock's time in the form in which it is bound.
pub(super) fn server_default(s: &Sqlite, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let kept = matches!(column.data_type, DataType::Time | DataType::Timestamp | DataType::TimestampTz);
    match clock(sql.trim(), &column.data_type).filter(|_| kept) {
        Some(sql) => syntax::server_default(s, w, column, sql),
        None => syntax::server_default(s, w, column, sql),
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
