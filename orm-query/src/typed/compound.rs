use std::fmt;
use std::marker::PhantomData;

use super::cte::{self, Cte};
use super::fits::SameRows;
use super::load::LoadOptions;
use super::options::StatementOptions;
use super::order::OrderList;
use super::projection::{self, EntityAt};
use super::query::Query;
use super::query_expression::{QueryExpression, item_name};
use super::query_option::QueryOption;
use super::row_in::{Convert, Mode, Owned, RowIn};
use super::scope::{Needs, Plus, SourceSet, Standalone, Union};
use super::select::Select;
use crate::Row;
use crate::schema::Name;
use crate::tree::{self, Expr, Limit, SetOperation, SetOperator};

/// Queries with `UNION`, `EXCEPT` or `INTERSECT` between them. `P` and `F` are those of the first, which says the types of
/// the rows; `N` is what they read of an enclosing query.
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct Compound<P, F, N> {
    tree: tree::Compound,
    load: LoadOptions,
    types: PhantomData<fn() -> (P, F, N)>,
}

impl<P, F, N> super::param::Bindings for Compound<P, F, N> {
    fn give(mut self, name: Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

macro_rules! operations {
    ($($(#[$meta:meta])* $name:ident $kind:ident $all:literal;)*) => {
        impl<P, F> Select<P, F> {
            $(
                $(#[$meta])*
                pub fn $name<Q, I, J>(self, other: Q) -> Compound<P, F, Union<F::Sources, Q::Needs>>
                where
                    P: RowIn<F, I>,
                    F: Needs,
                    Q: QueryExpression<J, Columns: SameRows<P::Columns>, Needs: Plus<F::Sources>>,
                {
                    let operator = SetOperator { kind: SetOperation::$kind, all: $all };
                    Compound::of_select(self, operator, other.into_query())
                }
            )*
        }

        impl<P, F, N> Compound<P, F, N> {
            $(
                $(#[$meta])*
                pub fn $name<Q, I, J>(self, other: Q) -> Compound<P, F, Union<N, Q::Needs>>
                where
                    P: RowIn<F, I>,
                    N: SourceSet,
                    Q: QueryExpression<J, Columns: SameRows<P::Columns>, Needs: Plus<N>>,
                {
                    let operator = SetOperator { kind: SetOperation::$kind, all: $all };
                    self.followed_by(operator, other.into_query())
                }
            )*
        }
    };
}

operations! {
    /// `UNION`: the rows of either, each once.
    ///
    /// Operations stand from left to right; where another order is meant, a set operation is given as `other`.
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
    /// # engine.execute(insert(User).values([User::new("sandy"), User::new("al"), User::new("bo")])).await?;
    /// let short = select(User::name).filter(User::name.like("__"));
    /// let first = select(User::name).filter(User::id.eq(1));
    /// let names = short.union(first).order_by(User::name).limit(2);
    /// assert_eq!(engine.all(names).await?, ["al", "bo"]);
    /// # Ok(())
    /// # }
    /// ```
    union Union false;
    /// `UNION ALL`: the rows of both.
    union_all Union true;
    /// `EXCEPT`: the rows that the other query does not give, each once.
    except Except false;
    /// `EXCEPT ALL`: each row as many times as it has more of it than the other query.
    except_all Except true;
    /// `INTERSECT`: the rows that both give, each once.
    intersect Intersect false;
    /// `INTERSECT ALL`: each row as many times as both give it.
    intersect_all Intersect true;
}

impl<P, F, N> Compound<P, F, N> {
    fn of_select(first: Select<P, F>, operator: SetOperator, other: tree::Query) -> Self {
        let (mut first, load) = first.into_parts();
        // What stands at the very front is read by all.
        let with = std::mem::take(&mut first.with);
        let queries = vec![first.into(), other];
        let tree = tree::Compound { with, operator, queries, order_by: Vec::new(), limit: None };
        Compound { tree, load, types: PhantomData }
    }

    fn followed_by<M>(mut self, operator: SetOperator, other: tree::Query) -> Compound<P, F, M> {
        let tree = &mut self.tree;
        if tree.operator == operator && tree.order_by.is_empty() && tree.limit.is_none() {
            tree.queries.push(other);
        } else {
            let with = std::mem::take(&mut tree.with);
            let first = std::mem::replace(
                tree,
                tree::Compound { with, operator, queries: Vec::new(), order_by: Vec::new(), limit: None },
            );
            tree.queries = vec![first.into(), other];
        }
        Compound { tree: self.tree, load: self.load, types: PhantomData }
    }

    /// `ORDER BY` of all rows: by what the first query selects, or by a label.
    pub fn order_by<L, I>(mut self, list: L) -> Self
    where
        L: OrderList<F, I>,
    {
        let mut orders = Vec::new();
        list.orders(&mut orders);
        for order in &mut orders {
            if let Some(name) = self.tree.queries.first_mut().and_then(|first| label_of(first, &order.expr)) {
                order.expr = Expr::Label(name);
            }
        }
        self.tree.order_by.extend(orders);
        self
    }

    /// The most rows of all.
    pub fn limit(mut self, rows: u64) -> Self {
        self.tree.limit.get_or_insert_default().count = Some(Limit::rows(rows));
        self
    }

    /// The rows of all to skip.
    pub fn offset(mut self, rows: u64) -> Self {
        self.tree.limit.get_or_insert_default().offset = Some(Limit::rows(rows));
        self
    }

    /// What to load with the rows, and how, as of a `select(…)`; what the first query was told before it was joined by
    /// the others stands as well.
    pub fn options<O, I>(mut self, options: O) -> Self
    where
        O: QueryOption<F, I>,
    {
        options.add_to(&mut self.load);
        self
    }

    /// Overwrites objects that the session has already with their rows, as of a `select(…)`.
    pub fn populate_existing(mut self) -> Self {
        self.load.populate_existing = true;
        self
    }

    /// `WITH`: a common table expression that the queries read.
    pub fn with<S>(mut self, cte: Cte<S>) -> Self {
        cte::add(&mut self.tree.with, cte);
        self
    }

    /// It as data.
    pub fn into_tree(self) -> tree::Compound {
        self.tree
    }
}

/// The name of the column of the first query that is `expr`; it gets one where it has none, or shares it.
fn label_of(query: &mut tree::Query, expr: &Expr) -> Option<Name> {
    match query {
        tree::Query::Select(select) => {
            let position = select.columns.iter().position(|item| item.expr == *expr)?;
            let name = item_name(&select.columns[position]);
            let is_alone = |name: &Name| {
                select.columns.iter().filter(|item| item_name(item).as_ref() == Some(name)).count() == 1
            };
            if let Some(name) = name.filter(is_alone) {
                return Some(name);
            }
            let label = Name::from(format!("column_{}", position + 1));
            select.columns[position].label = Some(label.clone());
            Some(label)
        }
        tree::Query::Compound(compound) => label_of(compound.queries.first_mut()?, expr),
        tree::Query::Values(_) | tree::Query::Text(_) => None,
    }
}

impl<P, F, N, I> QueryExpression<I> for Compound<P, F, N>
where
    P: RowIn<F, I>,
    N: SourceSet,
{
    type Columns = P::Columns;
    type Needs = N;

    fn into_query(self) -> tree::Query {
        self.tree.into()
    }

    fn into_loading(self) -> (tree::Query, LoadOptions) {
        (self.tree.into(), self.load)
    }

    fn entities_read() -> Vec<EntityAt> {
        projection::entities::<P>()
    }
}

impl<P, F, N, I> Query<I> for Compound<P, F, N>
where
    P: RowIn<F, I>,
    N: Standalone,
{
    type Row<M: Mode> = P::Row<M>;
    type Read<M: Mode> = P::Row<M>;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        (tree::Statement::Compound(self.tree), self.load)
    }

    fn entities() -> Vec<EntityAt> {
        projection::entities::<P>()
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error> {
        P::decode::<M>(context, row, &mut 0)
    }

    fn convert<M: Mode, O: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, O>) -> Self::Read<O> {
        P::convert::<M, O>(row, change)
    }

    fn finish<M: Mode>(row: Self::Read<M>, _: &mut impl Convert<M, Owned>) -> Self::Row<M> {
        row
    }
}

impl<P, F, N> StatementOptions for Compound<P, F, N> {}

impl<P, F, N> Clone for Compound<P, F, N> {
    fn clone(&self) -> Self {
        Compound { tree: self.tree.clone(), load: self.load.clone(), types: PhantomData }
    }
}

/// As people read it; each database is sent its own SQL.
impl<P, F, N> fmt::Display for Compound<P, F, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<P, F, N> fmt::Debug for Compound<P, F, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
