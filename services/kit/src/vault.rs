//! Secrets at rest: what must be readable again is sealed with a data key, and data keys are kept wrapped by
//! a key that only the operator's file holds. Whoever has the database alone has neither; whoever
//! destroys a data key destroys all that it sealed, backups of the rows included.
//!
//! AES-256-GCM of `ring`. A sealed text is a nonce of 12 random bytes, then the ciphertext with its tag. What
//! it is about (such as `survey 7 respondents 1`) is authenticated with it and not stored, so that a sealed text
//! that was moved elsewhere does not open there. One data key seals far fewer texts than the 2³² for
//! which random nonces are safe.
//!
//! ```text
//!   operator's file ──► wrapping keys ──► data key of a survey ──► what is sealed
//!     (first wraps, all unwrap)             (wrapped in the database)
//! ```
//!
//! The file has a key a line: a name, a space, 64 hexadecimal digits (`openssl rand -hex 32`). To change the
//! key, a new line is put first and the service restarted: what older lines wrapped is wrapped anew, and
//! they can be taken out.

use std::{fmt, path::Path};

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
    rand::{SecureRandom as _, SystemRandom},
};

use crate::config::{ConfigError, read_trimmed};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// A secret cannot be made, kept or had again.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file of wrapping keys cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ConfigError),
    /// A line is not a name and a key, or a name stands twice.
    #[error("line {0} of the wrapping keys is not a name of its own and 64 hexadecimal digits")]
    Malformed(usize),
    /// The file holds no key.
    #[error("the file of wrapping keys holds no key")]
    Empty,
    /// What wraps it stands in the file no more.
    #[error("the wrapping key {0} is not in the file")]
    KeyGone(String),
    /// It was made with another key, about something else, or was changed since.
    #[error("a sealed text does not open")]
    DoesNotOpen,
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    NoRandomness,
}

/// A key that seals and opens; never printed.
pub struct DataKey(LessSafeKey);

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(***)")
    }
}

impl DataKey {
    /// Takes a key.
    ///
    /// # Errors
    ///
    /// [`VaultError::DoesNotOpen`] where it has not [`KEY_BYTES`] bytes.
    pub fn new(key: &[u8]) -> Result<Self, VaultError> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| VaultError::DoesNotOpen)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a text about something; the same text never looks the same twice.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoRandomness`].
    pub fn seal(&self, about: &str, text: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = text.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| VaultError::NoRandomness)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed about the same.
    ///
    /// # Errors
    ///
    /// [`VaultError::DoesNotOpen`].
    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(VaultError::DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::DoesNotOpen)?;
        let mut text = sealed.to_vec();
        let length = self
            .0
            .open_in_place(nonce, Aad::from(about.as_bytes()), &mut text)
            .map_err(|_| VaultError::DoesNotOpen)?
            .len();
        text.truncate(length);
        Ok(text)
    }
}

/// A key that hashes (HMAC-SHA-256), so that nobody without it can try what a hash was made of; never
/// printed.
pub struct KeyedHash(hmac::Key);

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedHash(***)")
    }
}

impl KeyedHash {
    /// Takes a key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// Hashes; 32 bytes.
    #[must_use]
    pub fn of(&self, bytes: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0, bytes)
    }
}

/// A secret as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// The name of the key that wraps it.
    pub key: String,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
}

/// The operator's wrapping keys.
#[derive(Debug)]
pub struct Vault {
    /// The one that wraps first.
    keys: Vec<(String, DataKey)>,
}

impl Vault {
    /// Reads the file of wrapping keys.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or a line of it is not a key.
    pub fn read(path: &Path) -> Result<Self, VaultError> {
        Self::parse(&read_trimmed(path)?)
    }

    fn parse(text: &str) -> Result<Self, VaultError> {
        let mut keys: Vec<(String, DataKey)> = Vec::new();
        for (place, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = VaultError::Malformed(place + 1);
            let Some((name, key)) = line.trim().split_once(' ') else { return Err(wrong) };
            match hex::decode(key.trim()).ok().and_then(|key| DataKey::new(&key).ok()) {
                Some(key) if keys.iter().all(|(known, _)| known != name) => {
                    keys.push((name.to_owned(), key));
                }
                _ => return Err(wrong),
            }
        }
        if keys.is_empty() { Err(VaultError::Empty) } else { Ok(Self { keys }) }
    }

    /// Wraps a secret with the first key.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoRandomness`].
    pub fn wrap(&self, about: &str, secret: &[u8]) -> Result<Wrapped, VaultError> {
        let (name, key) = self.keys.first().ok_or(VaultError::Empty)?;
        Ok(Wrapped { key: name.clone(), sealed: key.seal(about, secret)? })
    }

    /// Takes a secret out.
    ///
    /// # Errors
    ///
    /// When its key is gone, or it does not open with it.
    pub fn unwrap(&self, about: &str, wrapped: &Wrapped) -> Result<Vec<u8>, VaultError> {
        let key = self.keys.iter().find(|(name, _)| *name == wrapped.key);
        let (_, key) = key.ok_or_else(|| VaultError::KeyGone(wrapped.key.clone()))?;
        key.open(about, &wrapped.sealed)
    }

    /// The name of the key that wraps.
    #[must_use]
    pub fn first(&self) -> &str {
        self.keys.first().map_or("", |(name, _)| name)
    }
}

/// Makes a fresh secret.
///
/// # Errors
///
/// [`VaultError::NoRandomness`].
pub fn fresh() -> Result<[u8; KEY_BYTES], VaultError> {
    random()
}

fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn line(name: &str, digit: char) -> String {
        format!("{name} {}\n", digit.to_string().repeat(64))
    }

    #[test]
    fn what_was_sealed_opens_about_the_same_and_nowhere_else() {
        let key = DataKey::new(&fresh().unwrap()).unwrap();
        let sealed = key.seal("row 1", "Ông A kể".as_bytes()).unwrap();
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;

        assert_eq!(key.open("row 1", &sealed).unwrap(), "Ông A kể".as_bytes());
        assert!(matches!(key.open("row 2", &sealed), Err(VaultError::DoesNotOpen)));
        assert!(matches!(key.open("row 1", &changed), Err(VaultError::DoesNotOpen)));
        assert!(matches!(key.open("row 1", &sealed[..7]), Err(VaultError::DoesNotOpen)));
        assert_ne!(key.seal("row 1", "Ông A kể".as_bytes()).unwrap(), sealed);
    }

    #[test]
    fn a_new_first_line_wraps_and_the_old_one_still_unwraps() {
        let old = Vault::parse(&line("2018", 'a')).unwrap();
        let wrapped = old.wrap("survey 1", b"secret").unwrap();

        let both = Vault::parse(&(line("2019", 'b') + &line("2018", 'a'))).unwrap();
        let new = Vault::parse(&line("2019", 'b')).unwrap();

        assert_eq!(both.unwrap("survey 1", &wrapped).unwrap(), b"secret");
        let again = both.wrap("survey 1", b"secret").unwrap();
        assert_eq!((again.key.as_str(), both.first()), ("2019", "2019"));
        assert_eq!(new.unwrap("survey 1", &again).unwrap(), b"secret");
        assert!(matches!(new.unwrap("survey 1", &wrapped), Err(VaultError::KeyGone(_))));
    }

    #[test]
    fn a_file_that_is_not_one_says_where() {
        let refused = |text: &str| Vault::parse(text).unwrap_err().to_string();

        assert!(refused(&(line("a", 'a') + "b 12ab")).contains("line 2"));
        assert!(refused(&(line("a", 'a') + &line("a", 'b'))).contains("line 2"));
        assert!(refused(&line("a", 'x')).contains("line 1"));
        assert!(refused("# nothing\n").contains("no key"));
    }

    #[test]
    fn keys_are_not_printed() {
        let vault = Vault::parse(&line("2018", 'a')).unwrap();

        assert_eq!(format!("{vault:?}"), r#"Vault { keys: [("2018", DataKey(***))] }"#);
    }
}
