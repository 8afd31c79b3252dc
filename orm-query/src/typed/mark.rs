//! What an expression does with rows besides reading them: an aggregate folds a group of them, a window function looks
//! around. WHERE, ON, GROUP BY and SET see one row at a time and take neither; HAVING takes aggregates.

use std::marker::PhantomData;

use super::scope::{Both, InScope, Nil, Plus, SourceSet, Total};
use super::source::Source;

/// The sources `S` as an aggregate or a window function reads them; `M` says which of both.
#[derive(Debug)]
pub struct Marked<M, S>(PhantomData<(M, S)>);

/// An expression that sees one row at a time.
#[derive(Debug)]
pub enum PerRow {}

/// An expression that holds an aggregate: it sees a group of rows.
#[derive(Debug)]
pub enum Aggregated {}

/// An expression that holds a window function: it sees the rows of the result.
#[derive(Debug)]
pub enum Windowed {}

/// How many rows an expression sees: [`PerRow`], [`Aggregated`] or [`Windowed`].
pub trait Mark: Sized + 'static {
    /// That of an expression that holds one of each.
    type Or<M: Mark>: Mark;
    /// That of an expression that holds an aggregate besides.
    type OrAggregated: Mark;
}

impl Mark for PerRow {
    type Or<M: Mark> = M;
    type OrAggregated = Aggregated;
}

impl Mark for Aggregated {
    type Or<M: Mark> = M::OrAggregated;
    type OrAggregated = Aggregated;
}

impl Mark for Windowed {
    type Or<M: Mark> = Windowed;
    type OrAggregated = Windowed;
}

/// No aggregate stands in it.
#[diagnostic::on_unimplemented(
    message = "an aggregate cannot stand here: WHERE, ON, GROUP BY and SET see one row at a time",
    label = "this holds an aggregate",
    note = "a condition on groups is `.having(…)`; a value over other rows is a subquery, `select(sum(…)).scalar()`"
)]
pub trait NoAggregate: Mark {}

impl NoAggregate for PerRow {}
impl NoAggregate for Windowed {}

/// No window function stands in it.
#[diagnostic::on_unimplemented(
    message = "a window function cannot stand here: it is computed after WHERE, GROUP BY and HAVING",
    label = "this holds a window function",
    note = "it stands in the select list and in `.order_by(…)`; to filter by it, select it in a subquery or a CTE and filter that"
)]
pub trait NoWindow: Mark {}

impl NoWindow for PerRow {}
impl NoWindow for Aggregated {}

/// The sources of what sees one row at a time: WHERE, ON, GROUP BY, SET take it.
pub trait RowWise: SourceSet {}

impl<S: SourceSet<Mark: NoAggregate + NoWindow>> RowWise for S {}

/// The sources of what may see a group of rows, but no window: HAVING takes it.
pub trait GroupWise: SourceSet {}

impl<S: SourceSet<Mark: NoWindow>> GroupWise for S {}

impl<M: Mark, S: SourceSet> SourceSet for Marked<M, S> {
    type Kind = Marked<(), ()>;
    type Head = S::Head;
    type Mark = M::Or<S::Mark>;
}

impl<F, M: Mark, S: SourceSet, I> InScope<F, I, Marked<(), ()>> for Marked<M, S>
where
    S: InScope<F, I>,
{
    type Null = <S as InScope<F, I>>::Null;
}

impl<S: Source, M: Mark, A: SourceSet> Plus<Marked<M, A>> for S {
    type Out = Both<Marked<M, A>, S>;
}

impl<X: SourceSet, Y: SourceSet, M: Mark, A: SourceSet> Plus<Marked<M, A>> for Both<X, Y> {
    type Out = Both<Marked<M, A>, Both<X, Y>>;
}

impl<X: SourceSet, M: Mark, A: SourceSet> Plus<Marked<M, A>> for Total<X> {
    type Out = Both<Marked<M, A>, Total<X>>;
}

impl<N: Mark, X: SourceSet, M: Mark, A: SourceSet> Plus<Marked<M, A>> for Marked<N, X> {
    type Out = Both<Marked<M, A>, Marked<N, X>>;
}

impl<N: Mark, X: SourceSet> Plus<Nil> for Marked<N, X> {
    type Out = Marked<N, X>;
}

impl<N: Mark, X: SourceSet, T: Source> Plus<T> for Marked<N, X> {
    type Out = Both<T, Marked<N, X>>;
}

impl<N: Mark, X: SourceSet, A: SourceSet, B: SourceSet> Plus<Both<A, B>> for Marked<N, X> {
    type Out = Both<Both<A, B>, Marked<N, X>>;
}

impl<N: Mark, X: SourceSet, A: SourceSet> Plus<Total<A>> for Marked<N, X> {
    type Out = Both<Total<A>, Marked<N, X>>;
}

/// Whether a row may have no value for the sources of an aggregate's argument: an aggregate always has one.
pub type AggregateOf<S> = Marked<Aggregated, Total<S>>;
