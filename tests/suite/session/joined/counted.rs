//! Queries that count their rows: LIMIT, OFFSET and DISTINCT see parents, and not what is joined to them.

use orm::Record;
use orm::functions::{length, lower};

use super::*;
use crate::databases::on_each_with;

#[derive(Record, Debug)]
struct Few {
    blog_id: i64,
}

#[tokio::test]
async fn a_limit_counts_parents() {
    let query = || {
        let posts = joined(Blog::posts).then(joined(Post::tags));
        select(Blog).order_by(Blog::id.desc()).limit(2).offset(1).options(posts)
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT anon_1.id, anon_1.title, post_1.id, post_1.title, post_1.blog_id, tag_1.id, tag_1.name \
          FROM (SELECT blog.id, blog.title FROM blog ORDER BY blog.id DESC LIMIT ? OFFSET ?) AS anon_1 \
          LEFT OUTER JOIN post AS post_1 ON anon_1.id = post_1.blog_id \
          LEFT OUTER JOIN post_tags AS post_tags_1 ON post_1.id = post_tags_1.post_id \
          LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY anon_1.id DESC, post_1.id, tag_1.id"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b2: p3 - []", "b1: p1 - [t1 t2], p2 - [t1]"]);
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let first =
            session.first(select(Blog).order_by(Blog::id).options(joined(Blog::posts))).await.unwrap();
        assert_eq!(shown(&[session.detach(first.unwrap())]), ["b1: p1 - -, p2 - -"]);
        assert_eq!(sent.taken("SELECT").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_to_one_join_is_not_counted() {
    let query = || select(Post).order_by(Post::id).limit(2).options(joined(Post::blog));
    assert_eq!(
        sql(query()).await,
        ["SELECT post.id, post.title, post.blog_id, blog_1.id, blog_1.title FROM post \
          LEFT OUTER JOIN blog AS blog_1 ON blog_1.id = post.blog_id ORDER BY post.id LIMIT ?"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        let posts = db.engine.all(query()).await.unwrap();
        let show = |post: &Post| format!("{} {}", post.title, post.blog.loaded().unwrap().title);
        assert_eq!(posts.iter().map(show).collect::<Vec<_>>(), ["p1 b1", "p2 b1"]);
    })
    .await;
}

#[tokio::test]
async fn an_ordering_by_what_is_not_selected_is_computed_once_and_kept() {
    let query = || {
        let is_late = case::<i64>().when(Blog::title.eq("b1"), 1).otherwise(0);
        select(Blog)
            .order_by((is_late, length(lower(Blog::title)).desc().nulls_last(), Blog::id))
            .limit(2)
            .options(joined(Blog::posts))
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT anon_1.id, anon_1.title, post_1.id, post_1.title, post_1.blog_id \
          FROM (SELECT blog.id, blog.title, CASE WHEN blog.title = ? THEN ? ELSE ? END AS ordered_by, \
          length(lower(blog.title)) AS ordered_by_1 FROM blog \
          ORDER BY ordered_by, ordered_by_1 DESC NULLS LAST, blog.id LIMIT ?) AS anon_1 \
          LEFT OUTER JOIN post AS post_1 ON anon_1.id = post_1.blog_id \
          ORDER BY anon_1.ordered_by, anon_1.ordered_by_1 DESC NULLS LAST, anon_1.id, post_1.id"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b2: p3 - -", "b3: "]);
    })
    .await;
}

#[tokio::test]
async fn distinct_sees_parents_only() {
    let query = || {
        select(Blog).join(Blog::posts).distinct().order_by(Blog::title).options(joined(Blog::posts).inner())
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT anon_1.id, anon_1.title, post_1.id, post_1.title, post_1.blog_id \
          FROM (SELECT DISTINCT blog.id, blog.title FROM blog JOIN post ON blog.id = post.blog_id) AS anon_1 \
          JOIN post AS post_1 ON anon_1.id = post_1.blog_id ORDER BY anon_1.title, post_1.id"]
    );
    let limited = || query().limit(1).offset(1);
    assert_eq!(
        sql(limited()).await,
        ["SELECT anon_1.id, anon_1.title, post_1.id, post_1.title, post_1.blog_id \
          FROM (SELECT DISTINCT blog.id, blog.title FROM blog JOIN post ON blog.id = post.blog_id \
          ORDER BY blog.title LIMIT ? OFFSET ?) AS anon_1 \
          JOIN post AS post_1 ON anon_1.id = post_1.blog_id ORDER BY anon_1.title, post_1.id"]
    );
    let to_one =
        || select(Post).join(Post::comments).distinct().order_by(Post::id).options(joined(Post::blog));
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 - -, p2 - -", "b2: p3 - -"]);
        assert_eq!(trees(db, limited()).await, ["b2: p3 - -"]);
        let sent = Statements::record();
        let posts = db.engine.all(to_one()).await.unwrap();
        let show = |post: &Post| format!("{} {}", post.title, post.blog.loaded().unwrap().title);
        assert_eq!(posts.iter().map(show).collect::<Vec<_>>(), ["p1 b1"]);
        assert_eq!(sent.taken("SELECT").len(), 1);
    })
    .await;
    // In the list of a DISTINCT, what it is ordered by would make other rows distinct.
    let unselected = select(Blog).distinct().order_by(lower(Blog::title)).options(joined(Blog::posts));
    assert_eq!(sql(unselected).await.len(), 2);
}

#[tokio::test]
async fn distinct_on_sees_parents_only() {
    on_each_with(
        |features| features.distinct_on,
        "DISTINCT ON",
        async |db| {
            seed(&db.engine).await;
            let posts = select(Post)
                .distinct_on(Post::blog_id)
                .order_by((Post::blog_id, lower(Post::title).desc()))
                .options(joined(Post::tags));
            let sent = Statements::record();
            let posts = db.engine.all(posts).await.unwrap();
            assert_eq!(
                sent.taken("SELECT"),
                [r#"SELECT anon_1.id, anon_1.title, anon_1.blog_id, tag_1.id, tag_1.name FROM (SELECT DISTINCT ON (post.blog_id) post.id, post.title, post.blog_id, lower(post.title) AS ordered_by FROM post ORDER BY post.blog_id, lower(post.title) DESC) AS anon_1 LEFT OUTER JOIN post_tags AS post_tags_1 ON anon_1.id = post_tags_1.post_id LEFT OUTER JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id ORDER BY anon_1.blog_id, anon_1.ordered_by DESC, tag_1.id"#]
            );
            let show = |post: &Post| {
                format!("{}: {}", post.title, words(post.tags.loaded().unwrap().iter().map(|t| t.name.as_str())))
            };
            assert_eq!(posts.iter().map(show).collect::<Vec<_>>(), ["p2: t1", "p3: "]);
        },
    )
    .await;
}

#[tokio::test]
async fn a_cte_and_a_nullable_entity_stand_in_the_subquery() {
    let with_cte = || {
        select(Blog)
            .with(select(Post::blog_id).filter(Post::id.le(2)).cte(Few))
            .filter(Blog::id.in_(select(Few::blog_id)))
            .order_by(Blog::id)
            .limit(2)
            .options(joined(Blog::posts))
    };
    assert_eq!(
        sql(with_cte()).await,
        ["WITH few AS (SELECT post.blog_id FROM post WHERE post.id <= ?) \
          SELECT anon_1.id, anon_1.title, post_1.id, post_1.title, post_1.blog_id \
          FROM (SELECT blog.id, blog.title FROM blog WHERE blog.id IN (SELECT few.blog_id FROM few) \
          ORDER BY blog.id LIMIT ?) AS anon_1 \
          LEFT OUTER JOIN post AS post_1 ON anon_1.id = post_1.blog_id ORDER BY anon_1.id, post_1.id"]
    );
    let nullable = || {
        select(Post)
            .select_from(Blog)
            .outer_join(Blog::posts)
            .order_by((Blog::id.desc(), Post::id))
            .limit(2)
            .options(joined(Post::tags).inner())
    };
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, with_cte()).await, ["b1: p1 - -, p2 - -"]);
        let posts = db.engine.all(nullable()).await.unwrap();
        let show = |post: &Option<Post>| {
            post.as_ref().map(|post| (post.title.clone(), post.tags.loaded().unwrap().len()))
        };
        assert_eq!(posts.iter().map(show).collect::<Vec<_>>(), [None, Some(("p3".to_owned(), 0))]);
    })
    .await;
}

#[tokio::test]
async fn what_a_join_cannot_serve_goes_by_selectin() {
    on_each(async |db| {
        seed(&db.engine).await;
        let grouped = select(Blog)
            .join(Blog::posts)
            .group_by((Blog::id, Blog::title))
            .order_by(Blog::id)
            .options(joined(Blog::posts));
        assert_eq!(trees(db, grouped).await, ["b1: p1 - -, p2 - -", "b2: p3 - -"]);

        // What is joined is not locked.
        let sent = Statements::record();
        let mut session = Session::new(&db.engine);
        if db.features.row_locks {
            let locked = select(Post).order_by(Post::id).for_update().options(joined(Post::blog));
            let posts = session.all(locked).await.unwrap();
            assert_eq!(sent.taken("SELECT").len(), 2);
            assert_eq!(session.view(posts[2]).get(Post::blog).unwrap().title, "b2");
        }

        let several = select((Blog, Blog::title)).order_by(Blog::id).options(joined(Blog::posts));
        let rows = session.all(several).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        let counts = rows.iter().map(|(blog, _)| session.view(*blog).get(Blog::posts).unwrap().len());
        assert_eq!(counts.collect::<Vec<_>>(), [2, 1, 0]);
    })
    .await;
}
