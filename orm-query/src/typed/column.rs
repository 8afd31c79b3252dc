use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::presence::{Always, Presence};
use super::source::Source;
use super::table::Table;
use crate::{SqlType, tree};

/// A column of the type `T` of the source `S`: `User::name`.
///
/// `D` says what stands behind it: [`Always`], [`MayBeAbsent`](super::MayBeAbsent) for the column of a
/// [`Deferred`](crate::Deferred) field, or [`Property`](super::Property) for an expression that is read like a column.
pub struct Column<S, T, D = Always> {
    name: &'static str,
    types: PhantomData<fn() -> (S, T, D)>,
}

impl<S, T, D> Column<S, T, D> {
    /// The column of that name in the database.
    pub const fn new(name: &'static str) -> Self {
        Column { name, types: PhantomData }
    }

    /// Its name in the database.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<S: Source, T: SqlType, D: Presence> Column<S, T, D> {
    /// The same column of an alias: `Employee::name.of(Manager)`.
    pub fn of<A: AliasOf<S>>(self, _: Table<A>) -> Column<A, T, D> {
        Column::new(self.name)
    }

    pub(crate) fn into_expr(self) -> tree::Expr {
        if D::IS_PROPERTY
            && let Some(entity) = S::entity()
            && let Some(property) = entity.property(self.name)
        {
            return entity.property_expr(property, &S::source_ref());
        }
        let defined = S::column_defs().iter().find(|column| column.name == self.name);
        let data_type = defined.map_or(T::DATA_TYPE, |column| column.data_type.clone());
        tree::Expr::Column(tree::ColumnRef { source: S::source_ref(), name: self.name.into(), data_type })
    }
}

impl<S, T, D> Clone for Column<S, T, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, T, D> Copy for Column<S, T, D> {}

impl<S, T, D> fmt::Debug for Column<S, T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", std::any::type_name::<S>(), self.name)
    }
}
