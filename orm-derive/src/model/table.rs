use proc_macro2::Ident;
use syn::{Attribute, LitStr, Path};

use super::column::{ForeignKeyOptions, action};
use super::{Model, same_type};
use crate::attr::{self, Arg, ColumnPath, Key};
use crate::ctxt::Ctxt;

const KEYS: &[Key] = &[
    Key::new("table", "table = \"table_name\""),
    Key::new("schema", "schema = \"schema_name\""),
    Key::repeatable("index", "index(a, b)` or `index(name = \"ix\", columns(a, b), unique)"),
    Key::repeatable("unique", "unique(a, b)` or `unique(name = \"uq\", columns(a, b))"),
    Key::repeatable("check", "check(\"SQL\")` or `check(name = \"ck\", sql = \"SQL\")"),
    Key::repeatable("foreign_key", "foreign_key(columns(a, b), references(Order::id, Order::no))"),
    Key::new("comment", "comment = \"…\""),
    Key::new("new", "new"),
    Key::new("crate", "crate = \"path::to::orm\""),
];

const INDEX: &[Key] = &[
    Key::new("name", "name = \"ix_name\""),
    Key::new("columns", "columns(a, b)"),
    Key::new("unique", "unique"),
];

const UNIQUE: &[Key] = &[Key::new("name", "name = \"uq_name\""), Key::new("columns", "columns(a, b)")];

const CHECK: &[Key] = &[Key::new("name", "name = \"ck_name\""), Key::new("sql", "sql = \"a < b\"")];

const FOREIGN_KEY: &[Key] = &[
    Key::new("name", "name = \"fk_name\""),
    Key::new("columns", "columns(order_id, line_no)"),
    Key::new("references", "references(Order::id, Order::no)"),
    Key::new("on_delete", "on_delete = \"cascade\""),
    Key::new("on_update", "on_update = \"cascade\""),
];

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

/// An index or a UNIQUE constraint.
pub(crate) struct Index {
    pub(crate) name: Option<LitStr>,
    /// Fields of this struct.
    pub(crate) columns: Vec<Ident>,
    pub(crate) unique: bool,
}

impl Index {
    pub(super) fn of(column: Ident, unique: bool) -> Self {
        Index { name: None, columns: vec![column], unique }
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
            "index" => model.indexes.extend(index(cx, &arg, INDEX, false)),
            "unique" => model.uniques.extend(index(cx, &arg, UNIQUE, true)),
            "check" => model.checks.extend(check(cx, &arg)),
            "foreign_key" => model.foreign_keys.extend(foreign_key(cx, &arg)),
            _ => {}
        }
    }
}

fn index(cx: &Ctxt, arg: &Arg, keys: &'static [Key], unique: bool) -> Option<Index> {
    if !arg.has_keys() {
        return Some(Index { name: None, columns: arg.list(cx)?, unique });
    }
    let mut columns = None;
    let mut index = Index { name: None, columns: Vec::new(), unique };
    for part in arg.keys(cx, keys) {
        match part.key.to_string().as_str() {
            "name" => index.name = part.name(cx),
            "columns" => columns = Some(part.list(cx)?),
            "unique" => index.unique = part.flag(cx).is_some(),
            _ => {}
        }
    }
    match columns {
        Some(columns) => Some(Index { columns, ..index }),
        None => missing(cx, arg, "columns(…)"),
    }
}

fn check(cx: &Ctxt, arg: &Arg) -> Option<Check> {
    if !arg.has_keys() {
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

fn missing<T>(cx: &Ctxt, arg: &Arg, part: &str) -> Option<T> {
    cx.error_at(arg.span(), format!("this `{}` lacks `{part}`", arg.key));
    None
}
