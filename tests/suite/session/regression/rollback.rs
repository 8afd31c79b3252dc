//! What a rollback brings back.

use orm::prelude::*;

use super::{address, emails, user};
use crate::databases::{on_each, rows};
use crate::models::{self, *};

#[tokio::test]
async fn what_is_loaded_after_a_write_is_not_loaded_after_a_rollback() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { addresses: many![address("a")], ..user("one") });
        session.add(user("two"));
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let (one, two) = (other.get_one(User, 1).await.unwrap(), other.get_one(User, 2).await.unwrap());
        let a = other.get_one(Address, 1).await.unwrap();
        other.set(a, Address::user, two);
        other.load_many(&[one, two], User::addresses).await.unwrap();
        assert_eq!((emails(&other, one), emails(&other, two)), (vec![], vec!["a".to_owned()]));
        other.rollback().await.unwrap();
        assert!(matches!(other.view(one).get(User::addresses), Err(orm::Error::NotLoaded { .. })));
        other.load_many(&[one, two], User::addresses).await.unwrap();
        assert_eq!((emails(&other, one), emails(&other, two)), (vec!["a".to_owned()], vec![]));
    })
    .await;
}

#[tokio::test]
async fn links_that_were_kept_over_a_rollback_lead_nowhere() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let one = session.add(user("one"));
        session.commit().await.unwrap();
        session.append(one, User::addresses, address("lost"));
        let kept = session[one].addresses.clone();
        session.rollback().await.unwrap();
        session[one].addresses = kept.clone();
        let two = session.add(User { addresses: kept, ..user("two") });
        session.commit().await.unwrap();
        assert_eq!((emails(&session, one), emails(&session, two)), (vec![], vec![]));
        // And taken out, a field is not loaded; nothing is lost.
        let a = session.append(one, User::addresses, address("a"));
        session.commit().await.unwrap();
        drop(std::mem::take(&mut session[one].addresses));
        session.commit().await.unwrap();
        assert!(session.view(one).get(User::addresses).is_err());
        assert_eq!(session[a].user_id, Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_that_its_transaction_has_ended_says_so() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(user("u"));
        let mut savepoint = session.nested().await.unwrap();
        savepoint.add(user("v"));
        let whole: &mut Session = &mut savepoint;
        whole.commit().await.unwrap();
        let error = savepoint.commit().await.unwrap_err();
        assert_eq!(error.to_string(), "this savepoint ended with the session's transaction");
        session.add(user("w"));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["u", "v", "w"]);
    })
    .await;
}

#[tokio::test]
async fn refresh_drops_what_was_changed_and_a_rollback_brings_back_what_was_before() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let u = session.add(User { addresses: many![address("a")], ..user("old") });
        session.commit().await.unwrap();
        session[u].name = "changed".into();
        session.set_autoflush(false);
        session.execute(update(User).set(User::name, "by statement").all_rows()).await.unwrap();
        session.refresh(u).await.unwrap();
        assert_eq!(session[u].name, "by statement");
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!((session[u].name.as_str(), emails(&session, u)), ("old", vec!["a".to_owned()]));
    })
    .await;
}
