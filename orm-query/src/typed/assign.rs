//! What stands in `SET`, of an UPDATE, an upsert or a MERGE.

use super::column::Column;
use super::insert::typed_bind;
use super::operand::AssignTo;
use super::presence::Stored;
use super::projection::for_tuples;
use super::row_in::{Owned, RowIn};
use super::select::Select;
use super::source::Source;
use super::subquery::Scalar;
use crate::schema::{Name, TableDef};
use crate::tree::{self, SetTarget};
use crate::{Bind, DataType, Mapped, SqlType};

/// `column = value`
pub(super) fn set_value<E: Mapped>(column: &'static str, value: tree::Expr) -> (SetTarget, tree::Expr) {
    (column.into(), typed_bind::<E>(column, value))
}

/// `(columns) = (query)`
pub(super) fn set_columns<P, F>(columns: Vec<Name>, query: Select<P, F>) -> (SetTarget, tree::Expr) {
    let query = query.into_tree().into();
    let row = tree::Subquery { query, data_type: DataType::Text };
    (SetTarget::Columns(columns), tree::Expr::Subquery(Box::new(row)))
}

/// Adds the columns that get a value at each update and are not set.
pub(super) fn add_on_update(table: &TableDef, set: &mut Vec<(SetTarget, tree::Expr)>) {
    for column in table.columns.iter() {
        if let Some(make) = column.on_update
            && !set.iter().any(|(target, _)| target.changes(&column.name))
        {
            let bind = Bind::new((make.0)(), column.data_type.clone());
            set.push((column.name.clone().into(), tree::Expr::Bind(bind)));
        }
    }
}

/// The columns that [`set_columns`](super::Update::set_columns) sets: as many, and of the same types, as the query selects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be set to a row of a query for `{P}`",
    label = "expected columns of `{E}` that may be NULL, as many as the query selects, and of the same types"
)]
pub trait SetFromQuery<E, P, F, I> {
    /// Their names.
    fn names(self) -> Vec<Name>;
}

impl<E: Source, T: SqlType, D: Stored, P, F, I> SetFromQuery<E, P, F, I> for Column<E, T, D>
where
    P: Scalar + RowIn<F, I>,
    // A query without a row gives NULL.
    Option<<P::Sql as SqlType>::Base>: AssignTo<T>,
    P::Row<Owned>: AssignTo<T>,
{
    fn names(self) -> Vec<Name> {
        vec![self.name().into()]
    }
}

macro_rules! columns {
    ($(($($name:ident $query:ident $value:ident),*))*) => { $(
        // The third name of each is that of a variable; here it stands for the place.
        #[allow(non_camel_case_types)]
        impl<Entity, Scope, $($name, $query, $value),*>
            SetFromQuery<Entity, ($($query,)*), Scope, ($($value,)*)> for ($($name,)*)
        where
            $($name: SetFromQuery<Entity, $query, Scope, $value>,)*
        {
            fn names(self) -> Vec<Name> {
                let ($($value,)*) = self;
                let mut names = Vec::new();
                $(names.extend($value.names());)*
                names
            }
        }
    )* };
}

for_tuples!(columns);
