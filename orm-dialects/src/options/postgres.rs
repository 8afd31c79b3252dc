//! Options of PostgreSQL's.

use super::options;

options! { "postgres";
    /// A table: `UNLOGGED`, quick and empty after a crash.
    flag unlogged;
    /// A table: `INHERITS (parents)`; a name may say its schema.
    names inherits;
    /// A table: `PARTITION BY RANGE (a)`.
    sql partition_by;
    /// A table: the access method, `USING heap`.
    name using;
    /// A table or an index: storage parameters, `WITH (fillfactor = 70)`.
    sql with;
    /// A table or an index: `TABLESPACE name`.
    name tablespace;
    /// An index, created or dropped: `CONCURRENTLY`, outside of a transaction.
    flag concurrently;
    /// A CHECK or a foreign key: `NOT VALID`, the rows that are there are not looked at.
    flag not_valid;
    /// A CHECK: `NO INHERIT`.
    flag no_inherit;
}
