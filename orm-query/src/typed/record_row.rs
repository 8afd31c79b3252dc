//! What a row becomes as a struct of the user's: a record of columns, or one that holds entities and other records too.

use std::marker::PhantomData;

use super::fits::{Fits, RowsOf};
use super::nullness::{MaybeNull, Nullness};
use super::projection::for_tuples;
use super::record::{Entities, Record, RowKind};
use super::row_in::{Convert, Mode, Owned};
use crate::{Mapped, Row, SqlType};

/// A struct that the rows of a query may become, by `.into_record::<…>()`: a [`Record`], or one whose fields are entities
/// and other records as well. `#[derive(Record)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record",
    label = "the rows of a query cannot become a `{Self}`",
    note = "a struct with named fields becomes one by `#[derive(Record)]`; a field that is an entity says `#[record(entity)]`, one that is a record `#[record(nested)]`"
)]
pub trait RecordRow: Sized + Send + 'static {
    /// How its fields are read, in their order, as a tuple.
    type Fields: RecordField;

    /// The struct of its fields' values.
    fn from_fields(fields: <Self::Fields as RecordField>::Value) -> Self;
}

/// The types of the columns of the record `R`, as a tuple.
pub type RecordColumns<R> = <<R as RecordRow>::Fields as RecordField>::Column;

/// How a field of a record is read.
pub trait RecordField: 'static {
    /// What it is.
    type Value: Send + 'static;
    /// What stands for it among the columns of the query.
    type Column;
    /// What is read for it, before the relationships of its entities are loaded.
    type Read<M: Mode>: Send + 'static;

    /// Reads it, from position `at` on, and moves `at` behind it.
    ///
    /// # Errors
    /// When a value does not fit.
    fn read<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Read<M>, M::Error>;
    /// What was read, in another mode.
    fn convert<M: Mode, N: Mode>(read: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N>;
    /// The value of the field.
    fn value(read: Self::Read<Owned>) -> Self::Value;
}

impl<R: Record> RecordRow for R {
    type Fields = WholeRecord<R>;

    fn from_fields(record: R) -> R {
        record
    }
}

/// All fields of a record of columns alone.
#[derive(Debug)]
pub struct WholeRecord<R>(PhantomData<R>);

impl<R: Record> RecordField for WholeRecord<R> {
    type Value = R;
    type Column = R::Columns;
    type Read<M: Mode> = R;

    fn read<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row, at: &mut usize) -> Result<R, M::Error> {
        let start = *at;
        *at += R::COLUMNS.len();
        Ok(R::decode(row, start)?)
    }

    fn convert<M: Mode, N: Mode>(read: R, _: &mut impl Convert<M, N>) -> R {
        read
    }

    fn value(read: R) -> R {
        read
    }
}

/// A field that is one column.
#[derive(Debug)]
pub struct ColumnField<T>(PhantomData<T>);

impl<T: SqlType> RecordField for ColumnField<T> {
    type Value = T;
    type Column = T;
    type Read<M: Mode> = T;

    fn read<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row, at: &mut usize) -> Result<T, M::Error> {
        let start = *at;
        *at += 1;
        Ok(T::decode(row, start)?)
    }

    fn convert<M: Mode, N: Mode>(read: T, _: &mut impl Convert<M, N>) -> T {
        read
    }

    fn value(read: T) -> T {
        read
    }
}

/// A field that is an entity.
#[derive(Debug)]
pub struct EntityField<E>(PhantomData<E>);

impl<E: Mapped> RecordField for EntityField<E> {
    type Value = E;
    type Column = E;
    type Read<M: Mode> = M::Entity<E>;

    fn read<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<M::Entity<E>, M::Error> {
        let start = *at;
        *at += <Entities as RowKind<E>>::width();
        M::entity::<E>(context, row, start)
    }

    fn convert<M: Mode, N: Mode>(read: M::Entity<E>, change: &mut impl Convert<M, N>) -> N::Entity<E> {
        change.entity::<E>(read)
    }

    fn value(read: E) -> E {
        read
    }
}

/// A field that is an entity which an outer join may leave out.
#[derive(Debug)]
pub struct OptionalEntity<E>(PhantomData<E>);

impl<E: Mapped> RecordField for OptionalEntity<E> {
    type Value = Option<E>;
    type Column = Option<E>;
    type Read<M: Mode> = Option<M::Entity<E>>;

    fn read<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Read<M>, M::Error> {
        let start = *at;
        *at += <Entities as RowKind<E>>::width();
        MaybeNull::entity::<M, E>(context, row, start)
    }

    fn convert<M: Mode, N: Mode>(read: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        read.map(|entity| change.entity::<E>(entity))
    }

    fn value(read: Option<E>) -> Option<E> {
        read
    }
}

/// A field that is a record: of a source of the query, or of a tuple in its select list.
#[derive(Debug)]
pub struct NestedField<R>(PhantomData<R>);

impl<R: RecordRow> RecordField for NestedField<R> {
    type Value = R;
    type Column = NestedField<R>;
    type Read<M: Mode> = <R::Fields as RecordField>::Read<M>;

    fn read<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Read<M>, M::Error> {
        R::Fields::read::<M>(context, row, at)
    }

    fn convert<M: Mode, N: Mode>(read: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        R::Fields::convert::<M, N>(read, change)
    }

    fn value(read: Self::Read<Owned>) -> R {
        R::from_fields(R::Fields::value(read))
    }
}

/// A field that is a record of a source which an outer join may leave out: it is missing where all its columns are NULL.
#[derive(Debug)]
pub struct OptionalNested<R>(PhantomData<R>);

impl<R: Record> RecordField for OptionalNested<R> {
    type Value = Option<R>;
    type Column = Option<R>;
    type Read<M: Mode> = Option<R>;

    fn read<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row, at: &mut usize) -> Result<Option<R>, M::Error> {
        let start = *at;
        *at += R::COLUMNS.len();
        Ok(MaybeNull::record::<R>(row, start)?)
    }

    fn convert<M: Mode, N: Mode>(read: Option<R>, _: &mut impl Convert<M, N>) -> Option<R> {
        read
    }

    fn value(read: Option<R>) -> Option<R> {
        read
    }
}

#[diagnostic::do_not_recommend]
impl<R: RecordRow> Fits<NestedField<R>> for R {}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<$($name: RecordField),*> RecordField for ($($name,)*) {
            type Value = ($($name::Value,)*);
            type Column = ($($name::Column,)*);
            type Read<M: Mode> = ($($name::Read<M>,)*);

            fn read<M: Mode>(
                context: &mut M::Context<'_>,
                row: &dyn Row,
                at: &mut usize,
            ) -> Result<Self::Read<M>, M::Error> {
                Ok(($($name::read::<M>(context, row, at)?,)*))
            }

            fn convert<M: Mode, N: Mode>(
                read: Self::Read<M>,
                change: &mut impl Convert<M, N>,
            ) -> Self::Read<N> {
                let ($($value,)*) = read;
                ($($name::convert::<M, N>($value, change),)*)
            }

            fn value(read: Self::Read<Owned>) -> Self::Value {
                let ($($value,)*) = read;
                ($($name::value($value),)*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<Nested: RecordRow, $($name),*> Fits<NestedField<Nested>> for ($($name,)*)
        where
            ($($name,)*): RowsOf<Nested, RecordColumns<Nested>>,
        {
        }
    )* };
}

for_tuples!(tuples);
