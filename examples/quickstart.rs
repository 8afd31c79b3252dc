//! The whole of it on one page: map, create, add, query, edit, load, delete.
//!
//! `cargo run --example quickstart` leaves the file `example.db` behind, with two empty tables, and can be run again.

#![allow(missing_docs)] // A page of its own is what this is.

use orm::prelude::*;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "user_account")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(length = 30)]
    pub name: String,
    pub fullname: Option<String>,
    #[relationship(back_populates = user, cascade = "all, delete-orphan")]
    pub addresses: Many<Address>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "address")]
pub struct Address {
    #[column(primary_key)]
    pub id: i64,
    pub email_address: String,
    #[column(foreign_key = User::id)]
    pub user_id: i64,
    #[relationship(back_populates = addresses)]
    pub user: One<User>,
}

#[tokio::main]
async fn main() -> orm::Result<()> {
    // Lazy: connects on first use.
    let engine = Engine::new("sqlite://example.db?mode=rwc")?;
    metadata![User, Address].create_all(&engine).await?;

    // Moves the whole tree in.
    let mut session = Session::new(&engine);
    let spongebob = session.add(User {
        name: "spongebob".into(),
        addresses: many![Address { email_address: "sb@example.org".into(), ..default() }],
        ..default()
    });
    session.commit().await?;
    println!("{}", session[spongebob].id); // filled by the flush

    let user = session.one(select(User).filter(User::name.eq("spongebob"))).await?;
    assert_eq!(user, spongebob); // identity map: the same object
    session[user].fullname = Some("Spongebob Squarepants Sr.".into()); // tracked
    session.commit().await?; // UPDATE of that one column

    let users = session.all(select(User).options(selectin(User::addresses))).await?;
    for user in session.views(&users) {
        // No I/O here, ever.
        for address in user.get(User::addresses)? {
            println!("{} {}", user.name, address.email_address);
        }
    }

    // Nullable because the join is outer.
    let rows: Vec<(String, Option<String>)> =
        session.all(select((User::name, Address::email_address)).outer_join(User::addresses)).await?;
    println!("{rows:?}");

    session.delete(user);
    session.commit().await
}
