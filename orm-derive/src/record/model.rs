use std::collections::HashMap;

use proc_macro2::Ident;
use syn::{Data, DeriveInput, Field, Fields, FieldsNamed, Path, Type, Visibility};

use crate::attr::{self, Key};
use crate::ctxt::Ctxt;
use crate::model::{Relationship, default_orm, misplaced, plain, snake_case, type_argument};

const KEYS: &[Key] = &[Key::new("name", "name = \"alias\""), Key::new("crate", "crate = \"path::to::orm\"")];

const FIELD: &[Key] = &[Key::new("entity", "entity"), Key::new("nested", "nested")];

const COLUMN: &[Key] =
    &[Key::new("name", "name = \"column_name\""), Key::new("accessor", "accessor = other_name")];

/// As many as a select list has.
const MAX_COLUMNS: usize = 16;

/// A struct under `#[derive(Record)]`.
pub(super) struct Model {
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    /// The path of the library.
    pub(super) orm: Path,
    /// What it is called in FROM.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Whether a field is more than a column, so that the record names nothing in FROM.
    pub(super) holds: bool,
    /// Fields of which nothing is known, because of an error.
    pub(super) unread: Vec<Ident>,
}

/// A field.
pub(super) struct Column {
    pub(super) ident: Ident,
    /// The name of its constant.
    pub(super) accessor: Ident,
    pub(super) vis: Visibility,
    pub(super) ty: Type,
    /// The name in SQL.
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What a field is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Column,
    Entity,
    Nested,
}

impl Model {
    /// Reads a struct; `None` for what cannot be a record at all.
    pub(super) fn parse(cx: &Ctxt, input: &DeriveInput) -> Option<Self> {
        let fields = named_fields(cx, input)?;
        let ident = &input.ident;
        let mut model = Model {
            ident: ident.clone(),
            vis: input.vis.clone(),
            orm: default_orm(),
            name: snake_case(&plain(ident)),
            columns: Vec::new(),
            holds: false,
            unread: Vec::new(),
        };
        misplaced(cx, &input.attrs, "column", "a field; the struct's own is `#[record(…)]`");
        misplaced(
            cx,
            &input.attrs,
            "mapped",
            "a struct under `#[derive(Mapped)]`; a record's own is `#[record(…)]`",
        );
        let mut named = None;
        for arg in attr::args(cx, &input.attrs, "record", KEYS).unwrap_or_default() {
            match arg.key.to_string().as_str() {
                "name" => {
                    named = Some(arg.key.clone());
                    model.name = arg.name(cx).map_or(model.name, |name| name.value());
                }
                "crate" => model.orm = arg.path_in_string(cx).unwrap_or(model.orm),
                _ => {}
            }
        }
        let (mut names, mut accessors) = (HashMap::new(), HashMap::new());
        for field in &fields.named {
            let Some(column) = Column::parse(cx, field) else {
                model.unread.extend(field.ident.clone());
                continue;
            };
            let Column { ident, name, accessor, kind, .. } = &column;
            if *kind != Kind::Column {
                model.holds = true;
                model.columns.push(column);
                continue;
            }
            if let Some(other) = names.insert(name.to_lowercase(), ident.clone()) {
                cx.error(ident, format!("`{other}` and `{ident}` are both the column `{name}`"));
            }
            if let Some(other) = accessors.insert(accessor.clone(), ident.clone()) {
                cx.error(accessor, format!("`{other}` and `{ident}` have both the accessor `{accessor}`"));
            }
            model.columns.push(column);
        }
        if let Some(key) = named.filter(|_| model.holds) {
            let message =
                format!("`{ident}` holds more than columns, so it names nothing in SQL: take `name` off");
            cx.error(&key, message);
        }
        if fields.named.is_empty() {
            cx.error(ident, format!("`{ident}` has no column; give it a field for each column of the rows"));
        }
        if let Some(column) = model.columns.get(MAX_COLUMNS) {
            cx.error(&column.ident, format!("a record has {MAX_COLUMNS} columns at most"));
            // What the library has no tuple for would only be said again.
            return None;
        }
        Some(model)
    }
}

impl Column {
    fn parse(cx: &Ctxt, field: &Field) -> Option<Self> {
        let ident = field.ident.clone()?;
        misplaced(cx, &field.attrs, "relationship", "a field of a mapped struct: a record has columns only");
        if let Some(kind) = Relationship::kind(&field.ty) {
            cx.error(&field.ty, format!("`{ident}` is a `{kind}`, and a record has columns only"));
            return None;
        }
        let kind = Kind::parse(cx, field);
        let inside = type_argument(&field.ty, "Option");
        if inside.is_some_and(|inside| type_argument(inside, "Option").is_some()) {
            cx.error(&field.ty, format!("`{ident}` is NULL or it is not: take one `Option` off"));
            return None;
        }
        let mut column = Column {
            accessor: ident.clone(),
            name: plain(&ident),
            ident,
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            kind,
        };
        if kind != Kind::Column {
            let what = if kind == Kind::Entity { "an entity" } else { "a record" };
            misplaced(cx, &field.attrs, "column", &format!("a column; `{}` is {what}", column.ident));
            return Some(column);
        }
        for arg in attr::args(cx, &field.attrs, "column", COLUMN).unwrap_or_default() {
            match arg.key.to_string().as_str() {
                "name" => column.name = arg.name(cx).map_or(column.name, |name| name.value()),
                "accessor" => column.accessor = arg.ident(cx).unwrap_or(column.accessor),
                _ => {}
            }
        }
        Some(column)
    }
}

impl Kind {
    fn parse(cx: &Ctxt, field: &Field) -> Self {
        let mut kind = Kind::Column;
        for arg in attr::args(cx, &field.attrs, "record", FIELD).unwrap_or_default() {
            if arg.flag(cx).is_none() {
                continue;
            }
            if kind != Kind::Column {
                cx.error(&arg.key, "a field is an entity or a record, not both");
            }
            kind = if arg.key == "entity" { Kind::Entity } else { Kind::Nested };
        }
        kind
    }
}

fn named_fields<'a>(cx: &Ctxt, input: &'a DeriveInput) -> Option<&'a FieldsNamed> {
    let ident = &input.ident;
    if !input.generics.params.is_empty() {
        cx.error(
            &input.generics,
            format!("`{ident}` has generics, and a record has not: derive it for a struct without generics"),
        );
        return None;
    }
    let (tokens, what): (&dyn quote::ToTokens, _) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields),
            Fields::Unnamed(fields) => {
                (fields, "a tuple struct: give each field a name, `struct … { n: i64 }`")
            }
            Fields::Unit => (ident, "a unit struct: give it a field for each column, `struct … { n: i64 }`"),
        },
        Data::Enum(data) => (&data.enum_token, "an enum: the rows of a query are a struct with named fields"),
        Data::Union(data) => {
            (&data.union_token, "a union: the rows of a query are a struct with named fields")
        }
    };
    cx.error(tokens, format!("`Record` cannot be derived for {what}"));
    None
}
