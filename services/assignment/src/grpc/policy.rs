//! How a province reminds, from the contract and back.

use std::ops::RangeInclusive;

use cchc_core::Collector;
use cchc_proto::{
    assignment::v1::{self as pb, Audience as PbAudience},
    convert,
};

use crate::domain::reminder::{Audience, MOST_STEPS, Policy, Step};

impl From<Audience> for PbAudience {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Officer => Self::Officer,
            Audience::Head => Self::Head,
            Audience::Steering => Self::Steering,
            Audience::Chairman => Self::Chairman,
        }
    }
}

impl From<&Policy> for pb::ReminderPolicy {
    fn from(policy: &Policy) -> Self {
        let steps = |steps: &[Step]| steps.iter().map(Into::into).collect();
        Self {
            province_code: policy.province.to_string(),
            steering_unit_code: policy.steering.to_string(),
            grace_working_days: policy.grace_working_days.into(),
            moves_to_working_day: policy.moves_to_working_day,
            send_from_minute: policy.send_from_minute.into(),
            quiet_from_minute: policy.quiet_from_minute.into(),
            sends_on_days_off: policy.sends_on_days_off,
            catch_up_days: policy.catch_up_days.into(),
            acknowledgement_working_days: policy.acknowledgement_working_days.map_or(0, i32::from),
            ordered_steps: steps(&policy.ordered),
            requested_steps: steps(&policy.requested),
            weekly_steps: steps(&policy.weekly),
        }
    }
}

impl From<&Step> for pb::reminder_policy::Step {
    fn from(step: &Step) -> Self {
        Self {
            audience: PbAudience::from(step.audience).into(),
            working_days: step.working_days.into(),
        }
    }
}

/// Reads a policy field by field; whether its parts go together is for `Policy::check` to say.
pub(super) fn read(c: &mut Collector, message: pb::ReminderPolicy) -> Option<Policy> {
    let pb::ReminderPolicy {
        province_code,
        steering_unit_code,
        grace_working_days,
        moves_to_working_day,
        send_from_minute,
        quiet_from_minute,
        sends_on_days_off,
        catch_up_days,
        acknowledgement_working_days,
        ordered_steps,
        requested_steps,
        weekly_steps,
    } = message;
    let province = c.parse("province_code", &province_code);
    let steering = c.parse("steering_unit_code", &steering_unit_code);
    let grace = within(c, "grace_working_days", grace_working_days, 0..=60);
    let send_from = within(c, "send_from_minute", send_from_minute, 0..=1439);
    let quiet_from = within(c, "quiet_from_minute", quiet_from_minute, 1..=1440);
    let catch_up = within(c, "catch_up_days", catch_up_days, 1..=365);
    let held_back =
        within(c, "acknowledgement_working_days", acknowledgement_working_days, 0..=250);
    let ordered = convert::list(c, "ordered_steps", MOST_STEPS, ordered_steps, step);
    let requested = convert::list(c, "requested_steps", MOST_STEPS, requested_steps, step);
    let weekly = convert::list(c, "weekly_steps", MOST_STEPS, weekly_steps, step);
    Some(Policy {
        province: province?,
        steering: steering?,
        grace_working_days: grace?,
        moves_to_working_day,
        send_from_minute: send_from?,
        quiet_from_minute: quiet_from?,
        sends_on_days_off,
        catch_up_days: catch_up?,
        acknowledgement_working_days: held_back.map(|days: u16| Some(days).filter(|n| *n > 0))?,
        ordered: ordered?,
        requested: requested?,
        weekly: weekly?,
    })
}

fn step(c: &mut Collector, message: pb::reminder_policy::Step) -> Option<Step> {
    let pb::reminder_policy::Step { audience, working_days } = message;
    let audience = self::audience(c, audience);
    let working_days = within(c, "working_days", working_days, -60..=250);
    Some(Step { working_days: working_days?, audience: audience? })
}

/// Reads who is reminded.
pub(super) fn audience(c: &mut Collector, audience: i32) -> Option<Audience> {
    convert::choice(c, "audience", audience, |audience| match audience {
        PbAudience::Unspecified => None,
        PbAudience::Officer => Some(Audience::Officer),
        PbAudience::Head => Some(Audience::Head),
        PbAudience::Steering => Some(Audience::Steering),
        PbAudience::Chairman => Some(Audience::Chairman),
    })
}

/// Reads a whole number between two bounds.
fn within<T: TryFrom<i32>>(
    c: &mut Collector,
    field: &str,
    number: i32,
    range: RangeInclusive<i32>,
) -> Option<T> {
    let value = Some(number).filter(|number| range.contains(number));
    let value = value.and_then(|number| T::try_from(number).ok());
    if value.is_none() {
        let (least, most) = (range.start(), range.end());
        let english = format!("must be {least} to {most}");
        c.refuse(field, "OUT_OF_RANGE", english, format!("phải từ {least} đến {most}"));
    }
    value
}
