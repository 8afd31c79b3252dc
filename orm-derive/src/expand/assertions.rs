use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::{accessor_at, at, position};
use crate::model::{Model, SET_NULL, type_path};

/// What the compiler is asked, each question at the place in the source that it is about.
pub(super) fn all(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let mut out = TokenStream::new();
    let mut assert =
        |span: Span, call: TokenStream| out.extend(quote_spanned!(at(span)=> const _: () = #call;));
    for key in &model.foreign_keys {
        for (action, span) in [key.options.on_delete, key.options.on_update].into_iter().flatten() {
            if action == SET_NULL {
                let columns = key.columns.iter().filter_map(|field| model.column(field));
                for ty in columns.map(|column| &column.ty) {
                    assert(span, quote_spanned!(at(span)=> __glue::assert_set_null::<#ty>()));
                }
            }
        }
    }
    for column in &model.columns {
        let ty = &column.ty;
        let mut ask = |span: Span, question: &str| {
            let question = Ident::new(question, at(span));
            assert(span, quote_spanned!(at(span)=> __glue::#question::<#ty>()));
        };
        if column.primary_key.is_some() {
            ask(ty.span(), "assert_key");
        }
        let counted = column.counted();
        if let Some(span) = counted {
            ask(span, "assert_integer");
        }
        if let Some(version) = &column.version
            && version.next.is_none()
            && !column.is_server_version()
        {
            ask(version.span, "assert_version");
        }
        let lone_key = column.primary_key.is_some() && model.primary_key().count() == 1;
        if column.has_default() || column.on_update.is_some() || (counted.is_some() && !lone_key) {
            assert(ty.span(), quote_spanned!(at(ty.span())=> __orm::requires_auto::<#ty>()));
        }
    }
    for (i, relationship) in model.relationships.iter().enumerate() {
        if let (Some(other), Some(target)) = (&relationship.back_populates, type_path(&relationship.target)) {
            let span = other.span();
            let own = accessor_at(span, ident, &relationship.accessor);
            let call = quote_spanned!(at(span)=> __glue::assert_both_sides(&#own, &#target::#other));
            assert(span, call);
        }
        if let Some((cascade, span)) = relationship.cascade
            && cascade.delete_orphan
        {
            let i = position(i);
            let call = quote_spanned! {at(span)=>
                __orm::assert_delete_orphan(&__RELATIONSHIPS[#i])
            };
            assert(span, call);
        }
    }
    out
}
