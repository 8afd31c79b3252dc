use orm::functions::{coalesce, upper};
use orm::prelude::*;
use orm::{Bindings, Record, param, values};
use rust_decimal::Decimal;

use crate::case::{Case, IntoStatements};
use crate::schema::{Address, Employee, Keyword, Order, OrderItem, User};

alias!(O2 = Order);

#[derive(Record, Debug, Clone, PartialEq)]
struct Mx {
    user_id: i32,
    m: Option<Decimal>,
}

#[derive(Record, Debug, Clone, PartialEq)]
struct V {
    id: i32,
    w: String,
}

pub(crate) fn cases() -> Vec<Case> {
    let total = select(sum(Order::total)).correlate(User).filter(Order::user_id.eq(User::id)).scalar();
    let aged = |id: i32, age: i32| update(User).set(User::age, age).filter(User::id.eq(id));
    let most = select((Order::user_id, max(Order::total))).group_by(Order::user_id).subquery(Mx);
    let renames = values([(1, "iron".to_owned()), (2, "tiny".to_owned())]).subquery(V);
    vec![
        Case::new("update_all", update(User).set(User::age, 0).all_rows()),
        Case::new(
            "update_where",
            update(User).set(User::name, "x").set(User::age, 31).filter(User::id.eq(1)),
        ),
        Case::new(
            "update_column_keys",
            update(User).set(User::name, "y").set(User::age, 5).filter(User::id.eq(1)),
        ),
        Case::new("update_to_sql_function", update(User).set(User::name, upper(User::name)).all_rows()),
        Case::new(
            "update_case",
            update(User).set(User::age, case::<i32>().when(User::age.gt(28), 1).otherwise(0)).all_rows(),
        ),
        Case::new(
            "update_ordered_values",
            update(User).set(User::age, 5).set(User::name, "z").filter(User::id.eq(1)),
        ),
        Case::new(
            "update_bindparam_names",
            update(User)
                .set(User::name, param::<String>("new"))
                .filter(User::name.eq(param::<String>("old")))
                .bind("old", "bob".to_owned())
                .bind("new", "rob".to_owned()),
        ),
        Case::new(
            "update_correlated_subquery",
            update(User).set(User::balance, coalesce(total, Decimal::ZERO)).all_rows(),
        ),
        Case::new(
            "update_subquery_where",
            update(User)
                .set(User::is_active, false)
                .filter(User::id.in_(select(Order::user_id).filter(Order::status.eq("cancelled")))),
        ),
        Case::new(
            "update_from",
            update(User)
                .from(Address)
                .set(User::fullname, Address::email)
                .filter(User::id.eq(Address::user_id))
                .filter(Address::city.eq("Bergen")),
        ),
        Case::new(
            "update_from_two_tables",
            update(User)
                .from(Order)
                .from(OrderItem)
                .set(User::age, 99)
                .filter(User::id.eq(Order::user_id))
                .filter(Order::id.eq(OrderItem::order_id))
                .filter(OrderItem::item_id.eq(2)),
        ),
        Case::new(
            "update_from_alias",
            update(Order)
                .from(O2)
                .set(Order::note, Order::status.of(O2))
                .filter(Order::user_id.eq(Order::user_id.of(O2)))
                .filter(Order::id.of(O2).eq(1)),
        ),
        Case::new(
            "update_from_subquery",
            update(User).from(most).set(User::age, 7).filter(User::id.eq(Mx::user_id)),
        ),
        Case::only(
            "update_from_values",
            &["postgresql"],
            update(Keyword).from(renames).set(Keyword::word, V::w).filter(Keyword::id.eq(V::id)),
        ),
        Case::only(
            "update_from_returning_other_table",
            &["postgresql"],
            update(User)
                .from(Address)
                .set(User::age, 3)
                .filter(User::id.eq(Address::user_id))
                .filter(Address::id.eq(1))
                .returning((User::id, Address::city)),
        ),
        Case::only(
            "update_limit_mysql",
            &["mysql", "mariadb"],
            update(User).set(User::age, 1).all_rows().limit(2),
        ),
        Case::new(
            "update_tuple_assignment",
            update(User).set(User::age, select(max(Employee::id)).scalar()).filter(User::id.eq(1)),
        ),
        Case::new(
            "update_executemany",
            [aged(1, 11).into_statements(), aged(2, 12).into_statements()].concat(),
        ),
        Case::new(
            "update_prefix",
            update(User).set(User::age, 1).all_rows().prefix_for("mysql", "LOW_PRIORITY"),
        ),
    ]
}
