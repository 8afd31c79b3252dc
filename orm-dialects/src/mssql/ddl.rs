//! What DDL SQL Server says otherwise.

use orm_query::schema::{
    ColumnDef, Counter, DialectOption, ForeignKeyDef, IndexColumn, IndexDef, List, ReferentialAction,
    StandardType, TableDef, UniqueDef,
};
use orm_query::tree::{
    AlterTable, CreateIndex, CreateSchema, CreateSequence, CreateTable, DropIndex, DropSchema, DropTable,
    SetComment, TableChange,
};

use super::MsSql;
use super::syntax::{clock, collation};
use crate::syntax::{
    self, OptionKind, OptionPlace, Result, Syntax, Writer, column_checks, invalid, is_plain, of_length,
    options, qualified, resolved, unsupported,
};

/// A table is created where there is none by a condition before the statement.
pub(super) fn create_table(s: &MsSql, w: &mut Writer, c: &CreateTable) -> Result {
    if !c.if_not_exists {
        return syntax::create_table(s, w, c);
    }
    let mut name = Writer::default();
    qualified(s, &mut name, c.table.schema.as_deref(), &c.table.name)?;
    w.push("IF OBJECT_ID(");
    s.literal(w, name.sql())?;
    w.push(", 'U') IS NULL ");
    syntax::create_table(s, w, &CreateTable { if_not_exists: false, ..c.clone() })
}

/// `name type [COLLATE …] [NOT] NULL [IDENTITY] [DEFAULT …] [CHECK (…)]`, or `name AS (…) [PERSISTED]`
pub(super) fn column_def(s: &MsSql, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    options(s, OptionPlace::Column, &column.options)?;
    s.identifier(w, &column.name)?;
    if let Some(sql) = &column.computed {
        return computed(s, w, column, sql);
    }
    w.push(" ");
    syntax::declared_type(s, w, column)?;
    if let Some(name) = &column.collation {
        w.push(" COLLATE ");
        collation(w, name)?;
    }
    w.push(if column.nullable { " NULL" } else { " NOT NULL" });
    if column.autoincrement {
        identity(s, w, table, column)?;
    }
    if let Some(sql) = &column.server_default {
        w.push(" DEFAULT ");
        s.server_default(w, column, sql)?;
    }
    column_checks(s, w, column)
}

/// As it is written, but for the clock's time, which has other words here. Nothing stands behind a default that could be
/// taken for a part of it.
pub(super) fn server_default(s: &MsSql, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let sql = sql.trim();
    if sql.is_empty() {
        return Err(invalid(format!("the default of `{}` is empty; an empty text is `''`", column.name)));
    }
    let word = sql.strip_suffix("()").unwrap_or(sql).to_ascii_lowercase();
    s.raw(w, clock(&word, &column.data_type).unwrap_or(sql))
}

/// Its type is that of the expression.
fn computed(s: &MsSql, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    if column.server_default.is_some() {
        return Err(invalid(format!("the computed column `{}` has a default", column.name)));
    }
    w.push(" AS (");
    s.raw(w, sql)?;
    w.push(")");
    if !column.is_virtual {
        w.push(" PERSISTED");
        if !column.nullable {
            w.push(" NOT NULL");
        }
    }
    Ok(())
}

/// ` IDENTITY[(start,increment)]`
fn identity(s: &MsSql, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    if !column.data_type.is_integer() {
        return Err(unsupported(s, "autoincrement column that is no integer", None));
    }
    if table.columns.iter().filter(|column| column.autoincrement).count() > 1 {
        return Err(unsupported(s, "table with several autoincrement columns", None));
    }
    w.push(" IDENTITY");
    let identity = column.identity.unwrap_or_default();
    let Counter { start, increment, min_value, max_value, cache, cycle, order, .. } = identity.counter;
    let more = min_value.is_some() || max_value.is_some() || cache.is_some() || cycle || order.is_some();
    if !identity.or_autoincrement && (more || identity.on_null) {
        let hint = "it has a start and a step: say `or_autoincrement` if that will do, or use a sequence";
        return Err(unsupported(s, "identity column with limits, a cache or a cycle", Some(hint)));
    }
    if start.is_some() || increment.is_some() {
        w.push(&format!("({},{})", start.unwrap_or(1), increment.unwrap_or(1)));
    }
    Ok(())
}

/// A sequence starts at the least number of its type unless it is told, and elsewhere at 1.
pub(super) fn create_sequence(s: &MsSql, w: &mut Writer, c: &CreateSequence) -> Result {
    if c.if_not_exists {
        return Err(unsupported(s, "CREATE SEQUENCE IF NOT EXISTS", None));
    }
    let mut c = c.clone();
    let counter = &mut c.sequence.counter;
    if counter.start.is_none() {
        let start = if counter.increment.is_some_and(|step| step < 0) {
            counter.max_value.unwrap_or(-1)
        } else {
            counter.min_value.unwrap_or(1)
        };
        *counter = counter.start(start);
    }
    syntax::create_sequence(s, w, &c)
}

/// A NULL equals another one to every UNIQUE constraint.
pub(super) fn unique(s: &MsSql, w: &mut Writer, unique: &UniqueDef) -> Result {
    let mut unique = unique.clone();
    unique.nulls_not_distinct = false;
    syntax::unique(s, w, &unique)
}

/// Nothing is deferred, so that NO ACTION is what RESTRICT is elsewhere.
pub(super) fn foreign_key(s: &MsSql, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
    let strict = |action: Option<ReferentialAction>| match action {
        Some(ReferentialAction::Restrict) => Some(ReferentialAction::NoAction),
        action => action,
    };
    let mut key = key.clone();
    (key.on_delete, key.on_update) = (strict(key.on_delete), strict(key.on_update));
    syntax::foreign_key(s, w, table, &key)
}

/// What SQL Server has beyond SQL.
pub(super) fn known_options(place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
    match place {
        OptionPlace::Index => &[
            ("clustered", OptionKind::Flag),
            ("nonclustered", OptionKind::Flag),
            ("include", OptionKind::Names),
        ],
        OptionPlace::Table
        | OptionPlace::Column
        | OptionPlace::DropIndex
        | OptionPlace::Unique
        | OptionPlace::Check
        | OptionPlace::ForeignKey => &[],
    }
}

/// The types that have another name here. `TIMESTAMP` would be the number of a row's version.
pub(super) fn standard_type(w: &mut Writer, standard: &StandardType) -> Result {
    let digits = |word: &'static str, digits: &Option<u8>| of_length(word, &digits.map(u32::from));
    let name = match standard {
        StandardType::Varchar(None) | StandardType::Text(None) => "VARCHAR(max)".into(),
        StandardType::NVarchar(None) => "NVARCHAR(max)".into(),
        StandardType::Text(n) => of_length("VARCHAR", n),
        StandardType::Blob(None) => "VARBINARY(max)".into(),
        StandardType::Blob(n) => of_length("VARBINARY", n),
        StandardType::Time { digits: n, zone: _ } => digits("TIME", n),
        StandardType::DateTime { digits: n, zone: true }
        | StandardType::Timestamp { digits: n, zone: true } => digits("DATETIMEOFFSET", n),
        StandardType::DateTime { digits: None, zone: false } => "DATETIME".into(),
        StandardType::DateTime { digits: n, zone: false }
        | StandardType::Timestamp { digits: n, zone: false } => digits("DATETIME2", n),
        StandardType::Numeric(..)
        | StandardType::Decimal(..)
        | StandardType::Float(_)
        | StandardType::Real
        | StandardType::Double
        | StandardType::Char(_)
        | StandardType::Varchar(Some(_))
        | StandardType::NChar(_)
        | StandardType::NVarchar(Some(_))
        | StandardType::Binary(_)
        | StandardType::Varbinary(_) => return syntax::standard_type(w, standard),
    };
    w.push(&name);
    Ok(())
}

/// A table is temporary by its name.
pub(super) fn create_table_words(s: &MsSql, w: &mut Writer, table: &TableDef) -> Result {
    if table.temporary && !table.name.starts_with('#') {
        let hint = "give the table a name that starts with `#`";
        return Err(unsupported(s, "CREATE TEMPORARY TABLE", Some(hint)));
    }
    w.push("CREATE TABLE ");
    Ok(())
}

pub(super) fn drop_table(s: &MsSql, w: &mut Writer, d: &DropTable) -> Result {
    if d.cascade {
        return Err(unsupported(s, "DROP TABLE CASCADE", Some("drop the foreign keys to it first")));
    }
    syntax::drop_table(s, w, d)
}

/// A column is added without the word.
pub(super) fn alter_table(s: &MsSql, w: &mut Writer, a: &AlterTable) -> Result {
    match &a.change {
        TableChange::AddColumn(column) => {
            w.push("ALTER TABLE ");
            qualified(s, w, a.table.schema.as_deref(), &a.table.name)?;
            w.push(" ADD ");
            let mut table = TableDef::new(a.table.name.clone(), List::Borrowed(&[]));
            table.schema = a.table.schema.clone();
            s.column_def(w, &table, &*resolved(s, &table, column)?)
        }
        TableChange::DropConstraint(drop) if drop.cascade => {
            Err(unsupported(s, "DROP CONSTRAINT CASCADE", Some("drop what depends on it first")))
        }
        TableChange::DropConstraint(_) | TableChange::AddConstraint(_) | TableChange::DropColumn(_) => {
            syntax::alter_table(s, w, a)
        }
    }
}

/// `CREATE [UNIQUE] [CLUSTERED | NONCLUSTERED] INDEX name ON table (columns) [INCLUDE (columns)] [WHERE condition]`
pub(super) fn create_index(s: &MsSql, w: &mut Writer, c: &CreateIndex) -> Result {
    let mut c = c.clone();
    // A NULL equals another one to every unique index.
    c.index.nulls_not_distinct = false;
    if c.index.filter.is_some() && index_word(s, &c.index)? == "CLUSTERED " {
        return Err(unsupported(s, "clustered index of some rows (WHERE)", None));
    }
    let word = index_word(s, &c.index)?;
    if c.index.method.take().is_some() {
        let key = if word == "CLUSTERED " { "clustered" } else { "nonclustered" };
        c.index = c.index.option(DialectOption::flag(super::NAME, key));
    }
    if let Some(names) = options(s, OptionPlace::Index, &c.index.options)?.names("include") {
        c.index.include = c.index.include.iter().chain(names).cloned().collect();
    }
    syntax::create_index(s, w, &c)
}

/// The kind of an index, by its option or its method.
fn index_word(s: &MsSql, index: &IndexDef) -> Result<&'static str> {
    let own = options(s, OptionPlace::Index, &index.options)?;
    let method = index.method.as_deref().map(str::to_ascii_lowercase);
    match method.as_deref() {
        Some("clustered") => Ok("CLUSTERED "),
        Some("nonclustered") => Ok("NONCLUSTERED "),
        Some(_) => {
            Err(unsupported(s, "index of such a kind", Some("the kinds are clustered and nonclustered")))
        }
        None if own.flag("clustered") => Ok("CLUSTERED "),
        None if own.flag("nonclustered") => Ok("NONCLUSTERED "),
        None => Ok(""),
    }
}

/// `UNIQUE CLUSTERED `
pub(super) fn index_kind(s: &MsSql, w: &mut Writer, index: &IndexDef) -> Result {
    syntax::index_kind(w, index)?;
    w.push(index_word(s, index)?);
    Ok(())
}

pub(super) fn index_column(s: &MsSql, w: &mut Writer, column: &IndexColumn) -> Result {
    if column.collation.is_some() {
        return Err(unsupported(s, "collation of an index", Some("give it to the column")));
    }
    if column.is_expression {
        let hint = "index a computed column";
        return Err(unsupported(s, "index of an expression", Some(hint)));
    }
    if column.operator_class.is_some() {
        return Err(unsupported(s, "operator class of an index", None));
    }
    syntax::index_column(s, w, column)
}

/// `DROP INDEX [IF EXISTS] name ON table`
pub(super) fn drop_index(s: &MsSql, w: &mut Writer, d: &DropIndex) -> Result {
    w.push(if d.if_exists { "DROP INDEX IF EXISTS " } else { "DROP INDEX " });
    s.identifier(w, &d.name)?;
    w.push(" ON ");
    qualified(s, w, d.table.schema.as_deref(), &d.table.name)
}

/// CREATE SCHEMA stands alone in its batch.
pub(super) fn create_schema(s: &MsSql, w: &mut Writer, c: &CreateSchema) -> Result {
    if !c.if_not_exists {
        return syntax::create_schema(s, w, c);
    }
    let mut create = Writer::default();
    syntax::create_schema(s, &mut create, &CreateSchema { if_not_exists: false, ..c.clone() })?;
    w.push("IF SCHEMA_ID(");
    s.literal(w, &c.name)?;
    w.push(") IS NULL EXEC(");
    property(w, create.sql())?;
    w.push(")");
    Ok(())
}

pub(super) fn drop_schema(s: &MsSql, w: &mut Writer, d: &DropSchema) -> Result {
    if d.cascade {
        return Err(unsupported(s, "DROP SCHEMA … CASCADE", Some("drop what is in it first")));
    }
    syntax::drop_schema(s, w, d)
}

/// `execute sp_addextendedproperty 'MS_Description', N'text', 'schema', dbo, 'table', t, 'column', c`
pub(super) fn set_comment(w: &mut Writer, c: &SetComment) -> Result {
    match &c.comment {
        Some(comment) => {
            w.push("execute sp_addextendedproperty 'MS_Description', ");
            property(w, comment)?;
        }
        None => w.push("execute sp_dropextendedproperty 'MS_Description'"),
    }
    w.push(", 'schema', ");
    named(w, c.table.schema.as_deref().unwrap_or("dbo"))?;
    w.push(", 'table', ");
    named(w, &c.table.name)?;
    if let Some(column) = &c.column {
        w.push(", 'column', ");
        named(w, column)?;
    }
    Ok(())
}

/// `N'text'`: an argument takes no expression.
fn property(w: &mut Writer, text: &str) -> Result {
    if text.contains("\\\n") || text.contains("\\\r") {
        return Err(invalid(format!("the comment {text:?} has a backslash at the end of a line")));
    }
    w.push("N");
    syntax::literal(w, text)
}

/// A name as an argument, which may stand there without quotes.
fn named(w: &mut Writer, name: &str) -> Result {
    if is_plain(name) && !name.contains('$') {
        w.push(name);
        return Ok(());
    }
    property(w, name)
}
