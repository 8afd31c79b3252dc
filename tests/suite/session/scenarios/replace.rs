//! Collections that are assigned as a whole.

use orm::prelude::*;

use super::models::*;
use super::{children, scenario};

fn post(title: &str) -> Post {
    Post { title: title.into(), ..default() }
}

fn blog(title: &str, posts: Vec<Post>) -> Blog {
    Blog { title: title.into(), posts: posts.into(), ..default() }
}

#[tokio::test]
async fn delete_orphan_on_collection_replace() {
    scenario("delete_orphan_on_collection_replace")
        .sends(
            "link rows go by the key of their end, without being read",
            &[
                "BEGIN",
                "SELECT blog",
                "SELECT post",
                "SELECT comment",
                "INSERT post (id, title, blog_id)",
                "DELETE post_tags",
                "DELETE post",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([blog("b", vec![post("p"), post("q")])]).await;
            let mut s = r.session();
            let b = s.get_one(Blog, 1).await?;
            s.load(b, Blog::posts).await?;
            let kept = children(&s, b, Blog::posts)[1];
            let new = s.add(Post { id: 3, ..post("new") });
            s.replace(b, Blog::posts, [kept, new]);
            s.commit().await?;
            Ok(r.rows(["post"]).await)
        })
        .await;
}

#[tokio::test]
async fn remove_all_children() {
    scenario("remove_all_children")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.replace::<_, _, Handle<Address>, _>(u, User::addresses, []);
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn many_to_many_remove_and_add() {
    scenario("many_to_many_remove_and_add")
        .run(async |r| {
            r.seed([blog("b", vec![Post { tags: many![tag(1, "t1"), tag(2, "t2")], ..post("p") }])]).await;
            r.seed([tag(3, "t3")]).await;
            let mut s = r.session();
            let p = s.get_one(Post, 1).await?;
            s.load(p, Post::tags).await?;
            let kept = children(&s, p, Post::tags)[1];
            let third = s.get_one(Tag, 3).await?;
            s.replace(p, Post::tags, [kept, third]);
            s.commit().await?;
            Ok(r.rows(["post_tags", "tag"]).await)
        })
        .await;
}
