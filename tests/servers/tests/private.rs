//! Servers of one's own: started, killed, started again, removed.

use std::net::TcpStream;

use orm_test_servers::{FoundBy, Kind, Private, Server, required};
use sqlx::{Connection, Executor, MySqlConnection, PgConnection};

/// The server, or nothing where it is not installed and need not be.
fn private(kind: Kind) -> Option<Private> {
    match Server::private(kind) {
        Ok(private) => Some(private),
        Err(missing) if required() => panic!("{missing}"),
        Err(missing) => {
            eprintln!("skipped: {missing}");
            None
        }
    }
}

fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

const WRITE: &str = "CREATE TABLE kept (id INTEGER PRIMARY KEY); INSERT INTO kept VALUES (7)";

async fn on_postgres(kind: Kind) {
    let Some(mut private) = private(kind) else { return };
    assert_eq!((private.server().kind, private.server().how), (kind, FoundBy::Start));
    let mut before = PgConnection::connect(private.url()).await.unwrap();
    before.execute(WRITE).await.unwrap();

    private.kill();
    assert!(!listens(private.port()));
    before.execute("SELECT 1").await.unwrap_err();
    PgConnection::connect(private.url()).await.unwrap_err();

    private.restart().unwrap();
    let mut after = PgConnection::connect(private.url()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i32>("SELECT id FROM kept").fetch_one(&mut after).await.unwrap(), 7);
    // One that runs is killed first.
    private.restart().unwrap();
    after.execute("SELECT 1").await.unwrap_err();

    let port = private.port();
    drop(private);
    assert!(!listens(port));
}

async fn on_mysql(kind: Kind) {
    let Some(mut private) = private(kind) else { return };
    assert_eq!((private.server().kind, private.server().how), (kind, FoundBy::Start));
    let mut before = MySqlConnection::connect(private.url()).await.unwrap();
    before.execute(WRITE).await.unwrap();

    private.kill();
    assert!(!listens(private.port()));
    before.execute("SELECT 1").await.unwrap_err();
    MySqlConnection::connect(private.url()).await.unwrap_err();

    private.restart().unwrap();
    let mut after = MySqlConnection::connect(private.url()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i32>("SELECT id FROM kept").fetch_one(&mut after).await.unwrap(), 7);
    private.restart().unwrap();
    after.execute("SELECT 1").await.unwrap_err();

    let port = private.port();
    drop(private);
    assert!(!listens(port));
}

#[tokio::test]
async fn postgres_is_killed_and_started_again() {
    on_postgres(Kind::PostgreSql).await;
}

#[tokio::test]
async fn postgres_18_is_killed_and_started_again() {
    on_postgres(Kind::PostgreSql18).await;
}

#[tokio::test]
async fn mariadb_is_killed_and_started_again() {
    on_mysql(Kind::MariaDb).await;
}

#[tokio::test]
async fn mysql_is_killed_and_started_again() {
    on_mysql(Kind::MySql).await;
}
