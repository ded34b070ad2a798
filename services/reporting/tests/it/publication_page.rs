//! Publications on the page: cited, listed, opened, withheld.

use cchc_proto::{convert::timestamp, reporting::v1::PublishRollupRequest};
use time::{Duration, OffsetDateTime};

use crate::{
    press::Press,
    province::{PLAN, assessed},
    publications::asked,
};

/// Asks for the page of the plan.
async fn browse(press: &Press, query: &str, token: &str) -> String {
    press.world.browse(&format!("/?plan={PLAN}{query}"), token).await
}

#[tokio::test]
async fn the_page_cites_lists_and_opens_a_publication_and_marks_what_was_revised() {
    let press = Press::new().await;
    let viewer = press.viewer();
    let checksum = press.world.rollup().await.checksum;
    let plain = browse(&press, "", &viewer).await;
    let made = press.publish(asked(&checksum)).await.unwrap();

    let cited = browse(&press, "", &viewer).await;
    let opened = browse(&press, "&publication=1", &viewer).await;
    press.world.hear("assignment", vec![assessed(3, "8")]).await;
    let moved = browse(&press, "", &viewer).await;
    let revised = browse(&press, "&publication=1", &viewer).await;
    press.withdraw(&uuid::Uuid::now_v7().to_string(), 1, &made.content_checksum).await.unwrap();
    let withdrawn = browse(&press, "&publication=1", &viewer).await;

    assert!(!plain.contains("đã công bố"), "{plain}");
    assert!(cited.contains("số liệu đã công bố số 1</a>"), "{cited}");
    assert!(cited.contains("Số liệu sáu tháng</a>, ngày"), "{cited}");
    assert!(!moved.contains("số liệu đã công bố số 1</a>"), "{moved}");
    assert!(opened.contains("chưa có mục nào điều chỉnh sau khi công bố"), "{opened}");
    let signed: [&str; 3] = [&made.key_id, &made.content_checksum, &checksum];
    for word in signed.into_iter().chain(["9,25", "Báo cáo số 12/BC-SNV"]) {
        assert!(opened.contains(word), "{word}: {opened}");
    }
    assert!(revised.contains("2 mục đã điều chỉnh sau khi công bố"), "{revised}");
    assert!(revised.contains("9,25") && revised.contains("revised"), "{revised}");
    assert!(withdrawn.contains("Đã thu hồi ngày"), "{withdrawn}");
}

#[tokio::test]
async fn under_an_embargo_the_page_says_until_when_and_nothing_else() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    let end = Some(timestamp(OffsetDateTime::now_utc() + Duration::HOUR));
    let wish = PublishRollupRequest { embargo_end_time: end, ..asked(&checksum) };
    press.publish(wish).await.unwrap();

    let listed = browse(&press, "", &press.viewer()).await;
    let refused = browse(&press, "&publication=1", &press.viewer()).await;
    let opened = browse(&press, "&publication=1", &press.publisher()).await;
    let missing = browse(&press, "&publication=x", &press.viewer()).await;

    assert!(listed.contains("được xem từ") && !listed.contains("Số liệu sáu tháng"), "{listed}");
    assert!(!listed.contains("số liệu đã công bố số 1</a>"), "{listed}");
    assert!(
        refused.starts_with("HTTP/1.1 403") && refused.contains("chỉ được xem từ"),
        "{refused}"
    );
    assert!(opened.starts_with("HTTP/1.1 200") && opened.contains("Số liệu sáu tháng"), "{opened}");
    assert!(missing.starts_with("HTTP/1.1 404"), "{missing}");
}
