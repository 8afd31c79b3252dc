use orm_query::DataType;
use orm_query::schema::Name;

use super::node::Node;
use super::{Evaluated, Scope, refuse};

/// The types whose values are computed by one set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Boolean,
    Integer,
    /// A 64-bit integer without a sign.
    Unsigned,
    Real,
    Double,
    Decimal,
    Text,
    Enum,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Bytes,
    /// Nothing is known of its values but whether they are NULL.
    Opaque,
}

impl Class {
    pub(super) fn of(data_type: &DataType) -> Class {
        match data_type {
            DataType::Boolean => Class::Boolean,
            DataType::SmallInt
            | DataType::Integer
            | DataType::BigInt
            | DataType::UnsignedSmallInt
            | DataType::UnsignedInteger => Class::Integer,
            DataType::UnsignedBigInt => Class::Unsigned,
            DataType::Real => Class::Real,
            DataType::Double => Class::Double,
            DataType::Numeric { .. } => Class::Decimal,
            DataType::Text | DataType::Varchar(_) => Class::Text,
            DataType::Enum(_) => Class::Enum,
            DataType::Date => Class::Date,
            DataType::Time => Class::Time,
            DataType::Timestamp => Class::Timestamp,
            DataType::TimestampTz => Class::TimestampTz,
            DataType::Uuid => Class::Uuid,
            DataType::Bytes => Class::Bytes,
            _ => Class::Opaque,
        }
    }
}

/// Where an expression stands as it is, and is not computed: only so do some databases compare it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Column,
    Bind,
    Computed,
}

/// An expression that was compiled, with what is known of its values.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) node: Node,
    pub(super) class: Class,
    pub(super) data_type: DataType,
    pub(super) form: Form,
    /// The collations of its texts' columns; `None` is the database's own.
    pub(super) collations: Vec<Option<Name>>,
}

impl Typed {
    pub(super) fn new(node: Node, data_type: DataType) -> Self {
        let class = Class::of(&data_type);
        Typed { node, class, data_type, form: Form::Computed, collations: Vec::new() }
    }

    pub(super) fn with_collations_of<'t>(mut self, sides: impl IntoIterator<Item = &'t Typed>) -> Self {
        for side in sides {
            for collation in &side.collations {
                if !self.collations.contains(collation) {
                    self.collations.push(collation.clone());
                }
            }
        }
        self
    }
}

/// What a comparison asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Equality,
    Order,
}

/// Checks that values of both sides are compared in Rust as they are in the database. `leads` are the sides whose
/// column says how the database compares.
pub(super) fn comparable(
    scope: Scope<'_>,
    sides: [&Typed; 2],
    leads: &[&Typed],
    question: Question,
) -> Evaluated<()> {
    use Class as C;
    let [left, right] = sides;
    match (left.class, right.class) {
        (C::Boolean, C::Boolean)
        | (C::Integer, C::Integer)
        | (C::Real | C::Double, C::Real | C::Double)
        | (C::Double, C::Integer)
        | (C::Integer, C::Double)
        | (C::Date, C::Date)
        | (C::Time, C::Time)
        | (C::Timestamp, C::Timestamp)
        | (C::TimestampTz, C::TimestampTz)
        | (C::Bytes, C::Bytes) => Ok(()),
        (C::Decimal, C::Decimal) | (C::Unsigned, C::Unsigned) => {
            let is_plain = sides.iter().all(|side| side.form != Form::Computed)
                && leads.iter().any(|side| side.form == Form::Column);
            if scope.features.exact_decimals || is_plain {
                Ok(())
            } else {
                refuse("a comparison with computed decimals, which this database makes floats of")
            }
        }
        (C::Decimal, C::Integer) | (C::Integer, C::Decimal) if scope.features.exact_decimals => Ok(()),
        (C::Text, C::Text) => text(scope, sides, question),
        (C::Enum, C::Enum) if question == Question::Equality => text(scope, sides, question),
        (C::Uuid, C::Uuid) if question == Question::Equality => Ok(()),
        _ => refuse(format!("a comparison of {} with {}", left.data_type, right.data_type)),
    }
}

fn text(scope: Scope<'_>, sides: [&Typed; 2], question: Question) -> Evaluated<()> {
    if exact(scope, sides, question) {
        return Ok(());
    }
    refuse(match question {
        Question::Equality => "a comparison of texts, whose collation decides what is equal",
        Question::Order => "the order of texts, which their collation decides",
    })
}

/// Whether texts are compared by their characters' numbers alone.
pub(super) fn exact<'t>(
    scope: Scope<'_>,
    sides: impl IntoIterator<Item = &'t Typed>,
    question: Question,
) -> bool {
    let Scope { features, .. } = scope;
    let own = match question {
        Question::Equality => features.exact_text_equality,
        Question::Order => features.exact_text_order,
    };
    let mut found: Vec<&Option<Name>> = sides.into_iter().flat_map(|side| &side.collations).collect();
    found.dedup();
    match found.as_slice() {
        [] | [None] => own,
        [Some(name)] => features.exact_collations.contains(&&**name),
        _ => false,
    }
}
