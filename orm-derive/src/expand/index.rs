use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{names, optional};
use crate::model::{Index, IndexColumn, Indexed, Model};

/// An index of the table.
pub(super) fn definition(model: &Model, index: &Index) -> TokenStream {
    let (name, unique) = (optional(index.name.as_ref()), index.unique);
    let columns = index.columns.iter().filter_map(|indexed| column(model, indexed));
    let method = index.method.as_ref().map(|method| quote!(.method(#method)));
    let include = (!index.include.is_empty()).then(|| {
        let columns = names(model, &index.include);
        quote!(.include(#columns))
    });
    let filter = index.filter.as_ref().map(|sql| quote!(.filter(#sql)));
    let nulls = index.nulls_not_distinct.map(|_| quote!(.nulls_not_distinct()));
    quote!(__glue::index(#name, const { &[#(#columns),*] }, #unique) #method #include #filter #nulls)
}

/// `None` for a field that is no column, which was reported.
fn column(model: &Model, column: &IndexColumn) -> Option<TokenStream> {
    let start = match &column.indexed {
        Indexed::Expression(sql) => quote!(__glue::index_expression(#sql)),
        Indexed::Field(field) => {
            let name = &model.column(field)?.name;
            quote!(__glue::index_column(#name))
        }
    };
    let descending = column.descending.then(|| quote!(.descending()));
    let nulls = column.nulls.map(|nulls| {
        let nulls = format_ident!("{nulls}");
        quote!(.nulls(__orm::tree::NullsOrder::#nulls))
    });
    let class = column.operator_class.as_ref().map(|class| quote!(.operator_class(#class)));
    let collation = column.collation.as_ref().map(|collation| quote!(.collation(#collation)));
    let length = column.length.map(|(length, _)| quote!(.length(#length)));
    Some(quote!(#start #descending #nulls #class #collation #length))
}
