use orm_query::schema::{ColumnDef, DialectOption, ForeignKeyDef, StandardType, TableDef, UniqueDef};
use orm_query::tree::{
    AlterTable, Between, Binary, BinaryOperator, Cast, ColumnRef, CreateIndex, DropTable, Expr, Extract,
    Function, Grouping, InList, Insert, InsertOr, JsonPart, Limit, Lock, Quantified, Query, Regexp,
    RegexpReplace, Select, SelectItem,
};
use orm_query::{Bind, DataType, Dialect, Features};

use super::scan::scan;
use super::{Sqlite, ddl, types};
use crate::syntax::{
    self, Comparable, Level, OptionKind, OptionPlace, Place, Result, Syntax, ViewSupport, Writer, as_double,
    expr, infix, invalid, loose, operand, unsupported,
};

mod cast;
mod extract;
mod floor;
mod function;
mod inline;
mod json;
mod reserved;

pub(super) use function::{clock, clock_word};

impl Syntax for Sqlite {
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
        types::fits(bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        w.push(&types::declared(data_type)?);
        Ok(())
    }

    /// A computed decimal is a double; a column with a scale gets it rounded, as elsewhere.
    fn stored(&self, w: &mut Writer, value: &Expr) -> Result {
        match (value, value.data_type()) {
            (Expr::Bind(_) | Expr::Column(_) | Expr::Excluded(_), _) => syntax::stored(self, w, value),
            (value, Some(DataType::Numeric { scale: Some(scale), .. })) => {
                w.push("round(");
                expr(self, w, value)?;
                w.push(&format!(", {scale})"));
                Ok(())
            }
            (value, _) => syntax::stored(self, w, value),
        }
    }

    /// Decimals are text. Beside a column its collation compares them as numbers; without one nothing would.
    fn comparable(&self, w: &Writer, leading: &[&Expr], sides: &[&Expr]) -> Comparable {
        if !sides.iter().any(|side| is_numeric(side)) {
            return Comparable::AsTheyAre;
        }
        let plain = |side: &Expr| w.is_table_column(side) || matches!(side, Expr::Bind(_));
        let collated = leading.iter().any(|side| w.is_table_column(side));
        if collated && sides.iter().all(|side| plain(side)) {
            Comparable::AsTheyAre
        } else {
            Comparable::AsNumbers
        }
    }

    /// What may be a decimal's text goes through a double; an integer's text has all its digits under the collation.
    fn number(&self, w: &mut Writer, e: &Expr, level: Level) -> Result {
        if !is_text(e) {
            return operand(self, w, e, level);
        }
        if e.data_type() != Some(DataType::UnsignedBigInt) {
            return as_double(self, w, e);
        }
        w.push("CAST(");
        expr(self, w, e)?;
        w.push(" AS TEXT) COLLATE decimal");
        Ok(())
    }

    fn key(&self, w: &mut Writer, key: &Expr) -> Result {
        self.has_order(key)?;
        if w.is_table_column(key) { expr(self, w, key) } else { self.number(w, key, Level::Open) }
    }

    fn comparison(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        if !matches!(operator, "=" | "!=" | "IS" | "IS NOT") {
            self.has_order(&binary.left)?;
            self.has_order(&binary.right)?;
        }
        syntax::comparison(self, w, binary, operator)
    }

    fn between(&self, w: &mut Writer, e: &Between) -> Result {
        self.has_order(&e.operand)?;
        syntax::between(self, w, e)
    }

    fn arithmetic(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        self.has_arithmetic(binary)?;
        infix(self, w, binary, operator)
    }

    fn distinct_from(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result {
        self.comparison(w, binary, if negated { "IS" } else { "IS NOT" })
    }

    fn takes_columns_as_conditions(&self) -> bool {
        false
    }

    /// They are integers.
    fn boolean(&self, w: &mut Writer, value: bool) {
        w.push(if value { "1" } else { "0" });
    }

    /// Flags stand at the beginning of a pattern.
    fn regexp(&self, w: &mut Writer, e: &Regexp) -> Result {
        operand(self, w, &e.operand, Level::Concat)?;
        w.push(if e.negated { " NOT REGEXP " } else { " REGEXP " });
        let Some(flags) = &e.flags else { return operand(self, w, &e.pattern, Level::Concat) };
        if flags.is_empty() || !flags.bytes().all(|b| b.is_ascii_alphabetic()) {
            let hint = "they are letters: `i`, `m`, `s`, `x`";
            return Err(unsupported(self, "such flags of a regular expression", Some(hint)));
        }
        w.push(&format!("'(?{flags})' || "));
        operand(self, w, &e.pattern, Level::Unary)
    }

    fn regexp_replace(&self, _: &mut Writer, _: &RegexpReplace) -> Result {
        Err(unsupported(self, "REGEXP_REPLACE", Some("use `replace()`, or replace in Rust")))
    }

    /// SQLite divides integers towards zero, and may have no `floor()`.
    fn floor_divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        self.has_arithmetic(binary)?;
        floor::divide(self, w, binary)
    }

    /// There is no operator for it.
    fn bitwise(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        self.has_arithmetic(binary)?;
        if operator != "^" {
            return loose(self, w, binary, operator);
        }
        w.push("((");
        loose(self, w, binary, "|")?;
        w.push(") - (");
        loose(self, w, binary, "&")?;
        w.push("))");
        Ok(())
    }

    fn json(&self, w: &mut Writer, e: &JsonPart) -> Result {
        json::json(self, w, e)
    }

    /// Decimals too are integers to SQLite where their text has no point.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        self.has_arithmetic(binary)?;
        let exact = |e: &Expr| is_numeric(e) || e.data_type().is_some_and(|t| t.is_integer());
        if exact(&binary.left) && exact(&binary.right) {
            syntax::divide_fractions(self, w, binary)
        } else {
            infix(self, w, binary, "/")
        }
    }

    /// SQLite's `%` cuts the fractions of its operands off first.
    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result {
        self.has_arithmetic(binary)?;
        if has_fraction(&binary.left) || has_fraction(&binary.right) {
            return Err(unsupported(self, "remainder of fractions", Some("cast both sides to integers")));
        }
        infix(self, w, binary, "%")
    }

    /// A list of tuples is a query to SQLite.
    fn in_list(&self, w: &mut Writer, e: &InList) -> Result {
        let (Expr::Tuple(_), false) = (&e.operand, e.list.is_empty()) else {
            return syntax::in_list(self, w, e);
        };
        expr(self, w, &e.operand)?;
        w.push(if e.negated { " NOT IN (VALUES " } else { " IN (VALUES " });
        w.list(&e.list, ", ", |w, item| expr(self, w, item))?;
        w.push(")");
        Ok(())
    }

    /// A query without rows.
    fn in_empty(&self, w: &mut Writer, e: &InList) -> Result {
        let width = if let Expr::Tuple(items) = &e.operand { items.len() } else { 1 };
        let columns = vec!["1"; width].join(", ");
        operand(self, w, &e.operand, Level::Concat)?;
        w.push(if e.negated { " NOT IN (SELECT " } else { " IN (SELECT " });
        w.push(&format!("{columns} FROM (SELECT {columns}) WHERE 1 != 1)"));
        Ok(())
    }

    fn quantified(&self, _: &mut Writer, _: &Quantified) -> Result {
        Err(unsupported(
            self,
            "ANY (SELECT …) and ALL (SELECT …)",
            Some("use IN, EXISTS, or min() and max()"),
        ))
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

    fn grouping(&self, _: &mut Writer, _: &Grouping) -> Result {
        Err(unsupported(
            self,
            "ROLLUP, CUBE and GROUPING SETS",
            Some("unite queries, each with its GROUP BY"),
        ))
    }

    fn function(&self, w: &mut Writer, f: &Function) -> Result {
        function::function(self, w, f)
    }

    fn argument(&self, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
        function::argument(self, w, f, argument)
    }

    fn insert_words(&self, w: &mut Writer, i: &Insert) -> Result {
        let words = match i.or {
            None => return syntax::insert_words(self, w, i),
            Some(InsertOr::Ignore) => "INSERT OR IGNORE ",
            Some(InsertOr::Replace) => "INSERT OR REPLACE ",
            Some(InsertOr::IgnoreErrors) => {
                let hint = "`or_ignore()` leaves rows out that break a constraint";
                return Err(unsupported(self, "INSERT IGNORE", Some(hint)));
            }
        };
        w.push(words);
        syntax::prefixes(self, w, &i.prefixes)?;
        w.push("INTO ");
        Ok(())
    }

    /// It names columns of the one table only, by their names alone.
    fn returning(&self, w: &mut Writer, items: &[SelectItem]) -> Result {
        w.qualified(false, |w| syntax::returning(self, w, items))
    }

    fn column(&self, w: &mut Writer, column: &ColumnRef) -> Result {
        if !w.is_qualified() && !w.is_first_source(&column.source) {
            let hint = "select them by the keys of the rows";
            return Err(unsupported(self, "RETURNING of another table's columns", Some(hint)));
        }
        syntax::column(self, w, column)
    }

    /// Behind a query that ends with its FROM, the ON of an upsert would be that of a join.
    fn insert_query(&self, w: &mut Writer, i: &Insert, query: &Query) -> Result {
        match query {
            Query::Select(select) if i.on_conflict.is_some() && select.filter.is_none() => {
                let always = Some(Expr::And(Vec::new()));
                let select = Select { filter: always, ..(**select).clone() };
                syntax::insert_query(self, w, i, &select.into())
            }
            query => syntax::insert_query(self, w, i, query),
        }
    }

    /// OFFSET stands only behind LIMIT.
    fn limit(&self, w: &mut Writer, l: &Limit) -> Result {
        if l.count.is_none() && l.offset.is_some() {
            w.push(" LIMIT -1");
        }
        syntax::limit(self, w, l)
    }

    fn fetch(&self, _: &mut Writer, _: &Limit) -> Result {
        Err(unsupported(self, "FETCH FIRST", Some("use `limit`")))
    }

    fn lock(&self, _: &mut Writer, _: &Lock) -> Result {
        Err(unsupported(
            self,
            "FOR UPDATE or FOR SHARE",
            Some(
                "a transaction that has written locks the whole database; `?transaction=immediate` locks it from BEGIN on",
            ),
        ))
    }

    /// A placeholder of the user's own would shift all others, or be NULL.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result {
        let found = scan(sql);
        if found.placeholders > 0 || found.named {
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

    fn column_type(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
        ddl::column_type(self, w, table, column)
    }

    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::server_default(self, w, column, sql)
    }

    fn known_options(&self, place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
        ddl::known_options(place)
    }

    fn nullability(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
        ddl::nullability(self, w, table, column)
    }

    fn is_key_in_column(&self, table: &TableDef) -> bool {
        ddl::is_key_in_column(self, table)
    }

    fn primary_key(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::primary_key(self, w, table)
    }

    fn constraint_options(&self, w: &mut Writer, place: OptionPlace, options: &[DialectOption]) -> Result {
        ddl::constraint_options(self, w, place, options)
    }

    fn table_options(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::table_options(self, w, table)
    }

    fn standard_type(&self, w: &mut Writer, standard: &StandardType) -> Result {
        ddl::standard_type(w, standard)
    }

    fn view_support(&self) -> ViewSupport {
        ViewSupport { if_not_exists: true, temporary: true, cascade: false, ..ViewSupport::STANDARD }
    }

    fn with_no_data(&self, _: &mut Writer) -> Result {
        Err(unsupported(self, "CREATE TABLE AS WITH NO DATA", Some("filter by a condition that is false")))
    }

    fn drop_table(&self, w: &mut Writer, d: &DropTable) -> Result {
        ddl::drop_table(self, w, d)
    }

    fn unique(&self, w: &mut Writer, unique: &UniqueDef) -> Result {
        ddl::unique(self, w, unique)
    }

    fn alter_table(&self, w: &mut Writer, a: &AlterTable) -> Result {
        ddl::alter_table(self, w, a)
    }

    fn foreign_key(&self, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
        ddl::foreign_key(self, w, table, key)
    }

    fn create_index(&self, w: &mut Writer, c: &CreateIndex) -> Result {
        syntax::create_index_in_schema(self, w, c)
    }
}

impl Sqlite {
    /// # Errors
    /// For spans of time, whose texts have another order than they.
    fn has_order(&self, e: &Expr) -> Result {
        if e.data_type() != Some(DataType::Interval) {
            return Ok(());
        }
        let hint = "order and group in Rust, or keep the span as a number of its smallest unit";
        Err(unsupported(self, "order of INTERVAL values", Some(hint)))
    }

    /// # Errors
    /// For what is kept as text, of which SQLite would make another number.
    fn has_arithmetic(&self, binary: &Binary) -> Result {
        let is = |data_type: DataType| {
            [&binary.left, &binary.right].iter().any(|side| side.data_type().as_ref() == Some(&data_type))
        };
        if is(DataType::UnsignedBigInt) {
            return Err(unsupported(self, "arithmetic with BIGINT UNSIGNED", Some("compute in Rust")));
        }
        if is(DataType::Interval) {
            return Err(unsupported(self, "arithmetic with INTERVAL", Some("compute in Rust")));
        }
        if [DataType::Date, DataType::Time, DataType::Timestamp, DataType::TimestampTz].into_iter().any(is) {
            let hint = "compute in Rust, or by SQLite's `julianday()` and `datetime()`";
            return Err(unsupported(self, "arithmetic with dates", Some(hint)));
        }
        Ok(())
    }
}

/// Whether it is a number that is kept as text, or is computed from one.
fn is_numeric(e: &Expr) -> bool {
    match e {
        Expr::Binary(b) if !b.operator.is_predicate() => is_numeric(&b.left) || is_numeric(&b.right),
        e => e.data_type().is_some_and(|data_type| types::is_number_text(&data_type)),
    }
}

fn has_fraction(e: &Expr) -> bool {
    match e {
        Expr::Binary(b) if b.operator == BinaryOperator::Divide => true,
        Expr::Binary(b) if !b.operator.is_predicate() => has_fraction(&b.left) || has_fraction(&b.right),
        e => matches!(e.data_type(), Some(DataType::Real | DataType::Double | DataType::Numeric { .. })),
    }
}

/// Whether it is a number that may be text; what SQLite computes is none.
fn is_text(e: &Expr) -> bool {
    match e {
        Expr::Cast(cast) => cast.data_type == DataType::UnsignedBigInt,
        Expr::Binary(_) | Expr::Unary(_) => false,
        Expr::Function(f) => {
            let computed = ["sum", "total", "avg", "abs", "round"];
            is_numeric(e) && !computed.iter().any(|name| f.name.eq_ignore_ascii_case(name))
        }
        e => is_numeric(e),
    }
}
