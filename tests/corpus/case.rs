//! A statement of the corpus in our words.

use orm::tree::Statement;
use orm::typed::{Executable, Query};
use orm::{CompileError, Compiled, Dialect};

/// What is compiled and gives one or more statements, for what is more than a tree: `create_all`, literal rendering.
pub(crate) type Compile = fn(&dyn Dialect) -> Result<Vec<Compiled>, CompileError>;

/// A statement of the corpus in our words.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    forms: Vec<(Option<&'static [&'static str]>, Form)>,
}

enum Form {
    Statements(Vec<Statement>),
    Compile(Compile),
}

impl Case {
    /// The statement, for every dialect.
    pub(crate) fn new<K>(name: &'static str, statement: impl IntoStatements<K>) -> Case {
        Case { name, forms: vec![(None, Form::Statements(statement.into_statements()))] }
    }

    /// The statement, for some dialects alone: those that the corpus has the construct for.
    pub(crate) fn only<K>(
        name: &'static str,
        dialects: &'static [&'static str],
        statement: impl IntoStatements<K>,
    ) -> Case {
        Case { name, forms: Vec::new() }.on(dialects, statement)
    }

    /// What is compiled by a function, for every dialect.
    pub(crate) fn compiled(name: &'static str, compile: Compile) -> Case {
        Case { name, forms: vec![(None, Form::Compile(compile))] }
    }

    /// Another form of the statement for some dialects, where the corpus has another one there, too.
    pub(crate) fn on<K>(
        mut self,
        dialects: &'static [&'static str],
        statement: impl IntoStatements<K>,
    ) -> Case {
        self.forms.push((Some(dialects), Form::Statements(statement.into_statements())));
        self
    }

    /// What a dialect makes of it; `None` where there is no form for that dialect.
    pub(crate) fn compile(
        &self,
        name: &str,
        dialect: &dyn Dialect,
    ) -> Option<Result<Vec<Compiled>, CompileError>> {
        let own = self.forms.iter().find(|(on, _)| on.is_some_and(|on| on.contains(&name)));
        let (_, form) = own.or_else(|| self.forms.iter().find(|(on, _)| on.is_none()))?;
        Some(match form {
            Form::Statements(list) => list.iter().map(|statement| dialect.compile(statement)).collect(),
            Form::Compile(compile) => compile(dialect),
        })
    }
}

/// Whatever becomes statements: a query, what is executed, a list of statements. `K` is inferred.
pub(crate) trait IntoStatements<K> {
    fn into_statements(self) -> Vec<Statement>;
}

pub(crate) struct OfQuery<I>(std::marker::PhantomData<I>);
pub(crate) struct OfExecutable;
pub(crate) struct OfList;

impl<Q: Query<I>, I> IntoStatements<OfQuery<I>> for Q {
    fn into_statements(self) -> Vec<Statement> {
        vec![self.into_statement().0]
    }
}

impl<E: Executable> IntoStatements<OfExecutable> for E {
    fn into_statements(self) -> Vec<Statement> {
        vec![self.into_statement()]
    }
}

impl IntoStatements<OfList> for Vec<Statement> {
    fn into_statements(self) -> Vec<Statement> {
        self
    }
}
