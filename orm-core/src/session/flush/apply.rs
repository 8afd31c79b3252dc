//! Sends the steps of a plan, and takes back what the database generates: the only I/O of a flush.

mod delete;
mod insert;
mod links;
mod update;

use orm_query::mapping::EntityDef;
use orm_query::schema::{ColumnDef, Name, TableDef};
use orm_query::tree::{self, SelectItem, Statement, TableRef};
use orm_query::{Bind, Features, Value, read_value};

use super::plan::{Plan, Step};
use crate::connection::{Connection, Flow};
use crate::session::graph::{Graph, Id};
use crate::session::load::in_keys;
use crate::{Error, Result};

/// Runs the plan inside the connection's transaction.
pub(crate) async fn apply(graph: &mut Graph, connection: &mut Connection, plan: &Plan) -> Result<()> {
    let features = connection.engine().driver.dialect().features().clone();
    let hide = connection.engine().hide_parameters;
    graph.note_write();
    let mut apply = Apply { graph, connection, plan, features, hide, are_circles_open: false };
    for step in &plan.steps {
        apply.step(step).await?;
    }
    Ok(())
}

/// A flush on its way.
struct Apply<'a> {
    graph: &'a mut Graph,
    connection: &'a mut Connection,
    plan: &'a Plan,
    features: Features,
    /// Whether messages leave values out.
    hide: bool,
    are_circles_open: bool,
}

impl Apply<'_> {
    async fn step(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Insert { kind, columns, slots } => self.insert(*kind, columns, slots).await,
            Step::Update { kind, slots, .. } => self.update(*kind, slots).await,
            Step::Switch { id, old, columns } => {
                let result = self.switch(*id, *old, columns).await;
                self.named(result, id.kind, &[id.slot])
            }
            Step::PostUpdate { kind, slots } => self.post_update(*kind, slots).await,
            Step::Delete { kind, slots, depths } => self.delete(*kind, slots, depths).await,
            Step::Bulk(bulk) => self.bulk(bulk).await,
            Step::LinkInsert { link, rows } => self.link_insert(link, rows).await,
            Step::LinkDelete { link, rows } => self.link_delete(link, rows).await,
            Step::LinkClear { link, key, objects } => self.link_clear(link, *key, objects).await,
            Step::LinkRekey { link, key, object } => self.link_rekey(link, *key, *object).await,
        }
    }

    /// Says which objects an error is about.
    fn named<T>(&self, result: Result<T>, kind: u32, slots: &[u32]) -> Result<T> {
        result.map_err(|error| match error {
            Error::Integrity { kind: what, constraint, table, column, message, object: None, statement } => {
                let object = match slots {
                    [slot] => self.graph.describe(Id { kind, slot: *slot }, self.hide),
                    slots => {
                        format!("one of {} `{}` objects", slots.len(), self.graph.entry(kind).entity.name)
                    }
                };
                let object = Some(object.into());
                Error::Integrity { kind: what, constraint, table, column, message, object, statement }
            }
            error => error,
        })
    }

    /// How many rows of so many values one statement takes; a longer list would be cut, and the keys that the database
    /// has counted are told for the last part only.
    fn rows_of(&self, width: usize) -> usize {
        self.features.rows_of(width).min(self.features.max_rows).max(1)
    }

    /// How many keys of so many columns one list takes: short lists keep the database's parser and its plans happy;
    /// long ones would also pass the limit of binds.
    fn keys_of(&self, width: usize) -> usize {
        /// Longer lists gain nothing.
        const KEYS: usize = 1_000;
        /// Keys of several columns are a disjunction, and parsers limit its depth: one of them to 1,000.
        const WIDE_KEYS: usize = 400;
        let most = if width > 1 { WIDE_KEYS } else { KEYS };
        (self.features.max_binds / width.max(1)).clamp(1, most)
    }

    /// Reads columns of rows that were just written, by the keys that they have now.
    async fn read_columns(&mut self, kind: u32, slots: &[u32], columns: &[usize]) -> Result<()> {
        let entry = self.graph.entry(kind);
        let (entity, key) = (entry.entity, entry.key.clone());
        let source = TableRef::new(entity.table).source();
        let names: Vec<Name> = key.iter().map(|&c| entity.table.columns[c].name.clone()).collect();
        for slots in slots.chunks(self.keys_of(key.len())) {
            let store = &self.graph.entry(kind).store;
            let value = |slot: u32, c: &usize| store.value(slot, *c).unwrap_or(Value::Null);
            let keys: Vec<Vec<Value>> =
                slots.iter().map(|&slot| key.iter().map(|c| value(slot, c)).collect()).collect();
            let items: Vec<usize> = columns.iter().chain(&key).copied().collect();
            let select = tree::Select {
                columns: items.iter().map(|&c| column_item(entity, c)).collect(),
                from: vec![tree::From::Table(TableRef::new(entity.table))],
                filter: Some(in_keys(entity.table, &source, &names, &keys)),
                ..tree::Select::default()
            };
            let rows = self.values(entity, &items, &Statement::Select(select)).await?;
            insert::give_back(self.graph, kind, slots, columns, rows, &insert::Match::ByKey)?;
        }
        Ok(())
    }

    /// The rows of a statement that gives these columns of an entity.
    async fn values(
        &mut self,
        entity: &EntityDef,
        columns: &[usize],
        statement: &Statement,
    ) -> Result<Vec<Vec<Value>>> {
        let mut rows = Vec::new();
        self.connection
            .for_each(statement, &mut |row| {
                let mut values = Vec::with_capacity(columns.len());
                for (at, &position) in columns.iter().enumerate() {
                    values.push(read_value(row, at, &entity.table.columns[position].data_type)?);
                }
                rows.push(values);
                Ok(Flow::More)
            })
            .await?;
        Ok(rows)
    }
}

fn bind(value: Option<Value>, column: &ColumnDef) -> tree::Expr {
    tree::Expr::Bind(Bind::new(value.unwrap_or(Value::Null), column.data_type.clone()))
}

fn column_item(entity: &EntityDef, position: usize) -> SelectItem {
    let source = TableRef::new(entity.table).source();
    tree::Expr::Column(entity.column_ref(&source, &entity.table.columns[position].name)).into()
}

fn names(table: &TableDef, columns: &[usize]) -> Vec<Name> {
    columns.iter().map(|&c| table.columns[c].name.clone()).collect()
}

fn stale(action: &'static str, table: &TableDef, expected: usize, matched: u64) -> Error {
    Error::StaleData { action, table: table.full_name(), expected: expected as u64, matched }
}

/// `column = value AND …`
fn equal_key(entity: &EntityDef, columns: &[usize], key: &[Value]) -> tree::Expr {
    let source = TableRef::new(entity.table).source();
    let equal = |(&position, value): (&usize, &Value)| {
        let column = &entity.table.columns[position];
        let left = tree::Expr::Column(entity.column_ref(&source, &column.name));
        left.binary(tree::BinaryOperator::Eq, bind(Some(value.clone()), column))
    };
    let mut parts: Vec<tree::Expr> = columns.iter().zip(key).map(equal).collect();
    if parts.len() == 1 { parts.remove(0) } else { tree::Expr::And(parts) }
}
