use expect_test::expect;
use orm_query::tree::{Delete, InQuery, Limit};

use super::*;

fn delete() -> Delete {
    Delete { filter: Some(col("id").binary(BinaryOperator::Eq, int(1))), ..Delete::new(named("t")) }
}

#[test]
fn rows() {
    check(
        delete(),
        expect![[r#"
        DELETE FROM t WHERE t.id = ?
        I32(1): INTEGER"#]],
    );
    check(Delete { filter: None, ..delete() }, expect!["DELETE FROM t"]);
    check(
        Delete { returning: vec![col("id").into()], ..delete() },
        expect![[r#"
            mysql:   error: the database has no DELETE … RETURNING; select the rows first
            mariadb: DELETE FROM t WHERE t.id = ? RETURNING t.id
            I32(1): INTEGER"#]],
    );
}

#[test]
fn under_an_alias() {
    let filter = Some(column_of("x", "id", DataType::Integer).binary(BinaryOperator::Eq, int(1)));
    let aliased = || Delete {
        using: Vec::new(),
        prefixes: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        with: orm_query::tree::With::default(),
        table: named("t").alias("x"),
        filter: filter.clone(),
        returning: Vec::new(),
    };
    check(
        aliased(),
        expect![[r#"
            DELETE FROM x USING t AS x WHERE x.id = ?
            I32(1): INTEGER"#]],
    );
    check(
        Delete { returning: vec![column_of("x", "id", DataType::Integer).into()], ..aliased() },
        expect![[r#"
        mysql:   error: the database has no DELETE … RETURNING; select the rows first
        mariadb: error: the database has no RETURNING of DELETE under an alias"#]],
    );
}

#[test]
fn queries_of_the_table_itself() {
    let query = Select {
        limit: Some(Limit { count: Some(Limit::rows(1)), ..Limit::default() }),
        ..select([col("id")])
    };
    let filter = Expr::InQuery(Box::new(InQuery { operand: col("id"), query: query.into(), negated: false }));
    check(
        Delete { filter: Some(filter), ..delete() },
        expect![[r#"
        mysql:   DELETE FROM t WHERE t.id IN (SELECT /*+ NO_MERGE(derived_rows) */ * FROM (SELECT t.id FROM t LIMIT ?) AS derived_rows)
        I64(1): BIGINT
        mariadb: DELETE FROM t WHERE t.id IN (SELECT * FROM (SELECT t.id FROM t LIMIT ?) AS derived_rows)
        I64(1): BIGINT"#]],
    );
}
