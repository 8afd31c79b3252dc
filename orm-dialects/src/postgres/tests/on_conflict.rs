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
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(columns(&["id", "a"], false), ConflictAction::Nothing),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id, a) DO NOTHING
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(ConflictTarget::Any, ConflictAction::Nothing),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(ConflictTarget::Constraint("uq_t_a".into()), ConflictAction::Nothing),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT uq_t_a DO NOTHING
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    let returning = vec![col("id").into()];
    check(
        Insert { returning, ..upsert(columns(&["id"], true), ConflictAction::Nothing) },
        expect![[r#"
            INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING t.id
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
}

#[test]
fn the_row_is_updated() {
    check(
        upsert(columns(&["id"], true), add(None)),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = t.a + excluded.a, "Order" = excluded.b
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(columns(&["id"], false), add(None)),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = t.a + excluded.a, "Order" = excluded.b
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    check(
        upsert(ConflictTarget::Any, add(None)),
        expect![
            "error: postgres has no DO UPDATE on any conflict; name the columns of a unique key by `on_conflict`"
        ],
    );
    let older = col("b").binary(BinaryOperator::Lt, excluded("b"));
    check(
        upsert(columns(&["id"], true), add(Some(older))),
        expect![[r#"
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = t.a + excluded.a, "Order" = excluded.b WHERE t.b < excluded.b
        I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER"#]],
    );
    let returning = vec![col("id").into()];
    check(
        Insert { returning, ..upsert(columns(&["id"], true), add(None)) },
        expect![[r#"
            INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = t.a + excluded.a, "Order" = excluded.b RETURNING t.id
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
        INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = $4, b = t.a + excluded.a
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
        expect!["INSERT INTO t (a) SELECT u.x FROM u ON CONFLICT (a) DO NOTHING"],
    );
    let set = vec![("a".into(), excluded("a"))];
    check(
        insert(ConflictAction::Update { set, filter: None }),
        expect!["INSERT INTO t (a) SELECT u.x FROM u ON CONFLICT (a) DO UPDATE SET a = excluded.a"],
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
