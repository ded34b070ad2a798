//! The scores of an index's nodes, side by side in the order of their codes.
//!
//! One block of memory for a whole index: a score is half a kilobyte, and most of the time of a roll-up
//! once went into moving scores about while a search tree was built of them. A node's score is looked for
//! first where its [`Tree`](super::Tree) has the node, so that a roll-up hardly compares codes.

use cchc_core::NodeCode;

use super::NodeScore;

/// The scores of an index's nodes, by code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scores(Vec<(NodeCode, NodeScore)>);

impl Scores {
    /// Nodes of which nothing is known, in the order of their codes.
    pub(super) fn unknown<'a>(codes: impl Iterator<Item = &'a NodeCode>) -> Self {
        Self(codes.map(|code| (code.clone(), NodeScore::default())).collect())
    }

    /// The score of a node.
    #[must_use]
    pub fn get(&self, code: &NodeCode) -> Option<&NodeScore> {
        self.near(0, code)
    }

    /// Puts the score of a node.
    pub fn insert(&mut self, code: &NodeCode, score: NodeScore) {
        *self.entry(self.0.len(), code) = score;
    }

    /// Every node that has a score, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = (&NodeCode, &NodeScore)> {
        self.0.iter().map(|(code, score)| (code, score))
    }

    /// The score of a node that is likely to stand at a place.
    pub(super) fn near(&self, place: usize, code: &NodeCode) -> Option<&NodeScore> {
        let at = self.find(place, code).ok()?;
        self.0.get(at).map(|(_, score)| score)
    }

    /// The score of a node that is likely to stand at a place, to be written; of a node that had none
    /// nothing is known.
    #[expect(clippy::indexing_slicing, reason = "the place was found, or has just been made")]
    pub(super) fn entry(&mut self, place: usize, code: &NodeCode) -> &mut NodeScore {
        let at = self.find(place, code).unwrap_or_else(|at| {
            self.0.insert(at, (code.clone(), NodeScore::default()));
            at
        });
        &mut self.0[at].1
    }

    fn find(&self, place: usize, code: &NodeCode) -> Result<usize, usize> {
        match self.0.get(place) {
            Some((there, _)) if there == code => Ok(place),
            _ => self.0.binary_search_by(|(there, _)| there.cmp(code)),
        }
    }
}

impl FromIterator<(NodeCode, NodeScore)> for Scores {
    /// Takes scores in any order; of several for one node the last stands.
    fn from_iter<I: IntoIterator<Item = (NodeCode, NodeScore)>>(scores: I) -> Self {
        let mut taken = Self::default();
        scores.into_iter().for_each(|(code, score)| taken.insert(&code, score));
        taken
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::tree::{Layer, LayerScores, Score};

    fn of(text: &str) -> (NodeCode, NodeScore) {
        let points = Score::complete("1".parse().unwrap());
        let given = LayerScores::default().with(Layer::Survey, points);
        (text.parse().unwrap(), NodeScore { given, ..NodeScore::default() })
    }

    #[test]
    fn scores_stand_in_the_order_of_their_codes_however_they_came() {
        let scores: Scores = ["10", "2.9", "0", "2.10", "2"].map(of).into_iter().collect();

        let order: Vec<&str> = scores.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(order, ["0", "2", "2.9", "2.10", "10"]);
    }

    #[test]
    fn a_score_is_found_wherever_it_was_thought_to_stand() {
        let scores: Scores = ["0", "1", "2"].map(of).into_iter().collect();
        let (code, score) = of("1");

        for place in 0..5 {
            assert_eq!(scores.near(place, &code), Some(&score), "{place}");
        }
        assert_eq!(scores.get(&"3".parse().unwrap()), None);
    }

    #[test]
    fn of_several_scores_of_a_node_the_last_stands() {
        let (code, first) = of("1");
        let last = NodeScore::default();

        let scores: Scores =
            [(code.clone(), first), of("2"), (code.clone(), last)].into_iter().collect();

        assert_eq!(scores.get(&code), Some(&last));
        assert_eq!(scores.iter().count(), 2);
    }
}
