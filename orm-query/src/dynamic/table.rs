use std::sync::Arc;

use super::select::ByName;
use super::value::fit;
use super::{DynamicColumn, DynamicDelete, DynamicInsert, DynamicSelect, DynamicUpdate};
use crate::schema::{ColumnDef, Name, TableDef};
use crate::tree::{Expr, From, TableRef};
use crate::typed::Unfiltered;
use crate::{Bind, CompileError, Value};

/// A table that is known at run time: a [`TableDef`] that was built or [reflected](TableDef), in every statement.
#[derive(Debug, Clone)]
pub struct DynamicTable {
    definition: Arc<TableDef>,
    alias: Option<Name>,
}

impl DynamicTable {
    /// The table of this definition.
    pub fn new(definition: impl Into<Arc<TableDef>>) -> Self {
        DynamicTable { definition: definition.into(), alias: None }
    }

    /// The same under another name, to stand in a statement a second time.
    #[must_use]
    pub fn alias(&self, alias: impl Into<Name>) -> Self {
        DynamicTable { definition: self.definition.clone(), alias: Some(alias.into()) }
    }

    /// What it is made of.
    pub fn definition(&self) -> &TableDef {
        &self.definition
    }

    /// The column of this name.
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`] where there is none.
    pub fn column(&self, name: &str) -> Result<DynamicColumn, CompileError> {
        self.find(name).map(|column| self.dynamic(column))
    }

    /// All columns, in their order.
    pub fn columns(&self) -> Vec<DynamicColumn> {
        self.definition.columns.iter().map(|column| self.dynamic(column)).collect()
    }

    /// `SELECT` of all columns.
    pub fn select(&self) -> DynamicSelect<ByName> {
        super::select(self.columns()).from(self)
    }

    /// `INSERT`
    pub fn insert(&self) -> DynamicInsert {
        DynamicInsert::new(self.clone())
    }

    /// `UPDATE`
    pub fn update(&self) -> DynamicUpdate<Unfiltered> {
        DynamicUpdate::new(self.clone())
    }

    /// `DELETE`
    pub fn delete(&self) -> DynamicDelete<Unfiltered> {
        DynamicDelete::new(self.clone())
    }

    pub(super) fn table_ref(&self) -> TableRef {
        let table = TableRef::new(&self.definition);
        match &self.alias {
            Some(alias) => table.alias(alias.clone()),
            None => table,
        }
    }

    pub(super) fn find(&self, name: &str) -> Result<&ColumnDef, CompileError> {
        let columns = &self.definition.columns;
        columns.iter().find(|column| column.name == name).ok_or_else(|| CompileError::UnknownColumn {
            table: self.definition.full_name(),
            column: name.to_owned(),
            columns: columns.iter().map(|column| column.name.to_string()).collect(),
        })
    }

    /// The value as it is stored in a column.
    pub(super) fn bind(&self, column: &ColumnDef, value: Value) -> Result<Expr, CompileError> {
        let value = fit(value, &column.data_type, &self.definition.name, &column.name)?;
        Ok(Expr::Bind(Bind::new(value, column.data_type.clone())))
    }

    fn dynamic(&self, column: &ColumnDef) -> DynamicColumn {
        let source = self.table_ref().source();
        DynamicColumn::new(source, column.name.clone(), column.data_type.clone(), column.nullable)
    }
}

impl std::convert::From<TableDef> for DynamicTable {
    fn from(definition: TableDef) -> Self {
        DynamicTable::new(definition)
    }
}

impl std::convert::From<&DynamicTable> for From {
    fn from(table: &DynamicTable) -> Self {
        From::Table(table.table_ref())
    }
}
