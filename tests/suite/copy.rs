//! Bulk loads: what is copied in is what `insert` would have put there.

use orm::Error;
use orm::prelude::*;
use orm_dialects::postgres::copy_in;
use rust_decimal::Decimal;

use crate::databases::on_each_with;

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "copied_item")]
struct Item {
    #[column(primary_key)]
    id: i64,
    #[column(length = 5)]
    name: String,
    note: Option<String>,
    #[column(precision = 6, scale = 2)]
    price: Decimal,
    tags: Vec<String>,
    stock: u64,
}

fn item(number: i64) -> Item {
    Item {
        id: 0,
        name: format!("n{}", number % 1_000),
        note: (number % 2 == 0).then(|| "é\t\\N\n".to_owned()),
        price: Decimal::new(number % 1_000, 2),
        tags: vec!["a".to_owned(), number.to_string()],
        stock: u64::MAX,
    }
}

#[tokio::test]
async fn structs_are_copied_in() {
    on_each_with(
        |features| features.copy,
        "COPY",
        async |db| {
            metadata![Item].create_all(&db.engine).await.unwrap();
            let mut connection = db.engine.connect().await.unwrap();
            assert_eq!(copy_in(&mut connection, (0..2_000).map(item)).await.unwrap(), 2_000);
            assert_eq!(copy_in(&mut connection, Vec::<Item>::new()).await.unwrap(), 0);
            connection.commit().await.unwrap();
            let found = connection.all(select(Item).order_by(Item::id)).await.unwrap();
            let expected: Vec<Item> =
                found.iter().zip(0..2_000).map(|(found, n)| Item { id: found.id, ..item(n) }).collect();
            assert_eq!(found, expected);
            connection.rollback().await.unwrap();
            let refused = [
                (Item { name: "longer".to_owned(), ..item(1) }, "longer than the column"),
                (Item { price: Decimal::new(1, 3), ..item(1) }, "more digits after the point"),
                (Item { id: 7, ..item(1) }, "`copied_item.id`"),
            ];
            for (wrong, reason) in refused {
                let error = copy_in(&mut connection, [item(1), wrong]).await.unwrap_err();
                assert!(matches!(error, Error::Compile(_)) && error.to_string().contains(reason), "{error}");
                // Nothing is left of what was sent, and COMMIT says so.
                assert!(connection.commit().await.is_err());
            }
            assert_eq!(connection.one(select(count(Item))).await.unwrap(), 2_000);
        },
    )
    .await;
}
