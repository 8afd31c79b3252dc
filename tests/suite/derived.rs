//! Records, subqueries, CTEs, set operations, VALUES and joins of all kinds: they run, on every database, on an engine and
//! in a session.

use futures_util::TryStreamExt;
use orm::prelude::*;
use orm::tree::Criteria;
use orm::typed::{AggregateOf, Call, Inner, Nil, Owned, Query};
use orm::{Column, Error, Expr, Select, join_group, label};

use crate::databases::on_each;
use crate::models::{self, Address, Employee, User};

#[derive(Record, Debug, Clone, PartialEq)]
struct Mails {
    user_id: Option<i64>,
    n: i64,
}

#[derive(Record, Debug, Clone, PartialEq)]
struct Line {
    name: String,
    email: Option<String>,
}

#[derive(Record, Debug, Clone, PartialEq)]
struct Chart {
    id: i64,
    name: String,
    depth: i64,
}

#[derive(Record, Debug, Clone, PartialEq)]
struct Digits {
    value: i64,
    name: String,
}

#[derive(Record, Debug, Clone, PartialEq)]
struct Named {
    name: String,
}

orm::alias!(Reader = User);
orm::alias!(First = Mails);
orm::alias!(Second = Mails);

async fn seed(engine: &Engine) {
    models::create(engine).await;
    let mut session = Session::new(engine);
    let address = |email: &str| Address { email: email.into(), ..default() };
    session.add_all([
        User { name: "ann".into(), addresses: many![address("a@x"), address("a@y")], ..default() },
        User { name: "bob".into(), addresses: many![address("b@x")], ..default() },
        User { name: "cat".into(), ..default() },
    ]);
    let boss = session.add(Employee { name: "boss".into(), ..default() });
    let mid = session.append(boss, Employee::reports, Employee { name: "mid".into(), ..default() });
    session.append(mid, Employee::reports, Employee { name: "low".into(), ..default() });
    session.commit().await.unwrap();
}

/// How many addresses each user has.
type CountMails =
    Select<(Column<Address, Option<i64>>, Expr<i64, AggregateOf<Address>, Call>), (Inner<Address>, Nil)>;

fn mails() -> CountMails {
    select((Address::user_id, count(Address))).group_by(Address::user_id)
}

/// The rows of a query on an engine, on a connection, in a session, and one by one.
async fn rows<Q, I>(engine: &Engine, query: Q) -> Vec<Q::Row<Owned>>
where
    Q: Query<I> + Clone,
    Q::Row<Owned>: PartialEq + std::fmt::Debug,
{
    let all = engine.all(query.clone()).await.unwrap();
    let mut connection = engine.connect().await.unwrap();
    assert_eq!(connection.all(query.clone()).await.unwrap(), all);
    let streamed: Vec<_> = connection.stream(query.clone()).await.unwrap().try_collect().await.unwrap();
    assert_eq!(streamed, all);
    assert_eq!(connection.first(query).await.unwrap().as_ref(), all.first());
    all
}

#[tokio::test]
async fn subqueries_in_from() {
    on_each(async |db| {
        seed(&db.engine).await;
        let joined = select((User::name, Mails::n))
            .join_on(mails().subquery(Mails), Mails::user_id.eq(User::id))
            .order_by(User::id);
        assert_eq!(rows(&db.engine, joined).await, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);

        // What an outer join leaves out is an `Option`, column by column and as a record.
        let outer = select((User::name, Mails::n, Mails))
            .outer_join_on(mails().subquery(Mails), Mails::user_id.eq(User::id))
            .filter(User::id.ge(2))
            .order_by(User::id);
        let bob = Mails { user_id: Some(2), n: 1 };
        assert_eq!(
            rows(&db.engine, outer).await,
            [("bob".to_owned(), Some(1), Some(bob)), ("cat".to_owned(), None, None)]
        );

        // One within the other, and one under two names.
        let busy = select(Mails::user_id).select_from(mails().subquery(Mails)).filter(Mails::n.gt(1));
        let names = select(User::name).filter(User::id.nullable().in_(busy));
        assert_eq!(rows(&db.engine, names).await, ["ann"]);
        let derived = mails().subquery(Mails);
        let pairs = select((Mails::user_id.of(First), Mails::user_id.of(Second)))
            .select_from(derived.clone().alias(First))
            .from(derived.alias(Second))
            .filter(Mails::n.of(First).gt(Mails::n.of(Second)));
        assert_eq!(rows(&db.engine, pairs).await, [(Some(1), Some(2))]);

        let dto = select((User::name, Address::email))
            .outer_join(User::addresses)
            .order_by((User::id, Address::id))
            .limit(1)
            .into_record::<Line>();
        assert_eq!(rows(&db.engine, dto).await, [Line { name: "ann".into(), email: Some("a@x".into()) }]);
    })
    .await;
}

#[tokio::test]
async fn entities_in_subqueries() {
    on_each(async |db| {
        seed(&db.engine).await;
        let readers = || select(User).filter(User::name.ne("bob")).subquery(Reader);
        let query = select(Reader).select_from(readers()).order_by(User::id.of(Reader));
        let mut session = Session::new(&db.engine);
        let ann = session.get_one(User, 1).await.unwrap();
        session[ann].fullname = Some("Ann".into());
        let cat = session.get_one(User, 3).await.unwrap();
        // The query flushes, and gives the objects that the session has already.
        let both = session.all(query.clone()).await.unwrap();
        assert_eq!(both, [ann, cat]);
        let named = query.filter(User::fullname.of(Reader).eq("Ann"));
        assert_eq!(session.one(named).await.unwrap(), ann);
    })
    .await;
}

#[tokio::test]
async fn ctes() {
    on_each(async |db| {
        seed(&db.engine).await;
        let joined = select((User::name, Mails::n))
            .with(mails().cte(Mails))
            .join_on(Mails, Mails::user_id.eq(User::id))
            .order_by(User::id);
        assert_eq!(rows(&db.engine, joined).await, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);

        // Read twice, and in a subquery; one CTE reads another.
        let twice = select((Mails::n.of(First), Mails::n.of(Second)))
            .with(mails().cte(Mails))
            .join_on(Second, Mails::n.of(First).gt(Mails::n.of(Second)));
        assert_eq!(rows(&db.engine, twice).await, [(2, 1)]);
        let names = select(Named).with(mails().cte(Mails)).with(
            select(User::name)
                .filter(User::id.nullable().in_(select(Mails::user_id).filter(Mails::n.eq(1))))
                .cte(Named),
        );
        assert_eq!(rows(&db.engine, names).await, [Named { name: "bob".into() }]);

        let first =
            select((Employee::id, Employee::name, literal(0_i64))).filter(Employee::manager_id.is_null());
        let next = select((Employee::id, Employee::name, Chart::depth + 1))
            .join_on(Chart, Employee::manager_id.eq(Chart::id));
        let chart = select((Chart::name, Chart::depth))
            .with(first.union_all(next).recursive_cte(Chart))
            .order_by(Chart::depth);
        let expected = [("boss".to_owned(), 0), ("mid".to_owned(), 1), ("low".to_owned(), 2)];
        assert_eq!(rows(&db.engine, chart).await, expected);

        let kept = select(Mails::n).with(mails().cte(Mails).materialized()).order_by(Mails::n);
        if db.features.cte_materialized {
            assert_eq!(rows(&db.engine, kept).await, [1, 2]);
        } else {
            assert!(is_unsupported(&db.engine.all(kept).await.unwrap_err()));
        }

        // A record that no CTE stands for.
        let error = db.engine.all(select(Mails)).await.unwrap_err().to_string();
        assert!(error.contains(".with("), "{error}");
    })
    .await;
}

fn is_unsupported(error: &Error) -> bool {
    matches!(error, Error::Unsupported { .. })
}

#[tokio::test]
async fn set_operations() {
    on_each(async |db| {
        seed(&db.engine).await;
        let user = |name: &str| select(User::name).filter(User::name.eq(name.to_owned()));
        let ann_and_bob = || user("ann").union(user("bob"));
        assert_eq!(rows(&db.engine, ann_and_bob().order_by(User::name.desc())).await, ["bob", "ann"]);
        let all = ann_and_bob().union_all(user("ann")).order_by(label("name")).limit(2).offset(1);
        if db.features.compound_parentheses {
            assert_eq!(rows(&db.engine, all).await, ["ann", "bob"]);
        } else {
            assert!(is_unsupported(&db.engine.all(all).await.unwrap_err()));
        }
        assert_eq!(rows(&db.engine, user("ann").except(user("bob"))).await, ["ann"]);
        let nested = user("ann").intersect(ann_and_bob());
        let derived = select(Named::name).select_from(ann_and_bob().subquery(Named));
        assert_eq!(rows(&db.engine, user("ann").intersect(derived)).await, ["ann"]);
        if db.features.compound_parentheses {
            assert_eq!(rows(&db.engine, nested).await, ["ann"]);
        } else {
            assert!(is_unsupported(&db.engine.all(nested).await.unwrap_err()));
        }

        let as_subquery = select(count(Named)).select_from(ann_and_bob().subquery(Named));
        assert_eq!(rows(&db.engine, as_subquery).await, [2]);
        let within = select(User::id).filter(User::name.in_(ann_and_bob())).order_by(User::id);
        assert_eq!(rows(&db.engine, within).await, [1, 2]);
        assert_eq!(rows(&db.engine, select(exists(user("nobody").union(user("bob"))))).await, [true]);
        let as_cte = select(Named::name).with(ann_and_bob().cte(Named)).order_by(Named::name);
        assert_eq!(rows(&db.engine, as_cte).await, ["ann", "bob"]);
        // NULLs, and a column without a name.
        let texts = select(User::fullname).union(select(User::name)).order_by(User::fullname);
        assert_eq!(db.engine.all(texts).await.unwrap().len(), 4);
        let lengths = select(functions::length(User::name)).union_all(select(functions::length(User::name)));
        let longest = lengths.order_by(functions::length(User::name).desc()).limit(1);
        assert_eq!(rows(&db.engine, longest).await, [3]);
    })
    .await;
}

#[tokio::test]
async fn set_operations_of_entities_in_a_session() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let ann = session.get_one(User, 1).await.unwrap();
        session[ann].name = "anna".into();
        let anna = select(User).filter(User::name.eq("anna"));
        let bob = select(User).filter(User::name.eq("bob"));
        let both =
            session.all(anna.options(selectin(User::addresses)).union_all(bob).order_by(User::id)).await;
        let both = both.unwrap();
        assert_eq!(both[0], ann);
        assert_eq!(session[both[1]].name, "bob");
        let mails: Vec<_> =
            session.views(&both).map(|user| user.get(User::addresses).unwrap().len()).collect();
        assert_eq!(mails, [2, 1]);
        let first = select(User).filter(User::id.eq(2)).union(select(User).filter(User::id.eq(3)));
        assert_eq!(
            session.first(first.order_by(User::id.desc())).await.unwrap().map(|user| session[user].id),
            Some(3)
        );
    })
    .await;
}

#[tokio::test]
async fn values_as_a_query() {
    on_each(async |db| {
        seed(&db.engine).await;
        let digits = || values([(1_i64, "one"), (2, "two")]);
        let two = Digits { value: 2, name: "two".into() };
        let as_cte = select(Digits).with(digits().cte(Digits)).filter(Digits::value.gt(1));
        let derived = select((User::name, Digits::name))
            .join_on(digits().subquery(Digits), Digits::value.eq(User::id))
            .order_by(User::id);
        let within = select(User::id).filter(User::name.in_(values(["ann", "cat"]))).order_by(User::id);
        assert_eq!(rows(&db.engine, as_cte).await, [two]);
        assert_eq!(rows(&db.engine, within).await, [1, 3]);
        let three = values([3_i64]);
        let both = select(User::id).filter(User::id.eq(1)).union(three).order_by(User::id);
        assert_eq!(rows(&db.engine, both).await, [1, 3]);
        if db.features.derived_columns {
            let expected = [("ann".to_owned(), "one".to_owned()), ("bob".to_owned(), "two".to_owned())];
            assert_eq!(rows(&db.engine, derived).await, expected);
        } else {
            assert!(is_unsupported(&db.engine.all(derived).await.unwrap_err()));
        }
    })
    .await;
}

#[tokio::test]
async fn joins_of_all_kinds() {
    on_each(async |db| {
        seed(&db.engine).await;
        let group = join_group(Address).join_on(Mails, Mails::user_id.eq(Address::user_id));
        let nested = select((User::name, Address::email, Mails::n))
            .with(mails().filter(Address::user_id.eq(1)).cte(Mails))
            .outer_join_on(group, Address::user_id.eq(User::id))
            .order_by((User::id, Address::id));
        let line = |name: &str, email: Option<&str>, n| (name.to_owned(), email.map(str::to_owned), n);
        let expected = [
            line("ann", Some("a@x"), Some(2)),
            line("ann", Some("a@y"), Some(2)),
            line("bob", None, None),
            line("cat", None, None),
        ];
        assert_eq!(rows(&db.engine, nested).await, expected);

        // A comma, and a join behind it that reads what stands before it.
        let commas = select((User::name, Employee::name, Address::email))
            .from(Employee)
            .join(User::addresses)
            .filter(Employee::name.eq("mid").and(User::name.eq("bob")));
        let expected = [("bob".to_owned(), "mid".to_owned(), "b@x".to_owned())];
        assert_eq!(rows(&db.engine, commas).await, expected);
        let behind = select((User::name, Address::email))
            .join(User::addresses)
            .from(Employee)
            .filter(Employee::name.eq("mid").and(User::name.eq("bob")));
        assert_eq!(rows(&db.engine, behind).await, [("bob".to_owned(), "b@x".to_owned())]);

        let latest = select(Address::email)
            .correlate(User)
            .filter(Address::user_id.eq(User::id))
            .order_by(Address::id.desc())
            .limit(1)
            .lateral(Latest);
        let inner = select((User::name, Latest::email)).join_lateral(latest.clone()).order_by(User::id);
        let outer = select((User::name, Latest::email)).outer_join_lateral(latest).order_by(User::id);
        if db.features.lateral {
            let expected = [("ann".to_owned(), "a@y".to_owned()), ("bob".to_owned(), "b@x".to_owned())];
            assert_eq!(rows(&db.engine, inner).await, expected);
            assert_eq!(rows(&db.engine, outer).await[2], ("cat".to_owned(), None));
        } else {
            assert!(is_unsupported(&db.engine.all(inner).await.unwrap_err()));
            assert!(is_unsupported(&db.engine.all(outer).await.unwrap_err()));
        }
    })
    .await;
}

#[derive(Record, Debug, Clone, PartialEq)]
struct Latest {
    email: String,
}

#[tokio::test]
async fn changes_in_with() {
    on_each(async |db| {
        seed(&db.engine).await;
        let renamed =
            || update(User).set(User::name, "eve").filter(User::id.eq(3)).returning(User::name).cte(Named);
        let query = select(Named).with(renamed());
        if !db.features.cte_dml {
            assert!(is_unsupported(&db.engine.all(query).await.unwrap_err()));
            return;
        }
        let mut session = Session::new(&db.engine);
        assert_eq!(session.all(query).await.unwrap(), [Named { name: "eve".into() }]);
        session.commit().await.unwrap();
        assert_eq!(db.engine.one(select(User::name).filter(User::id.eq(3))).await.unwrap(), "eve");
    })
    .await;
}

#[test]
fn criteria_reach_every_query() {
    let check = |statement: orm::tree::Statement, expected: usize| {
        let mut statement = statement;
        let named = User::name.ne("hidden").into_tree();
        statement.add_criteria(&[Criteria::new(User::ENTITY, named)]);
        let engine = Engine::new("sqlite::memory:").unwrap();
        let sql = engine.dialect().compile(&statement).unwrap().sql.to_string();
        assert_eq!(sql.matches("name != ?").count(), expected, "{sql}");
    };
    let names = || select(User::name);
    check(names().union(names()).into_statement().0, 2);
    check(select(Named).with(names().cte(Named)).into_statement().0, 1);
    check(select(Named).select_from(names().union_all(names()).subquery(Named)).into_statement().0, 2);
    check(select(Address::id).filter(exists(names().intersect(names()))).into_statement().0, 2);
    check(select(Address::id).filter(Address::email.in_(names().except(names()))).into_statement().0, 2);
    let group = join_group(Address).join_on(User, Address::user_id.eq(User::id));
    check(select(Employee::id).join_on(group, Address::id.eq(Employee::id)).into_statement().0, 1);
}

#[derive(Record, Debug, Clone, PartialEq)]
#[record(name = "numbers")]
struct Number {
    n: i32,
    at: i64,
}

#[derive(Record, Debug, Clone, PartialEq)]
struct Element {
    value: String,
}

orm::alias!(Sampled = User);

#[tokio::test]
async fn functions_in_from() {
    on_each(async |db| {
        seed(&db.engine).await;
        let series = func("generate_series", (4, 6)).table(Number).with_ordinality();
        let query = select(Number).select_from(series).filter(Number::n.gt(4)).order_by(Number::at);
        if db.features.ordinality {
            assert_eq!(rows(&db.engine, query).await, [Number { n: 5, at: 2 }, Number { n: 6, at: 3 }]);
            // An argument that reads what stands before it.
            let letters = func("regexp_split_to_table", (User::name, "")).table(Element);
            let query = select((User::name, Element::value)).from(letters).filter(User::id.eq(1));
            assert_eq!(rows(&db.engine, query).await.len(), 3);
        } else {
            assert!(is_unsupported(&db.engine.all(query).await.unwrap_err()));
        }
        let own = func("json_each", (r#"["one", "two"]"#,)).table(Element).own_columns();
        let query = select(Element::value).select_from(own).order_by(Element::value);
        match db.engine.dialect().name() {
            "sqlite" => assert_eq!(rows(&db.engine, query).await, ["one", "two"]),
            _ => assert!(db.engine.all(query).await.is_err()),
        }
        let sample = orm::tablesample(Sampled, "bernoulli", 100.0).seed(1);
        let sampled = select(Sampled).select_from(sample).filter(User::id.of(Sampled).eq(2));
        if db.features.tablesample {
            assert_eq!(db.engine.one(sampled).await.unwrap().name, "bob");
        } else {
            assert!(is_unsupported(&db.engine.all(sampled).await.unwrap_err()));
        }
    })
    .await;
}
