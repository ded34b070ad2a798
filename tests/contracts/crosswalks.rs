//! What became of the nodes of one edition in another, as the registry tells it.

use cchc_proto::registry::{
    events::v1::CrosswalkPublished,
    v1::{Crosswalk, crosswalk::Link},
};

use crate::samples::text;

pub(crate) fn crosswalk_published() -> CrosswalkPublished {
    let same = Link {
        kind: 1,
        from_node_codes: vec![text("1")],
        to_node_codes: vec![text("1")],
        reason: String::new(),
    };
    let new = Link {
        kind: 6,
        from_node_codes: vec![],
        to_node_codes: vec![text("7"), text("8")],
        reason: text("hai trục mới"),
    };
    let crosswalk = Crosswalk {
        code: text("PAPI-2017-2018"),
        from_index_code: text("PAPI-2017"),
        to_index_code: text("PAPI-2018"),
        title: text("Bảng chuyển đổi"),
        title_en: text("Crosswalk"),
        reference: text("minh họa"),
        links: vec![same, new],
    };
    CrosswalkPublished { crosswalk: Some(crosswalk) }
}
