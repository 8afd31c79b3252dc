use orm_query::schema::{
    ColumnDef, DialectOption, ExcludeDef, IndexDef, SequenceDef, StandardType, TableDef,
};
use orm_query::tree::{
    Array, Binary, Case, Cast, CreateEnum, DropEnum, DropIndex, Expr, Extract, From, FullText, Function,
    InList, InRows, Index, Insert, JsonPart, Like, Lock, QuantifiedArray, Regexp, Rows, Select, Slice,
    UpdateRows,
};
use orm_query::{Bind, CompileError, DataType, Dialect, EnumType, Features};

use super::lexer::{Lexer, Token};
use super::{Postgres, ddl, types};
use crate::syntax::{
    self, OptionKind, OptionPlace, Place, Result, Syntax, ViewSupport, Writer, infix, invalid, loose,
    unsupported,
};

mod array;
mod cast;
mod extract;
mod function;
mod grouped;
mod hints;
mod inline;
mod json;
mod operator;
mod reserved;
mod rows;
mod text_search;

impl Syntax for Postgres {
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
        if types::is_sent_as_text(&bind.data_type) {
            // So that `placeholder` can name it.
            types::declared(self, &mut Writer::default(), &bind.data_type)?;
        }
        types::fits(bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        types::declared(self, w, data_type)
    }

    /// PostgreSQL would cut a longer name off, and take it for another one.
    fn identifier(&self, w: &mut Writer, name: &str) -> Result {
        if name.len() > 63 {
            let reason = "it has more than 63 bytes, and PostgreSQL would cut it off";
            return Err(CompileError::Identifier { name: name.to_owned(), reason });
        }
        syntax::identifier(self, w, name)
    }

    /// With a backslash it is an escape string, which reads alike whatever `standard_conforming_strings` says.
    fn literal(&self, w: &mut Writer, text: &str) -> Result {
        if !text.contains('\\') {
            return syntax::literal(w, text);
        }
        w.push("E");
        syntax::literal(w, &text.replace('\\', "\\\\"))
    }

    fn placeholder(&self, w: &mut Writer) {
        let placeholder = format!("${}", w.binds().len());
        let cast = w.binds().last().map(|bind| bind.data_type.clone()).filter(types::is_sent_as_text);
        let Some(data_type) = cast else { return w.push(&placeholder) };
        w.push("CAST(");
        w.push(&placeholder);
        w.push(" AS ");
        // `fits` has named it before.
        _ = types::declared(self, w, &data_type);
        w.push(")");
    }

    fn comparison(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        operator::refuse_json(self, &[&binary.left, &binary.right])?;
        syntax::comparison(self, w, binary, operator)
    }

    fn regexp(&self, w: &mut Writer, e: &Regexp) -> Result {
        text_search::regexp(self, w, e)
    }

    fn full_text(&self, w: &mut Writer, e: &FullText) -> Result {
        text_search::full_text(self, w, e)
    }

    fn floor_divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        operator::floor_divide(self, w, binary)
    }

    /// `^` is a power.
    fn bitwise(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        loose(self, w, binary, if operator == "^" { "#" } else { operator })
    }

    fn from_clause(&self, w: &mut Writer, q: &Select) -> Result {
        hints::from_clause(self, w, q)
    }

    fn from_item(&self, w: &mut Writer, from: &From) -> Result {
        hints::from_item(self, w, from)
    }

    fn container(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        loose(self, w, binary, operator)
    }

    fn json(&self, w: &mut Writer, e: &JsonPart) -> Result {
        json::json(self, w, e)
    }

    fn array(&self, w: &mut Writer, e: &Array) -> Result {
        array::array(self, w, e)
    }

    fn index(&self, w: &mut Writer, e: &Index) -> Result {
        array::index(self, w, e)
    }

    fn slice(&self, w: &mut Writer, e: &Slice) -> Result {
        array::slice(self, w, e)
    }

    fn quantified_array(&self, w: &mut Writer, e: &QuantifiedArray) -> Result {
        array::quantified(self, w, e)
    }

    fn arithmetic(&self, w: &mut Writer, binary: &Binary, operator: &str) -> Result {
        operator::arithmetic(self, w, binary, operator)
    }

    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        operator::divide(self, w, binary)
    }

    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result {
        let is_float = |e: &Expr| matches!(e.data_type(), Some(DataType::Real | DataType::Double));
        if is_float(&binary.left) || is_float(&binary.right) {
            return Err(unsupported(
                self,
                "remainder of floats",
                Some("cast both sides to decimals or integers"),
            ));
        }
        infix(self, w, binary, "%")
    }

    fn in_list(&self, w: &mut Writer, e: &InList) -> Result {
        operator::refuse_json(self, &[&e.operand])?;
        syntax::in_list(self, w, e)
    }

    fn in_rows(&self, w: &mut Writer, e: &InRows) -> Result {
        rows::within(self, w, e)
    }

    fn like(&self, w: &mut Writer, e: &Like) -> Result {
        operator::like(self, w, e)
    }

    fn lowers_patterns(&self) -> bool {
        false
    }

    fn case(&self, w: &mut Writer, e: &Case) -> Result {
        syntax::case(self, w, &cast::typed_results(e))
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

    fn argument(&self, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
        function::argument(self, w, f, argument)
    }

    fn select(&self, w: &mut Writer, q: &Select) -> Result {
        grouped::select(self, w, q)
    }

    /// A table is named here as the rest of the statement names it, without its schema.
    fn lock(&self, w: &mut Writer, l: &Lock) -> Result {
        let mut lock = l.clone();
        lock.of.iter_mut().for_each(|table| table.schema = None);
        syntax::lock(self, w, &lock)
    }

    fn insert_rows(&self, w: &mut Writer, i: &Insert, rows: &Rows) -> Result {
        rows::insert(self, w, i, rows)
    }

    fn rows_source(&self, w: &mut Writer, u: &UpdateRows) -> Result {
        rows::source(self, w, u)
    }

    fn rows_columns(&self, w: &mut Writer, u: &UpdateRows) {
        rows::columns(w, u);
    }

    /// A placeholder of the user's own would take the value of another.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result {
        let mut open_comment = false;
        for token in Lexer::new(sql) {
            match token {
                Token::Placeholder(_) => {
                    return Err(invalid(format!(
                        "the SQL text `{sql}` has a placeholder of its own; write `:name` in a text and bind it"
                    )));
                }
                Token::Comment { open } => open_comment |= open,
                _ => {}
            }
        }
        w.push(sql);
        if open_comment {
            w.push("\n");
        }
        Ok(())
    }

    fn column_type(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
        ddl::column_type(self, w, table, column)
    }

    fn enum_check(&self, w: &mut Writer, column: &ColumnDef, e: &EnumType) -> Result {
        if e.native { Ok(()) } else { syntax::enum_check(self, w, column, e) }
    }

    /// SQLAlchemy's name for it is as good.
    fn is_called(&self, dialect: &str) -> bool {
        dialect == "postgresql" || dialect == Dialect::name(self)
    }

    fn known_options(&self, place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
        ddl::known_options(place)
    }

    fn create_table_words(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::create_table_words(self, w, table)
    }

    fn table_options(&self, w: &mut Writer, table: &TableDef) -> Result {
        ddl::table_options(self, w, table)
    }

    fn has_empty_tables(&self) -> bool {
        true
    }

    fn has_on_delete_columns(&self) -> bool {
        self.version() >= 15
    }

    fn constraint_options(&self, w: &mut Writer, place: OptionPlace, options: &[DialectOption]) -> Result {
        ddl::constraint_options(self, w, place, options)
    }

    fn exclude(&self, w: &mut Writer, exclude: &ExcludeDef) -> Result {
        ddl::exclude(self, w, exclude)
    }

    fn index_words(&self, w: &mut Writer, index: &IndexDef) -> Result {
        ddl::index_words(self, w, index)
    }

    fn index_options(&self, w: &mut Writer, index: &IndexDef) -> Result {
        ddl::index_options(self, w, index)
    }

    fn drop_index_words(&self, w: &mut Writer, d: &DropIndex) -> Result {
        ddl::drop_index_words(self, w, d)
    }

    fn nullability(&self, w: &mut Writer, _: &TableDef, column: &ColumnDef) -> Result {
        ddl::nullability(w, column)
    }

    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::server_default(self, w, column, sql)
    }

    fn next_value(&self, w: &mut Writer, sequence: &SequenceDef) -> Result {
        ddl::next_value(self, w, sequence)
    }

    fn standard_type(&self, w: &mut Writer, standard: &StandardType) -> Result {
        ddl::standard_type(self, w, standard)
    }

    fn view_support(&self) -> ViewSupport {
        ddl::VIEWS
    }

    fn create_enum(&self, w: &mut Writer, c: &CreateEnum) -> Result {
        ddl::create_enum(self, w, c)
    }

    fn drop_enum(&self, w: &mut Writer, d: &DropEnum) -> Result {
        ddl::drop_enum(self, w, d)
    }
}

pub(super) use rows::are_arrays;

/// Writes `e` as a value of `data_type`.
fn cast_to(
    s: &Postgres,
    w: &mut Writer,
    data_type: &DataType,
    write: impl FnOnce(&mut Writer) -> Result,
) -> Result {
    w.push("CAST(");
    write(w)?;
    w.push(" AS ");
    s.data_type(w, data_type)?;
    w.push(")");
    Ok(())
}

/// Whether it is a number of any kind.
fn is_number(data_type: &DataType) -> bool {
    data_type.is_integer()
        || matches!(data_type, DataType::Real | DataType::Double | DataType::Numeric { .. })
}
