//! The derive macros of orm: glue that emits data and one-line bodies.

mod attr;
mod check;
mod ctxt;
mod expand;
mod model;
mod sql_type;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use ctxt::Ctxt;

/// x
#[proc_macro_derive(Mapped, attributes(mapped, column, relationship))]
pub fn derive_mapped(input: TokenStream) -> TokenStream {
    mapped(parse_macro_input!(input as DeriveInput)).into()
}

fn mapped(input: DeriveInput) -> proc_macro2::TokenStream {
    let cx = Ctxt::default();
    let input = &model::name_self(input);
    let output = match model::Model::parse(&cx, input) {
        Some(model) => {
            check::check(&cx, &model);
            expand::expand(&model, cx.is_clean())
        }
        None => expand::stub(input, &model::default_orm()),
    };
    let errors = cx.into_compile_errors();
    quote::quote!(#errors #output)
}

/// y
#[proc_macro_derive(SqlType, attributes(sql_type))]
pub fn derive_sql_type(input: TokenStream) -> TokenStream {
    sql_type::derive(&parse_macro_input!(input as DeriveInput)).into()
}

#[cfg(test)]
mod tests;
