use orm_core::{Connection, Result};
use orm_query::schema::TableDef;

use super::{Asked, columns, constraints, indexes};

/// The tables and views of these names that are there.
pub(super) async fn tables(
    connection: &mut Connection,
    schema: Option<&str>,
    names: &[String],
) -> Result<Vec<TableDef>> {
    let asked = Asked { schema, names };
    let query = asked.query(
        "SELECT c.relname::text, pg_catalog.obj_description(c.oid, 'pg_class'), current_schema()::text \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE {of_tables} ORDER BY c.relname",
    );
    let mut tables = Vec::new();
    let mut default_schema = None;
    for (name, comment, schema_here) in
        connection.all(query.columns::<(String, Option<String>, Option<String>)>()).await?
    {
        let mut table = TableDef::new(name.into(), Vec::new().into());
        table.schema = schema.map(|schema| schema.to_owned().into());
        table.comment = comment.map(Into::into);
        default_schema = schema_here;
        tables.push(table);
    }
    if tables.is_empty() {
        return Ok(tables);
    }
    columns::read(connection, asked, &mut tables).await?;
    constraints::read(connection, asked, default_schema.as_deref(), &mut tables).await?;
    indexes::read(connection, asked, &mut tables).await?;
    Ok(tables)
}

/// The table of that name.
pub(super) fn find<'t>(tables: &'t mut [TableDef], name: &str) -> Option<&'t mut TableDef> {
    tables.iter_mut().find(|table| table.name == name)
}
