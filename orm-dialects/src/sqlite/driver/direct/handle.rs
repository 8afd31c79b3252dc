//! SQLite's own calls, on a connection that sqlx has opened: the only unsafe code of the workspace.
//!
//! What all of it rests on:
//!
//! - **Whose the `sqlite3*` is.** sqlx's connection owns it, opened it and closes it. A [`Handle`] owns sqlx's
//!   connection, and so the pointer is good for as long as the handle lives.
//! - **On which thread.** sqlx's thread works on it only while it holds the connection's lock. A handle holds that lock
//!   (sqlx's `LockedSqliteHandle`) for all its life and lends the connection to nobody, so it is alone with the
//!   pointer. SQLite is compiled thread-safe and the connection opened in its multi-thread mode (`NOMUTEX`): one
//!   thread at a time, any thread. That makes a handle `Send`, and every call takes `&mut`: it is not shared, and
//!   `Sync` is neither claimed nor needed.
//! - **Until when.** The fields are dropped in their order: prepared statements, then the lock, then sqlx's
//!   connection, which closes. A `sqlite3_stmt*` never leaves this module.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int};
use std::ptr::{self, NonNull};
use std::slice;

use libsqlite3_sys as ffi;
use sqlx::sqlite::LockedSqliteHandle;
use sqlx::{Connection as _, SqliteConnection};

use crate::sqlite::types::Stored;

/// What SQLite says of a call that failed: its extended result code, and its words.
#[derive(Debug)]
pub(in crate::sqlite::driver) struct Failure {
    pub(in crate::sqlite::driver) code: u32,
    pub(in crate::sqlite::driver) message: String,
}

/// A connection of sqlx that is locked, so that SQLite can be called on it, with the statements prepared on it.
pub(super) struct Handle {
    statements: Vec<Option<Statement>>,
    guard: LockedSqliteHandle<'static>,
    owner: Owner,
    db: NonNull<ffi::sqlite3>,
}

/// A statement that was prepared on a handle. It is not `Clone`: whoever has it is the only one who can finalize it.
#[derive(Debug)]
pub(super) struct StatementId(usize);

/// A value as SQLite has it: a text is as it was stored, and perhaps no UTF-8.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column<'r> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'r [u8]),
    Blob(&'r [u8]),
}

/// sqlx's connection at an address that does not change, and to which nothing but the lock points.
struct Owner(NonNull<SqliteConnection>);

/// A `sqlite3_stmt*` of the handle whose `statements` it is in.
struct Statement(NonNull<ffi::sqlite3_stmt>);

// SAFETY: it is a `Box<SqliteConnection>` in all but name, which is `Send`.
unsafe impl Send for Owner {}

// SAFETY: `LockedSqliteHandle` and `Owner` are `Send`. The pointers `db` and those in `statements` are used by the one
// thread that has the handle, which is what SQLite's multi-thread mode asks for.
unsafe impl Send for Handle {}

const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<SqliteConnection>();
    is_send::<LockedSqliteHandle<'static>>();
};

impl Owner {
    fn new(connection: Box<SqliteConnection>) -> Self {
        // A box that is moved claims to be the only way to its content, and the lock is another one.
        Owner(NonNull::from(Box::leak(connection)))
    }

    fn into_box(self) -> Box<SqliteConnection> {
        let pointer = self.0;
        std::mem::forget(self);
        // SAFETY: the pointer came from a box, and with `self` forgotten nobody else makes one of it.
        unsafe { Box::from_raw(pointer.as_ptr()) }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a box, and `into_box` forgets the owner.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: the statement is finalized once, here, while the handle that prepared it still has its connection
        // and its lock.
        unsafe { ffi::sqlite3_finalize(self.0.as_ptr()) };
    }
}

impl Handle {
    /// Locks a connection. Dropped half-way, the future closes it.
    ///
    /// `ask` is called again and again while a statement runs, and stops it by saying `false`.
    pub(super) async fn lock(
        connection: Box<SqliteConnection>,
        steps: i32,
        ask: impl FnMut() -> bool + Send + 'static,
    ) -> Result<Handle, sqlx::Error> {
        let owner = Owner::new(connection);
        // SAFETY: the pointer is good until the owner is dropped. The future of `lock_handle`, which is dropped before
        // `owner` is, and the lock, which `Handle` drops before its owner, are all that has the reference.
        let connection: &'static mut SqliteConnection = unsafe { &mut *owner.0.as_ptr() };
        // Without an answer before each lock, earlier unlocks pile up until the lock waits for itself.
        connection.ping().await?;
        let mut guard = connection.lock_handle().await?;
        guard.set_progress_handler(steps, ask);
        let db = guard.as_raw_handle();
        Ok(Handle { statements: Vec::new(), guard, owner, db })
    }

    /// Finalizes what was prepared, and unlocks the connection.
    pub(super) fn unlock(self) -> Box<SqliteConnection> {
        let Handle { statements, mut guard, owner, db: _ } = self;
        drop(statements);
        guard.remove_progress_handler();
        drop(guard);
        owner.into_box()
    }

    /// Prepares the first statement of a text: the statement, unless there are only comments, and the length of its text.
    pub(super) fn prepare(
        &mut self,
        sql: &str,
        is_kept: bool,
    ) -> Result<(Option<StatementId>, usize), Failure> {
        let length = c_int::try_from(sql.len()).map_err(|_| Failure {
            code: ffi::SQLITE_TOOBIG as u32,
            message: format!("the statement has {} bytes", sql.len()),
        })?;
        let flags = if is_kept { ffi::SQLITE_PREPARE_PERSISTENT } else { 0 };
        let start = sql.as_ptr().cast::<c_char>();
        let mut statement = ptr::null_mut();
        let mut tail = ptr::null();
        // SAFETY: `db` is open and ours; `start` has `length` bytes, and SQLite reads no more of them.
        let code = unsafe {
            ffi::sqlite3_prepare_v3(self.db.as_ptr(), start, length, flags as _, &mut statement, &mut tail)
        };
        if code != ffi::SQLITE_OK {
            return Err(self.failure(code));
        }
        // SQLite leaves `tail` somewhere in the text, or at its end.
        let used = if tail.is_null() { sql.len() } else { (tail as usize - start as usize).min(sql.len()) };
        let Some(statement) = NonNull::new(statement).map(Statement) else { return Ok((None, used)) };
        let free = self.statements.iter().position(Option::is_none);
        let id = free.unwrap_or_else(|| {
            self.statements.push(None);
            self.statements.len() - 1
        });
        self.statements[id] = Some(statement);
        Ok((Some(StatementId(id)), used))
    }

    /// Finalizes a statement.
    pub(super) fn finalize(&mut self, id: StatementId) {
        self.statements[id.0] = None;
    }

    /// The statement, which is never null.
    fn raw(&self, id: &StatementId) -> *mut ffi::sqlite3_stmt {
        let statement = self.statements.get(id.0).and_then(Option::as_ref);
        statement.expect("a statement is used on the handle that prepared it").0.as_ptr()
    }

    /// Binds a value to the parameter `index`, counted from 1.
    pub(super) fn bind(&mut self, id: &StatementId, index: usize, value: &Stored<'_>) -> Result<(), Failure> {
        let raw = self.raw(id);
        let index = c_int::try_from(index).unwrap_or(c_int::MAX);
        // SAFETY: `raw` is a statement of this handle. With SQLITE_TRANSIENT SQLite copies texts and blobs, of which it
        // reads as many bytes as it is told, before the call returns. It refuses an index that there is not.
        let code = unsafe {
            match value {
                Stored::Null => ffi::sqlite3_bind_null(raw, index),
                Stored::Integer(v) => ffi::sqlite3_bind_int64(raw, index, *v),
                Stored::Real(v) => ffi::sqlite3_bind_double(raw, index, *v),
                Stored::Text(v) => ffi::sqlite3_bind_text64(
                    raw,
                    index,
                    v.as_ptr().cast(),
                    v.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    ffi::SQLITE_UTF8 as _,
                ),
                Stored::Blob(v) => ffi::sqlite3_bind_blob64(
                    raw,
                    index,
                    v.as_ptr().cast(),
                    v.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                ),
            }
        };
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.failure(code)) }
    }

    /// The number of parameters: the greatest of their numbers.
    pub(super) fn parameters(&self, id: &StatementId) -> usize {
        // SAFETY: a statement of this handle.
        usize::try_from(unsafe { ffi::sqlite3_bind_parameter_count(self.raw(id)) }).unwrap_or(0)
    }

    /// The name of a parameter that has one, as it is written: `?2`, `:name`.
    pub(super) fn parameter_name(&self, id: &StatementId, index: usize) -> Option<String> {
        let index = c_int::try_from(index).ok()?;
        // SAFETY: a statement of this handle, whose text is as valid as the name is until it is finalized.
        unsafe { text(ffi::sqlite3_bind_parameter_name(self.raw(id), index)) }
    }

    /// Goes on to the next row; `false` at the end.
    pub(super) fn step(&mut self, id: &StatementId) -> Result<bool, Failure> {
        // SAFETY: a statement of this handle.
        match unsafe { ffi::sqlite3_step(self.raw(id)) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            code => Err(self.failure(code)),
        }
    }

    /// Puts a statement back to its start. What it failed with was told by `step`.
    pub(super) fn rewind(&mut self, id: &StatementId) {
        // SAFETY: a statement of this handle.
        unsafe { ffi::sqlite3_reset(self.raw(id)) };
    }

    /// Forgets what was bound.
    pub(super) fn clear_bindings(&mut self, id: &StatementId) {
        // SAFETY: a statement of this handle.
        unsafe { ffi::sqlite3_clear_bindings(self.raw(id)) };
    }

    /// Shows each value of the row that the statement stands on.
    pub(super) fn read(&mut self, id: &StatementId, mut show: impl FnMut(Column<'_>)) -> Result<(), Failure> {
        let raw = self.raw(id);
        // SAFETY: a statement of this handle; without a row there are no values.
        let width = unsafe { ffi::sqlite3_data_count(raw) };
        for position in 0..width {
            // SAFETY: the statement stands on a row of `width` values. A value's class is asked for first, and the value
            // is taken as what it is, so that SQLite converts nothing. (A text of a UTF-16 database is made UTF-8 by
            // `column_text`, and its length is asked for after that.) The bytes are SQLite's until the next call on
            // the statement; `show` sees them no longer than that and cannot get at the handle.
            let value = unsafe {
                match ffi::sqlite3_column_type(raw, position) {
                    ffi::SQLITE_INTEGER => Column::Integer(ffi::sqlite3_column_int64(raw, position)),
                    ffi::SQLITE_FLOAT => Column::Real(ffi::sqlite3_column_double(raw, position)),
                    ffi::SQLITE_TEXT => {
                        let start = ffi::sqlite3_column_text(raw, position);
                        let length = ffi::sqlite3_column_bytes(raw, position);
                        Column::Text(bytes(start, length).ok_or_else(no_memory)?)
                    }
                    ffi::SQLITE_BLOB => {
                        let start = ffi::sqlite3_column_blob(raw, position);
                        let length = ffi::sqlite3_column_bytes(raw, position);
                        Column::Blob(bytes(start.cast(), length).ok_or_else(no_memory)?)
                    }
                    _ => Column::Null,
                }
            };
            show(value);
        }
        Ok(())
    }

    /// The number of columns; a change of the schema may change it when the statement starts.
    pub(super) fn width(&self, id: &StatementId) -> usize {
        // SAFETY: a statement of this handle.
        usize::try_from(unsafe { ffi::sqlite3_column_count(self.raw(id)) }).unwrap_or(0)
    }

    /// A column's name, and the type that it was declared with where it is one of a table.
    pub(super) fn column(&self, id: &StatementId, position: usize) -> (String, Option<String>) {
        let raw = self.raw(id);
        let Ok(position) = c_int::try_from(position) else { return Default::default() };
        // SAFETY: a statement of this handle; the texts are good until it is finalized or prepared anew, and are copied.
        unsafe {
            let name = text(ffi::sqlite3_column_name(raw, position));
            (name.unwrap_or_default(), text(ffi::sqlite3_column_decltype(raw, position)))
        }
    }

    /// How often the statement was prepared anew because the schema had changed.
    pub(super) fn times_prepared(&self, id: &StatementId) -> i32 {
        // SAFETY: a statement of this handle.
        unsafe { ffi::sqlite3_stmt_status(self.raw(id), ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }

    /// How many steps SQLite's machine has made for the statement since this was last asked.
    pub(super) fn take_steps(&mut self, id: &StatementId) -> i32 {
        // SAFETY: a statement of this handle.
        unsafe { ffi::sqlite3_stmt_status(self.raw(id), ffi::SQLITE_STMTSTATUS_VM_STEP, 1) }
    }

    /// Whether the statement changes no database by itself; COMMIT and its like change none.
    pub(super) fn is_readonly(&self, id: &StatementId) -> bool {
        // SAFETY: a statement of this handle.
        unsafe { ffi::sqlite3_stmt_readonly(self.raw(id)) != 0 }
    }

    /// Whether no transaction is open.
    pub(super) fn is_autocommit(&self) -> bool {
        // SAFETY: `db` is open and ours.
        unsafe { ffi::sqlite3_get_autocommit(self.db.as_ptr()) != 0 }
    }

    /// Whether the transaction has the lock to write with.
    pub(super) fn is_writing(&self) -> bool {
        // SAFETY: `db` is open and ours; without a name it tells of all databases.
        unsafe { ffi::sqlite3_txn_state(self.db.as_ptr(), ptr::null()) == ffi::SQLITE_TXN_WRITE }
    }

    /// The rows that the last INSERT, UPDATE or DELETE has changed by itself.
    pub(super) fn changes(&self) -> u64 {
        // SAFETY: `db` is open and ours.
        u64::try_from(unsafe { ffi::sqlite3_changes64(self.db.as_ptr()) }).unwrap_or(0)
    }

    /// All rows that were changed since the connection was opened.
    pub(super) fn total_changes(&self) -> i64 {
        // SAFETY: `db` is open and ours.
        unsafe { ffi::sqlite3_total_changes64(self.db.as_ptr()) }
    }

    /// How long a lock is waited for, in milliseconds.
    pub(super) fn set_busy_timeout(&mut self, milliseconds: i32) {
        // SAFETY: `db` is open and ours. It fails for no other reason than another `db`.
        unsafe { ffi::sqlite3_busy_timeout(self.db.as_ptr(), milliseconds) };
    }

    /// What the last call said, if it was `code` that it gave.
    fn failure(&mut self, code: c_int) -> Failure {
        // SAFETY: `db` is open and ours, and was called last by whoever got `code`; the message is copied.
        let (extended, message) = unsafe {
            let db = self.db.as_ptr();
            (ffi::sqlite3_extended_errcode(db), text(ffi::sqlite3_errmsg(db)))
        };
        // Misuse and the like leave no trace in the connection.
        if extended & 0xff == code & 0xff {
            return Failure { code: extended as u32, message: message.unwrap_or_default() };
        }
        // SAFETY: SQLite's own words, which live as long as the program.
        let message = unsafe { text(ffi::sqlite3_errstr(code)) };
        Failure { code: code as u32, message: message.unwrap_or_default() }
    }
}

fn no_memory() -> Failure {
    Failure { code: ffi::SQLITE_NOMEM as u32, message: "out of memory".into() }
}

/// The bytes of a value; `None` where SQLite had no memory to give them.
///
/// # Safety
/// `start` is null or has `length` bytes that nobody changes for the lifetime.
unsafe fn bytes<'r>(start: *const u8, length: c_int) -> Option<&'r [u8]> {
    let length = usize::try_from(length).ok()?;
    match (start.is_null(), length) {
        // An empty blob has no address.
        (_, 0) => Some(&[]),
        (true, _) => None,
        // SAFETY: as the caller says.
        (false, _) => Some(unsafe { slice::from_raw_parts(start, length) }),
    }
}

/// A copy of a text that ends in NUL.
///
/// # Safety
/// `start` is null or such a text.
unsafe fn text(start: *const c_char) -> Option<String> {
    if start.is_null() {
        return None;
    }
    // SAFETY: as the caller says.
    Some(unsafe { CStr::from_ptr(start) }.to_string_lossy().into_owned())
}
