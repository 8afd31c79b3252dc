use std::error::Error;

use chrono::TimeDelta;
use orm::prelude::*;
use orm::{DataType, TypeDecorator};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Item, Order, User};

/// Kept as a number of cents.
#[derive(SqlType, Debug, Clone, PartialEq, Default)]
#[sql_type(decorator)]
struct Cents(Decimal);

impl TypeDecorator for Cents {
    type Impl = i32;

    fn process_bind(&self) -> i32 {
        i32::try_from(self.0 * Decimal::ONE_HUNDRED).unwrap_or(i32::MAX)
    }

    fn process_result(cents: i32) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Cents(Decimal::new(cents.into(), 2)))
    }
}

/// Kept in upper case, and read in lower case.
#[derive(SqlType, Debug, Clone, PartialEq, Default)]
#[sql_type(decorator)]
struct Upper(String);

impl TypeDecorator for Upper {
    type Impl = String;
    const DATA_TYPE: DataType = DataType::Varchar(10);
    const BIND_FUNCTION: Option<&'static str> = Some("upper");
    const COLUMN_FUNCTION: Option<&'static str> = Some("lower");

    fn process_bind(&self) -> String {
        self.0.clone()
    }

    fn process_result(text: String) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Upper(text))
    }
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "custom")]
struct Custom {
    #[column(primary_key)]
    id: i32,
    price: Cents,
    code: Upper,
}

pub(crate) fn cases() -> Vec<Case> {
    let code = || Upper("ab".to_owned());
    vec![
        Case::new("type_date_arith_result", select(max(Order::placed_on))),
        Case::new("type_numeric_aggregate_result", select(sum(User::balance))),
        Case::new("type_float_result", select(Item::weight).order_by(Item::id)),
        Case::new("type_interval_bind", select(literal(TimeDelta::seconds(86_430)))),
        Case::new(
            "type_decorator_bind_expression",
            insert(Custom).values(Custom { id: 1, price: Cents(Decimal::new(100, 2)), code: code() }),
        ),
        Case::new("type_decorator_column_expression", select(Custom::code)),
        Case::new("type_decorator_where_expression", select(Custom::id).filter(Custom::code.eq(code()))),
    ]
}
