//! NUMERIC: digits to the base of 10,000, each weighing 10,000 times the next.

use rust_decimal::Decimal;

use super::bytes::Bytes;
use super::{Read, TRUNCATED};

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;
const BASE: u128 = 10_000;
/// The most digits behind the point that a [`Decimal`] has.
const SCALE: u32 = Decimal::MAX_SCALE;

pub(super) fn write(value: Decimal, out: &mut Vec<u8>) {
    write_parts(value.mantissa().unsigned_abs(), value.is_sign_negative(), value.scale(), out);
}

pub(super) fn write_integer(value: i128, out: &mut Vec<u8>) {
    write_parts(value.unsigned_abs(), value < 0, 0, out);
}

fn write_parts(mantissa: u128, negative: bool, scale: u32, out: &mut Vec<u8>) {
    let fraction = scale.div_ceil(4);
    // 96 bits and three more digits, so it does not overflow; an integer has no scale.
    let mut rest = mantissa * 10u128.pow(fraction * 4 - scale);
    let mut digits = [0u16; 12];
    let mut count = 0;
    while rest > 0 {
        digits[count] = (rest % BASE) as u16;
        rest /= BASE;
        count += 1;
    }
    let zeros = digits[..count].iter().take_while(|digit| **digit == 0).count();
    let weight = if count == 0 { 0 } else { count as i16 - 1 - fraction as i16 };
    let sign = if negative && count > 0 { NEGATIVE } else { 0 };
    out.extend(((count - zeros) as i16).to_be_bytes());
    out.extend(weight.to_be_bytes());
    out.extend(sign.to_be_bytes());
    out.extend((scale as u16).to_be_bytes());
    for digit in digits[zeros..count].iter().rev() {
        out.extend(digit.to_be_bytes());
    }
}

/// A number as it was sent: `mantissa` with `scale` digits behind the point.
struct Number {
    mantissa: u128,
    negative: bool,
    scale: u32,
}

fn read_number(bytes: &[u8]) -> Read<Number> {
    let mut bytes = Bytes(bytes);
    let (count, weight, sign, scale) = (bytes.u16()?, bytes.i16()?, bytes.u16()?, bytes.u16()?);
    let negative = match sign {
        0 => false,
        NEGATIVE => true,
        NAN => return Err("it is NaN".into()),
        INFINITY | NEGATIVE_INFINITY => return Err("it is infinite".into()),
        _ => return Err(TRUNCATED),
    };
    let too_long = || "it has more digits than a Decimal holds".into();
    let mut mantissa = 0u128;
    for _ in 0..count {
        let digit = u128::from(bytes.u16()?);
        if digit >= BASE {
            return Err(TRUNCATED);
        }
        mantissa = mantissa.checked_mul(BASE).and_then(|m| m.checked_add(digit)).ok_or_else(too_long)?;
    }
    bytes.end()?;
    // How many of the decimal digits stand behind the point.
    let mut behind = (i64::from(count) - 1 - i64::from(weight)) * 4;
    let mut scale = i64::from(scale);
    if mantissa == 0 {
        behind = scale;
    }
    while behind > scale {
        if !mantissa.is_multiple_of(10) {
            // No server sends more digits than it says.
            return Err(TRUNCATED);
        }
        mantissa /= 10;
        behind -= 1;
    }
    while behind < scale {
        match mantissa.checked_mul(10).filter(|m| *m < 1 << 96 && behind < i64::from(SCALE)) {
            Some(longer) => mantissa = longer,
            // The zeros at the end go, and the number is the same.
            None if behind >= 0 => scale = behind,
            None => return Err(too_long()),
        }
        if behind < scale {
            behind += 1;
        }
    }
    while (mantissa >= 1 << 96 || scale > i64::from(SCALE)) && scale > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        scale -= 1;
    }
    match u32::try_from(scale) {
        Ok(scale) if mantissa < 1 << 96 && scale <= SCALE => Ok(Number { mantissa, negative, scale }),
        _ => Err(too_long()),
    }
}

pub(super) fn read(bytes: &[u8]) -> Read<Decimal> {
    let Number { mantissa, negative, scale } = read_number(bytes)?;
    // It has at most 96 bits.
    let mantissa = mantissa as i128;
    let mantissa = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|error| error.to_string().into())
}

/// A number without a fraction.
pub(super) fn read_integer(bytes: &[u8]) -> Read<i128> {
    let Number { mut mantissa, negative, scale } = read_number(bytes)?;
    for _ in 0..scale {
        if !mantissa.is_multiple_of(10) {
            return Err("it has a fraction".into());
        }
        mantissa /= 10;
    }
    let value = mantissa as i128;
    Ok(if negative { -value } else { value })
}

/// The nearest double of a number whose digits it gives back when it is written with [`f64::DIGITS`] of them. NaN and the
/// infinities are doubles too.
pub(super) fn read_double(bytes: &[u8]) -> Read<f64> {
    match bytes.get(4..6) {
        Some([0xC0, 0]) => return Ok(f64::NAN),
        Some([0xD0, 0]) => return Ok(f64::INFINITY),
        Some([0xF0, 0]) => return Ok(f64::NEG_INFINITY),
        _ => {}
    }
    let mut rest = Bytes(bytes);
    let (count, weight, sign, _) = (rest.u16()?, rest.i16()?, rest.u16()?, rest.u16()?);
    let mut digits = String::with_capacity(rest.0.len() * 2);
    for _ in 0..count {
        let digit = rest.u16()?;
        if u128::from(digit) >= BASE {
            return Err(TRUNCATED);
        }
        digits.push_str(&format!("{digit:04}"));
    }
    rest.end()?;
    if digits.trim_matches('0').len() > f64::DIGITS as usize {
        return Err(
            "it has more digits than a double keeps; read it as Decimal, or cast it to double precision"
                .into(),
        );
    }
    let sign = if sign == NEGATIVE { "-" } else { "" };
    let exponent = (i64::from(weight) + 1 - i64::from(count)) * 4;
    // The standard library finds the nearest double.
    format!("{sign}0{digits}e{exponent}").parse().map_err(|_| TRUNCATED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: Decimal) -> Vec<u8> {
        let mut out = Vec::new();
        write(value, &mut out);
        out
    }

    #[test]
    fn what_is_written_is_read_with_its_scale() {
        for text in [
            "0",
            "0.00",
            "1",
            "-1",
            "10000",
            "9999",
            "10001",
            "1.5",
            "1.50",
            "-0.0001",
            "0.00001",
            "12345.67890",
            "79228162514264337593543950335",
            "-79228162514264337593543950335",
            "7.9228162514264337593543950335",
            "0.0000000000000000000000000001",
            "100000000000000000000000000.00",
            "0.1234567890123456789012345678",
        ] {
            let value: Decimal = text.parse().unwrap();
            let back = read(&written(value)).unwrap();
            assert_eq!((back, back.scale()), (value, value.scale()), "{text}");
            match text.trim_matches(['-', '0', '.']).replace('.', "").len() {
                ..=15 => {
                    assert_eq!(read_double(&written(value)).unwrap(), text.parse::<f64>().unwrap(), "{text}")
                }
                _ => assert!(read_double(&written(value)).is_err(), "{text}"),
            }
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_server() {
        // SELECT numeric_send('12345.678')
        let expected = [0, 3, 0, 1, 0, 0, 0, 3, 0, 1, 0x09, 0x29, 0x1A, 0x7C];
        assert_eq!(written("12345.678".parse().unwrap()), expected);
        assert_eq!(written(Decimal::ZERO), [0; 8]);
    }

    #[test]
    fn integers() {
        for value in [0, 1, -1, i128::from(i64::MIN), i128::from(u64::MAX), 10_000, 100_000_000] {
            let mut out = Vec::new();
            write_integer(value, &mut out);
            assert_eq!(read_integer(&out), Ok(value));
        }
        assert_eq!(read_integer(&written("5.000".parse().unwrap())), Ok(5));
        assert!(read_integer(&written("5.001".parse().unwrap())).is_err());
    }

    #[test]
    fn zeros_that_do_not_fit_are_dropped_and_digits_are_not() {
        let sent = |digits: &[u16], weight: i16, scale: u16| {
            let mut out = Vec::new();
            out.extend((digits.len() as u16).to_be_bytes());
            out.extend(weight.to_be_bytes());
            out.extend(0u16.to_be_bytes());
            out.extend(scale.to_be_bytes());
            digits.iter().for_each(|digit| out.extend(digit.to_be_bytes()));
            out
        };
        // 10^20 with 20 zeros behind the point.
        assert_eq!(read(&sent(&[1], 5, 20)).unwrap(), Decimal::from(10u128.pow(20) as i128));
        assert_eq!(read(&sent(&[5], 0, 1000)).unwrap(), Decimal::from(5));
        assert_eq!(read(&sent(&[], 0, 1000)).unwrap(), Decimal::ZERO);
        assert!(read(&sent(&[1], 8, 0)).is_err(), "10^32");
        assert!(read(&sent(&[1], -8, 32)).is_err(), "10^-32");
        assert!(read(&sent(&[1], i16::MAX, 0)).is_err());
        assert!(read(&sent(&[1], i16::MIN, u16::MAX)).is_err());
        assert!(read(&sent(&[9999; 9], 8, 0)).is_err());
    }
}
