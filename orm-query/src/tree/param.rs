use super::parts::Part;
use super::{Compound, Delete, Expr, InList, Insert, Merge, Select, Statement, Text, TextPart, Update};
use crate::schema::Name;
use crate::{Bind, DataType, Value};

/// A value, or a list of them, that is given later by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// The name.
    pub name: Name,
    /// The type of the value, or of each of the list.
    pub data_type: DataType,
    /// What is known of its value.
    pub state: ParamState,
    /// Whether it is a list, which stands behind IN.
    pub is_list: bool,
}

/// What is known of the value of a [`Param`].
#[derive(Debug, Clone, PartialEq)]
pub enum ParamState {
    /// Nothing: a statement with it cannot be compiled.
    Missing,
    /// Its value where none is given.
    Default(Value),
    /// A value of another type was given: a statement with it cannot be compiled.
    Mismatched(Bind),
    /// A value was given under this name, which no parameter has: a statement with it cannot be compiled.
    Unknown,
}

/// What is given for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// One value.
    One(Bind),
    /// A list, for IN.
    List(Vec<Bind>),
}

impl Statement {
    /// Gives a value to the parameters of that name, at any depth, those of SQL text among them. Where there is none, the
    /// statement can no longer be compiled, and the error says so.
    pub fn bind_param(&mut self, name: &Name, given: &Given) {
        match self {
            Statement::Select(select) => select.bind_param(name, given),
            Statement::Compound(compound) => compound.bind_param(name, given),
            Statement::Insert(insert) => insert.bind_param(name, given),
            Statement::Update(update) => update.bind_param(name, given),
            Statement::Delete(delete) => delete.bind_param(name, given),
            Statement::Merge(merge) => merge.bind_param(name, given),
            Statement::Text(text) => text.bind_param(name, given),
            // They have no parameters, and no place to say so.
            Statement::UpdateRows(_) | Statement::Ddl(_) => {}
        }
    }
}

macro_rules! bind_with_returning {
    ($($statement:ident),*) => { $(
        impl $statement {
            /// As [`Statement::bind_param`].
            pub fn bind_param(&mut self, name: &Name, given: &Given) {
                let mut found = false;
                self.parts(&mut |part| found |= bind_part(part, name, given));
                if !found {
                    self.returning.push(Expr::unknown_param(name).into());
                }
            }
        }
    )* };
}

bind_with_returning!(Insert, Update, Delete, Merge);

impl Compound {
    /// As [`Statement::bind_param`].
    pub fn bind_param(&mut self, name: &Name, given: &Given) {
        let mut found = false;
        self.parts(&mut |part| found |= bind_part(part, name, given));
        if !found {
            self.order_by.push(Expr::unknown_param(name).into());
        }
    }
}

impl Select {
    /// Gives a value to the parameters of that name, at any depth, those of SQL text among them. Where there is none, the
    /// statement can no longer be compiled, and the error says so.
    pub fn bind_param(&mut self, name: &Name, given: &Given) {
        if !bind_part(Part::Select(self), name, given) {
            self.order_by.push(Expr::unknown_param(name).into());
        }
    }
}

impl Expr {
    /// What no statement with it can be compiled for.
    pub(super) fn unknown_param(name: &Name) -> Expr {
        Expr::Param(Box::new(Param {
            name: name.clone(),
            data_type: DataType::Boolean,
            state: ParamState::Unknown,
            is_list: false,
        }))
    }
}

/// Gives the value within `part`, and says whether it was wanted there.
pub(super) fn bind_part(part: Part<'_>, name: &Name, given: &Given) -> bool {
    let mut found = false;
    match part {
        Part::Expr(expr) => {
            if let Expr::InList(list) = &mut *expr {
                found |= expand(list, name, given);
            }
            match &mut *expr {
                Expr::Param(param) if param.name == *name => {
                    found = true;
                    match given {
                        Given::One(bind) if !param.is_list => *expr = param.filled(bind),
                        Given::One(bind) => param.state = ParamState::Mismatched(bind.clone()),
                        Given::List(list) => {
                            param.state = ParamState::Mismatched(
                                list.first()
                                    .cloned()
                                    .unwrap_or_else(|| Bind::new(Value::Null, param.data_type.clone())),
                            );
                        }
                    }
                }
                _ => {}
            }
            Part::Expr(expr).parts(&mut |part| found |= bind_part(part, name, given));
        }
        Part::Text(text) => found |= text.give(name, given),
        part => part.parts(&mut |part| found |= bind_part(part, name, given)),
    }
    found
}

/// Puts the values of a list where its parameter stands.
fn expand(list: &mut InList, name: &Name, given: &Given) -> bool {
    let is_it = |e: &Expr| matches!(e, Expr::Param(param) if param.name == *name && param.is_list);
    let Given::List(values) = given else { return false };
    if !list.list.iter().any(is_it) {
        return false;
    }
    let mut expanded = Vec::with_capacity(list.list.len() + values.len());
    for item in std::mem::take(&mut list.list) {
        match item {
            Expr::Param(param) if param.name == *name && param.is_list => {
                expanded.extend(values.iter().map(|value| param.filled(value)));
            }
            item => expanded.push(item),
        }
    }
    list.list = expanded;
    true
}

impl Param {
    /// The bind in its place; itself, with what is wrong, where the value is of another type.
    fn filled(&self, bind: &Bind) -> Expr {
        match converted(&bind.value, &bind.data_type, &self.data_type) {
            Some(value) => Expr::Bind(Bind::new(value, self.data_type.clone())),
            None => {
                Expr::Param(Box::new(Param { state: ParamState::Mismatched(bind.clone()), ..self.clone() }))
            }
        }
    }
}

/// The value as one of type `to`, where it is one: integers of any width are alike if they fit.
fn converted(value: &Value, from: &DataType, to: &DataType) -> Option<Value> {
    let is_text = |t: &DataType| matches!(t, DataType::Text | DataType::Varchar(_));
    let is_number = |t: &DataType| matches!(t, DataType::Numeric { .. });
    let is_document = |t: &DataType| matches!(t, DataType::Json | DataType::Jsonb);
    if from == to
        || (is_text(from) && is_text(to))
        || (is_number(from) && is_number(to))
        || (is_document(from) && is_document(to))
    {
        return Some(value.clone());
    }
    if !(from.is_integer() && to.is_integer()) {
        return None;
    }
    let wide: i128 = match value {
        Value::Null => return Some(Value::Null),
        Value::I16(v) => (*v).into(),
        Value::I32(v) => (*v).into(),
        Value::I64(v) => (*v).into(),
        Value::U64(v) => (*v).into(),
        _ => return None,
    };
    match to {
        DataType::SmallInt => i16::try_from(wide).ok().map(Value::I16),
        DataType::Integer => i32::try_from(wide).ok().map(Value::I32),
        DataType::BigInt => i64::try_from(wide).ok().map(Value::I64),
        DataType::UnsignedSmallInt => u16::try_from(wide).ok().map(|v| Value::I32(v.into())),
        DataType::UnsignedInteger => u32::try_from(wide).ok().map(|v| Value::I64(v.into())),
        _ => u64::try_from(wide).ok().map(Value::U64),
    }
}

impl Text {
    /// Gives a value to the parameter of that name. Where there is none, or it has one already, the text can no longer be
    /// compiled, and the error says so.
    pub fn bind_param(&mut self, name: &Name, given: &Given) {
        if !self.give(name, given) {
            self.refuse(name, given);
        }
    }

    /// Keeps a value that no parameter wants, so that the text is refused when it is compiled.
    fn refuse(&mut self, name: &Name, given: &Given) {
        let bind = match given {
            Given::One(bind) => bind.clone(),
            Given::List(_) => Bind::new(Value::Null, DataType::Text),
        };
        self.binds.push((name.clone(), bind));
    }

    /// Gives a value to the parameter of that name, and says whether it has one that had none before.
    fn give(&mut self, name: &Name, given: &Given) -> bool {
        let wants = self.parts.iter().any(|part| matches!(part, TextPart::Parameter(p) if p == name));
        if !wants || self.binds.iter().any(|(bound, _)| bound == name) {
            return false;
        }
        match given {
            Given::One(bind) => self.binds.push((name.clone(), bind.clone())),
            Given::List(list) => {
                for part in &mut self.parts {
                    if matches!(part, TextPart::Parameter(p) if p == name) {
                        *part = TextPart::Values(list.clone());
                    }
                }
            }
        }
        true
    }
}
