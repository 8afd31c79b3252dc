use super::record::Record;
use super::row_in::Mode;
use crate::{DecodeError, Mapped, Row, SqlType};

/// Whether the row of a source may be missing: type-level true and false.
pub trait Nullness: 'static {
    /// Missing if either is.
    type Or<N: Nullness>: Nullness;
    /// What is read of a value of the type `T`.
    type Value<T: SqlType>: Send + 'static;
    /// `C` for a row that is there, `O` for one that may be missing.
    type Either<C, O>;
    /// What is read of an entity.
    type Entity<X: Send + 'static>: Send + 'static;

    /// Reads a value.
    ///
    /// # Errors
    /// When it does not fit.
    fn value<T: SqlType>(row: &dyn Row, at: usize) -> Result<Self::Value<T>, DecodeError>;
    /// Reads an entity in the mode of the reader.
    ///
    /// # Errors
    /// What the reader says.
    fn entity<M: Mode, E: Mapped>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<Self::Entity<M::Entity<E>>, M::Error>;
    /// Reads a record; it is missing where all its columns are NULL.
    ///
    /// # Errors
    /// When a value does not fit.
    fn record<R: Record>(row: &dyn Row, at: usize) -> Result<Self::Entity<R>, DecodeError>;
    /// Changes the entity, if there is one.
    fn map<A: Send + 'static, B: Send + 'static>(
        entity: Self::Entity<A>,
        change: impl FnOnce(A) -> B,
    ) -> Self::Entity<B>;
}

/// The row is there.
#[derive(Debug)]
pub enum NotNull {}

/// An outer join may have left the row out.
#[derive(Debug)]
pub enum MaybeNull {}

impl Nullness for NotNull {
    type Or<N: Nullness> = N;
    type Either<C, O> = C;
    type Value<T: SqlType> = T;
    type Entity<X: Send + 'static> = X;

    fn value<T: SqlType>(row: &dyn Row, at: usize) -> Result<T, DecodeError> {
        T::decode(row, at)
    }

    fn entity<M: Mode, E: Mapped>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<M::Entity<E>, M::Error> {
        M::entity::<E>(context, row, at)
    }

    fn record<R: Record>(row: &dyn Row, at: usize) -> Result<R, DecodeError> {
        R::decode(row, at)
    }

    fn map<A: Send + 'static, B: Send + 'static>(entity: A, change: impl FnOnce(A) -> B) -> B {
        change(entity)
    }
}

impl Nullness for MaybeNull {
    type Or<N: Nullness> = MaybeNull;
    type Either<C, O> = O;
    type Value<T: SqlType> = Option<T::Base>;
    type Entity<X: Send + 'static> = Option<X>;

    fn value<T: SqlType>(row: &dyn Row, at: usize) -> Result<Option<T::Base>, DecodeError> {
        T::Base::decode_nullable(row, at)
    }

    fn entity<M: Mode, E: Mapped>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<Option<M::Entity<E>>, M::Error> {
        let key = E::TABLE.primary_key().next().map_or(0, |(position, _)| position);
        if row.is_null(at + key)? {
            M::absent(context);
            return Ok(None);
        }
        M::entity::<E>(context, row, at).map(Some)
    }

    fn record<R: Record>(row: &dyn Row, at: usize) -> Result<Option<R>, DecodeError> {
        for position in at..at + R::COLUMNS.len() {
            if !row.is_null(position)? {
                return R::decode(row, at).map(Some);
            }
        }
        Ok(None)
    }

    fn map<A: Send + 'static, B: Send + 'static>(
        entity: Option<A>,
        change: impl FnOnce(A) -> B,
    ) -> Option<B> {
        entity.map(change)
    }
}
