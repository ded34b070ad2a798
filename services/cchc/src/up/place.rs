//! Where everything of an installation is: its folder, its files, its addresses.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use super::folder;
use crate::error::CliError;

/// The services, in the order of their ports and of their start.
pub(crate) const SERVICES: [&str; 4] = ["registry", "assignment", "survey", "reporting"];
/// The services listen above this port when nothing else is said.
pub(crate) const USUAL_PORTS: u16 = 7100;
/// How far pages and metrics are above gRPC.
const PAGES: u16 = 100;

/// Where everything of an installation is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    data: PathBuf,
    ports_from: u16,
}

impl Place {
    /// Opens the folder, and makes what of it nobody else may enter.
    pub(crate) fn open(data: &Path, ports_from: u16) -> Result<Self, CliError> {
        let place = Self { data: folder::open(data)?, ports_from };
        for inner in ["keys", "tokens", "tokens/units", "tokens/collectors"] {
            folder::private(&place.data.join(inner))?;
        }
        Ok(place)
    }

    /// The folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// A file among the keys.
    pub(crate) fn key(&self, name: &str) -> PathBuf {
        self.data.join("keys").join(name)
    }

    /// A token by whom it is for: `operator`, `units/193`, `collectors/193`.
    pub(crate) fn token(&self, of: &str) -> PathBuf {
        self.data.join(format!("tokens/{of}.token"))
    }

    /// Where a service listens for gRPC.
    pub(crate) fn listen(&self, service: &str) -> SocketAddr {
        let above = SERVICES.iter().zip(1..).find(|(name, _)| **name == service);
        let above: u16 = above.map_or(0, |(_, above)| above);
        (Ipv4Addr::LOCALHOST, self.ports_from + above).into()
    }

    /// Where a service shows pages and metrics.
    pub(crate) fn listen_http(&self, service: &str) -> SocketAddr {
        let grpc = self.listen(service);
        (Ipv4Addr::LOCALHOST, grpc.port() + PAGES).into()
    }

    /// The address of a service's gRPC.
    pub(crate) fn grpc(&self, service: &str) -> String {
        format!("http://{}", self.listen(service))
    }

    /// The address of a service's pages.
    pub(crate) fn pages(&self, service: &str) -> String {
        format!("http://{}", self.listen_http(service))
    }

    /// Refuses to start where somebody else listens already, before anything was started.
    pub(crate) fn ports_are_free(&self) -> Result<(), CliError> {
        let all = SERVICES.iter().flat_map(|name| [self.listen(name), self.listen_http(name)]);
        for address in all {
            TcpListener::bind(address).map_err(|error| taken(address, &error))?;
        }
        Ok(())
    }
}

fn taken(address: SocketAddr, error: &io::Error) -> CliError {
    CliError::unusable(
        format!(
            "Không dùng được cổng {address} ({error}). Nếu một `cchc up` khác đang chạy thì hãy dừng nó; nếu không, hãy chọn dãy cổng khác, ví dụ --ports-from 8100."
        ),
        format!(
            "Port {address} cannot be used ({error}). If another `cchc up` runs, stop it; else choose other ports, such as --ports-from 8100."
        ),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::say::Lang;

    #[test]
    fn ports_follow_each_other_from_the_one_that_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::open(folder.path(), USUAL_PORTS).unwrap();

        assert_eq!(place.grpc("registry"), "http://127.0.0.1:7101");
        assert_eq!(place.grpc("reporting"), "http://127.0.0.1:7104");
        assert_eq!(place.pages("reporting"), "http://127.0.0.1:7204");
    }

    #[test]
    fn a_port_that_is_taken_is_named_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let somebody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = somebody.local_addr().unwrap().port();
        let place = Place::open(folder.path(), port - 1).unwrap();

        let refused = place.ports_are_free().unwrap_err().say(Lang::En).concat();

        assert!(
            refused.contains(&port.to_string()) && refused.contains("--ports-from"),
            "{refused}"
        );
    }
}
