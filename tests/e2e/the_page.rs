//! The dashboard: for those with a token, in Vietnamese, and moving as data arrives.

use harness::{World, calls::assessment};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Asks for a page as a browser would, and reads until the text is there or the server ends.
pub(crate) async fn browse(world: &World, path: &str, cookie: &str, until: &str) -> String {
    let address = world.page("reporting");
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let ask = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).await.unwrap();
    read(&mut stream, until).await
}

async fn read(stream: &mut TcpStream, until: &str) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        bytes.extend(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if count == 0 || (!until.is_empty() && text.contains(until)) {
            return text;
        }
    }
}

#[tokio::test]
async fn the_page_is_for_those_with_a_token_of_the_province() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let leader = world.people.leader();
    let stranger = world.people.token("tinh-khac", "24", &[cchc_core::Role::RollupViewer]);

    let nobody = browse(&world, "/", "", "").await;
    let arriving = browse(&world, &format!("/?token={leader}"), "", "").await;
    let arrived = browse(&world, "/", &format!("cchc_token={leader}"), "").await;
    let foreign = browse(&world, "/", &format!("cchc_token={stranger}"), "").await;

    assert!(nobody.starts_with("HTTP/1.1 401") && !nobody.contains("92,28"), "{nobody}");
    assert!(arriving.starts_with("HTTP/1.1 303"), "{arriving}");
    assert!(arriving.contains("HttpOnly; SameSite=Strict"), "{arriving}");
    assert!(arrived.contains("92,28") && arrived.contains("≠ 40,1"), "{arrived}");
    assert!(arrived.contains("content-security-policy"), "{arrived}");
    assert!(foreign.starts_with("HTTP/1.1 403") && !foreign.contains("92,28"), "{foreign}");
}

#[tokio::test]
async fn the_page_moves_as_data_arrives() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let cookie = format!("cchc_token={}", world.people.leader());
    let address = world.page("reporting");
    let host = address.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let ask = format!("GET /live HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let first = read(&mut stream, "Mã kiểm tra").await;

    let row = vec![assessment("PAR-2018/1", "22-SNV", "9.37")];
    world.calls().assess(&world.people.agency("22-SNV"), row).await.unwrap();
    let second = read(&mut stream, "9,37").await;

    assert!(first.contains("event: rollup") && !first.contains("9,37"), "{first}");
    assert!(second.contains("9,37"));
}
