//! Relationships that are loaded by joins in the parents' own SELECT: those that `joined` adds, and those that the query
//! has itself, by `contains_eager`.

mod along;
mod contained;
mod counted;
mod spliced;

use std::fmt::Debug;

use orm::prelude::*;
use orm::session::Tracked;
use orm::typed::{Owned, Query};

use crate::databases::{Database, on_each};
use crate::models::{self, *};
use crate::support::Statements;

/// Three blogs: one with two posts, one with one, one with none.
async fn seed(engine: &Engine) {
    models::create(engine).await;
    let blog = |title: &str| Blog { title: title.into(), ..default() };
    let post = |title: &str, blog_id: i64| Post { title: title.into(), blog_id, ..default() };
    let comment = |body: &str| Comment { body: body.into(), post_id: 1, ..default() };
    let tag = |name: &str| Tag { name: name.into(), ..default() };
    engine.execute(insert(Blog).values([blog("b1"), blog("b2"), blog("b3")])).await.unwrap();
    engine.execute(insert(Post).values([post("p1", 1), post("p2", 1), post("p3", 2)])).await.unwrap();
    engine.execute(insert(Comment).values([comment("c1"), comment("c2")])).await.unwrap();
    engine.execute(insert(Tag).values([tag("t1"), tag("t2")])).await.unwrap();
    let link = |post_id: i64, tag_id: i64| PostTag { post_id, tag_id };
    engine.execute(insert(PostTag).values([link(1, 1), link(1, 2), link(2, 1)])).await.unwrap();
}

/// The statements that a query sends on SQLite.
async fn sql<Q: Query<I, Row<Owned>: Debug>, I>(query: Q) -> Vec<String> {
    let engine = Engine::new("sqlite::memory:").unwrap();
    seed(&engine).await;
    let sent = Statements::record();
    engine.all(query).await.unwrap();
    sent.take().into_iter().filter(|sql| sql.starts_with("SELECT") || sql.starts_with("WITH")).collect()
}

/// What is loaded of each blog: `b1: p1 [c1 c2] [t1]`; what is not loaded is a `-`.
fn shown(blogs: &[Blog]) -> Vec<String> {
    let blog = |blog: &Blog| format!("{}: {}", blog.title, posts(blog.posts.loaded()));
    blogs.iter().map(blog).collect()
}

fn posts(posts: Option<&[Post]>) -> String {
    let post = |post: &Post| {
        let comments = post.comments.loaded().map(|all| words(all.iter().map(|c| c.body.as_str())));
        let tags = post.tags.loaded().map(|all| words(all.iter().map(|t| t.name.as_str())));
        let list = |list: Option<String>| list.map_or("-".to_owned(), |list| format!("[{list}]"));
        format!("{} {} {}", post.title, list(comments), list(tags))
    };
    posts.map_or("-".to_owned(), |posts| posts.iter().map(post).collect::<Vec<_>>().join(", "))
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// The trees of a query: the same ones, by the same statements, from a connection and from a session.
async fn trees<Q, I>(db: &Database, query: Q) -> Vec<String>
where
    Q: Query<I, Row<Owned> = Blog, Row<Tracked> = Handle<Blog>> + Clone,
{
    let sent = Statements::record();
    let owned = db.engine.all(query.clone()).await.unwrap();
    let statements = sent.taken("SELECT");
    let mut session = Session::new(&db.engine);
    let handles = session.all(query).await.unwrap();
    assert_eq!(sent.taken("SELECT"), statements);
    let copies: Vec<Blog> = handles.iter().map(|&blog| session.detach(blog)).collect();
    assert_eq!(shown(&copies), shown(&owned));
    shown(&owned)
}

/// The titles of the posts that a session holds of a blog.
fn titles(session: &Session, blog: Handle<Blog>) -> String {
    let titles = session.view(blog).get(Blog::posts).unwrap().map(|post| post.title.clone());
    titles.collect::<Vec<_>>().join(" ")
}

/// What every chain of outer joins gives.
const ALL: [&str; 3] = ["b1: p1 [c1 c2] [t1 t2], p2 [] [t1]", "b2: p3 [] []", "b3: "];

#[tokio::test]
async fn outer_joins_give_what_selectin_gives() {
    let by_joins = joined(Blog::posts).then(joined(Post::comments)).then(joined(Post::tags));
    let by_joins = || select(Blog).order_by(Blog::id).options(by_joins.clone());
    assert_eq!(
        sql(by_joins()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, comment_1.id, comment_1.body, \
          comment_1.post_id, tag_1.id, tag_1.name FROM blog \
          LEFT OUTER JOIN post AS post_1 ON blog.id = post_1.blog_id \
          LEFT OUTER JOIN comment AS comment_1 ON post_1.id = comment_1.post_id \
          LEFT OUTER JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY blog.id, post_1.id, comment_1.id, tag_1.id"
        ]
    );
    let by_selects = selectin(Blog::posts).then(selectin(Post::comments)).then(selectin(Post::tags));
    let mixed = joined(Blog::posts).then(selectin(Post::comments)).then(joined(Post::tags));
    on_each(async |db| {
        seed(&db.engine).await;
        let of = async |query| format!("{:?}", db.engine.all(query).await.unwrap());
        assert_eq!(trees(db, by_joins()).await, ALL);
        let trees = of(by_joins()).await;
        assert_eq!(trees, of(select(Blog).order_by(Blog::id).options(by_selects.clone())).await);
        assert_eq!(trees, of(select(Blog).order_by(Blog::id).options(mixed.clone())).await);
    })
    .await;
}

#[tokio::test]
async fn options_of_one_relationship_make_one_join() {
    let query = || {
        select(Blog).order_by(Blog::id).options((
            joined(Blog::posts).then(joined(Post::comments)),
            joined(Blog::posts).then(joined(Post::tags)),
        ))
    };
    let joins = sql(query()).await[0].matches("AS post_").count();
    assert_eq!(joins, 2, "the posts, and their links");
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ALL);
    })
    .await;
}

orm::alias!(
    #[allow(non_camel_case_types)]
    Post_1 = Post
);

#[tokio::test]
async fn aliases_are_nobody_elses() {
    let query = || {
        let like =
            exists(select(Post::id.of(Post_1)).correlate(Blog).filter(Post::blog_id.of(Post_1).eq(Blog::id)));
        let sibling =
            exists(select(Post::id.of(Post_1)).correlate(Post).filter(Post::id.of(Post_1).gt(Post::id)));
        select(Blog).filter(like).order_by(Blog::id).options(joined(Blog::posts).filter(sibling))
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT blog.id, blog.title, post_2.id, post_2.title, post_2.blog_id FROM blog \
          LEFT OUTER JOIN post AS post_2 ON blog.id = post_2.blog_id \
          AND EXISTS (SELECT post_1.id FROM post AS post_1 WHERE post_1.id > post_2.id) \
          WHERE EXISTS (SELECT post_1.id FROM post AS post_1 WHERE post_1.blog_id = blog.id) \
          ORDER BY blog.id, post_2.id"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 - -, p2 - -", "b2: "]);
    })
    .await;
}

#[tokio::test]
async fn a_filter_stands_in_on_and_an_order_in_place_of_the_relationships() {
    let query = || {
        select(Blog).order_by(Blog::id).options(
            joined(Blog::posts.filter(Post::title.ne("p3")))
                .order_by(Post::id.desc())
                .then(joined(Post::tags).filter(Tag::name.eq("t1")))
                .then(joined(Post::blog)),
        )
    };
    assert_eq!(
        sql(query()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, tag_1.id, tag_1.name, blog_1.id, \
          blog_1.title FROM blog \
          LEFT OUTER JOIN post AS post_1 ON blog.id = post_1.blog_id AND post_1.title != ? \
          LEFT OUTER JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id AND tag_1.name = ? \
          LEFT OUTER JOIN blog AS blog_1 ON blog_1.id = post_1.blog_id \
          ORDER BY blog.id, post_1.id DESC, tag_1.id"
        ]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p2 - [t1], p1 - [t1]", "b2: ", "b3: "]);

        // What was filtered is a part: all of it is read when it is asked for, and a part each time that one is.
        let mut session = Session::new(&db.engine);
        let part = || joined(Blog::posts).filter(Post::title.eq("p2"));
        let blog = session.one(select(Blog).filter(Blog::id.eq(1)).options(part())).await.unwrap();
        assert_eq!(titles(&session, blog), "p2");
        session.all(select(Blog).options(joined(Blog::posts))).await.unwrap();
        assert_eq!(titles(&session, blog), "p1 p2");
        session.all(select(Blog).options(part())).await.unwrap();
        assert_eq!(titles(&session, blog), "p2");

        // What was edited and not flushed stays.
        session.all(select(Blog).options(joined(Blog::posts))).await.unwrap();
        session.append(blog, Blog::posts, Post { title: "p4".into(), ..default() });
        let mut session = session.no_autoflush();
        session.all(select(Blog).options(part())).await.unwrap();
        assert_eq!(titles(&session, blog), "p1 p2 p4");
    })
    .await;
}

#[tokio::test]
async fn a_limit_for_each_parent_is_left_to_selectin() {
    let query = || select(Blog).order_by(Blog::id).options(joined(Blog::posts).limit(1));
    assert_eq!(sql(query()).await.len(), 2);
}

#[tokio::test]
async fn a_self_referential_path_joins_as_deep_as_it_is_told() {
    let query = || {
        select(Node)
            .filter(Node::parent_id.is_null())
            .order_by(Node::id)
            .options(joined(Node::children).recursive(2))
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT node.id, node.name, node.parent_id, node_1.id, node_1.name, node_1.parent_id, node_2.id, \
          node_2.name, node_2.parent_id FROM node \
          LEFT OUTER JOIN node AS node_1 ON node.id = node_1.parent_id \
          LEFT OUTER JOIN node AS node_2 ON node_1.id = node_2.parent_id \
          WHERE node.parent_id IS NULL ORDER BY node.id, node_1.id, node_2.id"]
    );
    fn tree(node: &Node) -> String {
        let children = node.children.loaded().map(|all| words2(all.iter().map(tree)));
        format!("{}{}", node.name, children.map_or(String::new(), |all| format!("({all})")))
    }
    fn words2(words: impl Iterator<Item = String>) -> String {
        words.collect::<Vec<_>>().join(" ")
    }
    on_each(async |db| {
        seed(&db.engine).await;
        let node = |name: &str, parent_id: Option<i64>| Node { name: name.into(), parent_id, ..default() };
        let nodes = [
            node("root", None),
            node("a", Some(1)),
            node("b", Some(1)),
            node("aa", Some(2)),
            node("ab", Some(2)),
            node("aaa", Some(4)),
            node("lone", None),
        ];
        for node in nodes {
            db.engine.execute(insert(Node).values(node)).await.unwrap();
        }
        let sent = Statements::record();
        let roots = db.engine.all(query()).await.unwrap();
        assert_eq!(roots.iter().map(tree).collect::<Vec<_>>(), ["root(a(aa ab) b())", "lone()"]);
        assert_eq!(sent.taken("SELECT").len(), 1);

        let up = select(Node).filter(Node::name.eq("aaa")).options(joined(Node::children).recursive(1));
        assert_eq!(tree(&db.engine.one(up).await.unwrap()), "aaa()");
        let boss =
            |name: &str, manager_id: Option<i64>| Employee { name: name.into(), manager_id, ..default() };
        for employee in [boss("e1", None), boss("e2", Some(1)), boss("e3", Some(2)), boss("e4", Some(3))] {
            db.engine.execute(insert(Employee).values(employee)).await.unwrap();
        }
        let up = select(Employee).filter(Employee::id.eq(4)).options(joined(Employee::manager).recursive(2));
        let lowest = db.engine.one(up).await.unwrap();
        let two_up = lowest.manager.loaded().and_then(|manager| manager.manager.loaded()).unwrap();
        assert_eq!((two_up.name.as_str(), two_up.manager.is_unloaded()), ("e2", true));
    })
    .await;
}

#[tokio::test]
async fn keys_of_several_columns_join_by_all_of_them() {
    let query =
        || select(Purchase).order_by(Purchase::number.desc()).options(joined(Purchase::lines)).limit(2);
    assert_eq!(
        sql(query()).await,
        ["SELECT anon_1.shop, anon_1.number, line_1.shop, line_1.number, line_1.position, line_1.item \
          FROM (SELECT purchase.shop, purchase.number FROM purchase ORDER BY purchase.number DESC LIMIT ?) AS anon_1 \
          LEFT OUTER JOIN line AS line_1 ON anon_1.shop = line_1.shop AND anon_1.number = line_1.number \
          ORDER BY anon_1.number DESC, line_1.position"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        for (shop, number) in [("x", 1), ("x", 2), ("y", 1), ("y", 3)] {
            let line =
                |position: i64| Line { position, item: format!("{shop}{number}{position}"), ..default() };
            session.add(Purchase { shop: shop.into(), number, lines: many![line(1), line(2)] });
        }
        session.commit().await.unwrap();
        let sent = Statements::record();
        let purchases = db.engine.all(query()).await.unwrap();
        let items = |p: &Purchase| words(p.lines.loaded().unwrap().iter().map(|line| line.item.as_str()));
        assert_eq!(purchases.iter().map(items).collect::<Vec<_>>(), ["y31 y32", "x21 x22"]);
        let lines = select(Line).order_by((Line::shop, Line::number, Line::position)).limit(1);
        let line = db.engine.one(lines.options(joined(Line::purchase).inner())).await.unwrap();
        assert_eq!(line.purchase.loaded().map(|p| (p.shop.as_str(), p.number)), Some(("x", 1)));
        assert_eq!(sent.taken("SELECT").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_joined_collection_knows_the_way_back_and_a_joined_parent_claims_no_collection() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let blog = session.get_one(Blog, 1).options(joined(Blog::posts)).await.unwrap();
        let posts: Vec<_> = session.view(blog).get(Blog::posts).unwrap().map(|post| post.handle()).collect();
        assert_eq!(posts.len(), 2);
        for post in session.views(&posts) {
            assert_eq!(post.get(Post::blog).unwrap().handle(), blog);
        }
        let mut session = Session::new(&db.engine);
        let post = session.get_one(Post, 1).options(joined(Post::blog)).await.unwrap();
        let blog = session.view(post).get(Post::blog).unwrap().handle();
        assert!(session.view(blog).get(Blog::posts).is_err(), "one post says nothing of the others");
    })
    .await;
}

#[tokio::test]
async fn what_is_loaded_is_kept_unless_it_is_populated() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let query = || select(Blog).filter(Blog::id.eq(2)).options(joined(Blog::posts));
        let blog = session.one(query()).await.unwrap();
        assert_eq!(titles(&session, blog), "p3");
        session
            .execute(insert(Post).values(Post { title: "p4".into(), blog_id: 2, ..default() }))
            .await
            .unwrap();
        session.execute(text("UPDATE post SET title = 'P3' WHERE id = 3")).await.unwrap();
        session.one(query()).await.unwrap();
        assert_eq!(titles(&session, blog), "p3");
        session.one(query().populate_existing()).await.unwrap();
        assert_eq!(titles(&session, blog), "P3 p4");
    })
    .await;
}
