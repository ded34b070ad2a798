//! Questionnaires. Whether the parts of one fit together is the science's to say
//! ([`cchc_scoring::questionnaire::Parts::check`]); here each is only read.

use std::collections::BTreeMap;

use cchc_core::{Collector, Decimal, parse_decimal};
use cchc_scoring::questionnaire::{
    Aspect, Choice, Language, MOST_OPTIONS, MOST_PLACES, MOST_UNIT_CHARACTERS, Question,
    QuestionKind, Questionnaire, Range, Section, free_text::MOST_CHARACTERS,
};

use super::{
    limits,
    parts::{choice, choices, list, optional_part, optional_text, text},
    values::whole,
};
use crate::{common::v1 as common, survey::v1 as pb};

choices! {
    /// Reads how a question is answered.
    question_kind: pb::question::Kind => QuestionKind {
        Likert5, YesNo, Likert4, Likert3, SingleChoice, Number, Text
    }
}

impl From<&Questionnaire> for pb::Questionnaire {
    fn from(questionnaire: &Questionnaire) -> Self {
        let Questionnaire { code, version, title, languages, sections, questions } = questionnaire;
        Self {
            code: code.to_string(),
            version: version.to_string(),
            title: title.clone(),
            languages: languages.iter().map(ToString::to_string).collect(),
            sections: sections.iter().map(Into::into).collect(),
            questions: questions.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Section> for pb::Section {
    fn from(section: &Section) -> Self {
        let Section { code, title, translations, relevance } = section;
        Self {
            code: code.to_string(),
            title: title.clone(),
            translations: render(translations),
            relevance: relevance.as_ref().map_or(String::new(), ToString::to_string),
        }
    }
}

impl From<&Question> for pb::Question {
    fn from(question: &Question) -> Self {
        let written = |condition: &Option<_>| {
            condition
                .as_ref()
                .map_or(String::new(), cchc_scoring::questionnaire::Condition::to_string)
        };
        let aspect = match question.aspect {
            // What older readers know needs no word.
            Aspect::Satisfaction => pb::question::Aspect::Unspecified,
            Aspect::Statement => pb::question::Aspect::Statement,
            Aspect::Expectation => pb::question::Aspect::Expectation,
        };
        Self {
            code: question.code.to_string(),
            text: question.text.clone(),
            kind: pb::question::Kind::from(question.kind).into(),
            node_id: question.node.as_ref().map_or(String::new(), ToString::to_string),
            aspect: aspect.into(),
            options: question.options.iter().map(Into::into).collect(),
            range: question.range.as_ref().map(Into::into),
            number_unit: question.number_unit.clone(),
            most_characters: question
                .most_characters
                .map_or(0, |most| i32::try_from(most).unwrap_or(i32::MAX)),
            offers_dont_know: question.offers_dont_know,
            offers_not_applicable: question.offers_not_applicable,
            is_required: question.is_required,
            section_code: question.section.as_ref().map_or(String::new(), ToString::to_string),
            relevance: written(&question.relevance),
            constraint: written(&question.constraint),
            constraint_message: question.constraint_message.clone(),
            translations: render(&question.translations),
        }
    }
}

impl From<&Choice> for pb::Choice {
    fn from(choice: &Choice) -> Self {
        let Choice { code, text, translations, counts } = choice;
        Self {
            code: code.to_string(),
            text: text.clone(),
            translations: render(translations),
            counts: *counts,
        }
    }
}

impl From<&Range> for pb::NumberRange {
    fn from(range: &Range) -> Self {
        Self {
            least: Some(range.least.into()),
            most: Some(range.most.into()),
            places: i32::try_from(range.places).unwrap_or(i32::MAX),
        }
    }
}

fn render(translations: &BTreeMap<Language, String>) -> Vec<pb::Translation> {
    let one = |(language, text): (&Language, &String)| pb::Translation {
        language: language.to_string(),
        text: text.clone(),
    };
    translations.iter().map(one).collect()
}

/// Reads a questionnaire.
pub fn questionnaire(c: &mut Collector, message: pb::Questionnaire) -> Option<Questionnaire> {
    let pb::Questionnaire { code, version, title, languages, sections, questions } = message;
    let code = c.parse("code", &code);
    let version = c.parse("version", &version);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let languages = self::languages(c, languages);
    let sections = list(c, "sections", limits::SECTIONS, sections, section);
    let questions = list(c, "questions", limits::QUESTIONS, questions, question);
    Some(Questionnaire {
        code: code?,
        version: version?,
        title: title?,
        languages: languages?,
        sections: sections?,
        questions: questions?,
    })
}

/// Reads the languages of a questionnaire.
pub fn languages(c: &mut Collector, languages: Vec<String>) -> Option<Vec<Language>> {
    list(c, "languages", limits::LANGUAGES, languages, |c, language| c.parse("", &language))
}

/// Reads a section.
pub fn section(c: &mut Collector, message: pb::Section) -> Option<Section> {
    let pb::Section { code, title, translations, relevance } = message;
    let code = c.parse("code", &code);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let translations = self::translations::<{ limits::TITLE }>(c, translations);
    let relevance = c.parse_optional("relevance", &relevance);
    Some(Section { code: code?, title: title?, translations: translations?, relevance: relevance? })
}

/// Reads a question.
pub fn question(c: &mut Collector, message: pb::Question) -> Option<Question> {
    let pb::Question { code, text, kind, node_id, aspect, options, range, .. } = message;
    let code = c.parse("code", &code);
    let text = self::text::<{ limits::TITLE }>(c, "text", &text);
    let kind = question_kind(c, "kind", kind);
    let node = c.parse_optional("node_id", &node_id);
    let aspect = self::aspect(c, aspect);
    let options = list(c, "options", MOST_OPTIONS, options, option);
    let range = optional_part(c, "range", range, self::range);
    let number_unit = optional_text::<MOST_UNIT_CHARACTERS>(c, "number_unit", &message.number_unit);
    let most_characters = match message.most_characters {
        0 => Some(None),
        most => whole(c, "most_characters", most, 1..=MOST_CHARACTERS).map(Some),
    };
    let section = c.parse_optional("section_code", &message.section_code);
    let relevance = c.parse_optional("relevance", &message.relevance);
    let constraint = c.parse_optional("constraint", &message.constraint);
    let constraint_message = &message.constraint_message;
    let constraint_message =
        optional_text::<{ limits::TITLE }>(c, "constraint_message", constraint_message);
    let translations = self::translations::<{ limits::TITLE }>(c, message.translations);
    Some(Question {
        code: code?,
        text: text?,
        kind: kind?,
        node: node?,
        aspect: aspect?,
        options: options?,
        range: range?,
        number_unit: number_unit?,
        most_characters: most_characters?,
        offers_dont_know: message.offers_dont_know,
        offers_not_applicable: message.offers_not_applicable,
        is_required: message.is_required,
        section: section?,
        relevance: relevance?,
        constraint: constraint?,
        constraint_message: constraint_message?,
        translations: translations?,
    })
}

fn aspect(c: &mut Collector, number: i32) -> Option<Aspect> {
    choice(c, "aspect", number, |value| {
        Some(match value {
            pb::question::Aspect::Unspecified | pb::question::Aspect::Satisfaction => {
                Aspect::Satisfaction
            }
            pb::question::Aspect::Statement => Aspect::Statement,
            pb::question::Aspect::Expectation => Aspect::Expectation,
        })
    })
}

fn option(c: &mut Collector, message: pb::Choice) -> Option<Choice> {
    let pb::Choice { code, text, translations, counts } = message;
    let code = c.parse("code", &code);
    let text = self::text::<{ limits::NAME }>(c, "text", &text);
    let translations = self::translations::<{ limits::NAME }>(c, translations);
    Some(Choice { code: code?, text: text?, translations: translations?, counts })
}

fn range(c: &mut Collector, message: pb::NumberRange) -> Option<Range> {
    let least = number(c, "least", message.least);
    let most = number(c, "most", message.most);
    let places = whole(c, "places", message.places, 0..=MOST_PLACES);
    Some(Range { least: least?, most: most?, places: places? })
}

/// Reads a number that may be below zero.
fn number(c: &mut Collector, field: &str, value: Option<common::Decimal>) -> Option<Decimal> {
    let common::Decimal { value } = c.require(field, value)?;
    parse_decimal(&value).map_err(|refusal| c.refuse_because(field, &refusal)).ok()
}

fn translations<const MOST: usize>(
    c: &mut Collector,
    messages: Vec<pb::Translation>,
) -> Option<BTreeMap<Language, String>> {
    let mut translations = BTreeMap::new();
    let read = list(c, "translations", limits::LANGUAGES, messages, |c, message| {
        let pb::Translation { language, text } = message;
        let language: Option<Language> = c.parse("language", &language);
        let text = self::text::<MOST>(c, "text", &text);
        if translations.insert(language?, text?).is_some() {
            c.refuse("language", "DUPLICATE", "stands in the list before", "đã có trong danh sách");
        }
        Some(())
    });
    read.map(|_| translations)
}
