//! Key pairs in the form OpenSSL writes them (PEM), so that an operator may bring their own:
//! `openssl genpkey -algorithm ed25519`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};

/// What comes before the 32 bytes of a public key in SubjectPublicKeyInfo (RFC 8410).
pub(crate) const SPKI_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not an Ed25519 key in PEM.
    #[error("the key is not an Ed25519 key in PEM")]
    NotEd25519,
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    NoRandomness,
}

/// A key pair in PEM.
pub struct KeyPair {
    /// PKCS #8; whoever has it can be anybody.
    pub private: String,
    /// SubjectPublicKeyInfo; what services verify with.
    pub public: String,
}

impl KeyPair {
    /// Makes a fresh pair.
    pub fn generate() -> Result<Self, KeyError> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| KeyError::NoRandomness)?;
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).map_err(|_| KeyError::NotEd25519)?;
        let public = [SPKI_PREFIX.as_slice(), pair.public_key().as_ref()].concat();
        Ok(Self { private: pem("PRIVATE KEY", pkcs8.as_ref()), public: pem("PUBLIC KEY", &public) })
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("public", &self.public).finish_non_exhaustive()
    }
}

/// Writes a key in PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = vec![format!("-----BEGIN {label}-----")];
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        lines.push(line.to_owned());
        rest = more;
    }
    lines.push(format!("-----END {label}-----\n"));
    lines.join("\n")
}
