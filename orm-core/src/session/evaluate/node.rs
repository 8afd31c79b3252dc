use std::cmp::Ordering;

use orm_query::tree::BinaryOperator;
use orm_query::{DataType, Value};

use super::compare::{integer, order};
use super::pattern::Pattern;
use super::{Evaluated, NotEvaluable, RowValues, number, refuse};

/// An expression that is known to be evaluable, but for what depends on the row.
#[derive(Debug)]
pub(super) enum Node {
    Column(usize),
    Constant(Value),
    Not(Box<Node>),
    IsNull(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Box<[Node; 2]>, Comparison),
    /// Equality for which NULL is a value like any other.
    Same(Box<[Node; 2]>),
    InList(Box<Node>, Vec<Node>),
    Like {
        operand: Box<Node>,
        pattern: Box<Node>,
        escape: Option<char>,
        ignores_ascii: bool,
    },
    Arithmetic {
        sides: Box<[Node; 2]>,
        operator: BinaryOperator,
        data_type: DataType,
    },
    Negate(Box<Node>, DataType),
    Concat(Box<[Node; 2]>),
    /// Conditions with their results, and what is left.
    Case(Vec<(Node, Node)>, Box<Node>),
    Coalesce(Vec<Node>),
    NullIf(Box<[Node; 2]>),
    Cast(Box<Node>, DataType),
    Call(TextFunction, Vec<Node>),
    Abs(Box<Node>, DataType),
}

/// What a comparison wants of the order of its sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Eq => order.is_eq(),
            Comparison::Ne => order.is_ne(),
            Comparison::Lt => order.is_lt(),
            Comparison::Le => order.is_le(),
            Comparison::Gt => order.is_gt(),
            Comparison::Ge => order.is_ge(),
        }
    }
}

/// A function over a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFunction {
    Lower,
    Upper,
    Trim,
    Length,
    Substr,
}

impl Node {
    /// # Errors
    /// For what cannot be evaluated for this row.
    pub(super) fn value(&self, row: &RowValues<'_>) -> Evaluated<Value> {
        Ok(match self {
            Node::Column(position) => row(*position).ok_or(NotEvaluable::Unread)?,
            Node::Constant(value) => value.clone(),
            Node::Not(operand) => truth(operand.truth(row)?.map(|v| !v)),
            Node::IsNull(operand) => Value::Bool(operand.value(row)?.is_null()),
            Node::And(list) => truth(junction(list, row, false)?),
            Node::Or(list) => truth(junction(list, row, true)?),
            Node::Compare(sides, comparison) => {
                let [left, right] = both(sides, row)?;
                truth(compare(&left, &right, *comparison)?)
            }
            Node::Same(sides) => {
                let [left, right] = both(sides, row)?;
                let same = compare(&left, &right, Comparison::Eq)?;
                Value::Bool(same.unwrap_or(left.is_null() && right.is_null()))
            }
            Node::InList(operand, list) => truth(in_list(&operand.value(row)?, list, row)?),
            Node::Like { operand, pattern, escape, ignores_ascii } => {
                match (operand.value(row)?, pattern.value(row)?) {
                    (Value::Text(text), Value::Text(pattern)) => {
                        Value::Bool(Pattern::new(&pattern, *escape)?.matches(&text, *ignores_ascii))
                    }
                    _ => Value::Null,
                }
            }
            Node::Arithmetic { sides, operator, data_type } => {
                let [left, right] = both(sides, row)?;
                if left.is_null() || right.is_null() {
                    return Ok(Value::Null);
                }
                number::arithmetic(&left, *operator, &right, data_type)?
            }
            Node::Negate(operand, data_type) => match operand.value(row)? {
                Value::Null => Value::Null,
                value => number::negate(&value, data_type)?,
            },
            Node::Abs(operand, data_type) => match operand.value(row)? {
                Value::Null => Value::Null,
                value => number::abs(&value, data_type)?,
            },
            Node::Concat(sides) => match both(sides, row)? {
                [Value::Text(left), Value::Text(right)] => Value::Text(left + &right),
                _ => Value::Null,
            },
            Node::Case(branches, otherwise) => {
                for (when, then) in branches {
                    if when.truth(row)? == Some(true) {
                        return then.value(row);
                    }
                }
                otherwise.value(row)?
            }
            Node::Coalesce(list) => {
                for item in list {
                    let value = item.value(row)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Value::Null
            }
            Node::NullIf(sides) => {
                let [left, right] = both(sides, row)?;
                if compare(&left, &right, Comparison::Eq)? == Some(true) { Value::Null } else { left }
            }
            Node::Cast(operand, data_type) => match operand.value(row)? {
                Value::Null => Value::Null,
                value => number::cast(value, data_type)?,
            },
            Node::Call(function, arguments) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(argument.value(row)?);
                }
                call(*function, &values)?
            }
        })
    }

    fn truth(&self, row: &RowValues<'_>) -> Evaluated<Option<bool>> {
        match self.value(row)? {
            Value::Bool(v) => Ok(Some(v)),
            Value::Null => Ok(None),
            _ => refuse("a condition that is no boolean"),
        }
    }
}

fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Bool)
}

fn both(sides: &[Node; 2], row: &RowValues<'_>) -> Evaluated<[Value; 2]> {
    Ok([sides[0].value(row)?, sides[1].value(row)?])
}

/// AND and OR: one value decides, else NULL does. Every operand is evaluated, as no database promises not to.
fn junction(list: &[Node], row: &RowValues<'_>, decides: bool) -> Evaluated<Option<bool>> {
    let mut result = Some(!decides);
    for node in list {
        match node.truth(row)? {
            Some(v) if v == decides => result = Some(decides),
            None if result != Some(decides) => result = None,
            _ => {}
        }
    }
    Ok(result)
}

fn compare(left: &Value, right: &Value, comparison: Comparison) -> Evaluated<Option<bool>> {
    if left.is_null() || right.is_null() {
        return Ok(None);
    }
    Ok(Some(comparison.holds(order(left, right)?)))
}

fn in_list(operand: &Value, list: &[Node], row: &RowValues<'_>) -> Evaluated<Option<bool>> {
    let mut result = Some(false);
    for item in list {
        match compare(operand, &item.value(row)?, Comparison::Eq)? {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => result = None,
        }
    }
    Ok(result)
}

fn call(function: TextFunction, arguments: &[Value]) -> Evaluated<Value> {
    let text = match arguments {
        [Value::Text(text), ..] if !arguments.iter().any(Value::is_null) => text,
        _ => return Ok(Value::Null),
    };
    Ok(match function {
        TextFunction::Lower => Value::Text(text.to_ascii_lowercase()),
        TextFunction::Upper => Value::Text(text.to_ascii_uppercase()),
        TextFunction::Trim => Value::Text(text.trim_matches(' ').to_owned()),
        TextFunction::Length => Value::I64(text.chars().count() as i64),
        TextFunction::Substr => {
            let number =
                |at: usize| arguments.get(at).and_then(integer).and_then(|v| usize::try_from(v).ok());
            match (number(1), number(2)) {
                (Some(start @ 1..), Some(length)) => {
                    Value::Text(text.chars().skip(start - 1).take(length).collect())
                }
                _ => return refuse("`substr` from before the first character"),
            }
        }
    })
}
