use super::{Binary, Expr, Unary, UnaryOperator};

impl Expr {
    /// `NOT self`, said by the opposite operator where there is one: `NOT (a > b)` is `a <= b`, and both are unknown where
    /// `a` or `b` is NULL.
    #[must_use]
    pub fn negated(self) -> Expr {
        match self {
            Expr::Bool(value) => Expr::Bool(!value),
            Expr::And(list) if list.is_empty() => Expr::Or(list),
            Expr::Or(list) if list.is_empty() => Expr::And(list),
            Expr::Unary(unary) => unary.negated(),
            Expr::Binary(binary) => binary.negated(),
            Expr::Between(mut between) => {
                between.negated = !between.negated;
                Expr::Between(between)
            }
            Expr::InList(mut list) => {
                list.negated = !list.negated;
                Expr::InList(list)
            }
            Expr::InQuery(mut query) => {
                query.negated = !query.negated;
                Expr::InQuery(query)
            }
            // No text is like some of the patterns: that is another thing than being unlike some of them.
            Expr::Like(mut like) if !is_quantified(&like.pattern) => {
                like.negated = !like.negated;
                Expr::Like(like)
            }
            Expr::Regexp(mut regexp) => {
                regexp.negated = !regexp.negated;
                Expr::Regexp(regexp)
            }
            other => other.unary(UnaryOperator::Not),
        }
    }
}

impl Unary {
    fn negated(self) -> Expr {
        use UnaryOperator::*;
        let opposite = match self.operator {
            Not => return self.operand,
            IsNull => IsNotNull,
            IsNotNull => IsNull,
            IsTrue => IsNotTrue,
            IsNotTrue => IsTrue,
            IsFalse => IsNotFalse,
            IsNotFalse => IsFalse,
            Negate | BitNot => return Expr::Unary(Box::new(self)).unary(Not),
        };
        self.operand.unary(opposite)
    }
}

impl Binary {
    fn negated(self) -> Expr {
        match self.operator.negated() {
            // `NOT a = ANY (…)` is `a <> ALL (…)`, and not `a <> ANY (…)`.
            Some(opposite) if !is_quantified(&self.left) && !is_quantified(&self.right) => {
                self.left.binary(opposite, self.right)
            }
            _ => Expr::Binary(Box::new(self)).unary(UnaryOperator::Not),
        }
    }
}

fn is_quantified(side: &Expr) -> bool {
    matches!(side, Expr::Quantified(_) | Expr::QuantifiedArray(_))
}
