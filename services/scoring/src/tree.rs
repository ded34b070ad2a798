//! How scores add up: layers that never overwrite one another, sums that never guess.
//!
//! Within a year a province can only estimate: it assesses itself, is appraised, asks citizens, and
//! learns in May of the next year what was published. Each is a layer of its own. A sum over children
//! of which one is unknown is unknown; what is known of it is a lower bound and says so. What an edition
//! takes out of the denominator is told by every sum above: points are added up as they are, and scaled
//! only where they are compared with a target.

mod layer;
mod roll_up;
mod score;
mod scores;

pub use layer::{Basis, ESTIMATE_ORDER, Estimate, Layer, LayerScores, UnknownLayer};
pub use roll_up::{NodeScore, Tree};
pub use score::{Score, display, ratio_percent};
pub use scores::Scores;
