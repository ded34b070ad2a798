//! How a response was answered, as files write it.

use cchc_proto::survey::v1::ingest_responses_request::Channel;

use crate::{names::folded, say::Words};

/// Each channel, its word and its Vietnamese name.
pub(crate) const CHANNELS: [(Channel, &str, &str); 6] = [
    (Channel::FaceToFace, "face-to-face", "Phỏng vấn trực tiếp"),
    (Channel::Telephone, "telephone", "Điện thoại"),
    (Channel::Paper, "paper", "Phiếu giấy"),
    (Channel::Qr, "qr", "Mã QR"),
    (Channel::Online, "online", "Trực tuyến"),
    (Channel::Kiosk, "kiosk", "Máy tại nơi tiếp nhận"),
];

/// Reads a channel by its word or its Vietnamese name.
///
/// # Errors
///
/// With the words there are.
pub(crate) fn read(text: &str) -> Result<Channel, Words> {
    let written = folded(text);
    let known = CHANNELS.iter().find(|(_, en, vi)| written == *en || written == folded(vi));
    known.map(|(channel, ..)| *channel).ok_or_else(|| {
        let all = |name: fn(&(Channel, &'static str, &'static str)) -> &'static str| {
            CHANNELS.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        Words::new(
            format!("“{text}” không phải hình thức trả lời; dùng được: {}", all(|of| of.2)),
            format!("{text:?} is no channel; there are: {}", all(|of| of.1)),
        )
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_channel_is_read_by_either_name_and_no_other() {
        for (channel, en, vi) in CHANNELS {
            assert_eq!([en, vi, &vi.to_uppercase()].map(|name| read(name).unwrap()), [channel; 3]);
        }
        assert!(read("giấy").unwrap_err().en.contains("face-to-face, telephone"));
    }
}
