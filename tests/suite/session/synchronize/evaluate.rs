//! What Rust says of a condition and of a value, against what the database says.

use orm::prelude::*;
use orm::tree::Expr as Tree;
use orm::typed::Expr;
use orm::{Error, SessionError};

use super::expressions::{Family, Sample, condition, expression, row};
use crate::databases::{Database, on_each};
use crate::dice::Dice;

/// Rows in the table, and conditions on them.
const ROWS: usize = 40;
const CASES: u64 = 600;

/// What became of the cases.
#[derive(Debug, Default)]
struct Tally {
    agreed: usize,
    /// Rust does not know.
    not_evaluable: usize,
    /// The database takes the statement for wrong, or divides by zero.
    refused: usize,
}

#[tokio::test]
async fn rust_never_says_otherwise_than_the_database() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let seeds = match number("ORM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("ORM_CASES").unwrap_or(CASES),
    };
    on_each(async |db| {
        let mut session = world(db).await;
        let handles = session.all(select(Sample)).await.unwrap();
        let mut tally = Tally::default();
        for seed in seeds.clone() {
            case(&mut session, &handles, seed, &mut tally).await;
        }
        eprintln!("{tally:?}");
        // seekdb refuses much of what MySQL computes.
        let most = if db.server.is_some_and(|server| server.is_seekdb()) { 8 } else { 2 };
        let enough = seeds.end - seeds.start < CASES || tally.agreed > tally.not_evaluable / most;
        assert!(enough, "so little is evaluated that this shows nothing: {tally:?}");
    })
    .await;
}

async fn world(db: &Database) -> Session {
    metadata![Sample].create_all(&db.engine).await.unwrap();
    let mut dice = Dice::new(0);
    let mut session = Session::new(&db.engine);
    session.add_all((0..ROWS).map(|_| row(&mut dice)));
    session.commit().await.unwrap();
    Session::new(&db.engine)
}

async fn case(session: &mut Session, handles: &[Handle<Sample>], seed: u64, tally: &mut Tally) {
    let mut dice = Dice::new(seed);
    let filter = condition(&mut dice, 3);
    let family =
        [Family::Boolean, Family::Integer, Family::Float, Family::Decimal, Family::Text][dice.roll(5)];
    let value = expression(&mut dice, family, 2);
    let marker = seed as i64 + 1;
    let mut changed = update(Sample).set(Sample::marker, marker);
    changed = match family {
        Family::Boolean => changed.set(Sample::flag, of::<bool>(&value)),
        Family::Integer => changed.set(Sample::large, of::<i64>(&value)),
        Family::Float => changed.set(Sample::double, of::<f64>(&value)),
        Family::Decimal => changed.set(Sample::price, of::<rust_decimal::Decimal>(&value)),
        _ => changed.set(Sample::code, of::<String>(&value)),
    };
    let changed = changed.filter(of::<bool>(&filter)).synchronize(Synchronize::Evaluate);
    let before: Vec<Sample> = handles.iter().map(|&handle| session[handle].clone()).collect();
    let mut inside = session.nested().await.unwrap();
    match inside.execute(changed).await {
        Err(Error::Session(SessionError::NotEvaluable { .. })) => tally.not_evaluable += 1,
        Err(_) => tally.refused += 1,
        Ok(_) => {
            // Not every database refuses a number that its column is no place for.
            let Ok(rows) = inside.all(select(all_columns()).order_by(Sample::id)).await else {
                inside.rollback().await.unwrap();
                tally.refused += 1;
                return;
            };
            tally.agreed += 1;
            assert_eq!(rows.len(), handles.len());
            for (row, &handle) in rows.iter().zip(handles) {
                let told = inside[handle].clone();
                let expired = inside.is_expired(handle);
                let told = (told.id, told.marker, told.flag, told.large, told.double, told.price, told.code);
                let seen = if expired { (told.0, told.1) == (row.0, row.1) } else { told == *row };
                assert!(
                    seen,
                    "ORM_SEED={seed}: the session has {told:?} and the database {row:?} of {before:?}\nfilter {filter:#?}\nvalue {value:#?}",
                    before = before[handles.iter().position(|h| *h == handle).unwrap()],
                );
            }
        }
    }
    inside.rollback().await.unwrap();
    let after: Vec<Sample> = handles.iter().map(|&handle| session[handle].clone()).collect();
    assert_eq!(after, before, "ORM_SEED={seed}: a rollback restores the objects");
}

type Columns = (
    orm::Column<Sample, i64>,
    orm::Column<Sample, i64>,
    orm::Column<Sample, Option<bool>>,
    orm::Column<Sample, Option<i64>>,
    orm::Column<Sample, Option<f64>>,
    orm::Column<Sample, Option<rust_decimal::Decimal>>,
    orm::Column<Sample, Option<String>>,
);

fn all_columns() -> Columns {
    (Sample::id, Sample::marker, Sample::flag, Sample::large, Sample::double, Sample::price, Sample::code)
}

fn of<T: SqlType>(tree: &Tree) -> Expr<Option<T>, Sample>
where
    Option<T>: SqlType,
{
    Expr::from_tree(tree.clone())
}
