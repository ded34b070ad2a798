//! How values of other crates' types stand in files, for the JSON Schemas that editors and the workbook
//! go by. `#[schemars(with = "…")]` points here; a bare `String` would let every typing error pass.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A decimal that may be below zero, written as text: `"-1.25"`.
#[derive(Debug)]
pub struct DecimalForm;

impl JsonSchema for DecimalForm {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "format": "decimal", "pattern": "^-?[0-9]{1,15}([.][0-9]{1,9})?$"
        })
    }
}

/// A civil day, written as text: `"2018-06-15"`.
#[derive(Debug)]
pub struct DayForm;

impl JsonSchema for DayForm {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        })
    }
}
