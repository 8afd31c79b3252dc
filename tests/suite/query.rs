//! Typed queries: the SQL that each becomes, and the rows that it gives.

use orm::literal;
use orm::prelude::*;
use orm::tree::BinaryOperator;
use orm::typed::{Executable, Owned, Query};

use crate::databases::on_each;
use crate::models::{self, *};
use crate::support::in_common;

orm::alias!(pub(crate) Manager = Employee);

/// The rows of a query, after a look at its SQL, which stands here as SQLite has it; each dialect's own tests have the
/// others.
async fn check<Q: Query<I> + Clone, I>(engine: &Engine, query: Q, sql: &str) -> Vec<Q::Row<Owned>> {
    let (statement, _) = query.clone().into_statement();
    let compiled = engine.dialect().compile(&statement).unwrap();
    if engine.dialect().name() == "sqlite" {
        assert_eq!(&*compiled.sql, sql);
    }
    engine.all(query).await.unwrap()
}

fn sql_of(engine: &Engine, statement: impl Executable) -> String {
    in_common(&engine.dialect().compile(&statement.into_statement()).unwrap().sql)
}

async fn seed(engine: &Engine) {
    models::create(engine).await;
    let mut session = Session::new(engine);
    let address = |email: &str| Address { email: email.into(), ..default() };
    session.add_all([
        User {
            name: "sandy".into(),
            fullname: Some("Sandy Cheeks".into()),
            addresses: many![address("sandy@a.org"), address("s@b.org")],
            ..default()
        },
        User { name: "patrick".into(), addresses: many![address("p@a.org")], ..default() },
        User { name: "squid_ward".into(), fullname: Some("50% Squid".into()), ..default() },
    ]);
    let boss = session.add(Employee { name: "boss".into(), ..default() });
    for name in ["low", "mid"] {
        session.append(boss, Employee::reports, Employee { name: name.into(), ..default() });
    }
    session.commit().await.unwrap();
}

const USER: &str = "SELECT user_account.id, user_account.name, user_account.fullname FROM user_account";

fn names(users: &[User]) -> Vec<&str> {
    users.iter().map(|u| u.name.as_str()).collect()
}

#[tokio::test]
async fn comparisons() {
    on_each(async |db| {
        seed(&db.engine).await;
        macro_rules! filtered {
            ($condition:expr, $sql:literal, $($name:literal),*) => {
                let query = select(User).filter($condition).order_by(User::id);
                let sql = format!("{USER} WHERE {} ORDER BY user_account.id", $sql);
                assert_eq!(names(&check(&db.engine, query, &sql).await), [$($name),*] as [&str; [$($name),*].len()], "{}", $sql);
            };
        }
        filtered!(User::id.eq(1), "user_account.id = ?", "sandy");
        filtered!(User::id.ne(1), "user_account.id != ?", "patrick", "squid_ward");
        filtered!(User::id.lt(2), "user_account.id < ?", "sandy");
        filtered!(User::id.le(2), "user_account.id <= ?", "sandy", "patrick");
        filtered!(User::id.gt(2), "user_account.id > ?", "squid_ward");
        filtered!(User::id.ge(2), "user_account.id >= ?", "patrick", "squid_ward");
        filtered!(User::fullname.is_null(), "user_account.fullname IS NULL", "patrick");
        filtered!(User::fullname.eq(None::<&str>), "user_account.fullname IS NULL", "patrick");
        filtered!(User::fullname.ne(None::<&str>), "user_account.fullname IS NOT NULL", "sandy", "squid_ward");
        filtered!(
            User::fullname.is_distinct_from("Sandy Cheeks"),
            "user_account.fullname IS NOT ?",
            "patrick",
            "squid_ward"
        );
        filtered!(User::fullname.is_not_distinct_from(None::<&str>), "user_account.fullname IS NULL", "patrick");
        filtered!(User::id.in_([1, 3]), "user_account.id IN (?, ?)", "sandy", "squid_ward");
        filtered!(User::id.not_in([1, 3]), "user_account.id NOT IN (?, ?)", "patrick");
        filtered!(User::id.between(2, 3), "user_account.id BETWEEN ? AND ?", "patrick", "squid_ward");
        filtered!(User::name.like("s%"), "user_account.name LIKE ?", "sandy", "squid_ward");
        filtered!(User::name.not_like("s%"), "user_account.name NOT LIKE ?", "patrick");
        filtered!(User::name.ilike("SAN%"), "lower(user_account.name) LIKE lower(?)", "sandy");
        filtered!(User::name.starts_with("squid_"), "user_account.name LIKE ? || '%' ESCAPE '/'", "squid_ward");
        filtered!(
            User::fullname.contains("50%"),
            "user_account.fullname LIKE '%' || ? || '%' ESCAPE '/'",
            "squid_ward"
        );
        filtered!(User::name.ends_with("y"), "user_account.name LIKE '%' || ?", "sandy");
        filtered!(User::name.regexp("^p.*k$"), "user_account.name REGEXP ?", "patrick");
        filtered!(User::name.concat("!").eq("sandy!"), "user_account.name || ? = ?", "sandy");
        filtered!(User::id.cast::<String>().eq("2"), "CAST(user_account.id AS TEXT) = ?", "patrick");
        let collation = match db.engine.dialect().name() {
            "sqlite" => "NOCASE",
            "postgres" => "C",
            _ => "utf8mb4_bin",
        };
        let collated = select(User::name).filter(User::name.collate(collation).eq("patrick"));
        let rows = check(
            &db.engine,
            collated,
            "SELECT user_account.name FROM user_account WHERE user_account.name COLLATE \"NOCASE\" = ?",
        );
        assert_eq!(rows.await, ["patrick"]);
        filtered!(
            User::id.eq(1).or(User::id.eq(2).and(User::fullname.is_null())),
            "user_account.id = ? OR user_account.id = ? AND user_account.fullname IS NULL",
            "sandy",
            "patrick"
        );
        filtered!(
            (User::id.eq(1) | User::id.eq(2)) & !User::name.eq("sandy"),
            "(user_account.id = ? OR user_account.id = ?) AND user_account.name != ?",
            "patrick"
        );
        filtered!((User::id * 2 + 1).gt(5), "user_account.id * ? + ? > ?", "squid_ward");
        filtered!((-User::id).lt(-2), "-user_account.id < ?", "squid_ward");
        filtered!((User::id % 2).eq(0), "user_account.id % ? = ?", "patrick");
        filtered!((User::id - (User::id - 1)).eq(User::id), "user_account.id - (user_account.id - ?) = user_account.id", "sandy");
    })
    .await;
}

#[tokio::test]
async fn an_empty_list_holds_nothing() {
    on_each(async |db| {
        seed(&db.engine).await;
        let none = select(User).filter(User::id.in_(Vec::<i64>::new()));
        assert_eq!(db.engine.all(none).await.unwrap().len(), 0);
        let all = select(User).filter(User::id.not_in(Vec::<i64>::new()));
        assert_eq!(db.engine.all(all).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn filters_add_up_step_by_step() {
    on_each(async |db| {
        seed(&db.engine).await;
        let search = |name: Option<&str>, long: bool| {
            let mut query = select(User::name);
            if let Some(name) = name {
                query = query.filter(User::name.contains(name));
            }
            if long {
                query = query.filter(functions::length(User::name).gt(6));
            }
            query.order_by(User::name)
        };
        assert_eq!(db.engine.all(search(None, false)).await.unwrap(), ["patrick", "sandy", "squid_ward"]);
        assert_eq!(db.engine.all(search(Some("a"), true)).await.unwrap(), ["patrick", "squid_ward"]);
    })
    .await;
}

#[tokio::test]
async fn joins() {
    on_each(async |db| {
        seed(&db.engine).await;
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let inner = select((User::name, Address::email)).join(User::addresses).order_by(Address::id);
        let rows = check(
            &db.engine,
            inner,
            "SELECT user_account.name, address.email FROM user_account \
             JOIN address ON user_account.id = address.user_id ORDER BY address.id",
        )
        .await;
        assert_eq!(rows, [pair("sandy", "sandy@a.org"), pair("sandy", "s@b.org"), pair("patrick", "p@a.org")]);

        let outer = select((User::name, count(Address::id)))
            .outer_join(User::addresses)
            .group_by(User::id)
            .having(count(Address::id).ne(1))
            .order_by((count(Address::id).desc(), User::name));
        let rows = check(
            &db.engine,
            outer,
            "SELECT user_account.name, count(address.id) FROM user_account \
             LEFT OUTER JOIN address ON user_account.id = address.user_id GROUP BY user_account.id \
             HAVING count(address.id) != ? ORDER BY count(address.id) DESC, user_account.name",
        )
        .await;
        assert_eq!(rows, [("sandy".to_owned(), 2), ("squid_ward".to_owned(), 0)]);

        let aliased = select((Employee::name, Employee::name.of(Manager)))
            .outer_join(Employee::manager.to(Manager))
            .order_by(Employee::id);
        let rows: Vec<(String, Option<String>)> = check(
            &db.engine,
            aliased,
            "SELECT employee.name, manager.name FROM employee \
             LEFT OUTER JOIN employee AS manager ON manager.id = employee.manager_id ORDER BY employee.id",
        )
        .await;
        let boss = || Some("boss".to_owned());
        assert_eq!(rows, [("boss".to_owned(), None), ("low".to_owned(), boss()), ("mid".to_owned(), boss())]);

        let on = select((User::id, Address::id)).join_on(Address, Address::email.starts_with(User::name));
        let rows = check(
            &db.engine,
            on,
            "SELECT user_account.id, address.id FROM user_account JOIN address ON address.email LIKE user_account.name || '%'",
        )
        .await;
        assert_eq!(rows, [(1, 1)]);

        let crossed = select(count(())).select_from(User).cross_join(Address);
        assert_eq!(
            check(&db.engine, crossed, "SELECT count(*) FROM user_account CROSS JOIN address").await,
            [9]
        );
        let full = select((User::name, Address::id)).full_join(User::addresses).filter(Address::id.is_null());
        let rows: orm::Result<Vec<(Option<String>, Option<i64>)>> = db.engine.all(full).await;
        if db.features.full_join {
            assert_eq!(rows.unwrap(), [(Some("squid_ward".to_owned()), None)]);
        } else {
            assert!(matches!(rows, Err(orm::Error::Unsupported { .. })), "{rows:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn many_to_many_joins_go_through_the_link_table() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = Tag { name: "t".into(), ..default() };
        let post = Post { title: "p".into(), tags: many![tag], ..default() };
        session.add(Blog { title: "b".into(), posts: many![post], ..default() });
        session.commit().await.unwrap();
        let query = select((Post::title, Tag::name)).join(Post::tags).filter(Tag::name.eq("t"));
        let rows = check(
            &db.engine,
            query,
            "SELECT post.title, tag.name FROM post JOIN post_tags AS post_tags_1 ON post.id = post_tags_1.post_id \
             JOIN tag ON tag.id = post_tags_1.tag_id WHERE tag.name = ?",
        )
        .await;
        assert_eq!(rows, [("p".to_owned(), "t".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn subqueries() {
    on_each(async |db| {
        seed(&db.engine).await;
        let addresses = || select(Address::id).correlate(User).filter(Address::user_id.eq(User::id));
        let with = select(User::name).filter(exists(addresses())).order_by(User::id);
        let rows = check(
            &db.engine,
            with,
            "SELECT user_account.name FROM user_account WHERE EXISTS (SELECT address.id FROM address \
             WHERE address.user_id = user_account.id) ORDER BY user_account.id",
        )
        .await;
        assert_eq!(rows, ["sandy", "patrick"]);
        let without = select(User::name).filter(!exists(addresses()));
        assert_eq!(db.engine.all(without).await.unwrap(), ["squid_ward"]);

        let latest = select(max(Address::id)).correlate(User).filter(Address::user_id.eq(User::id)).scalar();
        let rows: Vec<(String, Option<i64>)> =
            db.engine.all(select((User::name, latest)).order_by(User::id)).await.unwrap();
        let row = |name: &str, id| (name.to_owned(), id);
        assert_eq!(rows, [row("sandy", Some(2)), row("patrick", Some(3)), row("squid_ward", None)]);

        let owners = select(Address::user_id).filter(Address::email.ends_with("a.org"));
        let rows = check(
            &db.engine,
            select(User::name).filter(User::id.in_(owners)).order_by(User::id.desc()),
            "SELECT user_account.name FROM user_account WHERE user_account.id IN (SELECT address.user_id FROM address \
             WHERE address.email LIKE '%' || ?) ORDER BY user_account.id DESC",
        )
        .await;
        assert_eq!(rows, ["patrick", "sandy"]);
        let greatest = select(User::id)
            .filter(User::id.all(BinaryOperator::Ge, select(Address::user_id)))
            .order_by(User::id);
        match db.engine.all(greatest).await {
            Ok(ids) => assert_eq!(ids, [2, 3]),
            Err(error) => assert!(matches!(error, orm::Error::Unsupported { .. }), "{error}"),
        }
    })
    .await;
}

#[tokio::test]
async fn aggregates_and_functions() {
    on_each(async |db| {
        seed(&db.engine).await;
        let query = select((count(User), count(User::fullname), sum(User::id), avg(User::id), min(User::name), max(User::id)));
        let rows = check(
            &db.engine,
            query,
            "SELECT count(*), count(user_account.fullname), sum(user_account.id), avg(user_account.id), \
             min(user_account.name), max(user_account.id) FROM user_account",
        )
        .await;
        assert_eq!(rows, [(3, 2, Some(6), Some(2.0), Some("patrick".to_owned()), Some(3))]);
        let none = select((sum(User::id), count(User))).filter(User::id.gt(9));
        assert_eq!(db.engine.one(none).await.unwrap(), (None, 0));
        let domains = select((count(Address::user_id).distinct(), count(Address).filter(Address::email.ends_with("a.org"))));
        if db.features.aggregate_filter {
            let rows = check(
                &db.engine,
                domains,
                "SELECT count(DISTINCT address.user_id), count(*) FILTER (WHERE address.email LIKE '%' || ?) FROM address",
            )
            .await;
            assert_eq!(rows, [(2, 2)]);
        } else {
            let refused = db.engine.all(domains).await.unwrap_err().to_string();
            assert!(refused.contains("no FILTER of an aggregate"), "{}: {refused}", db.name);
        }
        let is_there = case::<i32>().when(Address::email.ends_with("a.org"), 1).end();
        let domains = select((count(Address::user_id).distinct(), count(is_there)));
        assert_eq!(db.engine.all(domains).await.unwrap(), [(2, 2)]);
        let shout = select((functions::upper(User::name), functions::coalesce(User::fullname, "-"))).limit(1).offset(1).order_by(User::id);
        let rows: Vec<(String, String)> = db.engine.all(shout).await.unwrap();
        assert_eq!(rows, [("PATRICK".to_owned(), "-".to_owned())]);
        let any = select(func("replace", (User::name, "d", "t")).returns::<String>()).filter(User::id.eq(1));
        assert_eq!(check(&db.engine, any, "SELECT replace(user_account.name, ?, ?) FROM user_account WHERE user_account.id = ?").await, ["santy"]);
        let sizes = case::<String>().when(User::id.eq(1), "one").when(User::id.eq(2), "two").otherwise("many");
        assert_eq!(db.engine.all(select(sizes).order_by(User::id)).await.unwrap(), ["one", "two", "many"]);
        let halves = select(User::id / 2).order_by(User::id);
        assert_eq!(db.engine.all(halves).await.unwrap(), [0.5, 1.0, 1.5]);
        let ranked = select((Address::email, orm::row_number().over(orm::Over::new().partition_by(Address::user_id).order_by(Address::id.desc()))))
            .order_by(Address::id);
        let rows = check(
            &db.engine,
            ranked,
            "SELECT address.email, row_number() OVER (PARTITION BY address.user_id ORDER BY address.id DESC) FROM address ORDER BY address.id",
        )
        .await;
        assert_eq!(rows.into_iter().map(|(_, n)| n).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(db.engine.one(select(literal(5) + 1)).await.unwrap(), 6);
        let distinct = select(Address::user_id).distinct().order_by(Address::user_id);
        assert_eq!(db.engine.all(distinct).await.unwrap(), [Some(1), Some(2)]);
    })
    .await;
}

#[tokio::test]
async fn insert_update_delete() {
    on_each(async |db| {
        seed(&db.engine).await;
        let engine = &db.engine;
        let one = insert(User).set(User::name, "gary").set(User::fullname, None::<&str>);
        assert_eq!(sql_of(engine, one.clone()), "INSERT INTO user_account (name, fullname) VALUES (?, ?)");
        let returned = engine.one(one.clone().returning(User::id)).await;
        if db.features.insert_returning {
            assert_eq!(returned.unwrap(), 4);
        } else {
            assert!(matches!(returned, Err(orm::Error::Unsupported { .. })), "{returned:?}");
            engine.execute(one).await.unwrap();
        }
        let structs = insert(User).values([
            User { name: "a".into(), ..default() },
            User { name: "b".into(), ..default() },
        ]);
        let mut back = if db.features.insert_returning {
            engine.all(structs.returning(User)).await.unwrap()
        } else {
            engine.execute(structs).await.unwrap();
            engine.all(select(User).filter(User::id.gt(4))).await.unwrap()
        };
        back.sort_by_key(|u| u.id);
        assert_eq!(back.iter().map(|u| (u.id, u.name.as_str())).collect::<Vec<_>>(), [(5, "a"), (6, "b")]);
        let copies = insert(Address).from_select(
            (Address::email, Address::user_id),
            select((User::name, User::id)).filter(User::id.gt(4)),
        );
        assert_eq!(
            sql_of(engine, copies.clone()),
            "INSERT INTO address (email, user_id) SELECT user_account.name, user_account.id FROM user_account \
             WHERE user_account.id > ?"
        );
        assert_eq!(engine.execute(copies).await.unwrap(), 2);

        let change = update(User).set(User::name, User::name.concat("!")).filter(User::id.in_([5, 6]));
        assert_eq!(
            sql_of(engine, change.clone()),
            "UPDATE user_account SET name = user_account.name || ? WHERE user_account.id IN (?, ?)"
        );
        let returned = engine.all(change.clone().returning((User::id, User::name))).await;
        let mut changed = if db.features.update_returning {
            returned.unwrap()
        } else {
            assert!(matches!(returned, Err(orm::Error::Unsupported { .. })), "{returned:?}");
            engine.execute(change).await.unwrap();
            engine.all(select((User::id, User::name)).filter(User::id.in_([5, 6]))).await.unwrap()
        };
        changed.sort_unstable();
        assert_eq!(changed, [(5, "a!".to_owned()), (6, "b!".to_owned())]);
        assert_eq!(engine.execute(update(User).set(User::fullname, "x").all_rows()).await.unwrap(), 6);

        let gone = delete(Address).filter(Address::user_id.gt(4));
        assert_eq!(sql_of(engine, gone.clone()), "DELETE FROM address WHERE address.user_id > ?");
        assert_eq!(engine.execute(gone).await.unwrap(), 2);
        assert_eq!(engine.execute(delete(Address).all_rows()).await.unwrap(), 3);
        assert_eq!(engine.one(select(count(Address))).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn text_takes_named_parameters() {
    on_each(async |db| {
        seed(&db.engine).await;
        let query = text(
            "SELECT id, name FROM user_account WHERE name LIKE :p OR name = :q OR name LIKE :p ORDER BY id",
        )
        .bind_str("p", "s%")
        .bind_str("q", "patrick")
        .columns::<(i64, String)>();
        let rows = db.engine.all(query).await.unwrap();
        assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), [1, 2, 3]);
        let unbound = db.engine.execute(text("DELETE FROM user_account WHERE id = :id")).await.unwrap_err();
        assert_eq!(
            unbound.to_string(),
            "the parameter `id` was not bound; add `.bind(\"id\", …)`"
        );
        let unknown =
            db.engine.execute(text("DELETE FROM user_account").bind("id", 1_i64)).await.unwrap_err();
        assert_eq!(unknown.to_string(), "the parameter `id` was bound, and the statement names no such parameter that is still without a value");
        // SQLite itself would bind NULL for the `?` and give nothing, or everything.
        let question = db.engine.execute(text("DELETE FROM user_account WHERE id IS ?")).await;
        assert!(question.is_err(), "{question:?}");
        assert_eq!(db.engine.one(select(count(User))).await.unwrap(), 3);
    })
    .await;
}

/// What databases compute each in their way means one thing.
#[tokio::test]
async fn operators_that_databases_differ_in() {
    on_each(async |db| {
        let engine = &db.engine;
        let divided = select((
            literal(-7).floor_div(2),
            literal(7).floor_div(-2),
            literal(29_999).floor_div(30_000),
            literal(8).floor_div(2),
        ));
        assert_eq!(engine.one(divided).await.unwrap(), (-4, -4, 0, 4));
        let bits = select((
            literal(-8).bitwise_and(-4),
            literal(6).bitwise_xor(3),
            literal(-1).bitwise_not(),
            literal(1).bitwise_lshift(4),
        ));
        assert_eq!(engine.one(bits).await.unwrap(), (-8, 5, 0, 16));
        let key = "a\"b\\.c d'";
        let document = || literal(serde_json::json!({key: "x", "yes": true, "n": [1, 2.5], "null": null}));
        let parts = select((
            document().json(key).as_text(),
            document().json("yes"),
            document().json("yes").as_boolean(),
            document().json("none"),
            document().json("n").json(1).as_float(),
            document().json("null").as_integer(),
        ));
        let parts = engine.one(parts).await.unwrap();
        let yes = serde_json::json!(true);
        assert_eq!(parts, (Some("x".to_owned()), Some(yes), Some(true), None, Some(2.5), None));
        let logic = select((
            false_().and(literal(1).eq(1)),
            true_().or(literal(1).eq(2)),
            literal(1).in_(Vec::<i32>::new()),
            literal(1).eq(2).is_not_true(),
        ));
        assert_eq!(engine.one(logic).await.unwrap(), (false, true, false, true));
    })
    .await;
}
