//! Points that a person assessed: taken over as they are.

use cchc_core::Points;

use super::Input;
use crate::derivation::Steps;

pub(super) fn evaluate(input: &Input, steps: &mut Steps) -> Option<Points> {
    let Input::Assessed { points } = input else {
        steps.no_input(input);
        return None;
    };
    steps.add("Điểm được chấm", "points assessed", points.get());
    Some(*points)
}
