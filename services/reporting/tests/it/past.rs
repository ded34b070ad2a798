//! A world whose producers recorded some facts at one instant and others later.

use cchc_proto::source::v1::Event;
use time::{Duration, OffsetDateTime};

use crate::{producer::serve_over, world::World};

/// What producers recorded at an instant, by their names.
pub type Recorded = [(&'static str, Vec<Event>); 3];

pub struct Past {
    pub world: World,
    /// When the first of it had been recorded, and nothing else.
    pub early: OffsetDateTime,
    /// When all of it had been.
    pub late: OffsetDateTime,
    since: Recorded,
}

impl Past {
    /// A world that has heard the first of it.
    pub async fn new(before: Recorded, since: Recorded) -> Self {
        // Instants are read to the microsecond.
        let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
        let (early, late) = (now - Duration::hours(2), now - Duration::hours(1));
        let mut addresses = Vec::new();
        for ((name, first), (_, then)) in before.iter().zip(&since) {
            let first = first.iter().map(|event| (early, event.clone()));
            let then = then.iter().map(|event| (late, event.clone()));
            addresses.push(((*name).to_owned(), serve_over(first.chain(then).collect()).await));
        }
        let world = World::with(|config| config.producers.extend(addresses)).await;
        for (name, events) in before {
            world.hear(name, events).await;
        }
        Self { world, early, late, since }
    }

    /// Hears what was recorded since.
    pub async fn go_on(&self) {
        for (name, events) in self.since.clone() {
            self.world.hear(name, events).await;
        }
    }
}
