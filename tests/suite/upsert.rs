//! INSERTs that meet rows which are there already.

use orm::prelude::*;
use orm::{CompileError, Error, Result};

use crate::databases::{on_each, on_each_with, rows};
use crate::models::{Tag, create};
use crate::support::Statements;

fn changed() -> String {
    "changed".to_owned()
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "page", unique(columns(site, path), name = "uq_page"))]
struct Page {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40)]
    site: String,
    #[column(length = 80)]
    path: String,
    hits: i64,
    title: Option<String>,
    #[column(on_update = changed)]
    updated: Auto<Option<String>>,
}

fn page(path: &str, hits: i64, title: Option<&str>) -> Page {
    Page { site: "s".into(), path: path.into(), hits, title: title.map(Into::into), ..default() }
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "account")]
struct Account {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40, unique)]
    email: String,
    #[column(length = 40, unique)]
    login: String,
}

fn account(email: &str, login: &str) -> Account {
    Account { email: email.into(), login: login.into(), ..default() }
}

/// What a database says to an upsert that it has not.
#[track_caller]
fn is_unsupported<T: std::fmt::Debug>(result: Result<T>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
}

const PAGE: &str = "id, path, hits, title, updated";

#[tokio::test]
async fn a_row_that_is_there_is_updated() {
    on_each(async |db| {
        metadata![Page].create_all(&db.engine).await.unwrap();
        db.engine
            .execute(insert(Page).values([page("/a", 1, Some("A")), page("/b", 1, None)]))
            .await
            .unwrap();
        let again = insert(Page)
            .values(&[page("/b", 5, Some("B")), page("/c", 7, None)])
            .on_conflict((Page::site, Page::path))
            .do_update(|update| {
                update
                    .set(Page::hits, Page::hits + excluded(Page::hits))
                    .set(Page::title, excluded(Page::title))
            });
        // Where the database says ON DUPLICATE KEY, an updated row counts twice.
        let expected = if db.features.conflict_targets { 2 } else { 3 };
        assert_eq!(db.engine.execute(again).await.unwrap(), expected);
        let found: Vec<_> = rows(&db.engine, "page", "path, hits, title, updated").await;
        assert_eq!(found, ["/a|1|A|NULL", "/b|6|B|changed", "/c|7|NULL|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn the_sql_of_one_row() {
    on_each_with(
        |f| f.conflict_targets,
        "ON CONFLICT (columns)",
        async |db| {
            metadata![Page].create_all(&db.engine).await.unwrap();
            let sent = Statements::record();
            let on_path = || insert(Page).values(page("/a", 1, None)).on_conflict((Page::site, Page::path));
            db.engine.execute(on_path().do_nothing()).await.unwrap();
            let update = on_path().do_update(|update| {
                update.set(Page::hits, excluded(Page::hits)).filter(Page::hits.lt(excluded(Page::hits)))
            });
            assert_eq!(db.engine.execute(update).await.unwrap(), 0);
            db.engine.execute(on_path().do_update_all()).await.unwrap();
            db.engine
                .execute(insert(Page).values(page("/a", 1, None)).on_any_conflict().do_nothing())
                .await
                .unwrap();
            let start = "INSERT INTO page (site, path, hits, title) VALUES (?, ?, ?, ?)";
            assert_eq!(
                sent.taken("INSERT"),
                [
                    format!("{start} ON CONFLICT (site, path) DO NOTHING"),
                    format!(
                        "{start} ON CONFLICT (site, path) DO UPDATE SET hits = excluded.hits, updated = ? \
                         WHERE page.hits < excluded.hits"
                    ),
                    format!(
                        "{start} ON CONFLICT (site, path) DO UPDATE SET hits = excluded.hits, \
                         title = excluded.title, updated = ?"
                    ),
                    format!("{start} ON CONFLICT DO NOTHING"),
                ]
            );
            assert_eq!(rows(&db.engine, "page", PAGE).await, ["1|/a|1|NULL|changed"]);
        },
    )
    .await;
}

#[tokio::test]
async fn a_condition_keeps_rows_as_they_are() {
    on_each(async |db| {
        metadata![Page].create_all(&db.engine).await.unwrap();
        db.engine.execute(insert(Page).values([page("/a", 1, None), page("/b", 9, None)])).await.unwrap();
        let greatest = insert(Page)
            .values([page("/a", 5, None), page("/b", 5, None)])
            .on_conflict((Page::site, Page::path))
            .do_update(|update| {
                update.set(Page::hits, excluded(Page::hits)).filter(Page::hits.lt(excluded(Page::hits)))
            });
        let done = db.engine.execute(greatest).await;
        if db.features.conflict_targets {
            assert_eq!(done.unwrap(), 1);
            assert_eq!(rows(&db.engine, "page", "path, hits").await, ["/a|5", "/b|9"]);
        } else {
            is_unsupported(done);
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_there_stays() {
    on_each(async |db| {
        create(&db.engine).await;
        let tags = |names: [&str; 2]| names.map(|name| Tag { name: name.into(), ..default() });
        db.engine.execute(insert(Tag).values(tags(["a", "b"]))).await.unwrap();
        let again = insert(Tag).values(tags(["b", "c"])).on_conflict(Tag::name).do_nothing();
        db.engine.execute(again.clone()).await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, ["a", "b", "c"]);
        let any = insert(Tag).values(tags(["c", "d"]).to_vec()).on_any_conflict().do_nothing();
        db.engine.execute(any).await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, ["a", "b", "c", "d"]);
        // Other errors stay errors.
        let null = insert(Tag).values(Tag { name: "x".repeat(300), ..default() });
        let error = db.engine.execute(null.on_conflict(Tag::name).do_nothing()).await.unwrap_err();
        assert!(matches!(error, Error::Compile(CompileError::Value { .. })), "{error}");
        let returned = db.engine.all(again.returning(Tag::name)).await;
        if db.features.insert_returning && db.features.conflict_targets {
            assert_eq!(returned.unwrap(), Vec::<String>::new());
        } else {
            is_unsupported(returned);
        }
    })
    .await;
}

#[tokio::test]
async fn one_key_among_several() {
    on_each(async |db| {
        metadata![Account].create_all(&db.engine).await.unwrap();
        db.engine.execute(insert(Account).values(account("a@b", "a"))).await.unwrap();
        let same_email = || insert(Account).values(account("a@b", "other"));
        let by_email = same_email().on_conflict(Account::email);
        let by_login = same_email().on_conflict(Account::login).do_nothing();
        if db.features.conflict_targets {
            let renamed = by_email.do_update_all();
            assert_eq!(db.engine.execute(renamed).await.unwrap(), 1);
            assert_eq!(rows(&db.engine, "account", "email, login").await, ["a@b|other"]);
            let renamed =
                insert(Account).values(account("a@b", "a")).on_conflict(Account::login).do_nothing();
            let error = db.engine.execute(renamed).await.unwrap_err();
            assert!(
                matches!(error, Error::Integrity { .. }),
                "another key than the one that is named: {error}"
            );
        } else {
            // It would be any of the keys.
            is_unsupported(db.engine.execute(by_email.do_update_all()).await);
            is_unsupported(db.engine.execute(by_login).await);
            // One that is told: a key that is given is one more.
            let with_id = Tag { id: 1, name: "a".into(), ..default() };
            is_unsupported(
                db.engine.execute(insert(Tag).values(with_id).on_conflict(Tag::name).do_nothing()).await,
            );
        }
        let any = same_email().on_any_conflict().do_update(|update| update.set(Account::login, "any"));
        if db.features.update_on_any_conflict {
            db.engine.execute(any).await.unwrap();
            assert_eq!(rows(&db.engine, "account", "email, login").await, ["a@b|any"]);
        } else {
            is_unsupported(db.engine.execute(any).await);
        }
    })
    .await;
}

#[tokio::test]
async fn by_the_name_of_a_constraint() {
    on_each(async |db| {
        metadata![Page].create_all(&db.engine).await.unwrap();
        let twice =
            || insert(Page).values(page("/a", 3, None)).on_conflict_constraint("uq_page").do_update_all();
        if db.features.conflict_constraints {
            for _ in 0..2 {
                db.engine.execute(twice()).await.unwrap();
            }
            assert_eq!(rows(&db.engine, "page", "path, hits, updated").await, ["/a|3|changed"]);
        } else {
            is_unsupported(db.engine.execute(twice()).await);
        }
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_query() {
    on_each(async |db| {
        create(&db.engine).await;
        metadata![Page].create_all(&db.engine).await.unwrap();
        db.engine
            .execute(insert(Tag).values(["/a", "/b"].map(|name| Tag { name: name.into(), ..default() })))
            .await
            .unwrap();
        db.engine.execute(insert(Page).values(page("/a", 9, None))).await.unwrap();
        let query = select((Tag::name, orm::literal("s".to_owned()), Tag::id));
        let copy = insert(Page)
            .from_select((Page::path, Page::site, Page::hits), query)
            .on_conflict((Page::site, Page::path))
            .do_update(|update| update.set(Page::hits, excluded(Page::hits) + Page::hits));
        db.engine.execute(copy).await.unwrap();
        assert_eq!(rows(&db.engine, "page", "path, hits").await, ["/a|10", "/b|2"]);
    })
    .await;
}

#[tokio::test]
async fn a_session_gets_handles_of_what_is_there() {
    on_each(async |db| {
        metadata![Page].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let known = session.add(page("/a", 1, None));
        session.flush().await.unwrap();
        let upsert = insert(Page)
            .values([page("/a", 2, Some("A")), page("/b", 3, None)])
            .on_conflict((Page::site, Page::path))
            .do_update_all()
            .returning(Page);
        let returned = session.all(upsert).await;
        if !db.features.insert_returning {
            return is_unsupported(returned);
        }
        let handles = returned.unwrap();
        assert_eq!(handles.len(), 2);
        assert!(handles.contains(&known));
        let expected = Page {
            id: session[known].id,
            updated: Some("changed".to_owned()).into(),
            ..page("/a", 2, Some("A"))
        };
        assert_eq!(session[known], expected);
        let new = handles.into_iter().find(|handle| *handle != known).unwrap();
        assert_eq!((session[new].path.as_str(), session[new].hits), ("/b", 3));
        session.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn many_rows_at_once() {
    on_each(async |db| {
        metadata![Page].create_all(&db.engine).await.unwrap();
        let pages: Vec<Page> = (0..10_000).map(|n| page(&format!("/{n}"), n, None)).collect();
        assert_eq!(db.engine.execute(insert(Page).values(&pages[..5_000])).await.unwrap(), 5_000);
        let upsert = insert(Page).values(&pages).on_conflict((Page::site, Page::path)).do_update(|update| {
            update.set(Page::hits, Page::hits + excluded(Page::hits)).set(Page::updated, Some("twice"))
        });
        let expected = if db.features.conflict_targets { 10_000 } else { 15_000 };
        assert_eq!(db.engine.execute(upsert).await.unwrap(), expected);
        let found = db.engine.all(select((Page::path, Page::hits)).order_by(Page::hits)).await.unwrap();
        let mut hits: Vec<(String, i64)> =
            (0..10_000).map(|n| (format!("/{n}"), if n < 5_000 { 2 * n } else { n })).collect();
        let mut found = found;
        found.sort();
        hits.sort();
        assert_eq!(found, hits);
    })
    .await;
}

#[tokio::test]
async fn what_is_returned_of_many_rows() {
    on_each_with(
        |f| f.insert_returning,
        "INSERT … RETURNING",
        async |db| {
            metadata![Page].create_all(&db.engine).await.unwrap();
            let pages: Vec<Page> = (0..10_000).map(|n| page(&format!("/{n}"), n, None)).collect();
            let mut hits = db.engine.all(insert(Page).values(&pages).returning(Page::hits)).await.unwrap();
            hits.sort_unstable();
            assert_eq!(hits, (0..10_000).collect::<Vec<i64>>());
            db.engine.execute(delete(Page).all_rows()).await.unwrap();
            // Who wants the first row only still gets all inserted.
            assert!(db.engine.first(insert(Page).values(pages).returning(Page::id)).await.unwrap().is_some());
            assert_eq!(db.engine.one(select(count(Page))).await.unwrap(), 10_000);
        },
    )
    .await;
}

#[tokio::test]
async fn no_rows_and_a_column_for_all() {
    on_each(async |db| {
        metadata![Page].create_all(&db.engine).await.unwrap();
        assert_eq!(db.engine.execute(insert(Page).values(Vec::new())).await.unwrap(), 0);
        let titled = insert(Page).values([page("/a", 1, None)].as_slice()).set(Page::updated, Some("now"));
        assert_eq!(db.engine.execute(titled).await.unwrap(), 1);
        assert_eq!(rows(&db.engine, "page", PAGE).await, ["1|/a|1|NULL|now"]);
    })
    .await;
}
