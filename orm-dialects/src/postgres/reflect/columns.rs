use orm_core::{Connection, Result};
use orm_query::DataType;
use orm_query::schema::{ColumnDef, Counter, IdentityDef, TableDef};

use super::counter::{Counts, counter};
use super::data_type::data_type;
use super::{Asked, enums, tables};

/// `seq` is the sequence behind an identity column, or the one that the default of a SERIAL column counts by.
const SQL: &str = "\
    SELECT c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), \
    CASE WHEN et.typtype = 'e' THEN et.oid::bigint END, a.attnotnull, \
    pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text, \
    CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END, \
    pg_catalog.col_description(c.oid, a.attnum), \
    CASE WHEN seq.seqrelid IS NOT NULL \
    THEN ARRAY[seq.seqstart, seq.seqincrement, seq.seqmin, seq.seqmax, seq.seqcache, seq.seqcycle::int::bigint] END \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    LEFT JOIN pg_catalog.pg_type et ON et.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END \
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation \
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
    LEFT JOIN LATERAL (\
        SELECT s.* FROM pg_catalog.pg_depend own JOIN pg_catalog.pg_sequence s ON s.seqrelid = own.objid \
        WHERE own.classid = 'pg_catalog.pg_class'::regclass AND own.refclassid = 'pg_catalog.pg_class'::regclass \
        AND own.refobjid = c.oid AND own.refobjsubid = a.attnum AND (own.deptype = 'i' OR own.deptype = 'a' \
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(''([^'']|'''')+''::regclass\\)$' AND EXISTS (\
            SELECT 1 FROM pg_catalog.pg_depend uses WHERE uses.classid = 'pg_catalog.pg_attrdef'::regclass \
            AND uses.objid = d.oid AND uses.refclassid = 'pg_catalog.pg_class'::regclass \
            AND uses.refobjid = s.seqrelid)) \
        LIMIT 1) seq ON true \
    WHERE {of_tables} ORDER BY c.relname, a.attnum";

type Row = (
    String,
    String,
    String,
    Option<i64>,
    bool,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<Vec<i64>>,
);

/// Gives the tables their columns.
pub(super) async fn read(
    connection: &mut Connection,
    asked: Asked<'_>,
    found: &mut [TableDef],
) -> Result<()> {
    let rows = connection.all(asked.query(SQL).columns::<Row>()).await?;
    let oids = rows.iter().filter_map(|row| row.3).collect();
    let enums = enums::by_oid(connection, oids).await?;
    for (
        table,
        name,
        format,
        enum_oid,
        not_null,
        expression,
        identity,
        generated,
        collation,
        comment,
        counts,
    ) in rows
    {
        let Some(table) = tables::find(found, &table) else { continue };
        let enum_type = enum_oid.and_then(|oid| enums.get(&oid));
        let mut column = ColumnDef::named(name.into(), data_type(&format, enum_type)).nullable(!not_null);
        column.collation = collation.map(Into::into);
        column.comment = comment.map(Into::into);
        column.is_virtual = generated == "v";
        column.autoincrement = counts.is_some();
        match counts.as_deref() {
            Some(counts) => column.identity = identity_def(&column.data_type, identity == "a", counts),
            None if generated.is_empty() => column.server_default = expression.map(Into::into),
            None => column.computed = expression.map(Into::into),
        }
        table.columns.to_mut().push(column);
    }
    Ok(())
}

/// How the column counts, where it is not the default way.
fn identity_def(data_type: &DataType, always: bool, counts: &[i64]) -> Option<IdentityDef> {
    let &[start, increment, min_value, max_value, cache, cycle] = counts else { return None };
    let (least, most) = match data_type {
        DataType::SmallInt => (i16::MIN.into(), i16::MAX.into()),
        DataType::Integer => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    let counts = Counts { start, increment, min_value, max_value, cache, cycle: cycle != 0 };
    let counter = counter(&counts, least, most);
    match always {
        true => Some(IdentityDef::always(counter)),
        false if counter == Counter::new() => None,
        false => Some(IdentityDef::by_default(counter)),
    }
}
