use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{at, position};
use crate::model::{Model, plain};

/// `const User: Table<User>`, which `select(User)` names.
pub(super) fn table(model: &Model) -> TokenStream {
    let Model { ident, vis, orm, table, .. } = model;
    let doc = format!(" The table `{table}`.");
    quote! {
        #[doc = #doc]
        #[allow(dead_code, non_upper_case_globals)]
        #vis const #ident: #orm::__private::Table<#ident> = #orm::__private::Table::new();
    }
}

/// One constant for each field: `User::name`, `User::addresses`.
pub(super) fn fields(model: &Model) -> TokenStream {
    let Model { ident, table, .. } = model;
    let columns = model.columns.iter().map(|column| {
        let (vis, accessor, ty, name) = (&column.vis, &column.accessor, &column.ty, &column.name);
        let doc = format!(" The column `{table}.{name}`.");
        let definition =
            quote_spanned!(at(ty.span())=> __glue::ColumnOf<Self, #ty> = __orm::Column::new(#name));
        let constant = quote_spanned!(at(accessor.span())=> const #accessor: #definition;);
        quote! {
            #[doc = #doc]
            #vis #constant
        }
    });
    let properties = model.properties.iter().map(|property| {
        let (vis, accessor, ty, name) = (&property.vis, &property.accessor, &property.ty, &property.name);
        let (what, sort, make) = match property.expr {
            Some(_) => ("property", quote!(PropertyOf), quote!(__orm::Column)),
            None => ("query expression", quote!(QueryExpressionOf), quote!(__orm::AskedFor)),
        };
        let doc = format!(" The {what} `{}.{name}`.", plain(ident));
        let definition = quote_spanned!(at(ty.span())=> __glue::#sort<Self, #ty> = #make::new(#name));
        let constant = quote_spanned!(at(accessor.span())=> const #accessor: #definition;);
        quote! {
            #[doc = #doc]
            #vis #constant
        }
    });
    let relationships = model.relationships.iter().enumerate().map(|(i, relationship)| {
        let (vis, accessor, ty) = (&relationship.vis, &relationship.accessor, &relationship.ty);
        let doc = format!(" The relationship `{}.{}`.", plain(ident), plain(&relationship.ident));
        let i = position(i);
        let definition = quote_spanned! {at(ty.span())=>
            __glue::RelationshipOf<Self, #ty, #i> = __orm::Relationship::new(&__RELATIONSHIPS[#i])
        };
        let constant = quote_spanned!(at(accessor.span())=> const #accessor: #definition;);
        quote! {
            #[doc = #doc]
            #vis #constant
        }
    });
    quote! {
        #[allow(dead_code, non_upper_case_globals)]
        impl #ident {
            #(#columns)*
            #(#properties)*
            #(#relationships)*
        }
    }
}
