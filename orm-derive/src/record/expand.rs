use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Path};

use super::model::{Kind, Model};
use crate::expand::at;
use crate::model::type_argument;

/// All that is emitted for a record.
pub(super) fn expand(model: &Model) -> TokenStream {
    if model.holds {
        return holding(model);
    }
    let Model { ident, vis, orm, name, columns, unread, .. } = model;
    let doc = format!(" The rows of `{name}`.");
    let accessors = columns.iter().map(|column| {
        let (vis, accessor, ty, column) = (&column.vis, &column.accessor, &column.ty, &column.name);
        let doc = format!(" The column `{name}.{column}`.");
        let constant = quote_spanned! {at(accessor.span())=>
            const #accessor: __orm::Column<Self, #ty> = __orm::Column::new(#column);
        };
        quote! {
            #[doc = #doc]
            #vis #constant
        }
    });
    let types: Vec<_> = columns.iter().map(|column| &column.ty).collect();
    let definitions = columns.iter().map(|column| {
        let (ty, name) = (&column.ty, &column.name);
        quote_spanned!(at(ty.span())=> __glue::record_column::<#ty>(#name))
    });
    let fields = columns.iter().enumerate().map(|(i, column)| {
        let field = &column.ident;
        let position = match i {
            0 => quote!(__at),
            i => {
                let i = Literal::usize_unsuffixed(i);
                quote!(__at + #i)
            }
        };
        let read = quote_spanned!(at(column.ty.span())=> __orm::SqlType::decode(__row, #position)?);
        quote!(#field: #read)
    });
    let reads = columns.iter().map(|column| &column.ident);
    quote! {
        #[doc = #doc]
        #[allow(dead_code, non_upper_case_globals)]
        #vis const #ident: #orm::__private::Table<#ident> = #orm::__private::Table::new();
        const _: () = {
            use #orm::__private::{self as __orm, glue as __glue};

            #[allow(dead_code, non_upper_case_globals)]
            impl #ident {
                #(#accessors)*
            }
            // A field may be there for its column alone.
            #[allow(dead_code)]
            fn __read(__record: &#ident) {
                #(let _ = &__record.#reads;)*
            }
            #[automatically_derived]
            impl __orm::Source for #ident {
                type Record = Self;
                type Kind = __orm::Records;
                fn from() -> __orm::tree::From {
                    __orm::record_from::<Self>()
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    __orm::record_source::<Self>()
                }
            }
            #[automatically_derived]
            impl __orm::Nameable for #ident {}
            #[automatically_derived]
            impl __orm::Record for #ident {
                type Columns = (#(#types,)*);
                const NAME: &'static str = #name;
                const COLUMNS: &'static [__orm::RecordColumn] = &[#(#definitions),*];
                fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
                    ::core::result::Result::Ok(Self {
                        #(#fields,)*
                        #(#unread: __glue::unread(),)*
                    })
                }
            }
            #[automatically_derived]
            impl __orm::TextRow for #ident {
                type Columns = (#(#types,)*);
                fn read(__row: &dyn __orm::Row) -> __glue::Decoded<Self> {
                    __orm::Record::decode(__row, 0)
                }
            }
        };
    }
}

/// All that is emitted for a record that holds entities or other records: it is read, and stands nowhere in SQL.
fn holding(model: &Model) -> TokenStream {
    let Model { ident, orm, columns, unread, .. } = model;
    let kinds = columns.iter().map(|column| {
        let inside = type_argument(&column.ty, "Option");
        let ty = inside.filter(|_| column.kind != Kind::Column).unwrap_or(&column.ty);
        let span = at(column.ty.span());
        match (column.kind, inside) {
            (Kind::Column, _) => quote_spanned!(span=> __orm::ColumnField<#ty>),
            (Kind::Entity, None) => quote_spanned!(span=> __orm::EntityField<#ty>),
            (Kind::Entity, Some(_)) => quote_spanned!(span=> __orm::OptionalEntity<#ty>),
            (Kind::Nested, None) => quote_spanned!(span=> __orm::NestedField<#ty>),
            (Kind::Nested, Some(_)) => quote_spanned!(span=> __orm::OptionalNested<#ty>),
        }
    });
    let fields: Vec<_> = columns.iter().map(|column| &column.ident).collect();
    quote! {
        const _: () = {
            use #orm::__private as __orm;

            #[automatically_derived]
            impl __orm::RecordRow for #ident {
                type Fields = (#(#kinds,)*);
                fn from_fields(
                    (#(#fields,)*): <Self::Fields as __orm::RecordField>::Value,
                ) -> Self {
                    Self {
                        #(#fields,)*
                        #(#unread: __orm::glue::unread(),)*
                    }
                }
            }
        };
    }
}

/// For what cannot be a record: implementations without content, so that its uses are not errors as well.
pub(super) fn stub(input: &DeriveInput, orm: &Path) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    quote! {
        const _: () = {
            use #orm::__private::{self as __orm, glue as __glue};

            impl __orm::Source for #ident {
                type Record = Self;
                type Kind = __orm::Records;
                fn from() -> __orm::tree::From {
                    loop {}
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    loop {}
                }
            }
            impl __orm::Nameable for #ident {}
            impl __orm::Record for #ident {
                type Columns = ();
                const NAME: &'static str = "";
                const COLUMNS: &'static [__orm::RecordColumn] = &[];
                fn decode(_: &dyn __orm::Row, _: usize) -> __glue::Decoded<Self> {
                    loop {}
                }
            }
        };
    }
}
