//! A record is read where it stands in FROM, like a table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

#[derive(Record)]
pub struct Counts {
    pub user_id: i64,
    pub n: i64,
}

fn main() {
    let counts = || select((Address::user_id, count(Address))).group_by(Address::user_id).cte(Counts);

    // In ORDER BY, GROUP BY and HAVING.
    let _ = select(User::name).with(counts()).order_by(Counts::n);
    let _ = select(User::name).with(counts()).group_by(Counts::n);
    let _ = select(User::name).with(counts()).having(Counts::n.gt(1));

    // In the select list: found out where the query runs.
    async fn run(engine: &Engine) {
        let _ = engine.all(select((User::name, Counts::n))).await;
    }

    // In SET and RETURNING.
    let _ = update(Employee).set(Employee::id, Counts::n).all_rows();
    async fn change(engine: &Engine) {
        let _ = engine.all(delete(Employee).all_rows().returning(Counts::n)).await;
    }
}
