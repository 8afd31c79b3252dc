//! What a session tells its listeners, in which order, and what they may do.

use std::sync::{Arc, Mutex};

use orm::prelude::*;
use orm::{Change, Error, ExecuteState, RolledBack, SessionError, SessionEvents, SessionMaker};

use crate::databases::{Database, on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

mod attributes;
mod criteria;
mod objects;

/// What listeners were told, in its order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn push(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    /// What was told since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn user(name: &str) -> User {
    User { name: name.into(), ..default() }
}

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

fn listening(db: &Database, events: SessionEvents) -> Session {
    let mut session = Session::new(&db.engine);
    session.set_events(events);
    session
}

/// Listeners of everything that happens to users and their addresses.
fn everything(log: &Log) -> SessionEvents {
    macro_rules! with {
        ($events:expr, $($moment:ident)*) => { $events $(.$moment({
            let log = log.clone();
            move |session| {
                log.push(stringify!($moment));
                Box::pin(async move { session.one(select(count(Tag))).await.map(drop) })
            }
        }))* };
    }
    macro_rules! of_objects {
        ($events:expr, $($event:ident)*) => { $events $(
            .$event({
                let log = log.clone();
                move |user: &mut User| log.push(format!("{} user {}", stringify!($event), user.name))
            })
            .$event({
                let log = log.clone();
                move |address: &mut Address| log.push(format!("{} address {}", stringify!($event), address.email))
            })
        )* };
    }
    macro_rules! of_written {
        ($events:expr, $($event:ident)*) => { $events $(
            .$event({
                let log = log.clone();
                move |user: &User| log.push(format!("{} user {}", stringify!($event), user.name))
            })
            .$event({
                let log = log.clone();
                move |address: &Address| log.push(format!("{} address {}", stringify!($event), address.email))
            })
        )* };
    }
    let events = SessionEvents::new();
    let events = with!(events, after_begin before_flush after_flush after_flush_postexec before_commit);
    let events = of_objects!(events, before_insert before_update before_delete load refresh);
    let events = of_written!(events, after_insert after_update after_delete);
    let (a, b, c, d, e, f, g) =
        (log.clone(), log.clone(), log.clone(), log.clone(), log.clone(), log.clone(), log.clone());
    events
        .after_commit(move |session| a.push(format!("after_commit {}", session.in_nested_transaction())))
        .after_rollback(move |_| b.push("after_rollback"))
        .after_soft_rollback(move |_, what| c.push(format!("after_soft_rollback {what:?}")))
        .on_set(User::name, move |session, user, Change { old, new }| {
            assert_eq!(session[user].name, new);
            d.push(format!("on_set name {old:?} {new:?}"));
        })
        .on_append(User::addresses, move |session, user, address| {
            e.push(format!("on_append {} {}", session[user].name, session[address].email));
        })
        .on_remove(User::addresses, move |session, user, address| {
            f.push(format!("on_remove {} {}", session[user].name, session[address].email));
        })
        .on_set(Address::user, move |session, address, Change { old, new }| {
            let name = |user: Option<Handle<User>>| user.map(|user| session[user].name.clone());
            g.push(format!("on_set user of {} {:?} {:?}", session[address].email, old.map(name), name(new)));
        })
}

#[tokio::test]
async fn a_unit_of_work_is_told_in_order() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { addresses: many![address("a")], ..user("kept") });
        session.add(user("gone"));
        session.commit().await.unwrap();

        let log = Log::default();
        let mut session = listening(db, everything(&log));
        let kept = session.get_one(User, 1).await.unwrap();
        let gone = session.get_one(User, 2).await.unwrap();
        session.get_one(User, 1).await.unwrap();
        assert_eq!(log.take(), ["after_begin", "load user kept", "load user gone"]);

        session[kept].name = "changed".into();
        session.append(kept, User::addresses, address("b"));
        session.delete(gone);
        assert_eq!(log.take(), ["on_append changed b", "on_set user of b None Some(\"changed\")"]);
        session.commit().await.unwrap();
        let written = [
            "before_commit",
            "before_flush",
            "on_set name Some(\"kept\") \"changed\"",
            "before_update user changed",
            "after_update user changed",
            "before_insert address b",
            "after_insert address b",
            "before_delete user gone",
            "after_delete user gone",
            "after_flush",
            "after_flush_postexec",
            "after_commit false",
        ];
        assert_eq!(log.take(), written);

        // Nothing to write: no flush. Nothing was sent, and still this is a commit.
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["before_commit", "after_begin", "after_commit false"]);
        session.rollback().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());

        // The transaction of a flush begins behind `before_flush`, unless a listener of that has asked for something.
        session.add(user("lost"));
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        let undone = [
            "before_flush",
            "after_begin",
            "on_set name None \"lost\"",
            "before_insert user lost",
            "after_insert user lost",
            "after_flush",
            "after_flush_postexec",
            "after_rollback",
            "after_soft_rollback Transaction",
        ];
        assert_eq!(log.take(), undone);

        session.refresh(kept).await.unwrap();
        assert_eq!(log.take(), ["after_begin", "refresh user changed"]);
    })
    .await;
}

#[tokio::test]
async fn savepoints_are_told() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let mut session = listening(db, everything(&log));
        session.add(Tag { name: "outer".into(), ..default() });
        let mut nested = session.nested().await.unwrap();
        assert_eq!(
            log.take(),
            ["before_flush", "after_begin", "after_flush", "after_flush_postexec", "after_begin"]
        );
        assert!(nested.in_nested_transaction());
        nested.add(Tag { name: "kept".into(), ..default() });
        nested.commit().await.unwrap();
        assert_eq!(
            log.take(),
            ["before_commit", "before_flush", "after_flush", "after_flush_postexec", "after_commit true"]
        );
        assert!(!session.in_nested_transaction());

        let mut nested = session.nested().await.unwrap();
        nested.add(Tag { name: "undone".into(), ..default() });
        nested.flush().await.unwrap();
        log.take();
        nested.rollback().await.unwrap();
        assert_eq!(log.take(), ["after_rollback", "after_soft_rollback Savepoint"]);

        // One that is dropped is rolled back with the next statement.
        drop(session.nested().await.unwrap());
        log.take();
        assert_eq!(session.one(select(count(Tag))).await.unwrap(), 2);
        assert_eq!(log.take(), ["after_rollback", "after_soft_rollback Savepoint"]);

        let mut outer = session.nested().await.unwrap();
        let mut inner = outer.nested().await.unwrap();
        Session::rollback(&mut inner).await.unwrap();
        let told = log.take();
        assert_eq!(
            told[told.len() - 4..],
            [
                "after_rollback",
                "after_soft_rollback Savepoint",
                "after_soft_rollback Savepoint",
                "after_soft_rollback Transaction"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn listeners_are_called_in_the_order_in_which_they_were_given() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let mut events = SessionEvents::new();
        for number in 0..3 {
            let (a, b) = (log.clone(), log.clone());
            events = events
                .before_insert(move |_: &mut User| a.push(format!("insert {number}")))
                .after_commit(move |_| b.push(format!("commit {number}")));
        }
        let mut session = listening(db, events);
        session.add(user("x"));
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["insert 0", "insert 1", "insert 2", "commit 0", "commit 1", "commit 2"]);
    })
    .await;
}

#[tokio::test]
async fn before_flush_adds_edits_and_deletes() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add_all([user("one"), user("two")]);
        session.commit().await.unwrap();

        let events = SessionEvents::new().before_flush(|session| {
            Box::pin(async move {
                // Its queries do not flush, so that it is not called for ever.
                let (one, two) = (session.get_one(User, 1).await?, session.get_one(User, 2).await?);
                let seen = session.one(select(count(Tag))).await?;
                session.add(Tag { name: format!("audit of {seen}"), ..default() });
                session[one].fullname = Some("edited".into());
                session.delete(two);
                Ok(())
            })
        });
        let mut session = listening(db, events);
        session.add(Tag { name: "asked".into(), ..default() });
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, ["asked", "audit of 0"]);
        assert_eq!(rows(&db.engine, "user_account", "name, fullname").await, ["one|edited"]);
    })
    .await;
}

#[tokio::test]
async fn a_commit_flushes_what_listeners_add_behind_a_flush() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let once = |name: &'static str| {
            let done = Arc::new(Mutex::new(false));
            move |session: &mut Session| {
                if !std::mem::replace(&mut *done.lock().unwrap(), true) {
                    session.add(Tag { name: name.to_owned(), ..default() });
                }
            }
        };
        let (flushed, settled, before) = (once("after_flush"), once("settled"), once("before_commit"));
        let events = SessionEvents::new()
            .after_flush(move |session| {
                flushed(session);
                Box::pin(async { Ok(()) })
            })
            .after_flush_postexec(move |session| {
                settled(session);
                Box::pin(async { Ok(()) })
            })
            .before_commit(move |session| {
                before(session);
                Box::pin(async { Ok(()) })
            });
        let mut session = listening(db, events);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, ["after_flush", "before_commit", "settled"]);

        let endless = SessionEvents::new().after_flush(|session| {
            session.add(user("again"));
            Box::pin(async { Ok(()) })
        });
        let mut session = listening(db, endless);
        session.add(user("first"));
        let error = session.commit().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the session still has changes after 100 flushes of one commit: does a listener of `after_flush` add \
             objects each time?"
        );
        session.rollback().await.unwrap();
        assert_eq!(session.one(select(count(User))).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_a_listener_deletes_behind_a_flush_goes_with_the_next() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let marked = Arc::new(Mutex::new(None));
        let mark = marked.clone();
        let events = SessionEvents::new().after_flush(move |session| {
            if let Some(tag) = mark.lock().unwrap().take() {
                session.delete(tag);
            }
            Box::pin(async { Ok(()) })
        });
        let mut session = listening(db, events);
        let tag = session.add(Tag { name: "t".into(), ..default() });
        session.commit().await.unwrap();
        *marked.lock().unwrap() = Some(tag);
        session.add(user("u"));
        session.flush().await.unwrap();
        assert!(session.is_deleted(tag));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn after_begin_may_do_io() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let events = SessionEvents::new().after_begin(|session| {
            Box::pin(async move {
                session.execute(insert(Tag).values(Tag { name: "begun".into(), ..default() })).await.map(drop)
            })
        });
        let mut session = listening(db, events);
        assert_eq!(session.all(select(Tag::name)).await.unwrap(), ["begun"]);
        session.rollback().await.unwrap();
        assert_eq!(session.all(select(Tag::name)).await.unwrap(), ["begun"]);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_ends_the_flush() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let moments: [(&str, fn(SessionEvents) -> SessionEvents); 5] = [
            ("before_commit", |e| e.before_commit(|_| Box::pin(async { Err(Error::listener("no")) }))),
            ("before_flush", |e| e.before_flush(|_| Box::pin(async { Err(Error::listener("no")) }))),
            ("after_begin", |e| e.after_begin(|_| Box::pin(async { Err(Error::listener("no")) }))),
            ("after_flush", |e| e.after_flush(|_| Box::pin(async { Err(Error::listener("no")) }))),
            ("after_flush_postexec", |e| {
                e.after_flush_postexec(|_| Box::pin(async { Err(Error::listener("no")) }))
            }),
        ];
        for (name, with) in moments {
            let mut session = listening(db, with(SessionEvents::new()));
            session.add(user("refused"));
            let error = session.commit().await.unwrap_err();
            assert_eq!(error.to_string(), format!("a listener of `{name}` refused: no"));
            let needs = session.flush().await.and(session.commit().await).unwrap_err();
            assert!(matches!(needs, Error::Session(SessionError::NeedsRollback { .. })), "{needs}");
            session.rollback().await.unwrap();
            assert_eq!(rows(&db.engine, "user_account", "name").await, Vec::<String>::new());
        }

        // What the database says comes through as it is, so that a caller can tell what to repeat.
        let mut session = Session::new(&db.engine);
        session.add(Tag { name: "taken".into(), ..default() });
        session.commit().await.unwrap();
        let twice = SessionEvents::new().after_flush(|session| {
            Box::pin(async move {
                session.execute(insert(Tag).values(Tag { name: "taken".into(), ..default() })).await.map(drop)
            })
        });
        let mut session = listening(db, twice);
        session.add(user("refused"));
        let error = session.commit().await.unwrap_err();
        assert!(matches!(error, Error::Integrity { .. }), "{error}");
        session.rollback().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_flush_inside_a_flush_is_refused() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let events = SessionEvents::new().before_flush(|session| Box::pin(session.flush()));
        let mut session = listening(db, events);
        session.add(user("x"));
        let error = session.flush().await.unwrap_err();
        assert!(error.to_string().starts_with("the session is flushing already"), "{error}");
        session.rollback().await.unwrap();
        session.set_events(SessionEvents::new());
        session.add(user("y"));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["y"]);
    })
    .await;
}

fn fall() {
    panic!("listener");
}

#[tokio::test]
async fn a_listener_that_panics_or_is_cut_off_leaves_a_mark() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let moments: [(&str, SessionEvents); 6] = [
            ("before_flush", SessionEvents::new().before_flush(|_| panic!("listener"))),
            ("after_flush", SessionEvents::new().after_flush(|_| Box::pin(async { panic!("listener") }))),
            ("after_begin", SessionEvents::new().after_begin(|_| Box::pin(async { panic!("listener") }))),
            ("insert", SessionEvents::new().before_insert(|_: &mut User| fall())),
            ("inserted", SessionEvents::new().after_insert(|_: &User| fall())),
            ("set", SessionEvents::new().on_set(User::name, |_, _, _| fall())),
        ];
        for (name, events) in moments {
            let mut session = listening(db, events);
            session.add(user("lost"));
            {
                let mut flush = Box::pin(session.flush());
                let flush = std::future::poll_fn(|context| {
                    let polled = std::panic::AssertUnwindSafe(|| flush.as_mut().poll(context));
                    match std::panic::catch_unwind(polled) {
                        Ok(polled) => polled.map(Ok),
                        Err(panic) => std::task::Poll::Ready(Err(panic)),
                    }
                });
                let panic = flush.await.unwrap_err();
                assert_eq!(panic.downcast_ref::<&str>(), Some(&"listener"), "{name}");
            }
            let needs = session.flush().await.unwrap_err();
            assert!(matches!(needs, Error::Session(SessionError::NeedsRollback { .. })), "{name}: {needs}");
            session.rollback().await.unwrap();
            session.set_events(SessionEvents::new());
            assert_eq!(session.one(select(count(User))).await.unwrap(), 0);
        }

        let never = SessionEvents::new().before_flush(|_| Box::pin(std::future::pending()));
        let mut session = listening(db, never);
        session.add(user("lost"));
        let cut = tokio::time::timeout(std::time::Duration::from_millis(5), session.flush()).await;
        assert!(cut.is_err());
        let needs = session.commit().await.unwrap_err();
        let cause = "a listener of `before_flush` was cut off";
        assert!(
            matches!(&needs, Error::Session(SessionError::NeedsRollback { cause: c }) if c == cause),
            "{needs}"
        );
    })
    .await;
}

#[tokio::test]
async fn sessions_share_their_listeners() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let told = log.clone();
        let events =
            Arc::new(SessionEvents::new().before_insert(move |user: &mut User| told.push(&*user.name)));
        let maker = SessionMaker::new(&db.engine).events(events.clone());
        for name in ["a", "b"] {
            let mut session = maker.session();
            session.add(user(name));
            session.commit().await.unwrap();
        }
        maker
            .transaction(|mut session| async move {
                session.add(user("c"));
                Ok(())
            })
            .await
            .unwrap();
        let mut session = Session::new(&db.engine);
        session.set_events(events.clone());
        session.add(user("d"));
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["a", "b", "c", "d"]);
        assert_eq!(format!("{events:?}"), "1 listener(s)");
    })
    .await;
}

#[tokio::test]
async fn levels_of_a_rollback_are_told_apart() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let levels = Arc::new(Mutex::new(Vec::new()));
        let told = levels.clone();
        let mut session = listening(
            db,
            SessionEvents::new().after_soft_rollback(move |_, what| told.lock().unwrap().push(what)),
        );
        let nested = session.nested().await.unwrap();
        nested.rollback().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!(*levels.lock().unwrap(), [RolledBack::Savepoint, RolledBack::Transaction]);
    })
    .await;
}
