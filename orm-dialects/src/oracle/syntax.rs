use orm_query::schema::{ColumnDef, Counter, ForeignKeyDef, SequenceDef, StandardType, TableDef};
use orm_query::tree::{
    AlterTable, Between, Binary, Cast, CreateIndex, CreateSequence, CreateTable, Cte, Delete, DropIndex,
    DropSequence, DropTable, Expr, Extract, From, FullText, Function, InList, InQuery, Insert, Limit, Lock,
    LockWait, Merge, MergeBranch, OnConflict, Regexp, RegexpReplace, Rows, Sample, Select, SelectItem,
    SetComment, SetOperation, SetOperator, TableFunction, Update, UpdateRows, Values, With,
};
use orm_query::{Bind, CompileError, DataType, Dialect, Features};

use super::scan::scan;
use super::{Oracle, Release, ddl, types};
use crate::syntax::{
    self, OptionKind, OptionPlace, Place, Result, Syntax, Writer, expr, invalid, unsupported,
};

mod cast;
mod compare;
mod extract;
mod function;
mod inline;
mod key;
mod merge;
mod reserved;
mod rows;
mod select;

/// The longest name, in bytes.
const MAX_NAME: usize = 128;

impl Syntax for Oracle {
    fn name(&self) -> &'static str {
        Dialect::name(self)
    }

    fn features(&self) -> &Features {
        Dialect::features(self)
    }

    fn is_reserved(&self, word: &str) -> bool {
        // A name without quotes starts with a letter.
        word.starts_with('_') || reserved::WORDS.contain(word)
    }

    fn has_booleans(&self) -> bool {
        false
    }

    fn fits(&self, bind: &Bind, place: Place) -> Result {
        if !types::is_there(&bind.data_type) {
            return types::declared(self, &mut Writer::default(), &bind.data_type);
        }
        types::fits(bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        types::declared(self, w, data_type)
    }

    /// Not even a quoted name has a double quote in Oracle.
    fn identifier(&self, w: &mut Writer, name: &str) -> Result {
        let reason = if name.len() > MAX_NAME {
            "it has more than 128 bytes, and Oracle takes no more"
        } else if name.contains('"') {
            "it has a double quote, which Oracle has in no name"
        } else {
            return syntax::identifier(self, w, name);
        };
        Err(CompileError::Identifier { name: name.to_owned(), reason })
    }

    fn placeholder(&self, w: &mut Writer) {
        w.push(&format!(":{}", w.binds().len()));
    }

    /// No AS stands there.
    fn alias(&self, w: &mut Writer, alias: &str) -> Result {
        w.push(" ");
        self.identifier(w, alias)
    }

    fn key(&self, w: &mut Writer, key: &Expr) -> Result {
        compare::refuse_lobs(self, w, [key])?;
        key::key(self, w, key)
    }

    fn comparison(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        compare::comparison(self, w, binary, operator)
    }

    /// DECODE takes two NULLs as equal.
    fn distinct_from(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result {
        compare::refuse_lobs(self, w, [&binary.left, &binary.right])?;
        w.push("DECODE(");
        expr(self, w, &binary.left)?;
        w.push(", ");
        expr(self, w, &binary.right)?;
        w.push(if negated { ", 0, 1) = 0" } else { ", 0, 1) = 1" });
        Ok(())
    }

    fn regexp(&self, w: &mut Writer, e: &Regexp) -> Result {
        w.push(if e.negated { "(NOT REGEXP_LIKE(" } else { "REGEXP_LIKE(" });
        w.list([&e.operand, &e.pattern], ", ", |w, e| expr(self, w, e))?;
        if let Some(flags) = &e.flags {
            w.push(", ");
            self.literal(w, flags)?;
        }
        w.push(if e.negated { "))" } else { ")" });
        Ok(())
    }

    /// Where it begins, and which of the places it replaces, stand before the flags.
    fn regexp_replace(&self, w: &mut Writer, e: &RegexpReplace) -> Result {
        w.push("REGEXP_REPLACE(");
        w.list([&e.operand, &e.pattern, &e.replacement], ", ", |w, e| expr(self, w, e))?;
        if let Some(flags) = &e.flags {
            w.push(", 1, 0, ");
            self.literal(w, flags)?;
        }
        w.push(")");
        Ok(())
    }

    /// Of Oracle Text: a score, which is 0 where nothing was found.
    fn full_text(&self, w: &mut Writer, e: &FullText) -> Result {
        if e.config.is_some() {
            return Err(unsupported(self, "configuration of a full-text search", None));
        }
        w.push("CONTAINS(");
        w.list([&e.operand, &e.query], ", ", |w, e| expr(self, w, e))?;
        w.push(") > 0");
        Ok(())
    }

    fn bitwise(&self, w: &mut Writer, binary: &Binary, _: &str) -> Result {
        compare::bitwise(self, w, binary)
    }

    fn bit_not(&self, _: &mut Writer, _: &Expr) -> Result {
        Err(unsupported(self, "NOT of bits", Some("subtract from -1")))
    }

    /// Numbers keep their fraction here.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        syntax::infix(self, w, binary, "/")
    }

    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result {
        w.push("MOD(");
        expr(self, w, &binary.left)?;
        w.push(", ");
        expr(self, w, &binary.right)?;
        w.push(")");
        Ok(())
    }

    fn between(&self, w: &mut Writer, e: &Between) -> Result {
        compare::refuse_lobs(self, w, [&e.operand, &e.low, &e.high])?;
        syntax::between(self, w, e)
    }

    fn in_list(&self, w: &mut Writer, e: &InList) -> Result {
        compare::in_list(self, w, e)
    }

    fn in_query(&self, w: &mut Writer, e: &InQuery) -> Result {
        compare::refuse_lobs(self, w, [&e.operand])?;
        syntax::in_query(self, w, e)
    }

    fn cast(&self, w: &mut Writer, e: &Cast) -> Result {
        cast::cast(self, w, e)
    }

    fn inline(&self, w: &mut Writer, bind: &Bind) -> Result {
        inline::inline(self, w, bind)
    }

    fn extract(&self, w: &mut Writer, e: &Extract) -> Result {
        extract::extract(self, w, e)
    }

    fn function(&self, w: &mut Writer, f: &Function) -> Result {
        function::function(self, w, f)
    }

    fn select(&self, w: &mut Writer, q: &Select) -> Result {
        select::select(self, w, q)
    }

    fn select_words(&self, w: &mut Writer, q: &Select) -> Result {
        select::hints(self, w, q)
    }

    fn from_clause(&self, w: &mut Writer, q: &Select) -> Result {
        if q.from.is_empty() && q.joins.is_empty() {
            w.push(FROM_DUAL);
            return Ok(());
        }
        syntax::from_clause(self, w, q)
    }

    fn from_item(&self, w: &mut Writer, from: &From) -> Result {
        select::from_item(self, w, from)
    }

    fn table_function(&self, w: &mut Writer, f: &TableFunction) -> Result {
        select::table_function(self, w, f)
    }

    fn sample(&self, w: &mut Writer, sample: &Sample) -> Result {
        select::sample(self, w, sample)
    }

    fn set_operator(&self, w: &mut Writer, operator: SetOperator) -> Result {
        if operator.kind == SetOperation::Except && (!operator.all || Dialect::features(self).except_all) {
            w.push(if operator.all { " MINUS ALL " } else { " MINUS " });
            return Ok(());
        }
        syntax::set_operator(self, w, operator)
    }

    fn values(&self, w: &mut Writer, v: &Values) -> Result {
        select::values(self, w, v)
    }

    /// There is no word RECURSIVE.
    fn with(&self, w: &mut Writer, with: &With) -> Result {
        w.push("WITH ");
        w.list(&with.ctes, ", ", |w, cte| self.cte(w, cte))
    }

    fn cte(&self, w: &mut Writer, cte: &Cte) -> Result {
        select::cte(self, w, cte)
    }

    fn limit(&self, w: &mut Writer, l: &Limit) -> Result {
        self.fetch(w, l)
    }

    fn fetch(&self, w: &mut Writer, l: &Limit) -> Result {
        select::fetch(self, w, l)
    }

    /// There is one strength, which is enough for all that is asked.
    fn lock(&self, w: &mut Writer, l: &Lock) -> Result {
        w.push(" FOR UPDATE");
        if !l.of.is_empty() {
            w.push(" OF ");
            w.list(&l.of, ", ", |w, column| syntax::source(self, w, column))?;
        }
        w.push(match l.wait {
            LockWait::Wait => "",
            LockWait::NoWait => " NOWAIT",
            LockWait::SkipLocked => " SKIP LOCKED",
        });
        Ok(())
    }

    fn insert(&self, w: &mut Writer, i: &Insert) -> Result {
        rows::insert(self, w, i)
    }

    fn default_values(&self, _: &mut Writer, _: usize) -> Result {
        let hint = "name a column, and give it the text DEFAULT";
        Err(unsupported(self, "INSERT without columns", Some(hint)))
    }

    fn insert_rows(&self, w: &mut Writer, i: &Insert, rows: &Rows) -> Result {
        rows::insert_rows(self, w, i, rows)
    }

    fn on_conflict(&self, _: &mut Writer, _: &Insert, _: &OnConflict) -> Result {
        Err(unsupported(self, "ON CONFLICT", Some("use MERGE")))
    }

    fn update(&self, w: &mut Writer, u: &Update) -> Result {
        if !u.with.is_empty() {
            return Err(unsupported(self, "WITH before UPDATE", Some("put the query into a subquery")));
        }
        if !u.from.is_empty() && !self.is_at_least(Release::R23) {
            let hint = "use MERGE, or subqueries";
            return Err(unsupported(self, "UPDATE that reads other tables", Some(hint)));
        }
        syntax::update(self, w, u)
    }

    fn update_rows(&self, w: &mut Writer, u: &UpdateRows) -> Result {
        rows::update_rows(self, w, u)
    }

    fn merge(&self, w: &mut Writer, m: &Merge) -> Result {
        merge::merge(self, w, m)
    }

    fn merge_branch(&self, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result {
        merge::branch(self, w, m, b)
    }

    fn delete(&self, w: &mut Writer, d: &Delete) -> Result {
        if !d.with.is_empty() {
            return Err(unsupported(self, "WITH before DELETE", Some("put the query into a subquery")));
        }
        if !d.using.is_empty() {
            return Err(unsupported(self, "DELETE that reads other tables", Some("use EXISTS")));
        }
        syntax::delete(self, w, d)
    }

    fn returning(&self, w: &mut Writer, items: &[SelectItem]) -> Result {
        rows::returning(self, w, items)
    }

    /// A placeholder of the user's own would take the value of another. DDL has no binds, and may hold a trigger.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result {
        let found = scan(sql);
        let start = if w.sql().is_empty() { sql } else { w.sql() };
        let word = start.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let is_ddl = word.eq_ignore_ascii_case("create") && w.binds().is_empty();
        if found.placeholders > 0 && !is_ddl {
            return Err(invalid(format!(
                "the SQL text `{sql}` has a placeholder of its own; write `:name` in a text and bind it"
            )));
        }
        w.push(sql);
        if found.open_comment {
            w.push("\n");
        }
        Ok(())
    }

    fn create_table(&self, w: &mut Writer, c: &CreateTable) -> Result {
        ddl::if_exists(self, c.if_not_exists, "CREATE TABLE IF NOT EXISTS")?;
        syntax::create_table(self, w, c)
    }

    fn create_table_words(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::create_table_words(self, w, table)
    }

    fn table_options(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::table_options(self, w, table)
    }

    fn known_options(&self, place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
        ddl::known_options(place)
    }

    fn standard_type(&self, w: &mut Writer, standard: &StandardType) -> Result {
        ddl::standard_type(self, w, standard)
    }

    fn nullability(&self, w: &mut Writer, _: &TableDef, column: &ColumnDef) -> Result {
        ddl::nullability(w, column);
        Ok(())
    }

    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::server_default(self, w, column, sql)
    }

    fn counter(&self, w: &mut Writer, counter: &Counter) -> Result {
        ddl::counter(w, counter)
    }

    fn has_identity_on_null(&self) -> bool {
        true
    }

    fn next_value(&self, w: &mut Writer, sequence: &SequenceDef) -> Result {
        ddl::next_value(self, w, sequence)
    }

    fn computed(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::computed(self, w, column, sql)
    }

    fn foreign_key(&self, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
        ddl::foreign_key(self, w, table, key)
    }

    fn alter_table(&self, w: &mut Writer, a: &AlterTable) -> Result {
        ddl::alter_table(self, w, a)
    }

    fn create_index(&self, w: &mut Writer, c: &CreateIndex) -> Result {
        ddl::create_index(self, w, c)
    }

    fn drop_index(&self, w: &mut Writer, d: &DropIndex) -> Result {
        ddl::if_exists(self, d.if_exists, "DROP INDEX IF EXISTS")?;
        syntax::drop_index(self, w, d)
    }

    fn drop_table(&self, w: &mut Writer, d: &DropTable) -> Result {
        ddl::drop_table(self, w, d)
    }

    fn create_sequence(&self, w: &mut Writer, c: &CreateSequence) -> Result {
        ddl::if_exists(self, c.if_not_exists, "CREATE SEQUENCE IF NOT EXISTS")?;
        syntax::create_sequence(self, w, c)
    }

    fn drop_sequence(&self, w: &mut Writer, d: &DropSequence) -> Result {
        ddl::if_exists(self, d.if_exists, "DROP SEQUENCE IF EXISTS")?;
        syntax::drop_sequence(self, w, d)
    }

    fn set_comment(&self, w: &mut Writer, c: &SetComment) -> Result {
        ddl::set_comment(self, w, c)
    }
}

/// What a SELECT of nothing reads.
const FROM_DUAL: &str = " FROM DUAL";
