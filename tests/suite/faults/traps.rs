//! What sqlx 0.9.0 does and a user must never see. Each case says what guards against it.

use std::time::{Duration, Instant};

use orm::prelude::*;
use orm::{Error, Mappings, Value};
use rust_decimal::Decimal;
use sqlx::Connection as _;

use super::{Tag, Watched, Words, number, polled, settled, tag, tags, words};
use crate::databases::{Database, on_each, on_each_server, on_each_with, on_file};

/// `n` from 0 up to 10 to the power of `digits`, on every database alike.
fn numbers(digits: usize, columns: &str) -> String {
    let one = "SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL \
               SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";
    let names: Vec<String> = (0..digits).map(|at| format!("d{at}")).collect();
    let sum: Vec<String> =
        names.iter().enumerate().map(|(at, name)| format!("{name}.n * {}", 10_u32.pow(at as u32))).collect();
    let from: Vec<String> = names.iter().map(|name| format!("d AS {name}")).collect();
    let n = sum.join(" + ");
    format!("WITH d AS ({one}) SELECT {columns} FROM (SELECT {n} AS n FROM {}) AS numbers", from.join(", "))
}

/// sqlx: a `begin` that is dropped on its way leaves the connection in a transaction, which `ping` does not tell.
/// Guard: a driver's connection is in a transaction from before BEGIN is sent, and `is_clean` says so.
#[tokio::test]
async fn a_begin_that_was_cancelled_poisons_nobody() {
    on_each(async |db| {
        let watched = Watched::new(db, 1).await;
        for polls in [1_u32, 1, 2, 2, 3, 3] {
            drop(polled(polls, watched.engine.begin()).await);
            // On the one connection that there is, and seen from everywhere.
            watched.engine.execute(insert(Tag).set(Tag::name, "kept")).await.unwrap();
            watched.is_clean("a cancelled begin").await;
            assert_eq!(tags(&watched.engine).await, ["kept"]);
            let other = Watched::new(db, 1).await;
            if db.server.is_some() || db.file.is_some() {
                assert_eq!(tags(&other.engine).await, ["kept"], "it was committed");
            }
            other.engine.dispose().await;
            watched.engine.execute(delete(Tag).all_rows()).await.unwrap();
        }
        watched.engine.dispose().await;
    })
    .await;
}

/// sqlx keeps prepared statements by their text. After an ALTER TABLE PostgreSQL refuses them ("cached plan must not
/// change result type"), for ever on that connection, and SQLite's thread panics over a column more than there was.
/// Guard: a driver forgets statements behind DDL, and sends a stale one anew.
#[tokio::test]
async fn a_statement_from_before_an_alter_table() {
    on_each(async |db| {
        let engine = db.builder().max_connections(2).build().unwrap();
        let run = async |sql: &str| engine.execute(text(sql)).await.unwrap();
        run("CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, size INTEGER)").await;
        run("INSERT INTO thing VALUES (1, 2)").await;
        let mut both = [engine.connect().await.unwrap(), engine.connect().await.unwrap()];
        let query = || text("SELECT * FROM thing WHERE id = :id").bind("id", 1_i32).mappings();
        for connection in &mut both {
            for _ in 0..2 {
                assert_eq!(connection.one(query()).await.unwrap().columns(), ["id", "size"]);
            }
            connection.commit().await.unwrap();
        }
        // On one of the two; the other one hears nothing of it.
        both[0].execute(text("ALTER TABLE thing ADD COLUMN name VARCHAR(20) DEFAULT 'new'")).await.unwrap();
        both[0].commit().await.unwrap();
        for connection in &mut both {
            // In a transaction a stale statement may be refused; then it can be run again.
            let row = match connection.one(query()).await {
                Err(error) if error.is_retryable() => {
                    connection.rollback().await.unwrap();
                    connection.one(query()).await.unwrap()
                }
                row => row.unwrap(),
            };
            assert_eq!(row.columns(), ["id", "size", "name"]);
            assert_eq!(row.get::<String>("name").unwrap(), "new");
            connection.commit().await.unwrap();
        }
        drop(both);
        for _ in 0..3 {
            assert_eq!(
                engine.one(query()).await.unwrap().columns().len(),
                3,
                "without a transaction it is sent anew"
            );
        }
        assert_eq!(engine.pool_status().closed, 0, "no connection was lost over it");
        engine.dispose().await;
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "thing")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    size: i64,
}

/// The same for a statement whose columns are named, when their types change.
#[tokio::test]
async fn a_typed_select_from_before_a_change_of_types() {
    on_each_with(
        |f| f.alter_constraints,
        "changes of columns",
        async |db| {
            let engine = db.builder().max_connections(3).build().unwrap();
            let run = async |sql: &str| engine.execute(text(sql)).await.unwrap();
            run("CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, size INTEGER NOT NULL)").await;
            run("INSERT INTO thing VALUES (1, 2)").await;
            let mut both = [engine.connect().await.unwrap(), engine.connect().await.unwrap()];
            for connection in &mut both {
                for _ in 0..2 {
                    assert_eq!(connection.one(select(Thing::size)).await.unwrap(), 2);
                }
                connection.commit().await.unwrap();
            }
            both[0]
                .execute(text(match words(db) {
                    Some(Words::MySql) => "ALTER TABLE thing MODIFY COLUMN size BIGINT NOT NULL",
                    _ => "ALTER TABLE thing ALTER COLUMN size TYPE BIGINT",
                }))
                .await
                .unwrap();
            both[0].commit().await.unwrap();
            let large = 3_000_000_000_i64;
            engine.execute(update(Thing).set(Thing::size, large).all_rows()).await.unwrap();
            for connection in &mut both {
                let size = match connection.one(select(Thing::size)).await {
                    Err(error) if error.is_retryable() => {
                        connection.rollback().await.unwrap();
                        connection.one(select(Thing::size)).await.unwrap()
                    }
                    size => size.unwrap(),
                };
                assert_eq!(size, large);
                connection.commit().await.unwrap();
            }
            drop(both);
            for _ in 0..3 {
                assert_eq!(engine.one(select(Thing::size)).await.unwrap(), large);
            }
            engine.dispose().await;
        },
    )
    .await;
}

/// sqlx keeps a statement with the types of its first binds, and then sends others in the wrong width.
/// Guard: binds go by their SQL type, and the text of a statement with other types is another one.
#[tokio::test]
async fn one_text_with_binds_of_other_widths() {
    on_each(async |db| {
        let engine = db.builder().max_connections(1).build().unwrap();
        let run = async |sql: &str| engine.execute(text(sql)).await.unwrap();
        run("CREATE TABLE wide (id INTEGER NOT NULL PRIMARY KEY, size BIGINT, part DOUBLE PRECISION, name VARCHAR(20))").await;
        let insert = |id: i32| text("INSERT INTO wide (id, size) VALUES (:id, :size)").bind("id", id);
        let mut connection = engine.connect().await.unwrap();
        connection.execute(insert(1).bind("size", 1_i32)).await.unwrap();
        connection.execute(insert(2).bind("size", 1_i64 << 40)).await.unwrap();
        connection.execute(insert(3).bind("size", None::<i64>)).await.unwrap();
        connection.execute(insert(4).bind("size", 4_i16)).await.unwrap();
        connection.execute(insert(5).bind("size", None::<i32>)).await.unwrap();
        connection.execute(insert(6).bind("size", -6_i64)).await.unwrap();
        let sizes = text("SELECT size FROM wide ORDER BY id").columns::<Option<i64>>();
        let expected = [Some(1), Some(1 << 40), None, Some(4), None, Some(-6)];
        assert_eq!(connection.all(sizes).await.unwrap(), expected);
        // In a comparison, where the column says nothing of the bind's width.
        let above = |size| text("SELECT count(*) FROM wide WHERE size > :size").bind("size", size).columns::<i64>();
        let above_narrow = text("SELECT count(*) FROM wide WHERE size > :size").bind("size", 3_i32).columns::<i64>();
        assert_eq!(connection.one(above_narrow).await.unwrap(), 2);
        assert_eq!(connection.one(above(1_i64 << 39)).await.unwrap(), 1);
        assert_eq!(connection.one(above(i64::MIN)).await.unwrap(), 4);
        let part = |id: i32| text("UPDATE wide SET part = :part WHERE id = :id").bind("id", id);
        connection.execute(part(1).bind("part", 0.5_f32)).await.unwrap();
        connection.execute(part(2).bind("part", 0.1_f64)).await.unwrap();
        connection.execute(part(3).bind("part", 3_i32)).await.unwrap();
        connection.execute(part(4).bind("part", None::<f64>)).await.unwrap();
        let parts = text("SELECT part FROM wide WHERE id < 5 ORDER BY id").columns::<Option<f64>>();
        assert_eq!(connection.all(parts).await.unwrap(), [Some(0.5), Some(0.1), Some(3.0), None]);
        connection.commit().await.unwrap();
        drop(connection);
        engine.dispose().await;
    })
    .await;
}

/// sqlx without its checks reads a FLOAT4 as an f64 with a panic and as an i64 with garbage.
/// Guard: a driver looks at the type of each column before it reads.
#[tokio::test]
async fn floats_of_the_other_width() {
    on_each(async |db| {
        let float = match words(db) {
            Some(Words::MySql) => "FLOAT",
            _ => "REAL",
        };
        let run = async |sql: &str| db.engine.execute(text(sql)).await.unwrap();
        run(&format!("CREATE TABLE part (narrow {float}, wide DOUBLE PRECISION)")).await;
        run("INSERT INTO part VALUES (1.5, 0.1), (-0.25, 4294967296.5)").await;
        let read = text("SELECT narrow, wide FROM part ORDER BY wide").columns::<(f64, f64)>();
        assert_eq!(db.engine.all(read).await.unwrap(), [(1.5, 0.1), (-0.25, 4_294_967_296.5)]);
        // Of a REAL that is no REAL, the column of SQLite, an f64 is as good.
        let read = text("SELECT narrow FROM part ORDER BY wide").columns::<f32>();
        assert_eq!(db.engine.all(read).await.unwrap(), [1.5, -0.25]);
        for column in ["narrow", "wide"] {
            let read = text(format!("SELECT {column} FROM part ORDER BY wide")).columns::<i64>();
            let error = db.engine.all(read).await.unwrap_err();
            assert!(matches!(&error, Error::Decode { error, .. } if error.column == column), "{error:?}");
        }
        // The nearest that there is, and nothing where none is near.
        let read = text("SELECT wide FROM part ORDER BY wide").columns::<f32>();
        match db.engine.all(read).await {
            Ok(near) => assert_eq!(near, [0.1, 4_294_967_296.5_f64 as f32]),
            Err(error) => assert!(matches!(error, Error::Decode { .. }), "{error:?}"),
        }
        run("UPDATE part SET wide = 1e300 WHERE narrow > 0").await;
        let error = db.engine.all(text("SELECT wide FROM part").columns::<f32>()).await.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        let row = db
            .engine
            .first(text("SELECT narrow FROM part WHERE narrow > 0").mappings())
            .await
            .unwrap()
            .unwrap();
        assert!(matches!(row.values(), [Value::F32(1.5) | Value::F64(1.5)]), "{row:?}");
        assert_eq!(number(&db.engine, "SELECT count(*) FROM part").await, 2);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "measure")]
struct Measure {
    #[column(primary_key)]
    id: i64,
    small: i16,
    medium: i32,
    large: i64,
    narrow: f32,
    wide: f64,
    #[column(precision = 10, scale = 2)]
    price: Decimal,
}

/// SUM and AVG have another type on each database, and sqlx is strict about them.
/// Guard: a typed aggregate is read as what it says, wherever it can be without loss.
#[tokio::test]
async fn the_types_of_sum_and_avg() {
    on_each(async |db| {
        metadata![Measure].create_all(&db.engine).await.unwrap();
        let measure = |id: i64, large: i64| Measure {
            id,
            small: 30_000,
            medium: 2_000_000_000,
            large,
            narrow: 0.5,
            wide: 0.25,
            price: Decimal::new(1_050, 2),
        };
        db.engine.execute(insert(Measure).values([measure(1, 1 << 40), measure(2, 3)])).await.unwrap();
        let sums = select((
            sum(Measure::small),
            sum(Measure::medium),
            sum(Measure::large),
            sum(Measure::narrow),
            sum(Measure::wide),
            sum(Measure::price),
        ));
        let expected = (
            Some(60_000),
            Some(4_000_000_000),
            Some((1 << 40) + 3),
            Some(1.0),
            Some(0.5),
            Some(Decimal::new(2_100, 2)),
        );
        assert_eq!(db.engine.one(sums).await.unwrap(), expected);
        let averages = || {
            select((
                avg(Measure::small),
                avg(Measure::medium),
                avg(Measure::large),
                avg(Measure::narrow),
                avg(Measure::wide),
                avg(Measure::price),
            ))
        };
        let half = ((1_i64 << 40) + 3) as f64 / 2.0;
        let expected =
            (Some(30_000.0), Some(2e9), Some(half), Some(0.5), Some(0.25), Some(Decimal::new(1_050, 2)));
        assert_eq!(db.engine.one(averages()).await.unwrap(), expected);
        // Over no rows they are NULL, of whatever type.
        let none = averages().filter(Measure::id.eq(9));
        assert_eq!(db.engine.one(none).await.unwrap(), (None, None, None, None, None, None));
        // As the database gives them, each value is what it is.
        let plain = "SELECT sum(small) AS a, sum(medium) AS b, sum(large) AS c, sum(wide) AS d, avg(medium) AS e, \
                     count(*) AS f FROM measure";
        let row = db.engine.one(text(plain).mappings()).await.unwrap();
        let whole = |at: usize| match &row.values()[at] {
            Value::I64(v) => Decimal::from(*v),
            Value::Decimal(v) => *v,
            other => panic!("{other:?}"),
        };
        assert_eq!([whole(0), whole(1), whole(2), whole(5)], [60_000_i64, 4_000_000_000, (1 << 40) + 3, 2].map(Decimal::from));
        assert!(matches!(row.values()[3], Value::F64(0.5)), "{row:?}");
        let average = match &row.values()[4] {
            Value::F64(v) => *v,
            Value::Decimal(v) => v.to_string().parse().unwrap(),
            other => panic!("{other:?}"),
        };
        assert_eq!(average, 2e9);
        let mapped = db.engine.one(Mappings(select(sum(Measure::large).label("all")))).await.unwrap();
        assert_eq!(mapped.columns(), ["all"]);
    })
    .await;
}

/// A sum past 64 bits is an error or exact, on whichever database.
#[tokio::test]
async fn a_sum_that_no_integer_holds() {
    on_each(async |db| {
        metadata![Measure].create_all(&db.engine).await.unwrap();
        let most = |id| Measure { id, large: i64::MAX, ..default() };
        db.engine.execute(insert(Measure).values([most(1), most(2)])).await.unwrap();
        let error = db.engine.one(select(sum(Measure::large))).await.unwrap_err();
        assert!(!error.is_disconnect(), "{error:?}");
        assert!(
            matches!(error, Error::Decode { .. } | Error::Data { .. } | Error::Database { .. }),
            "{error:?}"
        );
        assert_eq!(db.engine.one(select(count(Measure))).await.unwrap(), 2);
    })
    .await;
}

/// How long it takes until the next statement is answered behind a stream that was left after some rows, on the same
/// connection or for the next user of it; the best of three.
async fn behind_a_stream(engine: &Engine, sql: &str, goes_on: bool) -> Duration {
    let mut least = Duration::MAX;
    for round in 0..3_i32 {
        let mut connection = engine.connect().await.unwrap();
        let mut stream = connection.stream(text(sql).columns::<i64>()).await.unwrap();
        for _ in 0..10 {
            stream.next().await.unwrap().unwrap();
        }
        let start = Instant::now();
        drop(stream);
        if !goes_on {
            drop(connection);
            connection = engine.connect().await.unwrap();
        }
        let answer = connection.one(text(format!("SELECT {round}")).columns::<i32>()).await.unwrap();
        assert_eq!(answer, round);
        least = least.min(start.elapsed());
        drop(connection);
        settled(engine).await;
    }
    least
}

/// All rows of a stream, how many and their sum, and how long that took.
async fn whole_stream(engine: &Engine, sql: &str) -> (u32, i64, Duration) {
    let start = Instant::now();
    let mut connection = engine.connect().await.unwrap();
    let mut stream = connection.stream(text(sql).columns::<i64>()).await.unwrap();
    let (mut rows, mut sum) = (0, 0);
    while let Some(row) = stream.next().await {
        rows += 1;
        sum += row.unwrap();
    }
    (rows, sum, start.elapsed())
}

/// sqlx reads what is left of an abandoned stream before the next statement, all of it.
/// Guard: cursors on servers that have them, a statement that is stopped, or another connection.
#[tokio::test]
async fn an_abandoned_stream_costs_nobody_its_end() {
    on_each(async |db| {
        let engine = db.builder().max_connections(1).build().unwrap();
        let million = numbers(6, "n");
        let (rows, sum, whole) = whole_stream(&engine, &million).await;
        assert_eq!((rows, sum), (1_000_000, 499_999_500_000));
        let here = behind_a_stream(&engine, &million, true).await;
        if db.server.is_none() || db.features.server_cursors {
            assert!(here < whole / 2, "{here:?} on the same connection, of {whole:?} for all of it");
            let next = behind_a_stream(&engine, &million, false).await;
            assert!(next < whole / 2, "{next:?} for the next user, of {whole:?} for all of it");
        } else {
            // A transaction cannot go on here before the rest is read; the next user need not wait for it. The rows come
            // one by one: what is there at once is read faster than it can be given up.
            let slow = numbers(3, "n, RPAD('x', 16000, 'x'), SLEEP(0.002)");
            let (rows, _, whole) = whole_stream(&engine, &slow).await;
            assert_eq!(rows, 1_000);
            let next = behind_a_stream(&engine, &slow, false).await;
            assert!(next < whole / 2, "{next:?} for the next user, of {whole:?} for all of it");
        }
        engine.dispose().await;
    })
    .await;
}

/// sqlx's `lock_handle` in a loop waits for ever after some fifty times, when nothing else is sent between.
/// Guard: a driver that locks the handle itself sends something else before.
#[tokio::test]
async fn a_handle_that_is_locked_again_and_again() {
    on_file(async |db| {
        metadata![Tag].create_all(&db.engine).await.unwrap();
        let mut connection = db.engine.connect().await.unwrap();
        let work = async {
            for n in 0..400_i64 {
                let raw: &mut sqlx::SqliteConnection = connection.raw().await.unwrap();
                drop(raw.lock_handle().await.unwrap());
                assert_eq!(connection.one(text(format!("SELECT {n}")).columns::<i64>()).await.unwrap(), n);
            }
            // The driver's own locks, with nothing of the user's between, and then with nothing sent on what he was given.
            for n in 0..400 {
                connection.execute(insert(Tag).set(Tag::name, n.to_string())).await.unwrap();
            }
            for n in 0..400_i64 {
                _ = connection.raw::<sqlx::SqliteConnection>().await.unwrap();
                assert_eq!(connection.one(text(format!("SELECT {n}")).columns::<i64>()).await.unwrap(), n);
            }
            for _ in 0..400 {
                _ = connection.raw::<sqlx::SqliteConnection>().await.unwrap();
            }
            let raw: &mut sqlx::SqliteConnection = connection.raw().await.unwrap();
            let seen: i64 =
                sqlx::query_scalar("SELECT count(*) FROM tag").fetch_one(&mut *raw).await.unwrap();
            assert_eq!(seen, 400, "in the transaction that is open");
            raw.ping().await.unwrap();
            connection.rollback().await.unwrap();
        };
        assert!(tokio::time::timeout(Duration::from_secs(60), work).await.is_ok(), "it waits for ever");
        drop(connection);
        assert_eq!(tags(&db.engine).await, [""; 0]);
    })
    .await;
}

/// What a user has left on the connection underneath is not there for the next one.
#[tokio::test]
async fn what_was_done_past_orm_stays_with_its_user() {
    on_each(async |db| {
        let engine = db.builder().max_connections(1).build().unwrap();
        metadata![Tag].create_all(&engine).await.unwrap();
        let mut connection = engine.connect().await.unwrap();
        let sql = "INSERT INTO tag (name) VALUES ('past orm')";
        match words(db) {
            Some(Words::Postgres) => {
                let raw: &mut sqlx::PgConnection = connection.raw().await.unwrap();
                sqlx::raw_sql("BEGIN").execute(&mut *raw).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut *raw).await.unwrap();
            }
            Some(Words::MySql) => {
                let raw: &mut sqlx::MySqlConnection = connection.raw().await.unwrap();
                sqlx::raw_sql("START TRANSACTION").execute(&mut *raw).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut *raw).await.unwrap();
            }
            None => {
                let raw: &mut sqlx::SqliteConnection = connection.raw().await.unwrap();
                sqlx::raw_sql("BEGIN").execute(&mut *raw).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut *raw).await.unwrap();
            }
        }
        let wrong = connection.raw::<String>().await.unwrap_err();
        assert!(wrong.to_string().contains("String"), "{wrong}");
        drop(connection);
        engine.execute(insert(Tag).set(Tag::name, "own")).await.unwrap();
        assert_eq!(tags(&engine).await, ["own"]);
        engine.dispose().await;
    })
    .await;
}

/// sqlx binds NULL on SQLite where a bind is missing, and waits for ever on MySQL where there are too many or too few.
/// Guard: a parameter without a value does not compile, and drivers count placeholders.
#[tokio::test]
async fn binds_that_are_missing() {
    on_each(async |db| {
        let engine = db.builder().max_connections(1).build().unwrap();
        metadata![Tag].create_all(&engine).await.unwrap();
        let error = engine.execute(text("INSERT INTO tag (name) VALUES (:name)")).await.unwrap_err();
        assert!(matches!(&error, Error::Compile(_)) && error.to_string().contains("name"), "{error:?}");
        let extra = text("SELECT 1").bind("nobody", 1_i32).columns::<i32>();
        match engine.one(extra).await {
            Ok(one) => assert_eq!(one, 1),
            Err(error) => assert!(matches!(&error, Error::Compile(_)), "{error:?}"),
        }
        // Placeholders of the database's own, which nobody counts but the driver.
        for sql in match words(db) {
            Some(Words::Postgres) => ["SELECT $1", "SELECT $1, $2"],
            _ => ["SELECT ?", "SELECT ?, ?"],
        } {
            let asked = tokio::time::timeout(Duration::from_secs(20), engine.all(text(sql).mappings())).await;
            let error = asked.expect("it waits for ever").unwrap_err();
            assert!(!error.is_retryable(), "{error:?}");
            assert_eq!(number(&engine, "SELECT 5").await, 5);
        }
        // One too few, and one too many where a comment begins that orm does not know.
        for sql in match words(db) {
            Some(Words::Postgres) => &["SELECT :a, $2"][..],
            Some(Words::MySql) => &["SELECT :a, ?", "SELECT 1 # :a"],
            None => &["SELECT :a, ?"],
        } {
            let asked = engine.all(text(sql).bind("a", 1_i32).mappings());
            let asked = tokio::time::timeout(Duration::from_secs(20), asked).await;
            asked.expect("it waits for ever").unwrap_err();
            assert_eq!(number(&engine, "SELECT 6").await, 6);
        }
        engine.dispose().await;
    })
    .await;
}

/// Each object's id is the one of its row, told past orm.
async fn ids_match(engine: &Engine, session: &Session, handles: &[Handle<Tag>]) {
    let there = engine.all(text("SELECT id, name FROM tag").columns::<(i64, String)>()).await.unwrap();
    let there: std::collections::HashMap<i64, String> = there.into_iter().collect();
    for &handle in handles {
        let Tag { id, name } = &session[handle];
        assert_eq!(there.get(id), Some(name), "the id of {name}");
    }
}

/// Where rows come back in an order of their own, or only the first key does, an id may be another row's.
/// Guard: keys are told apart by what they belong to, or counted up where the database promises how.
#[tokio::test]
async fn ids_of_many_rows_are_those_of_their_rows() {
    on_each(async |db| {
        metadata![Tag].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let all = session.add_all((0..1_000).map(|n| tag(format!("first {}", (n * 7_919) % 1_000))));
        session.commit().await.unwrap();
        ids_match(&db.engine, &session, &all).await;
        drop(session);
        // Ids that were given out and are gone.
        let mut session = Session::new(&db.engine);
        session.add_all((0..10).map(|n| tag(format!("gone {n}"))));
        session.add(tag("first 5"));
        let error = session.commit().await.unwrap_err();
        assert!(matches!(error, Error::Integrity { .. }), "{error:?}");
        session.rollback().await.unwrap();
        let all = session.add_all((0..100).map(|n| tag(format!("second {n}"))));
        session.flush().await.unwrap();
        let more = session.add_all((0..100).map(|n| tag(format!("third {n}"))));
        session.commit().await.unwrap();
        ids_match(&db.engine, &session, &all).await;
        ids_match(&db.engine, &session, &more).await;
        assert_eq!(db.engine.one(select(count(Tag))).await.unwrap(), 1_200);
    })
    .await;
}

/// The same while others insert, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_many_rows_while_others_insert() {
    on_each_server(async |db: &Database| {
        metadata![Tag].create_all(&db.engine).await.unwrap();
        let work = |task: u32| {
            let engine = db.engine.clone();
            tokio::spawn(async move {
                for round in 0..10 {
                    let mut session = Session::new(&engine);
                    let all = session.add_all((0..100).map(|n| tag(format!("{task} {round} {n}"))));
                    session.flush().await.unwrap();
                    // Gaps, in the middle of what others insert.
                    if round % 3 == 1 {
                        session.rollback().await.unwrap();
                        continue;
                    }
                    session.commit().await.unwrap();
                    ids_match(&engine, &session, &all).await;
                }
            })
        };
        for task in (0..4).map(work).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(db.engine.one(select(count(Tag))).await.unwrap(), 4 * 7 * 100);
    })
    .await;
}
