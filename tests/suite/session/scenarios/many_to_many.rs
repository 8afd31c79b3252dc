//! Link rows, from either side.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::{children, scenario};

fn post(title: &str, tags: Vec<Tag>) -> Post {
    Post { title: title.into(), tags: tags.into(), ..default() }
}

fn blog(posts: Vec<Post>) -> Blog {
    Blog { title: "b".into(), posts: posts.into(), ..default() }
}

#[tokio::test]
async fn many_to_many_moved() {
    scenario("many_to_many_moved")
        .run(async |r| {
            r.seed([blog(vec![post("p", vec![tag(0, "t")]), post("q", vec![])])]).await;
            let mut s = r.session();
            let (p, q) = (s.get_one(Post, 1).await?, s.get_one(Post, 2).await?);
            s.load(p, Post::tags).await?;
            let t = children(&s, p, Post::tags)[0];
            s.remove(p, Post::tags, t);
            s.load(q, Post::tags).await?;
            s.append(q, Post::tags, t);
            s.commit().await?;
            Ok(r.rows(["post_tags"]).await)
        })
        .await;
}

#[tokio::test]
async fn many_to_many_removed_from_the_other_side() {
    scenario("many_to_many_removed_from_the_other_side")
        .run(async |r| {
            r.seed([blog(vec![post("p", vec![tag(0, "t")])])]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.load(t, Tag::posts).await?;
            let p = children(&s, t, Tag::posts)[0];
            s.remove(t, Tag::posts, p);
            s.commit().await?;
            Ok(r.rows(["post_tags"]).await)
        })
        .await;
}

#[tokio::test]
async fn many_to_many_both_sides_once() {
    scenario("many_to_many_both_sides_once")
        .run(async |r| {
            r.seed([blog(vec![post("p", vec![])])]).await;
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let (p, t) = (s.get_one(Post, 1).await?, s.get_one(Tag, 1).await?);
            s.load(p, Post::tags).await?;
            s.append(p, Post::tags, t);
            s.load(t, Tag::posts).await?;
            let seen: Vec<i64> = children(&s, t, Tag::posts).iter().map(|&x| s[x].id).collect();
            s.append(t, Tag::posts, p);
            s.commit().await?;
            Ok(with(json!({ "seen": seen }), r.rows(["post_tags"]).await))
        })
        .await;
}

#[tokio::test]
async fn many_to_many_delete_one_end() {
    scenario("many_to_many_delete_one_end")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "DELETE post_tags", "DELETE tag", "COMMIT"],
        )
        .run(async |r| {
            r.seed([blog(vec![post("p", vec![tag(0, "t"), tag(0, "u")])])]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.delete(t);
            s.commit().await?;
            Ok(r.rows(["post_tags", "post", "tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn many_to_many_cleared() {
    scenario("many_to_many_cleared")
        .run(async |r| {
            r.seed([blog(vec![post("p", vec![tag(0, "t"), tag(0, "u")])])]).await;
            let mut s = r.session();
            let p = s.get_one(Post, 1).await?;
            s.load(p, Post::tags).await?;
            for t in children(&s, p, Post::tags) {
                s.remove(p, Post::tags, t);
            }
            s.commit().await?;
            Ok(r.rows(["post_tags", "tag"]).await)
        })
        .await;
}
