//! The mapped structs of the session's tests: small families, each for one kind of relationship.

use orm::prelude::*;

// One-to-many that may be cut, one-to-one that may not.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "user_account")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(length = 30)]
    pub(crate) name: String,
    pub(crate) fullname: Option<String>,
    #[relationship(back_populates = user, order_by = Address::id)]
    pub(crate) addresses: Many<Address>,
    #[relationship(back_populates = user, cascade = "all, delete-orphan")]
    pub(crate) profile: One<Option<Profile>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "address")]
pub(crate) struct Address {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) email: String,
    #[column(foreign_key = User::id)]
    pub(crate) user_id: Option<i64>,
    #[relationship(back_populates = addresses)]
    pub(crate) user: One<Option<User>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "profile")]
pub(crate) struct Profile {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) bio: String,
    #[column(foreign_key = User::id)]
    pub(crate) user_id: i64,
    #[relationship(back_populates = profile)]
    pub(crate) user: One<User>,
}

// Two levels of delete-orphan, and many-to-many.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "blog")]
pub(crate) struct Blog {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[relationship(back_populates = blog, cascade = "all, delete-orphan", order_by = Post::id)]
    pub(crate) posts: Many<Post>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "post")]
pub(crate) struct Post {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[column(foreign_key = Blog::id)]
    pub(crate) blog_id: i64,
    #[relationship(back_populates = posts)]
    pub(crate) blog: One<Blog>,
    #[relationship(cascade = "all, delete-orphan", order_by = Comment::id)]
    pub(crate) comments: Many<Comment>,
    #[relationship(secondary = PostTag, back_populates = posts, order_by = Tag::id)]
    pub(crate) tags: Many<Tag>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "comment")]
pub(crate) struct Comment {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) body: String,
    #[column(foreign_key = Post::id)]
    pub(crate) post_id: i64,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "tag")]
pub(crate) struct Tag {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(length = 255, unique)]
    pub(crate) name: String,
    #[relationship(secondary = PostTag, back_populates = tags)]
    pub(crate) posts: Many<Post>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "post_tags")]
pub(crate) struct PostTag {
    #[column(primary_key, foreign_key = Post::id)]
    pub(crate) post_id: i64,
    #[column(primary_key, foreign_key = Tag::id)]
    pub(crate) tag_id: i64,
}

// Self-referential, without and with delete-orphan.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "employee")]
pub(crate) struct Employee {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(foreign_key = Employee::id)]
    pub(crate) manager_id: Option<i64>,
    #[relationship(back_populates = reports)]
    pub(crate) manager: One<Option<Employee>>,
    #[relationship(back_populates = manager, order_by = Employee::id)]
    pub(crate) reports: Many<Employee>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "node")]
pub(crate) struct Node {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(foreign_key = Node::id)]
    pub(crate) parent_id: Option<i64>,
    #[relationship(cascade = "all, delete-orphan", order_by = Node::id)]
    pub(crate) children: Many<Node>,
}

// Children that cannot live without their parent, and no cascade: the mistake that must be told.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "folder")]
pub(crate) struct Folder {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[relationship(back_populates = folder)]
    pub(crate) files: Many<File>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "file")]
pub(crate) struct File {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(foreign_key = Folder::id)]
    pub(crate) folder_id: i64,
    #[relationship(back_populates = files)]
    pub(crate) folder: One<Folder>,
}

// Composite keys.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "purchase")]
pub(crate) struct Purchase {
    #[column(length = 20, primary_key)]
    pub(crate) shop: String,
    #[column(primary_key)]
    pub(crate) number: i64,
    #[relationship(back_populates = purchase, cascade = "all, delete-orphan", order_by = Line::position)]
    pub(crate) lines: Many<Line>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "line", foreign_key(columns(shop, number), references(Purchase::shop, Purchase::number)))]
pub(crate) struct Line {
    #[column(length = 20, primary_key)]
    pub(crate) shop: String,
    #[column(primary_key)]
    pub(crate) number: i64,
    #[column(primary_key)]
    pub(crate) position: i64,
    pub(crate) item: String,
    #[relationship(back_populates = lines)]
    pub(crate) purchase: One<Purchase>,
}

// Values that Rust or the database fill in.

fn made() -> String {
    "made".to_owned()
}

fn changed() -> String {
    "changed".to_owned()
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "stamp", new)]
pub(crate) struct Stamp {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) label: String,
    #[column(default = made)]
    pub(crate) created: Auto<String>,
    #[column(on_update = changed)]
    pub(crate) updated: Auto<Option<String>>,
    #[column(server_default = "7")]
    pub(crate) counter: Auto<i64>,
}

/// Creates the tables of all of them.
pub(crate) async fn create(engine: &Engine) {
    metadata![
        User, Address, Profile, Blog, Post, Comment, Tag, PostTag, Employee, Node, Folder, File, Purchase,
        Line, Stamp
    ]
    .create_all(engine)
    .await
    .unwrap();
}
