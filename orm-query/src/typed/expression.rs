use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::container::{Concatenable, Container};
use super::operand::{InOperand, Operand};
use super::order::Order;
use super::presence::Presence;
use super::scope::{Plus, SourceSet, Total, Union};
use super::source::Source;
use super::subquery::Quantity;
use crate::schema::Name;
use crate::tree::{self, BinaryOperator, NullsOrder, UnaryOperator};
use crate::{SqlType, Value};

/// An expression of the type `T` that reads the sources `S`.
///
/// `K` is [`Call`] for the result of a function, which takes `.distinct()`, `.filter(…)` and `.over(…)`.
pub struct Expr<T, S, K = Plain> {
    tree: tree::Expr,
    pub(crate) label: Option<Name>,
    types: PhantomData<fn() -> (T, S, K)>,
}

/// Any expression that is not a function call.
#[derive(Debug)]
pub enum Plain {}

/// The call of a function.
#[derive(Debug)]
pub enum Call {}

/// What takes `.distinct()`, `.filter(…)` and `.over(…)`: a [`Call`].
#[diagnostic::on_unimplemented(
    message = "only the call of an aggregate or of a window function takes `.distinct()`, `.filter(…)` or `.over(…)`",
    label = "not on such a call",
    note = "they follow the function itself: `count(User::name).distinct()`, `sum(Invoice::total).over(…)`"
)]
pub trait Callable {}

impl Callable for Call {}

impl<T, S, K> Expr<T, S, K> {
    /// An expression over a tree whose type and sources the caller vouches for.
    pub fn from_tree(tree: tree::Expr) -> Self {
        Expr { tree, label: None, types: PhantomData }
    }

    pub(crate) fn into_unlabeled(self) -> tree::Expr {
        self.tree
    }
}

impl<T, S> Expr<T, S, Call> {
    /// The call of `function`.
    pub(crate) fn call(function: tree::Function) -> Self {
        Expr::from_tree(tree::Expr::Function(Box::new(function)))
    }
}

impl<T, S, K: Callable> Expr<T, S, K> {
    /// The same call with something added.
    pub(crate) fn with<U, R, L>(mut self, add: impl FnOnce(&mut tree::Function)) -> Expr<U, R, L> {
        // Only `call` makes one, so the tree is a function.
        if let tree::Expr::Function(function) = &mut self.tree {
            add(function);
        }
        Expr { tree: self.tree, label: self.label, types: PhantomData }
    }
}

impl<T, S, K> Clone for Expr<T, S, K> {
    fn clone(&self) -> Self {
        Expr { tree: self.tree.clone(), label: self.label.clone(), types: PhantomData }
    }
}

impl<T, S, K> fmt::Debug for Expr<T, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

/// `U`, nullable where `A` or `B` is.
pub type Lifted<A, B, U> = <A as SqlType>::Lift<<B as SqlType>::Lift<U>>;

/// What `left OP right` gives.
pub type Compared<L, R, T> =
    Expr<Lifted<<L as Expression>::Sql, <R as Operand<T>>::Sql, bool>, Joined<L, R, T>>;

/// The sources of both sides of an operator.
pub type Joined<L, R, T> = Union<<L as Expression>::Sources, <R as Operand<T>>::Sources>;

/// The type of an expression without NULL.
pub type BaseOf<E> = <<E as Expression>::Sql as SqlType>::Base;

/// Whatever has a value in SQL: the operators are methods here.
///
/// A comparison with `None` renders `IS NULL`. A predicate over nullable operands may be unknown, so its type is
/// `Option<bool>`; a filter takes both.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a SQL expression",
    label = "not a column and not an expression",
    note = "a Rust value becomes one with `literal(value)`, and a window function with `.over(…)`"
)]
// `is_null` is SQL's word, and an expression goes into the larger one.
#[allow(clippy::wrong_self_convention)]
pub trait Expression: Sized {
    /// The type.
    type Sql: SqlType;
    /// The sources that it reads.
    type Sources: SourceSet;

    /// It as data.
    fn into_tree(self) -> tree::Expr;

    /// `self = right`; `IS NULL` where `right` is `None`.
    fn eq<R>(self, right: R) -> Compared<Self, R, BaseOf<Self>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        equality(self.into_tree(), BinaryOperator::Eq, UnaryOperator::IsNull, right.into_operand())
    }

    /// `self <> right`; `IS NOT NULL` where `right` is `None`.
    fn ne<R>(self, right: R) -> Compared<Self, R, BaseOf<Self>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        equality(self.into_tree(), BinaryOperator::Ne, UnaryOperator::IsNotNull, right.into_operand())
    }

    /// `self < right`
    fn lt<R>(self, right: R) -> Compared<Self, R, BaseOf<Self>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        binary(self, BinaryOperator::Lt, right)
    }

    /// `self <= right`
    fn le<R>(self, right: R) -> Compared<Self, R, BaseOf<Self>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        binary(self, BinaryOperator::Le, right)
    }

    /// `self > right`
    fn gt<R>(self, right: R) -> Compared<Self, R, BaseOf<Self>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        binary(self, BinaryOperator::Gt, right)
    }

    /// `self >= right`
    fn ge<R>(self, right: R) -> Compared<Self, R, BaseOf<Self>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        binary(self, BinaryOperator::Ge, right)
    }

    /// `self IS NULL`
    fn is_null(self) -> Expr<bool, Total<Self::Sources>> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::IsNull))
    }

    /// `self IS NOT NULL`
    fn is_not_null(self) -> Expr<bool, Total<Self::Sources>> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::IsNotNull))
    }

    /// `self IS DISTINCT FROM right`: inequality for which NULL is a value like any other.
    fn is_distinct_from<R>(self, right: R) -> Expr<bool, Total<Joined<Self, R, BaseOf<Self>>>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        let right = constant(right.into_operand());
        Expr::from_tree(self.into_tree().binary(BinaryOperator::IsDistinctFrom, right))
    }

    /// `self IS NOT DISTINCT FROM right`: equality for which NULL is a value like any other.
    fn is_not_distinct_from<R>(self, right: R) -> Expr<bool, Total<Joined<Self, R, BaseOf<Self>>>>
    where
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        let right = constant(right.into_operand());
        Expr::from_tree(self.into_tree().binary(BinaryOperator::IsNotDistinctFrom, right))
    }

    /// `self IN (…)`: a list of values, or a subquery of one column.
    fn in_<R, I>(self, list: R) -> Expr<<Self::Sql as SqlType>::Lift<bool>, Union<Self::Sources, R::Sources>>
    where
        R: InOperand<BaseOf<Self>, I, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(list.into_in(self.into_tree(), false))
    }

    /// `self NOT IN (…)`: a list of values, or a subquery of one column.
    fn not_in<R, I>(
        self,
        list: R,
    ) -> Expr<<Self::Sql as SqlType>::Lift<bool>, Union<Self::Sources, R::Sources>>
    where
        R: InOperand<BaseOf<Self>, I, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(list.into_in(self.into_tree(), true))
    }

    /// `self BETWEEN low AND high`, both included.
    fn between<L, H>(
        self,
        low: L,
        high: H,
    ) -> Expr<<Self::Sql as SqlType>::Lift<bool>, Union<Joined<Self, L, BaseOf<Self>>, H::Sources>>
    where
        L: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
        H: Operand<BaseOf<Self>, Sources: Plus<Joined<Self, L, BaseOf<Self>>>>,
    {
        Expr::from_tree(tree::Expr::Between(Box::new(tree::Between {
            operand: self.into_tree(),
            low: low.into_operand(),
            high: high.into_operand(),
            negated: false,
        })))
    }

    /// `self LIKE pattern`, with `%` for any text and `_` for any character.
    ///
    /// Whether case counts is the database's and its collation's habit: SQLite ignores that of ASCII letters.
    fn like<R>(self, pattern: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        like(self.into_tree(), pattern.into_operand(), false, false)
    }

    /// `self NOT LIKE pattern`
    fn not_like<R>(self, pattern: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        like(self.into_tree(), pattern.into_operand(), true, false)
    }

    /// `self ILIKE pattern`: like `LIKE`, whatever the case.
    fn ilike<R>(self, pattern: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        like(self.into_tree(), pattern.into_operand(), false, true)
    }

    /// `self NOT ILIKE pattern`
    fn not_ilike<R>(self, pattern: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        like(self.into_tree(), pattern.into_operand(), true, true)
    }

    /// `self` has the item in it: a text a text, in which `%` and `_` of a Rust string mean themselves; an array an array
    /// of its elements, a range a value or a range, a JSONB document or an HSTORE a part of itself (`@>`).
    fn contains<R, I>(
        self,
        item: R,
    ) -> Expr<
        Lifted<Self::Sql, <BaseOf<Self> as Container<R, I>>::Item, bool>,
        Union<Self::Sources, <BaseOf<Self> as Container<R, I>>::Sources>,
    >
    where
        BaseOf<Self>: Container<R, I, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(<BaseOf<Self> as Container<R, I>>::contains(self.into_tree(), item))
    }

    /// `self` starts with the text; `%` and `_` in a Rust string mean themselves.
    fn starts_with<R>(self, text: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around(self.into_tree(), [false, true], text.into_operand(), false))
    }

    /// `self` ends with the text; `%` and `_` in a Rust string mean themselves.
    fn ends_with<R>(self, text: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around(self.into_tree(), [true, false], text.into_operand(), false))
    }

    /// The regular expression matches somewhere in `self`; its syntax is the database's.
    fn regexp<R>(self, pattern: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(self.into_tree().regexp(pattern.into_operand()))
    }

    /// `self || right`: texts, arrays, JSONB documents or HSTOREs behind one another.
    fn concat<R>(
        self,
        right: R,
    ) -> Expr<Lifted<Self::Sql, <R as Operand<BaseOf<Self>>>::Sql, BaseOf<Self>>, Joined<Self, R, BaseOf<Self>>>
    where
        BaseOf<Self>: Concatenable,
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        binary(self, BinaryOperator::Concat, right)
    }

    /// `CAST(self AS …)`: the type is named by the caller, `cast::<i64>()`.
    fn cast<T: SqlType<Base = T>>(self) -> Expr<<Self::Sql as SqlType>::Lift<T>, Self::Sources> {
        Expr::from_tree(tree::Expr::Cast(Box::new(tree::Cast {
            operand: self.into_tree(),
            data_type: T::DATA_TYPE.into_plain(),
        })))
    }

    /// `self COLLATE collation`: compared and ordered by another collation of the database.
    fn collate(self, collation: impl Into<Name>) -> Expr<Self::Sql, Self::Sources>
    where
        Self::Sql: Textual,
    {
        Expr::from_tree(tree::Expr::Collate(Box::new(tree::Collate {
            operand: self.into_tree(),
            collation: collation.into(),
        })))
    }

    /// The smallest first, in `order_by`.
    fn asc(self) -> Order<Self::Sources> {
        Order::new(self.into_tree(), false)
    }

    /// The greatest first, in `order_by`.
    fn desc(self) -> Order<Self::Sources> {
        Order::new(self.into_tree(), true)
    }

    /// NULLs first, in `order_by`.
    fn nulls_first(self) -> Order<Self::Sources> {
        self.asc().nulls(NullsOrder::First)
    }

    /// NULLs last, in `order_by`.
    fn nulls_last(self) -> Order<Self::Sources> {
        self.asc().nulls(NullsOrder::Last)
    }

    /// `self AS label` in the select list.
    fn label(self, label: impl Into<Name>) -> Expr<Self::Sql, Self::Sources> {
        let mut expr = Expr::from_tree(self.into_tree());
        expr.label = Some(label.into());
        expr
    }

    /// The same value, said to be one that may be NULL: for a query whose rows must be of the type of other ones.
    fn nullable(self) -> Expr<Option<BaseOf<Self>>, Self::Sources> {
        Expr::from_tree(self.into_tree())
    }

    /// `self = ANY (SELECT …)` and its like: `column.any(BinaryOperator::Gt, select(…))`.
    fn any<Q, I>(
        self,
        operator: BinaryOperator,
        query: Q,
    ) -> Expr<Option<bool>, Union<Self::Sources, Q::Sources>>
    where
        Q: Quantity<BaseOf<Self>, I, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(self.into_tree().binary(operator, query.into_quantified(tree::Quantifier::Any)))
    }

    /// `self > ALL (SELECT …)` and its like.
    fn all<Q, I>(
        self,
        operator: BinaryOperator,
        query: Q,
    ) -> Expr<Option<bool>, Union<Self::Sources, Q::Sources>>
    where
        Q: Quantity<BaseOf<Self>, I, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(self.into_tree().binary(operator, query.into_quantified(tree::Quantifier::All)))
    }

    /// `self AND other`
    fn and<R: Predicate>(
        self,
        other: R,
    ) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Union<Self::Sources, R::Sources>>
    where
        Self: Predicate,
        R::Sources: Plus<Self::Sources>,
    {
        Expr::from_tree(self.into_tree().and(other.into_tree()))
    }

    /// `self OR other`
    fn or<R: Predicate>(
        self,
        other: R,
    ) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Union<Self::Sources, R::Sources>>
    where
        Self: Predicate,
        R::Sources: Plus<Self::Sources>,
    {
        Expr::from_tree(self.into_tree().or(other.into_tree()))
    }

    /// `NOT self`, by the opposite operator where there is one: `<=` for `>`, `NOT LIKE` for `LIKE`.
    fn not(self) -> Expr<Self::Sql, Self::Sources>
    where
        Self: Predicate,
    {
        Expr::from_tree(self.into_tree().negated())
    }
}

/// An expression that is true, false or unknown.
pub trait Predicate: Expression<Sql: Boolean> {}

impl<E: Expression<Sql: Boolean>> Predicate for E {}

/// `bool`, or an `Option` of it. One by one, and not for all of the base `bool`: so a message names the type.
#[diagnostic::on_unimplemented(
    message = "a condition must be a boolean, and this expression is of type `{Self}`",
    label = "not a boolean but `{Self}`",
    note = "compare it with something: `.eq(…)`, `.gt(…)`, `.is_null()`, …"
)]
pub trait Boolean: SqlType<Base = bool> {}

impl Boolean for bool {}
impl Boolean for Option<bool> {}

/// `String`, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "only a text can stand here, and this expression is of type `{Self}`",
    label = "not a text but `{Self}`",
    note = "`.cast::<String>()` makes a text of it"
)]
pub trait Textual: SqlType<Base = String> {}

impl Textual for String {}
impl Textual for Option<String> {}

impl<S: Source, T: SqlType, D: Presence> Expression for Column<S, T, D> {
    type Sql = T;
    type Sources = S;

    fn into_tree(self) -> tree::Expr {
        self.into_expr()
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> Expression for Expr<T, S, K> {
    type Sql = T;
    type Sources = S;

    fn into_tree(self) -> tree::Expr {
        self.into_unlabeled()
    }
}

fn binary<T, S, E: Expression, U, R: Operand<U>>(left: E, operator: BinaryOperator, right: R) -> Expr<T, S> {
    Expr::from_tree(left.into_tree().binary(operator, right.into_operand()))
}

fn equality<T, S>(
    left: tree::Expr,
    operator: BinaryOperator,
    null: UnaryOperator,
    right: tree::Expr,
) -> Expr<T, S> {
    Expr::from_tree(match constant(right) {
        tree::Expr::Literal(literal) if literal.value.is_null() => left.unary(null),
        right => left.binary(operator, right),
    })
}

/// True, false and NULL are words of SQL: no database needs to be sent them, and a partial index may be of them.
fn constant(right: tree::Expr) -> tree::Expr {
    match right {
        tree::Expr::Bind(bind) if bind.value.is_null() => tree::Expr::Literal(Box::new(bind)),
        tree::Expr::Bind(crate::Bind { value: Value::Bool(value), .. }) => tree::Expr::Bool(value),
        right => right,
    }
}

fn like<T, S>(operand: tree::Expr, pattern: tree::Expr, negated: bool, ignore_case: bool) -> Expr<T, S> {
    Expr::from_tree(tree::Expr::Like(Box::new(tree::Like {
        operand,
        pattern,
        before: false,
        after: false,
        escape: None,
        negated,
        ignore_case,
    })))
}

/// The character that takes `%` and `_` their meaning, SQLAlchemy's choice.
const ESCAPE: char = '/';

/// `operand LIKE '%' || text || '%'`, with the wildcards of a bound text escaped.
pub(crate) fn around(
    operand: tree::Expr,
    [before, after]: [bool; 2],
    text: tree::Expr,
    ignore_case: bool,
) -> tree::Expr {
    around_escaped(operand, [before, after], text, ignore_case, ESCAPE)
}

/// The same with another character that takes wildcards their meaning.
pub(crate) fn around_escaped(
    operand: tree::Expr,
    [before, after]: [bool; 2],
    text: tree::Expr,
    ignore_case: bool,
    escape_by: char,
) -> tree::Expr {
    let like = |pattern, [before, after]: [bool; 2], escape| {
        tree::Expr::Like(Box::new(tree::Like {
            operand,
            pattern,
            before,
            after,
            escape,
            negated: false,
            ignore_case,
        }))
    };
    let tree::Expr::Bind(crate::Bind { value: Value::Text(text), data_type }) = text else {
        return like(text, [before, after], None);
    };
    let mut escape = None;
    let mut pattern = String::new();
    for c in text.chars() {
        if matches!(c, '%' | '_') || c == escape_by {
            escape = Some(escape_by);
            pattern.push(escape_by);
        }
        pattern.push(c);
    }
    like(tree::Expr::Bind(crate::Bind::new(Value::Text(pattern), data_type)), [before, after], escape)
}
