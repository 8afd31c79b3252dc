use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use orm_query::Value;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::PagingError;

/// The place of a row in the order of a query, as text that may stand in a URL.
///
/// It holds the values that the query is ordered by, not encrypted: whoever has it can read them, and what they write
/// into it is compared with columns and no more. It is of use with queries of the same order; their conditions may differ.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// # engine.execute(insert(User).values(["a", "b", "c"].map(User::new))).await?;
/// let page = engine.page(select(User).order_by(User::name), paginate(2)).await?;
/// let link = format!("/users?after={}", page.next.unwrap());
///
/// let cursor: orm::Cursor = link.split('=').next_back().unwrap().parse()?;
/// let page = engine.page(select(User).order_by(User::name), paginate(2).after(cursor)).await?;
/// assert_eq!(page.items[0].name, "c");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    bytes: Box<[u8]>,
}

impl Cursor {
    pub(super) fn new(tag: u32, key: &[Value]) -> Cursor {
        let mut bytes = tag.to_le_bytes().to_vec();
        key.iter().for_each(|value| write(&mut bytes, value));
        Cursor { bytes: bytes.into() }
    }

    /// The mark of its order, and the values.
    pub(super) fn read(&self) -> Result<(u32, Vec<Value>), PagingError> {
        let mut reader = Reader { rest: &self.bytes };
        reader.cursor().ok_or(PagingError::Malformed)
    }
}

/// The values that a key may have, each behind a letter.
fn write(bytes: &mut Vec<u8>, value: &Value) {
    let mut put = |kind: u8, of: &[u8]| {
        bytes.push(kind);
        bytes.extend_from_slice(of);
    };
    match value {
        Value::Bool(v) => put(b'b', &[u8::from(*v)]),
        Value::I16(v) => put(b'h', &v.to_le_bytes()),
        Value::I32(v) => put(b'i', &v.to_le_bytes()),
        Value::I64(v) => put(b'l', &v.to_le_bytes()),
        Value::U64(v) => put(b'u', &v.to_le_bytes()),
        Value::F32(v) => put(b'f', &v.to_le_bytes()),
        Value::F64(v) => put(b'd', &v.to_le_bytes()),
        Value::Decimal(v) => put(b'm', &v.serialize()),
        Value::Date(v) => put(b'D', &date(*v)),
        Value::Time(v) => put(b'T', &time(*v)),
        Value::DateTime(v) => put(b'S', &moment(*v)),
        Value::TimestampTz(v) => put(b'Z', &moment(v.naive_utc())),
        Value::Uuid(v) => put(b'g', v.as_bytes()),
        Value::Text(v) => {
            put(b's', &(v.len() as u32).to_le_bytes());
            bytes.extend_from_slice(v.as_bytes());
        }
        Value::Bytes(v) => {
            put(b'x', &(v.len() as u32).to_le_bytes());
            bytes.extend_from_slice(v);
        }
        // A key has no value of another type.
        _ => put(b'n', &[]),
    }
}

fn date(date: NaiveDate) -> [u8; 4] {
    date.num_days_from_ce().to_le_bytes()
}

fn time(time: NaiveTime) -> [u8; 8] {
    let nanoseconds = u64::from(time.num_seconds_from_midnight()) << 32 | u64::from(time.nanosecond());
    nanoseconds.to_le_bytes()
}

fn moment(moment: NaiveDateTime) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&date(moment.date()));
    bytes[4..].copy_from_slice(&time(moment.time()));
    bytes
}

/// Each step gives `None` where the bytes are not what a cursor is made of.
struct Reader<'b> {
    rest: &'b [u8],
}

impl Reader<'_> {
    fn cursor(&mut self) -> Option<(u32, Vec<Value>)> {
        let tag = u32::from_le_bytes(self.array()?);
        let mut key = Vec::new();
        while !self.rest.is_empty() {
            key.push(self.value()?);
        }
        Some((tag, key))
    }

    fn value(&mut self) -> Option<Value> {
        let [kind] = self.array()?;
        Some(match kind {
            b'n' => Value::Null,
            b'b' => match self.array()? {
                [0] => Value::Bool(false),
                [1] => Value::Bool(true),
                _ => return None,
            },
            b'h' => Value::I16(i16::from_le_bytes(self.array()?)),
            b'i' => Value::I32(i32::from_le_bytes(self.array()?)),
            b'l' => Value::I64(i64::from_le_bytes(self.array()?)),
            b'u' => Value::U64(u64::from_le_bytes(self.array()?)),
            b'f' => Value::F32(f32::from_le_bytes(self.array()?)),
            b'd' => Value::F64(f64::from_le_bytes(self.array()?)),
            b'm' => Value::Decimal(Decimal::deserialize(self.array()?)),
            b'D' => Value::Date(self.date()?),
            b'T' => Value::Time(self.time()?),
            b'S' => Value::DateTime(self.moment()?),
            b'Z' => Value::TimestampTz(DateTime::from_naive_utc_and_offset(self.moment()?, chrono::Utc)),
            b'g' => Value::Uuid(Uuid::from_bytes(self.array()?)),
            b's' => Value::Text(String::from_utf8(self.list()?.to_vec()).ok()?),
            b'x' => Value::Bytes(self.list()?.to_vec()),
            _ => return None,
        })
    }

    fn date(&mut self) -> Option<NaiveDate> {
        NaiveDate::from_num_days_from_ce_opt(i32::from_le_bytes(self.array()?))
    }

    fn time(&mut self) -> Option<NaiveTime> {
        let both = u64::from_le_bytes(self.array()?);
        NaiveTime::from_num_seconds_from_midnight_opt((both >> 32) as u32, both as u32)
    }

    fn moment(&mut self) -> Option<NaiveDateTime> {
        Some(self.date()?.and_time(self.time()?))
    }

    fn list(&mut self) -> Option<&[u8]> {
        let length = u32::from_le_bytes(self.array()?) as usize;
        let (list, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(list)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }
}

/// Base 64 as URLs have it, without padding.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(self.bytes.len().div_ceil(3) * 4);
        for three in self.bytes.chunks(3) {
            let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            let letters = [18, 12, 6, 0].map(|shift| LETTERS[(bits >> shift & 63) as usize]);
            text.extend(letters[..=three.len()].iter().map(|&letter| char::from(letter)));
        }
        f.pad(&text)
    }
}

impl FromStr for Cursor {
    type Err = PagingError;

    fn from_str(text: &str) -> Result<Self, PagingError> {
        let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
        for four in text.as_bytes().chunks(4) {
            // One letter alone is less than a byte.
            if four.len() == 1 {
                return Err(PagingError::Malformed);
            }
            let mut bits = 0_u32;
            for at in 0..4 {
                let letter = match four.get(at) {
                    Some(letter) => {
                        LETTERS.iter().position(|own| own == letter).ok_or(PagingError::Malformed)?
                    }
                    None => 0,
                };
                bits = bits << 6 | letter as u32;
            }
            let [_, three @ ..] = bits.to_be_bytes();
            bytes.extend_from_slice(&three[..four.len() - 1]);
        }
        let cursor = Cursor { bytes: bytes.into() };
        cursor.read()?;
        Ok(cursor)
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_key_comes_back() {
        let day = NaiveDate::from_ymd_opt(-4, 2, 29).unwrap();
        let at = NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999).unwrap();
        let key = vec![
            Value::Null,
            Value::Bool(true),
            Value::I16(-2),
            Value::I32(i32::MIN),
            Value::I64(i64::MAX),
            Value::U64(u64::MAX),
            Value::F32(-0.5),
            Value::F64(f64::NAN),
            Value::Decimal(Decimal::new(-1250, 3)),
            Value::Date(day),
            Value::Time(at),
            Value::DateTime(day.and_time(at)),
            Value::TimestampTz(day.and_time(at).and_utc()),
            Value::Uuid(Uuid::from_u128(7)),
            Value::Text("Ærlig & / ?".to_owned()),
            Value::Bytes(vec![0, 255, 1]),
        ];
        for most in 0..=key.len() {
            let cursor = Cursor::new(7, &key[..most]);
            let text = cursor.to_string();
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{text}");
            let back: Cursor = text.parse().unwrap();
            assert_eq!(back, cursor);
            assert_eq!(back.read().unwrap(), (7, key[..most].to_vec()));
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let good = Cursor::new(7, &[Value::Text("abc".into())]).to_string();
        let cut = &good[..good.len() - 1];
        for text in ["", "x", "AAA", "not a cursor", "ÆØÅ", cut, &format!("{good}A"), &format!("{good}zz")]
        {
            assert_eq!(text.parse::<Cursor>(), Err(PagingError::Malformed), "{text}");
        }
    }
}
