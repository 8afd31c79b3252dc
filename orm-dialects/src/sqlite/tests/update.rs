use expect_test::expect;
use orm_query::tree::Update;

use super::*;

fn update(set: Vec<(orm_query::tree::SetTarget, Expr)>) -> Update {
    Update { set, ..Update::new(named("t")) }
}

#[test]
fn targets_are_bare_and_the_rest_is_qualified() {
    check(
        update(vec![("a".into(), int(1)), ("Order".into(), col("b").binary(BinaryOperator::Add, int(2)))]),
        expect![[r#"
            UPDATE t SET a = ?, "Order" = t.b + ?
            I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    let exists = Expr::Exists(Box::new(orm_query::tree::Exists {
        query: Select {
            columns: vec![int(1).into()],
            from: vec![table("u")],
            filter: Some(col("b")),
            ..Select::default()
        }
        .into(),
    }));
    check(
        Update {
            filter: Some(col("id").binary(BinaryOperator::Eq, int(3)).and(exists.clone())),
            returning: vec![col("id").into(), exists.into()],
            ..update(vec![("a".into(), int(1))])
        },
        expect![[r#"
            UPDATE t SET a = ? WHERE t.id = ? AND EXISTS (SELECT ? FROM u WHERE t.b) RETURNING id, EXISTS (SELECT ? FROM u WHERE t.b)
            I32(1): INTEGER, I32(3): INTEGER, I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check(
        Update { table: named("t").alias("x"), ..update(vec![("a".into(), int(1))]) },
        expect![[r#"
        UPDATE t AS x SET a = ?
        I32(1): INTEGER"#]],
    );
}

#[test]
fn values_that_do_not_fit() {
    let long = |place: &'static str| bind(Value::Text(place.into()), DataType::Varchar(3));
    check(
        update(vec![("a".into(), long("long"))]),
        expect![[
            r#"error: the value Text("long") cannot be stored in `t.a` as VARCHAR(3) in sqlite: the text is longer than the column"#
        ]],
    );
    let filter = typed("a", DataType::Varchar(3)).binary(BinaryOperator::Eq, long("long"));
    check(
        Update { filter: Some(filter), ..update(vec![("a".into(), long("x"))]) },
        expect![[r#"
        UPDATE t SET a = ? WHERE t.a = ?
        Text("x"): VARCHAR(3), Text("long"): VARCHAR(3)"#]],
    );
}

#[test]
fn nothing_to_set() {
    check(update(vec![]), expect!["error: this statement cannot be compiled: UPDATE of `t` sets no column"]);
}
