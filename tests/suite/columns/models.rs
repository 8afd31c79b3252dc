use orm::prelude::*;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
pub(super) struct Account {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(deferred = false, length = 40)]
    pub(super) owner: Deferred<String>,
    pub(super) cents: i64,
    pub(super) notes: Deferred<Option<String>>,
    #[relationship(back_populates = account, order_by = Book::id)]
    pub(super) books: Many<Book>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
pub(super) struct Book {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) title: String,
    #[column(deferred_group = "texts")]
    pub(super) summary: Deferred<Option<String>>,
    #[column(deferred_group = "texts")]
    pub(super) text: Deferred<String>,
    pub(super) cover: Deferred<Option<Vec<u8>>>,
    #[column(foreign_key = Account::id)]
    pub(super) account_id: i64,
    #[relationship(back_populates = books)]
    pub(super) account: One<Account>,
}

/// One account with one book.
pub(super) async fn seed(engine: &Engine) {
    metadata![Account, Book].create_all(engine).await.unwrap();
    let account = Account { notes: Some("long".to_owned()).into(), ..Account::new("o", 150) };
    engine.execute(insert(Account).values(account)).await.unwrap();
    let book = Book {
        summary: Some("short".to_owned()).into(),
        cover: Some(vec![1, 2]).into(),
        account_id: 1,
        ..Book::new("b", "long")
    };
    engine.execute(insert(Book).values(book)).await.unwrap();
}
