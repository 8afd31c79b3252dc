use orm::prelude::*;
use orm::{Record, join_group};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Address, Item, ItemKeyword, Keyword, Order, OrderItem, User};

#[derive(Record)]
struct Big {
    user_id: i32,
    spent: Option<Decimal>,
}

pub(crate) fn cases() -> Vec<Case> {
    let big = || select((Order::user_id, sum(Order::total))).group_by(Order::user_id).subquery(Big);
    vec![
        Case::new(
            "join_explicit_on",
            select((User::name, Address::email))
                .join_on(Address, Address::user_id.eq(User::id).and(Address::is_primary))
                .order_by(Address::id),
        ),
        Case::new(
            "join_select_from",
            select((User::name, Order::id))
                .select_from(User)
                .join_on(Order, User::id.eq(Order::user_id))
                .order_by(Order::id),
        ),
        Case::new(
            "left_outer_join",
            select((User::name, Order::id))
                .outer_join_on(Order, User::id.eq(Order::user_id))
                .order_by((User::id, Order::id)),
        ),
        Case::new(
            "join_function",
            select((User::id, Order::id))
                .join_on(Order, User::id.eq(Order::user_id))
                .order_by((User::id, Order::id)),
        ),
        Case::new(
            "full_outer_join",
            select((Item::id, OrderItem::order_id))
                .full_join_on(OrderItem, Item::id.eq(OrderItem::item_id))
                .order_by((Item::id, OrderItem::order_id)),
        ),
        Case::new(
            "cross_join_comma",
            select((User::id, Keyword::id)).from(Keyword).order_by((User::id, Keyword::id)),
        ),
        Case::new(
            "join_many_to_many",
            select((Item::name, Keyword::word))
                .join_on(ItemKeyword, Item::id.eq(ItemKeyword::item_id))
                .join_on(Keyword, Keyword::id.eq(ItemKeyword::keyword_id))
                .order_by((Item::id, Keyword::id)),
        ),
        Case::new(
            "join_subquery",
            select((User::name, Big::spent)).join_on(big(), Big::user_id.eq(User::id)).order_by(User::id),
        ),
        Case::new(
            "outerjoin_subquery",
            select((User::name, functions::coalesce(Big::spent, 0)))
                .outer_join_on(big(), Big::user_id.eq(User::id))
                .order_by(User::id),
        ),
        Case::new(
            "join_nested_right",
            select((User::id, Order::id, OrderItem::item_id))
                .outer_join_on(
                    join_group(Order).join_on(OrderItem, Order::id.eq(OrderItem::order_id)),
                    User::id.eq(Order::user_id),
                )
                .order_by((User::id, Order::id, OrderItem::item_id)),
        ),
        Case::new(
            "join_on_two_columns",
            select((OrderItem::order_id, Item::sku))
                .join_on(Item, OrderItem::item_id.eq(Item::id).and(OrderItem::unit_price.eq(Item::price)))
                .order_by((OrderItem::order_id, Item::id)),
        ),
        Case::new(
            "join_where_and_limit",
            select((User::name, Order::id))
                .join_on(Order, User::id.eq(Order::user_id))
                .filter(Order::status.eq("shipped"))
                .order_by(Order::id)
                .limit(1),
        ),
    ]
}
