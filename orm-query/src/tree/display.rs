//! Statements as people read them: SQL of no database in particular, a clause in each line, with the values in it.
//!
//! It is for logs and tests. What a database is sent is made by its dialect.

use std::fmt::{self, Write};

mod expr;
mod merge;
mod query;

use super::{
    Compound, ConflictAction, ConflictTarget, Ddl, Delete, Expr, Insert, InsertOr, InsertSource, Merge,
    OnConflict, OrderBy, Phrase, Query, Select, SelectItem, SetTarget, Statement, TableChange, TableRef,
    Text, TextPart, Update, UpdateRows, With,
};
use crate::{Bind, DataType, Value};

macro_rules! displayed {
    ($($node:ident $print:ident;)*) => { $(
        impl fmt::Display for $node {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut printer = Printer::default();
                printer.$print(self)?;
                f.write_str(&printer.out)
            }
        }
    )* };
}

displayed! {
    Statement statement;
    Query query;
    Select select;
    Compound compound;
    Insert insert;
    Update update;
    UpdateRows update_rows;
    Delete delete;
    Merge merge;
    Text text;
    Expr expr;
}

/// Where the text grows.
#[derive(Debug, Default)]
struct Printer {
    out: String,
    /// How deep the line that begins next stands, in steps.
    depth: usize,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A new line of the same depth.
    fn line(&mut self, text: &str) {
        self.out.push('\n');
        (0..self.depth).for_each(|_| self.out.push_str("  "));
        self.out.push_str(text);
    }

    /// What stands between parentheses in lines of its own.
    fn block(&mut self, write: impl FnOnce(&mut Self) -> fmt::Result) -> fmt::Result {
        self.push("(");
        self.depth += 1;
        self.line("");
        write(self)?;
        self.depth -= 1;
        self.line(")");
        Ok(())
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> fmt::Result,
    ) -> fmt::Result {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    fn names<'n>(&mut self, names: impl IntoIterator<Item = &'n crate::schema::Name>) {
        let names: Vec<&str> = names.into_iter().map(|name| &**name).collect();
        self.push(&names.join(", "));
    }

    fn statement(&mut self, statement: &Statement) -> fmt::Result {
        match statement {
            Statement::Select(select) => self.select(select),
            Statement::Compound(compound) => self.compound(compound),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::UpdateRows(update) => self.update_rows(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Merge(merge) => self.merge(merge),
            Statement::Text(text) => self.text(text),
            Statement::Ddl(ddl) => self.ddl(ddl),
        }
    }

    fn with(&mut self, with: &With) -> fmt::Result {
        if with.ctes.is_empty() {
            return Ok(());
        }
        self.push(if with.ctes.iter().any(|cte| cte.recursive) { "WITH RECURSIVE " } else { "WITH " });
        self.list(&with.ctes, |p, cte| {
            p.push(&cte.name);
            if !cte.columns.is_empty() {
                p.push("(");
                p.names(&cte.columns);
                p.push(")");
            }
            p.push(match cte.materialized {
                Some(true) => " AS MATERIALIZED ",
                Some(false) => " AS NOT MATERIALIZED ",
                None => " AS ",
            });
            p.block(|p| p.statement(&cte.statement))
        })?;
        self.line("");
        Ok(())
    }

    fn table(&mut self, table: &TableRef) {
        if let Some(schema) = &table.schema {
            self.push(schema);
            self.push(".");
        }
        self.push(&table.name);
        if let Some(alias) = &table.alias {
            self.push(" AS ");
            self.push(alias);
        }
    }

    fn filter(&mut self, word: &str, filter: &Option<Expr>) -> fmt::Result {
        match filter {
            Some(Expr::And(list)) if list.len() > 1 => {
                for (at, condition) in list.iter().enumerate() {
                    self.line(if at == 0 { word } else { "  AND" });
                    self.push(" ");
                    self.condition(condition)?;
                }
                Ok(())
            }
            Some(condition) => {
                self.line(word);
                self.push(" ");
                self.expr(condition)
            }
            None => Ok(()),
        }
    }

    fn assignments(&mut self, word: &str, set: &[(SetTarget, Expr)]) -> fmt::Result {
        for (at, (target, value)) in set.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            self.line(if at == 0 { word } else { "   " });
            self.push(" ");
            self.set_target(target)?;
            self.push(" = ");
            self.expr(value)?;
        }
        Ok(())
    }

    fn set_target(&mut self, target: &SetTarget) -> fmt::Result {
        match target {
            SetTarget::Column(column) => self.push(column),
            SetTarget::Columns(columns) => {
                self.push("(");
                self.names(columns);
                self.push(")");
            }
            SetTarget::Element { column, path } => {
                self.push(column);
                for index in path {
                    self.push("[");
                    self.expr(index)?;
                    self.push("]");
                }
            }
            SetTarget::Slice { column, low, high } => {
                self.push(column);
                self.push("[");
                self.expr(low)?;
                self.push(":");
                self.expr(high)?;
                self.push("]");
            }
        }
        Ok(())
    }

    /// The words between a statement's first word and its table.
    fn words(&mut self, or: Option<InsertOr>, prefixes: &[Phrase]) {
        match or {
            Some(InsertOr::Ignore) => self.push("OR IGNORE "),
            Some(InsertOr::IgnoreErrors) => self.push("IGNORE "),
            Some(InsertOr::Replace) => self.push("OR REPLACE "),
            None => {}
        }
        for phrase in prefixes {
            self.push(&phrase.sql);
            self.push(" ");
        }
    }

    fn first_rows(&mut self, order_by: &[OrderBy], limit: Option<u64>) -> fmt::Result {
        if !order_by.is_empty() {
            self.line("ORDER BY ");
            self.list(order_by, Self::order)?;
        }
        if let Some(limit) = limit {
            self.line(&format!("LIMIT {limit}"));
        }
        Ok(())
    }

    fn returning(&mut self, items: &[SelectItem]) -> fmt::Result {
        if items.is_empty() {
            return Ok(());
        }
        self.line("RETURNING ");
        self.list(items.iter().filter(|item| !item.left_out), Self::item)
    }

    fn insert(&mut self, i: &Insert) -> fmt::Result {
        self.with(&i.with)?;
        self.push("INSERT ");
        self.words(i.or, &i.prefixes);
        self.push("INTO ");
        self.table(&i.table);
        if !i.columns.is_empty() {
            self.push(" (");
            self.names(&i.columns);
            self.push(")");
        }
        match &i.source {
            InsertSource::Values(rows) if rows.iter().all(Vec::is_empty) => self.line("DEFAULT VALUES"),
            InsertSource::Values(rows) => self.rows(rows, |p, row| p.list(row, Self::expr))?,
            InsertSource::Rows(rows) => self.rows(&rows.rows, |p, row| {
                p.list(row.iter().zip(&rows.types), |p, (value, data_type)| {
                    p.value(&Bind::new(value.clone(), data_type.clone()))
                })
            })?,
            InsertSource::Query(query) => {
                self.line("");
                self.query(query)?;
            }
        }
        if let Some(conflict) = &i.on_conflict {
            self.on_conflict(conflict)?;
        }
        self.returning(&i.returning)
    }

    fn rows<T>(&mut self, rows: &[T], write: impl Fn(&mut Self, &T) -> fmt::Result) -> fmt::Result {
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            self.line(if at == 0 { "VALUES (" } else { "       (" });
            write(self, row)?;
            self.push(")");
        }
        Ok(())
    }

    fn on_conflict(&mut self, conflict: &OnConflict) -> fmt::Result {
        self.line("ON CONFLICT");
        match &conflict.target {
            ConflictTarget::Any => {}
            ConflictTarget::Columns { columns, is_only: _, filter } => {
                self.push(" (");
                self.names(columns);
                self.push(")");
                self.filter("  WHERE", filter)?;
            }
            ConflictTarget::Constraint(name) => {
                self.push(" ON CONSTRAINT ");
                self.push(name);
            }
        }
        match &conflict.action {
            ConflictAction::Nothing => {
                self.push(" DO NOTHING");
                Ok(())
            }
            ConflictAction::Update { set, filter } => {
                self.push(" DO UPDATE");
                self.assignments("SET", set)?;
                self.filter("WHERE", filter)
            }
        }
    }

    fn update(&mut self, u: &Update) -> fmt::Result {
        self.with(&u.with)?;
        self.push("UPDATE ");
        self.words(None, &u.prefixes);
        self.table(&u.table);
        self.assignments("SET", &u.set)?;
        if !u.from.is_empty() {
            self.line("FROM ");
            self.list(&u.from, Self::from)?;
        }
        self.filter("WHERE", &u.filter)?;
        self.first_rows(&u.order_by, u.limit)?;
        self.returning(&u.returning)
    }

    fn update_rows(&mut self, u: &UpdateRows) -> fmt::Result {
        self.push("UPDATE ");
        self.table(&u.table);
        self.line("SET ");
        self.names(&u.set);
        self.line("BY ");
        self.names(&u.key);
        self.rows(&u.rows.rows, |p, row| {
            p.list(row.iter().zip(&u.rows.types), |p, (value, data_type)| {
                p.value(&Bind::new(value.clone(), data_type.clone()))
            })
        })
    }

    fn delete(&mut self, d: &Delete) -> fmt::Result {
        self.with(&d.with)?;
        self.push("DELETE ");
        self.words(None, &d.prefixes);
        self.push("FROM ");
        self.table(&d.table);
        if !d.using.is_empty() {
            self.line("USING ");
            self.list(&d.using, Self::from)?;
        }
        self.filter("WHERE", &d.filter)?;
        self.first_rows(&d.order_by, d.limit)?;
        self.returning(&d.returning)
    }

    fn text(&mut self, text: &Text) -> fmt::Result {
        for part in &text.parts {
            match part {
                TextPart::Sql(sql) => self.push(sql),
                TextPart::Parameter(name) => match text.binds.iter().find(|(bound, _)| bound == name) {
                    Some((_, bind)) => self.value(bind)?,
                    None => write!(self.out, ":{name}")?,
                },
                TextPart::Values(values) => {
                    self.push("(");
                    self.list(values, Self::value)?;
                    self.push(")");
                }
            }
        }
        Ok(())
    }

    /// A value, as readable as it can be.
    fn value(&mut self, bind: &Bind) -> fmt::Result {
        if let DataType::Converted(converted) = bind.data_type
            && let Some(function) = converted.bind
        {
            self.push(function);
            self.push("(");
            self.value(&Bind::new(bind.value.clone(), converted.data_type.clone()))?;
            self.push(")");
            return Ok(());
        }
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let text = match &bind.value {
            Value::Null => "NULL".to_owned(),
            Value::Bool(v) => v.to_string(),
            Value::I16(v) => v.to_string(),
            Value::I32(v) => v.to_string(),
            Value::I64(v) => v.to_string(),
            Value::U64(v) => v.to_string(),
            Value::F32(v) => format!("{v:?}"),
            Value::F64(v) => format!("{v:?}"),
            Value::Decimal(v) => v.to_string(),
            Value::Text(v) => quoted(v),
            Value::Bytes(v) => {
                let mut hex = String::from("X'");
                v.iter().try_for_each(|byte| write!(hex, "{byte:02x}"))?;
                hex.push('\'');
                hex
            }
            Value::Date(v) => quoted(&v.to_string()),
            Value::Time(v) => quoted(&v.to_string()),
            Value::DateTime(v) => quoted(&v.to_string()),
            Value::TimestampTz(v) => quoted(&v.to_string()),
            Value::Uuid(v) => quoted(&v.to_string()),
            Value::Json(v) => quoted(&v.to_string()),
            Value::Interval(v) => quoted(&v.to_string()),
            Value::Inet(v) => quoted(&v.to_string()),
            Value::Bits(v) => quoted(&v.to_string()),
            Value::Array(list) => {
                self.push("ARRAY[");
                self.list(list, |p, v| p.value(&Bind::new(v.clone(), bind.data_type.clone())))?;
                "]".to_owned()
            }
            other => quoted(&format!("{other:?}")),
        };
        self.push(&text);
        Ok(())
    }

    fn ddl(&mut self, ddl: &Ddl) -> fmt::Result {
        match ddl {
            Ddl::CreateTable(c) => {
                self.push("CREATE TABLE ");
                self.table(&TableRef::new(&c.table));
                self.push(" (");
                self.depth += 1;
                for (at, column) in c.table.columns.iter().enumerate() {
                    if at > 0 {
                        self.push(",");
                    }
                    self.line(&column.name);
                    write!(self.out, " {}", column.data_type)?;
                    self.push(if column.nullable { "" } else { " NOT NULL" });
                    self.push(if column.primary_key { " PRIMARY KEY" } else { "" });
                }
                self.depth -= 1;
                self.line(")");
            }
            Ddl::DropTable(d) => {
                self.push("DROP TABLE ");
                self.table(&d.table);
            }
            Ddl::AlterTable(a) => {
                self.push("ALTER TABLE ");
                self.table(&a.table);
                match &a.change {
                    TableChange::AddColumn(column) => {
                        write!(self.out, " ADD COLUMN {} {}", column.name, column.data_type)?;
                    }
                    TableChange::DropColumn(name) => write!(self.out, " DROP COLUMN {name}")?,
                    TableChange::AddConstraint(_) => self.push(" ADD CONSTRAINT"),
                    TableChange::DropConstraint(drop) => write!(self.out, " DROP CONSTRAINT {}", drop.name)?,
                }
            }
            Ddl::CreateIndex(c) => {
                self.push("CREATE INDEX ON ");
                self.table(&c.table);
            }
            Ddl::DropIndex(d) => write!(self.out, "DROP INDEX {}", d.name)?,
            Ddl::CreateEnum(c) => write!(self.out, "CREATE TYPE {} AS ENUM", c.enum_type.name)?,
            Ddl::DropEnum(d) => write!(self.out, "DROP TYPE {}", d.name)?,
            Ddl::CreateSequence(c) => write!(self.out, "CREATE SEQUENCE {}", c.sequence.name)?,
            Ddl::DropSequence(d) => write!(self.out, "DROP SEQUENCE {}", d.name)?,
            Ddl::CreateSchema(c) => write!(self.out, "CREATE SCHEMA {}", c.name)?,
            Ddl::DropSchema(d) => write!(self.out, "DROP SCHEMA {}", d.name)?,
            Ddl::Text(sql) => self.push(sql),
            Ddl::CreateView(c) => {
                self.push(if c.materialized { "CREATE MATERIALIZED VIEW " } else { "CREATE VIEW " });
                self.table(&c.view);
                self.push(" AS");
                self.line("");
                self.query(&c.query)?;
            }
            Ddl::DropView(d) => {
                self.push(if d.materialized { "DROP MATERIALIZED VIEW " } else { "DROP VIEW " });
                self.table(&d.view);
            }
            Ddl::CreateTableAs(c) => {
                self.push(if c.temporary { "CREATE TEMPORARY TABLE " } else { "CREATE TABLE " });
                self.table(&c.table);
                self.push(" AS");
                self.line("");
                self.query(&c.query)?;
            }
            Ddl::SetComment(c) => {
                self.push("COMMENT ON ");
                self.table(&c.table);
            }
        }
        Ok(())
    }
}
