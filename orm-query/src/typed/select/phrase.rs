//! SQL of the user's own at set places of a query, and advice to planners.

use super::Select;
use crate::schema::Name;
use crate::tree::{Hint, Phrase};
use crate::typed::scope::InFrom;
use crate::typed::source::Source;
use crate::typed::table::Table;

impl<P, F> Select<P, F> {
    /// SQL right behind the word SELECT, on every database. It goes into the statement as it is: never make it of data.
    pub fn prefix(mut self, sql: impl Into<Name>) -> Self {
        self.tree.prefixes.push(Phrase { dialect: None, sql: sql.into() });
        self
    }

    /// The same on one database: `postgres`, `mysql`, `mariadb`, `sqlite`, `oracle` or `mssql`.
    pub fn prefix_on(mut self, dialect: impl Into<Name>, sql: impl Into<Name>) -> Self {
        self.tree.prefixes.push(Phrase { dialect: Some(dialect.into()), sql: sql.into() });
        self
    }

    /// SQL at the end of the query, on every database. It goes into the statement as it is: never make it of data.
    pub fn suffix(mut self, sql: impl Into<Name>) -> Self {
        self.tree.suffixes.push(Phrase { dialect: None, sql: sql.into() });
        self
    }

    /// The same on one database.
    pub fn suffix_on(mut self, dialect: impl Into<Name>, sql: impl Into<Name>) -> Self {
        self.tree.suffixes.push(Phrase { dialect: Some(dialect.into()), sql: sql.into() });
        self
    }

    /// Advice to the planner of one database, in its words and at the place that it has for them; the others leave it out.
    /// It goes into the statement as it is: never make it of data.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(table = "users")]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// # }
    /// use orm::tree::Statement;
    /// use orm::{Dialect, MySql};
    ///
    /// let query = select(User::id).table_hint(User, "mysql", "USE INDEX (PRIMARY)").hint("mssql", "OPTION (MAXDOP 1)");
    /// let sql = MySql::mysql().compile(&Statement::Select(query.into_tree()))?.sql;
    /// assert_eq!(&*sql, "SELECT users.id FROM users USE INDEX (PRIMARY)");
    /// # Ok::<(), orm::CompileError>(())
    /// ```
    pub fn hint(mut self, dialect: impl Into<Name>, sql: impl Into<Name>) -> Self {
        self.tree.hints.push(Hint { dialect: dialect.into(), source: None, sql: sql.into() });
        self
    }

    /// The same about one table of FROM.
    pub fn table_hint<S: Source + InFrom<F, I>, I>(
        mut self,
        _: Table<S>,
        dialect: impl Into<Name>,
        sql: impl Into<Name>,
    ) -> Self {
        let source = Some(S::source_ref());
        self.tree.hints.push(Hint { dialect: dialect.into(), source, sql: sql.into() });
        self
    }
}
