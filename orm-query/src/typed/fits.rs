//! Whether the rows of one query may stand for those of another: typed equality of rows.

use super::projection::for_tuples;
use crate::SqlType;

/// A column of the type `Self` may stand for one of the type `T`: it is a `T`, or `T` is an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` does not fit one of type `{T}`",
    label = "expected `{T}`, and the query gives `{Self}`"
)]
pub trait Fits<T> {}

impl<T> Fits<T> for T {}
impl<T: SqlType<Base = T>> Fits<Option<T>> for T {}

/// Rows of the columns `Self` are rows of `R`, which has the columns `C`.
#[diagnostic::on_unimplemented(
    message = "this query gives `{Self}`, and `{R}` has `{C}`",
    label = "its rows are no rows of `{R}`",
    note = "the columns stand in the order of the fields; one that may be NULL needs an `Option`, and `.cast::<…>()` converts an expression"
)]
pub trait RowsOf<R, C> {}

/// Rows of the columns `Self` may join those of the columns `C` in a set operation.
#[diagnostic::on_unimplemented(
    message = "the queries of a set operation give rows of one type: the first gives `{C}`, and this one `{Self}`",
    label = "expected rows of the type `{C}`",
    note = "the first query says the types; `.cast::<…>()` converts an expression, and `.nullable()` says that one may be NULL"
)]
pub trait SameRows<C> {}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        #[diagnostic::do_not_recommend]
        impl<Struct, $($name, $place),*> RowsOf<Struct, ($($place,)*)> for ($($name,)*)
        where
            $($name: Fits<$place>,)*
        {
        }

        #[diagnostic::do_not_recommend]
        impl<$($name, $place),*> SameRows<($($place,)*)> for ($($name,)*)
        where
            $($name: Fits<$place>,)*
        {
        }
    )* };
}

for_tuples!(tuples);
