use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{at, placed, position};
use crate::attr::ColumnPath;
use crate::model::{Cascade, ForeignKey, Join, Model, Relationship, plain, same_type};

/// The value of `Mapped::RELATIONSHIPS`, beside the implementation, so that the accessors do not need it.
pub(super) fn definitions(model: &Model, is_clean: bool) -> Option<TokenStream> {
    let list = model.relationships.iter().map(|relationship| definition(model, relationship, is_clean));
    (list.len() > 0).then(|| quote!(const __RELATIONSHIPS: &[__orm::RelationshipDef] = &[#(#list),*];))
}

fn definition(model: &Model, relationship: &Relationship, is_clean: bool) -> TokenStream {
    let (ident, ty, name) = (&model.ident, &relationship.ty, plain(&relationship.accessor));
    // After an error, which key it is may be just what could not be read.
    let join = if is_clean { join(model, relationship) } else { quote!(__orm::JoinOn::TargetKey(0)) };
    let mut setters = TokenStream::new();
    if let Some(other) = &relationship.back_populates {
        let other = plain(other);
        setters.extend(quote!(.back_populates(#other)));
    }
    if let Some(value) = relationship.cascade.map(|(cascade, _)| cascade).or(default_cascade(relationship)) {
        let cascade = cascade(value);
        setters.extend(quote!(.cascade(#cascade)));
    }
    if !relationship.order_by.is_empty() {
        let target = &relationship.target;
        let orders = relationship.order_by.iter().map(|order| {
            let ColumnPath { path, table, column } = &order.column;
            let descending = order.descending;
            quote_spanned!(at(path.span())=> __glue::order::<#target, _, _>(#table::#column, #descending))
        });
        setters.extend(quote!(.order_by(&[#(#orders),*])));
    }
    if let Some(lazy) = relationship.lazy {
        let lazy = format_ident!("{lazy}");
        setters.extend(quote!(.lazy(__orm::Lazy::#lazy)));
    }
    if relationship.inner_join.is_some() {
        setters.extend(quote!(.inner_join()));
    }
    if let Some((passive_deletes, _)) = relationship.passive_deletes {
        let passive_deletes = format_ident!("{passive_deletes}");
        setters.extend(quote!(.passive_deletes(__orm::PassiveDeletes::#passive_deletes)));
    }
    if let Some((passive_updates, _)) = relationship.passive_updates {
        setters.extend(quote!(.passive_updates(#passive_updates)));
    }
    if relationship.view_only.is_some() {
        setters.extend(quote!(.view_only()));
    }
    if relationship.single_parent.is_some() {
        setters.extend(quote!(.single_parent()));
    }
    if relationship.post_update.is_some() {
        setters.extend(quote!(.post_update()));
    }
    let span = at(ty.span());
    let ty = placed(span, ty);
    let kind = quote_spanned!(span=> <#ty as __orm::RelationField>::KIND);
    quote!(__glue::relationship::<#ident>(#name, #kind, #join) #setters)
}

/// What cannot write takes part in `merge` only.
fn default_cascade(relationship: &Relationship) -> Option<Cascade> {
    relationship.view_only.map(|_| Cascade { merge: true, ..Cascade::default() })
}

/// The fields that differ from the nearest of the library's constants.
fn cascade(cascade: Cascade) -> TokenStream {
    let bases = [
        ("NONE", Cascade::default()),
        ("DEFAULT", Cascade { save_update: true, merge: true, ..Cascade::default() }),
        ("ALL", Cascade::ALL),
    ];
    let differing = |base: Cascade| {
        [
            ("save_update", cascade.save_update, base.save_update),
            ("merge", cascade.merge, base.merge),
            ("delete", cascade.delete, base.delete),
            ("delete_orphan", cascade.delete_orphan, base.delete_orphan),
            ("refresh_expire", cascade.refresh_expire, base.refresh_expire),
            ("expunge", cascade.expunge, base.expunge),
        ]
        .into_iter()
        .filter(|(_, is, was)| is != was)
        .map(|(name, is, _)| (format_ident!("{name}"), is))
        .unzip::<_, _, Vec<_>, Vec<_>>()
    };
    let nearest = bases.map(|(name, base)| (format_ident!("{name}"), differing(base)));
    let Some((base, (fields, values))) = nearest.iter().min_by_key(|(_, (fields, _))| fields.len()) else {
        return TokenStream::new();
    };
    match fields.is_empty() {
        true => quote!(__orm::Cascade::#base),
        false => quote!(__orm::Cascade { #(#fields: #values,)* ..__orm::Cascade::#base }),
    }
}

fn join(model: &Model, relationship: &Relationship) -> TokenStream {
    let (ident, target) = (&model.ident, &relationship.target);
    match &relationship.join {
        Join::Direct(Some(key)) => {
            let own = same_type(&key.table, &ident.clone().into());
            let (from_source, child, parent) =
                match own && !(relationship.to_many && relationship.leads_to(ident)) {
                    true => (true, ident.to_token_stream(), target.to_token_stream()),
                    false => (false, target.to_token_stream(), ident.to_token_stream()),
                };
            let position = named_key(key, &child, &parent);
            match from_source {
                true => quote!(__orm::JoinOn::SourceKey(#position)),
                false => quote!(__orm::JoinOn::TargetKey(#position)),
            }
        }
        Join::Direct(None) => {
            let span = at(relationship.ty.span());
            let has_key =
                relationship.target_path().is_some_and(|path| model.foreign_keys_to(path).next().is_some());
            match has_key && !relationship.to_many {
                true => {
                    let key = only_key(span, ident.to_token_stream(), target.to_token_stream());
                    quote!(__orm::JoinOn::SourceKey(#key))
                }
                false => {
                    let key = match relationship.to_many {
                        true => only_key(span, target.to_token_stream(), ident.to_token_stream()),
                        false => quote_spanned!(span=> <#target as __orm::OppositeKey<#ident>>::KEY),
                    };
                    quote!(__orm::JoinOn::TargetKey(#key))
                }
            }
        }
        Join::Secondary { link, source, target: target_key } => {
            let span = at(link.span());
            let key = |named: &Option<ColumnPath>, parent: TokenStream| match named {
                Some(named) => named_key(named, &link.to_token_stream(), &parent),
                None => only_key(span, link.to_token_stream(), parent),
            };
            let source_key = key(source, ident.to_token_stream());
            let target_key = key(target_key, target.to_token_stream());
            quote!(__glue::secondary::<#link>(#source_key, #target_key))
        }
    }
}

/// The position of the foreign key of `child` to `parent` that `key` names.
fn named_key(key: &ColumnPath, child: &TokenStream, parent: &TokenStream) -> TokenStream {
    let ColumnPath { path, table, column } = key;
    quote_spanned!(at(path.span())=> __glue::key_of::<#child, #parent, _>(#table::#column))
}

/// The position of the only foreign key of `child` to `parent`.
fn only_key(span: proc_macro2::Span, child: TokenStream, parent: TokenStream) -> TokenStream {
    quote_spanned!(span=> <#child as __orm::ForeignKeyTo<#parent>>::KEY)
}

/// `ForeignKeyTo` for each struct to which exactly one foreign key leads.
pub(super) fn foreign_key_impls(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let targets: Vec<_> = model.foreign_keys.iter().filter_map(ForeignKey::target).collect();
    let only = targets
        .iter()
        .enumerate()
        .filter(|(_, target)| targets.iter().filter(|other| same_type(other, target)).count() == 1);
    only.map(|(i, target)| {
        let i = position(i);
        quote! {
            #[automatically_derived]
            impl __orm::ForeignKeyTo<#target> for #ident {
                const KEY: usize = #i;
            }
        }
    })
    .collect()
}
