//! What a deletion reaches, and orphans.

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn blog() -> Blog {
    let comment = |body: &str| Comment { body: body.into(), ..default() };
    Blog {
        title: "b".into(),
        posts: many![
            Post {
                title: "p1".into(),
                comments: many![comment("c1"), comment("c2")],
                tags: many![Tag { name: "t".into(), ..default() }],
                ..default()
            },
            Post { title: "p2".into(), comments: many![comment("c3")], ..default() }
        ],
        ..default()
    }
}

#[tokio::test]
async fn delete_reaches_all_levels_and_link_rows_but_not_what_they_link_to() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(blog());
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let found = other.get_one(Blog, 1).await.unwrap();
        let sent = Statements::record();
        other.delete(found);
        other.commit().await.unwrap();
        let within = |list: &'static str| if db.features.array_binds { "= ANY (?)" } else { list };
        assert_eq!(
            sent.taken("DELETE"),
            [
                format!("DELETE FROM post_tags WHERE post_tags.post_id {}", within("IN (?, ?)")),
                format!("DELETE FROM comment WHERE comment.id {}", within("IN (?, ?, ?)")),
                format!("DELETE FROM post WHERE post.id {}", within("IN (?, ?)")),
                "DELETE FROM blog WHERE blog.id = ?".to_owned(),
            ]
        );
        for (table, left) in [("blog", 0), ("post", 0), ("comment", 0), ("post_tags", 0), ("tag", 1)] {
            assert_eq!(rows(&db.engine, table, "1").await.len(), left, "{table}");
        }
        assert!(other.try_view(found).is_none());
    })
    .await;
}

#[tokio::test]
async fn children_of_a_deleted_parent_without_cascade_lose_their_key() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let address = Address { email: "a".into(), ..default() };
        let profile = Profile { bio: "p".into(), ..default() };
        let user = session.add(User {
            name: "u".into(),
            addresses: many![address],
            profile: profile.into(),
            ..default()
        });
        session.commit().await.unwrap();
        let a = session.view(user).get(User::addresses).unwrap().next().unwrap().handle();
        session.delete(user);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL"]);
        assert_eq!(rows(&db.engine, "profile", "id").await, [""; 0], "the one-to-one cascades");
        assert_eq!(session[a].user_id, None);
        assert!(session.view(a).get(Address::user).unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_parent_whose_children_need_it_is_not_deleted() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(Folder {
            name: "f".into(),
            files: many![File { name: "x".into(), ..default() }],
            ..default()
        });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let folder = other.get_one(Folder, 1).await.unwrap();
        let sent = Statements::record();
        other.delete(folder);
        let error = other.flush().await.unwrap_err();
        assert!(
            matches!(
                &error,
                orm::Error::Session(orm::SessionError::NotNullChildren {
                    entity: "Folder", relationship: "files", child: "File", column
                }) if column == "folder_id"
            ),
            "{error}"
        );
        assert!(sent.taken("SELECT").len() == 1 && sent.take().is_empty(), "nothing was written");
        other.rollback().await.unwrap();
        assert!(!other.is_deleted(folder));
        // Moved away first, they no longer stand in the way.
        let new = other.add(Folder { name: "new".into(), ..default() });
        let file = other.get_one(File, 1).await.unwrap();
        other.set(file, File::folder, new);
        other.delete(folder);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "file", "name, folder_id").await, ["x|2"]);
        assert_eq!(rows(&db.engine, "folder", "name").await, ["new"]);
    })
    .await;
}

#[tokio::test]
async fn an_orphan_is_deleted_and_one_that_found_another_parent_is_not() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let first = session.add(blog());
        let second = session.add(Blog { title: "second".into(), ..default() });
        session.commit().await.unwrap();
        let posts: Vec<_> = session.view(first).get(Blog::posts).unwrap().map(|p| p.handle()).collect();
        session.remove(first, Blog::posts, posts[0]);
        session.remove(first, Blog::posts, posts[1]);
        session.append(second, Blog::posts, posts[1]);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "title, blog_id").await, ["p2|2"]);
        assert_eq!(rows(&db.engine, "comment", "body").await, ["c3"], "orphans of two levels");
    })
    .await;
}

#[tokio::test]
async fn a_pending_orphan_is_never_inserted() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let blog = session.add(Blog { title: "b".into(), ..default() });
        let post = session.append(blog, Blog::posts, Post { title: "p".into(), ..default() });
        session.remove(blog, Blog::posts, post);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "id").await, [""; 0]);
        assert!(session.try_view(post).is_none());
    })
    .await;
}

#[tokio::test]
async fn a_self_referential_tree_is_deleted_whole() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let node = |name: &str, children: Vec<Node>| Node {
            name: name.into(),
            children: children.into(),
            ..default()
        };
        session.add(node(
            "root",
            vec![node("a", vec![node("aa", vec![]), node("ab", vec![])]), node("b", vec![])],
        ));
        session.commit().await.unwrap();
        assert_eq!(
            rows(&db.engine, "node", "name, parent_id").await,
            ["aa|2", "ab|2", "a|1", "b|1", "root|NULL"]
        );
        let mut other = Session::new(&db.engine);
        let root = other.get_one(Node, 1).await.unwrap();
        other.delete(root);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "node", "id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn deleting_a_child_takes_it_out_of_the_loaded_collection() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let blog = session.add(blog());
        session.commit().await.unwrap();
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        session.delete(post);
        session.flush().await.unwrap();
        let titles: Vec<String> =
            session.view(blog).get(Blog::posts).unwrap().map(|p| p.title.clone()).collect();
        assert_eq!(titles, ["p2"]);
        session.rollback().await.unwrap();
        assert_eq!(session.view(blog).get(Blog::posts).unwrap().len(), 2, "and a rollback brings it back");
        assert!(!session.is_deleted(post));
    })
    .await;
}

#[tokio::test]
async fn deleting_a_pending_object_only_takes_it_out() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let blog = session.add(Blog { title: "b".into(), ..default() });
        let post = session.append(blog, Blog::posts, Post { title: "p".into(), ..default() });
        session.delete(post);
        session.commit().await.unwrap();
        assert!(session.view(blog).get(Blog::posts).unwrap().is_empty());
        assert_eq!(rows(&db.engine, "post", "id").await, [""; 0]);
    })
    .await;
}
