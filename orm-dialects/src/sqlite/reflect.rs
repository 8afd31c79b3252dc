//! How SQLite's schema is read back.
//!
//! SQLite tells of columns, keys and indexes through its `pragma_…` functions, which are joined with the list of the
//! tables, so that any number of them takes the same few statements. The rest (names of constraints, conditions,
//! expressions, collations) is read from the statement that created the table, which SQLite keeps.
//!
//! - Types are told by their declared names: see [`types`](crate::sqlite::types). A text column with the CHECK of an
//!   enum is an enum without a name; a CHECK of any other form is one.
//! - An `INTEGER PRIMARY KEY` is the rowid, which counts itself up: a `BigInt` with `autoincrement`.
//! - Attached databases are schemas; there are no sequences and no enum types.

use std::collections::BTreeMap;

use orm_core::driver::BoxFuture;
use orm_core::reflect::Reflect;
use orm_core::{Connection, Result};
use orm_query::EnumType;
use orm_query::schema::{SequenceDef, TableDef};
use orm_query::typed::text;

use self::catalog::Catalog;
use self::table::Parts;

mod catalog;
mod create_index;
mod create_table;
mod table;
mod tokens;

/// The database that a connection is opened for.
const MAIN: &str = "main";

/// SQLite's `Reflect`.
#[derive(Debug)]
pub(super) struct SqliteReflect;

impl Reflect for SqliteReflect {
    fn default_schema<'c>(&'c self, _: &'c mut Connection) -> BoxFuture<'c, Result<Option<String>>> {
        Box::pin(std::future::ready(Ok(Some(MAIN.into()))))
    }

    fn schemas<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Vec<String>>> {
        let names = text("SELECT name FROM pragma_database_list WHERE name != 'temp' ORDER BY name");
        Box::pin(connection.all(names.columns::<String>()))
    }

    fn table_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        // Names that start so are SQLite's own; a shadow table belongs to a virtual one.
        let names = text(
            "SELECT name FROM pragma_table_list
             WHERE schema = :schema COLLATE NOCASE AND type IN ('table', 'virtual')
             AND lower(substr(name, 1, 7)) != 'sqlite_' ORDER BY name",
        );
        Box::pin(connection.all(names.bind_str("schema", schema.unwrap_or(MAIN)).columns::<String>()))
    }

    fn view_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        let names = text(
            "SELECT name FROM pragma_table_list
             WHERE schema = :schema COLLATE NOCASE AND type = 'view' ORDER BY name",
        );
        Box::pin(connection.all(names.bind_str("schema", schema.unwrap_or(MAIN)).columns::<String>()))
    }

    fn view_definition<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        view: &'c str,
    ) -> BoxFuture<'c, Result<Option<String>>> {
        Box::pin(async move {
            let found = Catalog::new(connection, schema.unwrap_or(MAIN)).find(&[view.to_owned()]).await?;
            let view = found.into_iter().find(|found| found.is_view);
            Ok(view.and_then(|view| create_index::view_definition(&view.sql)))
        })
    }

    fn tables<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        names: &'c [String],
    ) -> BoxFuture<'c, Result<Vec<TableDef>>> {
        Box::pin(tables(connection, schema, names))
    }

    fn sequences<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<SequenceDef>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn enums<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<EnumType>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
}

async fn tables(
    connection: &mut Connection,
    schema: Option<&str>,
    names: &[String],
) -> Result<Vec<TableDef>> {
    let mut catalog = Catalog::new(connection, schema.unwrap_or(MAIN));
    let found = catalog.find(names).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = found.iter().map(|found| found.name.clone()).collect();
    let mut columns = by_table(catalog.columns(&names).await?);
    let mut keys = by_table(catalog.foreign_keys(&names).await?);
    let mut indexes = by_table(catalog.indexes(&names).await?);
    let schema = schema.filter(|schema| !schema.eq_ignore_ascii_case(MAIN));
    let describe = |found: catalog::Found| {
        let columns = columns.remove(&found.name).unwrap_or_default();
        let keys = keys.remove(&found.name).unwrap_or_default();
        let indexes = indexes.remove(&found.name).unwrap_or_default();
        Parts { found, columns, keys, indexes }.describe(schema)
    };
    Ok(found.into_iter().map(describe).collect())
}

/// The rows of each table, in their order.
fn by_table<T>(rows: Vec<(String, T)>) -> BTreeMap<String, Vec<T>> {
    let mut tables = BTreeMap::<String, Vec<T>>::new();
    for (table, row) in rows {
        tables.entry(table).or_default().push(row);
    }
    tables
}
