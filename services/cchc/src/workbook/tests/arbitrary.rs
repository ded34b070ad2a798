//! Documents of every form that the schema allows, so that a field added tomorrow is tried tomorrow.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::{
    cell::{parse, render},
    join::{Row, join_rows},
    layout,
    layout::{Column, Table},
    rows::{Cells, split},
    shape::{Field, Scalar, Shape, of_schema},
};
use crate::plan_files::PlanFolder;

/// Where choices come from, and a number that never comes twice.
struct Dice {
    throws: Vec<u32>,
    count: usize,
}

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.count += 1;
        let throw = self.throws[self.count % self.throws.len()];
        (throw as usize).wrapping_add(self.count) % most
    }

    fn scalar(&mut self, scalar: &Scalar) -> Value {
        let n = self.below(40) + 1;
        match scalar {
            Scalar::Text => ["Đề án 06", "=A1", "1.10", "Sở “Nội vụ”; ban, ngành"][n % 4].into(),
            Scalar::Code { pattern, .. } => {
                let form = regex_lite::Regex::new(pattern).unwrap();
                let unique = self.count;
                [
                    format!("C{unique}"),
                    format!("{}.{n}", unique % 9999),
                    format!("C{n}/{n}.10"),
                    "2018-6M".into(),
                ]
                .into_iter()
                .find(|text| form.is_match(text))
                .unwrap_or_else(|| panic!("no text of the form {pattern}"))
                .into()
            }
            Scalar::Exact { pattern } => {
                let sign = if pattern.contains("-?") && n.is_multiple_of(2) { "-" } else { "" };
                format!("{sign}{n}.{}", ["50", "28", "123456789", "00", "1"][n % 5]).into()
            }
            Scalar::Day => format!("{}-0{}-1{}", 1890 + 7 * n, n % 9 + 1, n % 10).into(),
            Scalar::Whole { least, most } => i64::try_from(n).unwrap().clamp(*least, *most).into(),
            Scalar::Flag => n.is_multiple_of(2).into(),
            Scalar::Choice(words) => words[n % words.len()].word.clone().into(),
            Scalar::Json => json!([{ "a": [n, "x"] }]),
        }
    }

    fn value(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::One(scalar) => self.scalar(scalar),
            Shape::Some(scalar) => (0..=self.below(3)).map(|_| self.scalar(scalar)).collect(),
            Shape::Rows(item) => (0..=self.below(3)).map(|_| self.value(item)).collect(),
            Shape::Record(fields) => Value::Object(self.fields(fields)),
            Shape::Tagged { tag, variants } => {
                let variant = &variants[self.below(variants.len())];
                let mut record = self.fields(&variant.fields);
                record.insert(tag.clone(), variant.word.word.clone().into());
                Value::Object(record)
            }
            Shape::Either(fields) => {
                let field = &fields[self.below(fields.len())];
                match field.shape {
                    Shape::One(Scalar::Flag) => field.name.clone().into(),
                    _ => json!({ field.name.clone(): self.value(&field.shape) }),
                }
            }
        }
    }

    fn fields(&mut self, fields: &[Field]) -> Map<String, Value> {
        let mut record = Map::new();
        for field in fields {
            if field.is_required || self.below(3) > 0 {
                let value = self.value(&field.shape);
                if field.is_required || value != json!({}) {
                    record.insert(field.name.clone(), value);
                }
            }
        }
        record
    }
}

/// The cells of a row, written and read.
fn through_cells(table: &Table, cells: &Cells) -> Row {
    let read = |column: &Column| -> Option<(String, Value)> {
        let cell = render(column, cells.get(&column.name)?);
        Some((column.name.clone(), parse(column, &cell).unwrap()?))
    };
    let places: BTreeMap<_, _> =
        table.all().map(|column| (column.name.clone(), (Rc::from(""), 0, 0))).collect();
    let refused = BTreeSet::default();
    Row { places, cells: table.all().filter_map(read).collect(), refused }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_document_of_the_schema_comes_back_from_its_cells(
        throws in proptest::collection::vec(any::<u32>(), 97),
    ) {
        let schema: Value = schemars::schema_for!(PlanFolder).into();
        let document = Dice { throws, count: 0 }.value(&of_schema(&schema));
        let tables = layout();

        let rows = split(&tables, &document);
        let rows: Vec<Vec<Row>> = tables
            .iter()
            .zip(&rows)
            .map(|(table, rows)| rows.iter().map(|row| through_cells(table, row)).collect())
            .collect();
        let joined = join_rows(&tables, &rows);

        let said: Vec<_> = joined.faults.iter().map(|fault| &fault.words.en).collect();
        prop_assert!(said.is_empty(), "{:?}", said);
        prop_assert_eq!(joined.document, document);
    }
}
