use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::function::Argument;
use super::joinable::Joinable;
use super::scope::{Inner, Nil};
use super::source::Source;
use super::table::Table;
use crate::Mapped;
use crate::schema::Name;
use crate::tree::{self, TableRef};

/// A part of the rows of a table, taken by chance.
#[must_use = "a sample does nothing until a query reads it"]
pub struct Sample<S> {
    tree: tree::Sample,
    source: PhantomData<fn() -> S>,
}

/// What can be sampled: a mapped struct, or an alias of one.
pub trait Sampled: Source {
    /// The table.
    fn table() -> TableRef;
}

impl<S: Source<Record: Mapped>> Sampled for S {
    fn table() -> TableRef {
        let table = TableRef::new(<S::Record as Mapped>::TABLE);
        let source = S::source_ref();
        if table.source() == source { table } else { table.alias(source.name) }
    }
}

/// `table TABLESAMPLE method (argument)`: some of its rows. The methods of PostgreSQL, `bernoulli` and `system`, take a
/// percentage.
pub fn tablesample<S: Sampled, A: Argument<Sources = Nil>>(
    _: Table<S>,
    method: impl Into<Name>,
    argument: A,
) -> Sample<S> {
    let argument = argument.into_argument();
    let tree = tree::Sample { table: S::table(), method: method.into(), argument, seed: None };
    Sample { tree, source: PhantomData }
}

impl<S> Sample<S> {
    /// `REPEATABLE (seed)`: the same seed takes the same rows again.
    pub fn seed<A: Argument<Sources = Nil>>(mut self, seed: A) -> Self {
        self.tree.seed = Some(seed.into_argument());
        self
    }

    /// The same rows under another name.
    pub fn alias<A: AliasOf<S>>(mut self, _: Table<A>) -> Sample<A> {
        self.tree.table.alias = Some(A::source_ref().name);
        Sample { tree: self.tree, source: PhantomData }
    }
}

impl<S: Source> Joinable for Sample<S> {
    type Scope = (Inner<S>, Nil);
    type Needs = Nil;

    fn into_from(self) -> tree::From {
        tree::From::Sample(Box::new(self.tree))
    }
}

impl<S> Clone for Sample<S> {
    fn clone(&self) -> Self {
        Sample { tree: self.tree.clone(), source: PhantomData }
    }
}

impl<S> fmt::Debug for Sample<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
