//! The rows of `information_schema` about some tables.

use orm_core::{Connection, Result};
use orm_query::typed::{Text, text};

use crate::mysql::MySql;

/// What there is to know of some tables, each list as the server orders it.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) tables: Vec<Table>,
    pub(super) columns: Vec<Column>,
    pub(super) index_columns: Vec<IndexColumn>,
    pub(super) key_columns: Vec<KeyColumn>,
    pub(super) checks: Vec<Check>,
}

/// A table or view.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) is_view: bool,
    pub(super) collation: Option<String>,
    pub(super) comment: String,
}

/// A column of a table or view.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) column_type: String,
    pub(super) collation: Option<String>,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    /// `auto_increment`, `STORED GENERATED`, `on update …`
    pub(super) extra: String,
    pub(super) expression: Option<String>,
    pub(super) comment: String,
}

/// A column of an index, or an expression of one.
#[derive(Debug, Clone)]
pub(super) struct IndexColumn {
    pub(super) table: String,
    pub(super) index: String,
    pub(super) unique: bool,
    pub(super) column: Option<String>,
    pub(super) descending: bool,
    pub(super) length: Option<i64>,
    pub(super) method: String,
    pub(super) expression: Option<String>,
}

/// A column of a foreign key.
#[derive(Debug, Clone)]
pub(super) struct KeyColumn {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) column: String,
    pub(super) target_schema: String,
    pub(super) target: String,
    pub(super) target_column: String,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

/// A CHECK constraint.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) sql: String,
}

/// Where is looked: the schema that is meant, and the server that it is on.
#[derive(Debug)]
pub(super) struct Place {
    /// The schema's name.
    pub(super) schema: String,
    /// Whether it is the connection's default one, which is not named.
    pub(super) is_default: bool,
    /// What the server speaks.
    pub(super) server: MySql,
}

impl Place {
    /// The schema of that name, or the connection's default one; `None` where the connection has none.
    pub(super) async fn of(connection: &mut Connection, schema: Option<&str>) -> Result<Option<Place>> {
        let query = text("SELECT DATABASE(), VERSION()").columns::<(Option<String>, String)>();
        let (default, version) = connection.one(query).await?;
        let server = MySql::from_version_string(&version);
        let name = schema.map(str::to_owned).or(default);
        Ok(name.map(|name| Place { schema: name, is_default: schema.is_none(), server }))
    }
}

impl Catalog {
    /// Asks for the tables of these names in a schema.
    pub(super) async fn read(connection: &mut Connection, place: &Place, names: &[String]) -> Result<Self> {
        let mut catalog = Catalog::default();
        // Names as binds, of which a statement takes only so many; one by `=`, which the server looks up at once.
        for names in names.chunks(10_000) {
            catalog.extend(connection, &Asked { place, names }).await?;
        }
        Ok(catalog)
    }

    async fn extend(&mut self, connection: &mut Connection, asked: &Asked<'_>) -> Result<()> {
        self.tables.extend(tables(connection, asked).await?);
        self.columns.extend(columns(connection, asked).await?);
        self.index_columns.extend(index_columns(connection, asked).await?);
        self.key_columns.extend(key_columns(connection, asked).await?);
        if asked.place.server.features.check_constraints {
            self.checks.extend(checks(connection, asked).await?);
        }
        Ok(())
    }
}

/// The tables that are asked for.
struct Asked<'a> {
    place: &'a Place,
    names: &'a [String],
}

impl Asked<'_> {
    /// `sql`, in which `{tables}` says which they are, by the columns `<prefix>_schema` and `table_name`.
    fn query(&self, sql: &str, prefix: &str, source: &str) -> Text {
        let which = match self.names {
            [_] => String::from("= :t0"),
            names => {
                let list: Vec<String> = (0..names.len()).map(|i| format!(":t{i}")).collect();
                format!("IN ({})", list.join(", "))
            }
        };
        let condition = format!("{source}{prefix}_schema = :schema AND {source}table_name {which}");
        let query = text(sql.replace("{tables}", &condition)).bind_str("schema", &self.place.schema);
        let names = self.names.iter().enumerate();
        names.fold(query, |query, (i, name)| query.bind_str(format!("t{i}"), name))
    }
}

async fn tables(connection: &mut Connection, asked: &Asked<'_>) -> Result<Vec<Table>> {
    let query = asked.query(
        "SELECT table_name, table_type, table_collation, table_comment FROM information_schema.tables \
         WHERE {tables} AND table_type <> 'SEQUENCE'",
        "table",
        "",
    );
    let rows = connection.all(query.columns::<(String, String, Option<String>, String)>()).await?;
    let table = |(name, kind, collation, comment): (String, String, _, _)| {
        let is_view = kind.to_ascii_uppercase().ends_with("VIEW");
        Table { name, is_view, collation, comment }
    };
    Ok(rows.into_iter().map(table).collect())
}

async fn columns(connection: &mut Connection, asked: &Asked<'_>) -> Result<Vec<Column>> {
    type Row = (
        String,
        String,
        String,
        Option<String>,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        String,
    );
    let query = asked.query(
        "SELECT table_name, column_name, column_type, collation_name, is_nullable, \
         column_default, extra, generation_expression, column_comment FROM information_schema.columns \
         WHERE {tables} ORDER BY table_name, ordinal_position",
        "table",
        "",
    );
    let rows = connection.all(query.columns::<Row>()).await?;
    let column = |row: Row| {
        let (table, name, column_type, collation, nullable, default, extra, expression, comment) = row;
        Column {
            table,
            name,
            column_type,
            collation,
            nullable: nullable.eq_ignore_ascii_case("yes"),
            default,
            extra: extra.unwrap_or_default(),
            expression: expression.filter(|sql| !sql.is_empty()),
            comment,
        }
    };
    Ok(rows.into_iter().map(column).collect())
}

async fn index_columns(connection: &mut Connection, asked: &Asked<'_>) -> Result<Vec<IndexColumn>> {
    type Row = (String, String, i64, Option<String>, Option<String>, Option<i64>, String, Option<String>);
    // Only servers that index expressions tell them.
    let expression =
        if asked.place.server.features.expression_indexes { "CAST(expression AS CHAR)" } else { "NULL" };
    let sql = format!(
        "SELECT table_name, index_name, non_unique, column_name, collation, sub_part, index_type, {expression} \
         FROM information_schema.statistics WHERE {{tables}} ORDER BY table_name, index_name, seq_in_index"
    );
    let rows = connection.all(asked.query(&sql, "table", "").columns::<Row>()).await?;
    let index_column = |row: Row| {
        let (table, index, non_unique, column, collation, length, method, expression) = row;
        IndexColumn {
            table,
            index,
            unique: non_unique == 0,
            column,
            descending: collation.as_deref() == Some("D"),
            length,
            method,
            expression,
        }
    };
    Ok(rows.into_iter().map(index_column).collect())
}

async fn key_columns(connection: &mut Connection, asked: &Asked<'_>) -> Result<Vec<KeyColumn>> {
    type Row = (String, String, String, String, String, String, String, String);
    let query = asked.query(
        "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, \
         k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule \
         FROM information_schema.key_column_usage AS k \
         JOIN information_schema.referential_constraints AS r \
         ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name \
         AND r.constraint_name = k.constraint_name \
         WHERE {tables} AND k.referenced_table_name IS NOT NULL \
         ORDER BY k.table_name, k.constraint_name, k.ordinal_position",
        "table",
        "k.",
    );
    let rows = connection.all(query.columns::<Row>()).await?;
    let key_column = |row: Row| {
        let (table, key, column, target_schema, target, target_column, on_delete, on_update) = row;
        KeyColumn { table, key, column, target_schema, target, target_column, on_delete, on_update }
    };
    Ok(rows.into_iter().map(key_column).collect())
}

async fn checks(connection: &mut Connection, asked: &Asked<'_>) -> Result<Vec<Check>> {
    let query = if asked.place.server.is_mariadb() {
        asked.query(
            "SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints \
             WHERE {tables}",
            "constraint",
            "",
        )
    } else {
        asked.query(
            "SELECT t.table_name, c.constraint_name, c.check_clause \
             FROM information_schema.table_constraints AS t \
             JOIN information_schema.check_constraints AS c \
             ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name \
             WHERE {tables} AND t.constraint_type = 'CHECK'",
            "table",
            "t.",
        )
    };
    let rows = connection.all(query.columns::<(String, String, String)>()).await?;
    Ok(rows.into_iter().map(|(table, name, sql)| Check { table, name, sql }).collect())
}
