use orm_query::schema::{ColumnDef, ForeignKeyDef, IndexColumn, IndexDef, StandardType, TableDef, UniqueDef};
use orm_query::tree::{
    AlterTable, Between, Binary, BinaryOperator, Cast, Collate, ColumnRef, Compound, CreateIndex,
    CreateSchema, CreateSequence, CreateTable, Cte, Delete, DropIndex, DropSchema, DropTable, Expr, Extract,
    From, FullText, Function, InList, InQuery, Insert, Join, JsonPart, Like, Limit, Lock, Merge, MergeBranch,
    NullsOrder, OnConflict, OrderBy, Regexp, RegexpReplace, Sample, Select, SelectItem, SetComment,
    TableFunction, Update, UpdateRows, Values, With,
};
use orm_query::{Bind, CompileError, DataType, Dialect, Features};

use super::scan::scan;
use super::{MsSql, ddl, types};
use crate::syntax::{
    self, Level, OptionKind, OptionPlace, Place, Result, Syntax, Writer, expr, infix, invalid, is_plain,
    operand, unsupported,
};

mod change;
mod from;
mod function;
mod inline;
mod json;
mod limit;
mod lock;
mod merge;
mod query;
mod reserved;

pub(super) use function::clock;

/// The longest name.
const LONGEST_NAME: usize = 128;

impl Syntax for MsSql {
    fn name(&self) -> &'static str {
        Dialect::name(self)
    }

    fn features(&self) -> &Features {
        Dialect::features(self)
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::WORDS.contain(word)
    }

    fn has_booleans(&self) -> bool {
        false
    }

    fn fits(&self, bind: &Bind, place: Place) -> Result {
        types::fits(self, bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        types::declared(self, w, data_type)
    }

    /// `[name]`, where it needs brackets.
    fn identifier(&self, w: &mut Writer, name: &str) -> Result {
        if name.chars().map(char::len_utf16).sum::<usize>() > LONGEST_NAME {
            let reason = "it is longer than 128 characters";
            return Err(CompileError::Identifier { name: name.to_owned(), reason });
        }
        let plain =
            is_plain(name) && !name.bytes().any(|b| b.is_ascii_uppercase()) && !self.is_reserved(name);
        if plain || name.is_empty() || name.contains('\0') {
            return syntax::identifier(self, w, name);
        }
        w.push("[");
        w.push(&name.replace(']', "]]"));
        w.push("]");
        Ok(())
    }

    /// `N'…'` where it is more than ASCII. A backslash before the end of a line would take both away.
    fn literal(&self, w: &mut Writer, text: &str) -> Result {
        let prefix = if text.is_ascii() { "" } else { "N" };
        let parts: Vec<&str> = cut_at_continuations(text);
        let write = |w: &mut Writer| {
            w.list(&parts, " + ", |w, part| {
                w.push(prefix);
                syntax::literal(w, part)
            })
        };
        if parts.len() > 1 { w.parenthesized(write) } else { write(w) }
    }

    fn inline(&self, w: &mut Writer, bind: &Bind) -> Result {
        inline::inline(self, w, bind)
    }

    fn extract(&self, w: &mut Writer, e: &Extract) -> Result {
        inline::extract(self, w, e)
    }

    fn try_cast(&self, w: &mut Writer, e: &Cast) -> Result {
        w.push("TRY_");
        syntax::cast(self, w, e)
    }

    /// It is written as a number: no bind can stand there.
    fn frame_offset(&self, w: &mut Writer, offset: &Expr) -> Result {
        let Some(number) = inline::number(offset) else {
            return Err(unsupported(self, "frame whose offset is computed", Some("give it as a value")));
        };
        w.push(&number);
        Ok(())
    }

    /// `@P1`
    fn placeholder(&self, w: &mut Writer) {
        let placeholder = format!("@P{}", w.binds().len());
        w.push(&placeholder);
    }

    fn column(&self, w: &mut Writer, column: &ColumnRef) -> Result {
        let Some(name) = w.name_of(&column.source) else { return syntax::column(self, w, column) };
        w.push(name);
        w.push(".");
        self.identifier(w, &column.name)
    }

    fn comparison(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        if syntax::is_predicate(&binary.left) && syntax::is_predicate(&binary.right) {
            let hint = "compare values: `case().when(condition, 1)`";
            return Err(unsupported(self, "comparison of conditions", Some(hint)));
        }
        if !matches!(operator, "=" | "!=") {
            self.has_order([&binary.left, &binary.right])?;
        }
        syntax::comparison(self, w, binary, operator)
    }

    /// The words came with 2022; before, two NULLs are one to INTERSECT.
    fn distinct_from(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result {
        if self.is_at_least(2022) {
            return syntax::distinct_from(self, w, binary, negated);
        }
        w.parenthesized(|w| {
            w.push(if negated { "EXISTS " } else { "NOT EXISTS " });
            w.parenthesized(|w| {
                w.push("SELECT ");
                expr(self, w, &binary.left)?;
                w.push(" INTERSECT SELECT ");
                expr(self, w, &binary.right)
            })
        })
    }

    /// Integers divide to integers.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        if !(is_integer(&binary.left) && is_integer(&binary.right)) {
            return infix(self, w, binary, "/");
        }
        operand(self, w, &binary.left, Level::Product)?;
        w.push(" / ");
        syntax::as_double(self, w, &binary.right)
    }

    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result {
        if is_float(&binary.left) || is_float(&binary.right) {
            let hint = "cast both sides to decimals or integers";
            return Err(unsupported(self, "remainder of floats", Some(hint)));
        }
        infix(self, w, binary, "%")
    }

    /// `+`, which is NULL where a side is. What is no text would be added.
    fn concat(&self, w: &mut Writer, binary: &Binary) -> Result {
        let side = |w: &mut Writer, e: &Expr| match e.data_type() {
            Some(t) if t.is_integer() || is_number(&t) => {
                w.push("CAST(");
                expr(self, w, e)?;
                w.push(" AS VARCHAR(max))");
                Ok(())
            }
            _ => operand(self, w, e, if is_concat(e) { Level::Concat } else { Level::Unary }),
        };
        side(w, &binary.left)?;
        w.push(" + ");
        side(w, &binary.right)
    }

    /// Rounded down, and not towards 0.
    fn floor_divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        let exact = DataType::NUMERIC;
        match Expr::Binary(Box::new(binary.clone())).data_type() {
            Some(integer) if integer.is_integer() => {
                w.push("CAST(FLOOR(CAST(");
                expr(self, w, &binary.left)?;
                w.push(" AS ");
                self.data_type(w, &exact)?;
                w.push(") / ");
                operand(self, w, &binary.right, Level::Unary)?;
                w.push(") AS ");
                self.data_type(w, &integer)?;
                w.push(")");
                Ok(())
            }
            _ => syntax::floor_divide(self, w, binary),
        }
    }

    fn bitwise(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        if matches!(operator, "<<" | ">>") && !self.is_at_least(2022) {
            let hint = "they came with SQL Server 2022; multiply or divide by a power of 2";
            return Err(unsupported(self, "operators `<<` and `>>` of bits", Some(hint)));
        }
        syntax::loose(self, w, binary, operator)
    }

    fn json(&self, w: &mut Writer, e: &JsonPart) -> Result {
        json::json(self, w, e)
    }

    fn regexp(&self, _: &mut Writer, _: &Regexp) -> Result {
        Err(unsupported(self, "regular expression", Some("use LIKE")))
    }

    fn regexp_replace(&self, _: &mut Writer, _: &RegexpReplace) -> Result {
        Err(unsupported(self, "REGEXP_REPLACE", Some("use REPLACE or TRANSLATE")))
    }

    /// `CONTAINS (column, query)`
    fn full_text(&self, w: &mut Writer, e: &FullText) -> Result {
        if !matches!(e.operand, Expr::Column(_)) {
            return Err(unsupported(self, "full-text search of what is no column", None));
        }
        w.push("CONTAINS (");
        expr(self, w, &e.operand)?;
        w.push(", ");
        expr(self, w, &e.query)?;
        if let Some(config) = &e.config {
            w.push(", LANGUAGE ");
            self.literal(w, config)?;
        }
        w.push(")");
        Ok(())
    }

    fn like_pattern(&self, w: &mut Writer, e: &Like) -> Result {
        syntax::like_pattern_by(self, w, e, " + ")
    }

    fn between(&self, w: &mut Writer, e: &Between) -> Result {
        self.has_order([&e.operand])?;
        syntax::between(self, w, e)
    }

    fn in_list(&self, w: &mut Writer, e: &InList) -> Result {
        self.is_no_tuple(&e.operand)?;
        syntax::in_list(self, w, e)
    }

    fn in_query(&self, w: &mut Writer, e: &InQuery) -> Result {
        self.is_no_tuple(&e.operand)?;
        syntax::in_query(self, w, e)
    }

    fn like(&self, w: &mut Writer, e: &Like) -> Result {
        function::like(self, w, e)
    }

    /// The name of a collation is never quoted.
    fn collate(&self, w: &mut Writer, e: &Collate) -> Result {
        operand(self, w, &e.operand, Level::Primary)?;
        w.push(" COLLATE ");
        collation(w, &e.collation)
    }

    fn function(&self, w: &mut Writer, f: &Function) -> Result {
        function::function(self, w, f)
    }

    fn select(&self, w: &mut Writer, q: &Select) -> Result {
        query::select(self, w, q)
    }

    fn top(&self, w: &mut Writer, q: &Select) -> Result {
        limit::top(self, w, q)
    }

    fn from_clause(&self, w: &mut Writer, q: &Select) -> Result {
        from::from_clause(self, w, q)
    }

    fn from_item(&self, w: &mut Writer, from: &From) -> Result {
        from::from_item(self, w, from)
    }

    fn table_function(&self, w: &mut Writer, f: &TableFunction) -> Result {
        from::table_function(self, w, f)
    }

    fn sample(&self, w: &mut Writer, sample: &Sample) -> Result {
        from::sample(self, w, sample)
    }

    fn join(&self, w: &mut Writer, join: &Join) -> Result {
        from::join(self, w, join)
    }

    fn compound(&self, w: &mut Writer, c: &Compound) -> Result {
        query::compound(self, w, c)
    }

    fn values(&self, w: &mut Writer, v: &Values) -> Result {
        query::values(self, w, v)
    }

    fn with(&self, w: &mut Writer, with: &With) -> Result {
        query::with(self, w, with)
    }

    fn cte(&self, w: &mut Writer, cte: &Cte) -> Result {
        query::cte(self, w, cte)
    }

    fn order_by(&self, w: &mut Writer, order: &OrderBy) -> Result {
        query::order_by(self, w, order)
    }

    fn nulls(&self, _: &mut Writer, _: &OrderBy, _: NullsOrder) -> Result {
        Ok(())
    }

    fn limit(&self, w: &mut Writer, l: &Limit) -> Result {
        limit::limit(self, w, l)
    }

    fn fetch(&self, w: &mut Writer, l: &Limit) -> Result {
        limit::limit(self, w, l)
    }

    /// It stands behind the tables.
    fn lock(&self, _: &mut Writer, _: &Lock) -> Result {
        Ok(())
    }

    fn insert(&self, w: &mut Writer, i: &Insert) -> Result {
        change::insert(self, w, i)
    }

    fn insert_output(&self, w: &mut Writer, i: &Insert) -> Result {
        change::output(self, w, &i.table, "inserted", &i.returning)
    }

    fn on_conflict(&self, _: &mut Writer, _: &Insert, _: &OnConflict) -> Result {
        Err(unsupported(self, "ON CONFLICT", Some("use MERGE")))
    }

    fn update(&self, w: &mut Writer, u: &Update) -> Result {
        change::update(self, w, u)
    }

    fn update_rows(&self, w: &mut Writer, u: &UpdateRows) -> Result {
        syntax::update_rows(self, w, u)
    }

    /// ` (column1, column2, …)`
    fn rows_columns(&self, w: &mut Writer, u: &UpdateRows) {
        let names: Vec<String> = (1..=u.rows.types.len()).map(|n| format!("column{n}")).collect();
        w.push(&format!(" ({})", names.join(", ")));
    }

    fn merge(&self, w: &mut Writer, m: &Merge) -> Result {
        merge::merge(self, w, m)
    }

    fn merge_branch(&self, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result {
        merge::branch(self, w, m, b)
    }

    fn delete(&self, w: &mut Writer, d: &Delete) -> Result {
        change::delete(self, w, d)
    }

    /// It stood further in front, as `OUTPUT`.
    fn returning(&self, _: &mut Writer, _: &[SelectItem]) -> Result {
        Ok(())
    }

    /// A placeholder of the user's own would take the value of another.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result {
        let found = scan(sql);
        if found.placeholders > 0 {
            return Err(invalid(format!(
                "the SQL text `{sql}` has a placeholder of its own; write `:name` in a text and bind it"
            )));
        }
        w.push(sql);
        w.push(&"*/".repeat(found.depth));
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

    fn known_options(&self, place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
        ddl::known_options(place)
    }

    fn standard_type(&self, w: &mut Writer, standard: &StandardType) -> Result {
        ddl::standard_type(w, standard)
    }

    fn create_table_words(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::create_table_words(self, w, table)
    }

    fn index_kind(&self, w: &mut Writer, index: &IndexDef) -> Result {
        ddl::index_kind(self, w, index)
    }

    fn drop_table(&self, w: &mut Writer, d: &DropTable) -> Result {
        ddl::drop_table(self, w, d)
    }

    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::server_default(self, w, column, sql)
    }

    fn unique(&self, w: &mut Writer, unique: &UniqueDef) -> Result {
        ddl::unique(self, w, unique)
    }

    fn foreign_key(&self, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
        ddl::foreign_key(self, w, table, key)
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

    fn create_sequence(&self, w: &mut Writer, c: &CreateSequence) -> Result {
        ddl::create_sequence(self, w, c)
    }

    fn create_schema(&self, w: &mut Writer, c: &CreateSchema) -> Result {
        ddl::create_schema(self, w, c)
    }

    fn drop_schema(&self, w: &mut Writer, d: &DropSchema) -> Result {
        ddl::drop_schema(self, w, d)
    }

    fn set_comment(&self, w: &mut Writer, c: &SetComment) -> Result {
        ddl::set_comment(w, c)
    }
}

impl MsSql {
    /// # Errors
    /// Where values of such a type have no order: an interval's text has not that of its length.
    fn has_order<'e>(&self, list: impl IntoIterator<Item = &'e Expr>) -> Result {
        if list.into_iter().any(|e| e.data_type() == Some(DataType::Interval)) {
            return Err(unsupported(self, "order of intervals", Some("keep a number of seconds or days")));
        }
        Ok(())
    }

    /// # Errors
    /// For a tuple.
    fn is_no_tuple(&self, e: &Expr) -> Result {
        match e {
            Expr::Tuple(_) => {
                Err(unsupported(self, "comparison of tuples", Some("compare their parts, or use EXISTS")))
            }
            _ => Ok(()),
        }
    }
}

fn is_concat(e: &Expr) -> bool {
    matches!(e, Expr::Binary(b) if b.operator == BinaryOperator::Concat)
}

fn is_integer(e: &Expr) -> bool {
    e.data_type().is_some_and(|t| t.is_integer())
}

fn is_float(e: &Expr) -> bool {
    matches!(e.data_type(), Some(DataType::Real | DataType::Double))
}

fn is_number(t: &DataType) -> bool {
    matches!(t, DataType::Real | DataType::Double | DataType::Numeric { .. })
}

/// A collation's name, which is a plain word.
pub(super) fn collation(w: &mut Writer, name: &str) -> Result {
    if !is_plain(name) {
        let reason = "a collation's name is made of letters, digits and `_`";
        return Err(CompileError::Identifier { name: name.to_owned(), reason });
    }
    w.push(name);
    Ok(())
}

/// The pieces of a text, none of which has a backslash before the end of a line.
fn cut_at_continuations(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = ["\\\n", "\\\r"].iter().filter_map(|end| rest.find(end)).min() {
        let (part, tail) = rest.split_at(at + 1);
        parts.push(part);
        rest = tail;
    }
    parts.push(rest);
    parts
}
