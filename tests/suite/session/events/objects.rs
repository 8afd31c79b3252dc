//! Objects: what listeners see and change of them just before and after they are written, and when they are read.

use super::*;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "article")]
struct Article {
    #[column(primary_key, length = 30)]
    code: Auto<String>,
    #[column(length = 30)]
    title: String,
    #[column(length = 30)]
    slug: Option<String>,
    #[column(length = 30, server_default = "'draft'")]
    status: Auto<String>,
    edits: i64,
    #[relationship(back_populates = article)]
    parts: Many<Part>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "part")]
struct Part {
    #[column(primary_key)]
    id: i64,
    #[column(length = 30)]
    text: String,
    #[column(length = 30, foreign_key = Article::code)]
    article_code: Option<String>,
    #[column(length = 60)]
    path: Option<String>,
    #[relationship(back_populates = parts)]
    article: One<Option<Article>>,
}

fn article(title: &str) -> Article {
    Article { title: title.into(), ..default() }
}

async fn create(db: &Database) {
    metadata![Article, Part].create_all(&db.engine).await.unwrap();
}

const COLUMNS: &str = "code, title, slug, status, edits";

#[tokio::test]
async fn before_insert_changes_what_is_inserted() {
    on_each(async |db| {
        create(db).await;
        let log = Log::default();
        let told = log.clone();
        let events = SessionEvents::new()
            .before_insert(|article: &mut Article| {
                // Even the key, and columns that the others of the batch leave to the database.
                article.code = Auto::Set(format!("code-{}", article.title));
                article.slug = Some(article.title.to_uppercase());
                if article.title == "b" {
                    article.status = Auto::Set("final".into());
                }
            })
            .before_insert(|part: &mut Part| {
                // The key of the parent is there already.
                part.path = part.article_code.as_ref().map(|code| format!("{code}/{}", part.text));
            })
            .after_insert(move |article: &Article| {
                told.push(format!("{} {}", *article.code, *article.status))
            });
        let mut session = listening(db, events);
        let articles = session.add_all(["a", "b", "c"].map(article));
        session.append(articles[0], Article::parts, Part { text: "one".into(), ..default() });
        session.commit().await.unwrap();
        let written = ["code-a|a|A|draft|0", "code-b|b|B|final|0", "code-c|c|C|draft|0"];
        assert_eq!(rows(&db.engine, "article", COLUMNS).await, written);
        assert_eq!(rows(&db.engine, "part", "text, path").await, ["one|code-a/one"]);
        assert_eq!(log.take(), ["code-a draft", "code-b final", "code-c draft"]);
        assert_eq!(session[articles[0]].slug.as_deref(), Some("A"));
        // The identity map has the key that the listener gave.
        assert_eq!(session.get(Article, "code-b").await.unwrap(), Some(articles[1]));
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_told_before_and_after_its_statements() {
    on_each(async |db| {
        create(db).await;
        let log = Log::default();
        let (a, b, c, d, e, f) =
            (log.clone(), log.clone(), log.clone(), log.clone(), log.clone(), log.clone());
        let events = SessionEvents::new()
            .before_insert(move |article: &mut Article| a.push(format!("before insert {}", article.title)))
            .after_insert(move |article: &Article| b.push(format!("after insert {}", article.title)))
            .before_update(move |article: &mut Article| c.push(format!("before update {}", article.title)))
            .after_update(move |article: &Article| d.push(format!("after update {}", article.title)))
            .before_delete(move |article: &mut Article| e.push(format!("before delete {}", article.title)))
            .after_delete(move |article: &Article| f.push(format!("after delete {}", article.title)));
        let mut session = listening(db, events);
        let a = session.add(Article { code: Auto::Set("1".into()), ..article("a") });
        // Other columns, and so another statement; the same batch.
        let status = Auto::Set("final".to_owned());
        let b = session.add(Article { code: Auto::Set("2".into()), status, ..article("b") });
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["before insert a", "before insert b", "after insert a", "after insert b"]);

        session[a].title = "a2".into();
        session[b].edits = 1;
        session.commit().await.unwrap();
        let mut told = log.take();
        told[..2].sort();
        told[2..].sort();
        assert_eq!(told, ["before update a2", "before update b", "after update a2", "after update b"]);

        session.delete(a);
        session.delete(b);
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["before delete a2", "before delete b", "after delete a2", "after delete b"]);
    })
    .await;
}

#[tokio::test]
async fn before_update_changes_what_is_updated() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let code = |code: &str| Auto::Set(code.to_owned());
        session.add_all([
            Article { code: code("1"), ..article("a") },
            Article { code: code("2"), ..article("b") },
            Article { code: code("3"), ..article("c") },
        ]);
        session.commit().await.unwrap();

        let log = Log::default();
        let (told, after) = (log.clone(), log.clone());
        let events = SessionEvents::new()
            .before_update(move |article: &mut Article| {
                told.push(format!("before {}", article.title));
                if article.title != "c" {
                    article.edits += 1;
                }
            })
            .after_update(move |article: &Article| after.push(format!("after {}", article.title)));
        let mut session = listening(db, events);
        let mut articles = Vec::new();
        for code in ["1", "2", "3"] {
            articles.push(session.get_one(Article, code).await.unwrap());
        }
        session[articles[0]].title = "changed".into();
        // Borrowed mutably, and left as they were: the second one is written for what the listener does.
        let _ = &mut session[articles[1]];
        let _ = &mut session[articles[2]];
        let statements = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(
            rows(&db.engine, "article", "code, title, edits").await,
            ["1|changed|1", "2|b|1", "3|c|0"]
        );
        let mut told = log.take();
        told.sort();
        assert_eq!(told, ["after b", "after c", "after changed", "before b", "before c", "before changed"]);
        assert_eq!(statements.taken("UPDATE").len(), 2);
        drop(statements);

        // A child whose key alone is carried is told of too.
        let log = Log::default();
        let told = log.clone();
        session.set_events(SessionEvents::new().before_update(move |part: &mut Part| {
            told.push(format!("{:?}", part.article_code));
            part.path = Some("moved".into());
        }));
        let part = session.add(Part { text: "p".into(), ..default() });
        session.commit().await.unwrap();
        session.set(part, Part::article, articles[0]);
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["Some(\"1\")"]);
        assert_eq!(rows(&db.engine, "part", "article_code, path").await, ["1|moved"]);
    })
    .await;
}

#[tokio::test]
async fn an_error_of_a_listener_is_kept_with_the_event_and_the_object() {
    on_each(async |db| {
        create(db).await;
        #[derive(Debug, PartialEq)]
        struct Forbidden(i32);
        impl std::fmt::Display for Forbidden {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "forbidden by rule {}", self.0)
            }
        }
        impl std::error::Error for Forbidden {}

        let events = SessionEvents::new()
            .before_insert(|_: &mut Article| Err::<(), _>(Forbidden(1)))
            .before_delete(|_: &mut Part| Err::<(), _>(Forbidden(2)));
        let mut session = listening(db, events);
        let part = session.add(Part { text: "kept".into(), ..default() });
        session.commit().await.unwrap();

        session.add(article("x"));
        let error = session.commit().await.unwrap_err();
        let Error::Listener { event: "before_insert", entity: Some("Article"), source } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(source.downcast_ref::<Forbidden>(), Some(&Forbidden(1)));
        let message = "a listener of `before_insert` refused a `Article`: forbidden by rule 1";
        assert_eq!(error.to_string(), message);
        assert!(std::error::Error::source(&error).is_some());
        let needs = session.commit().await.unwrap_err();
        assert!(matches!(&needs, Error::Session(SessionError::NeedsRollback { cause }) if cause == message));
        session.rollback().await.unwrap();

        session.delete(part);
        let error = session.flush().await.unwrap_err();
        assert_eq!(error.to_string(), "a listener of `before_delete` refused a `Part`: forbidden by rule 2");
        session.rollback().await.unwrap();
        assert!(!session.is_deleted(part));
        assert_eq!(rows(&db.engine, "part", "text").await, ["kept"]);
        assert_eq!(rows(&db.engine, "article", "title").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_missing_parent_may_be_given_by_a_listener() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let profile = || Profile { bio: "x".into(), ..default() };
        let mut session = listening(db, SessionEvents::new().before_insert(|_: &mut Profile| ()));
        session.add(user("sandy"));
        session.commit().await.unwrap();
        session.add(profile());
        let error = session.commit().await.unwrap_err();
        assert!(matches!(error, Error::Session(SessionError::NoParent { entity: "Profile", .. })), "{error}");
        session.rollback().await.unwrap();

        session.set_events(SessionEvents::new().before_insert(|profile: &mut Profile| profile.user_id = 1));
        session.add(profile());
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio, user_id").await, ["x|1"]);
    })
    .await;
}

#[tokio::test]
async fn a_new_object_in_the_place_of_a_deleted_one_counts_as_inserted() {
    on_each(async |db| {
        create(db).await;
        let log = Log::default();
        let (a, b, c, d) = (log.clone(), log.clone(), log.clone(), log.clone());
        let events = SessionEvents::new()
            .before_insert(move |article: &mut Article| {
                a.push(format!("before insert {}", article.title));
                article.slug = Some("slug".into());
            })
            .after_insert(move |article: &Article| b.push(format!("after insert {}", article.title)))
            .before_update(move |_: &mut Article| c.push("update"))
            .before_delete(move |_: &mut Article| d.push("delete"));
        let mut session = listening(db, events);
        let code = || Auto::Set("1".to_owned());
        let old = session.add(Article { code: code(), ..article("old") });
        session.commit().await.unwrap();
        log.take();
        session.delete(old);
        session.add(Article { code: code(), ..article("new") });
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["before insert new", "after insert new"]);
        assert_eq!(rows(&db.engine, "article", "title, slug").await, ["new|slug"]);
    })
    .await;
}

#[tokio::test]
async fn load_and_refresh_edit_what_was_read() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let part = |text: &str| Part { text: text.into(), ..default() };
        session.add(Article {
            code: Auto::Set("1".into()),
            parts: many![part("p"), part("q")],
            ..article("a")
        });
        session.commit().await.unwrap();

        let log = Log::default();
        let (a, b, c) = (log.clone(), log.clone(), log.clone());
        let events = SessionEvents::new()
            .load(move |article: &mut Article| {
                a.push(format!("load {}", article.title));
                article.slug = Some("made on load".into());
            })
            .refresh(move |article: &mut Article| {
                b.push(format!("refresh {}", article.title));
                article.slug = Some("made on refresh".into());
            })
            .load(move |part: &mut Part| c.push(format!("load {}", part.text)));
        let mut session = listening(db, events);
        let article = session.one(select(Article).options(selectin(Article::parts))).await.unwrap();
        let mut told = log.take();
        told.sort();
        assert_eq!(told, ["load a", "load p", "load q"]);
        assert_eq!(session[article].slug.as_deref(), Some("made on load"));
        // Not again for what is there, and not a change.
        session.all(select((Article, Part)).join(Article::parts)).await.unwrap();
        let statements = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
        assert_eq!(statements.taken("UPDATE"), Vec::<String>::new());

        session[article].title = "unsaved".into();
        session.set_autoflush(false);
        session.refresh(article).await.unwrap();
        assert_eq!(log.take(), ["refresh a"]);
        assert_eq!(session[article].slug.as_deref(), Some("made on refresh"));
        session.commit().await.unwrap();
        assert_eq!(statements.taken("UPDATE"), Vec::<String>::new());
        assert_eq!(rows(&db.engine, "article", "title, slug").await, ["a|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn a_query_fails_by_what_load_refuses() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        session.add(Part { text: "bad".into(), ..default() });
        session.commit().await.unwrap();
        let refuse = |part: &mut Part| if part.text == "bad" { Err("spoilt") } else { Ok(()) };
        let mut session = listening(db, SessionEvents::new().load(refuse));
        let error = session.all(select(Part)).await.unwrap_err();
        assert_eq!(error.to_string(), "a listener of `load` refused a `Part`: spoilt");
    })
    .await;
}
