use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::source::Source;
use super::table::Table;
use crate::mapping::RelationshipDef;

/// A relationship from `A` to `B`: `User::addresses`.
///
/// `M` is [`ToMany`](crate::mapping::ToMany), [`ToOne`](crate::mapping::ToOne) or
/// [`ToOptional`](crate::mapping::ToOptional).
pub struct Relationship<A, B, M> {
    definition: &'static RelationshipDef,
    types: PhantomData<fn() -> (A, B, M)>,
}

impl<A, B, M> Relationship<A, B, M> {
    /// The relationship that `definition` describes.
    pub const fn new(definition: &'static RelationshipDef) -> Self {
        Relationship { definition, types: PhantomData }
    }

    /// It as data.
    pub const fn definition(&self) -> &'static RelationshipDef {
        self.definition
    }
}

impl<A: Source, B: Source, M> Relationship<A, B, M> {
    /// The same relationship of an alias: `Employee::reports.of(Manager)` leads from the alias.
    pub fn of<S: AliasOf<A>>(self, _: Table<S>) -> Relationship<S, B, M> {
        Relationship::new(self.definition)
    }

    /// The same relationship to an alias: `.join(Employee::manager.to(Manager))` joins the alias.
    pub fn to<S: AliasOf<B>>(self, _: Table<S>) -> Relationship<A, S, M> {
        Relationship::new(self.definition)
    }
}

impl<A, B, M> Clone for Relationship<A, B, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B, M> Copy for Relationship<A, B, M> {}

impl<A, B, M> fmt::Debug for Relationship<A, B, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", std::any::type_name::<A>(), self.definition.name)
    }
}
