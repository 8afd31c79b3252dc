use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::{Data, DataEnum, DataStruct, DeriveInput, Fields, Member, Path, Type};

use crate::attr::{self, Key};
use crate::ctxt::Ctxt;
use crate::model::{default_orm, plain, snake_case, type_argument};

const KEYS: &[Key] = &[
    Key::new("name", "name = \"type_name\""),
    Key::new("rename_all", "rename_all = \"snake_case\""),
    Key::new("repr", "repr = \"i32\""),
    Key::new("native", "native = false"),
    Key::new("decorator", "decorator"),
    Key::new("crate", "crate = \"path::to::orm\""),
];

const VARIANT: &[Key] = &[Key::new("rename", "rename = \"value\"")];

/// A type under `#[derive(SqlType)]`.
pub(super) struct Model {
    pub(super) ident: Ident,
    pub(super) orm: Path,
    pub(super) has_generics: bool,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// Stored as its one field.
    Newtype { member: Member, ty: Box<Type> },
    /// Stored as text, of a SQL enum of that name.
    Text { name: String, variants: Vec<(Ident, String)>, is_native: bool },
    /// Stored as its discriminants, which are integers of that type.
    Integer { repr: Ident, variants: Vec<Ident> },
    /// Stored as its `TypeDecorator` says; the span is that of the key.
    Decorator { span: Span },
    /// None of these; an error was reported.
    Wrong,
}

/// What a type's attribute says.
#[derive(Default)]
struct Options {
    name: Option<syn::LitStr>,
    rename_all: Option<(Case, syn::LitStr)>,
    repr: Option<(&'static str, syn::LitStr)>,
    native: Option<(bool, Span)>,
    decorator: Option<Span>,
}

impl Options {
    /// Where something is said about the values of an enum.
    fn of_enums(&self) -> impl Iterator<Item = Span> {
        let name = self.name.as_ref().map(syn::LitStr::span);
        let rename_all = self.rename_all.as_ref().map(|(_, literal)| literal.span());
        let repr = self.repr.as_ref().map(|(_, literal)| literal.span());
        [name, rename_all, repr, self.native.map(|(_, span)| span)].into_iter().flatten()
    }
}

type Case = fn(&[String]) -> String;

const CASES: &[(&str, Case)] = &[
    ("snake_case", |words| words.join("_")),
    ("kebab-case", |words| words.join("-")),
    ("SCREAMING_SNAKE_CASE", |words| words.join("_").to_uppercase()),
    ("SCREAMING-KEBAB-CASE", |words| words.join("-").to_uppercase()),
    ("lowercase", |words| words.concat()),
    ("UPPERCASE", |words| words.concat().to_uppercase()),
    ("PascalCase", |words| words.iter().map(|word| capitalized(word)).collect()),
    ("camelCase", |words| match words {
        [first, rest @ ..] => first
            .chars()
            .chain(rest.iter().flat_map(|w| capitalized(w).chars().collect::<Vec<_>>()))
            .collect(),
        [] => String::new(),
    }),
];

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

impl Model {
    pub(super) fn parse(cx: &Ctxt, input: &DeriveInput) -> Self {
        let ident = input.ident.clone();
        let has_generics = !input.generics.params.is_empty();
        if has_generics {
            cx.error(
                &input.generics,
                format!(
                    "`{ident}` has generics, and a SQL type has not: derive it for a type without generics"
                ),
            );
        }
        let mut orm = default_orm();
        let options = options(cx, input, &mut orm);
        let shape = match (options.decorator, &input.data) {
            (Some(span), data) => decorator(cx, &ident, data, span, &options),
            (None, Data::Struct(data)) => newtype(cx, &ident, data, &options),
            (None, Data::Enum(data)) => enumeration(cx, &ident, data, options),
            (None, Data::Union(data)) => {
                cx.error(
                    data.union_token,
                    "`SqlType` cannot be derived for a union: use a struct with one field, or an enum",
                );
                Shape::Wrong
            }
        };
        Model { ident, orm, has_generics, shape }
    }
}

fn options(cx: &Ctxt, input: &DeriveInput, orm: &mut Path) -> Options {
    const REPRS: &[(&str, &str)] = &[("i16", "i16"), ("i32", "i32"), ("i64", "i64")];
    let mut options = Options::default();
    for arg in attr::args(cx, &input.attrs, "sql_type", KEYS).unwrap_or_default() {
        match arg.key.to_string().as_str() {
            "name" => options.name = arg.name(cx),
            "rename_all" => options.rename_all = arg.word(cx, CASES).zip(arg.string(cx)),
            "native" => options.native = arg.boolean(cx),
            "decorator" => options.decorator = arg.flag(cx),
            "repr" => options.repr = arg.word(cx, REPRS).zip(arg.string(cx)),
            "crate" => {
                if let Some(path) = arg.path_in_string(cx) {
                    *orm = path;
                }
            }
            _ => {}
        }
    }
    options
}

/// Any type at all.
fn decorator(cx: &Ctxt, ident: &Ident, data: &Data, span: Span, options: &Options) -> Shape {
    for span in options.of_enums() {
        cx.error_at(span, format!("`{ident}` is a `decorator`: its `TypeDecorator` says how it is stored"));
    }
    let what = "what a `TypeDecorator` converts";
    match data {
        Data::Struct(data) => data.fields.iter().for_each(|field| refuse_attributes(cx, &field.attrs, what)),
        Data::Enum(data) => {
            data.variants.iter().for_each(|variant| refuse_attributes(cx, &variant.attrs, what))
        }
        Data::Union(_) => {}
    }
    Shape::Decorator { span }
}

fn newtype(cx: &Ctxt, ident: &Ident, data: &DataStruct, options: &Options) -> Shape {
    for span in options.of_enums() {
        cx.error_at(
            span,
            format!("this is for enums, and `{ident}` is a struct: it is stored as what it holds"),
        );
    }
    let members: Vec<_> = data.fields.members().zip(&data.fields).collect();
    let [(member, field)] = &members[..] else {
        let count = members.len();
        let hint = "a newtype has one, `struct Email(String)`";
        cx.error(ident, format!("`SqlType` cannot be derived for a struct with {count} fields: {hint}"));
        return Shape::Wrong;
    };
    refuse_attributes(cx, &field.attrs, "a field");
    if let Some(inner) = type_argument(&field.ty, "Option") {
        let inner = quote::quote!(#inner);
        cx.error(
            &field.ty,
            format!("a SQL type is not NULL by itself: hold a `{inner}` here, and use `Option<{ident}>` for a column that may be NULL"),
        );
        return Shape::Wrong;
    }
    Shape::Newtype { member: member.clone(), ty: Box::new(field.ty.clone()) }
}

fn enumeration(cx: &Ctxt, ident: &Ident, data: &DataEnum, options: Options) -> Shape {
    let mut valid = true;
    if data.variants.is_empty() {
        cx.error(ident, format!("`{ident}` has no variant, so no column could have a value"));
        valid = false;
    }
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let name = &variant.ident;
            cx.error(
                &variant.fields,
                format!("the variant `{name}` holds data, which a SQL enum cannot: use unit variants only"),
            );
            valid = false;
        }
    }
    let shape = match options.repr {
        Some((repr, literal)) => {
            let rename_all = options.rename_all.as_ref().map(|(_, literal)| literal);
            let names = options.name.iter().chain(rename_all).map(syn::LitStr::span);
            for span in names.chain(options.native.map(|(_, span)| span)) {
                cx.error_at(span, format!("`{ident}` is stored as integers (`repr`): they have no names"));
            }
            let idents = data.variants.iter().map(|variant| variant.ident.clone()).collect();
            for variant in &data.variants {
                refuse_attributes(cx, &variant.attrs, "a variant that is stored as an integer");
            }
            Shape::Integer { repr: Ident::new(repr, literal.span()), variants: idents }
        }
        None => {
            let name = options.name.map_or_else(|| snake_case(&plain(ident)), |name| name.value());
            let case = options.rename_all.map_or(CASES[0].1, |(case, _)| case);
            let is_native = options.native.is_none_or(|(native, _)| native);
            Shape::Text { name, variants: texts(cx, data, case), is_native }
        }
    };
    if valid { shape } else { Shape::Wrong }
}

/// The text of each variant.
fn texts(cx: &Ctxt, data: &DataEnum, case: Case) -> Vec<(Ident, String)> {
    let mut seen = HashMap::new();
    let mut variants = Vec::new();
    for variant in &data.variants {
        let ident = &variant.ident;
        let words: Vec<_> = snake_case(&plain(ident)).split('_').map(str::to_owned).collect();
        let (mut text, mut span) = (case(&words), ident.span());
        for arg in attr::args(cx, &variant.attrs, "sql_type", VARIANT).unwrap_or_default() {
            if let Some(name) = arg.string(cx) {
                (text, span) = (name.value(), name.span());
            }
        }
        if let Some(other) = seen.insert(text.clone(), ident) {
            cx.error_at(span, format!("`{other}` and `{ident}` are both stored as `{text}`"));
        }
        variants.push((ident.clone(), text));
    }
    variants
}

fn refuse_attributes(cx: &Ctxt, attrs: &[syn::Attribute], what: &str) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("sql_type")) {
        cx.error(attr, format!("`#[sql_type]` has nothing to say about {what}"));
    }
}
