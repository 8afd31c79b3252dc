use super::{
    Array, BinaryOperator, Case, Custom, Excluded, Extract, FullText, Function, Grouping, InRows, Index,
    JsonPart, Like, OrderBy, Param, QuantifiedArray, Quantifier, Query, Regexp, RegexpReplace, Slice,
    SourceRef, Text, TypedAs, UnaryOperator,
};
use crate::schema::Name;
use crate::{Bind, Converted, DataType};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A column of the row that was to be inserted, in an upsert.
    Excluded(Excluded),
    /// A value, sent as a bind.
    Bind(Bind),
    /// A value, written into the SQL.
    Literal(Box<Bind>),
    /// A value that is given later by its name.
    Param(Box<Param>),
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
    /// `(a, b) IN (rows)`, of many rows of plain values
    InRows(Box<InRows>),
    /// `LIKE`
    Like(Box<Like>),
    /// `CASE`
    Case(Box<Case>),
    /// `CAST`
    Cast(Box<Cast>),
    /// `TRY_CAST`: NULL where the value cannot be converted.
    TryCast(Box<Cast>),
    /// An expression taken as of another type.
    TypedAs(Box<TypedAs>),
    /// `EXTRACT`
    Extract(Box<Extract>),
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
    /// `ROLLUP`, `CUBE` or `GROUPING SETS`, in GROUP BY.
    Grouping(Box<Grouping>),
    /// An expression with its place in an ordering, as some aggregates take it.
    Ordered(Box<OrderBy>),
    /// True or false, as a word of the database.
    Bool(bool),
    /// A regular expression matches.
    Regexp(Box<Regexp>),
    /// What a regular expression matches is replaced.
    RegexpReplace(Box<RegexpReplace>),
    /// Full-text search.
    FullText(Box<FullText>),
    /// A part of a JSON document.
    Json(Box<JsonPart>),
    /// `ARRAY[…]`
    Array(Box<Array>),
    /// An element of an array.
    Index(Box<Index>),
    /// A part of an array.
    Slice(Box<Slice>),
    /// `ANY (array)`, `ALL (array)`
    QuantifiedArray(Box<QuantifiedArray>),
    /// A field of a composite value.
    Field(Box<Field>),
    /// An operator that orm does not know.
    Custom(Box<Custom>),
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
    pub query: Query,
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

/// `(operand).name`
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The composite value.
    pub operand: Expr,
    /// The field.
    pub name: Name,
    /// The type of the field.
    pub data_type: DataType,
}

/// `EXISTS (SELECT …)`
#[derive(Debug, Clone, PartialEq)]
pub struct Exists {
    /// The query whose rows are looked for.
    pub query: Query,
}

/// `(SELECT …)` as a value
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// The query, of one column.
    pub query: Query,
    /// The type of that column.
    pub data_type: DataType,
}

/// `ANY (SELECT …)` or `ALL (SELECT …)` on the right of a comparison
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// Whether one row is enough.
    pub quantifier: Quantifier,
    /// The query, of one column.
    pub query: Query,
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

    /// Whether a regular expression is found in it.
    #[must_use]
    pub fn regexp(self, pattern: Expr) -> Expr {
        Expr::Regexp(Box::new(Regexp { operand: self, pattern, flags: None, negated: false }))
    }

    /// `self AND other`, in one flat list; what is surely false makes it false, and what is surely true is left out.
    #[must_use]
    pub fn and(self, other: Expr) -> Expr {
        let is_false =
            |e: &Expr| matches!(e, Expr::Bool(false)) || matches!(e, Expr::Or(list) if list.is_empty());
        if is_false(&self) || is_false(&other) {
            return Expr::Bool(false);
        }
        Expr::And(flatten(self, other, |e| match e {
            Expr::And(list) => list,
            Expr::Bool(true) => Vec::new(),
            e => vec![e],
        }))
    }

    /// `self OR other`, in one flat list; what is surely true makes it true, and what is surely false is left out.
    #[must_use]
    pub fn or(self, other: Expr) -> Expr {
        let is_true =
            |e: &Expr| matches!(e, Expr::Bool(true)) || matches!(e, Expr::And(list) if list.is_empty());
        if is_true(&self) || is_true(&other) {
            return Expr::Bool(true);
        }
        Expr::Or(flatten(self, other, |e| match e {
            Expr::Or(list) => list,
            Expr::Bool(false) => Vec::new(),
            e => vec![e],
        }))
    }

    /// The SQL type where the tree says it; `None` for text, tuples and labels.
    pub fn data_type(&self) -> Option<DataType> {
        self.declared_type().map(DataType::into_plain)
    }

    /// The functions that its values go through, where its type has some.
    pub fn converted(&self) -> Option<&'static Converted> {
        match self.declared_type() {
            Some(DataType::Converted(converted)) => Some(converted),
            _ => None,
        }
    }

    fn declared_type(&self) -> Option<DataType> {
        Some(match self {
            Expr::Column(c) => c.data_type.clone(),
            Expr::Excluded(e) => e.data_type.clone(),
            Expr::Bind(b) => b.data_type.clone(),
            Expr::Function(f) => f.data_type.clone(),
            Expr::Literal(b) => b.data_type.clone(),
            Expr::Param(p) => p.data_type.clone(),
            Expr::Cast(c) | Expr::TryCast(c) => c.data_type.clone(),
            Expr::TypedAs(t) => t.data_type.clone(),
            Expr::Extract(_) => DataType::BigInt,
            Expr::Subquery(s) => s.data_type.clone(),
            Expr::Unary(u) => return u.data_type(),
            Expr::Binary(b) => return b.data_type(),
            Expr::Case(c) => return c.data_type(),
            Expr::Collate(c) => return c.operand.data_type(),
            Expr::Field(f) => f.data_type.clone(),
            Expr::Ordered(o) => return o.expr.data_type(),
            Expr::And(_)
            | Expr::Or(_)
            | Expr::Between(_)
            | Expr::InList(_)
            | Expr::InQuery(_)
            | Expr::InRows(_)
            | Expr::Like(_)
            | Expr::Exists(_)
            | Expr::Bool(_)
            | Expr::Regexp(_)
            | Expr::FullText(_) => DataType::Boolean,
            Expr::RegexpReplace(r) => return r.operand.data_type(),
            Expr::Json(j) => match &j.scalar {
                Some(scalar) => scalar.clone(),
                None => return j.document.data_type(),
            },
            Expr::Array(a) => DataType::Array(a.element.clone().into()),
            Expr::Index(i) => i.data_type.clone(),
            Expr::Slice(s) => return s.operand.data_type(),
            Expr::Custom(c) => c.data_type.clone(),
            Expr::Text(_)
            | Expr::Tuple(_)
            | Expr::Label(_)
            | Expr::Star
            | Expr::Quantified(_)
            | Expr::QuantifiedArray(_)
            | Expr::Grouping(_) => return None,
        })
    }
}

impl Unary {
    fn data_type(&self) -> Option<DataType> {
        match self.operator {
            UnaryOperator::Negate | UnaryOperator::BitNot => self.operand.data_type(),
            _ => Some(DataType::Boolean),
        }
    }
}

impl Binary {
    fn data_type(&self) -> Option<DataType> {
        if self.operator.is_predicate() {
            return Some(DataType::Boolean);
        }
        let (left, right) = (self.left.data_type(), self.right.data_type());
        if let (Some(left), Some(right)) = (&left, &right)
            && let Some(data_type) = self.of_time(left, right)
        {
            return Some(data_type);
        }
        match self.operator {
            BinaryOperator::ValueOf => return Some(DataType::Text),
            BinaryOperator::DeleteKey | BinaryOperator::DeletePath => return left,
            _ => {}
        }
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

    /// The type of arithmetic with dates and times; `None` where it is none.
    fn of_time(&self, left: &DataType, right: &DataType) -> Option<DataType> {
        use DataType::{Date, Integer, Interval, Timestamp, TimestampTz};
        Some(match (self.operator, left, right) {
            (BinaryOperator::Subtract, Date, Date) => Integer,
            (BinaryOperator::Subtract, DataType::Time, DataType::Time) => Interval,
            (BinaryOperator::Subtract, Date | Timestamp | TimestampTz, Date | Timestamp | TimestampTz) => {
                Interval
            }
            (BinaryOperator::Add | BinaryOperator::Subtract, Date, Interval) => Timestamp,
            (BinaryOperator::Add, Interval, Date) => Timestamp,
            (BinaryOperator::Add, Interval, moment @ (Timestamp | TimestampTz | DataType::Time)) => {
                moment.clone()
            }
            (BinaryOperator::Multiply, _, Interval) => Interval,
            _ => return None,
        })
    }
}

fn flatten(left: Expr, right: Expr, list: impl Fn(Expr) -> Vec<Expr>) -> Vec<Expr> {
    let mut all = list(left);
    all.extend(list(right));
    all
}
