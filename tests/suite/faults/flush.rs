//! A flush that is cut off at each of its statements: nothing is half written, the session is what it was after a rollback
//! and goes on, and nobody else meets what was left.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use orm::prelude::*;
use orm::{Compiled, Error, Events, IsolationLevel, SessionError, TransactionOptions};

use super::{Watched, Words, assert_unknown, number, polled, settled, until, words};
use crate::databases::{Database, on_each, on_each_server, rows};
use crate::models::{Blog, Comment, Post, PostTag, Tag};

// Two tables in a circle: the captain is known when all rows are there.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "crew")]
struct Crew {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Sailor::id)]
    captain_id: Option<i64>,
    #[relationship(foreign_key = Crew::captain_id, post_update)]
    captain: One<Option<Sailor>>,
    #[relationship(foreign_key = Sailor::crew_id, back_populates = crew, cascade = "all, delete-orphan")]
    sailors: Many<Sailor>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "sailor")]
struct Sailor {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Crew::id)]
    crew_id: i64,
    #[relationship(foreign_key = Sailor::crew_id, back_populates = sailors)]
    crew: One<Crew>,
}

fn comment(body: &str) -> Comment {
    Comment { body: body.into(), ..default() }
}

fn tag(name: &str) -> Tag {
    Tag { name: name.into(), ..default() }
}

fn sailor(name: &str) -> Sailor {
    Sailor { name: name.into(), ..default() }
}

/// What the units of work below begin with.
async fn fill(engine: &Engine) {
    metadata![Blog, Post, Comment, Tag, PostTag, Crew, Sailor].create_all(engine).await.unwrap();
    let mut connection = engine.begin().await.unwrap();
    connection.execute(update(Crew).set(Crew::captain_id, None::<i64>).all_rows()).await.unwrap();
    macro_rules! delete_all {
        ($($table:ident)*) => { $(connection.execute(delete($table).all_rows()).await.unwrap();)* };
    }
    delete_all! { PostTag Comment Post Blog Tag Sailor Crew }
    connection.commit().await.unwrap();
    drop(connection);

    let mut session = Session::new(engine);
    let kept = Post {
        title: "kept".into(),
        comments: many![comment("one"), comment("two")],
        tags: many![tag("red"), tag("blue")],
        ..default()
    };
    let doomed = Post { title: "doomed".into(), comments: many![comment("three")], ..default() };
    session.add(Blog { title: "blog".into(), posts: many![kept, doomed], ..default() });
    session.add(tag("green"));
    let sailors = many![sailor("first"), sailor("second")];
    let crew = session.add(Crew { name: "crew".into(), sailors, ..default() });
    let first = session.view(crew).get(Crew::sailors).unwrap().next().unwrap().handle();
    session.set(crew, Crew::captain, first);
    session.commit().await.unwrap();
}

const BEFORE: [&str; 12] = [
    "blog blog",
    "post blog|doomed",
    "post blog|kept",
    "comment doomed|three",
    "comment kept|one",
    "comment kept|two",
    "link kept|blue",
    "link kept|red",
    "tag blue green red",
    "sailor crew|first",
    "sailor crew|second",
    "captain crew|first",
];

const AFTER: [&str; 15] = [
    "blog renamed",
    "post renamed|new",
    "post renamed|other",
    "comment new|four",
    "comment new|five",
    "comment other|one!",
    "comment other|two!",
    "link new|white",
    "link other|blue",
    "link other|green",
    "tag blue green red white",
    "sailor crew|second",
    "sailor new crew|third",
    "captain crew|second",
    "captain new crew|third",
];

/// All that is in the database, by names: the keys are another transaction's each time.
async fn stored(engine: &Engine) -> Vec<String> {
    let mut all = Vec::new();
    for (what, tables, columns) in [
        ("blog", "blog", "title"),
        ("post", "post JOIN blog ON blog.id = post.blog_id", "blog.title, post.title"),
        ("comment", "comment JOIN post ON post.id = comment.post_id", "post.title, comment.body"),
        (
            "link",
            "post_tags JOIN post ON post.id = post_tags.post_id JOIN tag ON tag.id = post_tags.tag_id",
            "post.title, tag.name",
        ),
        ("sailor", "sailor JOIN crew ON crew.id = sailor.crew_id", "crew.name, sailor.name"),
        ("captain", "crew JOIN sailor ON sailor.id = crew.captain_id", "crew.name, sailor.name"),
    ] {
        all.extend(rows(engine, tables, columns).await.into_iter().map(|row| format!("{what} {row}")));
    }
    all.push(format!("tag {}", rows(engine, "tag", "name").await.join(" ")));
    all.sort();
    all
}

fn sorted(expected: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = expected.iter().map(|&line| line.to_owned()).collect();
    all.sort();
    all
}

/// The objects of a unit of work.
struct Objects {
    blog: Handle<Blog>,
    kept: Handle<Post>,
    doomed: Handle<Post>,
    tags: [Handle<Tag>; 2],
    crew: Handle<Crew>,
    sailors: Vec<Handle<Sailor>>,
}

impl Objects {
    /// Some of their relationships are loaded, and some are not.
    async fn load(session: &mut Session) -> orm::Result<Objects> {
        let blog = session.one(select(Blog)).await?;
        let titled = |title: &'static str| select(Post).filter(Post::title.eq(title));
        let kept = session
            .one(titled("kept").options(selectin(Post::comments)).options(selectin(Post::tags)))
            .await?;
        let doomed = session.one(titled("doomed")).await?;
        let named = |name: &'static str| select(Tag).filter(Tag::name.eq(name));
        let tags = [session.one(named("red")).await?, session.one(named("green")).await?];
        let crew = session.one(select(Crew).options(selectin(Crew::sailors))).await?;
        let sailors = session.all(select(Sailor).order_by(Sailor::name)).await?;
        Ok(Objects { blog, kept, doomed, tags, crew, sailors })
    }

    /// What the session has of them.
    fn seen(&self, session: &Session) -> Vec<String> {
        let post = |handle: Handle<Post>| {
            let view = session.view(handle);
            let comments = view
                .get(Post::comments)
                .map(|all| all.map(|c| (c.value().body.clone(), c.value().post_id)).collect::<Vec<_>>());
            let tags =
                view.get(Post::tags).map(|all| all.map(|t| t.value().name.clone()).collect::<Vec<_>>());
            format!("{} of {}: {:?} {:?}", view.title, view.blog_id, comments.ok(), tags.ok())
        };
        let crew = session.view(self.crew);
        let sailors = crew.get(Crew::sailors).unwrap().map(|s| (s.value().name.clone(), s.value().crew_id));
        vec![
            format!("{} {}", session[self.blog].title, session.view(self.blog).get(Blog::posts).is_ok()),
            post(self.kept),
            // What its deletion has loaded stays loaded.
            format!("{} {}", session[self.doomed].title, session.is_deleted(self.doomed)),
            format!("{:?}", self.tags.map(|tag| session[tag].name.clone())),
            format!("{} {:?} {:?}", crew.name, crew.captain_id, sailors.collect::<Vec<_>>()),
            format!("{:?}", self.sailors.iter().map(|&s| session.is_deleted(s)).collect::<Vec<_>>()),
        ]
    }

    /// A unit of work with every kind of statement; the new objects of it.
    fn edit(&self, session: &mut Session) -> (Handle<Post>, Handle<Crew>) {
        session[self.blog].title = "renamed".into();
        session[self.kept].title = "other".into();
        let comments: Vec<_> =
            session.view(self.kept).get(Post::comments).unwrap().map(|comment| comment.handle()).collect();
        for comment in comments {
            session[comment].body.push('!');
        }
        session.remove(self.kept, Post::tags, self.tags[0]);
        session.append(self.kept, Post::tags, self.tags[1]);
        session.delete(self.doomed);
        let new = Post {
            title: "new".into(),
            comments: many![comment("four"), comment("five")],
            tags: many![tag("white")],
            ..default()
        };
        let post = session.append(self.blog, Blog::posts, new);
        session.set(self.crew, Crew::captain, self.sailors[1]);
        session.remove(self.crew, Crew::sailors, self.sailors[0]);
        let new = Crew { name: "new crew".into(), sailors: many![sailor("third")], ..default() };
        let crew = session.add(new);
        let third = session.view(crew).get(Crew::sailors).unwrap().next().unwrap().handle();
        session.set(crew, Crew::captain, third);
        (post, crew)
    }
}

/// Counts statements, and has a connection cut when one of them is about to be sent.
#[derive(Default)]
struct Cutter {
    sent: AtomicU32,
    /// How many statements go before; negative where none is to be cut.
    left: AtomicI64,
    connection: AtomicI64,
    /// Where, and in which words.
    server: Option<(String, Words)>,
}

impl Cutter {
    fn on(db: &Database) -> Arc<Cutter> {
        let server = words(db).map(|words| (db.url.clone(), words));
        Arc::new(Cutter { left: AtomicI64::new(-1), server, ..Cutter::default() })
    }

    /// Has the connection of a session cut so many statements later.
    async fn arm(&self, session: &mut Session, statements: u32) {
        let (_, words) = self.server.as_ref().unwrap();
        let id = session.one(text(words.id()).columns::<i64>()).await.unwrap();
        self.connection.store(id, Ordering::Relaxed);
        self.left.store(i64::from(statements), Ordering::Relaxed);
    }

    /// Cuts the connection, on a thread of its own: whoever calls is inside of a poll.
    fn cut(&self) {
        let (url, words) = self.server.clone().unwrap();
        let id = self.connection.load(Ordering::Relaxed);
        let cutting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let admin = Engine::builder(&url).max_connections(1).build().unwrap();
                admin.execute(text(words.end(id))).await.unwrap();
                until("it is gone", async || number(&admin, words.there(&[id])).await == 0).await;
                admin.dispose().await;
            });
        });
        cutting.join().unwrap();
    }

    /// How many statements were sent since the last call.
    fn take(&self) -> u32 {
        self.sent.swap(0, Ordering::Relaxed)
    }
}

impl Events for Cutter {
    fn before_execute(&self, _: &mut Compiled) -> orm::Result<()> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        if self.left.load(Ordering::Relaxed) >= 0 && self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            self.cut();
        }
        Ok(())
    }
}

/// Polls a future until it waits and `stops` says so, and drops it; what it came to.
async fn stopped<T>(stops: impl Fn() -> bool, future: impl Future<Output = T>) -> Option<T> {
    let mut future = Box::pin(future);
    std::future::poll_fn(move |cx| match future.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if stops() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// How many statements the unit of work is; it is rolled back.
async fn statements(engine: &Engine, cutter: &Cutter) -> u32 {
    let mut session = Session::new(engine);
    let objects = Objects::load(&mut session).await.unwrap();
    objects.edit(&mut session);
    cutter.take();
    session.flush().await.unwrap();
    let sent = cutter.take();
    session.rollback().await.unwrap();
    sent
}

/// After a rollback the session is what it was, and serves.
async fn is_restored(
    session: &mut Session,
    objects: &Objects,
    before: &[String],
    (post, crew): (Handle<Post>, Handle<Crew>),
    what: &str,
) {
    session.rollback().await.unwrap();
    assert_eq!(objects.seen(session), before, "{what}");
    assert!(!session.contains(post) && !session.contains(crew), "{what}: new objects leave");
    // The same work again, to its end.
    objects.edit(session);
    session.flush().await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(objects.seen(session), before, "{what}, and the next time");
}

#[tokio::test]
async fn a_connection_that_is_lost_at_any_statement() {
    on_each_server(async |db| {
        let cutter = Cutter::on(db);
        let watched = Watched::built(db, db.builder().max_connections(2).events(cutter.clone())).await;
        let engine = &watched.engine;
        fill(engine).await;
        let all = statements(engine, &cutter).await;
        assert!(all >= 12, "every kind of statement: {all}");
        for before_it in 0..all {
            let what = format!("cut at statement {before_it} of {all} on {}", db.name);
            let mut session = Session::new(engine);
            let objects = Objects::load(&mut session).await.unwrap();
            let before = objects.seen(&session);
            cutter.arm(&mut session, before_it).await;
            let new = objects.edit(&mut session);
            let error = session.flush().await.unwrap_err();
            assert!(matches!(error, Error::Connection { .. }) && error.is_disconnect(), "{what}: {error:?}");
            for again in [session.flush().await, session.commit().await] {
                let again = again.unwrap_err();
                assert!(
                    matches!(again, Error::Session(SessionError::NeedsRollback { .. })),
                    "{what}: {again}"
                );
            }
            is_restored(&mut session, &objects, &before, new, &what).await;
            drop(session);
            assert_eq!(stored(&db.engine).await, sorted(&BEFORE), "{what}");
            watched.is_clean(&what).await;
        }
        // And whole, where nobody cuts it.
        let mut session = Session::new(engine);
        Objects::load(&mut session).await.unwrap().edit(&mut session);
        session.commit().await.unwrap();
        assert_eq!(stored(&db.engine).await, sorted(&AFTER));
        drop(session);
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_flush_whose_future_is_dropped_at_any_statement() {
    on_each(async |db| {
        let cutter = Cutter::on(db);
        let watched = Watched::built(db, db.builder().max_connections(2).events(cutter.clone())).await;
        let engine = &watched.engine;
        fill(engine).await;
        let all = statements(engine, &cutter).await;
        let mut dropped = 0;
        for stop in 1.. {
            assert!(stop < 1_000);
            let what = format!("dropped at {stop} on {}", db.name);
            let mut session = Session::new(engine);
            let objects = Objects::load(&mut session).await.unwrap();
            let before = objects.seen(&session);
            let new = objects.edit(&mut session);
            cutter.take();
            let flush = session.flush();
            let flushed = match db.server {
                Some(_) => stopped(|| cutter.sent.load(Ordering::Relaxed) >= stop, flush).await,
                None => polled(stop, flush).await,
            };
            let is_done = flushed.transpose().unwrap().is_some();
            if !is_done {
                match session.flush().await {
                    Ok(()) | Err(Error::Session(SessionError::NeedsRollback { .. })) => {}
                    Err(error) => assert!(error.is_disconnect(), "{what}: {error:?}"),
                }
            }
            is_restored(&mut session, &objects, &before, new, &what).await;
            drop(session);
            assert_eq!(stored(&db.engine).await, sorted(&BEFORE), "{what}");
            watched.is_clean(&what).await;
            dropped += usize::from(!is_done);
            // An answer of a server that comes at once is not waited for; the next one may be.
            if is_done && (db.server.is_none() || stop >= all) {
                break;
            }
        }
        assert!(dropped > 0, "on {}", db.name);
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_transaction_whose_future_is_dropped_at_any_statement() {
    on_each(async |db| {
        let watched = Watched::built(db, db.builder().max_connections(2)).await;
        let engine = &watched.engine;
        fill(engine).await;
        for polls in 1.. {
            assert!(polls < 1_000);
            let what = format!("dropped after {polls} polls on {}", db.name);
            let work = engine.transaction_with(TransactionOptions::new().retries(3), async |mut session| {
                let objects = Objects::load(&mut session).await?;
                objects.edit(&mut session);
                Ok(())
            });
            let is_done = polled(polls, work).await.transpose().unwrap().is_some();
            watched.is_clean(&what).await;
            let there = stored(&db.engine).await;
            if is_done {
                assert_eq!(there, sorted(&AFTER), "{what}");
                break;
            }
            // Within COMMIT it may have come to its end.
            if there != sorted(&BEFORE) {
                assert_eq!(there, sorted(&AFTER), "{what}: half of it");
                fill(engine).await;
            }
        }
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_commit_whose_connection_is_lost_says_that_nobody_knows_and_is_not_run_again() {
    on_each_server(async |db| {
        let cutter = Cutter::on(db);
        let watched = Watched::built(db, db.builder().max_connections(2).events(cutter.clone())).await;
        let engine = &watched.engine;
        fill(engine).await;

        let mut session = Session::new(engine);
        let objects = Objects::load(&mut session).await.unwrap();
        let before = objects.seen(&session);
        cutter.arm(&mut session, u32::MAX).await;
        let new = objects.edit(&mut session);
        session.flush().await.unwrap();
        cutter.cut();
        assert_unknown(session.commit().await);
        let again = session.commit().await.unwrap_err();
        assert!(matches!(again, Error::Session(SessionError::NeedsRollback { .. })), "{again}");
        is_restored(&mut session, &objects, &before, new, "a lost COMMIT").await;
        drop(session);
        assert_eq!(stored(&db.engine).await, sorted(&BEFORE));
        watched.is_clean("a lost COMMIT").await;

        let mut tries = 0;
        let options = TransactionOptions::new().retries(5);
        let tried = engine
            .transaction_with(options, |mut session| {
                tries += 1;
                let cutter = cutter.clone();
                async move {
                    cutter.arm(&mut session, u32::MAX).await;
                    Objects::load(&mut session).await?.edit(&mut session);
                    session.flush().await?;
                    cutter.cut();
                    Ok(())
                }
            })
            .await;
        assert_unknown(tried);
        assert_eq!(tries, 1, "it may have been done");
        assert_eq!(stored(&db.engine).await, sorted(&BEFORE));
        watched.is_clean("a lost COMMIT of `transaction_with`").await;
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_serialization_failure_at_commit_is_run_again_after_a_pause() {
    on_each(async |db| {
        // The others refuse a statement, or make it wait, before any COMMIT does.
        if words(db) != Some(Words::Postgres) {
            return;
        }
        let engine = &db.engine;
        fill(engine).await;
        let serializable = TransactionOptions::new().isolation(IsolationLevel::Serializable);
        for retries in [0, 3] {
            let mut tries = 0;
            let start = Instant::now();
            let tried = engine
                .transaction_with(serializable.retries(retries), |mut session| {
                    tries += 1;
                    let is_first = tries == 1;
                    async move {
                        let tags = session.all(select(Tag).order_by(Tag::name)).await?;
                        session[tags[0]].name.push('+');
                        session.flush().await?;
                        if is_first {
                            // It has read what the other one writes, and writes what the other one has read.
                            let mut other = engine.begin_with(serializable).await?;
                            other.all(select(Tag::name)).await?;
                            let changed = update(Tag).set(Tag::name, format!("red {retries}"));
                            other.execute(changed.filter(Tag::name.starts_with("red"))).await?;
                            other.commit().await?;
                        }
                        Ok(())
                    }
                })
                .await;
            let names = rows(engine, "tag", "name").await;
            if retries == 0 {
                assert!(matches!(tried, Err(Error::Serialization { statement: None, .. })), "{tried:?}");
                assert_eq!((tries, names), (1, ["blue", "green", "red 0"].map(str::to_owned).to_vec()));
            } else {
                tried.unwrap();
                assert_eq!((tries, names), (2, ["blue+", "green", "red 3"].map(str::to_owned).to_vec()));
                assert!(start.elapsed() >= Duration::from_millis(5), "it waits before it tries again");
            }
            settled(engine).await;
        }
    })
    .await;
}
