use std::marker::PhantomData;

use super::value::IntoValue;
use super::{DynamicReturning, DynamicTable};
use crate::CompileError;
use crate::tree::{self, Statement};
use crate::typed::{AllRows, Bounded, Executable, Expression, Filtered, Predicate};

/// `UPDATE` of a [`DynamicTable`]. It runs once it has a filter, or [`all_rows`](Self::all_rows) says that all are meant.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct DynamicUpdate<W> {
    table: DynamicTable,
    tree: tree::Update,
    rows: PhantomData<fn() -> W>,
}

impl<W> DynamicUpdate<W> {
    pub(super) fn new(table: DynamicTable) -> Self {
        let tree = tree::Update::new(table.table_ref());
        DynamicUpdate { table, tree, rows: PhantomData }
    }

    fn retype<X>(self) -> DynamicUpdate<X> {
        DynamicUpdate { table: self.table, tree: self.tree, rows: PhantomData }
    }

    /// `SET column = value`
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`], or [`CompileError::WrongType`] where the value does not fit.
    pub fn set(mut self, column: &str, value: impl IntoValue) -> Result<Self, CompileError> {
        let column = self.table.find(column)?;
        let value = self.table.bind(column, value.into_value())?;
        self.tree.set.push((column.name.clone().into(), value));
        Ok(self)
    }

    /// `SET column = expression`
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`]
    pub fn set_expression(mut self, column: &str, value: impl Expression) -> Result<Self, CompileError> {
        let column = self.table.find(column)?;
        self.tree.set.push((column.name.clone().into(), value.into_tree()));
        Ok(self)
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter(mut self, condition: impl Predicate) -> DynamicUpdate<Filtered> {
        let condition = condition.into_tree();
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self.retype()
    }

    /// Says that every row is meant.
    pub fn all_rows(self) -> DynamicUpdate<AllRows> {
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
        Ok(DynamicReturning(Statement::Update(self.tree)))
    }
}

impl<W: Bounded> Executable for DynamicUpdate<W> {
    fn into_statement(self) -> Statement {
        Statement::Update(self.tree)
    }
}
