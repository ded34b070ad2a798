//! Who says so: the four layers of a score, and the best figure among them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Score;

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Layer {
    /// The unit of itself: tự đánh giá.
    #[serde(rename = "self")]
    SelfAssessed,
    /// Whoever appraises it: thẩm định.
    #[serde(rename = "appraised")]
    Appraised,
    /// Citizens and officials asked, also by another index that a node follows: điều tra xã hội học.
    #[serde(rename = "survey")]
    Survey,
    /// The owner of the index: công bố.
    #[serde(rename = "published")]
    Published,
}

/// The order in which a layer is believed when a single figure is wanted.
pub const ESTIMATE_ORDER: [Layer; 4] =
    [Layer::Published, Layer::Appraised, Layer::Survey, Layer::SelfAssessed];

/// The word is not a layer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a layer")]
pub struct UnknownLayer(pub String);

impl Layer {
    /// Every layer, in the order in which a year brings them.
    pub const ALL: [Self; 4] = [Self::SelfAssessed, Self::Appraised, Self::Survey, Self::Published];

    /// The word of contracts and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SelfAssessed => "self",
            Self::Appraised => "appraised",
            Self::Survey => "survey",
            Self::Published => "published",
        }
    }

    /// The Vietnamese label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::SelfAssessed => "Tự đánh giá",
            Self::Appraised => "Thẩm định",
            Self::Survey => "Điều tra xã hội học",
            Self::Published => "Công bố",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Layer {
    type Err = UnknownLayer;

    fn from_str(text: &str) -> Result<Self, UnknownLayer> {
        let known = Self::ALL.into_iter().find(|layer| layer.as_str() == text);
        known.ok_or_else(|| UnknownLayer(text.to_owned()))
    }
}

/// What an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Basis {
    /// One layer throughout.
    One(Layer),
    /// Several layers added up.
    Mixed,
}

impl Basis {
    /// The word of contracts and files: a layer's, or `mixed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One(layer) => layer.as_str(),
            Self::Mixed => "mixed",
        }
    }

    /// The Vietnamese label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::One(layer) => layer.label(),
            Self::Mixed => "Kết hợp nhiều nguồn",
        }
    }

    /// What figures of two bases rest on together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        if self == other { self } else { Self::Mixed }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Basis {
    type Err = UnknownLayer;

    fn from_str(text: &str) -> Result<Self, UnknownLayer> {
        if text == Self::Mixed.as_str() { Ok(Self::Mixed) } else { text.parse().map(Self::One) }
    }
}

impl TryFrom<String> for Basis {
    type Error = UnknownLayer;

    fn try_from(text: String) -> Result<Self, UnknownLayer> {
        text.parse()
    }
}

impl From<Basis> for String {
    fn from(basis: Basis) -> Self {
        basis.as_str().to_owned()
    }
}

/// The best figure there is for a node, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The figure.
    pub score: Score,
    /// Which layer or layers gave it.
    pub basis: Basis,
}

impl Estimate {
    /// Adds up the estimates of children; nothing when none of them has any.
    pub fn sum<I>(children: I) -> Option<Self>
    where
        I: IntoIterator<Item = Option<Self>, IntoIter: Clone>,
    {
        let children = children.into_iter();
        let rests_on = children.clone().flatten().map(|child| child.basis).reduce(Basis::with);
        Some(Self {
            score: Score::sum(children.map(|child| Some(child?.score)))?,
            basis: rests_on?,
        })
    }
}

/// A node's score in each layer; a layer that has said nothing is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LayerScores {
    /// Tự đánh giá.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_assessed: Option<Score>,
    /// Thẩm định.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appraised: Option<Score>,
    /// Điều tra xã hội học.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub survey: Option<Score>,
    /// Công bố.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Score>,
}

impl LayerScores {
    /// The score of a layer.
    #[must_use]
    pub const fn get(&self, layer: Layer) -> Option<Score> {
        match layer {
            Layer::SelfAssessed => self.self_assessed,
            Layer::Appraised => self.appraised,
            Layer::Survey => self.survey,
            Layer::Published => self.published,
        }
    }

    /// Puts the score of a layer, leaving the other layers as they are.
    pub const fn set(&mut self, layer: Layer, score: Option<Score>) {
        match layer {
            Layer::SelfAssessed => self.self_assessed = score,
            Layer::Appraised => self.appraised = score,
            Layer::Survey => self.survey = score,
            Layer::Published => self.published = score,
        }
    }

    /// The same scores with one layer's put, for building.
    #[must_use]
    pub const fn with(mut self, layer: Layer, score: Score) -> Self {
        self.set(layer, Some(score));
        self
    }

    /// The first layer of the order that has points; failing that, the first that has anything.
    #[must_use]
    pub fn estimate(&self, order: &[Layer]) -> Option<Estimate> {
        let known = || {
            order.iter().filter_map(|layer| {
                let score = self.get(*layer)?;
                Some(Estimate { score, basis: Basis::One(*layer) })
            })
        };
        known().find(|estimate| estimate.score.points.is_some()).or_else(|| known().next())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn the_words_of_layers_and_bases_read_back() {
        for layer in Layer::ALL {
            assert_eq!(layer.as_str().parse(), Ok(layer));
            assert_eq!(serde_json::to_value(layer).unwrap(), layer.as_str());
            assert_eq!(layer.as_str().parse(), Ok(Basis::One(layer)));
            assert_eq!(layer.to_string(), layer.as_str());
            assert_eq!(Basis::One(layer).to_string(), layer.as_str());
        }
        assert_eq!(Basis::Mixed.to_string(), "mixed");
        assert_eq!(serde_json::from_str::<Basis>("\"mixed\"").unwrap(), Basis::Mixed);
        assert!("best".parse::<Basis>().is_err());
    }

    #[test]
    fn officials_read_layers_and_bases_in_vietnamese() {
        let labels = Layer::ALL.map(Layer::label);

        assert_eq!(labels, ["Tự đánh giá", "Thẩm định", "Điều tra xã hội học", "Công bố"]);
        assert_eq!(Layer::ALL.map(|layer| Basis::One(layer).label()), labels);
        assert_eq!(Basis::Mixed.label(), "Kết hợp nhiều nguồn");
    }

    #[test]
    fn what_is_published_is_believed_first_and_erases_nothing() {
        let own = Score::complete("9.5".parse().unwrap());
        let published = Score::complete("8.9".parse().unwrap());
        let mut scores = LayerScores::default().with(Layer::SelfAssessed, own);

        let before = scores.estimate(&ESTIMATE_ORDER).unwrap();
        scores.set(Layer::Published, Some(published));
        let after = scores.estimate(&ESTIMATE_ORDER).unwrap();

        assert_eq!(before, Estimate { score: own, basis: Basis::One(Layer::SelfAssessed) });
        assert_eq!(after, Estimate { score: published, basis: Basis::One(Layer::Published) });
        assert_eq!(scores.get(Layer::SelfAssessed), Some(own));
    }

    #[test]
    fn a_layer_without_points_gives_way_to_one_with() {
        let own = Score::complete("9.5".parse().unwrap());
        let scores = LayerScores::default()
            .with(Layer::Published, Score::UNKNOWN)
            .with(Layer::SelfAssessed, own);

        assert_eq!(scores.estimate(&ESTIMATE_ORDER).unwrap().score, own);
    }
}
