//! Statements as people read them.

use expect_test::expect;
use orm::prelude::*;
use orm::{Over, row_number};

use crate::models::{Address, User};

#[test]
fn statements_are_printed_clause_by_clause() {
    let query = select((User::name, count(Address::id).label("n")))
        .outer_join(User::addresses)
        .filter(
            User::name
                .starts_with("it's")
                .and(User::fullname.is_not_null())
                .and(User::id.gt(1).or(User::id.eq(-1))),
        )
        .group_by(User::name)
        .having(count(Address::id).gt(2))
        .order_by(User::name.desc())
        .limit(3);
    expect![[r#"
        SELECT user_account.name, count(address.id) AS n
        FROM user_account
        LEFT OUTER JOIN address ON user_account.id = address.user_id
        WHERE user_account.name LIKE 'it''s' || '%'
          AND user_account.fullname IS NOT NULL
          AND (user_account.id > 1 OR user_account.id = -1)
        GROUP BY user_account.name
        HAVING count(address.id) > 2
        ORDER BY user_account.name DESC
        LIMIT 3"#]]
    .assert_eq(&query.to_string());

    let inner = select(Address::user_id).filter(Address::email.eq("a@b"));
    let query =
        select((User::id, row_number().over(Over::new().order_by(User::name)))).filter(User::id.in_(inner));
    expect![[r#"
        SELECT user_account.id, row_number() OVER (ORDER BY user_account.name)
        FROM user_account
        WHERE user_account.id IN (
          SELECT address.user_id
          FROM address
          WHERE address.email = 'a@b'
        )"#]]
    .assert_eq(&query.to_string());

    let user = |name: &str| User { name: name.into(), ..default() };
    expect![[r#"
        INSERT INTO user_account (name, fullname)
        VALUES ('ann', NULL),
               ('bob', NULL)"#]]
    .assert_eq(&insert(User).values([user("ann"), user("bob")]).to_string());
    let change = update(User).set(User::name, "x").set(User::id, User::id + 1).filter(User::id.eq(1));
    expect![[r#"
        UPDATE user_account
        SET name = 'x',
            id = user_account.id + 1
        WHERE user_account.id = 1"#]]
    .assert_eq(&change.to_string());
    expect![[r#"
        DELETE FROM user_account
        WHERE user_account.id = 1"#]]
    .assert_eq(&delete(User).filter(User::id.eq(1)).to_string());
}
