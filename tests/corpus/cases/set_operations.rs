use orm::literal;
use orm::prelude::*;

use crate::case::Case;
use crate::schema::{Order, User};

#[derive(Record)]
#[record(name = "anon_1")]
struct Anonymous {
    id: i32,
}

#[derive(Record)]
struct Ids {
    id: i32,
}

pub(crate) fn cases() -> Vec<Case> {
    let young = || select(User::id).filter(User::age.le(30));
    let active = || select(User::id).filter(User::is_active);
    vec![
        Case::new("union", young().union(active()).order_by(User::id)),
        Case::new("union_all", young().union_all(active()).order_by(User::id)),
        Case::new("union_method", young().union(active()).order_by(orm::label("id"))),
        Case::new("intersect", young().intersect(active()).order_by(User::id)),
        Case::new("except", young().except(active()).order_by(User::id)),
        Case::new("intersect_all", young().intersect_all(active()).order_by(User::id)),
        Case::new(
            "except_all",
            select(Anonymous::id)
                .select_from(young().union_all(young()).subquery(Anonymous))
                .except_all(active()),
        ),
        Case::new("union_three", young().union(active()).union(select(literal(99))).order_by(User::id)),
        Case::new("union_limit_offset", young().union(active()).order_by(User::id).limit(2).offset(1)),
        Case::new(
            "union_of_limited_selects",
            young().order_by(User::id).limit(1).union(active().order_by(User::id.desc()).limit(1)),
        ),
        Case::new("union_nested_in_union", young().union(active().union_all(active()))),
        Case::new("except_of_union", young().union(active()).except(select(Order::user_id))),
        Case::new("union_as_subquery", select(count(Ids)).select_from(young().union(active()).subquery(Ids))),
        Case::new(
            "union_in_where",
            select(User::name).filter(User::id.in_(young().union(active()))).order_by(User::id),
        ),
        Case::new(
            "union_selected_columns",
            select(Anonymous::id).select_from(young().union(active()).subquery(Anonymous)),
        ),
    ]
}
