//! Foreign keys that are changed: what depends on them is unloaded.

use orm::Error;
use orm::prelude::*;

use super::changed::alice_and_bob;
use crate::databases::on_each;
use crate::models::{self, *};

#[tokio::test]
async fn a_child_that_moves_unloads_both_sides() {
    on_each(async |db| {
        let (mut session, [alice, bob]) = alice_and_bob(db).await;
        let carol = session.add(User { name: "carol".into(), ..default() });
        let address = session.add(Address { email: "a@x".into(), user_id: Some(1), ..default() });
        session.commit().await.unwrap();
        session.load_many(&[alice, bob, carol], User::addresses).await.unwrap();
        session.load(address, Address::user).await.unwrap();

        session
            .execute(update(Address).set(Address::user_id, 2).filter(Address::user_id.eq(1)))
            .await
            .unwrap();
        assert_eq!(session[address].user_id, Some(2));
        let is_loaded =
            |session: &Session, user: Handle<User>| session.view(user).get(User::addresses).is_ok();
        assert!(!is_loaded(&session, alice) && !is_loaded(&session, bob));
        assert!(is_loaded(&session, carol), "it lost nothing and got nothing");
        assert!(matches!(session.view(address).get(Address::user), Err(Error::NotLoaded { .. })));
        session.load_many(&[alice, bob], User::addresses).await.unwrap();
        let count =
            |session: &Session, user: Handle<User>| session.view(user).get(User::addresses).unwrap().len();
        assert_eq!((count(&session, alice), count(&session, bob)), (0, 1));

        session.rollback().await.unwrap();
        assert_eq!(session[address].user_id, Some(1));
        assert_eq!((count(&session, alice), count(&session, bob)), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn another_column_unloads_nothing() {
    on_each(async |db| {
        let (mut session, [alice, _]) = alice_and_bob(db).await;
        session.add(Address { email: "a@x".into(), user_id: Some(1), ..default() });
        session.load(alice, User::addresses).await.unwrap();
        session.execute(update(Address).set(Address::email, "b@x").filter(Address::id.eq(1))).await.unwrap();
        let view = session.view(alice);
        let emails: Vec<_> = view.get(User::addresses).unwrap().map(|a| a.value().email.clone()).collect();
        assert_eq!(emails, ["b@x"]);
    })
    .await;
}

#[tokio::test]
async fn link_rows_that_are_deleted_unload_what_they_linked() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let post =
            Post { title: "p".into(), tags: many![Tag { name: "t".into(), ..default() }], ..default() };
        let blog = session.add(Blog { title: "b".into(), posts: many![post], ..default() });
        session.commit().await.unwrap();
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        assert_eq!(session.view(post).get(Post::tags).unwrap().len(), 1);
        session.all(select(PostTag)).await.unwrap();
        session.execute(delete(PostTag).all_rows()).await.unwrap();
        assert!(session.view(post).get(Post::tags).is_err());
        session.load(post, Post::tags).await.unwrap();
        assert_eq!(session.view(post).get(Post::tags).unwrap().len(), 0);
        session.rollback().await.unwrap();
        assert_eq!(session.view(post).get(Post::tags).unwrap().len(), 1);
    })
    .await;
}
