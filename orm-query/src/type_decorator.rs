//! Types of one's own, stored by way of another type.

use std::error::Error;

use crate::{Converted, DataType, SqlType};

/// A Rust type with a form of its own in the database: what is bound is converted, and so is what is read.
///
/// `#[derive(SqlType)]` with `#[sql_type(decorator)]` makes it the type of a column. NULL is never asked of it: a
/// column that may be NULL is an `Option` of it.
///
/// ```
/// # use std::error::Error;
/// # use orm::prelude::*;
/// use orm::TypeDecorator;
///
/// /// Kept as `red,green`.
/// #[derive(SqlType, Debug, Clone, PartialEq, Default)]
/// #[sql_type(decorator)]
/// struct Tags(Vec<String>);
///
/// impl TypeDecorator for Tags {
///     type Impl = String;
///
///     fn process_bind(&self) -> String {
///         self.0.join(",")
///     }
///
///     fn process_result(text: String) -> Result<Self, Box<dyn Error + Send + Sync>> {
///         if text.contains(",,") {
///             return Err("an empty tag".into());
///         }
///         Ok(Tags(text.split_terminator(',').map(str::to_owned).collect()))
///     }
/// }
///
/// #[derive(Mapped, Clone, Default)]
/// struct Article {
///     #[column(primary_key)]
///     id: i64,
///     #[column(length = 200)]
///     tags: Tags,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// let engine = Engine::new("sqlite::memory:")?;
/// metadata![Article].create_all(&engine).await?;
/// let colors = Tags(vec!["red".into(), "green".into()]);
///
/// let mut session = Session::new(&engine);
/// session.add(Article { tags: colors.clone(), ..default() });
/// session.commit().await?;
///
/// let article = engine.one(select(Article).filter(Article::tags.eq(colors.clone()))).await?;
/// assert_eq!(article.tags, colors);
/// # Ok(())
/// # }
/// ```
///
/// # Functions of the database
/// What is bound, and what is read, may also go through a function of the database:
///
/// ```
/// # use std::error::Error;
/// # use orm::prelude::*;
/// use orm::TypeDecorator;
///
/// /// Kept in upper case, and read in lower case.
/// #[derive(SqlType, Debug, Clone, PartialEq, Default)]
/// #[sql_type(decorator)]
/// struct Code(String);
///
/// impl TypeDecorator for Code {
///     type Impl = String;
///     const BIND_FUNCTION: Option<&'static str> = Some("upper");
///     const COLUMN_FUNCTION: Option<&'static str> = Some("lower");
///
///     fn process_bind(&self) -> String {
///         self.0.clone()
///     }
///
///     fn process_result(text: String) -> Result<Self, Box<dyn Error + Send + Sync>> {
///         Ok(Code(text))
///     }
/// }
///
/// #[derive(Mapped, Clone, Default)]
/// struct Coupon {
///     #[column(primary_key)]
///     id: i64,
///     code: Code,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// let engine = Engine::new("sqlite::memory:")?;
/// metadata![Coupon].create_all(&engine).await?;
/// let mut session = Session::new(&engine);
/// session.add(Coupon { code: Code("Ab".into()), ..default() }); // VALUES (upper(?))
/// session.commit().await?;
///
/// let stored = select(Coupon::code.cast::<String>());
/// assert_eq!(engine.one(stored).await?, "AB");
/// let query = select(Coupon::code).filter(Coupon::code.eq(Code("aB".into())));
/// assert_eq!(engine.one(query).await?, Code("ab".into())); // SELECT lower(coupon.code) AS code … = upper(?)
/// # Ok(())
/// # }
/// ```
///
/// The column's type is [`DATA_TYPE`](Self::DATA_TYPE): `length` is said there. An array of such values is sent and read
/// as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `TypeDecorator`",
    label = "nothing says how this is stored",
    note = "`#[sql_type(decorator)]` stores a type by way of another one: `impl TypeDecorator for {Self}` says how"
)]
pub trait TypeDecorator: Sized + Clone + Send + Sync + 'static {
    /// The type that it is stored as.
    type Impl: SqlType<Base = Self::Impl>;
    /// The SQL type; another one than that of [`Impl`](Self::Impl) must hold the same values.
    const DATA_TYPE: DataType = <Self::Impl as SqlType>::DATA_TYPE;

    /// The SQL function that each value goes through on its way into the database: `upper` sends `upper(?)` wherever a
    /// value of this type is bound, be it written or compared with. COPY has no place for it,
    /// and is refused.
    const BIND_FUNCTION: Option<&'static str> = None;
    /// The SQL function that a column goes through when it is read: `lower` selects `lower(table.column)`. It is applied
    /// once, by the outermost select list or RETURNING; conditions, orders and subqueries see what is stored.
    const COLUMN_FUNCTION: Option<&'static str> = None;
    #[doc(hidden)]
    const CONVERTED: &'static Converted =
        &Converted { data_type: Self::DATA_TYPE, bind: Self::BIND_FUNCTION, column: Self::COLUMN_FUNCTION };
    /// The type with its functions; not to be implemented.
    #[doc(hidden)]
    const COLUMN_TYPE: DataType = if Self::BIND_FUNCTION.is_none() && Self::COLUMN_FUNCTION.is_none() {
        Self::DATA_TYPE
    } else {
        DataType::Converted(Self::CONVERTED)
    };

    /// The value as it is stored. Equal values are stored alike: in SQL they are compared by what this gives.
    fn process_bind(&self) -> Self::Impl;
    /// The value out of what was stored.
    ///
    /// # Errors
    /// When it is not one that [`process_bind`](Self::process_bind) gives; the error is told with the column.
    fn process_result(value: Self::Impl) -> Result<Self, Box<dyn Error + Send + Sync>>;
}
