use chrono::NaiveDate;
use orm::prelude::*;
use orm::typed::Nil;
use orm::{Derived, Expr, literal_column, tablesample};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Address, Order, User};

#[derive(Record)]
struct Adults {
    id: i32,
    name: String,
}

#[derive(Record)]
struct Inner2 {
    id: i32,
}

#[derive(Record)]
struct Ua {
    id: i32,
    id_1: i32,
    email: String,
}

#[derive(Record)]
struct Latest {
    id: i32,
    placed_on: Option<NaiveDate>,
}

#[derive(Record)]
struct Vals {
    k: i32,
    v: String,
}

alias!(O2 = Order);
alias!(Ts = User);
alias!(U1 = User);

fn adults() -> Derived<Adults> {
    select((User::id, User::name)).filter(User::age.gt(26)).subquery(Adults)
}

fn latest() -> Derived<Latest, User> {
    select((Order::id.of(O2), Order::placed_on.of(O2)))
        .correlate(User)
        .filter(Order::user_id.of(O2).eq(User::id))
        .order_by(Order::placed_on.of(O2).desc())
        .limit(1)
        .lateral(Latest)
}

/// The users' mean age, in the type in which a database gives it.
fn mean<T: SqlType<Base = T>>() -> Expr<Option<T>, Nil> {
    select(func("avg", (User::age,)).returns::<T>()).scalar()
}

pub(crate) fn cases() -> Vec<Case> {
    let vals = || values([(1, "one"), (2, "two")]).subquery(Vals);
    let orders = || select(Order::id).correlate(User).filter(Order::user_id.eq(User::id));
    vec![
        Case::new("subquery_in_from", select(Adults::name).select_from(adults()).order_by(Adults::id)),
        Case::new(
            "subquery_of_subquery",
            select(Inner2::id).select_from(select(Adults::id).select_from(adults()).subquery(Inner2)),
        ),
        Case::new(
            "subquery_duplicate_columns",
            select(Ua).select_from(
                select((User::id, Address::id, Address::email))
                    .join_on(Address, User::id.eq(Address::user_id))
                    .subquery(Ua),
            ),
        ),
        Case::new(
            "scalar_subquery_uncorrelated",
            select((User::name, select(max(Order::total)).scalar())).order_by(User::id),
        ),
        Case::new(
            "scalar_subquery_in_expression",
            select(User::id)
                .filter(User::age.type_coerce::<Decimal>().gt(mean::<Decimal>()))
                .order_by(User::id),
        )
        .on(
            &["sqlite"],
            select(User::id).filter(User::age.type_coerce::<f64>().gt(mean::<f64>())).order_by(User::id),
        ),
        Case::new("correlate_explicit", select(User::id).filter(exists(orders())).order_by(User::id)),
        Case::new(
            "exists_from_select",
            select(User::id)
                .filter(exists(orders().filter(Order::total.gt(Decimal::from(100)))))
                .order_by(User::id),
        ),
        Case::new(
            "exists_top_level",
            select(exists(select(literal_column::<i32>("*")).select_from(User).filter(User::age.gt(40)))),
        ),
        Case::new("lateral_join", select((User::name, Latest::id)).join_lateral(latest()).order_by(User::id)),
        Case::new(
            "lateral_outer_join",
            select((User::name, Latest::id)).outer_join_lateral(latest()).order_by(User::id),
        ),
        Case::new(
            "lateral_comma",
            select((User::name, Latest::id)).from(latest()).filter(Latest::id.gt(0)).order_by(User::id),
        ),
        Case::new("values_construct", select(Vals).select_from(vals()).order_by(Vals::k)),
        Case::new(
            "values_joined",
            select((User::name, Vals::v)).join_on(vals(), User::id.eq(Vals::k)).order_by(User::id),
        ),
        Case::new(
            "tablesample",
            select(User::id.of(Ts))
                .select_from(tablesample(Ts, "bernoulli", 100).seed(literal_column::<i32>("1"))),
        ),
        Case::new("alias_of_table", select(User::name.of(U1)).order_by(literal_column::<i32>("1"))),
        Case::new("values_scalar", select(User::id).filter(User::id.in_(values([1, 2])))),
    ]
}
