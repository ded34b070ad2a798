//! Who calls, and which units they reach: put before the handler by the gate, used up by the handler.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use cchc_core::{Actor, Fault, Kind, UnitCode};
use cchc_proto::policy::v1::policy::Scope;
use tonic::{Request, Status};

use crate::{db::DbError, policy::Policy, units::Units};

/// Who calls, as the gate found them, with the policy of what they call.
#[derive(Clone)]
pub struct Caller {
    actor: Arc<Actor>,
    policy: Policy,
    units: Units,
    /// Whether the handler asked for the reach that the policy demands. A handler that forgets is
    /// found out by the gate, which then gives no answer.
    asked: Arc<AtomicBool>,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("actor", &self.actor).finish_non_exhaustive()
    }
}

/// The unit is not the caller's to reach.
#[derive(Debug, thiserror::Error)]
pub enum OutOfReach {
    /// Another's unit.
    #[error("unit {unit} does not lie within {own}, for which you act")]
    Unit {
        /// The unit asked for.
        unit: UnitCode,
        /// The caller's.
        own: UnitCode,
    },
    /// The hierarchy cannot be read.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for OutOfReach {
    fn kind(&self) -> Kind {
        match self {
            Self::Unit { .. } => Kind::Denied,
            Self::Db(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unit { .. } => "UNIT_NOT_YOURS",
            Self::Db(error) => error.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Unit { unit, own } => {
                format!("đơn vị {unit} không thuộc phạm vi của {own} mà bạn đại diện")
            }
            Self::Db(error) => error.vietnamese(),
        }
    }
}

impl Caller {
    pub(super) fn new(actor: Arc<Actor>, policy: Policy, units: Units) -> Self {
        // A resource of nobody needs no reach.
        let asked = Arc::new(AtomicBool::new(policy.scope == Scope::Any));
        Self { actor, policy, units, asked }
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Refuses a unit that the method's policy does not let this caller reach.
    ///
    /// With scope `SUBTREE` the unit must be the caller's or below it; with `PROVINCE` the caller's
    /// must be the province given or lie within it; with `ANY` every unit is reached.
    pub async fn reach(&self, unit: &UnitCode) -> Result<(), OutOfReach> {
        self.reach_either(unit, &[]).await
    }

    /// Refuses something of a unit that the caller reaches neither through that unit nor through one of the others
    /// that have a part in it. The refusal names the unit whose it is.
    pub async fn reach_either(
        &self,
        unit: &UnitCode,
        others: &[&UnitCode],
    ) -> Result<(), OutOfReach> {
        self.asked.store(true, Ordering::Relaxed);
        let own = &self.actor.unit;
        for unit in std::iter::once(unit).chain(others.iter().copied()) {
            let reached = match self.policy.scope {
                Scope::Any => true,
                Scope::Subtree => self.units.is_within(unit, own).await?,
                Scope::Province => self.units.is_within(own, unit).await?,
                Scope::Unspecified => false,
            };
            if reached {
                return Ok(());
            }
        }
        tracing::warn!(actor.subject = %self.actor.subject, actor.unit = %own, unit.code = %unit, "out of reach");
        Err(OutOfReach::Unit { unit: unit.clone(), own: own.clone() })
    }

    /// Tells the gate that there was nothing to reach: what was asked for does not exist, or no row
    /// came to be checked.
    pub fn reach_nothing(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Takes who calls from a request that passed the gate.
pub fn caller<T>(request: &Request<T>) -> Result<Caller, Status> {
    request.extensions().get::<Caller>().cloned().ok_or_else(|| Status::internal("internal error"))
}
