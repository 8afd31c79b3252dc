//! What DDL SQLite says otherwise.

use orm_query::DataType;
use orm_query::schema::{
    ColumnDef, DialectOption, ForeignKeyDef, IdentityDef, StandardType, TableDef, UniqueDef,
};
use orm_query::tree::{AlterTable, DropTable, TableChange};

use super::{Sqlite, syntax::clock, types};
use crate::syntax::{self, OptionKind, OptionPlace, Result, Writer, invalid, options, unsupported};

/// A column that counts itself up is the rowid, which needs the type to be INTEGER to the letter; and a sole key that
/// does not count itself up must not be that.
pub(super) fn column_type(s: &Sqlite, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    let own = options(s, OptionPlace::Table, &table.options)?;
    let is_sole_key = column.primary_key && table.primary_key().count() == 1;
    if own.flag("without_rowid") && column.autoincrement {
        let hint = "only the rowid counts itself up";
        return Err(unsupported(s, "autoincrement column of a table WITHOUT ROWID", Some(hint)));
    }
    if own.flag("strict") && !syntax::is_declared(s, column) {
        return types::strict(&column.data_type).map(|name| w.push(name));
    }
    if !column.autoincrement {
        if syntax::is_declared(s, column) {
            return declared_type(s, w, column, is_sole_key);
        }
        if types::is_number_text(&column.data_type) && column.collation.is_some() {
            return Err(invalid(format!("the column `{}` is a number and has no collation", column.name)));
        }
        if is_sole_key && column.data_type == DataType::Integer && !own.flag("without_rowid") {
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
    let is_other = |i: IdentityDef| i != IdentityDef::default() && !i.or_autoincrement;
    if column.identity.is_some_and(is_other) {
        let hint =
            "its numbers go up from 1 by 1, and it takes others too: say `or_autoincrement` if that will do";
        return Err(unsupported(s, "identity column with options", Some(hint)));
    }
    w.push("INTEGER");
    Ok(())
}

/// A type in the words of whoever declares it; a sole key that does not count itself up must not be INTEGER to the letter.
fn declared_type(s: &Sqlite, w: &mut Writer, column: &ColumnDef, is_sole_key: bool) -> Result {
    let written = &mut Writer::default();
    syntax::declared_type(s, written, column)?;
    let is_rowid = is_sole_key && written.sql().trim().eq_ignore_ascii_case("integer");
    w.push(if is_rowid { "INT" } else { written.sql() });
    Ok(())
}

/// What SQLite has beyond SQL.
pub(super) fn known_options(place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
    match place {
        OptionPlace::Table => &[
            ("without_rowid", OptionKind::Flag),
            ("strict", OptionKind::Flag),
            ("autoincrement", OptionKind::Flag),
            ("on_conflict_primary_key", OptionKind::Name),
        ],
        OptionPlace::Column => &[("on_conflict_not_null", OptionKind::Name)],
        OptionPlace::Unique => &[("on_conflict", OptionKind::Name)],
        OptionPlace::Index | OptionPlace::DropIndex | OptionPlace::Check | OptionPlace::ForeignKey => &[],
    }
}

/// ` ON CONFLICT REPLACE`
fn on_conflict(w: &mut Writer, word: Option<&str>) -> Result {
    let Some(word) = word else { return Ok(()) };
    let upper = word.to_ascii_uppercase();
    if !["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"].contains(&upper.as_str()) {
        return Err(invalid(format!("ON CONFLICT knows no `{word}`")));
    }
    w.push(" ON CONFLICT ");
    w.push(&upper);
    Ok(())
}

/// ` NOT NULL [ON CONFLICT …] [PRIMARY KEY AUTOINCREMENT]`
pub(super) fn nullability(s: &Sqlite, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    syntax::nullability(w, column)?;
    let own = options(s, OptionPlace::Column, &column.options)?;
    let on_null = own.text("on_conflict_not_null");
    if on_null.is_some() && column.nullable {
        return Err(invalid(format!("`{}` allows NULL, and says what a NULL does", column.name)));
    }
    on_conflict(w, on_null)?;
    if column.primary_key && is_key_in_column(s, table) {
        w.push(" PRIMARY KEY");
        let own = options(s, OptionPlace::Table, &table.options)?;
        on_conflict(w, own.text("on_conflict_primary_key"))?;
        w.push(" AUTOINCREMENT");
    }
    Ok(())
}

/// AUTOINCREMENT stands with the column, and so does the key.
pub(super) fn is_key_in_column(s: &Sqlite, table: &TableDef) -> bool {
    let counts = table.primary_key().any(|(_, column)| column.autoincrement);
    counts && options(s, OptionPlace::Table, &table.options).is_ok_and(|own| own.flag("autoincrement"))
}

pub(super) fn primary_key(s: &Sqlite, w: &mut Writer, table: &TableDef) -> Result {
    syntax::primary_key(s, w, table)?;
    let own = options(s, OptionPlace::Table, &table.options)?;
    on_conflict(w, own.text("on_conflict_primary_key"))
}

pub(super) fn constraint_options(
    s: &Sqlite,
    w: &mut Writer,
    place: OptionPlace,
    of: &[DialectOption],
) -> Result {
    let own = options(s, place, of)?;
    on_conflict(w, own.text("on_conflict"))
}

/// ` WITHOUT ROWID, STRICT`
pub(super) fn table_options(s: &Sqlite, w: &mut Writer, table: &TableDef) -> Result {
    syntax::table_options(s, w, table)?;
    let own = options(s, OptionPlace::Table, &table.options)?;
    if own.flag("autoincrement") && !is_key_in_column(s, table) {
        return Err(invalid(format!("no key of `{}` counts itself up", table.full_name())));
    }
    let words: Vec<&str> = [("without_rowid", "WITHOUT ROWID"), ("strict", "STRICT")]
        .into_iter()
        .filter_map(|(key, words)| own.flag(key).then_some(words))
        .collect();
    if !words.is_empty() {
        w.push(" ");
        w.push(&words.join(", "));
    }
    Ok(())
}

/// Types by the names that SQLAlchemy gives them here; SQLite reads an affinity from each.
pub(super) fn standard_type(w: &mut Writer, standard: &StandardType) -> Result {
    let name = match standard {
        StandardType::Float(_) => "FLOAT",
        StandardType::Double => "DOUBLE",
        StandardType::Blob(_) => "BLOB",
        StandardType::Time { .. } => "TIME",
        StandardType::DateTime { .. } => "DATETIME",
        StandardType::Timestamp { .. } => "TIMESTAMP",
        StandardType::Numeric(..)
        | StandardType::Decimal(..)
        | StandardType::Real
        | StandardType::Char(_)
        | StandardType::Varchar(_)
        | StandardType::NChar(_)
        | StandardType::NVarchar(_)
        | StandardType::Text(_)
        | StandardType::Binary(_)
        | StandardType::Varbinary(_) => return syntax::standard_type(w, standard),
    };
    w.push(name);
    Ok(())
}

pub(super) fn drop_table(s: &Sqlite, w: &mut Writer, d: &DropTable) -> Result {
    if d.cascade {
        return Err(unsupported(s, "DROP TABLE CASCADE", Some("drop what references it first")));
    }
    syntax::drop_table(s, w, d)
}

/// The clock's time in the form in which it is bound, and the digits of a number that is kept as text: bare they would
/// be a double first.
pub(super) fn server_default(s: &Sqlite, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let kept = matches!(column.data_type, DataType::Time | DataType::Timestamp | DataType::TimestampTz);
    if let Some(sql) = clock(sql.trim(), &column.data_type).filter(|_| kept) {
        return syntax::server_default(s, w, column, sql);
    }
    let is_text =
        types::is_number_text(&column.data_type) && !column.autoincrement && !syntax::is_declared(s, column);
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
