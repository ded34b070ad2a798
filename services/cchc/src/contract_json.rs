//! Any message of the contracts as JSON: the same fields under the same names, so that the contract's
//! comments document `--json` too.
//!
//! Friendlier than protobuf's own mapping where that serves machines only: exact numbers are strings,
//! days `2018-06-15`, instants RFC 3339, counts plain numbers.

use std::sync::LazyLock;

use cchc_proto::{FILE_DESCRIPTOR_SET, convert};
use prost::{Message, Name};
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value,
};
use serde_json::{Map, Value as Json, json};
use time::format_description::well_known::Rfc3339;

static CONTRACTS: LazyLock<Option<DescriptorPool>> =
    LazyLock::new(|| DescriptorPool::decode(FILE_DESCRIPTOR_SET).ok());

/// Writes a message; null for one that is not of the contracts, which no caller has.
pub fn json<M: Message + Name>(message: &M) -> Json {
    let descriptor = CONTRACTS.as_ref().and_then(|all| all.get_message_by_name(&M::full_name()));
    let read = descriptor.and_then(|descriptor| {
        DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).ok()
    });
    read.as_ref().map_or(Json::Null, object)
}

fn object(message: &DynamicMessage) -> Json {
    match message.descriptor().full_name() {
        "cchc.common.v1.Decimal" => json!(text(message, "value")),
        "cchc.common.v1.Date" => {
            let [year, month, day] = ["year", "month", "day"].map(|part| whole(message, part));
            json!(format!("{year:04}-{month:02}-{day:02}"))
        }
        "google.protobuf.Timestamp" => instant(message),
        _ => {
            let descriptor = message.descriptor();
            // What may be absent and is, is left out; a plain zero or empty text is told.
            let told = descriptor
                .fields()
                .filter(|field| !field.supports_presence() || message.has_field(field));
            let fields: Map<String, Json> = told
                .map(|field| (field.name().to_owned(), value(&message.get_field(&field), &field)))
                .collect();
            Json::Object(fields)
        }
    }
}

fn value(value: &Value, field: &FieldDescriptor) -> Json {
    match value {
        Value::Bool(flag) => json!(flag),
        Value::I32(number) => json!(number),
        Value::I64(number) => json!(number),
        Value::U32(number) => json!(number),
        Value::U64(number) => json!(number),
        Value::F32(number) => json!(number),
        Value::F64(number) => json!(number),
        Value::String(text) => json!(text),
        Value::EnumNumber(number) => choice(*number, field),
        Value::Message(message) => object(message),
        Value::List(items) => items.iter().map(|item| self::value(item, field)).collect(),
        // Bytes are a respondent's key, which nobody is shown; no contract has maps.
        Value::Bytes(_) | Value::Map(_) => Json::Null,
    }
}

fn choice(number: i32, field: &FieldDescriptor) -> Json {
    let Kind::Enum(choices) = field.kind() else { return json!(number) };
    choices.get_value(number).map_or_else(|| json!(number), |choice| json!(choice.name()))
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn whole(message: &DynamicMessage, field: &str) -> i64 {
    let Some(value) = message.get_field_by_name(field) else { return 0 };
    value.as_i64().or_else(|| value.as_i32().map(i64::from)).unwrap_or_default()
}

fn instant(message: &DynamicMessage) -> Json {
    let nanos = i32::try_from(whole(message, "nanos")).unwrap_or_default();
    let at = prost_types::Timestamp { seconds: whole(message, "seconds"), nanos };
    convert::instant(&at).and_then(|at| at.format(&Rfc3339).ok()).map_or(Json::Null, Json::String)
}

#[cfg(test)]
mod tests {
    use cchc_proto::{common::v1 as common, registry::v1 as registry, source::v1 as source};

    use super::*;

    #[test]
    fn a_message_reads_as_its_contract_names_it() {
        let target = registry::Target {
            node_id: "PAPI-2018/0".to_owned(),
            points: Some(common::Decimal { value: "39".to_owned() }),
            increase_unit: registry::target::IncreaseUnit::Points.into(),
            rank: Some(registry::RankTarget { kind: Some(registry::rank_target::Kind::Group(1)) }),
            ..registry::Target::default()
        };

        let written = json(&target);

        assert_eq!(
            written,
            json!({
                "node_id": "PAPI-2018/0", "points": "39", "rank": { "group": 1 },
                "increase_unit": "INCREASE_UNIT_POINTS", "ratio_rounding": "ROUNDING_UNSPECIFIED",
                "reference": "", "unit_code": "", "year": 0, "direction": "DIRECTION_UNSPECIFIED"
            })
        );
    }

    #[test]
    fn days_and_instants_are_written_as_people_know_them() {
        let mark = source::Watermark {
            producer: "registry".to_owned(),
            sequence: 7,
            apply_time: Some(prost_types::Timestamp { seconds: 1_529_000_000, nanos: 0 }),
            parked_count: 0,
        };
        let due = registry::Due {
            due_date: Some(common::Date { year: 2018, month: 6, day: 15 }),
            is_inclusive: false,
        };

        assert_eq!(json(&mark)["apply_time"], "2018-06-14T18:13:20Z");
        assert_eq!(json(&mark)["sequence"], 7);
        assert_eq!(json(&due)["due_date"], "2018-06-15");
    }
}
