//! What DDL PostgreSQL says otherwise.

use orm_query::DataType;
use orm_query::schema::{
    ColumnDef, DialectOption, ExcludeDef, IndexDef, SequenceDef, StandardType, TableDef,
};
use orm_query::tree::{CreateEnum, DropEnum, DropIndex};

use super::Postgres;
use crate::syntax::{
    self, OptionKind, OptionPlace, Result, Syntax, ViewSupport, Writer, invalid, options, qualified,
    unsupported,
};

pub(super) const VIEWS: ViewSupport = ViewSupport {
    or_replace: true,
    if_not_exists: false,
    temporary: true,
    materialized: true,
    materialized_if_not_exists: true,
    cascade: true,
};

/// What PostgreSQL has beyond SQL: see `orm::types::postgres` and its constructors of options.
pub(super) fn known_options(place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
    match place {
        OptionPlace::Table => &[
            ("unlogged", OptionKind::Flag),
            ("inherits", OptionKind::Names),
            ("partition_by", OptionKind::Sql),
            ("using", OptionKind::Name),
            ("with", OptionKind::Sql),
            ("tablespace", OptionKind::Name),
        ],
        OptionPlace::Index => {
            &[("concurrently", OptionKind::Flag), ("with", OptionKind::Sql), ("tablespace", OptionKind::Name)]
        }
        OptionPlace::DropIndex => &[("concurrently", OptionKind::Flag)],
        OptionPlace::Check => &[("not_valid", OptionKind::Flag), ("no_inherit", OptionKind::Flag)],
        OptionPlace::ForeignKey => &[("not_valid", OptionKind::Flag)],
        OptionPlace::Unique | OptionPlace::Column => &[],
    }
}

pub(super) fn create_table_words(s: &Postgres, w: &mut Writer, table: &TableDef) -> Result {
    let unlogged = options(s, OptionPlace::Table, &table.options)?.flag("unlogged");
    if unlogged && table.temporary {
        return Err(invalid(format!("`{}` is temporary, and so never logged", table.full_name())));
    }
    if unlogged {
        w.push("CREATE UNLOGGED TABLE ");
        return Ok(());
    }
    syntax::create_table_words(w, table)
}

/// ` INHERITS (…) PARTITION BY … USING … WITH (…) ON COMMIT … TABLESPACE …`
pub(super) fn table_options(s: &Postgres, w: &mut Writer, table: &TableDef) -> Result {
    let own = options(s, OptionPlace::Table, &table.options)?;
    if let Some(parents) = own.names("inherits") {
        w.push(" INHERITS (");
        // A parent's name may say its schema.
        w.list(parents, ", ", |w, parent| match parent.split_once('.') {
            Some((schema, name)) => qualified(s, w, Some(schema), name),
            None => s.identifier(w, parent),
        })?;
        w.push(")");
    }
    if let Some(sql) = own.text("partition_by") {
        w.push(" PARTITION BY ");
        s.raw(w, sql)?;
    }
    if let Some(method) = own.text("using") {
        w.push(" USING ");
        s.identifier(w, method)?;
    }
    with(s, w, own.text("with"))?;
    syntax::on_commit(w, table)?;
    tablespace(s, w, own.text("tablespace"))
}

fn with(s: &Postgres, w: &mut Writer, sql: Option<&str>) -> Result {
    let Some(sql) = sql else { return Ok(()) };
    w.push(" WITH ");
    w.parenthesized(|w| s.raw(w, sql))
}

fn tablespace(s: &Postgres, w: &mut Writer, name: Option<&str>) -> Result {
    let Some(name) = name else { return Ok(()) };
    w.push(" TABLESPACE ");
    s.identifier(w, name)
}

pub(super) fn index_words(s: &Postgres, w: &mut Writer, index: &IndexDef) -> Result {
    if options(s, OptionPlace::Index, &index.options)?.flag("concurrently") {
        w.push("CONCURRENTLY ");
    }
    Ok(())
}

pub(super) fn index_options(s: &Postgres, w: &mut Writer, index: &IndexDef) -> Result {
    let own = options(s, OptionPlace::Index, &index.options)?;
    with(s, w, own.text("with"))?;
    tablespace(s, w, own.text("tablespace"))
}

pub(super) fn drop_index_words(s: &Postgres, w: &mut Writer, d: &DropIndex) -> Result {
    if options(s, OptionPlace::DropIndex, &d.options)?.flag("concurrently") {
        w.push("CONCURRENTLY ");
    }
    Ok(())
}

pub(super) fn constraint_options(
    s: &Postgres,
    w: &mut Writer,
    place: OptionPlace,
    of: &[DialectOption],
) -> Result {
    let own = options(s, place, of)?;
    for (key, words) in [("no_inherit", " NO INHERIT"), ("not_valid", " NOT VALID")] {
        if own.flag(key) {
            w.push(words);
        }
    }
    Ok(())
}

/// `[CONSTRAINT name] EXCLUDE USING method (column WITH operator, …) [WHERE (…)] [DEFERRABLE …]`
pub(super) fn exclude(s: &Postgres, w: &mut Writer, exclude: &ExcludeDef) -> Result {
    if exclude.elements.is_empty() {
        return Err(invalid("an EXCLUDE constraint compares at least one column"));
    }
    syntax::constraint_name(s, w, exclude.name.as_deref())?;
    w.push("EXCLUDE USING ");
    s.identifier(w, &exclude.method)?;
    w.push(" ");
    w.parenthesized(|w| {
        w.list(&*exclude.elements, ", ", |w, element| {
            s.index_column(w, &element.column)?;
            w.push(" WITH ");
            let operator = &*element.operator;
            if operator.is_empty() || !operator.bytes().all(|b| b"+-*/<>=~!@#%^&|`?".contains(&b)) {
                return Err(invalid(format!("`{operator}` is no operator")));
            }
            w.push(operator);
            Ok(())
        })
    })?;
    if let Some(filter) = &exclude.filter {
        w.push(" WHERE ");
        w.parenthesized(|w| s.raw(w, filter))?;
    }
    syntax::deferrable(s, w, exclude.deferrable)
}

/// An identity column allows no NULL by itself.
pub(super) fn nullability(w: &mut Writer, column: &ColumnDef) -> Result {
    if column.autoincrement { Ok(()) } else { syntax::nullability(w, column) }
}

/// A call stands as it is; what is more, in parentheses.
pub(super) fn server_default(s: &Postgres, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    if syntax::is_call(sql.trim()) { s.raw(w, sql.trim()) } else { syntax::server_default(s, w, column, sql) }
}

/// `nextval('schema.name')`
pub(super) fn next_value(s: &Postgres, w: &mut Writer, sequence: &SequenceDef) -> Result {
    let name = &mut Writer::default();
    qualified(s, name, sequence.schema.as_deref(), &sequence.name)?;
    w.push("nextval(");
    s.literal(w, name.sql())?;
    w.push(")");
    Ok(())
}

/// Text is Unicode text, and bytes are BYTEA.
pub(super) fn standard_type(s: &Postgres, w: &mut Writer, standard: &StandardType) -> Result {
    match standard {
        StandardType::NChar(_) | StandardType::NVarchar(_) => {
            Err(unsupported(s, "NCHAR or NVARCHAR", Some("every text is Unicode: use CHAR or VARCHAR")))
        }
        StandardType::Text(Some(_)) => Err(unsupported(s, "TEXT of a length", Some("use VARCHAR"))),
        StandardType::Binary(_) | StandardType::Varbinary(_) => {
            Err(unsupported(s, "BINARY or VARBINARY", Some("use a BLOB, which is BYTEA")))
        }
        StandardType::Blob(_) => {
            w.push("BYTEA");
            Ok(())
        }
        StandardType::Numeric(..)
        | StandardType::Decimal(..)
        | StandardType::Float(_)
        | StandardType::Real
        | StandardType::Double
        | StandardType::Char(_)
        | StandardType::Varchar(_)
        | StandardType::Text(None)
        | StandardType::Time { .. }
        | StandardType::DateTime { .. }
        | StandardType::Timestamp { .. } => syntax::standard_type(w, standard),
    }
}

/// An identity column is SMALLINT, INTEGER or BIGINT.
pub(super) fn column_type(s: &Postgres, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
    if column.autoincrement && column.data_type == DataType::UnsignedBigInt {
        let hint = "a generated key is at most a BIGINT: use `i64` or `u32`";
        return Err(unsupported(s, "autoincrement column of 64 bits without a sign", Some(hint)));
    }
    syntax::column_type(s, w, table, column)
}

/// The schema and the name of an enum, whose name may say both: `public.mood`.
pub(super) fn enum_name<'a>(schema: Option<&'a str>, name: &'a str) -> (Option<&'a str>, &'a str) {
    match name.split_once('.') {
        Some((schema, name)) => (Some(schema), name),
        None => (schema, name),
    }
}

pub(super) fn create_enum(s: &Postgres, w: &mut Writer, c: &CreateEnum) -> Result {
    let mut create = c.clone();
    let (schema, name) = enum_name(c.schema.as_deref(), &c.enum_type.name);
    (create.schema, create.enum_type.name) = (schema.map(|s| s.to_owned().into()), name.to_owned().into());
    syntax::create_enum(s, w, &create)
}

pub(super) fn drop_enum(s: &Postgres, w: &mut Writer, d: &DropEnum) -> Result {
    let (schema, name) = enum_name(d.schema.as_deref(), &d.name);
    let drop = DropEnum {
        schema: schema.map(|s| s.to_owned().into()),
        name: name.to_owned().into(),
        if_exists: d.if_exists,
    };
    syntax::drop_enum(s, w, &drop)
}
