//! What SQLite itself tells of tables, for any number of them at once.

use orm_core::{Connection, Result};
use orm_query::typed::{Text, text};

/// A table or a view.
pub(super) struct Found {
    pub(super) name: String,
    /// The statement that created it; empty for a few of SQLite's own.
    pub(super) sql: String,
    pub(super) is_view: bool,
}

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    /// The type, as it was declared.
    pub(super) declared: String,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    pub(super) primary_key: bool,
    pub(super) kind: ColumnKind,
}

/// How a column's value comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Stored,
    /// A virtual table's own, which only functions see.
    Hidden,
    ComputedVirtual,
    ComputedStored,
}

/// A column of a foreign key.
pub(super) struct KeyColumn {
    /// The key's number, counted from the last one.
    pub(super) key: i64,
    pub(super) column: String,
    pub(super) target: String,
    /// Unknown where the table that is referenced is not there.
    pub(super) target_column: Option<String>,
    pub(super) on_update: String,
    pub(super) on_delete: String,
}

/// A column of an index.
pub(super) struct IndexColumn {
    pub(super) index: String,
    pub(super) unique: bool,
    /// `c` for an index, `u` for a UNIQUE constraint, `pk` for the primary key.
    pub(super) origin: String,
    /// The column; an expression, or the rowid, where `None`.
    pub(super) column: Option<String>,
    pub(super) is_expression: bool,
    pub(super) descending: bool,
    pub(super) collation: String,
    /// The statement that created the index.
    pub(super) sql: Option<String>,
}

/// The tables of a database: names are compared as SQLite does it, whatever their case.
pub(super) struct Catalog<'c> {
    connection: &'c mut Connection,
    /// The database's name, and the same as an identifier.
    database: &'c str,
    quoted: String,
}

impl<'c> Catalog<'c> {
    pub(super) fn new(connection: &'c mut Connection, database: &'c str) -> Self {
        let quoted = format!("\"{}\"", database.replace('"', "\"\""));
        Catalog { connection, database, quoted }
    }

    /// The tables and views of these names, in alphabetical order.
    pub(super) async fn find(&mut self, names: &[String]) -> Result<Vec<Found>> {
        let listed = self.text(
            "SELECT l.name FROM pragma_table_list AS l
             WHERE l.schema = :database COLLATE NOCASE
             AND l.name COLLATE NOCASE IN (SELECT j.value FROM json_each(:names) AS j)",
            names,
        );
        let listed: Vec<String> = self.connection.all(listed.columns::<String>()).await?;
        if listed.is_empty() {
            // A database of that name may not be there at all.
            return Ok(Vec::new());
        }
        let found = self.text(
            "SELECT m.name, coalesce(m.sql, ''), m.type = 'view' FROM {schema} AS m
             WHERE m.type IN ('table', 'view') AND m.name IN (SELECT j.value FROM json_each(:names) AS j)
             ORDER BY m.name",
            &listed,
        );
        let rows = self.connection.all(found.columns::<(String, String, bool)>()).await?;
        Ok(rows.into_iter().map(|(name, sql, is_view)| Found { name, sql, is_view }).collect())
    }

    /// The columns of these tables or views, each with its table's name.
    pub(super) async fn columns(&mut self, names: &[String]) -> Result<Vec<(String, Column)>> {
        type Row = (String, String, String, bool, Option<String>, i64, i64);
        let columns = self.text(
            "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden
             FROM {schema} AS m, pragma_table_xinfo(m.name, :database) AS x
             WHERE m.type IN ('table', 'view') AND m.name IN (SELECT j.value FROM json_each(:names) AS j)
             ORDER BY m.name, x.cid",
            names,
        );
        let rows = self.connection.all(columns.columns::<Row>()).await?;
        let column = |(table, name, declared, not_null, default, key, hidden)| {
            let kind = match hidden {
                1 => ColumnKind::Hidden,
                2 => ColumnKind::ComputedVirtual,
                3 => ColumnKind::ComputedStored,
                _ => ColumnKind::Stored,
            };
            let primary_key = key > 0_i64;
            (table, Column { name, declared, not_null, default, primary_key, kind })
        };
        Ok(rows.into_iter().map(|row: Row| column(row)).collect())
    }

    /// The columns of the foreign keys of these tables, the keys in the order of their definition.
    pub(super) async fn foreign_keys(&mut self, names: &[String]) -> Result<Vec<(String, KeyColumn)>> {
        type Row = (String, i64, String, String, Option<String>, String, String);
        let keys = self.text(
            "SELECT m.name, f.id, f.\"from\",
                 coalesce((SELECT t.name FROM {schema} AS t
                           WHERE t.type = 'table' AND t.name = f.\"table\" COLLATE NOCASE), f.\"table\"),
                 coalesce((SELECT x.name FROM pragma_table_xinfo(f.\"table\", :database) AS x
                           WHERE x.name = f.\"to\" COLLATE NOCASE OR (f.\"to\" IS NULL AND x.pk = f.seq + 1)),
                          f.\"to\"),
                 f.on_update, f.on_delete
             FROM {schema} AS m, pragma_foreign_key_list(m.name, :database) AS f
             WHERE m.type = 'table' AND m.name IN (SELECT j.value FROM json_each(:names) AS j)
             ORDER BY m.name, f.id DESC, f.seq",
            names,
        );
        let rows = self.connection.all(keys.columns::<Row>()).await?;
        let column = |(table, key, column, target, target_column, on_update, on_delete): Row| {
            (table, KeyColumn { key, column, target, target_column, on_update, on_delete })
        };
        Ok(rows.into_iter().map(column).collect())
    }

    /// The columns of all indexes of these tables, those behind constraints too.
    pub(super) async fn indexes(&mut self, names: &[String]) -> Result<Vec<(String, IndexColumn)>> {
        type Row = (String, String, bool, String, Option<String>, bool, bool, String, Option<String>);
        let indexes = self.text(
            "SELECT m.name, l.name, l.\"unique\", l.origin, x.name, x.cid = -2, x.\"desc\", x.coll, i.sql
             FROM {schema} AS m, pragma_index_list(m.name, :database) AS l,
                 pragma_index_xinfo(l.name, :database) AS x
                 LEFT JOIN {schema} AS i ON i.type = 'index' AND i.name = l.name
             WHERE m.type = 'table' AND m.name IN (SELECT j.value FROM json_each(:names) AS j) AND x.\"key\"
             ORDER BY m.name, l.name, x.seqno",
            names,
        );
        let rows = self.connection.all(indexes.columns::<Row>()).await?;
        let column =
            |(table, index, unique, origin, column, is_expression, descending, collation, sql): Row| {
                let column =
                    IndexColumn { index, unique, origin, column, is_expression, descending, collation, sql };
                (table, column)
            };
        Ok(rows.into_iter().map(column).collect())
    }

    fn text(&self, sql: &str, names: &[String]) -> Text {
        let sql = sql.replace("{schema}", &format!("{}.sqlite_schema", self.quoted));
        let names = serde_json::Value::from(names.to_vec());
        let text = text(&sql).bind("names", names);
        if sql.contains(":database") { text.bind_str("database", self.database) } else { text }
    }
}
