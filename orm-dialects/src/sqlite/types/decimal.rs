//! Exact decimals as text.

use rust_decimal::Decimal;

/// The text of a decimal, with as many digits after the point as the column has.
pub(super) fn format(v: Decimal, scale: Option<u8>) -> String {
    let mut v = v;
    if v.is_zero() {
        v.set_sign_positive(true);
    }
    if let Some(scale) = scale {
        let digits = u32::from(scale);
        if v.scale() > digits {
            // Only zeros go: what counts stays, and `fits` refuses it where it must.
            v = v.normalize();
        }
        if v.scale() < digits {
            // By hand, because a Decimal has room for 28 digits only.
            let mut text = v.to_string();
            if v.scale() == 0 {
                text.push('.');
            }
            text.extend(std::iter::repeat_n('0', (digits - v.scale()) as usize));
            return text;
        }
    }
    v.to_string()
}

/// Whether a column of so many digits holds the value as it is.
pub(super) fn fits(v: Decimal, precision: Option<u8>, scale: Option<u8>) -> Result<(), &'static str> {
    let v = v.normalize();
    if scale.is_some_and(|scale| v.scale() > u32::from(scale)) {
        return Err("it has more digits after the point than the column");
    }
    let digits = |n: i128| n.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
    let too_many = match (precision, scale) {
        (None, _) => false,
        (Some(precision), Some(scale)) => {
            digits(v.trunc().mantissa()) > u32::from(precision.saturating_sub(scale))
        }
        (Some(precision), None) => digits(v.mantissa()).max(v.scale()) > u32::from(precision),
    };
    if too_many { Err("it has more digits than the column") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[test]
    fn texts_have_the_scale_of_the_column() {
        for (value, scale, text) in [
            ("1.5", Some(2), "1.50"),
            ("1.5", None, "1.5"),
            ("1.500", Some(2), "1.50"),
            ("1.500", None, "1.500"),
            ("1.505", Some(2), "1.505"),
            ("-0.00", Some(2), "0.00"),
            ("-7", Some(3), "-7.000"),
            ("79228162514264337593543950335", Some(2), "79228162514264337593543950335.00"),
            ("0", Some(30), "0.000000000000000000000000000000"),
        ] {
            assert_eq!(format(Decimal::from_str(value).unwrap(), scale), text);
        }
    }

    #[test]
    fn a_column_refuses_what_it_cannot_hold() {
        let fits = |v: &str, p, s| fits(Decimal::from_str(v).unwrap(), p, s).is_ok();
        assert!(fits("999.99", Some(5), Some(2)));
        assert!(fits("-999.990", Some(5), Some(2)));
        assert!(fits("0.99", Some(2), Some(2)));
        assert!(!fits("1", Some(2), Some(2)));
        assert!(!fits("1000", Some(5), Some(2)));
        assert!(!fits("0.001", Some(5), Some(2)));
        assert!(fits("12345", Some(5), None));
        assert!(fits("0.00001", Some(5), None));
        assert!(!fits("0.000001", Some(5), None));
        assert!(!fits("123456", Some(5), None));
        assert!(fits("0.0000000000000000000000000001", None, None));
    }
}
