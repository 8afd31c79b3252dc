//! How relationships are loaded.

use orm::prelude::*;
use orm::{immediate, noload, raise_all, raise_on_sql, with_criteria};
use serde_json::{Value, json};

use super::models::*;
use super::run::Run;
use super::{children, scenario, told};

/// Three blogs, of two posts, one and none; the posts have comments and tags, or not.
pub(super) async fn blogs(r: &Run<'_>) {
    let mut s = r.session();
    let [t1, t2] = [1, 2].map(|id| s.add(tag(id, &format!("t{id}"))));
    let comment = |body: &str| Comment { body: body.into(), ..default() };
    let post = |id, title: &str| Post { id, title: title.into(), ..default() };
    let [b1, b2, _] = [1, 2, 3].map(|id| s.add(Blog { id, title: format!("b{id}"), ..default() }));
    let p1 =
        s.append(b1, Blog::posts, Post { comments: many![comment("c1"), comment("c2")], ..post(1, "p1") });
    let p2 = s.append(b1, Blog::posts, post(2, "p2"));
    s.append(b2, Blog::posts, post(3, "p3"));
    for (post, tag) in [(p1, t1), (p1, t2), (p2, t1)] {
        s.append(post, Post::tags, tag);
    }
    s.commit().await.unwrap();
    r.begin();
}

/// The blogs with their posts, and those with comments and tags; what is not loaded is loaded here.
pub(super) async fn walk(s: &mut Session, blogs: &[Handle<Blog>]) -> orm::Result<Value> {
    let mut tree = Vec::new();
    for &blog in blogs {
        s.load(blog, Blog::posts).await?;
        let mut posts = Vec::new();
        for post in children(s, blog, Blog::posts) {
            s.load(post, Post::comments).await?;
            s.load(post, Post::tags).await?;
            let comments: Vec<_> = s.view(post).get(Post::comments)?.map(|c| c.body.clone()).collect();
            let tags: Vec<_> = s.view(post).get(Post::tags)?.map(|t| t.name.clone()).collect();
            posts.push(json!([s[post].title, comments, tags]));
        }
        tree.push(json!([s[blog].title, posts]));
    }
    s.rollback().await?;
    Ok(json!(tree))
}

/// The titles of the blogs and of their posts.
pub(super) async fn titles(mut s: Session, blogs: &[Handle<Blog>]) -> orm::Result<Value> {
    let mut lists = Vec::new();
    for blog in s.views(blogs) {
        let posts: Vec<_> = blog.get(Blog::posts)?.map(|post| post.title.clone()).collect();
        lists.push(json!([blog.title, posts]));
    }
    s.rollback().await?;
    Ok(json!(lists))
}

#[tokio::test]
async fn load_lazy() {
    scenario("load_lazy")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let blogs = s.all(select(Blog).order_by(Blog::id)).await?;
            walk(&mut s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_joined() {
    scenario("load_joined")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let posts = joined(Blog::posts).then(joined(Post::comments)).then(joined(Post::tags));
            let blogs = s.all(select(Blog).order_by(Blog::id).options(posts)).await?;
            walk(&mut s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_immediate() {
    scenario("load_immediate")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let blogs = s.all(select(Blog).order_by(Blog::id).options(immediate(Blog::posts))).await?;
            walk(&mut s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_raise_wildcard() {
    scenario("load_raise_wildcard")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let query = select(Blog).options((selectin(Blog::posts), raise_all())).filter(Blog::id.eq(1));
            let b = s.one(query).await?;
            let posts = children(&s, b, Blog::posts);
            let seen = json!({
                "posts": posts.len(),
                "comments": told(s.load(posts[0], Post::comments).await),
            });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn load_raise_on_sql() {
    scenario("load_raise_on_sql")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let held = s.get_one(Blog, 1).await?;
            let p = s.all(select(Post).options(raise_on_sql(Post::blog)).order_by(Post::id)).await?;
            s.load(p[0], Post::blog).await?;
            let seen = json!({
                "in_map": s.view(p[0]).get(Post::blog)?.handle() == held,
                "not_in_map": told(s.load(p[2], Post::blog).await),
            });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn load_noload() {
    scenario("load_noload")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let query = select(Blog).options(noload(Blog::posts)).filter(Blog::id.eq(1));
            let b = s.one(query).await?;
            let posts = children(&s, b, Blog::posts);
            s.rollback().await?;
            Ok(json!(posts.len()))
        })
        .await;
}

#[tokio::test]
async fn load_many_to_one_from_identity_map() {
    scenario("load_many_to_one_from_identity_map")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let held = s.get_one(User, 1).await?;
            let a = s.get_one(Address, 1).await?;
            s.load(a, Address::user).await?;
            let same = s.view(a).get(Address::user)?.map(|u| u.handle()) == Some(held);
            s.rollback().await?;
            Ok(json!(same))
        })
        .await;
}

#[tokio::test]
async fn load_joined_many_to_one_innerjoin() {
    scenario("load_joined_many_to_one_innerjoin")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let query = select(Address).options(joined(Address::user).inner()).order_by(Address::id);
            let addresses = s.all(query).await?;
            names(s, &addresses).await
        })
        .await;
}

#[tokio::test]
async fn load_selectin_many_to_one() {
    scenario("load_selectin_many_to_one")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let query = select(Address).options(selectin(Address::user)).order_by(Address::id);
            let addresses = s.all(query).await?;
            names(s, &addresses).await
        })
        .await;
}

/// The name of the user of each address.
async fn names(mut s: Session, addresses: &[Handle<Address>]) -> orm::Result<Value> {
    let mut names = Vec::new();
    for address in s.views(addresses) {
        names.push(address.get(Address::user)?.map(|user| user.name.clone()));
    }
    s.rollback().await?;
    Ok(json!(names))
}

#[tokio::test]
async fn load_joined_collection_needs_unique() {
    scenario("load_joined_collection_needs_unique")
        .comes_to("each parent comes once, and nobody has to ask for it", json!(["b1", "b2", "b3"]))
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let blogs = s.all(select(Blog).options(joined(Blog::posts))).await?;
            let mut titles: Vec<_> = s.views(&blogs).map(|blog| blog.title.clone()).collect();
            titles.sort();
            s.rollback().await?;
            Ok(json!(titles))
        })
        .await;
}

#[tokio::test]
async fn load_selectin_composite_key() {
    scenario("load_selectin_composite_key")
        .run(async |r| {
            let children_of = many![CompositeChild { id: 1, ..default() }];
            r.seed([
                CompositeParent { a: 1, b: 1, children: children_of },
                CompositeParent { a: 1, b: 2, ..default() },
            ])
            .await;
            let mut s = r.session();
            let query = select(CompositeParent)
                .options(selectin(CompositeParent::children))
                .order_by(CompositeParent::b);
            let parents = s.all(query).await?;
            let seen: Vec<_> =
                parents.iter().map(|&p| children(&s, p, CompositeParent::children).len()).collect();
            s.rollback().await?;
            Ok(json!(seen))
        })
        .await;
}

#[tokio::test]
async fn load_with_criteria() {
    scenario("load_with_criteria")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let options = (selectin(Blog::posts), with_criteria(Post, Post::title.ne("p1")));
            let blogs = s.all(select(Blog).options(options).order_by(Blog::id)).await?;
            titles(s, &blogs).await
        })
        .await;
}

#[tokio::test]
async fn load_lazy_order_by() {
    scenario("load_lazy_order_by")
        .run(async |r| {
            let bullet = |id, position, text: &str| Bullet { id, position, text: text.into(), ..default() };
            // SQLAlchemy's `ordering_list` counts the positions itself.
            r.seed([Slide { id: 1, bullets: many![bullet(9, 0, "first"), bullet(3, 1, "second")] }]).await;
            let mut s = r.session();
            let slide = s.get_one(Slide, 1).await?;
            s.load(slide, Slide::bullets).await?;
            let texts: Vec<_> = s.view(slide).get(Slide::bullets)?.map(|b| b.text.clone()).collect();
            s.rollback().await?;
            Ok(json!(texts))
        })
        .await;
}

#[tokio::test]
async fn load_yield_per() {
    scenario("load_yield_per")
        .run(async |r| {
            blogs(r).await;
            let mut s = r.session();
            let query = select(Blog).options(selectin(Blog::posts)).order_by(Blog::id);
            let mut parts = s.partitions(query, 2)?;
            let mut titles = Vec::new();
            while let Some(blogs) = parts.next(&mut s).await? {
                titles.push(s.views(&blogs).map(|blog| blog.title.clone()).collect::<Vec<_>>());
            }
            s.rollback().await?;
            Ok(json!(titles))
        })
        .await;
}
