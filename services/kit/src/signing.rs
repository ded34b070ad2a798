//! Signatures on what is given out for good: Ed25519 (RFC 8032) over bytes as they are, so that anybody
//! checks them with OpenSSL and without us:
//!
//! ```sh
//! openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in content -sigfile signature
//! ```
//!
//! A key signs nothing but one sort of content. Tokens are signed with another one ([`crate::auth`]).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use sha2::{Digest as _, Sha256};

use crate::auth::{
    KeyError,
    keys::{SPKI_PREFIX, pem},
};

/// A key that signs; never printed.
pub struct SigningKey(Ed25519KeyPair);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public()).finish()
    }
}

impl SigningKey {
    /// Makes a fresh key: as PKCS #8, for whoever keeps it wrapped.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoRandomness`].
    pub fn fresh() -> Result<Vec<u8>, KeyError> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
        Ok(pkcs8.map_err(|_| KeyError::NoRandomness)?.as_ref().to_vec())
    }

    /// Takes a key from its PKCS #8.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotEd25519`], also where its halves do not belong together.
    pub fn read(pkcs8: &[u8]) -> Result<Self, KeyError> {
        Ed25519KeyPair::from_pkcs8(pkcs8).map(Self).map_err(|_| KeyError::NotEd25519)
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; PublicKey::BYTES];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    /// Signs; 64 bytes.
    #[must_use]
    pub fn sign(&self, content: &[u8]) -> Vec<u8> {
        self.0.sign(content).as_ref().to_vec()
    }
}

/// What signatures are checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; Self::BYTES]);

impl PublicKey {
    /// Bytes of a key.
    pub const BYTES: usize = 32;

    /// Takes a key's bytes.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotEd25519`] where there are not [`Self::BYTES`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        bytes.try_into().map(Self).map_err(|_| KeyError::NotEd25519)
    }

    /// Reads a key in PEM (SubjectPublicKeyInfo), as OpenSSL and [`Self::to_pem`] write it.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotEd25519`].
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let body = text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----");
        let body = body.and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"));
        let digits: String = body.ok_or(KeyError::NotEd25519)?.split_ascii_whitespace().collect();
        let der = STANDARD.decode(digits).map_err(|_| KeyError::NotEd25519)?;
        Self::from_bytes(der.strip_prefix(&SPKI_PREFIX).ok_or(KeyError::NotEd25519)?)
    }

    /// Writes it in PEM.
    #[must_use]
    pub fn to_pem(self) -> String {
        pem("PUBLIC KEY", &[SPKI_PREFIX.as_slice(), &self.0].concat())
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// Its name: the first 16 hexadecimal digits of the SHA-256 of its bytes.
    #[must_use]
    pub fn id(self) -> String {
        let digest = Sha256::digest(self.0);
        format!("{:016x}", u64::from_be_bytes(digest.first_chunk().copied().unwrap_or_default()))
    }

    /// Whether a signature is this key's over the content.
    #[must_use]
    pub fn has_signed(&self, content: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(content, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    /// RFC 8032, 7.1, test 2, as SubjectPublicKeyInfo.
    const RFC_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=
-----END PUBLIC KEY-----
";

    #[test]
    fn a_signature_of_the_standard_is_taken_and_no_other() {
        let key = PublicKey::from_pem(RFC_PUBLIC).unwrap();
        let signature = hex::decode(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        )
        .unwrap();

        assert!(key.has_signed(&[0x72], &signature));
        assert!(!key.has_signed(&[0x73], &signature));
        assert!(!key.has_signed(&[0x72], &signature[..63]));
        assert_eq!(key.to_pem(), RFC_PUBLIC);
    }

    #[test]
    fn what_a_key_signs_its_public_half_checks_and_another_does_not() {
        let key = SigningKey::read(&SigningKey::fresh().unwrap()).unwrap();
        let other = SigningKey::read(&SigningKey::fresh().unwrap()).unwrap();

        let signature = key.sign("Số liệu đã công bố".as_bytes());

        assert!(key.public().has_signed("Số liệu đã công bố".as_bytes(), &signature));
        assert!(!other.public().has_signed("Số liệu đã công bố".as_bytes(), &signature));
        assert_ne!(key.public().id(), other.public().id());
        assert_eq!(PublicKey::from_pem(&key.public().to_pem()), Ok(key.public()));
        assert_eq!(key.public().id().len(), 16);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----", "MCowBQYDK2Vw"]
        {
            assert_eq!(PublicKey::from_pem(text), Err(KeyError::NotEd25519), "{text}");
        }
        assert!(SigningKey::read(b"nothing").is_err());
        assert!(PublicKey::from_bytes(&[0; 31]).is_err());
    }
}
