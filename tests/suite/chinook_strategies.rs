//! The trees that Chinook's questions walk, by every loader strategy: on a connection and in a session, on each
//! database, the same tree, and as many statements as the strategy says.

use orm::prelude::*;
use orm::{immediate, subquery};
use serde::Serialize;
use serde_json::{Value, json};

use crate::chinook::load;
use crate::chinook::model::*;
use crate::databases::{Database, on_each};
use crate::support::Statements;

/// One load for each database: the trees share it.
#[tokio::test]
async fn every_strategy_gives_the_same_trees() {
    on_each(async |db| {
        load::load(&db.engine).await.unwrap();
        let rows = Rows::read(&db.engine).await;
        artists(db, &rows).await;
        customers(db, &rows).await;
        playlists(db, &rows).await;
        employees(db, &rows).await;
    })
    .await;
}

/// What the trees are made of: all rows of their tables, in the order of their keys.
struct Rows {
    artists: Vec<Artist>,
    albums: Vec<Album>,
    tracks: Vec<Track>,
    playlists: Vec<Playlist>,
    links: Vec<PlaylistTrack>,
    employees: Vec<Employee>,
    customers: Vec<Customer>,
    invoices: Vec<Invoice>,
    lines: Vec<InvoiceLine>,
}

impl Rows {
    async fn read(engine: &Engine) -> Self {
        let links = select(PlaylistTrack).order_by((PlaylistTrack::playlist_id, PlaylistTrack::track_id));
        Rows {
            artists: engine.all(select(Artist).order_by(Artist::artist_id)).await.unwrap(),
            albums: engine.all(select(Album).order_by(Album::album_id)).await.unwrap(),
            tracks: engine.all(select(Track).order_by(Track::track_id)).await.unwrap(),
            playlists: engine.all(select(Playlist).order_by(Playlist::playlist_id)).await.unwrap(),
            links: engine.all(links).await.unwrap(),
            employees: engine.all(select(Employee).order_by(Employee::employee_id)).await.unwrap(),
            customers: engine.all(select(Customer).order_by(Customer::customer_id)).await.unwrap(),
            invoices: engine.all(select(Invoice).order_by(Invoice::invoice_id)).await.unwrap(),
            lines: engine.all(select(InvoiceLine).order_by(InvoiceLine::invoice_line_id)).await.unwrap(),
        }
    }

    /// A track by its key: the file counts from one, and leaves none out.
    fn track(&self, id: i64) -> &Track {
        &self.tracks[usize::try_from(id - 1).unwrap()]
    }

    fn employees_below(&self, manager: Option<i64>) -> Vec<Employee> {
        let below = self.employees.iter().filter(|employee| employee.reports_to == manager);
        below
            .map(|employee| {
                let reports = self.employees_below(Some(employee.employee_id));
                Employee { reports: reports.into(), ..employee.clone() }
            })
            .collect()
    }
}

/// Asks `$query` with each `$option`, owned and in a session, which sends so many SELECTs and gives `$expected`.
macro_rules! by_each_strategy {
    ($db:ident: $query:expr => $expected:expr; $($selects:literal $option:expr;)*) => {$({
        let what = concat!(stringify!($option), " on ").to_owned() + &$db.name;
        let sent = Statements::record();
        let owned = $db.engine.all($query.options($option)).await.unwrap();
        counted($db, &sent, $selects, &what);
        same(&$expected, tree(&owned), &format!("{what}, owned"));

        let mut session = Session::new(&$db.engine);
        let handles = session.all($query.options($option)).await.unwrap();
        counted($db, &sent, $selects, &what);
        let detached: Vec<_> = handles.iter().map(|&handle| session.detach(handle)).collect();
        same(&$expected, tree(&detached), &format!("{what}, in a session"));
        assert!(sent.take().is_empty(), "reading a loaded tree is no I/O");
    })*};
}

/// The handles of what is loaded behind others.
macro_rules! behind {
    ($session:ident, $handles:ident, $relationship:expr) => {{
        let objects = $session.views(&$handles).flat_map(|object| object.get($relationship).unwrap());
        objects.map(|object| object.handle()).collect::<Vec<_>>()
    }};
}

fn counted(db: &Database, sent: &Statements, selects: usize, what: &str) {
    let sent = sent.taken("SELECT");
    // Where keys go as one array, a long list of them is one statement.
    if db.server.is_none() {
        assert_eq!(sent.len(), selects, "{what} sends {:#?}", starts(&sent));
    } else {
        assert!(!sent.is_empty() && sent.len() <= selects, "{what} sends {:#?}", starts(&sent));
    }
}

fn starts(sent: &[String]) -> Vec<&str> {
    sent.iter().map(|sql| sql.get(..400).unwrap_or(sql)).collect()
}

fn tree<T: Serialize>(objects: &[T]) -> Value {
    settled(json!(objects))
}

/// Lists that no relationship gives an order, by their keys.
fn settled(mut value: Value) -> Value {
    match &mut value {
        Value::Array(items) => {
            for item in items.iter_mut() {
                *item = settled(item.take());
            }
        }
        Value::Object(fields) => {
            let is_playlist = fields.contains_key("playlist_id");
            for (name, field) in fields.iter_mut() {
                *field = settled(field.take());
                let key = match name.as_str() {
                    "lines" => "invoice_line_id",
                    "reports" => "employee_id",
                    "tracks" if is_playlist => "track_id",
                    _ => continue,
                };
                if let Value::Array(items) = field {
                    items.sort_by_key(|item| item[key].as_i64());
                }
            }
        }
        _ => {}
    }
    value
}

/// Whole trees are long: of two that differ the first difference is told.
fn same(expected: &Value, found: Value, what: &str) {
    if let Some(difference) = difference(expected, &found, String::new()) {
        panic!("{what}: {difference}");
    }
}

fn difference(expected: &Value, found: &Value, at: String) -> Option<String> {
    match (expected, found) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| difference(a, b, format!("{at}[{n}]")))
        }
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(name, a)| difference(a, &b[name], format!("{at}.{name}")))
        }
        (a, b) if a == b => None,
        (a, b) => {
            let [a, b] = [a, b].map(|side| side.to_string().chars().take(300).collect::<String>());
            Some(format!("at `{at}`\n  expected {a}\n  found    {b}"))
        }
    }
}

/// Artists with their albums and tracks.
async fn artists(db: &Database, rows: &Rows) {
    let album = |album: &Album| {
        let tracks = rows.tracks.iter().filter(|track| track.album_id == album.album_id);
        Album { tracks: tracks.cloned().collect(), ..album.clone() }
    };
    let artist = |artist: &Artist| {
        let albums = rows.albums.iter().filter(|album| album.artist_id == artist.artist_id);
        Artist { albums: albums.map(album).collect(), ..artist.clone() }
    };
    let expected = tree(&rows.artists.iter().map(artist).collect::<Vec<_>>());
    by_each_strategy!(db: select(Artist).order_by(Artist::artist_id) => expected;
        3 selectin(Artist::albums).then(selectin(Album::tracks));
        1 joined(Artist::albums).then(joined(Album::tracks));
        3 subquery(Artist::albums).then(subquery(Album::tracks));
        3 immediate(Artist::albums).then(immediate(Album::tracks));
        2 joined(Artist::albums).then(selectin(Album::tracks));
        2 selectin(Artist::albums).then(joined(Album::tracks));
        2 joined(Artist::albums).then(subquery(Album::tracks));
        2 subquery(Artist::albums).then(joined(Album::tracks));
        3 selectin(Artist::albums).then(subquery(Album::tracks));
        3 immediate(Artist::albums).then(selectin(Album::tracks));
    );

    let mut session = Session::new(&db.engine);
    let sent = Statements::record();
    let handles = session.all(select(Artist).order_by(Artist::artist_id)).await.unwrap();
    session.load_many(&handles, Artist::albums).await.unwrap();
    let albums = behind!(session, handles, Artist::albums);
    session.load_many(&albums, Album::tracks).await.unwrap();
    counted(db, &sent, 3, "load_many of albums and tracks");
    let detached: Vec<_> = handles.iter().map(|&handle| session.detach(handle)).collect();
    same(&expected, tree(&detached), &format!("load_many on {}", db.name));

    // A part of them, in another order: the LIMIT is one of artists.
    let expected: Vec<_> = expected.as_array().unwrap().iter().rev().skip(100).take(60).cloned().collect();
    by_each_strategy!(db: select(Artist).order_by(Artist::artist_id.desc()).limit(60).offset(100) => json!(expected);
        3 selectin(Artist::albums).then(selectin(Album::tracks));
        1 joined(Artist::albums).then(joined(Album::tracks));
        3 subquery(Artist::albums).then(subquery(Album::tracks));
        3 immediate(Artist::albums).then(immediate(Album::tracks));
        2 joined(Artist::albums).then(selectin(Album::tracks));
    );
}

/// Customers with their invoices, the lines of those, and what was bought.
async fn customers(db: &Database, rows: &Rows) {
    let line = |line: &InvoiceLine| {
        let track = rows.track(line.track_id).clone();
        InvoiceLine { track: track.into(), ..line.clone() }
    };
    let invoice = |invoice: &Invoice| {
        let lines = rows.lines.iter().filter(|line| line.invoice_id == invoice.invoice_id);
        Invoice { lines: lines.map(line).collect(), ..invoice.clone() }
    };
    let customer = |customer: &Customer| {
        let invoices = rows.invoices.iter().filter(|invoice| invoice.customer_id == customer.customer_id);
        let mut invoices: Vec<_> = invoices.map(invoice).collect();
        invoices.sort_by_key(|invoice| invoice.invoice_date);
        Customer { invoices: invoices.into(), ..customer.clone() }
    };
    let expected = tree(&rows.customers.iter().map(customer).collect::<Vec<_>>());
    // 1,984 tracks go in four lists of at most 500 keys.
    by_each_strategy!(db: select(Customer).order_by(Customer::customer_id) => expected;
        7 selectin(Customer::invoices).then(selectin(Invoice::lines).then(selectin(InvoiceLine::track)));
        1 joined(Customer::invoices).then(joined(Invoice::lines).then(joined(InvoiceLine::track)));
        1 joined(Customer::invoices).then(joined(Invoice::lines).then(joined(InvoiceLine::track).inner()));
        4 subquery(Customer::invoices).then(subquery(Invoice::lines).then(subquery(InvoiceLine::track)));
        7 immediate(Customer::invoices).then(immediate(Invoice::lines).then(immediate(InvoiceLine::track)));
        3 selectin(Customer::invoices).then(selectin(Invoice::lines).then(joined(InvoiceLine::track)));
        2 joined(Customer::invoices).then(selectin(Invoice::lines).then(joined(InvoiceLine::track).inner()));
        3 subquery(Customer::invoices).then(selectin(Invoice::lines).then(joined(InvoiceLine::track)));
    );

    let mut session = Session::new(&db.engine);
    let sent = Statements::record();
    let handles = session.all(select(Customer).order_by(Customer::customer_id)).await.unwrap();
    session.load_many(&handles, Customer::invoices).await.unwrap();
    let invoices = behind!(session, handles, Customer::invoices);
    session.load_many(&invoices, Invoice::lines).await.unwrap();
    let lines = behind!(session, invoices, Invoice::lines);
    session.load_many(&lines, InvoiceLine::track).await.unwrap();
    counted(db, &sent, 7, "load_many of what was bought");
    let detached: Vec<_> = handles.iter().map(|&handle| session.detach(handle)).collect();
    same(&expected, tree(&detached), &format!("load_many on {}", db.name));
}

/// Playlists with their tracks, which they share.
async fn playlists(db: &Database, rows: &Rows) {
    let playlist = |playlist: &Playlist| {
        let links = rows.links.iter().filter(|link| link.playlist_id == playlist.playlist_id);
        Playlist { tracks: links.map(|link| rows.track(link.track_id).clone()).collect(), ..playlist.clone() }
    };
    let expected = tree(&rows.playlists.iter().map(playlist).collect::<Vec<_>>());
    by_each_strategy!(db: select(Playlist).order_by(Playlist::playlist_id) => expected;
        2 selectin(Playlist::tracks);
        1 joined(Playlist::tracks);
        2 subquery(Playlist::tracks);
        2 immediate(Playlist::tracks);
    );

    let mut session = Session::new(&db.engine);
    let sent = Statements::record();
    let handles = session.all(select(Playlist).order_by(Playlist::playlist_id)).await.unwrap();
    session.load_many(&handles, Playlist::tracks).await.unwrap();
    counted(db, &sent, 2, "load_many of tracks");
    let detached: Vec<_> = handles.iter().map(|&handle| session.detach(handle)).collect();
    same(&expected, tree(&detached), &format!("load_many on {}", db.name));
}

/// Employees with those below them, however deep.
async fn employees(db: &Database, rows: &Rows) {
    let bosses = || {
        let condition = Employee::reports_to.is_null();
        select(Employee).filter(condition).order_by(Employee::employee_id)
    };
    // Three levels, and a fourth SELECT that finds nobody.
    let expected = tree(&rows.employees_below(None));
    by_each_strategy!(db: bosses() => expected;
        4 selectin(Employee::reports).recursive(3);
        4 immediate(Employee::reports).recursive(3);
        1 joined(Employee::reports).recursive(3);
        4 selectin(Employee::reports).then(selectin(Employee::reports).then(selectin(Employee::reports)));
        1 joined(Employee::reports).then(joined(Employee::reports).then(joined(Employee::reports)));
        4 subquery(Employee::reports).then(subquery(Employee::reports).then(subquery(Employee::reports)));
        2 joined(Employee::reports).then(joined(Employee::reports).then(selectin(Employee::reports)));
    );

    let mut session = Session::new(&db.engine);
    let sent = Statements::record();
    let handles = session.all(bosses()).await.unwrap();
    let mut level = handles.clone();
    while !level.is_empty() {
        session.load_many(&level, Employee::reports).await.unwrap();
        level = behind!(session, level, Employee::reports);
    }
    counted(db, &sent, 4, "load_many, level by level");
    let detached: Vec<_> = handles.iter().map(|&handle| session.detach(handle)).collect();
    same(&expected, tree(&detached), &format!("load_many on {}", db.name));
}
