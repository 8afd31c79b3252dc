//! INET and CIDR.

use std::net::IpAddr;

use orm_query::Inet;

use super::bytes::Bytes;
use super::{Read, TRUNCATED, Write};

const IPV4: u8 = 2;
const IPV6: u8 = 3;

pub(super) fn write(value: Inet, network: bool, out: &mut Vec<u8>) -> Write {
    if network && !has_no_host(value) {
        return Err("a network's address has no bits behind its prefix");
    }
    let family = if value.address().is_ipv4() { IPV4 } else { IPV6 };
    out.extend([family, value.prefix(), network.into()]);
    match value.address() {
        IpAddr::V4(address) => {
            out.push(4);
            out.extend(address.octets());
        }
        IpAddr::V6(address) => {
            out.push(16);
            out.extend(address.octets());
        }
    }
    Ok(())
}

fn has_no_host(value: Inet) -> bool {
    let prefix = u32::from(value.prefix());
    match value.address() {
        IpAddr::V4(address) => address.to_bits().checked_shl(prefix).unwrap_or(0) == 0,
        IpAddr::V6(address) => address.to_bits().checked_shl(prefix).unwrap_or(0) == 0,
    }
}

pub(super) fn read(bytes: &[u8]) -> Read<Inet> {
    let mut bytes = Bytes(bytes);
    let [family, prefix, _, len] = bytes.array()?;
    let address: IpAddr = match (family, len) {
        (IPV4, 4) => bytes.array::<4>()?.into(),
        (IPV6, 16) => bytes.array::<16>()?.into(),
        _ => return Err(TRUNCATED),
    };
    bytes.end()?;
    Inet::new(address, prefix).map_err(|error| error.to_string().into())
}
