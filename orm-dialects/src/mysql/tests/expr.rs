use expect_test::expect;
use orm_query::tree::Collate;

use super::*;

#[test]
fn names() {
    let of = |source, name| Select {
        columns: vec![column_of(source, name, DataType::Integer).into()],
        from: vec![table(source)],
        ..Select::default()
    };
    check(of("Order", "it`s"), expect!["SELECT `Order`.`it``s` FROM `Order`"]);
    check(of("select", "count"), expect!["SELECT `select`.`count` FROM `select`"]);
    check_expr(col("tags"), expect!["SELECT t.tags FROM t, u"]);
    check_expr(col(""), expect!["error: `` cannot be an identifier: it is empty"]);
}

#[test]
fn collations() {
    let collate = Collate { operand: typed("a", DataType::Text), collation: "utf8mb4_bin".into() };
    check_expr(Expr::Collate(Box::new(collate)), expect!["SELECT t.a COLLATE utf8mb4_bin FROM t, u"]);
}

#[test]
fn cases() {
    let branches = vec![(int(1), string("x"))];
    check_expr(
        Expr::Case(Box::new(Case { operand: Some(col("a")), branches, otherwise: None })),
        expect![[r#"
        SELECT CASE t.a WHEN ? THEN ? END FROM t, u
        I32(1): INTEGER, Text("x"): TEXT"#]],
    );
}

#[test]
fn casts() {
    let cast = |from: DataType, to: DataType| {
        Expr::Cast(Box::new(Cast { operand: typed("a", from), data_type: to }))
    };
    let text = || DataType::Text;
    check_expr(cast(DataType::Integer, DataType::Boolean), expect!["SELECT (t.a != 0) FROM t, u"]);
    check_expr(
        cast(text(), DataType::Boolean),
        expect!["error: the database has no CAST of anything but an integer to BOOLEAN"],
    );
    check_expr(cast(text(), DataType::SmallInt), expect!["SELECT CAST(t.a AS SIGNED INTEGER) FROM t, u"]);
    check_expr(
        cast(text(), DataType::UnsignedBigInt),
        expect!["SELECT CAST(t.a AS UNSIGNED INTEGER) FROM t, u"],
    );
    check_expr(cast(text(), DataType::Real), expect!["SELECT CAST(t.a AS FLOAT) FROM t, u"]);
    check_expr(cast(text(), DataType::Double), expect!["SELECT CAST(t.a AS DOUBLE) FROM t, u"]);
    check_expr(cast(text(), DataType::NUMERIC), expect!["SELECT CAST(t.a AS DECIMAL(65, 30)) FROM t, u"]);
    check_expr(
        cast(text(), DataType::Numeric { precision: Some(5), scale: Some(2) }),
        expect!["SELECT CAST(t.a AS DECIMAL(5, 2)) FROM t, u"],
    );
    check_expr(cast(DataType::Integer, text()), expect!["SELECT CAST(t.a AS CHAR) FROM t, u"]);
    check_expr(
        cast(DataType::Integer, DataType::Varchar(3)),
        expect!["SELECT CAST(t.a AS CHAR(3)) FROM t, u"],
    );
    check_expr(cast(text(), DataType::Bytes), expect!["SELECT CAST(t.a AS BINARY) FROM t, u"]);
    check_expr(cast(text(), DataType::Date), expect!["SELECT CAST(t.a AS DATE) FROM t, u"]);
    check_expr(cast(text(), DataType::Time), expect!["SELECT CAST(t.a AS TIME(6)) FROM t, u"]);
    check_expr(cast(text(), DataType::TimestampTz), expect!["SELECT CAST(t.a AS DATETIME(6)) FROM t, u"]);
    check_expr(
        cast(text(), DataType::Uuid),
        expect![[r#"
        mysql:   SELECT bin_to_uuid(uuid_to_bin(t.a)) FROM t, u
        mariadb: SELECT CAST(t.a AS UUID) FROM t, u"#]],
    );
    check_expr(
        cast(text(), DataType::Json),
        expect![[r#"
        mysql:   SELECT CAST(t.a AS JSON) FROM t, u
        mariadb: SELECT CAST(t.a AS CHAR) FROM t, u"#]],
    );
    check_expr(
        cast(text(), DataType::Interval),
        expect!["error: the database has no CAST to such a type; convert the value in Rust"],
    );
    check_expr(
        cast(text(), DataType::Hstore),
        expect!["error: the database has no CAST to such a type; convert the value in Rust"],
    );
}
