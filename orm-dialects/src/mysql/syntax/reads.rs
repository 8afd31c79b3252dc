//! What an expression reads: its columns, and the tables of its subqueries.

use orm_query::tree::{
    ColumnRef, Compound, Distinct, Expr, Frame, From, Function, Join, Limit, Query, Select, SourceRef,
    Statement, TableRef, Window, With,
};

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
    pub(super) fn of_query(q: &'e Query) -> Self {
        let mut reads = Reads::default();
        reads.query(q);
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
            Expr::Excluded(_)
            | Expr::Bind(_)
            | Expr::Literal(_)
            | Expr::Param(_)
            | Expr::Text(_)
            | Expr::Label(_)
            | Expr::Star => {}
            Expr::Unary(u) => self.expr(&u.operand),
            Expr::Binary(b) => self.all([&b.left, &b.right]),
            Expr::And(list) | Expr::Or(list) | Expr::Tuple(list) => self.all(list),
            Expr::Between(b) => self.all([&b.operand, &b.low, &b.high]),
            Expr::InList(i) => {
                self.expr(&i.operand);
                self.all(&i.list);
            }
            Expr::InRows(i) => self.all(&i.operands),
            Expr::InQuery(i) => {
                self.expr(&i.operand);
                self.query(&i.query);
            }
            Expr::Like(l) => self.all([&l.operand, &l.pattern]),
            Expr::Case(c) => {
                self.all(&c.operand);
                c.branches.iter().for_each(|(when, then)| self.all([when, then]));
                self.all(&c.otherwise);
            }
            Expr::Cast(c) | Expr::TryCast(c) => self.expr(&c.operand),
            Expr::TypedAs(t) => self.expr(&t.operand),
            Expr::Extract(e) => self.expr(&e.operand),
            Expr::Grouping(g) => self.all(&g.list),
            Expr::Collate(c) => self.expr(&c.operand),
            Expr::Field(f) => self.expr(&f.operand),
            Expr::Function(f) => self.function(f),
            Expr::Exists(e) => self.query(&e.query),
            Expr::Subquery(q) => self.query(&q.query),
            Expr::Quantified(q) => self.query(&q.query),
            Expr::Ordered(o) => self.expr(&o.expr),
            Expr::Bool(_) => {}
            Expr::Regexp(r) => self.all([&r.operand, &r.pattern]),
            Expr::RegexpReplace(r) => self.all([&r.operand, &r.pattern, &r.replacement]),
            Expr::FullText(t) => self.all([&t.operand, &t.query]),
            Expr::Json(j) => self.expr(&j.document),
            Expr::Array(a) => self.all(&a.items),
            Expr::Index(i) => {
                self.expr(&i.operand);
                self.all(&i.indexes);
            }
            Expr::Slice(s) => {
                self.expr(&s.operand);
                self.all(s.lower.iter().chain(&s.upper));
            }
            Expr::QuantifiedArray(q) => self.expr(&q.array),
            Expr::Custom(c) => self.all([&c.left, &c.right]),
        }
    }

    fn function(&mut self, f: &'e Function) {
        let Function {
            name: _,
            arguments,
            data_type: _,
            distinct: _,
            filter,
            order_by,
            within_group,
            nulls: _,
            over,
        } = f;
        self.all(arguments);
        self.all(filter);
        self.all(order_by.iter().chain(within_group).map(|o| &o.expr));
        if let Some(Window { partition_by, order_by, frame }) = over {
            self.all(partition_by);
            self.all(order_by.iter().map(|o| &o.expr));
            self.all(frame.iter().flat_map(Frame::offsets));
        }
    }

    fn query(&mut self, q: &'e Query) {
        match q {
            Query::Select(q) => self.select(q),
            Query::Compound(c) => self.compound(c),
            Query::Values(v) => v.rows.iter().for_each(|row| self.all(row)),
            Query::Text(_) => {}
        }
    }

    fn compound(&mut self, c: &'e Compound) {
        self.with(&c.with);
        c.queries.iter().for_each(|q| self.query(q));
        self.all(c.order_by.iter().map(|o| &o.expr));
        self.limit(c.limit.as_ref());
    }

    fn with(&mut self, with: &'e With) {
        for cte in &with.ctes {
            match &*cte.statement {
                Statement::Select(q) => self.select(q),
                Statement::Compound(c) => self.compound(c),
                // MySQL has no such thing in WITH.
                Statement::Insert(_)
                | Statement::Update(_)
                | Statement::UpdateRows(_)
                | Statement::Delete(_)
                | Statement::Merge(_)
                | Statement::Text(_)
                | Statement::Ddl(_) => {}
            }
        }
    }

    fn limit(&mut self, limit: Option<&'e Limit>) {
        if let Some(limit) = limit {
            self.all(limit.count.iter().chain(&limit.offset));
        }
    }

    fn from(&mut self, from: &'e From) {
        from.each_source(&mut |source, _| self.sources.push(source));
        match from {
            From::Table(table) => self.tables.push(table),
            From::Sample(sample) => self.tables.push(&sample.table),
            From::Query { query, .. } => self.query(query),
            From::Function(f) => self.function(&f.function),
            From::Cte { .. } => {}
            From::Joined(joined) => {
                self.from(&joined.from);
                self.joins(&joined.joins);
            }
        }
    }

    fn joins(&mut self, joins: &'e [Join]) {
        for join in joins {
            self.from(&join.to);
            self.all(&join.on);
        }
    }

    fn select(&mut self, q: &'e Select) {
        self.with(&q.with);
        q.from.iter().for_each(|from| self.from(from));
        self.joins(&q.joins);
        if let Some(Distinct::On(list)) = &q.distinct {
            self.all(list);
        }
        self.all(q.columns.iter().map(|item| &item.expr));
        self.all(&q.filter);
        self.all(&q.group_by);
        self.all(&q.having);
        self.all(q.order_by.iter().map(|o| &o.expr));
        self.limit(q.limit.as_ref());
    }
}
