//! Sessions that are set up alike.

use orm::prelude::*;
use orm::{Error, SessionError, TransactionOptions};

use crate::databases::{on_each, on_each_with, rows};
use crate::models::{self, *};
use crate::support::Statements;

#[tokio::test]
async fn sessions_are_made_as_they_are_set_up() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let maker = SessionMaker::new(&db.engine).autoflush(false);
        let mut session = maker.session();
        session.add(User { name: "pending".into(), ..default() });
        assert_eq!(session.one(select(count(User))).await.unwrap(), 0);
        session.set_autoflush(true);
        assert_eq!(session.one(select(count(User))).await.unwrap(), 1);
        drop(session);
        let id = maker
            .transaction(async |mut session| {
                let user = session.add(User { name: "kept".into(), ..default() });
                session.flush().await?;
                Ok(session[user].id)
            })
            .await
            .unwrap();
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, [format!("{id}|kept")]);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_may_only_read_tells_what_it_would_write() {
    on_each_with(
        |features| features.read_only_transactions,
        "transactions that may only read",
        async |db| {
            models::create(&db.engine).await;
            let options = TransactionOptions::new().read_only(true);
            let mut session = SessionMaker::new(&db.engine).transaction_options(options).session();
            assert_eq!(session.one(select(count(User))).await.unwrap(), 0);
            session.add(User { name: "a".into(), ..default() });
            let sent = Statements::record();
            let error = session.flush().await.unwrap_err();
            let Error::Session(SessionError::ReadOnly { step }) = &error else { panic!("{error}") };
            assert_eq!(step, "INSERT user_account (name, fullname) × 1");
            assert_eq!(sent.take(), [""; 0]);
            session.rollback().await.unwrap();
            assert_eq!(session.one(select(count(User))).await.unwrap(), 0);
            let error = session.execute(text("DELETE FROM user_account")).await.unwrap_err();
            assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
        },
    )
    .await;
}
