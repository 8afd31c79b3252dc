//! An owned tree as JSON: its columns, and what of its relationships a loader tree asks for.

use orm::mapping::{Children, Mapped, Relation};
use serde_json::{Map, Value as Json};

use super::branch::{Branch, key};
use crate::models::*;

/// The columns of an object.
pub(super) fn columns<T: Mapped>(object: &T) -> Map<String, Json> {
    let columns = T::TABLE.columns.iter().enumerate();
    columns.map(|(position, column)| (column.name.to_string(), cell(object.value(position)))).collect()
}

fn cell(value: Option<orm::Value>) -> Json {
    match value {
        None | Some(orm::Value::Null) => Json::Null,
        Some(orm::Value::I64(number)) => number.into(),
        Some(orm::Value::Text(text)) => text.into(),
        Some(other) => panic!("no model has a {other:?}"),
    }
}

pub(super) fn told<T: Mapped>(object: &T, tree: &[Branch]) -> Json {
    Json::Object(with_branches(object, tree))
}

fn with_branches<T: Mapped>(object: &T, tree: &[Branch]) -> Map<String, Json> {
    let mut fields = columns(object);
    for branch in tree {
        fields.insert(branch.relationship.name.into(), related(object, branch, branch.levels));
    }
    fields
}

fn related<T: Mapped>(object: &T, branch: &Branch, levels: u32) -> Json {
    let index = T::ENTITY.relationship(branch.relationship.name).unwrap();
    let (Relation::Owned(children) | Relation::Part(children)) = object.relation(index) else {
        return "unloaded".into();
    };
    list(branch, told_children(&**children, branch, levels))
}

/// What a relationship holds: one object or none, or a list, by key where it has no order.
pub(super) fn list(branch: &Branch, mut objects: Vec<Json>) -> Json {
    if !branch.relationship.to_many {
        assert!(objects.len() < 2, "{branch:?} leads to {objects:?}");
        return objects.pop().unwrap_or_default();
    }
    if !branch.is_ordered() {
        objects.sort_by_key(|object| {
            key(branch.target()).map(|name| object[name].to_string()).collect::<Vec<_>>()
        });
    }
    Json::Array(objects)
}

fn told_children(children: &dyn Children, branch: &Branch, levels: u32) -> Vec<Json> {
    macro_rules! of_type {
        ($($child:ident)*) => {$(
            if let Some(children) = children.as_any().downcast_ref::<Vec<$child>>() {
                return children.iter().map(|child| told_child(child, branch, levels)).collect();
            }
        )*};
    }
    of_type! { User Address Profile Blog Post Comment Tag Employee Node Purchase Line }
    panic!("no owned tree holds {}", children.entity().name)
}

fn told_child<T: Mapped>(child: &T, branch: &Branch, levels: u32) -> Json {
    let mut fields = with_branches(child, &branch.then);
    if levels > 1 {
        fields.insert(branch.relationship.name.into(), related(child, branch, levels - 1));
    }
    Json::Object(fields)
}
