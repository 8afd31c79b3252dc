use super::record::RowKind;
use super::source::Source;

/// `Self` is an alias of `E`: a second appearance of its table under another name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an alias of `{E}`",
    label = "its columns are not those of `{E}`",
    note = "declare one with `alias!(Name = {E})`"
)]
pub trait AliasOf<E>: Source {}

/// Declares a typed alias of a mapped struct or of a record: `alias!(Manager = Employee);`.
///
/// `Employee::name.of(Manager)` is a column of the alias, and `Manager` stands wherever `Employee` may: in
/// `select(…)`, in `.join_on(…)`, in `.join(Employee::manager.to(Manager))`. An alias also names a subquery for whole
/// entities: `select(Employee).filter(…).subquery(Manager)`.
#[macro_export]
macro_rules! alias {
    ($(#[$meta:meta])* $vis:vis $alias:ident = $entity:ty) => {
        #[doc = concat!("An alias of `", stringify!($entity), "`.")]
        $(#[$meta])*
        #[derive(Debug)]
        $vis struct $alias {}

        #[doc = concat!("An alias of `", stringify!($entity), "`.")]
        #[allow(non_upper_case_globals, dead_code)]
        $vis const $alias: $crate::typed::Table<$alias> = $crate::typed::Table::new();

        impl $crate::typed::Source for $alias {
            type Record = <$entity as $crate::typed::Source>::Record;
            type Kind = <$entity as $crate::typed::Source>::Kind;

            fn from() -> $crate::tree::From {
                $crate::typed::alias_from::<$entity>(stringify!($alias))
            }

            fn source_ref() -> $crate::tree::SourceRef {
                $crate::typed::alias_source(stringify!($alias))
            }

            fn entity() -> ::core::option::Option<&'static $crate::mapping::EntityDef> {
                <$entity as $crate::typed::Source>::entity()
            }
        }

        impl $crate::typed::AliasOf<$entity> for $alias {}

        impl $crate::typed::Nameable for $alias {}
    };
}

/// An alias as it stands in FROM; its name in SQL is the Rust name in snake case.
#[doc(hidden)]
pub fn alias_from<E: Source<Kind: RowKind<E::Record>>>(name: &'static str) -> crate::tree::From {
    <E::Kind as RowKind<E::Record>>::aliased(snake_case(name).into())
}

/// The name of an alias.
#[doc(hidden)]
pub fn alias_source(name: &'static str) -> crate::tree::SourceRef {
    crate::tree::SourceRef::named(snake_case(name))
}

fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in name.char_indices() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
