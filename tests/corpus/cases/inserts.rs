use chrono::NaiveDate;
use orm::functions::{lower, upper};
use orm::prelude::*;
use orm::{Bindings, literal, param};
use rust_decimal::Decimal;

use crate::case::{Case, IntoStatements};
use crate::schema::{Address, Item, Keyword, Order, User};

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "autos")]
struct Auto1 {
    #[column(primary_key)]
    id: Auto<i32>,
}

pub(crate) fn cases() -> Vec<Case> {
    let word = || insert(Keyword).set(Keyword::word, "shiny");
    let named = || insert(User).set(User::name, "def");
    let next = || {
        // The key takes no NULL, and `max` of no row is one: the type is asserted.
        let next = select(max(Keyword::id) + 1).scalar();
        let next = orm::Expr::<i32, orm::typed::Nil>::from_tree(Expression::into_tree(next));
        insert(Keyword).set(Keyword::id, next).set(Keyword::word, "next")
    };
    let two = || insert(Keyword).rows((Keyword::id, Keyword::word), [(50, "x"), (51, "y")]);
    let others = || insert(Keyword).rows((Keyword::id, Keyword::word), [(56, "x"), (57, "y")]);
    let words =
        || insert(Keyword).rows(Keyword::word, ["m1", "m2", "m3"]).returning((Keyword::id, Keyword::word));
    let single =
        |word: &str| insert(Keyword).set(Keyword::word, word).returning((Keyword::id, Keyword::word));
    let keyed = |id: i32, word: &str| {
        insert(Keyword).set(Keyword::id, id).set(Keyword::word, word).returning(Keyword::word)
    };
    let dup = || insert(Keyword).set(Keyword::id, 1).set(Keyword::word, "dup");
    let mailed = {
        // An address needs an e-mail, and a user's may be NULL: the type is asserted.
        let email = orm::Expr::<String, User>::from_tree(User::email.into_tree());
        select((User::id, email)).filter(User::id.eq(2))
    };
    let many = |id: i32, name: &str| insert(User).set(User::id, id).set(User::name, name);
    vec![
        Case::new(
            "insert_values",
            insert(User).set(User::id, 70).set(User::name, "zed").set(User::is_active, false),
        ),
        Case::new("insert_generated_key", word()),
        Case::new("insert_client_defaults", named()),
        Case::new(
            "insert_explicit_null",
            insert(User).set(User::id, 71).set(User::name, "n").set(User::age, None::<i32>),
        ),
        Case::new("insert_multi_values", two()),
        Case::new(
            "insert_multi_values_with_defaults",
            insert(User).rows((User::id, User::name), [(72, "x"), (73, "y")]),
        ),
        Case::new(
            "insert_expression_value",
            insert(Keyword).set(Keyword::id, 52).set(Keyword::word, lower(literal("LOUD".to_owned()))),
        ),
        Case::new("insert_scalar_subquery_value", next()),
        Case::new(
            "insert_typed_values",
            insert(Order)
                .set(Order::id, 50)
                .set(Order::user_id, 1)
                .set(Order::total, Decimal::new(1230, 2))
                .set(Order::placed_on, NaiveDate::from_ymd_opt(2024, 5, 6).unwrap())
                .set(
                    Order::shipped_at,
                    NaiveDate::from_ymd_opt(2024, 5, 7).unwrap().and_hms_opt(8, 9, 10).unwrap(),
                ),
        ),
        Case::new(
            "insert_from_select",
            insert(Keyword).from_select(Keyword::word, select(Item::name).filter(Item::stock.gt(0))),
        ),
        Case::new(
            "insert_from_select_with_client_default",
            insert(Address).from_select((Address::user_id, Address::email), mailed),
        ),
        Case::new("insert_default_values", insert(Auto1).default_values()),
        Case::new(
            "insert_bindparam",
            insert(Keyword)
                .set(Keyword::id, param::<i32>("kid"))
                .set(Keyword::word, upper(param::<String>("w")))
                .bind("kid", 53)
                .bind("w", "cap".to_owned()),
        ),
        Case::new("insert_returning_id", insert(Keyword).set(Keyword::word, "r1").returning(Keyword::id)),
        Case::new("insert_multi_values_returning", others().returning(Keyword::id)),
        Case::only("insert_prefix", &["sqlite"], dup().or_ignore()).on(&["mysql", "mariadb"], dup().ignore()),
        Case::new("insert_inline", insert(Keyword).set(Keyword::word, "inl")),
        // Of which SQLAlchemy sends one text with several sets of binds.
        Case::new(
            "insert_executemany_client_default",
            [many(80, "m1").into_statements(), many(81, "m2").into_statements()].concat(),
        ),
        Case::new("insertmanyvalues_returning", words()).on(
            &["oracle"],
            [single("m1").into_statements(), single("m2").into_statements(), single("m3").into_statements()]
                .concat(),
        ),
        Case::new(
            "insertmanyvalues_sorted_client_key",
            insert(Keyword)
                .rows((Keyword::id, Keyword::word), [(90, "m1"), (91, "m2")])
                .returning((Keyword::word, Keyword::id)),
        )
        .on(
            &["sqlite", "oracle"],
            [keyed(90, "m1").into_statements(), keyed(91, "m2").into_statements()].concat(),
        ),
    ]
}
