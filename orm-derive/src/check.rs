//! What can be judged from one struct alone; what needs the types of others is left to the compiler, which the
//! emitted assertions ask.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use quote::quote;
use syn::LitStr;

use crate::ctxt::Ctxt;
use crate::model::{
    Action, Cascade, Column, IdentityOptions, Index, IndexColumn, Indexed, Join, Model, Relationship,
    SET_NULL, plain, same_type,
};

/// As many as the library's `EntityKey` is implemented for.
const MAX_KEY: usize = 5;

pub(crate) fn check(cx: &Ctxt, model: &Model) {
    primary_key(cx, model);
    names(cx, model);
    versions(cx, model);
    for column in &model.columns {
        check_column(cx, column);
    }
    for index in &model.indexes {
        check_index(cx, model, index);
    }
    for unique in &model.uniques {
        check_fields(cx, model, "unique", &unique.columns);
    }
    for key in &model.foreign_keys {
        for column in key.columns.iter().filter_map(|field| model.column(field)) {
            if column.deferred_type().is_some() {
                let ident = &column.ident;
                cx.error(&column.ty, format!("`{ident}` is a foreign key, by which relationships are loaded: take the `Deferred` off"));
            }
        }
        check_fields(cx, model, "foreign_key", &key.columns);
        set_null(cx, model, key.options.on_delete, &key.columns);
        set_null(cx, model, key.options.on_update, &key.columns);
    }
    for relationship in &model.relationships {
        check_relationship(cx, model, relationship);
    }
}

fn primary_key(cx: &Ctxt, model: &Model) {
    let ident = &model.ident;
    let was_clean = cx.is_clean();
    let mut count = 0;
    for column in model.primary_key() {
        count += 1;
        if column.is_option() {
            let field = &column.ident;
            cx.error(&column.ty, format!("the primary key `{field}` cannot be NULL: take the `Option` off"));
        }
        if count == MAX_KEY + 1 {
            cx.error(&column.ident, format!("a primary key has {MAX_KEY} columns at most"));
        }
    }
    // A mark that could not be read was reported already.
    if count > 0 || !was_clean {
        return;
    }
    if model.columns.is_empty() {
        cx.error(ident, format!("`{ident}` has no column; give it at least a `#[column(primary_key)]`"));
    } else {
        let message = format!(
            "`{ident}` has no primary key, by which the session tells its rows apart; mark a field `#[column(primary_key)]`"
        );
        cx.error(ident, message);
    }
}

/// A row has one version.
fn versions(cx: &Ctxt, model: &Model) {
    for column in model.columns.iter().filter(|column| column.version.is_some()).skip(1) {
        if let Some(version) = &column.version {
            cx.error_at(version.span, "a row has one `version`, and another column is it already");
        }
    }
}

/// No name stands for two things.
fn names(cx: &Ctxt, model: &Model) {
    let mut columns = HashMap::new();
    for column in &model.columns {
        if let Some(other) = columns.insert(column.name.to_lowercase(), &column.ident) {
            let (name, ident) = (&column.name, &column.ident);
            cx.error_at(
                column.name_span,
                format!(
                    "`{other}` and `{ident}` are both the column `{name}`; give one of them another `name`"
                ),
            );
        }
    }
    for property in &model.properties {
        if let Some(column) = columns.get(&property.name.to_lowercase()) {
            let (name, ident) = (&property.name, &property.ident);
            cx.error(ident, format!("`{column}` is the column `{name}`; give the property another name"));
        }
    }
    let accessors = model.columns.iter().map(|c| (&c.accessor, &c.ident));
    let accessors = accessors.chain(model.properties.iter().map(|p| (&p.accessor, &p.ident)));
    let mut seen: HashMap<String, &Ident> = HashMap::new();
    for (accessor, field) in accessors.chain(model.relationships.iter().map(|r| (&r.accessor, &r.ident))) {
        if let Some(other) = seen.insert(plain(accessor), field) {
            cx.error(accessor, format!("`{other}` and `{field}` have one accessor, `{accessor}`"));
        }
    }
}

fn check_column(cx: &Ctxt, column: &Column) {
    let ident = &column.ident;
    if let (None, Some((_, span))) = (&column.precision, &column.scale) {
        cx.error_at(*span, "`scale` is the part of `precision` behind the point: add `precision = …`");
    }
    if let (Some((precision, _)), Some((scale, span))) = (&column.precision, &column.scale)
        && scale > precision
    {
        cx.error_at(*span, format!("`scale` cannot be more than `precision`, which is {precision}"));
    }
    for (key, number) in [("length", column.length), ("bits", column.bits)] {
        if let Some((0, span)) = number {
            cx.error_at(span, format!("`{key}` is at least 1"));
        }
    }
    if let (Some(_), Some((_, span))) = (column.length, column.bits) {
        cx.error_at(span, "`bits` is a fixed number, and `length` the greatest of a changing one: keep one");
    }
    if let (None, Some(span)) = (&column.computed, column.is_virtual) {
        cx.error_at(span, "`virtual` says how a value is `computed`: add `computed = \"SQL\"`");
    }
    if column.deferred_type().is_some() {
        let primary_key = column.primary_key.map(|span| ("the primary key", span));
        let version = column.version.as_ref().map(|version| ("the version", version.span));
        for (what, span) in [primary_key, version].into_iter().flatten() {
            cx.error_at(
                span,
                format!("`{ident}` is {what} of its row, which every query reads: take the `Deferred` off"),
            );
        }
    } else {
        let deferred = column.deferred.map(|(_, span)| ("deferred", span));
        let group = column.deferred_group.as_ref().map(|group| ("deferred_group", group.span()));
        for (key, span) in [deferred, group].into_iter().flatten() {
            cx.error_at(
                span,
                format!("`{key}` needs a field that can be absent: make `{ident}` a `Deferred`"),
            );
        }
    }
    let server_default = column.server_default.as_ref().map(|sql| ("server_default", sql.span()));
    let default = column.default.as_ref().map(|default| ("default", default.span()));
    let on_update = column.on_update.as_ref().map(|default| ("on_update", default.span()));
    let counted = column.identity.as_ref().map(|identity| ("identity", identity.span));
    let autoincrement = column.autoincrement.filter(|(on, _)| *on).map(|(_, span)| ("autoincrement", span));
    if column.computed.is_some() {
        for (key, span) in [default, server_default, on_update, counted, autoincrement].into_iter().flatten()
        {
            cx.error_at(span, format!("`{ident}` is `computed` by the database, so it takes no `{key}`"));
        }
    }
    for (counter, _) in counted.iter().chain(&autoincrement) {
        for (key, span) in [default, server_default].into_iter().flatten() {
            cx.error_at(span, format!("`{ident}` is counted up (`{counter}`), so it takes no `{key}`"));
        }
    }
    if let Some(version) = &column.version {
        let primary_key = column.primary_key.map(|span| ("primary_key", span));
        for (key, span) in [primary_key, default, on_update, counted, autoincrement].into_iter().flatten() {
            cx.error_at(span, format!("`{ident}` is the `version` of its row, so it takes no `{key}`"));
        }
        if let (Some(next), Some((key, _))) = (&version.next, server_default) {
            cx.error(next, format!("the database gives `{ident}` by `{key}`: write `version` alone"));
        }
    }
    if let (Some(_), Some((_, span))) = (&column.identity, column.autoincrement) {
        cx.error_at(span, "`identity` and `autoincrement` say the same: keep one");
    }
    if let Some(options) = column.identity.as_ref().and_then(|identity| identity.options.as_ref()) {
        check_identity(cx, options);
    }
}

/// The numbers make a sequence.
fn check_identity(cx: &Ctxt, identity: &IdentityOptions) {
    let IdentityOptions { start, increment, min_value, max_value, cache, .. } = *identity;
    if let Some((0, span)) = increment {
        cx.error_at(span, "`increment` cannot be 0: it would not count");
    }
    if let Some((..1, span)) = cache {
        cx.error_at(span, "`cache` is at least 1");
    }
    if let (Some((least, _)), Some((greatest, span))) = (min_value, max_value)
        && least >= greatest
    {
        cx.error_at(span, format!("`max_value` must be more than `min_value`, which is {least}"));
    }
    if let Some((start, span)) = start {
        match (min_value, max_value) {
            (Some((least, _)), _) if start < least => {
                cx.error_at(span, format!("`start` cannot be less than `min_value`, which is {least}"));
            }
            (_, Some((greatest, _))) if start > greatest => {
                cx.error_at(span, format!("`start` cannot be more than `max_value`, which is {greatest}"));
            }
            _ => {}
        }
    }
}

fn check_index(cx: &Ctxt, model: &Model, index: &Index) {
    for (i, column) in index.columns.iter().enumerate() {
        if let Some((0, span)) = column.length {
            cx.error_at(span, "`length` is at least 1");
        }
        match &column.indexed {
            Indexed::Field(field) => {
                // One column may be kept in several orders.
                let order = |c: &IndexColumn| {
                    [&c.operator_class, &c.collation].map(|o| o.as_ref().map(LitStr::value))
                };
                let again = |c: &IndexColumn| c.field() == Some(field) && order(c) == order(column);
                if check_field(cx, model, field) && index.columns[..i].iter().any(again) {
                    cx.error(field, format!("`{field}` stands twice in this `index`"));
                }
            }
            Indexed::Expression(sql) if sql.value().trim().is_empty() => {
                cx.error(sql, "an expression cannot be empty");
            }
            Indexed::Expression(_) => {
                if let Some((_, span)) = column.length {
                    cx.error_at(
                        span,
                        "`length` keeps the first part of a column; an expression says so itself",
                    );
                }
            }
        }
    }
    check_fields(cx, model, "include", &index.include);
    for field in &index.include {
        if index.columns.iter().any(|column| column.field() == Some(field)) {
            cx.error(field, format!("`{field}` is in the index already: take it out of `include`"));
        }
    }
    if let (false, Some(span)) = (index.unique, index.nulls_not_distinct) {
        cx.error_at(span, "`nulls_not_distinct` is for values that must differ: add `unique`");
    }
}

/// The idents are columns of this struct, each once.
fn check_fields(cx: &Ctxt, model: &Model, what: &str, fields: &[Ident]) {
    for (i, field) in fields.iter().enumerate() {
        if check_field(cx, model, field) && fields[..i].contains(field) {
            cx.error(field, format!("`{field}` stands twice in this `{what}`"));
        }
    }
}

/// Whether the ident is a column of this struct, as it must be.
fn check_field(cx: &Ctxt, model: &Model, field: &Ident) -> bool {
    let is_column = model.column(field).is_some();
    if !is_column {
        let list = model.columns.iter().map(|c| format!("`{}`", c.ident)).collect::<Vec<_>>().join(", ");
        let ident = &model.ident;
        let relationship = model.relationships.iter().any(|r| r.ident == *field);
        let hint = if relationship { " (it is a relationship)" } else { "" };
        cx.error(field, format!("`{ident}` has no column field `{field}`{hint}; it has {list}"));
    }
    is_column
}

/// A column that is set to NULL can be NULL.
fn set_null(cx: &Ctxt, model: &Model, action: Option<(Action, Span)>, columns: &[Ident]) {
    let Some((SET_NULL, span)) = action else { return };
    let mut columns = columns.iter().filter_map(|column| model.column(column));
    if let Some(column) = columns.find(|column| column.primary_key.is_some()) {
        let ident = &column.ident;
        cx.error_at(span, format!("`set null` cannot be: `{ident}` belongs to the primary key"));
    }
}

fn check_relationship(cx: &Ctxt, model: &Model, relationship: &Relationship) {
    let ident = &relationship.ident;
    match &relationship.join {
        Join::Direct(None) => ambiguous(cx, model, relationship),
        Join::Direct(Some(key)) => {
            let own = same_type(&key.table, &model.ident.clone().into());
            if own && relationship.to_many && !relationship.leads_to(&model.ident) {
                let target = &relationship.target;
                let target = quote!(#target);
                cx.error(
                    &key.path,
                    format!(
                        "`{ident}` leads to many, so its foreign key is a column of `{target}`, `{target}::…`"
                    ),
                );
            }
        }
        Join::Secondary { .. } => {}
    }
    if let (Some((cascade, span)), Some(("All", _))) = (relationship.cascade, relationship.passive_deletes)
        && cascade.delete
    {
        cx.error_at(
            span,
            "`passive_deletes = \"all\"` leaves all deleting to the database, so the cascade cannot have `delete`",
        );
    }
    if relationship.view_only.is_some() {
        if let Some((cascade, span)) = relationship.cascade
            && cascade
                != (Cascade {
                    merge: cascade.merge,
                    refresh_expire: cascade.refresh_expire,
                    expunge: cascade.expunge,
                    ..Cascade::default()
                })
        {
            cx.error_at(
                span,
                format!("`{ident}` is `viewonly`, so no `save-update`, `delete` or `delete-orphan` reaches its target"),
            );
        }
        let passive = relationship.passive_deletes.map(|(_, span)| ("passive_deletes", span));
        let updates = relationship.passive_updates.map(|(_, span)| ("passive_updates", span));
        let post_update = relationship.post_update.map(|span| ("post_update", span));
        for (key, span) in [passive, updates, post_update].into_iter().flatten() {
            cx.error_at(span, format!("`{ident}` is `viewonly`, so `{key}` has nothing to do"));
        }
    }
}

/// A to-one relationship over one of several foreign keys of this struct.
fn ambiguous(cx: &Ctxt, model: &Model, relationship: &Relationship) {
    let Some(target) = relationship.target_path() else { return };
    let keys: Vec<_> = model.foreign_keys_to(target).collect();
    let to_itself = relationship.leads_to(&model.ident);
    if keys.len() < 2 || (relationship.to_many && !to_itself) {
        return;
    }
    let owner = &model.ident;
    let columns: Vec<_> = keys
        .iter()
        .filter_map(|key| model.column(key.columns.first()?))
        .map(|column| format!("`{owner}::{}`", column.accessor))
        .collect();
    let (list, ident) = (columns.join(", "), &relationship.ident);
    let example = columns.first().map_or("…", |first| first.trim_matches('`'));
    cx.error(
        &relationship.ty,
        format!("`{owner}` has several foreign keys that could carry `{ident}`: {list}; name one, `#[relationship(foreign_key = {example})]`"),
    );
}
