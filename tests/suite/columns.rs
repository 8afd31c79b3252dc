//! Columns that a query leaves out, and attributes that are SQL expressions.

mod models;
mod properties;
mod writing;

use orm::prelude::*;
use orm::{SessionError, defer, load_only, undefer, undefer_group};

use crate::databases::on_each;
use crate::support::Statements;
use models::*;

const ACCOUNT: &str = "SELECT account.id, account.owner, account.cents FROM account";

/// The oracle's `columns_defer_and_undefer`, but for its `column_property`.
#[tokio::test]
async fn a_deferred_column_is_left_out_until_it_is_asked_for() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let account = session.one(select(Account)).await.unwrap();
        assert_eq!(sent.taken("SELECT"), [ACCOUNT]);
        assert_eq!((session[account].notes.get(), session[account].owner.get()), (None, Some(&"o".to_owned())));
        session.load_columns(account, Account::notes).await.unwrap();
        assert_eq!(sent.taken("SELECT"), ["SELECT account.notes FROM account WHERE account.id = ?"]);
        assert_eq!(session[account].notes.get(), Some(&Some("long".to_owned())));
        session.load_columns(account, (Account::notes, Account::owner)).await.unwrap();
        assert_eq!(sent.take(), [""; 0], "what is there is not read again");

        let mut session = Session::new(&db.engine);
        let account = session.one(select(Account).options(undefer(Account::notes))).await.unwrap();
        assert!(session[account].notes.is_loaded());
        assert_eq!(
            sent.taken("SELECT"),
            ["SELECT account.id, account.owner, account.cents, account.notes FROM account"]
        );

        let mut session = Session::new(&db.engine);
        let account = session.one(select(Account).options(defer(Account::owner).raise())).await.unwrap();
        assert_eq!(sent.taken("SELECT"), ["SELECT account.id, account.cents FROM account"]);
        let refused = session.load_columns(account, Account::owner).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`Account::owner` was left out by an option with `raise`: read it by `.options(undefer(Account::owner))` on the query"
        );
        assert!(matches!(refused, orm::Error::Session(SessionError::ColumnRefused { entity: "Account", .. })));
        assert_eq!(sent.take(), [""; 0]);
        session.load_columns(account, Account::notes).await.unwrap();
        assert!(session[account].notes.is_loaded(), "what was not named is not refused");
    })
    .await;
}

/// The oracle's `columns_load_only`, with a struct that can be without the columns.
#[tokio::test]
async fn load_only_reads_what_is_named_and_plain_fields() {
    on_each(async |db| {
        seed(&db.engine).await;
        let sent = Statements::record();
        let mut session = Session::new(&db.engine);
        let account = session.one(select(Account).options(load_only(Account::notes))).await.unwrap();
        assert_eq!(sent.taken("SELECT"), ["SELECT account.id, account.cents, account.notes FROM account"]);
        assert_eq!(session[account].owner, Deferred::Absent);
        session.load_columns(account, Account::owner).await.unwrap();
        assert_eq!(sent.taken("SELECT"), ["SELECT account.owner FROM account WHERE account.id = ?"]);
        assert_eq!(session[account].owner.get().map(String::as_str), Some("o"));

        // Owned values without a session.
        let key = load_only((Account::id, Account::cents));
        let account = db.engine.one(select(Account).options(key)).await.unwrap();
        assert_eq!(sent.taken("SELECT"), ["SELECT account.id, account.cents FROM account"]);
        let fields = |account: Account| (account.id, account.owner, account.cents, account.notes);
        assert_eq!(fields(account), (1, Deferred::Absent, 150, Deferred::Absent));
        let account = db.engine.one(select(Account)).await.unwrap();
        assert_eq!(sent.taken("SELECT"), [ACCOUNT]);
        assert_eq!(fields(account), (1, "o".to_owned().into(), 150, Deferred::Absent));
    })
    .await;
}

#[tokio::test]
async fn a_group_is_read_as_one() {
    on_each(async |db| {
        seed(&db.engine).await;
        let sent = Statements::record();
        let book = db.engine.one(select(Book).options(undefer_group(Book, "texts"))).await.unwrap();
        assert_eq!(
            sent.taken("SELECT"),
            ["SELECT book.id, book.title, book.summary, book.text, book.account_id FROM book"]
        );
        assert_eq!(book.summary.get(), Some(&Some("short".to_owned())));
        assert_eq!(book.text.get(), Some(&"long".to_owned()));
        assert_eq!(book.cover, Deferred::Absent);
        // A later option overrides an earlier one.
        let options = (undefer_group(Book, "texts"), defer(Book::text), undefer(Book::cover));
        let book = db.engine.one(select(Book).options(options)).await.unwrap();
        assert_eq!(
            sent.taken("SELECT"),
            ["SELECT book.id, book.title, book.summary, book.cover, book.account_id FROM book"]
        );
        assert!(!book.text.is_loaded() && book.cover.is_loaded());
    })
    .await;
}

#[tokio::test]
async fn loaders_read_the_columns_that_their_path_says() {
    on_each(async |db| {
        seed(&db.engine).await;
        let sent = Statements::record();
        let books = "SELECT book.id, book.title, book.text, book.account_id FROM book WHERE book.account_id";
        let mut session = Session::new(&db.engine);
        let option = selectin(Account::books).undefer(Book::text);
        let account = session.one(select(Account).options(option)).await.unwrap();
        let selects = sent.taken("SELECT");
        assert_eq!((selects.len(), &*selects[0]), (2, ACCOUNT));
        assert!(selects[1].starts_with(books), "{}", selects[1]);
        let view = session.view(account);
        let texts: Vec<_> = view.get(Account::books).unwrap().map(|book| book.text.get().cloned()).collect();
        assert_eq!(texts, [Some("long".to_owned())]);

        for load in [joined(Account::books), selectin(Account::books)] {
            let account = db.engine.one(select(Account).options(load.undefer_group("texts"))).await.unwrap();
            let [book] = account.books.loaded().unwrap() else { panic!("one book") };
            assert!(book.text.is_loaded() && book.summary.is_loaded() && !book.cover.is_loaded());
            assert_eq!(book.title, "b");
            assert!(!account.notes.is_loaded());
        }
        let sql = sent.taken("SELECT");
        assert_eq!(
            sql[0],
            "SELECT account.id, account.owner, account.cents, book_1.id, book_1.title, book_1.summary, book_1.text, \
             book_1.account_id FROM account LEFT OUTER JOIN book AS book_1 ON account.id = book_1.account_id \
             ORDER BY book_1.id"
        );

        // What is behind the query itself, and what is refused there.
        let mut session = Session::new(&db.engine);
        let option = selectin(Account::books).columns(load_only(Book::title).raise());
        let account = session.one(select(Account).options(option)).await.unwrap();
        let book = session.view(account).get(Account::books).unwrap().next().unwrap().handle();
        assert!(session.load_columns(book, Book::text).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_object_that_is_here_keeps_its_values_and_takes_those_that_it_has_not() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let account = session.one(select(Account).options(undefer(Account::notes))).await.unwrap();
        // A row without the column says nothing of it.
        session.one(select(Account)).await.unwrap();
        assert!(session[account].notes.is_loaded());
        // A row that is read anew does: what was here is not what the database has.
        session.one(select(Account).populate_existing()).await.unwrap();
        assert_eq!(session[account].notes, Deferred::Absent);
        // A row with the column fills it, and a change stays a change.
        session[account].notes = Some("mine".to_owned()).into();
        session.no_autoflush().one(select(Account).options(undefer(Account::notes))).await.unwrap();
        assert_eq!(session[account].notes.get(), Some(&Some("mine".to_owned())));
        let notes = session.history(account, Account::notes);
        assert_eq!((notes.added, notes.deleted), (vec![Some("mine".into())], vec![Some("long".into())]));

        let mut session = Session::new(&db.engine);
        // `get` of an object that is here reads what it has not.
        let account = session.get_one(Account, 1).await.unwrap();
        let sent = Statements::record();
        session.get_one(Account, 1).options(undefer(Account::notes)).await.unwrap();
        assert_eq!(sent.taken("SELECT"), ["SELECT account.notes FROM account WHERE account.id = ?"]);
        session.get_one(Account, 1).options(undefer(Account::notes)).await.unwrap();
        assert_eq!(sent.take(), [""; 0]);
        // `refresh` reads what a query would, or what is named.
        session.refresh(account).await.unwrap();
        assert_eq!(session[account].notes, Deferred::Absent);
        session.refresh(account).only(Account::notes).await.unwrap();
        assert_eq!(session[account].notes.get(), Some(&Some("long".to_owned())));
        assert_eq!(
            sent.taken("SELECT"),
            [
                "SELECT account.id, account.owner, account.cents FROM account WHERE account.id = ?",
                "SELECT account.notes FROM account WHERE account.id = ?"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn many_objects_are_filled_by_one_select() {
    on_each(async |db| {
        seed(&db.engine).await;
        let more =
            [2, 3].map(|id| Account { id, notes: Some(format!("n{id}")).into(), ..Account::new("p", 5) });
        db.engine.execute(insert(Account).values(more)).await.unwrap();
        let mut session = Session::new(&db.engine);
        let accounts = session.all(select(Account).order_by(Account::id)).await.unwrap();
        session.load_columns(accounts[1], Account::notes).await.unwrap();
        session[accounts[1]].notes = Some("mine".to_owned()).into();
        let sent = Statements::record();
        session.no_autoflush().load_columns_many(&accounts, Account::notes).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        let notes: Vec<_> =
            accounts.iter().map(|&a| session[a].notes.clone().into_inner().unwrap()).collect();
        assert_eq!(notes, ["long", "mine", "n3"].map(|text| Some(text.to_owned())));
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_the_rows_by_other_means_has_all_columns() {
    on_each(async |db| {
        seed(&db.engine).await;
        alias!(Rich = Account);
        let rich = select(Account).filter(Account::cents.gt(100)).subquery(Rich);
        let notes = db.engine.one(select(Account::notes.of(Rich)).select_from(rich)).await.unwrap();
        assert_eq!(notes, Some("long".to_owned()));
        let both = select(Account).union(select(Account).filter(Account::cents.gt(1_000)));
        assert!(db.engine.one(both).await.unwrap().notes.is_loaded());
        let names = db.engine.connect().await.unwrap().rows(select(Account)).await.unwrap();
        assert_eq!(names.columns(), ["id", "owner", "cents"]);
        // An option for what is not selected is a mistake that is told.
        let query = select(Account::id).options(defer(Account::owner));
        assert_eq!(
            db.engine.all(query).await.unwrap_err().to_string(),
            "the query does not select `Account` as `account`, so there are no columns of it to choose"
        );
    })
    .await;
}
