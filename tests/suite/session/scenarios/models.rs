//! The mapped structs of the scenarios: those of the suite's own models that are the same, and the rest.

use orm::prelude::*;

pub(super) use crate::models::{Address, Blog, Comment, Employee, Node, Post, PostTag, Profile, Tag, User};

// Association object, and children that need their parent without delete-orphan.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "purchase")]
pub(super) struct Order {
    #[column(primary_key)]
    pub(super) id: i64,
    #[relationship(back_populates = order, cascade = "all, delete-orphan")]
    pub(super) lines: Many<OrderLine>,
    #[relationship]
    pub(super) note_rows: Many<OrderNote>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "item")]
pub(super) struct Item {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) name: String,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "order_line")]
pub(super) struct OrderLine {
    #[column(primary_key, foreign_key = Order::id)]
    pub(super) order_id: i64,
    #[column(primary_key, foreign_key = Item::id)]
    pub(super) item_id: i64,
    pub(super) quantity: i64,
    #[relationship(back_populates = lines)]
    pub(super) order: One<Order>,
    #[relationship(lazy = "joined")]
    pub(super) item: One<Item>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "order_note")]
pub(super) struct OrderNote {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) body: String,
    #[column(foreign_key = Order::id)]
    pub(super) order_id: i64,
}

// Composite keys.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "composite_parent")]
pub(super) struct CompositeParent {
    #[column(primary_key)]
    pub(super) a: i64,
    #[column(primary_key)]
    pub(super) b: i64,
    #[relationship]
    pub(super) children: Many<CompositeChild>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(
    table = "composite_child",
    foreign_key(columns(pa, pb), references(CompositeParent::a, CompositeParent::b))
)]
pub(super) struct CompositeChild {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) pa: Option<i64>,
    pub(super) pb: Option<i64>,
}

// Cycles between tables, with and without post_update.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "widget")]
pub(super) struct Widget {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) name: String,
    #[column(foreign_key = Favourite::id)]
    pub(super) favourite_id: Option<i64>,
    #[relationship(post_update)]
    pub(super) favourite: One<Option<Favourite>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "favourite")]
pub(super) struct Favourite {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) name: String,
    #[column(foreign_key = Widget::id)]
    pub(super) widget_id: i64,
    #[relationship]
    pub(super) widget: One<Widget>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "cycle_a")]
pub(super) struct CycleA {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = CycleB::id)]
    pub(super) b_id: Option<i64>,
    #[relationship]
    pub(super) b: One<Option<CycleB>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "cycle_b")]
pub(super) struct CycleB {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = CycleA::id)]
    pub(super) a_id: Option<i64>,
    #[relationship]
    pub(super) a: One<Option<CycleA>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "staff")]
pub(super) struct Staff {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = Staff::id)]
    pub(super) buddy_id: Option<i64>,
    #[relationship(post_update)]
    pub(super) buddy: One<Option<Staff>>,
}

// Work left to the database.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "passive")]
pub(super) struct Passive {
    #[column(primary_key)]
    pub(super) id: i64,
    #[relationship(cascade = "all, delete-orphan", passive_deletes)]
    pub(super) children: Many<PassiveChild>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "passive_child")]
pub(super) struct PassiveChild {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = Passive::id, on_delete = "cascade")]
    pub(super) parent_id: i64,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "shelf")]
pub(super) struct Shelf {
    #[column(primary_key)]
    pub(super) id: i64,
    #[relationship(passive_deletes = "all", order_by = Book::id)]
    pub(super) books: Many<Book>,
    #[relationship(viewonly, order_by = Book::id)]
    pub(super) watched: Many<Book>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "book")]
pub(super) struct Book {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = Shelf::id, on_delete = "set null")]
    pub(super) shelf_id: Option<i64>,
}

// Natural keys, carried by the database and by the session.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "natural_key")]
pub(super) struct Natural {
    #[column(length = 20, primary_key)]
    pub(super) name: String,
    #[relationship]
    pub(super) children: Many<NaturalChild>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "natural_child")]
pub(super) struct NaturalChild {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(length = 20, foreign_key = Natural::name, on_update = "cascade")]
    pub(super) name: Option<String>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "country")]
pub(super) struct Country {
    #[column(length = 20, primary_key)]
    pub(super) code: String,
    #[relationship(back_populates = country, passive_updates = false, order_by = City::id)]
    pub(super) cities: Many<City>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "city")]
pub(super) struct City {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(length = 20, foreign_key = Country::code, deferrable = "deferred")]
    pub(super) country_code: Option<String>,
    #[relationship(back_populates = cities)]
    pub(super) country: One<Option<Country>>,
}

// A child of two parents that both own it.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "author")]
pub(super) struct Author {
    #[column(primary_key)]
    pub(super) id: i64,
    #[relationship(back_populates = author, cascade = "all, delete-orphan", order_by = Work::id)]
    pub(super) works: Many<Work>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "press")]
pub(super) struct Press {
    #[column(primary_key)]
    pub(super) id: i64,
    #[relationship(back_populates = press, cascade = "all, delete-orphan", order_by = Work::id)]
    pub(super) works: Many<Work>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "work")]
pub(super) struct Work {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = Author::id)]
    pub(super) author_id: i64,
    #[column(foreign_key = Press::id)]
    pub(super) press_id: i64,
    #[relationship(back_populates = works)]
    pub(super) author: One<Author>,
    #[relationship(back_populates = works)]
    pub(super) press: One<Press>,
}

// Versions, and values that Rust or the database fill in.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "article")]
pub(super) struct Article {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) title: String,
    #[column(version)]
    pub(super) version: Auto<i64>,
}

fn made() -> String {
    "made".to_owned()
}

fn touched() -> String {
    "touched".to_owned()
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "stamp")]
pub(super) struct Stamp {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) a: Option<String>,
    pub(super) b: Option<String>,
    #[column(server_default = "7")]
    pub(super) counter: Auto<i64>,
    #[column(default = made)]
    pub(super) created: Auto<String>,
    #[column(on_update = touched)]
    pub(super) changed: Auto<Option<String>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "account")]
pub(super) struct Account {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) owner: String,
    pub(super) cents: i64,
}

// A collection with an order of its own.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "slide")]
pub(super) struct Slide {
    #[column(primary_key)]
    pub(super) id: i64,
    #[relationship(cascade = "all, delete-orphan", order_by = Bullet::position)]
    pub(super) bullets: Many<Bullet>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "bullet")]
pub(super) struct Bullet {
    #[column(primary_key)]
    pub(super) id: i64,
    #[column(foreign_key = Slide::id)]
    pub(super) slide_id: i64,
    pub(super) position: i64,
    pub(super) text: String,
}

/// Creates the tables of the families that a program names: few, because a server takes its time for each.
pub(super) async fn create(engine: &Engine, program: &str) {
    let families = [
        (metadata![User, Address, Profile], &["User", "Address", "Profile", "alice", "bob"][..]),
        (metadata![Blog, Post, Comment, Tag, PostTag], &["Blog", "Post", "Comment", "Tag", "load(r"]),
        (metadata![Employee], &["Employee"]),
        (metadata![Node], &["Node"]),
        (metadata![Order, Item, OrderLine, OrderNote], &["Order", "Item"]),
        (metadata![CompositeParent, CompositeChild], &["Composite"]),
        (metadata![Widget, Favourite], &["Widget"]),
        (metadata![CycleA, CycleB], &["CycleA"]),
        (metadata![Staff], &["Staff"]),
        (metadata![Passive, PassiveChild], &["Passive("]),
        (metadata![Shelf, Book], &["Shelf"]),
        (metadata![Natural, NaturalChild], &["Natural"]),
        (metadata![Country, City], &["Country"]),
        (metadata![Author, Press, Work], &["Author"]),
        (metadata![Article], &["Article"]),
        (metadata![Stamp], &["Stamp"]),
        (metadata![Account], &["cents=5)"]),
        (metadata![Slide, Bullet], &["Slide"]),
    ];
    for (metadata, names) in families {
        if names.iter().any(|name| program.contains(name)) {
            metadata.create_all(engine).await.unwrap();
        }
    }
}

/// A user with two addresses: the keys of all are 1 and up, where they are the first.
pub(super) fn alice() -> User {
    let address = |email: &str| Address { email: email.into(), ..default() };
    User { name: "alice".into(), addresses: many![address("a1"), address("a2")], ..default() }
}

/// Another, with one address.
pub(super) fn bob() -> User {
    let address = Address { email: "b1".into(), ..default() };
    User { name: "bob".into(), addresses: many![address], ..default() }
}

pub(super) fn tag(id: i64, name: &str) -> Tag {
    Tag { id, name: name.into(), ..default() }
}

pub(super) fn item(id: i64, name: &str) -> Item {
    Item { id, name: name.into() }
}

pub(super) fn article(id: i64, title: &str) -> Article {
    Article { id, title: title.into(), ..default() }
}
