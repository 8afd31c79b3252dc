use expect_test::expect;
use orm_query::Interval;
use orm_query::tree::{DateField, Extract, Frame, FrameBound, FrameUnit, NullTreatment, Window};

use super::*;

#[test]
fn functions_of_other_names() {
    let name = || typed("name", DataType::Varchar(20));
    check_expr(call("now", [], DataType::TimestampTz), expect!["CURRENT_TIMESTAMP"]);
    check_expr(call("now", [], DataType::Timestamp), expect!["LOCALTIMESTAMP"]);
    check_expr(call("current_date", [], DataType::Date), expect!["TRUNC(CURRENT_DATE)"]);
    check_expr(
        call("current_time", [], DataType::Time),
        expect!["error: oracle has no CURRENT_TIME; use CURRENT_TIMESTAMP"],
    );
    check_expr(call("session_user", [], DataType::Text), expect!["USER"]);
    check_expr(call("random", [], DataType::Double), expect!["DBMS_RANDOM.VALUE"]);
    check_expr(call("char_length", [name()], DataType::Integer), expect!["LENGTH(t.name)"]);
    check_expr(
        call("length", [typed("b", DataType::Bytes)], DataType::Integer),
        expect!["DBMS_LOB.GETLENGTH(t.b)"],
    );
    check_expr(
        call("concat", [name(), string("-"), col("id")], DataType::Text),
        expect![
            "error: oracle has no CONCAT of more than two texts; put them together by `.concat(…)`, which is `||`"
        ],
    );
    check_expr(call("nextval", [string("app.s")], DataType::BigInt), expect!["app.s.NEXTVAL"]);
    check_expr(call("pkg.f", [col("a")], DataType::Integer), expect!["pkg.f(t.a)"]);
    check_expr(
        call("a b", [], DataType::Integer),
        expect![
            "error: `a b` cannot be an identifier: a function's name is made of letters, digits, `_` and `$`"
        ],
    );
}

#[test]
fn texts_are_listed() {
    let mut list =
        Function::new("string_agg", vec![typed("w", DataType::Varchar(9)), string(", ")], DataType::Text);
    check_expr(
        Expr::Function(Box::new(list.clone())),
        expect![[r#"
        LISTAGG(t.w, :1) WITHIN GROUP (ORDER BY NULL)
        Text(", "): VARCHAR(20)"#]],
    );
    list.distinct = true;
    list.order_by = vec![OrderBy { descending: true, ..typed("w", DataType::Varchar(9)).into() }];
    list.over = Some(Window { partition_by: vec![col("a")], ..Window::default() });
    check_expr(
        Expr::Function(Box::new(list)),
        expect![[r#"
        LISTAGG(DISTINCT t.w, :1) WITHIN GROUP (ORDER BY t.w DESC) OVER (PARTITION BY t.a)
        Text(", "): VARCHAR(20)"#]],
    );
}

#[test]
fn what_aggregates_have_not() {
    let mut count = Function::new("count", vec![Expr::Star], DataType::BigInt);
    count.filter = Some(typed("active", DataType::Boolean));
    check_expr(
        Expr::Function(Box::new(count)),
        expect![
            "error: oracle has no FILTER of an aggregate; put a CASE into the aggregate: a row that does not count is NULL"
        ],
    );
    let mut max = Function::new("max", vec![col("a")], DataType::Integer);
    max.order_by = vec![col("b").into()];
    check_expr(
        Expr::Function(Box::new(max)),
        expect![
            "error: oracle has no ORDER BY inside of this function; use WITHIN GROUP where the function has it"
        ],
    );
}

#[test]
fn windows() {
    let over = |unit| {
        let mut sum = Function::new("sum", vec![col("a")], DataType::BigInt);
        let frame =
            Frame { unit, start: FrameBound::Preceding(int(1)), end: FrameBound::CurrentRow, exclude: None };
        sum.over = Some(Window { order_by: vec![col("b").into()], frame: Some(frame), ..Window::default() });
        Expr::Function(Box::new(sum))
    };
    check_expr(
        over(FrameUnit::Rows),
        expect![[r#"
            sum(t.a) OVER (ORDER BY t.b ROWS BETWEEN :1 PRECEDING AND CURRENT ROW)
            I32(1): INTEGER"#]],
    );
    check_expr(
        over(FrameUnit::Groups),
        expect!["error: oracle has no window frame of GROUPS; it came with 21c"],
    );
    check_23(
        select([over(FrameUnit::Groups)]),
        expect![[r#"
            SELECT sum(t.a) OVER (ORDER BY t.b GROUPS BETWEEN :1 PRECEDING AND CURRENT ROW) FROM t
            I32(1): INTEGER"#]],
    );
}

#[test]
fn other_functions() {
    let name = || typed("name", DataType::Varchar(20));
    check_expr(
        call("right", [name(), int(2)], DataType::Text),
        expect![[r#"
        SUBSTR(t.name, -LEAST(:1, LENGTH(t.name)), :2)
        I32(2): INTEGER, I32(2): INTEGER"#]],
    );
    check_expr(
        call("repeat", [name(), int(2)], DataType::Text),
        expect![[r#"
        RPAD(t.name, LENGTH(t.name) * (:1), t.name)
        I32(2): INTEGER"#]],
    );
    check_expr(
        call("json_object", [string("a"), name()], DataType::Json),
        expect![[r#"
        JSON_OBJECT(:1 VALUE t.name RETURNING CLOB)
        Text("a"): VARCHAR(20)"#]],
    );
    check_expr(
        call("json_agg", [name()], DataType::Json),
        expect!["JSON_ARRAYAGG(t.name NULL ON NULL RETURNING CLOB)"],
    );
    check_expr(
        call("bool_and", [typed("active", DataType::Boolean)], DataType::Boolean),
        expect!["MIN(t.active)"],
    );
    let mut mode = Function::new("mode", Vec::new(), DataType::Integer);
    mode.within_group = vec![col("a").into()];
    check_expr(Expr::Function(Box::new(mode)), expect!["STATS_MODE(t.a)"]);
    let mut first = Function::new("first_value", vec![col("a")], DataType::Integer);
    first.nulls = Some(NullTreatment::Ignore);
    first.over = Some(Window { order_by: vec![col("b").into()], ..Window::default() });
    check_expr(Expr::Function(Box::new(first)), expect!["first_value(t.a) IGNORE NULLS OVER (ORDER BY t.b)"]);
}

#[test]
fn fields_of_times() {
    let of = |field, data_type| Expr::Extract(Box::new(Extract { field, operand: typed("at", data_type) }));
    check_expr(of(DateField::Year, DataType::Date), expect!["EXTRACT(year FROM t.at)"]);
    check_expr(of(DateField::Hour, DataType::Timestamp), expect!["EXTRACT(hour FROM t.at)"]);
    check_expr(of(DateField::Second, DataType::Timestamp), expect!["TRUNC(EXTRACT(second FROM t.at))"]);
    check_expr(of(DateField::Week, DataType::Date), expect!["TO_NUMBER(TO_CHAR(t.at, 'IW'))"]);
    check_expr(
        of(DateField::DayOfWeek, DataType::Date),
        expect!["MOD(TRUNC(t.at) - TRUNC(t.at, 'IW') + 1, 7)"],
    );
    check_expr(
        of(DateField::Epoch, DataType::TimestampTz),
        expect!["ROUND((CAST(SYS_EXTRACT_UTC(t.at) AS DATE) - DATE '1970-01-01') * 86400)"],
    );
    check_expr(
        of(DateField::Year, DataType::Interval),
        expect!["error: oracle has no months of an interval; it has days and seconds"],
    );
}

#[test]
fn literals() {
    let literal = |value, data_type| Expr::Literal(Box::new(Bind::new(value, data_type)));
    check_expr(literal(Value::Bool(true), DataType::Boolean), expect!["1"]);
    check_expr(literal(Value::F64(-2.5), DataType::Double), expect!["(-2.5e0d)"]);
    check_expr(literal(Value::F64(f64::NAN), DataType::Double), expect!["BINARY_DOUBLE_NAN"]);
    check_expr(literal(Value::F32(f32::NEG_INFINITY), DataType::Real), expect!["(-BINARY_FLOAT_INFINITY)"]);
    check_expr(literal(Value::Text("it's \\ :1".into()), DataType::Text), expect![[r#"'it''s \ :1'"#]]);
    check_expr(
        literal(Value::Text("x".repeat(4001)), DataType::Text),
        expect!["error: oracle has no literal of more than 4,000 bytes; bind it"],
    );
    check_expr(literal(Value::Bytes(vec![0, 255]), DataType::Bytes), expect!["HEXTORAW('00ff')"]);
    let day = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    check_expr(literal(Value::Date(day), DataType::Date), expect!["DATE '2024-02-29'"]);
    let at = day.and_hms_micro_opt(23, 59, 59, 5).unwrap();
    check_expr(
        literal(Value::DateTime(at), DataType::Timestamp),
        expect!["TIMESTAMP '2024-02-29 23:59:59.000005'"],
    );
    check_expr(
        literal(Value::TimestampTz(at.and_utc()), DataType::TimestampTz),
        expect!["TIMESTAMP '2024-02-29 23:59:59.000005 +00:00'"],
    );
    check_expr(
        literal(Value::Uuid(uuid::Uuid::from_u128(7)), DataType::Uuid),
        expect!["'00000000000000000000000000000007'"],
    );
    let interval = Interval { months: 0, days: 1, microseconds: -1 };
    check_expr(
        literal(Value::Interval(interval), DataType::Interval),
        expect!["INTERVAL '0 23:59:59.999999' DAY(9) TO SECOND(6)"],
    );
    check_expr(literal(Value::Null, DataType::Integer), expect!["NULL"]);
}
