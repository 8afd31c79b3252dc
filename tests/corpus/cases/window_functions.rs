use orm::prelude::*;
use orm::{
    FrameEnd, Over, cume_dist, dense_rank, first_value, lag, last_value, lead_by, ntile, percent_rank, rank,
    row_number,
};

use crate::case::Case;
use crate::schema::{Employee, Order, User};

#[derive(Record)]
struct Ranked {
    id: i32,
    department: Option<String>,
    rn: i64,
}

pub(crate) fn cases() -> Vec<Case> {
    let by_order = || Over::new().order_by(Order::id);
    let by_user = || Over::new().order_by(User::id);
    let by_employee = || Over::new().order_by(Employee::id);
    let by_department = || Over::new().partition_by(Employee::department).order_by(Employee::salary.desc());
    let in_user = || Over::new().partition_by(Order::user_id).order_by(Order::id);
    vec![
        Case::new("over_empty", select((Employee::id, count(()).over(Over::new()))).order_by(Employee::id)),
        Case::new(
            "over_row_number",
            select((Employee::id, row_number().over(by_employee()))).order_by(Employee::id),
        ),
        Case::new(
            "over_partition_two_columns",
            select((
                Order::id,
                count(()).over(Over::new().partition_by(Order::user_id).partition_by(Order::status)),
            ))
            .order_by(Order::id),
        ),
        Case::new(
            "over_rank_dense_rank",
            select((Employee::id, rank().over(by_department()), dense_rank().over(by_department())))
                .filter(Employee::salary.is_not_null())
                .order_by(Employee::id),
        ),
        Case::new(
            "over_ntile_percent_rank_cume_dist",
            select((
                Employee::id,
                ntile(2).over(by_employee()),
                percent_rank().over(by_employee()),
                cume_dist().over(by_employee()),
            ))
            .order_by(Employee::id),
        ),
        Case::new(
            "over_lag_lead",
            select((
                Order::id,
                lag(Order::total).over(by_order()),
                lead_by(Order::total, 2).over(by_order()),
            ))
            .order_by(Order::id),
        ),
        Case::new(
            "over_first_last_value",
            select((
                Order::id,
                first_value(Order::id).over(in_user()),
                last_value(Order::id).over(in_user()),
            ))
            .order_by(Order::id),
        ),
        Case::new(
            "over_running_total",
            select((Order::id, sum(Order::total).over(by_order()))).order_by(Order::id),
        ),
        Case::new(
            "over_rows_unbounded_current",
            select((
                Order::id,
                sum(Order::total).over(by_order().rows(FrameEnd::UnboundedPreceding, FrameEnd::CurrentRow)),
            ))
            .order_by(Order::id),
        ),
        Case::new(
            "over_rows_following_only",
            select((
                Order::id,
                count(()).over(by_order().rows(FrameEnd::Following(1), FrameEnd::UnboundedFollowing)),
            ))
            .order_by(Order::id),
        ),
        Case::new(
            "over_range_frame",
            select((
                User::id,
                count(()).over(by_user().range(FrameEnd::Preceding(1), FrameEnd::Following(1))),
            ))
            .order_by(User::id),
        ),
        Case::new(
            "over_range_unbounded",
            select((
                User::id,
                count(()).over(by_user().range(FrameEnd::UnboundedPreceding, FrameEnd::UnboundedFollowing)),
            ))
            .order_by(User::id),
        ),
        Case::new(
            "over_groups_frame",
            select((
                User::id,
                count(()).over(
                    Over::new().order_by(User::age).groups(FrameEnd::Preceding(1), FrameEnd::CurrentRow),
                ),
            ))
            .order_by(User::id),
        ),
        Case::new(
            "over_order_by_nulls_last_desc",
            select((
                Employee::id,
                row_number()
                    .over(Over::new().order_by(Employee::salary.desc().nulls_last()).order_by(Employee::id)),
            ))
            .order_by(Employee::id),
        ),
        Case::new(
            "over_with_filter",
            select((
                Employee::id,
                count(Employee::id)
                    .filter(Employee::salary.gt(5000))
                    .over(Over::new().partition_by(Employee::department)),
            ))
            .order_by(Employee::id),
        ),
        Case::new(
            "over_function_form",
            select(row_number().over(Over::new().order_by(Employee::name))).order_by(Employee::id),
        ),
        Case::new("over_top_n_per_group", {
            let order = by_department().order_by(Employee::id);
            let ranked = select((Employee::id, Employee::department, row_number().over(order)))
                .filter(Employee::salary.is_not_null())
                .subquery(Ranked);
            select(Ranked::id).select_from(ranked).filter(Ranked::rn.le(2)).order_by(Ranked::id)
        }),
        Case::new(
            "over_label_and_arithmetic",
            select(
                (Employee::salary
                    - avg(Employee::salary).over(Over::new().partition_by(Employee::department)))
                .label("diff"),
            )
            .order_by(Employee::id),
        ),
    ]
}
