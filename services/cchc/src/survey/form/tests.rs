//! There and back: every sound questionnaire is the same after it has been a workbook, and a workbook of
//! somebody else's is read as far as it can be, with every cell told that nothing was made of.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod own_words;

use std::path::Path;

use cchc_scoring::questionnaire::{Questionnaire, labels};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use super::{export, import};
use crate::say::Lang;

fn form(value: Value) -> Questionnaire {
    serde_json::from_value(value).unwrap()
}

/// A questionnaire after it has been a workbook, and what was told on the way.
fn there_and_back(form: &Questionnaire) -> (Questionnaire, Vec<String>) {
    let exported = export::workbook(form).unwrap();
    let read = import::questionnaire(&exported.bytes, Path::new("phieu.xlsx")).unwrap();
    (read.form, read.left_out.iter().map(|one| one.say(Lang::En)).collect())
}

/// A workbook written down: a line that begins with `#` names a sheet, any other is a row.
fn book(text: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    for part in text.split('#').skip(1) {
        let mut lines = part.lines();
        let sheet = book.add_worksheet();
        sheet.set_name(lines.next().unwrap().trim()).unwrap();
        let rows = lines.filter(|line| !line.trim().is_empty());
        for (at, row) in (0_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(row.split('|').map(str::trim)) {
                if !cell.is_empty() {
                    sheet.write_string(at, column, cell).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn told(bytes: &[u8]) -> (Questionnaire, Vec<String>) {
    let read = import::questionnaire(bytes, Path::new("Phiếu hài lòng.xlsx")).unwrap();
    let places =
        read.left_out.iter().map(|one| format!("{}:{} {}", one.sheet, one.row, one.column));
    (read.form, places.collect())
}

/// One question of a kind, chosen by numbers; those before it may be spoken of.
fn question(place: usize, [kind, words, flags, section]: [usize; 4], languages: &[&str]) -> Value {
    let all = |text: &str| {
        languages.iter().map(|l| ((*l).to_owned(), json!(text))).collect::<serde_json::Map<_, _>>()
    };
    let kinds = ["likert5", "likert4", "likert3", "yes-no", "single-choice", "number", "text"];
    let aspects = ["satisfaction", "statement", "expectation"];
    let mut question = json!({
        "code": if words % 3 == 0 { format!("{place}A") } else { format!("Q-{place}") },
        "text": format!("Câu hỏi số {place} = “thứ {words}” \"?\""),
        "kind": kinds[kind], "translations": all("Question"),
        "offers_dont_know": flags % 2 == 1, "offers_not_applicable": flags / 2 % 2 == 1,
        "is_required": flags / 4 % 2 == 1,
    });
    if kind < 3 {
        question["aspect"] = json!(aspects[words % 3]);
    }
    if kind == 3 || (kind == 4) {
        question["node"] = json!("SIPAS-2018/1");
    }
    let options = |codes: &[&str]| {
        let option = |code: &&str| {
            let mut option = json!({ "code": code, "text": format!("Mức {code}"), "translations": all("Level") });
            if kind == 4 && flags % 3 == 0 {
                option["counts"] = json!(*code == "b.1");
            }
            option
        };
        codes.iter().map(option).collect::<Vec<_>>()
    };
    let own_words = words % 2 == 1 || languages.contains(&"tay");
    question["options"] = match kind {
        0 if own_words => options(&["1", "2", "3", "4", "5"]).into(),
        1 if own_words => options(&["1", "2", "3", "4"]).into(),
        2 if own_words => options(&["1", "2", "3"]).into(),
        3 if own_words => options(&["yes", "no"]).into(),
        4 => options(&["A_a", "b.1", "c-c"]).into(),
        _ => json!([]),
    };
    if kind == 5 {
        question["range"] = json!({ "least": "-2.5", "most": "99", "places": 1 + words % 3 });
        question["number_unit"] = json!(["", "giờ", "nghìn đồng"][words % 3]);
        question["constraint"] = json!(". != 7 or . > 7.5");
        question["constraint_message"] = json!("Không đúng.");
    }
    if kind == 6 {
        for silent in ["offers_dont_know", "offers_not_applicable", "is_required"] {
            question[silent] = json!(false);
        }
        if words % 3 > 0 {
            question["most_characters"] = json!(words * 90);
        }
    }
    if section < 3 {
        question["section"] = json!(format!("P-{section}"));
    }
    question
}

prop_compose! {
    fn questionnaire()(
        drawn in proptest::collection::vec((0..7_usize, 0..12_usize, 0..8_usize), 1..9),
        languages in prop_oneof![
            Just(vec![]), Just(vec!["en"]), Just(vec!["tay"]), Just(vec!["en", "fr", "tay"])
        ],
        cut in 0..9_usize,
        asks in any::<[bool; 3]>(),
    ) -> Questionnaire {
        let section = |place: usize| match place {
            place if place < cut => 3,
            place => (place - cut) / 2 % 4,
        };
        let mut questions: Vec<Value> = (0..).zip(&drawn)
            .map(|(place, (kind, words, flags))| {
                question(place, [*kind, *words, *flags, section(place)], &languages)
            })
            .collect();
        let first = questions[0]["code"].as_str().unwrap().to_owned();
        let relevance = format!("${{{first}}} != '' and not(${{{first}}} = '')");
        if asks[0] && questions.len() > 1 {
            questions[1]["relevance"] = json!(relevance.as_str());
        }
        let mut sections = Vec::new();
        for n in 0..3 {
            let code = format!("P-{n}");
            let place = questions.iter().position(|q| q["section"] == json!(code));
            let Some(place) = place else { continue };
            let translations = languages.iter().map(|l| ((*l).to_owned(), json!("Part")));
            let mut section = json!({
                "code": code, "title": format!("Phần {n}"),
                "translations": translations.collect::<serde_json::Map<_, _>>(),
            });
            if asks[1] && place > 0 {
                section["relevance"] = json!(relevance.as_str());
            }
            sections.push(section);
        }
        form(json!({
            "code": "PHIEU-1", "version": "2018.1", "title": "Phiếu khảo sát", "sections": sections,
            "languages": languages, "questions": questions,
        }))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_sound_questionnaire_is_the_same_after_it_was_a_workbook(form in questionnaire()) {
        let problems = super::problems(&form, Path::new("phieu.toml"));
        prop_assume!(problems.is_empty());

        let (again, told) = there_and_back(&form);

        prop_assert_eq!(&again, &form);
        prop_assert_eq!(told, Vec::<String>::new());
        let text = toml::to_string(&form).unwrap();
        prop_assert_eq!(toml::from_str::<Questionnaire>(&text).unwrap(), form);
    }
}

#[test]
fn the_usual_words_come_back_as_the_usual_words() {
    let form = form(json!({
        "code": "F", "version": "1", "title": "Phiếu", "languages": ["en"],
        "questions": [{
            "code": "Q1", "text": "?", "kind": "likert5", "aspect": "statement",
            "offers_dont_know": true, "translations": { "en": "?" },
        }],
    }));

    let (again, _) = there_and_back(&form);

    assert_eq!(again, form);
    assert_eq!(labels::of(&again.questions[0])[0].0, "Hoàn toàn không đồng ý");
}

#[test]
fn what_a_tablet_cannot_offer_beside_a_number_is_told() {
    let form = form(json!({
        "code": "F", "version": "1", "title": "Phiếu",
        "questions": [{
            "code": "Q1", "text": "?", "kind": "number", "range": { "least": "0", "most": "9" },
            "offers_dont_know": true,
        }],
    }));

    let exported = export::workbook(&form).unwrap();

    let told: Vec<String> = exported.left_out.iter().map(|one| one.say(Lang::En)).collect();
    assert_eq!(
        told,
        [
            "  survey:2 (dont_know): forms on a tablet do not offer this beside a number; it is left empty there"
        ]
    );
}

/// In the manner of the standard's own examples: English only, with what a questionnaire cannot hold.
const FOREIGN: &str = "
# survey
type | name | label::English (en) | hint | required | relevant | appearance
start | start
text | name | Your name?
begin group | visit | Your visit | | | | field-list
select_one places or_other | where | Where? | Only one | yes
integer | hours_waited | How many hours? | | | ${where} = 'commune'
select_multiple places | seen | Which have you seen?
begin group | more | More | | | ${hours_waited} > 1
decimal | paid | What did you pay? | | yes | count(${seen}) > 1
select_one likert | happy | Happy?
end group
geopoint | gps | Where are you?
end group
begin repeat | child | Child
integer | age | Age?
end repeat
note | thanks | Thank you
# choices
list name | name | label::English (en) | image
places | commune | Commune | commune.jpg
places | district | District
likert | 1 | No
likert | -99 | Refused
# settings
form_title | form_id | style
Visit | visit_form | pages
# notes
ours
";

#[test]
fn a_form_of_somebody_elses_is_read_and_every_cell_that_is_not_kept_is_told() {
    let bytes = book(FOREIGN);

    let (form, told) = told(&bytes);

    assert_eq!(form.code.as_str(), "VISIT-FORM");
    let codes: Vec<&str> = form.questions.iter().map(|q| q.code.as_str()).collect();
    assert_eq!(codes, ["WHERE", "HOURS-WAITED", "PAID", "HAPPY"]);
    let relevance =
        |place: usize| form.questions[place].relevance.as_ref().map(ToString::to_string);
    assert_eq!(relevance(1).as_deref(), Some("${WHERE} = 'commune'"));
    // Its own condition cannot be kept, so it need not be answered; the group's is.
    assert_eq!(relevance(2).as_deref(), Some("${HOURS-WAITED} > 1"));
    assert_eq!(form.sections.len(), 1);
    assert_eq!(
        told,
        [
            "choices:2 image",
            "notes:0 ",
            "settings:0 ",
            "settings:0 ",
            "settings:2 style",
            "survey:0 ",
            "survey:2 type",
            "survey:3 type",
            "survey:4 appearance",
            "survey:5 type",
            "survey:5 hint",
            "survey:6 least",
            "survey:7 type",
            "survey:8 label",
            "survey:9 relevant",
            "survey:9 places",
            "survey:9 least",
            "survey:10 type",
            "survey:12 type",
            "survey:14 type",
            "survey:15 type",
            "survey:17 type",
        ]
    );
}

#[test]
fn a_condition_about_what_is_left_out_is_told_and_frees_the_question() {
    let bytes = book(
        "
# survey
type | name | label | required | relevant
text | who | Ai?
select_one yes_no | done | Đã làm? | yes | ${who} != ''
select_one yes_no | well | Tốt? | yes | ${done} = 'maybe'
# choices
list_name | name | label
yes_no | yes | Có
yes_no | no | Không
# settings
form_title | form_id | version
Phiếu | F | 3
",
    );

    let (form, told) = told(&bytes);

    assert_eq!(told, ["survey:2 type", "survey:3 relevant", "survey:4 relevant"]);
    assert!(form.questions.iter().all(|q| q.relevance.is_none() && !q.is_required));
}

#[test]
fn a_workbook_of_which_nothing_can_be_made_is_refused() {
    let no_survey = book("# Sheet1\ntype | name");
    let no_question = book("# survey\ntype | name | label\nnote | a | A?\n# settings\nform_id\nF");

    for (bytes, said) in [
        (no_survey, "there is no sheet survey"),
        (no_question, "no question of it can be used"),
        (b"PK not a workbook".to_vec(), "cannot be read as an .xlsx or .xls workbook"),
    ] {
        let problems = import::questionnaire(&bytes, Path::new("x.xlsx")).unwrap_err();

        assert!(problems[0].say(Lang::En).contains(said), "{:?}", problems[0]);
    }
}

#[test]
fn a_form_of_which_no_question_is_left_says_why_each_was_not() {
    let bytes =
        book("# survey\ntype | name | label\nnote | a | A?\ngps | b | B?\n# settings\nform_id\nF");

    let problems = import::questionnaire(&bytes, Path::new("x.xlsx")).unwrap_err();

    let said: Vec<_> = problems.iter().map(|one| (one.line, one.field.as_str())).collect();
    assert_eq!(
        said,
        [(None, ""), (None, "settings"), (Some(2), "survey type"), (Some(3), "survey type"),]
    );
}

#[test]
fn older_names_of_columns_and_types_are_read_as_what_they_are_called_now() {
    let bytes = book(
        "
# survey
command | tag | caption:Vietnamese | bind::relevant | bind:jr:constraintMsg | bind:constraint | parameters
q int | q1 | Mấy lần?
percentage | q2 | Bao nhiêu phần trăm? | ${q1} > 1
range | q3 | Mức nào? | | Từ 2. | . > 1 | start=1 end=9 step=2
add select one prompt using muc | q4 | Thế nào, sau ${q1}?
# choices and columns
list name | value | caption:Vietnamese
muc | a | Một
muc | b | Hai
# settings
title | id_string | version
Phiếu | F | 1
",
    );

    let (form, told) = told(&bytes);

    let bounds = |place: usize| {
        let range = form.questions[place].range.unwrap();
        (range.least.to_string(), range.most.to_string())
    };
    assert_eq!(form.title, "Phiếu");
    assert_eq!(
        [bounds(1), bounds(2)],
        [("0", "100"), ("1", "9")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert!(form.questions[1].relevance.is_some() && form.questions[2].constraint.is_some());
    assert_eq!(form.questions[2].constraint_message, "Từ 2.");
    // A text that refers to an answer would be no form at all once it is written again.
    assert_eq!(form.questions[3].text, "Thế nào, sau [q1]?");
    assert_eq!(form.questions[3].options.len(), 2);
    assert_eq!(told, ["survey:2 least", "survey:4 parameters", "survey:5 caption:Vietnamese"]);
}
