//! A session goes to another task, and so does every future over one.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn rename(engine: Engine) -> orm::Result<()> {
    let mut session = Session::new(&engine);
    let user =
        session.one(select(User).filter(User::name.eq("sandy")).options(selectin(User::addresses))).await?;
    for address in session.view(user).get(User::addresses)? {
        println!("{}", address.email);
    }
    session[user].name = "patrick".into();
    session.append(user, User::addresses, Address::default());
    let savepoint = session.nested().await?;
    savepoint.commit().await?;
    session.load(user, User::addresses).await?;
    session.get(Contact, ("work".to_owned(), 1)).await?;
    session.commit().await
}

/// A view is held over an await of anything but the session.
async fn read(engine: Engine) -> orm::Result<()> {
    let mut session = Session::new(&engine);
    let user = session.one(select(User)).await?;
    let view = session.view(user);
    tokio::task::yield_now().await;
    println!("{}", view.name);
    Ok(())
}

async fn in_a_transaction(engine: Engine) -> orm::Result<String> {
    engine
        .transaction(async |mut session| {
            let user = session.one(select(User)).await?;
            session.delete(user);
            Ok(session[user].name.clone())
        })
        .await
}

fn is_send<T: Send>(_: impl Fn(Engine) -> T) {}

fn main() {
    is_send(rename);
    is_send(read);
    is_send(in_a_transaction);
    is_send(|engine| Session::new(&engine));
}
