use std::fmt::{self, Write};

use super::Printer;
use crate::tree::{
    BinaryOperator, Case, Expr, Frame, FrameBound, FrameExclusion, FrameUnit, Function, GroupingKind,
    JsonStep, NullTreatment, ParamState, Quantifier, UnaryOperator,
};
use crate::{Bind, DataType, Value};

impl Printer {
    pub(super) fn expr(&mut self, e: &Expr) -> fmt::Result {
        let not = |negated: bool| if negated { " NOT" } else { "" };
        match e {
            Expr::Column(c) => write!(self.out, "{}.{}", c.source, c.name),
            Expr::Excluded(e) => write!(self.out, "excluded.{}", e.name),
            Expr::Bind(b) => self.value(b),
            Expr::Literal(b) => self.value(b),
            Expr::Param(p) => match &p.state {
                ParamState::Default(value) => self.value(&Bind::new(value.clone(), p.data_type.clone())),
                ParamState::Missing | ParamState::Mismatched(_) | ParamState::Unknown => {
                    write!(self.out, ":{}", p.name)
                }
            },
            Expr::Text(t) => self.text(t),
            Expr::Unary(u) => self.unary(u.operator, &u.operand),
            Expr::Binary(b) => self.infix(&b.left, operator(b.operator), &b.right),
            Expr::And(list) => self.junction(list, " AND ", "true"),
            Expr::Or(list) => self.junction(list, " OR ", "false"),
            Expr::Between(b) => {
                self.side(&b.operand)?;
                write!(self.out, "{} BETWEEN ", not(b.negated))?;
                self.side(&b.low)?;
                self.push(" AND ");
                self.side(&b.high)
            }
            Expr::InList(i) => {
                self.side(&i.operand)?;
                write!(self.out, "{} IN (", not(i.negated))?;
                self.list(&i.list, Self::expr)?;
                self.push(")");
                Ok(())
            }
            Expr::InQuery(i) => {
                self.side(&i.operand)?;
                write!(self.out, "{} IN ", not(i.negated))?;
                self.block(|p| p.query(&i.query))
            }
            Expr::InRows(i) => {
                match i.operands.as_slice() {
                    [operand] => self.side(operand)?,
                    operands => {
                        self.push("(");
                        self.list(operands, Self::expr)?;
                        self.push(")");
                    }
                }
                self.push(" IN (");
                self.list(&i.rows.rows, |p, row| match row.as_slice() {
                    [value] => write!(p.out, "{value:?}"),
                    values => {
                        p.push("(");
                        p.list(values, |p, value| write!(p.out, "{value:?}"))?;
                        p.push(")");
                        Ok(())
                    }
                })?;
                self.push(")");
                Ok(())
            }
            Expr::Like(l) => {
                self.side(&l.operand)?;
                write!(self.out, "{} {} ", not(l.negated), if l.ignore_case { "ILIKE" } else { "LIKE" })?;
                self.push(if l.before { "'%' || " } else { "" });
                self.side(&l.pattern)?;
                self.push(if l.after { " || '%'" } else { "" });
                match l.escape {
                    Some(escape) => write!(self.out, " ESCAPE '{escape}'"),
                    None => Ok(()),
                }
            }
            Expr::Case(c) => self.case(c),
            Expr::Cast(c) => self.cast("CAST(", &c.operand, &c.data_type),
            Expr::TryCast(c) => self.cast("TRY_CAST(", &c.operand, &c.data_type),
            Expr::TypedAs(t) => self.expr(&t.operand),
            Expr::Extract(e) => {
                write!(self.out, "EXTRACT({} FROM ", e.field.name())?;
                self.expr(&e.operand)?;
                self.push(")");
                Ok(())
            }
            Expr::Collate(c) => {
                self.side(&c.operand)?;
                write!(self.out, " COLLATE {}", c.collation)
            }
            Expr::Field(f) => {
                self.call("", [&f.operand])?;
                write!(self.out, ".{}", f.name)
            }
            Expr::Function(f) => self.function(f),
            Expr::Exists(e) => {
                self.push("EXISTS ");
                self.block(|p| p.query(&e.query))
            }
            Expr::Subquery(q) => self.block(|p| p.query(&q.query)),
            Expr::Quantified(q) => {
                self.push(quantifier(q.quantifier));
                self.block(|p| p.query(&q.query))
            }
            Expr::QuantifiedArray(q) => {
                self.push(quantifier(q.quantifier));
                self.call("", [&q.array])
            }
            Expr::Tuple(list) => self.call("", list),
            Expr::Label(name) => {
                self.push(name);
                Ok(())
            }
            Expr::Star => {
                self.push("*");
                Ok(())
            }
            Expr::Grouping(g) => self.call(
                match g.kind {
                    GroupingKind::Rollup => "ROLLUP",
                    GroupingKind::Cube => "CUBE",
                    GroupingKind::Sets => "GROUPING SETS",
                },
                &g.list,
            ),
            Expr::Ordered(o) => self.order(o),
            Expr::Bool(value) => write!(self.out, "{value}"),
            Expr::Regexp(r) => {
                self.infix(&r.operand, if r.negated { "NOT REGEXP" } else { "REGEXP" }, &r.pattern)?;
                match &r.flags {
                    Some(flags) => write!(self.out, " FLAGS '{flags}'"),
                    None => Ok(()),
                }
            }
            Expr::RegexpReplace(r) => self.call("regexp_replace", [&r.operand, &r.pattern, &r.replacement]),
            Expr::FullText(t) => self.infix(&t.operand, "MATCHES", &t.query),
            Expr::Json(j) => {
                self.side(&j.document)?;
                for step in j.path.steps() {
                    self.push("[");
                    match step {
                        JsonStep::Key(key) => {
                            self.value(&Bind::new(Value::Text(key.clone()), DataType::Text))?;
                        }
                        JsonStep::Index(index) => write!(self.out, "{index}")?,
                    }
                    self.push("]");
                }
                Ok(())
            }
            Expr::Array(a) => {
                self.push("ARRAY[");
                self.list(&a.items, Self::expr)?;
                self.push("]");
                Ok(())
            }
            Expr::Index(i) => {
                self.side(&i.operand)?;
                for index in &i.indexes {
                    self.push("[");
                    self.expr(index)?;
                    self.push("]");
                }
                Ok(())
            }
            Expr::Slice(s) => {
                self.side(&s.operand)?;
                self.push("[");
                s.lower.iter().try_for_each(|lower| self.expr(lower))?;
                self.push(":");
                s.upper.iter().try_for_each(|upper| self.expr(upper))?;
                self.push("]");
                Ok(())
            }
            Expr::Custom(c) => self.infix(&c.left, &c.operator, &c.right),
        }
    }

    /// An operand: between parentheses, unless nothing could tear it apart.
    pub(super) fn side(&mut self, e: &Expr) -> fmt::Result {
        let is_loose = match e {
            Expr::Unary(_)
            | Expr::Binary(_)
            | Expr::Between(_)
            | Expr::InList(_)
            | Expr::InQuery(_)
            | Expr::InRows(_)
            | Expr::Like(_)
            | Expr::Collate(_)
            | Expr::Regexp(_)
            | Expr::FullText(_)
            | Expr::Custom(_)
            | Expr::Text(_)
            | Expr::Ordered(_) => true,
            Expr::And(list) | Expr::Or(list) => list.len() > 1,
            Expr::TypedAs(t) => return self.side(&t.operand),
            Expr::Column(_)
            | Expr::Excluded(_)
            | Expr::Bind(_)
            | Expr::Literal(_)
            | Expr::Param(_)
            | Expr::Case(_)
            | Expr::Cast(_)
            | Expr::TryCast(_)
            | Expr::Extract(_)
            | Expr::Field(_)
            | Expr::Function(_)
            | Expr::Exists(_)
            | Expr::Subquery(_)
            | Expr::Quantified(_)
            | Expr::QuantifiedArray(_)
            | Expr::Tuple(_)
            | Expr::Label(_)
            | Expr::Star
            | Expr::Grouping(_)
            | Expr::Bool(_)
            | Expr::RegexpReplace(_)
            | Expr::Json(_)
            | Expr::Array(_)
            | Expr::Index(_)
            | Expr::Slice(_) => false,
        };
        if is_loose { self.call("", [e]) } else { self.expr(e) }
    }

    fn infix(&mut self, left: &Expr, operator: &str, right: &Expr) -> fmt::Result {
        self.side(left)?;
        write!(self.out, " {operator} ")?;
        self.side(right)
    }

    fn junction(&mut self, list: &[Expr], word: &str, empty: &str) -> fmt::Result {
        if list.is_empty() {
            self.push(empty);
        }
        for (at, e) in list.iter().enumerate() {
            if at > 0 {
                self.push(word);
            }
            self.condition(e)?;
        }
        Ok(())
    }

    /// A condition among others: comparisons need no parentheses there.
    pub(super) fn condition(&mut self, e: &Expr) -> fmt::Result {
        match e {
            Expr::And(inner) | Expr::Or(inner) if inner.len() > 1 => self.call("", [e]),
            Expr::Text(_) => self.call("", [e]),
            e => self.expr(e),
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expr) -> fmt::Result {
        let (before, after) = match operator {
            UnaryOperator::Not => ("NOT ", ""),
            UnaryOperator::Negate => ("-", ""),
            UnaryOperator::BitNot => ("~", ""),
            UnaryOperator::IsNull => ("", " IS NULL"),
            UnaryOperator::IsNotNull => ("", " IS NOT NULL"),
            UnaryOperator::IsTrue => ("", " IS TRUE"),
            UnaryOperator::IsNotTrue => ("", " IS NOT TRUE"),
            UnaryOperator::IsFalse => ("", " IS FALSE"),
            UnaryOperator::IsNotFalse => ("", " IS NOT FALSE"),
        };
        self.push(before);
        self.side(operand)?;
        self.push(after);
        Ok(())
    }

    fn call<'e>(&mut self, name: &str, list: impl IntoIterator<Item = &'e Expr>) -> fmt::Result {
        self.push(name);
        self.push("(");
        self.list(list, Self::expr)?;
        self.push(")");
        Ok(())
    }

    fn cast(&mut self, word: &str, operand: &Expr, data_type: &DataType) -> fmt::Result {
        self.push(word);
        self.expr(operand)?;
        write!(self.out, " AS {data_type})")
    }

    fn case(&mut self, c: &Case) -> fmt::Result {
        self.push("CASE");
        if let Some(operand) = &c.operand {
            self.push(" ");
            self.expr(operand)?;
        }
        for (when, then) in &c.branches {
            self.push(" WHEN ");
            self.expr(when)?;
            self.push(" THEN ");
            self.expr(then)?;
        }
        if let Some(otherwise) = &c.otherwise {
            self.push(" ELSE ");
            self.expr(otherwise)?;
        }
        self.push(" END");
        Ok(())
    }

    pub(super) fn function(&mut self, f: &Function) -> fmt::Result {
        self.push(&f.name);
        self.push(if f.distinct { "(DISTINCT " } else { "(" });
        self.list(&f.arguments, Self::expr)?;
        if !f.order_by.is_empty() {
            self.push(" ORDER BY ");
            self.list(&f.order_by, Self::order)?;
        }
        self.push(")");
        if !f.within_group.is_empty() {
            self.push(" WITHIN GROUP (ORDER BY ");
            self.list(&f.within_group, Self::order)?;
            self.push(")");
        }
        if let Some(filter) = &f.filter {
            self.push(" FILTER (WHERE ");
            self.expr(filter)?;
            self.push(")");
        }
        self.push(match f.nulls {
            Some(NullTreatment::Ignore) => " IGNORE NULLS",
            Some(NullTreatment::Respect) => " RESPECT NULLS",
            None => "",
        });
        let Some(over) = &f.over else { return Ok(()) };
        self.push(" OVER (");
        let mut gap = "";
        if !over.partition_by.is_empty() {
            self.push("PARTITION BY ");
            self.list(&over.partition_by, Self::expr)?;
            gap = " ";
        }
        if !over.order_by.is_empty() {
            self.push(gap);
            self.push("ORDER BY ");
            self.list(&over.order_by, Self::order)?;
            gap = " ";
        }
        if let Some(frame) = &over.frame {
            self.push(gap);
            self.frame(frame)?;
        }
        self.push(")");
        Ok(())
    }

    fn frame(&mut self, frame: &Frame) -> fmt::Result {
        self.push(match frame.unit {
            FrameUnit::Rows => "ROWS BETWEEN ",
            FrameUnit::Range => "RANGE BETWEEN ",
            FrameUnit::Groups => "GROUPS BETWEEN ",
        });
        self.bound(&frame.start)?;
        self.push(" AND ");
        self.bound(&frame.end)?;
        self.push(match frame.exclude {
            None => "",
            Some(FrameExclusion::CurrentRow) => " EXCLUDE CURRENT ROW",
            Some(FrameExclusion::Group) => " EXCLUDE GROUP",
            Some(FrameExclusion::Ties) => " EXCLUDE TIES",
            Some(FrameExclusion::NoOthers) => " EXCLUDE NO OTHERS",
        });
        Ok(())
    }

    fn bound(&mut self, bound: &FrameBound) -> fmt::Result {
        match bound {
            FrameBound::UnboundedPreceding => self.push("UNBOUNDED PRECEDING"),
            FrameBound::Preceding(offset) => {
                self.side(offset)?;
                self.push(" PRECEDING");
            }
            FrameBound::CurrentRow => self.push("CURRENT ROW"),
            FrameBound::Following(offset) => {
                self.side(offset)?;
                self.push(" FOLLOWING");
            }
            FrameBound::UnboundedFollowing => self.push("UNBOUNDED FOLLOWING"),
        }
        Ok(())
    }
}

fn quantifier(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Any => "ANY ",
        Quantifier::All => "ALL ",
    }
}

fn operator(operator: BinaryOperator) -> &'static str {
    use BinaryOperator::*;
    match operator {
        Eq => "=",
        Ne => "<>",
        Lt => "<",
        Le => "<=",
        Gt => ">",
        Ge => ">=",
        IsDistinctFrom => "IS DISTINCT FROM",
        IsNotDistinctFrom => "IS NOT DISTINCT FROM",
        Add => "+",
        Subtract => "-",
        Multiply => "*",
        Divide => "/",
        FloorDivide => "//",
        Modulo => "%",
        Concat => "||",
        BitAnd => "&",
        BitOr => "|",
        BitXor => "^",
        ShiftLeft => "<<",
        ShiftRight => ">>",
        Contains => "@>",
        ContainedBy => "<@",
        Overlaps => "&&",
        HasKey => "?",
        HasAnyKey => "?|",
        HasAllKeys => "?&",
        ValueOf => "->",
        DeleteKey => "-",
        DeletePath => "#-",
        PathExists => "@?",
        PathMatches => "@@",
        LeftOf => "<<",
        RightOf => ">>",
        NotExtendRightOf => "&<",
        NotExtendLeftOf => "&>",
        AdjacentTo => "-|-",
    }
}
