//! Random loader trees over random rows: every strategy gives the same owned tree, and it is the one that a naive walk
//! over the rows gives.
//!
//! A case is its seed: `ORM_SEED=n cargo test loader_property` runs that one alone, `ORM_CASES=n` runs more on a file,
//! and a part of that elsewhere.

mod branch;
mod rows;
mod told;

use orm::prelude::*;
use orm::tree::Criteria;
use orm::typed::{LoadOptions, LoadPath, QueryOption, Strategy};
use serde_json::Value as Json;

use crate::databases::{Database, on_each};
use crate::dice::Dice;
use crate::models::{self, *};
use branch::{Branch, Criterion, Trees};
use rows::Rows;
use told::told;

/// How many cases run on a file, unless told otherwise.
const CASES: u64 = 40;

/// How many trees are asked for in a case.
const TREES: usize = 8;

const STRATEGIES: [Strategy; 4] =
    [Strategy::Selectin, Strategy::Joined { inner: false }, Strategy::Subquery, Strategy::Immediate];

/// Loader options as data, of whatever query.
struct Options {
    paths: Vec<LoadPath>,
    criteria: Option<Criteria>,
}

impl Options {
    fn of(plan: &[Branch], criterion: Option<&Criterion>) -> Self {
        Options { paths: branch::paths(plan), criteria: criterion.map(Criterion::criteria) }
    }
}

impl<F> QueryOption<F, ()> for Options {
    fn add_to(self, options: &mut LoadOptions) {
        options.paths.extend(self.paths);
        options.criteria.extend(self.criteria);
    }
}

#[tokio::test]
async fn every_strategy_gives_the_tree_that_the_rows_make() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let only = number("ORM_SEED");
    on_each(async |db| {
        models::create(&db.engine).await;
        let cases = number("ORM_CASES").unwrap_or(CASES);
        let is_seekdb = db.server.is_some_and(|server| server.is_seekdb());
        let seeds = match only {
            Some(seed) => seed..seed + 1,
            // A file is quick, and seekdb takes seconds for a case.
            None if db.file.is_some() => 0..cases,
            None if is_seekdb => 0..cases.div_ceil(40),
            None => 0..cases.div_ceil(10),
        };
        for seed in seeds {
            let guard = Seed(seed);
            let mut dice = Dice::new(seed);
            let rows = Rows::random(&mut dice);
            rows.store(&db.engine).await;
            for _ in 0..TREES {
                Case { db, rows: &rows, dice: &mut dice }.run().await;
            }
            std::mem::forget(guard);
        }
    })
    .await;
}

/// Tells the seed when a case fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        eprintln!("the case that failed: ORM_SEED={}", self.0);
    }
}

/// Which of the roots a query asks for.
#[derive(Debug)]
struct Which {
    at_most: i64,
    descending: bool,
    distinct: bool,
    limit: Option<(u64, u64)>,
}

struct Case<'c> {
    db: &'c Database,
    rows: &'c Rows,
    dice: &'c mut Dice,
}

macro_rules! from_each_root {
    ($self:ident: $($root:ident ($($key:ident)*) at $number:ident;)*) => {
        match [$($root::ENTITY.name),*][$self.dice.roll([$($root::ENTITY.name),*].len())] {
            $(name if name == $root::ENTITY.name => {
                let which = $self.which();
                let query = || {
                    let mut query = select($root).filter($root::$number.le(which.at_most));
                    $(query = match which.descending {
                        true => query.order_by($root::$key.desc()),
                        false => query.order_by($root::$key),
                    };)*
                    if which.distinct {
                        query = query.distinct();
                    }
                    match which.limit {
                        Some((count, offset)) => query.limit(count).offset(offset),
                        None => query,
                    }
                };
                let keys = [$(stringify!($key)),*];
                let tree = Trees::new(&mut *$self.dice).of($root::ENTITY);
                let criterion = Trees::new(&mut *$self.dice).criterion($root::ENTITY, &tree);
                let criterion = criterion.as_ref();
                let rows = $self.rows.under(criterion);
                let expected = rows.roots($root::ENTITY, &keys, stringify!($number), &which, &tree);
                let mut plans: Vec<Vec<Branch>> =
                    STRATEGIES.iter().map(|&by| branch::by(&tree, criterion, &mut || by)).collect();
                for _ in 0..2 {
                    plans.push(branch::by(&tree, criterion, &mut || STRATEGIES[$self.dice.roll(4)]));
                }
                for plan in &plans {
                    let found = $self.db.engine.all(query().options(Options::of(plan, criterion))).await;
                    let what =
                        format!("{} by {which:?}, {criterion:?}: {plan:?} on {}", $root::ENTITY.name, $self.db.name);
                    let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
                    same(&expected, &found.iter().map(|root| told(root, plan)).collect(), &what);
                }

                let mut session = Session::new(&$self.db.engine);
                let first = &plans[4];
                let handles = session.all(query().options(Options::of(first, criterion))).await.unwrap();
                let found: Vec<$root> = handles.iter().map(|&root| session.detach(root)).collect();
                let what =
                    format!("{} by {which:?}, {criterion:?}, in a session: {first:?} on {}", $root::ENTITY.name, $self.db.name);
                same(&expected, &found.iter().map(|root| told(root, first)).collect(), &what);

                // Another tree over what the session holds by now.
                let mut tree = Trees::new(&mut *$self.dice).of($root::ENTITY);
                branch::with_kept_orders(&mut tree);
                let criterion = Trees::new(&mut *$self.dice).criterion($root::ENTITY, &tree);
                let criterion = criterion.as_ref();
                let then = branch::by(&tree, criterion, &mut || STRATEGIES[$self.dice.roll(4)]);
                let expected = $self.rows.under(criterion).roots($root::ENTITY, &keys, stringify!($number), &which, &tree);
                let handles = session.all(query().options(Options::of(&then, criterion))).await.unwrap();
                let found: Vec<$root> = handles.iter().map(|&root| session.detach(root)).collect();
                let what = format!("{what}, and then {criterion:?}: {then:?}");
                same(&expected, &found.iter().map(|root| told(root, &then)).collect(), &what);
            })*
            name => unreachable!("{name}"),
        }
    };
}

impl Case<'_> {
    async fn run(&mut self) {
        from_each_root! { self:
            User (id) at id;
            Address (id) at id;
            Blog (id) at id;
            Post (id) at id;
            Tag (id) at id;
            Employee (id) at id;
            Node (id) at id;
            Purchase (shop number) at number;
            Line (shop number position) at position;
        }
    }

    fn which(&mut self) -> Which {
        Which {
            at_most: 1 + self.dice.roll(9) as i64,
            descending: self.dice.in_ten(4),
            distinct: self.dice.in_ten(2),
            limit: self.dice.in_ten(3).then(|| (1 + self.dice.roll(4) as u64, self.dice.roll(2) as u64)),
        }
    }
}

fn same(expected: &[Json], found: &Vec<Json>, what: &str) {
    if expected != found.as_slice() {
        let shown = |roots: &[Json]| roots.iter().map(|root| format!("  {root}\n")).collect::<String>();
        panic!("{what}\nexpected\n{}found\n{}", shown(expected), shown(found));
    }
}
