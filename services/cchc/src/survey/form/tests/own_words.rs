//! Questions that are answered in one's own words, as a workbook has them.

use super::*;

#[test]
fn a_question_in_ones_own_words_is_optional_and_never_who_somebody_is() {
    let bytes = book(
        "
# survey
type | name | label | required | constraint | relevant | node
select_one yes_no | done | Đã làm?
text | gop_y | Góp ý của ông/bà? | yes | string-length(.) <= 500
text | vi_sao | Vì sao? | | string-length(.) < 301 | ${gop_y} != '' | SIPAS-2018/1
string | them | Điều gì nữa? | | regex(., '[a-z]+')
text | dai | Kể lại? | | string-length(.) <= 9999
text | ho_ten | Ông/bà là ai?
text | lien_he | Số điện thoại của ông/bà?
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

    let lengths: Vec<_> = form.questions.iter().map(|q| q.most_characters).collect();
    assert_eq!(lengths, [None, Some(500), Some(300), None, Some(2000)]);
    assert!(form.questions.iter().all(|q| !q.is_required && q.constraint.is_none()));
    assert!(form.questions[2].relevance.is_some() && form.questions[2].node.is_none());
    assert_eq!(
        told,
        [
            "survey:3 required",
            "survey:4 node",
            "survey:5 constraint",
            "survey:6 constraint",
            "survey:7 type",
            "survey:8 type",
        ]
    );
}

#[test]
fn whoever_writes_is_warned_in_every_language() {
    let form = form(json!({
        "code": "F", "version": "1", "title": "Phiếu", "languages": ["en"],
        "questions": [
            { "code": "Q1", "text": "?", "kind": "text", "translations": { "en": "?" } },
        ],
    }));

    let exported = export::workbook(&form).unwrap();

    let (again, told) = told(&exported.bytes);
    assert_eq!((again, told), (form, Vec::new()));
    let sheets = format!("{:?}", super::super::sheet::read(&exported.bytes).unwrap());
    assert!(sheets.contains("hint::Tiếng Việt (vi)") && sheets.contains("Không ghi họ tên"));
    assert!(sheets.contains("hint::English (en)") && sheets.contains("Write no names"));
}
