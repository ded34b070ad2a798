//! What may stand where in a plan folder, read from the JSON Schema of the very types that read it.
//!
//! The workbook goes by this tree and by nothing else: a field added to a type is a column by itself.
//! What has no tabular form (a list within a list that nobody can name) stands in one cell as JSON, so
//! that nothing is ever left out.

use serde_json::{Map, Value};

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// One cell.
    One(Scalar),
    /// Several scalars in one cell.
    Some(Scalar),
    /// Named fields.
    Record(Vec<Field>),
    /// A word in a field of its own says which fields there are.
    Tagged { tag: String, variants: Vec<Variant> },
    /// Exactly one of several fields.
    Either(Vec<Field>),
    /// Records, one a row.
    Rows(Box<Self>),
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    /// Its step in the names of columns: the name, unless another variant means something else by it.
    pub(super) step: String,
    /// What it means, in English, from the type's own documentation.
    pub(super) about: String,
    pub(super) is_required: bool,
    pub(super) shape: Shape,
}

/// What a tag stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) word: Word,
    pub(super) fields: Vec<Field>,
}

/// One of the words that a cell may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) word: String,
    pub(super) about: String,
}

/// What one cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scalar {
    /// Any text.
    Text,
    /// Text of a form: the type's name and its pattern.
    Code { of: String, pattern: String },
    /// An exact decimal: its pattern.
    Exact { pattern: String },
    /// A civil day.
    Day,
    /// A whole number within bounds.
    Whole { least: i64, most: i64 },
    /// Yes or no.
    Flag,
    /// One of these words.
    Choice(Vec<Word>),
    /// Anything, as JSON.
    Json,
}

/// Reads a schema.
pub(super) fn of_schema(schema: &Value) -> Shape {
    let empty = Map::new();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&empty);
    Reader { definitions }.shape(schema, "", &mut Vec::new())
}

struct Reader<'a> {
    definitions: &'a Map<String, Value>,
}

impl<'a> Reader<'a> {
    /// `open` are the definitions being read: one that holds itself has no tabular form.
    fn shape(&self, schema: &'a Value, of: &str, open: &mut Vec<&'a str>) -> Shape {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap_or_default();
            return match self.definitions.get_key_value(name) {
                Some((name, definition)) if !open.contains(&name.as_str()) => {
                    open.push(name);
                    let shape = self.shape(definition, name, open);
                    open.pop();
                    shape
                }
                _ => Shape::One(Scalar::Json),
            };
        }
        if let Some(present) = or_null(schema) {
            return self.shape(present, of, open);
        }
        if let Some(members) = list(schema, "oneOf") {
            return self.alternatives(members, open);
        }
        if let Some(words) = list(schema, "enum") {
            return Shape::One(Scalar::Choice(words.iter().filter_map(word).collect()));
        }
        match kind(schema) {
            "object" => self.record(schema, open),
            "array" => self.array(schema, open),
            _ => Shape::One(scalar(schema, of)),
        }
    }

    fn record(&self, schema: &'a Value, open: &mut Vec<&'a str>) -> Shape {
        let is_plain = ["oneOf", "anyOf", "allOf"].iter().all(|key| schema.get(key).is_none());
        match schema.get("properties").and_then(Value::as_object) {
            Some(fields) if is_plain => Shape::Record(self.fields(schema, fields, open)),
            _ => Shape::One(Scalar::Json),
        }
    }

    fn fields(
        &self,
        schema: &'a Value,
        fields: &'a Map<String, Value>,
        open: &mut Vec<&'a str>,
    ) -> Vec<Field> {
        let required = list(schema, "required").unwrap_or_default();
        let read = fields.iter().map(|(name, of)| Field {
            name: name.clone(),
            step: name.clone(),
            about: about(of),
            is_required: required.iter().any(|field| field == name.as_str()),
            shape: self.shape(of, "", open),
        });
        read.collect()
    }

    fn array(&self, schema: &'a Value, open: &mut Vec<&'a str>) -> Shape {
        let item = schema.get("items").map(|items| self.shape(items, "", open));
        match item {
            Some(Shape::One(Scalar::Json)) | None => Shape::One(Scalar::Json),
            Some(Shape::One(scalar)) => Shape::Some(scalar),
            Some(record @ Shape::Record(_)) => Shape::Rows(Box::new(record)),
            Some(_) => Shape::One(Scalar::Json),
        }
    }

    fn alternatives(&self, members: &'a [Value], open: &mut Vec<&'a str>) -> Shape {
        let words: Option<Vec<Vec<Word>>> = members.iter().map(words).collect();
        if let Some(words) = words {
            return Shape::One(Scalar::Choice(words.concat()));
        }
        if let Some(tag) = tag(members) {
            let read = members.iter().filter_map(|member| self.variant(member, &tag, open));
            let mut variants: Vec<Variant> = read.collect();
            set_apart(&mut variants);
            return Shape::Tagged { variants, tag };
        }
        let fields: Option<Vec<Vec<Field>>> =
            members.iter().map(|member| self.either(member, open)).collect();
        fields.map_or(Shape::One(Scalar::Json), |fields| Shape::Either(fields.concat()))
    }

    fn variant(&self, member: &'a Value, tag: &str, open: &mut Vec<&'a str>) -> Option<Variant> {
        let properties = member.get("properties")?.as_object()?;
        let mut word = word(properties.get(tag)?.get("const")?)?;
        word.about = about(member);
        let mut fields = self.fields(member, properties, open);
        fields.retain(|field| field.name != tag);
        Some(Variant { word, fields })
    }

    /// The one field of an alternative, or a flag for each bare word.
    fn either(&self, member: &'a Value, open: &mut Vec<&'a str>) -> Option<Vec<Field>> {
        if let Some(words) = words(member) {
            let flag = |word: Word| Field {
                step: word.word.clone(),
                name: word.word,
                about: word.about,
                is_required: false,
                shape: Shape::One(Scalar::Flag),
            };
            return Some(words.into_iter().map(flag).collect());
        }
        let properties = member.get("properties")?.as_object().filter(|all| all.len() == 1)?;
        let mut fields = self.fields(member, properties, open);
        for field in &mut fields {
            field.about = about(member);
        }
        Some(fields)
    }
}

/// Gives a column of its own to a field that an earlier variant has with another meaning.
fn set_apart(variants: &mut [Variant]) {
    let mut seen: Vec<Field> = Vec::new();
    for Variant { word, fields } in variants {
        for field in fields {
            match seen.iter().find(|known| known.name == field.name) {
                Some(known) if known.shape != field.shape => {
                    field.step = format!("{}.{}", word.word, field.name);
                }
                Some(_) => {}
                None => seen.push(field.clone()),
            }
        }
    }
}

/// The other of two alternatives of which one is null.
fn or_null(schema: &Value) -> Option<&Value> {
    let members = list(schema, "anyOf")?;
    let present: Vec<&Value> = members.iter().filter(|member| kind(member) != "null").collect();
    match present.as_slice() {
        [one] if members.len() == 2 => Some(one),
        _ => None,
    }
}

/// The field whose constant tells all alternatives apart.
fn tag(members: &[Value]) -> Option<String> {
    let constants = |member: &Value| -> Option<Vec<String>> {
        let fields = member.get("properties")?.as_object()?.iter();
        Some(fields.filter(|(_, of)| of.get("const").is_some()).map(|(n, _)| n.clone()).collect())
    };
    let first = constants(members.first()?)?.into_iter().next()?;
    let has_it = |member| constants(member).is_some_and(|all| all.contains(&first));
    members.iter().all(has_it).then_some(first)
}

fn words(member: &Value) -> Option<Vec<Word>> {
    let mut words: Vec<Word> = match (member.get("const"), list(member, "enum")) {
        (Some(one), _) => vec![word(one)?],
        (None, Some(all)) => all.iter().map(word).collect::<Option<_>>()?,
        (None, None) => return None,
    };
    if let [one] = words.as_mut_slice() {
        one.about = about(member);
    }
    Some(words)
}

fn word(value: &Value) -> Option<Word> {
    Some(Word { word: value.as_str()?.to_owned(), about: String::new() })
}

fn scalar(schema: &Value, of: &str) -> Scalar {
    let text = |key| schema.get(key).and_then(Value::as_str).map(str::to_owned);
    let bound = |key| schema.get(key).and_then(Value::as_i64);
    match (kind(schema), text("format").as_deref(), text("pattern")) {
        ("string", Some("decimal"), Some(pattern)) => Scalar::Exact { pattern },
        ("string", Some("date"), _) => Scalar::Day,
        ("string", _, Some(pattern)) => Scalar::Code { of: of.to_owned(), pattern },
        ("string", _, None) => Scalar::Text,
        ("boolean", ..) => Scalar::Flag,
        ("integer", ..) => Scalar::Whole {
            least: bound("minimum").unwrap_or(i64::MIN),
            most: bound("maximum").unwrap_or(i64::MAX),
        },
        _ => Scalar::Json,
    }
}

/// The type's name; of one that may be null, the other.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn list<'a>(schema: &'a Value, key: &str) -> Option<&'a [Value]> {
    schema.get(key).and_then(Value::as_array).map(Vec::as_slice)
}

fn about(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}
