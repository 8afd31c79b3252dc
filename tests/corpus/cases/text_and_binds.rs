use chrono::{NaiveDate, NaiveDateTime};
use orm::prelude::*;
use orm::tree::Statement;
use orm::typed::Query;
use orm::{CompileError, Compiled, Dialect, literal_column, null, param, param_or};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::case::Case;
use crate::schema::{Order, User};

#[derive(Record)]
struct T {
    id: i32,
    name: String,
}

fn literally<Q: Query<I>, I>(dialect: &dyn Dialect, query: Q) -> Result<Vec<Compiled>, CompileError> {
    let statement: Statement = query.into_statement().0;
    let sql = dialect.compile_literal(&statement)?;
    Ok(vec![Compiled { sql: sql.into(), binds: Vec::new() }])
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("it is a day")
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("text_plain", text("SELECT 1 AS one").columns::<i32>()),
        Case::new(
            "text_bind_repeated",
            text("SELECT id FROM users WHERE name = :n OR fullname = :n")
                .bind_str("n", "bob")
                .columns::<i32>(),
        ),
        Case::new(
            "text_bindparams_values",
            text("SELECT id FROM users WHERE id > :x ORDER BY id").bind("x", 2).columns::<i32>(),
        ),
        Case::new(
            "text_bind_typed",
            text("SELECT id FROM orders WHERE placed_on = :d").bind("d", day(2024, 2, 14)).columns::<i32>(),
        ),
        Case::new(
            "text_bind_expanding",
            text("SELECT id FROM users WHERE id IN :ids ORDER BY id")
                .bind_list("ids", [1, 2])
                .columns::<i32>(),
        ),
        Case::new(
            "text_columns_typed",
            text("SELECT id, created_at FROM users ORDER BY id").columns::<(i32, Option<NaiveDateTime>)>(),
        ),
        Case::new("text_columns_subquery", {
            let t = text("SELECT id, name FROM users").columns::<(i32, String)>().subquery(T);
            select(T::name).select_from(t)
        }),
        Case::new("text_in_where", select(User::id).filter(text("age > :min_age")).bind("min_age", 28)),
        Case::new(
            "text_in_where_and_expr",
            select(User::id).filter(text("age > 20").and(User::is_active)).order_by(User::id),
        ),
        Case::new(
            "text_in_or_is_not_grouped",
            select(User::id).filter(text("age > 100 OR age < 26").or(User::id.eq(4))).order_by(User::id),
        ),
        Case::new("text_percent_sign", text("SELECT id FROM users WHERE name LIKE 'a%'").columns::<i32>()),
        Case::new("bindparam_default_value", select(User::id).filter(User::age.gt(param_or("age", 28)))),
        Case::new(
            "bindparam_reused",
            select(User::id)
                .filter(User::name.eq(param::<String>("s")).or(User::fullname.eq(param::<String>("s"))))
                .bind_str("s", "bob"),
        ),
        Case::new(
            "bindparam_typed_null",
            select(User::id).filter(User::age.eq(param_or::<Option<i32>>("age", None))),
        ),
        Case::new(
            "bindparam_callable",
            select(User::id).filter(User::age.gt(param::<i32>("computed_age"))).bind("computed_age", 29),
        ),
        Case::compiled("literal_binds_int_string", |dialect| {
            let name = "O'Neil \\ 100% :x";
            literally(dialect, select(User::id).filter(User::age.eq(30).and(User::name.eq(name))))
        }),
        Case::compiled("literal_binds_temporal", |dialect| {
            let moment = day(2024, 1, 1).and_hms_opt(2, 3, 4).expect("it is a time");
            let filter = Order::placed_on.eq(day(2024, 2, 14)).and(Order::shipped_at.gt(moment));
            literally(dialect, select(Order::id).filter(filter))
        }),
        Case::compiled("literal_binds_decimal_float_bool_null", |dialect| {
            let list = (literal(Decimal::new(150, 2)), literal(2.5), literal(true), null::<i32>());
            literally(dialect, select(list))
        }),
        Case::compiled("literal_binds_in_list", |dialect| {
            let filter = User::id.in_([1, 2]).and(User::name.in_(["a", "b'c"]));
            literally(dialect, select(User::id).filter(filter))
        }),
        Case::compiled("literal_binds_in_empty", |dialect| {
            literally(dialect, select(User::id).filter(User::id.in_(Vec::<i32>::new())))
        }),
        Case::compiled("literal_binds_uuid", |dialect| {
            literally(dialect, select(literal(Uuid::from_u128(0x1234_5678_1234_5678_1234_5678_1234_5678))))
        }),
        Case::new("percent_in_column_literal", select(literal_column::<String>("'100%'"))),
        Case::new(
            "bind_order_across_clauses",
            select((literal("c".to_owned()), User::id))
                .select_from(User)
                .filter(User::name.eq("w"))
                .group_by(User::id)
                .having(count(()).gt(0))
                .order_by(User::id)
                .limit(9),
        ),
    ]
}
