//! What a flush writes: keys, circles, batches.

use orm::prelude::*;

use super::{address, blog, post, tag, user};
use crate::databases::{on_each, on_file, rows};
use crate::models::{self, *};
use crate::support::Statements;

#[tokio::test]
async fn a_new_object_takes_the_row_of_a_deleted_one() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let line = |position, item: &str| Line { position, item: item.into(), ..default() };
        let old = session.add(Purchase {
            shop: "s".into(),
            number: 1,
            lines: many![line(1, "nut"), line(2, "bolt")],
        });
        let b = session.add(Blog { posts: many![post("p")], ..blog("b") });
        let p = session.view(b).get(Blog::posts).unwrap().next().unwrap().handle();
        session.append(p, Post::tags, tag("t"));
        session.commit().await.unwrap();
        let sent = Statements::record();
        session.delete(old);
        let new = session.add(Purchase { shop: "s".into(), number: 1, lines: many![line(1, "screw")] });
        let tags = session.all(select(Tag)).await.unwrap();
        assert_eq!(sent.taken("INSERT").len(), 0, "the row of the line is taken too");
        session.delete(p);
        let again = session.append(b, Blog::posts, Post { id: 1, ..post("again") });
        session.append(again, Post::tags, tags[0]);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "line", "shop, number, position, item").await, ["s|1|1|screw"]);
        assert_eq!(rows(&db.engine, "post", "id, title").await, ["1|again"]);
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, ["1|1"]);
        assert!(session.try_view(old).is_none());
        assert_eq!(session.get(Purchase, ("s".to_owned(), 1)).await.unwrap(), Some(new));
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_carried_may_change_a_primary_key() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let line = |position, item: &str| Line { position, item: item.into(), ..default() };
        session.add(Purchase { shop: "s".into(), number: 1, lines: many![line(1, "nut")] });
        let two = session.add(Purchase { shop: "s".into(), number: 2, lines: many![line(2, "bolt")] });
        session.commit().await.unwrap();
        let nut = session.get_one(Line, ("s".to_owned(), 1, 1)).await.unwrap();
        session.append(two, Purchase::lines, nut);
        session.flush().await.unwrap();
        assert_eq!(session.get(Line, ("s".to_owned(), 2, 1)).await.unwrap(), Some(nut));
        assert_eq!(session.get(Line, ("s".to_owned(), 1, 1)).await.unwrap(), None);
        session.rollback().await.unwrap();
        assert_eq!(session.get(Line, ("s".to_owned(), 1, 1)).await.unwrap(), Some(nut));
        session.append(two, Purchase::lines, nut);
        session.commit().await.unwrap();
        assert_eq!(
            rows(&db.engine, "line", "shop, number, position, item").await,
            ["s|2|1|nut", "s|2|2|bolt"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_deep_tree_is_deleted_from_its_leaves_up() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let top = session.add(Node { name: "top".into(), ..default() });
        for n in 0..1_500 {
            let node = session.append(top, Node::children, Node { name: n.to_string(), ..default() });
            session.append(node, Node::children, Node { name: format!("below {n}"), ..default() });
        }
        session.commit().await.unwrap();
        session.delete(top);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "node", "name").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn many_rows_with_keys_of_several_columns_are_deleted() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let b = session.add(blog("b"));
        let p = session.append(b, Blog::posts, post("p"));
        let tags = session.add_all((0..2_500).map(|n| tag(&n.to_string())));
        for &tag in &tags {
            session.append(p, Post::tags, tag);
        }
        session.commit().await.unwrap();
        for &tag in &tags {
            session.remove(p, Post::tags, tag);
        }
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post_tags", "1").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let kept = session.add(Stamp::new("kept"));
        let u = session.add(User { addresses: many![address("a")], ..user("u") });
        session.commit().await.unwrap();
        session[kept].label = "changed".into();
        session[u].addresses = many![address("b")];
        let new = session.add(Stamp::new("new"));
        let plan = session.plan().unwrap();
        assert_eq!(
            plan,
            "UPDATE stamp (label, updated) × 1\nINSERT stamp (label, created) × 1\n\
             UPDATE address (user_id) × 1\nINSERT address (email, user_id) × 1\n"
        );
        assert_eq!((session[new].created.get(), session[kept].updated.get()), (None, Some(&None)));
        assert_eq!(session[u].addresses.loaded().unwrap().len(), 1);
        assert_eq!(session.plan().unwrap(), plan);
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_parents_with_thirty_thousand_children_are_three_statements() {
    on_file(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        for n in 0..10_000 {
            let children = (0..3).map(|_| Node { name: "child".into(), ..default() }).collect();
            session.add(Node { name: n.to_string(), children, ..default() });
        }
        let sent = Statements::record();
        session.commit().await.unwrap();
        // Two columns a row, and not quite 32,766 binds a statement.
        assert_eq!(sent.taken("INSERT").len(), 3);
    })
    .await;
}

/// Two tables whose rows reference each other: one key cannot be NULL.
#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "crew")]
struct Crew {
    #[column(primary_key)]
    id: i64,
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

#[tokio::test]
async fn rows_of_two_tables_that_reference_each_other_are_deleted_together() {
    on_each(async |db| {
        metadata![Crew, Sailor].create_all(&db.engine).await.unwrap();
        let sailor = |name: &str| Sailor { name: name.into(), ..default() };
        for is_captain_first in [false, true] {
            let mut session = Session::new(&db.engine);
            let crew = session.add(Crew { sailors: many![sailor("a"), sailor("b")], ..default() });
            let captain = session.view(crew).get(Crew::sailors).unwrap().next().unwrap().handle();
            session.set(crew, Crew::captain, captain);
            session.commit().await.unwrap();
            assert_eq!(
                rows(&db.engine, "crew", "id, captain_id").await,
                [format!("{}|{}", session[crew].id, session[captain].id)]
            );
            if is_captain_first {
                session.delete(captain);
            }
            session.delete(crew);
            session.commit().await.unwrap();
            assert_eq!(rows(&db.engine, "crew", "id").await, [""; 0]);
            assert_eq!(rows(&db.engine, "sailor", "name").await, [""; 0]);
        }
    })
    .await;
}
