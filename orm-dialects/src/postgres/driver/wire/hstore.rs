//! HSTORE: the number of pairs, then keys and values, each behind its length.

use orm_query::Hstore;

use super::bytes::Bytes;
use super::encode::{counted, no_nul};
use super::{Read, TRUNCATED, Write};

pub(super) fn write(value: &Hstore, out: &mut Vec<u8>) -> Write {
    let count = i32::try_from(value.len()).map_err(|_| "it has too many keys")?;
    out.extend(count.to_be_bytes());
    for (key, value) in value.iter() {
        counted(out, |out| text(key, out))?;
        match value {
            Some(value) => counted(out, |out| text(value, out))?,
            None => out.extend((-1i32).to_be_bytes()),
        }
    }
    Ok(())
}

fn text(text: &str, out: &mut Vec<u8>) -> Write {
    no_nul(text)?;
    out.extend(text.as_bytes());
    Ok(())
}

pub(super) fn read(bytes: &[u8]) -> Read<Hstore> {
    let mut bytes = Bytes(bytes);
    let own = |text: &[u8]| String::from_utf8(text.to_owned()).map_err(|_| TRUNCATED);
    let mut value = Hstore::default();
    for _ in 0..bytes.u32()? {
        let key = own(bytes.counted()?.ok_or(TRUNCATED)?)?;
        let text = bytes.counted()?.map(own).transpose()?;
        value.insert(key, text);
    }
    bytes.end()?;
    Ok(value)
}
