//! `#[derive(Record)]`: a struct names the columns of a derived table and reads its rows.

mod expand;
mod model;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::ctxt::Ctxt;
use crate::model::{default_orm, name_self};

pub(crate) fn derive(input: DeriveInput) -> TokenStream {
    let cx = Ctxt::default();
    let input = name_self(input);
    let output = match model::Model::parse(&cx, &input) {
        Some(model) => expand::expand(&model),
        None => expand::stub(&input, &default_orm()),
    };
    let errors = cx.into_compile_errors();
    quote!(#errors #output)
}
