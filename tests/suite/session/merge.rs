//! Values that are brought together with what the session and the database have.

use orm::prelude::*;
use orm::{Error, ObjectState};

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

fn tag(name: &str) -> Tag {
    Tag { name: name.into(), ..default() }
}

fn post(title: &str) -> Post {
    Post { title: title.into(), ..default() }
}

fn node(name: &str) -> Node {
    Node { name: name.into(), ..default() }
}

/// alice with the addresses a1 and a2.
async fn alice(engine: &Engine) {
    models::create(engine).await;
    let mut session = Session::new(engine);
    session.add(User { name: "alice".into(), addresses: many![address("a1"), address("a2")], ..default() });
    session.commit().await.unwrap();
}

#[tokio::test]
async fn a_row_takes_the_values_and_a_key_without_a_row_makes_a_new_object() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let merged = session.merge(User { id: 1, name: "merged".into(), ..default() }).await.unwrap();
        assert_eq!(session.history(merged, User::name).deleted, ["alice"]);
        let fresh = session.merge(User { id: 50, name: "fresh".into(), ..default() }).await.unwrap();
        assert_eq!(session.state(fresh), ObjectState::Pending);
        session.commit().await.unwrap();
        let select = "SELECT user_account.id, user_account.name, user_account.fullname FROM user_account \
                      WHERE user_account.id = ?";
        let expected = [
            "BEGIN",
            select,
            "UPDATE user_account SET name = ? WHERE user_account.id = ?",
            select,
            "INSERT INTO user_account (id, name, fullname) VALUES (?, ?, ?)",
            "COMMIT",
        ];
        assert_eq!(sent.take(), expected);
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, ["1|merged", "50|fresh"]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a1|1", "a2|1"]);
    })
    .await;
}

#[tokio::test]
async fn a_value_without_a_key_becomes_a_new_object_without_a_select() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let value = User { name: "u".into(), addresses: many![address("a"), address("b")], ..default() };
        let user = session.merge(value).await.unwrap();
        assert_eq!((session.pending().len(), sent.take().len()), (3, 0));
        session.commit().await.unwrap();
        assert_eq!(sent.taken("SELECT"), [""; 0]);
        let of = session.view(user).get(User::addresses).unwrap().map(|a| a.user_id).collect::<Vec<_>>();
        assert_eq!(of, [Some(1), Some(1)]);
    })
    .await;
}

#[tokio::test]
async fn a_collection_is_what_was_given() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let addresses = many![
            Address { id: 1, email: "changed".into(), ..default() },
            Address { id: 7, email: "new".into(), ..default() }
        ];
        session.merge(User { id: 1, name: "alice".into(), addresses, ..default() }).await.unwrap();
        let selects = sent.taken("SELECT");
        assert_eq!(
            selects.len(),
            3,
            "the row, its collection, and the address that is not in it: {selects:?}"
        );
        session.commit().await.unwrap();
        assert_eq!(sent.taken("SELECT"), [""; 0]);
        let expected = ["1|changed|1", "2|a2|NULL", "7|new|1"];
        assert_eq!(rows(&db.engine, "address", "id, email, user_id").await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_is_here_is_not_read_again() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.one(select(User).options(selectin(User::addresses))).await.unwrap();
        let owned = session.detach(user);
        let sent = Statements::record();
        assert_eq!(session.merge(owned).await.unwrap(), user);
        assert_eq!(sent.take(), [""; 0]);
        assert!(session.dirty().is_empty(), "nothing differs");
        session.commit().await.unwrap();
        assert_eq!(sent.take(), ["COMMIT"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_given_is_left_alone() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.one(select(User).options(selectin(User::addresses))).await.unwrap();
        session.merge(User { id: 1, name: "x".into(), ..default() }).await.unwrap();
        assert_eq!(session.view(user).get(User::addresses).unwrap().len(), 2);
        // An `Auto` that is unset says nothing.
        let stamp = session.add(Stamp { created: "then".to_owned().into(), ..Stamp::new("s") });
        session.commit().await.unwrap();
        let value = Stamp { id: session[stamp].id, ..Stamp::new("t") };
        assert_eq!(session.merge(value).await.unwrap(), stamp);
        assert_eq!((session[stamp].created.as_str(), *session[stamp].counter), ("then", 7));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "stamp", "label, created, counter").await, ["t|then|7"]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a1|1", "a2|1"]);
    })
    .await;
}

#[tokio::test]
async fn one_to_many_comes_back_from_outside() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let comment = Comment { body: "c".into(), ..default() };
        let posts = many![Post { comments: many![comment], ..post("p") }, post("q")];
        let blog = session.add(Blog { title: "b".into(), posts, ..default() });
        session.commit().await.unwrap();
        let mut owned = session.detach(blog);
        owned.title = "B".into();
        let posts = owned.posts.loaded_mut().unwrap();
        posts.truncate(1);
        posts[0].title = "P".into();
        posts[0].comments.loaded_mut().unwrap().clear();
        posts.push(Post { comments: many![Comment { body: "d".into(), ..default() }], ..post("r") });
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let blog = session.merge(owned).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 4, "the blog, its posts, the comments and tags of the post");
        let titles = |session: &Session| {
            session.view(blog).get(Blog::posts).unwrap().map(|p| p.title.clone()).collect::<Vec<_>>()
        };
        assert_eq!(titles(&session), ["P", "r"]);
        session.commit().await.unwrap();
        assert_eq!(titles(&session), ["P", "r"]);
        assert_eq!(rows(&db.engine, "blog", "id, title").await, ["1|B"]);
        assert_eq!(rows(&db.engine, "post", "id, title, blog_id").await, ["1|P|1", "3|r|1"]);
        assert_eq!(rows(&db.engine, "comment", "body, post_id").await, ["d|3"]);
    })
    .await;
}

#[tokio::test]
async fn one_to_one_comes_back_from_outside() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let profile = |bio: &str| Profile { bio: bio.into(), ..default() };
        let user = session.add(User { name: "u".into(), profile: profile("p").into(), ..default() });
        session.commit().await.unwrap();
        let mut owned = session.detach(user);
        owned.profile.loaded_mut().unwrap().bio = "P".into();
        let mut session = Session::new(&db.engine);
        let user = session.merge(owned.clone()).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "id, bio, user_id").await, ["1|P|1"]);
        // Another one: the first is an orphan.
        owned.profile = profile("Q").into();
        let mut other = Session::new(&db.engine);
        other.merge(owned.clone()).await.unwrap();
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio, user_id").await, ["Q|1"]);
        owned.profile = None.into();
        session.refresh(user).await.unwrap();
        session.merge(owned).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio, user_id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_parent_comes_back_from_outside() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let a = session.get_one(Address, 1).await.unwrap();
        session.load(a, Address::user).await.unwrap();
        let mut owned = session.detach(a);
        session.commit().await.unwrap();
        owned.user.loaded_mut().unwrap().name = "Alice".into();
        // The relationship counts, and not the key beside it.
        owned.user_id = Some(99);
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let a = session.merge(owned.clone()).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!((sent.taken("UPDATE").len(), session[a].user_id), (1, Some(1)));
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, ["1|Alice"]);
        owned.user = User { name: "bob".into(), ..default() }.into();
        session.merge(owned.clone()).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a1|2", "a2|1"]);
        owned.user = None.into();
        let mut session = Session::new(&db.engine);
        session.merge(owned).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a1|NULL", "a2|1"]);
    })
    .await;
}

#[tokio::test]
async fn many_to_many_comes_back_from_outside() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let [x, y] = ["x", "y"].map(|name| session.add(tag(name)));
        let blog = session.add(Blog { title: "b".into(), posts: many![post("p"), post("q")], ..default() });
        let [p, q] = session.view(blog).get(Blog::posts).unwrap().map(|p| p.handle()).collect::<Vec<_>>()[..]
        else {
            panic!()
        };
        for (post, tag) in [(p, x), (p, y), (q, x)] {
            session.append(post, Post::tags, tag);
        }
        session.commit().await.unwrap();
        let mut owned = session.detach(blog);
        let posts = owned.posts.loaded_mut().unwrap();
        // x stands in two places; it was changed in the first one.
        let tags = posts[0].tags.loaded_mut().unwrap();
        tags[0].name = "X".into();
        tags.truncate(1);
        posts[1].tags.loaded_mut().unwrap().push(tag("z"));
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        session.merge(owned).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 4, "the blog, its posts, their comments and tags");
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "id, name").await, ["1|X", "2|y", "3|z"]);
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, ["1|1", "2|1", "2|3"]);
    })
    .await;
}

#[tokio::test]
async fn a_tree_comes_back_from_outside() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let a = Node { children: many![node("a1"), node("a2")], ..node("a") };
        let root = session.add(Node { children: many![a, node("b")], ..node("root") });
        session.commit().await.unwrap();
        let mut owned = session.detach(root);
        // a2 moves from a to b, and a1 is left out.
        let children = owned.children.loaded_mut().unwrap();
        let mut of_a = std::mem::take(children[0].children.loaded_mut().unwrap());
        children[1].children = many![of_a.remove(1)];
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        session.merge(owned).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 4, "the root, and the children of each level");
        session.commit().await.unwrap();
        let expected = ["a2|5|4", "a|2|1", "b|4|1", "root|1|NULL"];
        let found = rows(&db.engine, "node", "name, id, parent_id").await;
        assert_eq!(found.len(), expected.len(), "{found:?}");
        let parent_of = |name: &str| {
            let row = found.iter().find(|row| row.starts_with(&format!("{name}|"))).unwrap();
            row.rsplit('|').next().unwrap().to_owned()
        };
        let id_of = |name: &str| {
            let row = found.iter().find(|row| row.starts_with(&format!("{name}|"))).unwrap();
            row.split('|').nth(1).unwrap().to_owned()
        };
        assert_eq!(
            (parent_of("a2"), parent_of("a"), parent_of("b")),
            (id_of("b"), id_of("root"), id_of("root"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_circle_comes_back_from_outside() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let employee = |name: &str| Employee { name: name.into(), ..default() };
        let mut session = Session::new(&db.engine);
        let one = session.add(employee("one"));
        let two = session.add(Employee { reports: many![], ..employee("two") });
        session.append(one, Employee::reports, two);
        session.commit().await.unwrap();
        session.set(one, Employee::manager, two);
        session.commit().await.unwrap();
        let mut owned = session.detach(one);
        assert!(owned.manager.loaded().is_some(), "one → two, who reports to one");
        owned.name = "ONE".into();
        owned.manager.loaded_mut().unwrap().name = "TWO".into();
        let mut session = Session::new(&db.engine);
        session.merge(owned).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "employee", "name, manager_id").await, ["ONE|2", "TWO|1"]);
    })
    .await;
}

#[tokio::test]
async fn composite_keys_come_from_the_parent() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let line = |position, item: &str| Line { position, item: item.into(), ..default() };
        let mut session = Session::new(&db.engine);
        let lines = many![line(1, "a"), line(2, "b")];
        let purchase = session.add(Purchase { shop: "s".into(), number: 1, lines });
        session.commit().await.unwrap();
        let mut owned = session.detach(purchase);
        let lines = owned.lines.loaded_mut().unwrap();
        lines[1].item = "B".into();
        lines.remove(0);
        lines.push(line(3, "c"));
        let mut session = Session::new(&db.engine);
        let purchase = session.merge(owned).await.unwrap();
        session.commit().await.unwrap();
        let expected = ["s|1|2|B", "s|1|3|c"];
        assert_eq!(rows(&db.engine, "line", "shop, number, position, item").await, expected);
        // A line without the columns of its parent is found all the same.
        let value = Purchase { shop: "s".into(), number: 1, lines: many![line(2, "BB")] };
        assert_eq!(session.merge(value).await.unwrap(), purchase);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "line", "shop, number, position, item").await, ["s|1|2|BB"]);
    })
    .await;
}

#[tokio::test]
async fn one_select_for_the_rows_of_a_level() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add_all((0..20).map(|n| tag(&format!("t{n}"))));
        let posts = (0..10).map(|n| post(&format!("p{n}"))).collect();
        session.add(Blog { title: "b".into(), posts, ..default() });
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        // Two tags of each post, that none of them has yet, and the posts by themselves.
        let value = |n: i64| {
            let tag = |id: i64| Tag { id, ..tag(&format!("new{id}")) };
            let tags = many![tag(2 * n + 1), tag(2 * n + 2)];
            Post { id: n + 1, blog_id: 1, tags, ..post(&format!("P{n}")) }
        };
        let sent = Statements::record();
        let merged = session.merge_all((0..10).map(value)).await.unwrap();
        assert_eq!((merged.len(), sent.taken("SELECT").len()), (10, 3));
        assert_eq!(session.dirty().len(), 30);
        session.commit().await.unwrap();
        let tags = rows(&db.engine, "tag", "name").await;
        assert_eq!((tags.len(), tags.iter().all(|name| name.starts_with("new"))), (20, true));
        assert_eq!(rows(&db.engine, "post_tags", "post_id").await.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn one_key_given_twice_is_one_object() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = |name: &str| User { id: 1, name: name.into(), ..default() };
        let [one, two] = session.merge_all([user("new"), user("alice")]).await.unwrap()[..] else { panic!() };
        assert_eq!(one, two);
        assert_eq!(session[one].name, "new", "the one that differs from the row counts");
        session.merge_all([user("first"), user("second")]).await.unwrap();
        assert_eq!(session[one].name, "second", "the last of several");
        // New ones too.
        let new = |name: &str| Tag { id: 5, ..tag(name) };
        let [x, y] = session.merge_all([new("x"), new("y")]).await.unwrap()[..] else { panic!() };
        assert_eq!((x == y, session[x].name.as_str()), (true, "y"));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "id, name").await, ["5|y"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_pending_is_flushed_first_and_then_found() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { id: 3, name: "u".into(), ..default() });
        let merged = session.merge(User { id: 3, name: "v".into(), ..default() }).await.unwrap();
        assert_eq!((merged, session[user].name.as_str()), (user, "v"));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, ["3|v"]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_undoes_it() {
    on_each(async |db| {
        alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.one(select(User).options(selectin(User::addresses))).await.unwrap();
        let value = User { id: 1, name: "x".into(), addresses: many![address("new")], ..default() };
        session.merge(value).await.unwrap();
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        let emails: Vec<_> =
            session.view(user).get(User::addresses).unwrap().map(|a| a.email.clone()).collect();
        assert_eq!((session[user].name.as_str(), emails), ("alice", vec!["a1".to_owned(), "a2".to_owned()]));
        assert!(session.pending().is_empty() && session.dirty().is_empty());
    })
    .await;
}

#[tokio::test]
async fn its_future_can_be_spawned() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    models::create(&engine).await;
    let merged = tokio::spawn(async move {
        let mut session = Session::new(&engine);
        let user = session.merge(User { name: "u".into(), ..default() }).await.unwrap();
        let users = session.merge_all([User { id: 7, ..default() }].into_iter().filter(|_| true)).await;
        (session[user].name.clone(), users.unwrap().len())
    });
    assert_eq!(merged.await.unwrap(), ("u".to_owned(), 1));
}

// Versions, and a relationship that a merge does not follow.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "article")]
struct Article {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(version)]
    version: i64,
    #[relationship(cascade = "save-update")]
    notes: Many<Note>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "note")]
struct Note {
    #[column(primary_key)]
    id: i64,
    body: String,
    #[column(foreign_key = Article::id)]
    article_id: Option<i64>,
}

async fn articles(engine: &Engine) {
    metadata![Article, Note].create_all(engine).await.unwrap();
    for sql in [
        "INSERT INTO article (id, title, version) VALUES (1, 'a', 3)",
        "INSERT INTO article (id, title, version) VALUES (2, 'b', 1)",
        "INSERT INTO note (id, body, article_id) VALUES (1, 'n', 1)",
    ] {
        engine.execute(text(sql)).await.unwrap();
    }
}

#[tokio::test]
async fn another_version_is_stale_and_nothing_was_merged() {
    on_each(async |db| {
        articles(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let article = |id, title: &str, version| Article { id, title: title.into(), version, ..default() };
        let two = session.get_one(Article, 2).await.unwrap();
        let error = session.merge_all([article(2, "B", 1), article(1, "A", 2)]).await.unwrap_err();
        let Error::StaleData { action: "merge", table, .. } = &error else { panic!("{error}") };
        assert_eq!((table.as_str(), session[two].title.as_str()), ("article", "b"));
        assert!(session.dirty().is_empty() && session.pending().is_empty());
        let one = session.merge(article(1, "A", 3)).await.unwrap();
        assert_eq!(session[one].title, "A");
        let one = session.merge(article(1, "AA", 0)).await.unwrap();
        assert_eq!(session[one].title, "AA", "a version that is not set is not compared");
    })
    .await;
}

#[tokio::test]
async fn a_relationship_without_the_cascade_is_not_followed() {
    on_each(async |db| {
        articles(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let notes = many![Note { body: "new".into(), ..default() }];
        let article = session.merge(Article { id: 1, title: "A".into(), version: 0, notes }).await.unwrap();
        assert!(session.pending().is_empty() && session[article].notes.is_unloaded());
        session.load(article, Article::notes).await.unwrap();
        let bodies: Vec<_> =
            session.view(article).get(Article::notes).unwrap().map(|n| n.body.clone()).collect();
        assert_eq!(bodies, ["n"]);
    })
    .await;
}
