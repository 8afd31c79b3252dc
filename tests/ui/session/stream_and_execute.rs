//! A connection that streams does nothing else.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(connection: &mut Connection) -> orm::Result<()> {
    let mut users = connection.stream(select(User)).await?;
    while let Some(user) = users.next().await {
        connection.execute(delete(User).filter(User::id.eq(user?.id))).await?;
    }
    Ok(())
}

fn main() {}
