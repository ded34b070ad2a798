//! `cchc bench kill`: clients push, and at random moments one of them, a service, PostgreSQL or NATS is
//! ended with SIGKILL and started again, many times. Then everything is counted: what was acknowledged is
//! stored, once; the sums are what the stored answers give; and what reporting heard is what survey has.
//!
//! ```text
//!   round: ─ wait ─► kill one of them (now and then two) ─ wait ─► start again, until it serves ─┐
//!     ▲                                                                                         │
//!     └─────────────────────────── clients push all the while ◄─────────────────────────────────┘
//! ```
//!
//! The clients are processes too. Each notes what was acknowledged in a file; one that was killed goes on
//! behind that, so what it had sent without an answer is sent again, as the contract asks.

mod audit;
mod client;
mod world;

use std::{process::ExitCode, time::Duration};

use clap::Args;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

pub(super) use self::client::push;
use self::{
    audit::{Audit, Finding},
    world::{Victim, World},
};
use super::load::mixed;
use crate::{
    error::{CliError, FAILED},
    output::Output,
    say::Lang,
    up::servers::Places,
};

/// Longest that is waited before a kill, and between a kill and the new start, in milliseconds.
const LONGEST_WAIT: u64 = 400;
const LONGEST_ABSENCE: u64 = 250;

/// What `cchc bench kill` is called with.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// How often something is killed
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    rounds: u64,
    /// Clients, half of them streaming, half sending single calls
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u64).range(2..=16))]
    clients: u64,
    /// Chooses victims and moments; another number, another run
    #[arg(long, value_name = "NUMBER", default_value_t = 2018)]
    seed: u64,
    #[command(flatten)]
    places: Places,
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    /// A number below another.
    const fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0) % below
    }

    fn wait(&mut self, longest: u64) -> Duration {
        Duration::from_millis(self.roll(longest))
    }
}

/// Runs `cchc bench kill`.
pub(super) async fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    output.note(output.t("Đang khởi động…", "Starting…"))?;
    let start = Instant::now();
    let mut world = World::start(arguments.clients, &arguments.places).await?;
    let killed = torment(&mut world, arguments, output).await;
    let audit = match killed {
        Ok(killed) => audit::of(&mut world).await.map(|audit| (killed, audit)),
        Err(error) => Err(error),
    };
    world.stop().await;
    let (killed, audit) = audit?;
    report(&killed, &audit, start.elapsed(), output)?;
    Ok(if audit.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Kills and revives, as often as asked; says how often each was killed.
async fn torment(
    world: &mut World,
    arguments: &Arguments,
    output: &Output,
) -> Result<Vec<(Victim, u64)>, CliError> {
    let mut dice = Dice(arguments.seed);
    let mut killed = Vec::from(Victim::ALL.map(|victim| (victim, 0)));
    let bar = output.progress(arguments.rounds, output.t("Lần tắt đột ngột", "Kills"));
    let mut done = 0;
    while done < arguments.rounds {
        sleep(dice.wait(LONGEST_WAIT)).await;
        // Now and then two at once: the second while the first is away.
        let at_once = if dice.roll(8) == 0 { 2 } else { 1 };
        let mut away = Vec::new();
        for _ in 0..at_once.min(arguments.rounds - done) {
            let victim = Victim::chosen(dice.roll(10));
            if !away.iter().any(|(gone, _)| *gone == victim) {
                let which = dice.roll(arguments.clients);
                world.kill(victim, which).await?;
                away.push((victim, which));
            }
        }
        sleep(dice.wait(LONGEST_ABSENCE)).await;
        // What others need first.
        away.sort_by_key(|(victim, _)| *victim);
        for (victim, which) in away {
            world.revive(victim, which).await?;
            for (of, times) in &mut killed {
                *times += u64::from(*of == victim);
            }
            done += 1;
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(killed)
}

fn report(
    killed: &[(Victim, u64)],
    audit: &Audit,
    took: Duration,
    output: &Output,
) -> Result<(), CliError> {
    let Audit { acknowledged, stored, refused, told, findings } = audit;
    let seconds = took.as_secs();
    if output.is_json() {
        let killed: serde_json::Map<String, Value> =
            killed.iter().map(|(victim, times)| (victim.word().to_owned(), json!(times))).collect();
        let findings: Vec<&str> = findings.iter().map(|Finding(words)| words.en.as_str()).collect();
        return output.json(&json!({
            "killed": killed, "seconds": seconds, "acknowledged": acknowledged, "stored": stored,
            "refused": refused, "told": told, "findings": findings,
        }));
    }
    let times: Vec<String> =
        killed.iter().map(|(victim, times)| format!("{} {times}", victim.word())).collect();
    let (all, times): (u64, String) = (killed.iter().map(|(_, n)| n).sum(), times.join(", "));
    output.line(match output.lang() {
        Lang::Vi => format!(
            "Tắt đột ngột {all} lần trong {seconds} giây: {times}.\n\
             Đã xác nhận {acknowledged} phiếu; lưu {stored}; {refused} hàng bị từ chối đang chờ; đã báo {told} phiếu."
        ),
        Lang::En => format!(
            "Killed {all} times in {seconds} seconds: {times}.\n\
             {acknowledged} responses acknowledged, {stored} stored, {refused} refused rows kept, {told} told."
        ),
    })?;
    if findings.is_empty() {
        return output.line(output.t(
            "Không mất phiếu nào đã xác nhận, không phiếu nào tính hai lần, mọi tổng đều khớp kết quả đếm lại.",
            "No acknowledged response is lost, none counts twice, every sum equals its recount.",
        ));
    }
    for Finding(words) in findings {
        output.line(format_args!(" • {}", words.in_lang(output.lang())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_chooses_the_same_victims_and_all_of_them_in_time() {
        let chosen = |seed| {
            let mut dice = Dice(seed);
            (0..100).map(|_| Victim::chosen(dice.roll(10))).collect::<Vec<_>>()
        };

        let victims = chosen(2018);

        assert_eq!(victims, chosen(2018));
        assert_ne!(victims, chosen(2019));
        assert!(Victim::ALL.iter().all(|victim| victims.contains(victim)));
    }
}
