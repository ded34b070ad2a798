//! A server that speaks S3 and is not ours: `rclone serve s3`, over TLS, with one access key, on a folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use cchc_kit::config::BucketConfig;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::authority::Authority;

/// The bucket that is there.
pub(crate) const BUCKET: &str = "tai-lieu";
/// What signs in.
pub(crate) const KEY: &str = "tai-khoan-thu";
pub(crate) const SECRET: &str = "khoa-bi-mat-cua-thung-tai-lieu";

/// The server, with what it keeps.
pub(crate) struct S3Server {
    folder: TempDir,
    addr: String,
    process: Child,
}

/// Packed for Python's installer, so it lies where that put it.
fn rclone() -> PathBuf {
    let python = std::env::var("CCHC_TEST_PYTHON").unwrap_or_else(|_| {
        panic!(
            "CCHC_TEST_PYTHON must name a Python beside rclone: run tests/run -p cchc-assignment"
        )
    });
    Path::new(&python).with_file_name("rclone")
}

/// Serves what lies in a folder; says where, once it does.
async fn serve(folder: &Path, addr: &str) -> (String, Child) {
    let mut process = Command::new(rclone())
        .args(["serve", "s3", "objects", "--addr", addr, "--config", "", "--cache-dir", "cache"])
        .args(["--cert", "server.pem", "--key", "server.key"])
        .args(["--auth-key", &format!("{KEY},{SECRET}")])
        .current_dir(folder)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
    let addr = loop {
        let line = said.next_line().await.unwrap().unwrap();
        if let Some((_, rest)) = line.split_once("https://") {
            break rest.split('/').next().unwrap().to_owned();
        }
    };
    // It would stand still if nobody read what it says.
    tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
    (addr, process)
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("objects").join(BUCKET)).unwrap();
        let authority = Authority::new();
        let (certificate, key) = authority.vouch("127.0.0.1");
        for (name, text) in [
            ("authority.pem", authority.pem),
            ("server.pem", certificate.pem()),
            ("server.key", key.serialize_pem()),
            ("key", format!("{KEY}\n")),
            ("secret", format!("{SECRET}\n")),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let (addr, process) = serve(folder.path(), "127.0.0.1:0").await;
        Self { folder, addr, process }
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Starts it anew where it was.
    pub(crate) async fn return_to_work(&mut self) {
        self.process = serve(self.folder.path(), &self.addr).await.1;
    }

    /// The settings of who uses the bucket.
    pub(crate) fn settings(&self) -> BucketConfig {
        let file = |name: &str| self.folder.path().join(name);
        BucketConfig {
            url: format!("https://{}", self.addr),
            name: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            access_key_file: file("key"),
            secret_key_file: file("secret"),
            ca_file: Some(file("authority.pem")),
        }
    }

    /// Where its objects lie.
    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.path().join("objects")
    }

    /// A file of its own with another text.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}
