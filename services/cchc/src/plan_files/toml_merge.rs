//! A TOML file is edited so that it says something else, and keeps its comments.
//!
//! Three things are laid side by side: the file as somebody wrote it, what it says, and what it is to say,
//! the latter two as the types write them. Where these two agree, the file is left as it is, down to a
//! default that it leaves out; where they do not, its value is replaced.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, TableLike, Value};

use super::write::unwritable;
use crate::error::CliError;

/// Fields by which the items of a list are known.
const NAMES: [&str; 4] = ["code", "number", "node", "duty"];

/// Writes a document whole: one block for each item of a list, inline below that.
pub(super) fn write<T: Serialize>(document: &T) -> Result<String, CliError> {
    Ok(canonical(document).map_err(unwritable)?.to_string())
}

/// Edits a text that says `before` so that it says `wanted`; nothing when that cannot be done in place.
pub(super) fn edit<T: Serialize>(text: &str, before: &T, wanted: &T) -> Option<String> {
    let mut file: DocumentMut = text.parse().ok()?;
    let (before, wanted) = (canonical(before).ok()?, canonical(wanted).ok()?);
    table(file.as_table_mut(), before.as_table(), wanted.as_table())?;
    Some(file.to_string())
}

fn canonical<T: Serialize>(document: &T) -> Result<DocumentMut, toml_edit::ser::Error> {
    let mut document = toml_edit::ser::to_document(document)?;
    let mut empty = Vec::new();
    for (key, item) in document.iter_mut() {
        match item.as_value() {
            Some(Value::Array(all)) if all.is_empty() => empty.push(key.to_string()),
            Some(Value::Array(all)) if all.iter().all(Value::is_inline_table) => {
                item.make_value();
                if let Ok(tables) = std::mem::take(item).into_array_of_tables() {
                    *item = Item::ArrayOfTables(tables);
                }
            }
            Some(Value::InlineTable(_)) => {
                if let Ok(table) = std::mem::take(item).into_table() {
                    *item = Item::Table(table);
                }
            }
            _ => {}
        }
    }
    // `tasks = []` in plan.toml would deny the file beside it.
    for key in empty {
        document.remove(&key);
    }
    Ok(document)
}

fn table(file: &mut dyn TableLike, before: &dyn TableLike, wanted: &dyn TableLike) -> Option<()> {
    let gone: Vec<String> = before
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| wanted.get(key).is_none())
        .collect();
    for key in gone {
        file.remove(&key);
    }
    for (key, wanted) in wanted.iter() {
        let before = before.get(key);
        if before.is_some_and(|before| meaning(before) == meaning(wanted)) {
            continue;
        }
        match (file.get_mut(key), before) {
            (Some(file), Some(before)) => item(file, before, wanted)?,
            (Some(file), None) => replace(file, wanted),
            (None, _) => {
                file.insert(key, wanted.clone());
            }
        }
    }
    Some(())
}

fn item(file: &mut Item, before: &Item, wanted: &Item) -> Option<()> {
    if let (Some(file), Some(before), Some(wanted)) =
        (file.as_table_like_mut(), before.as_table_like(), wanted.as_table_like())
    {
        return table(file, before, wanted);
    }
    if let (Item::ArrayOfTables(file), Item::ArrayOfTables(before), Item::ArrayOfTables(wanted)) =
        (&mut *file, before, wanted)
    {
        return blocks(file, before, wanted);
    }
    if let (Some(file), Some(before), Some(wanted)) =
        (file.as_array_mut(), before.as_array(), wanted.as_array())
        && wanted.iter().all(Value::is_inline_table)
    {
        return inline(file, before, wanted);
    }
    replace(file, wanted);
    Some(())
}

/// Puts another value in the place of one, with the comments around it.
fn replace(file: &mut Item, wanted: &Item) {
    match (file.as_value().map(|value| value.decor().clone()), wanted.as_value()) {
        (Some(decor), Some(value)) => {
            let mut value = value.clone();
            *value.decor_mut() = decor;
            *file = Item::Value(value);
        }
        _ => *file = wanted.clone(),
    }
}

fn blocks(file: &mut ArrayOfTables, before: &ArrayOfTables, wanted: &ArrayOfTables) -> Option<()> {
    let known: Vec<Json> = before.iter().map(|t| name(t as &dyn TableLike)).collect();
    let all = wanted.iter().map(|t| name(t as &dyn TableLike));
    let places = places(&known, all)?;
    let mut edited = ArrayOfTables::new();
    for (wanted, place) in wanted.iter().zip(places) {
        let there = place.and_then(|at| Some((file.get(at)?.clone(), before.get(at)?)));
        let mut block = wanted.clone();
        if let Some((kept, before)) = there {
            block = kept;
            table(&mut block, before, wanted)?;
        } else {
            block.decor_mut().set_prefix("\n");
        }
        edited.push(block);
    }
    *file = edited;
    Some(())
}

fn inline(file: &mut Array, before: &Array, wanted: &Array) -> Option<()> {
    let known: Vec<Json> = before.iter().map(of_value).collect();
    let places = places(&known, wanted.iter().map(of_value))?;
    let mut edited = file.clone();
    edited.clear();
    for (wanted, place) in wanted.iter().zip(places) {
        match place.and_then(|at| Some((file.get(at)?.clone(), before.get(at)?))) {
            Some((mut value, before)) => {
                let tables = (
                    value.as_inline_table_mut(),
                    before.as_inline_table(),
                    wanted.as_inline_table(),
                );
                let (Some(value_table), Some(before), Some(wanted)) = tables else { return None };
                table(value_table, before, wanted)?;
                edited.push_formatted(value);
            }
            None => edited.push(wanted.clone()),
        }
    }
    *file = edited;
    Some(())
}

/// Where each item stood before; nothing at all when those that remain changed their order, or two have
/// one name.
fn places(known: &[Json], wanted: impl Iterator<Item = Json>) -> Option<Vec<Option<usize>>> {
    let mut next = 0;
    let mut places = Vec::new();
    for name in wanted {
        let place = known.iter().position(|known| *known == name);
        if let Some(place) = place {
            if place < next {
                return None;
            }
            next = place + 1;
        }
        places.push(place);
    }
    Some(places)
}

fn of_value(value: &Value) -> Json {
    value.as_inline_table().map_or(Json::Null, |table: &InlineTable| name(table))
}

/// What an item is known by: the first of the naming fields that it has, or else all of it.
fn name(table: &dyn TableLike) -> Json {
    let own = NAMES.iter().find_map(|name| table.get(name));
    own.map_or_else(|| of_table(table), meaning)
}

/// What is said, whatever it looks like.
fn meaning(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => of_any(value),
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => {
            tables.iter().map(|table| of_table(table as &dyn TableLike)).collect()
        }
    }
}

fn of_any(value: &Value) -> Json {
    match value {
        Value::String(text) => json!(text.value()),
        Value::Integer(number) => json!(number.value()),
        Value::Boolean(flag) => json!(flag.value()),
        Value::Array(items) => items.iter().map(of_any).collect(),
        Value::InlineTable(table) => of_table(table),
        Value::Float(_) | Value::Datetime(_) => json!(value.to_string().trim()),
    }
}

fn of_table(table: &dyn TableLike) -> Json {
    let fields = table.iter().map(|(key, item)| (key.to_owned(), meaning(item)));
    Json::Object(fields.collect::<Map<_, _>>())
}
