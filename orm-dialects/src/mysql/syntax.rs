use orm_query::schema::{
    CheckDef, ColumnDef, DialectOption, ForeignKeyDef, IndexColumn, IndexDef, SequenceDef, StandardType,
    TableDef,
};
use orm_query::tree::{
    AlterTable, Between, Binary, Cast, CreateIndex, CreateTable, Delete, DropIndex, DropSchema, DropTable,
    Excluded, Expr, Extract, From, FullText, Function, Grouping, InQuery, Insert, JoinKind, JsonPart, Like,
    Limit, Lock, LockStrength, LockWait, NullsOrder, OnConflict, OrderBy, Quantified, Query, Regexp,
    RegexpReplace, Select, SetComment, Update, UpdateRows, Values,
};
use orm_query::{Bind, DataType, Dialect, EnumType, Features, Value};

use super::scan::scan;
use super::{MySql, ddl, types};
use crate::syntax::{
    self, Level, OptionKind, OptionPlace, Place, Result, Syntax, ViewSupport, Writer, expr, infix, invalid,
    loose, operand, unsupported,
};

mod cast;
mod change;
mod derived;
mod extract;
mod function;
mod hints;
mod inline;
mod json;
mod on_conflict;
mod reads;
mod reserved;
mod text_search;
mod update_rows;

pub(super) use function::clock;

/// More rows than there are, 2^62; some servers add the offset to it, and must have room for the sum.
const ALL_ROWS: &str = " LIMIT 4611686018427387904";

impl Syntax for MySql {
    fn name(&self) -> &'static str {
        Dialect::name(self)
    }

    fn features(&self) -> &Features {
        Dialect::features(self)
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::WORDS.contain(word)
    }

    fn fits(&self, bind: &Bind, place: Place) -> Result {
        types::fits(self, bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        types::declared(self, w, data_type)
    }

    fn identifier(&self, w: &mut Writer, name: &str) -> Result {
        syntax::identifier_in(self, w, name, "`")
    }

    /// A text is no document to MySQL until it is told.
    fn placeholder(&self, w: &mut Writer) {
        let is_json = types::is_json(w.binds().last().map(|bind| &bind.data_type));
        w.push(if is_json && !self.is_mariadb() { "CAST(? AS JSON)" } else { "?" });
    }

    /// What is stored in a column of JSON is read as a document there.
    fn stored(&self, w: &mut Writer, value: &Expr) -> Result {
        match value {
            Expr::Bind(bind) if types::is_json(Some(&bind.data_type)) => {
                self.fits(bind, Place::Stored)?;
                w.push_bind(bind.clone());
                w.push("?");
                Ok(())
            }
            value => syntax::stored(self, w, value),
        }
    }

    fn distinct_from(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result {
        if negated {
            return self.comparison(w, binary, "<=>");
        }
        w.push("(NOT ");
        self.comparison(w, binary, "<=>")?;
        w.push(")");
        Ok(())
    }

    /// A span of time is text, which is equal to another one or not, but neither longer nor shorter.
    fn comparison(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        if !matches!(operator, "=" | "!=" | "<=>") {
            self.has_order([&binary.left, &binary.right])?;
        }
        syntax::comparison(self, w, binary, operator)
    }

    fn takes_columns_as_conditions(&self) -> bool {
        false
    }

    fn regexp(&self, w: &mut Writer, e: &Regexp) -> Result {
        text_search::regexp(self, w, e)
    }

    fn regexp_replace(&self, w: &mut Writer, e: &RegexpReplace) -> Result {
        text_search::regexp_replace(self, w, e)
    }

    fn full_text(&self, w: &mut Writer, e: &FullText) -> Result {
        text_search::full_text(self, w, e)
    }

    fn arithmetic(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        self.has_arithmetic(binary)?;
        infix(self, w, binary, operator)
    }

    /// `||` is OR to a session that says nothing else.
    fn concat(&self, w: &mut Writer, binary: &Binary) -> Result {
        text_search::concat(self, w, binary)
    }

    fn like_pattern(&self, w: &mut Writer, e: &Like) -> Result {
        text_search::like_pattern(self, w, e)
    }

    /// The quotient of integers would be rounded to four digits before it is rounded down.
    fn floor_divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        // A decimal by itself.
        let is_integer = types::is_integer(&binary.left) && types::is_integer(&binary.right);
        w.push(if is_integer { "CAST(FLOOR(" } else { "FLOOR(" });
        if binary.left.data_type().is_some_and(|t| t.is_integer() || matches!(t, DataType::Numeric { .. })) {
            w.push("CAST(");
            expr(self, w, &binary.left)?;
            w.push(" AS DECIMAL(65, 30))");
        } else {
            operand(self, w, &binary.left, Level::Product)?;
        }
        w.push(" / ");
        operand(self, w, &binary.right, Level::Unary)?;
        w.push(if is_integer { ") AS SIGNED)" } else { ")" });
        Ok(())
    }

    /// What it computes from bits has no sign.
    fn bitwise(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        w.push("CAST(");
        loose(self, w, binary, operator)?;
        w.push(" AS SIGNED)");
        Ok(())
    }

    fn bit_not(&self, w: &mut Writer, e: &Expr) -> Result {
        w.push("CAST(");
        syntax::bit_not(self, w, e)?;
        w.push(" AS SIGNED)");
        Ok(())
    }

    fn json(&self, w: &mut Writer, e: &JsonPart) -> Result {
        json::json(self, w, e)
    }

    /// Between integers it would keep four digits of the fraction only.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        if !(types::is_integer(&binary.left) && types::is_integer(&binary.right)) {
            return infix(self, w, binary, "/");
        }
        operand(self, w, &binary.left, Level::Product)?;
        w.push(" / (");
        operand(self, w, &binary.right, Level::Sum)?;
        w.push(" + 0e0)");
        Ok(())
    }

    fn between(&self, w: &mut Writer, e: &Between) -> Result {
        self.has_order([&e.operand])?;
        syntax::between(self, w, e)
    }

    fn in_query(&self, w: &mut Writer, e: &InQuery) -> Result {
        match derived::limited(self, &e.query)? {
            Some(query) => syntax::in_query(self, w, &InQuery { query, ..e.clone() }),
            None => syntax::in_query(self, w, e),
        }
    }

    /// MariaDB takes a backslash as the escape where none is named, whatever the session says. No text has a NUL.
    fn like(&self, w: &mut Writer, e: &Like) -> Result {
        syntax::like(self, w, e)?;
        let is_plain =
            matches!(&e.pattern, Expr::Bind(Bind { value: Value::Text(v), .. }) if !v.contains('\\'));
        if self.is_mariadb() && e.escape.is_none() && !is_plain {
            w.push(" ESCAPE x'00'");
        }
        Ok(())
    }

    fn quantified(&self, w: &mut Writer, e: &Quantified) -> Result {
        match derived::limited(self, &e.query)? {
            Some(query) => syntax::quantified(self, w, &Quantified { query, ..e.clone() }),
            None => syntax::quantified(self, w, e),
        }
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

    /// MariaDB takes no parameter there.
    fn frame_offset(&self, w: &mut Writer, offset: &Expr) -> Result {
        match offset {
            Expr::Bind(bind) if self.is_mariadb() => syntax::inlined(self, w, bind),
            offset => syntax::frame_offset(self, w, offset),
        }
    }

    fn group_by(&self, w: &mut Writer, list: &[Expr]) -> Result {
        function::group_by(self, w, list)
    }

    fn grouping(&self, _: &mut Writer, _: &Grouping) -> Result {
        let hint = "it has ROLLUP of all columns together";
        Err(unsupported(self, "such sets of columns in GROUP BY", Some(hint)))
    }

    fn function(&self, w: &mut Writer, f: &Function) -> Result {
        function::function(self, w, f)
    }

    fn argument(&self, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
        function::argument(self, w, f, argument)
    }

    /// MariaDB loses the binds of its `VALUES` (it gives NULLs), and MySQL's is `VALUES ROW(…)`: this both know.
    fn values(&self, w: &mut Writer, v: &Values) -> Result {
        syntax::values_as_union(self, w, v)
    }

    fn join_kind(&self, w: &mut Writer, kind: JoinKind) -> Result {
        if kind == JoinKind::Full {
            return Err(unsupported(self, "FULL JOIN", Some("use two outer joins")));
        }
        syntax::join_kind(w, kind)
    }

    /// NULL is less than everything. Where it is to stand at the other end, whether the key is NULL comes first.
    fn order_by(&self, w: &mut Writer, order: &OrderBy) -> Result {
        let other_end = match order.nulls {
            Some(NullsOrder::First) => order.descending,
            Some(NullsOrder::Last) => !order.descending,
            None => false,
        };
        self.has_order([&order.expr])?;
        if other_end && !matches!(order.expr, Expr::Ordered(_)) {
            operand(self, w, &order.expr, Level::Concat)?;
            w.push(if order.nulls == Some(NullsOrder::First) { " IS NOT NULL, " } else { " IS NULL, " });
        }
        syntax::order_by(self, w, order)
    }

    fn nulls(&self, _: &mut Writer, _: &OrderBy, _: NullsOrder) -> Result {
        Ok(())
    }

    /// OFFSET stands only behind LIMIT.
    fn limit(&self, w: &mut Writer, l: &Limit) -> Result {
        if l.count.is_none() && l.offset.is_some() {
            w.push(ALL_ROWS);
        }
        self.is_number(l)?;
        syntax::limit(self, w, l)
    }

    fn from_clause(&self, w: &mut Writer, q: &Select) -> Result {
        hints::from_clause(self, w, q)
    }

    fn from_item(&self, w: &mut Writer, from: &From) -> Result {
        hints::from_item(self, w, from)
    }

    fn fetch(&self, w: &mut Writer, l: &Limit) -> Result {
        if !self.is_mariadb() || !self.is_at_least((10, 6, 0)) {
            return Err(unsupported(self, "FETCH FIRST", Some("use `limit`")));
        }
        self.is_number(l)?;
        syntax::fetch(self, w, l)
    }

    fn lock(&self, w: &mut Writer, l: &Lock) -> Result {
        if matches!(l.strength, LockStrength::NoKeyUpdate | LockStrength::KeyShare) {
            return Err(key_locks(self));
        }
        let is_plain_share = l.strength == LockStrength::Share && l.of.is_empty() && l.wait == LockWait::Wait;
        // `FOR SHARE` is not known to all who speak MySQL.
        if !self.is_mariadb() && self.is_at_least((8, 0, 1)) && !is_plain_share {
            return syntax::lock(self, w, l);
        }
        if !l.of.is_empty() {
            return Err(unsupported(self, "FOR UPDATE OF", Some("it locks the rows of all tables")));
        }
        w.push(match l.strength {
            LockStrength::Update => " FOR UPDATE",
            LockStrength::Share => " LOCK IN SHARE MODE",
            LockStrength::NoKeyUpdate | LockStrength::KeyShare => return Err(key_locks(self)),
        });
        match l.wait {
            LockWait::Wait => {}
            LockWait::NoWait if self.is_mariadb() => w.push(" NOWAIT"),
            LockWait::SkipLocked if self.is_mariadb() && self.is_at_least((10, 6, 0)) => {
                w.push(" SKIP LOCKED")
            }
            LockWait::NoWait => return Err(unsupported(self, "NOWAIT", None)),
            LockWait::SkipLocked => return Err(unsupported(self, "SKIP LOCKED", None)),
        }
        Ok(())
    }

    fn insert(&self, w: &mut Writer, i: &Insert) -> Result {
        if !i.returning.is_empty() && !self.features.insert_returning {
            return Err(unsupported(self, "INSERT … RETURNING", Some("select the rows by their keys")));
        }
        on_conflict::insert(self, w, i)
    }

    fn insert_words(&self, w: &mut Writer, i: &Insert) -> Result {
        on_conflict::insert_words(self, w, i)
    }

    fn default_values(&self, w: &mut Writer, rows: usize) -> Result {
        w.push(" () VALUES ");
        w.list(0..rows, ", ", |w, _| {
            w.push("()");
            Ok(())
        })
    }

    fn insert_query(&self, w: &mut Writer, i: &Insert, query: &Query) -> Result {
        on_conflict::insert_query(self, w, i, query)
    }

    fn on_conflict(&self, w: &mut Writer, i: &Insert, c: &OnConflict) -> Result {
        on_conflict::on_conflict(self, w, i, c)
    }

    fn excluded(&self, w: &mut Writer, e: &Excluded) -> Result {
        on_conflict::excluded(self, w, e)
    }

    fn update(&self, w: &mut Writer, u: &Update) -> Result {
        change::update(self, w, u)
    }

    fn update_rows(&self, w: &mut Writer, u: &UpdateRows) -> Result {
        update_rows::update_rows(self, w, u)
    }

    fn delete_tables(&self, w: &mut Writer, d: &Delete) -> Result {
        change::delete_tables(self, w, d)
    }

    fn delete(&self, w: &mut Writer, d: &Delete) -> Result {
        change::delete(self, w, d)
    }

    /// A placeholder of the user's own would shift all others.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result {
        let found = scan(sql);
        if found.placeholders > 0 {
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
        ddl::create_table(self, w, c)
    }

    fn column_def(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
        ddl::column_def(self, w, table, column)
    }

    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::server_default(self, w, column, sql)
    }

    fn column_comment(&self, w: &mut Writer, comment: &str) -> Result {
        w.push(" COMMENT ");
        self.literal(w, comment)
    }

    fn table_options(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::table_options(self, w, table)
    }

    fn drop_table(&self, w: &mut Writer, d: &DropTable) -> Result {
        ddl::drop_table(self, w, d)
    }

    /// What is MySQL's is MariaDB's too; what is MariaDB's is its own.
    fn is_called(&self, dialect: &str) -> bool {
        dialect == "mysql" || dialect == Dialect::name(self)
    }

    fn known_options(&self, place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
        ddl::known_options(place)
    }

    fn constraint_options(&self, w: &mut Writer, place: OptionPlace, options: &[DialectOption]) -> Result {
        ddl::constraint_options(self, w, place, options)
    }

    fn standard_type(&self, w: &mut Writer, standard: &StandardType) -> Result {
        ddl::standard_type(self, w, standard)
    }

    fn next_value(&self, w: &mut Writer, sequence: &SequenceDef) -> Result {
        ddl::next_value(self, w, sequence)
    }

    fn index_options(&self, w: &mut Writer, index: &IndexDef) -> Result {
        ddl::index_options(self, w, index)
    }

    fn view_support(&self) -> ViewSupport {
        ddl::view_support(self)
    }

    fn with_no_data(&self, _: &mut Writer) -> Result {
        Err(unsupported(self, "CREATE TABLE AS WITH NO DATA", Some("filter by a condition that is false")))
    }

    fn index_expression(&self, w: &mut Writer, sql: &str) -> Result {
        ddl::index_expression(self, w, sql)
    }

    /// The type of a native enum takes its values only.
    fn enum_check(&self, w: &mut Writer, column: &ColumnDef, e: &EnumType) -> Result {
        if e.native {
            return Ok(());
        }
        ddl::needs_checks(self)?;
        syntax::enum_check(self, w, column, e)
    }

    fn foreign_key(&self, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
        ddl::foreign_key(self, w, table, key)
    }

    fn check(&self, w: &mut Writer, check: &CheckDef) -> Result {
        ddl::check(self, w, check)
    }

    fn alter_table(&self, w: &mut Writer, a: &AlterTable) -> Result {
        ddl::alter_table(self, w, a)
    }

    fn index_column(&self, w: &mut Writer, column: &IndexColumn) -> Result {
        ddl::index_column(self, w, column)
    }

    fn create_index(&self, w: &mut Writer, c: &CreateIndex) -> Result {
        ddl::create_index(self, w, c)
    }

    fn drop_index(&self, w: &mut Writer, d: &DropIndex) -> Result {
        ddl::drop_index(self, w, d)
    }

    fn drop_schema(&self, w: &mut Writer, d: &DropSchema) -> Result {
        ddl::drop_schema(self, w, d)
    }

    fn set_comment(&self, w: &mut Writer, c: &SetComment) -> Result {
        ddl::set_comment(self, w, c)
    }
}

fn key_locks(s: &MySql) -> orm_query::CompileError {
    unsupported(s, "FOR NO KEY UPDATE and FOR KEY SHARE", Some("use FOR UPDATE or FOR SHARE"))
}

impl MySql {
    /// # Errors
    /// Where a number of rows is neither given nor bound.
    fn is_number(&self, l: &Limit) -> Result {
        if l.count.iter().chain(&l.offset).all(|e| matches!(e, Expr::Bind(_) | Expr::Param(_))) {
            return Ok(());
        }
        Err(unsupported(self, "expressions in LIMIT", Some("compute the number first")))
    }

    /// # Errors
    /// Where values of such a type have no order: an interval's text has not that of its length.
    fn has_order<'e>(&self, list: impl IntoIterator<Item = &'e Expr>) -> Result {
        if list.into_iter().any(|e| e.data_type() == Some(DataType::Interval)) {
            return Err(unsupported(self, "order of intervals", Some("keep a number of seconds or days")));
        }
        Ok(())
    }

    /// # Errors
    /// With dates and intervals, of which MySQL would make numbers of their digits.
    fn has_arithmetic(&self, binary: &Binary) -> Result {
        use DataType::{Date, Interval, Time, Timestamp, TimestampTz};
        let is_time =
            |e: &Expr| matches!(e.data_type(), Some(Date | Time | Timestamp | TimestampTz | Interval));
        if is_time(&binary.left) || is_time(&binary.right) {
            let hint = "compute in Rust, or by `func(\"timestampadd\", …)` and its like";
            return Err(unsupported(self, "arithmetic with dates and intervals", Some(hint)));
        }
        Ok(())
    }
}
