//! Plain SQL by bare sqlx, from wherever one is.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Database, Executor, IntoDatabase as _, MySqlConnection, PgConnection};
