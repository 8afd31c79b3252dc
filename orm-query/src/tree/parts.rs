//! What a node of a statement is made of, for whoever rewrites a tree.

use super::{
    Between, Binary, Case, Cast, Collate, ConflictAction, Delete, Exists, Expr, From, Function, InList,
    InQuery, Insert, InsertSource, Join, Like, OnConflict, OrderBy, Quantified, Select, SelectItem, Subquery,
    Unary, Update, Window,
};

/// A direct part of a node.
pub(super) enum Part<'t> {
    Expr(&'t mut Expr),
    Select(&'t mut Select),
}

impl Part<'_> {
    /// Hands out the parts of this part.
    pub(super) fn parts(self, each: &mut dyn FnMut(Part<'_>)) {
        match self {
            Part::Expr(expr) => expr.parts(each),
            Part::Select(select) => select.parts(each),
        }
    }
}

impl Expr {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        match self {
            Expr::Column(_)
            | Expr::Excluded(_)
            | Expr::Bind(_)
            | Expr::Text(_)
            | Expr::Label(_)
            | Expr::Star => {}
            Expr::Unary(unary) => {
                let Unary { operator: _, operand } = &mut **unary;
                each(Part::Expr(operand));
            }
            Expr::Binary(binary) => {
                let Binary { left, operator: _, right } = &mut **binary;
                each(Part::Expr(left));
                each(Part::Expr(right));
            }
            Expr::And(list) | Expr::Or(list) | Expr::Tuple(list) => exprs(list, each),
            Expr::Between(between) => {
                let Between { operand, low, high, negated: _ } = &mut **between;
                each(Part::Expr(operand));
                each(Part::Expr(low));
                each(Part::Expr(high));
            }
            Expr::InList(list) => {
                let InList { operand, list, negated: _ } = &mut **list;
                each(Part::Expr(operand));
                exprs(list, each);
            }
            Expr::InQuery(query) => {
                let InQuery { operand, query, negated: _ } = &mut **query;
                each(Part::Expr(operand));
                each(Part::Select(query));
            }
            Expr::Like(like) => {
                let Like { operand, pattern, escape: _, negated: _, ignore_case: _ } = &mut **like;
                each(Part::Expr(operand));
                each(Part::Expr(pattern));
            }
            Expr::Case(case) => {
                let Case { operand, branches, otherwise } = &mut **case;
                exprs(operand, each);
                for (when, then) in branches {
                    each(Part::Expr(when));
                    each(Part::Expr(then));
                }
                exprs(otherwise, each);
            }
            Expr::Cast(cast) => {
                let Cast { operand, data_type: _ } = &mut **cast;
                each(Part::Expr(operand));
            }
            Expr::Collate(collate) => {
                let Collate { operand, collation: _ } = &mut **collate;
                each(Part::Expr(operand));
            }
            Expr::Function(function) => function.parts(each),
            Expr::Exists(exists) => {
                let Exists { query } = &mut **exists;
                each(Part::Select(query));
            }
            Expr::Subquery(subquery) => {
                let Subquery { query, data_type: _ } = &mut **subquery;
                each(Part::Select(query));
            }
            Expr::Quantified(quantified) => {
                let Quantified { quantifier: _, query } = &mut **quantified;
                each(Part::Select(query));
            }
            Expr::Ordered(order) => each(Part::Expr(&mut order.expr)),
        }
    }
}

impl Function {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Function { name: _, arguments, data_type: _, distinct: _, filter, order_by, over } = self;
        exprs(arguments, each);
        exprs(filter, each);
        orders(order_by, each);
        if let Some(Window { partition_by, order_by, frame: _ }) = over {
            exprs(partition_by, each);
            orders(order_by, each);
        }
    }
}

impl Select {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Select {
            distinct: _,
            columns,
            from,
            joins,
            filter,
            group_by,
            having,
            order_by,
            limit: _,
            offset: _,
            lock: _,
        } = self;
        items(columns, each);
        from.iter_mut().for_each(|from| source(from, each));
        for Join { kind: _, to, on } in joins {
            source(to, each);
            exprs(on, each);
        }
        exprs(filter, each);
        exprs(group_by, each);
        exprs(having, each);
        orders(order_by, each);
    }
}

impl Insert {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Insert { table: _, columns: _, source, on_conflict, returning } = self;
        match source {
            InsertSource::Values(rows) => rows.iter_mut().for_each(|row| exprs(row, each)),
            InsertSource::Rows(_) => {}
            InsertSource::Select(select) => each(Part::Select(select)),
        }
        match on_conflict {
            Some(OnConflict { target: _, action: ConflictAction::Update { set, filter } }) => {
                exprs(set.iter_mut().map(|(_, value)| value), each);
                exprs(filter, each);
            }
            Some(OnConflict { target: _, action: ConflictAction::Nothing }) | None => {}
        }
        items(returning, each);
    }
}

impl Update {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Update { table: _, set, filter, returning } = self;
        exprs(set.iter_mut().map(|(_, value)| value), each);
        exprs(filter, each);
        items(returning, each);
    }
}

impl Delete {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Delete { table: _, filter, returning } = self;
        exprs(filter, each);
        items(returning, each);
    }
}

fn source(from: &mut From, each: &mut dyn FnMut(Part<'_>)) {
    match from {
        From::Table(_) => {}
        From::Query { query, alias: _ } => each(Part::Select(query)),
    }
}

fn exprs<'t>(list: impl IntoIterator<Item = &'t mut Expr>, each: &mut dyn FnMut(Part<'_>)) {
    list.into_iter().for_each(|expr| each(Part::Expr(expr)));
}

fn items(list: &mut [SelectItem], each: &mut dyn FnMut(Part<'_>)) {
    exprs(list.iter_mut().map(|item| &mut item.expr), each);
}

fn orders(list: &mut [OrderBy], each: &mut dyn FnMut(Part<'_>)) {
    exprs(list.iter_mut().map(|order| &mut order.expr), each);
}
