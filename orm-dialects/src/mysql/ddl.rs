//! What DDL MySQL says otherwise.

use orm_query::DataType;
use orm_query::schema::{
    ColumnDef, Counter, ForeignKeyDef, IdentityDef, IndexColumn, ReferentialAction, TableDef,
};
use orm_query::tree::{AlterTable, CreateIndex, CreateTable, DropIndex, DropSchema, SetComment, TableChange};

use super::syntax::clock;
use super::{MySql, types};
use crate::syntax::{self, Result, Syntax, Writer, invalid, qualified, unsupported};

/// A text or bytes without a length can be no key, and the server's message does not say what to do.
pub(super) fn create_table(s: &MySql, w: &mut Writer, c: &CreateTable) -> Result {
    let table = &*c.table;
    let whole = |column: &IndexColumn| column.length.is_none() && !column.is_expression;
    let keys = table
        .primary_key()
        .map(|(_, column)| &column.name)
        .chain(table.uniques.iter().flat_map(|unique| &*unique.columns))
        .chain(table.foreign_keys.iter().flat_map(|key| &*key.columns))
        .chain(table.indexes.iter().filter(|index| is_ordered(index.method.as_deref())).flat_map(|index| {
            index.columns.iter().filter(|column| whole(column)).map(|column| &column.name)
        }));
    for key in keys {
        let column = table.columns.iter().find(|column| column.name == *key);
        if column.is_some_and(|column| types::needs_length(&column.data_type)) {
            let hint = "give the text a length (`length = 255`), or the index that of a prefix";
            let feature = "key or index over a column without a length";
            return Err(unsupported(s, feature, Some(hint)));
        }
    }
    syntax::create_table(s, w, c)
}

fn is_ordered(method: Option<&str>) -> bool {
    !method.is_some_and(|m| m.eq_ignore_ascii_case("fulltext") || m.eq_ignore_ascii_case("spatial"))
}

/// `name type [COLLATE …] [DEFAULT …] [NOT NULL] [COMMENT …] [CHECK …]`: MariaDB wants the check at the end.
pub(super) fn column_def(s: &MySql, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    s.identifier(w, &column.name)?;
    w.push(" ");
    s.column_type(w, table, column)?;
    if let Some(collation) = &column.collation {
        w.push(" COLLATE ");
        s.identifier(w, collation)?;
    }
    if let Some(sql) = &column.computed {
        if column.server_default.is_some() {
            return Err(invalid(format!("the computed column `{}` has a default", column.name)));
        }
        s.computed(w, column, sql)?;
    } else if let Some(sql) = &column.server_default {
        w.push(" DEFAULT ");
        s.server_default(w, column, sql)?;
    }
    if !column.nullable {
        // MariaDB has no word for it behind an expression: there the expression alone says what may be NULL.
        if column.computed.is_none() || !s.is_mariadb() {
            w.push(" NOT NULL");
        }
    } else if is_timestamp(&column.data_type) {
        // One that does not say so allows no NULL, in servers of older habits.
        w.push(" NULL");
    }
    if let Some(comment) = &column.comment {
        s.column_comment(w, comment)?;
    }
    match &column.data_type {
        DataType::Enum(e) => s.enum_check(w, column, e),
        _ => Ok(()),
    }
}

fn is_timestamp(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Other(name) if name.to_ascii_lowercase().starts_with("timestamp"))
}

/// A column counts itself up if it is the first one of a key.
pub(super) fn column_type(s: &MySql, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    s.data_type(w, &column.data_type)?;
    if !column.autoincrement {
        return Ok(());
    }
    if !column.data_type.is_integer() {
        return Err(unsupported(s, "autoincrement column that is no integer", None));
    }
    let leads = table.primary_key().next().is_some_and(|(_, first)| first.name == column.name)
        || table.uniques.iter().any(|unique| unique.columns.first() == Some(&column.name));
    if !leads {
        let hint = "make it the first column of the primary key or of a UNIQUE constraint";
        return Err(unsupported(s, "autoincrement column that is no key", Some(hint)));
    }
    match column.identity {
        Some(identity) if identity != IdentityDef::by_default(Counter::new()) => {
            Err(unsupported(s, "identity column with settings of its own", None))
        }
        _ => {
            w.push(" AUTO_INCREMENT");
            Ok(())
        }
    }
}

/// The clock's time with all its digits, and in parentheses what is no literal.
pub(super) fn server_default(s: &MySql, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let sql = sql.trim();
    // What MySQL sets again at each update is part of the default, as SQLAlchemy has it.
    if let Some(at) = sql.to_ascii_lowercase().find(" on update ") {
        let (default, update) = sql.split_at(at);
        server_default(s, w, column, default)?;
        w.push(" ON UPDATE ");
        let update = update[" on update ".len()..].trim();
        return s.raw(w, clock(update, &DataType::Timestamp).unwrap_or(update));
    }
    let kept = matches!(
        column.data_type,
        DataType::Date | DataType::Time | DataType::Timestamp | DataType::TimestampTz
    );
    if kept && let Some(sql) = clock(sql, &column.data_type) {
        if sql == "CURRENT_TIMESTAMP(6)" {
            w.push(sql);
            return Ok(());
        }
        needs_expressions(s)?;
        return w.parenthesized(|w| s.raw(w, sql));
    }
    if is_bits(sql) {
        return s.raw(w, sql);
    }
    // MariaDB takes literals everywhere.
    let is_null = sql.eq_ignore_ascii_case("null");
    if types::needs_length(&column.data_type) && !s.is_mariadb() && !is_null && !sql.starts_with('(') {
        needs_expressions(s)?;
        return w.parenthesized(|w| s.raw(w, sql));
    }
    let start = w.sql().len();
    syntax::server_default(s, w, column, sql)?;
    if w.sql()[start..].starts_with('(') { needs_expressions(s) } else { Ok(()) }
}

/// Whether it is `b'101'` or `x'ff'`.
fn is_bits(sql: &str) -> bool {
    let digits = sql.strip_prefix(['b', 'B', 'x', 'X']).and_then(|sql| sql.strip_prefix('\''));
    let digits = digits.and_then(|sql| sql.strip_suffix('\''));
    digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn needs_expressions(s: &MySql) -> Result {
    if s.is_mariadb() || s.is_at_least((8, 0, 13)) {
        return Ok(());
    }
    Err(unsupported(s, "default that is no literal", Some("it came with MySQL 8.0.13")))
}

/// # Errors
/// Where the server would read a CHECK and forget it.
pub(super) fn needs_checks(s: &MySql) -> Result {
    if s.features.check_constraints {
        return Ok(());
    }
    Err(unsupported(s, "CHECK", Some("it came with MySQL 8.0.16")))
}

pub(super) fn foreign_key(s: &MySql, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
    if [key.on_delete, key.on_update].contains(&Some(ReferentialAction::SetDefault)) {
        return Err(unsupported(s, "SET DEFAULT of a foreign key", None));
    }
    syntax::foreign_key(s, w, table, key)
}

pub(super) fn alter_table(s: &MySql, w: &mut Writer, a: &AlterTable) -> Result {
    let (words, name) = match &a.change {
        TableChange::DropForeignKey(name) => (" DROP FOREIGN KEY ", name),
        TableChange::DropUnique(name) => (" DROP INDEX ", name),
        TableChange::DropCheck(name) if s.is_mariadb() => (" DROP CONSTRAINT ", name),
        TableChange::DropCheck(name) => {
            needs_checks(s)?;
            (" DROP CHECK ", name)
        }
        TableChange::AddForeignKey(_)
        | TableChange::AddUnique(_)
        | TableChange::AddCheck(_)
        | TableChange::AddColumn(_)
        | TableChange::DropColumn(_) => return syntax::alter_table(s, w, a),
    };
    w.push("ALTER TABLE ");
    qualified(s, w, a.table.schema.as_deref(), &a.table.name)?;
    w.push(words);
    s.identifier(w, name)
}

/// `CREATE [FULLTEXT | SPATIAL] INDEX name ON table (columns)`: other kinds than these and the usual one are no other
/// kinds to InnoDB.
pub(super) fn create_index(s: &MySql, w: &mut Writer, c: &CreateIndex) -> Result {
    let index = &c.index;
    let Some(method) = &index.method else { return syntax::create_index(s, w, c) };
    if method.eq_ignore_ascii_case("btree") {
        let mut plain = c.clone();
        plain.index.method = None;
        return syntax::create_index(s, w, &plain);
    }
    let plain =
        !index.unique && index.include.is_empty() && index.filter.is_none() && !index.nulls_not_distinct;
    if is_ordered(Some(method)) || !plain {
        return Err(unsupported(
            s,
            "index of such a kind",
            Some("the kinds are btree, fulltext and spatial"),
        ));
    }
    if index.columns.is_empty() {
        return Err(invalid("a constraint or an index names at least one column"));
    }
    w.push("CREATE ");
    w.push(&method.to_ascii_uppercase());
    w.push(" INDEX ");
    if c.if_not_exists {
        if !s.features.index_if_not_exists {
            return Err(unsupported(s, "CREATE INDEX IF NOT EXISTS", None));
        }
        w.push("IF NOT EXISTS ");
    }
    s.identifier(w, &index.name_on(&c.table.name))?;
    w.push(" ON ");
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    w.push(" ");
    w.parenthesized(|w| w.list(&*index.columns, ", ", |w, column| s.index_column(w, column)))
}

/// `column [(length)] [DESC]`
pub(super) fn index_column(s: &MySql, w: &mut Writer, column: &IndexColumn) -> Result {
    if column.collation.is_some() {
        return Err(unsupported(s, "collation of an index", Some("give it to the column")));
    }
    let since = if s.is_mariadb() { (10, 8, 0) } else { (8, 0, 1) };
    if column.descending && !s.is_at_least(since) {
        return Err(unsupported(s, "descending index", None));
    }
    syntax::index_column(s, w, column)
}

/// `DROP INDEX [IF EXISTS] name ON table`
pub(super) fn drop_index(s: &MySql, w: &mut Writer, d: &DropIndex) -> Result {
    w.push("DROP INDEX ");
    if d.if_exists {
        if !s.is_mariadb() {
            return Err(unsupported(s, "DROP INDEX IF EXISTS", None));
        }
        w.push("IF EXISTS ");
    }
    s.identifier(w, &d.name)?;
    w.push(" ON ");
    qualified(s, w, d.table.schema.as_deref(), &d.table.name)
}

/// A schema is a database here, and never dropped without what is in it.
pub(super) fn drop_schema(s: &MySql, w: &mut Writer, d: &DropSchema) -> Result {
    if !d.cascade {
        let hint = "everything in it would go too: say so with CASCADE";
        return Err(unsupported(s, "DROP SCHEMA of an empty schema only", Some(hint)));
    }
    syntax::drop_schema(s, w, &DropSchema { cascade: false, ..d.clone() })
}

/// `ALTER TABLE table COMMENT = 'text'`; a column's comment is part of its definition.
pub(super) fn set_comment(s: &MySql, w: &mut Writer, c: &SetComment) -> Result {
    if c.column.is_some() {
        let hint = "it is part of the column's definition in CREATE TABLE";
        return Err(unsupported(s, "COMMENT ON COLUMN", Some(hint)));
    }
    w.push("ALTER TABLE ");
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    w.push(" COMMENT = ");
    s.literal(w, c.comment.as_deref().unwrap_or_default())
}
