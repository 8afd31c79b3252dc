//! Names that are in the way of generated code: keywords, methods, `std`'s own, other modules, `Self`, a macro's.

mod shop {
    use orm::prelude::*;

    #[derive(Mapped, Clone, Default)]
    #[mapped(crate = "::orm")]
    pub struct Option {
        #[column(primary_key)]
        pub id: i64,
        pub r#type: String,
        #[column(accessor = name_column)]
        name: String,
        pub row: i64,
        pub value: f64,
        pub decode: bool,
        #[column(foreign_key = Self::id)]
        pub parent_id: i64,
        #[relationship(back_populates = parent)]
        pub children: Many<Self>,
        #[relationship(back_populates = children, foreign_key = Self::parent_id)]
        pub parent: One<Self>,
    }

    impl Option {
        pub fn name(&self) -> &str {
            &self.name
        }

        pub fn named(name: &str) -> Self {
            let _ = select(Option).filter(Option::name_column.eq(name));
            Option { name: name.to_owned(), ..Default::default() }
        }
    }
}

macro_rules! tables {
    ($($table:ident)*) => { $(
        #[derive(orm::Mapped, Clone)]
        struct $table {
            #[column(primary_key)]
            id: i64,
            #[column(foreign_key = shop::Option::id)]
            option_id: i64,
            #[relationship]
            option: orm::One<shop::Option>,
        }
    )* };
}

tables!(Result String Vec);

fn main() {
    use orm::prelude::*;

    let option = shop::Option::named("colour");
    assert_eq!(option.name(), "colour");
    let _ = select(Result).join(Result::option).filter(shop::Option::r#type.eq("text"));
    let _ = select((String, Vec)).cross_join(Vec);
}
