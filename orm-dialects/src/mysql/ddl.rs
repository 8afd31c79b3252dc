//! What DDL MySQL says otherwise.

use orm_query::DataType;
use orm_query::schema::{
    CheckDef, ColumnDef, ConstraintKind, Counter, DialectOption, ForeignKeyDef, IdentityDef, IndexColumn,
    IndexDef, List, ReferentialAction, SequenceDef, StandardType, TableDef,
};
use orm_query::tree::{
    AlterTable, CreateIndex, CreateTable, DropIndex, DropSchema, DropTable, SetComment, TableChange,
};

use super::syntax::clock;
use super::{MySql, types};
use crate::syntax::{
    self, OptionKind, OptionPlace, Result, Syntax, ViewSupport, Writer, invalid, options, qualified,
    unsupported,
};

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

/// What MySQL and MariaDB have beyond SQL.
pub(super) fn known_options(place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
    match place {
        OptionPlace::Table => &[
            ("engine", OptionKind::Name),
            ("charset", OptionKind::Name),
            ("collate", OptionKind::Name),
            ("auto_increment", OptionKind::Number),
            ("row_format", OptionKind::Name),
            ("key_block_size", OptionKind::Number),
            ("partition_by", OptionKind::Sql),
            ("partitions", OptionKind::Number),
            ("subpartition_by", OptionKind::Sql),
            ("subpartitions", OptionKind::Number),
            ("partition_definitions", OptionKind::Sql),
        ],
        OptionPlace::Index => &[("using", OptionKind::Name), ("parser", OptionKind::Name)],
        OptionPlace::Check => &[("not_enforced", OptionKind::Flag)],
        OptionPlace::Column | OptionPlace::DropIndex | OptionPlace::Unique | OptionPlace::ForeignKey => &[],
    }
}

/// The engine that keeps foreign keys, and the character set that has all characters, where nothing else is said: not
/// every server has them for its defaults.
pub(super) fn table_options(s: &MySql, w: &mut Writer, table: &TableDef) -> Result {
    syntax::table_options(s, w, table)?;
    let own = options(s, OptionPlace::Table, &table.options)?;
    w.push(" ENGINE=");
    word(w, own.text("engine").unwrap_or("InnoDB"))?;
    if let Some(number) = own.number("auto_increment") {
        w.push(&format!(" AUTO_INCREMENT={number}"));
    }
    w.push(" DEFAULT CHARSET=");
    word(w, own.text("charset").unwrap_or("utf8mb4"))?;
    if let Some(collation) = own.text("collate") {
        w.push(" COLLATE=");
        word(w, collation)?;
    }
    if let Some(format) = own.text("row_format") {
        w.push(" ROW_FORMAT=");
        word(w, format)?;
    }
    if let Some(size) = own.number("key_block_size") {
        w.push(&format!(" KEY_BLOCK_SIZE={size}"));
    }
    if let Some(comment) = &table.comment {
        w.push(" COMMENT=");
        s.literal(w, comment)?;
    }
    for (words, sql, number) in [
        (" PARTITION BY ", "partition_by", "partitions"),
        (" SUBPARTITION BY ", "subpartition_by", "subpartitions"),
    ] {
        if let Some(sql) = own.text(sql) {
            w.push(words);
            s.raw(w, sql)?;
            if let Some(partitions) = own.number(number) {
                w.push(&format!(" {} {partitions}", number.to_ascii_uppercase()));
            }
        } else if own.number(number).is_some() {
            return Err(invalid(format!("the option `{number}` needs `{sql}`")));
        }
    }
    if let Some(sql) = own.text("partition_definitions") {
        w.push(" ");
        w.parenthesized(|w| s.raw(w, sql))?;
    }
    Ok(())
}

/// A name that takes no quotes: of an engine, of a character set.
fn word(w: &mut Writer, word: &str) -> Result {
    if !syntax::is_plain(word) {
        return Err(invalid(format!("`{word}` is no name of an engine, a character set or a kind")));
    }
    w.push(word);
    Ok(())
}

/// `name type [COLLATE …] [GENERATED …] [NOT NULL] [COMMENT …] [AUTO_INCREMENT | DEFAULT …] [CHECK …]`: MariaDB wants the
/// check at the end.
pub(super) fn column_def(s: &MySql, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    s.identifier(w, &column.name)?;
    w.push(" ");
    let start = w.sql().len();
    syntax::declared_type(s, w, column)?;
    let is_timestamp = w.sql()[start..].to_ascii_lowercase().starts_with("timestamp");
    if let Some(collation) = &column.collation {
        w.push(" COLLATE ");
        s.identifier(w, collation)?;
    }
    if let Some(sql) = &column.computed {
        if column.server_default.is_some() {
            return Err(invalid(format!("the computed column `{}` has a default", column.name)));
        }
        s.computed(w, column, sql)?;
    }
    if !column.nullable {
        // MariaDB has no word for it behind an expression: there the expression alone says what may be NULL.
        if column.computed.is_none() || !s.is_mariadb() {
            w.push(" NOT NULL");
        }
    } else if is_timestamp {
        // One that does not say so allows no NULL, in servers of older habits.
        w.push(" NULL");
    }
    if let Some(comment) = &column.comment {
        s.column_comment(w, comment)?;
    }
    if column.autoincrement {
        counts_up(s, table, column)?;
        w.push(" AUTO_INCREMENT");
    } else if let Some(sql) = &column.server_default {
        w.push(" DEFAULT ");
        s.server_default(w, column, sql)?;
    }
    syntax::column_checks(s, w, column)
}

/// A column counts itself up if it is the first one of a key.
fn counts_up(s: &MySql, table: &TableDef, column: &ColumnDef) -> Result {
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
        Some(identity)
            if !identity.or_autoincrement && identity != IdentityDef::by_default(Counter::new()) =>
        {
            let hint = "say `or_autoincrement` if AUTO_INCREMENT will do";
            Err(unsupported(s, "identity column with settings of its own", Some(hint)))
        }
        _ => Ok(()),
    }
}

/// Types by their standard names, of which MySQL has another for some.
pub(super) fn standard_type(s: &MySql, w: &mut Writer, standard: &StandardType) -> Result {
    let digits = |word: &str, digits: &Option<u8>| match digits {
        Some(digits) => format!("{word}({digits})"),
        None => word.to_owned(),
    };
    let name = match standard {
        StandardType::Double => "DOUBLE".into(),
        StandardType::Varchar(None) | StandardType::NVarchar(None) => {
            return Err(unsupported(s, "VARCHAR without a length", Some("give it one, or use TEXT")));
        }
        StandardType::NChar(n) => format!("NATIONAL CHAR({n})"),
        StandardType::NVarchar(Some(n)) => format!("NATIONAL VARCHAR({n})"),
        StandardType::Time { digits: n, zone: false } => digits("TIME", n),
        StandardType::Time { zone: true, .. } => return Err(unsupported(s, "TIME WITH TIME ZONE", None)),
        StandardType::DateTime { digits: n, .. } => digits("DATETIME", n),
        StandardType::Timestamp { digits: n, .. } => digits("TIMESTAMP", n),
        StandardType::Numeric(..)
        | StandardType::Decimal(..)
        | StandardType::Float(_)
        | StandardType::Real
        | StandardType::Char(_)
        | StandardType::Varchar(Some(_))
        | StandardType::Text(_)
        | StandardType::Binary(_)
        | StandardType::Varbinary(_)
        | StandardType::Blob(_) => return syntax::standard_type(w, standard),
    };
    w.push(&name);
    Ok(())
}

/// CASCADE would be read and forgotten.
pub(super) fn view_support(s: &MySql) -> ViewSupport {
    ViewSupport {
        or_replace: true,
        if_not_exists: s.is_mariadb(),
        temporary: false,
        materialized: false,
        materialized_if_not_exists: false,
        cascade: false,
    }
}

/// `nextval(name)`
pub(super) fn next_value(s: &MySql, w: &mut Writer, sequence: &SequenceDef) -> Result {
    w.push("nextval(");
    qualified(s, w, sequence.schema.as_deref(), &sequence.name)?;
    w.push(")");
    Ok(())
}

pub(super) fn check(s: &MySql, w: &mut Writer, check: &CheckDef) -> Result {
    needs_checks(s)?;
    syntax::check(s, w, check)
}

pub(super) fn constraint_options(
    s: &MySql,
    w: &mut Writer,
    place: OptionPlace,
    of: &[DialectOption],
) -> Result {
    if options(s, place, of)?.flag("not_enforced") {
        if s.is_mariadb() {
            return Err(unsupported(s, "CHECK that is NOT ENFORCED", None));
        }
        w.push(" NOT ENFORCED");
    }
    Ok(())
}

/// CASCADE would be read and forgotten.
pub(super) fn drop_table(s: &MySql, w: &mut Writer, d: &DropTable) -> Result {
    if d.cascade {
        return Err(unsupported(s, "DROP TABLE CASCADE", Some("drop what references it first")));
    }
    syntax::drop_table(s, w, d)
}

/// The clock's time with all the digits of the column, and in parentheses what is no literal.
pub(super) fn server_default(s: &MySql, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let sql = sql.trim();
    // What MySQL sets again at each update is part of the default, as SQLAlchemy has it.
    if let Some(at) = sql.to_ascii_lowercase().find(" on update ") {
        let (default, update) = sql.split_at(at);
        server_default(s, w, column, default)?;
        w.push(" ON UPDATE ");
        let update = update[" on update ".len()..].trim();
        return match syntax::is_declared(s, column) {
            false => s.raw(w, clock(update, &DataType::Timestamp).unwrap_or(update)),
            true => s.raw(w, update),
        };
    }
    if let Some(sql) = time_of_clock(s, column, sql) {
        if sql.starts_with("CURRENT_TIMESTAMP") {
            w.push(&sql);
            return Ok(());
        }
        needs_expressions(s)?;
        return w.parenthesized(|w| s.raw(w, &sql));
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

/// The clock's time as the column keeps it: with six digits where it is declared by orm, in UTC where it is a moment. A
/// column that is declared in other words takes the default as it stands.
fn time_of_clock(s: &MySql, column: &ColumnDef, sql: &str) -> Option<String> {
    let kept = matches!(
        column.data_type,
        DataType::Date | DataType::Time | DataType::Timestamp | DataType::TimestampTz
    );
    let time = clock(sql, &column.data_type).filter(|_| kept)?;
    if !syntax::is_declared(s, column) {
        return Some(time.to_owned());
    }
    let digits = match column.declared.standard {
        Some(StandardType::DateTime { digits, .. } | StandardType::Timestamp { digits, .. }) => digits,
        _ => return None,
    };
    let is_native = column.declared.native.iter().any(|native| s.is_called(&native.dialect));
    let is_moment = column.data_type == DataType::TimestampTz && !is_native;
    is_moment.then(|| match digits {
        Some(digits) => time.replace("(6)", &format!("({digits})")),
        None => time.replace("(6)", "()"),
    })
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

/// Each kind of constraint has words of its own.
pub(super) fn alter_table(s: &MySql, w: &mut Writer, a: &AlterTable) -> Result {
    let TableChange::DropConstraint(drop) = &a.change else { return syntax::alter_table(s, w, a) };
    if drop.cascade {
        return Err(unsupported(s, "DROP CONSTRAINT CASCADE", None));
    }
    let words = match drop.kind {
        ConstraintKind::PrimaryKey => " DROP PRIMARY KEY",
        ConstraintKind::ForeignKey => " DROP FOREIGN KEY ",
        ConstraintKind::Unique => " DROP INDEX ",
        ConstraintKind::Check if s.is_mariadb() => " DROP CONSTRAINT ",
        ConstraintKind::Check => {
            needs_checks(s)?;
            " DROP CHECK "
        }
        ConstraintKind::Exclude => return Err(unsupported(s, "EXCLUDE constraint", None)),
    };
    w.push("ALTER TABLE ");
    qualified(s, w, a.table.schema.as_deref(), &a.table.name)?;
    w.push(words);
    if drop.if_exists {
        if !s.is_mariadb() || drop.kind == ConstraintKind::PrimaryKey {
            return Err(unsupported(s, "DROP CONSTRAINT IF EXISTS", None));
        }
        w.push("IF EXISTS ");
    }
    match drop.kind {
        ConstraintKind::PrimaryKey => Ok(()),
        _ => s.identifier(w, &drop.name),
    }
}

/// The kind of an index that is no other than the usual one.
pub(super) fn index_kind(w: &mut Writer, index: &IndexDef) -> Result {
    if let Some(method) = &index.method {
        w.push(&method.to_ascii_uppercase());
        w.push(" ");
    }
    syntax::index_kind(w, index)
}

/// ` USING hash`, ` WITH PARSER ngram`
pub(super) fn index_options(s: &MySql, w: &mut Writer, index: &IndexDef) -> Result {
    let own = options(s, OptionPlace::Index, &index.options)?;
    if let Some(kind) = own.text("using") {
        w.push(" USING ");
        word(w, kind)?;
    }
    if let Some(parser) = own.text("parser") {
        w.push(" WITH PARSER ");
        word(w, parser)?;
    }
    Ok(())
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
    create_index_of_kind(s, w, c)
}

fn create_index_of_kind(s: &MySql, w: &mut Writer, c: &CreateIndex) -> Result {
    let index = &c.index;
    if index.columns.is_empty() {
        return Err(invalid("a constraint or an index names at least one column"));
    }
    w.push("CREATE ");
    index_kind(w, index)?;
    w.push("INDEX ");
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
    w.parenthesized(|w| w.list(&*index.columns, ", ", |w, column| s.index_column(w, column)))?;
    index_options(s, w, index)
}

/// An expression stands in parentheses of its own.
pub(super) fn index_expression(s: &MySql, w: &mut Writer, sql: &str) -> Result {
    if syntax::is_parenthesized(sql) { s.raw(w, sql) } else { w.parenthesized(|w| s.raw(w, sql)) }
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

/// `ALTER TABLE table COMMENT 'text'`; a column's comment is part of its definition, which is said once more.
pub(super) fn set_comment(s: &MySql, w: &mut Writer, c: &SetComment) -> Result {
    w.push("ALTER TABLE ");
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    let Some(column) = &c.column else {
        w.push(" COMMENT ");
        return s.literal(w, c.comment.as_deref().unwrap_or_default());
    };
    let Some(definition) = &c.definition else {
        let hint = "it is part of the column's definition: say that too";
        return Err(unsupported(s, "COMMENT ON COLUMN", Some(hint)));
    };
    if definition.name != *column || definition.autoincrement {
        return Err(invalid(format!("the definition of `{column}` is one of another column, or counts up")));
    }
    w.push(" CHANGE ");
    s.identifier(w, column)?;
    w.push(" ");
    let mut definition = ColumnDef::clone(definition);
    definition.comment = c.comment.clone();
    let table = TableDef::new(c.table.name.clone(), List::Borrowed(&[]));
    s.column_def(w, &table, &definition)
}
