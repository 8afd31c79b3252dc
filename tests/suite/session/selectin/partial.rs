//! Some of the targets: by a condition, or the first of each parent.

use super::*;

#[tokio::test]
async fn a_condition_and_an_order() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let option = || selectin(Blog::posts).filter(Post::title.ne("p42")).order_by(Post::title.desc());
        let query = || select(Blog).order_by(Blog::id);
        let blogs = session.all(query().options(option())).await.unwrap();
        let sql = format!(
            "SELECT {POST} FROM post WHERE {} AND post.title != ? ORDER BY post.title DESC",
            within(db, "post.blog_id", 4)
        );
        assert_eq!(sent.taken("SELECT")[1..], [sql]);
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21", "b3: p32 p31", "b4: p43 p41"]);

        // The relationship itself may have the condition; both are said together.
        let named = selectin(Blog::posts.filter(Post::title.ne("p42"))).filter(Post::title.ne("p21"));
        let blogs = session.all(query().options(named)).await.unwrap();
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: ", "b3: p31 p32", "b4: p41 p43"]);
        sent.take();

        // All of it is wanted now, and nothing is read again afterwards.
        session.all(query().options(selectin(Blog::posts))).await.unwrap();
        assert_eq!(posts(&session, &blogs), ALL);
        assert_eq!(sent.taken("SELECT").len(), 2);
        session.all(query().options(selectin(Blog::posts))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        // A part again, of what is loaded.
        session.all(query().options(option())).await.unwrap();
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21", "b3: p32 p31", "b4: p43 p41"]);
    })
    .await;
}

#[tokio::test]
async fn an_alias_names_the_targets() {
    on_each(async |db| {
        seed(db).await;
        orm::alias!(Entry = Post);
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let option = selectin(Blog::posts.to(Entry)).filter(Post::title.of(Entry).ne("p31")).limit(1);
        let blogs = session.all(select(Blog).order_by(Blog::id).options(option)).await.unwrap();
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21", "b3: p32", "b4: p41"]);
        assert!(sent.taken("SELECT")[1].contains("FROM post AS "));
    })
    .await;
}

#[tokio::test]
async fn the_first_of_each_parent() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let query = || select(Blog).order_by(Blog::id);
        let option = selectin(Blog::posts).filter(Post::title.ne("p41")).limit(2);
        let blogs = session.all(query().options(option)).await.unwrap();
        let sql = format!(
            "SELECT anon_1.id, anon_1.title, anon_1.blog_id FROM (SELECT {POST}, row_number() OVER (PARTITION BY \
             post.blog_id ORDER BY post.id) AS place FROM post WHERE {} AND post.title != ?) AS anon_1 \
             WHERE anon_1.place <= ? ORDER BY anon_1.place",
            within(db, "post.blog_id", 4)
        );
        assert_eq!(sent.taken("SELECT")[1..], [sql]);
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21", "b3: p31 p32", "b4: p42 p43"]);
        // Another order, and another part.
        for (option, expected) in [
            (selectin(Blog::posts).order_by(Post::id.desc()).limit(1), ["b1: ", "b2: p21", "b3: p32", "b4: p43"]),
            (selectin(Blog::posts).limit(1).offset(1), ["b1: ", "b2: ", "b3: p32", "b4: p42"]),
            (selectin(Blog::posts).offset(1), ["b1: ", "b2: ", "b3: p32", "b4: p42 p43"]),
            (selectin(Blog::posts).limit(0), ["b1: ", "b2: ", "b3: ", "b4: "]),
            (subquery(Blog::posts).limit(1), ["b1: ", "b2: p21", "b3: p31", "b4: p41"]),
            (selectin(Blog::posts).offset(0), ALL),
        ] {
            let blogs = session.all(query().options(option)).await.unwrap();
            assert_eq!(posts(&session, &blogs), expected);
        }
        // Conditions on the entity are inside.
        let option = selectin(Blog::posts).order_by(Post::id.desc()).limit(1);
        let hidden = with_criteria(Post, Post::title.ne("p43"));
        let blogs = session.all(query().options((option, hidden))).await.unwrap();
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21", "b3: p32", "b4: p42"]);
        // Owned trees come from the same code.
        let option = selectin(Blog::posts).limit(1).then(selectin(Post::comments).order_by(Comment::id.desc()).limit(1));
        let blogs = db.engine.all(query().offset(3).limit(1).options(option)).await.unwrap();
        let post = &blogs[0].posts.loaded().unwrap()[0];
        let comments: Vec<&str> = post.comments.loaded().unwrap().iter().map(|c| c.body.as_str()).collect();
        assert_eq!((post.title.as_str(), comments), ("p41", vec!["c1"]));
    })
    .await;
}

#[tokio::test]
async fn the_first_of_each_parent_through_a_link_table_and_by_keys_of_several_columns() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let option = selectin(Post::tags).order_by(Tag::name.desc()).limit(2);
        let found = session.all(select(Post).order_by(Post::id).options(option)).await.unwrap();
        let sql = format!(
            "SELECT anon_1.post_id, anon_1.id, anon_1.name FROM (SELECT post_tags_1.post_id, tag.id, tag.name, \
             row_number() OVER (PARTITION BY post_tags_1.post_id ORDER BY tag.name DESC) AS place FROM post_tags \
             AS post_tags_1 JOIN tag ON tag.id = post_tags_1.tag_id WHERE {}) AS anon_1 WHERE anon_1.place <= ? \
             ORDER BY anon_1.place",
            within(db, "post_tags_1.post_id", 6)
        );
        assert_eq!(sent.taken("SELECT")[1..], [sql]);
        let expected = ["p21: t1", "p31: t1", "p32: t2 t1", "p41: t1", "p42: t2 t1", "p43: t3 t2"];
        assert_eq!(tags(&session, &found), expected);
        let option = selectin(Post::tags).filter(Tag::name.ne("t1"));
        let found = session.all(select(Post).order_by(Post::id).options(option)).await.unwrap();
        assert_eq!(tags(&session, &found), ["p21: ", "p31: ", "p32: t2", "p41: ", "p42: t2", "p43: t2 t3"]);

        for number in 1..=2 {
            let line = |position| Line { position, item: format!("i{number}{position}"), ..default() };
            session.add(Purchase { shop: "s".into(), number, lines: vec![line(1), line(2), line(3)].into() });
        }
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let option = selectin(Purchase::lines).order_by(Line::position.desc()).limit(2);
        let purchases = session.all(select(Purchase).order_by(Purchase::number).options(option)).await.unwrap();
        let items: Vec<Vec<String>> = session
            .views(&purchases)
            .map(|p| p.get(Purchase::lines).unwrap().map(|line| line.item.clone()).collect())
            .collect();
        assert_eq!(items, [["i13", "i12"], ["i23", "i22"]]);
    })
    .await;
}

#[tokio::test]
async fn a_part_of_a_to_one() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        for name in ["ann", "bob"] {
            let user = session.add(User { name: name.into(), ..default() });
            session.append(user, User::addresses, Address { email: format!("{name}@x"), ..default() });
            session.set(user, User::profile, Profile { bio: name.into(), ..default() });
        }
        session.add(Address { email: "nobody@x".into(), ..default() });
        session.commit().await.unwrap();

        let mut session = Session::new(&db.engine);
        session.all(select(User)).await.unwrap();
        let names = |session: &Session, addresses: &[Handle<Address>]| -> Vec<Option<String>> {
            session.views(addresses).map(|a| a.get(Address::user).unwrap().map(|u| u.name.clone())).collect()
        };
        let query = || select(Address).order_by(Address::id);
        for option in [selectin(Address::user), subquery(Address::user)] {
            let sent = Statements::record();
            let option = option.filter(User::name.ne("ann"));
            let addresses = session.all(query().options(option)).await.unwrap();
            assert_eq!(sent.taken("SELECT").len(), 2, "the condition is the database's to judge");
            assert_eq!(names(&session, &addresses), [None, Some("bob".to_owned()), None]);
            session.load_many(&addresses, Address::user).await.unwrap();
            assert_eq!(sent.take(), [""; 0], "without it the identity map tells");
            assert_eq!(names(&session, &addresses), [Some("ann".to_owned()), Some("bob".to_owned()), None]);
        }
        let none = selectin(Address::user).offset(1);
        let addresses = session.all(query().options(none)).await.unwrap();
        assert_eq!(names(&session, &addresses), [None, None, None]);

        let bios = |session: &Session, users: &[Handle<User>]| -> Vec<Option<String>> {
            session.views(users).map(|u| u.get(User::profile).unwrap().map(|p| p.bio.clone())).collect()
        };
        let option = selectin(User::profile).filter(Profile::bio.ne("bob")).limit(1);
        let users = session.all(select(User).order_by(User::id).options(option)).await.unwrap();
        assert_eq!(bios(&session, &users), [Some("ann".to_owned()), None]);
    })
    .await;
}

#[tokio::test]
async fn edits_that_are_not_written_stay() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let query = || select(Blog).order_by(Blog::id);
        let blogs = session.all(query().options(selectin(Blog::posts))).await.unwrap();
        {
            let mut session = session.no_autoflush();
            session.append(blogs[1], Blog::posts, Post { title: "new".into(), ..default() });
            let option = selectin(Blog::posts).limit(1);
            session.all(query().options(option)).await.unwrap();
            assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21 new", "b3: p31", "b4: p41"]);

            // A member of a part, and one that is taken out: both are so when all of it is read.
            session.append(blogs[3], Blog::posts, Post { title: "more".into(), ..default() });
            let first = session.view(blogs[3]).get(Blog::posts).unwrap().next().unwrap().handle();
            session.remove(blogs[3], Blog::posts, first);
            session.all(query().options(selectin(Blog::posts))).await.unwrap();
            assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21 new", "b3: p31 p32", "b4: p42 p43 more"]);
        }
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let blogs = session.all(query().options(selectin(Blog::posts))).await.unwrap();
        assert_eq!(posts(&session, &blogs), ["b1: ", "b2: p21 new", "b3: p31 p32", "b4: p42 p43 more"]);
    })
    .await;
}
