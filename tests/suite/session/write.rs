//! Inserts, updates and deletes of a flush.

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

#[tokio::test]
async fn a_tree_is_inserted_in_the_order_of_its_keys() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let user = session.add(User {
            name: "sandy".into(),
            addresses: many![
                Address { email: "a@x".into(), ..default() },
                Address { email: "b@x".into(), ..default() }
            ],
            profile: Profile { bio: "squirrel".into(), ..default() }.into(),
            ..default()
        });
        session.commit().await.unwrap();
        let before_returning = |sql: String| sql.split(" RETURNING ").next().unwrap_or_default().to_owned();
        let sent: Vec<String> = sent.take().into_iter().map(before_returning).collect();
        let two =
            if db.features.array_binds { "SELECT * FROM UNNEST(?, ?)" } else { "VALUES (?, ?), (?, ?)" };
        assert_eq!(
            sent,
            [
                "BEGIN",
                "INSERT INTO user_account (name, fullname) VALUES (?, ?)",
                &format!("INSERT INTO address (email, user_id) {two}"),
                "INSERT INTO profile (bio, user_id) VALUES (?, ?)",
                "COMMIT",
            ]
        );
        assert_eq!(session[user].id, 1);
        let view = session.view(user);
        let ids: Vec<_> =
            view.get(User::addresses).unwrap().map(|a| (a.id, a.user_id, a.email.clone())).collect();
        assert_eq!(ids, [(1, Some(1), "a@x".to_owned()), (2, Some(1), "b@x".to_owned())]);
        assert_eq!(view.get(User::profile).unwrap().unwrap().user_id, 1);
        assert_eq!(rows(&db.engine, "address", "id, email, user_id").await, ["1|a@x|1", "2|b@x|1"]);
        assert_eq!(rows(&db.engine, "profile", "id, bio, user_id").await, ["1|squirrel|1"]);
    })
    .await;
}

#[tokio::test]
async fn a_parent_under_its_child_is_inserted_first() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let address = session.add(Address {
            email: "a@x".into(),
            user: User { name: "sandy".into(), ..default() }.into(),
            ..default()
        });
        session.flush().await.unwrap();
        let user = session.view(address).get(Address::user).unwrap().unwrap();
        assert_eq!((user.id, session[address].user_id), (1, Some(1)));
        assert_eq!(user.get(User::addresses).unwrap().len(), 1, "the other side follows");
    })
    .await;
}

#[tokio::test]
async fn rows_of_one_table_are_inserted_parents_first() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let low = session.add(Employee { name: "low".into(), ..default() });
        let mid = session.add(Employee { name: "mid".into(), ..default() });
        let boss = session.add(Employee { name: "boss".into(), ..default() });
        session.set(low, Employee::manager, mid);
        session.set(mid, Employee::manager, boss);
        session.commit().await.unwrap();
        assert_eq!(
            rows(&db.engine, "employee", "id, name, manager_id").await,
            ["1|boss|NULL", "2|mid|1", "3|low|2"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_a_thousand_rows_is_inserted_in_order() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let mut previous = None;
        for n in 0..1_000 {
            let employee = session.add(Employee { name: n.to_string(), ..default() });
            if let Some(previous) = previous {
                session.set(previous, Employee::manager, employee);
            }
            previous = Some(employee);
        }
        session.commit().await.unwrap();
        let orphans =
            db.engine.one(select(count(Employee)).filter(Employee::manager_id.is_null())).await.unwrap();
        assert_eq!(orphans, 1);
    })
    .await;
}

#[tokio::test]
async fn objects_that_wait_for_each_other_are_an_error_before_any_statement() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let a = session.add(Employee { name: "a".into(), ..default() });
        let b = session.add(Employee { name: "b".into(), ..default() });
        session.set(a, Employee::manager, b);
        session.set(b, Employee::manager, a);
        let error = session.flush().await.unwrap_err();
        let orm::Error::Session(orm::SessionError::CircularDependency(by)) = &error else {
            panic!("{error}")
        };
        assert_eq!(by, "`Employee::manager`");
        session.rollback().await.unwrap();
        assert_eq!(rows(&db.engine, "employee", "id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn only_the_changed_column_is_updated() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "sandy".into(), ..default() });
        session.commit().await.unwrap();
        let sent = Statements::record();
        session[user].fullname = Some("Sandy Cheeks".into());
        session.commit().await.unwrap();
        assert_eq!(
            sent.take(),
            ["BEGIN", "UPDATE user_account SET fullname = ? WHERE user_account.id = ?", "COMMIT"]
        );
        let same = session[user].name.clone();
        session[user].name = same;
        session.commit().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), [""; 0], "a value that is the same again is no change");
        assert_eq!(rows(&db.engine, "user_account", "id, name, fullname").await, ["1|sandy|Sandy Cheeks"]);
    })
    .await;
}

#[tokio::test]
async fn given_keys_are_kept_and_a_given_and_a_generated_one_go_together() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let users = session.add_all([
            User { id: 7, name: "a".into(), ..default() },
            User { name: "b".into(), ..default() },
            User { id: 9, name: "c".into(), ..default() },
        ]);
        session.commit().await.unwrap();
        let ids: Vec<i64> = users.iter().map(|&u| session[u].id).collect();
        assert_eq!((ids[0], ids[2]), (7, 9));
        assert_eq!(rows(&db.engine, "user_account", "id, name").await.len(), 3);
        let b = session.one(select(User).filter(User::name.eq("b"))).await.unwrap();
        assert_eq!(b, users[1]);
    })
    .await;
}

#[tokio::test]
async fn generated_values_come_back_to_their_own_objects() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let names: Vec<String> = (0..2_500).map(|n| format!("user {n}")).collect();
        let sent = Statements::record();
        let users = session.add_all(names.iter().map(|name| User { name: name.clone(), ..default() }));
        session.commit().await.unwrap();
        assert_eq!(sent.taken("INSERT").len(), 1);
        let stored = db.engine.all(select((User::id, User::name))).await.unwrap();
        let stored: std::collections::HashMap<i64, String> = stored.into_iter().collect();
        for (user, name) in users.iter().zip(&names) {
            assert_eq!(&stored[&session[*user].id], name);
        }
    })
    .await;
}

#[tokio::test]
async fn defaults_of_rust_and_of_the_database_are_filled_in() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let left = session.add(Stamp::new("left"));
        let given = session.add(Stamp {
            counter: 1.into(),
            created: "early".to_owned().into(),
            ..Stamp::new("given")
        });
        assert_eq!(session[left].created.get(), None);
        session.commit().await.unwrap();
        let values = |session: &Session, h: Handle<Stamp>| {
            (session[h].created.clone(), session[h].updated.clone(), *session[h].counter)
        };
        assert_eq!(values(&session, left), ("made".to_owned().into(), None.into(), 7));
        assert_eq!(values(&session, given), ("early".to_owned().into(), None.into(), 1));
        session[left].label = "moved".into();
        session.commit().await.unwrap();
        assert_eq!(*session[left].updated, Some("changed".to_owned()));
        assert_eq!(
            rows(&db.engine, "stamp", "label, created, updated, counter").await,
            ["given|early|NULL|1", "moved|made|changed|7"]
        );
    })
    .await;
}

#[tokio::test]
async fn composite_keys_are_carried_to_the_children() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let line = |position, item: &str| Line { position, item: item.into(), ..default() };
        let purchase = session.add(Purchase {
            shop: "north".into(),
            number: 5,
            lines: many![line(1, "nut"), line(2, "bolt")],
        });
        session.commit().await.unwrap();
        assert_eq!(
            rows(&db.engine, "line", "shop, number, position, item").await,
            ["north|5|1|nut", "north|5|2|bolt"]
        );
        let mut other = Session::new(&db.engine);
        let found = other.get_one(Purchase, ("north".to_owned(), 5)).await.unwrap();
        other.load(found, Purchase::lines).await.unwrap();
        let items: Vec<String> =
            other.view(found).get(Purchase::lines).unwrap().map(|line| line.item.clone()).collect();
        assert_eq!(items, ["nut", "bolt"]);
        drop(other); // In memory, SQLite lets nobody write while somebody reads.
        session.delete(purchase);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "line", "item").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_gone_is_stale() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "sandy".into(), ..default() });
        session.commit().await.unwrap();
        db.engine.execute(delete(User).filter(User::id.eq(1))).await.unwrap();
        session[user].name = "x".into();
        let error = session.commit().await.unwrap_err();
        assert!(
            matches!(&error, orm::Error::StaleData { action: "UPDATE", table, expected: 1, matched: 0 } if table == "user_account"),
            "{error}"
        );
        session.rollback().await.unwrap();
        assert_eq!(session[user].name, "sandy");
    })
    .await;
}

#[tokio::test]
async fn a_child_without_its_parent_is_told_before_the_database_is_asked() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(File { name: "lost".into(), ..default() });
        let error = session.flush().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`File` cannot be inserted: `File::folder` has no target, and its column `folder_id` is NOT NULL"
        );
        session.rollback().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_plan_tells_what_a_flush_would_do() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = session.add(Tag { name: "t".into(), ..default() });
        let blog = session.add(Blog {
            title: "b".into(),
            posts: many![Post { title: "p1".into(), ..default() }, Post { title: "p2".into(), ..default() }],
            ..default()
        });
        let posts: Vec<_> = session.view(blog).get(Blog::posts).unwrap().map(|p| p.handle()).collect();
        session.append(posts[0], Post::tags, tag);
        assert_eq!(
            session.plan().unwrap(),
            "INSERT tag (name) × 1\nINSERT blog (title) × 1\nINSERT post (title, blog_id) × 2\nINSERT post_tags × 1\n"
        );
        assert_eq!(rows(&db.engine, "tag", "id").await, [""; 0], "a plan is not carried out");
    })
    .await;
}
