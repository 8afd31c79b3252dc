use super::column::Column;
use super::expression::Expr;
use super::loaded::{Loaded, LoadedList};
use super::nullness::Nullness;
use super::presence::Presence;
use super::projection::Projection;
use super::record::{ColumnsOf, RowKind};
use super::scope::{InFrom, InScope, SourceSet};
use super::source::Source;
use super::table::Table;
use crate::{DecodeError, Mapped, Row, SqlType};

/// How entities are read: as owned values, or as handles of a session.
pub trait Mode: 'static {
    /// What an entity becomes.
    type Entity<E: Mapped>: Send + 'static;
    /// What an entity becomes of which it is known what is loaded, `L`.
    type Loaded<E: Mapped, L: 'static>: Send + 'static;
    /// What can go wrong.
    type Error: From<DecodeError>;
    /// What reading needs: nothing for owned values, the session's objects for handles.
    type Context<'c>;

    /// Reads an entity, whose columns start at `at`.
    ///
    /// # Errors
    /// When a value does not fit.
    fn entity<E: Mapped>(
        context: &mut Self::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<Self::Entity<E>, Self::Error>;
    /// The entity, with what is known to be loaded of it.
    fn loaded<E: Mapped, L: 'static>(entity: Self::Entity<E>) -> Self::Loaded<E, L>;
    /// An entity that an outer join left out.
    fn absent(context: &mut Self::Context<'_>);
}

/// Entities as owned values, their relationships unloaded.
#[derive(Debug)]
pub struct Owned;

impl Mode for Owned {
    type Entity<E: Mapped> = E;
    type Loaded<E: Mapped, L: 'static> = Loaded<E, L>;
    type Error = DecodeError;
    type Context<'c> = ();

    fn entity<E: Mapped>(_: &mut (), row: &dyn Row, at: usize) -> Result<E, DecodeError> {
        E::decode(row, at)
    }

    fn loaded<E: Mapped, L: 'static>(entity: E) -> Loaded<E, L> {
        Loaded::promised(entity)
    }

    fn absent(_: &mut ()) {}
}

/// A change of the mode in which entities were read.
pub trait Convert<M: Mode, N: Mode> {
    /// The entity in the other mode.
    fn entity<E: Mapped>(&mut self, entity: M::Entity<E>) -> N::Entity<E>;
    /// An entity of which it is known what is loaded, in the other mode.
    fn loaded<E: Mapped, L: LoadedList>(&mut self, entity: M::Loaded<E, L>) -> N::Loaded<E, L>;
}

/// Owned values as they are.
#[derive(Debug)]
pub struct Unchanged;

impl Convert<Owned, Owned> for Unchanged {
    fn entity<E: Mapped>(&mut self, entity: E) -> E {
        entity
    }

    fn loaded<E: Mapped, L: LoadedList>(&mut self, entity: Loaded<E, L>) -> Loaded<E, L> {
        entity
    }
}

/// The row that a select list gives in the scope `F`: nullable where an outer join made its source nullable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected here",
    label = "it is not a select list that this query can give rows of"
)]
pub trait RowIn<F, I>: Projection {
    /// The row.
    type Row<M: Mode>: Send + 'static;
    /// The types of its columns, as a tuple; an entity counts as one.
    type Columns;

    /// Reads it, from position `at` on, and moves `at` behind it.
    ///
    /// # Errors
    /// When a value does not fit.
    fn decode<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Row<M>, M::Error>;
    /// The row in another mode.
    fn convert<M: Mode, N: Mode>(row: Self::Row<M>, change: &mut impl Convert<M, N>) -> Self::Row<N>;
}

fn advance(at: &mut usize, width: usize) -> usize {
    let start = *at;
    *at += width;
    start
}

impl<S, T, D, F, I> RowIn<F, I> for Column<S, T, D>
where
    S: InFrom<F, I>,
    T: SqlType,
    D: Presence,
{
    type Row<M: Mode> = <S::Null as Nullness>::Value<T>;
    type Columns = (<S::Null as Nullness>::Value<T>,);

    fn decode<M: Mode>(
        _: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Row<M>, M::Error> {
        Ok(<S::Null as Nullness>::value::<T>(row, advance(at, 1))?)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Row<M>, _: &mut impl Convert<M, N>) -> Self::Row<N> {
        row
    }
}

impl<T, S, K, F, I> RowIn<F, I> for Expr<T, S, K>
where
    K: 'static,
    S: SourceSet + InScope<F, I>,
    T: SqlType,
{
    type Row<M: Mode> = <S::Null as Nullness>::Value<T>;
    type Columns = (<S::Null as Nullness>::Value<T>,);

    fn decode<M: Mode>(
        _: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Row<M>, M::Error> {
        Ok(<S::Null as Nullness>::value::<T>(row, advance(at, 1))?)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Row<M>, _: &mut impl Convert<M, N>) -> Self::Row<N> {
        row
    }
}

impl<S, F, I> RowIn<F, I> for Table<S>
where
    S: Source<Kind: RowKind<S::Record>> + InFrom<F, I>,
{
    type Row<M: Mode> = <S::Null as Nullness>::Entity<<S::Kind as RowKind<S::Record>>::Row<M>>;
    type Columns = <S::Null as Nullness>::Either<ColumnsOf<S>, (Option<S::Record>,)>;

    fn decode<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Row<M>, M::Error> {
        let start = advance(at, <S::Kind as RowKind<S::Record>>::width());
        <S::Kind as RowKind<S::Record>>::read::<M, S::Null>(context, row, start)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Row<M>, change: &mut impl Convert<M, N>) -> Self::Row<N> {
        <S::Null as Nullness>::map(row, |row| <S::Kind as RowKind<S::Record>>::convert::<M, N>(row, change))
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<Scope, $($name, $place),*> RowIn<Scope, ($($place,)*)> for ($($name,)*)
        where
            $($name: RowIn<Scope, $place>,)*
        {
            type Row<M: Mode> = ($($name::Row<M>,)*);
            type Columns = ($($name::Row<Owned>,)*);

            fn decode<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Row<M>, M::Error> {
                Ok(($($name::decode::<M>(context, row, at)?,)*))
            }

            fn convert<M: Mode, N: Mode>(row: Self::Row<M>, change: &mut impl Convert<M, N>) -> Self::Row<N> {
                let ($($value,)*) = row;
                ($($name::convert::<M, N>($value, change),)*)
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);
