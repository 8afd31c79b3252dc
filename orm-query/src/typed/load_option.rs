use std::fmt;
use std::marker::PhantomData;

use super::expression::Predicate;
use super::load::{ColumnOption, LoadPath, PerParent, Strategy};
use super::mark::RowWise;
use super::order::OrderList;
use super::relationship::Relationship;
use super::relationship_path::{OfTarget, RelationshipPath};
use super::scope::{Inner, Nil};
use super::source::Source;
use crate::Mapped;
use crate::mapping::{Multiplicity, Readable};

/// A loader option of a query over `A`, that leads to `B`: `selectin(User::addresses)`.
///
/// `L` says in types what it loads: [`Brings`] a relationship and what lies behind it, or, for what is not loaded,
/// [`BringsNothing`].
pub struct LoadOption<A, B, L> {
    path: LoadPath,
    types: PhantomData<fn() -> (A, B, L)>,
}

/// The relationship `R` is loaded, and behind it what the list `T` says: `()`, or `(first, rest)`.
pub struct Brings<R, T>(PhantomData<fn() -> (R, T)>);

/// Nothing is known to be loaded.
#[derive(Debug)]
pub enum BringsNothing {}

/// What an option loads, with one thing more behind it.
pub trait Followed<K> {
    /// Both.
    type Out;
}

impl<R, T, K: Behind<T>> Followed<K> for Brings<R, T> {
    type Out = Brings<R, K::Out>;
}

impl<K> Followed<K> for BringsNothing {
    type Out = BringsNothing;
}

/// What an option loads, added to the list `T` of what is loaded beside it.
pub trait Behind<T> {
    /// The list with it.
    type Out;
}

impl<R, K, T> Behind<T> for Brings<R, K> {
    type Out = (Brings<R, K>, T);
}

impl<T> Behind<T> for BringsNothing {
    type Out = T;
}

/// The struct `Self` of the loaded objects is that of their parents, so that they have the relationship too.
#[diagnostic::on_unimplemented(
    message = "the relationship leads from `{A}` to `{Self}`: there is no next level of it",
    label = "`recursive` is for a relationship to its own struct",
    note = "what lies behind the loaded objects is loaded by `.then(…)`"
)]
pub trait LeadsBackTo<A> {}

impl<A> LeadsBackTo<A> for A {}

/// What an option loads, where it loads its relationship for certain.
#[diagnostic::on_unimplemented(
    message = "`.loading(…)` takes only what loads a relationship",
    label = "this may leave its relationship unloaded",
    note = "`lazy`, `raise`, `raise_on_sql`, `noload` and `default_load` are for `.options(…)`"
)]
pub trait LoadsForCertain {
    /// The same of only some of what the relationship leads to: one that leads to one object may lead nowhere.
    type OfSome;
}

impl<A, B, M: Multiplicity, const N: usize, T> LoadsForCertain for Brings<Relationship<A, B, M, N>, T> {
    type OfSome = Brings<Relationship<A, B, M::Filtered, N>, T>;
}

fn option<R: RelationshipPath, L>(relationship: R, strategy: Strategy) -> LoadOption<R::From, R::To, L> {
    let (definition, filter) = relationship.into_parts();
    let mut path = LoadPath::new(R::From::source_ref(), definition, R::To::source_ref(), strategy);
    path.filter = filter;
    LoadOption { path, types: PhantomData }
}

impl<A, B, L> LoadOption<A, B, L> {
    /// It as data.
    pub fn into_path(self) -> LoadPath {
        self.path
    }

    /// Loads a relationship of the loaded objects as well; several calls load several.
    #[must_use]
    pub fn then<C, K>(mut self, next: LoadOption<B, C, K>) -> LoadOption<A, B, L::Out>
    where
        L: Followed<K>,
    {
        self.path.then.push(next.path);
        LoadOption { path: self.path, types: PhantomData }
    }

    /// Which columns of the loaded objects to read.
    #[must_use]
    pub fn columns_option(mut self, option: ColumnOption) -> Self {
        self.path.columns.push(option);
        self
    }
}

impl<A, B: Source, L: LoadsForCertain> LoadOption<A, B, L> {
    /// Loads only those of the targets; several conditions are joined by AND. The collection is known to be a part: a
    /// later `session.load` reads all of it.
    #[must_use]
    pub fn filter<C: Predicate>(mut self, condition: C) -> LoadOption<A, B, L::OfSome>
    where
        C::Sources: RowWise + OfTarget<B>,
    {
        let condition = condition.into_tree();
        self.path.filter = Some(match self.path.filter.take() {
            Some(before) => before.and(condition),
            None => condition,
        });
        LoadOption { path: self.path, types: PhantomData }
    }
}

impl<A, B: Source, R, T> LoadOption<A, B, Brings<R, T>> {
    /// The order of each collection, in place of that of the relationship.
    #[must_use]
    pub fn order_by<O, I>(mut self, list: O) -> Self
    where
        O: OrderList<(Inner<B>, Nil), I>,
    {
        list.orders(&mut self.path.order_by);
        self
    }

    /// At most so many for each parent, the first in the order of the collection.
    #[must_use]
    pub fn limit(mut self, count: u64) -> Self {
        let offset = self.path.limit.map_or(0, |limit| limit.offset);
        self.path.limit = Some(PerParent { count, offset });
        self
    }

    /// Leaves out the first so many of each parent.
    #[must_use]
    pub fn offset(mut self, offset: u64) -> Self {
        let count = self.path.limit.map_or(u64::MAX, |limit| limit.count);
        self.path.limit = Some(PerParent { count, offset });
        self
    }
}

impl<A, B, R, T> LoadOption<A, B, Brings<R, T>> {
    /// Follows a relationship that leads to its own struct so many levels down: `selectin(Node::children).recursive(3)`.
    /// What is to be loaded behind it is loaded on each level. `recursive(0)` loads nothing, so that
    /// [`loading`](super::Select::loading), whose type has the first level, gives an error.
    #[must_use]
    pub fn recursive(mut self, levels: u32) -> Self
    where
        B: LeadsBackTo<A>,
    {
        self.path.depth = Some(levels);
        self
    }
}

/// `joined(…)`, until something else is said of it: [`inner`](LoadOption::inner).
impl<A, B, R, T> LoadOption<A, B, Brings<R, T>> {
    /// Of [`joined`]: an inner join, which is cheaper, and leaves out parents that lead nowhere. Other strategies have
    /// no use for it. Behind another strategy it leaves out none of what that one loads: where it could, it is an outer
    /// join.
    #[must_use]
    pub fn inner(mut self) -> Self {
        if let Strategy::Joined { inner } = &mut self.path.strategy {
            *inner = true;
        }
        self
    }
}

macro_rules! loading {
    ($($(#[$meta:meta])* $name:ident $strategy:expr;)*) => {$(
        $(#[$meta])*
        pub fn $name<R>(relationship: R) -> LoadOption<R::From, R::To, Brings<R::Relationship, ()>>
        where
            R: RelationshipPath<
                From: Source<Record: Mapped>,
                To: Source<Record: Mapped>,
                Multiplicity: Readable,
            >,
        {
            option(relationship, $strategy)
        }
    )*};
}

loading! {
    /// Loads a relationship by one further SELECT for all parents at once: the best for collections.
    selectin Strategy::Selectin;
    /// Loads a relationship by a LEFT OUTER JOIN in the parents' own SELECT: good for to-one relationships. Behind another
    /// strategy it stands in the SELECT of that one.
    ///
    /// A collection multiplies rows, and each parent comes once all the same, in the query's order. Under a LIMIT, OFFSET
    /// or DISTINCT the query becomes a subquery, so that these see parents only. Where a join cannot serve, it is
    /// [`selectin`]: under GROUP BY and row locks, for a limit of its own, and for a collection in a query for several
    /// things.
    joined Strategy::Joined { inner: false };
    /// Loads a relationship by one further SELECT that has the parents' own query as a subquery: for many parents whose
    /// query is cheap, as no key is sent.
    subquery Strategy::Subquery;
    /// Loads a relationship as `session.load_many` does, right behind the query.
    immediate Strategy::Immediate;
}

macro_rules! leaving {
    ($($(#[$meta:meta])* $name:ident $strategy:expr;)*) => {$(
        $(#[$meta])*
        pub fn $name<R>(relationship: R) -> LoadOption<R::From, R::To, BringsNothing>
        where
            R: RelationshipPath<
                From: Source<Record: Mapped>,
                To: Source<Record: Mapped>,
                Multiplicity: Readable,
            >,
        {
            option(relationship, $strategy)
        }
    )*};
}

leaving! {
    /// Leaves a relationship as the mapping has it, to say something of what lies behind it.
    default_load Strategy::Default;
    /// Does not load a relationship with its parents, whatever the mapping says: `session.load` does, when asked.
    lazy Strategy::Select;
    /// Does not load a relationship, and has `session.load` refuse to.
    raise Strategy::Raise { sql_only: false };
    /// As [`raise`], but where `session.load` needs no SQL: a to-one relationship to an object that the session holds.
    raise_on_sql Strategy::Raise { sql_only: true };
    /// Leaves a relationship empty, without SQL.
    noload Strategy::NoLoad;
}

impl<A, B, L> Clone for LoadOption<A, B, L> {
    fn clone(&self) -> Self {
        LoadOption { path: self.path.clone(), types: PhantomData }
    }
}

impl<A, B, L> fmt::Debug for LoadOption<A, B, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

impl<R, T> fmt::Debug for Brings<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Brings")
    }
}
