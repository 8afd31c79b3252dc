//! Options of SQLite's.

use super::options;

options! { "sqlite";
    /// A table: `WITHOUT ROWID`.
    flag without_rowid;
    /// A table: `STRICT`, whose columns keep their types' values only.
    flag strict;
    /// A table: `PRIMARY KEY AUTOINCREMENT`, so that a key is never used twice.
    flag autoincrement;
    /// A table: `ON CONFLICT REPLACE` and the like of its primary key.
    name on_conflict_primary_key;
    /// A column: `ON CONFLICT FAIL` and the like of its `NOT NULL`.
    name on_conflict_not_null;
    /// A UNIQUE constraint: `ON CONFLICT IGNORE` and the like.
    name on_conflict;
}
