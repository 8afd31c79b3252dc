use std::fmt;
use std::pin::Pin;

use futures_core::Stream;
use orm_core::{Connection, Error, Result};
use orm_query::schema::{ColumnDef, TableDef};
use orm_query::{Bind, CompileError, Converted, DataType, Mapped, Value};
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;

use super::wire::encode::encode;
use crate::limits;
use crate::postgres::{NAME, Postgres, errors, types};
use crate::syntax::{Place, Syntax, Writer};

/// So much is gathered before it is sent.
const CHUNK: usize = 64 * 1024;
/// The signature of the binary format, without flags and without an extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1i16).to_be_bytes();

/// Inserts many structs by `COPY … FROM STDIN (FORMAT binary)`, the fastest way in; the number of rows.
///
/// It runs in the connection's transaction, and begins one if none is open. The rows are sent as they come from the
/// iterator, with what [`insert`](orm_query::typed::insert) would send: relationships are not looked at, and generated keys
/// are not read back. All rows set the same columns as the first one.
///
/// # Errors
/// When a value does not fit its column, when a row sets other columns, or what the database says; the transaction has
/// failed then.
pub async fn copy_in<E: Mapped>(
    connection: &mut Connection,
    rows: impl IntoIterator<Item = E, IntoIter: Send>,
) -> Result<u64> {
    let mut rows = rows.into_iter();
    let Some(first) = rows.next() else { return Ok(0) };
    let table = E::TABLE;
    let columns: Vec<usize> = (0..table.columns.len()).filter(|at| value(&first, *at).is_some()).collect();
    let sql = statement(table, &columns)?;
    connection.begin().await?;
    let mut copy = copy_in_raw(connection, &sql).await?;
    let mut chunk = HEADER.to_vec();
    let mut next = Some(first);
    while let Some(row) = next {
        if let Err(error) = write(&row, &columns, &mut chunk) {
            copy.abort("a row cannot be sent").await?;
            return Err(error);
        }
        if chunk.len() >= CHUNK {
            copy.send(&chunk).await?;
            chunk.clear();
        }
        next = rows.next();
    }
    chunk.extend(TRAILER);
    copy.send(&chunk).await?;
    copy.finish().await
}

/// The value that is inserted; `None` where it is left to the database.
fn value<E: Mapped>(row: &E, position: usize) -> Option<Value> {
    let column: &ColumnDef = &E::TABLE.columns[position];
    if column.computed.is_some() {
        return None;
    }
    let value = row.value(position).filter(|value| !(column.autoincrement && value.is_zero()));
    value.or_else(|| column.default.map(|default| (default.0)()))
}

fn write<E: Mapped>(row: &E, columns: &[usize], out: &mut Vec<u8>) -> Result<()> {
    let table = E::TABLE;
    // A table has at most 1,600 columns.
    out.extend((columns.len() as i16).to_be_bytes());
    let mut given = columns.iter().copied().peekable();
    for (position, column) in table.columns.iter().enumerate() {
        let value = value(row, position);
        if value.is_some() != given.next_if_eq(&position).is_some() {
            let reason = format!(
                "the rows of a COPY set the same columns, and one differs from the first in `{}.{}`",
                table.full_name(),
                column.name
            );
            return Err(Error::Compile(CompileError::Invalid(reason)));
        }
        let Some(value) = value else { continue };
        let start = out.len();
        out.extend((-1i32).to_be_bytes());
        if value.is_null() {
            continue;
        }
        let bind = Bind::new(value, column.data_type.plain().clone());
        let written = types::fits(&bind, Place::Stored).and_then(|()| {
            let written = encode(&bind.value, &bind.data_type, out);
            written.map_err(|reason| limits::refused(NAME, &bind, reason))
        });
        written.map_err(|error| Error::from(error.in_column(&table.full_name(), &column.name)))?;
        let len = i32::try_from(out.len() - start - 4).map_err(|_| {
            let reason = limits::refused(NAME, &bind, "it is too long");
            Error::from(reason.in_column(&table.full_name(), &column.name))
        })?;
        out[start..start + 4].copy_from_slice(&len.to_be_bytes());
    }
    Ok(())
}

fn statement(table: &TableDef, columns: &[usize]) -> Result<String> {
    let syntax = Postgres::default();
    let mut w = Writer::default();
    w.push("COPY ");
    if let Some(schema) = &table.schema {
        syntax.identifier(&mut w, schema)?;
        w.push(".");
    }
    syntax.identifier(&mut w, &table.name)?;
    w.push(" (");
    for (i, position) in columns.iter().enumerate() {
        let column = &table.columns[*position];
        if let DataType::Converted(Converted { bind: Some(function), .. }) = column.data_type {
            let reason = format!(
                "COPY sends values as they are, and those of `{}.{}` go through `{function}`: insert them",
                table.full_name(),
                column.name
            );
            return Err(Error::Compile(CompileError::Invalid(reason)));
        }
        // Their binary form is known to the server alone.
        let element = match column.data_type.plain() {
            DataType::Array(element) => element,
            other => other,
        };
        let is_array = matches!(column.data_type.plain(), DataType::Array(_));
        if matches!(element, DataType::Other(_)) || (is_array && matches!(element, DataType::Enum(_))) {
            return Err(Error::Unsupported {
                dialect: NAME,
                feature: "binary COPY into a column whose type is not known to orm",
                hint: Some("insert the rows, or send them as text by `copy_in_raw`"),
            });
        }
        w.push(if i == 0 { "" } else { ", " });
        syntax.identifier(&mut w, &column.name)?;
    }
    w.push(") FROM STDIN (FORMAT binary)");
    Ok(w.sql().to_owned())
}

/// Starts a `COPY … FROM STDIN`, whose rows the caller writes in the format that the statement says.
///
/// The connection is as after [`raw`](Connection::raw): what was prepared on it is prepared anew.
///
/// # Errors
/// What the database says.
pub async fn copy_in_raw<'c>(connection: &'c mut Connection, sql: &str) -> Result<CopyIn<'c>> {
    let raw: &mut PgConnection = connection.raw().await?;
    raw.copy_in_raw(sql).await.map(|copy| CopyIn { copy }).map_err(errors::classify)
}

/// Starts a `COPY … TO STDOUT`. One that is not read to its end loses the connection.
///
/// # Errors
/// What the database says; the connection is lost then.
pub async fn copy_out_raw<'c>(connection: &'c mut Connection, sql: &str) -> Result<CopyOut<'c>> {
    let raw: &mut PgConnection = connection.raw().await?;
    let stream = raw.copy_out_raw(sql).await.map_err(errors::classify)?;
    Ok(CopyOut { next: Box::new(Chunks(stream)) })
}

/// A `COPY` into the database; it counts only once it is [finished](CopyIn::finish).
#[must_use = "what was sent is thrown away if it is not finished"]
pub struct CopyIn<'c> {
    copy: PgCopyIn<&'c mut PgConnection>,
}

impl CopyIn<'_> {
    /// Sends some bytes, cut where it suits the caller.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send(&mut self, data: &[u8]) -> Result<()> {
        self.copy.send(data).await.map(drop).map_err(errors::classify)
    }

    /// Ends it; the number of rows.
    ///
    /// # Errors
    /// What the database says about the rows.
    pub async fn finish(self) -> Result<u64> {
        self.copy.finish().await.map_err(errors::classify)
    }

    /// Gives it up, and with it the transaction.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn abort(self, reason: &str) -> Result<()> {
        self.copy.abort(reason).await.map_err(errors::classify)
    }
}

impl fmt::Debug for CopyIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyIn").finish_non_exhaustive()
    }
}

/// A `COPY` out of the database.
pub struct CopyOut<'c> {
    next: Box<dyn Chunk + Send + 'c>,
}

impl CopyOut<'_> {
    /// The next bytes, cut where it suits the server: in text and in CSV at the end of a row. `None` at the end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        std::future::poll_fn(|cx| self.next.poll(cx)).await.transpose()
    }
}

impl fmt::Debug for CopyOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyOut").finish_non_exhaustive()
    }
}

/// sqlx's stream, whose items are of a type that only sqlx can name.
trait Chunk {
    fn poll(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Option<Result<Vec<u8>>>>;
}

struct Chunks<'c, B>(Pin<Box<dyn Stream<Item = Result<B, sqlx::Error>> + Send + 'c>>);

impl<B: AsRef<[u8]>> Chunk for Chunks<'_, B> {
    fn poll(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Option<Result<Vec<u8>>>> {
        let poll = self.0.as_mut().poll_next(cx);
        poll.map(|next| {
            next.map(|chunk| chunk.map(|bytes| bytes.as_ref().to_vec()).map_err(errors::classify))
        })
    }
}
