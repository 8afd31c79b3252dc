use orm_core::{Connection, Result};
use orm_query::schema::{IndexColumn, IndexDef, Name, TableDef};
use orm_query::tree::NullsOrder;

use super::{Asked, tables};

/// A row for each column of an index, in their order. `nulls` is 1 for first and 2 for last, where it is not what the
/// direction says anyway.
const SQL: &str = "\
    SELECT c.relname::text, ic.relname::text, i.indisunique, \
    CASE WHEN am.amname <> 'btree' THEN am.amname::text END, \
    coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false), \
    pg_catalog.pg_get_expr(i.indpred, i.indrelid), \
    k.place > i.indnkeyatts, a.attname::text, pg_catalog.pg_get_indexdef(i.indexrelid, k.place, false), \
    k.flags & 1 = 1, \
    CASE k.flags WHEN 2 THEN 1::smallint WHEN 1 THEN 2::smallint END, \
    CASE WHEN NOT oc.opcdefault THEN oc.opcname::text END, \
    CASE WHEN ia.attcollation <> coalesce(a.attcollation, it.typcollation) THEN co.collname::text END \
    FROM pg_catalog.pg_index i \
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid JOIN pg_catalog.pg_am am ON am.oid = ic.relam \
    CROSS JOIN LATERAL (SELECT place, i.indkey[place - 1] AS number, i.indoption[place - 1]::int AS flags, \
        i.indclass[place - 1] AS class FROM generate_series(1, i.indnatts::int) place) k \
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number <> 0 \
    JOIN pg_catalog.pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.place \
    JOIN pg_catalog.pg_type it ON it.oid = ia.atttypid \
    LEFT JOIN pg_catalog.pg_opclass oc ON oc.oid = k.class AND k.place <= i.indnkeyatts \
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = ia.attcollation \
    WHERE {of_tables} AND i.indislive AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint con \
        WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')) \
    ORDER BY c.relname, ic.relname, k.place";

type Row = (
    String,
    String,
    bool,
    Option<String>,
    bool,
    Option<String>,
    bool,
    Option<String>,
    String,
    Option<bool>,
    Option<i16>,
    Option<String>,
    Option<String>,
);

/// Gives the tables their indexes, but those behind constraints.
pub(super) async fn read(
    connection: &mut Connection,
    asked: Asked<'_>,
    found: &mut [TableDef],
) -> Result<()> {
    let rows = connection.all(asked.query(SQL).columns::<Row>()).await?;
    for (
        table,
        name,
        unique,
        method,
        nulls_not_distinct,
        filter,
        is_included,
        column,
        expression,
        descending,
        nulls,
        operator_class,
        collation,
    ) in rows
    {
        let Some(table) = tables::find(found, &table) else { continue };
        let indexes = table.indexes.to_mut();
        if indexes.last().is_none_or(|index| index.name.as_deref() != Some(&name)) {
            let mut index = IndexDef::new(Some(name.into()), Vec::new().into(), unique);
            index.method = method.map(Into::into);
            index.nulls_not_distinct = nulls_not_distinct;
            index.filter = filter.map(Into::into);
            indexes.push(index);
        }
        let Some(index) = indexes.last_mut() else { continue };
        if is_included {
            index.include.to_mut().extend(column.map(Name::from));
            continue;
        }
        let mut column = match column {
            Some(name) => IndexColumn::new(name.into()),
            None => IndexColumn::expression(expression.into()),
        };
        column.descending = descending == Some(true);
        column.nulls = match nulls {
            Some(1) => Some(NullsOrder::First),
            Some(_) => Some(NullsOrder::Last),
            None => None,
        };
        column.operator_class = operator_class.map(Into::into);
        column.collation = collation.map(Into::into);
        index.columns.to_mut().push(column);
    }
    Ok(())
}
