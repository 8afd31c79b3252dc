use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::{at, optional, placed, position, relationships, table};
use crate::model::{Model, Property, plain, type_argument};

/// `impl Mapped`
pub(super) fn implementation(model: &Model, is_clean: bool) -> TokenStream {
    let Model { ident, table: name, .. } = model;
    let rust_name = plain(ident);
    let key = key(model);
    let schema = optional(model.schema.as_ref());
    let (lists, table) = table::definition(model);
    let relationships = relationships::definitions(model, is_clean);
    let list = if model.relationships.is_empty() { quote!(&[]) } else { quote!(__RELATIONSHIPS) };
    let properties = (!model.properties.is_empty()).then(|| properties(model));
    let decode = decode(model);
    let value = value(model);
    let put = put(model);
    let leave_out = leave_out(model);
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
            #properties
            #decode
            #value
            #put
            #leave_out
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
    let properties = model.properties.iter().zip(model.columns.len()..).map(|(property, i)| {
        let (ident, i) = (&property.ident, position(i));
        let read = if property.expr.is_some() { "read_property" } else { "read_expression" };
        let read = format_ident!("{read}");
        quote!(#ident: __glue::#read(__row, __at + #i)?)
    });
    let relationships = model.relationships.iter().map(|relationship| {
        let ident = &relationship.ident;
        quote!(#ident: ::core::default::Default::default())
    });
    let unread = model.unread.iter().map(|ident| quote!(#ident: __glue::unread()));
    let fields = columns.chain(properties).chain(relationships).chain(unread);
    quote! {
        fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
            ::core::result::Result::Ok(Self { #(#fields),* })
        }
    }
}

fn value(model: &Model) -> TokenStream {
    let arms = fields(model).map(|(i, ident, ty)| {
        let value = quote_spanned!(at(ty.span())=> __orm::Field::value(&self.#ident));
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
    let arms = fields(model).map(|(i, ident, ty)| {
        let put = quote_spanned!(at(ty.span())=> __orm::Field::put(&mut self.#ident, __value));
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

/// Makes absent what can be; nothing where the struct has no such field.
fn leave_out(model: &Model) -> Option<TokenStream> {
    let is_deferred = |ty: &Type| type_argument(ty, "Deferred").is_some();
    let mut arms = fields(model).filter(|(_, _, ty)| is_deferred(ty)).map(|(i, ident, _)| {
        let i = position(i);
        quote!(#i => __orm::Field::leave_out(&mut self.#ident))
    });
    let first = arms.next()?;
    Some(quote! {
        fn leave_out(&mut self, __position: usize) {
            match __position {
                #first,
                #(#arms,)*
                _ => {}
            }
        }
    })
}

/// What is read from a row, with its position: the columns, and the properties behind them.
fn fields(model: &Model) -> impl Iterator<Item = (usize, &Ident, &Type)> {
    let columns = model.columns.iter().map(|column| (&column.ident, &column.ty));
    let properties = model.properties.iter().map(|property| (&property.ident, &property.ty));
    columns.chain(properties).enumerate().map(|(i, (ident, ty))| (i, ident, ty))
}

/// `Mapped::PROPERTIES`
fn properties(model: &Model) -> TokenStream {
    let properties = model.properties.iter().map(|property| {
        let Property { name, ty, .. } = property;
        let deferred = property.deferred.filter(|_| property.deferred_group.is_none());
        let deferred = deferred.map(|span| quote_spanned!(at(span)=> .deferred()));
        let group = property.deferred_group.as_ref().map(|group| quote!(.deferred_group(#group)));
        let definition = match &property.expr {
            Some(expr) => {
                let span = at(expr.span());
                let expr = quote_spanned!(span=> __glue::property_expr::<Self, #ty, _, _>(#expr));
                quote!(__glue::column_property::<#ty>(#name, || #expr))
            }
            None => quote!(__glue::query_expression::<#ty>(#name)),
        };
        quote!(#definition #deferred #group)
    });
    quote!(const PROPERTIES: &'static [__orm::PropertyDef] = &[#(#properties),*];)
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
