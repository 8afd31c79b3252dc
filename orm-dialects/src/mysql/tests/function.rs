use expect_test::expect;
use orm_query::tree::{Frame, FrameBound, FrameUnit, NullsOrder, Window};

use super::*;

fn function(name: &'static str, change: impl FnOnce(&mut Function)) -> Expr {
    let mut function = Function::new(name, vec![col("a")], DataType::BigInt);
    change(&mut function);
    Expr::Function(Box::new(function))
}

#[test]
fn calls() {
    check_expr(call("count", [Expr::Star], DataType::BigInt), expect!["SELECT count(*) FROM t, u"]);
    check_expr(
        call("length", [typed("a", DataType::Text)], DataType::BigInt),
        expect!["SELECT char_length(t.a) FROM t, u"],
    );
    check_expr(
        call("length", [typed("a", DataType::Bytes)], DataType::BigInt),
        expect!["SELECT length(t.a) FROM t, u"],
    );
    check_expr(
        call("nextval", [string("a.order")], DataType::BigInt),
        expect![[r#"
        mysql:   SELECT nextval(?) FROM t, u
        Text("a.order"): TEXT
        mariadb: SELECT nextval(a.`order`) FROM t, u"#]],
    );
}

#[test]
fn the_clock_has_microseconds() {
    check_expr(call("now", [], DataType::TimestampTz), expect!["SELECT UTC_TIMESTAMP(6) FROM t, u"]);
    check_expr(
        call("current_timestamp", [], DataType::Timestamp),
        expect!["SELECT CURRENT_TIMESTAMP(6) FROM t, u"],
    );
    check_expr(call("localtime", [], DataType::Time), expect!["SELECT CURRENT_TIME(6) FROM t, u"]);
    check_expr(call("current_date", [], DataType::Date), expect!["SELECT CURRENT_DATE FROM t, u"]);
}

#[test]
fn averages_keep_their_fraction() {
    let average = |data_type: DataType| {
        let of = if data_type == DataType::Double { col("a") } else { typed("a", data_type.clone()) };
        call("avg", [of], data_type)
    };
    check_expr(average(DataType::Double), expect!["SELECT avg(t.a + 0e0) FROM t, u"]);
    check_expr(average(DataType::NUMERIC), expect!["SELECT avg(t.a) FROM t, u"]);
}

#[test]
fn filters() {
    let plain = function("sum", |f| f.filter = Some(col("b")));
    let over = function("avg", |f| {
        f.filter = Some(col("b"));
        f.over = Some(Window::default());
    });
    for aggregate in [plain, over] {
        check_expr(
            aggregate,
            expect![
                "error: the database has no FILTER of an aggregate; count(case().when(condition, x).end()): an aggregate does not see NULL"
            ],
        );
    }
}

#[test]
fn windows() {
    let ordered = |unit| {
        function("sum", |f| {
            let order = OrderBy { expr: col("c"), descending: false, nulls: Some(NullsOrder::Last) };
            let start = FrameBound::Preceding(int(2));
            let frame = Frame { unit, start, end: FrameBound::CurrentRow, exclude: None };
            f.over = Some(Window { partition_by: vec![col("b")], order_by: vec![order], frame: Some(frame) });
        })
    };
    check_expr(
        ordered(FrameUnit::Rows),
        expect![[r#"
            mysql:   SELECT sum(t.a) OVER (PARTITION BY t.b ORDER BY t.c IS NULL, t.c ROWS BETWEEN ? PRECEDING AND CURRENT ROW) FROM t, u
            I32(2): INTEGER
            mariadb: SELECT sum(t.a) OVER (PARTITION BY t.b ORDER BY t.c IS NULL, t.c ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM t, u"#]],
    );
    check_expr(ordered(FrameUnit::Groups), expect!["error: the database has no window frame of GROUPS"]);
}
