use expect_test::expect;
use orm_query::tree::{Between, CreateTable, InList, Insert, InsertSource, Update};
use orm_query::{ElementType, Interval, RangeType};

use super::*;

fn create(columns: Vec<ColumnDef>) -> CreateTable {
    let table = TableDef::new("t".into(), columns.into());
    CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false }
}

fn insert(value: Value, data_type: DataType) -> Insert {
    let source = InsertSource::Values(vec![vec![bind(value, data_type)]]);
    Insert {
        prefixes: Vec::new(),
        or: None,
        with: orm_query::tree::With::default(),
        table: named("t"),
        columns: vec!["a".into()],
        source,
        on_conflict: None,
        returning: vec![],
    }
}

/// Why the value cannot be stored; nothing where it can.
#[track_caller]
fn refused(value: Value, data_type: DataType, expected: Expect) {
    let said = said(&Statement::Insert(insert(value, data_type)));
    expected.assert_eq(said.strip_prefix("error: ").unwrap_or_default());
}

#[test]
fn types() {
    use DataType::*;
    let types = [
        ("a", Boolean),
        ("b", SmallInt),
        ("c", Integer),
        ("d", BigInt),
        ("e", Real),
        ("f", Double),
        ("g", DataType::NUMERIC),
        ("h", Numeric { precision: Some(10), scale: Some(2) }),
        ("i", Numeric { precision: Some(5), scale: None }),
        ("j", Text),
        ("k", Varchar(20)),
        ("l", Bytes),
        ("m", Date),
        ("n", Time),
        ("o", Timestamp),
        ("p", TimestampTz),
        ("q", Uuid),
        ("r", Json),
        ("s", Jsonb),
        ("t", UnsignedSmallInt),
        ("u", UnsignedInteger),
        ("v", UnsignedBigInt),
        ("w", Interval),
        ("x", Bit(3)),
        ("y", BitVarying(Some(8))),
        ("z", BitVarying(None)),
        ("other", Other("POINT".into())),
    ];
    check(
        create(types.map(|(name, data_type)| ColumnDef::new(name, data_type).nullable(true)).into()),
        expect![
            "CREATE TABLE t (a BOOLEAN, b SMALLINT, c INTEGER, d BIGINT, e FLOAT, f DOUBLE, g DECIMAL_TEXT COLLATE decimal, h DECIMAL_TEXT(10, 2) COLLATE decimal, i DECIMAL_TEXT(5) COLLATE decimal, j TEXT, k VARCHAR(20), l BLOB, m DATE, n TIME, o DATETIME, p TIMESTAMP, q CHAR(32), r JSON_TEXT, s JSONB_TEXT, t SMALLINT UNSIGNED, u INTEGER UNSIGNED, v UNSIGNED_TEXT(20) COLLATE decimal, w DURATION_TEXT, x BIT_TEXT(3), y VARBIT_TEXT(8), z VARBIT_TEXT, other POINT)"
        ],
    );
}

#[test]
fn types_that_sqlite_has_not() {
    use DataType::*;
    for (data_type, expected) in [
        (
            Array(ElementType::Borrowed(&Text)),
            expect![
                "error: sqlite has no ARRAY type; keep the values as JSON, or as rows of a table of their own"
            ],
        ),
        (Range(RangeType::Date), expect!["error: sqlite has no range types; keep the bounds in two columns"]),
        (Hstore, expect!["error: sqlite has no HSTORE type; keep the texts as JSON"]),
        (Inet, expect!["error: sqlite has no INET type; keep the address as text"]),
        (Cidr, expect!["error: sqlite has no CIDR type; keep the address as text"]),
    ] {
        let created = said(&Said::from(create(vec![ColumnDef::new("a", data_type.clone())])).0);
        assert_eq!(created, said(&Statement::Insert(insert(Value::Null, data_type))));
        expected.assert_eq(&created);
    }
}

#[test]
fn names_of_types_that_are_more_than_names() {
    for name in ["POINT(?)", "POINT -- x", "POINT :a"] {
        let said = said(&Said::from(create(vec![ColumnDef::new("a", DataType::Other(name.into()))])).0);
        assert_eq!(
            said,
            format!(
                "error: this statement cannot be compiled: `{name}` cannot be the name of a type: it has a placeholder \
                 or a comment"
            )
        );
    }
}

#[test]
fn integers_without_a_sign() {
    let fits = |value, data_type| refused(value, data_type, expect![""]);
    fits(Value::I32(65_535), DataType::UnsignedSmallInt);
    fits(Value::I64(4_294_967_295), DataType::UnsignedInteger);
    fits(Value::U64(u64::MAX), DataType::UnsignedBigInt);
    fits(Value::U64(5), DataType::BigInt);
    refused(
        Value::I32(-1),
        DataType::UnsignedSmallInt,
        expect![
            "the value I32(-1) cannot be stored in `t.a` as SMALLINT UNSIGNED in sqlite: the number is out of range"
        ],
    );
    refused(
        Value::I64(4_294_967_296),
        DataType::UnsignedInteger,
        expect![
            "the value I64(4294967296) cannot be stored in `t.a` as INTEGER UNSIGNED in sqlite: the number is out of range"
        ],
    );
    refused(
        Value::I64(-1),
        DataType::UnsignedBigInt,
        expect![
            "the value I64(-1) cannot be stored in `t.a` as BIGINT UNSIGNED in sqlite: the number is out of range"
        ],
    );
    refused(
        Value::U64(1 << 63),
        DataType::BigInt,
        expect![
            "the value U64(9223372036854775808) cannot be stored in `t.a` as BIGINT in sqlite: the number is out of range"
        ],
    );
    refused(
        Value::U64(u64::MAX),
        DataType::Double,
        expect![
            "the value U64(18446744073709551615) cannot be stored in `t.a` as DOUBLE PRECISION in sqlite: a double has only 53 bits"
        ],
    );
}

#[test]
fn bits_and_spans_of_time() {
    let bits = |text: &str| Value::Bits(text.parse().unwrap());
    refused(bits("101"), DataType::Bit(3), expect![""]);
    refused(bits("1"), DataType::BitVarying(Some(3)), expect![""]);
    refused(bits(""), DataType::BitVarying(None), expect![""]);
    refused(
        bits("10"),
        DataType::Bit(3),
        expect![[
            r#"the value Bits(BitString([true, false])) cannot be stored in `t.a` as BIT(3) in sqlite: it has another number of bits than the column"#
        ]],
    );
    refused(
        bits("1010"),
        DataType::BitVarying(Some(3)),
        expect![[
            r#"the value Bits(BitString([true, false, true, false])) cannot be stored in `t.a` as BIT VARYING(3) in sqlite: it has more bits than the column"#
        ]],
    );
    let span = Interval { months: 1, ..Interval::default() };
    refused(Value::Interval(span), DataType::Interval, expect![""]);
    refused(
        Value::Text("x".into()),
        DataType::Interval,
        expect![[
            r#"the value Text("x") cannot be stored in `t.a` as INTERVAL in sqlite: the value is of another type"#
        ]],
    );
}

#[test]
fn texts_of_types_that_orm_does_not_know() {
    let text = |text: &str| Value::Text(text.into());
    refused(text("POINT(1 2)"), DataType::Other("GEOMETRY".into()), expect![""]);
    refused(text("1.50"), DataType::Other("XML_TEXT".into()), expect![""]);
    refused(
        text("1.50"),
        DataType::Other("MONEY".into()),
        expect![[
            r#"the value Text("1.50") cannot be stored in `t.a` as MONEY in sqlite: SQLite makes a number of it in a column that is declared so"#
        ]],
    );
}

const BIG: DataType = DataType::UnsignedBigInt;

fn big(name: &'static str) -> Expr {
    typed(name, BIG)
}

fn number(value: u64) -> Expr {
    bind(Value::U64(value), BIG)
}

#[test]
fn great_integers_are_compared_by_all_their_digits() {
    use BinaryOperator::{Add, Eq, Gt};
    let coalesce = || call("coalesce", [big("a"), number(0)], BIG);
    check_expr(
        big("a").binary(Gt, number(5)),
        expect![[r#"
            t.a > ?
            U64(5): BIGINT UNSIGNED"#]],
    );
    check_expr(
        coalesce().binary(Gt, int(5)),
        expect![[r#"
            CAST(coalesce(t.a, ?) AS TEXT) COLLATE decimal > ?
            U64(0): BIGINT UNSIGNED, I32(5): INTEGER"#]],
    );
    check_expr(
        number(1).binary(Eq, number(2)),
        expect![[r#"
            CAST(? AS TEXT) COLLATE decimal = CAST(? AS TEXT) COLLATE decimal
            U64(1): BIGINT UNSIGNED, U64(2): BIGINT UNSIGNED"#]],
    );
    check_expr(
        Expr::InList(Box::new(InList { operand: coalesce(), list: vec![number(1)], negated: false })),
        expect![[r#"
            CAST(coalesce(t.a, ?) AS TEXT) COLLATE decimal IN (CAST(? AS TEXT) COLLATE decimal)
            U64(0): BIGINT UNSIGNED, U64(1): BIGINT UNSIGNED"#]],
    );
    check(
        Select {
            order_by: vec![big("a").into(), coalesce().into()],
            ..select([call("max", [big("a")], BIG)])
        },
        expect![[r#"
            SELECT max(t.a) FROM t ORDER BY t.a, CAST(coalesce(t.a, ?) AS TEXT) COLLATE decimal
            U64(0): BIGINT UNSIGNED"#]],
    );
    check_expr(
        big("a").binary(Add, int(1)),
        expect!["error: sqlite has no arithmetic with BIGINT UNSIGNED; compute in Rust"],
    );
    let set = vec![("a".into(), big("b"))];
    check(
        Update {
            from: Vec::new(),
            prefixes: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            with: orm_query::tree::With::default(),
            table: named("t"),
            set,
            filter: None,
            returning: vec![],
        },
        expect!["UPDATE t SET a = t.b"],
    );
}

#[test]
fn casts_of_great_integers() {
    let cast = |operand, data_type| Expr::Cast(Box::new(Cast { operand, data_type }));
    check_expr(cast(col("a"), BIG), expect!["CAST(t.a AS TEXT)"]);
    check_expr(
        cast(col("a"), BIG).binary(BinaryOperator::Lt, big("b")),
        expect!["CAST(CAST(t.a AS TEXT) AS TEXT) COLLATE decimal < CAST(t.b AS TEXT) COLLATE decimal"],
    );
    check_expr(cast(big("a"), DataType::Boolean), expect!["(CAST(t.a AS NUMERIC) != 0)"]);
    check_expr(
        cast(big("a"), DataType::BigInt),
        expect![
            "error: sqlite has no CAST of BIGINT UNSIGNED to another type of integers; convert the value in Rust"
        ],
    );
    check_expr(
        cast(string("5"), BIG),
        expect!["error: sqlite has no CAST of anything but an integer to BIGINT UNSIGNED"],
    );
}

#[test]
fn spans_of_time_are_equal_or_not() {
    let span = || typed("a", DataType::Interval);
    let zero = || bind(Value::Interval(Interval::default()), DataType::Interval);
    check_expr(
        span().binary(BinaryOperator::Eq, zero()),
        expect![[r#"
            t.a = ?
            Interval(Interval { months: 0, days: 0, microseconds: 0 }): INTERVAL"#]],
    );
    let order = "error: sqlite has no order of INTERVAL values; order and group in Rust, or keep the span as a number of its smallest unit";
    let no_order = |e: Expr| {
        let select = Select { columns: vec![e.into()], from: vec![table("t")], ..Select::default() };
        assert_eq!(said(&Statement::Select(select)), order);
    };
    no_order(span().binary(BinaryOperator::Lt, zero()));
    no_order(call("min", [span()], DataType::Interval));
    no_order(Expr::Between(Box::new(Between { operand: span(), low: zero(), high: zero(), negated: false })));
    assert_eq!(said(&Statement::Select(Select { order_by: vec![span().into()], ..select([int(1)]) })), order);
    check_expr(
        typed("b", DataType::Timestamp).binary(BinaryOperator::Add, span()),
        expect!["error: sqlite has no arithmetic with INTERVAL; compute in Rust"],
    );
}
