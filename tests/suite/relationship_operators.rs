//! Conditions on what relationships lead to, and joins along them: on every database, and their whole SQL on SQLite.

use orm::prelude::*;
use orm::typed::Owned;
use orm::{Query, with_parent};

use crate::databases::{Database, on_each};
use crate::models::{self, Address, Blog, Employee, Line, Node, Post, Profile, Purchase, Tag, User};
use crate::support::Statements;

orm::alias!(Manager = Employee);
orm::alias!(Report = Employee);
orm::alias!(Mail = Address);

// Keys that are unset before the flush.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "chest")]
struct Chest {
    #[column(primary_key)]
    id: Auto<i64>,
    name: String,
    #[relationship(back_populates = chest)]
    items: Many<Item>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "item")]
struct Item {
    #[column(primary_key)]
    id: Auto<i64>,
    #[column(foreign_key = Chest::id)]
    chest_id: Option<i64>,
    #[relationship(back_populates = items)]
    chest: One<Option<Chest>>,
}

// Many-to-many from a struct to itself.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "person")]
struct Person {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(secondary = Friendship, source_key = Friendship::one, target_key = Friendship::other)]
    friends: Many<Person>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "friendship")]
struct Friendship {
    #[column(primary_key, foreign_key = Person::id)]
    one: i64,
    #[column(primary_key, foreign_key = Person::id)]
    other: i64,
}

/// Blogs and users as the oracle has them, a small firm, a tree of nodes, and purchases with composite keys.
async fn seed(engine: &Engine) {
    models::create(engine).await;
    let mut session = Session::new(engine);
    let t1 = session.add(Tag { name: "t1".into(), ..default() });
    let t2 = session.add(Tag { name: "t2".into(), ..default() });
    let b1 = session.add(Blog { title: "b1".into(), ..default() });
    let b2 = session.add(Blog { title: "b2".into(), ..default() });
    session.add(Blog { title: "b3".into(), ..default() });
    session.flush().await.unwrap();
    let post = |title: &str| Post { title: title.into(), ..default() };
    let p1 = session.append(b1, Blog::posts, post("p1"));
    session.flush().await.unwrap();
    let p2 = session.append(b1, Blog::posts, post("p2"));
    session.flush().await.unwrap();
    session.append(b2, Blog::posts, post("p3"));
    session.append(p1, Post::tags, t1);
    session.append(p1, Post::tags, t2);
    session.append(p2, Post::tags, t1);
    let address = |email: &str| Address { email: email.into(), ..default() };
    session.add(User {
        name: "alice".into(),
        addresses: many![address("a1"), address("a2")],
        profile: Some(Profile { bio: "likes cats".into(), ..default() }).into(),
        ..default()
    });
    session.flush().await.unwrap();
    session.add(User { name: "bob".into(), addresses: many![address("b1")], ..default() });
    session.flush().await.unwrap();
    session.add(address("lost"));
    let boss = session.add(Employee { name: "boss".into(), ..default() });
    session.flush().await.unwrap();
    let mid = session.append(boss, Employee::reports, Employee { name: "mid".into(), ..default() });
    session.flush().await.unwrap();
    session.append(mid, Employee::reports, Employee { name: "low".into(), ..default() });
    let node = |name: &str| Node { name: name.into(), ..default() };
    let root = session.add(node("root"));
    session.flush().await.unwrap();
    let left = session.append(root, Node::children, node("left"));
    session.flush().await.unwrap();
    session.append(left, Node::children, node("leaf"));
    let line = |position: i64, item: &str| Line { position, item: item.into(), ..default() };
    session.add_all([
        Purchase { shop: "a".into(), number: 1, lines: many![line(1, "pen"), line(2, "ink")] },
        Purchase { shop: "a".into(), number: 2, lines: many![line(1, "ink")] },
        Purchase { shop: "b".into(), number: 1, lines: Many::default() },
    ]);
    session.commit().await.unwrap();
}

/// The rows of a query, and its SQL where it is asked for.
async fn check<Q, I>(db: &Database, query: Q, expected: &[Q::Row<Owned>], sql: &str)
where
    Q: Query<I> + Clone,
    Q::Row<Owned>: PartialEq + std::fmt::Debug,
{
    let statements = Statements::record();
    let rows = db.engine.all(query).await.unwrap();
    let sent = statements.taken("SELECT");
    if db.file.is_some() {
        assert_eq!(sent, [sql]);
    }
    assert_eq!(rows, expected, "{}: {sent:?}", db.name);
}

#[tokio::test]
async fn any_and_has() {
    on_each(async |db| {
        seed(&db.engine).await;
        check(
            db,
            select(Blog::title).filter(Blog::posts.any(Post::title.eq("p3"))),
            &["b2".to_owned()],
            "SELECT blog.title FROM blog WHERE EXISTS (SELECT 1 FROM post WHERE blog.id = post.blog_id AND post.title = ?)",
        )
        .await;
        check(
            db,
            select(Blog::title).filter(!Blog::posts.exists()),
            &["b3".to_owned()],
            "SELECT blog.title FROM blog WHERE NOT EXISTS (SELECT 1 FROM post WHERE blog.id = post.blog_id)",
        )
        .await;
        check(
            db,
            select(Post::title).filter(Post::blog.has(Blog::title.eq("b2"))),
            &["p3".to_owned()],
            "SELECT post.title FROM post WHERE EXISTS (SELECT 1 FROM blog WHERE blog.id = post.blog_id AND blog.title = ?)",
        )
        .await;
        check(
            db,
            select(Post::title).filter(Post::tags.any(Tag::name.eq("t2"))),
            &["p1".to_owned()],
            "SELECT post.title FROM post WHERE EXISTS (SELECT 1 FROM tag, post_tags WHERE post.id = post_tags.post_id AND tag.id = post_tags.tag_id AND tag.name = ?)",
        )
        .await;
        // One inside of the other, and a relationship that is filtered by itself.
        check(
            db,
            select(Blog::title).filter(Blog::posts.any(Post::tags.any(Tag::posts.any(Post::title.eq("p2"))))),
            &["b1".to_owned()],
            "SELECT blog.title FROM blog WHERE EXISTS (SELECT 1 FROM post WHERE blog.id = post.blog_id AND EXISTS (SELECT 1 FROM tag, post_tags WHERE post.id = post_tags.post_id AND tag.id = post_tags.tag_id AND EXISTS (SELECT 1 FROM post, post_tags WHERE tag.id = post_tags.tag_id AND post.id = post_tags.post_id AND post.title = ?)))",
        )
        .await;
        check(
            db,
            select(Blog::title)
                .filter(Blog::posts.filter(Post::title.ne("p1")).any(Post::title.like("p%")))
                .order_by(Blog::id),
            &["b1".to_owned(), "b2".to_owned()],
            "SELECT blog.title FROM blog WHERE EXISTS (SELECT 1 FROM post WHERE blog.id = post.blog_id AND post.title != ? AND post.title LIKE ?) ORDER BY blog.id",
        )
        .await;
        check(
            db,
            select(Blog::title).filter(!Blog::posts.filter(Post::title.ne("p3")).exists()).order_by(Blog::id),
            &["b2".to_owned(), "b3".to_owned()],
            "SELECT blog.title FROM blog WHERE NOT EXISTS (SELECT 1 FROM post WHERE blog.id = post.blog_id AND post.title != ?) ORDER BY blog.id",
        )
        .await;
        // A target that stands in FROM as well is another row in the subquery.
        check(
            db,
            select((User::name, Address::email))
                .join(User::addresses)
                .filter(User::addresses.any(Address::email.eq("a1")))
                .order_by(Address::id),
            &[("alice".to_owned(), "a1".to_owned()), ("alice".to_owned(), "a2".to_owned())],
            "SELECT user_account.name, address.email FROM user_account JOIN address ON user_account.id = address.user_id WHERE EXISTS (SELECT 1 FROM address WHERE user_account.id = address.user_id AND address.email = ?) ORDER BY address.id",
        )
        .await;
        check(
            db,
            select(User::name).filter(User::addresses.to(Mail).any(Address::email.of(Mail).eq("b1"))),
            &["bob".to_owned()],
            "SELECT user_account.name FROM user_account WHERE EXISTS (SELECT 1 FROM address AS mail WHERE user_account.id = mail.user_id AND mail.email = ?)",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_relationship_to_its_own_struct() {
    on_each(async |db| {
        seed(&db.engine).await;
        check(
            db,
            select(Node::name).filter(Node::children.any(Node::name.eq("leaf"))),
            &["left".to_owned()],
            "SELECT node.name FROM node WHERE EXISTS (SELECT 1 FROM node AS node_1 WHERE node.id = node_1.parent_id AND node_1.name = ?)",
        )
        .await;
        check(
            db,
            select(Node::name).filter(Node::children.any(Node::children.any(Node::name.eq("leaf")))),
            &["root".to_owned()],
            "SELECT node.name FROM node WHERE EXISTS (SELECT 1 FROM node AS node_2 WHERE node.id = node_2.parent_id AND EXISTS (SELECT 1 FROM node AS node_1 WHERE node_2.id = node_1.parent_id AND node_1.name = ?))",
        )
        .await;
        check(
            db,
            select(Employee::name).filter(Employee::manager.has(Employee::name.eq("boss"))),
            &["mid".to_owned()],
            "SELECT employee.name FROM employee WHERE EXISTS (SELECT 1 FROM employee AS employee_1 WHERE employee_1.id = employee.manager_id AND employee_1.name = ?)",
        )
        .await;
        check(
            db,
            select(Node::name).filter(!Node::children.filter(Node::name.ne("leaf")).exists()).order_by(Node::id),
            &["left".to_owned(), "leaf".to_owned()],
            "SELECT node.name FROM node WHERE NOT EXISTS (SELECT 1 FROM node AS node_1 WHERE node.id = node_1.parent_id AND node_1.name != ?) ORDER BY node.id",
        )
        .await;
        // From an alias, to an alias, and both.
        check(
            db,
            select(Employee::name.of(Manager)).filter(Employee::reports.of(Manager).any(Employee::name.eq("low"))),
            &["mid".to_owned()],
            "SELECT manager.name FROM employee AS manager WHERE EXISTS (SELECT 1 FROM employee WHERE manager.id = employee.manager_id AND employee.name = ?)",
        )
        .await;
        check(
            db,
            select(Employee::name).filter(Employee::reports.to(Report).any(Employee::name.of(Report).eq("mid"))),
            &["boss".to_owned()],
            "SELECT employee.name FROM employee WHERE EXISTS (SELECT 1 FROM employee AS report WHERE employee.id = report.manager_id AND report.name = ?)",
        )
        .await;
        check(
            db,
            select(Employee::name.of(Manager))
                .filter(Employee::reports.of(Manager).to(Report).any(Employee::name.of(Report).eq("mid"))),
            &["boss".to_owned()],
            "SELECT manager.name FROM employee AS manager WHERE EXISTS (SELECT 1 FROM employee AS report WHERE manager.id = report.manager_id AND report.name = ?)",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn objects() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let b1 = session.one(select(Blog).filter(Blog::title.eq("b1"))).await.unwrap();
        let t1 = session.one(select(Tag).filter(Tag::name.eq("t1"))).await.unwrap();
        let a1 = session.one(select(Address).filter(Address::email.eq("a1"))).await.unwrap();
        let lost = session.one(select(Address).filter(Address::email.eq("lost"))).await.unwrap();
        let alice = session.one(select(User).filter(User::name.eq("alice"))).await.unwrap();
        let p1 = session.one(select(Post).filter(Post::title.eq("p1"))).await.unwrap();
        let cats = session.one(select(Profile)).await.unwrap();
        let (b1, t1, a1, lost, alice, p1, cats) = (
            session.detach(b1),
            session.detach(t1),
            session.detach(a1),
            session.detach(lost),
            session.detach(alice),
            session.detach(p1),
            session.detach(cats),
        );
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();

        // To one: the foreign keys are compared.
        check(
            db,
            select(Post::title).filter(Post::blog.is(&b1)).order_by(Post::id),
            &names(&["p1", "p2"]),
            "SELECT post.title FROM post WHERE post.blog_id = ? ORDER BY post.id",
        )
        .await;
        check(
            db,
            select(Post::title).filter(Post::blog.is_not(&b1)),
            &names(&["p3"]),
            "SELECT post.title FROM post WHERE post.blog_id != ? OR post.blog_id IS NULL",
        )
        .await;
        check(
            db,
            select(Address::email).filter(Address::user.is_not(&alice)).order_by(Address::id),
            &names(&["b1", "lost"]),
            "SELECT address.email FROM address WHERE address.user_id != ? OR address.user_id IS NULL ORDER BY address.id",
        )
        .await;
        // Unknown where the key is NULL, so the opposite is unknown too.
        check(
            db,
            select(Address::email).filter(!Address::user.is(&alice)),
            &names(&["b1"]),
            "SELECT address.email FROM address WHERE address.user_id != ?",
        )
        .await;
        check(
            db,
            select(Address::email).filter(Address::user.is_key(alice.id)).order_by(Address::id),
            &names(&["a1", "a2"]),
            "SELECT address.email FROM address WHERE address.user_id = ? ORDER BY address.id",
        )
        .await;
        check(
            db,
            select(Address::email).filter(Address::user.is_none()),
            &names(&["lost"]),
            "SELECT address.email FROM address WHERE address.user_id IS NULL",
        )
        .await;
        check(
            db,
            select(Address::email).filter(Address::user.is_some()).order_by(Address::id),
            &names(&["a1", "a2", "b1"]),
            "SELECT address.email FROM address WHERE address.user_id IS NOT NULL ORDER BY address.id",
        )
        .await;
        check(
            db,
            select(Address::email).filter(Address::user.filter(User::name.eq("bob")).is_some()),
            &names(&["b1"]),
            "SELECT address.email FROM address WHERE EXISTS (SELECT 1 FROM user_account WHERE user_account.id = address.user_id AND user_account.name = ?)",
        )
        .await;
        check(
            db,
            select(Address::email)
                .filter(Address::user.filter(User::name.eq("alice")).is(&alice))
                .order_by(Address::id),
            &names(&["a1", "a2"]),
            "SELECT address.email FROM address WHERE EXISTS (SELECT 1 FROM user_account WHERE user_account.id = address.user_id AND user_account.name = ? AND user_account.id = ?) ORDER BY address.id",
        )
        .await;
        // One-to-one from the side without the key.
        check(
            db,
            select(User::name).filter(User::profile.is(&cats)),
            &names(&["alice"]),
            "SELECT user_account.name FROM user_account WHERE user_account.id = ?",
        )
        .await;
        check(
            db,
            select(User::name).filter(User::profile.is_key(cats.id)),
            &names(&["alice"]),
            "SELECT user_account.name FROM user_account WHERE EXISTS (SELECT 1 FROM profile WHERE user_account.id = profile.user_id AND profile.id = ?)",
        )
        .await;
        check(
            db,
            select(User::name).filter(User::profile.is_none()),
            &names(&["bob"]),
            "SELECT user_account.name FROM user_account WHERE NOT EXISTS (SELECT 1 FROM profile WHERE user_account.id = profile.user_id)",
        )
        .await;
        check(
            db,
            select(User::name).filter(User::profile.is_not(&cats)),
            &names(&["bob"]),
            "SELECT user_account.name FROM user_account WHERE user_account.id != ? OR user_account.id IS NULL",
        )
        .await;

        // To many.
        check(
            db,
            select(User::name).filter(User::addresses.contains(&a1)),
            &names(&["alice"]),
            "SELECT user_account.name FROM user_account WHERE user_account.id = ?",
        )
        .await;
        check(
            db,
            select(User::name).filter(User::addresses.contains_key(a1.id)),
            &names(&["alice"]),
            "SELECT user_account.name FROM user_account WHERE EXISTS (SELECT 1 FROM address WHERE user_account.id = address.user_id AND address.id = ?)",
        )
        .await;
        check(
            db,
            select(Post::title).filter(Post::tags.contains(&t1)).order_by(Post::id),
            &names(&["p1", "p2"]),
            "SELECT post.title FROM post WHERE EXISTS (SELECT 1 FROM post_tags WHERE post.id = post_tags.post_id AND post_tags.tag_id = ?) ORDER BY post.id",
        )
        .await;
        check(
            db,
            select(Post::title).filter(!Post::tags.contains_key(t1.id)),
            &names(&["p3"]),
            "SELECT post.title FROM post WHERE NOT EXISTS (SELECT 1 FROM post_tags WHERE post.id = post_tags.post_id AND post_tags.tag_id = ?)",
        )
        .await;
        check(
            db,
            select(Post::title).filter(Post::tags.filter(Tag::name.eq("t2")).contains(&t1)),
            &[],
            "SELECT post.title FROM post WHERE EXISTS (SELECT 1 FROM tag, post_tags WHERE post.id = post_tags.post_id AND tag.id = post_tags.tag_id AND tag.name = ? AND tag.id = ?)",
        )
        .await;

        // The other way round: what a parent leads to.
        check(
            db,
            select(Post::title).filter(with_parent(&b1, Blog::posts)).order_by(Post::id),
            &names(&["p1", "p2"]),
            "SELECT post.title FROM post WHERE post.blog_id = ? ORDER BY post.id",
        )
        .await;
        check(
            db,
            select(Tag::name).filter(Post::tags.with_parent(&p1)).order_by(Tag::id),
            &names(&["t1", "t2"]),
            "SELECT tag.name FROM tag WHERE EXISTS (SELECT 1 FROM post_tags WHERE tag.id = post_tags.tag_id AND post_tags.post_id = ?) ORDER BY tag.id",
        )
        .await;
        check(
            db,
            select(Tag::name).filter(Post::tags.filter(Tag::name.ne("t1")).with_parent(&p1)),
            &names(&["t2"]),
            "SELECT tag.name FROM tag WHERE EXISTS (SELECT 1 FROM post_tags WHERE tag.id = post_tags.tag_id AND post_tags.post_id = ?) AND tag.name != ?",
        )
        .await;
        check(
            db,
            select(User::name).filter(Address::user.with_parent(&a1)),
            &names(&["alice"]),
            "SELECT user_account.name FROM user_account WHERE user_account.id = ?",
        )
        .await;

        // What has no key is nobody's, and nobody is what it has.
        check(
            db,
            select(User::name).filter(User::addresses.contains(&lost)),
            &[],
            "SELECT user_account.name FROM user_account WHERE 0 = 1",
        )
        .await;
        check(
            db,
            select(User::name).filter(Address::user.with_parent(&lost)),
            &[],
            "SELECT user_account.name FROM user_account WHERE 0 = 1",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn composite_keys() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let first = session.get(Purchase, ("a".to_owned(), 1)).await.unwrap().unwrap();
        let first = session.detach(first);
        let pen = session.get(Line, ("a".to_owned(), 1, 1)).await.unwrap().unwrap();
        let pen = session.detach(pen);
        check(
            db,
            select((Purchase::shop, Purchase::number)).filter(Purchase::lines.any(Line::item.eq("pen"))),
            &[("a".to_owned(), 1)],
            "SELECT purchase.shop, purchase.number FROM purchase WHERE EXISTS (SELECT 1 FROM line WHERE purchase.shop = line.shop AND purchase.number = line.number AND line.item = ?)",
        )
        .await;
        check(
            db,
            select(Line::item).filter(Line::purchase.is(&first)).order_by(Line::position),
            &["pen".to_owned(), "ink".to_owned()],
            "SELECT line.item FROM line WHERE line.shop = ? AND line.number = ? ORDER BY line.position",
        )
        .await;
        check(
            db,
            select((Line::number, Line::item)).filter(Line::purchase.is_not(&first)),
            &[(2, "ink".to_owned())],
            "SELECT line.number, line.item FROM line WHERE line.shop != ? OR line.shop IS NULL OR line.number != ? OR line.number IS NULL",
        )
        .await;
        check(
            db,
            select(Line::item).filter(Line::purchase.is_key(("a".to_owned(), 2))),
            &["ink".to_owned()],
            "SELECT line.item FROM line WHERE line.shop = ? AND line.number = ?",
        )
        .await;
        check(
            db,
            select((Purchase::shop, Purchase::number)).filter(Purchase::lines.contains(&pen)),
            &[("a".to_owned(), 1)],
            "SELECT purchase.shop, purchase.number FROM purchase WHERE purchase.shop = ? AND purchase.number = ?",
        )
        .await;
        check(
            db,
            select((Purchase::shop, Purchase::number))
                .filter(Purchase::lines.contains_key(("a".to_owned(), 1, 2))),
            &[("a".to_owned(), 1)],
            "SELECT purchase.shop, purchase.number FROM purchase WHERE EXISTS (SELECT 1 FROM line WHERE purchase.shop = line.shop AND purchase.number = line.number AND line.shop = ? AND line.number = ? AND line.position = ?)",
        )
        .await;
        check(
            db,
            select(Line::item).filter(Purchase::lines.with_parent(&first)).order_by(Line::position),
            &["pen".to_owned(), "ink".to_owned()],
            "SELECT line.item FROM line WHERE line.shop = ? AND line.number = ? ORDER BY line.position",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_link_to_its_own_struct() {
    on_each(async |db| {
        metadata![Person, Friendship].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        for name in ["ann", "bob", "cat"] {
            session.add(Person { name: name.into(), ..default() });
            session.flush().await.unwrap();
        }
        session.add_all([Friendship { one: 1, other: 2 }, Friendship { one: 2, other: 3 }]);
        session.commit().await.unwrap();
        let bob = session.get(Person, 2).await.unwrap().unwrap();
        let bob = session.detach(bob);
        check(
            db,
            select(Person::name).filter(Person::friends.any(Person::friends.any(Person::name.eq("cat")))),
            &["ann".to_owned()],
            "SELECT person.name FROM person WHERE EXISTS (SELECT 1 FROM person AS person_2, friendship WHERE person.id = friendship.one AND person_2.id = friendship.other AND EXISTS (SELECT 1 FROM person AS person_1, friendship WHERE person_2.id = friendship.one AND person_1.id = friendship.other AND person_1.name = ?))",
        )
        .await;
        check(
            db,
            select(Person::name).filter(Person::friends.contains(&bob)),
            &["ann".to_owned()],
            "SELECT person.name FROM person WHERE EXISTS (SELECT 1 FROM friendship WHERE person.id = friendship.one AND friendship.other = ?)",
        )
        .await;
        check(
            db,
            select(Person::name).filter(with_parent(&bob, Person::friends)),
            &["cat".to_owned()],
            "SELECT person.name FROM person WHERE EXISTS (SELECT 1 FROM friendship WHERE person.id = friendship.other AND friendship.one = ?)",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_object_without_a_key_is_nobodys() {
    on_each(async |db| {
        metadata![Chest, Item].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        session.add(Chest { name: "full".into(), items: many![Item::default()], ..default() });
        session.flush().await.unwrap();
        session.add(Item::default());
        session.commit().await.unwrap();
        let ids = || select(Item::id).order_by(Item::id);
        let new = Chest::default();
        check(db, ids().filter(Item::chest.is(&new)), &[], "SELECT item.id FROM item WHERE 0 = 1 ORDER BY item.id")
            .await;
        check(
            db,
            ids().filter(Item::chest.is_not(&new)),
            &[1, 2],
            "SELECT item.id FROM item WHERE 1 = 1 ORDER BY item.id",
        )
        .await;
        check(db, ids().filter(new_items(&new)), &[], "SELECT item.id FROM item WHERE 0 = 1 ORDER BY item.id").await;
        check(
            db,
            select(Chest::name).filter(!Chest::items.contains(&Item::default())),
            &["full".to_owned()],
            "SELECT chest.name FROM chest WHERE 1 = 1",
        )
        .await;
        check(
            db,
            ids().filter(Item::chest.filter(Chest::name.eq("full")).is_not(&new)),
            &[1, 2],
            "SELECT item.id FROM item WHERE 1 = 1 ORDER BY item.id",
        )
        .await;
        // A key that no object has.
        check(
            db,
            select(Chest::name).filter(Chest::items.contains_key(9)),
            &[],
            "SELECT chest.name FROM chest WHERE EXISTS (SELECT 1 FROM item WHERE chest.id = item.chest_id AND item.id = ?)",
        )
        .await;
    })
    .await;
}

fn new_items(chest: &Chest) -> orm::Expr<Option<bool>, Item> {
    Chest::items.with_parent(chest)
}
