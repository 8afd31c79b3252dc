//! Statements that give rows, and statements that are run for their effect.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A statement without rows is executed.
    let _ = session.all(insert(User).values(User::default())).await?;

    // So is an UPDATE without RETURNING.
    let _ = session.all(update(User).set(User::name, "sandy").all_rows()).await?;

    // A text says what its columns are.
    let _ = session.all(text("SELECT name FROM user_account")).await?;

    // A query is not run for its effect.
    session.execute(select(User)).await?;
    Ok(())
}

fn main() {}
