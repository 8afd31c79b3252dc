use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use orm::functions::{array_agg, coalesce, json_agg, json_object, length, mode, percentile_cont, string_agg};
use orm::prelude::*;
use orm::{Expr, cube, inline, label, rollup};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Employee, Keyword, Order, OrderItem, User};

/// What `length` counts in MySQL.
fn bytes() -> Expr<i64, User> {
    Expr::from_tree(func("length", (User::name.type_coerce::<Vec<u8>>(),)).returns::<i64>().into_tree())
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("func_count_column", select(count(User::age))),
        Case::new("func_count_distinct", select(count(User::age).distinct())),
        Case::new(
            "func_sum_avg_min_max",
            select((
                sum(User::age),
                // SQLAlchemy's average of integers is a decimal.
                func("avg", (User::age,)).returns::<Option<Decimal>>(),
                min(User::age),
                max(User::age),
            )),
        ),
        Case::new("func_coalesce", select(coalesce(User::age, 0)).order_by(User::id)),
        Case::new(
            "func_concat",
            select(func("concat", (User::name, "-", User::id)).returns::<String>()).order_by(User::id),
        ),
        Case::new("func_current_timestamp", select(func("current_timestamp", ()).returns::<DateTime<Utc>>()))
            // In the database's own form.
            .on(&["mysql", "mariadb", "sqlite"], select(func("current_timestamp", ()).returns::<String>())),
        Case::new("func_current_date", select(func("current_date", ()).returns::<NaiveDate>())),
        Case::new("func_localtimestamp", select(func("localtimestamp", ()).returns::<NaiveDateTime>()))
            .on(&["mysql", "mariadb"], select(func("localtimestamp", ()).returns::<String>()))
            .on(&["sqlite"], {
                let now = func("current_timestamp", ()).returns::<String>();
                select(func("datetime", (now, inline("localtime".to_owned()))).returns::<String>())
            }),
        Case::new("func_session_user_no_parens", select(func("session_user", ()).returns::<String>())),
        Case::new("func_char_length", select(func("char_length", (User::name,)).returns::<i64>())),
        Case::new("func_random", select(func("random", ()).returns::<i64>())),
        Case::new("func_package_qualified", select(func("dbms.util.do_it", (User::id,)).returns::<i64>())),
        Case::new(
            "func_mixed_case_and_trailing_underscore",
            select((
                func("MyFunc", (User::id,)).returns::<i64>(),
                func("my_func", (User::id,)).returns::<i64>(),
            )),
        ),
        Case::new("func_typed", select(func("my_total", (User::id,)).returns::<Decimal>())),
        Case::new(
            "group_by_having",
            select((Order::user_id, count(Order::id)))
                .group_by(Order::user_id)
                .having(count(Order::id).gt(1))
                .order_by(Order::user_id),
        ),
        Case::new(
            "group_by_join",
            select((User::name, sum(OrderItem::quantity * OrderItem::unit_price).label("spent")))
                .join_on(Order, User::id.eq(Order::user_id))
                .join_on(OrderItem, Order::id.eq(OrderItem::order_id))
                .group_by((User::id, User::name))
                .order_by(label("spent").desc()),
        ),
        Case::new(
            "group_by_expression",
            select((length(User::name).label("n"), count(())))
                .group_by(length(User::name))
                .order_by(label("n")),
        )
        .on(
            &["mysql", "mariadb"],
            select((bytes().label("n"), count(()))).group_by(bytes()).order_by(label("n")),
        ),
        Case::new(
            "group_by_label_name",
            select((length(User::name).label("n"), count(()))).group_by(label("n")).order_by(label("n")),
        )
        .on(
            &["mysql", "mariadb"],
            select((bytes().label("n"), count(()))).group_by(label("n")).order_by(label("n")),
        ),
        Case::new(
            "group_by_rollup",
            select((Order::user_id, Order::status, count(())))
                .group_by(rollup((Order::user_id, Order::status))),
        ),
        Case::new(
            "group_by_cube",
            select((Order::user_id, Order::status, count(())))
                .group_by(cube((Order::user_id, Order::status))),
        ),
        Case::new("aggregate_filter", select((count(User::id).filter(User::is_active), count(User::id)))),
        Case::new(
            "aggregate_filter_two_criteria",
            select(sum(Order::total).filter(Order::status.eq("shipped").and(Order::total.gt(20)))),
        ),
        Case::new(
            "within_group_percentile",
            select(percentile_cont(0.5).within_group(Employee::salary.desc())),
        ),
        Case::new("within_group_mode", select(mode().within_group(Employee::department))),
        Case::new("array_agg_ordered", select(array_agg(Keyword::word).order_by(Keyword::word.desc()))),
        Case::new("string_agg_ordered", select(string_agg(Keyword::word, "; ").order_by(Keyword::word))),
        Case::new("json_agg", select(json_agg(Keyword::word))),
        Case::new(
            "json_object_function",
            select(json_object(("id", User::id, "name", User::name))).order_by(User::id),
        ),
    ]
}
