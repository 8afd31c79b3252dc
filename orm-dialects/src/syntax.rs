//! The walk over the tree that all dialects share, and the places where they differ.
//!
//! [`Syntax`] has one method for each place where databases differ. Its default body calls the free function of the
//! same name, which says it in standard SQL; so an override can still call the standard. What no database says
//! otherwise is a plain function of the walk.
//!
//! | file | says |
//! | --- | --- |
//! | `writer` | where the text and the binds go |
//! | `identifier` | names, tables and columns |
//! | `bind` | placeholders and the values behind them |
//! | `precedence` | where parentheses stand |
//! | `truth` | conditions, and what is true or false as a value |
//! | `inline` | values in the text, where no bind can stand or none is wanted |
//! | `expr` | expressions without a file of their own |
//! | `operator` | operators with two operands |
//! | `predicate` | `BETWEEN`, `IN`, `LIKE`, `EXISTS`, `ANY` |
//! | `json`, `array`, `text_search`, `custom` | documents, arrays, regular expressions and full text, operators of the user's own |
//! | `function` | calls and windows |
//! | `select`, `insert`, `on_conflict`, `update`, `update_rows`, `delete`, `merge`, `text` | the statements |
//! | `table`, `column`, `column_type`, `option`, `table_change`, `index`, `enum_type`, `sequence`, `schema`, `view`, `comment` | DDL |

use orm_query::schema::{
    CheckDef, ColumnDef, Counter, DialectOption, ExcludeDef, ForeignKeyDef, IndexColumn, IndexDef,
    SequenceDef, StandardType, TableDef, UniqueDef,
};
use orm_query::tree::{
    AlterTable, Array, Between, Binary, Case, Cast, Collate, ColumnRef, Compound, CreateEnum, CreateIndex,
    CreateSchema, CreateSequence, CreateTable, CreateTableAs, CreateView, Cte, Ddl, Delete, DropEnum,
    DropIndex, DropSchema, DropSequence, DropTable, DropView, Excluded, Expr, Extract, From, FullText,
    Function, Grouping, InList, InQuery, InRows, Index, Insert, Join, JoinKind, JsonPart, Like, Limit, Lock,
    Merge, MergeBranch, NullsOrder, OnConflict, OrderBy, Quantified, QuantifiedArray, Query, Regexp,
    RegexpReplace, Rows, Sample, Select, SelectItem, SetComment, SetOperator, SetTarget, Slice, Statement,
    TableFunction, TableRef, Update, UpdateRows, Values, With,
};
use orm_query::{Bind, CompileError, Compiled, DataType, EnumType, Features};

mod array;
mod bind;
mod column;
mod column_type;
mod comment;
mod converted;
mod custom;
mod delete;
mod enum_type;
mod expr;
mod extract;
mod from;
mod function;
mod grouping;
mod identifier;
mod index;
mod inline;
mod insert;
mod json;
mod merge;
mod on_conflict;
mod operator;
mod option;
mod precedence;
mod predicate;
mod query;
mod schema;
mod select;
mod sequence;
mod table;
mod table_change;
mod text;
mod text_search;
mod truth;
mod update;
mod update_rows;
mod view;
mod words;
mod writer;

pub use array::{array, index, quantified_array, slice};
pub(crate) use bind::sent;
pub use bind::{Place, bind, bound, inlined, literal, param, placeholder, stored};
pub use column::{
    column_checks, column_def, computed, enum_check, is_call, is_parenthesized, nullability, resolved,
    server_default,
};
pub use column_type::{
    column_type, declared_type, identity, is_declared, of_length, standard_name, standard_type,
};
pub use comment::set_comment;
pub use custom::custom;
pub use delete::{delete, delete_tables};
pub use enum_type::{create_enum, drop_enum};
pub use expr::{bit_not, boolean, truth_test};
pub use expr::{case, cast, collate, expr, has_binds, try_cast};
pub use extract::extract;
pub use from::{column_names, from_clause, from_item, join, join_kind, joins, sample, table_function};
pub use function::{argument, call, frame_offset, function, window};
pub use grouping::{group_by, grouping};
pub use identifier::{alias, column, identifier, identifier_in, is_plain, qualified, source, table_ref};
pub use index::{
    create_index, create_index_in_schema, drop_index, index_column, index_expression, index_kind,
};
pub use inline::{hex, inline, negative};
pub(crate) use inline::{moment, time};
pub(crate) use insert::{check_width, prefixes};
pub use insert::{default_values, insert, insert_query, insert_rows, insert_words};
pub use json::{json, json_path};
pub use merge::{merge, merge_action, merge_branch, merge_rows};
pub use on_conflict::{assigned, assignments, excluded, on_conflict, set_target};
pub use operator::{
    Comparable, as_double, binary, compared, comparison, concat, container, distinct_from, divide,
    divide_fractions, floor_divide, infix, loose, modulo,
};
pub use option::{OptionKind, OptionPlace, Options, constraint_options, options};
pub use precedence::{Level, operand};
pub(crate) use predicate::rows_fit;
pub use predicate::{
    between, exists, in_empty, in_list, in_query, in_rows, like, like_pattern, like_pattern_by, like_text,
    quantified,
};
pub use query::{compound, cte, query, set_operator, subquery, values, values_as_union, with, with_clause};
pub use schema::{create_schema, drop_schema};
pub use select::{fetch, key, limit, lock, nulls, order_by, order_list, phrases, select, select_item};
pub use sequence::{counter, create_sequence, drop_sequence, next_value};
pub use table::{
    check, columns, constraint_name, create_table, create_table_words, deferrable, drop_table, exclude,
    foreign_key, on_commit, primary_key, table_options, unique,
};
pub use table_change::alter_table;
pub use text::{raw, text};
pub use text_search::{full_text, regexp, regexp_replace};
pub(crate) use truth::is_predicate;
pub use truth::{condition, condition_operand};
use truth::{is_compared, truth_value};
pub use update::{first_rows, returning, update};
pub use update_rows::{row_value, rows_source, update_rows};
pub use view::{ViewSupport, create_table_as, create_view, drop_view, with_no_data};
pub use words::Words;
pub use writer::Writer;

/// What every part of the walk gives.
pub type Result<T = ()> = std::result::Result<T, CompileError>;

/// The places where databases differ; whatever a dialect does not say is standard SQL.
///
/// An override must write something that binds at least as tightly as [`Level::of`] says of the node, and must give
/// [`CompileError::Unsupported`] for what the database has not.
#[rustfmt::skip] // One line for each place reads as the table that it is.
#[allow(clippy::wrong_self_convention)] // `from` is the clause.
pub trait Syntax {
    /// The dialect's name, as [`Dialect::name`](orm_query::Dialect::name) gives it.
    fn name(&self) -> &'static str;
    /// What the database can do.
    fn features(&self) -> &Features;
    /// Whether `word`, in lower case, must be quoted to be an identifier.
    fn is_reserved(&self, word: &str) -> bool;
    /// Whether the database can hold the value of a bind at that place without changing it.
    ///
    /// # Errors
    /// [`CompileError::Value`] where it cannot.
    fn fits(&self, bind: &Bind, place: Place) -> Result;
    /// The name of a type, in DDL.
    ///
    /// # Errors
    /// This and all the following: where the database has no such construct, or the tree makes no sense.
    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result;

    /// An identifier, quoted where it must be.
    fn identifier(&self, w: &mut Writer, name: &str) -> Result { identifier(self, w, name) }
    /// A text between quotes, for the places where SQL takes no bind.
    fn literal(&self, w: &mut Writer, text: &str) -> Result { literal(w, text) }
    /// A value in the text, whose value is known to fit: it reads back as the same value of the same type.
    fn inline(&self, w: &mut Writer, bind: &Bind) -> Result { inline(self, w, bind) }
    /// The placeholder of the bind that was pushed last.
    fn placeholder(&self, w: &mut Writer) { placeholder(w); }
    /// A value written into a column: as it stands in `VALUES` and `SET`.
    fn stored(&self, w: &mut Writer, value: &Expr) -> Result { stored(self, w, value) }
    /// A table of `FROM`, `INTO` or `UPDATE`, with its alias.
    fn table_ref(&self, w: &mut Writer, table: &TableRef) -> Result { table_ref(self, w, table) }
    /// An alias behind its table or subquery.
    fn alias(&self, w: &mut Writer, alias: &str) -> Result { self::alias(self, w, alias) }
    /// A column.
    fn column(&self, w: &mut Writer, column: &ColumnRef) -> Result { self::column(self, w, column) }

    /// A column of the row that was to be inserted.
    fn excluded(&self, w: &mut Writer, e: &Excluded) -> Result { excluded(self, w, e) }

    /// Whether what is true or false is a value like any other; if not, a predicate as a value is `CASE`, and a value as a
    /// condition is compared with 1.
    fn has_booleans(&self) -> bool { true }
    /// Whether a column and a constant may be a condition by themselves; if not, they are compared with 1.
    fn takes_columns_as_conditions(&self) -> bool { true }
    /// `true`, `false`
    fn boolean(&self, w: &mut Writer, value: bool) { boolean(self, w, value); }
    /// `e IS [NOT] TRUE`, `e IS [NOT] FALSE`
    fn truth_test(&self, w: &mut Writer, e: &Expr, value: bool, negated: bool) -> Result { truth_test(self, w, e, value, negated) }

    /// How the sides of a comparison are written; `leading` are those of them whose collation it takes.
    fn comparable(&self, w: &Writer, leading: &[&Expr], sides: &[&Expr]) -> Comparable { _ = (w, leading, sides); Comparable::AsTheyAre }
    /// A side of a comparison that is written [`AsNumbers`](Comparable::AsNumbers).
    fn number(&self, w: &mut Writer, e: &Expr, level: Level) -> Result { operand(self, w, e, level) }
    /// An expression that rows are ordered or grouped by.
    fn key(&self, w: &mut Writer, key: &Expr) -> Result { self::key(self, w, key) }
    /// `a = b` and its like.
    fn comparison(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result { comparison(self, w, binary, operator) }
    /// `a IS [NOT] DISTINCT FROM b`
    fn distinct_from(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result { distinct_from(self, w, binary, negated) }
    /// A regular expression.
    fn regexp(&self, w: &mut Writer, e: &Regexp) -> Result { regexp(self, w, e) }
    /// What a regular expression finds, replaced.
    fn regexp_replace(&self, w: &mut Writer, e: &RegexpReplace) -> Result { regexp_replace(self, w, e) }
    /// Full-text search.
    fn full_text(&self, w: &mut Writer, e: &FullText) -> Result { full_text(self, w, e) }
    /// `a + b`, `a - b`, `a * b`
    fn arithmetic(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result { infix(self, w, binary, operator) }
    /// `a / b`, whose result keeps its fraction.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result { divide(self, w, binary) }
    /// `a % b`
    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result { modulo(self, w, binary) }
    /// `a || b`
    fn concat(&self, w: &mut Writer, binary: &Binary) -> Result { concat(self, w, binary) }
    /// The quotient, rounded down.
    fn floor_divide(&self, w: &mut Writer, binary: &Binary) -> Result { floor_divide(self, w, binary) }
    /// `a & b`, `a | b`, `a ^ b`, `a << b`, `a >> b`
    fn bitwise(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result { loose(self, w, binary, operator) }
    /// `~a`
    fn bit_not(&self, w: &mut Writer, e: &Expr) -> Result { bit_not(self, w, e) }
    /// An operator of arrays, ranges, maps and documents, under its name in PostgreSQL.
    fn container(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result { container(self, w, binary, operator) }
    /// A part of a JSON document.
    fn json(&self, w: &mut Writer, e: &JsonPart) -> Result { json(self, w, e) }
    /// `ARRAY[a, b]`
    fn array(&self, w: &mut Writer, e: &Array) -> Result { array(self, w, e) }
    /// An element of an array.
    fn index(&self, w: &mut Writer, e: &Index) -> Result { index(self, w, e) }
    /// A part of an array.
    fn slice(&self, w: &mut Writer, e: &Slice) -> Result { slice(self, w, e) }
    /// `ANY (array)`
    fn quantified_array(&self, w: &mut Writer, e: &QuantifiedArray) -> Result { quantified_array(self, w, e) }
    /// `a BETWEEN b AND c`
    fn between(&self, w: &mut Writer, e: &Between) -> Result { between(self, w, e) }
    /// `a IN (b, c)`
    fn in_list(&self, w: &mut Writer, e: &InList) -> Result { in_list(self, w, e) }
    /// `a IN ()`, which is false.
    fn in_empty(&self, w: &mut Writer, e: &InList) -> Result { in_empty(self, w, e) }
    /// `a IN (SELECT …)`
    fn in_query(&self, w: &mut Writer, e: &InQuery) -> Result { in_query(self, w, e) }
    /// `(a, b) IN (rows)`
    fn in_rows(&self, w: &mut Writer, e: &InRows) -> Result { in_rows(self, w, e) }
    /// `a LIKE b`
    fn like(&self, w: &mut Writer, e: &Like) -> Result { like(self, w, e) }
    /// The pattern of LIKE with the wildcards around it.
    fn like_pattern(&self, w: &mut Writer, e: &Like) -> Result { like_pattern(self, w, e) }
    /// Whether case is ignored by `lower()` around both sides.
    fn lowers_patterns(&self) -> bool { true }
    /// `ANY (SELECT …)`
    fn quantified(&self, w: &mut Writer, e: &Quantified) -> Result { quantified(self, w, e) }
    /// `CASE`
    fn case(&self, w: &mut Writer, e: &Case) -> Result { case(self, w, e) }
    /// `CAST`
    fn cast(&self, w: &mut Writer, e: &Cast) -> Result { cast(self, w, e) }
    /// `TRY_CAST`
    fn try_cast(&self, w: &mut Writer, e: &Cast) -> Result { try_cast(self, w, e) }
    /// `EXTRACT`
    fn extract(&self, w: &mut Writer, e: &Extract) -> Result { extract(self, w, e) }
    /// `COLLATE`
    fn collate(&self, w: &mut Writer, e: &Collate) -> Result { collate(self, w, e) }
    /// A function under the name that it has in this database.
    fn function(&self, w: &mut Writer, f: &Function) -> Result { function(self, w, f) }
    /// An argument of a function.
    fn argument(&self, w: &mut Writer, f: &Function, argument: &Expr) -> Result { self::argument(self, w, f, argument) }
    /// The offset of a bound of a window's frame.
    fn frame_offset(&self, w: &mut Writer, offset: &Expr) -> Result { frame_offset(self, w, offset) }
    /// What stands behind GROUP BY.
    fn group_by(&self, w: &mut Writer, list: &[Expr]) -> Result { group_by(self, w, list) }
    /// `ROLLUP (…)` and its like.
    fn grouping(&self, w: &mut Writer, g: &Grouping) -> Result { grouping(self, w, g) }

    /// `SELECT`
    fn select(&self, w: &mut Writer, q: &Select) -> Result { select(self, w, q) }
    /// Words right behind SELECT that the dialect adds.
    fn select_words(&self, w: &mut Writer, q: &Select) -> Result { _ = (w, q); Ok(()) }
    /// Words between DISTINCT and the select list: `TOP`.
    fn top(&self, w: &mut Writer, q: &Select) -> Result { _ = (w, q); Ok(()) }
    /// ` FROM …`
    fn from_clause(&self, w: &mut Writer, q: &Select) -> Result { from_clause(self, w, q) }
    /// A source of FROM.
    fn from_item(&self, w: &mut Writer, from: &From) -> Result { from_item(self, w, from) }
    /// A function in FROM.
    fn table_function(&self, w: &mut Writer, f: &TableFunction) -> Result { table_function(self, w, f) }
    /// `TABLESAMPLE`
    fn sample(&self, w: &mut Writer, sample: &Sample) -> Result { self::sample(self, w, sample) }
    /// A join onto what was written before.
    fn join(&self, w: &mut Writer, join: &Join) -> Result { self::join(self, w, join) }
    /// `a UNION b`
    fn compound(&self, w: &mut Writer, c: &Compound) -> Result { compound(self, w, c) }
    /// ` UNION [ALL] ` and its like.
    fn set_operator(&self, w: &mut Writer, operator: SetOperator) -> Result { set_operator(self, w, operator) }
    /// `VALUES (…), (…)` as a query.
    fn values(&self, w: &mut Writer, v: &Values) -> Result { values(self, w, v) }
    /// `WITH …`
    fn with(&self, w: &mut Writer, with: &With) -> Result { with_clause(self, w, with) }
    /// A query of WITH.
    fn cte(&self, w: &mut Writer, cte: &Cte) -> Result { self::cte(self, w, cte) }
    /// The words of a join.
    fn join_kind(&self, w: &mut Writer, kind: JoinKind) -> Result { join_kind(w, kind) }
    /// One of ORDER BY: `expr [DESC] [NULLS …]`
    fn order_by(&self, w: &mut Writer, order: &OrderBy) -> Result { order_by(self, w, order) }
    /// `NULLS FIRST`, `NULLS LAST`
    fn nulls(&self, w: &mut Writer, order: &OrderBy, nulls: NullsOrder) -> Result { self::nulls(w, order, nulls) }
    /// `LIMIT … OFFSET …`
    fn limit(&self, w: &mut Writer, l: &Limit) -> Result { limit(self, w, l) }
    /// `OFFSET … ROWS FETCH FIRST … ROWS ONLY`
    fn fetch(&self, w: &mut Writer, l: &Limit) -> Result { fetch(self, w, l) }
    /// `FOR UPDATE`
    fn lock(&self, w: &mut Writer, l: &Lock) -> Result { lock(self, w, l) }
    /// `INSERT`
    fn insert(&self, w: &mut Writer, i: &Insert) -> Result { insert(self, w, i) }
    /// `INSERT INTO `, and what stands between its words.
    fn insert_words(&self, w: &mut Writer, i: &Insert) -> Result { insert_words(self, w, i) }
    /// What stands between the columns of an INSERT and their values: `OUTPUT`.
    fn insert_output(&self, w: &mut Writer, i: &Insert) -> Result { _ = (w, i); Ok(()) }
    /// An INSERT that gives no column.
    fn default_values(&self, w: &mut Writer, rows: usize) -> Result { default_values(self, w, rows) }
    /// The rows of plain values of an INSERT.
    fn insert_rows(&self, w: &mut Writer, i: &Insert, rows: &Rows) -> Result { insert_rows(self, w, i, rows) }
    /// The query of an INSERT.
    fn insert_query(&self, w: &mut Writer, i: &Insert, query: &Query) -> Result { insert_query(self, w, i, query) }
    /// `ON CONFLICT`
    fn on_conflict(&self, w: &mut Writer, i: &Insert, c: &OnConflict) -> Result { on_conflict(self, w, i, c) }
    /// What an assignment sets.
    fn set_target(&self, w: &mut Writer, target: &SetTarget) -> Result { set_target(self, w, target) }
    /// `UPDATE`
    fn update(&self, w: &mut Writer, u: &Update) -> Result { update(self, w, u) }
    /// An UPDATE of several rows by their keys, as wide as it says.
    fn update_rows(&self, w: &mut Writer, u: &UpdateRows) -> Result { update_rows(self, w, u) }
    /// The rows of values of such an UPDATE, as a source of FROM.
    fn rows_source(&self, w: &mut Writer, u: &UpdateRows) -> Result { rows_source(self, w, u) }
    /// The names of that source's columns, behind its alias, where they are not `column1` and so on by themselves.
    fn rows_columns(&self, w: &mut Writer, u: &UpdateRows) { _ = (w, u); }
    /// `DELETE`
    fn delete(&self, w: &mut Writer, d: &Delete) -> Result { delete(self, w, d) }
    /// The tables of a DELETE, behind FROM.
    fn delete_tables(&self, w: &mut Writer, d: &Delete) -> Result { delete_tables(self, w, d) }
    /// `MERGE`
    fn merge(&self, w: &mut Writer, m: &Merge) -> Result { merge(self, w, m) }
    /// A branch of MERGE.
    fn merge_branch(&self, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result { merge_branch(self, w, m, b) }
    /// `RETURNING`
    fn returning(&self, w: &mut Writer, items: &[SelectItem]) -> Result { returning(self, w, items) }
    /// SQL of the user's own, which must hold no placeholder.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result { raw(w, sql) }

    /// `CREATE TABLE`
    fn create_table(&self, w: &mut Writer, c: &CreateTable) -> Result { create_table(self, w, c) }
    /// A column of CREATE TABLE.
    fn column_def(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result { column_def(self, w, table, column) }
    /// The type of a column of CREATE TABLE, and how it counts itself up.
    fn column_type(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result { column_type(self, w, table, column) }
    /// The default in SQL of a column.
    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result { server_default(self, w, column, sql) }
    /// The expression that a column is computed from.
    fn computed(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result { computed(self, w, column, sql) }
    /// `[GENERATED … AS IDENTITY] (START WITH … INCREMENT BY …)`: how an identity column or a sequence counts.
    fn counter(&self, w: &mut Writer, counter: &Counter) -> Result {
        if counter.order.is_some() { return Err(unsupported(self, "ORDER of a sequence", None)); }
        self::counter(w, counter)
    }
    /// Whether an identity column may count for a NULL of one's own.
    fn has_identity_on_null(&self) -> bool { false }
    /// The next number of a sequence, as a default.
    fn next_value(&self, w: &mut Writer, sequence: &SequenceDef) -> Result { next_value(self, w, sequence) }
    /// ` NOT NULL`
    fn nullability(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result { _ = table; nullability(w, column) }
    /// A type by its name in the standard.
    fn standard_type(&self, w: &mut Writer, standard: &StandardType) -> Result { standard_type(w, standard) }
    /// Whether an option or a type of the dialect of that name is for this one.
    fn is_called(&self, dialect: &str) -> bool { dialect == self.name() }
    /// The options that the database has at a place, and what each says.
    fn known_options(&self, place: OptionPlace) -> &'static [(&'static str, OptionKind)] { _ = place; &[] }
    /// The options behind a constraint.
    fn constraint_options(&self, w: &mut Writer, place: OptionPlace, options: &[DialectOption]) -> Result { constraint_options(self, w, place, options) }
    /// `CREATE [TEMPORARY] TABLE `
    fn create_table_words(&self, w: &mut Writer, table: &TableDef) -> Result { create_table_words(w, table) }
    /// Whether a table may have no column.
    fn has_empty_tables(&self) -> bool { false }
    /// Whether a column's definition says that it is the primary key, and not the table's.
    fn is_key_in_column(&self, table: &TableDef) -> bool { _ = table; false }
    /// Whether `ON DELETE SET NULL` may name columns.
    fn has_on_delete_columns(&self) -> bool { false }
    /// `EXCLUDE`
    fn exclude(&self, w: &mut Writer, exclude: &ExcludeDef) -> Result { self::exclude(self, w, exclude) }
    /// The words between CREATE and INDEX, each with a space behind it.
    fn index_kind(&self, w: &mut Writer, index: &IndexDef) -> Result { index_kind(w, index) }
    /// The words behind CREATE INDEX, each with a space behind it.
    fn index_words(&self, w: &mut Writer, index: &IndexDef) -> Result { _ = (w, index); Ok(()) }
    /// What stands behind an index's columns and before its condition.
    fn index_options(&self, w: &mut Writer, index: &IndexDef) -> Result { _ = (w, index); Ok(()) }
    /// An expression of an index.
    fn index_expression(&self, w: &mut Writer, sql: &str) -> Result { index_expression(self, w, sql) }
    /// The words behind DROP INDEX, each with a space behind it.
    fn drop_index_words(&self, w: &mut Writer, d: &DropIndex) -> Result { _ = (w, d); Ok(()) }
    /// The comment inside a column's definition.
    fn column_comment(&self, w: &mut Writer, comment: &str) -> Result { _ = (w, comment); Ok(()) }
    /// What stands behind the last parenthesis of CREATE TABLE: a comment, an engine.
    fn table_options(&self, w: &mut Writer, table: &TableDef) -> Result { table_options(self, w, table) }
    /// What keeps a column to the values of its enum.
    fn enum_check(&self, w: &mut Writer, column: &ColumnDef, e: &EnumType) -> Result { enum_check(self, w, column, e) }
    /// `FOREIGN KEY`
    fn foreign_key(&self, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result { foreign_key(self, w, table, key) }
    /// `PRIMARY KEY (columns)`, with its name.
    fn primary_key(&self, w: &mut Writer, table: &TableDef) -> Result { primary_key(self, w, table) }
    /// `UNIQUE (columns)`
    fn unique(&self, w: &mut Writer, unique: &UniqueDef) -> Result { self::unique(self, w, unique) }
    /// `CHECK (condition)`
    fn check(&self, w: &mut Writer, check: &CheckDef) -> Result { self::check(self, w, check) }
    /// `ALTER TABLE`
    fn alter_table(&self, w: &mut Writer, a: &AlterTable) -> Result { alter_table(self, w, a) }
    /// A column of an index.
    fn index_column(&self, w: &mut Writer, column: &IndexColumn) -> Result { index_column(self, w, column) }
    /// `DROP INDEX`
    fn drop_index(&self, w: &mut Writer, d: &DropIndex) -> Result { drop_index(self, w, d) }
    /// `CREATE TYPE … AS ENUM`
    fn create_enum(&self, w: &mut Writer, c: &CreateEnum) -> Result { create_enum(self, w, c) }
    /// `DROP TYPE`
    fn drop_enum(&self, w: &mut Writer, d: &DropEnum) -> Result { drop_enum(self, w, d) }
    /// `CREATE SEQUENCE`
    fn create_sequence(&self, w: &mut Writer, c: &CreateSequence) -> Result { create_sequence(self, w, c) }
    /// `DROP SEQUENCE`
    fn drop_sequence(&self, w: &mut Writer, d: &DropSequence) -> Result { drop_sequence(self, w, d) }
    /// `CREATE SCHEMA`
    fn create_schema(&self, w: &mut Writer, c: &CreateSchema) -> Result { create_schema(self, w, c) }
    /// `DROP SCHEMA`
    fn drop_schema(&self, w: &mut Writer, d: &DropSchema) -> Result { drop_schema(self, w, d) }
    /// What the database can do with views.
    fn view_support(&self) -> ViewSupport { ViewSupport::STANDARD }
    /// `CREATE VIEW`
    fn create_view(&self, w: &mut Writer, c: &CreateView) -> Result { create_view(self, w, c) }
    /// `DROP VIEW`
    fn drop_view(&self, w: &mut Writer, d: &DropView) -> Result { drop_view(self, w, d) }
    /// `CREATE TABLE … AS`
    fn create_table_as(&self, w: &mut Writer, c: &CreateTableAs) -> Result { create_table_as(self, w, c) }
    /// ` WITH NO DATA`
    fn with_no_data(&self, w: &mut Writer) -> Result { with_no_data(w) }
    /// `COMMENT ON`
    fn set_comment(&self, w: &mut Writer, c: &SetComment) -> Result { set_comment(self, w, c) }
    /// `CREATE INDEX`
    fn create_index(&self, w: &mut Writer, c: &CreateIndex) -> Result { create_index(self, w, c) }
    /// `DROP TABLE`
    fn drop_table(&self, w: &mut Writer, d: &DropTable) -> Result { drop_table(self, w, d) }
}

/// The statement in the SQL of a dialect: what its [`Dialect::compile`](orm_query::Dialect::compile) calls.
///
/// # Errors
/// When the database has no such construct, cannot hold a value, or the tree makes no sense.
pub fn compile<S: Syntax + ?Sized>(s: &S, statement: &Statement) -> Result<Compiled> {
    Ok(written(s, Writer::of_a_statement(), statement)?.finish())
}

/// The statement with its values in the text: what
/// [`Dialect::compile_literal`](orm_query::Dialect::compile_literal) calls.
///
/// # Errors
/// As [`compile`], and where the database has no literal for a value.
pub fn compile_literal<S: Syntax + ?Sized>(s: &S, statement: &Statement) -> Result<String> {
    Ok(written(s, Writer::inlining(), statement)?.sql().to_owned())
}

fn written<S: Syntax + ?Sized>(s: &S, mut writer: Writer, statement: &Statement) -> Result<Writer> {
    let w = &mut writer;
    let mut sent = converted::outermost(statement);
    if sent.leaves_out() {
        sent.to_mut().remove_left_out();
    }
    self::statement(s, w, &sent)?;
    // Identifiers were checked; what is left is text of the user's own. C libraries would stop reading there.
    if w.sql().contains('\0') {
        return Err(invalid("the SQL text has a NUL character"));
    }
    let max = s.features().max_binds;
    if w.binds().len() > max {
        return Err(invalid(format!(
            "it has {} binds, and {} takes at most {max}",
            w.binds().len(),
            s.name()
        )));
    }
    Ok(writer)
}

/// A statement of any kind.
///
/// # Errors
/// As [`compile`].
pub fn statement<S: Syntax + ?Sized>(s: &S, w: &mut Writer, statement: &Statement) -> Result {
    match statement {
        Statement::Select(q) => s.select(w, q),
        Statement::Compound(c) => s.compound(w, c),
        Statement::Insert(i) => s.insert(w, i),
        Statement::Update(u) => s.update(w, u),
        Statement::UpdateRows(u) => update_rows::checked_update_rows(s, w, u),
        Statement::Delete(d) => s.delete(w, d),
        Statement::Merge(m) => s.merge(w, m),
        Statement::Text(t) => text(s, w, t),
        Statement::Ddl(d) => ddl(s, w, d),
    }
}

fn ddl<S: Syntax + ?Sized>(s: &S, w: &mut Writer, ddl: &Ddl) -> Result {
    match ddl {
        Ddl::CreateTable(c) => s.create_table(w, c),
        Ddl::DropTable(d) => s.drop_table(w, d),
        Ddl::AlterTable(a) => s.alter_table(w, a),
        Ddl::CreateIndex(c) => s.create_index(w, c),
        Ddl::DropIndex(d) => s.drop_index(w, d),
        Ddl::CreateEnum(c) => s.create_enum(w, c),
        Ddl::DropEnum(d) => s.drop_enum(w, d),
        Ddl::CreateSequence(c) => s.create_sequence(w, c),
        Ddl::DropSequence(d) => s.drop_sequence(w, d),
        Ddl::CreateSchema(c) => s.create_schema(w, c),
        Ddl::DropSchema(d) => s.drop_schema(w, d),
        Ddl::CreateView(c) => s.create_view(w, c),
        Ddl::DropView(d) => s.drop_view(w, d),
        Ddl::CreateTableAs(c) => s.create_table_as(w, c),
        Ddl::SetComment(c) => s.set_comment(w, c),
        Ddl::Text(sql) => s.raw(w, sql),
    }
}

/// The error for what the dialect's database has not.
pub fn unsupported<S: Syntax + ?Sized>(
    s: &S,
    feature: &'static str,
    hint: Option<&'static str>,
) -> CompileError {
    CompileError::Unsupported { dialect: s.name(), feature, hint }
}

/// The error for a tree that makes no sense in any database.
pub fn invalid(reason: impl Into<String>) -> CompileError {
    CompileError::Invalid(reason.into())
}
