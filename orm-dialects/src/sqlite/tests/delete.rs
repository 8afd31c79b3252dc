use expect_test::expect;
use orm_query::tree::Delete;

use super::*;

#[test]
fn delete() {
    let delete = Delete {
        using: Vec::new(),
        prefixes: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        with: orm_query::tree::With::default(),
        table: named("t"),
        filter: None,
        returning: Vec::new(),
    };
    check(delete.clone(), expect!["DELETE FROM t"]);
    let filter = Some(col("id").binary(BinaryOperator::Eq, int(1)));
    check(
        Delete { filter, returning: vec![col("id").into(), label(col("a"), "b")], ..delete },
        expect![[r#"
        DELETE FROM t WHERE t.id = ? RETURNING id, a AS b
        I32(1): INTEGER"#]],
    );
}
