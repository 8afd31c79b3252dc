use orm_query::schema::ColumnDef;
use orm_query::tree::{self, Expr, Lock, LockStrength, LockWait, SelectItem, Statement, TableRef};
use orm_query::{Bind, DataType, Features, Row, Value, read_value};

use super::super::graph::{Graph, Id};
use super::super::key::Key;
use super::following::{Kind, Match, Target};
use crate::Result;
use crate::connection::{Connection, Flow};

/// Rows whose keys come back with the statement, and with them the values that only the database can tell.
pub(super) struct Returned {
    /// Where the columns begin in a row.
    at: usize,
    columns: Vec<&'static ColumnDef>,
    pub(super) found: Vec<Match>,
}

impl Returned {
    /// Has the statement return what the objects need, behind what it returns already.
    pub(super) fn new(graph: &Graph, kinds: &[Kind], statement: &mut Statement) -> Self {
        let returning = match statement {
            Statement::Update(update) => &mut update.returning,
            Statement::Delete(delete) => &mut delete.returning,
            _ => &mut Vec::new(),
        };
        let at = returning.len();
        let mut columns: Vec<&'static ColumnDef> = Vec::new();
        for kind in kinds {
            let told = kind.columns.iter().filter(|changed| changed.constant.is_none());
            for position in kind.key.iter().copied().chain(told.map(|changed| changed.position)) {
                let column = &kind.table.columns[position];
                if columns.iter().all(|other| other.name != column.name) {
                    columns.push(column);
                    returning.push(item(graph, kind, column));
                }
            }
        }
        Returned { at, columns, found: Vec::new() }
    }

    pub(super) fn read(&mut self, graph: &Graph, kinds: &[Kind], row: &dyn Row) -> Result<()> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (position, column) in self.columns.iter().enumerate() {
            values.push(read_value(row, self.at + position, &column.data_type)?);
        }
        for kind in kinds {
            let value = |position: usize| {
                let name = &kind.table.columns[position].name;
                self.columns.iter().position(|column| column.name == *name).map(|at| values[at].clone())
            };
            let key = kind.key.iter().map(|&position| value(position)).collect();
            let Some(id) = object(graph, kind, key) else { continue };
            let new = |changed: &super::following::Changed| {
                (changed.position, changed.constant.clone().or_else(|| value(changed.position)))
            };
            let values = kind.columns.iter().map(new).collect();
            self.found.push(Match { id, values });
        }
        Ok(())
    }
}

/// The keys of the rows that match, for one mapped struct.
pub(super) struct Selected {
    /// Which of the structs.
    kind: usize,
    statement: Statement,
}

impl Selected {
    pub(super) fn all(graph: &Graph, features: &Features, kinds: &[Kind], target: Target<'_>) -> Vec<Self> {
        let keys = |(at, kind): (usize, &Kind)| {
            let columns = kind.key.iter().map(|&position| item(graph, kind, &kind.table.columns[position]));
            // No row comes to match between the two statements, and none ceases to.
            let lock = Lock { strength: LockStrength::Update, of: Vec::new(), wait: LockWait::Wait };
            let select = tree::Select {
                with: target.with.clone(),
                columns: columns.collect(),
                from: vec![tree::From::Table(target.table.clone())],
                filter: filter(target),
                lock: features.row_locks.then_some(lock),
                ..tree::Select::default()
            };
            Selected { kind: at, statement: Statement::Select(select) }
        };
        let held = |(_, kind): &(usize, &Kind)| graph.persistent_of(kind.kind).next().is_some();
        kinds.iter().enumerate().filter(held).map(keys).collect()
    }

    pub(super) async fn run(
        &self,
        graph: &Graph,
        connection: &mut Connection,
        kinds: &[Kind],
        found: &mut Vec<Match>,
    ) -> Result<()> {
        let kind = &kinds[self.kind];
        let read = &mut |row: &dyn Row| {
            let mut key = Vec::with_capacity(kind.key.len());
            for (at, &position) in kind.key.iter().enumerate() {
                key.push(read_value(row, at, &kind.table.columns[position].data_type)?);
            }
            if let Some(id) = object(graph, kind, Some(key)) {
                let values = kind.columns.iter().map(|changed| changed.new_value(graph, id)).collect();
                found.push(Match { id, values });
            }
            Ok(Flow::More)
        };
        connection.for_each(&self.statement, read).await
    }
}

/// Which rows match: those that the condition is true of, together with some row of the other sources.
fn filter(target: Target<'_>) -> Option<Expr> {
    if target.others.is_empty() {
        return target.filter.cloned();
    }
    let one = Bind::new(Value::I32(1), DataType::Integer);
    let query = tree::Select {
        columns: vec![Expr::Bind(one).into()],
        from: target.others.to_vec(),
        filter: target.filter.cloned(),
        ..tree::Select::default()
    };
    Some(Expr::Exists(Box::new(tree::Exists { query: query.into() })))
}

fn object(graph: &Graph, kind: &Kind, key: Option<Vec<Value>>) -> Option<Id> {
    graph.lookup(kind.kind, &Key::new(key?)?)
}

fn item(graph: &Graph, kind: &Kind, column: &ColumnDef) -> SelectItem {
    let entity = graph.entry(kind.kind).entity;
    let source = TableRef::new(entity.table).source();
    Expr::Column(entity.column_ref(&source, &column.name)).into()
}
