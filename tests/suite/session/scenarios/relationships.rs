//! Relationships in conditions and joins, and entities from elsewhere than their table.

use orm::prelude::*;
use serde_json::json;

use super::loading::blogs;
use super::models::*;
use super::{children, scenario};

alias!(Boss = Employee);
alias!(Late = User);

#[tokio::test]
async fn relationship_any_has_contains() {
    scenario("relationship_any_has_contains")
        .run(async |r| {
            r.seed([alice()]).await;
            r.seed([Address { id: 77, email: "lost".into(), ..default() }]).await;
            blogs(r).await;
            let mut s = r.session();
            let b1 = s.get_one(Blog, 1).await?;
            let t1 = s.get_one(Tag, 1).await?;
            let u1 = s.get_one(User, 1).await?;
            let posts = || select(Post::id).order_by(Post::id);
            let any = s.all(select(Blog::id).filter(Blog::posts.any(Post::title.eq("p3")))).await?;
            let not_any = s.all(select(Blog::id).filter(!Blog::posts.exists())).await?;
            let has = s.all(select(Post::id).filter(Post::blog.has(Blog::title.eq("b2")))).await?;
            let many_any = s.all(select(Post::id).filter(Post::tags.any(Tag::name.eq("t2")))).await?;
            let many_contains = s.all(posts().filter(Post::tags.contains(&s[t1]))).await?;
            s.load(u1, User::addresses).await?;
            let first = children(&s, u1, User::addresses)[0];
            let contains = s.all(select(User::id).filter(User::addresses.contains(&s[first]))).await?;
            let is = s.all(posts().filter(Post::blog.is(&s[b1]))).await?;
            let is_not = s.all(select(Post::id).filter(Post::blog.is_not(&s[b1]))).await?;
            let is_none = s.all(select(Address::id).filter(Address::user.is_none())).await?;
            let with_parent = s.all(posts().filter(Blog::posts.with_parent(&s[b1]))).await?;
            s.rollback().await?;
            Ok(json!({
                "any": any,
                "not any": not_any,
                "has": has,
                "m2m any": many_any,
                "m2m contains": many_contains,
                "o2m contains": contains,
                "== object": is,
                "!= object": is_not,
                "== None": is_none,
                "with_parent": with_parent,
            }))
        })
        .await;
}

#[tokio::test]
async fn join_on_relationship() {
    scenario("join_on_relationship")
        .run(async |r| {
            let low = Employee { id: 2, name: "low".into(), ..default() };
            r.seed([alice(), bob()]).await;
            r.seed([Employee { id: 1, name: "boss".into(), reports: many![low], ..default() }]).await;
            let mut s = r.session();
            let join = select(User::name).join(User::addresses).order_by(Address::id);
            let join_and = select(User::name).join(User::addresses.filter(Address::email.eq("b1")));
            let outer = select((User::name, Profile::bio)).outer_join(User::profile).order_by(User::id);
            let own = select((Employee::name, Employee::name.of(Boss))).join(Employee::manager.to(Boss));
            let seen = json!({
                "join": s.all(join).await?,
                "join_and": s.all(join_and).await?,
                "outer": s.all(outer).await?,
                "self": s.all(own).await?,
                "m2m": s.all(select((Post::title, Tag::name)).join(Post::tags)).await?,
            });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn entity_from_subquery_and_statement() {
    scenario("entity_from_subquery_and_statement")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let late = select(User).filter(User::id.gt(1)).subquery(Late);
            let first =
                s.all(select(User::name.of(Late)).select_from(late).order_by(User::id.of(Late))).await?;
            let written = text("SELECT * FROM user_account ORDER BY id DESC").entities(User);
            let users = s.all(written).await?;
            let second: Vec<_> = s.views(&users).map(|user| user.name.clone()).collect();
            s.rollback().await?;
            Ok(json!([first, second]))
        })
        .await;
}
