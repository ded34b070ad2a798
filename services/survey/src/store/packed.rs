//! Many small whole numbers in few bytes: the counts of a batch, written for every batch and read once.
//!
//! A batch counts a few responses a commune, so that nearly every number is 0 to 63: one byte instead of the
//! eight of a `bigint[]`, which would be the larger part of what a push writes. Signs are folded in (0, −1,
//! 1, −2 … become 0, 1, 2, 3 …) and seven bits a byte follow, the lowest first; the high bit says that more
//! come.

/// Bits of a number in one byte.
const BITS: u32 = 7;
/// Says that more bytes follow.
const MORE: u8 = 0x80;

/// Packs numbers one behind the other.
pub(super) fn pack<'a>(numbers: impl Iterator<Item = &'a i64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.size_hint().0);
    for number in numbers {
        let mut rest = ((number << 1) ^ (number >> 63)).cast_unsigned();
        while rest >= u64::from(MORE) {
            bytes.push(low(rest) | MORE);
            rest >>= BITS;
        }
        bytes.push(low(rest));
    }
    bytes
}

/// Unpacks them; nothing when the bytes are not such numbers.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<i64>> {
    let (mut numbers, mut folded, mut at) = (Vec::with_capacity(bytes.len()), 0_u64, 0);
    for byte in bytes {
        folded |= u64::from(byte & !MORE).checked_shl(at)?;
        at += BITS;
        if byte & MORE == 0 {
            numbers.push((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed());
            (folded, at) = (0, 0);
        }
    }
    (at == 0).then_some(numbers)
}

/// The lowest seven bits.
fn low(number: u64) -> u8 {
    number.to_le_bytes().first().map_or(0, |byte| byte & !MORE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked(
            numbers in proptest::collection::vec(prop_oneof![-70..70_i64, any::<i64>()], 0..50)
        ) {
            prop_assert_eq!(unpack(&pack(numbers.iter())), Some(numbers));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            let read = unpack(&bytes);

            prop_assert_eq!(read.is_some_and(|numbers| numbers.len() > bytes.len()), false);
        }
    }

    #[test]
    fn a_small_count_takes_one_byte_and_a_cut_one_is_refused() {
        assert_eq!(pack([0, 63, -64].iter()), [0, 126, 127]);
        assert_eq!(unpack(&[0x80]), None);
        assert_eq!(unpack(&[0xff; 11]), None);
    }
}
