use expect_test::expect;
use orm_query::tree::{ConflictAction, ConflictTarget, Excluded, Insert, InsertSource, OnConflict};

use super::*;

/// `INSERT INTO t (id, a, b)` of one row.
fn upsert(target: ConflictTarget, action: ConflictAction) -> Insert {
    Insert {
        prefixes: Vec::new(),
        or: None,
        with: orm_query::tree::With::default(),
        table: named("t"),
        columns: ["id", "a", "b"].map(Name::Borrowed).into(),
        source: InsertSource::Values(vec![vec![int(1), int(2), int(3)]]),
        on_conflict: Some(OnConflict { target, action }),
        returning: Vec::new(),
    }
}

fn columns(names: &[&'static str], is_only: bool) -> ConflictTarget {
    ConflictTarget::Columns {
        columns: names.iter().map(|name| Name::Borrowed(name)).collect(),
        is_only,
        filter: None,
    }
}

fn excluded(name: &'static str) -> Expr {
    Expr::Excluded(Excluded { name: name.into(), data_type: DataType::Integer })
}

fn add(filter: Option<Expr>) -> ConflictAction {
    let sum = col("a").binary(BinaryOperator::Add, excluded("a"));
    ConflictAction::Update { set: vec![("a".into(), sum), ("Order".into(), excluded("b"))], filter }
}

#[test]
fn nothing_is_done() {
    check(
        upsert(columns(&["id"], true), ConflictAction::Nothing),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = t.id
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(columns(&["id", "a"], false), ConflictAction::Nothing),
        expect![
            "error: the database has no ON CONFLICT of one unique key among several; name any by `on_any_conflict()`"
        ],
    );
    check(
        upsert(ConflictTarget::Any, ConflictAction::Nothing),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = t.id
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(ConflictTarget::Constraint("uq_t_a".into()), ConflictAction::Nothing),
        expect!["error: the database has no ON CONFLICT ON CONSTRAINT; name any by `on_any_conflict()`"],
    );
    let returning = vec![col("id").into()];
    check(
        Insert { returning, ..upsert(columns(&["id"], true), ConflictAction::Nothing) },
        expect![[r#"
        mysql:   error: the database has no INSERT … RETURNING; select the rows by their keys
        mariadb: error: the database has no RETURNING of the inserted rows alone; leave `do_nothing()` without RETURNING, and select the rows"#]],
    );
}

#[test]
fn the_row_is_updated() {
    check(
        upsert(columns(&["id"], true), add(None)),
        expect![[r#"
            mysql:   INSERT INTO t (id, a, b) VALUES (?, ?, ?) AS new ON DUPLICATE KEY UPDATE a = t.a + new.a, `Order` = new.b
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER
            mariadb: INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE a = t.a + VALUES(a), `Order` = VALUES(b)
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(columns(&["id"], false), add(None)),
        expect![
            "error: the database has no ON CONFLICT of one unique key among several; name any by `on_any_conflict()`"
        ],
    );
    check(
        upsert(ConflictTarget::Any, add(None)),
        expect![[r#"
            mysql:   INSERT INTO t (id, a, b) VALUES (?, ?, ?) AS new ON DUPLICATE KEY UPDATE a = t.a + new.a, `Order` = new.b
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER
            mariadb: INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE a = t.a + VALUES(a), `Order` = VALUES(b)
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    let older = col("b").binary(BinaryOperator::Lt, excluded("b"));
    check(
        upsert(columns(&["id"], true), add(Some(older))),
        expect![
            "error: the database has no condition on the update of an upsert; say it in the values: `case().when(condition, …)`"
        ],
    );
    let returning = vec![col("id").into()];
    check(
        Insert { returning, ..upsert(columns(&["id"], true), add(None)) },
        expect![[r#"
            mysql:   error: the database has no INSERT … RETURNING; select the rows by their keys
            mariadb: INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE a = t.a + VALUES(a), `Order` = VALUES(b) RETURNING t.id
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
}

#[test]
fn a_column_is_read_before_it_is_assigned() {
    let plus = |name| col(name).binary(BinaryOperator::Add, excluded("a"));
    let set = vec![("a".into(), int(1)), ("b".into(), plus("a"))];
    check(
        upsert(columns(&["id"], true), ConflictAction::Update { set, filter: None }),
        expect![[r#"
            mysql:   INSERT INTO t (id, a, b) VALUES (?, ?, ?) AS new ON DUPLICATE KEY UPDATE b = t.a + new.a, a = ?
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(1): INTEGER
            mariadb: INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE b = t.a + VALUES(a), a = ?
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(1): INTEGER"#]],
    );
}

#[test]
fn of_a_query() {
    let query = || Select { from: vec![table("u")], ..select([column_of("u", "x", DataType::Integer)]) };
    let insert = |action| Insert {
        columns: vec!["a".into()],
        source: InsertSource::Query(query().into()),
        ..upsert(columns(&["a"], true), action)
    };
    check(
        insert(ConflictAction::Nothing),
        expect!["INSERT INTO t (a) SELECT u.x FROM u ON DUPLICATE KEY UPDATE a = t.a"],
    );
    let set = vec![("a".into(), excluded("a"))];
    check(
        insert(ConflictAction::Update { set, filter: None }),
        expect![[r#"
            mysql:   INSERT INTO t (a) SELECT * FROM (SELECT u.x FROM u) AS new (a) ON DUPLICATE KEY UPDATE a = new.a
            mariadb: INSERT INTO t (a) SELECT u.x FROM u ON DUPLICATE KEY UPDATE a = VALUES(a)"#]],
    );
}

#[test]
fn what_makes_no_sense() {
    let empty = ConflictAction::Update { set: vec![], filter: None };
    check(
        upsert(columns(&["id"], true), empty),
        expect!["error: this statement cannot be compiled: UPDATE of `t` sets no column"],
    );
    check(
        Insert { table: named("Excluded"), ..upsert(columns(&["id"], true), add(None)) },
        expect![
            "error: this statement cannot be compiled: the row that an upsert could not insert has the name `excluded`, and the table too"
        ],
    );
}
