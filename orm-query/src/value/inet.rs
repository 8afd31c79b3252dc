//! Addresses of hosts and networks.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The address of a host, with the length of its network's prefix in bits: `192.168.0.1/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Inet {
    address: IpAddr,
    prefix: u8,
}

/// A text that is no address, or a prefix that is longer than the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an IP address with an optional `/prefix`")]
pub struct InetError(String);

impl Inet {
    /// An address in a network of that prefix.
    ///
    /// # Errors
    /// When the prefix is longer than 32 bits for IPv4, 128 for IPv6.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, InetError> {
        if prefix > width(address) {
            return Err(InetError(format!("{address}/{prefix}")));
        }
        Ok(Inet { address, prefix })
    }

    /// The address.
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// The length of the network's prefix, in bits.
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }
}

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

impl From<IpAddr> for Inet {
    fn from(address: IpAddr) -> Self {
        Inet { address, prefix: width(address) }
    }
}

impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == width(self.address) {
            self.address.fmt(f)
        } else {
            write!(f, "{}/{}", self.address, self.prefix)
        }
    }
}

impl FromStr for Inet {
    type Err = InetError;

    fn from_str(text: &str) -> Result<Self, InetError> {
        let wrong = || InetError(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        Inet::new(address, prefix.unwrap_or(width(address))).map_err(|_| wrong())
    }
}
