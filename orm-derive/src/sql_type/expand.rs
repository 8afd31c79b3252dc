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
    /// What must be an element of arrays for the type to be one, where it takes anything.
    element: Option<TokenStream>,
    /// What stands beside the implementation.
    items: TokenStream,
}

pub(super) fn expand(model: &Model, is_clean: bool) -> TokenStream {
    let Model { ident, orm, .. } = model;
    if model.has_generics {
        return TokenStream::new();
    }
    let name = plain(ident);
    let Bodies { data_type, to_value, from_value, decode_nullable, element, items } = match &model.shape {
        Shape::Newtype { member, ty } => newtype(member, ty),
        Shape::Text { name: type_name, variants, is_native } => {
            text(model, type_name, variants, *is_native, is_clean)
        }
        Shape::Integer { repr, variants } => integer(model, repr, variants),
        Shape::Decorator { span } => decorator(model, *span),
        Shape::Wrong => stub(),
    };
    let array_element = array_element(ident, element);
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
            #array_element
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

/// `impl ArrayElement`, where `inner` is one, if that is asked.
fn array_element(ident: &proc_macro2::Ident, inner: Option<TokenStream>) -> TokenStream {
    // The lifetime has the compiler look at the bound only where an array is asked for.
    let bound = inner.as_ref().map(|inner| quote!(where for<'__a> #inner: __orm::ArrayElement));
    let span = inner.map_or_else(Span::call_site, |inner| inner.span());
    let implementation = quote! {
        #[automatically_derived]
        impl __orm::ArrayElement for #ident #bound {
            const ELEMENT: &'static __orm::DataType = &<Self as __orm::SqlType>::DATA_TYPE;
        }
    };
    placed(span.resolved_at(Span::call_site()), implementation)
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
        element: Some(ty.clone()),
        items: quote_spanned!(span=> const _: () = __glue::assert_not_null(<#ty as __orm::SqlType>::NULLABLE);),
    }
}

fn text(
    model: &Model,
    type_name: &str,
    variants: &[(proc_macro2::Ident, String)],
    is_native: bool,
    is_clean: bool,
) -> Bodies {
    let (ident, name) = (&model.ident, plain(&model.ident));
    let (idents, texts): (Vec<_>, Vec<_>) = variants.iter().map(|(ident, text)| (ident, text)).unzip();
    let to_value = match is_clean {
        true => quote!(__glue::text_value(match self { #(Self::#idents => #texts,)* })),
        false => quote!(loop {}),
    };
    Bodies {
        data_type: quote!(__glue::text_enum(#type_name, &[#(__orm::Name::Borrowed(#texts)),*], #is_native)),
        to_value,
        from_value: quote!(__glue::variant_from_text(__value, #name, __VARIANTS)),
        decode_nullable: quote!(__glue::read_text_variant(__row, __position, #name, __VARIANTS)),
        element: None,
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
        element: None,
        items: quote! {
            const __VARIANTS: &[(#repr, #ident)] = &[#((#ident::#variants as #repr, #ident::#variants)),*];
        },
    }
}

/// Each question of the trait stands at the key and is the same, so that the compiler says once that it is missing.
fn decorator(model: &Model, span: Span) -> Bodies {
    let (ident, name) = (&model.ident, plain(&model.ident));
    let span = span.resolved_at(Span::call_site());
    let decorator = placed(span, quote!(<#ident as __orm::TypeDecorator>));
    let result = quote_spanned!(span=> #decorator::process_result);
    Bodies {
        data_type: quote_spanned!(span=> #decorator::COLUMN_TYPE),
        to_value: quote_spanned!(span=> __orm::SqlType::to_value(&#decorator::process_bind(self))),
        from_value: quote_spanned!(span=> __glue::decorated(__value, #name, #result)),
        decode_nullable: quote_spanned!(span=> __glue::read_decorated(__row, __position, #name, #result)),
        element: Some(quote_spanned!(span=> #decorator::Impl)),
        items: TokenStream::new(),
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
        element: None,
        items: TokenStream::new(),
    }
}
