//! States, histories, what a session holds, and both sides of a relationship in memory.

use orm::prelude::*;
use orm::{History, ObjectState};
use serde_json::{Value, json};

use super::models::*;
use super::run::with;
use super::{children, scenario};

fn state<T: Mapped>(s: &Session, handle: Handle<T>) -> Value {
    json!(format!("{:?}", s.state(handle)).to_lowercase())
}

/// The three parts, each value as `shown`.
fn parts<T>(history: History<T>, shown: impl Fn(&T) -> Value) -> Value {
    let part = |values: &[T]| values.iter().map(&shown).collect::<Vec<_>>();
    json!([part(&history.added), part(&history.unchanged), part(&history.deleted)])
}

#[tokio::test]
async fn object_states() {
    scenario("object_states")
        .sends(
            "an object that was added has nothing that is not known",
            &["BEGIN", "INSERT user_account (id, name, fullname)", "DELETE user_account", "COMMIT"],
        )
        .run(async |r| {
            let mut s = r.session();
            let mut seen = vec![json!("transient")];
            let u = s.add(User { id: 1, name: "u".into(), ..default() });
            seen.push(state(&s, u));
            s.flush().await?;
            seen.push(state(&s, u));
            s.delete(u);
            seen.push(state(&s, u));
            s.flush().await?;
            seen.push(state(&s, u));
            s.commit().await?;
            seen.push(state(&s, u));
            Ok(json!(seen))
        })
        .await;
}

#[tokio::test]
async fn object_states_of_expunged() {
    scenario("object_states_of_expunged")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            let new = s.add(tag(2, "n"));
            s.expunge(t);
            s.expunge(new);
            s.commit().await?;
            let gone = |state| state == ObjectState::Detached;
            let seen = json!({ "t": gone(s.state(t)), "new": gone(s.state(new)) });
            Ok(with(seen, r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn object_states_after_rollback() {
    scenario("object_states_after_rollback")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "INSERT tag (id, name)", "DELETE post_tags", "DELETE tag", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            let new = s.add(tag(2, "n"));
            s.delete(t);
            s.flush().await?;
            s.rollback().await?;
            // What is transient there is no longer in the session here.
            let seen = [s.state(new) == ObjectState::Detached, s.state(t) == ObjectState::Persistent];
            Ok(json!(seen))
        })
        .await;
}

#[tokio::test]
async fn attribute_history() {
    scenario("attribute_history")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            s.set_autoflush(false);
            let u = s.get_one(User, 1).await?;
            s[u].name = "z".into();
            s.load(u, User::addresses).await?;
            s.append(u, User::addresses, Address { email: "new".into(), ..default() });
            let loaded = children(&s, u, User::addresses);
            s.remove(u, User::addresses, loaded[0]);
            let address = loaded[1];
            let bob = s.get_one(User, 2).await?;
            s.set(address, Address::user, bob);
            let seen = json!({
                "name": parts(s.history(u, User::name), |name| json!(name)),
                "addresses": parts(s.history(u, User::addresses), |&a| json!(s[a].email)),
                "user": parts(s.history(address, Address::user), |&u| json!(s[u].name)),
            });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn attribute_history_of_new_object() {
    scenario("attribute_history_of_new_object")
        .run(async |r| {
            let mut s = r.session();
            let address = Address { email: "x".into(), ..default() };
            let u = s.add(User { name: "n".into(), addresses: many![address], ..default() });
            Ok(json!({
                "name": parts(s.history(u, User::name), |name| json!(name)),
                "addresses": parts(s.history(u, User::addresses), |&a| json!(s[a].email)),
            }))
        })
        .await;
}

#[tokio::test]
async fn attribute_history_unchanged() {
    scenario("attribute_history_unchanged")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            let before = parts(s.history(u, User::name), |name| json!(name));
            s[u].name = "x".into();
            s[u].name = "alice".into();
            let after = parts(s.history(u, User::name), |name| json!(name));
            s.rollback().await?;
            Ok(json!([before, after]))
        })
        .await;
}

#[tokio::test]
async fn attribute_history_after_flush() {
    scenario("attribute_history_after_flush")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "x".into();
            s.flush().await?;
            let seen = parts(s.history(u, User::name), |name| json!(name));
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn attribute_history_of_not_loaded() {
    scenario("attribute_history_of_not_loaded")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            let seen = parts(s.history(u, User::addresses), |&a| json!(s[a].email));
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn new_dirty_deleted_collections() {
    scenario("new_dirty_deleted_collections")
        .sends(
            "what a delete needs is loaded by the flush",
            &["BEGIN", "SELECT user_account", "SELECT user_account", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            s.set_autoflush(false);
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s[a].name = "q".into();
            s.delete(b);
            let new = s.add(User { name: "n".into(), ..default() });
            let kinds = |objects: Vec<Handle<User>>| objects.iter().map(|_| "User").collect::<Vec<_>>();
            let (pending, dirty, deleted) = (s.pending(), s.dirty(), s.deleted());
            assert!(pending.contains(new) && dirty.contains(a) && deleted.contains(b));
            let lengths = [pending.len(), dirty.len(), deleted.len()];
            assert_eq!(lengths, [1, 1, 1], "{pending:?} {dirty:?} {deleted:?}");
            let seen = json!({
                "new": kinds(pending.of()), "dirty": kinds(dirty.of()), "deleted": kinds(deleted.of()),
            });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn new_dirty_deleted_after_flush() {
    scenario("new_dirty_deleted_after_flush")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "q".into();
            let address = s.get_one(Address, 3).await?;
            s.delete(address);
            s.add(User { id: 9, name: "n".into(), ..default() });
            s.flush().await?;
            let seen = json!([s.pending().len(), s.dirty().len(), s.deleted().len()]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn update_no_net_change() {
    scenario("update_no_net_change")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "alice".into();
            s[u].fullname = Some("x".into());
            s[u].fullname = None;
            let seen =
                json!({ "is_modified": s.is_modified(u), "dirty": s.dirty().contains(u), "flush": null });
            s.flush().await?;
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn backref_sync_in_memory() {
    scenario("backref_sync_in_memory")
        .run(async |r| {
            let mut s = r.session();
            let user = |name: &str| User { name: name.into(), ..default() };
            let (u, v) = (s.add(user("u")), s.add(user("v")));
            let a = s.add(Address { email: "x".into(), ..default() });
            s.set(a, Address::user, u);
            let before = children(&s, u, User::addresses).len();
            s.append(v, User::addresses, a);
            Ok(json!({
                "u_before": before,
                "u_after": children(&s, u, User::addresses).len(),
                "a_user_is_v": s.view(a).get(Address::user)?.map(|user| user.handle()) == Some(v),
            }))
        })
        .await;
}

#[tokio::test]
async fn backref_append_sets_the_parent() {
    scenario("backref_append_sets_the_parent")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.load(a, User::addresses).await?;
            let one = children(&s, a, User::addresses)[0];
            s.load(b, User::addresses).await?;
            s.append(b, User::addresses, one);
            let parent = s.view(one).get(Address::user)?.map(|user| user.handle());
            let left: Vec<_> = children(&s, a, User::addresses).iter().map(|&x| json!(s[x].email)).collect();
            s.rollback().await?;
            Ok(json!({ "parent": parent == Some(b), "left": left }))
        })
        .await;
}

#[tokio::test]
async fn backref_set_moves_between_collections() {
    scenario("backref_set_moves_between_collections")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.load(a, User::addresses).await?;
            s.load(b, User::addresses).await?;
            let one = children(&s, a, User::addresses)[0];
            s.set(one, Address::user, b);
            let emails = |user| -> Vec<_> {
                children(&s, user, User::addresses).iter().map(|&x| json!(s[x].email)).collect()
            };
            let seen = json!([emails(a), emails(b)]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn backref_many_to_many() {
    scenario("backref_many_to_many")
        .run(async |r| {
            let mut s = r.session();
            let p = s.add(Post { title: "p".into(), ..default() });
            let t = s.append(p, Post::tags, tag(0, "t"));
            let before = children(&s, t, Tag::posts).len();
            s.remove(t, Tag::posts, p);
            Ok(json!([before, children(&s, p, Post::tags).len()]))
        })
        .await;
}

#[tokio::test]
async fn backref_one_to_one() {
    scenario("backref_one_to_one")
        .run(async |r| {
            let mut s = r.session();
            let profile = |bio: &str| Profile { bio: bio.into(), ..default() };
            let u = s.add(User { name: "u".into(), ..default() });
            let (p, q) = (s.add(profile("p")), s.add(profile("q")));
            s.set(u, User::profile, p);
            s.set(u, User::profile, q);
            let of =
                |profile: Handle<Profile>| s.view(profile).get(Profile::user).ok().map(|user| user.handle());
            Ok(json!([of(p).is_none(), of(q) == Some(u)]))
        })
        .await;
}
