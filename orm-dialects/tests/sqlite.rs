//! The SQLite driver by itself: what only shows below the engine, the same cases for both of its readers.

mod direct {
    const READER: &str = "direct";
    include!("sqlite/cases.rs");
    include!("sqlite/running.rs");
}

mod sqlx {
    const READER: &str = "sqlx";
    include!("sqlite/cases.rs");
    include!("sqlite/running.rs");
}
