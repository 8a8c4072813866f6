//! A short digest that is the same on every machine and in every version.

/// The 64-bit FNV-1a digest of several parts; where one ends and the next begins counts.
///
/// The standard library's own hasher may change between releases, and names must not.
pub(crate) fn digest(parts: &[&[u8]]) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |byte: u8| {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    };
    for part in parts {
        part.iter().copied().for_each(&mut mix);
        part.len().to_le_bytes().into_iter().for_each(&mut mix);
    }
    state
}

/// Eight hexadecimal digits of a digest, to tell names apart.
pub(crate) fn suffix(parts: &[&[u8]]) -> String {
    let digest = digest(parts);
    format!("{:08x}", (digest ^ (digest >> 32)) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_never_changes() {
        assert_eq!(suffix(&[b"shop_api"]), suffix(&[b"shop_api"]));
        assert_eq!(digest(&[]), 0xcbf2_9ce4_8422_2325);
    }

    #[test]
    fn the_border_between_parts_counts() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
