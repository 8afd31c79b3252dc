//! Conditions that a listener adds to statements: soft deletion and tenants.

use orm::tree::{Criteria, Statement};
use orm::typed::{Executable, Query};

use super::*;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "account")]
struct Account {
    #[column(primary_key)]
    id: i64,
    #[column(length = 30)]
    name: String,
    tenant: i64,
    deleted: bool,
    #[relationship(back_populates = account, order_by = Note::id)]
    notes: Many<Note>,
    #[relationship(secondary = Mark, back_populates = accounts, order_by = Label::id)]
    labels: Many<Label>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "note")]
struct Note {
    #[column(primary_key)]
    id: i64,
    #[column(length = 30)]
    body: String,
    deleted: bool,
    #[column(foreign_key = Account::id)]
    account_id: Option<i64>,
    #[relationship(back_populates = notes)]
    account: One<Option<Account>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "label")]
struct Label {
    #[column(primary_key)]
    id: i64,
    #[column(length = 30)]
    text: String,
    deleted: bool,
    #[relationship(secondary = Mark, back_populates = labels)]
    accounts: Many<Account>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "mark")]
struct Mark {
    #[column(primary_key, foreign_key = Account::id)]
    account_id: i64,
    #[column(primary_key, foreign_key = Label::id)]
    label_id: i64,
}

orm::alias!(Other = Account);

fn sqlite(mut statement: Statement) -> String {
    statement.add_criteria(&[
        Criteria::new(Account::ENTITY, Account::deleted.eq(false).into_tree()),
        Criteria::new(Note::ENTITY, Note::deleted.eq(false).into_tree()),
    ]);
    Engine::new("sqlite::memory:").unwrap().dialect().compile(&statement).unwrap().sql.to_string()
}

fn query<I>(query: impl Query<I>) -> String {
    sqlite(query.into_statement().0)
}

fn statement(statement: impl Executable) -> String {
    sqlite(statement.into_statement())
}

#[test]
fn conditions_stand_wherever_the_table_does() {
    assert_eq!(
        query(select(Account::id).filter(Account::name.eq("a"))),
        "SELECT account.id FROM account WHERE account.name = ? AND account.deleted = 0"
    );
    assert_eq!(
        query(select(Account::id).filter(Account::name.eq("a") | Account::name.eq("b"))),
        "SELECT account.id FROM account WHERE (account.name = ? OR account.name = ?) AND account.deleted = 0"
    );
    assert_eq!(
        query(select((Account::id, Note::id)).join(Account::notes)),
        "SELECT account.id, note.id FROM account JOIN note ON account.id = note.account_id AND note.deleted = 0 WHERE account.deleted = 0"
    );
    assert_eq!(
        query(select((Account::id, Note::id)).outer_join(Account::notes)),
        "SELECT account.id, note.id FROM account LEFT OUTER JOIN note ON account.id = note.account_id AND note.deleted = 0 WHERE account.deleted = 0"
    );
    assert_eq!(
        query(select(count(())).select_from(Account).cross_join(Note)),
        "SELECT count(*) FROM account CROSS JOIN note WHERE account.deleted = 0 AND note.deleted = 0"
    );
    // Tables that nobody has said anything of stay as they are.
    assert_eq!(query(select(Label::id)), "SELECT label.id FROM label");
}

#[test]
fn an_alias_is_read_by_its_own_columns() {
    assert_eq!(
        query(select(Account::id.of(Other))),
        "SELECT other.id FROM account AS other WHERE other.deleted = 0"
    );
    assert_eq!(
        query(select(Account::id).outer_join_on(Other, Account::tenant.eq(Account::tenant.of(Other)))),
        "SELECT account.id FROM account LEFT OUTER JOIN account AS other ON account.tenant = other.tenant AND other.deleted = 0 WHERE account.deleted = 0"
    );
}

#[test]
fn subqueries_are_reached_at_any_depth() {
    let notes = || select(Note::id).correlate(Account).filter(Note::account_id.eq(Account::id));
    assert_eq!(
        query(select(Account::name).filter(exists(notes()))),
        "SELECT account.name FROM account WHERE EXISTS (SELECT note.id FROM note WHERE note.account_id = account.id AND note.deleted = 0) AND account.deleted = 0"
    );
    let latest = select(max(Note::id)).correlate(Account).filter(Note::account_id.eq(Account::id)).scalar();
    assert_eq!(
        query(select((Account::name, latest))),
        "SELECT account.name, (SELECT max(note.id) FROM note WHERE note.account_id = account.id AND note.deleted = 0) FROM account WHERE account.deleted = 0"
    );
    let inner = select(Note::account_id).filter(Note::id.in_(select(Note::id).filter(Note::body.eq("x"))));
    assert_eq!(
        query(select(Label::id).filter(Label::id.in_(inner))),
        "SELECT label.id FROM label WHERE label.id IN (SELECT note.account_id FROM note WHERE note.id IN (SELECT note.id FROM note WHERE note.body = ? AND note.deleted = 0) AND note.deleted = 0)"
    );
}

#[test]
fn a_full_join_reads_both_sides_through_subqueries() {
    assert_eq!(
        query(select((Account::id, Note::id)).full_join(Account::notes).filter(Note::id.is_null())),
        "SELECT account.id, note.id FROM (SELECT account.id, account.name, account.tenant, account.deleted FROM account WHERE account.deleted = 0) AS account FULL OUTER JOIN (SELECT note.id, note.body, note.deleted, note.account_id FROM note WHERE note.deleted = 0) AS note ON account.id = note.account_id WHERE note.id IS NULL"
    );
}

#[test]
fn changes_are_limited_too() {
    assert_eq!(
        statement(update(Account).set(Account::name, "x").all_rows()),
        "UPDATE account SET name = ? WHERE account.deleted = 0"
    );
    assert_eq!(
        statement(delete(Note).filter(Note::account_id.in_(select(Account::id)))),
        "DELETE FROM note WHERE note.account_id IN (SELECT account.id FROM account WHERE account.deleted = 0) AND note.deleted = 0"
    );
    let copies = insert(Label).from_select(
        (Label::id, Label::text, Label::deleted),
        select((Account::id, Account::name, Account::deleted)),
    );
    assert_eq!(
        statement(copies),
        "INSERT INTO label (id, text, deleted) SELECT account.id, account.name, account.deleted FROM account WHERE account.deleted = 0"
    );
}

#[test]
fn a_condition_with_a_subquery_follows_its_alias() {
    let noted = exists(select(Note::id).correlate(Account).filter(Note::account_id.eq(Account::id)));
    let mut statement: Statement = select(Account::id.of(Other)).into_statement().0;
    statement.add_criteria(&[Criteria::new(Account::ENTITY, noted.into_tree())]);
    let sql = Engine::new("sqlite::memory:").unwrap().dialect().compile(&statement).unwrap().sql.to_string();
    assert_eq!(
        sql,
        "SELECT other.id FROM account AS other WHERE EXISTS (SELECT note.id FROM note WHERE note.account_id = other.id)"
    );
}

async fn seed(db: &Database) {
    metadata![Account, Note, Label, Mark].create_all(&db.engine).await.unwrap();
    let mut session = Session::new(&db.engine);
    let account =
        |name: &str, tenant: i64, deleted: bool| Account { name: name.into(), tenant, deleted, ..default() };
    let note = |body: &str, deleted: bool| Note { body: body.into(), deleted, ..default() };
    let label = |text: &str, deleted: bool| Label { text: text.into(), deleted, ..default() };
    let accounts = session.add_all([
        Account {
            notes: many![note("a1", false), note("a2", true)],
            labels: many![label("l1", false), label("l2", true)],
            ..account("a", 1, false)
        },
        Account { notes: many![note("b1", false)], ..account("b", 2, false) },
        Account { notes: many![note("c1", false)], ..account("c", 1, true) },
    ]);
    session.commit().await.unwrap();
    assert_eq!(accounts.iter().map(|&a| session[a].id).collect::<Vec<_>>(), [1, 2, 3]);
}

fn soft_delete() -> SessionEvents {
    SessionEvents::new()
        .on_execute(|statement: &mut ExecuteState| {
            statement.with_criteria(Account, Account::deleted.eq(false));
            statement.with_criteria(Note, Note::deleted.eq(false));
        })
        .on_execute(|statement| statement.with_criteria(Label, Label::deleted.eq(false)))
}

#[tokio::test]
async fn soft_deleted_rows_are_out_of_sight() {
    on_each(async |db| {
        seed(db).await;
        let mut session = listening(db, soft_delete());
        let names = session.all(select(Account::name).order_by(Account::id)).await.unwrap();
        assert_eq!(names, ["a", "b"]);

        // By each loader: `selectin`, a link table, `joined`, and a parent that is out of sight.
        let accounts = session
            .all(
                select(Account)
                    .options(selectin(Account::notes))
                    .options(selectin(Account::labels))
                    .order_by(Account::id),
            )
            .await
            .unwrap();
        let bodies = |session: &Session, account: Handle<Account>| -> Vec<String> {
            session.view(account).get(Account::notes).unwrap().map(|note| note.body.clone()).collect()
        };
        assert_eq!(bodies(&session, accounts[0]), ["a1"]);
        let labels = session.view(accounts[0]).get(Account::labels).unwrap();
        assert_eq!(labels.map(|label| label.text.clone()).collect::<Vec<_>>(), ["l1"]);

        drop(session);
        let mut session = listening(db, soft_delete());
        let account = session
            .one(select(Account).options(joined(Account::notes)).filter(Account::name.eq("a")))
            .await
            .unwrap();
        assert_eq!(bodies(&session, account), ["a1"]);
        let note = session.one(select(Note).filter(Note::body.eq("c1"))).await.unwrap();
        session.load(note, Note::account).await.unwrap();
        assert!(session.view(note).get(Note::account).unwrap().is_none());
        assert_eq!(session[note].account_id, Some(3));

        // `get` asks the database for a key that it does not have, and nobody for one that it has.
        assert!(session.get(Account, 3).await.unwrap().is_none());
        session.execute(update(Account).set(Account::deleted, true).filter(Account::id.eq(1))).await.unwrap();
        assert_eq!(session.get(Account, 1).await.unwrap(), Some(account));
        assert!(matches!(session.refresh(account).await, Err(Error::NoResultFound { .. })));
        session.rollback().await.unwrap();

        // Bulk statements reach what is in sight, and no more.
        let renamed = update(Account).set(Account::name, Account::name.concat("!")).all_rows();
        assert_eq!(session.execute(renamed).await.unwrap(), 2);
        assert_eq!(session.execute(delete(Note).all_rows()).await.unwrap(), 3);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "account", "name").await, ["a!", "b!", "c"]);
        assert_eq!(rows(&db.engine, "note", "body").await, ["a2"]);
    })
    .await;
}

#[tokio::test]
async fn a_flush_sees_what_listeners_hide() {
    on_each(async |db| {
        seed(db).await;
        let mut session = listening(db, soft_delete());
        let account = session.get_one(Account, 1).await.unwrap();
        session.delete(account);
        session.commit().await.unwrap();
        // The hidden note has lost its parent too, or the database would have refused.
        assert_eq!(
            rows(&db.engine, "note", "body, account_id").await,
            ["a1|NULL", "a2|NULL", "b1|2", "c1|3"]
        );
        assert_eq!(rows(&db.engine, "mark", "label_id").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn tenants_see_their_own() {
    on_each(async |db| {
        seed(db).await;
        let of_tenant = |tenant: i64| {
            SessionEvents::new().on_execute(move |statement| {
                statement.with_criteria(Account, Account::tenant.eq(tenant));
            })
        };
        for (tenant, seen) in [(1, vec!["a", "c"]), (2, vec!["b"]), (3, vec![])] {
            let mut session = listening(db, of_tenant(tenant));
            let names = session.all(select(Account::name).order_by(Account::id)).await.unwrap();
            assert_eq!(names, seen);
            let of_both = select(Account::name)
                .join_on(Other, Account::id.of(Other).ne(Account::id))
                .order_by(Account::id);
            let pairs = session.all(of_both).await.unwrap();
            assert_eq!(pairs.len(), seen.len() * seen.len().saturating_sub(1));
            assert_eq!(session.get(Account, 2).await.unwrap().is_some(), tenant == 2);
        }
    })
    .await;
}

#[tokio::test]
async fn listeners_know_what_a_statement_is_for() {
    on_each(async |db| {
        seed(db).await;
        let log = Log::default();
        let told = log.clone();
        let events = SessionEvents::new().on_execute(move |state: &mut ExecuteState| {
            let is = [
                (state.is_select(), "select"),
                (state.is_insert(), "insert"),
                (state.is_update(), "update"),
                (state.is_delete(), "delete"),
                (state.is_relationship_load(), "relationship"),
                (state.is_column_load(), "columns"),
            ];
            let mut words: Vec<&str> = is.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
            words.extend(state.relationship().map(|relationship| relationship.name));
            told.push(words.join(" "));
        });
        let mut session = listening(db, events);
        let account = session.get_one(Account, 1).await.unwrap();
        session.get_one(Account, 1).await.unwrap();
        session.first(select(Account)).await.unwrap();
        session.load(account, Account::notes).await.unwrap();
        session.load(account, Account::labels).await.unwrap();
        session.refresh(account).await.unwrap();
        session.all(select(Note).options(selectin(Note::account))).await.unwrap();
        session.execute(insert(Label).values(Label { text: "x".into(), ..default() })).await.unwrap();
        session.execute(update(Label).set(Label::text, "y").all_rows()).await.unwrap();
        session.execute(delete(Mark).all_rows()).await.unwrap();
        session.execute(text("DELETE FROM label")).await.unwrap();
        session.add(Note { body: "z".into(), ..default() });
        session.flush().await.unwrap();
        let asked = [
            "select",
            "select",
            "select relationship notes",
            "select relationship labels",
            "select columns",
            "select",
            "select relationship account",
            "insert",
            "update",
            "delete",
            "",
        ];
        assert_eq!(log.take(), asked);
    })
    .await;
}

#[tokio::test]
async fn a_listener_may_keep_a_statement_from_being_sent() {
    on_each(async |db| {
        seed(db).await;
        let events = SessionEvents::new().on_execute(|state: &mut ExecuteState| {
            if state.is_delete() { Err("nothing is deleted here") } else { Ok(()) }
        });
        let mut session = listening(db, events);
        let statements = Statements::record();
        let error = session.execute(delete(Note).all_rows()).await.unwrap_err();
        assert_eq!(error.to_string(), "a listener of `on_execute` refused: nothing is deleted here");
        assert_eq!(statements.taken("DELETE"), Vec::<String>::new());
        // Nothing has happened: the session goes on.
        assert_eq!(session.one(select(count(Note))).await.unwrap(), 4);
    })
    .await;
}
