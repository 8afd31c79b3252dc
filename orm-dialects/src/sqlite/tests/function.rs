use expect_test::expect;
use orm_query::tree::{Frame, FrameBound, FrameUnit, NullsOrder, Window};

use super::*;

fn function(change: impl FnOnce(&mut Function)) -> Expr {
    let mut function = Function::new("sum", vec![col("a")], DataType::BigInt);
    change(&mut function);
    Expr::Function(Box::new(function))
}

fn descending(e: Expr) -> OrderBy {
    OrderBy { descending: true, ..e.into() }
}

#[test]
fn calls() {
    check_expr(call("count", [Expr::Star], DataType::BigInt), expect!["count(*)"]);
    check_expr(call("random", [], DataType::BigInt), expect!["random()"]);
    check_expr(
        call("coalesce", [col("a"), col("b").or(col("c")), int(0)], DataType::Integer),
        expect![[r#"
        coalesce(t.a, t.b OR t.c, ?)
        I32(0): INTEGER"#]],
    );
    check_expr(call("Ns.Fn_2$", [col("a")], DataType::Integer), expect!["Ns.Fn_2$(t.a)"]);
    check_expr(
        call("char_length", [string("x")], DataType::BigInt),
        expect![[r#"
        length(?)
        Text("x"): TEXT"#]],
    );
}

#[test]
fn the_clock_reads_as_what_is_bound() {
    check_expr(
        call("now", [], DataType::TimestampTz),
        expect!["strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')"],
    );
    check_expr(
        call("current_timestamp", [], DataType::Timestamp),
        expect!["strftime('%Y-%m-%d %H:%M:%f000', 'now')"],
    );
    check_expr(call("CURRENT_TIME", [], DataType::Time), expect!["strftime('%H:%M:%f000', 'now')"]);
    check_expr(call("current_date", [], DataType::Date), expect!["CURRENT_DATE"]);
}

#[test]
fn a_name_is_all_that_a_name_can_be() {
    for name in ["", "a b", "sum(1)--", "x;y", "a..b", ".a", "1a", "é", "a\"b", "a\0"] {
        let said = said(&Statement::Select(select([call(name, [], DataType::Text)])));
        assert!(said.ends_with("a function's name is made of letters, digits, `_` and `$`"), "{said}");
    }
}

#[test]
fn aggregates() {
    check_expr(function(|f| f.distinct = true), expect!["sum(DISTINCT t.a)"]);
    check_expr(
        function(|f| f.filter = Some(col("b").or(col("c")))),
        expect!["sum(t.a) FILTER (WHERE t.b OR t.c)"],
    );
    check_expr(
        function(|f| {
            f.name = "group_concat".into();
            f.arguments.push(string(", "));
            f.order_by =
                vec![descending(col("b")), OrderBy { nulls: Some(NullsOrder::Last), ..col("c").into() }];
        }),
        expect![[r#"
            group_concat(t.a, ? ORDER BY t.b DESC, t.c NULLS LAST)
            Text(", "): TEXT"#]],
    );
    check_expr(
        function(|f| f.arguments = vec![Expr::Ordered(Box::new(descending(col("b"))))]),
        expect!["sum(t.b DESC)"],
    );
    check_expr(
        function(|f| {
            f.distinct = true;
            f.arguments = vec![Expr::Star];
        }),
        expect!["error: this statement cannot be compiled: `sum(DISTINCT …)` needs an expression"],
    );
    check_expr(
        call("f", [Expr::Star, int(1)], DataType::Integer),
        expect![
            "error: this statement cannot be compiled: `*` stands for the rows inside `count(*)`, and nowhere else"
        ],
    );
}

#[test]
fn windows() {
    let over = |over: Window| function(|f| f.over = Some(over));
    check_expr(over(Window::default()), expect!["sum(t.a) OVER ()"]);
    let partition_by = vec![col("b"), col("c")];
    check_expr(
        over(Window { partition_by: partition_by.clone(), ..Window::default() }),
        expect!["sum(t.a) OVER (PARTITION BY t.b, t.c)"],
    );
    let frame = |unit, start, end| Some(Frame { unit, start, end, exclude: None });
    use FrameBound::*;
    check_expr(
        over(Window {
            partition_by,
            order_by: vec![descending(col("d"))],
            frame: frame(FrameUnit::Rows, Preceding(int(2)), CurrentRow),
        }),
        expect![[r#"
            sum(t.a) OVER (PARTITION BY t.b, t.c ORDER BY t.d DESC ROWS BETWEEN ? PRECEDING AND CURRENT ROW)
            I32(2): INTEGER"#]],
    );
    let ordered = |frame| over(Window { order_by: vec![col("d").into()], frame, ..Window::default() });
    check_expr(
        ordered(frame(FrameUnit::Range, UnboundedPreceding, UnboundedFollowing)),
        expect!["sum(t.a) OVER (ORDER BY t.d RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"],
    );
    check_expr(
        ordered(frame(FrameUnit::Groups, CurrentRow, Following(int(1)))),
        expect![[r#"
            sum(t.a) OVER (ORDER BY t.d GROUPS BETWEEN CURRENT ROW AND ? FOLLOWING)
            I32(1): INTEGER"#]],
    );
    check_expr(
        ordered(frame(FrameUnit::Rows, UnboundedFollowing, CurrentRow)),
        expect![
            "error: this statement cannot be compiled: a frame cannot start after the last row, or end before the first"
        ],
    );
    check_expr(
        function(|f| {
            f.filter = Some(col("b"));
            f.over = Some(Window::default());
        }),
        expect!["sum(t.a) FILTER (WHERE t.b) OVER ()"],
    );
}
