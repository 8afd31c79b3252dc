use expect_test::expect;
use orm_query::tree::{Exists, InQuery, Subquery, Update};

use super::*;

fn update(set: Vec<(&'static str, Expr)>) -> Update {
    let set = set.into_iter().map(|(name, value)| (name.into(), value)).collect();
    Update { set, ..Update::new(named("t")) }
}

fn plus(name: &'static str, number: i32) -> Expr {
    col(name).binary(BinaryOperator::Add, int(number))
}

#[test]
fn assignments() {
    let filter = Some(col("id").binary(BinaryOperator::Eq, int(2)));
    check(
        Update { filter, ..update(vec![("a", int(1)), ("key", plus("key", 1))]) },
        expect![[r#"
        UPDATE t SET a = ?, `key` = t.`key` + ? WHERE t.id = ?
        I32(1): INTEGER, I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check(
        Update { returning: vec![col("a").into()], ..update(vec![("a", int(1))]) },
        expect!["error: the database has no UPDATE … RETURNING; select the rows by their keys"],
    );
    check(
        Update { table: named("t").alias("x"), ..update(vec![("a", int(1))]) },
        expect![[r#"
        UPDATE t AS x SET a = ?
        I32(1): INTEGER"#]],
    );
}

#[test]
fn a_column_is_read_before_it_is_assigned() {
    check(
        update(vec![("a", plus("a", 1)), ("b", plus("a", 2)), ("c", plus("b", 3))]),
        expect![[r#"
        UPDATE t SET c = t.b + ?, b = t.a + ?, a = t.a + ?
        I32(3): INTEGER, I32(2): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        update(vec![("a", plus("b", 1)), ("b", plus("a", 2))]),
        expect![
            "error: the database has no UPDATE of columns that are each computed from the other; read the row first, or use two statements"
        ],
    );
}

#[test]
fn queries_of_the_table_itself() {
    let max = || {
        let query = select([call("max", [col("a")], DataType::Integer)]);
        Expr::Subquery(Box::new(Subquery { query: query.into(), data_type: DataType::Integer }))
    };
    check(
        update(vec![("a", max().binary(BinaryOperator::Add, int(1)))]),
        expect![[r#"
        mysql:   UPDATE t SET a = (SELECT /*+ NO_MERGE(derived_rows) */ * FROM (SELECT max(t.a) FROM t) AS derived_rows) + ?
        I32(1): INTEGER
        mariadb: UPDATE t SET a = (SELECT max(t.a) FROM t) + ?
        I32(1): INTEGER"#]],
    );
    let filter = Expr::InQuery(Box::new(InQuery {
        operand: col("id"),
        query: select([col("id")]).into(),
        negated: false,
    }));
    check(
        Update { filter: Some(filter), ..update(vec![("a", int(1))]) },
        expect![[r#"
        mysql:   UPDATE t SET a = ? WHERE t.id IN (SELECT /*+ NO_MERGE(derived_rows) */ * FROM (SELECT t.id FROM t) AS derived_rows)
        I32(1): INTEGER
        mariadb: UPDATE t SET a = ? WHERE t.id IN (SELECT t.id FROM t)
        I32(1): INTEGER"#]],
    );
    let same = column_of("x", "a", DataType::Integer).binary(BinaryOperator::Eq, col("a"));
    let query =
        Select { from: vec![From::Table(named("t").alias("x"))], filter: Some(same), ..select([int(1)]) };
    let filter = Some(Expr::Exists(Box::new(Exists { query: query.into() })));
    check(
        Update { filter, ..update(vec![("a", int(1))]) },
        expect![[r#"
        mysql:   error: the database has no subquery that reads the table and the row that are changed; select the keys first, and change the rows of those keys
        mariadb: UPDATE t SET a = ? WHERE EXISTS (SELECT ? FROM t AS x WHERE x.a = t.a)
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
}
