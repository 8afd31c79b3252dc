//! A mapped struct as its attributes describe it: what [`check`](crate::check) judges and [`expand`](crate::expand)
//! writes out. Reading is lenient: what is wrong is reported and left out, so that the rest can still be emitted.

mod column;
mod identity;
mod index;
mod property;
mod relationship;
mod table;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{
    Attribute, Data, DeriveInput, Field, Fields, GenericArgument, LitStr, Path, PathArguments, Type,
    Visibility,
};

pub(crate) use column::{Action, Column, DefaultValue, SET_NULL};
pub(crate) use identity::{Identity, IdentityOptions};
pub(crate) use index::{Index, IndexColumn, Indexed};
pub(crate) use property::Property;
pub(crate) use relationship::{Cascade, Join, Relationship};
pub(crate) use table::{Check, Deferrable, ForeignKey, Unique};

use crate::attr::Arg;
use crate::ctxt::Ctxt;

/// A struct under `#[derive(Mapped)]`.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The path of the library.
    pub(crate) orm: Path,
    pub(crate) table: String,
    pub(crate) schema: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) primary_key_name: Option<LitStr>,
    /// Whether `new` is asked for.
    pub(crate) new: Option<Span>,
    pub(crate) columns: Vec<Column>,
    pub(crate) properties: Vec<Property>,
    pub(crate) relationships: Vec<Relationship>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) checks: Vec<Check>,
    /// Fields of which nothing is known, because of an error.
    pub(crate) unread: Vec<Ident>,
}

impl Model {
    /// Reads a struct; `None` for what cannot be mapped at all.
    pub(crate) fn parse(cx: &Ctxt, input: &DeriveInput) -> Option<Self> {
        let named = named_fields(cx, input)?;
        let mut model = Model {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            orm: default_orm(),
            table: snake_case(&input.ident.unraw().to_string()),
            schema: None,
            comment: None,
            primary_key_name: None,
            new: None,
            columns: Vec::new(),
            properties: Vec::new(),
            relationships: Vec::new(),
            foreign_keys: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            unread: Vec::new(),
        };
        misplaced(cx, &input.attrs, "column", "a field; the struct's own is `#[mapped(…)]`");
        misplaced(cx, &input.attrs, "relationship", "a field; the struct's own is `#[mapped(…)]`");
        for field in &named.named {
            let Some(ident) = &field.ident else { continue };
            misplaced(
                cx,
                &field.attrs,
                "mapped",
                "the struct; a field's own are `#[column(…)]` and `#[relationship(…)]`",
            );
            let column = column::args(cx, field);
            let relationship = relationship::args(cx, field);
            if let Some(property) = Property::parse(cx, field, ident) {
                if column.is_some() || relationship.is_some() {
                    cx.error(
                        ident,
                        format!("`{ident}` is an expression, and no `#[column]` or `#[relationship]`"),
                    );
                }
                match property {
                    Ok(property) => model.properties.push(property),
                    Err(()) => model.unread.push(ident.clone()),
                }
                continue;
            }
            match (column, relationship) {
                (Some(_), Some(args)) => {
                    cx.error(
                        ident,
                        format!("`{ident}` cannot be both a `#[column]` and a `#[relationship]`"),
                    );
                    model.add_relationship(cx, field, ident, args);
                }
                (None, Some(args)) => model.add_relationship(cx, field, ident, args),
                (column, None) if let Some(kind) = Relationship::kind(&field.ty) => {
                    let instead = if column.is_some() { ", and not `#[column]`" } else { "" };
                    cx.error(
                        &field.ty,
                        format!("`{ident}` is a `{kind}`: it needs a `#[relationship]`{instead}"),
                    );
                    model.add_relationship(cx, field, ident, Vec::new());
                }
                (args, None) => Column::parse(cx, &mut model, field, ident, args.unwrap_or_default()),
            }
        }
        table::parse(cx, &mut model, &input.attrs);
        Some(model)
    }

    fn add_relationship(&mut self, cx: &Ctxt, field: &Field, ident: &Ident, args: Vec<Arg>) {
        match Relationship::parse(cx, field, ident, args) {
            Some(relationship) => self.relationships.push(relationship),
            None => self.unread.push(ident.clone()),
        }
    }

    /// The column of that field.
    pub(crate) fn column(&self, field: &Ident) -> Option<&Column> {
        self.columns.iter().find(|column| column.ident == *field)
    }

    /// The columns of the primary key.
    pub(crate) fn primary_key(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.primary_key.is_some())
    }

    /// The foreign keys to `target`, as far as can be told from how it is written.
    pub(crate) fn foreign_keys_to<'a>(&'a self, target: &'a Path) -> impl Iterator<Item = &'a ForeignKey> {
        self.foreign_keys.iter().filter(|key| key.target().is_some_and(|path| same_type(path, target)))
    }

    /// Whether a column of the field belongs to a foreign key.
    pub(crate) fn is_foreign(&self, field: &Ident) -> bool {
        self.foreign_keys.iter().any(|key| key.columns.contains(field))
    }

    /// Whether the database counts the column up, if it is an integer: the only column of the primary key, which
    /// takes its value from nowhere else.
    pub(crate) fn counts_up(&self, column: &Column) -> bool {
        column.primary_key.is_some()
            && column.autoincrement.is_none()
            && column.identity.is_none()
            && self.primary_key().count() == 1
            && !self.is_foreign(&column.ident)
            && !column.has_default()
    }
}

/// An attribute that would silently mean nothing.
pub(crate) fn misplaced(cx: &Ctxt, attrs: &[Attribute], name: &str, place: &str) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        cx.error(attr, format!("`#[{name}]` stands on {place}"));
    }
}

fn named_fields<'a>(cx: &Ctxt, input: &'a DeriveInput) -> Option<&'a syn::FieldsNamed> {
    let ident = &input.ident;
    if !input.generics.params.is_empty() {
        cx.error(
            &input.generics,
            format!("`{ident}` has generics, and a table has not: map a struct without generics"),
        );
        return None;
    }
    let (tokens, what): (&dyn quote::ToTokens, _) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields),
            Fields::Unnamed(fields) => {
                (fields, "a tuple struct: give each field a name, `struct … { id: i64 }`")
            }
            Fields::Unit => (ident, "a unit struct: give it a field for each column, `struct … { id: i64 }`"),
        },
        Data::Enum(data) => {
            (&data.enum_token, "an enum: map a struct; the type of one column is `#[derive(SqlType)]`")
        }
        Data::Union(data) => (&data.union_token, "a union: map a struct with named fields"),
    };
    cx.error(tokens, format!("`Mapped` cannot be derived for {what}"));
    None
}

/// `Self` written as the struct's name: most of what is emitted stands outside of its `impl`.
pub(crate) fn name_self(input: DeriveInput) -> DeriveInput {
    fn replace(tokens: TokenStream, ident: &Ident, found: &mut bool) -> TokenStream {
        let replaced = tokens.into_iter().map(|token| match token {
            TokenTree::Group(group) => {
                let mut named = Group::new(group.delimiter(), replace(group.stream(), ident, found));
                named.set_span(group.span());
                TokenTree::Group(named)
            }
            TokenTree::Ident(token) if token == "Self" => {
                *found = true;
                let mut named = ident.clone();
                named.set_span(token.span());
                TokenTree::Ident(named)
            }
            token => token,
        });
        replaced.collect()
    }
    let mut found = false;
    let tokens = replace(input.to_token_stream(), &input.ident, &mut found);
    if found { syn::parse2(tokens).unwrap_or(input) } else { input }
}

/// `::orm`
pub(crate) fn default_orm() -> Path {
    syn::parse_quote!(::orm)
}

/// `UserAccount` → `user_account`, `HTTPLog` → `http_log`
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in chars.iter().enumerate() {
        let starts_word = c.is_uppercase()
            && i > 0
            && chars[i - 1] != '_'
            && (!chars[i - 1].is_uppercase() || chars.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if starts_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The type without the groups that a `macro_rules!` or parentheses put around it.
pub(crate) fn ungroup_type(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => return ty,
        };
    }
}

/// The path of a type that is one.
pub(crate) fn type_path(ty: &Type) -> Option<&Path> {
    match ungroup_type(ty) {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

/// `T` of `name<T>`.
pub(crate) fn type_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let last = type_path(ty)?.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == name => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ungroup_type(ty)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two paths may name one type: one is written like the end of the other.
pub(crate) fn same_type(a: &Path, b: &Path) -> bool {
    a.segments.iter().rev().zip(b.segments.iter().rev()).all(|(a, b)| a.ident == b.ident)
}

/// A raw identifier's name.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The accessor of a field: its own name, unless the attribute gives another.
fn accessor(ident: &Ident, given: Option<Ident>) -> Ident {
    given.unwrap_or_else(|| ident.clone())
}
