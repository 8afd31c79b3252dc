use std::marker::PhantomData;

use super::relationship::Relationship;
use super::source::Source;
use crate::Mapped;
use crate::mapping::RelationshipDef;
use crate::tree::SourceRef;

/// How a relationship is loaded with its parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// By one further SELECT for all parents at once.
    Selectin,
    /// By a JOIN in the parents' own SELECT.
    Joined,
}

/// A relationship to load, and what to load behind it.
#[derive(Debug, Clone)]
pub struct LoadPath {
    /// How the parents' columns are qualified in the query.
    pub source: SourceRef,
    /// The relationship.
    pub relationship: &'static RelationshipDef,
    /// How.
    pub strategy: Strategy,
    /// What to load of the objects that it leads to.
    pub then: Vec<LoadPath>,
}

/// A loader option of a query over `A`, that leads to `B`: `selectin(User::addresses)`.
#[derive(Debug, Clone)]
pub struct LoadOption<A, B> {
    path: LoadPath,
    types: PhantomData<fn() -> (A, B)>,
}

impl<A: Source, B> LoadOption<A, B> {
    fn new<M>(relationship: Relationship<A, B, M>, strategy: Strategy) -> Self {
        let (source, relationship) = (A::source_ref(), relationship.definition());
        let path = LoadPath { source, relationship, strategy, then: Vec::new() };
        LoadOption { path, types: PhantomData }
    }
}

impl<A, B> LoadOption<A, B> {
    /// Loads a relationship of the loaded objects as well; several calls load several.
    #[must_use]
    pub fn then<C>(mut self, next: LoadOption<B, C>) -> Self {
        self.path.then.push(next.path);
        self
    }

    /// It as data.
    pub fn into_path(self) -> LoadPath {
        self.path
    }
}

/// Loads a relationship by one further SELECT for all parents at once: the best for collections.
pub fn selectin<A, B, M>(relationship: Relationship<A, B, M>) -> LoadOption<A, B>
where
    A: Source<Record: Mapped>,
    B: Source<Record: Mapped>,
{
    LoadOption::new(relationship, Strategy::Selectin)
}

/// Loads a relationship by a LEFT OUTER JOIN in the parents' own SELECT: good for to-one relationships.
pub fn joined<A, B, M>(relationship: Relationship<A, B, M>) -> LoadOption<A, B>
where
    A: Source<Record: Mapped>,
    B: Source<Record: Mapped>,
{
    LoadOption::new(relationship, Strategy::Joined)
}
