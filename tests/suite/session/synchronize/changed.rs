//! UPDATE: the objects get the new values.

use orm::prelude::*;
use orm::{Error, SessionError};

use crate::databases::{Database, on_each, on_each_with, rows};
use crate::models::{self, *};
use crate::support::Statements;

/// Alice and Bob, in a session of their own that has read them.
pub(super) async fn alice_and_bob(db: &Database) -> (Session, [Handle<User>; 2]) {
    models::create(&db.engine).await;
    let named = |name: &str| User { name: name.into(), ..default() };
    db.engine.execute(insert(User).values([named("alice"), named("bob")])).await.unwrap();
    let mut session = Session::new(&db.engine);
    let users = session.all(select(User).order_by(User::id)).await.unwrap();
    (session, users.try_into().unwrap())
}

#[tokio::test]
async fn objects_that_match_in_rust_get_the_values_without_more_sql() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        let sent = Statements::record();
        let shouted = update(User).set(User::fullname, "Alice!").set(User::name, User::name.concat("!"));
        let matched = session.execute(shouted.filter(User::id.eq(1).or(User::id.gt(7)))).await.unwrap();
        assert_eq!(matched, 1);
        assert_eq!(
            sent.take(),
            ["UPDATE user_account SET fullname = ?, name = user_account.name || ? \
                 WHERE user_account.id = ? OR user_account.id > ?"]
        );
        assert_eq!((&*session[alice].name, session[alice].fullname.as_deref()), ("alice!", Some("Alice!")));
        assert_eq!((&*session[bob].name, &session[bob].fullname), ("bob", &None));
        session.flush().await.unwrap();
        assert_eq!(sent.take(), [""; 0], "the new values are stored already");
        session[alice].fullname = None;
        session.commit().await.unwrap();
        assert_eq!(sent.take().len(), 2, "one UPDATE of what was changed since, and the COMMIT");
        assert_eq!(rows(&db.engine, "user_account", "name, fullname").await, ["alice!|NULL", "bob|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_puts_the_former_values_back() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        session.execute(update(User).set(User::name, "first").all_rows()).await.unwrap();
        let mut inside = session.nested().await.unwrap();
        inside.execute(update(User).set(User::name, "second").filter(User::id.eq(1))).await.unwrap();
        assert_eq!((&*inside[alice].name, &*inside[bob].name), ("second", "first"));
        inside.rollback().await.unwrap();
        assert_eq!((&*session[alice].name, &*session[bob].name), ("first", "first"));
        session.rollback().await.unwrap();
        assert_eq!((&*session[alice].name, &*session[bob].name), ("alice", "bob"));
        let names = session.all(select(User::name).order_by(User::id)).await.unwrap();
        assert_eq!(names, ["alice", "bob"]);
    })
    .await;
}

#[tokio::test]
async fn what_rust_cannot_tell_is_asked_of_the_database() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        let sent = Statements::record();
        // Whether texts are alike is the collation's to say; a subquery is nobody's but the database's.
        let newest = select(max(User::id)).scalar();
        let rename = update(User).set(User::name, "newest").filter(User::id.eq(newest));
        assert_eq!(session.execute(rename.clone()).await.unwrap(), 1);
        assert_eq!((&*session[alice].name, &*session[bob].name), ("alice", "newest"));
        let sent = sent.take();
        if db.features.update_returning {
            assert_eq!(sent.len(), 1, "{sent:?}");
            assert!(
                sent[0].ends_with(" RETURNING user_account.id") || sent[0].ends_with(" RETURNING id"),
                "{sent:?}"
            );
        } else {
            assert_eq!(sent.len(), 2, "{sent:?}");
            assert!(sent[0].starts_with("SELECT user_account.id FROM user_account WHERE"), "{sent:?}");
            assert!(sent[1].starts_with("UPDATE user_account SET name = ? WHERE"), "{sent:?}");
        }
        let sent = Statements::record();
        let error = session.execute(rename.synchronize(Synchronize::Evaluate)).await.unwrap_err();
        let Error::Session(SessionError::NotEvaluable { construct }) = &error else { panic!("{error}") };
        assert_eq!(construct, "a subquery");
        assert!(error.to_string().contains("Synchronize::Fetch"), "{error}");
        assert_eq!(sent.take(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_equal_under_a_collation_is_equal_in_the_session() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        let matched = session
            .execute(update(User).set(User::fullname, "x").filter(User::name.eq("ALICE")))
            .await
            .unwrap();
        let fullname = (matched == 1).then_some("x");
        assert_eq!((session[alice].fullname.as_deref(), session[bob].fullname.as_deref()), (fullname, None));
    })
    .await;
}

#[tokio::test]
async fn an_exact_collation_is_certain() {
    on_each_with(
        |features| !features.exact_collations.is_empty(),
        "a collation that compares characters",
        async |db| {
            if db.server.is_some_and(|server| server.is_seekdb()) {
                // It has none of MySQL's newer collations.
                return;
            }
            let (mut session, [alice, bob]) = alice_and_bob(db).await;
            let name = || User::name.collate(db.features.exact_collations[0]);
            let marked = update(User).set(User::fullname, "x").synchronize(Synchronize::Evaluate);
            assert_eq!(session.execute(marked.clone().filter(name().eq("ALICE"))).await.unwrap(), 0);
            let between = name().gt("ALICE").and(name().le("alice"));
            assert_eq!(session.execute(marked.filter(between)).await.unwrap(), 1);
            assert_eq!(
                (session[alice].fullname.as_deref(), session[bob].fullname.as_deref()),
                (Some("x"), None)
            );
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_not_certain_is_named() {
    on_each(async |db| {
        let (mut session, _) = alice_and_bob(db).await;
        let marked = update(User).set(User::fullname, "x").synchronize(Synchronize::Evaluate);
        let random = func("random", ()).returns::<i64>();
        let elsewhere = exists(select(Address).filter(Address::id.eq(1)));
        for (statement, construct) in [
            (marked.clone().filter(User::name.regexp("a")), "a regular expression"),
            (marked.clone().filter(User::id.gt(random)), "the function `random`"),
            (marked.clone().filter(elsewhere), "a subquery"),
            (marked.clone().filter((User::id / 2).lt(User::id / 0)), "a division by zero"),
            (marked.filter((User::id + i64::MAX).gt(0)), "arithmetic whose result does not fit its type"),
        ] {
            let error = session.execute(statement).await.unwrap_err();
            let Error::Session(SessionError::NotEvaluable { construct: named }) = &error else {
                panic!("{error}")
            };
            assert_eq!(named, construct);
        }
    })
    .await;
}

#[tokio::test]
async fn an_expired_object_is_asked_of_the_database_or_stays_expired() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        session.expire(alice).unwrap();
        let marked = update(User).set(User::fullname, "x").filter(User::id.lt(9));
        let evaluated = marked.clone().synchronize(Synchronize::Evaluate);
        assert_eq!(session.execute(evaluated).await.unwrap(), 2);
        assert_eq!(session[bob].fullname.as_deref(), Some("x"));
        assert!(session.is_expired(alice) && !session.is_expired(bob));
        session.execute(marked.set(User::name, "y")).await.unwrap();
        assert_eq!((&*session[alice].name, &*session[bob].name), ("y", "y"));
    })
    .await;
}

#[tokio::test]
async fn fetch_sees_rows_that_were_changed_behind_the_sessions_back() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        session.commit().await.unwrap();
        db.engine.execute(update(User).set(User::name, "carol").filter(User::id.eq(1))).await.unwrap();
        let rename = update(User).set(User::fullname, "Carol").filter(User::name.eq("carol"));
        session.execute(rename.synchronize(Synchronize::Fetch)).await.unwrap();
        assert_eq!(session[alice].fullname.as_deref(), Some("Carol"));
        assert_eq!(session[bob].fullname, None);
    })
    .await;
}

#[tokio::test]
async fn what_is_off_leaves_the_objects_alone_and_costs_nothing() {
    on_each(async |db| {
        let (mut session, [alice, _]) = alice_and_bob(db).await;
        let sent = Statements::record();
        let rename = update(User).set(User::name, User::name.concat("!")).filter(User::name.like("a%"));
        session.execute(rename.synchronize(Synchronize::Off)).await.unwrap();
        assert_eq!(session[alice].name, "alice");
        let sent = sent.take();
        assert_eq!(sent.len(), 1);
        assert!(!sent[0].contains("RETURNING"), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn a_table_of_which_the_session_holds_nothing_costs_nothing() {
    on_each(async |db| {
        let (mut session, _) = alice_and_bob(db).await;
        let sent = Statements::record();
        let moved = update(Address).set(Address::email, "x").filter(Address::email.like("%@x"));
        session.execute(moved.clone()).await.unwrap();
        session.execute(moved.synchronize(Synchronize::Fetch)).await.unwrap();
        let sent = sent.take();
        assert_eq!(sent.len(), 2);
        assert!(!sent.concat().contains("RETURNING"), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn a_change_that_was_not_flushed_stays_and_is_flushed() {
    on_each(async |db| {
        let (mut session, [alice, _]) = alice_and_bob(db).await;
        session.set_autoflush(false);
        session[alice].name = "mine".into();
        // By what the row has, and not by what it is to get.
        let renamed =
            update(User).set(User::name, "theirs").set(User::fullname, "Theirs").filter(User::id.eq(1));
        assert_eq!(session.execute(renamed).await.unwrap(), 1);
        assert_eq!((&*session[alice].name, session[alice].fullname.as_deref()), ("mine", Some("Theirs")));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name, fullname").await, ["bob|NULL", "mine|Theirs"]);
    })
    .await;
}

#[tokio::test]
async fn a_flush_comes_first() {
    on_each(async |db| {
        let (mut session, [alice, _]) = alice_and_bob(db).await;
        session[alice].fullname = Some("Alice".into());
        let carol = session.add(User { name: "carol".into(), fullname: Some("Alice".into()), ..default() });
        let renamed =
            update(User).set(User::name, "x").filter(User::id.gt(0).and(User::fullname.is_not_null()));
        assert_eq!(session.execute(renamed).await.unwrap(), 2);
        assert_eq!((&*session[alice].name, &*session[carol].name), ("x", "x"));
    })
    .await;
}

#[tokio::test]
async fn columns_with_on_update_get_their_value() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let stamp = session.add(Stamp { label: "a".into(), ..default() });
        session.commit().await.unwrap();
        let sent = Statements::record();
        session.execute(update(Stamp).set(Stamp::label, "b").filter(Stamp::id.eq(1))).await.unwrap();
        assert_eq!((&*session[stamp].label, session[stamp].updated.as_deref()), ("b", Some("changed")));
        assert_eq!(sent.taken("UPDATE"), ["UPDATE stamp SET label = ?, updated = ? WHERE stamp.id = ?"]);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "stamp", "label, updated").await, ["b|changed"]);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "priced")]
struct Priced {
    #[column(primary_key)]
    id: i64,
    net: i64,
    #[column(computed = "net * 2")]
    gross: Auto<i64>,
}

#[tokio::test]
async fn a_column_that_the_database_computes_is_read_again() {
    on_each_with(
        |features| features.stored_columns,
        "computed columns",
        async |db| {
            metadata![Priced].create_all(&db.engine).await.unwrap();
            let mut session = Session::new(&db.engine);
            let priced = session.add(Priced { net: 2, ..default() });
            session.commit().await.unwrap();
            session
                .execute(update(Priced).set(Priced::net, Priced::net + 1).filter(Priced::id.eq(1)))
                .await
                .unwrap();
            assert_eq!(session[priced].net, 3);
            // It comes back with the statement where it can.
            assert_eq!(session.is_expired(priced), !db.features.update_returning);
            session.all(select(Priced)).await.unwrap();
            assert_eq!(*session[priced].gross, 6);
            session.rollback().await.unwrap();
            assert_eq!((session[priced].net, *session[priced].gross), (2, 4));
        },
    )
    .await;
}

#[tokio::test]
async fn an_object_is_found_under_its_new_key() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        let shift = update(User).set(User::id, User::id + 10).filter(User::id.gt(0));
        session.execute(shift).await.unwrap();
        assert_eq!((session[alice].id, session[bob].id), (11, 12));
        let sent = Statements::record();
        assert_eq!(session.get(User, 11).await.unwrap(), Some(alice));
        assert_eq!(sent.take(), [""; 0]);
        assert_eq!(session.get(User, 1).await.unwrap(), None);
        session[bob].name = "robert".into();
        let names = session.all(select((User::id, User::name)).order_by(User::id)).await.unwrap();
        assert_eq!(names, [(11, "alice".to_owned()), (12, "robert".to_owned())]);
        session.rollback().await.unwrap();
        assert_eq!(session.get(User, 1).await.unwrap(), Some(alice));
        assert_eq!((session[alice].id, session[bob].id), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn the_objects_of_a_statement_that_returns_them_have_its_values() {
    on_each_with(
        |features| features.update_returning,
        "UPDATE … RETURNING",
        async |db| {
            let (mut session, [alice, bob]) = alice_and_bob(db).await;
            let sent = Statements::record();
            let same = update(User).set(User::name, "same").filter(User::id.gt(0));
            let mut users = session.all(same.returning(User)).await.unwrap();
            users.sort_by_key(|&user| session[user].id);
            assert_eq!(users, [alice, bob]);
            assert_eq!((&*session[alice].name, &*session[bob].name), ("same", "same"));
            assert_eq!(sent.take().len(), 1);

            // Of a column only: the objects follow all the same, by the keys that come with it.
            let upper = update(User).set(User::name, functions::upper(User::name)).filter(User::id.eq(2));
            assert_eq!(session.all(upper.returning(User::name)).await.unwrap(), ["SAME"]);
            assert_eq!((&*session[alice].name, &*session[bob].name), ("same", "SAME"));
            assert_eq!(sent.take().len(), 1);
            session.rollback().await.unwrap();
            assert_eq!((&*session[alice].name, &*session[bob].name), ("alice", "bob"));
        },
    )
    .await;
}

#[tokio::test]
async fn objects_get_the_values_of_their_row() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        let names = [(1, ("x", None)), (2, ("y", Some("Y".to_owned()))), (3, ("z", None))];
        let renamed = update(User).set_many((User::name, User::fullname), names);
        let sent = Statements::record();
        assert_eq!(session.execute(renamed).await.unwrap(), 2);
        assert_eq!(sent.take().len(), 1);
        assert_eq!((&*session[alice].name, session[alice].fullname.as_deref()), ("x", None));
        assert_eq!((&*session[bob].name, session[bob].fullname.as_deref()), ("y", Some("Y")));
        let off = update(User).synchronize(Synchronize::Off).set_many(User::name, [(1, "other")]);
        assert_eq!(session.execute(off).await.unwrap(), 1);
        assert_eq!(session[alice].name, "x");
        session.rollback().await.unwrap();
        assert_eq!((&*session[alice].name, &*session[bob].name), ("alice", "bob"));
        assert_eq!(session[bob].fullname, None);
    })
    .await;
}
