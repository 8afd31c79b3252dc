//! Plain SQL by bare sqlx, blocking, from wherever one is.

use std::thread;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection};

/// What the server at `url` answers to `SELECT version()`.
pub(crate) fn version(url: &str) -> Result<String, String> {
    blocking(url, async {
        const SELECT: &str = "SELECT version()";
        if is_postgres(url)? {
            let mut connection = PgConnection::connect(url).await?;
            let version = sqlx::query_scalar(SELECT).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(version)
        } else {
            let mut connection = MySqlConnection::connect(url).await?;
            let version = sqlx::query_scalar(SELECT).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(version)
        }
    })
}

/// Runs statements one after another.
pub(crate) fn execute(url: &str, statements: &[&str]) -> Result<(), String> {
    blocking(url, async {
        if is_postgres(url)? {
            let mut connection = PgConnection::connect(url).await?;
            for statement in statements {
                connection.execute(AssertSqlSafe(*statement)).await?;
            }
            connection.close().await
        } else {
            let mut connection = MySqlConnection::connect(url).await?;
            for statement in statements {
                connection.execute(AssertSqlSafe(*statement)).await?;
            }
            connection.close().await
        }
    })
}

fn is_postgres(url: &str) -> Result<bool, sqlx::Error> {
    match url.split(':').next() {
        Some("postgres" | "postgresql") => Ok(true),
        Some("mysql" | "mariadb") => Ok(false),
        _ => Err(sqlx::Error::Configuration("the URL is neither postgres:// nor mysql://".into())),
    }
}

/// A test has a runtime already, and one cannot block inside another: so on a thread.
fn blocking<T: Send>(
    url: &str,
    work: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, String> {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let result = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(10), work).await });
        match result {
            Ok(result) => result.map_err(|error| format!("{}: {error}", without_password(url))),
            Err(_) => Err(format!("{}: no answer within 10 seconds", without_password(url))),
        }
    };
    thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|_| Err("the probe panicked".to_owned())))
}

/// A URL as a message may show it.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "no URL".to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{name}@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_do_not_show_passwords() {
        assert_eq!(without_password("mysql://root:se@cret@host:1/test"), "mysql://root@host:1/test");
        assert_eq!(without_password("postgres://host/test"), "postgres://host/test");
        assert_eq!(without_password("secret"), "no URL");
    }

    #[test]
    fn nobody_there_is_an_answer() {
        let error = version("postgres://postgres@127.0.0.1:1/test").unwrap_err();
        assert!(error.starts_with("postgres://postgres@127.0.0.1:1/test: "), "{error}");
        assert!(version("sqlite::memory:").unwrap_err().contains("neither"));
    }
}
