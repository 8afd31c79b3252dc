//! Inner joins: at the top, and behind outer ones.

use orm::with_criteria;

use super::*;

#[tokio::test]
async fn an_inner_join_leaves_out_parents_that_lead_nowhere() {
    let query =
        || select(Blog).order_by(Blog::id).options(joined(Blog::posts).inner().then(joined(Post::tags)));
    assert_eq!(
        sql(query()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, tag_1.id, tag_1.name FROM blog \
          JOIN post AS post_1 ON blog.id = post_1.blog_id \
          LEFT OUTER JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY blog.id, post_1.id, tag_1.id"
        ]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 - [t1 t2], p2 - [t1]", "b2: p3 - []"]);
    })
    .await;
}

#[tokio::test]
async fn inner_joins_behind_inner_ones_are_inner() {
    let query = || {
        select(Blog).order_by(Blog::id).options(joined(Blog::posts).inner().then(joined(Post::tags).inner()))
    };
    assert_eq!(
        sql(query()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, tag_1.id, tag_1.name FROM blog \
          JOIN post AS post_1 ON blog.id = post_1.blog_id \
          JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY blog.id, post_1.id, tag_1.id"
        ]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 - [t1 t2], p2 - [t1]"]);
    })
    .await;
}

#[tokio::test]
async fn an_inner_join_behind_an_outer_one_takes_no_parent_away() {
    let query = || {
        select(Blog)
            .order_by(Blog::id)
            .options(joined(Blog::posts).then(joined(Post::comments).inner()).then(joined(Post::tags)))
    };
    assert_eq!(
        sql(query()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, comment_1.id, comment_1.body, \
          comment_1.post_id, tag_1.id, tag_1.name FROM blog \
          LEFT OUTER JOIN (post AS post_1 JOIN comment AS comment_1 ON post_1.id = comment_1.post_id) \
          ON blog.id = post_1.blog_id \
          LEFT OUTER JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY blog.id, post_1.id, comment_1.id, tag_1.id"
        ]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 [c1 c2] [t1 t2]", "b2: ", "b3: "]);

        // Posts without a comment were left out, and are read when all are asked for.
        let mut session = Session::new(&db.engine);
        let blogs = session.all(query()).await.unwrap();
        session.all(select(Blog).options(joined(Blog::posts))).await.unwrap();
        assert_eq!(session.view(blogs[0]).get(Blog::posts).unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn link_tables_are_spliced_with_their_targets() {
    let query = || {
        select(Blog).order_by(Blog::id).options(
            joined(Blog::posts)
                .then(joined(Post::tags).inner().filter(Tag::name.eq("t2")).then(joined(Tag::posts).inner())),
        )
    };
    assert_eq!(
        sql(query()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, tag_1.id, tag_1.name, post_2.id, \
          post_2.title, post_2.blog_id FROM blog \
          LEFT OUTER JOIN (post AS post_1 \
          JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id AND tag_1.name = ? \
          JOIN post_tags AS post_tags_2 ON tag_1.id = post_tags_2.tag_id \
          JOIN post AS post_2 ON post_2.id = post_tags_2.post_id) \
          ON blog.id = post_1.blog_id ORDER BY blog.id, post_1.id, tag_1.id"
        ]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 - [t2]", "b2: ", "b3: "]);
    })
    .await;
}

#[tokio::test]
async fn what_the_query_itself_may_leave_out_is_joined_by_an_outer_join() {
    let query = || {
        select((Blog::title, Post))
            .outer_join(Blog::posts)
            .order_by((Blog::id, Post::id))
            .options(joined(Post::blog).inner())
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT blog.title, post.id, post.title, post.blog_id, blog_1.id, blog_1.title FROM blog \
          LEFT OUTER JOIN post ON blog.id = post.blog_id \
          LEFT OUTER JOIN blog AS blog_1 ON blog_1.id = post.blog_id ORDER BY blog.id, post.id"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        let rows = db.engine.all(query()).await.unwrap();
        let show = |(title, post): &(String, Option<Post>)| {
            let blog = post.as_ref().and_then(|post| post.blog.loaded()).map(|blog| blog.title.as_str());
            format!("{title} {}", blog.unwrap_or("-"))
        };
        assert_eq!(rows.iter().map(show).collect::<Vec<_>>(), ["b1 b1", "b1 b1", "b2 b2", "b3 -"]);
    })
    .await;
}

#[tokio::test]
async fn conditions_on_every_appearance_reach_what_is_joined() {
    let criteria = || {
        (
            with_criteria(Post, Post::title.ne("p2")),
            with_criteria(Comment, Comment::body.ne("c2")),
            with_criteria(PostTag, PostTag::tag_id.ne(2)),
        )
    };
    let outer = || {
        let posts = joined(Blog::posts).then(joined(Post::comments)).then(joined(Post::tags));
        select(Blog).order_by(Blog::id).options((posts, criteria()))
    };
    assert_eq!(
        sql(outer()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, comment_1.id, comment_1.body, \
          comment_1.post_id, tag_1.id, tag_1.name FROM blog \
          LEFT OUTER JOIN post AS post_1 ON blog.id = post_1.blog_id AND post_1.title != ? \
          LEFT OUTER JOIN comment AS comment_1 ON post_1.id = comment_1.post_id AND comment_1.body != ? \
          LEFT OUTER JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id AND post_tags_1.tag_id != ? \
          LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY blog.id, post_1.id, comment_1.id, tag_1.id"
        ]
    );
    let spliced = || {
        let posts = joined(Blog::posts).then(joined(Post::comments).inner());
        select(Blog).order_by(Blog::id).options((posts, criteria()))
    };
    assert_eq!(
        sql(spliced()).await,
        [
            "SELECT blog.id, blog.title, post_1.id, post_1.title, post_1.blog_id, comment_1.id, comment_1.body, \
          comment_1.post_id FROM blog \
          LEFT OUTER JOIN (post AS post_1 JOIN comment AS comment_1 ON post_1.id = comment_1.post_id \
          AND comment_1.body != ? AND post_1.title != ?) ON blog.id = post_1.blog_id \
          ORDER BY blog.id, post_1.id, comment_1.id"
        ]
    );
    let inner = || {
        let posts = joined(Blog::posts).inner();
        select(Blog).order_by(Blog::id).options((posts, criteria())).limit(5)
    };
    assert_eq!(
        sql(inner()).await,
        ["SELECT anon_1.id, anon_1.title, post_1.id, post_1.title, post_1.blog_id \
          FROM (SELECT blog.id, blog.title FROM blog ORDER BY blog.id LIMIT ?) AS anon_1 \
          JOIN post AS post_1 ON anon_1.id = post_1.blog_id AND post_1.title != ? \
          ORDER BY anon_1.id, post_1.id"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, outer()).await, ["b1: p1 [c1] [t1]", "b2: p3 [] []", "b3: "]);
        assert_eq!(trees(db, spliced()).await, ["b1: p1 [c1] -", "b2: ", "b3: "]);
        assert_eq!(trees(db, inner()).await, ["b1: p1 - -", "b2: p3 - -"]);
    })
    .await;
}
