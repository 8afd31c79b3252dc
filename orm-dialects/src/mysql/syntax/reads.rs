//! What an expression reads: its columns, and the tables of its subqueries.

use orm_query::tree::{ColumnRef, Expr, From, Function, Select, SourceRef, TableRef, Window};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Reads<'e> {
    /// The columns, wherever they stand.
    pub(super) columns: Vec<&'e ColumnRef>,
    /// The tables of subqueries.
    tables: Vec<&'e TableRef>,
    /// The names that subqueries give to their sources.
    sources: Vec<SourceRef>,
}

impl<'e> Reads<'e> {
    /// Of an expression.
    pub(super) fn of(e: &'e Expr) -> Self {
        let mut reads = Reads::default();
        reads.expr(e);
        reads
    }

    /// Of a query.
    pub(super) fn of_query(q: &'e Select) -> Self {
        let mut reads = Reads::default();
        reads.select(q);
        reads
    }

    /// Whether a query reads the table.
    pub(super) fn has_table(&self, table: &TableRef) -> bool {
        self.tables.iter().any(|t| t.name == table.name && t.schema == table.schema)
    }

    /// Whether a query reads columns of sources that are not its own.
    pub(super) fn is_correlated(&self) -> bool {
        self.columns.iter().any(|column| !self.sources.contains(&column.source))
    }

    fn all(&mut self, list: impl IntoIterator<Item = &'e Expr>) {
        list.into_iter().for_each(|e| self.expr(e));
    }

    fn expr(&mut self, e: &'e Expr) {
        match e {
            Expr::Column(c) => self.columns.push(c),
            Expr::Excluded(_) | Expr::Bind(_) | Expr::Text(_) | Expr::Label(_) | Expr::Star => {}
            Expr::Unary(u) => self.expr(&u.operand),
            Expr::Binary(b) => self.all([&b.left, &b.right]),
            Expr::And(list) | Expr::Or(list) | Expr::Tuple(list) => self.all(list),
            Expr::Between(b) => self.all([&b.operand, &b.low, &b.high]),
            Expr::InList(i) => {
                self.expr(&i.operand);
                self.all(&i.list);
            }
            Expr::InQuery(i) => {
                self.expr(&i.operand);
                self.select(&i.query);
            }
            Expr::Like(l) => self.all([&l.operand, &l.pattern]),
            Expr::Case(c) => {
                self.all(&c.operand);
                c.branches.iter().for_each(|(when, then)| self.all([when, then]));
                self.all(&c.otherwise);
            }
            Expr::Cast(c) => self.expr(&c.operand),
            Expr::Collate(c) => self.expr(&c.operand),
            Expr::Function(f) => self.function(f),
            Expr::Exists(e) => self.select(&e.query),
            Expr::Subquery(q) => self.select(&q.query),
            Expr::Quantified(q) => self.select(&q.query),
            Expr::Ordered(o) => self.expr(&o.expr),
        }
    }

    fn function(&mut self, f: &'e Function) {
        let Function { name: _, arguments, data_type: _, distinct: _, filter, order_by, over } = f;
        self.all(arguments);
        self.all(filter);
        self.all(order_by.iter().map(|o| &o.expr));
        if let Some(Window { partition_by, order_by, frame: _ }) = over {
            self.all(partition_by);
            self.all(order_by.iter().map(|o| &o.expr));
        }
    }

    fn select(&mut self, q: &'e Select) {
        for from in q.from.iter().chain(q.joins.iter().map(|join| &join.to)) {
            match from {
                From::Table(table) => {
                    self.tables.push(table);
                    self.sources.push(table.source());
                }
                From::Query { query, alias } => {
                    self.select(query);
                    self.sources.push(SourceRef::named(alias.clone()));
                }
            }
        }
        self.all(q.columns.iter().map(|item| &item.expr));
        self.all(q.joins.iter().filter_map(|join| join.on.as_ref()));
        self.all(&q.filter);
        self.all(&q.group_by);
        self.all(&q.having);
        self.all(q.order_by.iter().map(|o| &o.expr));
    }
}
