use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{accessor_at, at, index, names, optional, placed};
use crate::attr::ColumnPath;
use crate::model::{Action, Column, DefaultValue, Deferrable, ForeignKey, IdentityOptions, Model};

/// The value of `Mapped::TABLE`, and the lists that it consists of, which stand beside the implementation.
pub(super) fn definition(model: &Model) -> (TokenStream, TokenStream) {
    let columns = model.columns.iter().map(|c| column(model, c));
    let foreign_keys = model.foreign_keys.iter().map(|key| foreign_key(model, key));
    let uniques = model.uniques.iter().map(|unique| {
        let (name, columns) = (optional(unique.name.as_ref()), names(model, &unique.columns));
        let deferrable = unique.deferrable.map(deferrable);
        let nulls = unique.nulls_not_distinct.then(|| quote!(.nulls_not_distinct()));
        quote!(__glue::unique(#name, #columns) #deferrable #nulls)
    });
    let indexes = model.indexes.iter().map(|index| index::definition(model, index));
    let checks = model.checks.iter().map(|check| {
        let (name, sql) = (optional(check.name.as_ref()), &check.sql);
        quote!(__glue::check(#name, #sql))
    });
    let mut lists = quote!(const __COLUMNS: &[__orm::ColumnDef] = &[#(#columns),*];);
    let mut table = quote!(&__glue::table::<Self>(__COLUMNS));
    if let Some(name) = &model.primary_key_name {
        table.extend(quote!(.primary_key_name(#name)));
    }
    let mut list = |items: Vec<TokenStream>, name: &str, ty: &str, setter: &str| {
        if !items.is_empty() {
            let [name, ty, setter] = [name, ty, setter].map(|text| format_ident!("{text}"));
            lists.extend(quote!(const #name: &[__orm::#ty] = &[#(#items),*];));
            table.extend(quote!(.#setter(#name)));
        }
    };
    list(foreign_keys.collect(), "__FOREIGN_KEYS", "ForeignKeyDef", "foreign_keys");
    list(uniques.collect(), "__UNIQUES", "UniqueDef", "uniques");
    list(checks.collect(), "__CHECKS", "CheckDef", "checks");
    list(indexes.collect(), "__INDEXES", "IndexDef", "indexes");
    if let Some(comment) = &model.comment {
        table.extend(quote!(.comment(#comment)));
    }
    (lists, table)
}

fn column(model: &Model, column: &Column) -> TokenStream {
    let Column { ty, name, .. } = column;
    let mut setters = TokenStream::new();
    let mut set = |span: Span, setter: TokenStream| setters.extend(quote_spanned!(at(span)=> .#setter));
    if let Some(span) = column.primary_key {
        set(span, quote!(primary_key()));
    }
    if model.counts_up(column) {
        set(Span::call_site(), quote!(autoincrement_if_integer()));
    }
    if let Some(options) = column.identity.as_ref().and_then(|identity| identity.options.as_ref()) {
        let identity = identity(options);
        set(Span::call_site(), quote!(identity(#identity)));
    } else if let Some(span) = column.counted() {
        set(span, quote_spanned!(at(span)=> autoincrement()));
    }
    if let Some((length, span)) = column.length {
        let length = quote_spanned!(at(span)=> __glue::length::<#ty>(#length));
        set(Span::call_site(), quote!(length(#length)));
    }
    if let Some((bits, span)) = column.bits {
        let bits = quote_spanned!(at(span)=> __glue::bits::<#ty>(#bits));
        set(Span::call_site(), quote!(bits(#bits)));
    }
    if let Some((precision, span)) = column.precision {
        let scale = column.scale.map_or(0, |(scale, _)| scale);
        let precision = quote_spanned!(at(span)=> __glue::decimal_digits::<#ty>(#precision));
        set(Span::call_site(), quote!(numeric(#precision, #scale)));
    }
    if let Some(default) = &column.default {
        let function = default_function(column, default);
        set(Span::call_site(), quote!(default(#function)));
    }
    if let Some(on_update) = &column.on_update {
        let function = default_function(column, on_update);
        set(Span::call_site(), quote!(on_update(#function)));
    }
    if let Some(version) = &column.version {
        let span = at(version.span);
        match &version.next {
            _ if column.is_server_version() => set(version.span, quote_spanned!(span=> server_version())),
            Some(next) => {
                let next = quote_spanned!(at(next.span())=> |v| __glue::next_version::<#ty>(v, #next));
                set(version.span, quote_spanned!(span=> version(#next)));
            }
            None => set(version.span, quote_spanned!(span=> version(__glue::count_version::<#ty>))),
        }
    }
    if let Some(collation) = &column.collation {
        let collation = quote_spanned!(at(collation.span())=> __glue::collation::<#ty>(#collation));
        set(Span::call_site(), quote!(collation(#collation)));
    }
    if let Some((deferred, span)) = column.deferred {
        set(span, quote_spanned!(at(span)=> deferred(#deferred)));
    }
    if let Some(group) = &column.deferred_group {
        set(group.span(), quote_spanned!(at(group.span())=> deferred_group(#group)));
    }
    let computed = if column.is_virtual.is_some() { "computed_virtual" } else { "computed" };
    let texts = [
        ("server_default", &column.server_default),
        (computed, &column.computed),
        ("comment", &column.comment),
    ];
    for (name, text) in texts {
        let name = format_ident!("{name}");
        if let Some(text) = text {
            set(Span::call_site(), quote!(#name(#text)));
        }
    }
    let span = at(ty.span());
    let ty = placed(span, ty);
    let column = quote_spanned!(span=> <#ty as __orm::Field>::COLUMN);
    quote!(__glue::column(#name, #column) #setters)
}

/// An `IdentityDef`.
fn identity(options: &IdentityOptions) -> TokenStream {
    let kind = format_ident!("{}", if options.always { "always" } else { "by_default" });
    let numbers = options.numbers().map(|(setter, number)| {
        let setter = format_ident!("{setter}");
        quote!(.#setter(#number))
    });
    let cycle = options.cycle.then(|| quote!(.cycle()));
    quote!(__orm::IdentityDef::#kind(__orm::Counter::new() #(#numbers)* #cycle))
}

/// `|| value`, typed by the column.
fn default_function(column: &Column, default: &DefaultValue) -> TokenStream {
    let (ty, expr) = (&column.ty, &default.expr);
    let call = default.is_function.then(|| quote!(()));
    let is_closure = matches!(expr, syn::Expr::Closure(_));
    let value = if is_closure { quote!((#expr)()) } else { quote!(#expr #call) };
    quote_spanned!(at(default.span())=> || __glue::default_value::<#ty, _>(#value))
}

fn foreign_key(model: &Model, key: &ForeignKey) -> TokenStream {
    let Some(target) = key.target() else { return TokenStream::new() };
    let columns = names(model, &key.columns);
    let own = key.columns.iter().map(|field| model.column(field));
    let target_columns = key.references.iter().zip(own).map(|(reference, own)| {
        let ColumnPath { path, table, column } = reference;
        // After an error; it was said that there is no such field.
        let Some(own) = own else { return quote!(__orm::Name::Borrowed("")) };
        let own = accessor_at(path.span(), &model.ident, &own.accessor);
        let name = quote_spanned!(at(path.span())=> __orm::assert_foreign_key(#own, #table::#column));
        quote!(__orm::Name::Borrowed(#name))
    });
    let name = key.options.name.as_ref().map(|name| quote!(.name(#name)));
    let on_delete = key.options.on_delete.map(|(action, _)| {
        let action = action_variant(action);
        quote!(.on_delete(#action))
    });
    let on_update = key.options.on_update.map(|(action, _)| {
        let action = action_variant(action);
        quote!(.on_update(#action))
    });
    let deferrable = key.options.deferrable.map(|(when, _)| deferrable(when));
    let match_full = key.options.match_full.map(|_| quote!(.match_full()));
    quote! {
        __glue::foreign_key::<#target>(#columns, &[#(#target_columns),*])
            #name #on_delete #on_update #deferrable #match_full
    }
}

/// The call of a constraint's setter.
fn deferrable(when: Deferrable) -> TokenStream {
    let variant = format_ident!("{when}");
    quote!(.deferrable(__orm::Deferrable::#variant))
}

fn action_variant(action: Action) -> TokenStream {
    let variant = format_ident!("{action}");
    quote!(__orm::ReferentialAction::#variant)
}
