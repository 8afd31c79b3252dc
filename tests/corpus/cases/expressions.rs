use chrono::{NaiveDate, NaiveTime};
use orm::functions::extract;
use orm::prelude::*;
use orm::tree::Statement;
use orm::typed::Nil;
use orm::{DataType, DateField, Expr, case, inline, null};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::case::Case;
use crate::schema::{Order, User};

type Bucket = Expr<Option<String>, User>;

fn bucket() -> Bucket {
    let case = case::<String>().when(User::age.lt(28), "young").when(User::age.lt(35), "middle");
    Expr::from_tree(case.otherwise("old").into_tree())
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("it is a day")
}

fn time() -> Expr<NaiveTime, Nil> {
    literal(NaiveTime::from_hms_opt(3, 4, 5).expect("it is a time"))
}

/// FROM with a comma.
fn extract_of_two_tables() -> Vec<Statement> {
    let fields =
        (extract(DateField::DayOfWeek, Order::placed_on), extract(DateField::Epoch, User::created_at));
    let mut query = select(fields).cross_join(User).into_tree();
    query.from.extend(query.joins.drain(..).map(|join| join.to));
    vec![Statement::Select(query)]
}

pub(crate) fn cases() -> Vec<Case> {
    let over_28 = || User::age.gt(28);
    vec![
        Case::new("case_searched", select((User::name, bucket().label("bucket"))).order_by(User::id)),
        Case::new(
            "case_without_else",
            select(case::<String>().when(over_28(), "y").end()).order_by(User::id),
        ),
        Case::new(
            "case_simple_value",
            select(case::<i32>().of(Order::status).when("new", 1).when("paid", 2).otherwise(0))
                .order_by(Order::id),
        ),
        Case::new(
            "case_expression_results",
            select(case::<String>().when(over_28(), User::fullname).otherwise(User::name)).order_by(User::id),
        ),
        Case::new(
            "case_nested",
            select(
                case::<String>()
                    .when(User::is_active, case::<String>().when(over_28(), "a").otherwise("b"))
                    .otherwise("c"),
            )
            .order_by(User::id),
        ),
        Case::new("case_in_where", select(User::id).filter(bucket().eq("middle")).order_by(User::id)),
        Case::new("case_in_aggregate", select(sum(case::<i32>().when(User::is_active, 1).otherwise(0)))),
        Case::new(
            "case_null_result",
            select(case::<i32>().when(User::id.eq(1), null::<i32>()).otherwise(User::id)).order_by(User::id),
        ),
        Case::new("case_group_by", select((bucket().label("b"), count(()))).group_by(bucket())),
        Case::new("cast_to_text", select(User::id.cast::<String>())),
        Case::new("cast_to_integer", select(User::balance.cast::<i32>()).order_by(User::id)),
        Case::new(
            "cast_to_numeric",
            select(User::age.cast_as::<Decimal>(DataType::Numeric { precision: Some(10), scale: Some(2) }))
                .order_by(User::id),
        )
        // Which does not round there.
        .on(
            &["sqlite"],
            select(User::age.cast_as::<Decimal>(DataType::Other("NUMERIC(10, 2)".into()))).order_by(User::id),
        ),
        Case::new(
            "cast_to_float",
            select(User::age.cast_as::<f64>(DataType::Other("FLOAT".into()))).order_by(User::id),
        ),
        Case::new("try_cast", select(User::name.try_cast::<i32>())),
        Case::new("type_coerce_no_sql", select(User::id.type_coerce::<String>()).order_by(User::id)),
        Case::new("type_coerce_literal_json", select(literal(serde_json::json!({"a": 1}))))
            // Which would be a document otherwise.
            .on(&["mysql"], select(literal(r#"{"a": 1}"#.to_owned()).type_coerce::<serde_json::Value>())),
        Case::new("extract_year", select(extract(DateField::Year, User::created_at)).order_by(User::id)),
        Case::new(
            "extract_month_day",
            select((extract(DateField::Month, Order::placed_on), extract(DateField::Day, Order::placed_on)))
                .order_by(Order::id),
        ),
        Case::new(
            "extract_hour_minute",
            select((
                extract(DateField::Hour, Order::shipped_at),
                extract(DateField::Minute, Order::shipped_at),
            ))
            .order_by(Order::id),
        ),
        Case::new(
            "extract_in_group_by",
            select((extract(DateField::Year, Order::placed_on).label("y"), count(())))
                .group_by(extract(DateField::Year, Order::placed_on)),
        ),
        Case::new("extract_dow_epoch", extract_of_two_tables()),
        Case::new("literal_int", select(literal(5))),
        Case::new("literal_decimal", select(literal(Decimal::new(110, 2)))),
        Case::new("literal_bool", select(literal(true))),
        Case::new("literal_true_false_constants", select((inline(true), inline(false)))),
        Case::new("literal_null", select(null::<i32>())),
        Case::new(
            "literal_date_time",
            select((
                literal(day(2024, 1, 2)),
                literal(day(2024, 1, 2).and_hms_opt(3, 4, 5).expect("it is a time")),
            )),
        ),
        Case::new("literal_time", select(time().cast::<NaiveTime>()))
            // Without a fraction.
            .on(&["mysql", "mariadb"], select(time().cast_as::<NaiveTime>(DataType::Other("TIME".into())))),
        Case::new("literal_bytes", select(literal(vec![0_u8, 255]))),
        Case::new(
            "literal_uuid",
            select(literal(Uuid::from_u128(0x1234_5678_1234_5678_1234_5678_1234_5678))),
        ),
        Case::new(
            "expression_label_in_where_is_not_allowed_so_repeat",
            select((User::age + 1).label("n")).filter((User::age + 1).gt(30)),
        ),
        Case::new("parenthesised_self_group", select((User::age + 1) * 2).order_by(User::id)),
        Case::new(
            "bool_expression_as_value",
            select((User::id, User::is_active.and(User::age.gt(28)).label("b"))).order_by(User::id),
        ),
    ]
}
