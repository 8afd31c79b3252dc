use orm::functions::coalesce;
use orm::prelude::*;
use orm::{Cte, DataType, literal};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::schema::{Employee, Item, Keyword, Order, OrderItem, User};

/// What was spent is compared with whole numbers alone: a decimal needs a CAST on SQLite.
#[derive(Record)]
struct Spent {
    user_id: i32,
    spent: Option<i64>,
}

#[derive(Record)]
struct Top {
    user_id: i32,
}

#[derive(Record)]
#[record(name = "anon_1")]
struct Anonymous {
    id: i32,
}

#[derive(Record)]
struct Tree {
    id: i32,
    name: String,
    depth: i32,
}

#[derive(Record)]
struct Numbers {
    n: i32,
}

#[derive(Record)]
#[record(name = "inner_cte")]
struct Within {
    id: i32,
}

#[derive(Record)]
#[record(name = "outer_cte")]
struct Around {
    id: i32,
}

#[derive(Record)]
struct Ins {
    id: i32,
    word: String,
}

#[derive(Record)]
struct Upd {
    id: i32,
}

#[derive(Record)]
struct Del {
    order_id: i32,
    quantity: i32,
}

#[derive(Record)]
struct Fresh {
    id: i32,
}

#[derive(Record)]
struct W {
    word: String,
}

alias!(S1 = Spent);
alias!(S2 = Spent);

fn spent() -> Cte<Spent> {
    select((Order::user_id, sum(Order::total).type_coerce::<i64>())).group_by(Order::user_id).cte(Spent)
}

fn top() -> Cte<Top> {
    select(Spent::user_id).filter(Spent::spent.gt(60)).cte(Top)
}

fn deleted() -> Cte<Del> {
    delete(OrderItem)
        .filter(OrderItem::quantity.gt(10))
        .returning((OrderItem::order_id, OrderItem::quantity))
        .cte(Del)
}

pub(crate) fn cases() -> Vec<Case> {
    let tree = {
        let first = select((Employee::id, Employee::name, literal(0))).filter(Employee::manager_id.is_null());
        let next = select((Employee::id, Employee::name, Tree::depth + 1))
            .join_on(Tree, Employee::manager_id.eq(Tree::id));
        first.union_all(next).recursive_cte(Tree)
    };
    let numbers =
        select(literal(1)).union_all(select(Numbers::n + 1).filter(Numbers::n.lt(5))).recursive_cte(Numbers);
    let nested = select(Within::id).with(select(User::id).cte(Within)).cte(Around);
    vec![
        Case::new(
            "cte",
            select((User::name, Spent::spent))
                .with(spent())
                .join_on(Spent, Spent::user_id.eq(User::id))
                .order_by(User::id),
        ),
        Case::new(
            "cte_anonymous",
            select(Anonymous).with(select(User::id).filter(User::id.lt(3)).cte(Anonymous)),
        ),
        Case::new(
            "cte_two_dependent",
            select(User::name)
                .with(spent())
                .with(top())
                .join_on(Top, Top::user_id.eq(User::id))
                .order_by(User::id),
        ),
        Case::new(
            "cte_used_twice_with_aliases",
            select((Spent::user_id.of(S1), Spent::user_id.of(S2)))
                .with(spent())
                .from(S2)
                .filter(Spent::spent.of(S1).gt(Spent::spent.of(S2)))
                .order_by((Spent::user_id.of(S1), Spent::user_id.of(S2))),
        ),
        Case::new("cte_recursive_tree", select((Tree::name, Tree::depth)).with(tree).order_by(Tree::id)),
        Case::new("cte_recursive_numbers", select(Numbers::n).with(numbers).order_by(Numbers::n)),
        Case::new(
            "cte_in_in_subquery",
            select(User::id)
                .with(spent())
                .with(top())
                .filter(User::id.in_(select(Top::user_id)))
                .order_by(User::id),
        ),
        Case::new("cte_nesting", select(Around::id).with(nested)),
        Case::new(
            "cte_insert_returning",
            select(Ins::word).with(
                insert(Keyword)
                    .set(Keyword::id, 100)
                    .set(Keyword::word, "fresh")
                    .returning((Keyword::id, Keyword::word))
                    .cte(Ins),
            ),
        ),
        Case::new(
            "cte_update_returning",
            select(Upd::id).with(
                update(Item).set(Item::stock, 1).filter(Item::stock.eq(0)).returning(Item::id).cte(Upd),
            ),
        ),
        Case::only(
            "cte_move_rows",
            &["postgresql"],
            insert(Keyword).with(deleted()).from_select(
                (Keyword::id, Keyword::word),
                select((
                    Del::order_id * 100 + Del::quantity,
                    Del::quantity.cast_as::<String>(DataType::Varchar(30)).label("quantity"),
                )),
            ),
        ),
        Case::new(
            "cte_update_from",
            update(User)
                .with(spent())
                .from(Spent)
                .set(User::balance, coalesce(Spent::spent, 0).type_coerce::<Decimal>())
                .filter(User::id.eq(Spent::user_id)),
        ),
        Case::new(
            "cte_in_update_where",
            update(User)
                .with(spent())
                .with(top())
                .set(User::age, 1)
                .filter(User::id.in_(select(Top::user_id))),
        ),
        Case::new(
            "cte_in_delete_where",
            delete(OrderItem)
                .with(select(Order::id).filter(Order::status.eq("new")).cte(Fresh))
                .filter(OrderItem::order_id.in_(select(Fresh::id))),
        ),
        Case::new(
            "cte_insert_from_select",
            insert(Keyword)
                .with(select(Keyword::word.concat("!")).filter(Keyword::id.eq(1)).cte(W))
                .from_select(Keyword::word, select(W::word)),
        ),
        Case::new("cte_dml_added_independently", select(User::id).with(deleted()).filter(User::id.eq(1))),
    ]
}
