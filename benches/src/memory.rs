//! What a session costs in memory: objects that it holds, beside the same objects in a `Vec`.
//!
//! `cargo run --release -p orm-bench --bin memory`

use std::alloc::System;

use orm::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROWS: usize = 100_000;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "user_account")]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    email: String,
    age: Option<i32>,
    score: f64,
}

/// The bytes that are held since `region` began.
fn held(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated - change.bytes_deallocated
}

/// The bytes of a hash map from a key of three words to a slot: one byte more for each bucket, and one bucket in eight
/// stays empty (`hashbrown`).
fn key_map() -> usize {
    let bucket = 3 * size_of::<usize>() + size_of::<usize>() + 1;
    (ROWS * 8 / 7).next_power_of_two() * bucket
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> orm::Result<()> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("memory.db");
    let engine = Engine::new(&format!("sqlite://{}?mode=rwc", file.display()))?;
    metadata![User].create_all(&engine).await?;
    let mut session = Session::new(&engine);
    session.add_all((0..ROWS).map(|n| User {
        name: format!("user number {n}"),
        email: format!("user{n}@example.org"),
        age: Some(20 + (n % 50) as i32),
        score: n as f64 / 3.0,
        ..default()
    }));
    session.commit().await?;
    drop(session);

    let query = || select(User).order_by(User::id);
    // What the engine itself keeps is there before anything is counted.
    drop(engine.all(query().limit(1)).await?);
    let region = Region::new(ALLOCATOR);
    let mut users = engine.all(query()).await?;
    users.shrink_to_fit();
    let owned = held(&region);
    assert_eq!(users.len(), ROWS);
    drop(users);

    let mut session = Session::new(&engine);
    session.one(query().limit(1)).await?;
    let region = Region::new(ALLOCATOR);
    let handles = session.all(query()).await?;
    assert_eq!(handles.len(), ROWS);
    drop(handles);
    let tracked = held(&region);

    let per_row = |bytes: usize| bytes as f64 / ROWS as f64;
    println!("{ROWS} users of five columns, bytes held (and for each)");
    println!("Vec<User>  {owned:>10}  {:>6.1}", per_row(owned));
    println!("Session    {tracked:>10}  {:>6.1}", per_row(tracked));
    println!("  of which its key map has {:>6.1} for each", per_row(key_map()));
    println!(
        "Session without the key map, beside the Vec: {:.2}",
        (tracked - key_map()) as f64 / owned as f64
    );
    Ok(())
}
