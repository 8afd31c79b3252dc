//! What is absent is never written.

use orm::prelude::*;
use orm::undefer;

use super::models::*;
use crate::databases::on_each;
use crate::support::Statements;

#[tokio::test]
async fn an_insert_leaves_it_out_and_an_update_leaves_it_alone() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let poor = session.add(Account::new("p", 0));
        session.flush().await.unwrap();
        let inserted = sent.taken("INSERT");
        assert!(inserted[0].starts_with("INSERT INTO account (owner, cents) VALUES (?, ?)"), "{inserted:?}");
        assert_eq!(session[poor].notes, Deferred::Absent);
        session.load_columns(poor, Account::notes).await.unwrap();
        assert_eq!(session[poor].notes.get(), Some(&None));

        let rich = session.get_one(Account, 1).await.unwrap();
        session[rich].cents += 1;
        session.commit().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), ["UPDATE account SET cents = ? WHERE account.id = ?"]);
        // Set without having been read, or taken away: the first is a change.
        session[rich].notes = Some("new".to_owned()).into();
        session[rich].owner = Deferred::Absent;
        assert!(session.is_modified(rich));
        let notes = session.history(rich, Account::notes);
        assert_eq!((notes.added, notes.deleted), (vec![Some("new".to_owned())], vec![]));
        assert!(!session.history(rich, Account::owner).has_changes());
        session.commit().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), ["UPDATE account SET notes = ? WHERE account.id = ?"]);
        let mut session = Session::new(&db.engine);
        let rich = session.get_one(Account, 1).options(undefer(Account::notes)).await.unwrap();
        let expected = (Some("o".to_owned()), Some("new".to_owned()));
        let rich = &session[rich];
        assert_eq!((rich.owner.get().cloned(), rich.notes.get().cloned().unwrap()), expected);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_taken_away_is_no_change() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let account = session.get_one(Account, 1).await.unwrap();
        session[account].owner = Deferred::Absent;
        assert!(!session.is_modified(account));
        let sent = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_brings_back_what_was_there() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let account = session.get_one(Account, 1).await.unwrap();
        session[account].cents = 7;
        session.flush().await.unwrap();
        session.load_columns(account, Account::notes).await.unwrap();
        session[account].notes = Some("new".to_owned()).into();
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!((session[account].cents, &session[account].notes), (150, &Deferred::Absent));
        // The expression of an UPDATE, and its condition, over what nobody has read.
        session
            .execute(update(Account).set(Account::cents, 9).filter(Account::notes.eq("long")))
            .await
            .unwrap();
        session.refresh(account).await.unwrap();
        assert_eq!(session[account].cents, 9);
        session.execute(update(Account).set(Account::notes, "set").all_rows()).await.unwrap();
        session.load_columns(account, Account::notes).await.unwrap();
        assert_eq!(session[account].notes.get(), Some(&Some("set".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn merge_and_detach_leave_it_as_it_is() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let given = Account { id: 1, cents: 3, owner: "q".to_owned().into(), ..Account::default() };
        let account = session.merge(given).await.unwrap();
        let sent = Statements::record();
        session.commit().await.unwrap();
        let updated = sent.taken("UPDATE");
        assert_eq!(updated, ["UPDATE account SET owner = ?, cents = ? WHERE account.id = ?"]);
        let copy = session.detach(account);
        assert_eq!((copy.notes, copy.cents), (Deferred::Absent, 3));
        let notes = db.engine.one(select(Account::notes)).await.unwrap();
        assert_eq!(notes, Some("long".to_owned()));
    })
    .await;
}

/// Several structs in one INSERT: those without a value get NULL.
#[tokio::test]
async fn bulk_inserts_take_some_with_and_some_without() {
    on_each(async |db| {
        seed(&db.engine).await;
        let with = Account { notes: Some("n".to_owned()).into(), ..Account::new("a", 1) };
        db.engine.execute(insert(Account).values([with, Account::new("b", 2)])).await.unwrap();
        let notes = db.engine.all(select(Account::notes).order_by(Account::id)).await.unwrap();
        assert_eq!(notes, [Some("long".to_owned()), Some("n".to_owned()), None]);
    })
    .await;
}

#[test]
fn in_json_it_is_null() {
    #[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
    struct Json {
        notes: Deferred<String>,
    }
    let (absent, there) = (Json { notes: Deferred::Absent }, Json { notes: "n".to_owned().into() });
    for (value, text) in [(absent, r#"{"notes":null}"#), (there, r#"{"notes":"n"}"#)] {
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
        assert_eq!(serde_json::from_str::<Json>(text).unwrap(), value);
    }
    assert_eq!(format!("{:?} {:?}", Deferred::<i64>::Absent, Deferred::from(5)), "absent 5");
}
