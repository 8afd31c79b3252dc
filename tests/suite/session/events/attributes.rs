//! Attributes: relationships told when they are edited or found assigned, columns told by the flush.

use super::*;

/// Listeners of the relationships of users, profiles, posts and tags.
fn relationships(log: &Log) -> SessionEvents {
    let name = |session: &Session, user: Option<Handle<User>>| {
        user.map_or("nobody".to_owned(), |user| session[user].name.clone())
    };
    let old = |old: Option<String>| old.unwrap_or("unknown".to_owned());
    let (a, b, c, d, e) = (log.clone(), log.clone(), log.clone(), log.clone(), log.clone());
    let (f, g, h, i) = (log.clone(), log.clone(), log.clone(), log.clone());
    SessionEvents::new()
        .on_append(User::addresses, move |s, user, address| {
            a.push(format!("{} gets {}", s[user].name, s[address].email));
        })
        .on_remove(User::addresses, move |s, user, address| {
            b.push(format!("{} loses {}", s[user].name, s[address].email));
        })
        .on_set(Address::user, move |s, address, change| {
            let (was, is) = (old(change.old.map(|user| name(s, user))), name(s, change.new));
            c.push(format!("{}: {was} -> {is}", s[address].email));
        })
        .on_set(User::profile, move |s, user, change| {
            let bio =
                |profile: Option<Handle<Profile>>| profile.map_or("none", |p| s[p].bio.as_str()).to_owned();
            d.push(format!("{}: {} -> {}", s[user].name, old(change.old.map(bio)), bio(change.new)));
        })
        .on_set(Profile::user, move |s, profile, change| {
            let (was, is) = (old(change.old.map(|user| name(s, user))), name(s, change.new));
            e.push(format!("{}: {was} -> {is}", s[profile].bio));
        })
        .on_append(Post::tags, move |s, post, tag| f.push(format!("{} +{}", s[post].title, s[tag].name)))
        .on_remove(Post::tags, move |s, post, tag| g.push(format!("{} -{}", s[post].title, s[tag].name)))
        .on_append(Tag::posts, move |s, tag, post| h.push(format!("{} +{}", s[tag].name, s[post].title)))
        .on_remove(Tag::posts, move |s, tag, post| i.push(format!("{} -{}", s[tag].name, s[post].title)))
}

#[tokio::test]
async fn both_sides_of_an_edit_are_told() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let mut session = listening(db, relationships(&log));

        // A tree that moves in.
        let sandy = session.add(User { addresses: many![address("a")], ..user("sandy") });
        assert_eq!(log.take(), ["sandy gets a", "a: unknown -> sandy"]);
        let gary = session.add(user("gary"));
        let b = session.append(sandy, User::addresses, address("b"));
        assert_eq!(log.take(), ["sandy gets b", "b: unknown -> sandy"]);
        // From the other side, with the loss of the former parent.
        session.set(b, Address::user, gary);
        assert_eq!(log.take(), ["sandy loses b", "b: sandy -> gary", "gary gets b"]);
        session.append(sandy, User::addresses, b);
        assert_eq!(log.take(), ["gary loses b", "sandy gets b", "b: gary -> sandy"]);
        // What is so already is not told again.
        session.append(sandy, User::addresses, b);
        session.set(b, Address::user, sandy);
        assert_eq!(log.take(), Vec::<String>::new());
        session.remove(sandy, User::addresses, b);
        assert_eq!(log.take(), ["sandy loses b", "b: sandy -> nobody"]);
        session.set(b, Address::user, Some(gary));
        session.set(b, Address::user, None);
        assert_eq!(log.take(), ["b: nobody -> gary", "gary gets b", "b: gary -> nobody", "gary loses b"]);
        // The flush has nothing to add.
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn one_to_one_and_many_to_many_are_told() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let mut session = listening(db, relationships(&log));
        let (sandy, gary) = (session.add(user("sandy")), session.add(user("gary")));
        session.set(sandy, User::profile, Profile { bio: "scientist".into(), ..default() });
        assert_eq!(log.take(), ["sandy: none -> scientist", "scientist: unknown -> sandy"]);
        session.commit().await.unwrap();
        let profile = session.view(sandy).get(User::profile).unwrap().unwrap().handle();
        session.set(profile, Profile::user, gary);
        assert_eq!(
            log.take(),
            ["sandy: scientist -> none", "scientist: sandy -> gary", "gary: none -> scientist"]
        );

        let blog = session.add(Blog { title: "blog".into(), ..default() });
        let post = session.append(blog, Blog::posts, Post { title: "post".into(), ..default() });
        let tag = session.append(post, Post::tags, Tag { name: "tag".into(), ..default() });
        assert_eq!(log.take(), ["post +tag", "tag +post"]);
        session.commit().await.unwrap();
        session.remove(tag, Tag::posts, post);
        assert_eq!(log.take(), ["tag -post", "post -tag"]);
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn edits_of_what_is_not_loaded_are_told() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { addresses: many![address("a")], ..user("sandy") });
        session.add(user("gary"));
        session.commit().await.unwrap();

        let log = Log::default();
        let mut session = listening(db, relationships(&log));
        let (sandy, gary) =
            (session.get_one(User, 1).await.unwrap(), session.get_one(User, 2).await.unwrap());
        let a = session.get_one(Address, 1).await.unwrap();
        session.append(gary, User::addresses, a);
        assert_eq!(log.take(), ["sandy loses a", "gary gets a", "a: sandy -> gary"]);
        // Loading what was edited is not an edit.
        session.load(gary, User::addresses).await.unwrap();
        session.load(sandy, User::addresses).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());

        // Nor is a deletion, which takes objects out of what leads to them.
        session.delete(gary);
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_assigned_is_told_by_the_flush_that_finds_it() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let mut session = listening(db, relationships(&log));
        let sandy = session.add(User { addresses: many![address("a")], ..user("sandy") });
        session.commit().await.unwrap();
        log.take();

        session[sandy].addresses = many![address("b"), address("c")];
        assert_eq!(log.take(), Vec::<String>::new());
        session.commit().await.unwrap();
        let told = [
            "sandy loses a",
            "a: sandy -> nobody",
            "sandy gets b",
            "b: unknown -> sandy",
            "sandy gets c",
            "c: unknown -> sandy",
        ];
        assert_eq!(log.take(), told);
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());

        drop(session);

        // Over a collection that is not loaded, once the flush knows what is in it.
        let mut session = listening(db, relationships(&log));
        let sandy = session.get_one(User, 1).await.unwrap();
        session[sandy].addresses = many![address("d")];
        session.commit().await.unwrap();
        let mut told = log.take();
        told.sort();
        let lost = ["b: sandy -> nobody", "c: sandy -> nobody", "d: unknown -> sandy"];
        assert_eq!(told, [&lost[..], &["sandy gets d", "sandy loses b", "sandy loses c"]].concat());

        // A key that was set by hand: the relationship follows.
        let d = session.one(select(Address).filter(Address::email.eq("d"))).await.unwrap();
        let gary = session.add(user("gary"));
        session.commit().await.unwrap();
        log.take();
        let id = session[gary].id;
        session[d].user_id = Some(id);
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["sandy loses d", "d: sandy -> gary", "gary gets d"]);
    })
    .await;
}

#[tokio::test]
async fn columns_are_told_once_by_the_flush() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let (a, b) = (log.clone(), log.clone());
        let events = SessionEvents::new()
            .on_set(User::name, move |_, _, change| a.push(format!("name {:?} {:?}", change.old, change.new)))
            .on_set(User::id, move |_, _, change| b.push(format!("id {:?} {:?}", change.old, change.new)));
        let mut session = listening(db, events);
        let sandy = session.add(user("sandy"));
        let gary = session.add(User { id: 7, ..user("gary") });
        session.commit().await.unwrap();
        let mut told = log.take();
        told.sort();
        assert_eq!(told, ["id None 7", "name None \"gary\"", "name None \"sandy\""]);

        session[sandy].name = "x".into();
        session[sandy].name = "y".into();
        session[gary].fullname = Some("Gary".into());
        session.flush().await.unwrap();
        assert_eq!(log.take(), ["name Some(\"sandy\") \"y\""]);
        // Told of a value that a rollback takes back, and then again.
        session.rollback().await.unwrap();
        session[sandy].name = "y".into();
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["name Some(\"sandy\") \"y\""]);
        // What was set and set back is no change, and what is deleted is not written.
        session[sandy].name = "z".into();
        session[sandy].name = "y".into();
        session[gary].name = "z".into();
        session.delete(gary);
        session.commit().await.unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_listener_may_edit_and_is_told_of_that_too() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let (a, b, c) = (log.clone(), log.clone(), log.clone());
        let events = SessionEvents::new()
            // A name is kept without spaces, and makes the full name.
            .on_set(User::name, move |session, user, Change { new, .. }| {
                a.push(format!("name {new}"));
                session[user].name = new.trim().to_owned();
                session[user].fullname = Some(new.trim().to_uppercase());
            })
            .on_set(User::fullname, move |_, _, change| b.push(format!("fullname {:?}", change.new)))
            // Whoever gets an address gets a second one.
            .on_append(User::addresses, move |session, user, given| {
                c.push(format!("append {}", session[given].email));
                if session[given].email == "first" {
                    session.append(user, User::addresses, address("second"));
                    c.push("edited");
                }
            });
        let mut session = listening(db, events);
        let sandy = session.add(user(" sandy "));
        session.append(sandy, User::addresses, address("first"));
        // No listener is called inside another one.
        assert_eq!(log.take(), ["append first", "edited", "append second"]);
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["name  sandy ", "fullname Some(\"SANDY\")"]);
        assert_eq!(rows(&db.engine, "user_account", "name, fullname").await, ["sandy|SANDY"]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["first|1", "second|1"]);
    })
    .await;
}

#[tokio::test]
async fn listeners_that_never_end_are_stopped() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let events = SessionEvents::new().on_set(User::name, |session, _, _| {
            session.add(user("one more"));
        });
        let mut session = listening(db, events);
        session.add(user("first"));
        let error = session.commit().await.unwrap_err();
        let endless = "listeners of attributes have changed others 100 times in one flush";
        assert_eq!(error.to_string(), endless);
        session.rollback().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_panic_leaves_the_rest_to_be_told() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let log = Log::default();
        let told = log.clone();
        let events = SessionEvents::new()
            .on_append(User::addresses, |_, _, _| panic!("listener"))
            .on_set(Address::user, move |session, address, _| told.push(&*session[address].email));
        let mut session = listening(db, events);
        let sandy = session.add(user("sandy"));
        let append = std::panic::AssertUnwindSafe(|| session.append(sandy, User::addresses, address("a")));
        assert!(std::panic::catch_unwind(append).is_err());
        session.commit().await.unwrap();
        assert_eq!(log.take(), ["a"]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|1"]);
    })
    .await;
}
