//! Relationships by JOINs and by the parents' own query, and parts of them.

use orm::prelude::*;
use orm::{contains_eager, subquery};
use serde_json::json;

use super::loading::{blogs, titles, walk};
use super::models::*;
use super::{children, scenario};

#[tokio::test]
async fn load_subquery() {
    scenario("load_subquery")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let posts = subquery(Blog::posts).then(subquery(Post::comments));
            let query = select(Blog).filter(Blog::id.lt(3)).order_by(Blog::id).options(posts);
            let blogs = s.all(query).await?;
            walk(&mut s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_mixed() {
    scenario("load_mixed")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let posts = selectin(Blog::posts).then(joined(Post::comments));
            let query = select(Blog).filter(Blog::id.eq(1)).order_by(Blog::id).options(posts);
            let blogs = s.all(query).await?;
            walk(&mut s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_joined_with_limit() {
    scenario("load_joined_with_limit")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let query = select(Blog).options(joined(Blog::posts)).order_by(Blog::id).limit(2);
            let blogs = s.all(query).await?;
            let seen: Vec<_> =
                blogs.iter().map(|&b| json!([s[b].title, children(&s, b, Blog::posts).len()])).collect();
            s.rollback().await?;
            Ok(json!(seen))
        })
        .await;
}

#[tokio::test]
async fn load_contains_eager() {
    scenario("load_contains_eager")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let query = select(Blog)
                .join(Blog::posts)
                .filter(Post::title.eq("p2"))
                .options(contains_eager(Blog::posts));
            let blogs = s.all(query).await?;
            titles(s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_relationship_and() {
    scenario("load_relationship_and")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let posts = selectin(Blog::posts.filter(Post::title.eq("p1")));
            let blogs = s.all(select(Blog).options(posts).order_by(Blog::id)).await?;
            titles(s, &blogs).await
        })
        .await;
}
