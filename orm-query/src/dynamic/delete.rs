use std::marker::PhantomData;

use super::{DynamicReturning, DynamicTable};
use crate::CompileError;
use crate::tree::{self, Statement};
use crate::typed::{AllRows, Bounded, Executable, Filtered, Predicate};

/// `DELETE` from a [`DynamicTable`]. It runs once it has a filter, or [`all_rows`](Self::all_rows) says that all are meant.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct DynamicDelete<W> {
    table: DynamicTable,
    tree: tree::Delete,
    rows: PhantomData<fn() -> W>,
}

impl<W> DynamicDelete<W> {
    pub(super) fn new(table: DynamicTable) -> Self {
        let tree = tree::Delete::new(table.table_ref());
        DynamicDelete { table, tree, rows: PhantomData }
    }

    fn retype<X>(self) -> DynamicDelete<X> {
        DynamicDelete { table: self.table, tree: self.tree, rows: PhantomData }
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter(mut self, condition: impl Predicate) -> DynamicDelete<Filtered> {
        let condition = condition.into_tree();
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self.retype()
    }

    /// Says that every row is meant.
    pub fn all_rows(self) -> DynamicDelete<AllRows> {
        self.retype()
    }

    /// `RETURNING`
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`]
    pub fn returning(mut self, columns: &[&str]) -> Result<DynamicReturning, CompileError>
    where
        W: Bounded,
    {
        for name in columns {
            self.tree.returning.push(self.table.column(name)?.into_tree().into());
        }
        Ok(DynamicReturning(Statement::Delete(self.tree)))
    }
}

impl<W: Bounded> Executable for DynamicDelete<W> {
    fn into_statement(self) -> Statement {
        Statement::Delete(self.tree)
    }
}
