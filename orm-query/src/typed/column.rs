use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::source::Source;
use super::table::Table;
use crate::{SqlType, tree};

/// A column of the type `T` of the source `S`: `User::name`.
pub struct Column<S, T> {
    name: &'static str,
    types: PhantomData<fn() -> (S, T)>,
}

impl<S, T> Column<S, T> {
    /// The column of that name in the database.
    pub const fn new(name: &'static str) -> Self {
        Column { name, types: PhantomData }
    }

    /// Its name in the database.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<S: Source, T: SqlType> Column<S, T> {
    /// The same column of an alias: `Employee::name.of(Manager)`.
    pub fn of<A: AliasOf<S>>(self, _: Table<A>) -> Column<A, T> {
        Column::new(self.name)
    }

    pub(crate) fn into_column_ref(self) -> tree::ColumnRef {
        let defined = S::column_defs().iter().find(|column| column.name == self.name);
        let data_type = defined.map_or(T::DATA_TYPE, |column| column.data_type.clone());
        tree::ColumnRef { source: S::source_ref(), name: self.name.into(), data_type }
    }
}

impl<S, T> Clone for Column<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, T> Copy for Column<S, T> {}

impl<S, T> fmt::Debug for Column<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", std::any::type_name::<S>(), self.name)
    }
}
