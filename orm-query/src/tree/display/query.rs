use std::fmt;

use super::Printer;
use crate::tree::{
    Compound, Distinct, From, Join, JoinKind, Limit, LockStrength, LockWait, NullsOrder, OrderBy, Query,
    Select, SelectItem, SetOperation,
};

impl Printer {
    pub(super) fn query(&mut self, query: &Query) -> fmt::Result {
        match query {
            Query::Select(select) => self.select(select),
            Query::Compound(compound) => self.compound(compound),
            Query::Values(values) => {
                self.push("VALUES ");
                self.list(&values.rows, |p, row| {
                    p.push("(");
                    p.list(row, Self::expr)?;
                    p.push(")");
                    Ok(())
                })
            }
            Query::Text(text) => self.text(text),
        }
    }

    pub(super) fn compound(&mut self, c: &Compound) -> fmt::Result {
        self.with(&c.with)?;
        let word = match c.operator.kind {
            SetOperation::Union => "UNION",
            SetOperation::Except => "EXCEPT",
            SetOperation::Intersect => "INTERSECT",
        };
        for (at, query) in c.queries.iter().enumerate() {
            if at > 0 {
                self.line(word);
                self.push(if c.operator.all { " ALL" } else { "" });
                self.line("");
            }
            let is_plain = match query {
                Query::Select(q) => q.order_by.is_empty() && q.limit.is_none() && q.with.ctes.is_empty(),
                Query::Values(_) | Query::Text(_) => true,
                Query::Compound(_) => false,
            };
            if is_plain { self.query(query)? } else { self.block(|p| p.query(query))? }
        }
        self.orders(&c.order_by)?;
        self.limited(c.limit.as_ref())
    }

    pub(super) fn select(&mut self, q: &Select) -> fmt::Result {
        self.with(&q.with)?;
        self.push("SELECT ");
        for phrase in &q.prefixes {
            self.push(&phrase.sql);
            self.push(" ");
        }
        match &q.distinct {
            Some(Distinct::Rows) => self.push("DISTINCT "),
            Some(Distinct::On(list)) => {
                self.push("DISTINCT ON (");
                self.list(list, Self::expr)?;
                self.push(") ");
            }
            None => {}
        }
        self.list(q.columns.iter().filter(|item| !item.left_out), Self::item)?;
        if !q.from.is_empty() {
            self.line("FROM ");
            self.list(&q.from, Self::from)?;
        }
        self.joins(&q.joins)?;
        self.filter("WHERE", &q.filter)?;
        if !q.group_by.is_empty() {
            self.line("GROUP BY ");
            self.list(&q.group_by, Self::expr)?;
        }
        self.filter("HAVING", &q.having)?;
        self.orders(&q.order_by)?;
        self.limited(q.limit.as_ref())?;
        if let Some(lock) = &q.lock {
            self.line(match lock.strength {
                LockStrength::Update => "FOR UPDATE",
                LockStrength::NoKeyUpdate => "FOR NO KEY UPDATE",
                LockStrength::Share => "FOR SHARE",
                LockStrength::KeyShare => "FOR KEY SHARE",
            });
            if !lock.of.is_empty() {
                let of: Vec<String> = lock.of.iter().map(ToString::to_string).collect();
                self.push(" OF ");
                self.push(&of.join(", "));
            }
            self.push(match lock.wait {
                LockWait::Wait => "",
                LockWait::NoWait => " NOWAIT",
                LockWait::SkipLocked => " SKIP LOCKED",
            });
        }
        for phrase in &q.suffixes {
            self.line(&phrase.sql);
        }
        Ok(())
    }

    pub(super) fn item(&mut self, item: &SelectItem) -> fmt::Result {
        self.expr(&item.expr)?;
        if let Some(label) = &item.label {
            self.push(" AS ");
            self.push(label);
        }
        Ok(())
    }

    pub(super) fn from(&mut self, from: &From) -> fmt::Result {
        match from {
            From::Table(table) => self.table(table),
            From::Query { query, alias, columns, lateral } => {
                self.push(if *lateral { "LATERAL " } else { "" });
                self.block(|p| p.query(query))?;
                self.alias(alias, columns);
            }
            From::Cte { name, alias } => {
                self.push(name);
                if let Some(alias) = alias {
                    self.alias(alias, &[]);
                }
            }
            From::Function(function) => {
                self.push(if function.lateral { "LATERAL " } else { "" });
                self.function(&function.function)?;
                self.push(if function.ordinality { " WITH ORDINALITY" } else { "" });
                self.alias(&function.alias, &function.columns);
            }
            From::Sample(sample) => {
                self.table(&sample.table);
                self.push(" TABLESAMPLE ");
                self.push(&sample.method);
                self.push("(");
                self.expr(&sample.argument)?;
                self.push(")");
                if let Some(seed) = &sample.seed {
                    self.push(" REPEATABLE (");
                    self.expr(seed)?;
                    self.push(")");
                }
            }
            From::Joined(joined) => self.block(|p| {
                p.from(&joined.from)?;
                p.joins(&joined.joins)
            })?,
        }
        Ok(())
    }

    fn alias(&mut self, alias: &str, columns: &[crate::schema::Name]) {
        self.push(" AS ");
        self.push(alias);
        if !columns.is_empty() {
            self.push("(");
            self.names(columns);
            self.push(")");
        }
    }

    fn joins(&mut self, joins: &[Join]) -> fmt::Result {
        for join in joins {
            self.line(match join.kind {
                JoinKind::Inner => "JOIN ",
                JoinKind::Left => "LEFT OUTER JOIN ",
                JoinKind::Full => "FULL OUTER JOIN ",
                JoinKind::Cross => "CROSS JOIN ",
            });
            self.from(&join.to)?;
            if let Some(on) = &join.on {
                self.push(" ON ");
                self.expr(on)?;
            }
        }
        Ok(())
    }

    fn orders(&mut self, list: &[OrderBy]) -> fmt::Result {
        if list.is_empty() {
            return Ok(());
        }
        self.line("ORDER BY ");
        self.list(list, Self::order)
    }

    pub(super) fn order(&mut self, order: &OrderBy) -> fmt::Result {
        self.expr(&order.expr)?;
        self.push(if order.descending { " DESC" } else { "" });
        self.push(match order.nulls {
            Some(NullsOrder::First) => " NULLS FIRST",
            Some(NullsOrder::Last) => " NULLS LAST",
            None => "",
        });
        Ok(())
    }

    fn limited(&mut self, limit: Option<&Limit>) -> fmt::Result {
        let Some(limit) = limit else { return Ok(()) };
        if let Some(count) = &limit.count {
            self.line(if limit.fetch { "FETCH FIRST " } else { "LIMIT " });
            self.expr(count)?;
            if limit.fetch {
                self.push(if limit.percent { " PERCENT" } else { "" });
                self.push(if limit.with_ties { " ROWS WITH TIES" } else { " ROWS ONLY" });
            }
        }
        if let Some(offset) = &limit.offset {
            self.line("OFFSET ");
            self.expr(offset)?;
        }
        Ok(())
    }
}
