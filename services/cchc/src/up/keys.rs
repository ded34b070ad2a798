//! Keys and tokens of an installation on one machine: a key pair made once, and a token for everybody
//! who calls, issued anew with every start.

use std::fs;

use cchc_core::{Actor, Clock as _, Role, SystemClock, UnitCode};
use cchc_kit::{
    auth::{Issuer, KeyError, KeyPair},
    vault,
};
use cchc_scoring::catalogue::{Unit, UnitKind};
use time::Duration;

use super::{folder, place::Place};
use crate::{error::CliError, plan_files::PlanFolder};

/// How long a token lasts when nothing is started again.
const LIFETIME: Duration = Duration::days(30);

/// Who works for the province, and what they may do.
const PROVINCE: [(&str, &[Role]); 5] = [
    (
        "operator",
        &[
            Role::RegistryViewer,
            Role::RegistryEditor,
            Role::RegistryPublisher,
            Role::SurveyManager,
            Role::RollupViewer,
            Role::Operator,
        ],
    ),
    ("viewer", &[Role::RollupViewer]),
    ("publisher", &[Role::RollupViewer, Role::RollupPublisher]),
    ("appraiser", &[Role::Appraiser, Role::RollupViewer]),
    ("service", &[Role::Service]),
];

/// A first line of the file of wrapping keys (`cchc_kit::vault`), under a name that no other key has: where the
/// file was lost, the service says which key it lacks.
fn wrapping_key() -> Result<String, CliError> {
    let fresh =
        || vault::fresh().map_err(|error| CliError::said(error.to_string(), error.to_string()));
    let (name, secret) = (hex::encode(fresh()?), hex::encode(fresh()?));
    Ok(format!("k{name:.8} {secret}\n"))
}

/// Makes what is missing of the keys, and issues the tokens.
pub(super) fn make(place: &Place, folder: &PlanFolder) -> Result<(), CliError> {
    let (private, public) = (place.key("private.pem"), place.key("public.pem"));
    if !(private.exists() && public.exists()) {
        let pair = KeyPair::generate().map_err(|error| unusable(&error))?;
        folder::write_secret(&public, &pair.public)?;
        folder::write_secret(&private, &pair.private)?;
    }
    let wrapping = place.key("wrapping.keys");
    if !wrapping.exists() {
        folder::write_secret(&wrapping, &wrapping_key()?)?;
    }
    let issuer = Issuer::new(&fs::read_to_string(&private)?).map_err(|error| unusable(&error))?;
    let issue = |of: &str, unit: &UnitCode, roles: &[Role]| {
        let actor = Actor {
            subject: of.replace('/', "-"),
            unit: unit.clone(),
            roles: roles.iter().copied().collect(),
        };
        let token = issuer.issue(&actor, SystemClock.now(), LIFETIME);
        let token = token.map_err(|error| unusable(&error))?;
        folder::write_secret(&place.token(of), &format!("{token}\n"))
    };
    for (name, roles) in PROVINCE {
        issue(name, &folder.plan.province, roles)?;
    }
    for Unit { code, kind, .. } in &folder.units {
        if *kind != UnitKind::Province {
            issue(&format!("units/{code}"), code, &[Role::AgencyReporter])?;
        }
        if *kind == UnitKind::District {
            issue(&format!("collectors/{code}"), code, &[Role::SurveyCollector])?;
        }
    }
    Ok(())
}

fn unusable(error: &KeyError) -> CliError {
    CliError::said(
        format!(
            "Không dùng được khóa trong thư mục keys ({error}): hãy xóa private.pem và public.pem rồi chạy lại."
        ),
        format!(
            "The keys in the folder keys cannot be used ({error}): remove private.pem and public.pem and run again."
        ),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::path::Path;

    use cchc_kit::auth::Verifier;

    use super::*;

    #[test]
    fn the_wrapping_key_is_made_once_for_its_owner_alone_and_never_twice_the_same() {
        use std::os::unix::fs::PermissionsExt as _;

        let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/plans/quang-ninh-2018");
        let plan = PlanFolder::load(Path::new(plan)).unwrap();
        let made = [0, 1].map(|_| {
            let data = tempfile::tempdir().unwrap();
            let place = Place::open(data.path(), 7100).unwrap();
            let path = place.key("wrapping.keys");
            make(&place, &plan).unwrap();
            let first = fs::read_to_string(&path).unwrap();
            make(&place, &plan).unwrap();

            assert_eq!(fs::read_to_string(&path).unwrap(), first);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            vault::Vault::read(&path).unwrap().first().to_owned()
        });

        assert_ne!(made[0], made[1]);
    }

    #[test]
    fn every_body_gets_a_token_of_its_own_and_keys_are_kept() {
        let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/plans/quang-ninh-2018");
        let (data, plan) =
            (tempfile::tempdir().unwrap(), PlanFolder::load(Path::new(plan)).unwrap());
        let place = Place::open(data.path(), 7100).unwrap();

        make(&place, &plan).unwrap();
        let public = fs::read_to_string(place.key("public.pem")).unwrap();
        make(&place, &plan).unwrap();

        assert_eq!(fs::read_to_string(place.key("public.pem")).unwrap(), public);
        let read = |of: &str| {
            let token = fs::read_to_string(place.token(of)).unwrap();
            Verifier::new(&public).unwrap().verify(token.trim()).unwrap()
        };
        assert_eq!(read("units/06649").unit.as_str(), "06649");
        assert!(read("collectors/193").has(Role::SurveyCollector));
        assert!(!read("viewer").has(Role::Operator));
        let units = fs::read_dir(data.path().join("tokens/units")).unwrap().count();
        assert_eq!(units, 228);
    }
}
