use orm::prelude::*;
use orm::{label, literal, param};

use crate::case::Case;
use crate::schema::User;

#[derive(Record)]
#[record(name = "anon_1")]
struct First {
    id: i32,
}

pub(crate) fn cases() -> Vec<Case> {
    let ids = || select(User::id).order_by(User::id);
    let length = || functions::length(User::name).label("n");
    vec![
        Case::new("order_by", select(User::id).order_by(User::name)),
        Case::new("order_by_desc", select(User::id).order_by((User::age.desc(), User::id))),
        Case::new(
            "order_by_nulls_first",
            select(User::id).order_by((User::age.asc().nulls_first(), User::id)),
        ),
        Case::new("order_by_label", select((User::id, length())).order_by((label("n").desc(), User::id))),
        Case::new(
            "order_by_string_label_of_column",
            select((User::id, User::name.label("who"))).order_by(label("who")),
        ),
        Case::new("order_by_expression", select(User::id).order_by(functions::lower(User::name))),
        Case::new(
            "order_by_case",
            select(User::id).order_by((case::<i32>().when(User::name.eq("carol"), 0).otherwise(1), User::id)),
        ),
        // An ordering is not taken back here: a query is made without it.
        Case::new("order_by_cleared", ids()),
        Case::new("offset", ids().offset(3)),
        Case::new("limit_without_order_by", select(User::id).limit(2)),
        Case::new("limit_zero", ids().limit(0)),
        Case::new("slice", ids().offset(1).limit(2)),
        Case::new("limit_expression", ids().limit_expr(literal(1) + 1)),
        Case::new(
            "limit_offset_bindparams",
            ids()
                .limit_expr(param::<i64>("n"))
                .offset_expr(param::<i64>("skip"))
                .bind("n", 2)
                .bind("skip", 2),
        ),
        Case::new("fetch", ids().fetch(3)),
        Case::new("distinct_order_limit", select(User::age).distinct().order_by(User::age).limit(2)),
        Case::new("limit_in_subquery", select(count(First)).select_from(ids().limit(3).subquery(First))),
    ]
}
