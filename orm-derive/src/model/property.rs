use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Field, LitStr, Meta, Token, Type, Visibility};

use super::{accessor, plain, type_argument};
use crate::attr::{self, Key};
use crate::ctxt::Ctxt;

const COLUMN_PROPERTY: &str = "column_property";
const QUERY_EXPRESSION: &str = "query_expression";

const KEYS: &[Key] = &[
    Key::new("deferred", "deferred"),
    Key::new("deferred_group", "deferred_group = \"group\""),
    Key::new("accessor", "accessor = other_name"),
];

const EXPRESSION_KEYS: &[Key] = &[Key::new("accessor", "accessor = other_name")];

/// A field that is read like a column, and is an expression.
pub(crate) struct Property {
    pub(crate) ident: Ident,
    /// The name of its constant.
    pub(crate) accessor: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) name: String,
    /// What it is, unless each query says that for itself.
    pub(crate) expr: Option<Expr>,
    pub(crate) deferred: Option<Span>,
    pub(crate) deferred_group: Option<LitStr>,
}

impl Property {
    /// The property of a field, if it has the attribute of one; `Err` where it cannot be read.
    pub(super) fn parse(cx: &Ctxt, field: &Field, ident: &Ident) -> Option<Result<Self, ()>> {
        let named = |name| field.attrs.iter().find(move |attr| attr.path().is_ident(name));
        let (attr, is_query_expression) = match (named(COLUMN_PROPERTY), named(QUERY_EXPRESSION)) {
            (None, None) => return None,
            (Some(attr), None) => (attr, false),
            (None, Some(attr)) => (attr, true),
            (Some(attr), Some(_)) => {
                cx.error(
                    attr,
                    format!("`{ident}` is a `{COLUMN_PROPERTY}` or a `{QUERY_EXPRESSION}`: keep one"),
                );
                return Some(Err(()));
            }
        };
        let mut property = Property {
            ident: ident.clone(),
            accessor: ident.clone(),
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            name: plain(ident),
            expr: None,
            deferred: None,
            deferred_group: None,
        };
        let args = if is_query_expression {
            attr::args(cx, &field.attrs, QUERY_EXPRESSION, EXPRESSION_KEYS).unwrap_or_default()
        } else {
            let Meta::List(list) = &attr.meta else {
                cx.error(attr, format!("expected `#[{COLUMN_PROPERTY}(expression)]`"));
                return Some(Err(()));
            };
            match parts.parse2(list.tokens.clone()) {
                Ok((expr, options)) => {
                    property.expr = Some(expr);
                    attr::options(cx, &options, &format!("`#[{COLUMN_PROPERTY}]`"), KEYS)
                }
                Err(error) => {
                    cx.push(error);
                    return Some(Err(()));
                }
            }
        };
        let mut given = None;
        for arg in args {
            match arg.key.to_string().as_str() {
                "deferred" => property.deferred = arg.flag(cx),
                "deferred_group" => property.deferred_group = arg.name(cx),
                "accessor" => given = arg.ident(cx),
                _ => {}
            }
        }
        property.accessor = accessor(ident, given);
        if type_argument(&field.ty, "Deferred").is_none() {
            cx.error(
                &field.ty,
                format!("`{ident}` is absent in a new object: make it a `Deferred` of the expression's type"),
            );
            return Some(Err(()));
        }
        Some(Ok(property))
    }
}

/// The expression, and the options behind it.
fn parts(input: ParseStream<'_>) -> syn::Result<(Expr, TokenStream)> {
    let expr = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((expr, input.parse()?))
}
