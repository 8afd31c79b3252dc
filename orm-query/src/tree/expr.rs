use super::{
    BinaryOperator, Case, Excluded, Function, Like, OrderBy, Quantifier, Select, SourceRef, Text,
    UnaryOperator,
};
use crate::schema::Name;
use crate::{Bind, DataType};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A column of the row that was to be inserted, in an upsert.
    Excluded(Excluded),
    /// A value, sent as a bind.
    Bind(Bind),
    /// SQL as it was written, with binds of its own.
    Text(Box<Text>),
    /// An operator with one operand.
    Unary(Box<Unary>),
    /// An operator with two operands.
    Binary(Box<Binary>),
    /// `a AND b AND …`; true where empty.
    And(Vec<Expr>),
    /// `a OR b OR …`; false where empty.
    Or(Vec<Expr>),
    /// `BETWEEN`
    Between(Box<Between>),
    /// `IN (a, b, …)`
    InList(Box<InList>),
    /// `IN (SELECT …)`
    InQuery(Box<InQuery>),
    /// `LIKE`
    Like(Box<Like>),
    /// `CASE`
    Case(Box<Case>),
    /// `CAST`
    Cast(Box<Cast>),
    /// `COLLATE`
    Collate(Box<Collate>),
    /// A function, an aggregate or a window function.
    Function(Box<Function>),
    /// `EXISTS (SELECT …)`
    Exists(Box<Exists>),
    /// `(SELECT …)` as one value
    Subquery(Box<Subquery>),
    /// `ANY (SELECT …)`, `ALL (SELECT …)`
    Quantified(Box<Quantified>),
    /// `(a, b, …)`
    Tuple(Vec<Expr>),
    /// The label of a column of the select list, by its name.
    Label(Name),
    /// `*` inside `count(*)`
    Star,
    /// An expression with its place in an ordering, as some aggregates take it.
    Ordered(Box<OrderBy>),
}

/// A column of a source of the statement.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnRef {
    /// The table or alias it is of.
    pub source: SourceRef,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: DataType,
}

/// An operator with one operand.
#[derive(Debug, Clone, PartialEq)]
pub struct Unary {
    /// The operator.
    pub operator: UnaryOperator,
    /// Its operand.
    pub operand: Expr,
}

/// An operator with two operands.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// The left operand.
    pub left: Expr,
    /// The operator.
    pub operator: BinaryOperator,
    /// The right operand.
    pub right: Expr,
}

/// `operand [NOT] BETWEEN low AND high`
#[derive(Debug, Clone, PartialEq)]
pub struct Between {
    /// What is tested.
    pub operand: Expr,
    /// The lower bound, included.
    pub low: Expr,
    /// The upper bound, included.
    pub high: Expr,
    /// Whether it is negated.
    pub negated: bool,
}

/// `operand [NOT] IN (a, b, …)`
#[derive(Debug, Clone, PartialEq)]
pub struct InList {
    /// What is looked for.
    pub operand: Expr,
    /// Where; an empty list holds nothing.
    pub list: Vec<Expr>,
    /// Whether it is negated.
    pub negated: bool,
}

/// `operand [NOT] IN (SELECT …)`
#[derive(Debug, Clone, PartialEq)]
pub struct InQuery {
    /// What is looked for.
    pub operand: Expr,
    /// Where.
    pub query: Select,
    /// Whether it is negated.
    pub negated: bool,
}

/// `CAST(operand AS data_type)`
#[derive(Debug, Clone, PartialEq)]
pub struct Cast {
    /// What is converted.
    pub operand: Expr,
    /// To what.
    pub data_type: DataType,
}

/// `operand COLLATE collation`
#[derive(Debug, Clone, PartialEq)]
pub struct Collate {
    /// The text.
    pub operand: Expr,
    /// The collation's name.
    pub collation: Name,
}

/// `EXISTS (SELECT …)`
#[derive(Debug, Clone, PartialEq)]
pub struct Exists {
    /// The query whose rows are looked for.
    pub query: Select,
}

/// `(SELECT …)` as a value
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// The query, of one column.
    pub query: Select,
    /// The type of that column.
    pub data_type: DataType,
}

/// `ANY (SELECT …)` or `ALL (SELECT …)` on the right of a comparison
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// Whether one row is enough.
    pub quantifier: Quantifier,
    /// The query, of one column.
    pub query: Select,
}

impl Expr {
    /// `self operator right`
    #[must_use]
    pub fn binary(self, operator: BinaryOperator, right: Expr) -> Expr {
        Expr::Binary(Box::new(Binary { left: self, operator, right }))
    }

    /// `operator self`
    #[must_use]
    pub fn unary(self, operator: UnaryOperator) -> Expr {
        Expr::Unary(Box::new(Unary { operator, operand: self }))
    }

    /// `self AND other`, in one flat list.
    #[must_use]
    pub fn and(self, other: Expr) -> Expr {
        Expr::And(flatten(self, other, |e| match e {
            Expr::And(list) => list,
            e => vec![e],
        }))
    }

    /// `self OR other`, in one flat list.
    #[must_use]
    pub fn or(self, other: Expr) -> Expr {
        Expr::Or(flatten(self, other, |e| match e {
            Expr::Or(list) => list,
            e => vec![e],
        }))
    }

    /// The SQL type where the tree says it; `None` for text, tuples and labels.
    pub fn data_type(&self) -> Option<DataType> {
        Some(match self {
            Expr::Column(c) => c.data_type.clone(),
            Expr::Excluded(e) => e.data_type.clone(),
            Expr::Bind(b) => b.data_type.clone(),
            Expr::Function(f) => f.data_type.clone(),
            Expr::Cast(c) => c.data_type.clone(),
            Expr::Subquery(s) => s.data_type.clone(),
            Expr::Unary(u) => return u.data_type(),
            Expr::Binary(b) => return b.data_type(),
            Expr::Case(c) => return c.data_type(),
            Expr::Collate(c) => return c.operand.data_type(),
            Expr::Ordered(o) => return o.expr.data_type(),
            Expr::And(_)
            | Expr::Or(_)
            | Expr::Between(_)
            | Expr::InList(_)
            | Expr::InQuery(_)
            | Expr::Like(_)
            | Expr::Exists(_) => DataType::Boolean,
            Expr::Text(_) | Expr::Tuple(_) | Expr::Label(_) | Expr::Star | Expr::Quantified(_) => {
                return None;
            }
        })
    }
}

impl Unary {
    fn data_type(&self) -> Option<DataType> {
        match self.operator {
            UnaryOperator::Negate => self.operand.data_type(),
            UnaryOperator::Not | UnaryOperator::IsNull | UnaryOperator::IsNotNull => Some(DataType::Boolean),
        }
    }
}

impl Binary {
    fn data_type(&self) -> Option<DataType> {
        if self.operator.is_predicate() {
            return Some(DataType::Boolean);
        }
        let (left, right) = (self.left.data_type(), self.right.data_type());
        let is =
            |data_type: &Option<DataType>, what: fn(&DataType) -> bool| data_type.as_ref().is_some_and(what);
        let numeric = |t: &DataType| matches!(t, DataType::Numeric { .. });
        let double = |t: &DataType| matches!(t, DataType::Double);
        let float = |t: &DataType| matches!(t, DataType::Double | DataType::Real);
        if self.operator == BinaryOperator::Divide
            && is(&left, DataType::is_integer)
            && is(&right, DataType::is_integer)
        {
            return Some(DataType::Double);
        }
        // The wider type of two numbers; the left one where they are alike, or where nothing is known of the right.
        let right_is_wider = (is(&right, numeric) && is(&left, DataType::is_integer))
            || (is(&right, double) && !is(&left, double) && !is(&left, numeric))
            || (is(&right, float) && is(&left, DataType::is_integer))
            || (is(&left, DataType::is_integer) && is(&right, |t| *t == DataType::BigInt))
            || left.is_none();
        if right_is_wider && right.is_some() { right } else { left }
    }
}

fn flatten(left: Expr, right: Expr, list: impl Fn(Expr) -> Vec<Expr>) -> Vec<Expr> {
    let mut all = list(left);
    all.extend(list(right));
    all
}
