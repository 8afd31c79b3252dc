use orm_query::tree::{
    Between, Binary, BinaryOperator, Case, Cast, Expr, Function, InList, Like, Unary, UnaryOperator,
};
use orm_query::{DataType, LikeCase, Value};

use super::class::{Class, Form, Question, Typed, comparable, exact};
use super::node::{Comparison, Node, TextFunction};
use super::{Evaluated, Scope, refuse};

/// # Errors
/// For what cannot be evaluated whatever the row is.
pub(super) fn compile(scope: Scope<'_>, expr: &Expr) -> Evaluated<Typed> {
    let predicate = |node| Ok(Typed::new(node, DataType::Boolean));
    match expr {
        Expr::Column(reference) => {
            let position =
                scope.table.position(&reference.name).filter(|_| reference.source == *scope.source);
            let Some(position) = position else {
                return refuse(format!("the column `{}.{}`", reference.source, reference.name));
            };
            let column = &scope.table.columns[position];
            let mut typed = Typed::new(Node::Column(position), column.data_type.clone());
            typed.form = Form::Column;
            if matches!(typed.class, Class::Text | Class::Enum) {
                typed.collations.push(column.collation.clone());
            }
            Ok(typed)
        }
        Expr::Bind(bind) => {
            let mut typed = Typed::new(Node::Constant(bind.value.clone()), bind.data_type.clone());
            typed.form = Form::Bind;
            Ok(typed)
        }
        Expr::Literal(literal) if literal.value.is_null() => {
            let mut typed = Typed::new(Node::Constant(Value::Null), literal.data_type.clone());
            typed.form = Form::Bind;
            Ok(typed)
        }
        Expr::Literal(_) => refuse("a value in the SQL itself"),
        Expr::Param(_) => refuse("a parameter"),
        Expr::TryCast(_) => refuse("TRY_CAST"),
        Expr::TypedAs(_) => refuse("an expression read as another type"),
        Expr::Extract(_) => refuse("EXTRACT"),
        Expr::Unary(u) => unary(scope, u),
        Expr::Binary(b) => binary(scope, b),
        Expr::And(list) => predicate(Node::And(conditions(scope, list)?)),
        Expr::Or(list) => predicate(Node::Or(conditions(scope, list)?)),
        Expr::Between(b) => between(scope, b),
        Expr::InList(i) => in_list(scope, i),
        Expr::Like(l) => like(scope, l),
        Expr::Case(c) => case(scope, c, expr),
        Expr::Cast(c) => cast(scope, c),
        Expr::Collate(c) => {
            let mut typed = compile(scope, &c.operand)?;
            typed.form = Form::Computed;
            typed.collations = vec![Some(c.collation.clone())];
            Ok(typed)
        }
        Expr::Function(f) => function(scope, f),
        Expr::Bool(value) => {
            let mut typed = Typed::new(Node::Constant(Value::Bool(*value)), DataType::Boolean);
            typed.form = Form::Bind;
            Ok(typed)
        }
        Expr::Text(_) | Expr::Custom(_) => refuse("SQL as text"),
        Expr::Field(_) => refuse("a field of a composite value"),
        Expr::FullText(_) => refuse("full-text search"),
        Expr::Regexp(_) | Expr::RegexpReplace(_) => refuse("a regular expression"),
        Expr::Json(_) => refuse("a part of a JSON document"),
        Expr::Array(_) | Expr::Index(_) | Expr::Slice(_) | Expr::QuantifiedArray(_) => refuse("an array"),
        Expr::InQuery(_) | Expr::Exists(_) | Expr::Subquery(_) | Expr::Quantified(_) => refuse("a subquery"),
        Expr::Tuple(_) => refuse("a tuple"),
        Expr::InRows(_) => refuse("a list of keys"),
        Expr::Label(_) | Expr::Star | Expr::Ordered(_) | Expr::Grouping(_) | Expr::Excluded(_) => {
            refuse("what is no expression")
        }
    }
}

fn conditions(scope: Scope<'_>, list: &[Expr]) -> Evaluated<Vec<Node>> {
    list.iter().map(|e| condition(scope, e)).collect()
}

fn condition(scope: Scope<'_>, expr: &Expr) -> Evaluated<Node> {
    let typed = compile(scope, expr)?;
    if typed.class == Class::Boolean { Ok(typed.node) } else { refuse("a condition that is no boolean") }
}

fn not(node: Node, negated: bool) -> Node {
    if negated { Node::Not(Box::new(node)) } else { node }
}

fn unary(scope: Scope<'_>, u: &Unary) -> Evaluated<Typed> {
    let predicate = |node| Ok(Typed::new(node, DataType::Boolean));
    match u.operator {
        UnaryOperator::Not => predicate(not(condition(scope, &u.operand)?, true)),
        UnaryOperator::IsNull | UnaryOperator::IsNotNull => {
            let operand = compile(scope, &u.operand)?;
            let node = Node::IsNull(Box::new(operand.node));
            predicate(not(node, u.operator == UnaryOperator::IsNotNull))
        }
        UnaryOperator::Negate => {
            let operand = signed(scope, compile(scope, &u.operand)?)?;
            let node = Node::Negate(Box::new(operand.node), operand.data_type.clone());
            Ok(Typed::new(node, operand.data_type))
        }
        UnaryOperator::BitNot => refuse("an operator of bits"),
        UnaryOperator::IsTrue
        | UnaryOperator::IsNotTrue
        | UnaryOperator::IsFalse
        | UnaryOperator::IsNotFalse => {
            let value = matches!(u.operator, UnaryOperator::IsTrue | UnaryOperator::IsNotTrue);
            let sides = [condition(scope, &u.operand)?, Node::Constant(Value::Bool(value))];
            let negated = matches!(u.operator, UnaryOperator::IsNotTrue | UnaryOperator::IsNotFalse);
            predicate(not(Node::Same(Box::new(sides)), negated))
        }
    }
}

/// A number of a type with a sign that every database computes alike.
fn signed(scope: Scope<'_>, typed: Typed) -> Evaluated<Typed> {
    let is_signed = match typed.class {
        Class::Integer => {
            matches!(typed.data_type, DataType::SmallInt | DataType::Integer | DataType::BigInt)
        }
        Class::Double => true,
        Class::Decimal => scope.features.exact_decimals,
        _ => false,
    };
    if is_signed { Ok(typed) } else { refuse(format!("arithmetic with {}", typed.data_type)) }
}

fn binary(scope: Scope<'_>, b: &Binary) -> Evaluated<Typed> {
    let compare = |comparison, question| {
        let sides = compared(scope, &b.left, &b.right, question)?;
        Ok(Typed::new(Node::Compare(Box::new(sides), comparison), DataType::Boolean))
    };
    match b.operator {
        BinaryOperator::Eq => compare(Comparison::Eq, Question::Equality),
        BinaryOperator::Ne => compare(Comparison::Ne, Question::Equality),
        BinaryOperator::Lt => compare(Comparison::Lt, Question::Order),
        BinaryOperator::Le => compare(Comparison::Le, Question::Order),
        BinaryOperator::Gt => compare(Comparison::Gt, Question::Order),
        BinaryOperator::Ge => compare(Comparison::Ge, Question::Order),
        BinaryOperator::IsDistinctFrom | BinaryOperator::IsNotDistinctFrom => {
            let sides = compared(scope, &b.left, &b.right, Question::Equality)?;
            let node = not(Node::Same(Box::new(sides)), b.operator == BinaryOperator::IsDistinctFrom);
            Ok(Typed::new(node, DataType::Boolean))
        }
        BinaryOperator::Concat => {
            let (left, right) = (text(scope, &b.left)?, text(scope, &b.right)?);
            let collations = Typed::new(Node::Constant(Value::Null), DataType::Text)
                .with_collations_of([&left, &right])
                .collations;
            let node = Node::Concat(Box::new([left.node, right.node]));
            Ok(Typed { collations, ..Typed::new(node, DataType::Text) })
        }
        BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Modulo => arithmetic(scope, b),
        BinaryOperator::FloorDivide
        | BinaryOperator::BitAnd
        | BinaryOperator::BitOr
        | BinaryOperator::BitXor
        | BinaryOperator::ShiftLeft
        | BinaryOperator::ShiftRight
        | BinaryOperator::Contains
        | BinaryOperator::ContainedBy
        | BinaryOperator::Overlaps
        | BinaryOperator::HasKey
        | BinaryOperator::HasAnyKey
        | BinaryOperator::HasAllKeys
        | BinaryOperator::ValueOf
        | BinaryOperator::DeleteKey
        | BinaryOperator::DeletePath
        | BinaryOperator::PathExists
        | BinaryOperator::PathMatches
        | BinaryOperator::LeftOf
        | BinaryOperator::RightOf
        | BinaryOperator::NotExtendRightOf
        | BinaryOperator::NotExtendLeftOf
        | BinaryOperator::AdjacentTo => refuse("an operator that databases have each in their way"),
    }
}

/// Both sides of a comparison.
fn compared(scope: Scope<'_>, left: &Expr, right: &Expr, question: Question) -> Evaluated<[Node; 2]> {
    let (left, right) = (compile(scope, left)?, compile(scope, right)?);
    comparable(scope, [&left, &right], &[&left, &right], question)?;
    Ok([left.node, right.node])
}

fn arithmetic(scope: Scope<'_>, b: &Binary) -> Evaluated<Typed> {
    use BinaryOperator as O;
    use Class as C;
    let left = signed(scope, compile(scope, &b.left)?)?;
    let right = signed(scope, compile(scope, &b.right)?)?;
    let class = match (left.class, right.class, b.operator) {
        (C::Integer, C::Integer, O::Add | O::Subtract | O::Multiply | O::Modulo) => C::Integer,
        (C::Integer, C::Integer, O::Divide) => C::Double,
        (C::Double, C::Double | C::Integer, operator) | (C::Integer, C::Double, operator)
            if operator != O::Modulo =>
        {
            C::Double
        }
        (C::Decimal, C::Decimal | C::Integer, O::Add | O::Subtract | O::Multiply)
        | (C::Integer, C::Decimal, O::Add | O::Subtract | O::Multiply) => C::Decimal,
        _ => {
            let (left, right) = (&left.data_type, &right.data_type);
            return refuse(format!("a division or a remainder of {left} and {right}"));
        }
    };
    let data_type = match class {
        C::Double => DataType::Double,
        C::Decimal => DataType::NUMERIC,
        _ => match Expr::Binary(Box::new(b.clone())).data_type() {
            Some(data_type) => data_type,
            None => return refuse("arithmetic of an unknown type"),
        },
    };
    let node = Node::Arithmetic {
        sides: Box::new([left.node, right.node]),
        operator: b.operator,
        data_type: data_type.clone(),
    };
    Ok(Typed::new(node, data_type))
}

fn between(scope: Scope<'_>, b: &Between) -> Evaluated<Typed> {
    let bound = |bound: &Expr, comparison| {
        // Evaluated twice, which changes nothing: it is no function of a clock or of chance.
        let (operand, bound) = (compile(scope, &b.operand)?, compile(scope, bound)?);
        comparable(scope, [&operand, &bound], &[&operand], Question::Order)?;
        Ok(Node::Compare(Box::new([operand.node, bound.node]), comparison))
    };
    let both = Node::And(vec![bound(&b.low, Comparison::Ge)?, bound(&b.high, Comparison::Le)?]);
    Ok(Typed::new(not(both, b.negated), DataType::Boolean))
}

fn in_list(scope: Scope<'_>, i: &InList) -> Evaluated<Typed> {
    let operand = compile(scope, &i.operand)?;
    let mut list = Vec::with_capacity(i.list.len());
    for item in &i.list {
        let item = compile(scope, item)?;
        comparable(scope, [&operand, &item], &[&operand], Question::Equality)?;
        list.push(item.node);
    }
    let node = Node::InList(Box::new(operand.node), list);
    Ok(Typed::new(not(node, i.negated), DataType::Boolean))
}

fn text(scope: Scope<'_>, expr: &Expr) -> Evaluated<Typed> {
    let typed = compile(scope, expr)?;
    if typed.class == Class::Text { Ok(typed) } else { refuse(format!("{} as a text", typed.data_type)) }
}

/// The pattern with its wildcards.
fn around(mut pattern: Node, l: &Like) -> Node {
    let wildcard = || Node::Constant(Value::Text("%".to_owned()));
    if l.before {
        pattern = Node::Concat(Box::new([wildcard(), pattern]));
    }
    if l.after {
        pattern = Node::Concat(Box::new([pattern, wildcard()]));
    }
    pattern
}

fn like(scope: Scope<'_>, l: &Like) -> Evaluated<Typed> {
    let (operand, pattern) = (text(scope, &l.operand)?, text(scope, &l.pattern)?);
    let is_certain = exact(scope, [&operand, &pattern], Question::Equality)
        // The other case of the escape would be no escape.
        && !(l.ignore_case && l.escape.is_some_and(|c| c.is_ascii_alphabetic()));
    let ignores_ascii = match (l.ignore_case, scope.features.like) {
        _ if !is_certain => return refuse("LIKE on a text whose collation decides what is alike"),
        (false, LikeCase::Exact) => false,
        (_, LikeCase::IgnoresAscii) if !l.ignore_case || scope.features.ascii_letters => true,
        _ => return refuse("LIKE without regard to case, of which the database's locale decides"),
    };
    let node = Node::Like {
        operand: Box::new(operand.node),
        pattern: Box::new(around(pattern.node, l)),
        escape: l.escape,
        ignores_ascii,
    };
    Ok(Typed::new(not(node, l.negated), DataType::Boolean))
}

/// The common type of results, of which each is one.
fn alike(results: &[Typed], data_type: Option<DataType>) -> Evaluated<DataType> {
    let class = results.first().map(|first| first.class);
    if results.iter().any(|result| Some(result.class) != class) {
        return refuse("results of different types");
    }
    let widest = |data_type: DataType| {
        // The widest type of integers is large enough for the others.
        let is_integer = data_type.is_integer();
        if is_integer && results.iter().any(|r| r.data_type != data_type) {
            DataType::BigInt
        } else {
            data_type
        }
    };
    data_type.map(widest).map_or_else(|| refuse("results of unknown types"), Ok)
}

fn case(scope: Scope<'_>, c: &Case, expr: &Expr) -> Evaluated<Typed> {
    let mut conditions = Vec::with_capacity(c.branches.len());
    for (when, _) in &c.branches {
        conditions.push(match &c.operand {
            None => condition(scope, when)?,
            Some(operand) => {
                let (operand, when) = (compile(scope, operand)?, compile(scope, when)?);
                comparable(scope, [&operand, &when], &[&operand], Question::Equality)?;
                Node::Compare(Box::new([operand.node, when.node]), Comparison::Eq)
            }
        });
    }
    let results = c.branches.iter().map(|(_, then)| then).chain(&c.otherwise);
    let mut results: Vec<Typed> = results.map(|e| compile(scope, e)).collect::<Evaluated<_>>()?;
    let data_type = alike(&results, expr.data_type())?;
    let collations =
        Typed::new(Node::Constant(Value::Null), DataType::Text).with_collations_of(&results).collations;
    let otherwise = match &c.otherwise {
        Some(_) => results.pop().map_or(Node::Constant(Value::Null), |typed| typed.node),
        None => Node::Constant(Value::Null),
    };
    let branches = conditions.into_iter().zip(results.into_iter().map(|typed| typed.node)).collect();
    let typed = Typed::new(Node::Case(branches, Box::new(otherwise)), data_type);
    Ok(Typed { collations, ..typed })
}

fn cast(scope: Scope<'_>, c: &Cast) -> Evaluated<Typed> {
    let operand = compile(scope, &c.operand)?;
    let is_trivial = match (operand.class, &c.data_type) {
        (Class::Integer, DataType::SmallInt | DataType::Integer | DataType::BigInt | DataType::Double)
        | (Class::Double, DataType::Double)
        | (Class::Text, DataType::Text) => true,
        (Class::Boolean, to) => *to == DataType::Boolean,
        _ => false,
    };
    if !is_trivial {
        return refuse(format!("CAST of {} to {}", operand.data_type, c.data_type));
    }
    let collations = operand.collations;
    let node = Node::Cast(Box::new(operand.node), c.data_type.clone());
    Ok(Typed { collations, ..Typed::new(node, c.data_type.clone()) })
}

fn function(scope: Scope<'_>, f: &Function) -> Evaluated<Typed> {
    let unknown = || refuse(format!("the function `{}`", f.name));
    if f.distinct || f.filter.is_some() || f.over.is_some() || !f.order_by.is_empty() {
        return unknown();
    }
    let name = f.name.to_ascii_lowercase();
    let of_text = |function, count: usize| {
        if f.arguments.len() != count {
            return unknown();
        }
        let operand = text(scope, &f.arguments[0])?;
        let collations = operand.collations;
        let mut arguments = vec![operand.node];
        for argument in &f.arguments[1..] {
            let argument = compile(scope, argument)?;
            if argument.class != Class::Integer {
                return unknown();
            }
            arguments.push(argument.node);
        }
        let (data_type, collations) = match function {
            TextFunction::Length => (DataType::BigInt, Vec::new()),
            _ => (DataType::Text, collations),
        };
        Ok(Typed { collations, ..Typed::new(Node::Call(function, arguments), data_type) })
    };
    match name.as_str() {
        "lower" if scope.features.ascii_letters => of_text(TextFunction::Lower, 1),
        "upper" if scope.features.ascii_letters => of_text(TextFunction::Upper, 1),
        "trim" => of_text(TextFunction::Trim, 1),
        "length" | "char_length" | "character_length" => of_text(TextFunction::Length, 1),
        "substr" => of_text(TextFunction::Substr, 3),
        "abs" if f.arguments.len() == 1 => {
            let operand = signed(scope, compile(scope, &f.arguments[0])?)?;
            let node = Node::Abs(Box::new(operand.node), operand.data_type.clone());
            Ok(Typed::new(node, operand.data_type))
        }
        "coalesce" if !f.arguments.is_empty() => {
            let list: Vec<Typed> = f.arguments.iter().map(|e| compile(scope, e)).collect::<Evaluated<_>>()?;
            let data_type = alike(&list, f.arguments[0].data_type())?;
            let collations =
                Typed::new(Node::Constant(Value::Null), DataType::Text).with_collations_of(&list).collations;
            let node = Node::Coalesce(list.into_iter().map(|typed| typed.node).collect());
            Ok(Typed { collations, ..Typed::new(node, data_type) })
        }
        "nullif" if f.arguments.len() == 2 => {
            let (left, right) = (compile(scope, &f.arguments[0])?, compile(scope, &f.arguments[1])?);
            if left.class != right.class || left.class == Class::Decimal && !scope.features.exact_decimals {
                return unknown();
            }
            comparable(scope, [&left, &right], &[&left], Question::Equality)?;
            let (data_type, collations) = (left.data_type, left.collations);
            let node = Node::NullIf(Box::new([left.node, right.node]));
            Ok(Typed { collations, ..Typed::new(node, data_type) })
        }
        _ => unknown(),
    }
}
