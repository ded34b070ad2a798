//! The live rollup equals its recomputation, whatever the tree and whatever the order of changes.

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeCode, Points};
use cchc_scoring::{
    catalogue::Index,
    tree::{Layer, LayerScores, Score, Scores, Tree},
};
use proptest::prelude::*;
use serde_json::json;

/// A tree from choices of a parent among the nodes already there.
fn index(choices: &[(prop::sample::Index, bool)]) -> Index {
    let mut codes = vec![("0".to_owned(), 0_u32, false)];
    for (choice, is_own) in choices {
        let at = choice.index(codes.len());
        let (parent, children, _) = codes.get_mut(at).unwrap();
        *children += 1;
        let code =
            if parent == "0" { children.to_string() } else { format!("{parent}.{children}") };
        codes.push((code, 0, *is_own));
    }
    let nodes: Vec<_> = codes
        .iter()
        .filter(|(code, ..)| code.len() <= 32)
        .map(|(code, _, is_own)| {
            json!({ "code": code, "title": "", "title_en": "", "source": "self-assessed",
                    "composition": if *is_own { "own" } else { "sum" } })
        })
        .collect();
    serde_json::from_value(json!({
        "code": "T-2018", "year": 2018, "family": "", "title": "", "title_en": "", "unit": "",
        "provenance": "own", "reference": "", "nodes": nodes
    }))
    .unwrap()
}

fn score() -> impl Strategy<Value = Score> {
    let points = (0_i64..20_000_000_000)
        .prop_map(|billionths| Points::new(Decimal::new(billionths, 9)).unwrap());
    (points, 0..4).prop_map(|(points, kind)| match kind {
        0 => Score::UNKNOWN,
        1 => Score::provisional(points),
        2 => Score::at_least(points),
        _ => Score::complete(points),
    })
}

fn layers() -> impl Strategy<Value = LayerScores> {
    proptest::collection::vec((prop::sample::select(Layer::ALL.to_vec()), score()), 0..4).prop_map(
        |all| all.into_iter().fold(LayerScores::default(), |to, (layer, s)| to.with(layer, s)),
    )
}

fn tree() -> impl Strategy<Value = Index> {
    let choice = (any::<prop::sample::Index>(), prop::bool::weighted(0.15));
    proptest::collection::vec(choice, 0..40).prop_map(|choices| index(&choices))
}

type Changes = Vec<(prop::sample::Index, LayerScores)>;

fn changes() -> impl Strategy<Value = Changes> {
    proptest::collection::vec((any::<prop::sample::Index>(), layers()), 0..60)
}

fn code_at(index: &Index, at: prop::sample::Index) -> NodeCode {
    index.nodes.get(at.index(index.nodes.len())).unwrap().code.clone()
}

proptest! {
    #[test]
    fn changes_one_by_one_give_what_all_at_once_give(tree in tree(), changes in changes()) {
        let mut leaves = BTreeMap::new();
        let shape = Tree::of(&tree);
        let mut live = shape.roll_up(&leaves);

        for (at, given) in changes {
            let code = code_at(&tree, at);
            shape.change(&mut live, &code, given);
            leaves.insert(code, given);
        }

        prop_assert_eq!(live, shape.roll_up(&leaves));
    }

    #[test]
    fn the_order_of_changes_to_different_nodes_does_not_matter(
        tree in tree(),
        (changes, order) in changes().prop_flat_map(|changes| {
            let order = Just((0..changes.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(changes), order)
        }),
    ) {
        let mut last: BTreeMap<NodeCode, LayerScores> = BTreeMap::new();
        for (at, given) in &changes {
            last.insert(code_at(&tree, *at), *given);
        }
        let mut shuffled: Vec<_> = last.iter().enumerate().collect();
        shuffled.sort_by_key(|(at, _)| order.get(*at).copied());
        let shape = Tree::of(&tree);
        let mut live = shape.roll_up([]);

        for (_, (code, given)) in shuffled {
            shape.change(&mut live, code, *given);
        }

        prop_assert_eq!(live, shape.roll_up(&last));
    }

    #[test]
    fn stored_scores_read_back_as_they_were(tree in tree(), changes in changes()) {
        let leaves: BTreeMap<_, _> =
            changes.into_iter().map(|(at, given)| (code_at(&tree, at), given)).collect();
        let scores = Tree::of(&tree).roll_up(&leaves);

        let stored = scores.iter().map(|(code, score)| (code, serde_json::to_value(score).unwrap()));

        let read = stored.map(|(code, score)| (code.clone(), serde_json::from_value(score).unwrap()));
        prop_assert_eq!(read.collect::<Scores>(), scores.clone());
    }
}
