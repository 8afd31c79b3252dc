//! `#[derive(SqlType)]`: a newtype is stored as what it holds, an enum as text or as its discriminants.

mod expand;
mod model;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::ctxt::Ctxt;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::default();
    let model = model::Model::parse(&cx, input);
    let output = expand::expand(&model, cx.is_clean());
    let errors = cx.into_compile_errors();
    quote!(#errors #output)
}
