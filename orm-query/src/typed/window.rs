use std::marker::PhantomData;

use super::expression::{BaseOf, Call, Callable, Expr, Expression};
use super::mark::{GroupWise, Marked, Windowed};
use super::operand::{Operand, literal_operand};
use super::order::IntoOrder;
use super::scope::{Nil, Plus, SourceSet, Total, Union};
use crate::tree::{
    Expr as Tree, Frame, FrameBound, FrameExclusion, FrameUnit, Function, NullTreatment, Window,
};
use crate::{Bind, DataType, SqlType, Value};

/// `OVER (…)`: `Over::new().partition_by(Track::genre_id).order_by(Track::length.desc())`.
#[derive(Debug, Clone)]
pub struct Over<S> {
    window: Window,
    sources: PhantomData<fn() -> S>,
}

/// A bound of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum FrameEnd {
    /// `UNBOUNDED PRECEDING`
    UnboundedPreceding,
    /// `n PRECEDING`
    Preceding(u32),
    /// `value PRECEDING`, for a frame by [`Over::range`] over what is not counted in ones: made by
    /// [`FrameEnd::preceding`].
    PrecedingBy(Bind),
    /// `CURRENT ROW`
    CurrentRow,
    /// `n FOLLOWING`
    Following(u32),
    /// `value FOLLOWING`: made by [`FrameEnd::following`].
    FollowingBy(Bind),
    /// `UNBOUNDED FOLLOWING`
    UnboundedFollowing,
}

impl FrameEnd {
    /// `value PRECEDING`: a decimal or an interval, for a frame by [`Over::range`] over such values.
    pub fn preceding<T: SqlType>(value: T) -> Self {
        FrameEnd::PrecedingBy(Bind::new(value.to_value(), T::DATA_TYPE))
    }

    /// `value FOLLOWING`
    pub fn following<T: SqlType>(value: T) -> Self {
        FrameEnd::FollowingBy(Bind::new(value.to_value(), T::DATA_TYPE))
    }

    fn into_bound(self) -> FrameBound {
        let rows = |n: u32| Tree::Bind(Bind::new(Value::I64(n.into()), DataType::BigInt));
        match self {
            FrameEnd::UnboundedPreceding => FrameBound::UnboundedPreceding,
            FrameEnd::Preceding(n) => FrameBound::Preceding(rows(n)),
            FrameEnd::PrecedingBy(bind) => FrameBound::Preceding(Tree::Bind(bind)),
            FrameEnd::CurrentRow => FrameBound::CurrentRow,
            FrameEnd::Following(n) => FrameBound::Following(rows(n)),
            FrameEnd::FollowingBy(bind) => FrameBound::Following(Tree::Bind(bind)),
            FrameEnd::UnboundedFollowing => FrameBound::UnboundedFollowing,
        }
    }
}

impl Over<Nil> {
    /// `OVER ()`: all rows.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Over { window: Window::default(), sources: PhantomData }
    }
}

impl<S: SourceSet> Over<S> {
    /// `PARTITION BY`; several calls add up.
    pub fn partition_by<E: Expression>(mut self, expression: E) -> Over<Union<S, E::Sources>>
    where
        E::Sources: GroupWise + Plus<S>,
    {
        self.window.partition_by.push(expression.into_tree());
        Over { window: self.window, sources: PhantomData }
    }

    /// `ORDER BY`; several calls add up.
    pub fn order_by<O: IntoOrder>(mut self, order: O) -> Over<Union<S, O::Sources>>
    where
        O::Sources: GroupWise + Plus<S>,
    {
        self.window.order_by.push(order.into_order());
        Over { window: self.window, sources: PhantomData }
    }

    /// `ROWS BETWEEN start AND end`: counted in rows.
    #[must_use]
    pub fn rows(self, start: FrameEnd, end: FrameEnd) -> Self {
        self.frame(FrameUnit::Rows, start, end)
    }

    /// `RANGE BETWEEN start AND end`: by the difference of the values that the window is ordered by.
    #[must_use]
    pub fn range(self, start: FrameEnd, end: FrameEnd) -> Self {
        self.frame(FrameUnit::Range, start, end)
    }

    /// `GROUPS BETWEEN start AND end`: counted in groups of rows that are equal in the window's order.
    #[must_use]
    pub fn groups(self, start: FrameEnd, end: FrameEnd) -> Self {
        self.frame(FrameUnit::Groups, start, end)
    }

    /// `EXCLUDE …`: leaves rows out of the frame.
    #[must_use]
    pub fn exclude(mut self, exclusion: FrameExclusion) -> Self {
        // Without a frame it is that of the standard, in full words.
        let frame = self.window.frame.get_or_insert(Frame {
            unit: FrameUnit::Range,
            start: FrameBound::UnboundedPreceding,
            end: FrameBound::CurrentRow,
            exclude: None,
        });
        frame.exclude = Some(exclusion);
        self
    }

    fn frame(mut self, unit: FrameUnit, start: FrameEnd, end: FrameEnd) -> Self {
        let exclude = self.window.frame.and_then(|frame| frame.exclude);
        let (start, end) = (start.into_bound(), end.into_bound());
        self.window.frame = Some(Frame { unit, start, end, exclude });
        self
    }
}

/// The sources of a function over a window: those of the window say nothing of whether the result is NULL.
pub type OverSources<S, W> = Marked<Windowed, Union<S, Total<W>>>;

impl<T: SqlType, S: SourceSet, K> Expr<T, S, K> {
    /// `function OVER (…)`, on an aggregate or a window function.
    pub fn over<W: SourceSet>(self, over: Over<W>) -> Expr<T, OverSources<S, W>>
    where
        K: Callable,
        Total<W>: Plus<S>,
    {
        self.with(|function| function.over = Some(over.window))
    }
}

/// The call of a window function, which becomes an expression by [`over`](WindowFunction::over).
#[derive(Debug, Clone)]
#[must_use = "a window function needs `.over(…)`"]
pub struct WindowFunction<T, S> {
    function: Function,
    types: PhantomData<fn() -> (T, S)>,
}

impl<T: SqlType, S: SourceSet> WindowFunction<T, S> {
    pub(super) fn new(function: Function) -> Self {
        WindowFunction { function, types: PhantomData }
    }

    /// `IGNORE NULLS`: rows whose value is NULL are passed over. Oracle and MSSQL 2022 have it.
    pub fn ignore_nulls(mut self) -> Self {
        self.function.nulls = Some(NullTreatment::Ignore);
        self
    }

    /// `RESPECT NULLS`, which is the habit of every database.
    pub fn respect_nulls(mut self) -> Self {
        self.function.nulls = Some(NullTreatment::Respect);
        self
    }

    /// `function OVER (…)`
    pub fn over<W: SourceSet>(self, over: Over<W>) -> Expr<T, OverSources<S, W>>
    where
        Total<W>: Plus<S>,
    {
        Expr::<T, S, Call>::call(self.function).over(over)
    }
}

macro_rules! ranks {
    ($($(#[$meta:meta])* $name:ident -> $type:ty;)*) => { $(
        $(#[$meta])*
        pub fn $name() -> WindowFunction<$type, Nil> {
            WindowFunction::new(Function::new(stringify!($name), Vec::new(), <$type as SqlType>::DATA_TYPE))
        }
    )* };
}

ranks! {
    /// `row_number()`: from 1.
    row_number -> i64;
    /// `rank()`: equal rows share it, and leave a gap behind them.
    rank -> i64;
    /// `dense_rank()`: as [`rank`], without gaps.
    dense_rank -> i64;
    /// `percent_rank()`: from 0 to 1.
    percent_rank -> f64;
    /// `cume_dist()`: the part of the rows that come before or are equal.
    cume_dist -> f64;
}

/// `ntile(n)`: the number, from 1, of the one of `n` equal parts that the row is in.
pub fn ntile(n: i32) -> WindowFunction<i64, Nil> {
    WindowFunction::new(Function::new("ntile", vec![literal_operand(&n)], DataType::BigInt))
}

/// What a window function gives that takes the value of another row: NULL where there is none.
pub type OfOtherRow<E> = WindowFunction<Option<BaseOf<E>>, <E as Expression>::Sources>;

fn of_other_row<E: Expression>(name: &'static str, value: E, more: Vec<Tree>) -> OfOtherRow<E> {
    let mut arguments = vec![value.into_tree()];
    arguments.extend(more);
    WindowFunction::new(Function::new(name, arguments, <E::Sql as SqlType>::DATA_TYPE))
}

/// `lag(value)`: of the row before.
pub fn lag<E: Expression>(value: E) -> OfOtherRow<E> {
    of_other_row("lag", value, Vec::new())
}

/// `lag(value, rows)`: of the row so many before.
pub fn lag_by<E: Expression>(value: E, rows: i32) -> OfOtherRow<E> {
    of_other_row("lag", value, vec![literal_operand(&rows)])
}

/// `lag(value, rows, default)`: of the row so many before; the default where there is none.
pub fn lag_or<E: Expression, D>(value: E, rows: i32, default: D) -> OfOtherRow<E>
where
    D: Operand<BaseOf<E>, Sources = Nil>,
{
    of_other_row("lag", value, vec![literal_operand(&rows), default.into_operand()])
}

/// `lead(value)`: of the row behind.
pub fn lead<E: Expression>(value: E) -> OfOtherRow<E> {
    of_other_row("lead", value, Vec::new())
}

/// `lead(value, rows)`: of the row so many behind.
pub fn lead_by<E: Expression>(value: E, rows: i32) -> OfOtherRow<E> {
    of_other_row("lead", value, vec![literal_operand(&rows)])
}

/// `lead(value, rows, default)`: of the row so many behind; the default where there is none.
pub fn lead_or<E: Expression, D>(value: E, rows: i32, default: D) -> OfOtherRow<E>
where
    D: Operand<BaseOf<E>, Sources = Nil>,
{
    of_other_row("lead", value, vec![literal_operand(&rows), default.into_operand()])
}

/// `first_value(value)`: of the first row of the frame.
pub fn first_value<E: Expression>(value: E) -> OfOtherRow<E> {
    of_other_row("first_value", value, Vec::new())
}

/// `last_value(value)`: of the last row of the frame, which ends with the current row and its equals unless it is said.
pub fn last_value<E: Expression>(value: E) -> OfOtherRow<E> {
    of_other_row("last_value", value, Vec::new())
}

/// `nth_value(value, n)`: of the row of that number in the frame, from 1.
pub fn nth_value<E: Expression>(value: E, n: i32) -> OfOtherRow<E> {
    of_other_row("nth_value", value, vec![literal_operand(&n)])
}
