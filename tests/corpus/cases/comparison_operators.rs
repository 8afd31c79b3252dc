use chrono::NaiveDate;
use orm::prelude::*;
use orm::{literal, param_list};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Order, OrderItem, User};

pub(crate) fn cases() -> Vec<Case> {
    let ids = || select(User::id);
    let line = || tuple((OrderItem::order_id, OrderItem::item_id));
    let quantities = || select(OrderItem::quantity);
    let february = NaiveDate::from_ymd_opt(2024, 2, 10).and_then(|day| day.and_hms_opt(0, 0, 0));
    vec![
        Case::new("between", ids().filter(User::age.between(25, 30))),
        Case::new("not_between", ids().filter(!User::age.between(25, 30))),
        Case::new("in_list", ids().filter(User::id.in_([1, 3, 5]))),
        Case::new("in_single", ids().filter(User::id.in_([1]))),
        Case::new("in_empty", ids().filter(User::id.in_(Vec::<i32>::new()))),
        Case::new("not_in_empty", ids().filter(User::id.not_in(Vec::<i32>::new()))),
        Case::new("in_empty_string_column", ids().filter(User::name.in_(Vec::<String>::new()))),
        Case::new("not_in_list", ids().filter(User::name.not_in(["alice", "bob"]))),
        Case::new("in_list_with_null", ids().filter(User::age.in_([Some(30), None]))),
        Case::new("in_expressions", ids().filter(User::id.in_((User::age - 29, literal(3))))),
        Case::new(
            "in_bindparam_expanding",
            ids().filter(User::id.in_(param_list::<i32>("ids"))).bind_list("ids", [2, 4]),
        ),
        Case::new(
            "in_bindparam_expanding_empty",
            ids().filter(User::id.in_(param_list::<i32>("ids"))).bind_list("ids", Vec::<i32>::new()),
        ),
        Case::new(
            "in_subquery",
            ids().filter(User::id.in_(select(Order::user_id).filter(Order::status.eq("shipped")))),
        ),
        Case::new("not_in_subquery", ids().filter(User::id.not_in(select(Order::user_id)))),
        Case::new(
            "in_two_lists_number_binds",
            ids().filter(User::id.in_([1, 2])).filter(User::name.eq("bob")).filter(User::age.in_([25, 30])),
        ),
        Case::new("tuple_in_list", quantities().filter(line().in_([(1, 1), (3, 2)]))),
        Case::new("tuple_in_empty", quantities().filter(line().in_(Vec::<(i32, i32)>::new()))),
        Case::new("tuple_compare", quantities().filter(line().gt((1, 1)))),
        Case::new("is_distinct_from_value", ids().filter(User::age.is_distinct_from(30))),
        Case::new("is_not_distinct_from_null", ids().filter(User::age.is_not_distinct_from(None::<i32>))),
        Case::new("is_distinct_from_column", ids().filter(User::name.is_distinct_from(User::fullname))),
        Case::new("compare_string", ids().filter(User::name.eq("O'Neil"))),
        Case::new("compare_decimal", ids().filter(User::balance.gt(Decimal::new(999, 2)))),
        Case::new("compare_datetime", ids().filter(User::created_at.lt(february))),
        Case::new("compare_bool_value", ids().filter(User::is_active.eq(true))),
        Case::new("compare_subquery_scalar", ids().filter(User::age.eq(select(max(User::age)).scalar()))),
    ]
}
