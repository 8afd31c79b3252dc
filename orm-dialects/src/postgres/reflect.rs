//! Reading the schema back from `pg_catalog`: five statements, or fewer, for any number of tables.
//!
//! What is not told, because there are no words for it: exclusion constraints, the parts and the parents of a table,
//! row security, storage parameters, triggers and rules. A `CHAR(n)`, a domain or whatever else has no type here is
//! [`Other`](orm_query::DataType::Other); `VARCHAR` without a length is `Text`, and the digits of a time are not kept.
//! An enum outside of the default schema has a name with its schema: `app.mood`.

use std::borrow::Cow;

use orm_core::driver::BoxFuture;
use orm_core::reflect::Reflect;
use orm_core::{Connection, Result};
use orm_query::EnumType;
use orm_query::schema::{Name, SequenceDef, TableDef};
use orm_query::typed::text;

mod columns;
mod constraints;
mod counter;
mod data_type;
mod enums;
mod indexes;
mod tables;

use counter::{Counts, counter};

/// PostgreSQL's `Reflect`.
#[derive(Debug)]
pub(super) struct PostgresReflect;

/// What is not the system's own, in a query over `pg_namespace n`.
const NOT_OF_THE_SYSTEM: &str =
    "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ESCAPE '\\'";

impl Reflect for PostgresReflect {
    fn default_schema<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Option<String>>> {
        Box::pin(async {
            let query = text("SELECT current_schema()::text").columns::<Option<String>>();
            connection.one(query).await
        })
    }

    fn schemas<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Vec<String>>> {
        Box::pin(async {
            let sql = format!(
                "SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE {NOT_OF_THE_SYSTEM} ORDER BY n.nspname"
            );
            connection.all(text(sql).columns::<String>()).await
        })
    }

    fn table_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        Box::pin(relations(connection, schema, &["r", "p", "f"]))
    }

    fn view_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        Box::pin(relations(connection, schema, &["v", "m"]))
    }

    fn view_definition<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        view: &'c str,
    ) -> BoxFuture<'c, Result<Option<String>>> {
        Box::pin(async move {
            let query = text(
                "SELECT pg_catalog.pg_get_viewdef(c.oid) \
                 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = coalesce(:schema, current_schema()) AND c.relname = :view AND c.relkind IN ('v', 'm')",
            );
            let query = query.bind("schema", schema.map(str::to_owned)).bind("view", view.to_owned());
            let definition = connection.one_or_none(query.columns::<String>()).await?;
            Ok(definition.map(|sql| sql.trim().trim_end_matches(';').to_owned()))
        })
    }

    fn tables<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        names: &'c [String],
    ) -> BoxFuture<'c, Result<Vec<TableDef>>> {
        Box::pin(tables::tables(connection, schema, names))
    }

    fn sequences<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<SequenceDef>>> {
        Box::pin(async move {
            let query = text(
                "SELECT c.relname::text, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle \
                 FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = coalesce(:schema, current_schema()) AND NOT EXISTS (\
                     SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') \
                     AND d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass) \
                 ORDER BY c.relname",
            );
            type Row = (String, i64, i64, i64, i64, i64, bool);
            let query = query.bind("schema", schema.map(str::to_owned)).columns::<Row>();
            let sequences = connection.all(query).await?.into_iter().map(
                |(name, start, increment, min_value, max_value, cache, cycle)| {
                    let counts = Counts { start, increment, min_value, max_value, cache, cycle };
                    let mut sequence = SequenceDef::named(name.into(), counter(&counts, i64::MIN, i64::MAX));
                    sequence.schema = schema.map(|schema| schema.to_owned().into());
                    sequence
                },
            );
            Ok(sequences.collect())
        })
    }

    fn enums<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<EnumType>>> {
        Box::pin(enums::of_schema(connection, schema))
    }
}

/// The names of the relations of some kinds.
async fn relations(connection: &mut Connection, schema: Option<&str>, kinds: &[&str]) -> Result<Vec<String>> {
    let query = text(
        "SELECT c.relname::text \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = coalesce(:schema, current_schema()) AND c.relkind::text = ANY(:kinds) ORDER BY c.relname",
    );
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let query = query.bind("schema", schema.map(str::to_owned)).bind("kinds", kinds);
    connection.all(query.columns::<String>()).await
}

/// Which tables a query is about: the same parameters for each of them.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    schema: Option<&'a str>,
    names: &'a [String],
}

impl Asked<'_> {
    /// A query of `sql`, in which `{of_tables}` stands for the condition on `pg_class c` and `pg_namespace n`.
    fn query(self, sql: &str) -> orm_query::typed::Text {
        let condition = "n.nspname = coalesce(:schema, current_schema()) AND c.relname = ANY(:names) \
                         AND c.relkind IN ('r', 'p', 'f', 'v', 'm')";
        text(sql.replace("{of_tables}", condition))
            .bind("schema", self.schema.map(str::to_owned))
            .bind("names", self.names.to_vec())
    }
}

fn owned(names: Vec<String>) -> Cow<'static, [Name]> {
    names.into_iter().map(Name::from).collect()
}
