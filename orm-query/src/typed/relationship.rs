use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::source::Source;
use super::table::Table;
use crate::mapping::RelationshipDef;

/// The place of a relationship of which it is not told.
pub(super) const ERASED: usize = usize::MAX;

/// A relationship from `A` to `B`: `User::addresses`.
///
/// `M` is [`ToMany`](crate::mapping::ToMany), [`ToOne`](crate::mapping::ToOne) or
/// [`ToOptional`](crate::mapping::ToOptional); `N` is its place among the relationships of its struct, by which types tell
/// it from others.
pub struct Relationship<A, B, M, const N: usize = ERASED> {
    definition: &'static RelationshipDef,
    types: PhantomData<fn() -> (A, B, M)>,
}

impl<A, B, M, const N: usize> Relationship<A, B, M, N> {
    /// The relationship that `definition` describes.
    pub const fn new(definition: &'static RelationshipDef) -> Self {
        Relationship { definition, types: PhantomData }
    }

    /// It as data.
    pub const fn definition(&self) -> &'static RelationshipDef {
        self.definition
    }

    /// Its place among the relationships of its struct, if it was not erased.
    pub const fn place(&self) -> usize {
        N
    }

    /// The same relationship without its place in its type, so that several can stand in one list or one field.
    pub const fn erased(self) -> Relationship<A, B, M> {
        Relationship::new(self.definition)
    }
}

impl<A: Source, B: Source, M, const N: usize> Relationship<A, B, M, N> {
    /// The same relationship of an alias: `Employee::reports.of(Manager)` leads from the alias.
    pub fn of<S: AliasOf<A>>(self, _: Table<S>) -> Relationship<S, B, M, N> {
        Relationship::new(self.definition)
    }

    /// The same relationship to an alias: `.join(Employee::manager.to(Manager))` joins the alias. It is what SQLAlchemy
    /// calls `of_type`: whatever names rows of the target, in joins, in `any` and `has`, and in `contains_eager`.
    pub fn to<S: AliasOf<B>>(self, _: Table<S>) -> Relationship<A, S, M, N> {
        Relationship::new(self.definition)
    }
}

impl<A, B, M, const N: usize> Clone for Relationship<A, B, M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B, M, const N: usize> Copy for Relationship<A, B, M, N> {}

impl<A, B, M, const N: usize> fmt::Debug for Relationship<A, B, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", std::any::type_name::<A>(), self.definition.name)
    }
}
