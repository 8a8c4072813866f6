//! Host names with their addresses, for `/etc/hosts`.

use serde::{Serialize, Serializer};
use thiserror::Error;

use super::Map;

/// Host names and their addresses.
///
/// Source: [Compose specification, `extra_hosts`](https://docs.docker.com/reference/compose-file/services/#extra_hosts).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraHosts(pub Map<Vec<String>>);

/// Why an entry is not a host with an address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExtraHostsError {
    /// There is neither `=` nor `:` in it.
    #[error("`{0}` has no address")]
    NoAddress(String),
    /// The name is empty or holds a separator.
    #[error("`{0}` is not a host name")]
    BadHost(String),
}

impl ExtraHosts {
    /// Adds an entry such as `host=10.0.0.1`, `host:10.0.0.1` or `host=10.0.0.1,[::1]`.
    ///
    /// # Errors
    ///
    /// Returns [`ExtraHostsError`] when the entry has no address or a bad host name.
    pub fn add_entry(&mut self, entry: &str) -> Result<(), ExtraHostsError> {
        let (host, addresses) = entry
            .split_once('=')
            .or_else(|| entry.split_once(':'))
            .ok_or_else(|| ExtraHostsError::NoAddress(entry.to_owned()))?;
        self.add(host, addresses.split(','))
    }

    /// Adds addresses to a host; a host named twice keeps all of them.
    ///
    /// # Errors
    ///
    /// Returns [`ExtraHostsError::BadHost`] when the name is empty or holds `:` or `=`.
    pub fn add<'a>(
        &mut self,
        host: &str,
        addresses: impl Iterator<Item = &'a str>,
    ) -> Result<(), ExtraHostsError> {
        if host.is_empty() || host.contains([':', '=']) {
            return Err(ExtraHostsError::BadHost(host.to_owned()));
        }
        let known = self.0.entry(host.to_owned()).or_default();
        known.extend(addresses.map(|address| without_brackets(address).to_owned()));
        Ok(())
    }
}

/// `[::1]` is written as `::1`.
fn without_brackets(address: &str) -> &str {
    match address
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
    {
        Some(inner) if !inner.is_empty() => inner,
        Some(_) | None => address,
    }
}

impl Serialize for ExtraHosts {
    /// Prints sorted `host=address` entries.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries: Vec<String> = self
            .0
            .iter()
            .flat_map(|(host, addresses)| {
                addresses
                    .iter()
                    .map(move |address| format!("{host}={address}"))
            })
            .collect();
        entries.sort_unstable();
        entries.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_separators_and_several_addresses_are_read() -> Result<(), Box<dyn std::error::Error>> {
        let mut hosts = ExtraHosts::default();
        for entry in ["b:10.0.0.1", "a=[::1],10.0.0.2", "b=10.0.0.3", "c:::1"] {
            hosts.add_entry(entry)?;
        }
        let printed = serde_json::to_string(&hosts)?;
        assert_eq!(
            printed,
            r#"["a=10.0.0.2","a=::1","b=10.0.0.1","b=10.0.0.3","c=::1"]"#
        );
        Ok(())
    }

    #[test]
    fn entries_without_host_or_address_are_refused() {
        let mut hosts = ExtraHosts::default();
        assert_eq!(
            hosts.add_entry("alone"),
            Err(ExtraHostsError::NoAddress("alone".into()))
        );
        assert_eq!(
            hosts.add_entry("=1.1.1.1"),
            Err(ExtraHostsError::BadHost(String::new()))
        );
    }
}
