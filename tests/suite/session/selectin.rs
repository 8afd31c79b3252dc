//! Relationships by further SELECTs: by keys (`selectin`, `immediate`) and over the query itself (`subquery`); some of
//! the targets, the first of each parent, level by level.

mod explain;
mod keys;
mod levels;
mod over_query;
mod partial;

use orm::prelude::*;
use orm::{immediate, subquery, with_criteria};

use crate::databases::{Database, on_each};
use crate::models::{self, *};
use crate::support::Statements;

/// Blogs b1..b4 with as many posts less one, of which each has as many comments as its number, and tags up to it.
async fn seed(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let tags = ["t1", "t2", "t3"].map(|name| session.add(Tag { name: name.into(), ..default() }));
    for n in 1..=4 {
        let blog = session.add(Blog { title: format!("b{n}"), ..default() });
        for m in 1..n {
            let title = format!("p{n}{m}");
            let post = session.append(blog, Blog::posts, Post { title, ..default() });
            for c in 1..=m {
                session.append(post, Post::comments, Comment { body: format!("c{c}"), ..default() });
            }
            for tag in &tags[..m] {
                session.append(post, Post::tags, *tag);
            }
        }
    }
    session.commit().await.unwrap();
}

/// What is loaded of the blogs.
fn posts(session: &Session, blogs: &[Handle<Blog>]) -> Vec<String> {
    let line = |blog: orm::View<'_, Blog>| {
        let posts: Vec<String> = blog.get(Blog::posts).unwrap().map(|post| post.title.clone()).collect();
        format!("{}: {}", blog.title, posts.join(" "))
    };
    session.views(blogs).map(line).collect()
}

/// What is loaded of the posts' tags.
fn tags(session: &Session, posts: &[Handle<Post>]) -> Vec<String> {
    let line = |post: orm::View<'_, Post>| {
        let tags: Vec<String> = post.get(Post::tags).unwrap().map(|tag| tag.name.clone()).collect();
        format!("{}: {}", post.title, tags.join(" "))
    };
    session.views(posts).map(line).collect()
}

/// `column IN (…)` of so many keys, as the database is asked.
fn within(db: &Database, column: &str, keys: usize) -> String {
    match db.features.array_binds {
        true => format!("{column} = ANY (?)"),
        false => format!("{column} IN ({})", vec!["?"; keys].join(", ")),
    }
}

const POST: &str = "post.id, post.title, post.blog_id";
const ALL: [&str; 4] = ["b1: ", "b2: p21", "b3: p31 p32", "b4: p41 p42 p43"];

#[tokio::test]
async fn every_strategy_gives_the_same_objects() {
    on_each(async |db| {
        seed(db).await;
        let query = || select(Blog).order_by(Blog::id);
        let by_keys =
            format!("SELECT {POST} FROM post WHERE {} ORDER BY post.id", within(db, "post.blog_id", 4));
        let over = format!(
            "SELECT anon_1.id, {POST} FROM (SELECT blog.id FROM blog) AS anon_1 \
             LEFT OUTER JOIN post ON anon_1.id = post.blog_id ORDER BY post.id"
        );
        let asked = [
            (query().options(selectin(Blog::posts)), &by_keys),
            (query().options(immediate(Blog::posts)), &by_keys),
            (query().options(subquery(Blog::posts)), &over),
        ];
        for (query, sql) in asked {
            let mut session = Session::new(&db.engine);
            let sent = Statements::record();
            let blogs = session.all(query).await.unwrap();
            assert_eq!(sent.taken("SELECT")[1..], [sql.as_str()]);
            assert_eq!(posts(&session, &blogs), ALL);
            let back = session.view(blogs[3]).get(Blog::posts).unwrap().next().unwrap();
            assert_eq!(back.get(Post::blog).unwrap().handle(), blogs[3]);
        }
    })
    .await;
}

#[tokio::test]
async fn conditions_on_an_entity_reach_every_loader() {
    on_each(async |db| {
        seed(db).await;
        let not_second = || with_criteria(Post, Post::title.not_like("%2"));
        let strategies = [
            (selectin(Blog::posts), format!("{} AND post.title NOT LIKE ?", within(db, "post.blog_id", 4))),
            (subquery(Blog::posts), "anon_1.id = post.blog_id AND post.title NOT LIKE ?".to_owned()),
        ];
        for (option, sql) in strategies {
            let mut session = Session::new(&db.engine);
            let sent = Statements::record();
            let query = select(Blog).order_by(Blog::id).options((option, not_second()));
            let blogs = session.all(query).await.unwrap();
            let further = sent.taken("SELECT").remove(1);
            assert!(further.contains(&sql), "{further}");
            assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21", "b3: p31", "b4: p41 p43"]);
            session.load_many(&blogs, Blog::posts).await.unwrap();
            assert_eq!(posts(&session, &blogs), ALL, "what was hidden is read by who wants all of it");
        }

        // On the link table, and on what it leads to.
        let mut session = Session::new(&db.engine);
        let on_link = with_criteria(PostTag, PostTag::tag_id.ne(1));
        let on_tag = with_criteria(Tag, Tag::name.ne("t3"));
        for option in [selectin(Post::tags), subquery(Post::tags)] {
            let query = select(Post).order_by(Post::id).options((option, on_link.clone(), on_tag.clone()));
            let found = session.all(query).await.unwrap();
            let expected = ["p21: ", "p31: ", "p32: t2", "p41: ", "p42: t2", "p43: t2"];
            assert_eq!(tags(&session, &found), expected);
        }

        // A target that is hidden is not there, though the session may hold it.
        session.all(select(Blog)).await.unwrap();
        for option in [selectin(Post::blog), subquery(Post::blog), immediate(Post::blog)] {
            let hidden = with_criteria(Blog, Blog::title.ne("b2"));
            let query = select(Post).order_by(Post::id).limit(2).options((option, hidden));
            let found = session.all(query).await.unwrap();
            assert!(session.view(found[0]).get(Post::blog).is_err());
            assert_eq!(session.view(found[1]).get(Post::blog).unwrap().title, "b3");
            session.load_many(&found, Post::blog).await.unwrap();
            assert_eq!(session.view(found[0]).get(Post::blog).unwrap().title, "b2");
        }
    })
    .await;
}
