use super::order::{IntoOrder, Order, OrderList};
use super::scope::Nil;
use crate::schema::Name;
use crate::tree::{self, NullsOrder, OrderBy};

/// A column of the select list by its label, in ORDER BY or GROUP BY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    name: Name,
}

/// The column of the select list that `.label(name)` named, for `order_by` and `group_by`.
///
/// Whether there is one is for the database to say. Oracle before 23 and MSSQL do not group by labels.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// use orm::label;
///
/// engine.execute(insert(User).values([User::new("sandy"), User::new("al")])).await?;
/// let lengths = select(functions::length(User::name).label("n")).order_by(label("n").desc());
/// assert_eq!(engine.all(lengths).await?, [5, 2]);
/// # Ok(())
/// # }
/// ```
pub fn label(name: impl Into<Name>) -> Label {
    Label { name: name.into() }
}

// The same words as those of an expression.
#[allow(clippy::wrong_self_convention)]
impl Label {
    pub(super) fn into_tree(self) -> tree::Expr {
        tree::Expr::Label(self.name)
    }

    /// The smallest first.
    pub fn asc(self) -> Order<Nil> {
        Order::new(self.into_tree(), false)
    }

    /// The greatest first.
    pub fn desc(self) -> Order<Nil> {
        Order::new(self.into_tree(), true)
    }

    /// NULLs first.
    pub fn nulls_first(self) -> Order<Nil> {
        self.asc().nulls(NullsOrder::First)
    }

    /// NULLs last.
    pub fn nulls_last(self) -> Order<Nil> {
        self.asc().nulls(NullsOrder::Last)
    }
}

impl IntoOrder for Label {
    type Sources = Nil;

    fn into_order(self) -> OrderBy {
        self.into_tree().into()
    }
}

impl<F> OrderList<F, ()> for Label {
    fn orders(self, list: &mut Vec<OrderBy>) {
        list.push(self.into_order());
    }
}
