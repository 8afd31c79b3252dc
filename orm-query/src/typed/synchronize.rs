/// How the objects of a session follow an `update(…)` or a `delete(…)` that the session runs.
///
/// An object is *evaluated* where the statement's condition and its new values are computed in Rust, by the rules of
/// the database, from what the session holds. Rows that were changed behind the session's back are not seen so; they
/// are by `Fetch`, for which the database says the keys of the rows. See `Session::execute` for what becomes of the
/// objects.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// let mut session = Session::new(&engine);
/// let sandy = session.add(User::new("sandy"));
/// let rename = update(User).set(User::name, "Sandy").filter(User::id.eq(1));
/// session.execute(rename.clone().synchronize(Synchronize::Evaluate)).await?;
/// assert_eq!(session[sandy].name, "Sandy");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Synchronize {
    /// `Evaluate` where that is certain, else `Fetch`.
    #[default]
    Auto,
    /// In Rust, without any SQL; an error before the statement is sent where the condition cannot be evaluated.
    Evaluate,
    /// By the keys of the rows: from the statement itself by RETURNING where the database has that, else by a SELECT
    /// before it.
    Fetch,
    /// Not at all: the objects stay as they are.
    Off,
}
