//! Parameters: values that are given to a statement by their names.

use std::marker::PhantomData;

use super::expression::Expr;
use super::operand::InOperand;
use super::scope::Nil;
use crate::schema::Name;
use crate::tree::{self, Given, ParamState};
use crate::{Bind, SqlType};

/// A value of the type `T` that is given later, by [`Bindings::bind`] of the statement: so a statement is built once and
/// run with many values.
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
/// use orm::{Bindings, param};
///
/// engine.execute(insert(User).values([User::new("sandy"), User::new("gary")])).await?;
/// let by_name = select(User::id).filter(User::name.eq(param::<String>("name")));
/// assert_eq!(engine.one(by_name.clone().bind("name", "gary".to_owned())).await?, 2);
///
/// let error = engine.all(by_name).await.unwrap_err();
/// assert_eq!(error.to_string(), "the parameter `name` was not bound; add `.bind(\"name\", …)`");
/// # Ok(())
/// # }
/// ```
pub fn param<T: SqlType>(name: impl Into<Name>) -> Expr<T, Nil> {
    parameter::<T>(name.into(), ParamState::Missing)
}

/// As [`param`], with a value where none is given.
pub fn param_or<T: SqlType>(name: impl Into<Name>, default: T) -> Expr<T, Nil> {
    parameter::<T>(name.into(), ParamState::Default(default.to_value()))
}

fn parameter<T: SqlType>(name: Name, state: ParamState) -> Expr<T, Nil> {
    let param = tree::Param { name, data_type: T::DATA_TYPE, state, is_list: false };
    Expr::from_tree(tree::Expr::Param(Box::new(param)))
}

/// A list of values that is given later, behind IN; made by [`param_list`].
#[derive(Debug, Clone)]
pub struct ParamList<T> {
    name: Name,
    element: PhantomData<fn() -> T>,
}

/// A list of values that is given later, by [`Bindings::bind_list`]: `User::id.in_(param_list("ids"))`.
pub fn param_list<T: SqlType<Base = T>>(name: impl Into<Name>) -> ParamList<T> {
    ParamList { name: name.into(), element: PhantomData }
}

impl<T: SqlType<Base = T>> InOperand<T, ()> for ParamList<T> {
    type Sources = Nil;

    fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
        let param = tree::Param {
            name: self.name,
            data_type: T::DATA_TYPE,
            state: ParamState::Missing,
            is_list: true,
        };
        let list = vec![tree::Expr::Param(Box::new(param))];
        tree::Expr::InList(Box::new(tree::InList { operand, list, negated }))
    }
}

/// A statement whose parameters can be given values.
pub trait Bindings: Sized {
    /// Gives a value to the parameter `name`, wherever it stands in the statement: a [`param`], or a `:name` of SQL text.
    ///
    /// A statement without such a parameter, or whose parameter is of another type, cannot be run: the error names it.
    /// Integers of every width are alike where they fit.
    #[must_use]
    fn bind<T: SqlType>(self, name: impl Into<Name>, value: T) -> Self {
        self.give(name.into(), &Given::One(Bind::new(value.to_value(), T::DATA_TYPE)))
    }

    /// The same for text without a `String`.
    #[must_use]
    fn bind_str(self, name: impl Into<Name>, value: &str) -> Self {
        self.bind(name, value.to_owned())
    }

    /// Gives the values of the list `name` behind IN: a [`param_list`], or a `:name` of SQL text.
    #[must_use]
    fn bind_list<T: SqlType>(self, name: impl Into<Name>, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter().map(|value| Bind::new(value.to_value(), T::DATA_TYPE)).collect();
        self.give(name.into(), &Given::List(values))
    }

    /// Gives what `given` holds.
    #[must_use]
    fn give(self, name: Name, given: &Given) -> Self;
}

impl Bindings for tree::Statement {
    fn give(mut self, name: Name, given: &Given) -> Self {
        tree::Statement::bind_param(&mut self, &name, given);
        self
    }
}
