//! Attributes as they are written: keys, each with the form of its value, and the values read out of them.
//!
//! One grammar serves all four attributes: `key`, `key = value` and `key(…)`, separated by commas. A key that is
//! not known, or stands twice, is an error at the key; the other keys are read all the same.

use std::fmt::Display;
use std::str::FromStr;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprPath, ExprUnary, Lit, LitStr, Meta, Path, Token, UnOp};

use crate::ctxt::Ctxt;

/// A key that an attribute knows.
pub(crate) struct Key {
    name: &'static str,
    /// How it is written, for messages.
    usage: &'static str,
    repeatable: bool,
}

impl Key {
    pub(crate) const fn new(name: &'static str, usage: &'static str) -> Self {
        Key { name, usage, repeatable: false }
    }

    pub(crate) const fn repeatable(name: &'static str, usage: &'static str) -> Self {
        Key { name, usage, repeatable: true }
    }
}

/// One entry of an attribute.
pub(crate) struct Arg {
    pub(crate) key: Ident,
    value: Value,
    usage: &'static str,
}

enum Value {
    Flag,
    Equals(Box<Expr>),
    List(TokenStream),
}

struct Entry {
    key: Ident,
    value: Value,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Equals(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            Value::List(content.parse()?)
        } else {
            Value::Flag
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error("expected `,`"));
        }
        Ok(Entry { key, value })
    }
}

/// The entries of all attributes of that name; `None` where there is no such attribute.
pub(crate) fn args(cx: &Ctxt, attrs: &[Attribute], name: &str, keys: &'static [Key]) -> Option<Vec<Arg>> {
    let mut found = None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        let args = found.get_or_insert_with(Vec::new);
        match &attr.meta {
            Meta::Path(_) => {}
            Meta::List(list) => entries(cx, &list.tokens, &format!("`#[{name}]`"), keys, args),
            Meta::NameValue(_) => cx.error(attr, format!("expected `#[{name}(…)]`")),
        }
    }
    found
}

/// The entries of a list that belongs to no key, such as the options behind a column of an index.
pub(crate) fn options(cx: &Ctxt, tokens: &TokenStream, place: &str, keys: &'static [Key]) -> Vec<Arg> {
    let mut args = Vec::new();
    entries(cx, tokens, place, keys, &mut args);
    args
}

fn entries(cx: &Ctxt, tokens: &TokenStream, place: &str, keys: &'static [Key], args: &mut Vec<Arg>) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match input.parse::<Entry>() {
                Ok(Entry { key, value }) => add(cx, key, value, place, keys, args),
                Err(error) => {
                    cx.push(error);
                    while !input.is_empty() && !input.peek(Token![,]) {
                        input.parse::<TokenTree>()?;
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens.clone()) {
        cx.push(error);
    }
}

fn add(cx: &Ctxt, key: Ident, value: Value, place: &str, keys: &'static [Key], args: &mut Vec<Arg>) {
    let Some(known) = keys.iter().find(|known| key == known.name) else {
        let list = keys.iter().map(|known| format!("`{}`", known.name)).collect::<Vec<_>>().join(", ");
        return cx.error(&key, format!("{place} has no `{key}`; it knows {list}"));
    };
    if !known.repeatable && args.iter().any(|arg| arg.key == key) {
        return cx.error(&key, format!("`{key}` is given twice"));
    }
    args.push(Arg { key, value, usage: known.usage });
}

impl Arg {
    pub(crate) fn span(&self) -> Span {
        self.key.span()
    }

    fn wrong<T>(&self, cx: &Ctxt) -> Option<T> {
        match &self.value {
            Value::Equals(value) => cx.error(value, self.expected()),
            Value::Flag | Value::List(_) => cx.error(&self.key, self.expected()),
        }
        None
    }

    fn expected(&self) -> impl Display {
        format!("expected `{}`", self.usage)
    }

    /// `key`
    pub(crate) fn flag(&self, cx: &Ctxt) -> Option<Span> {
        match self.value {
            Value::Flag => Some(self.key.span()),
            Value::Equals(ref value) => {
                cx.error(value, format!("`{}` takes no value", self.key));
                None
            }
            Value::List(_) => self.wrong(cx),
        }
    }

    /// `key = "…"`
    pub(crate) fn string(&self, cx: &Ctxt) -> Option<LitStr> {
        match self.literal() {
            Some(Lit::Str(literal)) => Some(literal.clone()),
            _ => self.wrong(cx),
        }
    }

    /// `key = "…"`, not empty.
    pub(crate) fn name(&self, cx: &Ctxt) -> Option<LitStr> {
        let name = self.string(cx)?;
        if name.value().trim().is_empty() {
            cx.error(&name, format!("`{}` cannot be empty", self.key));
            return None;
        }
        Some(name)
    }

    /// `key = 30`
    pub(crate) fn integer<N: FromStr<Err: Display>>(&self, cx: &Ctxt) -> Option<(N, Span)> {
        let Some(Lit::Int(literal)) = self.literal() else { return self.wrong(cx) };
        match literal.base10_parse() {
            Ok(n) => Some((n, literal.span())),
            Err(error) => {
                cx.push(error);
                None
            }
        }
    }

    /// `key = -30`
    pub(crate) fn signed(&self, cx: &Ctxt) -> Option<(i64, Span)> {
        let (sign, expr) = match self.expr() {
            Some(Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. })) => ("-", ungroup(expr)),
            Some(expr) => ("", expr),
            None => return self.wrong(cx),
        };
        let Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) = expr else { return self.wrong(cx) };
        match format!("{sign}{}", literal.base10_digits()).parse() {
            Ok(n) if literal.suffix().is_empty() => Some((n, literal.span())),
            Ok(_) => self.wrong(cx),
            Err(error) => {
                cx.error_at(literal.span(), error);
                None
            }
        }
    }

    /// `key` or `key = true`
    pub(crate) fn boolean(&self, cx: &Ctxt) -> Option<(bool, Span)> {
        match (&self.value, self.literal()) {
            (Value::Flag, _) => Some((true, self.span())),
            (_, Some(Lit::Bool(literal))) => Some((literal.value, literal.span)),
            _ => self.wrong(cx),
        }
    }

    /// `key = name`
    pub(crate) fn ident(&self, cx: &Ctxt) -> Option<Ident> {
        match self.expr() {
            Some(Expr::Path(path)) if path.qself.is_none() && path.path.get_ident().is_some() => {
                path.path.get_ident().cloned()
            }
            _ => self.wrong(cx),
        }
    }

    /// `key = some::path`
    pub(crate) fn path(&self, cx: &Ctxt) -> Option<Path> {
        match self.expr() {
            Some(Expr::Path(ExprPath { qself: None, path, .. })) => Some(path.clone()),
            _ => self.wrong(cx),
        }
    }

    /// `key = "some::path"`
    pub(crate) fn path_in_string(&self, cx: &Ctxt) -> Option<Path> {
        match self.string(cx)?.parse_with(Path::parse_mod_style) {
            Ok(path) => Some(path),
            Err(error) => {
                cx.push(error);
                None
            }
        }
    }

    /// `key = Table::column`
    pub(crate) fn column(&self, cx: &Ctxt) -> Option<ColumnPath> {
        ColumnPath::new(self.path(cx)?).or_else(|| self.wrong(cx))
    }

    /// `key = expression`
    pub(crate) fn value(&self, cx: &Ctxt) -> Option<Expr> {
        match self.expr() {
            Some(expr) => Some(expr.clone()),
            None => self.wrong(cx),
        }
    }

    /// The value, where the key has one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match &self.value {
            Value::Equals(expr) => Some(ungroup(expr)),
            Value::Flag | Value::List(_) => None,
        }
    }

    fn literal(&self) -> Option<&Lit> {
        match self.expr() {
            Some(Expr::Lit(ExprLit { lit, .. })) => Some(lit),
            _ => None,
        }
    }

    /// Whether this is `key(…)`.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    /// Whether this is `key(…)` with other keys in it, and not a plain list: a `key = …`, or one of the keys that
    /// have a list of their own.
    pub(crate) fn has_keys(&self, lists: &[&str]) -> bool {
        let Value::List(tokens) = &self.value else { return false };
        let mut before = None;
        tokens.clone().into_iter().any(|token| {
            let found = match (&before, &token) {
                (Some(TokenTree::Ident(_)), TokenTree::Punct(punct)) => punct.as_char() == '=',
                (Some(TokenTree::Ident(key)), TokenTree::Group(_)) => lists.iter().any(|list| key == list),
                _ => false,
            };
            before = Some(token);
            found
        })
    }

    /// `key(other = …, …)`
    pub(crate) fn keys(&self, cx: &Ctxt, keys: &'static [Key]) -> Vec<Arg> {
        let mut args = Vec::new();
        match &self.value {
            Value::List(tokens) => entries(cx, tokens, &format!("`{}(…)`", self.key), keys, &mut args),
            _ => self.wrong(cx).unwrap_or_default(),
        }
        args
    }

    /// `key(a, b)`, at least one.
    pub(crate) fn list<T: Parse>(&self, cx: &Ctxt) -> Option<Vec<T>> {
        let Value::List(tokens) = &self.value else { return self.wrong(cx) };
        match Punctuated::<T, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            Ok(list) if list.is_empty() => self.wrong(cx),
            Ok(list) => Some(list.into_iter().collect()),
            Err(error) => {
                cx.error_at(error.span(), self.expected());
                None
            }
        }
    }

    /// `key(Table::a, Table::b)`, at least one.
    pub(crate) fn columns(&self, cx: &Ctxt) -> Option<Vec<ColumnPath>> {
        let paths = self.list::<Path>(cx)?;
        let columns: Option<Vec<_>> = paths.into_iter().map(ColumnPath::new).collect();
        columns.or_else(|| self.wrong(cx))
    }

    /// One of several words in a string.
    pub(crate) fn word<T: Copy>(&self, cx: &Ctxt, words: &[(&str, T)]) -> Option<T> {
        let literal = self.string(cx)?;
        word(cx, &literal, &literal.value(), words)
    }
}

/// The meaning of `text`, which stands in `literal`.
pub(crate) fn word<T: Copy>(cx: &Ctxt, literal: &LitStr, text: &str, words: &[(&str, T)]) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let list = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        cx.error(literal, format!("`{text}` is not one of {list}"));
    }
    found.map(|(_, meaning)| *meaning)
}

/// `expr` without the invisible groups that a `macro_rules!` puts around what it passes on.
pub(crate) fn ungroup(mut expr: &Expr) -> &Expr {
    while let Expr::Group(group) = expr {
        expr = &group.expr;
    }
    expr
}

/// `Table::column`: what names a column of another struct.
#[derive(Clone)]
pub(crate) struct ColumnPath {
    /// All of it, for spans.
    pub(crate) path: Path,
    /// The struct.
    pub(crate) table: Path,
    /// The accessor.
    pub(crate) column: Ident,
}

impl ColumnPath {
    pub(crate) fn new(path: Path) -> Option<Self> {
        let mut table = path.clone();
        let column = table.segments.pop()?;
        table.segments.pop_punct();
        let plain = column.arguments.is_none() && !table.segments.is_empty();
        plain.then(|| ColumnPath { path, table, column: column.ident })
    }
}
