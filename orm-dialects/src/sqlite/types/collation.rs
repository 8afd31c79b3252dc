//! The collation `decimal`: texts in the order of the numbers that they are.

use std::cmp::Ordering;

/// Compares two texts as decimals of any size; texts that are no numbers come behind all that are, by their bytes.
pub(in crate::sqlite) fn decimal(a: &str, b: &str) -> Ordering {
    Number::new(a).order(&Number::new(b))
}

/// A text, and the number that it is.
#[derive(Debug, PartialEq, Eq)]
struct Number<'a> {
    text: &'a str,
    parts: Option<Parts<'a>>,
}

/// `sign 0.digits × 10^exponent`, without zeros around the digits.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    negative: bool,
    exponent: i64,
    before: &'a [u8],
    after: &'a [u8],
}

impl<'a> Number<'a> {
    fn new(text: &'a str) -> Self {
        Number { text, parts: Parts::new(text.trim().as_bytes()) }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (&self.parts, &other.parts) {
            (Some(a), Some(b)) => a.order(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.text.cmp(other.text),
        }
    }
}

impl<'a> Parts<'a> {
    fn new(text: &'a [u8]) -> Option<Self> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            text => (false, text),
        };
        let (mantissa, power) = match text.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (&text[..at], std::str::from_utf8(&text[at + 1..]).ok()?.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (before, after) = match mantissa.iter().position(|b| *b == b'.') {
            Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
            None => (mantissa, &[][..]),
        };
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        if before.is_empty() && after.is_empty() || !digits(before) || !digits(after) {
            return None;
        }
        let before = trim_start(before);
        let after = trim_end(after);
        let (exponent, before, after) = if before.is_empty() {
            let significant = trim_start(after);
            (-((after.len() - significant.len()) as i64), before, significant)
        } else if after.is_empty() {
            (before.len() as i64, trim_end(before), after)
        } else {
            (before.len() as i64, before, after)
        };
        if before.is_empty() && after.is_empty() {
            return Some(Parts { negative: false, exponent: 0, before, after });
        }
        Some(Parts { negative, exponent: exponent + i64::from(power), before, after })
    }

    fn digits(&self) -> impl Iterator<Item = &u8> {
        self.before.iter().chain(self.after)
    }

    fn is_zero(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    fn sign(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        self.sign().cmp(&other.sign()).then_with(|| {
            let size = self.exponent.cmp(&other.exponent).then_with(|| self.digits().cmp(other.digits()));
            if self.negative { size.reverse() } else { size }
        })
    }
}

fn trim_start(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|b| **b == b'0').count();
    &digits[zeros..]
}

fn trim_end(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().rev().take_while(|b| **b == b'0').count();
    &digits[..digits.len() - zeros]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_ordered_as_numbers() {
        let ordered = [
            "-1e400",
            "-100",
            "-99.9",
            "-2",
            "-1.5",
            "-0.1",
            "-0.01",
            "0",
            "0.00999",
            "0.01",
            "0.1",
            "1",
            "1.4999",
            "1.5",
            "9",
            "10",
            "79228162514264337593543950335",
            "1e29",
            "1e400",
            "",
            "-",
            ".",
            "1.2.3",
            "1e",
            "abc",
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(decimal(a, b), i.cmp(&j), "{a} and {b}");
            }
        }
        for (a, b) in [
            ("1.5", "01.500"),
            ("0", "-0.00"),
            ("100", "1e2"),
            ("+1", "1"),
            (" 1.", "1.0"),
            ("0.5", ".5"),
            ("1200", "1.2E+3"),
        ] {
            assert_eq!(decimal(a, b), Ordering::Equal, "{a} and {b}");
        }
    }
}
