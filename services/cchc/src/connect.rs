//! A service as the command line calls it: one lazy channel, a token, and failures that read well.

use std::{path::Path, path::PathBuf, time::Duration};

use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};

use crate::{
    error::{CliError, Refused},
    files,
};

/// How long a single question may take.
pub const QUESTION: Duration = Duration::from_secs(20);
/// How long one stream of rows may take.
pub const DELIVERY: Duration = Duration::from_mins(10);

/// The token that says who calls.
#[derive(Debug, Clone, clap::Args)]
pub struct TokenFile {
    /// File with the token that says who you are (`cchc token issue` makes one)
    #[arg(long = "token-file", value_name = "FILE", env = "CCHC_TOKEN_FILE")]
    pub token_file: PathBuf,
}

/// A service that can be called.
#[derive(Debug, Clone)]
pub struct Server {
    url: String,
    channel: Channel,
    authorization: MetadataValue<Ascii>,
}

impl Server {
    /// Names a service and who calls it; it is connected to with the first call.
    pub fn new(url: &str, token: &str) -> Result<Self, CliError> {
        let endpoint = Endpoint::from_shared(url.to_owned()).ok();
        let is_plain = url.starts_with("http://");
        let Some(endpoint) = endpoint.filter(|_| is_plain) else { return Err(bad_address(url)) };
        let channel = endpoint
            .connect_timeout(Duration::from_secs(3))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10))
            .connect_lazy();
        let authorization = format!("Bearer {token}").parse().map_err(|_| {
            CliError::unusable(
                "Mã truy cập (token) chứa ký tự lạ: hãy sao chép lại nguyên văn, trên một dòng.",
                "The token has characters that do not belong there: copy it again, on one line.",
            )
        })?;
        Ok(Self { url: url.to_owned(), channel, authorization })
    }

    /// Names a service, with the token from a file.
    pub fn open(url: &str, token: &TokenFile) -> Result<Self, CliError> {
        Self::new(url, &read_token(&token.token_file)?)
    }

    /// The address, for messages.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The channel, for a generated client.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Wraps a message with who calls and how long it may take.
    pub fn request<T>(&self, message: T, limit: Duration) -> Request<T> {
        let mut request = self.watch(message);
        request.set_timeout(limit);
        request
    }

    /// Wraps a message that is answered for as long as the caller likes.
    pub fn watch<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.authorization.clone());
        request
    }

    /// Reads a refusal of this service.
    #[must_use]
    pub fn refused(&self, status: &Status) -> CliError {
        Box::new(Refused::new(&self.url, status)).into()
    }
}

fn read_token(path: &Path) -> Result<String, CliError> {
    let text = files::text(path).map_err(|problem| CliError::Files(vec![problem]))?;
    let token = text.trim();
    if token.is_empty() {
        let shown = path.display();
        return Err(CliError::unusable(
            format!(
                "Tệp {shown} rỗng: hãy ghi mã truy cập (token) vào đó, hoặc tạo bằng `cchc token issue`."
            ),
            format!("{shown} is empty: put the token there, or make one with `cchc token issue`."),
        ));
    }
    Ok(token.to_owned())
}

fn bad_address(url: &str) -> CliError {
    CliError::unusable(
        format!(
            "“{url}” không phải địa chỉ dùng được: hãy viết dạng http://máy:cổng, ví dụ http://127.0.0.1:7001."
        ),
        format!(
            "{url:?} is not an address that can be used: write http://host:port, such as http://127.0.0.1:7001."
        ),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::say::Lang;

    #[tokio::test]
    async fn an_address_that_is_none_is_refused_with_an_example() {
        for url in ["", "127.0.0.1:7001", "https://x", "http://", "http://a b"] {
            let error = Server::new(url, "t").unwrap_err();

            assert!(error.say(Lang::En).concat().contains("http://127.0.0.1:7001"), "{url}");
        }
    }

    #[tokio::test]
    async fn the_token_is_read_without_the_line_break_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let token = TokenFile { token_file: folder.path().join("token") };

        std::fs::write(&token.token_file, "abc\n").unwrap();
        let request = Server::open("http://127.0.0.1:1", &token).unwrap().watch(());

        assert_eq!(request.metadata().get("authorization").unwrap(), "Bearer abc");
        std::fs::write(&token.token_file, " \n").unwrap();
        assert!(Server::open("http://127.0.0.1:1", &token).is_err());
    }
}
