//! Joins in a further SELECT, by which another strategy reads what they start from.

use orm::prelude::*;
use orm::subquery;

use super::{seed, shown, sql, trees};
use crate::databases::on_each;
use crate::models::*;
use crate::support::Statements;

const ALL: [&str; 3] = ["b1: p1 [c1 c2] -, p2 [] -", "b2: p3 [] -", "b3: "];

#[tokio::test]
async fn what_is_joined_behind_another_strategy_comes_in_its_select() {
    let comments = || joined(Post::comments).order_by(Comment::id);
    let query = select(Blog).options(selectin(Blog::posts).order_by(Post::id).then(comments()));
    let sent = sql(query).await;
    assert_eq!(sent.len(), 2);
    let quoted = sent[1].replace('"', "");
    let from = quoted.split_once(" FROM ").unwrap().1;
    assert_eq!(
        from,
        "post LEFT OUTER JOIN comment AS comment_1 ON post.id = comment_1.post_id \
         WHERE post.blog_id IN (?, ?, ?) ORDER BY post.id, comment_1.id"
    );

    on_each(async |db| {
        seed(&db.engine).await;
        let options = [
            (selectin(Blog::posts).order_by(Post::id).then(comments()), 2),
            (subquery(Blog::posts).order_by(Post::id).then(comments()), 2),
            // A post without comments stays in its blog.
            (selectin(Blog::posts).order_by(Post::id).then(comments().inner()), 2),
            (subquery(Blog::posts).order_by(Post::id).then(comments().inner()), 2),
            // The posts are counted.
            (selectin(Blog::posts).order_by(Post::id).limit(2).then(comments()), 3),
        ];
        for (option, count) in options {
            let query = || select(Blog).order_by(Blog::id).options(option.clone());
            assert_eq!(trees(db, query()).await, ALL);
            let sent = Statements::record();
            db.engine.all(query()).await.unwrap();
            assert_eq!(sent.taken("SELECT").len(), count);
        }
        let behind = joined(Post::blog).inner().then(joined(Blog::posts).order_by(Post::id));
        let query =
            select(Tag).order_by(Tag::id).options(selectin(Tag::posts).order_by(Post::id).then(behind));
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let found = session.all(query).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        let post = session.view(found[1]).get(Tag::posts).unwrap().next().unwrap();
        let titles: Vec<_> =
            post.get(Post::blog).unwrap().get(Blog::posts).unwrap().map(|post| post.title.clone()).collect();
        assert_eq!(titles, ["p1", "p2"]);
    })
    .await;
}

#[tokio::test]
async fn targets_of_a_link_table_come_once_for_each_parent() {
    on_each(async |db| {
        seed(&db.engine).await;
        let option = selectin(Post::tags).order_by(Tag::id).then(joined(Tag::posts).order_by(Post::id));
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let found = session.all(select(Post).order_by(Post::id).options(option)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        let told = |post: &Handle<Post>| {
            let tags = session.view(*post).get(Post::tags).unwrap();
            let tag = |tag: orm::session::View<'_, Tag>| {
                let posts = tag.get(Tag::posts).unwrap().map(|post| post.title.clone());
                format!("{}({})", tag.name, posts.collect::<Vec<_>>().join(" "))
            };
            tags.map(tag).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), ["t1(p1 p2) t2(p1)", "t1(p1 p2)", ""]);
    })
    .await;
}

#[tokio::test]
async fn objects_that_were_not_read_with_it_are_asked_for() {
    on_each(async |db| {
        seed(&db.engine).await;
        let query = || select(Blog).order_by(Blog::id);
        let posts = || selectin(Blog::posts).order_by(Post::id);
        let mut session = Session::new(&db.engine);
        let blogs = session.all(query().options(posts())).await.unwrap();
        let sent = Statements::record();
        let comments = joined(Post::comments).order_by(Comment::id);
        session.all(query().options(posts().then(comments.clone()))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2, "the posts are here, their comments are not");
        let copies: Vec<Blog> = blogs.iter().map(|&blog| session.detach(blog)).collect();
        assert_eq!(shown(&copies), ALL);

        // A part that is here is not all.
        let mut session = Session::new(&db.engine);
        let some = joined(Post::comments).filter(Comment::body.eq("c2"));
        let blogs = session.all(query().options(posts().then(some))).await.unwrap();
        let part: Vec<Blog> = blogs.iter().map(|&blog| session.detach(blog)).collect();
        assert_eq!(shown(&part), ["b1: p1 [c2] -, p2 [] -", "b2: p3 [] -", "b3: "]);
        session.all(query().options(posts().then(comments))).await.unwrap();
        let copies: Vec<Blog> = blogs.iter().map(|&blog| session.detach(blog)).collect();
        assert_eq!(shown(&copies), ALL);
    })
    .await;
}
