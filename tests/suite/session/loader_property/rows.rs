//! Random rows, and the trees that they make, found by looking at each of them.

use std::cmp::Ordering;

use orm::mapping::{EntityDef, JoinOn};
use orm::prelude::*;
use orm::schema::ForeignKeyDef;
use serde_json::{Map, Value as Json};

use super::Which;
use super::branch::{Branch, Criterion, Filter, key};
use super::told::{columns, list};
use crate::dice::Dice;
use crate::models::*;

type Row = Map<String, Json>;

/// One of a few words, so that many are equal.
pub(super) fn word(dice: &mut Dice) -> String {
    ["ash", "beech", "cedar"][dice.roll(3)].to_owned()
}

macro_rules! rows {
    ($($table:ident $field:ident;)*) => {
        /// The rows of all tables, those first that others refer to.
        #[derive(Default)]
        pub(super) struct Rows {
            $($field: Vec<$table>,)*
            criterion: Option<Criterion>,
        }

        impl Rows {
            /// Puts them into the database, in place of what is there.
            pub(super) async fn store(&self, engine: &Engine) {
                let mut connection = engine.begin().await.unwrap();
                let no_node = update(Node).set(Node::parent_id, None::<i64>).all_rows();
                connection.execute(no_node).await.unwrap();
                let no_manager = update(Employee).set(Employee::manager_id, None::<i64>).all_rows();
                connection.execute(no_manager).await.unwrap();
                rows!(@reversed connection; $($table)*);
                $(if !self.$field.is_empty() {
                    connection.execute(insert($table).values(self.$field.clone())).await.unwrap();
                })*
                connection.commit().await.unwrap();
            }

            /// Those that a query sees under a condition.
            pub(super) fn under(&self, criterion: Option<&Criterion>) -> Rows {
                Rows { $($field: self.$field.clone(),)* criterion: criterion.cloned() }
            }

            /// The rows of one table.
            fn of(&self, entity: &'static EntityDef) -> Vec<Row> {
                let criterion = self.criterion.as_ref().filter(|criterion| criterion.entity == entity);
                let is_seen = |row: &Row| criterion.is_none_or(|criterion| matches(&criterion.keeps, row));
                $(if entity == $table::ENTITY {
                    return self.$field.iter().map(columns).filter(is_seen).collect();
                })*
                panic!("no rows of {}", entity.name)
            }
        }
    };
    (@reversed $connection:ident; $first:ident $($rest:ident)*) => {
        rows!(@reversed $connection; $($rest)*);
        $connection.execute(delete($first).all_rows()).await.unwrap();
    };
    (@reversed $connection:ident;) => {};
}

rows! {
    User users;
    Address addresses;
    Profile profiles;
    Blog blogs;
    Post posts;
    Comment comments;
    Tag tags;
    PostTag links;
    Employee employees;
    Node nodes;
    Purchase purchases;
    Line lines;
}

impl Rows {
    pub(super) fn random(dice: &mut Dice) -> Rows {
        let mut rows = Rows::default();
        let up_to = |dice: &mut Dice, most: usize| 1..=dice.roll(most + 1) as i64;
        for id in up_to(dice, 5) {
            let fullname = dice.in_ten(6).then(|| word(dice));
            rows.users.push(User { id, name: word(dice), fullname, ..default() });
            if dice.in_ten(5) {
                rows.profiles.push(Profile { id: 10 - id, bio: word(dice), user_id: id, ..default() });
            }
        }
        for id in up_to(dice, 10) {
            let user_id = one_of(dice, rows.users.len(), 7);
            rows.addresses.push(Address { id, email: word(dice), user_id, ..default() });
        }
        for id in up_to(dice, 4) {
            rows.blogs.push(Blog { id, title: word(dice), ..default() });
        }
        for id in up_to(dice, 4) {
            rows.tags.push(Tag { id, name: format!("{}{id}", word(dice)), ..default() });
        }
        for id in up_to(dice, 8) {
            let Some(blog_id) = one_of(dice, rows.blogs.len(), 10) else { break };
            rows.posts.push(Post { id, title: word(dice), blog_id, ..default() });
            for tag in &rows.tags {
                if dice.in_ten(4) {
                    rows.links.push(PostTag { post_id: id, tag_id: tag.id });
                }
            }
        }
        for id in up_to(dice, 9) {
            let Some(post_id) = one_of(dice, rows.posts.len(), 10) else { break };
            rows.comments.push(Comment { id, body: word(dice), post_id });
        }
        // Below one that comes earlier: no circles.
        for id in up_to(dice, 9) {
            let manager_id = one_of(dice, rows.employees.len(), 8);
            rows.employees.push(Employee { id, name: word(dice), manager_id, ..default() });
        }
        for id in up_to(dice, 9) {
            let parent_id = one_of(dice, rows.nodes.len(), 8);
            rows.nodes.push(Node { id, name: word(dice), parent_id, ..default() });
        }
        for shop in ["east", "west"] {
            for number in up_to(dice, 3) {
                rows.purchases.push(Purchase { shop: shop.into(), number, ..default() });
                for position in up_to(dice, 3) {
                    let item = word(dice);
                    rows.lines.push(Line { shop: shop.into(), number, position, item, ..default() });
                }
            }
        }
        rows
    }

    /// The roots that a query asks for, each with its tree.
    pub(super) fn roots(
        &self,
        entity: &'static EntityDef,
        keys: &[&str],
        number: &str,
        which: &Which,
        tree: &[Branch],
    ) -> Vec<Json> {
        let mut roots = self.of(entity);
        roots.retain(|root| root[number].as_i64().unwrap() <= which.at_most);
        roots.sort_by(|a, b| {
            keys.iter().fold(Ordering::Equal, |before, key| before.then(compare(&a[*key], &b[*key])))
        });
        if which.descending {
            roots.reverse();
        }
        let (count, offset) = which.limit.unwrap_or((u64::MAX, 0));
        let asked = roots.iter().skip(offset as usize).take(count as usize);
        asked.map(|root| Json::Object(self.with_branches(root, tree))).collect()
    }

    fn with_branches(&self, row: &Row, tree: &[Branch]) -> Row {
        let mut fields = row.clone();
        for branch in tree {
            fields.insert(branch.relationship.name.into(), self.related(row, branch, branch.levels));
        }
        fields
    }

    fn related(&self, row: &Row, branch: &Branch, levels: u32) -> Json {
        let (source, target) = ((branch.relationship.source)(), branch.target());
        let mut rows = self.of(target);
        match branch.relationship.join {
            JoinOn::TargetKey(key) => {
                rows.retain(|target_row| refers(&target.table.foreign_keys[key], target_row, row));
            }
            JoinOn::SourceKey(key) => {
                rows.retain(|target_row| refers(&source.table.foreign_keys[key], row, target_row));
            }
            JoinOn::Secondary { link, source_key, target_key } => {
                let (links, keys) = (self.of(link()), &link().table.foreign_keys);
                rows.retain(|target_row| {
                    let leads = |link: &Row| refers(&keys[target_key], link, target_row);
                    links.iter().any(|link| refers(&keys[source_key], link, row) && leads(link))
                });
            }
        }
        if let Some(filter) = &branch.part.filter {
            rows.retain(|row| matches(filter, row));
        }
        rows.sort_by(|a, b| order(branch, a, b));
        if let Some(limit) = branch.part.limit {
            rows = rows.into_iter().skip(limit.offset as usize).take(limit.count as usize).collect();
        }
        let tree = |row: &Row| {
            let mut fields = self.with_branches(row, &branch.then);
            if levels > 1 {
                fields.insert(branch.relationship.name.into(), self.related(row, branch, levels - 1));
            }
            Json::Object(fields)
        };
        list(branch, rows.iter().map(tree).collect())
    }
}

/// Some key from 1 to `count`, or, where the chance says so, none.
fn one_of(dice: &mut Dice, count: usize, chance: usize) -> Option<i64> {
    (count > 0 && dice.in_ten(chance)).then(|| 1 + dice.roll(count) as i64)
}

fn refers(key: &ForeignKeyDef, from: &Row, to: &Row) -> bool {
    let mut pairs = key.columns.iter().zip(key.target_columns.iter());
    pairs.all(|(column, target)| !from[&**column].is_null() && from[&**column] == to[&**target])
}

fn matches(filter: &Filter, row: &Row) -> bool {
    match filter {
        Filter::AtMost(name, number) => row[*name].as_i64().is_some_and(|value| value <= *number),
        Filter::Is(name, word) => row[*name] == **word,
        Filter::IsNot(name, word) => row[*name].as_str().is_some_and(|value| value != word),
        Filter::IsNull(name) => row[*name].is_null(),
    }
}

/// The order that was asked for, or that of the relationship, and then the key.
fn order(branch: &Branch, a: &Row, b: &Row) -> Ordering {
    let by = |name: &str, descending: bool| match descending {
        true => compare(&b[name], &a[name]),
        false => compare(&a[name], &b[name]),
    };
    let asked = match branch.part.order {
        Some((name, descending)) => by(name, descending),
        None => branch
            .relationship
            .order_by
            .iter()
            .fold(Ordering::Equal, |before, order| before.then(by(order.column, order.descending))),
    };
    key(branch.target()).fold(asked, |before, name| before.then(by(name, false)))
}

fn compare(a: &Json, b: &Json) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    }
}
