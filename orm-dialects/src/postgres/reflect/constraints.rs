use orm_core::{Connection, Result};
use orm_query::schema::{CheckDef, Deferrable, ForeignKeyDef, Name, ReferentialAction, TableDef, UniqueDef};

use super::{Asked, owned, tables};

/// `indnullsnotdistinct` is new in PostgreSQL 15, and so is asked for in a way that older ones understand.
const SQL: &str = "\
    SELECT c.relname::text, con.conname::text, con.contype::text, \
    ARRAY(SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY k(number, place) \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.number ORDER BY k.place), \
    tn.nspname::text, tc.relname::text, \
    ARRAY(SELECT a.attname::text FROM unnest(con.confkey) WITH ORDINALITY k(number, place) \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.number ORDER BY k.place), \
    con.confdeltype::text, con.confupdtype::text, con.confmatchtype::text, con.condeferrable, con.condeferred, \
    coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false), \
    pg_catalog.pg_get_expr(con.conbin, con.conrelid) \
    FROM pg_catalog.pg_constraint con \
    JOIN pg_catalog.pg_class c ON c.oid = con.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_catalog.pg_class tc ON tc.oid = con.confrelid AND con.contype = 'f' \
    LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace \
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = con.conindid AND con.contype = 'u' \
    WHERE {of_tables} AND con.contype IN ('p', 'u', 'f', 'c') ORDER BY c.relname, con.conname, con.oid";

type Row = (
    String,
    String,
    String,
    Vec<String>,
    Option<String>,
    Option<String>,
    Vec<String>,
    String,
    String,
    String,
    bool,
    bool,
    bool,
    Option<String>,
);

/// Gives the tables their constraints.
pub(super) async fn read(
    connection: &mut Connection,
    asked: Asked<'_>,
    default_schema: Option<&str>,
    found: &mut [TableDef],
) -> Result<()> {
    let rows = connection.all(asked.query(SQL).columns::<Row>()).await?;
    for (
        table,
        name,
        kind,
        columns,
        target_schema,
        target,
        target_columns,
        on_delete,
        on_update,
        matched,
        is_deferrable,
        is_deferred,
        nulls_not_distinct,
        condition,
    ) in rows
    {
        let Some(table) = tables::find(found, &table) else { continue };
        let name = Some(Name::from(name));
        let deferrable = match (is_deferrable, is_deferred) {
            (false, _) => None,
            (true, false) => Some(Deferrable::InitiallyImmediate),
            (true, true) => Some(Deferrable::InitiallyDeferred),
        };
        match (&*kind, target, condition) {
            ("p", ..) => {
                table.primary_key_name = name;
                for column in table.columns.to_mut() {
                    column.primary_key = columns.iter().any(|name| *name == column.name);
                }
            }
            ("u", ..) => {
                let mut unique = UniqueDef::new(name, owned(columns));
                unique.deferrable = deferrable;
                unique.nulls_not_distinct = nulls_not_distinct;
                table.uniques.to_mut().push(unique);
            }
            ("f", Some(target), _) => {
                let mut key = ForeignKeyDef::new(owned(columns), target.into(), owned(target_columns));
                key.name = name;
                key.target_schema = target_schema
                    .filter(|schema| asked.schema == Some(schema) || default_schema != Some(schema))
                    .map(Into::into);
                key.on_delete = action(&on_delete);
                key.on_update = action(&on_update);
                key.match_full = matched == "f";
                key.deferrable = deferrable;
                table.foreign_keys.to_mut().push(key);
            }
            ("c", _, Some(condition)) => table.checks.to_mut().push(CheckDef::new(name, condition.into())),
            _ => {}
        }
    }
    Ok(())
}

/// The action of that letter; what happens without one is not told.
fn action(letter: &str) -> Option<ReferentialAction> {
    match letter {
        "r" => Some(ReferentialAction::Restrict),
        "c" => Some(ReferentialAction::Cascade),
        "n" => Some(ReferentialAction::SetNull),
        "d" => Some(ReferentialAction::SetDefault),
        _ => None,
    }
}
