use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Model, Shape};
use crate::expand::placed;
use crate::model::plain;

/// How the type goes to the database and comes back.
struct Bodies {
    data_type: TokenStream,
    to_value: TokenStream,
    from_value: TokenStream,
    decode_nullable: TokenStream,
    /// What stands beside the implementation.
    items: TokenStream,
}

pub(super) fn expand(model: &Model, is_clean: bool) -> TokenStream {
    let Model { ident, orm, .. } = model;
    if model.has_generics {
        return TokenStream::new();
    }
    let name = plain(ident);
    let Bodies { data_type, to_value, from_value, decode_nullable, items } = match &model.shape {
        Shape::Newtype { member, ty } => newtype(member, ty),
        Shape::Text { name: type_name, variants } => text(model, type_name, variants, is_clean),
        Shape::Integer { repr, variants } => integer(model, repr, variants),
        Shape::Wrong => stub(),
    };
    quote! {
        const _: () = {
            use #orm::__private::{self as __orm, glue as __glue};

            #items
            #[automatically_derived]
            impl __orm::SqlType for #ident {
                type Base = Self;
                type Lift<__U: __orm::SqlType> = __U;
                const DATA_TYPE: __orm::DataType = #data_type;
                const NULLABLE: bool = false;
                fn to_value(&self) -> __orm::Value {
                    #to_value
                }
                fn from_value(__value: __orm::Value) -> ::core::result::Result<Self, __orm::ValueError> {
                    #from_value
                }
                fn decode(
                    __row: &dyn __orm::Row,
                    __position: usize,
                ) -> __glue::Decoded<Self> {
                    __glue::not_null(Self::decode_nullable(__row, __position), __row, __position, #name)
                }
                fn decode_nullable(
                    __row: &dyn __orm::Row,
                    __position: usize,
                ) -> __glue::Decoded<::core::option::Option<Self>> {
                    #decode_nullable
                }
            }
            #[automatically_derived]
            impl __orm::Operand<#ident> for #ident {
                type Sql = Self;
                type Sources = __orm::Nil;
                fn into_operand(self) -> __orm::tree::Expr {
                    __orm::literal_operand(&self)
                }
            }
        };
    }
}

fn newtype(member: &syn::Member, ty: &syn::Type) -> Bodies {
    let span = ty.span().resolved_at(Span::call_site());
    let ty = placed(span, ty);
    let wrap = quote!(|__inner| Self { #member: __inner });
    Bodies {
        data_type: quote_spanned!(span=> <#ty as __orm::SqlType>::DATA_TYPE),
        to_value: quote_spanned!(span=> __orm::SqlType::to_value(&self.#member)),
        from_value: quote_spanned!(span=> <#ty as __orm::SqlType>::from_value(__value).map(#wrap)),
        decode_nullable: quote_spanned! {span=>
            ::core::result::Result::Ok(<#ty as __orm::SqlType>::decode_nullable(__row, __position)?.map(#wrap))
        },
        items: quote_spanned!(span=> const _: () = __glue::assert_not_null(<#ty as __orm::SqlType>::NULLABLE);),
    }
}

fn text(model: &Model, type_name: &str, variants: &[(proc_macro2::Ident, String)], is_clean: bool) -> Bodies {
    let (ident, name) = (&model.ident, plain(&model.ident));
    let (idents, texts): (Vec<_>, Vec<_>) = variants.iter().map(|(ident, text)| (ident, text)).unzip();
    let to_value = match is_clean {
        true => quote!(__glue::text_value(match self { #(Self::#idents => #texts,)* })),
        false => quote!(loop {}),
    };
    Bodies {
        data_type: quote!(__glue::text_enum(#type_name, &[#(__orm::Name::Borrowed(#texts)),*])),
        to_value,
        from_value: quote!(__glue::variant_from_text(__value, #name, __VARIANTS)),
        decode_nullable: quote!(__glue::read_text_variant(__row, __position, #name, __VARIANTS)),
        items: quote!(const __VARIANTS: &[(&str, #ident)] = &[#((#texts, #ident::#idents)),*];),
    }
}

fn integer(model: &Model, repr: &proc_macro2::Ident, variants: &[proc_macro2::Ident]) -> Bodies {
    let (ident, name) = (&model.ident, plain(&model.ident));
    Bodies {
        data_type: quote!(<#repr as __orm::SqlType>::DATA_TYPE),
        to_value: quote! {
            __orm::SqlType::to_value(&match self { #(Self::#variants => #ident::#variants as #repr,)* })
        },
        from_value: quote!(__glue::variant_from_integer(__value, #name, __VARIANTS)),
        decode_nullable: quote!(__glue::read_integer_variant(__row, __position, #name, __VARIANTS)),
        items: quote! {
            const __VARIANTS: &[(#repr, #ident)] = &[#((#ident::#variants as #repr, #ident::#variants)),*];
        },
    }
}

/// After an error: something that compiles.
fn stub() -> Bodies {
    let never = quote!(loop {});
    Bodies {
        data_type: quote!(__orm::DataType::Text),
        to_value: never.clone(),
        from_value: never.clone(),
        decode_nullable: never,
        items: TokenStream::new(),
    }
}
