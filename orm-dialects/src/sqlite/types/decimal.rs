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
}
