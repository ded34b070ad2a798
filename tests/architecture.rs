//! The house stays in order: who may import whom, how long a file may be, what an example file may say.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use harness::repository;

/// Longest a hand-written file may be.
const MOST_LINES: usize = 400;

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Lines of a file that are code, each with its place.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim().to_owned()));
    lines.filter(|(_, line)| !line.starts_with("//")).collect()
}

/// Finds words in code where they must not be.
fn strangers(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if !folder.exists() {
        return found;
    }
    for path in files(folder, ".rs") {
        for (number, line) in code(&path) {
            for word in words.iter().filter(|word| line.contains(*word)) {
                found.push(format!("{}:{number}: {word}", path.display()));
            }
        }
    }
    found
}

#[test]
fn domains_are_pure() {
    for service in ["registry", "assignment", "survey", "reporting"] {
        let domain = repository().join("services").join(service).join("src/domain");
        let words =
            ["sqlx", "tonic", "prost", "tokio", "tracing::", "cchc_proto", "cchc_kit", ".await"];
        assert_eq!(strangers(&domain, &words), [] as [String; 0]);
    }
    for pure in ["core", "scoring"] {
        let source = repository().join("services").join(pure).join("src");
        let words = [
            "sqlx::",
            "tonic",
            "prost",
            "tokio",
            "cchc_proto",
            "cchc_kit",
            ".await",
            "std::fs",
            "std::net",
        ];
        assert_eq!(strangers(&source, &words), [] as [String; 0]);
    }
}

#[test]
fn stores_and_use_cases_know_no_transport() {
    for service in ["registry", "assignment", "survey", "reporting"] {
        let source = repository().join("services").join(service).join("src");
        assert_eq!(strangers(&source.join("store"), &["tonic", "cchc_proto"]), [] as [String; 0]);
        assert_eq!(strangers(&source.join("grpc"), &["sqlx::"]), [] as [String; 0]);
    }
}

#[test]
fn services_meet_only_in_contracts() {
    let services = ["registry", "assignment", "survey", "reporting"];
    for service in services {
        let others: Vec<String> = services
            .iter()
            .filter(|other| **other != service)
            .map(|other| format!("cchc_{other}::"))
            .collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let source = repository().join("services").join(service).join("src");
        assert_eq!(strangers(&source, &others), [] as [String; 0]);
    }
}

#[test]
fn a_status_is_made_in_one_place() {
    for service in ["registry", "assignment", "survey", "reporting"] {
        for layer in ["app", "domain", "store", "events"] {
            let folder = repository().join("services").join(service).join("src").join(layer);
            assert_eq!(strangers(&folder, &["Status::"]), [] as [String; 0]);
        }
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut long = Vec::new();
    for folder in ["services", "proto/src", "tests"] {
        for path in files(&repository().join(folder), ".rs") {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            if lines > MOST_LINES {
                long.push(format!("{}: {lines} lines", path.display()));
            }
        }
    }
    assert_eq!(long, [] as [String; 0]);
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut silent = Vec::new();
    for folder in ["services", "proto/src", "tests"] {
        for path in files(&repository().join(folder), ".rs") {
            if !fs::read_to_string(&path).unwrap().starts_with("//!") {
                silent.push(path.display().to_string());
            }
        }
    }
    assert_eq!(silent, [] as [String; 0]);
}

#[test]
fn example_settings_are_settings() {
    use figment::providers::{Env, Serialized};
    let mut read = 0;
    for path in files(&repository().join("deploy/env"), ".env.example") {
        let name = path.file_name().unwrap().to_string_lossy().replace(".env.example", "");
        let prefix = format!("CCHC_{}__", name.to_uppercase());
        let mut figment = figment::Figment::new();
        for (_, line) in code(&path) {
            let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
                continue;
            };
            let Some(key) = key.strip_prefix(&prefix) else {
                panic!("{}: {key} does not start with {prefix}", path.display())
            };
            let value: figment::value::Value = value.parse().unwrap();
            let key = key.to_lowercase().replace("__", ".");
            figment = figment.merge(Serialized::default(&key, value));
        }
        let config: Result<cchc_kit::config::Config, _> =
            figment.merge(Env::raw().only(&[])).extract();
        assert!(config.is_ok(), "{}: {}", path.display(), config.unwrap_err());
        read += 1;
    }
    assert_eq!(read, 4, "one example a service");
}

#[test]
fn what_prepare_makes_is_what_the_services_mount_and_is_made_once() {
    let (deploy, made) = (repository().join("deploy"), tempfile::tempdir().unwrap());
    let place = |name: &str| made.path().join(name);
    fs::create_dir(place("env")).unwrap();
    for path in files(&deploy.join("env"), ".env.example") {
        fs::copy(&path, place("env").join(path.file_name().unwrap())).unwrap();
    }
    fs::copy(deploy.join("prepare"), place("prepare")).unwrap();
    let prepare = || {
        assert!(Command::new("bash").arg(place("prepare")).status().unwrap().success());
        let kept = files(&place("secrets"), "");
        kept.into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect::<Vec<_>>()
    };

    let first = prepare();
    let again = prepare();

    assert_eq!(first, again);
    let compose = fs::read_to_string(deploy.join("compose.yaml")).unwrap();
    let mounted = compose.split("{file: ./secrets/").skip(1);
    let mut mounted: Vec<&str> = mounted.filter_map(|rest| rest.split('}').next()).collect();
    mounted.sort_unstable();
    let made: Vec<_> = first.iter().map(|(_, path)| path.file_name().unwrap()).collect();
    assert_eq!(made, mounted);
    for service in ["assignment", "survey", "reporting"] {
        let settings = fs::read_to_string(place("env").join(format!("{service}.env"))).unwrap();
        let setting = format!("CCHC_{}__KEYS__WRAPPING_FILE", service.to_uppercase());
        let line = format!("\n{setting}=/run/secrets/{service}_wrapping_keys\n");
        assert!(settings.contains(&line), "{line}");
        let file = place(&format!("secrets/{service}_wrapping_keys"));
        let keys = cchc_kit::vault::Vault::read(&file).unwrap();
        assert!(keys.first().starts_with('k') && keys.first().len() == 9, "{}", keys.first());
    }
}
