//! Random graphs and random edits, against a model that knows what a commit must leave behind.
//!
//! After each commit the database and all that the session has loaded equal the model; after each rollback the
//! session equals its former self. A case is its seed: `ORM_SEED=n cargo test property` runs that one alone
//! and tells what it does, `ORM_CASES=n` runs more on a file, and a tenth of that elsewhere.

mod edits;
mod mapped;
mod model;
mod reads;
mod thing;
mod trees;
mod whole;
mod world;

use orm::prelude::*;

use crate::databases::on_each;
use crate::models::{self, *};
use mapped::{Friend, House, Player, Street, Team};
use world::World;

/// How many cases run on a file, unless told otherwise.
const CASES: u64 = 400;

/// SplitMix64: small, seeded, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.roll(from.len())]) }
    }

    fn in_ten(&mut self, chance: usize) -> bool {
        self.roll(10) < chance
    }
}

#[tokio::test]
async fn random_edits_leave_what_a_simple_model_predicts() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let only = number("ORM_SEED");
    on_each(async |db| {
        let seeds = match only {
            Some(seed) => seed..seed + 1,
            None => {
                let cases = number("ORM_CASES").unwrap_or(CASES);
                // A file is quick, and seekdb takes seconds for a case.
                let is_seekdb = db.server.is_some_and(|server| server.is_seekdb());
                0..cases
                    / if db.file.is_some() {
                        1
                    } else if is_seekdb {
                        100
                    } else {
                        10
                    }
            }
        };
        models::create(&db.engine).await;
        mapped::create(&db.engine).await;
        for seed in seeds {
            let guard = Seed(seed);
            empty(&db.engine).await;
            let mut world = World::new(&db.engine, Dice(seed), only.is_some());
            world.run().await;
            std::mem::forget(guard);
        }
    })
    .await;
}

/// Tells the seed when a case fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        eprintln!("the case that failed: ORM_SEED={}", self.0);
    }
}

async fn empty(engine: &Engine) {
    let mut connection = engine.begin().await.unwrap();
    connection.execute(update(Employee).set(Employee::manager_id, None::<i64>).all_rows()).await.unwrap();
    connection.execute(update(Node).set(Node::parent_id, None::<i64>).all_rows()).await.unwrap();
    connection.execute(update(Friend).set(Friend::best_id, None::<i64>).all_rows()).await.unwrap();
    connection.execute(update(Team).set(Team::captain_id, None::<i64>).all_rows()).await.unwrap();
    macro_rules! delete_all {
        ($($table:ident)*) => { $(connection.execute(delete($table).all_rows()).await.unwrap();)* };
    }
    delete_all! {
        PostTag Comment Post Blog Tag Profile Address User Employee Node Friend Player Team House Street
    }
    connection.commit().await.unwrap();
}
