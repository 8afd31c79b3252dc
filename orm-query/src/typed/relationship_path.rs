use std::fmt;

use super::expression::Predicate;
use super::mark::{Mark, Marked, RowWise};
use super::relationship::Relationship;
use super::scope::{Both, Nil, Single, SourceSet, Total};
use super::source::Source;
use crate::mapping::{Multiplicity, RelationshipDef};
use crate::tree::Expr;

/// A relationship, or some of what it leads to: `User::addresses`, `User::addresses.filter(…)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relationship",
    label = "expected a relationship of a mapped struct, such as `User::addresses`",
    note = "a table is joined by `.join_on(table, condition)`"
)]
pub trait RelationshipPath: sealed::Sealed {
    /// Where it leads from.
    type From: Source;
    /// Where it leads to.
    type To: Source;
    /// To one or to many.
    type Multiplicity;
    /// The relationship itself, between the structs and not their aliases; one that is filtered may lead nowhere.
    type Relationship;

    /// It as data: which relationship, and which of its targets.
    fn into_parts(self) -> (&'static RelationshipDef, Option<Expr>);
}

impl<A: Source, B: Source, M, const N: usize> RelationshipPath for Relationship<A, B, M, N> {
    type From = A;
    type To = B;
    type Multiplicity = M;
    type Relationship = Relationship<A::Record, B::Record, M, N>;

    fn into_parts(self) -> (&'static RelationshipDef, Option<Expr>) {
        (self.definition(), None)
    }
}

/// The sources `Self` are nothing but `B`, what a relationship leads to: `K` is the kind of the set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what this relationship leads to",
    label = "a condition on what a relationship leads to reads columns of `{B}`",
    note = "a condition on what it leads from is `.filter(…)` of the query"
)]
pub trait OfTarget<B, K = <Self as SourceSet>::Kind>: SourceSet {}

impl<S: Source> OfTarget<S, Single> for S {}
impl<B> OfTarget<B, Nil> for Nil {}
impl<B, X: OfTarget<B>, Y: OfTarget<B>> OfTarget<B, Both<(), ()>> for Both<X, Y> {}
impl<B, S: OfTarget<B>> OfTarget<B, Total<()>> for Total<S> {}
impl<B, M: Mark, S: OfTarget<B>> OfTarget<B, Marked<(), ()>> for Marked<M, S> {}

/// Some of what a relationship leads to; made by [`Relationship::filter`].
#[derive(Clone)]
pub struct FilteredRelationship<A, B, M, const N: usize> {
    relationship: Relationship<A, B, M, N>,
    condition: Expr,
}

impl<A: Source, B: Source, M: Multiplicity, const N: usize> RelationshipPath
    for FilteredRelationship<A, B, M, N>
{
    type From = A;
    type To = B;
    type Multiplicity = M;
    type Relationship = Relationship<A::Record, B::Record, M::Filtered, N>;

    fn into_parts(self) -> (&'static RelationshipDef, Option<Expr>) {
        (self.relationship.definition(), Some(self.condition))
    }
}

impl<A: Source, B: Source, M, const N: usize> Relationship<A, B, M, N> {
    /// Some of what it leads to, for joins and loader options: `selectin(User::addresses.filter(…))`. Several are joined
    /// by AND.
    pub fn filter<C: Predicate>(self, condition: C) -> FilteredRelationship<A, B, M, N>
    where
        C::Sources: RowWise + OfTarget<B>,
    {
        FilteredRelationship { relationship: self, condition: condition.into_tree() }
    }
}

impl<A: Source, B: Source, M, const N: usize> FilteredRelationship<A, B, M, N> {
    /// A further condition.
    #[must_use]
    pub fn filter<C: Predicate>(mut self, condition: C) -> Self
    where
        C::Sources: RowWise + OfTarget<B>,
    {
        self.condition = self.condition.and(condition.into_tree());
        self
    }
}

impl<A, B, M, const N: usize> fmt::Debug for FilteredRelationship<A, B, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} where {:?}", self.relationship, self.condition)
    }
}

mod sealed {
    use super::{FilteredRelationship, Relationship};

    pub trait Sealed {}

    impl<A, B, M, const N: usize> Sealed for Relationship<A, B, M, N> {}
    impl<A, B, M, const N: usize> Sealed for FilteredRelationship<A, B, M, N> {}
}
