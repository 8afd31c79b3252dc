use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, Field, LitStr, Type, Visibility};

use super::table::{self, Deferrable, deferrable};
use super::{Check, ForeignKey, Identity, Index, Model, Unique, accessor, plain, type_argument};
use crate::attr::{self, Arg, Key};
use crate::ctxt::Ctxt;

const KEYS: &[Key] = &[
    Key::new("primary_key", "primary_key"),
    Key::new("name", "name = \"column_name\""),
    Key::new("length", "length = 30"),
    Key::new("bits", "bits = 8"),
    Key::new("precision", "precision = 10"),
    Key::new("scale", "scale = 2"),
    Key::new("unique", "unique"),
    Key::new("index", "index"),
    Key::new("foreign_key", "foreign_key = User::id"),
    Key::new("on_delete", "on_delete = \"cascade\""),
    Key::new("on_update", "on_update = \"cascade\"` for a foreign key, or `on_update = function"),
    Key::new("deferrable", "deferrable = \"deferred\""),
    Key::new("match_full", "match_full"),
    Key::new("check", "check = \"SQL\"` or `check(name = \"ck\", sql = \"SQL\")"),
    Key::new("default", "default = function"),
    Key::new("version", "version` or `version = function"),
    Key::new("server_default", "server_default = \"SQL\""),
    Key::new("computed", "computed = \"SQL\""),
    Key::new("virtual", "virtual"),
    Key::new("identity", "identity` or `identity(start = 100, increment = 5)"),
    Key::new("autoincrement", "autoincrement = false"),
    Key::new("collation", "collation = \"C\""),
    Key::new("deferred", "deferred = false"),
    Key::new("deferred_group", "deferred_group = \"group\""),
    Key::new("comment", "comment = \"…\""),
    Key::new("accessor", "accessor = other_name"),
];

/// A field that is a column.
pub(crate) struct Column {
    pub(crate) ident: Ident,
    /// The name of its constant.
    pub(crate) accessor: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The name in the database.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) name_span: Span,
    pub(crate) primary_key: Option<Span>,
    pub(crate) length: Option<(u32, Span)>,
    pub(crate) bits: Option<(u32, Span)>,
    pub(crate) precision: Option<(u8, Span)>,
    pub(crate) scale: Option<(u8, Span)>,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) on_update: Option<DefaultValue>,
    pub(crate) version: Option<Version>,
    pub(crate) server_default: Option<LitStr>,
    pub(crate) computed: Option<LitStr>,
    /// Whether the computed value is not stored.
    pub(crate) is_virtual: Option<Span>,
    pub(crate) identity: Option<Identity>,
    pub(crate) autoincrement: Option<(bool, Span)>,
    pub(crate) collation: Option<LitStr>,
    /// Whether it is left out of queries, where that is said.
    pub(crate) deferred: Option<(bool, Span)>,
    pub(crate) deferred_group: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
}

/// What gives a value in Rust: a function to call, or a literal.
pub(crate) struct DefaultValue {
    pub(crate) expr: Expr,
    pub(crate) is_function: bool,
}

/// The version of an optimistic lock.
pub(crate) struct Version {
    pub(crate) span: Span,
    /// What makes it of the one before; else it counts up, or the database gives it.
    pub(crate) next: Option<Expr>,
}

/// `on_update` has two meanings, told apart by their form.
enum OnUpdate {
    Action(Action),
    Default(DefaultValue),
}

/// `on_delete` or `on_update` of a foreign key: a variant of `ReferentialAction`.
pub(crate) type Action = &'static str;

pub(crate) const SET_NULL: Action = "SetNull";

const ACTIONS: &[(&str, Action)] = &[
    ("cascade", "Cascade"),
    ("set null", SET_NULL),
    ("set default", "SetDefault"),
    ("restrict", "Restrict"),
    ("no action", "NoAction"),
];

/// What may follow a foreign key.
#[derive(Clone, Default)]
pub(crate) struct ForeignKeyOptions {
    pub(crate) name: Option<LitStr>,
    pub(crate) on_delete: Option<(Action, Span)>,
    pub(crate) on_update: Option<(Action, Span)>,
    pub(crate) deferrable: Option<(Deferrable, Span)>,
    pub(crate) match_full: Option<Span>,
}

pub(super) fn args(cx: &Ctxt, field: &Field) -> Option<Vec<Arg>> {
    attr::args(cx, &field.attrs, "column", KEYS)
}

pub(super) fn action(cx: &Ctxt, arg: &Arg) -> Option<(Action, Span)> {
    let span = arg.string(cx)?.span();
    Some((arg.word(cx, ACTIONS)?, span))
}

impl OnUpdate {
    fn parse(cx: &Ctxt, arg: &Arg) -> Option<(Self, Span)> {
        if matches!(arg.expr(), Some(Expr::Path(_))) {
            return Some((OnUpdate::Default(DefaultValue::parse(cx, arg)?), arg.span()));
        }
        let (action, span) = action(cx, arg)?;
        Some((OnUpdate::Action(action), span))
    }
}

impl Version {
    fn parse(cx: &Ctxt, arg: &Arg) -> Option<Self> {
        let span = arg.span();
        match arg.expr() {
            None => Some(Version { span: arg.flag(cx)?, next: None }),
            Some(Expr::Path(_) | Expr::Closure(_)) => Some(Version { span, next: Some(arg.value(cx)?) }),
            Some(other) => {
                cx.error(other, "`version` takes the name of a function `fn(Option<T>) -> T`");
                None
            }
        }
    }
}

impl DefaultValue {
    pub(crate) fn span(&self) -> Span {
        self.expr.span()
    }

    fn parse(cx: &Ctxt, arg: &Arg) -> Option<Self> {
        let expr = arg.value(cx)?;
        let is_function = matches!(expr, Expr::Path(_) | Expr::Closure(_));
        let is_literal = match &expr {
            Expr::Lit(_) => true,
            Expr::Unary(unary) => matches!(*unary.expr, Expr::Lit(_)),
            _ => false,
        };
        if !is_function && !is_literal {
            cx.error(&expr, format!("`{}` takes the name of a function, or a literal", arg.key));
            return None;
        }
        Some(DefaultValue { expr, is_function })
    }
}

impl Column {
    pub(super) fn parse(cx: &Ctxt, model: &mut Model, field: &Field, ident: &Ident, args: Vec<Arg>) {
        let inside = type_argument(&field.ty, "Option");
        if inside.is_some_and(|inside| type_argument(inside, "Option").is_some()) {
            cx.error(&field.ty, format!("`{ident}` is NULL or it is not: take one `Option` off"));
            model.unread.push(ident.clone());
            return;
        }
        let mut column = Column {
            ident: ident.clone(),
            accessor: ident.clone(),
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            name: plain(ident),
            name_span: ident.span(),
            primary_key: None,
            length: None,
            bits: None,
            precision: None,
            scale: None,
            default: None,
            on_update: None,
            version: None,
            server_default: None,
            computed: None,
            is_virtual: None,
            identity: None,
            autoincrement: None,
            collation: None,
            deferred: None,
            deferred_group: None,
            comment: None,
        };
        let mut given_accessor = None;
        let mut foreign_key = None;
        let mut options = ForeignKeyOptions::default();
        let mut unique = None;
        let mut index = None;
        for arg in args {
            match arg.key.to_string().as_str() {
                "primary_key" => column.primary_key = arg.flag(cx),
                "name" => {
                    if let Some(name) = arg.name(cx) {
                        column.name = name.value();
                        column.name_span = name.span();
                    }
                }
                "length" => column.length = arg.integer(cx),
                "bits" => column.bits = arg.integer(cx),
                "precision" => column.precision = arg.integer(cx),
                "scale" => column.scale = arg.integer(cx),
                "unique" => unique = arg.flag(cx),
                "index" => index = arg.flag(cx),
                "foreign_key" => foreign_key = arg.column(cx),
                "on_delete" => options.on_delete = action(cx, &arg),
                "on_update" => match OnUpdate::parse(cx, &arg) {
                    Some((OnUpdate::Action(action), span)) => options.on_update = Some((action, span)),
                    Some((OnUpdate::Default(default), _)) => column.on_update = Some(default),
                    None => {}
                },
                "deferrable" => options.deferrable = deferrable(cx, &arg),
                "match_full" => options.match_full = arg.flag(cx),
                "check" if arg.is_list() => model.checks.extend(table::check(cx, &arg)),
                "check" => model.checks.extend(arg.name(cx).map(|sql| Check { name: None, sql })),
                "default" => column.default = DefaultValue::parse(cx, &arg),
                "version" => column.version = Version::parse(cx, &arg),
                "server_default" => column.server_default = arg.name(cx),
                "computed" => column.computed = arg.name(cx),
                "virtual" => column.is_virtual = arg.flag(cx),
                "identity" => column.identity = Identity::parse(cx, &arg),
                "autoincrement" => column.autoincrement = arg.boolean(cx),
                "collation" => column.collation = arg.name(cx),
                "deferred" => column.deferred = arg.boolean(cx),
                "deferred_group" => column.deferred_group = arg.name(cx),
                "comment" => column.comment = arg.string(cx),
                "accessor" => given_accessor = arg.ident(cx),
                _ => {}
            }
        }
        column.accessor = accessor(ident, given_accessor);
        match foreign_key {
            Some(path) => {
                model.foreign_keys.push(ForeignKey {
                    columns: vec![ident.clone()],
                    references: vec![path],
                    options,
                });
            }
            None => column.refuse_options(cx, &options),
        }
        match (index, unique) {
            (Some(_), _) => model.indexes.push(Index::of(ident.clone(), unique.is_some())),
            (None, Some(_)) => model.uniques.push(Unique::of(vec![ident.clone()])),
            (None, None) => {}
        }
        model.columns.push(column);
    }

    /// The options are those of a foreign key.
    fn refuse_options(&self, cx: &Ctxt, options: &ForeignKeyOptions) {
        let ident = &self.ident;
        let given = [
            ("on_delete", options.on_delete.map(|(_, span)| span)),
            ("on_update", options.on_update.map(|(_, span)| span)),
            ("deferrable", options.deferrable.map(|(_, span)| span)),
            ("match_full", options.match_full),
        ];
        for (key, span) in given {
            if let Some(span) = span {
                cx.error_at(
                    span,
                    format!("`{key}` needs a foreign key, and `{ident}` has none; add `foreign_key = Table::column`"),
                );
            }
        }
    }

    /// Where it is said that the database counts it up.
    pub(crate) fn counted(&self) -> Option<Span> {
        let identity = self.identity.as_ref().map(|identity| identity.span);
        identity.or(self.autoincrement.and_then(|(on, span)| on.then_some(span)))
    }

    /// Whether the database gives its version.
    pub(crate) fn is_server_version(&self) -> bool {
        let has_server_value = self.server_default.is_some() || self.computed.is_some();
        has_server_value && self.version.as_ref().is_some_and(|version| version.next.is_none())
    }

    /// Whether the value may come from a default.
    pub(crate) fn has_default(&self) -> bool {
        self.default.is_some() || self.server_default.is_some() || self.computed.is_some()
    }

    /// Whether the field is written as an `Option`.
    pub(crate) fn is_option(&self) -> bool {
        type_argument(self.value_type(), "Option").is_some()
    }

    /// The type of the value in a `Deferred`, if the field is written as one.
    pub(crate) fn deferred_type(&self) -> Option<&Type> {
        type_argument(&self.ty, "Deferred")
    }

    /// The type of its values: of what is inside of a `Deferred`.
    pub(crate) fn value_type(&self) -> &Type {
        self.deferred_type().unwrap_or(&self.ty)
    }

    /// Whether the field is written as an `Auto`.
    pub(crate) fn is_auto(&self) -> bool {
        type_argument(&self.ty, "Auto").is_some()
    }
}
