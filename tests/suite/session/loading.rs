//! Relationships loaded on demand, by `selectin` and by `joined`: the same objects from each.

use orm::prelude::*;

use crate::databases::{Database, on_each};
use crate::models::{self, *};
use crate::support::Statements;

async fn seed(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let comment = |body: &str| Comment { body: body.into(), ..default() };
    let tags = ["t1", "t2"].map(|name| session.add(Tag { name: name.into(), ..default() }));
    for n in 1..=3 {
        let blog = session.add(Blog { title: format!("b{n}"), ..default() });
        for m in 1..n {
            let post = session.append(
                blog,
                Blog::posts,
                Post { title: format!("p{n}{m}"), comments: many![comment("x"), comment("y")], ..default() },
            );
            for tag in &tags[..m.min(2)] {
                session.append(post, Post::tags, *tag);
            }
        }
    }
    session.commit().await.unwrap();
}

/// All that is loaded of the blogs, as text.
fn tree(session: &Session, blogs: &[Handle<Blog>]) -> Vec<String> {
    let mut lines = Vec::new();
    for blog in session.views(blogs) {
        lines.push(blog.title.clone());
        for post in blog.get(Blog::posts).unwrap() {
            assert_eq!(post.get(Post::blog).unwrap().handle(), blog.handle(), "the way back is there");
            let comments = post.get(Post::comments).unwrap().map(|c| c.body.clone()).collect::<Vec<_>>();
            let tags = post.get(Post::tags).unwrap().map(|t| t.name.clone()).collect::<Vec<_>>();
            lines.push(format!("  {} {comments:?} {tags:?}", post.title));
        }
    }
    lines
}

const TREE: [&str; 6] = [
    "b1",
    "b2",
    r#"  p21 ["x", "y"] ["t1"]"#,
    "b3",
    r#"  p31 ["x", "y"] ["t1"]"#,
    r#"  p32 ["x", "y"] ["t1", "t2"]"#,
];

#[tokio::test]
async fn selectin_sends_one_select_for_each_relationship() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let posts = selectin(Blog::posts).then(selectin(Post::comments)).then(selectin(Post::tags));
        let blogs = session.all(select(Blog).order_by(Blog::id).options(posts)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 4);
        assert_eq!(tree(&session, &blogs), TREE);
        assert_eq!(sent.take(), [""; 0], "reading sends nothing");
    })
    .await;
}

#[tokio::test]
async fn joined_sends_one_select_and_gives_each_parent_once() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let posts = joined(Blog::posts).then(joined(Post::comments)).then(joined(Post::tags));
        let blogs = session.all(select(Blog).order_by(Blog::id).options(posts)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(blogs.len(), 3);
        // The way back from a joined collection is not part of the join.
        session
            .load_many(
                &session
                    .views(&blogs)
                    .flat_map(|b| b.get(Blog::posts).unwrap())
                    .map(|p| p.handle())
                    .collect::<Vec<_>>(),
                Post::blog,
            )
            .await
            .unwrap();
        assert_eq!(tree(&session, &blogs), TREE);
    })
    .await;
}

#[tokio::test]
async fn joined_and_selectin_mix_and_a_limit_counts_parents() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let posts = joined(Blog::posts).then(selectin(Post::comments)).then(selectin(Post::tags));
        let query = select(Blog).order_by(Blog::id.desc()).limit(2).options(posts);
        let mut blogs = session.all(query).await.unwrap();
        blogs.reverse();
        let titles: Vec<String> = session.views(&blogs).map(|b| b.title.clone()).collect();
        assert_eq!(titles, ["b2", "b3"], "the limit is one of blogs, not of joined rows");
        assert_eq!(tree(&session, &blogs), TREE[1..]);
        let sent = Statements::record();
        let mut fresh = Session::new(&db.engine);
        let posts =
            fresh.all(select(Post).order_by(Post::id).limit(2).options(joined(Post::blog))).await.unwrap();
        let titles: Vec<String> =
            fresh.views(&posts).map(|p| p.get(Post::blog).unwrap().title.clone()).collect();
        assert_eq!(titles, ["b2", "b3"]);
        assert_eq!(sent.taken("SELECT").len(), 1, "a to-one join leaves the number of rows as it is");
    })
    .await;
}

#[tokio::test]
async fn load_sends_one_select_or_none() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let posts = session.all(select(Post).order_by(Post::id)).await.unwrap();
        let error = session.view(posts[0]).get(Post::blog).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Post::blog` is not loaded; add `.options(selectin(Post::blog))` to the query, or call \
             `session.load(handle, Post::blog).await?` first"
        );
        session.all(select(Blog)).await.unwrap();
        let sent = Statements::record();
        session.load_many(&posts, Post::blog).await.unwrap();
        assert_eq!(sent.take(), [""; 0], "the identity map has the parents");
        session.load_many(&posts, Post::tags).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        session.load_many(&posts, Post::tags).await.unwrap();
        assert_eq!(sent.take(), [""; 0], "what is loaded is not loaded again");
    })
    .await;
}

#[tokio::test]
async fn a_connection_gives_owned_trees() {
    on_each(async |db| {
        seed(db).await;
        let option = || selectin(Blog::posts).then(selectin(Post::tags));
        let blogs = db.engine.all(select(Blog).order_by(Blog::id).options(option())).await.unwrap();
        let titles: Vec<(String, usize)> =
            blogs.iter().map(|b| (b.title.clone(), b.posts.loaded().unwrap().len())).collect();
        assert_eq!(titles, [("b1".to_owned(), 0), ("b2".to_owned(), 1), ("b3".to_owned(), 2)]);
        let last = &blogs[2].posts.loaded().unwrap()[1];
        assert_eq!(
            last.tags.loaded().unwrap().iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
            ["t1", "t2"]
        );
        assert!(last.comments.is_unloaded());
        let rows =
            db.engine.all(select((Post::title, Blog)).join(Post::blog).order_by(Post::id)).await.unwrap();
        assert_eq!(rows[0].0, "p21");
        assert_eq!(rows[0].1.title, "b2");
        assert!(rows[0].1.posts.is_unloaded());
    })
    .await;
}

#[tokio::test]
async fn an_outer_join_gives_options() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let query = select((Blog::title, Post)).outer_join(Blog::posts).order_by((Blog::id, Post::id));
        let rows: Vec<(String, Option<Handle<Post>>)> = session.all(query).await.unwrap();
        let shown: Vec<(String, Option<String>)> =
            rows.into_iter().map(|(title, post)| (title, post.map(|p| session[p].title.clone()))).collect();
        let pair = |a: &str, b: Option<&str>| (a.to_owned(), b.map(str::to_owned));
        assert_eq!(
            shown,
            [pair("b1", None), pair("b2", Some("p21")), pair("b3", Some("p31")), pair("b3", Some("p32"))]
        );
    })
    .await;
}
