//! Rows of link tables.

use orm_query::Value;
use orm_query::mapping::EntityDef;
use orm_query::schema::Name;
use orm_query::tree::{self, InsertSource, Statement, TableRef};

use super::{Apply, bind, stale};
use crate::session::flush::collect::LinkRow;
use crate::session::graph::{Graph, Id};
use crate::session::load::in_keys;
use crate::{Error, Result, SessionError};

impl Apply<'_> {
    pub(super) async fn link_insert(&mut self, link: &'static EntityDef, rows: &[LinkRow]) -> Result<()> {
        for rows in rows.chunks(self.rows_of(row_width(rows))) {
            let mut columns = Vec::new();
            let mut values = Vec::with_capacity(rows.len());
            for row in rows {
                let (names, row) = link_values(self.graph, row)?;
                let binds = names.iter().zip(row).filter_map(|(name, value)| {
                    Some(bind(Some(value), &link.table.columns[link.table.position(name)?]))
                });
                values.push(binds.collect());
                columns = names;
            }
            let source = InsertSource::Values(values);
            let statement = tree::Insert::new(TableRef::new(link.table), columns, source);
            self.connection.run(&Statement::Insert(statement)).await?;
        }
        Ok(())
    }

    pub(super) async fn link_delete(&mut self, link: &'static EntityDef, rows: &[LinkRow]) -> Result<()> {
        for rows in rows.chunks(self.keys_of(row_width(rows))) {
            let mut names = Vec::new();
            let mut keys = Vec::with_capacity(rows.len());
            for row in rows {
                let (columns, values) = link_values(self.graph, row)?;
                names = columns;
                keys.push(values);
            }
            let matched = self.delete_links(link, &names, &keys).await?;
            if matched < rows.len() as u64 {
                return Err(stale("DELETE", link.table, rows.len(), matched));
            }
        }
        Ok(())
    }

    /// Deletes all rows that lead to these objects.
    pub(super) async fn link_clear(
        &mut self,
        link: &'static EntityDef,
        key: usize,
        objects: &[Id],
    ) -> Result<()> {
        let key = &link.table.foreign_keys[key];
        for objects in objects.chunks(self.keys_of(key.columns.len())) {
            let values = |&id: &Id| self.graph.stored_by_name(id, &key.target_columns);
            let keys: Vec<Vec<Value>> = objects.iter().filter_map(values).collect();
            self.delete_links(link, &key.columns, &keys).await?;
        }
        Ok(())
    }

    /// The rows that lead to an object whose key has changed follow it.
    pub(super) async fn link_rekey(
        &mut self,
        link: &'static EntityDef,
        key: usize,
        object: Id,
    ) -> Result<()> {
        let key = &link.table.foreign_keys[key];
        let now = self.graph.values(object, &key.target_columns);
        let before = self.graph.stored_by_name(object, &key.target_columns);
        let (Some(now), Some(before)) = (now, before) else { return Ok(()) };
        let columns = key.columns.iter().filter_map(|name| link.table.position(name));
        let set = columns.zip(now).map(|(c, value)| {
            let column = &link.table.columns[c];
            (column.name.clone().into(), bind(Some(value), column))
        });
        let source = TableRef::new(link.table).source();
        let statement = tree::Update {
            set: set.collect(),
            filter: Some(in_keys(link.table, &source, &key.columns, &[before])),
            ..tree::Update::new(TableRef::new(link.table))
        };
        self.connection.run(&Statement::Update(statement)).await.map(drop)
    }

    async fn delete_links(
        &mut self,
        link: &'static EntityDef,
        names: &[Name],
        keys: &[Vec<Value>],
    ) -> Result<u64> {
        let source = TableRef::new(link.table).source();
        let statement = tree::Delete {
            filter: Some(in_keys(link.table, &source, names, keys)),
            ..tree::Delete::new(TableRef::new(link.table))
        };
        self.connection.run(&Statement::Delete(statement)).await
    }
}

/// How many columns the keys of a link row have.
fn row_width(rows: &[LinkRow]) -> usize {
    let keys = |row: &LinkRow| row.ends.map(|(key, _)| row.link.0.table.foreign_keys[key].columns.len());
    rows.first().map_or(2, |row| keys(row).iter().sum())
}

/// The columns of a link table and the values of a row, by both foreign keys.
fn link_values(graph: &Graph, row: &LinkRow) -> Result<(Vec<Name>, Vec<Value>)> {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (key, id) in row.ends {
        let key = &row.link.0.table.foreign_keys[key];
        let found = graph.values(id, &key.target_columns).ok_or_else(|| {
            Error::from(SessionError::Misuse(format!("`{}` has no key to link yet", graph.entity(id).name)))
        })?;
        names.extend(key.columns.iter().cloned());
        values.extend(found);
    }
    Ok((names, values))
}
