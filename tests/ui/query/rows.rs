//! The types of rows.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A column that may be NULL is an `Option`.
    let names: Vec<String> = session.all(select(User::fullname)).await?;

    // The sum over no rows is NULL.
    let total: i64 = session.one(select(sum(User::id))).await?;

    // A row has the types of its select list.
    let ids: Vec<String> = session.all(select(User::id)).await?;

    // The rows of a text are values.
    let _ = text("SELECT * FROM user_account").columns::<User>();
    Ok(())
}

fn main() {}
