//! A model written out. What is generic lives in the library; this emits data and one-line bodies.
//!
//! `__orm` is the library's door, and `__glue` what stands behind it for this crate alone.

mod accessors;
mod assertions;
mod constructor;
mod index;
mod mapped;
mod relationships;
mod table;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Path};

use crate::model::Model;

/// All that is emitted for a struct; without the assertions where there were errors, which they would only repeat.
pub(crate) fn expand(model: &Model, is_clean: bool) -> TokenStream {
    let ident = &model.ident;
    let orm = &model.orm;
    let table_const = accessors::table(model);
    let accessors = accessors::fields(model);
    let constructor = model.new.map(|_| constructor::new(model));
    let implementation = mapped::implementation(model, is_clean);
    let foreign_keys = relationships::foreign_key_impls(model);
    let assertions = is_clean.then(|| assertions::all(model));
    quote! {
        #table_const
        const _: () = {
            use #orm::__private::{self as __orm, glue as __glue};

            #accessors
            #constructor

            #[automatically_derived]
            impl __orm::Source for #ident {
                type Record = Self;
                type Kind = __orm::Entities;
                fn from() -> __orm::tree::From {
                    __orm::mapped_from::<Self>()
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    __orm::mapped_source::<Self>()
                }
                fn entity() -> ::core::option::Option<&'static __orm::EntityDef> {
                    ::core::option::Option::Some(<Self as __orm::Mapped>::ENTITY)
                }
            }
            #implementation
            #foreign_keys
            #assertions
        };
    }
}

/// For what cannot be mapped: implementations without content, so that its uses are not errors as well.
pub(crate) fn stub(input: &DeriveInput, orm: &Path) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    quote! {
        const _: () = {
            use #orm::__private::{self as __orm, glue as __glue};

            impl __orm::Source for #ident {
                type Record = Self;
                type Kind = __orm::Entities;
                fn from() -> __orm::tree::From {
                    __orm::mapped_from::<Self>()
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    __orm::mapped_source::<Self>()
                }
            }
            impl __orm::Mapped for #ident {
                type Key = i64;
                const RUST_NAME: &'static str = "";
                const NAME: &'static str = "";
                const SCHEMA: ::core::option::Option<&'static str> = ::core::option::Option::None;
                const TABLE: &'static __orm::TableDef = &__glue::table::<Self>(&[]);
                const RELATIONSHIPS: &'static [__orm::RelationshipDef] = &[];
                fn decode(_: &dyn __orm::Row, _: usize) -> __glue::Decoded<Self> {
                    loop {}
                }
                fn value(&self, _: usize) -> ::core::option::Option<__orm::Value> {
                    loop {}
                }
                fn put(&mut self, _: usize, _: __orm::Value) -> __glue::Put {
                    loop {}
                }
                fn relation(&self, _: usize) -> &__orm::Relation {
                    loop {}
                }
                fn relation_mut(&mut self, _: usize) -> &mut __orm::Relation {
                    loop {}
                }
            }
        };
    }
}

/// The place of `span`, for messages, with the hygiene of the macro: locals and `self` resolve there.
pub(crate) fn at(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// `ident::accessor`, as if it stood at `span`.
fn accessor_at(span: Span, ident: &Ident, accessor: &Ident) -> TokenStream {
    placed(at(span), quote!(#ident::#accessor))
}

/// The tokens as if all of them stood at `span`: what the compiler says about them several times is then the same, and
/// said once.
pub(crate) fn placed(span: Span, tokens: impl ToTokens) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    tokens.into_token_stream().into_iter().map(place).collect()
}

/// A position, without the suffix that says its type.
fn position(i: usize) -> Literal {
    Literal::usize_unsuffixed(i)
}

/// `Option::Some("…")` or `Option::None`
fn optional(value: Option<&syn::LitStr>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// The column names of fields, as a `&'static [Name]`.
fn names(model: &Model, fields: &[Ident]) -> TokenStream {
    let names = fields.iter().filter_map(|field| model.column(field)).map(|column| &column.name);
    quote!(&[#(__orm::Name::Borrowed(#names)),*])
}
