use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Column, Join, Model, same_type, type_path};

/// `User::new(…)`, which takes the columns that must be given.
pub(super) fn new(model: &Model) -> TokenStream {
    let Model { ident, vis, .. } = model;
    let (given, left): (Vec<_>, Vec<_>) =
        model.columns.iter().partition(|column| must_be_given(model, column));
    let arguments = given.iter().map(|column| {
        let (ident, ty) = (&column.ident, column.value_type());
        if is_primitive(column) {
            quote!(#ident: #ty)
        } else {
            quote!(#ident: impl ::core::convert::Into<#ty>)
        }
    });
    let values = given.iter().map(|column| {
        let ident = &column.ident;
        if let Some(ty) = column.deferred_type() {
            let value = quote!(::core::convert::Into::<#ty>::into(#ident));
            quote!(#ident: ::core::convert::Into::into(#value))
        } else if is_primitive(column) {
            quote!(#ident)
        } else {
            quote!(#ident: ::core::convert::Into::into(#ident))
        }
    });
    let left = left
        .iter()
        .map(|c| &c.ident)
        .chain(model.properties.iter().map(|p| &p.ident))
        .chain(model.relationships.iter().map(|r| &r.ident))
        .chain(&model.unread);
    let doc =
        format!(" A new `{ident}` from the columns that must be given; everything else is at its default.");
    quote! {
        #[allow(dead_code, clippy::too_many_arguments)]
        impl #ident {
            #[doc = #doc]
            #vis fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #(#left: ::core::default::Default::default(),)* }
            }
        }
    }
}

/// Whether nobody but the caller knows the value: it is not null, has no default, is not generated, and no
/// relationship carries it from a parent.
fn must_be_given(model: &Model, column: &Column) -> bool {
    let counted = column.counted().is_some() || (model.counts_up(column) && is_integer(column));
    !(column.is_option()
        || column.is_auto()
        || column.version.is_some()
        || column.has_default()
        || counted
        || is_carried(model, column))
}

/// Whether a to-one relationship of this struct goes by the column's foreign key.
fn is_carried(model: &Model, column: &Column) -> bool {
    let mut keys = model.foreign_keys.iter().filter(|key| key.columns.contains(&column.ident));
    keys.any(|key| {
        model.relationships.iter().filter(|r| !r.to_many && r.view_only.is_none()).any(|relationship| {
            let same_target = relationship
                .target_path()
                .zip(key.target())
                .is_some_and(|(path, target)| same_type(path, target));
            same_target
                && match &relationship.join {
                    Join::Direct(None) => true,
                    Join::Direct(Some(named)) => {
                        let mut columns = key.columns.iter().filter_map(|field| model.column(field));
                        same_type(&named.table, &model.ident.clone().into())
                            && columns.any(|column| column.accessor == named.column)
                    }
                    Join::Secondary { .. } => false,
                }
        })
    })
}

fn is_integer(column: &Column) -> bool {
    named(column, &["i16", "i32", "i64"])
}

/// What a literal gives directly: `impl Into<f64>` would only stand in the way of inference.
fn is_primitive(column: &Column) -> bool {
    named(column, &["bool", "i16", "i32", "i64", "f32", "f64"])
}

fn named(column: &Column, names: &[&str]) -> bool {
    type_path(column.value_type())
        .and_then(|path| path.get_ident())
        .is_some_and(|ident| names.iter().any(|n| ident == n))
}
