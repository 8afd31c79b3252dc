//! Statements that make sense: each expression of a type, each column of a source that is there.

use orm::schema::{Name, TableDef};
use orm::tree::*;
use orm::{Bind, DataType, Value};
use rust_decimal::Decimal;

use super::HOSTILE;
use super::luck::Luck;
use crate::fixture::TABLES;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Type {
    Int,
    Text,
    Number,
}

const TYPES: [Type; 3] = [Type::Int, Type::Text, Type::Number];

impl Type {
    fn data_type(self) -> DataType {
        match self {
            Type::Int => DataType::Integer,
            Type::Text => DataType::Text,
            Type::Number => DataType::Numeric { precision: Some(10), scale: Some(2) },
        }
    }

    /// The type of a column, if it is one of these. SQLite orders and computes no other types as the servers do.
    fn of(data_type: &DataType) -> Option<Type> {
        match data_type {
            DataType::Integer => Some(Type::Int),
            DataType::Text | DataType::Varchar(_) => Some(Type::Text),
            DataType::Numeric { .. } => Some(Type::Number),
            _ => None,
        }
    }
}

/// What can be read: columns with their types.
type Scope = Vec<(ColumnRef, Type)>;

fn columns(source: &SourceRef, table: &TableDef) -> Scope {
    let typed = |column: &orm::schema::ColumnDef| {
        let name = column.name.clone();
        let reference = ColumnRef { source: source.clone(), name, data_type: column.data_type.clone() };
        Some((reference, Type::of(&column.data_type)?))
    };
    table.columns.iter().filter_map(typed).collect()
}

/// A random tree of statements.
struct Writer<'l, 'c> {
    luck: &'l mut Luck<'c>,
    /// So that no two sources have one name.
    sources: usize,
}

pub(super) fn statement(luck: &mut Luck<'_>) -> Statement {
    let mut writer = Writer { luck, sources: 0 };
    match writer.luck.below(10) {
        0 => writer.update(),
        1 => writer.delete(),
        2 => writer.insert(),
        3 => Statement::Compound(writer.compound(3)),
        _ => {
            let types = writer.types();
            Statement::Select(writer.select(&types, &Vec::new(), 3))
        }
    }
}

impl Writer<'_, '_> {
    fn types(&mut self) -> Vec<Type> {
        let first = self.luck.of(&TYPES);
        let mut types = self.luck.some(2, |luck| luck.of(&TYPES));
        types.push(first);
        types
    }

    /// A name that no other source has, and that is hard to quote.
    fn name(&mut self) -> Name {
        self.sources += 1;
        if self.luck.rarely() {
            let hostile = self.luck.of(HOSTILE).trim().to_owned();
            return format!("{hostile} {}", self.sources).into();
        }
        format!("s{}", self.sources).into()
    }

    fn table(&mut self) -> (TableRef, Scope) {
        let table = self.luck.of(TABLES);
        let reference = TableRef::new(table).alias(self.name());
        let scope = columns(&reference.source(), table);
        (reference, scope)
    }

    /// A source of FROM.
    fn source(&mut self, depth: usize) -> (From, Scope) {
        if depth == 0 || !self.luck.rarely() {
            let (table, scope) = self.table();
            return (From::Table(table), scope);
        }
        let types = self.types();
        let mut query = self.select(&types, &Vec::new(), depth - 1);
        let alias = self.name();
        let source = SourceRef::named(alias.clone());
        let names: Vec<Name> = (0..types.len()).map(|at| format!("c{at}").into()).collect();
        for (item, name) in query.columns.iter_mut().zip(&names) {
            item.label = Some(name.clone());
        }
        relabel(&mut query);
        let column = |(name, of): (Name, Type)| {
            (ColumnRef { source: source.clone(), name, data_type: of.data_type() }, of)
        };
        let scope = names.into_iter().zip(types.iter().copied()).map(column).collect();
        (From::query(query, alias), scope)
    }

    fn select(&mut self, types: &[Type], outer: &Scope, depth: usize) -> Select {
        let (first, mut scope) = self.source(depth);
        let mut joins = Vec::new();
        for _ in 0..self.luck.below(3) {
            let (to, more) = self.source(depth.saturating_sub(1));
            let kind = self.luck.of(&[JoinKind::Inner, JoinKind::Left, JoinKind::Full, JoinKind::Cross]);
            // A FULL JOIN takes equality alone.
            let on = if kind == JoinKind::Cross { None } else { equality(&scope, &more) };
            let kind = if on.is_none() { JoinKind::Cross } else { kind };
            joins.push(Join { kind, to, on });
            scope.extend(more);
        }
        let own = scope.clone();
        scope.extend(outer.iter().cloned());
        let grouped = depth > 0 && self.luck.rarely();
        let mut select = Select { from: vec![first], joins, ..Select::default() };
        if self.luck.below(2) == 1 {
            select.filter = Some(self.condition(&scope, depth));
        }
        if grouped {
            select.columns = types.iter().map(|of| self.aggregate(*of, &own, depth - 1).into()).collect();
            if let Some((key, _)) = own.first() {
                select.group_by = vec![Expr::Column(key.clone())];
                select.order_by = vec![Expr::Column(key.clone()).into()];
            }
            if self.luck.rarely() {
                let count = self.aggregate(Type::Int, &own, 0);
                select.having = Some(count.binary(BinaryOperator::Gt, int(1)));
            }
        } else {
            select.columns = types.iter().map(|of| self.value(*of, &scope, depth).into()).collect();
            if self.luck.rarely() {
                select.distinct = Some(Distinct::Rows);
            } else if depth == 3 && self.luck.rarely() {
                let over = self.window(&own);
                select.columns.push(over.into());
            }
            if select.distinct.is_none() && self.luck.below(2) == 1 {
                let of = self.luck.of(&TYPES);
                let expr = self.column(of, &own).unwrap_or_else(|| Expr::Column(own[0].0.clone()));
                let descending = self.luck.below(2) == 1;
                let nulls = self.luck.of(&[None, Some(NullsOrder::First), Some(NullsOrder::Last)]);
                select.order_by = vec![OrderBy { expr, descending, nulls }];
            }
        }
        if self.luck.rarely() {
            select.set_limit(3);
        }
        if self.luck.rarely() {
            select.set_offset(1);
        }
        if depth == 3 {
            for item in &mut select.columns {
                item.label = self.luck.rarely().then(|| self.name());
            }
        }
        select
    }

    fn compound(&mut self, depth: usize) -> Compound {
        let types = self.types();
        let kind = self.luck.of(&[SetOperation::Union, SetOperation::Except, SetOperation::Intersect]);
        let arm = |writer: &mut Self| {
            let mut select = writer.select(&types, &Vec::new(), depth - 1);
            select.order_by.clear();
            if !writer.luck.rarely() {
                select.limit = None;
            }
            Query::from(select)
        };
        let queries = vec![arm(self), arm(self)];
        let all = self.luck.rarely();
        Compound {
            with: With::default(),
            operator: SetOperator { kind, all },
            queries,
            order_by: Vec::new(),
            limit: None,
        }
    }

    fn column(&mut self, of: Type, scope: &Scope) -> Option<Expr> {
        let columns: Vec<_> = scope.iter().filter(|(_, own)| *own == of).collect();
        if columns.is_empty() {
            return None;
        }
        Some(Expr::Column(columns[self.luck.below(columns.len())].0.clone()))
    }

    fn leaf(&mut self, of: Type, scope: &Scope) -> Expr {
        if self.luck.below(3) < 2
            && let Some(column) = self.column(of, scope)
        {
            return column;
        }
        let value = match of {
            Type::Int => Value::I32(self.luck.below(20) as i32 - 5),
            Type::Text => Value::Text(self.luck.of(HOSTILE).to_owned()),
            Type::Number => Value::Decimal(Decimal::new(self.luck.below(2_000) as i64 - 500, 2)),
        };
        let bind = Bind::new(value, of.data_type());
        if self.luck.rarely() { Expr::Literal(Box::new(bind)) } else { Expr::Bind(bind) }
    }

    fn value(&mut self, of: Type, scope: &Scope, depth: usize) -> Expr {
        let Some(deeper) = depth.checked_sub(1) else { return self.leaf(of, scope) };
        match (self.luck.below(9), of) {
            (0, _) => Expr::Case(Box::new(Case {
                operand: None,
                branches: vec![(self.condition(scope, deeper), self.value(of, scope, deeper))],
                otherwise: Some(self.value(of, scope, deeper)),
            })),
            (1, _) => {
                call("coalesce", vec![self.value(of, scope, deeper), self.value(of, scope, deeper)], of)
            }
            (2, _) => {
                let mut query = self.select(&[of], scope, deeper.min(1));
                query.order_by.clear();
                query.distinct = None;
                query.group_by.clear();
                query.having = None;
                query.limit = None;
                query.columns = vec![call("max", vec![self.leaf(of, &first_scope(&query))], of).into()];
                Expr::Subquery(Box::new(Subquery { query: query.into(), data_type: of.data_type() }))
            }
            (3 | 4, Type::Int | Type::Number) => {
                let operator =
                    self.luck.of(&[BinaryOperator::Add, BinaryOperator::Subtract, BinaryOperator::Multiply]);
                self.value(of, scope, deeper).binary(operator, self.value(of, scope, deeper))
            }
            (5, Type::Int | Type::Number) => self.value(of, scope, deeper).unary(UnaryOperator::Negate),
            (6, Type::Int) => call("length", vec![self.value(Type::Text, scope, deeper)], Type::Int),
            (7, Type::Int) => {
                let operator =
                    self.luck.of(&[BinaryOperator::BitAnd, BinaryOperator::BitOr, BinaryOperator::Modulo]);
                self.value(of, scope, deeper).binary(operator, self.value(of, scope, deeper))
            }
            (3 | 4, Type::Text) => {
                self.value(of, scope, deeper).binary(BinaryOperator::Concat, self.value(of, scope, deeper))
            }
            (5, Type::Text) => {
                let name = self.luck.of(&["lower", "upper", "trim"]);
                call(name, vec![self.value(of, scope, deeper)], of)
            }
            (6 | 7, Type::Text) => {
                let operand = self.value(Type::Int, scope, deeper);
                Expr::Cast(Box::new(Cast { operand, data_type: DataType::Text }))
            }
            _ => self.leaf(of, scope),
        }
    }

    fn aggregate(&mut self, of: Type, scope: &Scope, depth: usize) -> Expr {
        match of {
            Type::Int if self.luck.below(2) == 1 => {
                Expr::Function(Box::new(Function::new("count", vec![Expr::Star], DataType::BigInt)))
            }
            of => {
                let name = self.luck.of(&["min", "max"]);
                call(name, vec![self.value(of, scope, depth)], of)
            }
        }
    }

    fn window(&mut self, scope: &Scope) -> Expr {
        let mut function = Function::new("row_number", Vec::new(), DataType::BigInt);
        let column = |(column, _): &(ColumnRef, Type)| Expr::Column(column.clone());
        function.over = Some(Window {
            partition_by: scope.last().map(column).into_iter().collect(),
            order_by: scope.first().map(|first| column(first).into()).into_iter().collect(),
            frame: None,
        });
        Expr::Function(Box::new(function))
    }

    fn condition(&mut self, scope: &Scope, depth: usize) -> Expr {
        let deeper = depth.saturating_sub(1);
        let of = self.luck.of(&TYPES);
        match self.luck.below(if depth == 0 { 3 } else { 12 }) {
            3 => {
                let list = vec![self.condition(scope, deeper), self.condition(scope, deeper)];
                Expr::And(list)
            }
            4 => Expr::Or(vec![self.condition(scope, deeper), self.condition(scope, deeper)]),
            5 => self.condition(scope, deeper).unary(UnaryOperator::Not),
            6 => Expr::Between(Box::new(Between {
                operand: self.value(of, scope, deeper),
                low: self.value(of, scope, deeper),
                high: self.value(of, scope, deeper),
                negated: self.luck.rarely(),
            })),
            7 => Expr::InList(Box::new(InList {
                operand: self.value(of, scope, deeper),
                list: (0..self.luck.below(3)).map(|_| self.value(of, scope, 0)).collect(),
                negated: self.luck.rarely(),
            })),
            8 => Expr::Exists(Box::new(Exists { query: self.select(&[of], scope, deeper.min(1)).into() })),
            9 => {
                let query = self.select(&[of], &Vec::new(), deeper.min(1)).into();
                let operand = self.value(of, scope, deeper);
                Expr::InQuery(Box::new(InQuery { operand, query, negated: self.luck.rarely() }))
            }
            10 => Expr::Like(Box::new(Like {
                operand: self.value(Type::Text, scope, deeper),
                pattern: self.value(Type::Text, scope, deeper),
                before: self.luck.rarely(),
                after: self.luck.rarely(),
                escape: self.luck.of(&[None, Some('/')]),
                negated: self.luck.rarely(),
                ignore_case: self.luck.rarely(),
            })),
            2 | 11 => {
                let operator = self.luck.of(&[UnaryOperator::IsNull, UnaryOperator::IsNotNull]);
                self.value(of, scope, deeper).unary(operator)
            }
            _ => {
                use BinaryOperator::*;
                let operator = self.luck.of(&[Eq, Ne, Lt, Le, Gt, Ge, IsDistinctFrom, IsNotDistinctFrom]);
                self.value(of, scope, deeper).binary(operator, self.value(of, scope, deeper))
            }
        }
    }

    fn update(&mut self) -> Statement {
        let table = self.luck.of(TABLES);
        let mut update = Update::new(TableRef::new(table));
        let scope = columns(&update.table.source(), table);
        let (column, of) = scope[self.luck.below(scope.len())].clone();
        update.set = vec![(column.name.into(), self.value(of, &scope, 2))];
        update.filter = Some(self.condition(&scope, 2));
        if self.luck.rarely() {
            update.returning = vec![self.leaf(of, &scope).into()];
        }
        Statement::Update(update)
    }

    fn delete(&mut self) -> Statement {
        let table = self.luck.of(TABLES);
        let mut delete = Delete::new(TableRef::new(table));
        let scope = columns(&delete.table.source(), table);
        delete.filter = Some(self.condition(&scope, 2));
        Statement::Delete(delete)
    }

    fn insert(&mut self) -> Statement {
        let table = self.luck.of(TABLES);
        let scope = columns(&TableRef::new(table).source(), table);
        let names = scope.iter().map(|(column, _)| column.name.clone()).collect();
        let types: Vec<Type> = scope.iter().map(|(_, of)| *of).collect();
        let source = if self.luck.below(2) == 1 {
            InsertSource::Query(self.select(&types, &Vec::new(), 1).into())
        } else {
            let row = |writer: &mut Self| types.iter().map(|of| writer.value(*of, &Vec::new(), 1)).collect();
            InsertSource::Values(vec![row(self), row(self)])
        };
        Statement::Insert(Insert::new(TableRef::new(table), names, source))
    }
}

/// The columns of the first source of a query.
fn first_scope(query: &Select) -> Scope {
    let Some(From::Table(table)) = query.from.first() else { return Vec::new() };
    let definition = TABLES.iter().find(|definition| definition.name == table.name);
    definition.map(|definition| columns(&table.source(), definition)).unwrap_or_default()
}

/// Orderings by labels that were taken away again.
fn relabel(query: &mut Select) {
    query.order_by.retain(|order| !matches!(order.expr, Expr::Label(_)));
}

fn equality(left: &Scope, right: &Scope) -> Option<Expr> {
    let mut pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
    let ((one, _), (other, _)) = pairs.find(|((_, one), (_, other))| one == other)?;
    Some(Expr::Column(one.clone()).binary(BinaryOperator::Eq, Expr::Column(other.clone())))
}

fn int(value: i32) -> Expr {
    Expr::Bind(Bind::new(Value::I32(value), DataType::Integer))
}

fn call(name: &'static str, arguments: Vec<Expr>, of: Type) -> Expr {
    Expr::Function(Box::new(Function::new(name, arguments, of.data_type())))
}
