//! What is in FROM, as a type-level list, and the proof that an expression reads only from there.

use std::marker::PhantomData;

use super::mark::{Mark, PerRow};
use super::nullness::{MaybeNull, NotNull, Nullness};
use super::source::Source;
use crate::tree;

/// No source: the set that a literal reads from, and the end of a FROM list.
#[derive(Debug)]
pub enum Nil {}

/// A source in FROM whose columns are as they are declared.
#[derive(Debug)]
pub struct Inner<S>(PhantomData<S>);

/// A source in FROM that an outer join may leave without a row.
#[derive(Debug)]
pub struct Nullable<S>(PhantomData<S>);

/// A source of the enclosing query that a correlated subquery reads.
#[derive(Debug)]
pub struct Outer<S>(PhantomData<S>);

/// Two sets of sources.
#[derive(Debug)]
pub struct Both<A, B>(PhantomData<(A, B)>);

/// A set of sources whose nullness does not show: what `count(…)` or `… IS NULL` reads.
#[derive(Debug)]
pub struct Total<S>(PhantomData<S>);

/// The kind of a set that is one source.
#[derive(Debug)]
pub enum Single {}

/// The first place of a list.
#[derive(Debug)]
pub enum Here {}

/// A later place of a list.
#[derive(Debug)]
pub struct There<I>(PhantomData<I>);

/// The place of a source whose scope is checked at run time.
#[derive(Debug)]
pub enum Anywhere {}

/// The source `Self` stands in the FROM list `F`; `I` is the place, which the compiler infers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not in the FROM clause of this query",
    label = "`{Self}` is not joined here",
    note = "bring `{Self}` into the query with `.join(…)` or `.join_on(…)`; in a subquery, `.correlate({Self})` takes it from the enclosing query",
    note = "in an UPDATE, `.from({Self})` brings it in, in a DELETE `.using({Self})`"
)]
pub trait InFrom<F, I>: Source {
    /// Whether a row may have no value for it.
    type Null: Nullness;
}

impl<S: Source, R> InFrom<(Inner<S>, R), Here> for S {
    type Null = NotNull;
}

impl<S: Source, R> InFrom<(Nullable<S>, R), (Here,)> for S {
    type Null = MaybeNull;
}

impl<S: Source, R> InFrom<(Outer<S>, R), ((Here,),)> for S {
    type Null = NotNull;
}

impl<S: Source, X, R, I> InFrom<(X, R), There<I>> for S
where
    S: InFrom<R, I>,
{
    type Null = <S as InFrom<R, I>>::Null;
}

/// The sources `Self` are all in the FROM list `F`; `I` are the places, which the compiler infers.
///
/// `K` is the kind of the set: it keeps the implementations apart, so that only one can fit, and a message names the
/// one source that is missing instead of the set. Where the set is that source, the message is this one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not in the FROM clause of this query",
    label = "`{Self}` is not joined here",
    note = "bring `{Self}` into the query with `.join(…)` or `.join_on(…)`; in a subquery, `.correlate({Self})` takes it from the enclosing query",
    note = "in an UPDATE, `.from({Self})` brings it in, in a DELETE `.using({Self})`"
)]
pub trait InScope<F, I, K = <Self as SourceSet>::Kind>: SourceSet {
    /// Whether a row may have no value for one of them.
    type Null: Nullness;
}

impl<F, S, I> InScope<F, I, Single> for S
where
    S: InFrom<F, I>,
{
    type Null = <S as InFrom<F, I>>::Null;
}

impl<F> InScope<F, (), Nil> for Nil {
    type Null = NotNull;
}

impl<F, A: SourceSet, B: SourceSet, I, J> InScope<F, (I, J), Both<(), ()>> for Both<A, B>
where
    A: InScope<F, I>,
    B: InScope<F, J>,
{
    type Null = <A::Null as Nullness>::Or<B::Null>;
}

impl<F, S: SourceSet, I> InScope<F, I, Total<()>> for Total<S>
where
    S: InScope<F, I>,
{
    type Null = NotNull;
}

/// `Self` added to the set `A`; adding nothing changes nothing, so messages name the table and nothing else.
pub trait Plus<A> {
    /// The union.
    type Out: SourceSet;
}

impl<A: SourceSet> Plus<A> for Nil {
    type Out = A;
}

impl<S: Source> Plus<Nil> for S {
    type Out = S;
}

impl<S: Source, T: Source> Plus<T> for S {
    type Out = Both<T, S>;
}

impl<S: Source, A: SourceSet, B: SourceSet> Plus<Both<A, B>> for S {
    type Out = Both<Both<A, B>, S>;
}

impl<S: Source, A: SourceSet> Plus<Total<A>> for S {
    type Out = Both<Total<A>, S>;
}

impl<X: SourceSet, Y: SourceSet> Plus<Nil> for Both<X, Y> {
    type Out = Both<X, Y>;
}

impl<X: SourceSet, Y: SourceSet, T: Source> Plus<T> for Both<X, Y> {
    type Out = Both<T, Both<X, Y>>;
}

impl<X: SourceSet, Y: SourceSet, A: SourceSet, B: SourceSet> Plus<Both<A, B>> for Both<X, Y> {
    type Out = Both<Both<A, B>, Both<X, Y>>;
}

impl<X: SourceSet, Y: SourceSet, A: SourceSet> Plus<Total<A>> for Both<X, Y> {
    type Out = Both<Total<A>, Both<X, Y>>;
}

impl<X: SourceSet> Plus<Nil> for Total<X> {
    type Out = Total<X>;
}

impl<X: SourceSet, T: Source> Plus<T> for Total<X> {
    type Out = Both<T, Total<X>>;
}

impl<X: SourceSet, A: SourceSet, B: SourceSet> Plus<Both<A, B>> for Total<X> {
    type Out = Both<Both<A, B>, Total<X>>;
}

impl<X: SourceSet, A: SourceSet> Plus<Total<A>> for Total<X> {
    type Out = Both<Total<A>, Total<X>>;
}

/// `A` and `B` together.
pub type Union<A, B> = <B as Plus<A>>::Out;

/// A set of sources.
pub trait SourceSet: Sized + 'static {
    /// Which form of a set it is: [`Single`], [`Nil`], [`Both`], [`Total`] or [`Marked`](super::Marked).
    type Kind;
    /// The source that a query which selects this starts FROM.
    type Head: StartScope;
    /// Whether an aggregate or a window function is among what reads it.
    type Mark: Mark;
}

impl<S: Source> SourceSet for S {
    type Kind = Single;
    type Head = S;
    type Mark = PerRow;
}

impl SourceSet for Nil {
    type Kind = Nil;
    type Head = Nil;
    type Mark = PerRow;
}

impl<A: SourceSet, B: SourceSet> SourceSet for Both<A, B> {
    type Kind = Both<(), ()>;
    type Head = A::Head;
    type Mark = <A::Mark as Mark>::Or<B::Mark>;
}

impl<S: SourceSet> SourceSet for Total<S> {
    type Kind = Total<()>;
    type Head = S::Head;
    type Mark = S::Mark;
}

/// The FROM list that a query starts with.
pub trait StartScope: Sized + 'static {
    /// The list.
    type Scope;
    /// The same as data.
    fn start() -> Vec<tree::From>;
}

impl<S: Source> StartScope for S {
    type Scope = (Inner<S>, Nil);

    fn start() -> Vec<tree::From> {
        vec![S::from()]
    }
}

impl StartScope for Nil {
    type Scope = Nil;

    fn start() -> Vec<tree::From> {
        Vec::new()
    }
}

/// What a query must find in an enclosing one.
pub trait Needs {
    /// The sources.
    type Sources: SourceSet;
}

impl Needs for Nil {
    type Sources = Nil;
}

impl<S, R: Needs> Needs for (Inner<S>, R) {
    type Sources = R::Sources;
}

impl<S, R: Needs> Needs for (Nullable<S>, R) {
    type Sources = R::Sources;
}

impl<S: Source, R: Needs> Needs for (Outer<S>, R)
where
    S: Plus<R::Sources>,
{
    type Sources = Union<R::Sources, S>;
}

/// What a query needs that runs by itself: nothing of an enclosing query.
#[diagnostic::on_unimplemented(
    message = "this query reads `{Self}` from an enclosing query, and there is none",
    label = "a subquery, which `.correlate({Self})` ties to a query over `{Self}`",
    note = "let it stand in that query, by `exists(…)`, `.scalar()` or `.in_(…)`; or join `{Self}` instead of correlating it"
)]
pub trait Standalone {}

impl Standalone for Nil {}

/// A FROM list put in front of the list `F`.
pub trait Onto<F> {
    /// Both as one list.
    type Out;
}

impl<F> Onto<F> for Nil {
    type Out = F;
}

impl<X, R: Onto<F>, F> Onto<F> for (X, R) {
    type Out = (X, R::Out);
}

/// What an outer join makes of the sources that stood before it.
pub trait MakeNullable {
    /// The list with each source nullable.
    type Out;
}

impl MakeNullable for Nil {
    type Out = Nil;
}

impl<S, R: MakeNullable> MakeNullable for (Inner<S>, R) {
    type Out = (Nullable<S>, R::Out);
}

impl<S, R: MakeNullable> MakeNullable for (Nullable<S>, R) {
    type Out = (Nullable<S>, R::Out);
}

impl<S, R: MakeNullable> MakeNullable for (Outer<S>, R) {
    type Out = (Outer<S>, R::Out);
}
