use orm_query::tree::{Limit, Statement};
use orm_query::typed::EntityAt;
use orm_query::{Features, Value};
use serde::{Deserialize, Serialize};

use super::keyset::Keyset;
use super::{Cursor, PagingError};

/// One page of a query's rows.
///
/// It is data, which may be serialized as it is; [`map`](Page::map) makes something else of its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T, At = Cursor> {
    /// The rows, in the order of the query.
    pub items: Vec<T>,
    /// Where the next page begins: for [`after`](Pages::after), or the number of the page, or its offset. `None` on the
    /// last page.
    pub next: Option<At>,
    /// Where the previous page ends: for [`before`](Pages::before), or the number of the page, or its offset. `None` on
    /// the first page, and on one without items.
    pub previous: Option<At>,
    /// How many rows the query has, if [`with_total`](Pages::with_total) asked for it.
    pub total: Option<u64>,
}

impl<T, At> Page<T, At> {
    /// The same page of other items.
    ///
    /// ```
    /// # use orm::Page;
    /// let page: Page<i32> = Page { items: vec![1, 2], next: None, previous: None, total: Some(2) };
    /// assert_eq!(page.map(|n| n.to_string()).items, ["1", "2"]);
    /// ```
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U, At> {
        let Page { items, next, previous, total } = self;
        Page { items: items.into_iter().map(change).collect(), next, previous, total }
    }
}

/// Which page of a query is wanted; made by [`paginate`].
#[derive(Debug, Clone)]
#[must_use = "it says which page is wanted, to `page(…)` of a session, a connection or an engine"]
pub struct Pages<S = ByKey> {
    size: u64,
    start: S,
    with_total: bool,
}

/// Pages by the place of a row in the order: what the database reads costs the same on each page, and rows that come or
/// go on other pages move none.
#[derive(Debug, Clone, Default)]
pub struct ByKey {
    cursor: Option<(Side, Cursor)>,
}

/// Pages by their number, from 1.
#[derive(Debug, Clone)]
pub struct ByNumber(u64);

/// Pages by how many rows stand before them.
#[derive(Debug, Clone)]
pub struct ByOffset(u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The first page of `size` rows at most (0 counts as 1), to be given to `page` of a [`Session`](crate::Session), a
/// [`Connection`](crate::Connection) or an [`Engine`](crate::Engine).
///
/// The rows are in the order of the query's `order_by`, and where that leaves two of them equal, in the order of their
/// primary keys, in the direction of the last of the order. NULLs stand where the database puts them, or where
/// `nulls_first` and `nulls_last` say. A page is read with one row more, which tells whether there is a next one.
///
/// - `paginate(20)`, then `.after(page.next)` and `.before(page.previous)`: by the place of a row in the order
///   ([`Cursor`]). It selects an entity, alone or with columns, and what is joined is a mapped table that relationships
///   connect with it; anything else is a [`PagingError::NoKeyset`] that says what stands in the way.
/// - `paginate(20).page(3)` and `paginate(20).offset(40)`: by counting rows, for any query.
///
/// ```
/// # use orm::prelude::*;
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
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post].create_all(&engine).await?;
/// # engine.execute(insert(User).values(["a", "b", "c", "d", "e"].map(User::new))).await?;
/// let query = || select(User).order_by(User::name.desc()).options(selectin(User::posts));
///
/// let first = engine.page(query(), paginate(2).with_total()).await?;
/// assert_eq!((first.items[0].name.as_str(), first.total), ("e", Some(5)));
/// assert_eq!(first.previous, None);
///
/// let second = engine.page(query(), paginate(2).after(first.next)).await?;
/// assert_eq!(second.items[0].name, "c");
///
/// let back = engine.page(query(), paginate(2).before(second.previous)).await?;
/// assert_eq!(back.items[0].name, "e");
///
/// let last = engine.page(query(), paginate(2).page(3)).await?;
/// assert_eq!((last.items.len(), last.next, last.previous), (1, None, Some(2)));
/// # Ok(())
/// # }
/// ```
pub fn paginate(size: u64) -> Pages {
    // One row more is asked for, and no database counts further than this.
    Pages { size: size.clamp(1, i64::MAX as u64 - 1), start: ByKey::default(), with_total: false }
}

impl<S> Pages<S> {
    /// Counts all rows of the query, by one SELECT more.
    pub fn with_total(mut self) -> Self {
        self.with_total = true;
        self
    }

    fn starting<T>(self, start: T) -> Pages<T> {
        Pages { size: self.size, start, with_total: self.with_total }
    }

    pub(crate) fn wants_total(&self) -> bool {
        self.with_total
    }
}

impl Pages<ByKey> {
    /// The page behind a cursor; the first page for `None`.
    pub fn after(self, cursor: impl Into<Option<Cursor>>) -> Self {
        let cursor = cursor.into().map(|cursor| (Side::After, cursor));
        self.starting(ByKey { cursor })
    }

    /// The page before a cursor; the first page for `None`.
    pub fn before(self, cursor: impl Into<Option<Cursor>>) -> Self {
        let cursor = cursor.into().map(|cursor| (Side::Before, cursor));
        self.starting(ByKey { cursor })
    }

    /// The page of that number, from 1 (0 counts as 1): the database reads all rows before it.
    pub fn page(self, number: u64) -> Pages<ByNumber> {
        self.starting(ByNumber(number.max(1)))
    }

    /// The page behind so many rows, which the database reads too.
    pub fn offset(self, rows: u64) -> Pages<ByOffset> {
        self.starting(ByOffset(rows))
    }
}

/// How pages are told: by a [`Cursor`], or by a number.
pub trait Paging: Send + Sync + sealed::Sealed {
    /// What tells where a page is.
    type At: Send;

    #[doc(hidden)]
    fn start(&self, size: u64) -> Start<'_>;
    #[doc(hidden)]
    fn sides(&self, size: u64, turned: Turned) -> Sides<Self::At>;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::ByKey {}
    impl Sealed for super::ByNumber {}
    impl Sealed for super::ByOffset {}
}

/// What is on the two sides of a page: the next one and the previous one.
type Sides<At> = (Option<At>, Option<At>);

/// Where a page begins.
#[derive(Debug, Clone, Copy)]
pub enum Start<'c> {
    /// With the first row.
    First,
    /// Behind a row.
    After(&'c Cursor),
    /// It ends before a row.
    Before(&'c Cursor),
    /// Behind so many rows.
    Offset(u64),
}

/// What was found of a page.
#[derive(Debug)]
pub struct Turned {
    first: Option<Cursor>,
    last: Option<Cursor>,
    /// Whether there was a row more, in the direction in which the page was read.
    has_more: bool,
}

impl Paging for ByKey {
    type At = Cursor;

    fn start(&self, _: u64) -> Start<'_> {
        match &self.cursor {
            None => Start::First,
            Some((Side::After, cursor)) => Start::After(cursor),
            Some((Side::Before, cursor)) => Start::Before(cursor),
        }
    }

    fn sides(&self, _: u64, turned: Turned) -> Sides<Cursor> {
        let Turned { first, last, has_more } = turned;
        // The row of a cursor is on the other side of it.
        match &self.cursor {
            None => (last.filter(|_| has_more), None),
            Some((Side::After, _)) => (last.filter(|_| has_more), first),
            Some((Side::Before, _)) => (last, first.filter(|_| has_more)),
        }
    }
}

impl Paging for ByNumber {
    type At = u64;

    fn start(&self, size: u64) -> Start<'_> {
        Start::Offset((self.0 - 1).saturating_mul(size))
    }

    fn sides(&self, _: u64, turned: Turned) -> Sides<u64> {
        (turned.has_more.then_some(self.0 + 1), (self.0 > 1).then_some(self.0 - 1))
    }
}

impl Paging for ByOffset {
    type At = u64;

    fn start(&self, _: u64) -> Start<'_> {
        Start::Offset(self.0)
    }

    fn sides(&self, size: u64, turned: Turned) -> Sides<u64> {
        (turned.has_more.then_some(self.0 + size), (self.0 > 0).then(|| self.0.saturating_sub(size)))
    }
}

/// A page that is being read.
#[derive(Debug)]
pub(crate) struct PageOf {
    keyset: Option<Keyset>,
    size: usize,
    /// Whether its rows come from the last to the first.
    backwards: bool,
    keys: Vec<Vec<Value>>,
}

impl PageOf {
    /// Has a query ask for one page, and one row more.
    pub(crate) fn plan<S: Paging>(
        pages: &Pages<S>,
        statement: &mut Statement,
        entities: &[EntityAt],
        features: &Features,
    ) -> Result<PageOf, PagingError> {
        let start = pages.start.start(pages.size);
        let size = usize::try_from(pages.size).unwrap_or(usize::MAX - 1);
        let mut page = PageOf { keyset: None, size, backwards: false, keys: Vec::new() };
        let limit = match statement {
            Statement::Select(select) => {
                if select.limit.is_some() {
                    return Err(PagingError::OwnLimit);
                }
                if let Start::Offset(_) = start {
                    // So that pages do not depend on chance, where the rows can be told apart.
                    let mut whole = select.clone();
                    if Keyset::plan(&mut whole, entities, features).is_ok() {
                        select.order_by = whole.order_by;
                    }
                } else {
                    let keyset = Keyset::plan(select, entities, features)?;
                    if let Start::Before(_) = start {
                        page.backwards = true;
                        Keyset::reverse(select);
                    }
                    if let Start::After(cursor) | Start::Before(cursor) = start {
                        let key = keyset.key(cursor)?;
                        select.and_filter(keyset.behind(&key, page.backwards));
                    }
                    page.keyset = Some(keyset);
                }
                &mut select.limit
            }
            Statement::Compound(compound) => {
                let Start::Offset(_) = start else {
                    let reason = "it is a UNION or its like, whose rows have no key".to_owned();
                    return Err(PagingError::NoKeyset { reason });
                };
                &mut compound.limit
            }
            Statement::Text(_) => return Err(PagingError::NoQuery { what: "SQL text" }),
            _ => return Err(PagingError::NoQuery { what: "a statement that changes rows" }),
        };
        if limit.is_some() {
            return Err(PagingError::OwnLimit);
        }
        let limit = limit.insert(Limit { count: Some(Limit::rows(pages.size + 1)), ..Limit::default() });
        if let Start::Offset(rows @ 1..) = start {
            limit.offset = Some(Limit::rows(rows));
        }
        Ok(page)
    }

    /// Takes the key of each row as it is read.
    pub(crate) fn read(&mut self, row: &dyn orm_query::Row) -> crate::Result<()> {
        if let Some(keyset) = &self.keyset {
            self.keys.push(keyset.read(row)?);
        }
        Ok(())
    }

    /// How many of the rows that were read are the page's.
    pub(crate) fn rows(&self, read: usize) -> usize {
        read.min(self.size)
    }

    /// The page of these rows, as they were read.
    pub(crate) fn finish<S: Paging, T>(
        mut self,
        pages: &Pages<S>,
        mut items: Vec<T>,
        total: Option<u64>,
    ) -> Page<T, S::At> {
        let has_more = items.len() > self.size;
        items.truncate(self.size);
        self.keys.truncate(self.size);
        if self.backwards {
            items.reverse();
            self.keys.reverse();
        }
        let cursor = |key: Option<&Vec<Value>>| Some(self.keyset.as_ref()?.cursor(key?));
        let (first, last) = (cursor(self.keys.first()), cursor(self.keys.last()));
        let (next, previous) = pages.start.sides(pages.size, Turned { first, last, has_more });
        Page { items, next, previous, total }
    }
}
