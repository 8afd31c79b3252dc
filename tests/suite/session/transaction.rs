//! Commit, rollback, savepoints, autoflush, failures and dropped futures.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn user(name: &str) -> User {
    User { name: name.into(), ..default() }
}

#[tokio::test]
async fn rollback_restores_every_object() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let address = |email: &str| Address { email: email.into(), ..default() };
        let kept = session.add(User { addresses: many![address("a"), address("b")], ..user("kept") });
        let gone = session.add(user("gone"));
        session.commit().await.unwrap();
        let before = format!("{:?}", session.detach(kept));

        session[kept].name = "changed".into();
        session.flush().await.unwrap();
        session[kept].fullname = Some("changed twice".into());
        let new = session.append(kept, User::addresses, address("c"));
        session.flush().await.unwrap();
        session.delete(gone);
        session.flush().await.unwrap();
        let unflushed = session.add(user("unflushed"));
        session.rollback().await.unwrap();

        assert_eq!(format!("{:?}", session.detach(kept)), before);
        assert_eq!(session[gone].name, "gone");
        assert!(session.try_view(new).is_none() && session.try_view(unflushed).is_none());
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["gone", "kept"]);
        // The session goes on.
        session[kept].name = "again".into();
        session.delete(gone);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["again"]);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_session_rolls_back_and_gives_its_connection_back() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(user("lost"));
        session.flush().await.unwrap();
        drop(session);
        let mut next = Session::new(&db.engine);
        next.add(user("kept"));
        next.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["kept"]);
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_is_kept_undone_or_dropped() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let outer = session.add(user("outer"));

        let mut kept = session.nested().await.unwrap();
        kept.add(user("kept"));
        kept.commit().await.unwrap();

        let mut undone = session.nested().await.unwrap();
        let lost = undone.add(user("undone"));
        undone[outer].name = "spoilt".into();
        undone.flush().await.unwrap();
        undone.rollback().await.unwrap();
        assert!(session.try_view(lost).is_none());
        assert_eq!(session[outer].name, "outer");

        let mut dropped = session.nested().await.unwrap();
        dropped.add(user("dropped"));
        dropped.flush().await.unwrap();
        let mut inner = dropped.nested().await.unwrap();
        inner.add(user("inner"));
        inner.flush().await.unwrap();
        drop(inner);
        drop(dropped);

        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["kept", "outer"]);
    })
    .await;
}

#[tokio::test]
async fn a_failed_savepoint_leaves_the_transaction_usable() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(Tag { name: "one".into(), ..default() });
        let mut nested = session.nested().await.unwrap();
        nested.add(Tag { name: "one".into(), ..default() });
        nested.flush().await.unwrap_err();
        nested.rollback().await.unwrap();
        session.add(Tag { name: "two".into(), ..default() });
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, ["one", "two"]);
    })
    .await;
}

#[tokio::test]
async fn queries_see_what_is_pending() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let pending = session.add(user("pending"));
        assert_eq!(session.all(select(User)).await.unwrap(), [pending]);
        session[pending].name = "changed".into();
        assert_eq!(session.one(select(User).filter(User::name.eq("changed"))).await.unwrap(), pending);
        session.set_autoflush(false);
        session.add(user("later"));
        assert_eq!(session.one(select(count(User))).await.unwrap(), 1);
        session.set_autoflush(true);
        assert_eq!(session.one(select(count(User))).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_error_of_autoflush_names_the_pending_object() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(Tag { name: "t".into(), ..default() });
        session.commit().await.unwrap();
        session.add(Tag { name: "t".into(), ..default() });
        let error = session.all(select(User)).await.unwrap_err();
        let orm::Error::Integrity { kind, table, column, object, statement, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(*kind, orm::IntegrityKind::Unique);
        if db.features.names_columns_in_errors {
            assert_eq!((table.as_deref(), column.as_deref()), (Some("tag"), Some("name")));
        }
        assert_eq!(object.as_deref(), Some(r#"Tag(id = 0, name = "t")"#));
        assert!(statement.as_ref().unwrap().sql.starts_with("INSERT INTO tag (name) VALUES ("));
        // Nothing but a rollback is possible now.
        let refused = session.all(select(User)).await.unwrap_err();
        assert!(matches!(refused, orm::Error::Session(orm::SessionError::NeedsRollback { .. })), "{refused}");
        assert!(session.commit().await.is_err());
        session.rollback().await.unwrap();
        assert_eq!(session.all(select(Tag)).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_commits_rolls_back_and_can_be_spawned() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let engine = db.engine.clone();
        let name = "spawned".to_owned();
        let task = tokio::spawn(async move {
            engine
                .transaction(async |mut session| {
                    let user = session.add(user(&name));
                    session.flush().await?;
                    Ok(session[user].id)
                })
                .await
        });
        assert_eq!(task.await.unwrap().unwrap(), 1);
        let error = db
            .engine
            .transaction(async |mut session| {
                session.add(user("lost"));
                session.flush().await?;
                session.one(select(User).filter(User::name.eq("nobody"))).await
            })
            .await
            .unwrap_err();
        assert!(matches!(error, orm::Error::NoResultFound { .. }), "{error}");
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["spawned"]);
    })
    .await;
}

/// Polls a future `steps` times and drops it.
async fn poll_and_drop(future: impl Future, steps: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..steps {
        let mut context = Context::from_waker(Waker::noop());
        if future.as_mut().poll(&mut context).is_ready() {
            return true;
        }
        // The database's thread needs a moment between two polls.
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    false
}

#[tokio::test]
async fn a_flush_dropped_anywhere_leaves_nothing_behind() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut finished = false;
        let mut steps = 1;
        while !finished {
            let mut session = Session::new(&db.engine);
            session
                .add(User { addresses: many![Address { email: "a".into(), ..default() }], ..user("half") });
            finished = poll_and_drop(session.flush(), steps).await;
            if !finished {
                let error = session.flush().await;
                // Where nothing was written yet, the connection alone may be what is lost.
                let is_told = match &error {
                    Err(error) => {
                        error.is_disconnect()
                            || matches!(error, orm::Error::Session(orm::SessionError::NeedsRollback { .. }))
                    }
                    Ok(()) => true,
                };
                assert!(is_told, "{error:?}");
            }
            session.rollback().await.unwrap();
            drop(session);
            assert_eq!(rows(&db.engine, "user_account", "name").await, [""; 0], "after {steps} polls");
            steps += 1;
            assert!(steps < 200, "the flush never ends");
        }
        let mut session = Session::new(&db.engine);
        session.add(user("after"));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["after"]);
    })
    .await;
}

/// Everything that awaits, one after the other.
async fn all_that_awaits(session: &mut Session) {
    let kept =
        session.add(User { addresses: many![Address { email: "a".into(), ..default() }], ..user("u") });
    let mut savepoint = session.nested().await.unwrap();
    savepoint.add(user("v"));
    savepoint.commit().await.unwrap();
    let mut savepoint = session.nested().await.unwrap();
    savepoint.add(user("lost"));
    savepoint.flush().await.unwrap();
    savepoint.rollback().await.unwrap();
    let found = session.all(select(User).options(selectin(User::addresses))).await.unwrap();
    session.load_many(&found, User::profile).await.unwrap();
    session.refresh(kept).await.unwrap();
    session.get(User, 7).await.unwrap();
    session.commit().await.unwrap();
}

#[tokio::test]
async fn whatever_is_dropped_anywhere_all_or_nothing_is_there() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut finished = false;
        let mut steps = 1;
        while !finished {
            let mut session = Session::new(&db.engine);
            finished = poll_and_drop(all_that_awaits(&mut session), steps).await;
            session.rollback().await.unwrap();
            let after = session.add(user("after"));
            session.flush().await.unwrap();
            session.delete(after);
            session.commit().await.unwrap();
            let left = rows(&db.engine, "user_account", "name").await;
            assert!(left.is_empty() || left == ["u", "v"], "{left:?} after {steps} polls");
            db.engine.execute(delete(Address).all_rows()).await.unwrap();
            db.engine.execute(delete(User).all_rows()).await.unwrap();
            steps += 1;
            assert!(steps < 500, "it never ends");
        }
    })
    .await;
}

#[tokio::test]
async fn a_commit_sends_nothing_where_nothing_changed() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(sent.take(), [""; 0]);
        session.all(select(User)).await.unwrap();
        session.commit().await.unwrap();
        let statements = sent.take();
        assert_eq!(
            (statements.first().map(String::as_str), statements.last().map(String::as_str)),
            (Some("BEGIN"), Some("COMMIT"))
        );
        assert_eq!(statements.len(), 3);
    })
    .await;
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn futures_that_hold_a_session_are_send() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    models::create(&engine).await;
    let future = is_send(async {
        let mut session = Session::new(&engine);
        let handle = session.add(user("u"));
        session.flush().await?;
        session[handle].name.push('!');
        let found = session.all(select((User, User::name)).options(selectin(User::addresses))).await?;
        session.load(found[0].0, User::profile).await?;
        session.commit().await
    });
    future.await.unwrap();
}
