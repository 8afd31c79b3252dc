use std::marker::PhantomData;

use super::expression::{Call, Callable, Expr, Expression};
use super::order::IntoOrder;
use super::scope::{Nil, Plus, SourceSet, Union};
use crate::tree::{Frame, FrameBound, FrameUnit, Function, Window};
use crate::{DataType, SqlType};

/// `OVER (…)`: `Over::new().partition_by(Track::genre_id).order_by(Track::length.desc())`.
#[derive(Debug, Clone)]
pub struct Over<S> {
    window: Window,
    sources: PhantomData<fn() -> S>,
}

/// A bound of a frame.
pub type FrameEnd = FrameBound;

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
        E::Sources: Plus<S>,
    {
        self.window.partition_by.push(expression.into_tree());
        Over { window: self.window, sources: PhantomData }
    }

    /// `ORDER BY`; several calls add up.
    pub fn order_by<O: IntoOrder>(mut self, order: O) -> Over<Union<S, O::Sources>>
    where
        O::Sources: Plus<S>,
    {
        self.window.order_by.push(order.into_order());
        Over { window: self.window, sources: PhantomData }
    }

    /// `ROWS BETWEEN start AND end`
    #[must_use]
    pub fn rows(self, start: FrameBound, end: FrameBound) -> Self {
        self.frame(FrameUnit::Rows, start, end)
    }

    /// `RANGE BETWEEN start AND end`
    #[must_use]
    pub fn range(self, start: FrameBound, end: FrameBound) -> Self {
        self.frame(FrameUnit::Range, start, end)
    }

    fn frame(mut self, unit: FrameUnit, start: FrameBound, end: FrameBound) -> Self {
        self.window.frame = Some(Frame { unit, start, end });
        self
    }
}

impl<T: SqlType, S: SourceSet, K> Expr<T, S, K> {
    /// `function OVER (…)`, on a window function or an aggregate.
    pub fn over<W>(self, over: Over<W>) -> Expr<T, Union<S, W>>
    where
        K: Callable,
        W: Plus<S>,
    {
        self.with(|function| function.over = Some(over.window))
    }
}

/// `row_number()`, which needs an `.over(…)`.
pub fn row_number() -> Expr<i64, Nil, Call> {
    Expr::call(Function::new("row_number", Vec::new(), DataType::BigInt))
}

/// `rank()`, which needs an `.over(…)`.
pub fn rank() -> Expr<i64, Nil, Call> {
    Expr::call(Function::new("rank", Vec::new(), DataType::BigInt))
}

/// `dense_rank()`, which needs an `.over(…)`.
pub fn dense_rank() -> Expr<i64, Nil, Call> {
    Expr::call(Function::new("dense_rank", Vec::new(), DataType::BigInt))
}
