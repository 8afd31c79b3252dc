//! Core, without the ORM: an engine, typed statements and plain SQL, typed rows, transactions, streams.
//!
//! `cargo run --example core`
//!
//! Nothing here tracks anything: rows come back as owned values, and a statement does what it says. A mapped struct
//! serves as the description of a table; a table without one is reached by `text`.

use orm::prelude::*;

/// An account, which cannot be overdrawn.
#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "account", check(name = "ck_account_solvent", sql = "cents >= 0"))]
pub struct Account {
    /// Given by the database.
    #[column(primary_key)]
    pub id: i64,
    /// Who has it; one each.
    #[column(length = 30, unique)]
    pub owner: String,
    /// What is in it.
    pub cents: i64,
}

#[tokio::main]
async fn main() -> orm::Result<()> {
    // A database in memory, which lives as long as the engine.
    let engine = Engine::new("sqlite::memory:")?;
    create(&engine).await?;

    let carol = open(&engine, "carol", 2_500).await?;
    println!("carol has the account {carol}");

    transfer(&engine, "alice", "bob", 3_000).await?;
    match transfer(&engine, "bob", "carol", 1_000_000).await {
        Err(orm::Error::Integrity { constraint, .. }) => {
            println!("refused by {}", constraint.as_deref().unwrap_or("a constraint"));
        }
        other => other?,
    }

    for (owner, cents) in at_least(&engine, 5_000).await? {
        println!("{owner} has {cents} cents");
    }
    for (sender, receiver, cents) in history(&engine, "alice").await? {
        println!("{sender} sent {receiver} {cents} cents");
    }
    println!("all in all {} cents", total(&engine).await?);
    println!("{} closed", close_empty(&engine).await?.join(", "));
    Ok(())
}

/// Two tables, one of a struct and one without, and the first rows.
pub async fn create(engine: &Engine) -> orm::Result<()> {
    metadata![Account].create_all(engine).await?;
    engine.execute(text("CREATE TABLE transfer (sender TEXT, receiver TEXT, cents INTEGER)")).await?;

    let account = |owner: &str, cents| Account { owner: owner.into(), cents, ..default() };
    let rows = [account("alice", 10_000), account("bob", 4_000), account("dave", 0)];
    engine.execute(insert(Account).values(rows)).await?;
    Ok(())
}

/// Inserts column by column, and reads what the database generated.
pub async fn open(engine: &Engine, owner: &str, cents: i64) -> orm::Result<i64> {
    let statement = insert(Account).set(Account::owner, owner).set(Account::cents, cents);
    engine.one(statement.returning(Account::id)).await
}

/// One transaction: all of it or nothing. An error on the way drops the connection, which rolls back.
pub async fn transfer(engine: &Engine, sender: &str, receiver: &str, cents: i64) -> orm::Result<()> {
    let mut connection = engine.begin().await?;
    let record = text("INSERT INTO transfer VALUES (:sender, :receiver, :cents)")
        .bind_str("sender", sender)
        .bind_str("receiver", receiver)
        .bind("cents", cents);
    connection.execute(record).await?;
    for (owner, change) in [(receiver, cents), (sender, -cents)] {
        let account =
            update(Account).set(Account::cents, Account::cents + change).filter(Account::owner.eq(owner));
        connection.execute(account).await?;
    }
    connection.commit().await
}

/// A typed query: the types of the row follow from the columns.
pub async fn at_least(engine: &Engine, cents: i64) -> orm::Result<Vec<(String, i64)>> {
    let query = select((Account::owner, Account::cents))
        .filter(Account::cents.ge(cents))
        .order_by((Account::cents.desc(), Account::owner));
    engine.all(query).await
}

/// Plain SQL with named parameters: the types of the row are named, and checked when it is read.
pub async fn history(engine: &Engine, owner: &str) -> orm::Result<Vec<(String, String, i64)>> {
    let query = text(
        "SELECT sender, receiver, cents FROM transfer
         WHERE sender = :owner OR receiver = :owner ORDER BY rowid",
    )
    .bind_str("owner", owner)
    .columns::<(String, String, i64)>();
    engine.all(query).await
}

/// A stream: one row at a time, however many there are.
pub async fn total(engine: &Engine) -> orm::Result<i64> {
    let mut connection = engine.connect().await?;
    let mut accounts = connection.stream(select(Account)).await?;
    let mut total = 0;
    while let Some(account) = accounts.next().await {
        total += account?.cents;
    }
    Ok(total)
}

/// Deletes, and says whom.
pub async fn close_empty(engine: &Engine) -> orm::Result<Vec<String>> {
    engine.all(delete(Account).filter(Account::cents.eq(0)).returning(Account::owner)).await
}
