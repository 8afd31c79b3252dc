use orm_query::tree::{
    Between, Cast, Collate, DateField, Exists, Extract, FullText, InList, InQuery, InRows, JsonPart,
    JsonPath, JsonStep, Like, Quantified, Quantifier, Regexp, Rows, Subquery,
};

use super::*;
use BinaryOperator::*;

fn exists() -> Expr {
    let query = Select { from: vec![table("u")], ..select([int(1)]) };
    Expr::Exists(Box::new(Exists { query: query.into() }))
}

#[test]
fn booleans_as_conditions() {
    check_where(active(), expect!["SELECT t.id FROM t WHERE t.active = 1"]);
    check_where(active().unary(UnaryOperator::Not), expect!["SELECT t.id FROM t WHERE t.active = 0"]);
    check_where(
        active().and(one()),
        expect![[r#"
        SELECT t.id FROM t WHERE t.active = 1 AND t.id = @P1
        I32(1): INTEGER"#]],
    );
    check_where(
        one().or(active()).unary(UnaryOperator::Not),
        expect![[r#"
        SELECT t.id FROM t WHERE NOT (t.id = @P1 OR t.active = 1)
        I32(1): INTEGER"#]],
    );
    check_where(Expr::And(vec![active()]), expect!["SELECT t.id FROM t WHERE t.active = 1"]);
    check_where(Expr::And(vec![]), expect!["SELECT t.id FROM t WHERE 1 = 1"]);
    check_where(Expr::Or(vec![]), expect!["SELECT t.id FROM t WHERE 0 = 1"]);
    check_where(
        call("dbo.f", [col("a")], DataType::Boolean),
        expect!["SELECT t.id FROM t WHERE dbo.f(t.a) = 1"],
    );
    check_where(
        raw("a > 1 OR b > 1").and(active()),
        expect!["SELECT t.id FROM t WHERE (a > 1 OR b > 1) AND t.active = 1"],
    );
    check_where(
        bind(Value::Bool(true), DataType::Boolean),
        expect![[r#"
        SELECT t.id FROM t WHERE @P1 = 1
        Bool(true): BOOLEAN"#]],
    );
    check_where(
        is(active(), Eq, bind(Value::Bool(true), DataType::Boolean)),
        expect![[r#"
        SELECT t.id FROM t WHERE t.active = @P1
        Bool(true): BOOLEAN"#]],
    );
    let branches = vec![(active(), int(1)), (one(), int(2))];
    check_expr(
        Expr::Case(Box::new(Case { operand: None, branches, otherwise: None })),
        expect![[r#"
        SELECT CASE WHEN t.active = 1 THEN @P1 WHEN t.id = @P2 THEN @P3 END FROM t
        I32(1): INTEGER, I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    let to = table("u");
    let joins = vec![Join { kind: JoinKind::Left, to, on: Some(active()) }];
    check(
        Select { joins, having: Some(active()), ..select([col("a")]) },
        expect!["SELECT t.a FROM t LEFT OUTER JOIN u ON t.active = 1 HAVING t.active = 1"],
    );
}

#[test]
fn conditions_as_values() {
    check_expr(
        is(col("a"), Gt, int(1)),
        expect![[r#"
        SELECT CASE WHEN t.a > @P1 THEN 1 WHEN NOT t.a > @P2 THEN 0 END FROM t
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check_expr(
        exists(),
        expect![[r#"
        SELECT CASE WHEN EXISTS (SELECT @P1 FROM u) THEN 1 ELSE 0 END FROM t
        I32(1): INTEGER"#]],
    );
    check_expr(
        exists().unary(UnaryOperator::Not),
        expect![[r#"
        SELECT CASE WHEN NOT EXISTS (SELECT @P1 FROM u) THEN 1 ELSE 0 END FROM t
        I32(1): INTEGER"#]],
    );
    check_expr(
        col("a").unary(UnaryOperator::IsNull),
        expect!["SELECT CASE WHEN t.a IS NULL THEN 1 ELSE 0 END FROM t"],
    );
    check_expr(Expr::And(vec![]), expect!["SELECT 1 FROM t"]);
    check_expr(
        active().and(one()),
        expect![[r#"
        SELECT CASE WHEN t.active = 1 AND t.id = @P1 THEN 1 WHEN NOT (t.active = 1 AND t.id = @P2) THEN 0 END FROM t
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check_where(
        is(is(col("a"), Gt, int(1)), Eq, is(col("b"), Gt, int(2))),
        expect!["error: mssql has no comparison of conditions; compare values: `case().when(condition, 1)`"],
    );
    check(
        Select { order_by: vec![one().into()], ..select([col("a")]) },
        expect![[r#"
        SELECT t.a FROM t ORDER BY CASE WHEN t.id = @P1 THEN 1 WHEN NOT t.id = @P2 THEN 0 END
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check_where(
        exists(),
        expect![[r#"
        SELECT t.id FROM t WHERE EXISTS (SELECT @P1 FROM u)
        I32(1): INTEGER"#]],
    );
}

#[test]
fn comparisons() {
    for (operator, expected) in [
        (
            Eq,
            expect![[r#"
            SELECT t.id FROM t WHERE t.a = @P1
            I32(1): INTEGER"#]],
        ),
        (
            Ne,
            expect![[r#"
            SELECT t.id FROM t WHERE t.a != @P1
            I32(1): INTEGER"#]],
        ),
        (
            Lt,
            expect![[r#"
            SELECT t.id FROM t WHERE t.a < @P1
            I32(1): INTEGER"#]],
        ),
        (
            IsDistinctFrom,
            expect![[r#"
            SELECT t.id FROM t WHERE (NOT EXISTS (SELECT t.a INTERSECT SELECT @P1))
            I32(1): INTEGER"#]],
        ),
        (
            IsNotDistinctFrom,
            expect![[r#"
            SELECT t.id FROM t WHERE (EXISTS (SELECT t.a INTERSECT SELECT @P1))
            I32(1): INTEGER"#]],
        ),
    ] {
        check_where(is(col("a"), operator, int(1)), expected);
    }
    check_where(
        is(col("a"), IsDistinctFrom, int(1)).unary(UnaryOperator::Not),
        expect![[r#"
        SELECT t.id FROM t WHERE NOT (NOT EXISTS (SELECT t.a INTERSECT SELECT @P1))
        I32(1): INTEGER"#]],
    );
    let interval = || typed("i", DataType::Interval);
    check_where(
        is(interval(), Lt, interval()),
        expect!["error: mssql has no order of intervals; keep a number of seconds or days"],
    );
    check_where(is(interval(), Eq, interval()), expect!["SELECT t.id FROM t WHERE t.i = t.i"]);
    let query = || Query::from(Select { from: vec![table("u")], ..select([col("a")]) });
    let any = Expr::Quantified(Box::new(Quantified { quantifier: Quantifier::Any, query: query() }));
    check_where(is(col("a"), Gt, any), expect!["SELECT t.id FROM t WHERE t.a > ANY (SELECT t.a FROM u)"]);
    let subquery = Expr::Subquery(Box::new(Subquery { query: query(), data_type: DataType::Integer }));
    check_where(is(col("a"), Gt, subquery), expect!["SELECT t.id FROM t WHERE t.a > (SELECT t.a FROM u)"]);
    let between = Between { operand: col("a"), low: int(1), high: int(2), negated: true };
    check_where(
        Expr::Between(Box::new(between)),
        expect![[r#"
        SELECT t.id FROM t WHERE t.a NOT BETWEEN @P1 AND @P2
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    let in_query = InQuery { operand: col("a"), query: query(), negated: true };
    check_where(
        Expr::InQuery(Box::new(in_query)),
        expect!["SELECT t.id FROM t WHERE t.a NOT IN (SELECT t.a FROM u)"],
    );
}

#[test]
fn lists_and_tuples() {
    let within = |operand, list, negated| Expr::InList(Box::new(InList { operand, list, negated }));
    check_where(
        within(col("a"), vec![int(1), int(2)], true),
        expect![[r#"
        SELECT t.id FROM t WHERE t.a NOT IN (@P1, @P2)
        I32(1): INTEGER, I32(2): INTEGER"#]],
    );
    check_where(
        within(col("a"), vec![], false),
        expect!["SELECT t.id FROM t WHERE (t.a IN (NULL) AND (1 != 1))"],
    );
    let tuple = || Expr::Tuple(vec![col("a"), col("b")]);
    check_where(
        within(tuple(), vec![Expr::Tuple(vec![int(1), int(2)])], false),
        expect!["error: mssql has no comparison of tuples; compare their parts, or use EXISTS"],
    );
    check_where(
        within(tuple(), vec![], false),
        expect!["error: mssql has no comparison of tuples; compare their parts, or use EXISTS"],
    );
    check_where(
        is(tuple(), Gt, tuple()),
        expect!["error: mssql has no comparison of tuples; compare their parts, or use EXISTS"],
    );
}

#[test]
fn arithmetic() {
    check_expr(is(col("a"), Divide, col("b")), expect!["SELECT t.a / CAST(t.b AS FLOAT) FROM t"]);
    check_expr(is(col("a"), Divide, typed("n", DataType::NUMERIC)), expect!["SELECT t.a / t.n FROM t"]);
    check_expr(
        is(col("a"), Modulo, int(2)),
        expect![[r#"
        SELECT t.a % @P1 FROM t
        I32(2): INTEGER"#]],
    );
    check_expr(
        is(typed("f", DataType::Double), Modulo, int(2)),
        expect!["error: mssql has no remainder of floats; cast both sides to decimals or integers"],
    );
    check_expr(
        is(is(col("a"), Add, int(1)), Multiply, col("b")),
        expect![[r#"
        SELECT (t.a + @P1) * t.b FROM t
        I32(1): INTEGER"#]],
    );
    check_expr(col("a").unary(UnaryOperator::Negate), expect!["SELECT -t.a FROM t"]);
}

#[test]
fn texts() {
    let name = || typed("name", DataType::Text);
    check_expr(
        is(is(name(), Concat, string("!")), Concat, col("id")),
        expect![[r#"
        SELECT t.name + @P1 + CAST(t.id AS VARCHAR(max)) FROM t
        Text("!"): TEXT"#]],
    );
    check_expr(
        is(name(), Concat, is(col("a"), Add, col("b"))),
        expect!["SELECT t.name + CAST(t.a + t.b AS VARCHAR(max)) FROM t"],
    );
    let like = |pattern, escape, ignore_case| {
        Expr::Like(Box::new(Like {
            operand: name(),
            pattern,
            before: false,
            after: false,
            escape,
            negated: false,
            ignore_case,
        }))
    };
    check_where(
        like(string("a%"), None, false),
        expect![[r#"
        SELECT t.id FROM t WHERE t.name LIKE @P1
        Text("a%"): TEXT"#]],
    );
    check_where(
        like(string("[a]!%"), Some('!'), true),
        expect![[r#"
        SELECT t.id FROM t WHERE lower(t.name) LIKE lower(@P1) ESCAPE '!'
        Text("[[]a]!%"): TEXT"#]],
    );
    check_where(
        like(name(), Some('\''), false),
        expect!["SELECT t.id FROM t WHERE t.name LIKE t.name ESCAPE ''''"],
    );
    let collate = |collation| Expr::Collate(Box::new(Collate { operand: name(), collation }));
    check_expr(
        collate("Latin1_General_BIN2".into()),
        expect!["SELECT t.name COLLATE Latin1_General_BIN2 FROM t"],
    );
    check_expr(
        collate("x] OR 1=1".into()),
        expect![
            "error: `x] OR 1=1` cannot be an identifier: a collation's name is made of letters, digits and `_`"
        ],
    );
}

#[test]
fn casts() {
    let types = [
        DataType::Boolean,
        DataType::SmallInt,
        DataType::UnsignedInteger,
        DataType::UnsignedBigInt,
        DataType::Real,
        DataType::Double,
        DataType::NUMERIC,
        DataType::Numeric { precision: Some(10), scale: Some(2) },
        DataType::Text,
        DataType::Varchar(10),
        DataType::Bytes,
        DataType::Date,
        DataType::Time,
        DataType::Timestamp,
        DataType::TimestampTz,
        DataType::Uuid,
        DataType::Json,
        DataType::Interval,
        DataType::Other("MONEY".into()),
    ];
    let cast = |data_type| Expr::Cast(Box::new(Cast { operand: col("a"), data_type }));
    check(
        select(types.map(cast)),
        expect![
            "SELECT CAST(t.a AS BIT), CAST(t.a AS SMALLINT), CAST(t.a AS BIGINT), CAST(t.a AS NUMERIC(20, 0)), CAST(t.a AS REAL), CAST(t.a AS FLOAT), CAST(t.a AS NUMERIC(38, 18)), CAST(t.a AS NUMERIC(10, 2)), CAST(t.a AS VARCHAR(max)), CAST(t.a AS VARCHAR(10)), CAST(t.a AS VARBINARY(max)), CAST(t.a AS DATE), CAST(t.a AS TIME), CAST(t.a AS DATETIME2), CAST(t.a AS DATETIMEOFFSET), CAST(t.a AS UNIQUEIDENTIFIER), CAST(t.a AS NVARCHAR(max)), CAST(t.a AS VARCHAR(64)), CAST(t.a AS MONEY) FROM t"
        ],
    );
    check_expr(cast(DataType::Hstore), expect!["error: mssql has no HSTORE; use JSON"]);
    check_expr(
        cast(DataType::Varchar(8001)),
        expect!["error: mssql has no VARCHAR of no or of more than 8000 characters; leave its length out"],
    );
    check_expr(
        cast(DataType::Numeric { precision: Some(39), scale: Some(2) }),
        expect!["error: mssql has no NUMERIC of so many digits; there are at most 38 digits"],
    );
    check_expr(
        Expr::Cast(Box::new(Cast { operand: one(), data_type: DataType::Integer })),
        expect![[r#"
        SELECT CAST(CASE WHEN t.id = @P1 THEN 1 WHEN NOT t.id = @P2 THEN 0 END AS INTEGER) FROM t
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
}

#[test]
fn parts_of_dates() {
    use DateField::*;
    let part = |field| Expr::Extract(Box::new(Extract { field, operand: typed("at", DataType::Timestamp) }));
    check(
        select(
            [Year, Quarter, Month, Week, Day, DayOfWeek, DayOfYear, Hour, Minute, Second, Epoch].map(part),
        ),
        expect![
            "SELECT DATEPART(year, t.at), DATEPART(quarter, t.at), DATEPART(month, t.at), DATEPART(iso_week, t.at), DATEPART(day, t.at), ((DATEPART(weekday, t.at) + @@DATEFIRST - 1) % 7), DATEPART(dayofyear, t.at), DATEPART(hour, t.at), DATEPART(minute, t.at), DATEPART(second, t.at), DATEDIFF_BIG(second, CAST('1970-01-01' AS DATETIME2), t.at) FROM t"
        ],
    );
    check_expr(
        Expr::TryCast(Box::new(Cast {
            operand: typed("name", DataType::Text),
            data_type: DataType::Integer,
        })),
        expect!["SELECT TRY_CAST(t.name AS INTEGER) FROM t"],
    );
}

#[test]
fn literals() {
    let day = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let at = day.and_hms_micro_opt(23, 59, 58, 7).unwrap();
    let values = [
        (Value::Null, DataType::Integer),
        (Value::Bool(true), DataType::Boolean),
        (Value::I32(-1), DataType::Integer),
        (Value::F64(2.5), DataType::Double),
        (Value::Decimal(rust_decimal::Decimal::new(-150, 2)), DataType::NUMERIC),
        (Value::Text("O'Neil \\ 100% :x".into()), DataType::Text),
        (Value::Text("a\\\nü".into()), DataType::Text),
        (Value::Bytes(vec![0, 255]), DataType::Bytes),
        (Value::Date(day), DataType::Date),
        (Value::Time(at.time()), DataType::Time),
        (Value::DateTime(at), DataType::Timestamp),
        (Value::TimestampTz(at.and_utc()), DataType::TimestampTz),
        (Value::Uuid(uuid::Uuid::from_u128(1)), DataType::Uuid),
        (Value::Json(serde_json::json!({"a": "b'c"})), DataType::Json),
    ];
    let all = select(values.map(|(value, data_type)| bind(value, data_type)));
    let filter = Some(is(active(), Eq, bind(Value::Bool(false), DataType::Boolean)));
    let statement = Statement::Select(Select { filter, limit: rows(Some(1), None), ..all });
    expect![[r#"
        SELECT TOP 1 NULL, 1, (-1), 2.5e0, (-1.50), 'O''Neil \ 100% :x', (N'a\' + N'
        ü'), 0x00ff, CAST('2024-02-29' AS DATE), CAST('23:59:58.000007' AS TIME), CAST('2024-02-29 23:59:58.000007' AS DATETIME2), CAST('2024-02-29 23:59:58.000007 +00:00' AS DATETIMEOFFSET), '00000000-0000-0000-0000-000000000001', '{"a":"b''c"}' FROM t WHERE t.active = 0"#]].assert_eq(&MsSql::default().compile_literal(&statement).unwrap());
    check_where(
        Expr::Literal(Box::new(Bind::new(Value::Bool(true), DataType::Boolean))),
        expect!["SELECT t.id FROM t WHERE 1 = 1"],
    );
    let carriage = Statement::Select(select([string("a\\\r\nb")]));
    let sql = MsSql::default().compile_literal(&carriage).unwrap();
    assert_eq!(sql, "SELECT ('a\\' + '\r\nb') FROM t");
    let nul = Statement::Select(select([string("a\0b")]));
    assert!(MsSql::default().compile_literal(&nul).is_err());
}

#[test]
fn parts_of_json() {
    let part = |path, scalar| {
        Expr::Json(Box::new(JsonPart {
            document: typed("doc", DataType::Json),
            path: JsonPath::Steps(path),
            scalar,
        }))
    };
    let path = || vec![JsonStep::from("a\"b.c"), JsonStep::from(0)];
    check_expr(
        part(path(), None),
        expect![[r#"
        SELECT (SELECT TOP 1 CASE type WHEN 0 THEN 'null' WHEN 1 THEN '"' + STRING_ESCAPE(value, 'json') + '"' ELSE value END FROM OPENJSON(t.doc, @P1) WHERE [key] = @P2) FROM t
        Text("$.\"a\\\"b.c\""): TEXT, Text("0"): TEXT"#]],
    );
    check_expr(
        part(vec!["theme".into()], None),
        expect![[r#"
        SELECT (SELECT TOP 1 CASE type WHEN 0 THEN 'null' WHEN 1 THEN '"' + STRING_ESCAPE(value, 'json') + '"' ELSE value END FROM OPENJSON(t.doc, @P1) WHERE [key] = @P2) FROM t
        Text("$"): TEXT, Text("theme"): TEXT"#]],
    );
    check_expr(
        part(path(), Some(DataType::Text)),
        expect![[r#"
        SELECT JSON_VALUE(t.doc, @P1) FROM t
        Text("$.\"a\\\"b.c\"[0]"): TEXT"#]],
    );
    check_expr(
        part(path(), Some(DataType::Integer)),
        expect![[r#"
        SELECT CAST(JSON_VALUE(t.doc, @P1) AS INTEGER) FROM t
        Text("$.\"a\\\"b.c\"[0]"): TEXT"#]],
    );
    check_where(
        part(path(), Some(DataType::Boolean)),
        expect![[r#"
        SELECT t.id FROM t WHERE CASE JSON_VALUE(t.doc, @P1) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END = 1
        Text("$.\"a\\\"b.c\"[0]"): TEXT"#]],
    );
    check_expr(
        part(path(), Some(DataType::Bytes)),
        expect!["error: mssql has no part of JSON of such a type; take it as a text"],
    );
}

#[test]
fn other_operators() {
    check_expr(
        is(col("a"), FloorDivide, int(4)),
        expect![[r#"
        SELECT CAST(FLOOR(CAST(t.a AS NUMERIC(38, 18)) / @P1) AS INTEGER) FROM t
        I32(4): INTEGER"#]],
    );
    check_expr(
        is(typed("n", DataType::NUMERIC), FloorDivide, int(4)),
        expect![[r#"
        SELECT FLOOR(t.n / @P1) FROM t
        I32(4): INTEGER"#]],
    );
    check_expr(
        is(is(col("a"), BitAnd, int(1)), BitXor, is(col("b"), Add, int(1))),
        expect![[r#"
        SELECT (t.a & @P1) ^ (t.b + @P2) FROM t
        I32(1): INTEGER, I32(1): INTEGER"#]],
    );
    check_expr(
        is(col("a"), ShiftLeft, int(1)),
        expect![
            "error: mssql has no operators `<<` and `>>` of bits; they came with SQL Server 2022; multiply or divide by a power of 2"
        ],
    );
    check_expr(is(col("a"), Contains, int(1)), expect!["error: mssql has no operator `@>`, contains"]);
    check_expr(col("a").unary(UnaryOperator::BitNot), expect!["SELECT ~t.a FROM t"]);
    check_where(
        active().unary(UnaryOperator::IsTrue),
        expect!["SELECT t.id FROM t WHERE CASE WHEN t.active = 1 THEN 1 ELSE 0 END = 1"],
    );
    check_where(
        active().unary(UnaryOperator::IsNotFalse),
        expect!["SELECT t.id FROM t WHERE CASE WHEN t.active = 0 THEN 1 ELSE 0 END = 0"],
    );
    check_where(Expr::Bool(true), expect!["SELECT t.id FROM t WHERE 1 = 1"]);
    check(select([Expr::Bool(true), Expr::Bool(false)]), expect!["SELECT 1, 0 FROM t"]);
    check_where(is(active(), Eq, Expr::Bool(false)), expect!["SELECT t.id FROM t WHERE t.active = 0"]);
    let name = || typed("name", DataType::Text);
    let found =
        |operand, config| Expr::FullText(Box::new(FullText { operand, query: string("alice"), config }));
    check_where(
        found(name(), None),
        expect![[r#"
        SELECT t.id FROM t WHERE CONTAINS (t.name, @P1)
        Text("alice"): TEXT"#]],
    );
    check_where(
        found(name(), Some("english".into())),
        expect![[r#"
        SELECT t.id FROM t WHERE CONTAINS (t.name, @P1, LANGUAGE 'english')
        Text("alice"): TEXT"#]],
    );
    check_where(
        found(string("a"), None),
        expect!["error: mssql has no full-text search of what is no column"],
    );
    let regexp = Regexp { operand: name(), pattern: string("^a"), flags: None, negated: false };
    check_where(Expr::Regexp(Box::new(regexp)), expect!["error: mssql has no regular expression; use LIKE"]);
    let like = |pattern, ignore_case| {
        Expr::Like(Box::new(Like {
            operand: name(),
            pattern,
            before: true,
            after: true,
            escape: Some('/'),
            negated: true,
            ignore_case,
        }))
    };
    check_where(
        like(string("100/%[a]"), false),
        expect![[r#"
        SELECT t.id FROM t WHERE t.name NOT LIKE '%' + @P1 + '%' ESCAPE '/'
        Text("100/%[[]a]"): TEXT"#]],
    );
    check_where(
        like(name(), true),
        expect!["SELECT t.id FROM t WHERE lower(t.name) NOT LIKE '%' + lower(t.name) + '%' ESCAPE '/'"],
    );
}

#[test]
fn rows_of_several_columns_are_a_disjunction() {
    let rows = |operands: Vec<Expr>, rows: Vec<Vec<Value>>| {
        let types = vec![DataType::Integer; operands.len()];
        Expr::InRows(Box::new(InRows { operands, rows: Rows::new(types, rows) }))
    };
    let row = |n| vec![Value::I32(n), Value::I32(n + 1)];
    check_where(
        rows(vec![col("a"), col("b")], vec![row(1), row(3)]),
        expect![[r#"
            SELECT t.id FROM t WHERE (t.a = @P1 AND t.b = @P2 OR t.a = @P3 AND t.b = @P4)
            I32(1): INTEGER, I32(2): INTEGER, I32(3): INTEGER, I32(4): INTEGER"#]],
    );
    check_where(
        rows(vec![col("a")], vec![vec![Value::I32(1)]]),
        expect![[r#"
            SELECT t.id FROM t WHERE t.a IN (@P1)
            I32(1): INTEGER"#]],
    );
}
