use super::value::IntoValue;
use super::{DynamicReturning, DynamicTable};
use crate::CompileError;
use crate::schema::Name;
use crate::tree::{
    self, ConflictAction, ConflictTarget, Excluded, Expr, InsertSource, OnConflict, Statement,
};
use crate::typed::Executable;
use crate::typed::insert::add_defaults;
use crate::typed::on_conflict::is_only_key;

/// `INSERT` into a [`DynamicTable`].
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct DynamicInsert {
    table: DynamicTable,
    columns: Vec<Name>,
    rows: Vec<Vec<Expr>>,
    on_conflict: Option<OnConflict>,
}

impl DynamicInsert {
    pub(super) fn new(table: DynamicTable) -> Self {
        DynamicInsert { table, columns: Vec::new(), rows: Vec::new(), on_conflict: None }
    }

    /// A row: values by the names of their columns. All rows give the same columns; no row at all is one of defaults.
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`], [`CompileError::WrongType`], or [`CompileError::Invalid`] where this row gives
    /// other columns than the first, or one of them twice.
    pub fn row<N, V>(mut self, values: impl IntoIterator<Item = (N, V)>) -> Result<Self, CompileError>
    where
        N: AsRef<str>,
        V: IntoValue,
    {
        let mut given: Vec<(Name, Expr)> = Vec::with_capacity(self.columns.len());
        for (name, value) in values {
            let column = self.table.find(name.as_ref())?;
            if given.iter().any(|(name, _)| *name == column.name) {
                return Err(CompileError::Invalid(format!("the row gives `{}` twice", column.name)));
            }
            let value = self.table.bind(column, value.into_value())?;
            given.push((column.name.clone(), value));
        }
        if self.rows.is_empty() {
            self.columns = given.iter().map(|(name, _)| name.clone()).collect();
        }
        let mut row = Vec::with_capacity(given.len());
        for name in &self.columns {
            if let Some(at) = given.iter().position(|(given, _)| given == name) {
                row.push(given.swap_remove(at).1);
            }
        }
        if row.len() != self.columns.len() || !given.is_empty() {
            let table = self.table.definition().full_name();
            let reason = format!("the rows that are inserted into `{table}` give unlike columns");
            return Err(CompileError::Invalid(reason));
        }
        self.rows.push(row);
        Ok(self)
    }

    /// Leaves out the rows that would violate a unique key over `columns`, over any key where there is none.
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`]
    pub fn on_conflict_do_nothing(mut self, columns: &[&str]) -> Result<Self, CompileError> {
        let target = self.target(columns)?;
        self.on_conflict = Some(OnConflict { target, action: ConflictAction::Nothing });
        Ok(self)
    }

    /// Where a row would violate the unique key over `columns`, sets `set` of the row that is there to the new values.
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`]
    pub fn on_conflict_do_update(mut self, columns: &[&str], set: &[&str]) -> Result<Self, CompileError> {
        let target = self.target(columns)?;
        let excluded = |name: &&str| {
            let column = self.table.find(name)?;
            let (name, data_type) = (column.name.clone(), column.data_type.clone());
            Ok((name.clone().into(), Expr::Excluded(Excluded { name, data_type })))
        };
        let set: Result<Vec<_>, CompileError> = set.iter().map(excluded).collect();
        self.on_conflict =
            Some(OnConflict { target, action: ConflictAction::Update { set: set?, filter: None } });
        Ok(self)
    }

    /// `RETURNING`
    ///
    /// # Errors
    /// [`CompileError::UnknownColumn`]
    pub fn returning(self, columns: &[&str]) -> Result<DynamicReturning, CompileError> {
        let items: Result<Vec<_>, _> =
            columns.iter().map(|name| Ok(self.table.column(name)?.into_tree().into())).collect();
        let mut insert = self.into_tree();
        insert.returning = items?;
        Ok(DynamicReturning(Statement::Insert(insert)))
    }

    fn target(&self, columns: &[&str]) -> Result<ConflictTarget, CompileError> {
        if columns.is_empty() {
            return Ok(ConflictTarget::Any);
        }
        let columns: Result<Vec<Name>, CompileError> =
            columns.iter().map(|name| Ok(self.table.find(name)?.name.clone())).collect();
        let columns = columns?;
        Ok(ConflictTarget::Columns { columns, is_only: false, filter: None })
    }

    fn into_tree(self) -> tree::Insert {
        let rows = if self.rows.is_empty() { vec![Vec::new()] } else { self.rows };
        let mut on_conflict = self.on_conflict;
        if let Some(OnConflict { target: ConflictTarget::Columns { columns, is_only, .. }, .. }) =
            &mut on_conflict
        {
            *is_only = is_only_key(self.table.definition(), columns, &self.columns);
        }
        let mut insert = tree::Insert::new(self.table.table_ref(), self.columns, InsertSource::Values(rows));
        insert.on_conflict = on_conflict;
        add_defaults(self.table.definition(), &mut insert);
        insert
    }
}

impl Executable for DynamicInsert {
    fn into_statement(self) -> Statement {
        Statement::Insert(self.into_tree())
    }
}
