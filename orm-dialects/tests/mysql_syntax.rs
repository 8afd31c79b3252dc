//! That the SQL for MariaDB and MySQL means what it says, where it is written otherwise than elsewhere.
//!
//! It needs a server at `ORM_MARIADB_URL`, or at `mysql://root@127.0.0.1:3306/test`, and makes databases of its own there.

use orm_core::driver::{Driver, DriverConnection, DriverOptions};
use orm_dialects::mysql::MySqlDriver;
use orm_query::tree::{
    BinaryOperator, Case, ColumnRef, Delete, Expr, From, Function, InList, InQuery, Like, Limit, NullsOrder,
    OrderBy, Quantified, Quantifier, Select, SelectItem, SourceRef, Statement, Subquery, TableRef, Update,
};
use orm_query::{Bind, Compiled, DataType, ExecutionOptions, Value, read_value};

const PLAIN: ExecutionOptions = ExecutionOptions::new();

/// A table `t` of four rows in a database of its own.
struct Fixture {
    name: &'static str,
    driver: MySqlDriver,
    connection: Box<dyn DriverConnection>,
}

fn server() -> String {
    std::env::var("ORM_MARIADB_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306/test".into())
}

impl Fixture {
    async fn new(name: &'static str) -> Self {
        let driver = MySqlDriver::new(&server(), DriverOptions::default()).unwrap();
        let connection = driver.connect().await.unwrap();
        let mut case = Fixture { name, driver, connection };
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name}"),
            format!(
                "CREATE TABLE {name}.t (id INT PRIMARY KEY, a INT, b INT, s VARCHAR(20), d DECIMAL(65, 30))"
            ),
            format!(
                r"INSERT INTO {name}.t VALUES (1, 1, 10, 'a', 1.5), (2, NULL, 20, 'B', 2.5), (3, 2, NULL, 'c\d', 0)"
            ),
            format!("INSERT INTO {name}.t VALUES (4, 1, 40, 'A', NULL)"),
        ] {
            case.execute(&Compiled { sql: sql.into(), binds: Vec::new() }).await;
        }
        case
    }

    async fn execute(&mut self, statement: &Compiled) -> u64 {
        let done = self.connection.execute(statement, &PLAIN).await;
        done.unwrap_or_else(|error| panic!("{}: {error}", statement.sql))
    }

    async fn change(&mut self, statement: Statement) -> u64 {
        let compiled = self.driver.dialect().compile(&statement).unwrap();
        self.execute(&compiled).await
    }

    /// The values of a query's first column.
    async fn values(&mut self, query: Select, data_type: DataType) -> Vec<Value> {
        let compiled = self.driver.dialect().compile(&Statement::Select(query)).unwrap();
        let mut cursor = self.connection.fetch(&compiled, &PLAIN);
        let mut values = Vec::new();
        while let Some(row) = cursor.next().await.unwrap_or_else(|error| panic!("{}: {error}", compiled.sql))
        {
            values.push(read_value(row, 0, &data_type).unwrap());
        }
        values
    }

    /// The keys of the rows that fulfil a condition.
    async fn ids(&mut self, filter: Expr) -> Vec<Value> {
        let query = Select {
            filter: Some(filter),
            order_by: vec![self.col("id").into()],
            ..self.select(self.col("id"))
        };
        self.values(query, DataType::Integer).await
    }

    async fn end(mut self) {
        let sql = format!("DROP DATABASE {}", self.name).into();
        self.execute(&Compiled { sql, binds: Vec::new() }).await;
    }

    fn table(&self) -> TableRef {
        TableRef { schema: Some(self.name.into()), name: "t".into(), alias: None }
    }

    fn col(&self, name: &'static str) -> Expr {
        self.typed(name, DataType::Integer)
    }

    fn typed(&self, name: &'static str, data_type: DataType) -> Expr {
        let source = SourceRef { schema: Some(self.name.into()), name: "t".into() };
        Expr::Column(ColumnRef { source, name: name.into(), data_type })
    }

    fn text(&self) -> Expr {
        self.typed("s", DataType::Varchar(20))
    }

    fn select(&self, e: Expr) -> Select {
        Select {
            columns: vec![SelectItem::from(e)],
            from: vec![From::Table(self.table())],
            ..Select::default()
        }
    }
}

fn int(value: i32) -> Expr {
    Expr::Bind(Bind::new(Value::I32(value), DataType::Integer))
}

fn string(value: &str) -> Expr {
    Expr::Bind(Bind::new(Value::Text(value.into()), DataType::Text))
}

fn call(name: &'static str, argument: Expr, data_type: DataType) -> Function {
    Function::new(name, vec![argument], data_type)
}

fn ints(list: &[i32]) -> Vec<Value> {
    list.iter().map(|v| Value::I32(*v)).collect()
}

#[tokio::test]
async fn orders() {
    let mut case = Fixture::new("orm_syntax_orders").await;
    for (descending, nulls, expected) in [
        (false, None, [2, 1, 4, 3]),
        (false, Some(NullsOrder::First), [2, 1, 4, 3]),
        (false, Some(NullsOrder::Last), [1, 4, 3, 2]),
        (true, None, [3, 1, 4, 2]),
        (true, Some(NullsOrder::First), [2, 3, 1, 4]),
        (true, Some(NullsOrder::Last), [3, 1, 4, 2]),
    ] {
        let order = OrderBy { expr: case.col("a"), descending, nulls };
        let query = Select { order_by: vec![order, case.col("id").into()], ..case.select(case.col("id")) };
        assert_eq!(case.values(query, DataType::Integer).await, ints(&expected), "{descending} {nulls:?}");
    }
    let rest = Select {
        limit: Some(Limit { offset: Some(Limit::rows(2)), ..Limit::default() }),
        order_by: vec![case.col("id").into()],
        ..case.select(case.col("id"))
    };
    assert_eq!(case.values(rest, DataType::Integer).await, ints(&[3, 4]));
    case.end().await;
}

#[tokio::test]
async fn conditions() {
    let mut case = Fixture::new("orm_syntax_conditions").await;
    use BinaryOperator as Is;
    let (a, b, text) = (case.col("a"), case.col("b"), case.text());
    assert_eq!(case.ids(a.clone().binary(Is::IsDistinctFrom, int(1))).await, ints(&[2, 3]));
    assert_eq!(case.ids(a.clone().binary(Is::IsNotDistinctFrom, b.clone())).await, ints(&[]));
    let like = |pattern: &str, escape, ignore_case| {
        let (operand, pattern) = (text.clone(), string(pattern));
        Expr::Like(Box::new(Like {
            operand,
            pattern,
            before: false,
            after: false,
            escape,
            negated: false,
            ignore_case,
        }))
    };
    assert_eq!(case.ids(like(r"c\_", None, false)).await, ints(&[3]), "a backslash is a character");
    assert_eq!(case.ids(like(r"c\\d", Some('\\'), false)).await, ints(&[3]));
    assert_eq!(case.ids(like("b%", None, true)).await, ints(&[2]));
    assert_eq!(case.ids(text.clone().regexp(string("^[ab]$")).negated()).await, ints(&[3]));
    let pair = Expr::Tuple(vec![case.col("id"), a.clone()]);
    let list = vec![Expr::Tuple(vec![int(1), int(1)]), Expr::Tuple(vec![int(2), int(2)])];
    assert_eq!(
        case.ids(Expr::InList(Box::new(InList { operand: pair, list, negated: false }))).await,
        ints(&[1])
    );
    let limited = Select {
        order_by: vec![case.col("id").into()],
        limit: Some(Limit { count: Some(Limit::rows(2)), ..Limit::default() }),
        ..case.select(case.col("id"))
    };
    let within = InQuery { operand: case.col("id"), query: limited.clone().into(), negated: true };
    assert_eq!(case.ids(Expr::InQuery(Box::new(within))).await, ints(&[3, 4]));
    let all = Expr::Quantified(Box::new(Quantified { quantifier: Quantifier::All, query: limited.into() }));
    assert_eq!(case.ids(case.col("id").binary(Is::Gt, all)).await, ints(&[3, 4]));
    case.end().await;
}

#[tokio::test]
async fn numbers() {
    let mut case = Fixture::new("orm_syntax_numbers").await;
    let first = |case: &Fixture, e: Expr| {
        let filter = Some(case.col("id").binary(BinaryOperator::Eq, int(1)));
        Select { filter, ..case.select(e) }
    };
    let third = case.col("a").binary(BinaryOperator::Divide, int(3));
    let query = first(&case, third);
    assert_eq!(case.values(query, DataType::Double).await, [Value::F64(1.0 / 3.0)]);
    let average = Expr::Function(Box::new(call("avg", case.col("a"), DataType::Double)));
    let query = case.select(average);
    assert_eq!(case.values(query, DataType::Double).await, [Value::F64(4.0 / 3.0)]);
    let sum = Expr::Function(Box::new(call("sum", case.col("b"), DataType::BigInt)));
    let query = case.select(sum);
    assert_eq!(case.values(query, DataType::BigInt).await, [Value::I64(70)]);
    let mut filtered = call("count", Expr::Star, DataType::BigInt);
    filtered.filter = Some(case.col("a").binary(BinaryOperator::Eq, int(1)));
    let query = Statement::Select(case.select(Expr::Function(Box::new(filtered))));
    let refused = case.driver.dialect().compile(&query);
    assert!(matches!(refused, Err(orm_query::CompileError::Unsupported { .. })), "{refused:?}");
    let letters = Expr::Function(Box::new(call("length", string("äöü"), DataType::BigInt)));
    let query = first(&case, letters);
    assert_eq!(case.values(query, DataType::BigInt).await, [Value::I64(3)]);
    let joined = case.text().binary(BinaryOperator::Concat, string("ä"));
    let query = first(&case, joined);
    assert_eq!(case.values(query, DataType::Text).await, [Value::Text("aä".into())]);
    let big: rust_decimal::Decimal = "79228162514264337593543950335".parse().unwrap();
    let decimal = Bind::new(Value::Decimal(big), DataType::NUMERIC);
    let set = vec![("d".into(), Expr::Bind(decimal.clone()))];
    let filter = Some(case.col("id").binary(BinaryOperator::Eq, int(1)));
    case.change(Statement::Update(Update {
        from: Vec::new(),
        prefixes: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        with: orm_query::tree::With::default(),
        table: case.table(),
        set,
        filter,
        returning: vec![],
    }))
    .await;
    let same = case.typed("d", DataType::NUMERIC).binary(BinaryOperator::Eq, Expr::Bind(decimal));
    assert_eq!(case.ids(same).await, ints(&[1]), "every digit counts");
    case.end().await;
}

#[tokio::test]
async fn changes() {
    let mut case = Fixture::new("orm_syntax_changes").await;
    let swap = vec![("a".into(), int(100)), ("b".into(), case.col("a").binary(BinaryOperator::Add, int(1)))];
    let one = || Some(case.col("id").binary(BinaryOperator::Eq, int(1)));
    let update = Update {
        from: Vec::new(),
        prefixes: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        with: orm_query::tree::With::default(),
        table: case.table(),
        set: swap,
        filter: one(),
        returning: vec![],
    };
    assert_eq!(case.change(Statement::Update(update)).await, 1);
    let both = case.col("a").binary(BinaryOperator::Add, case.col("b"));
    let query =
        Select { filter: Some(case.col("id").binary(BinaryOperator::Eq, int(1))), ..case.select(both) };
    assert_eq!(case.values(query, DataType::Integer).await, ints(&[102]), "b has the a from before");

    let max = Expr::Function(Box::new(call("max", case.col("b"), DataType::Integer)));
    let max =
        Expr::Subquery(Box::new(Subquery { query: case.select(max).into(), data_type: DataType::Integer }));
    let set = vec![("a".into(), max)];
    let update = Update {
        from: Vec::new(),
        prefixes: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        with: orm_query::tree::With::default(),
        table: case.table(),
        set,
        filter: None,
        returning: vec![],
    };
    assert_eq!(case.change(Statement::Update(update)).await, 4);
    assert_eq!(case.ids(case.col("a").binary(BinaryOperator::Eq, int(40))).await, ints(&[1, 2, 3, 4]));

    let nulls = Select {
        filter: Some(case.col("b").unary(orm_query::tree::UnaryOperator::IsNull)),
        ..case.select(case.col("id"))
    };
    let filter = Some(Expr::InQuery(Box::new(InQuery {
        operand: case.col("id"),
        query: nulls.into(),
        negated: false,
    })));
    let delete = Delete {
        using: Vec::new(),
        prefixes: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        with: orm_query::tree::With::default(),
        table: case.table(),
        filter,
        returning: vec![],
    };
    assert_eq!(case.change(Statement::Delete(delete)).await, 1);
    let branches = vec![(case.col("id").binary(BinaryOperator::Gt, int(2)), int(1))];
    let late = Expr::Case(Box::new(Case { operand: None, branches, otherwise: None }));
    assert_eq!(case.ids(late).await, ints(&[4]));
    case.end().await;
}
