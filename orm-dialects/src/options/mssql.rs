//! Options of SQL Server's.

use super::options;

options! { "mssql";
    /// An index: `CLUSTERED`.
    flag clustered;
    /// An index: `NONCLUSTERED`.
    flag nonclustered;
    /// An index: `COLUMNSTORE`.
    flag columnstore;
}
