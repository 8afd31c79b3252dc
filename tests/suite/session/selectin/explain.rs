//! What each database makes of the statements: none of them reads a whole table for some keys.

use std::sync::{Arc, Mutex};

use orm::{Compiled, Events, Features};

use super::*;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "owner", unique(part, number))]
struct Owner {
    #[column(primary_key)]
    id: i64,
    #[column(length = 10)]
    part: String,
    number: i64,
    #[column(length = 1000)]
    note: String,
    #[relationship(foreign_key = Thing::owner_id)]
    things: Many<Thing>,
    #[relationship]
    pairs: Many<Pair>,
    #[relationship(secondary = OwnerThing)]
    linked: Many<Thing>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "thing")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Owner::id, index)]
    owner_id: i64,
    #[column(length = 1000)]
    name: String,
    #[relationship(foreign_key = Thing::owner_id)]
    owner: One<Owner>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(
    table = "pair",
    index(part, number),
    foreign_key(columns(part, number), references(Owner::part, Owner::number))
)]
struct Pair {
    #[column(primary_key)]
    id: i64,
    #[column(length = 10)]
    part: String,
    number: i64,
    #[column(length = 1000)]
    name: String,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "owner_thing")]
struct OwnerThing {
    #[column(primary_key, foreign_key = Owner::id)]
    owner_id: i64,
    #[column(primary_key, foreign_key = Thing::id)]
    thing_id: i64,
    #[column(length = 1000)]
    note: Option<String>,
}

/// What was sent last, and what is sent in place of the next statement.
#[derive(Debug, Default)]
struct Spy {
    last: Mutex<Option<Compiled>>,
    instead: Mutex<Option<Compiled>>,
}

impl Events for Spy {
    fn before_execute(&self, statement: &mut Compiled) -> orm::Result<()> {
        if let Some(instead) = self.instead.lock().unwrap().take() {
            *statement = instead;
        } else if statement.sql.starts_with("SELECT") {
            *self.last.lock().unwrap() = Some(statement.clone());
        }
        Ok(())
    }
}

/// The plan of the statement that was sent last, a line for each row.
async fn plan(db: &Database, engine: &Engine, spy: &Spy) -> Vec<String> {
    let mut compiled = spy.last.lock().unwrap().take().unwrap();
    let explain = if db.server.is_none() { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    compiled.sql = format!("{explain} {}", compiled.sql).into();
    *spy.instead.lock().unwrap() = Some(compiled);
    let rows = engine.all(text("SELECT 1").mappings()).await.unwrap();
    let line =
        |row: &orm::RowMapping| row.values().iter().map(|v| format!("{v:?}")).collect::<Vec<_>>().join(" ");
    rows.iter().map(line).collect()
}

/// Whether a table is read from its beginning to its end, in the words of one of the databases.
fn is_scanned(plan: &[String], table: &str) -> bool {
    let words = [
        format!("SCAN {table}"),
        format!("Seq Scan on {table}"),
        format!("Text(\"{table}\") Text(\"ALL\")"),
        format!("Text(\"{table}\") Text(\"index\")"),
        format!("FULL SCAN|{table}"),
    ];
    let told = |line: &String| {
        let line: String = line.split_whitespace().collect::<Vec<_>>().join(" ").replace(" |", "|");
        words.iter().any(|words| line.contains(words))
    };
    plan.iter().any(told)
}

async fn fill(db: &Database) {
    metadata![Owner, Thing, Pair, OwnerThing].create_all(&db.engine).await.unwrap();
    const OWNERS: i64 = 600;
    // Where a table has few pages, it may be cheaper to read all of it.
    let name = |id| format!("{id} {}", "takes its room as rows do ".repeat(30));
    let owner = |id| Owner { id, part: format!("p{}", id % 7), number: id, note: name(id), ..default() };
    db.engine.execute(insert(Owner).values((1..=OWNERS).map(owner).collect::<Vec<_>>())).await.unwrap();
    for part in 0..8 {
        let ids = || part * OWNERS + 1..=(part + 1) * OWNERS;
        let owner = |id: i64| (id * 31) % OWNERS + 1;
        let things = ids().map(|id| Thing { id, owner_id: owner(id), name: name(id), ..default() });
        db.engine.execute(insert(Thing).values(things.collect::<Vec<_>>())).await.unwrap();
        let pair = |id| {
            let number = owner(id);
            Pair { id, part: format!("p{}", number % 7), number, name: name(id) }
        };
        db.engine.execute(insert(Pair).values(ids().map(pair).collect::<Vec<_>>())).await.unwrap();
        let links = ids().map(|id| OwnerThing { owner_id: owner(id), thing_id: id, note: Some(name(id)) });
        db.engine.execute(insert(OwnerThing).values(links.collect::<Vec<_>>())).await.unwrap();
    }
    for table in ["owner", "thing", "pair", "owner_thing"] {
        let analyze = |features: &Features| match features.transactional_ddl {
            true => format!("ANALYZE {table}"),
            false => format!("ANALYZE TABLE {table}"),
        };
        db.engine.execute(text(analyze(&db.features))).await.unwrap();
    }
}

#[tokio::test]
async fn every_loader_finds_its_rows_by_an_index() {
    on_each(async |db| {
        fill(db).await;
        let spy = Arc::new(Spy::default());
        let engine = db.builder().events(spy.clone()).build().unwrap();
        let owners = || select(Owner).filter(Owner::id.le(2)).order_by(Owner::id);
        let things = || select(Thing).filter(Thing::id.le(1)).order_by(Thing::id);
        macro_rules! asked {
            ($($query:expr, [$($table:literal),*];)*) => { $(
                Session::new(&engine).all($query).await.unwrap();
                let told = plan(db, &engine, &spy).await;
                for table in [$($table),*] {
                    assert!(!is_scanned(&told, table), "{}: {told:#?}", stringify!($query));
                }
            )* };
        }
        asked! {
            owners().options(selectin(Owner::things)), ["thing"];
            owners().options(selectin(Owner::things).filter(Thing::name.ne("x")).limit(2)), ["thing"];
            owners().options(subquery(Owner::things)), ["thing", "owner"];
            owners().options(selectin(Owner::pairs)), ["pair"];
            owners().options(selectin(Owner::pairs).limit(2)), ["pair"];
            owners().options(subquery(Owner::pairs)), ["pair", "owner"];
            owners().options(selectin(Owner::linked)), ["thing", "owner_thing", "owner_thing_1"];
            owners().options(selectin(Owner::linked).limit(2)), ["thing", "owner_thing", "owner_thing_1"];
            owners().options(subquery(Owner::linked)), ["thing", "owner", "owner_thing", "owner_thing_1"];
            things().options(selectin(Thing::owner)), ["owner"];
            things().options(subquery(Thing::owner)), ["owner"];
        }
        let mut session = Session::new(&engine);
        let found = session.all(owners()).await.unwrap();
        session.load_many(&found, Owner::pairs).await.unwrap();
        drop(session);
        assert!(!is_scanned(&plan(db, &engine, &spy).await, "pair"));
        engine.dispose().await;
    })
    .await;
}
