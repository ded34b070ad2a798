//! The secrets of a survey: made when it opens, read in the transaction that needs them (so that a
//! rotation holds for whoever comes after it, in every process), wrapped anew when the operator's key
//! has changed.

use cchc_kit::{
    service::StartError,
    vault::{DataKey, KeyedHash, Vault, VaultError, fresh},
};
use sqlx::PgConnection;

use super::{Asked, SurveyError, Surveys, is_repeat};
use crate::{
    domain::{paradata::RespondentKey, quality::Flag, survey::Survey},
    store::{
        locks,
        paradata::Person,
        secrets::{self, Kept, Purpose, about},
        surveys::Stored,
    },
};

/// What is authenticated with a sealed row.
pub(super) const ABOUT_ROWS: &str = "cchc refused row";

/// What the secret for hashes of contents is made of, under the secret for contents.
const FOR_HASHES: &[u8] = b"cchc hashes of contents";

/// The secrets of a survey, ready for use.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// By generation, the oldest first.
    respondents: Vec<(i16, KeyedHash)>,
    contents: Option<Contents>,
}

/// What keeps the contents of a survey: texts and refused rows.
#[derive(Debug)]
pub(super) struct Contents {
    /// Seals them.
    pub(super) key: DataKey,
    /// Tells whether one is another, so that nobody without the key can try what it says.
    pub(super) hash: KeyedHash,
}

impl Contents {
    fn new(secret: &[u8]) -> Result<Self, VaultError> {
        let of_hashes = KeyedHash::new(secret).of(FOR_HASHES);
        Ok(Self { key: DataKey::new(secret)?, hash: KeyedHash::new(of_hashes.as_ref()) })
    }
}

impl Secrets {
    /// What a respondent's key gives under every generation, the oldest first.
    pub(super) fn persons(&self, key: &RespondentKey) -> Vec<Person> {
        let hashed = self.respondents.iter();
        hashed
            .map(|(generation, hash)| (*generation, hash.of(key.reveal()).as_ref().to_vec()))
            .collect()
    }

    /// What a respondent's key gives under one generation.
    pub(super) fn person(&self, key: &RespondentKey, generation: i16) -> Option<Person> {
        let (_, hash) = self.respondents.iter().find(|(known, _)| *known == generation)?;
        Some((generation, hash.of(key.reveal()).as_ref().to_vec()))
    }

    /// What a refused row said that was sealed.
    pub(super) fn unsealed(&self, received: &[u8]) -> Result<Vec<u8>, VaultError> {
        let contents = self.contents.as_ref().ok_or(VaultError::DoesNotOpen)?;
        contents.key.open(ABOUT_ROWS, received)
    }

    /// What keeps texts and refused rows.
    pub(super) const fn contents(&self) -> Option<&Contents> {
        self.contents.as_ref()
    }
}

impl Surveys {
    /// Reads the secrets of a survey.
    pub(super) async fn secrets(
        &self,
        tx: &mut PgConnection,
        survey_number: i32,
    ) -> Result<Secrets, SurveyError> {
        let mut ready = Secrets::default();
        for kept in secrets::of_survey(tx, survey_number).await? {
            let secret = self.vault()?.unwrap(&kept.about(), &kept.wrapped)?;
            if kept.purpose == Purpose::Contents.as_str() {
                ready.contents = Some(Contents::new(&secret)?);
            } else {
                ready.respondents.push((kept.generation, KeyedHash::new(&secret)));
            }
        }
        Ok(ready)
    }

    /// Makes the secrets that a survey needs.
    pub(super) async fn make_secrets(
        &self,
        tx: &mut PgConnection,
        survey_number: i32,
        survey: &Survey,
    ) -> Result<(), SurveyError> {
        if survey.takes_respondent_keys() {
            self.make_secret(tx, survey_number, Purpose::Respondents, 1).await?;
        }
        if survey.takes_respondent_keys() || survey.takes_texts() {
            self.make_secret(tx, survey_number, Purpose::Contents, 1).await?;
        }
        Ok(())
    }

    async fn make_secret(
        &self,
        tx: &mut PgConnection,
        survey_number: i32,
        purpose: Purpose,
        generation: i16,
    ) -> Result<(), SurveyError> {
        let purpose = purpose.as_str();
        let wrapped = self.vault()?.wrap(&about(survey_number, purpose, generation), &fresh()?)?;
        let kept = Kept { survey_number, purpose: purpose.to_owned(), generation, wrapped };
        Ok(secrets::insert(tx, &kept, self.now()).await?)
    }

    /// Puts a new secret beside those that respondents' keys are hashed with; says its generation.
    ///
    /// While nobody stores responses of the survey: who hashes sees either none or all of it.
    #[tracing::instrument(name = "app.survey.rotate", skip_all, fields(survey.code = %survey.survey.code))]
    pub(crate) async fn rotate(&self, asked: &Asked, survey: &Stored) -> Result<i16, SurveyError> {
        if survey.survey.rule(Flag::SameRespondent).is_none() {
            return Err(SurveyError::NoRespondentKeys(survey.survey.code.clone()));
        }
        let mut tx = self.db.begin().await?;
        locks::end_fieldwork(&mut tx, survey.number).await?;
        let was_asked = is_repeat(&mut tx, asked).await?;
        let kept = secrets::of_survey(&mut tx, survey.number).await?;
        let of_respondents = kept.iter().filter(|one| one.purpose == Purpose::Respondents.as_str());
        let newest = of_respondents.map(|one| one.generation).max().unwrap_or_default();
        if was_asked {
            return Ok(newest);
        }
        self.make_secret(&mut tx, survey.number, Purpose::Respondents, newest + 1).await?;
        tx.commit().await?;
        tracing::info!(generation = newest + 1, "respondents' keys are hashed with a new secret");
        Ok(newest + 1)
    }

    /// Wraps anew what another key than the operator's first wraps.
    pub(crate) async fn rewrap(&self) -> Result<(), StartError> {
        let Some(vault) = &self.vault else { return Ok(()) };
        let mut tx = self.db.begin().await?;
        let otherwise = secrets::wrapped_otherwise(&mut tx, vault.first()).await?;
        for kept in &otherwise {
            let about = kept.about();
            let wrapped = vault.wrap(&about, &vault.unwrap(&about, &kept.wrapped)?)?;
            secrets::rewrap(&mut tx, &Kept { wrapped, ..kept.clone() }).await?;
        }
        tx.commit().await?;
        if !otherwise.is_empty() {
            tracing::info!(secrets = otherwise.len(), "secrets were wrapped anew");
        }
        Ok(())
    }

    /// Whether there is a key to use secrets with.
    pub(super) const fn has_vault(&self) -> bool {
        self.vault.is_some()
    }

    fn vault(&self) -> Result<&Vault, VaultError> {
        self.vault.as_deref().ok_or(VaultError::Empty)
    }
}
