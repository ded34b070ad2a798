//! A row that asks for a number.

use cchc_core::{Decimal, parse_decimal};
use cchc_scoring::questionnaire::{MOST_PLACES, MOST_UNIT_CHARACTERS, Question, Range};

use super::{
    super::{
        Row,
        bounds::{Bounds, PARAMETERS, USUAL_PLACES, WIDE},
        kinds::Kind,
    },
    Building,
};

impl Building<'_> {
    pub(super) fn number(&mut self, row: &Row, kind: &Kind<'_>, question: &mut Question) {
        let is_decimal = *kind == Kind::Decimal;
        let given = Bounds::of(kind, self.sheet.cell(row, PARAMETERS));
        if !given.is_by_one {
            self.tell(
                row,
                PARAMETERS,
                "bước nhảy của thanh trượt không được giữ",
                "the step of the range is not kept",
            );
        }
        let places = self.sheet.cell(row, "places").parse().ok().filter(|p| *p <= MOST_PLACES);
        let bound = |column| parse_decimal(self.sheet.cell(row, column)).ok();
        let (least, most) = (bound("least").or(given.least), bound("most").or(given.most));
        if is_decimal && places.is_none() {
            self.tell(
                row,
                "places",
                "không nêu số chữ số thập phân; lấy là 2",
                "states no places behind the point; there are 2",
            );
        }
        if least.is_none() || most.is_none() {
            self.tell(
                row,
                "least",
                "không nêu giới hạn (cột least, most); lấy là ±1.000.000.000",
                "states no bounds (columns least, most); they are ±1,000,000,000",
            );
        }
        let unit = self.sheet.cell(row, "number_unit");
        if unit.chars().count() > MOST_UNIT_CHARACTERS {
            self.tell(
                row,
                "number_unit",
                "đơn vị tính quá dài nên không được giữ",
                "the unit is too long and is not kept",
            );
        } else {
            unit.clone_into(&mut question.number_unit);
        }
        question.range = Some(Range {
            least: least.unwrap_or_else(|| Decimal::from(-WIDE)),
            most: most.unwrap_or_else(|| Decimal::from(WIDE)),
            places: places.unwrap_or(if is_decimal { USUAL_PLACES } else { 0 }),
        });
    }
}
