use super::{Query, Select};
use crate::schema::Name;
use crate::tree::{CreateTableAs, CreateView, DropView, TableRef};

fn named(name: impl Into<Name>) -> TableRef {
    let name = name.into();
    match name.split_once('.') {
        Some((schema, table)) => {
            TableRef { schema: Some(schema.to_owned().into()), name: table.to_owned().into(), alias: None }
        }
        None => TableRef { schema: None, name, alias: None },
    }
}

/// `CREATE VIEW name AS query`; the name may say its schema.
///
/// ```
/// # use orm::prelude::*;
/// # use orm::{create_view, drop_view};
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     age: Option<i32>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// let adults = select((User::id, User::age)).filter(User::age.ge(18));
/// engine.execute(create_view("adult", adults).if_not_exists()).await?;
/// engine.execute(drop_view("adult")).await?;
/// # Ok(())
/// # }
/// ```
pub fn create_view<P, F, I>(name: impl Into<Name>, query: Select<P, F>) -> CreateView
where
    Select<P, F>: Query<I>,
{
    CreateView::new(named(name), query.into_tree())
}

/// `DROP VIEW name`; the name may say its schema.
pub fn drop_view(name: impl Into<Name>) -> DropView {
    DropView::new(named(name))
}

/// `CREATE TABLE name AS query`; the name may say its schema.
///
/// ```
/// # use orm::prelude::*;
/// # use orm::create_table_as;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// engine.execute(create_table_as("user_copy", select((User::id, User::name)))).await?;
/// # Ok(())
/// # }
/// ```
pub fn create_table_as<P, F, I>(name: impl Into<Name>, query: Select<P, F>) -> CreateTableAs
where
    Select<P, F>: Query<I>,
{
    CreateTableAs::new(named(name), query.into_tree())
}
