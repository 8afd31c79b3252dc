//! `FOR UPDATE` and its like.

use super::Select;
use crate::tree::{Lock, LockStrength, LockWait};
use crate::typed::scope::InFrom;
use crate::typed::source::Source;
use crate::typed::table::Table;

impl<P, F> Select<P, F> {
    /// `FOR UPDATE`: locks the rows against changes and other locks until the transaction ends, and overwrites objects
    /// that the session has already.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Job {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     done: bool,
    /// # }
    /// use orm::tree::Statement;
    /// use orm::{Dialect, Postgres};
    ///
    /// let next = select(Job).filter(Job::done.eq(false)).order_by(Job::id).limit(1).for_update().skip_locked();
    /// let sql = Postgres::default().compile(&Statement::Select(next.into_tree()))?.sql;
    /// assert!(sql.ends_with("LIMIT $1 FOR UPDATE SKIP LOCKED"));
    /// # Ok::<(), orm::CompileError>(())
    /// ```
    pub fn for_update(self) -> Self {
        self.locked(LockStrength::Update)
    }

    /// `FOR NO KEY UPDATE`: as [`for_update`](Self::for_update), but rows that reference these by their keys may still be
    /// written.
    pub fn for_no_key_update(self) -> Self {
        self.locked(LockStrength::NoKeyUpdate)
    }

    /// `FOR SHARE`: others may read and share the rows, and not change them.
    pub fn for_share(self) -> Self {
        self.locked(LockStrength::Share)
    }

    /// `FOR KEY SHARE`: others may not change the rows' keys, nor delete the rows.
    pub fn for_key_share(self) -> Self {
        self.locked(LockStrength::KeyShare)
    }

    /// `OF table`: locks the rows of this table alone; a second call adds another one. Without a lock before it, it is that
    /// of [`for_update`](Self::for_update).
    pub fn of<S: Source + InFrom<F, I>, I>(mut self, _: Table<S>) -> Self {
        self.lock_mut().of.push(S::source_ref());
        self
    }

    /// `NOWAIT`: an error where someone else has locked one of the rows. Without a lock before it, it is that of
    /// [`for_update`](Self::for_update).
    pub fn nowait(mut self) -> Self {
        self.lock_mut().wait = LockWait::NoWait;
        self
    }

    /// `SKIP LOCKED`: leaves out rows that someone else has locked. Without a lock before it, it is that of
    /// [`for_update`](Self::for_update).
    pub fn skip_locked(mut self) -> Self {
        self.lock_mut().wait = LockWait::SkipLocked;
        self
    }

    fn locked(mut self, strength: LockStrength) -> Self {
        self.lock_mut().strength = strength;
        self
    }

    fn lock_mut(&mut self) -> &mut Lock {
        self.tree.lock.get_or_insert_with(|| Lock {
            strength: LockStrength::Update,
            of: Vec::new(),
            wait: LockWait::Wait,
        })
    }
}
