//! The seam between what is asked and how a database says it.

use std::sync::Arc;

use crate::tree::Statement;
use crate::{Bind, CompileError};

/// A statement in the SQL of one database, with what is bound to its placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The text.
    pub sql: Arc<str>,
    /// The values, in the order of the placeholders.
    pub binds: Vec<Bind>,
}

/// What a database can do; tests and the unit of work ask this and never a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Features {
    /// The most binds that one statement may have.
    pub max_binds: usize,
    /// The most rows that one `VALUES` may have.
    pub max_rows: usize,
    /// An UPDATE of many rows by their keys, each with values of its own.
    pub update_rows: bool,
    /// How many rows one such UPDATE may sensibly have.
    pub max_update_rows: usize,
    /// The values of a column of many rows are sent as one array, so that the text is the same for any number of rows.
    pub array_binds: bool,
    /// `INSERT … RETURNING`
    pub insert_returning: bool,
    /// `UPDATE … RETURNING`
    pub update_returning: bool,
    /// `DELETE … RETURNING`
    pub delete_returning: bool,
    /// `ALTER TABLE … ADD CONSTRAINT`
    pub alter_constraints: bool,
    /// `FULL JOIN`
    pub full_join: bool,
    /// `(a, b) IN ((1, 2), …)`
    pub tuple_in: bool,
    /// Schemas as namespaces of tables.
    pub schemas: bool,
    /// `COMMENT ON`, or comments inside CREATE TABLE.
    pub comments: bool,
    /// Databases that live in memory and vanish with their last connection.
    pub memory_databases: bool,
    /// Comments by statements of their own, `COMMENT ON`.
    pub comment_statements: bool,
    /// Enum types of their own, by `CREATE TYPE`.
    pub enum_types: bool,
    /// `CREATE SEQUENCE`
    pub sequences: bool,
    /// `GENERATED … AS IDENTITY` with a counter's settings.
    pub identity_options: bool,
    /// DDL that a ROLLBACK undoes.
    pub transactional_ddl: bool,
    /// `CREATE INDEX IF NOT EXISTS`
    pub index_if_not_exists: bool,
    /// CHECK constraints that are enforced.
    pub check_constraints: bool,
    /// Constraints that are checked at COMMIT.
    pub deferrable_constraints: bool,
    /// Foreign keys are checked after each row, and not at the end of the statement.
    pub row_checks: bool,
    /// `MATCH FULL`
    pub match_full: bool,
    /// Computed columns that are not stored.
    pub virtual_columns: bool,
    /// Computed columns that are stored.
    pub stored_columns: bool,
    /// `CREATE INDEX … WHERE`
    pub partial_indexes: bool,
    /// Indexes of expressions.
    pub expression_indexes: bool,
    /// Indexes of the first characters of a value.
    pub prefix_indexes: bool,
    /// Indexes of a kind, and columns that are only kept in them (`USING`, `INCLUDE`, operator classes).
    pub index_methods: bool,
    /// `NULLS FIRST` and `NULLS LAST` in indexes.
    pub index_nulls: bool,
    /// `NULLS NOT DISTINCT`
    pub nulls_not_distinct: bool,
    /// Arrays, ranges, HSTORE, INET and CIDR.
    pub arrays_and_ranges: bool,
    /// Floats that are NaN or infinite.
    pub nan_and_infinity: bool,
    /// Texts are equal where they are the same characters, unless their column has a collation of its own.
    pub exact_text_equality: bool,
    /// Texts have the order of their characters' numbers, unless their column has a collation of its own.
    pub exact_text_order: bool,
    /// The collations under which texts are equal and ordered by their characters' numbers alone.
    pub exact_collations: &'static [&'static str],
    /// Which characters `LIKE` takes for alike.
    pub like: LikeCase,
    /// `lower()` and `upper()` know the letters of ASCII, and no others.
    pub ascii_letters: bool,
    /// NULL is less than every value in an ordering, and not greater, where nothing else is said.
    pub null_is_least: bool,
    /// Decimals are compared and computed as decimals, and not as floats.
    pub exact_decimals: bool,
    /// `SELECT … FOR UPDATE`
    pub row_locks: bool,
    /// Several transactions that write at the same time.
    pub concurrent_writers: bool,
    /// The isolation levels that differ from each other, the default first.
    pub isolation_levels: &'static [crate::IsolationLevel],
    /// Transactions that may only read.
    pub read_only_transactions: bool,
    /// `PREPARE TRANSACTION`, `XA PREPARE`
    pub two_phase: bool,
    /// A time limit for a statement.
    pub statement_timeout: bool,
    /// A cursor on the server, from which rows are fetched in batches.
    pub server_cursors: bool,
    /// `LISTEN` and `NOTIFY`
    pub notifications: bool,
    /// `COPY`
    pub copy: bool,
    /// `LATERAL`
    pub lateral: bool,
    /// Queries of UNION and its like between parentheses, with an order, a limit or operators of their own.
    pub compound_parentheses: bool,
    /// `EXCEPT ALL` and `INTERSECT ALL`
    pub except_all: bool,
    /// `AS [NOT] MATERIALIZED` in WITH.
    pub cte_materialized: bool,
    /// INSERT, UPDATE and DELETE in WITH.
    pub cte_dml: bool,
    /// `DISTINCT ON`
    pub distinct_on: bool,
    /// `UPDATE … FROM`: an UPDATE reads other tables.
    pub update_from: bool,
    /// `DELETE … USING`: a DELETE reads other tables.
    pub delete_using: bool,
    /// Such statements may have RETURNING.
    pub joined_returning: bool,
    /// Their RETURNING may name columns of the other tables.
    pub other_table_returning: bool,
    /// `ORDER BY` and `LIMIT` of an UPDATE or DELETE.
    pub update_limit: bool,
    /// `UPDATE … SET (a, b) = (SELECT …)`
    pub row_assignment: bool,
    /// `UPDATE … SET column[index] = …`
    pub element_assignment: bool,
    /// `MERGE`
    pub merge: bool,
    /// `MERGE … RETURNING`
    pub merge_returning: bool,
    /// `WHEN NOT MATCHED BY SOURCE` of a MERGE.
    pub merge_by_source: bool,
    /// `FETCH FIRST … ROWS WITH TIES`
    pub with_ties: bool,
    /// `FETCH FIRST … PERCENT`
    pub fetch_percent: bool,
    /// `WITH ORDINALITY`
    pub ordinality: bool,
    /// `TABLESAMPLE`
    pub tablesample: bool,
    /// `VALUES` is a query; else it is said by others, or not at all.
    pub values: bool,
    /// Names of columns behind an alias: `(VALUES …) AS name (a, b)`.
    pub derived_columns: bool,
    /// Fields of composite values: `(f(x)).name`.
    pub composite_fields: bool,
    /// Functions in FROM, called by their names alone.
    pub table_functions: bool,
    /// `aggregate FILTER (WHERE …)`
    pub aggregate_filter: bool,
    /// An upsert names the unique key that it is for, and may have a condition: `ON CONFLICT (columns) DO UPDATE … WHERE`.
    pub conflict_targets: bool,
    /// An upsert names a constraint: `ON CONFLICT ON CONSTRAINT`.
    pub conflict_constraints: bool,
    /// An upsert that updates need not name the key that it is for.
    pub update_on_any_conflict: bool,
    /// `INSERT … VALUES … AS new ON DUPLICATE KEY UPDATE`
    pub insert_alias: bool,
    /// `->` and `->>` on JSON.
    pub json_arrows: bool,
    /// The error of a violated constraint names the table and the columns.
    pub names_columns_in_errors: bool,
}

/// Which characters `LIKE` takes for alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LikeCase {
    /// The same ones.
    Exact,
    /// The same ones, and the letters of ASCII in both cases.
    IgnoresAscii,
    /// Those that the collation does.
    Collation,
}

impl Features {
    /// What the SQL standard promises, and careful limits.
    pub const fn standard() -> Self {
        Features {
            max_binds: 32_766,
            max_rows: 1_000,
            update_rows: false,
            max_update_rows: 500,
            array_binds: false,
            insert_returning: false,
            update_returning: false,
            delete_returning: false,
            alter_constraints: true,
            full_join: true,
            tuple_in: true,
            schemas: true,
            comments: false,
            memory_databases: false,
            comment_statements: false,
            enum_types: false,
            sequences: false,
            identity_options: false,
            transactional_ddl: false,
            index_if_not_exists: true,
            check_constraints: true,
            deferrable_constraints: false,
            row_checks: false,
            match_full: false,
            virtual_columns: false,
            stored_columns: true,
            partial_indexes: false,
            expression_indexes: false,
            prefix_indexes: false,
            index_methods: false,
            index_nulls: false,
            nulls_not_distinct: false,
            arrays_and_ranges: false,
            nan_and_infinity: false,
            exact_text_equality: false,
            exact_text_order: false,
            exact_collations: &[],
            like: LikeCase::Collation,
            ascii_letters: false,
            null_is_least: false,
            exact_decimals: true,
            row_locks: true,
            concurrent_writers: true,
            isolation_levels: &[crate::IsolationLevel::ReadCommitted],
            read_only_transactions: false,
            two_phase: false,
            statement_timeout: false,
            server_cursors: false,
            notifications: false,
            copy: false,
            lateral: false,
            compound_parentheses: true,
            except_all: true,
            cte_materialized: false,
            cte_dml: false,
            distinct_on: false,
            update_from: false,
            delete_using: false,
            joined_returning: false,
            other_table_returning: false,
            update_limit: false,
            row_assignment: false,
            element_assignment: false,
            merge: false,
            merge_returning: false,
            merge_by_source: false,
            with_ties: false,
            fetch_percent: false,
            ordinality: false,
            tablesample: false,
            values: true,
            derived_columns: true,
            composite_fields: false,
            table_functions: true,
            aggregate_filter: true,
            conflict_targets: false,
            conflict_constraints: false,
            update_on_any_conflict: true,
            insert_alias: false,
            json_arrows: false,
            names_columns_in_errors: false,
        }
    }

    /// How many rows of so many binds each go into one statement, with some room for what else it binds; at least one.
    pub const fn rows_of(&self, binds: usize) -> usize {
        let binds = if binds == 0 { 1 } else { binds };
        let rows = (self.max_binds - self.max_binds / 32) / binds;
        if rows == 0 { 1 } else { rows }
    }
}

/// How one database says a statement.
pub trait Dialect: Send + Sync + std::fmt::Debug {
    /// The name, as in the scheme of a URL.
    fn name(&self) -> &'static str;
    /// What the database can do.
    fn features(&self) -> &Features;
    /// The statement in this database's SQL.
    ///
    /// # Errors
    /// When the database has no such construct, or cannot hold a value that is bound.
    fn compile(&self, statement: &Statement) -> Result<Compiled, CompileError>;
    /// The statement with its values in the text, for logs and migrations: to be sent, [`compile`](Self::compile) is the
    /// right one.
    ///
    /// # Errors
    /// As [`compile`](Self::compile), and where the database has no literal for a value.
    fn compile_literal(&self, statement: &Statement) -> Result<String, CompileError>;
    /// How many of the [rows](Statement::rows) of a statement go into one.
    fn rows_per_statement(&self, statement: &Statement) -> usize {
        let Some(rows) = statement.rows() else { return usize::MAX };
        let features = self.features();
        let most = match statement {
            Statement::UpdateRows(_) => features.max_update_rows,
            _ => features.max_rows,
        };
        features.rows_of(rows.types.len()).min(most)
    }
    /// The type that a column of `data_type` is reflected as: the same one, unless the database keeps it as another.
    fn reflected_type(&self, data_type: &crate::DataType) -> crate::DataType {
        data_type.clone()
    }
    /// The type that a column is reflected as, where more than its own type counts.
    fn reflected_column(&self, column: &crate::schema::ColumnDef) -> crate::DataType {
        self.reflected_type(&column.data_type)
    }
    /// A statement after which, to the end of the transaction, rows and tables may go in any order, where foreign keys
    /// cannot be dropped on their own.
    fn defer_constraints(&self) -> Option<&'static str> {
        None
    }
    /// SQL that the database has rewritten (a default, a CHECK, an index's expression) in a form in which two texts
    /// of one meaning are alike; for comparisons only.
    fn normalized_sql(&self, sql: &str) -> String {
        crate::schema::normalized_sql(sql)
    }
}
