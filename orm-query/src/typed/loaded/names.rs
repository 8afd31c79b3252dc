//! How a function names what is loaded: types that need no more than the struct and the name of a relationship.

use std::marker::PhantomData;

use crate::mapping::Whole;
use crate::typed::load_option::Brings;
use crate::typed::relationship::Relationship;
use crate::typed::scope::{Here, There};

/// The relationship of `A` at the place `N`, by name: see [`loads!`](crate::loads).
#[derive(Debug)]
pub struct Place<A, const N: usize>(PhantomData<fn() -> A>);

/// The relationship of `A` at the place `N`, some of what it leads to: one that leads to one object may lead to none.
#[derive(Debug)]
pub struct FilteredPlace<A, const N: usize>(PhantomData<fn() -> A>);

/// All of `K` is among what is loaded, `Self`; `I` are the places, which the compiler infers.
pub trait Covers<K, I> {}

impl<L> Covers<(), ()> for L {}

impl<L, P, T, K, H, I, J> Covers<(Brings<P, T>, K), (H, I, J)> for L where
    L: Names<P, H, Behind: Covers<T, I>> + Covers<K, J>
{
}

/// The relationship at the place `P` is among what is loaded, `Self`; `I` is where, which the compiler infers.
#[diagnostic::on_unimplemented(
    message = "the statement does not load all that is asked for here",
    label = "`{P}`, of that struct the relationship of that number, is not among what `.loading(…)` says",
    note = "one that leads to one object and was filtered is named with a `?`: `loads!(Address {{ user? }})`"
)]
pub trait Names<P, I> {
    /// What is loaded of the objects that it leads to.
    type Behind;
}

#[diagnostic::do_not_recommend]
impl<A, B, M: Whole, const N: usize, T, L> Names<Place<A, N>, Here>
    for (Brings<Relationship<A, B, M, N>, T>, L)
{
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<A, B, M, const N: usize, T, L> Names<FilteredPlace<A, N>, Here>
    for (Brings<Relationship<A, B, M, N>, T>, L)
{
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<A, const N: usize, T, L> Names<Place<A, N>, Here> for (Brings<Place<A, N>, T>, L) {
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<A, const N: usize, T, L> Names<FilteredPlace<A, N>, Here> for (Brings<FilteredPlace<A, N>, T>, L) {
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<P, X, L, I> Names<P, There<I>> for (X, L)
where
    L: Names<P, I>,
{
    type Behind = L::Behind;
}

/// What is loaded of a struct, as a type, for functions that take [`Loaded`](crate::typed::Loaded) objects:
/// `loads!(User { posts: Post { tags, author? }, profile })`. What lies behind a relationship stands behind its struct;
/// a relationship to one object that was filtered, and so may lead to none, has a `?`.
///
/// What a query gives comes to be of such a type by `.narrow()`, which takes it as soon as all that is named is loaded.
///
/// ```
/// use orm::prelude::*;
/// use orm::{LoadedRef, loads};
///
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[relationship(back_populates = user)]
/// #     posts: Many<Post>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     #[column(foreign_key = User::id)]
/// #     user_id: Option<i64>,
/// #     #[relationship(back_populates = posts)]
/// #     user: One<Option<User>>,
/// #     #[relationship]
/// #     comments: Many<Comment>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Comment {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     #[column(foreign_key = Post::id)]
/// #     post_id: Option<i64>,
/// # }
/// type WithPosts = loads!(User { posts });
///
/// fn titles(user: LoadedRef<'_, User, WithPosts>) -> Vec<String> {
///     user.get(User::posts).map(|post| post.title.clone()).collect()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post, Comment].create_all(&engine).await?;
/// # let mut session = Session::new(&engine);
/// # session.add(User { posts: many![Post::new("first")], ..User::new("sandy") });
/// # session.commit().await?;
/// let query = select(User).loading(selectin(User::posts).then(selectin(Post::comments)));
/// let user = engine.one(query).await?;
/// assert_eq!(titles(user.as_ref().narrow()), ["first"]); // it need not be exactly what is loaded
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! loads {
    (@list ($list:ty) ($entity:ty) $name:ident ? : $target:ty { $($behind:tt)* } $(, $($rest:tt)*)?) => {
        $crate::loads!(@add FilteredPlace ($list) ($entity) $name ($target) ($($behind)*) $($($rest)*)?)
    };
    (@list ($list:ty) ($entity:ty) $name:ident : $target:ty { $($behind:tt)* } $(, $($rest:tt)*)?) => {
        $crate::loads!(@add Place ($list) ($entity) $name ($target) ($($behind)*) $($($rest)*)?)
    };
    (@list ($list:ty) ($entity:ty) $name:ident ? $(, $($rest:tt)*)?) => {
        $crate::loads!(@add FilteredPlace ($list) ($entity) $name (()) () $($($rest)*)?)
    };
    (@list ($list:ty) ($entity:ty) $name:ident $(, $($rest:tt)*)?) => {
        $crate::loads!(@add Place ($list) ($entity) $name (()) () $($($rest)*)?)
    };
    (@list ($list:ty) ($entity:ty)) => { $list };
    (@add $place:ident ($list:ty) ($entity:ty) $name:ident ($target:ty) ($($behind:tt)*) $($rest:tt)*) => {
        $crate::loads!(@list ((
            $crate::typed::Brings<
                $crate::typed::$place<$entity, { <$entity>::$name.place() }>,
                $crate::loads!(@list (()) ($target) $($behind)*),
            >,
            $list,
        )) ($entity) $($rest)*)
    };
    ($entity:ty { $($list:tt)* }) => {
        $crate::loads!(@list (()) ($entity) $($list)*)
    };
}
