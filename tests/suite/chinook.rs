//! `examples/chinook`: every answer against plain SQL that bare sqlx runs on the same file.

#[allow(unreachable_pub)]
#[path = "../../examples/chinook/edit.rs"]
mod edit;
#[allow(unreachable_pub)]
#[path = "../../examples/chinook/load.rs"]
pub(crate) mod load;
#[allow(unreachable_pub)]
#[path = "../../examples/chinook/model.rs"]
pub(crate) mod model;
#[allow(unreachable_pub)]
#[path = "../../examples/chinook/questions.rs"]
mod questions;

use std::path::Path;

use orm::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, FromRow, Row, SqliteConnection};

use crate::support::{Statements, run_example};
use edit::{Edited, State};
use model::*;

/// The tables, each with its CSV file.
const TABLES: [(&str, &str); 11] = [
    ("artist", include_str!("../../examples/chinook/data/artist.csv")),
    ("album", include_str!("../../examples/chinook/data/album.csv")),
    ("genre", include_str!("../../examples/chinook/data/genre.csv")),
    ("media_type", include_str!("../../examples/chinook/data/media_type.csv")),
    ("track", include_str!("../../examples/chinook/data/track.csv")),
    ("playlist", include_str!("../../examples/chinook/data/playlist.csv")),
    ("playlist_track", include_str!("../../examples/chinook/data/playlist_track.csv")),
    ("employee", include_str!("../../examples/chinook/data/employee.csv")),
    ("customer", include_str!("../../examples/chinook/data/customer.csv")),
    ("invoice", include_str!("../../examples/chinook/data/invoice.csv")),
    ("invoice_line", include_str!("../../examples/chinook/data/invoice_line.csv")),
];

/// One load for all of it: the steps share the file.
#[tokio::test]
async fn chinook() -> Result<(), load::Error> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("chinook.db");
    let engine = Engine::new(&format!("sqlite://{}?mode=rwc", file.display()))?;
    let statements = Statements::record();
    let rows = load::load(&engine).await?;
    // A flush for each of eleven files: the statements grow with the tables, not with the rows.
    let sent = statements.take();
    assert_eq!(sent.iter().filter(|sql| sql.starts_with("INSERT")).count(), 11);
    // Behind the look at what is there.
    let first = sent.iter().position(|sql| sql.starts_with("INSERT")).unwrap();
    assert!(!sent[first..].iter().any(|sql| sql.starts_with("SELECT") || sql.starts_with("UPDATE")));
    drop(statements);

    let mut plain = Plain::open(&file).await;
    every_row_is_as_its_file_has_it(&mut plain, rows).await;

    let mut session = Session::new(&engine);
    answers_are_those_of_plain_sql(&mut session, &mut plain).await?;
    a_tree_takes_three_selects(&mut session, &mut plain).await?;
    edits_are_rolled_back(&mut session, &mut plain).await?;
    the_same_edits_can_be_committed(&engine, &mut plain).await?;
    Ok(())
}

#[test]
fn chinook_runs_to_its_end() {
    let printed = run_example("chinook", std::env::temp_dir().as_path());
    for line in [
        "15607 rows loaded in ",
        "  customer            country         spent\n",
        "\n  Helena Holý         Czech Republic  49.62\n",
        "\n  A Cor Do Som",
        "\n      \"title\": \"Balls to the Wall\",\n",
        "\n  rolled back  AC/DC       Accept",
    ] {
        assert!(printed.contains(line), "{line:?} in\n{printed}");
    }
}

/// A connection that knows nothing of this library.
struct Plain(SqliteConnection);

impl Plain {
    async fn open(file: &Path) -> Self {
        Plain(SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap())
    }

    async fn all<T>(&mut self, sql: &str) -> Vec<T>
    where
        T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut self.0).await.unwrap()
    }

    async fn one<T>(&mut self, sql: &str) -> T
    where
        T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut self.0).await.unwrap()
    }

    /// All rows of a table as text, in the order of its key, NULL being empty.
    async fn rows(&mut self, table: &str, columns: &[String]) -> Vec<Vec<String>> {
        let texts: Vec<_> = columns.iter().map(|c| format!("coalesce(CAST({c} AS TEXT), '')")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY {table}.rowid", texts.join(", "));
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.0).await.unwrap();
        rows.iter().map(|row| (0..columns.len()).map(|i| row.get(i)).collect()).collect()
    }

    /// All rows of all tables.
    async fn everything(&mut self) -> Vec<Vec<Vec<String>>> {
        let mut tables = Vec::new();
        for (table, csv) in TABLES {
            tables.push(self.rows(table, &records(csv).0).await);
        }
        tables
    }
}

/// The columns and the rows of a CSV file, as text.
fn records(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = texts(reader.headers().unwrap());
    (header, reader.records().map(|record| texts(&record.unwrap())).collect())
}

/// Whole cents as the decimal that they are: plain SQL sums in integers, which is exact.
fn euros(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

async fn every_row_is_as_its_file_has_it(plain: &mut Plain, loaded: u64) {
    let mut all = 0;
    for (table, csv) in TABLES {
        let (columns, expected) = records(csv);
        let mut rows = plain.rows(table, &columns).await;
        for cell in rows.iter_mut().flatten() {
            // A timestamp is stored with its microseconds, which are none here.
            if let Some(second) = cell.strip_suffix(".000000") {
                *cell = second.to_owned();
            }
        }
        all += rows.len();
        assert_eq!(rows.len(), expected.len(), "{table}");
        assert_eq!(rows, expected, "{table}");
    }
    assert_eq!((all, loaded), (15_607, 15_607));
}

async fn answers_are_those_of_plain_sql(session: &mut Session, plain: &mut Plain) -> orm::Result<()> {
    let expected: Vec<(String, String, i64)> = plain
        .all(
            "SELECT c.first_name || ' ' || c.last_name, c.country,
                    sum(CAST(round(i.total * 100) AS INTEGER)) AS cents
             FROM customer c JOIN invoice i USING (customer_id)
             GROUP BY c.customer_id ORDER BY cents DESC, c.customer_id LIMIT 5",
        )
        .await;
    let expected: Vec<_> = expected.into_iter().map(|(n, c, cents)| (n, c, euros(cents))).collect();
    assert_eq!(expected.len(), 5);
    assert_eq!(questions::best_customers(session).await?, expected);

    let expected: Vec<(String, i64, i64)> = plain
        .all(
            "SELECT g.name, sum(l.quantity), sum(CAST(round(l.unit_price * 100) AS INTEGER) * l.quantity) AS cents
             FROM genre g JOIN track t USING (genre_id) JOIN invoice_line l USING (track_id)
             GROUP BY g.genre_id ORDER BY cents DESC, g.name",
        )
        .await;
    let expected: Vec<_> = expected.into_iter().map(|(g, n, cents)| (g, n, euros(cents))).collect();
    assert_eq!(expected.len(), 24);
    assert_eq!(questions::revenue_by_genre(session).await?, expected);

    let expected: Vec<(String,)> = plain
        .all(
            "SELECT a.name FROM artist a LEFT JOIN album b USING (artist_id)
             WHERE b.album_id IS NULL ORDER BY a.name",
        )
        .await;
    let expected: Vec<_> = expected.into_iter().map(|(name,)| name).collect();
    assert_eq!(expected.len(), 71);
    assert_eq!(questions::artists_without_album(session).await?, expected);

    let expected: Vec<(String, String, Option<String>, i64)> = plain
        .all(
            "SELECT e.first_name || ' ' || e.last_name, e.title,
                    (SELECT m.first_name || ' ' || m.last_name FROM employee m WHERE m.employee_id = e.reports_to),
                    (SELECT count(*) FROM customer c WHERE c.support_rep_id = e.employee_id)
             FROM employee e ORDER BY e.employee_id",
        )
        .await;
    assert_eq!(expected.len(), 8);
    assert_eq!(expected.iter().filter(|(.., manager, _)| manager.is_none()).count(), 1);
    assert_eq!(questions::employees(session).await?, expected);

    let expected: Vec<(String, i64, i64)> = plain
        .all(
            "SELECT p.name, (SELECT count(*) FROM playlist_track l WHERE l.playlist_id = p.playlist_id),
                    (SELECT coalesce(sum(t.milliseconds), 0) FROM track t WHERE t.track_id IN
                        (SELECT track_id FROM playlist_track l WHERE l.playlist_id = p.playlist_id))
             FROM playlist p ORDER BY p.playlist_id",
        )
        .await;
    let expected: Vec<_> = expected.into_iter().map(|(p, n, ms)| (p, n, ms as f64 / 60_000.0)).collect();
    assert_eq!(expected.len(), 18);
    assert_eq!(questions::playlists(session).await?, expected);

    let expected: Vec<(String, String, i64)> = plain
        .all(
            "SELECT g.name, t.name, t.milliseconds
             FROM (SELECT track_id, name, genre_id, milliseconds,
                          rank() OVER (PARTITION BY genre_id ORDER BY milliseconds DESC) AS place FROM track) t
             JOIN genre g USING (genre_id) WHERE t.place = 1 ORDER BY g.name, t.track_id",
        )
        .await;
    assert_eq!(expected.len(), 25);
    assert_eq!(questions::longest_tracks(session).await?, expected);

    let expected: Vec<(String, i64, i64)> = plain
        .all(
            "SELECT substr(invoice_date, 1, 7) AS month, count(*), sum(CAST(round(total * 100) AS INTEGER))
             FROM invoice GROUP BY month ORDER BY month",
        )
        .await;
    let expected: Vec<_> = expected.into_iter().map(|(m, n, cents)| (m, n, euros(cents))).collect();
    assert_eq!(expected.len(), 60);
    assert_eq!(questions::revenue_by_month(session).await?, expected);

    let expected: Vec<(String, i64)> = plain
        .all(
            "SELECT name, genres FROM
                (SELECT c.customer_id, c.first_name || ' ' || c.last_name AS name,
                        count(DISTINCT t.genre_id) AS genres
                 FROM customer c JOIN invoice i USING (customer_id) JOIN invoice_line l USING (invoice_id)
                 JOIN track t USING (track_id) GROUP BY c.customer_id)
             WHERE genres > 8 ORDER BY genres DESC, customer_id",
        )
        .await;
    assert!(!expected.is_empty());
    assert_eq!(questions::eclectic_customers(session).await?, expected);
    Ok(())
}

async fn a_tree_takes_three_selects(session: &mut Session, plain: &mut Plain) -> orm::Result<()> {
    let statements = Statements::record();
    let artist = questions::artist_tree(session, "Iron Maiden").await?;
    let selects = statements.taken("SELECT");
    assert_eq!(selects.len(), 3, "{selects:#?}");

    let detached = session.detach(artist);
    let mut walked = Vec::new();
    let view = session.view(artist);
    for album in view.get(Artist::albums)? {
        for track in album.get(Album::tracks)? {
            walked.push((view.name.clone(), album.album_id, album.title.clone(), track.name.clone()));
        }
    }
    let sent = statements.take();
    assert!(sent.is_empty(), "reading a loaded tree is no I/O: {sent:#?}");

    let expected: Vec<(String, i64, String, String)> = plain
        .all(
            "SELECT a.name, b.album_id, b.title, t.name
             FROM artist a JOIN album b USING (artist_id) JOIN track t USING (album_id)
             WHERE a.name = 'Iron Maiden' ORDER BY b.album_id, t.track_id",
        )
        .await;
    assert_eq!(expected.len(), 213);
    assert_eq!(walked, expected);

    // The detached tree as JSON, against JSON that SQLite builds.
    let (expected,): (String,) = plain
        .one(
            "SELECT json_object('artist_id', a.artist_id, 'name', a.name, 'albums', (
                 SELECT json_group_array(json_object('album_id', b.album_id, 'title', b.title,
                     'artist_id', b.artist_id, 'tracks', (
                         SELECT json_group_array(json_object('track_id', t.track_id, 'name', t.name,
                             'album_id', t.album_id, 'media_type_id', t.media_type_id, 'genre_id', t.genre_id,
                             'composer', t.composer, 'milliseconds', t.milliseconds, 'bytes', t.bytes,
                             'unit_price', t.unit_price) ORDER BY t.track_id)
                         FROM track t WHERE t.album_id = b.album_id)) ORDER BY b.album_id)
                 FROM album b WHERE b.artist_id = a.artist_id))
             FROM artist a WHERE a.name = 'Iron Maiden'",
        )
        .await;
    assert_eq!(json!(detached), serde_json::from_str::<Value>(&expected).unwrap());
    Ok(())
}

async fn edits_are_rolled_back(session: &mut Session, plain: &mut Plain) -> orm::Result<()> {
    let everything = plain.everything().await;
    let edited = Edited::find(session).await?;
    let before = edited.state(session).await?;
    let expected = State {
        artist: "AC/DC".into(),
        album_is_by: "Accept".into(),
        playlists: 18,
        links: 8_715,
        tracks: 3_503,
    };
    assert_eq!(before, expected);

    edited.edit(session).await?;
    let during = edited.state(session).await?;
    let expected = State {
        artist: "Acca Dacca".into(),
        album_is_by: "Acca Dacca".into(),
        playlists: 17,
        links: 8_700,
        tracks: 3_503,
    };
    assert_eq!(during, expected);
    assert_eq!(session.get(Playlist, 16).await?, None, "deleted, as far as this transaction can see");

    session.rollback().await?;
    assert_eq!(session[edited.artist].name, "AC/DC");
    assert_eq!(session[edited.album].artist_id, 2);
    assert_eq!(session[edited.playlist].name, "Grunge");
    assert_eq!(edited.state(session).await?, before);
    session.commit().await?;
    assert!(plain.everything().await == everything, "a row is not as before");
    Ok(())
}

async fn the_same_edits_can_be_committed(engine: &Engine, plain: &mut Plain) -> orm::Result<()> {
    let mut session = Session::new(engine);
    let edited = Edited::find(&mut session).await?;
    edited.edit(&mut session).await?;
    session.commit().await?;
    assert!(session.try_view(edited.playlist).is_none());
    assert_eq!(session[edited.album].artist_id, 1);

    let counts: (i64, i64, i64) = plain
        .one("SELECT (SELECT count(*) FROM playlist), (SELECT count(*) FROM playlist_track), (SELECT count(*) FROM track)")
        .await;
    assert_eq!(counts, (17, 8_700, 3_503));
    let by: Vec<(String,)> = plain
        .all("SELECT a.name FROM artist a JOIN album b USING (artist_id) WHERE b.title = 'Balls to the Wall'")
        .await;
    assert_eq!(by, [("Acca Dacca".to_owned(),)]);
    Ok(())
}
