//! Random expressions over a table with a column of each type.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm::prelude::*;
use orm::tree::{
    Between, Binary, BinaryOperator, Case, Cast, ColumnRef, Expr, Function, InList, Like, TableRef,
    UnaryOperator,
};
use orm::{Bind, DataType, Value};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::dice::Dice;

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "sample")]
pub(super) struct Sample {
    #[column(primary_key)]
    pub(super) id: i64,
    /// The number of the case that matched the row last.
    pub(super) marker: i64,
    pub(super) flag: Option<bool>,
    pub(super) small: Option<i16>,
    pub(super) medium: Option<i32>,
    pub(super) large: Option<i64>,
    pub(super) single: Option<f32>,
    pub(super) double: Option<f64>,
    #[column(precision = 10, scale = 2)]
    pub(super) price: Option<Decimal>,
    pub(super) exact: Option<Decimal>,
    pub(super) name: Option<String>,
    #[column(length = 6)]
    pub(super) code: Option<String>,
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) date: Option<NaiveDate>,
    pub(super) time: Option<NaiveTime>,
    pub(super) moment: Option<NaiveDateTime>,
    pub(super) instant: Option<DateTime<Utc>>,
    pub(super) uuid: Option<Uuid>,
}

/// Types whose values are compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Boolean,
    Integer,
    Float,
    Decimal,
    Text,
    Bytes,
    Date,
    Time,
    Moment,
    Instant,
    Uuid,
}

use Family as F;

const FAMILIES: [Family; 14] = [
    // Those with more rules come more often.
    F::Boolean,
    F::Integer,
    F::Integer,
    F::Float,
    F::Decimal,
    F::Decimal,
    F::Text,
    F::Text,
    F::Bytes,
    F::Date,
    F::Time,
    F::Moment,
    F::Instant,
    F::Uuid,
];

const TEXTS: [&str; 20] = [
    "", "a", "A", "b", "ab", "Ab", "aB", " a", "a ", "ä", "Ä", "é", "日本", "%", "a%b", "a_b", "ß", "\\",
    "x/y", "abcdef",
];
const PATTERNS: [&str; 14] =
    ["", "%", "_", "a%", "%b", "A_", "_b%", "%ä%", "a/%b", "a\\%", "Ä", "%/_%", "日_", "%a%b%"];
const INTEGERS: [i64; 16] = [
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    -7,
    100,
    32_767,
    -32_768,
    2_147_483_647,
    -2_147_483_648,
    i64::MAX,
    i64::MIN,
    1 << 53,
];
const FLOATS: [f64; 12] = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 0.1, 3.0, 1e10, 1e300, -1e-300, 16_777_217.0];
const DECIMALS: [&str; 14] = [
    "0",
    "0.00",
    "1",
    "1.0",
    "1.50",
    "-1.5",
    "0.1",
    "-0.01",
    "12.34",
    "99999999.99",
    "0.001",
    "1.505",
    "-7",
    "123456789012345678901234.5678",
];

fn sample(d: &mut Dice, family: Family) -> Value {
    if d.in_ten(2) {
        return Value::Null;
    }
    let date = |n: usize| NaiveDate::from_ymd_opt(2024, 2, 27 + n as u32).unwrap();
    let time = |n: usize| NaiveTime::from_hms_micro_opt(n as u32, 59, 0, [0, 1, 999_999][n % 3]).unwrap();
    match family {
        F::Boolean => Value::Bool(d.in_ten(5)),
        F::Integer => Value::I64(INTEGERS[d.roll(INTEGERS.len())]),
        F::Float => Value::F64(FLOATS[d.roll(FLOATS.len())]),
        F::Decimal => Value::Decimal(DECIMALS[d.roll(DECIMALS.len())].parse().unwrap()),
        F::Text => Value::Text(TEXTS[d.roll(TEXTS.len())].into()),
        F::Bytes => Value::Bytes([&[][..], &[0], &[0, 1], &[255], &[97]][d.roll(5)].to_vec()),
        F::Date => Value::Date(date(d.roll(3))),
        F::Time => Value::Time(time(d.roll(4))),
        F::Moment => Value::DateTime(date(d.roll(2)).and_time(time(d.roll(3)))),
        F::Instant => Value::TimestampTz(date(d.roll(2)).and_time(time(d.roll(3))).and_utc()),
        F::Uuid => Value::Uuid(Uuid::from_u128([0, 1, u128::MAX, 1 << 100][d.roll(4)])),
    }
}

/// A row of random values that each column takes.
pub(super) fn row(d: &mut Dice) -> Sample {
    fn integer<T: TryFrom<i64>>(d: &mut Dice) -> Option<T> {
        match sample(d, F::Integer) {
            Value::I64(v) => T::try_from(v).ok(),
            _ => None,
        }
    }
    macro_rules! of {
        ($family:ident, $variant:ident) => {
            match sample(d, F::$family) {
                Value::$variant(v) => Some(v),
                _ => None,
            }
        };
    }
    Sample {
        id: 0,
        marker: 0,
        flag: of!(Boolean, Bool),
        small: integer(d),
        medium: integer(d),
        large: integer(d),
        single: of!(Float, F64).map(|v| v as f32).filter(|v| v.is_finite()),
        double: of!(Float, F64),
        price: of!(Decimal, Decimal).filter(|v| v.scale() <= 2 && v.abs() < Decimal::from(100_000_000)),
        exact: of!(Decimal, Decimal),
        name: of!(Text, Text),
        code: of!(Text, Text),
        bytes: of!(Bytes, Bytes),
        date: of!(Date, Date),
        time: of!(Time, Time),
        moment: of!(Moment, DateTime),
        instant: of!(Instant, TimestampTz),
        uuid: of!(Uuid, Uuid),
    }
}

fn data_type(family: Family) -> DataType {
    match family {
        F::Boolean => DataType::Boolean,
        F::Integer => DataType::BigInt,
        F::Float => DataType::Double,
        F::Decimal => DataType::NUMERIC,
        F::Text => DataType::Text,
        F::Bytes => DataType::Bytes,
        F::Date => DataType::Date,
        F::Time => DataType::Time,
        F::Moment => DataType::Timestamp,
        F::Instant => DataType::TimestampTz,
        F::Uuid => DataType::Uuid,
    }
}

fn columns(family: Family) -> &'static [&'static str] {
    match family {
        F::Boolean => &["flag"],
        F::Integer => &["small", "medium", "large", "id"],
        F::Float => &["double", "double", "single"],
        F::Decimal => &["price", "exact"],
        F::Text => &["name", "code"],
        F::Bytes => &["bytes"],
        F::Date => &["date"],
        F::Time => &["time"],
        F::Moment => &["moment"],
        F::Instant => &["instant"],
        F::Uuid => &["uuid"],
    }
}

fn column(name: &str) -> Expr {
    let position = Sample::TABLE.position(name).unwrap();
    let column = &Sample::TABLE.columns[position];
    Expr::Column(ColumnRef {
        source: TableRef::new(Sample::TABLE).source(),
        name: column.name.clone(),
        data_type: column.data_type.clone(),
    })
}

fn any_column(d: &mut Dice, family: Family) -> Expr {
    column(columns(family)[d.roll(columns(family).len())])
}

fn literal(d: &mut Dice, family: Family) -> Expr {
    Expr::Bind(Bind::new(sample(d, family), data_type(family)))
}

fn call(name: &'static str, arguments: Vec<Expr>, family: Family) -> Expr {
    Expr::Function(Box::new(Function::new(name, arguments, data_type(family))))
}

fn leaf(d: &mut Dice, family: Family) -> Expr {
    if d.in_ten(6) { any_column(d, family) } else { literal(d, family) }
}

/// A random expression of a family.
pub(super) fn expression(d: &mut Dice, family: Family, depth: usize) -> Expr {
    if depth == 0 || d.in_ten(3) {
        return leaf(d, family);
    }
    let depth = depth - 1;
    match d.roll(12) {
        0 => call("coalesce", vec![expression(d, family, depth), expression(d, family, depth)], family),
        1 => call("nullif", vec![expression(d, family, depth), expression(d, family, depth)], family),
        2 => {
            let operand = d.in_ten(3).then(|| FAMILIES[d.roll(FAMILIES.len())]);
            let branches = (0..1 + d.roll(2)).map(|_| {
                let when = match operand {
                    Some(of) => leaf(d, of),
                    None => condition(d, depth),
                };
                (when, expression(d, family, depth))
            });
            let branches = branches.collect();
            let otherwise = d.in_ten(6).then(|| expression(d, family, depth));
            let operand = operand.map(|of| any_column(d, of));
            Expr::Case(Box::new(Case { operand, branches, otherwise }))
        }
        _ => match family {
            F::Boolean => condition(d, depth),
            F::Integer | F::Float | F::Decimal => number(d, family, depth),
            F::Text => text(d, depth),
            _ => leaf(d, family),
        },
    }
}

fn number(d: &mut Dice, family: Family, depth: usize) -> Expr {
    use BinaryOperator as O;
    match d.roll(10) {
        0 => expression(d, family, depth).unary(UnaryOperator::Negate),
        1 => {
            let operand = expression(d, family, depth);
            let data_type = operand.data_type().unwrap_or(data_type(family));
            Expr::Function(Box::new(Function::new("abs", vec![operand], data_type)))
        }
        2 if family == F::Integer => call("length", vec![expression(d, F::Text, depth)], family),
        3 if family == F::Float => {
            expression(d, F::Integer, depth).binary(O::Divide, expression(d, F::Integer, depth))
        }
        4 => {
            let from = if d.in_ten(5) { F::Integer } else { family };
            let to = [data_type(family), DataType::SmallInt, DataType::Integer][d.roll(3)].clone();
            let to = if family == F::Integer { to } else { data_type(family) };
            Expr::Cast(Box::new(Cast { operand: expression(d, from, depth), data_type: to }))
        }
        n => {
            let operator = [O::Add, O::Subtract, O::Multiply, O::Divide, O::Modulo][n % 5];
            let right = if d.in_ten(3) { F::Integer } else { family };
            expression(d, family, depth).binary(operator, expression(d, right, depth))
        }
    }
}

fn text(d: &mut Dice, depth: usize) -> Expr {
    let operand = expression(d, F::Text, depth);
    match d.roll(7) {
        0 => call("lower", vec![operand], F::Text),
        1 => call("upper", vec![operand], F::Text),
        2 => call("trim", vec![operand], F::Text),
        3 => {
            let integer = |v| Expr::Bind(Bind::new(Value::I32(v), DataType::Integer));
            let (start, length) = (d.roll(4) as i32, d.roll(4) as i32);
            call("substr", vec![operand, integer(start), integer(length)], F::Text)
        }
        _ => operand.binary(BinaryOperator::Concat, expression(d, F::Text, depth)),
    }
}

/// A random condition.
pub(super) fn condition(d: &mut Dice, depth: usize) -> Expr {
    use BinaryOperator as O;
    let family = FAMILIES[d.roll(FAMILIES.len())];
    let negated = d.in_ten(3);
    match d.roll(if depth == 0 { 9 } else { 14 }) {
        0 => any_column(d, F::Boolean),
        1 => {
            let operator = if negated { UnaryOperator::IsNotNull } else { UnaryOperator::IsNull };
            expression(d, family, depth).unary(operator)
        }
        2 => Expr::Between(Box::new(Between {
            operand: expression(d, family, depth),
            low: leaf(d, family),
            high: leaf(d, family),
            negated,
        })),
        3 => {
            let list = (0..d.roll(4)).map(|_| leaf(d, family)).collect();
            Expr::InList(Box::new(InList { operand: expression(d, family, depth), list, negated }))
        }
        4 => {
            let text = Value::Text(PATTERNS[d.roll(PATTERNS.len())].into());
            let pattern = Expr::Bind(Bind::new(text, DataType::Text));
            let (escape, ignore_case) = (d.in_ten(4).then_some('/'), d.in_ten(3));
            let operand = expression(d, F::Text, depth);
            Expr::Like(Box::new(Like {
                operand,
                pattern,
                before: false,
                after: false,
                escape,
                negated,
                ignore_case,
            }))
        }
        5..9 => {
            let operators =
                [O::Eq, O::Eq, O::Ne, O::Lt, O::Le, O::Gt, O::Ge, O::IsDistinctFrom, O::IsNotDistinctFrom];
            let mixed = match family {
                F::Float | F::Decimal if d.in_ten(2) => F::Integer,
                family => family,
            };
            Expr::Binary(Box::new(Binary {
                left: expression(d, family, depth),
                operator: operators[d.roll(operators.len())],
                right: expression(d, mixed, depth),
            }))
        }
        9 => condition(d, depth - 1).unary(UnaryOperator::Not),
        n => {
            let list = (0..1 + d.roll(3)).map(|_| condition(d, depth - 1)).collect();
            if n % 2 == 0 { Expr::And(list) } else { Expr::Or(list) }
        }
    }
}
