//! Options of Oracle's.

use super::options;

options! { "oracle";
    /// An index: `BITMAP`.
    flag bitmap;
    /// An index: `COMPRESS`.
    flag compress;
    /// An index: `COMPRESS n`, of its first columns.
    number compress_columns;
    /// A table or an index: `TABLESPACE name`.
    name tablespace;
}
