//! What a node of a statement is made of, for whoever rewrites a tree.

use super::{
    Array, Between, Binary, Case, Cast, Collate, Compound, ConflictAction, ConflictTarget, Cte, Custom,
    Delete, Distinct, Exists, Expr, Extract, Field, Frame, From, FullText, Function, Grouping, InList,
    InQuery, InRows, Index, Insert, InsertSource, Join, Joined, JsonPart, Like, Limit, Merge, MergeAction,
    MergeBranch, OnConflict, OrderBy, Quantified, QuantifiedArray, Query, Regexp, RegexpReplace, Sample,
    Select, SelectItem, SetTarget, Slice, Statement, Subquery, TableFunction, Text, TypedAs, Unary, Update,
    Values, Window, With,
};

/// A direct part of a node.
pub(super) enum Part<'t> {
    Expr(&'t mut Expr),
    Select(&'t mut Select),
    /// A statement inside of a `WITH`.
    Statement(&'t mut Statement),
    Text(&'t mut Text),
}

impl Part<'_> {
    pub(super) fn reborrow(&mut self) -> Part<'_> {
        match self {
            Part::Expr(expr) => Part::Expr(expr),
            Part::Select(select) => Part::Select(select),
            Part::Statement(statement) => Part::Statement(statement),
            Part::Text(text) => Part::Text(text),
        }
    }

    /// Hands out the parts of this part.
    pub(super) fn parts(self, each: &mut dyn FnMut(Part<'_>)) {
        match self {
            Part::Expr(expr) => expr.parts(each),
            Part::Select(select) => select.parts(each),
            Part::Statement(statement) => statement.parts(each),
            Part::Text(_) => {}
        }
    }
}

impl Expr {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        match self {
            Expr::Column(_)
            | Expr::Excluded(_)
            | Expr::Bind(_)
            | Expr::Literal(_)
            | Expr::Param(_)
            | Expr::Label(_)
            | Expr::Star
            | Expr::Bool(_) => {}
            Expr::Text(text) => each(Part::Text(text)),
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
                query.parts(each);
            }
            Expr::InRows(list) => {
                let InRows { operands, rows: _ } = &mut **list;
                exprs(operands, each);
            }
            Expr::Like(like) => {
                let Like { operand, pattern, before: _, after: _, escape: _, negated: _, ignore_case: _ } =
                    &mut **like;
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
            Expr::Cast(cast) | Expr::TryCast(cast) => {
                let Cast { operand, data_type: _ } = &mut **cast;
                each(Part::Expr(operand));
            }
            Expr::TypedAs(typed) => {
                let TypedAs { operand, data_type: _ } = &mut **typed;
                each(Part::Expr(operand));
            }
            Expr::Extract(extract) => {
                let Extract { field: _, operand } = &mut **extract;
                each(Part::Expr(operand));
            }
            Expr::Grouping(grouping) => {
                let Grouping { kind: _, list } = &mut **grouping;
                exprs(list, each);
            }
            Expr::Collate(collate) => {
                let Collate { operand, collation: _ } = &mut **collate;
                each(Part::Expr(operand));
            }
            Expr::Field(field) => {
                let Field { operand, name: _, data_type: _ } = &mut **field;
                each(Part::Expr(operand));
            }
            Expr::Function(function) => function.parts(each),
            Expr::Exists(exists) => {
                let Exists { query } = &mut **exists;
                query.parts(each);
            }
            Expr::Subquery(subquery) => {
                let Subquery { query, data_type: _ } = &mut **subquery;
                query.parts(each);
            }
            Expr::Quantified(quantified) => {
                let Quantified { quantifier: _, query } = &mut **quantified;
                query.parts(each);
            }
            Expr::Ordered(order) => each(Part::Expr(&mut order.expr)),
            Expr::Regexp(regexp) => {
                let Regexp { operand, pattern, flags: _, negated: _ } = &mut **regexp;
                exprs([operand, pattern], each);
            }
            Expr::RegexpReplace(replace) => {
                let RegexpReplace { operand, pattern, replacement, flags: _ } = &mut **replace;
                exprs([operand, pattern, replacement], each);
            }
            Expr::FullText(text) => {
                let FullText { operand, query, config: _ } = &mut **text;
                exprs([operand, query], each);
            }
            Expr::Json(json) => {
                let JsonPart { document, path: _, scalar: _ } = &mut **json;
                each(Part::Expr(document));
            }
            Expr::Array(array) => {
                let Array { items, element: _ } = &mut **array;
                exprs(items, each);
            }
            Expr::Index(index) => {
                let Index { operand, indexes, data_type: _ } = &mut **index;
                each(Part::Expr(operand));
                exprs(indexes, each);
            }
            Expr::Slice(slice) => {
                let Slice { operand, lower, upper } = &mut **slice;
                each(Part::Expr(operand));
                exprs(lower, each);
                exprs(upper, each);
            }
            Expr::QuantifiedArray(quantified) => {
                let QuantifiedArray { quantifier: _, array } = &mut **quantified;
                each(Part::Expr(array));
            }
            Expr::Custom(custom) => {
                let Custom { left, operator: _, right, data_type: _ } = &mut **custom;
                exprs([left, right], each);
            }
        }
    }
}

impl Function {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
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
        } = self;
        exprs(arguments, each);
        exprs(filter, each);
        orders(order_by, each);
        orders(within_group, each);
        if let Some(Window { partition_by, order_by, frame }) = over {
            exprs(partition_by, each);
            orders(order_by, each);
            exprs(frame.iter_mut().flat_map(Frame::offsets_mut), each);
        }
    }
}

impl Query {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        match self {
            Query::Select(select) => each(Part::Select(select)),
            Query::Compound(compound) => compound.parts(each),
            Query::Values(Values { rows }) => rows.iter_mut().for_each(|row| exprs(row, each)),
            Query::Text(text) => each(Part::Text(text)),
        }
    }
}

impl Compound {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Compound { with, operator: _, queries, order_by, limit } = self;
        with.parts(each);
        queries.iter_mut().for_each(|query| query.parts(each));
        orders(order_by, each);
        limited(limit, each);
    }
}

impl With {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        for Cte { name: _, columns: _, statement, recursive: _, materialized: _ } in &mut self.ctes {
            each(Part::Statement(statement));
        }
    }
}

impl Statement {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        match self {
            Statement::Select(select) => select.parts(each),
            Statement::Compound(compound) => compound.parts(each),
            Statement::Insert(insert) => insert.parts(each),
            Statement::Update(update) => update.parts(each),
            Statement::Delete(delete) => delete.parts(each),
            Statement::Merge(merge) => merge.parts(each),
            Statement::Text(text) => each(Part::Text(text)),
            Statement::UpdateRows(_) | Statement::Ddl(_) => {}
        }
    }
}

impl Select {
    fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Select {
            with,
            prefixes: _,
            distinct,
            columns,
            from,
            joins,
            filter,
            group_by,
            having,
            order_by,
            limit,
            lock: _,
            suffixes: _,
            hints: _,
        } = self;
        with.parts(each);
        if let Some(Distinct::On(list)) = distinct {
            exprs(list, each);
        }
        items(columns, each);
        from.iter_mut().for_each(|from| source(from, each));
        joined(joins, each);
        exprs(filter, each);
        exprs(group_by, each);
        exprs(having, each);
        orders(order_by, each);
        limited(limit, each);
    }
}

impl Insert {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Insert { with, prefixes: _, or: _, table: _, columns: _, source, on_conflict, returning } = self;
        with.parts(each);
        match source {
            InsertSource::Values(rows) => rows.iter_mut().for_each(|row| exprs(row, each)),
            InsertSource::Rows(_) => {}
            InsertSource::Query(query) => query.parts(each),
        }
        if let Some(OnConflict { target, action }) = on_conflict {
            match target {
                ConflictTarget::Columns { columns: _, is_only: _, filter } => exprs(filter, each),
                ConflictTarget::Any | ConflictTarget::Constraint(_) => {}
            }
            match action {
                ConflictAction::Update { set, filter } => {
                    assignments(set, each);
                    exprs(filter, each);
                }
                ConflictAction::Nothing => {}
            }
        }
        items(returning, each);
    }
}

impl Update {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Update { with, prefixes: _, table: _, set, from, filter, order_by, limit: _, returning } = self;
        with.parts(each);
        assignments(set, each);
        from.iter_mut().for_each(|from| source(from, each));
        exprs(filter, each);
        orders(order_by, each);
        items(returning, each);
    }
}

impl Delete {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Delete { with, prefixes: _, table: _, using, filter, order_by, limit: _, returning } = self;
        with.parts(each);
        using.iter_mut().for_each(|from| source(from, each));
        exprs(filter, each);
        orders(order_by, each);
        items(returning, each);
    }
}

impl Merge {
    pub(super) fn parts(&mut self, each: &mut dyn FnMut(Part<'_>)) {
        let Merge { with, table: _, using, on, branches, returning } = self;
        with.parts(each);
        source(using, each);
        each(Part::Expr(on));
        for MergeBranch { rows: _, condition, action } in branches {
            exprs(condition, each);
            match action {
                MergeAction::Update(set) => assignments(set, each),
                MergeAction::Insert { columns: _, values } => exprs(values, each),
                MergeAction::Nothing | MergeAction::Delete => {}
            }
        }
        items(returning, each);
    }
}

fn assignments(set: &mut [(SetTarget, Expr)], each: &mut dyn FnMut(Part<'_>)) {
    for (target, value) in set {
        match target {
            SetTarget::Column(_) | SetTarget::Columns(_) => {}
            SetTarget::Element { column: _, path } => exprs(path, each),
            SetTarget::Slice { column: _, low, high } => exprs([low, high], each),
        }
        each(Part::Expr(value));
    }
}

fn source(from: &mut From, each: &mut dyn FnMut(Part<'_>)) {
    match from {
        From::Table(_) | From::Cte { .. } => {}
        From::Query { query, alias: _, columns: _, lateral: _ } => query.parts(each),
        From::Function(function) => {
            let TableFunction { function, alias: _, columns: _, ordinality: _, lateral: _ } = &mut **function;
            function.parts(each);
        }
        From::Sample(sample) => {
            let Sample { table: _, method: _, argument, seed } = &mut **sample;
            each(Part::Expr(argument));
            exprs(seed, each);
        }
        From::Joined(group) => {
            let Joined { from, joins } = &mut **group;
            source(from, each);
            joined(joins, each);
        }
    }
}

fn joined(joins: &mut [Join], each: &mut dyn FnMut(Part<'_>)) {
    for Join { kind: _, to, on } in joins {
        source(to, each);
        exprs(on, each);
    }
}

fn limited(limit: &mut Option<Limit>, each: &mut dyn FnMut(Part<'_>)) {
    if let Some(Limit { count, offset, fetch: _, percent: _, with_ties: _ }) = limit {
        exprs(count, each);
        exprs(offset, each);
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
