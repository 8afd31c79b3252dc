use orm::literal_column;
use orm::prelude::*;
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Address, ItemKeyword, Keyword, Order, OrderItem, User};

pub(crate) fn cases() -> Vec<Case> {
    let links = select(literal_column::<i32>("*"))
        .select_from(ItemKeyword)
        .correlate(Keyword)
        .filter(ItemKeyword::keyword_id.eq(Keyword::id));
    vec![
        Case::new("delete_all", delete(ItemKeyword).all_rows()),
        Case::new("delete_where", delete(ItemKeyword).filter(ItemKeyword::item_id.eq(3))),
        Case::new(
            "delete_composite",
            delete(OrderItem).filter(OrderItem::order_id.eq(2).and(OrderItem::item_id.eq(3))),
        ),
        Case::new(
            "delete_in_subquery",
            delete(Address).filter(Address::user_id.in_(select(User::id).filter(User::is_active.is_false()))),
        ),
        Case::new("delete_not_exists", delete(Keyword).filter(!exists(links))),
        Case::new(
            "delete_using_two_tables",
            delete(OrderItem)
                .using(Order)
                .using(User)
                .filter(OrderItem::order_id.eq(Order::id))
                .filter(Order::user_id.eq(User::id))
                .filter(User::name.eq("bob")),
        ),
        Case::new(
            "delete_returning",
            delete(ItemKeyword).filter(ItemKeyword::item_id.eq(3)).returning(ItemKeyword::keyword_id),
        ),
        Case::new(
            "delete_returning_expression",
            delete(OrderItem).filter(OrderItem::order_id.eq(2)).returning(
                (OrderItem::quantity.type_coerce::<Decimal>() * OrderItem::unit_price).label("lost"),
            ),
        ),
    ]
}
