use proc_macro2::{Ident, Span};
use syn::{Expr, ExprPath, Field, LitStr, Path, Type, Visibility};

use super::{accessor, same_type, type_argument, type_path};
use crate::attr::{self, Arg, ColumnPath, ungroup};
use crate::ctxt::Ctxt;

const KEYS: &[attr::Key] = &[
    attr::Key::new("back_populates", "back_populates = field_of_the_other_struct"),
    attr::Key::new("foreign_key", "foreign_key = Address::user_id"),
    attr::Key::new("secondary", "secondary = UserGroup"),
    attr::Key::new("source_key", "source_key = UserGroup::user_id"),
    attr::Key::new("target_key", "target_key = UserGroup::group_id"),
    attr::Key::new("cascade", "cascade = \"all, delete-orphan\""),
    attr::Key::new("order_by", "order_by = Address::id` or `order_by(Address::id, Address::name.desc())"),
    attr::Key::new("lazy", "lazy = \"selectin\""),
    attr::Key::new("innerjoin", "innerjoin"),
    attr::Key::new("passive_deletes", "passive_deletes` or `passive_deletes = \"all\""),
    attr::Key::new("passive_updates", "passive_updates = false"),
    attr::Key::new("viewonly", "viewonly"),
    attr::Key::new("single_parent", "single_parent"),
    attr::Key::new("post_update", "post_update"),
    attr::Key::new("accessor", "accessor = other_name"),
];

/// A field that is a relationship.
pub(crate) struct Relationship {
    pub(crate) ident: Ident,
    /// The name of its constant.
    pub(crate) accessor: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The struct that it leads to.
    pub(crate) target: Type,
    pub(crate) to_many: bool,
    pub(crate) join: Join,
    pub(crate) back_populates: Option<Ident>,
    pub(crate) cascade: Option<(Cascade, Span)>,
    pub(crate) order_by: Vec<Order>,
    /// A variant of `Lazy`.
    pub(crate) lazy: Option<&'static str>,
    /// Whether it is a `WriteOnly<T>`.
    pub(crate) write_only: bool,
    pub(crate) inner_join: Option<Span>,
    /// A variant of `PassiveDeletes`.
    pub(crate) passive_deletes: Option<(&'static str, Span)>,
    pub(crate) passive_updates: Option<(bool, Span)>,
    pub(crate) view_only: Option<Span>,
    pub(crate) single_parent: Option<Span>,
    pub(crate) post_update: Option<Span>,
}

/// How the rows are joined.
pub(crate) enum Join {
    /// By the foreign key between the two structs, or by the one that is named.
    Direct(Key),
    /// Through a link table, by its keys to the source and to the target.
    Secondary { link: Path, source: Key, target: Key },
}

/// A foreign key: the only one there is, or the one with that column.
pub(crate) type Key = Option<ColumnPath>;

pub(crate) struct Order {
    pub(crate) column: ColumnPath,
    pub(crate) descending: bool,
}

/// `cascade = "…"`, by the fields of the library's `Cascade`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cascade {
    pub(crate) save_update: bool,
    pub(crate) merge: bool,
    pub(crate) delete: bool,
    pub(crate) delete_orphan: bool,
    pub(crate) refresh_expire: bool,
    pub(crate) expunge: bool,
}

impl Cascade {
    pub(crate) const ALL: Cascade = Cascade {
        save_update: true,
        merge: true,
        delete: true,
        delete_orphan: false,
        refresh_expire: true,
        expunge: true,
    };

    fn parse(cx: &Ctxt, literal: &LitStr) -> Option<Self> {
        type Set = fn(&mut Cascade);
        const WORDS: &[(&str, Set)] = &[
            ("save-update", |c| c.save_update = true),
            ("merge", |c| c.merge = true),
            ("delete", |c| c.delete = true),
            ("delete-orphan", |c| c.delete_orphan = true),
            ("refresh-expire", |c| c.refresh_expire = true),
            ("expunge", |c| c.expunge = true),
            ("all", |c| *c = Cascade { delete_orphan: c.delete_orphan, ..Cascade::ALL }),
            ("none", |c| *c = Cascade::default()),
        ];
        let text = literal.value();
        let mut cascade = Cascade::default();
        let mut valid = true;
        for text in text.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            match attr::word(cx, literal, text, WORDS) {
                Some(set) => set(&mut cascade),
                None => valid = false,
            }
        }
        if valid && cascade.delete_orphan && !cascade.delete {
            cx.error(literal, "`delete-orphan` needs `delete` beside it: `cascade = \"all, delete-orphan\"`");
            return None;
        }
        valid.then_some(cascade)
    }
}

pub(super) fn args(cx: &Ctxt, field: &Field) -> Option<Vec<Arg>> {
    attr::args(cx, &field.attrs, "relationship", KEYS)
}

impl Relationship {
    pub(super) fn parse(cx: &Ctxt, field: &Field, ident: &Ident, args: Vec<Arg>) -> Option<Self> {
        let Some((target, kind)) = target(&field.ty) else {
            cx.error(
                &field.ty,
                format!(
                    "the relationship `{ident}` must be a `Many<T>`, a `One<T>`, a `One<Option<T>>` or a `WriteOnly<T>`"
                ),
            );
            return None;
        };
        let mut relationship = Relationship {
            ident: ident.clone(),
            accessor: ident.clone(),
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            target,
            to_many: kind != "One",
            join: Join::Direct(None),
            back_populates: None,
            cascade: None,
            order_by: Vec::new(),
            lazy: None,
            write_only: kind == "WriteOnly",
            inner_join: None,
            passive_deletes: None,
            passive_updates: None,
            view_only: None,
            single_parent: None,
            post_update: None,
        };
        let mut given_accessor = None;
        let (mut foreign_key, mut secondary, mut source_key, mut target_key) = (None, None, None, None);
        for arg in args {
            match arg.key.to_string().as_str() {
                "back_populates" => relationship.back_populates = arg.ident(cx),
                "foreign_key" => foreign_key = arg.column(cx),
                "secondary" => secondary = arg.path(cx),
                "source_key" => source_key = arg.column(cx),
                "target_key" => target_key = arg.column(cx),
                "cascade" => relationship.cascade = cascade(cx, &arg),
                "order_by" => relationship.order_by = order_by(cx, &arg),
                "lazy" => {
                    relationship.lazy = arg.word(cx, LAZY).filter(|lazy| fits(cx, &arg, kind, lazy));
                }
                "innerjoin" => relationship.inner_join = arg.flag(cx),
                "passive_deletes" => relationship.passive_deletes = passive_deletes(cx, &arg),
                "passive_updates" => relationship.passive_updates = arg.boolean(cx),
                "viewonly" => relationship.view_only = arg.flag(cx),
                "single_parent" => relationship.single_parent = arg.flag(cx),
                "post_update" => relationship.post_update = arg.flag(cx),
                "accessor" => given_accessor = arg.ident(cx),
                _ => {}
            }
        }
        if let Some(span) = relationship.inner_join.filter(|_| relationship.lazy != Some("Joined")) {
            cx.error_at(span, "`innerjoin` says how `lazy = \"joined\"` joins: write both, or leave it off");
        }
        if relationship.write_only {
            relationship.lazy = Some("WriteOnly");
        }
        relationship.accessor = accessor(ident, given_accessor);
        relationship.join = match secondary {
            Some(link) => {
                if let Some(path) = &foreign_key {
                    cx.error(
                        &path.path,
                        "`foreign_key` does not go with `secondary`: name the keys of the link table by `source_key` and `target_key`",
                    );
                }
                Join::Secondary { link, source: source_key, target: target_key }
            }
            None => {
                for key in source_key.iter().chain(&target_key) {
                    cx.error(
                        &key.path,
                        "`source_key` and `target_key` are keys of a link table: add `secondary = LinkTable`",
                    );
                }
                Join::Direct(foreign_key)
            }
        };
        Some(relationship)
    }

    /// `Many`, `One` or `WriteOnly`, for the type of a field that can be nothing else than a relationship.
    pub(crate) fn kind(ty: &Type) -> Option<&'static str> {
        KINDS.into_iter().find(|name| type_argument(ty, name).is_some())
    }

    /// The path of the struct that it leads to.
    pub(crate) fn target_path(&self) -> Option<&Path> {
        type_path(&self.target)
    }

    /// Whether it leads to `ident` itself.
    pub(crate) fn leads_to(&self, ident: &Ident) -> bool {
        self.target_path().is_some_and(|path| same_type(path, &ident.clone().into()))
    }
}

const KINDS: [&str; 3] = ["Many", "One", "WriteOnly"];

const LAZY: &[(&str, &str)] = &[
    ("select", "Select"),
    ("joined", "Joined"),
    ("selectin", "Selectin"),
    ("subquery", "Subquery"),
    ("immediate", "Immediate"),
    ("raise", "Raise"),
    ("raise_on_sql", "RaiseOnSql"),
    ("noload", "NoLoad"),
    ("write_only", "WriteOnly"),
];

/// Whether a field of that type can be loaded so; where it cannot, that is reported.
fn fits(cx: &Ctxt, arg: &Arg, kind: &str, lazy: &str) -> bool {
    let wrong = match (kind, lazy) {
        ("WriteOnly", "WriteOnly") => return true,
        ("WriteOnly", _) => {
            "a `WriteOnly<T>` is never loaded: leave `lazy` off, or make the field a `Many<T>`"
        }
        (_, "WriteOnly") => "a collection that is never loaded is a field of the type `WriteOnly<T>`",
        _ => return true,
    };
    cx.error_at(arg.span(), wrong);
    false
}

/// The struct that a field leads to, and the type that it does so by.
fn target(ty: &Type) -> Option<(Type, &'static str)> {
    let kind = Relationship::kind(ty)?;
    let target = type_argument(ty, kind)?;
    let target = if kind == "One" { type_argument(target, "Option").unwrap_or(target) } else { target };
    Some((target.clone(), kind))
}

fn cascade(cx: &Ctxt, arg: &Arg) -> Option<(Cascade, Span)> {
    let literal = arg.string(cx)?;
    Some((Cascade::parse(cx, &literal)?, literal.span()))
}

fn passive_deletes(cx: &Ctxt, arg: &Arg) -> Option<(&'static str, Span)> {
    if arg.expr().is_some() {
        return Some((arg.word(cx, &[("all", "All")])?, arg.span()));
    }
    Some(("Yes", arg.flag(cx)?))
}

fn order_by(cx: &Ctxt, arg: &Arg) -> Vec<Order> {
    let exprs = match arg.expr() {
        Some(expr) => vec![expr.clone()],
        None => arg.list::<Expr>(cx).unwrap_or_default(),
    };
    exprs.iter().filter_map(|expr| order(cx, ungroup(expr))).collect()
}

fn order(cx: &Ctxt, expr: &Expr) -> Option<Order> {
    let (column, descending) = match expr {
        Expr::MethodCall(call) if call.args.is_empty() && call.method == "desc" => (&*call.receiver, true),
        Expr::MethodCall(call) if call.args.is_empty() && call.method == "asc" => (&*call.receiver, false),
        _ => (expr, false),
    };
    let path = match ungroup(column) {
        Expr::Path(ExprPath { qself: None, path, .. }) => ColumnPath::new(path.clone()),
        _ => None,
    };
    if path.is_none() {
        cx.error(expr, "expected a column, `Address::id`, `Address::id.asc()` or `Address::id.desc()`");
    }
    Some(Order { column: path?, descending })
}
