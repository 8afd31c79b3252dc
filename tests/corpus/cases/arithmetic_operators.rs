use chrono::{NaiveDateTime, TimeDelta};
use orm::literal;
use orm::prelude::*;

use crate::case::Case;
use crate::schema::{Item, Order, OrderItem, User};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "add_subtract_multiply",
            select((User::age + 1, User::age - 1, User::age * 2)).order_by(User::id),
        ),
        Case::new("true_division_numeric", select(Item::price / 3).order_by(Item::id)),
        Case::new("floor_division_integers", select(User::age.floor_div(4)).order_by(User::id)),
        Case::new("floor_division_numeric", select(Item::price.floor_div(3)).order_by(Item::id)),
        Case::new("modulo", select(User::age % 7).order_by(User::id)),
        Case::new("negate", select(-User::age).order_by(User::id)),
        Case::new(
            "left_operand_literal",
            select((literal(100) - User::age, literal(2) * User::age)).order_by(User::id),
        ),
        Case::new(
            "bitwise_and_or_xor",
            select((User::id.bitwise_and(3), User::id.bitwise_or(8), User::id.bitwise_xor(1)))
                .order_by(User::id),
        ),
        Case::new("bitwise_not", select(User::id.bitwise_not()).order_by(User::id)),
        Case::new(
            "bitwise_shift",
            select((User::id.bitwise_lshift(2), User::id.bitwise_rshift(1))).order_by(User::id),
        ),
        Case::new("custom_bool_operator", select(User::id).filter(User::name.bool_op("LIKE", "a%"))),
        Case::only(
            "date_minus_date",
            &["postgresql", "oracle"],
            select(Order::shipped_at - Order::placed_on.cast::<NaiveDateTime>()),
        ),
        Case::only(
            "datetime_plus_interval",
            &["postgresql", "oracle"],
            select(User::created_at + TimeDelta::days(1)).order_by(User::id),
        ),
        Case::new("numeric_plus_integer", select(User::balance + 1).order_by(User::id)),
        Case::new("sum_of_product", select(sum(OrderItem::quantity * OrderItem::unit_price))),
    ]
}
