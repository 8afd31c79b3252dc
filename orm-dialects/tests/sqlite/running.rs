// ---------------------------------------------------------------------------------------------- how statements run

/// So many numbers, which nobody can know before they were counted.
fn counting(last: i64) -> String {
    format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n"
    )
}

async fn filled(rows: i64) -> (SqliteDriver, Connection) {
    let (driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB)").await;
    let text = format!("INSERT INTO t SELECT i, 'text ' || i, zeroblob(i % 7) FROM ({})", counting(rows));
    assert_eq!(run(&mut c, &text).await, rows as u64);
    (driver, c)
}

#[tokio::test]
async fn many_rows_come_in_their_order_and_whole() {
    let (_driver, mut c) = filled(5_000).await;
    for _ in 0..3 {
        let statement = sql("SELECT id, a, b, NULL, id / 2.0 FROM t ORDER BY id");
        let all = rows(&mut c, &statement, |row| {
            let id = row.i64(0).unwrap().unwrap();
            assert_eq!(row.text(1).unwrap().unwrap(), format!("text {id}"));
            assert_eq!(row.bytes(2).unwrap().unwrap().len() as i64, id % 7);
            assert!(row.is_null(3).unwrap() && row.text(3).unwrap().is_none());
            assert_eq!(row.f64(4).unwrap(), Some(id as f64 / 2.0));
            id
        });
        assert_eq!(all.await.unwrap(), (1..=5_000).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn values_greater_than_any_buffer() {
    let (_driver, mut c) = memory().await;
    let length = 3_000_000;
    for _ in 0..2 {
        let statement = bound(
            "SELECT zeroblob(?1), 'x', zeroblob(?1 / 2) UNION ALL SELECT x'01', 'y', x''",
            [(V::I64(length), DataType::BigInt)],
        );
        let read = |row: &dyn Row| {
            let length = |position| row.bytes(position).unwrap().unwrap().len();
            (length(0), row.text(1).unwrap().unwrap().into_owned(), length(2))
        };
        let expected = [(3_000_000, "x".to_owned(), 1_500_000), (1, "y".to_owned(), 0)];
        assert_eq!(rows(&mut c, &statement, read).await.unwrap(), expected);
    }
    let long = "ü".repeat(700_000);
    let statement = bound("SELECT ?", [(V::Text(long.clone()), DataType::Text)]);
    assert_eq!(texts(&mut c, &statement).await, [long]);
}

#[tokio::test]
async fn a_text_of_many_statements() {
    let (_driver, mut c) = memory().await;
    let many = bound(
        "CREATE TABLE t (a, b); INSERT INTO t VALUES (?, ?); -- and
         SELECT a FROM t WHERE b = ?; /* and */ SELECT a, b, 3 FROM t; UPDATE t SET a = ?4 WHERE b <> ?5;;",
        [1, 2, 2, 4, 5].map(|value| (V::I32(value), DataType::Integer)),
    );
    let read = |row: &dyn Row| {
        (0..row.len()).map(|position| row.i64(position).unwrap().unwrap()).collect::<Vec<_>>()
    };
    if READER == "direct" {
        assert_eq!(rows(&mut c, &many, read).await.unwrap(), [vec![1_i64], vec![1, 2, 3]]);
        run(&mut c, "DROP TABLE t").await;
        assert_eq!(c.execute(&many, &PLAIN).await.unwrap(), 2);
    } else {
        assert!(c.execute(&many, &PLAIN).await.is_err());
        let many = Compiled { sql: many.sql.replace("?4", "?").replace("?5", "?").into(), ..many };
        assert_eq!(rows(&mut c, &many, read).await.unwrap(), [vec![1_i64], vec![1, 2, 3]]);
    }
    // What comes before the one that fails is done.
    assert!(matches!(
        fail(&mut c, "INSERT INTO t VALUES (7, 7); SELECT x FROM t").await,
        Error::Statement { .. }
    ));
    assert_eq!(numbers(&mut c, "SELECT count(*) FROM t WHERE b = 7").await, [1]);
}

#[tokio::test]
async fn named_parameters_are_no_nulls() {
    let (_driver, mut c) = memory().await;
    for text in ["SELECT $1", "SELECT :a", "SELECT @a"] {
        assert!(matches!(fail(&mut c, text).await, Error::Compile(CompileError::Invalid(_))), "{text}");
    }
}

#[tokio::test]
async fn a_table_that_changes_under_a_prepared_statement() {
    let (_driver, mut c) = filled(3).await;
    let star = sql("SELECT * FROM t WHERE id = 2");
    let names =
        |row: &dyn Row| (0..row.len()).map(|n| row.column_name(n).unwrap().to_owned()).collect::<Vec<_>>();
    for (change, columns) in [
        ("SELECT 1", vec!["id", "a", "b"]),
        ("ALTER TABLE t RENAME COLUMN a TO z", vec!["id", "z", "b"]),
        ("ALTER TABLE t ADD COLUMN c DEFAULT 5", vec!["id", "z", "b", "c"]),
        ("ALTER TABLE t DROP COLUMN b", vec!["id", "z", "c"]),
    ] {
        run(&mut c, change).await;
        for _ in 0..3 {
            assert_eq!(rows(&mut c, &star, names).await.unwrap(), std::slice::from_ref(&columns), "{change}");
        }
    }
    run(&mut c, "DROP TABLE t").await;
    assert!(matches!(
        rows(&mut c, &star, names).await,
        Err(Error::Statement { kind: StatementKind::NoSuchTable, .. })
    ));
}

#[tokio::test]
async fn caches_of_any_size() {
    for statement_cache_capacity in [0, 1, 2, 100] {
        let mut options = DriverOptions::default();
        options.statement_cache_capacity = statement_cache_capacity;
        let driver = configured("sqlite::memory:", options);
        let mut c = driver.connect().await.unwrap();
        for round in 0..3 {
            for n in 0..4 {
                let statement = bound(&format!("SELECT ? + {n}"), [(V::I64(round), DataType::BigInt)]);
                assert_eq!(
                    rows(&mut c, &statement, |row| row.i64(0).unwrap().unwrap()).await.unwrap(),
                    [round + n]
                );
            }
            if round == 1 {
                c.clear_statement_cache().await.unwrap();
            }
        }
        c.close().await;
    }
}

#[tokio::test]
async fn a_query_that_was_short_and_is_long_now() {
    let (_driver, mut c) = filled(20_000).await;
    let text = "SELECT count(*), max(a) FROM t WHERE id <= ? AND a <> 'x'";
    for n in [1, 1, 1, 20_000, 1, 1, 19_999] {
        let statement = bound(text, [(V::I64(n), DataType::BigInt)]);
        assert_eq!(rows(&mut c, &statement, |row| row.i64(0).unwrap().unwrap()).await.unwrap(), [n]);
    }
    let text = "SELECT id FROM t WHERE id <= ? ORDER BY id";
    for n in [1, 1, 1, 20_000, 1, 1, 3] {
        let statement = bound(text, [(V::I64(n), DataType::BigInt)]);
        let all = rows(&mut c, &statement, |row| row.i64(0).unwrap().unwrap()).await.unwrap();
        assert_eq!(all, (1..=n).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn writes_one_after_the_other() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE)").await;
    run(&mut c, "CREATE TABLE t (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE)")
        .await;
    let int = |value: i64| (V::I64(value), DataType::BigInt);
    for round in 0..3 {
        c.begin(&DEFAULT).await.unwrap();
        for id in 1..=200 {
            let text = (V::Text(format!("a{id}")), DataType::Text);
            let insert = bound("INSERT INTO p (id, a) VALUES (?, ?)", [int(id), text]);
            assert_eq!(c.execute(&insert, &PLAIN).await.unwrap(), 1);
            if id > 1 {
                assert!(matches!(c.execute(&insert, &PLAIN).await, Err(Error::Integrity { .. })));
            }
            let insert = bound("INSERT INTO t (p_id) VALUES (?) RETURNING id", [int(id)]);
            assert_eq!(rows(&mut c, &insert, |row| row.i64(0).unwrap().unwrap()).await.unwrap(), [id]);
        }
        for id in 1..=200 {
            let update = bound("UPDATE p SET a = 'b' || id WHERE id = ?", [int(id)]);
            assert_eq!(c.execute(&update, &PLAIN).await.unwrap(), 1);
            let update = bound("UPDATE t SET p_id = p_id WHERE p_id <= ?", [int(id)]);
            assert_eq!(c.execute(&update, &PLAIN).await.unwrap(), id as u64);
        }
        assert_eq!(numbers(&mut c, "SELECT count(*) FROM p WHERE a = 'b' || id").await, [200]);
        for id in 1..=200 {
            let delete = bound("DELETE FROM p WHERE id = ?", [int(id)]);
            assert_eq!(c.execute(&delete, &PLAIN).await.unwrap(), 1);
        }
        if round == 1 {
            c.rollback().await.unwrap();
        } else {
            c.commit().await.unwrap();
        }
        assert_eq!(numbers(&mut c, "SELECT (SELECT count(*) FROM p) + (SELECT count(*) FROM t)").await, [0]);
    }
}

/// The runtime has one thread, and it goes on while SQLite works.
#[tokio::test]
async fn a_long_query_holds_nobody_up() {
    let (_driver, mut c) = memory().await;
    let long = sql(&format!("SELECT count(*) FROM ({})", counting(2_000_000)));
    for _ in 0..2 {
        let mut ticks = 0;
        let count = async { rows(&mut c, &long, |row| row.i64(0).unwrap().unwrap()).await.unwrap() };
        let mut count = std::pin::pin!(count);
        let counted = loop {
            tokio::select! {
                biased;
                counted = &mut count => break counted,
                () = tokio::time::sleep(Duration::from_millis(5)) => ticks += 1,
            }
        };
        assert_eq!(counted, [2_000_000]);
        assert!(ticks >= 3, "{ticks}");
    }
}

/// Tasks whose queries are all answered at once let others run.
#[tokio::test]
async fn short_queries_hold_nobody_up() {
    let (_driver, mut c) = filled(10).await;
    let ended = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = ended.clone();
    let task = tokio::spawn(async move {
        let mut rounds = 0_u64;
        while !seen.load(std::sync::atomic::Ordering::Relaxed) {
            assert_eq!(numbers(&mut c, "SELECT id FROM t WHERE id = 3").await, [3]);
            rounds += 1;
        }
        rounds
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    ended.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(task.await.unwrap() > 1);
}

// ---------------------------------------------------------------------------------------------- limits

const BRIEF: ExecutionOptions = ExecutionOptions::new().timeout(Duration::from_millis(60));

#[tokio::test]
async fn a_statement_that_takes_too_long() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a INTEGER)").await;
    let endless = counting(i64::MAX);
    for text in [format!("SELECT count(*) FROM ({endless})"), format!("INSERT INTO t {endless}")] {
        for _ in 0..2 {
            let start = Instant::now();
            match c.execute(&sql(&text), &BRIEF).await {
                Err(Error::Timeout { what: TimeoutKind::Statement, message, .. }) => {
                    assert_eq!(message, "it ran for more than 60ms");
                }
                other => panic!("{other:?}"),
            }
            assert!(start.elapsed() >= Duration::from_millis(55) && start.elapsed() < Duration::from_secs(5));
            assert!(c.is_clean());
            // The limit was that statement's own.
            assert_eq!(
                numbers(&mut c, &format!("SELECT count(*) FROM ({})", counting(300_000))).await,
                [300_000]
            );
        }
    }
    assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [0]);
    let mut cursor = c.fetch(&sql(&endless), &BRIEF);
    let mut seen = 0;
    let error = loop {
        match cursor.next().await {
            Ok(row) => seen += i64::from(row.is_some()),
            Err(error) => break error,
        }
    };
    assert!(
        seen > 0 && matches!(error, Error::Timeout { what: TimeoutKind::Statement, .. }),
        "{seen} {error:?}"
    );
    assert!(cursor.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_transaction_that_sqlite_has_ended() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT ROLLBACK)").await;
    let endless = format!("INSERT INTO t {}", counting(i64::MAX));
    for round in 0..2 {
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (-1)").await;
        if round == 0 {
            assert!(matches!(fail(&mut c, "INSERT INTO t VALUES (-1)").await, Error::Integrity { .. }));
        } else {
            assert!(matches!(c.execute(&sql(&endless), &BRIEF).await, Err(Error::Timeout { .. })));
        }
        // Otherwise this would be committed at once, without the row before it.
        for _ in 0..2 {
            match fail(&mut c, "INSERT INTO t VALUES (-2)").await {
                Error::Statement { kind: StatementKind::FailedTransaction, .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(
            c.commit().await,
            Err(Error::Statement { kind: StatementKind::FailedTransaction, .. })
        ));
        assert!(c.in_transaction() && !c.is_clean());
        c.rollback().await.unwrap();
        assert!(c.is_clean());
        assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [0]);
    }
    // An error that does not end it leaves it as it is.
    run(&mut c, "CREATE TABLE u (a INTEGER PRIMARY KEY)").await;
    c.begin(&DEFAULT).await.unwrap();
    run(&mut c, "INSERT INTO u VALUES (1)").await;
    assert!(matches!(fail(&mut c, "INSERT INTO u VALUES (1)").await, Error::Integrity { .. }));
    run(&mut c, "INSERT INTO u VALUES (2)").await;
    c.commit().await.unwrap();
    assert_eq!(numbers(&mut c, "SELECT a FROM u").await, [1, 2]);
}

#[tokio::test]
async fn transactions_that_only_read() {
    let reads = DEFAULT.read_only(true);
    for read_only in [false, true] {
        let mut options = DriverOptions::default();
        options.read_only = read_only;
        options.setup =
            vec!["PRAGMA query_only = OFF".into(), "CREATE TABLE IF NOT EXISTS t (a INTEGER)".into()];
        let driver = configured("sqlite::memory:?transaction=immediate", options);
        let mut c = driver.connect().await.unwrap();
        assert!(c.is_clean());
        let insert = sql("INSERT INTO t VALUES (1)");
        assert_eq!(matches!(c.execute(&insert, &PLAIN).await, Err(Error::ReadOnly { .. })), read_only);
        for _ in 0..2 {
            c.begin(&reads).await.unwrap();
            assert!(matches!(c.execute(&insert, &PLAIN).await, Err(Error::ReadOnly { .. })));
            assert!(!numbers(&mut c, "SELECT count(*) FROM t").await.is_empty());
            c.commit().await.unwrap();
            c.begin(&DEFAULT.read_only(false)).await.unwrap();
            c.execute(&insert, &PLAIN).await.unwrap();
            c.rollback().await.unwrap();
            assert!(c.is_clean());
            c.begin(&DEFAULT).await.unwrap();
            assert_eq!(matches!(c.execute(&insert, &PLAIN).await, Err(Error::ReadOnly { .. })), read_only);
            c.reset().await.unwrap();
            assert!(c.is_clean());
        }
    }
}

#[tokio::test]
async fn every_level_of_isolation_is_given() {
    use orm_query::IsolationLevel::*;
    let (_driver, mut c) = memory().await;
    for level in [ReadUncommitted, ReadCommitted, RepeatableRead, Snapshot, Serializable] {
        c.begin(&DEFAULT.isolation(level).deferrable()).await.unwrap();
        c.commit().await.unwrap();
    }
    assert!(matches!(c.begin_two_phase("x").await, Err(Error::Unsupported { .. })));
    assert!(matches!(c.prepared_transactions().await, Err(Error::Unsupported { .. })));
    assert!(c.is_clean());
}

#[tokio::test]
async fn what_a_new_connection_runs() {
    let mut options = DriverOptions::default();
    options.setup = vec!["PRAGMA busy_timeout = 123".into(), "PRAGMA foreign_keys = OFF".into()];
    let driver = configured("sqlite::memory:", options);
    let mut c = driver.connect().await.unwrap();
    assert!(c.is_clean());
    for _ in 0..3 {
        // Once a short one, once one that is not.
        assert_eq!(numbers(&mut c, "SELECT 1").await, [1]);
        assert_eq!(numbers(&mut c, &format!("SELECT count(*) FROM ({})", counting(5_000))).await, [5_000]);
    }
    assert_eq!(numbers(&mut c, "SELECT timeout FROM pragma_busy_timeout").await, [123]);
    assert_eq!(numbers(&mut c, "SELECT foreign_keys FROM pragma_foreign_keys").await, [0]);
    run(&mut c, "PRAGMA busy_timeout = 456").await;
    assert!(!c.is_clean());
    c.keep_changes();
    assert!(c.is_clean());
    for _ in 0..3 {
        assert_eq!(numbers(&mut c, "SELECT 1").await, [1]);
    }
    assert_eq!(numbers(&mut c, &format!("SELECT count(*) FROM ({})", counting(5_000))).await, [5_000]);
    assert_eq!(numbers(&mut c, "PRAGMA busy_timeout").await, [456]);
    let mut options = DriverOptions::default();
    options.setup = vec!["SELECT nothing".into()];
    let driver = configured("sqlite::memory:", options);
    assert!(matches!(driver.connect().await.err(), Some(Error::Statement { .. })));
}

// ---------------------------------------------------------------------------------------------- half-way

#[tokio::test]
async fn a_long_query_that_is_dropped() {
    let (_driver, mut c) = single().await;
    let endless = sql(&format!("SELECT count(*) FROM ({})", counting(i64::MAX)));
    let start = Instant::now();
    for polls in 1..4 {
        abandon(c.execute(&endless, &PLAIN), polls).await;
        assert!(!c.is_clean());
        is_clean(&mut c).await;
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (1)").await;
        // A read that is stopped leaves its transaction open.
        _ = tokio::time::timeout(Duration::from_millis(30), c.execute(&endless, &PLAIN)).await.unwrap_err();
        assert_eq!(numbers(&mut c, "SELECT a FROM t").await, [1]);
        is_clean(&mut c).await;
        _ = tokio::time::timeout(Duration::from_millis(30), c.execute(&endless, &PLAIN)).await.unwrap_err();
        c.ping().await.unwrap();
        is_clean(&mut c).await;
    }
    _ = tokio::time::timeout(Duration::from_millis(30), c.execute(&endless, &PLAIN)).await.unwrap_err();
    c.close().await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_write_that_is_dropped_is_done_or_not() {
    for polls in 0..5 {
        let (_driver, mut c) = single().await;
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (0)").await;
        let many = sql(&format!("INSERT INTO t {}", counting(1_000)));
        abandon(c.execute(&many, &PLAIN), polls).await;
        run(&mut c, "INSERT INTO t VALUES (0)").await;
        c.commit().await.unwrap();
        let count = numbers(&mut c, "SELECT count(*) FROM t").await[0];
        assert!(count == 2 || count == 1_002, "{polls}: {count}");
    }
}

#[tokio::test]
async fn rows_of_a_write_that_are_not_read() {
    let (_driver, mut c) = single().await;
    let text = format!("INSERT INTO t {} RETURNING a", counting(3_000));
    for read in [0, 1, 2_000] {
        {
            let mut cursor = c.fetch(&sql(&text), &PLAIN);
            for _ in 0..read {
                cursor.next().await.unwrap().unwrap();
            }
        }
        let expected = if read == 0 { 0 } else { 3_000 };
        assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [expected]);
        run(&mut c, "DELETE FROM t").await;
        assert!(c.is_clean());
    }
}

// ---------------------------------------------------------------------------------------------- underneath

/// Unlocking and locking again waits for itself in sqlx 0.9.0 when its commands pile up.
#[tokio::test]
async fn the_connection_underneath_again_and_again() {
    use ::sqlx::Connection as _;
    let (_driver, mut c) = single().await;
    for n in 0..300 {
        {
            let raw = c.raw().await.unwrap().downcast_mut::<::sqlx::SqliteConnection>().unwrap();
            if n % 3 == 0 {
                raw.ping().await.unwrap();
            }
            if n == 7 {
                ::sqlx::query("INSERT INTO t VALUES (7)").execute(raw).await.unwrap();
            }
        }
        assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [i64::from(n >= 7)]);
    }
    // Without anything in between, for which the thread would have to take its commands.
    for _ in 0..300 {
        c.raw().await.unwrap();
        c.ping().await.unwrap();
    }
    assert!(!c.is_clean());
    assert!(matches!(c.reset().await, Err(Error::Connection { .. })));
    c.close().await;
}

#[tokio::test]
async fn a_short_query_waits_for_a_lock_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let url = "mode=rwc&journal_mode=delete&busy_timeout=150ms";
    let driver = file(&dir.path().join("a.db"), url);
    let mut a = driver.connect().await.unwrap();
    let mut b = driver.connect().await.unwrap();
    run(&mut a, "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 1)").await;
    let point = "SELECT a FROM t WHERE id = 1";
    for _ in 0..4 {
        assert_eq!(numbers(&mut b, point).await, [1]);
    }
    run(&mut a, "BEGIN EXCLUSIVE").await;
    let start = Instant::now();
    match rows(&mut b, &sql(point), |_| ()).await {
        Err(Error::Timeout { what: TimeoutKind::Lock, .. }) => {}
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() >= Duration::from_millis(140), "{:?}", start.elapsed());
    let release = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        run(&mut a, "COMMIT").await;
    };
    let (found, ()) = tokio::join!(numbers(&mut b, point), release);
    assert_eq!(found, [1]);
    // A statement's own limit is the shorter one.
    run(&mut a, "BEGIN EXCLUSIVE").await;
    let start = Instant::now();
    let limit = ExecutionOptions::new().timeout(Duration::from_millis(40));
    assert!(matches!(b.execute(&sql(point), &limit).await, Err(Error::Timeout { .. })));
    if READER == "direct" {
        assert!(start.elapsed() < Duration::from_millis(120), "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn the_types_of_what_is_read() {
    let (_driver, mut c) = memory().await;
    run(
        &mut c,
        "CREATE TABLE t (a BIGINT, b BOOLEAN, c DOUBLE, d TEXT, e BLOB, f DATE, g DECIMAL_TEXT(9, 2), h DATETIME, \
         i TIMESTAMP, j CHAR(32), k JSON_TEXT, l BOOLEAN)",
    )
    .await;
    run(
        &mut c,
        "INSERT INTO t VALUES (1, 1, 1.5, 'x', x'00', '2024-02-29', '1.50', '2024-02-29 10:00:00', \
         '2024-02-29 10:00:00+00:00', '00000000000000000000000000000001', '[1]', 7)",
    )
    .await;
    let statement = sql("SELECT t.*, 1 + 1, 'x' || 'y', NULL FROM t");
    let types = rows(&mut c, &statement, |row| {
        for position in 0..row.len() {
            let data_type = row.data_type(position).unwrap();
            orm_query::read_value(row, position, &data_type).unwrap();
        }
        assert_eq!(row.data_type(row.len()), None);
        (0..row.len()).map(|position| row.data_type(position).unwrap().to_string()).collect::<Vec<_>>()
    });
    let types = types.await.unwrap().remove(0).join(", ");
    if READER == "direct" {
        assert_eq!(
            types,
            "BIGINT, BOOLEAN, DOUBLE PRECISION, TEXT, BYTES, DATE, NUMERIC, TIMESTAMP, TIMESTAMP WITH TIME ZONE, UUID, \
             JSON, BIGINT, BIGINT, TEXT, TEXT"
        );
    }
}
