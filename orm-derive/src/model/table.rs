use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr, Path};

use super::column::{ForeignKeyOptions, action};
use super::{Index, Model, same_type};
use crate::attr::{self, Arg, ColumnPath, Key};
use crate::ctxt::Ctxt;

const KEYS: &[Key] = &[
    Key::new("table", "table = \"table_name\""),
    Key::new("schema", "schema = \"schema_name\""),
    Key::new("primary_key", "primary_key(name = \"pk_name\")"),
    Key::repeatable("index", "index(a, b)` or `index(name = \"ix\", columns(a, b), unique)"),
    Key::repeatable("unique", "unique(a, b)` or `unique(name = \"uq\", columns(a, b))"),
    Key::repeatable("check", "check(\"SQL\")` or `check(name = \"ck\", sql = \"SQL\")"),
    Key::repeatable("foreign_key", "foreign_key(columns(a, b), references(Order::id, Order::no))"),
    Key::new("comment", "comment = \"…\""),
    Key::new("new", "new"),
    Key::new("crate", "crate = \"path::to::orm\""),
];

const PRIMARY_KEY: &[Key] = &[Key::new("name", "name = \"pk_name\"")];

const UNIQUE: &[Key] = &[
    Key::new("name", "name = \"uq_name\""),
    Key::new("columns", "columns(a, b)"),
    Key::new("deferrable", "deferrable = \"deferred\""),
    Key::new("nulls_not_distinct", "nulls_not_distinct"),
];

const CHECK: &[Key] = &[Key::new("name", "name = \"ck_name\""), Key::new("sql", "sql = \"a < b\"")];

const FOREIGN_KEY: &[Key] = &[
    Key::new("name", "name = \"fk_name\""),
    Key::new("columns", "columns(order_id, line_no)"),
    Key::new("references", "references(Order::id, Order::no)"),
    Key::new("on_delete", "on_delete = \"cascade\""),
    Key::new("on_update", "on_update = \"cascade\""),
    Key::new("deferrable", "deferrable = \"deferred\""),
    Key::new("match_full", "match_full"),
];

/// A variant of `Deferrable`.
pub(crate) type Deferrable = &'static str;

const DEFERRABLE: &[(&str, Deferrable)] =
    &[("immediate", "InitiallyImmediate"), ("deferred", "InitiallyDeferred")];

pub(super) fn deferrable(cx: &Ctxt, arg: &Arg) -> Option<(Deferrable, Span)> {
    Some((arg.word(cx, DEFERRABLE)?, arg.span()))
}

/// A foreign key, of one column or of several.
pub(crate) struct ForeignKey {
    /// Fields of this struct.
    pub(crate) columns: Vec<Ident>,
    pub(crate) references: Vec<ColumnPath>,
    pub(crate) options: ForeignKeyOptions,
}

impl ForeignKey {
    /// The struct that it references.
    pub(crate) fn target(&self) -> Option<&Path> {
        self.references.first().map(|column| &column.table)
    }
}

/// A UNIQUE constraint.
#[derive(Default)]
pub(crate) struct Unique {
    pub(crate) name: Option<LitStr>,
    /// Fields of this struct.
    pub(crate) columns: Vec<Ident>,
    pub(crate) deferrable: Option<Deferrable>,
    pub(crate) nulls_not_distinct: bool,
}

impl Unique {
    pub(super) fn of(columns: Vec<Ident>) -> Self {
        Unique { columns, ..Unique::default() }
    }
}

/// A CHECK constraint.
pub(crate) struct Check {
    pub(crate) name: Option<LitStr>,
    pub(crate) sql: LitStr,
}

pub(super) fn parse(cx: &Ctxt, model: &mut Model, attrs: &[Attribute]) {
    for arg in attr::args(cx, attrs, "mapped", KEYS).unwrap_or_default() {
        match arg.key.to_string().as_str() {
            "table" => {
                if let Some(name) = arg.name(cx) {
                    model.table = name.value();
                }
            }
            "schema" => model.schema = arg.name(cx),
            "comment" => model.comment = arg.string(cx),
            "new" => model.new = arg.flag(cx),
            "crate" => {
                if let Some(path) = arg.path_in_string(cx) {
                    model.orm = path;
                }
            }
            "primary_key" => model.primary_key_name = primary_key_name(cx, &arg),
            "index" => model.indexes.extend(Index::parse(cx, &arg)),
            "unique" => model.uniques.extend(unique(cx, &arg)),
            "check" => model.checks.extend(check(cx, &arg)),
            "foreign_key" => model.foreign_keys.extend(foreign_key(cx, &arg)),
            _ => {}
        }
    }
}

/// Which columns it has, the fields say.
fn primary_key_name(cx: &Ctxt, arg: &Arg) -> Option<LitStr> {
    let was_clean = cx.is_clean();
    match &arg.keys(cx, PRIMARY_KEY)[..] {
        [name, ..] => name.name(cx),
        [] if was_clean && cx.is_clean() => missing(cx, arg, "name = \"…\""),
        [] => None,
    }
}

fn unique(cx: &Ctxt, arg: &Arg) -> Option<Unique> {
    if !arg.has_keys(&["columns"]) {
        return Some(Unique::of(arg.list(cx)?));
    }
    let mut columns = None;
    let mut unique = Unique::default();
    for part in arg.keys(cx, UNIQUE) {
        match part.key.to_string().as_str() {
            "name" => unique.name = part.name(cx),
            "columns" => columns = Some(part.list(cx)?),
            "deferrable" => unique.deferrable = deferrable(cx, &part).map(|(when, _)| when),
            "nulls_not_distinct" => unique.nulls_not_distinct = part.flag(cx).is_some(),
            _ => {}
        }
    }
    match columns {
        Some(columns) => Some(Unique { columns, ..unique }),
        None => missing(cx, arg, "columns(…)"),
    }
}

pub(super) fn check(cx: &Ctxt, arg: &Arg) -> Option<Check> {
    if !arg.has_keys(&[]) {
        let sql = arg.list::<LitStr>(cx)?;
        return match <[LitStr; 1]>::try_from(sql) {
            Ok([sql]) => Some(Check { name: None, sql }),
            Err(_) => {
                cx.error_at(arg.span(), "`check` takes one condition: `check(\"SQL\")`");
                None
            }
        };
    }
    let (mut name, mut sql) = (None, None);
    for part in arg.keys(cx, CHECK) {
        match part.key.to_string().as_str() {
            "name" => name = part.name(cx),
            "sql" => sql = Some(part.name(cx)?),
            _ => {}
        }
    }
    match sql {
        Some(sql) => Some(Check { name, sql }),
        None => missing(cx, arg, "sql = \"…\""),
    }
}

fn foreign_key(cx: &Ctxt, arg: &Arg) -> Option<ForeignKey> {
    let mut options = ForeignKeyOptions::default();
    let (mut columns, mut references) = (None, None);
    for part in arg.keys(cx, FOREIGN_KEY) {
        match part.key.to_string().as_str() {
            "name" => options.name = part.name(cx),
            "columns" => columns = Some(part.list::<Ident>(cx)?),
            "references" => references = Some(part.columns(cx)?),
            "on_delete" => options.on_delete = action(cx, &part),
            "on_update" => options.on_update = action(cx, &part),
            "deferrable" => options.deferrable = deferrable(cx, &part),
            "match_full" => options.match_full = part.flag(cx),
            _ => {}
        }
    }
    let Some(columns) = columns else { return missing(cx, arg, "columns(…)") };
    let Some(references) = references else { return missing(cx, arg, "references(…)") };
    if columns.len() != references.len() {
        let (n, m) = (columns.len(), references.len());
        cx.error_at(
            arg.span(),
            format!("this `foreign_key` has {n} columns and references {m}: they go in pairs"),
        );
        return None;
    }
    let first = references.first()?;
    if let Some(other) = references.iter().find(|other| !same_type(&other.table, &first.table)) {
        cx.error(&other.path, "all columns that one `foreign_key` references must be of one struct");
        return None;
    }
    Some(ForeignKey { columns, references, options })
}

pub(super) fn missing<T>(cx: &Ctxt, arg: &Arg, part: &str) -> Option<T> {
    cx.error_at(arg.span(), format!("this `{}` lacks `{part}`", arg.key));
    None
}
