use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{at, optional, placed, position, relationships, table};
use crate::model::{Model, plain};

/// `impl Mapped`
pub(super) fn implementation(model: &Model, is_clean: bool) -> TokenStream {
    let Model { ident, table: name, .. } = model;
    let rust_name = plain(ident);
    let key = key(model);
    let schema = optional(model.schema.as_ref());
    let (lists, table) = table::definition(model);
    let relationships = relationships::definitions(model, is_clean);
    let list = if model.relationships.is_empty() { quote!(&[]) } else { quote!(__RELATIONSHIPS) };
    let decode = decode(model);
    let value = value(model);
    let put = put(model);
    let relation = relation(model);
    quote! {
        #lists
        #relationships
        #[automatically_derived]
        impl __orm::Mapped for #ident {
            type Key = #key;
            const RUST_NAME: &'static str = #rust_name;
            const NAME: &'static str = #name;
            const SCHEMA: ::core::option::Option<&'static str> = #schema;
            const TABLE: &'static __orm::TableDef = #table;
            const RELATIONSHIPS: &'static [__orm::RelationshipDef] = #list;
            #decode
            #value
            #put
            #relation
        }
    }
}

/// One type, or a tuple; something that compiles where an error was reported.
fn key(model: &Model) -> TokenStream {
    let types: Vec<_> = model.primary_key().map(|column| &column.ty).collect();
    match types[..] {
        [] => quote!(i64),
        [ty] => quote!(<#ty as __orm::Field>::Sql),
        _ => quote!((#(<#types as __orm::Field>::Sql),*)),
    }
}

fn decode(model: &Model) -> TokenStream {
    let columns = model.columns.iter().enumerate().map(|(i, column)| {
        let ident = &column.ident;
        let position = match position(i) {
            _ if i == 0 => quote!(__at),
            i => quote!(__at + #i),
        };
        let read = quote_spanned!(at(column.ty.span())=> __orm::Field::read(__row, #position)?);
        quote!(#ident: #read)
    });
    let relationships = model.relationships.iter().map(|relationship| {
        let ident = &relationship.ident;
        quote!(#ident: ::core::default::Default::default())
    });
    let unread = model.unread.iter().map(|ident| quote!(#ident: __glue::unread()));
    let fields = columns.chain(relationships).chain(unread);
    quote! {
        fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
            ::core::result::Result::Ok(Self { #(#fields),* })
        }
    }
}

fn value(model: &Model) -> TokenStream {
    let arms = model.columns.iter().enumerate().map(|(i, column)| {
        let ident = &column.ident;
        let value = quote_spanned!(at(column.ty.span())=> __orm::Field::value(&self.#ident));
        let i = position(i);
        quote!(#i => #value)
    });
    quote! {
        fn value(&self, __position: usize) -> ::core::option::Option<__orm::Value> {
            match __position {
                #(#arms,)*
                _ => ::core::option::Option::None,
            }
        }
    }
}

fn put(model: &Model) -> TokenStream {
    let entity = plain(&model.ident);
    let arms = model.columns.iter().enumerate().map(|(i, column)| {
        let ident = &column.ident;
        let put = quote_spanned!(at(column.ty.span())=> __orm::Field::put(&mut self.#ident, __value));
        let i = position(i);
        quote!(#i => #put)
    });
    quote! {
        fn put(&mut self, __position: usize, __value: __orm::Value) -> __glue::Put {
            match __position {
                #(#arms,)*
                _ => __glue::no_such_column(#entity, __position),
            }
        }
    }
}

fn relation(model: &Model) -> TokenStream {
    let entity = plain(&model.ident);
    let body = |method: Ident, reference: TokenStream| {
        let arms = model.relationships.iter().enumerate().map(|(i, relationship)| {
            let (i, ident) = (position(i), &relationship.ident);
            let span = at(relationship.ty.span());
            let ty = placed(span, &relationship.ty);
            let call = quote_spanned!(span=> <#ty as __orm::RelationField>::#method(#reference self.#ident));
            quote!(#i => #call)
        });
        let otherwise = quote!(__orm::no_such_relation(#entity, __index));
        match model.relationships.is_empty() {
            true => otherwise,
            false => quote!(match __index { #(#arms,)* _ => #otherwise }),
        }
    };
    let shared = body(format_ident!("relation"), quote!(&));
    let mutable = body(format_ident!("relation_mut"), quote!(&mut));
    quote! {
        fn relation(&self, __index: usize) -> &__orm::Relation {
            #shared
        }
        fn relation_mut(&mut self, __index: usize) -> &mut __orm::Relation {
            #mutable
        }
    }
}
