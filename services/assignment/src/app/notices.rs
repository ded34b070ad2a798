//! What people do about notices: read them, acknowledge them; and what operators do: say how to remind.

use cchc_core::{Collector, UnitCode};
use cchc_kit::{db::DbError, outbox};
use uuid::Uuid;

use super::{App, Command, CommandError, Listed};
use crate::{
    domain::reminder::{Acknowledgement, Notice, Policy},
    events::tell,
    store::{Page, notices, reminders, turns},
};

impl App {
    /// Loads how a province reminds; says which version it is now.
    #[tracing::instrument(name = "app.reminders.load", skip_all, fields(province = %policy.province))]
    pub(crate) async fn load_policy(
        &self,
        command: &Command,
        policy: &Policy,
    ) -> Result<i64, CommandError> {
        let mut c = Collector::new();
        c.at("policy", |c| policy.check(c));
        c.finish(Some(()))?;
        let mut tx = self.db.begin().await?;
        turns::alone(&mut tx, "reminders").await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let version = match reminders::policy(&mut tx, &policy.province).await? {
            Some((version, known)) if is_repeat || known == *policy => version,
            known => {
                let version = known.map_or(1, |(version, _)| version + 1);
                let (loader, at) = (&command.actor.subject, self.clock.now());
                reminders::insert_policy(&mut tx, policy, version, loader, at).await?;
                version
            }
        };
        tx.commit().await?;
        Ok(version)
    }

    /// Reads how a province reminds.
    pub(crate) async fn policy(&self, province: &UnitCode) -> Result<Policy, CommandError> {
        let mut tx = self.db.begin().await?;
        let policy = reminders::policy(&mut tx, province).await?;
        policy
            .map(|(_, policy)| policy)
            .ok_or_else(|| CommandError::PolicyNotFound(province.clone()))
    }

    /// Lists notices to a unit and those below it, the newest first.
    pub(crate) async fn list_notices(
        &self,
        within: &UnitCode,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Listed<Notice>, DbError> {
        let mut tx = self.db.begin().await?;
        let items = notices::list(&mut tx, within, Page { after, limit: size + 1 }).await?;
        Ok(Listed::cut(items, size))
    }

    /// Reads a notice.
    pub(crate) async fn notice(&self, id: Uuid) -> Result<Notice, CommandError> {
        let mut tx = self.db.begin().await?;
        notices::present(&mut tx, id).await?.ok_or(CommandError::NoticeNotFound(id))
    }

    /// Says that a notice was read and is acted on. The first to say so stands.
    #[tracing::instrument(name = "app.notice.acknowledge", skip_all, fields(notice.id = %id))]
    pub(crate) async fn acknowledge_notice(
        &self,
        command: &Command,
        id: Uuid,
        note: String,
    ) -> Result<Notice, CommandError> {
        let mut tx = self.db.begin().await?;
        // A tick that runs at the same moment either sees the acknowledgement or came before it.
        turns::alone(&mut tx, "reminders").await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let notice = notices::present(&mut tx, id).await?;
        let mut notice = notice.ok_or(CommandError::NoticeNotFound(id))?;
        if is_repeat || notice.acknowledgement.is_some() {
            tx.commit().await?;
            return Ok(notice);
        }
        let (by, at) = (command.actor.subject.clone(), self.clock.now());
        let said = Acknowledgement { by, note, at };
        let event_id = self.ids.next().into();
        notices::acknowledge(&mut tx, id, &said, event_id).await?;
        notice.acknowledgement = Some(said);
        outbox::record(&mut tx, event_id, &tell::notice_acknowledged(&notice), at).await?;
        tx.commit().await?;
        Ok(notice)
    }
}
