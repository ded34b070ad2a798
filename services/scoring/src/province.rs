//! The provinces as they stood from 2008 until mid-2025: official numbers, names, and how tables spell them.
//!
//! Published tables write one province in many ways: `hóa` and `hoá`, `Đăk` and `Đắk`, composed and
//! decomposed letters, `TP.` and `Thành phố`, three sorts of dash, or no accents at all. A name is
//! therefore compared by its bare letters ([`bare`]); no two of the 63 share them, which a test keeps
//! true. The number of a province is that of the General Statistics Office.

use std::sync::LazyLock;

use cchc_core::UnitCode;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A province of the country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Province {
    /// Its official number, such as `22`.
    pub code: UnitCode,
    /// Its Vietnamese name, without the word for province: `Quảng Ninh`.
    pub name: String,
    /// Its name in English tables: `Quang Ninh`.
    pub name_en: String,
    /// The bare letters of every way in which it is written.
    bare_names: Vec<String>,
}

static ALL: LazyLock<Vec<Province>> = LazyLock::new(|| {
    include_str!("province/provinces_63.csv").lines().skip(1).filter_map(read).collect()
});

fn read(line: &str) -> Option<Province> {
    let [code, name, name_en, also] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
    let names = [name, name_en].into_iter().chain(also.split(';'));
    let mut bare_names: Vec<String> = names.map(bare).filter(|name| !name.is_empty()).collect();
    bare_names.sort();
    bare_names.dedup();
    let (name, name_en) = (name.to_owned(), name_en.to_owned());
    Some(Province { code: code.parse().ok()?, name, name_en, bare_names })
}

/// Every province, by number.
#[must_use]
pub fn all() -> &'static [Province] {
    &ALL
}

/// Finds a province by its official number.
#[must_use]
pub fn of_code(code: &UnitCode) -> Option<&'static Province> {
    all().iter().find(|province| province.code == *code)
}

/// Finds a province by a name in any of its spellings.
#[must_use]
pub fn of_name(name: &str) -> Option<&'static Province> {
    let bare = bare(name);
    all().iter().find(|province| province.bare_names.contains(&bare))
}

/// The bare letters of a name: lower case, without accents, spaces and marks, without the words for
/// province and city around it.
#[must_use]
pub fn bare(name: &str) -> String {
    let letters: String = name
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    let words: Vec<&str> = letters.split_whitespace().collect();
    let words = match words.as_slice() {
        ["tinh" | "tp", rest @ ..]
        | ["thanh", "pho", rest @ ..]
        | [rest @ .., "city" | "province"]
            if !rest.is_empty() =>
        {
            rest
        }
        all => all,
    };
    words.concat()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_63_and_no_spelling_means_two_of_them() {
        let mut seen = BTreeSet::new();

        assert_eq!(all().len(), 63);
        for province in all() {
            for name in &province.bare_names {
                assert!(seen.insert(name), "{name} stands for two");
            }
            assert_eq!(of_code(&province.code), Some(province));
        }
    }

    #[test]
    fn a_province_is_known_in_all_its_spellings() {
        for (spelling, code) in [
            ("Thanh Hóa", "38"),
            ("Thanh Hoá", "38"),
            ("Tha\u{300}nh phô\u{301} Hô\u{300} Chi\u{301} Minh", "79"),
            ("TP. Hồ Chí Minh", "79"),
            ("TP Hồ Chí Minh", "79"),
            ("TP.HCM", "79"),
            ("Ho Chi Minh City", "79"),
            ("Đăk Lăk", "66"),
            ("Đắk Lắk", "66"),
            ("Dak Lak", "66"),
            ("Đắc Nông", "67"),
            ("Thừa Thiên - Huế", "46"),
            ("Thừa Thiên–Huế", "46"),
            ("Thua Thien Hue", "46"),
            ("Bà Rịa–Vũng Tàu", "77"),
            ("BÀ RỊA — VŨNG TÀU", "77"),
            ("BR-VT", "77"),
            ("Hà Nội", "01"),
            ("Ha Noi", "01"),
            ("Hanoi", "01"),
            ("Tỉnh Quảng Ninh", "22"),
            ("Quang Ninh Province", "22"),
            ("Kontum", "62"),
        ] {
            let found = of_name(spelling);

            assert_eq!(found.map(|province| province.code.as_str()), Some(code), "{spelling}");
        }
        for stranger in ["", "Cả nước", "Quảng", "Tỉnh", "Hà Tây", "Quảng Ninhh"] {
            assert_eq!(of_name(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn the_words_around_a_name_fall_away_unless_they_are_all_of_it() {
        for (name, letters) in [
            ("Tỉnh Quảng Ninh", "quangninh"),
            ("TP. Hạ Long", "halong"),
            ("Thành phố Huế", "hue"),
            ("Hue City", "hue"),
            ("Quang Ninh Province", "quangninh"),
            ("Tỉnh", "tinh"),
            ("TP.", "tp"),
            ("Thành phố", "thanhpho"),
            ("City", "city"),
            ("Province", "province"),
        ] {
            assert_eq!(bare(name), letters, "{name}");
        }
    }

    #[test]
    fn the_name_shown_is_composed() {
        assert_eq!(of_code(&"46".parse().unwrap()).unwrap().name, "Thừa Thiên Huế");
        assert!(all().iter().all(|province| province.name.nfc().eq(province.name.chars())));
    }
}
