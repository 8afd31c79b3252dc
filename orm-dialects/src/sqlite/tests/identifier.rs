use expect_test::expect;
use orm_query::tree::SourceRef;

use super::*;

#[test]
fn plain_names_have_no_quotes() {
    for name in ["a", "user_account", "_x1", "a$b"] {
        assert_eq!(
            said(&Statement::Select(select([typed(name, DataType::Text)]))),
            format!("SELECT t.{name} FROM t")
        );
    }
}

#[test]
fn others_have() {
    let name = |name: &'static str| select([typed(name, DataType::Text)]);
    check(name("User"), expect![[r#"SELECT t."User" FROM t"#]]);
    check(name("order"), expect![[r#"SELECT t."order" FROM t"#]]);
    check(name("1a"), expect![[r#"SELECT t."1a" FROM t"#]]);
    check(name("$a"), expect![[r#"SELECT t."$a" FROM t"#]]);
    check(name("a b"), expect![[r#"SELECT t."a b" FROM t"#]]);
    check(name("größe"), expect![[r#"SELECT t."größe" FROM t"#]]);
    check(name("a.b"), expect![[r#"SELECT t."a.b" FROM t"#]]);
    check(name("?"), expect![[r#"SELECT t."?" FROM t"#]]);
}

#[test]
fn no_name_ends_its_quotes() {
    let name = "x\" FROM t; DROP TABLE t; --";
    check(
        select([typed(name, DataType::Text)]),
        expect![[r#"SELECT t."x"" FROM t; DROP TABLE t; --" FROM t"#]],
    );
    let evil =
        From::Table(TableRef { schema: Some("a\"b".into()), name: "c'd".into(), alias: Some("e;f".into()) });
    let columns = vec![column_of("e;f", "\"", DataType::Text).into()];
    check(
        Select { columns, from: vec![evil], ..Select::default() },
        expect![[r#"SELECT "e;f"."""" FROM "a""b"."c'd" AS "e;f""#]],
    );
}

#[test]
fn what_is_no_name() {
    check(select([typed("", DataType::Text)]), expect!["error: `` cannot be an identifier: it is empty"]);
    check(
        select([typed("a\0b", DataType::Text)]),
        expect![[r#"error: `a\0b` cannot be an identifier: it has a NUL character"#]],
    );
    check(
        Select { columns: vec![int(1).into()], from: vec![table("")], ..Select::default() },
        expect!["error: `` cannot be an identifier: it is empty"],
    );
}

#[test]
fn schemas_and_aliases() {
    let source = SourceRef { schema: Some("aux".into()), name: "t".into() };
    let column = Expr::Column(ColumnRef { source, name: "a".into(), data_type: DataType::Text });
    let t = TableRef { schema: Some("aux".into()), ..named("t") };
    let columns = vec![label(column, "Label"), column_of("x", "a", DataType::Text).into()];
    check(
        Select {
            columns,
            from: vec![From::Table(t), From::Table(named("t").alias("x"))],
            ..Select::default()
        },
        expect![[r#"SELECT aux.t.a AS "Label", x.a FROM aux.t, t AS x"#]],
    );
}
