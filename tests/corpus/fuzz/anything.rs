//! Trees of whatever: most make no sense.

use orm::schema::Name;
use orm::tree::*;
use orm::{Bind, DataType, Value};

use super::HOSTILE;
use super::luck::Luck;

const DEPTH: usize = 6;

pub(super) fn statement(luck: &mut Luck<'_>) -> Statement {
    any_statement(luck, DEPTH)
}

fn any_statement(luck: &mut Luck<'_>, depth: usize) -> Statement {
    let deeper = depth.saturating_sub(1);
    match luck.below(8) {
        0..=3 => Statement::Select(select(luck, deeper)),
        4 => Statement::Compound(compound(luck, deeper)),
        5 => {
            let source = match luck.below(3) {
                0 => InsertSource::Query(query(luck, deeper)),
                _ => InsertSource::Values(luck.some(3, |luck| luck.some(3, |luck| expr(luck, deeper)))),
            };
            let mut insert = Insert::new(table(luck), luck.some(3, name), source);
            insert.with = with(luck, deeper);
            insert.returning = luck.some(2, |luck| item(luck, deeper));
            insert.on_conflict = luck.rarely().then(|| OnConflict {
                target: match luck.below(3) {
                    0 => ConflictTarget::Any,
                    _ => ConflictTarget::Constraint(name(luck)),
                },
                action: ConflictAction::Nothing,
            });
            Statement::Insert(insert)
        }
        6 => {
            let mut update = Update::new(table(luck));
            update.with = with(luck, deeper);
            update.set = luck.some(3, |luck| (name(luck).into(), expr(luck, deeper)));
            update.from = luck.some(2, |luck| from(luck, deeper));
            update.filter = luck.rarely().then(|| expr(luck, deeper));
            update.returning = luck.some(2, |luck| item(luck, deeper));
            Statement::Update(update)
        }
        _ => {
            let mut delete = Delete::new(table(luck));
            delete.with = with(luck, deeper);
            delete.using = luck.some(2, |luck| from(luck, deeper));
            delete.filter = luck.rarely().then(|| expr(luck, deeper));
            delete.returning = luck.some(2, |luck| item(luck, deeper));
            Statement::Delete(delete)
        }
    }
}

fn name(luck: &mut Luck<'_>) -> Name {
    match luck.below(4) {
        0 => luck.of(HOSTILE).into(),
        1 => "".into(),
        2 => "n".repeat(luck.below(200)).into(),
        _ => luck.of(&["a", "b", "users", "id"]).into(),
    }
}

fn data_type(luck: &mut Luck<'_>) -> DataType {
    let other = DataType::Other(luck.of(HOSTILE).into());
    luck.of(&[
        DataType::Integer,
        DataType::BigInt,
        DataType::UnsignedBigInt,
        DataType::Text,
        DataType::Varchar(3),
        DataType::Boolean,
        DataType::Double,
        DataType::NUMERIC,
        DataType::Numeric { precision: Some(4), scale: Some(2) },
        DataType::Bytes,
        DataType::Date,
        DataType::Timestamp,
        DataType::TimestampTz,
        DataType::Interval,
        DataType::Uuid,
        DataType::Json,
        DataType::Jsonb,
        DataType::Hstore,
        DataType::Array(DataType::Integer.into()),
        other,
    ])
}

fn value(luck: &mut Luck<'_>) -> Value {
    match luck.below(9) {
        0 => Value::Null,
        1 => Value::I32(luck.below(100) as i32 - 50),
        2 => Value::I64(i64::MIN),
        3 => Value::U64(u64::MAX),
        4 => Value::Text(luck.of(HOSTILE).to_owned()),
        5 => Value::F64(luck.of(&[f64::NAN, f64::INFINITY, -0.0, 1e300])),
        6 => Value::Bytes(vec![0, 255, 39]),
        7 => Value::Text("\0".to_owned()),
        _ => Value::Array(vec![Value::Null, Value::I32(1)]),
    }
}

fn table(luck: &mut Luck<'_>) -> TableRef {
    TableRef {
        schema: luck.rarely().then(|| name(luck)),
        name: name(luck),
        alias: luck.rarely().then(|| name(luck)),
    }
}

fn source(luck: &mut Luck<'_>) -> SourceRef {
    SourceRef { schema: luck.rarely().then(|| name(luck)), name: name(luck) }
}

fn item(luck: &mut Luck<'_>, depth: usize) -> SelectItem {
    SelectItem { expr: expr(luck, depth), label: luck.rarely().then(|| name(luck)), left_out: false }
}

fn order(luck: &mut Luck<'_>, depth: usize) -> OrderBy {
    OrderBy {
        expr: expr(luck, depth),
        descending: luck.below(2) == 1,
        nulls: luck.of(&[None, Some(NullsOrder::First), Some(NullsOrder::Last)]),
    }
}

fn limit(luck: &mut Luck<'_>, depth: usize) -> Option<Limit> {
    (luck.below(3) == 1).then(|| Limit {
        count: luck.rarely().then(|| expr(luck, depth)).or_else(|| Some(Limit::rows(3))),
        offset: luck.rarely().then(|| expr(luck, depth)),
        fetch: luck.rarely(),
        percent: luck.rarely(),
        with_ties: luck.rarely(),
    })
}

fn with(luck: &mut Luck<'_>, depth: usize) -> With {
    if depth == 0 || !luck.rarely() {
        return With::default();
    }
    let cte = |luck: &mut Luck<'_>| Cte {
        name: name(luck),
        columns: luck.some(2, name),
        statement: Box::new(any_statement(luck, depth - 1)),
        recursive: luck.rarely(),
        materialized: luck.of(&[None, Some(true), Some(false)]),
    };
    With { ctes: luck.some(2, cte) }
}

fn compound(luck: &mut Luck<'_>, depth: usize) -> Compound {
    let kind = luck.of(&[SetOperation::Union, SetOperation::Except, SetOperation::Intersect]);
    Compound {
        with: with(luck, depth),
        operator: SetOperator { kind, all: luck.below(2) == 1 },
        queries: luck.some(3, |luck| query(luck, depth.saturating_sub(1))),
        order_by: luck.some(2, |luck| order(luck, 0)),
        limit: limit(luck, 0),
    }
}

fn query(luck: &mut Luck<'_>, depth: usize) -> Query {
    match luck.below(if depth == 0 { 1 } else { 6 }) {
        1 => compound(luck, depth).into(),
        2 => Values { rows: luck.some(2, |luck| luck.some(2, |luck| expr(luck, 0))) }.into(),
        3 => text(luck).into(),
        _ => select(luck, depth.saturating_sub(1)).into(),
    }
}

fn text(luck: &mut Luck<'_>) -> Text {
    let parts = luck.some(3, |luck| match luck.below(2) {
        0 => TextPart::Sql(luck.of(HOSTILE).to_owned()),
        _ => TextPart::Parameter(luck.of(&["a", "b"]).into()),
    });
    let binds = luck.some(2, |luck| (luck.of(&["a", "b"]).into(), Bind::new(value(luck), data_type(luck))));
    Text { parts, binds }
}

fn from(luck: &mut Luck<'_>, depth: usize) -> From {
    match luck.below(if depth == 0 { 2 } else { 7 }) {
        2 => From::Query {
            query: Box::new(query(luck, depth - 1)),
            alias: name(luck),
            columns: luck.some(2, name),
            lateral: luck.rarely(),
        },
        3 => From::Cte { name: name(luck), alias: luck.rarely().then(|| name(luck)) },
        4 => From::Function(Box::new(TableFunction {
            function: function(luck, depth - 1),
            alias: name(luck),
            columns: luck.some(2, name),
            ordinality: luck.rarely(),
            lateral: luck.rarely(),
        })),
        5 => From::Sample(Box::new(Sample {
            table: table(luck),
            method: name(luck),
            argument: expr(luck, 0),
            seed: luck.rarely().then(|| expr(luck, 0)),
        })),
        6 => From::Joined(Box::new(Joined {
            from: from(luck, depth - 1),
            joins: luck.some(2, |luck| join(luck, depth - 1)),
        })),
        _ => From::Table(table(luck)),
    }
}

fn join(luck: &mut Luck<'_>, depth: usize) -> Join {
    Join {
        kind: luck.of(&[JoinKind::Inner, JoinKind::Left, JoinKind::Full, JoinKind::Cross]),
        to: from(luck, depth),
        on: (!luck.rarely()).then(|| expr(luck, depth)),
    }
}

fn select(luck: &mut Luck<'_>, depth: usize) -> Select {
    let distinct = match luck.below(8) {
        0 => Some(Distinct::Rows),
        1 => Some(Distinct::On(luck.some(2, |luck| expr(luck, 0)))),
        _ => None,
    };
    let lock = luck.rarely().then(|| Lock {
        strength: luck.of(&[
            LockStrength::Update,
            LockStrength::NoKeyUpdate,
            LockStrength::Share,
            LockStrength::KeyShare,
        ]),
        of: luck.some(1, source),
        wait: luck.of(&[LockWait::Wait, LockWait::NoWait, LockWait::SkipLocked]),
    });
    Select {
        with: with(luck, depth),
        distinct,
        columns: luck.some(3, |luck| item(luck, depth)),
        from: luck.some(2, |luck| from(luck, depth)),
        joins: luck.some(2, |luck| join(luck, depth)),
        filter: luck.rarely().then(|| expr(luck, depth)),
        group_by: if luck.rarely() { luck.some(2, |luck| expr(luck, depth)) } else { Vec::new() },
        having: luck.rarely().then(|| expr(luck, depth)),
        order_by: if luck.rarely() { luck.some(2, |luck| order(luck, depth)) } else { Vec::new() },
        limit: limit(luck, depth),
        lock,
        ..Select::default()
    }
}

fn function(luck: &mut Luck<'_>, depth: usize) -> Function {
    let names = [
        "count",
        "sum",
        "coalesce",
        "concat",
        "length",
        "now",
        "string_agg",
        "row_number",
        "a.b",
        "x y",
        "'",
        "log",
        "substr",
    ];
    let mut function =
        Function::new(luck.of(&names), luck.some(4, |luck| expr(luck, depth)), data_type(luck));
    function.distinct = luck.rarely();
    function.filter = luck.rarely().then(|| expr(luck, depth));
    function.order_by = if luck.rarely() { luck.some(2, |luck| order(luck, depth)) } else { Vec::new() };
    function.within_group = if luck.rarely() { luck.some(2, |luck| order(luck, depth)) } else { Vec::new() };
    function.over = luck.rarely().then(|| Window {
        partition_by: luck.some(1, |luck| expr(luck, 0)),
        order_by: luck.some(1, |luck| order(luck, 0)),
        frame: luck.rarely().then(|| Frame {
            unit: luck.of(&[FrameUnit::Rows, FrameUnit::Range, FrameUnit::Groups]),
            start: FrameBound::UnboundedPreceding,
            end: FrameBound::Following(expr(luck, 0)),
            exclude: luck.of(&[None, Some(FrameExclusion::Ties)]),
        }),
    });
    function
}

fn expr(luck: &mut Luck<'_>, depth: usize) -> Expr {
    let Some(deeper) = depth.checked_sub(1) else { return leaf(luck) };
    let operand = |luck: &mut Luck<'_>| expr(luck, deeper);
    match luck.below(32) {
        0 => operand(luck).unary(luck.of(&[
            UnaryOperator::Not,
            UnaryOperator::Negate,
            UnaryOperator::IsNull,
            UnaryOperator::IsNotNull,
        ])),
        1..=4 => {
            use BinaryOperator::*;
            let operators = [
                Eq,
                Ne,
                Lt,
                Le,
                Gt,
                Ge,
                IsDistinctFrom,
                IsNotDistinctFrom,
                Add,
                Subtract,
                Multiply,
                Divide,
                FloorDivide,
                Modulo,
                Concat,
                BitAnd,
                BitOr,
                BitXor,
                ShiftLeft,
                ShiftRight,
                Contains,
                ContainedBy,
                Overlaps,
                HasKey,
                HasAnyKey,
                HasAllKeys,
                ValueOf,
                DeleteKey,
                DeletePath,
                PathExists,
                PathMatches,
                LeftOf,
                RightOf,
                NotExtendRightOf,
                NotExtendLeftOf,
                AdjacentTo,
            ];
            let operator = luck.of(&operators);
            operand(luck).binary(operator, operand(luck))
        }
        5 => Expr::And(luck.some(3, operand)),
        6 => Expr::Or(luck.some(3, operand)),
        7 => Expr::Between(Box::new(Between {
            operand: operand(luck),
            low: operand(luck),
            high: operand(luck),
            negated: luck.rarely(),
        })),
        8 => Expr::InList(Box::new(InList {
            operand: operand(luck),
            list: luck.some(3, operand),
            negated: luck.rarely(),
        })),
        9 => Expr::InQuery(Box::new(InQuery {
            operand: operand(luck),
            query: query(luck, deeper),
            negated: luck.rarely(),
        })),
        10 => Expr::Like(Box::new(Like {
            operand: operand(luck),
            pattern: operand(luck),
            before: luck.rarely(),
            after: luck.rarely(),
            escape: luck.of(&[None, Some('/'), Some('\''), Some('\\')]),
            negated: luck.rarely(),
            ignore_case: luck.rarely(),
        })),
        11 => Expr::Case(Box::new(Case {
            operand: luck.rarely().then(|| operand(luck)),
            branches: luck.some(2, |luck| (expr(luck, deeper), expr(luck, deeper))),
            otherwise: luck.rarely().then(|| operand(luck)),
        })),
        12 => Expr::Cast(Box::new(Cast { operand: operand(luck), data_type: data_type(luck) })),
        13 => Expr::TryCast(Box::new(Cast { operand: operand(luck), data_type: data_type(luck) })),
        14 => Expr::TypedAs(Box::new(TypedAs { operand: operand(luck), data_type: data_type(luck) })),
        15 => Expr::Extract(Box::new(Extract {
            field: luck.of(&[DateField::Year, DateField::Epoch, DateField::DayOfWeek]),
            operand: operand(luck),
        })),
        16 => Expr::Collate(Box::new(Collate { operand: operand(luck), collation: name(luck) })),
        17 | 18 => Expr::Function(Box::new(function(luck, deeper))),
        19 => Expr::Exists(Box::new(Exists { query: query(luck, deeper) })),
        20 => Expr::Subquery(Box::new(Subquery { query: query(luck, deeper), data_type: data_type(luck) })),
        21 => Expr::Quantified(Box::new(Quantified {
            quantifier: luck.of(&[Quantifier::Any, Quantifier::All]),
            query: query(luck, deeper),
        })),
        22 => Expr::Tuple(luck.some(3, operand)),
        23 => Expr::Ordered(Box::new(order(luck, deeper))),
        24 => Expr::Regexp(Box::new(Regexp {
            operand: operand(luck),
            pattern: operand(luck),
            flags: luck.of(&[None, Some("i".to_owned()), Some("'".to_owned())]),
            negated: luck.rarely(),
        })),
        25 => Expr::FullText(Box::new(FullText {
            operand: operand(luck),
            query: operand(luck),
            config: luck.rarely().then(|| luck.of(HOSTILE).to_owned()),
        })),
        26 => Expr::Json(Box::new(JsonPart {
            document: operand(luck),
            path: match luck.below(2) {
                0 => JsonPath::Step(JsonStep::Key(luck.of(HOSTILE).to_owned())),
                _ => JsonPath::Steps(luck.some(2, |luck| JsonStep::Index(luck.below(9) as i32 - 4))),
            },
            scalar: luck.rarely().then(|| data_type(luck)),
        })),
        27 => Expr::Array(Box::new(Array { items: luck.some(2, operand), element: data_type(luck) })),
        28 => Expr::Index(Box::new(Index {
            operand: operand(luck),
            indexes: luck.some(2, operand),
            data_type: data_type(luck),
        })),
        29 => Expr::Slice(Box::new(Slice {
            operand: operand(luck),
            lower: luck.rarely().then(|| expr(luck, 0)),
            upper: None,
        })),
        30 => Expr::QuantifiedArray(Box::new(QuantifiedArray {
            quantifier: Quantifier::Any,
            array: operand(luck),
        })),
        _ => Expr::Custom(Box::new(Custom {
            left: operand(luck),
            operator: luck.of(HOSTILE).to_owned(),
            right: operand(luck),
            data_type: data_type(luck),
        })),
    }
}

fn leaf(luck: &mut Luck<'_>) -> Expr {
    match luck.below(8) {
        0 | 1 => {
            Expr::Column(ColumnRef { source: source(luck), name: name(luck), data_type: data_type(luck) })
        }
        2 => Expr::Excluded(Excluded { name: name(luck), data_type: data_type(luck) }),
        3 => Expr::Literal(Box::new(Bind::new(value(luck), data_type(luck)))),
        4 => Expr::Text(Box::new(text(luck))),
        5 => Expr::Label(name(luck)),
        6 => luck.of(&[Expr::Star, Expr::Bool(true), Expr::Bool(false)]),
        _ => Expr::Bind(Bind::new(value(luck), data_type(luck))),
    }
}
