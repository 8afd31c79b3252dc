use std::marker::PhantomData;

use super::expression::{Expr, Expression};
use super::load::LoadOptions;
use super::param::Bindings;
use super::projection::EntityAt;
use super::query::{Executable, Query};
use super::row_in::{Convert, Mode, Owned};
use super::scope::Nil;
use crate::schema::Name;
use crate::tree::{self, Given, TextPart};
use crate::{Bind, DecodeError, Row, SqlType};

/// SQL as the user writes it, with named parameters.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Text {
    tree: tree::Text,
}

/// SQL as it is, with parameters as `:name`, each bound by [`Text::bind`].
///
/// A colon inside quotes or a comment is left alone, and so is `::`; `\:` is a colon that starts no parameter.
///
/// ```
/// use orm_query::typed::text;
///
/// let adults = text("SELECT name FROM user_account WHERE age >= :age").bind("age", 18).columns::<String>();
/// ```
pub fn text(sql: impl AsRef<str>) -> Text {
    Text { tree: tree::Text { parts: parse(sql.as_ref()), binds: Vec::new() } }
}

impl Text {
    /// The value of the parameter `:name`, wherever it stands.
    pub fn bind<T: SqlType>(mut self, name: impl Into<Name>, value: T) -> Self {
        self.tree.binds.push((name.into(), Bind::new(value.to_value(), T::DATA_TYPE)));
        self
    }

    /// The same for text without a `String`.
    pub fn bind_str(self, name: impl Into<Name>, value: &str) -> Self {
        self.bind(name, value.to_owned())
    }

    /// It as an expression of the type `T`, inside of another statement; what it reads is not checked. As a condition it is
    /// one by itself: `.filter(text("age > :age").bind("age", 18))`.
    pub fn returns<T: SqlType>(self) -> Expr<T, Nil> {
        super::conversion::typed_text(self.tree)
    }

    pub(super) fn into_text(self) -> tree::Text {
        self.tree
    }

    /// The types of the columns that it gives, by position: one type, or a tuple of them.
    pub fn columns<T: TextRow>(self) -> TextRows<T> {
        TextRows { tree: self.tree, row: PhantomData }
    }
}

/// A condition in SQL of one's own; what it reads is not checked.
impl Expression for Text {
    type Sql = Option<bool>;
    type Sources = Nil;

    fn into_tree(self) -> tree::Expr {
        tree::Expr::Text(Box::new(self.tree))
    }
}

impl Bindings for Text {
    fn give(mut self, name: Name, given: &Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<T> Bindings for TextRows<T> {
    fn give(mut self, name: Name, given: &Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl Executable for Text {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Text(self.tree)
    }
}

/// A text whose rows are `T`.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct TextRows<T> {
    tree: tree::Text,
    row: PhantomData<fn() -> T>,
}

impl<T> TextRows<T> {
    pub(super) fn into_tree(self) -> tree::Text {
        self.tree
    }
}

/// A row read by position: one value, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the row of a `text(…)`",
    label = "not a SQL type and not a tuple of them",
    note = "the columns are read one by one: `.columns::<(i64, String)>()`"
)]
pub trait TextRow: Send + 'static {
    /// The types of its columns, as a tuple.
    type Columns;

    /// Reads it.
    ///
    /// # Errors
    /// When a value does not fit.
    fn read(row: &dyn Row) -> Result<Self, DecodeError>
    where
        Self: Sized;
}

impl<T: SqlType> TextRow for T {
    type Columns = (T,);

    fn read(row: &dyn Row) -> Result<Self, DecodeError> {
        T::decode(row, 0)
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<$($name: SqlType),*> TextRow for ($($name,)*) {
            type Columns = ($($name,)*);

            fn read(row: &dyn Row) -> Result<Self, DecodeError> {
                let mut at = 0..;
                $(let $value = $name::decode(row, at.next().unwrap_or_default())?;)*
                Ok(($($value,)*))
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);

impl<T: TextRow> Query<()> for TextRows<T> {
    type Row<M: Mode> = T;
    type Read<M: Mode> = T;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        (tree::Statement::Text(self.tree), LoadOptions::default())
    }

    fn entities() -> Vec<EntityAt> {
        Vec::new()
    }

    fn decode<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row) -> Result<T, M::Error> {
        Ok(T::read(row)?)
    }

    fn convert<M: Mode, N: Mode>(row: T, _: &mut impl Convert<M, N>) -> T {
        row
    }

    fn finish<M: Mode>(row: T, _: &mut impl Convert<M, Owned>) -> T {
        row
    }
}

/// Cuts a text at its parameters.
pub(super) fn parse(sql: &str) -> Vec<TextPart> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '\'' | '"' | '`' => quoted(rest, c),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest[2..].find("*/").map_or(rest.len(), |i| i + 4),
            '\\' if rest.starts_with("\\:") => {
                plain.push(':');
                rest = &rest[2..];
                continue;
            }
            ':' if rest.starts_with("::") => 2,
            ':' => {
                let name: &str = &rest[1..];
                let length = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
                if length > 0 && !name.starts_with(|c: char| c.is_ascii_digit()) {
                    if !plain.is_empty() {
                        parts.push(TextPart::Sql(std::mem::take(&mut plain)));
                    }
                    parts.push(TextPart::Parameter(name[..length].to_owned().into()));
                    rest = &name[length..];
                    continue;
                }
                1
            }
            c => c.len_utf8(),
        };
        plain.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    if !plain.is_empty() {
        parts.push(TextPart::Sql(plain));
    }
    parts
}

/// The length of the quoted piece that `text` starts with; all of it where the quote is not closed.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |i| i + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &[&str]) {
        let parts: Vec<String> = parse(sql)
            .into_iter()
            .map(|part| match part {
                TextPart::Sql(sql) => sql,
                TextPart::Parameter(name) => format!("<{name}>"),
                TextPart::Values(values) => format!("{values:?}"),
            })
            .collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn parameters_are_cut_out() {
        check("a = :x AND b = :y_2", &["a = ", "<x>", " AND b = ", "<y_2>"]);
        check(":x", &["<x>"]);
    }

    #[test]
    fn what_only_looks_like_a_parameter_stays() {
        check(
            "':x' \":y\" `:z` -- :a\n/* :b */ c::int \\:d :1 'it''s :e'",
            &["':x' \":y\" `:z` -- :a\n/* :b */ c::int :d :1 'it''s :e'"],
        );
        check("'open :x", &["'open :x"]);
    }
}
