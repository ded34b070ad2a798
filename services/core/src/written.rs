//! How values stand in files and documents: as text, checked on the way in, with the pattern an
//! editor can complete and check against.

/// Gives a type with `Display` and `FromStr` its form in files: a string of the given pattern.
macro_rules! written {
    ($name:ident, $pattern:literal $(, $format:literal)?) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(|refusal| {
                    serde::de::Error::custom(format_args!("{text:?} {refusal}"))
                })
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string", $("format": $format,)? "pattern": $pattern
                })
            }
        }
    };
}

pub(crate) use written;
