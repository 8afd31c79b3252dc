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
//! | `expr` | expressions without a file of their own |
//! | `operator` | operators with two operands |
//! | `predicate` | `BETWEEN`, `IN`, `LIKE`, `EXISTS`, `ANY` |
//! | `function` | calls and windows |
//! | `select`, `insert`, `on_conflict`, `update`, `update_rows`, `delete`, `text` | the statements |
//! | `table`, `column`, `table_change`, `index`, `enum_type`, `sequence`, `schema`, `comment` | DDL |

use orm_query::schema::{CheckDef, ColumnDef, Counter, ForeignKeyDef, IndexColumn, TableDef, UniqueDef};
use orm_query::tree::{
    AlterTable, Between, Binary, Case, Cast, Collate, ColumnRef, CreateEnum, CreateIndex, CreateSchema,
    CreateSequence, CreateTable, Ddl, Delete, DropEnum, DropIndex, DropSchema, DropSequence, DropTable,
    Excluded, Expr, Function, InList, InQuery, Insert, JoinKind, Like, Lock, NullsOrder, OnConflict, OrderBy,
    Quantified, Rows, Select, SelectItem, SetComment, Statement, TableRef, Update, UpdateRows,
};
use orm_query::{Bind, CompileError, Compiled, DataType, EnumType, Features};

mod bind;
mod column;
mod comment;
mod delete;
mod enum_type;
mod expr;
mod function;
mod identifier;
mod index;
mod insert;
mod on_conflict;
mod operator;
mod precedence;
mod predicate;
mod schema;
mod select;
mod sequence;
mod table;
mod table_change;
mod text;
mod update;
mod update_rows;
mod words;
mod writer;

pub use bind::{Place, bind, bound, literal, placeholder, stored};
pub use column::{column_def, column_type, computed, enum_check, server_default};
pub use comment::set_comment;
pub use delete::delete;
pub use enum_type::{create_enum, drop_enum};
pub use expr::{case, cast, collate, expr};
pub use function::{argument, call, function, window};
pub use identifier::{alias, column, identifier, identifier_in, is_plain, qualified, source, table_ref};
pub use index::{create_index, create_index_in_schema, drop_index, index_column};
pub(crate) use insert::check_width;
pub use insert::{default_values, insert, insert_query, insert_rows};
pub use on_conflict::{assignments, excluded, on_conflict};
pub use operator::{
    Comparable, as_double, binary, compared, comparison, concat, distinct_from, divide, divide_fractions,
    infix, modulo, regexp,
};
pub use precedence::{Level, operand};
pub use predicate::{between, exists, in_list, in_query, like, quantified};
pub use schema::{create_schema, drop_schema};
pub use select::{join_kind, key, limit, lock, nulls, order_by, order_list, select, subquery};
pub use sequence::{counter, create_sequence, drop_sequence};
pub use table::{check, constraint_name, create_table, drop_table, foreign_key, primary_key, unique};
pub use table_change::alter_table;
pub use text::{raw, text};
pub use update::{returning, update};
pub use update_rows::{row_value, rows_source, update_rows};
pub use words::Words;
pub use writer::Writer;

/// What every part of the walk gives.
pub type Result<T = ()> = std::result::Result<T, CompileError>;

/// The places where databases differ; whatever a dialect does not say is standard SQL.
///
/// An override must write something that binds at least as tightly as [`Level::of`] says of the node, and must give
/// [`CompileError::Unsupported`] for what the database has not.
#[rustfmt::skip] // One line for each place reads as the table that it is.
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
    fn regexp(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result { regexp(self, w, binary, negated) }
    /// `a + b`, `a - b`, `a * b`
    fn arithmetic(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result { infix(self, w, binary, operator) }
    /// `a / b`, whose result keeps its fraction.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result { divide(self, w, binary) }
    /// `a % b`
    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result { modulo(self, w, binary) }
    /// `a || b`
    fn concat(&self, w: &mut Writer, binary: &Binary) -> Result { concat(self, w, binary) }
    /// `a BETWEEN b AND c`
    fn between(&self, w: &mut Writer, e: &Between) -> Result { between(self, w, e) }
    /// `a IN (b, c)`
    fn in_list(&self, w: &mut Writer, e: &InList) -> Result { in_list(self, w, e) }
    /// `a IN (SELECT …)`
    fn in_query(&self, w: &mut Writer, e: &InQuery) -> Result { in_query(self, w, e) }
    /// `a LIKE b`
    fn like(&self, w: &mut Writer, e: &Like) -> Result { like(self, w, e) }
    /// `ANY (SELECT …)`
    fn quantified(&self, w: &mut Writer, e: &Quantified) -> Result { quantified(self, w, e) }
    /// `CASE`
    fn case(&self, w: &mut Writer, e: &Case) -> Result { case(self, w, e) }
    /// `CAST`
    fn cast(&self, w: &mut Writer, e: &Cast) -> Result { cast(self, w, e) }
    /// `COLLATE`
    fn collate(&self, w: &mut Writer, e: &Collate) -> Result { collate(self, w, e) }
    /// A function under the name that it has in this database.
    fn function(&self, w: &mut Writer, f: &Function) -> Result { function(self, w, f) }
    /// An argument of a function.
    fn argument(&self, w: &mut Writer, f: &Function, argument: &Expr) -> Result { self::argument(self, w, f, argument) }

    /// `SELECT`
    fn select(&self, w: &mut Writer, q: &Select) -> Result { select(self, w, q) }
    /// The words of a join.
    fn join_kind(&self, w: &mut Writer, kind: JoinKind) -> Result { join_kind(w, kind) }
    /// One of ORDER BY: `expr [DESC] [NULLS …]`
    fn order_by(&self, w: &mut Writer, order: &OrderBy) -> Result { order_by(self, w, order) }
    /// `NULLS FIRST`, `NULLS LAST`
    fn nulls(&self, w: &mut Writer, order: &OrderBy, nulls: NullsOrder) -> Result { self::nulls(w, order, nulls) }
    /// `LIMIT … OFFSET …`
    fn limit(&self, w: &mut Writer, q: &Select) -> Result { limit(self, w, q) }
    /// `FOR UPDATE`
    fn lock(&self, w: &mut Writer, l: &Lock) -> Result { lock(self, w, l) }
    /// `INSERT`
    fn insert(&self, w: &mut Writer, i: &Insert) -> Result { insert(self, w, i) }
    /// An INSERT that gives no column.
    fn default_values(&self, w: &mut Writer, rows: usize) -> Result { default_values(self, w, rows) }
    /// The rows of plain values of an INSERT.
    fn insert_rows(&self, w: &mut Writer, i: &Insert, rows: &Rows) -> Result { insert_rows(self, w, i, rows) }
    /// The query of an INSERT.
    fn insert_query(&self, w: &mut Writer, i: &Insert, query: &Select) -> Result { insert_query(self, w, i, query) }
    /// `ON CONFLICT`
    fn on_conflict(&self, w: &mut Writer, i: &Insert, c: &OnConflict) -> Result { on_conflict(self, w, i, c) }
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
    fn counter(&self, w: &mut Writer, counter: &Counter) -> Result { self::counter(w, counter) }
    /// The comment inside a column's definition.
    fn column_comment(&self, w: &mut Writer, comment: &str) -> Result { _ = (w, comment); Ok(()) }
    /// What stands behind the last parenthesis of CREATE TABLE: a comment, an engine.
    fn table_options(&self, w: &mut Writer, table: &TableDef) -> Result { _ = (w, table); Ok(()) }
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
    let w = &mut Writer::default();
    match statement {
        Statement::Select(q) => s.select(w, q)?,
        Statement::Insert(i) => s.insert(w, i)?,
        Statement::Update(u) => s.update(w, u)?,
        Statement::UpdateRows(u) => update_rows::checked_update_rows(s, w, u)?,
        Statement::Delete(d) => s.delete(w, d)?,
        Statement::Text(t) => text(s, w, t)?,
        Statement::Ddl(d) => ddl(s, w, d)?,
    }
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
    Ok(std::mem::take(w).finish())
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
        Ddl::SetComment(c) => s.set_comment(w, c),
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
