use super::Expr;
use super::parts::Part;

impl Expr {
    /// Whether it holds a window function, whose value depends on which other rows there are. Those of a subquery look
    /// at the rows of the subquery.
    pub fn has_window_function(&self) -> bool {
        find(Part::Expr(&mut self.clone()))
    }
}

fn find(part: Part<'_>) -> bool {
    match part {
        Part::Expr(Expr::Function(function)) if function.over.is_some() => true,
        Part::Expr(expr) => {
            let mut found = false;
            Part::Expr(expr).parts(&mut |part| found |= find(part));
            found
        }
        Part::Select(_) | Part::Statement(_) | Part::Text(_) => false,
    }
}
