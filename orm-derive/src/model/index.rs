use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

use super::table::missing;
use crate::attr::{self, Arg, Key};
use crate::ctxt::Ctxt;

const KEYS: &[Key] = &[
    Key::new("name", "name = \"ix_name\""),
    Key::new("columns", "columns(a, b.desc(), c(nulls = \"last\"), \"lower(d)\")"),
    Key::new("expression", "expression = \"lower(name)\""),
    Key::new("unique", "unique"),
    Key::new("using", "using = \"gin\""),
    Key::new("include", "include(a, b)"),
    Key::new("filter", "filter = \"SQL\""),
    Key::new("where", "where = \"SQL\""),
    Key::new("nulls_not_distinct", "nulls_not_distinct"),
];

const COLUMN: &[Key] = &[
    Key::new("desc", "desc"),
    Key::new("nulls", "nulls = \"last\""),
    Key::new("operator_class", "operator_class = \"text_pattern_ops\""),
    Key::new("collation", "collation = \"C\""),
    Key::new("length", "length = 10"),
];

/// A variant of `NullsOrder`.
const NULLS: &[(&str, &str)] = &[("first", "First"), ("last", "Last")];

/// An index.
#[derive(Default)]
pub(crate) struct Index {
    pub(crate) name: Option<LitStr>,
    pub(crate) columns: Vec<IndexColumn>,
    pub(crate) unique: bool,
    pub(crate) method: Option<LitStr>,
    /// Fields of this struct.
    pub(crate) include: Vec<Ident>,
    pub(crate) filter: Option<LitStr>,
    pub(crate) nulls_not_distinct: Option<Span>,
}

/// What an index is over.
pub(crate) enum Indexed {
    /// A field of this struct.
    Field(Ident),
    /// An expression in SQL.
    Expression(LitStr),
}

/// One column of an index, or an expression.
pub(crate) struct IndexColumn {
    pub(crate) indexed: Indexed,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<&'static str>,
    pub(crate) operator_class: Option<LitStr>,
    pub(crate) collation: Option<LitStr>,
    pub(crate) length: Option<(u32, Span)>,
}

/// `a`, `a.desc()` or `a(desc, …)`, as it is written; `"lower(a)"` may stand for `a`.
struct Item {
    indexed: Indexed,
    descending: bool,
    options: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let indexed = match input.peek(LitStr) {
            true => Indexed::Expression(input.parse()?),
            false => Indexed::Field(input.parse()?),
        };
        let mut item = Item { indexed, descending: false, options: TokenStream::new() };
        let content;
        if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let order: Ident = input.parse()?;
            item.descending = order == "desc";
            syn::parenthesized!(content in input);
            if !content.is_empty() || !(item.descending || order == "asc") {
                return Err(syn::Error::new(order.span(), "expected `asc()` or `desc()`"));
            }
        } else if input.peek(syn::token::Paren) {
            syn::parenthesized!(content in input);
            item.options = content.parse()?;
        }
        Ok(item)
    }
}

impl IndexColumn {
    fn of(indexed: Indexed) -> Self {
        let (operator_class, collation) = (None, None);
        IndexColumn { indexed, descending: false, nulls: None, operator_class, collation, length: None }
    }

    fn new(cx: &Ctxt, item: Item) -> Self {
        let place = match &item.indexed {
            Indexed::Field(field) => format!("`{field}(…)`"),
            Indexed::Expression(sql) => format!("`{:?}(…)`", sql.value()),
        };
        let mut column = IndexColumn { descending: item.descending, ..IndexColumn::of(item.indexed) };
        for option in attr::options(cx, &item.options, &place, COLUMN) {
            match option.key.to_string().as_str() {
                "desc" => column.descending = option.flag(cx).is_some(),
                "nulls" => column.nulls = option.word(cx, NULLS),
                "operator_class" => column.operator_class = option.name(cx),
                "collation" => column.collation = option.name(cx),
                "length" => column.length = option.integer(cx),
                _ => {}
            }
        }
        column
    }

    /// The field, where it is one.
    pub(crate) fn field(&self) -> Option<&Ident> {
        match &self.indexed {
            Indexed::Field(field) => Some(field),
            Indexed::Expression(_) => None,
        }
    }
}

impl Index {
    /// An index over one field.
    pub(super) fn of(field: Ident, unique: bool) -> Self {
        Index { columns: vec![IndexColumn::of(Indexed::Field(field))], unique, ..Index::default() }
    }

    pub(super) fn parse(cx: &Ctxt, arg: &Arg) -> Option<Self> {
        let mut index = Index::default();
        if !arg.has_keys(&["columns", "include"]) {
            index.columns = columns(cx, arg)?;
            return Some(index);
        }
        let (mut over, mut expression) = (None, None);
        for part in arg.keys(cx, KEYS) {
            match part.key.to_string().as_str() {
                "name" => index.name = part.name(cx),
                "columns" => over = Some(columns(cx, &part)?),
                "expression" => expression = Some((part.name(cx)?, part.span())),
                "unique" => index.unique = part.flag(cx).is_some(),
                "using" => index.method = part.name(cx),
                "include" => index.include = part.list(cx).unwrap_or_default(),
                "filter" | "where" if index.filter.is_some() => {
                    cx.error_at(part.span(), "`filter` and `where` say the same: keep one");
                }
                "filter" | "where" => index.filter = part.name(cx),
                "nulls_not_distinct" => index.nulls_not_distinct = part.flag(cx),
                _ => {}
            }
        }
        index.columns = match (over, expression) {
            (Some(_), Some((sql, span))) => {
                let sql = sql.value();
                cx.error_at(
                    span,
                    format!("beside columns, an expression stands among them: `columns(…, {sql:?})`"),
                );
                return None;
            }
            (Some(columns), None) => columns,
            (None, Some((sql, _))) => vec![IndexColumn::of(Indexed::Expression(sql))],
            (None, None) => return missing(cx, arg, "columns(…)"),
        };
        Some(index)
    }
}

/// `key(a, b.desc(), …)`
fn columns(cx: &Ctxt, arg: &Arg) -> Option<Vec<IndexColumn>> {
    let items = arg.list::<Item>(cx)?;
    Some(items.into_iter().map(|item| IndexColumn::new(cx, item)).collect())
}
