use std::ops::{Deref, DerefMut};

use super::Session;

impl Session {
    /// The session without autoflush, until the guard that is given back is dropped: queries made through it do not
    /// see what was not flushed.
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
    /// session.add(User::new("sandy"));
    /// let mut unflushed = session.no_autoflush();
    /// assert!(unflushed.all(select(User)).await?.is_empty());
    /// drop(unflushed);
    /// assert_eq!(session.all(select(User)).await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn no_autoflush(&mut self) -> NoAutoflush<'_> {
        let before = std::mem::replace(&mut self.autoflush, false);
        NoAutoflush { session: self, before }
    }
}

/// A session without autoflush, to which it derefs; made by [`Session::no_autoflush`].
#[derive(Debug)]
#[must_use = "autoflush is back as soon as the guard is dropped"]
pub struct NoAutoflush<'s> {
    session: &'s mut Session,
    before: bool,
}

impl Drop for NoAutoflush<'_> {
    fn drop(&mut self) {
        self.session.autoflush = self.before;
    }
}

impl Deref for NoAutoflush<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for NoAutoflush<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}
