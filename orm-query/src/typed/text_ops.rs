//! Operators of texts beside those of [`Expression`].

use super::expression::{
    BaseOf, Compared, Expr, Expression, Joined, Lifted, Textual, around, around_escaped,
};
use super::operand::Operand;
use super::scope::{Plus, Union};
use crate::tree;
use crate::{SqlType, TsVector};

/// What full-text search can look through.
#[diagnostic::on_unimplemented(
    message = "full-text search looks through texts and search vectors, and this expression is of type `{Self}`",
    label = "not a text but `{Self}`"
)]
pub trait Searchable: SqlType {}

impl Searchable for String {}
impl Searchable for TsVector {}

/// Operators of texts beside `like`, `contains` and their like: escapes, regular expressions, full-text search.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// engine.execute(insert(User).values([User::new("Sandy"), User::new("100%")])).await?;
/// let named = |condition| engine.all(select(User::name).filter(condition));
/// assert_eq!(named(User::name.istarts_with("SA")).await?, ["Sandy"]);
/// assert_eq!(named(User::name.regexp_flags("^s", "i")).await?, ["Sandy"]);
/// assert_eq!(named(User::name.like_escape("%!%", '!')).await?, ["100%"]);
/// # Ok(())
/// # }
/// ```
pub trait TextOperators: Expression {
    /// `self LIKE pattern ESCAPE escape`: a wildcard behind that character means itself.
    fn like_escape<R>(self, pattern: R, escape: char) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        escaped(self.into_tree(), pattern.into_operand(), escape, false)
    }

    /// `self ILIKE pattern ESCAPE escape`
    fn ilike_escape<R>(self, pattern: R, escape: char) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        escaped(self.into_tree(), pattern.into_operand(), escape, true)
    }

    /// The text stands somewhere in `self`, as [`contains`](Expression::contains) says it, with another character than `/` before what would be a wildcard.
    fn contains_escape<R>(self, text: R, escape: char) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around_escaped(self.into_tree(), [true, true], text.into_operand(), false, escape))
    }

    /// `self` starts with the text, as [`starts_with`](Expression::starts_with) says it, with another character than `/` before what would be a wildcard.
    fn starts_with_escape<R>(self, text: R, escape: char) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around_escaped(self.into_tree(), [false, true], text.into_operand(), false, escape))
    }

    /// `self` ends with the text, as [`ends_with`](Expression::ends_with) says it, with another character than `/` before what would be a wildcard.
    fn ends_with_escape<R>(self, text: R, escape: char) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around_escaped(self.into_tree(), [true, false], text.into_operand(), false, escape))
    }

    /// The text stands somewhere in `self`, whatever the case; `%` and `_` in a Rust string mean themselves.
    fn icontains<R>(self, text: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around(self.into_tree(), [true, true], text.into_operand(), true))
    }

    /// `self` starts with the text, whatever the case; `%` and `_` in a Rust string mean themselves.
    fn istarts_with<R>(self, text: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around(self.into_tree(), [false, true], text.into_operand(), true))
    }

    /// `self` ends with the text, whatever the case; `%` and `_` in a Rust string mean themselves.
    fn iends_with<R>(self, text: R) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(around(self.into_tree(), [true, false], text.into_operand(), true))
    }

    /// The regular expression matches somewhere in `self`, under flags that the database knows: `i` ignores case.
    fn regexp_flags<R>(self, pattern: R, flags: &str) -> Compared<Self, R, String>
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(tree::Expr::Regexp(Box::new(tree::Regexp {
            operand: self.into_tree(),
            pattern: pattern.into_operand(),
            flags: Some(flags.to_owned()),
            negated: false,
        })))
    }

    /// `self` with what the regular expression finds replaced: the first that it finds in PostgreSQL, all elsewhere.
    fn regexp_replace<R, W>(
        self,
        pattern: R,
        replacement: W,
    ) -> Expr<
        Lifted<Self::Sql, <R as Operand<String>>::Sql, String>,
        Union<Joined<Self, R, String>, W::Sources>,
    >
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
        W: Operand<String, Sources: Plus<Joined<Self, R, String>>>,
    {
        replaced(self.into_tree(), pattern.into_operand(), replacement.into_operand(), None)
    }

    /// The same under flags that the database knows: `i` ignores case, and in PostgreSQL `g` replaces all that is found.
    fn regexp_replace_flags<R, W>(
        self,
        pattern: R,
        replacement: W,
        flags: &str,
    ) -> Expr<
        Lifted<Self::Sql, <R as Operand<String>>::Sql, String>,
        Union<Joined<Self, R, String>, W::Sources>,
    >
    where
        Self::Sql: Textual,
        R: Operand<String, Sources: Plus<Self::Sources>>,
        W: Operand<String, Sources: Plus<Joined<Self, R, String>>>,
    {
        let flags = Some(flags.to_owned());
        replaced(self.into_tree(), pattern.into_operand(), replacement.into_operand(), flags)
    }

    /// The database's full-text search finds the words in `self`: `@@ plainto_tsquery(…)` in PostgreSQL,
    /// `MATCH … AGAINST (… IN BOOLEAN MODE)` in MySQL, which wants a FULLTEXT index on the column.
    fn match_<R>(self, words: R) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Joined<Self, R, String>>
    where
        BaseOf<Self>: Searchable,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        found(self.into_tree(), words.into_operand(), None)
    }

    /// The same by a named configuration, which takes the words and the text apart: `english`.
    fn match_in<R>(
        self,
        config: &str,
        words: R,
    ) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Joined<Self, R, String>>
    where
        BaseOf<Self>: Searchable,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        found(self.into_tree(), words.into_operand(), Some(config.to_owned()))
    }
}

impl<E: Expression> TextOperators for E {}

fn escaped<T, S>(operand: tree::Expr, pattern: tree::Expr, escape: char, ignore_case: bool) -> Expr<T, S> {
    Expr::from_tree(tree::Expr::Like(Box::new(tree::Like {
        operand,
        pattern,
        before: false,
        after: false,
        escape: Some(escape),
        negated: false,
        ignore_case,
    })))
}

fn replaced<T, S>(
    operand: tree::Expr,
    pattern: tree::Expr,
    replacement: tree::Expr,
    flags: Option<String>,
) -> Expr<T, S> {
    let replace = tree::RegexpReplace { operand, pattern, replacement, flags };
    Expr::from_tree(tree::Expr::RegexpReplace(Box::new(replace)))
}

fn found<T, S>(operand: tree::Expr, query: tree::Expr, config: Option<String>) -> Expr<T, S> {
    Expr::from_tree(tree::Expr::FullText(Box::new(tree::FullText { operand, query, config })))
}
