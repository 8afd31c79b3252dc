//! What DDL PostgreSQL says otherwise.

use orm_query::DataType;
use orm_query::schema::{ColumnDef, TableDef};
use orm_query::tree::{CreateEnum, DropEnum};

use super::Postgres;
use crate::syntax::{self, Result, Writer, unsupported};

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
