//! A demonstration with nothing faked but the figures: every agency reports a made-up year from a
//! process of its own, over gRPC with its own token, and the rollup is watched while it moves.

mod client;
mod eye;
mod fieldwork;

use std::{collections::BTreeMap, path::Path, time::Instant};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::ProgressBar;

use self::client::{Delivery, Tally};
use super::{hearing, place::Place, said};
use crate::{
    error::CliError,
    output::Output,
    plan_files::PlanFolder,
    rollup,
    sample::{SEED, SampleYear},
    say::Lang,
};

/// Agencies that report at the same time.
const AT_ONCE: usize = 4;

/// What one agency sends, file by file.
type Deliveries = Vec<Delivery>;

/// Lets everybody report, and shows what came of it.
pub(super) async fn run(
    place: &Place,
    folder: &PlanFolder,
    output: &Output,
) -> Result<(), CliError> {
    let start = Instant::now();
    let year = SampleYear::make(folder, SEED);
    let files = place.data().join("sample-year");
    year.write(&files)?;
    output.note(output.t(
        "Trình diễn với số liệu minh họa, không phải số liệu chính thức.",
        "A demonstration with made-up figures, none of them official.",
    ))?;
    let total = year.files().len().saturating_sub(1);
    let bar = output.progress(u64::try_from(total).unwrap_or_default(), "");
    let stages = stages(&year, folder, &files, place);
    let told = async {
        let tally = report(&stages, &bar, output).await?;
        fieldwork::close(place, folder).await?;
        Ok::<_, CliError>(tally)
    };
    let tally = tokio::select! {
        tally = told => tally?,
        error = eye::watch(place, folder, &bar, output) => return Err(error),
    };
    hearing::settled(place).await?;
    bar.finish_and_clear();
    show(place, folder, output).await?;
    summary(&tally, start, output)
}

/// What is sent, in an order in which it can be: appraisals need assessments, corrections something
/// to correct. Agencies of one stage know nothing of each other; they come in the order of the plan's
/// units, so that the leads are heard of first.
fn stages(
    year: &SampleYear,
    folder: &PlanFolder,
    files: &Path,
    place: &Place,
) -> Vec<Vec<Deliveries>> {
    let (assignment, survey) = (place.grpc("assignment"), place.grpc("survey"));
    let delivery = |kind: &str, path: &str, to: &str, token: &str| Delivery {
        kind: kind.to_owned(),
        file: files.join(path),
        to: to.to_owned(),
        token: place.token(token),
    };
    let (mut units, mut collectors) = (BTreeMap::new(), BTreeMap::new());
    let (mut appraised, mut corrected) = (Deliveries::new(), Vec::new());
    for path in year.files().keys() {
        match path.trim_end_matches(".csv").split('/').collect::<Vec<_>>().as_slice() {
            ["units", unit, kind] => {
                let of: &mut Deliveries = units.entry((*unit).to_owned()).or_default();
                of.push(delivery(kind, path, &assignment, &format!("units/{unit}")));
            }
            ["responses", district, _] => {
                let of: &mut Deliveries = collectors.entry((*district).to_owned()).or_default();
                of.push(delivery("responses", path, &survey, &format!("collectors/{district}")));
            }
            ["corrections", unit] => {
                let token = format!("units/{unit}");
                corrected.push(vec![delivery("measurements", path, &assignment, &token)]);
            }
            ["appraisals"] => {
                appraised.push(delivery("appraisals", path, &assignment, "appraiser"));
            }
            _ => {}
        }
    }
    let in_order = folder.units.iter().filter_map(|unit| units.remove(unit.code.as_str()));
    vec![in_order.collect(), vec![appraised], collectors.into_values().collect(), corrected]
}

async fn report(
    stages: &[Vec<Deliveries>],
    bar: &ProgressBar,
    output: &Output,
) -> Result<Tally, CliError> {
    let mut tally = Tally::default();
    for agencies in stages {
        let sent = agencies.iter().map(|deliveries| agency(deliveries, bar, output.lang()));
        tally = stream::iter(sent)
            .buffer_unordered(AT_ONCE)
            .try_fold(tally, async |sum, one| Ok(sum.and(one)))
            .await?;
    }
    Ok(tally)
}

async fn agency(deliveries: &Deliveries, bar: &ProgressBar, lang: Lang) -> Result<Tally, CliError> {
    let mut tally = Tally::default();
    for delivery in deliveries {
        tally = tally.and(client::push(delivery, lang).await?);
        bar.inc(1);
    }
    Ok(tally)
}

async fn show(place: &Place, folder: &PlanFolder, output: &Output) -> Result<(), CliError> {
    let (plan, token) = (folder.plan.code.to_string(), place.token("viewer"));
    let token = token.display().to_string();
    let reporting = place.grpc("reporting");
    let words = ["rollup", "show", &plan, "--reporting", &reporting, "--token-file", &token];
    rollup::run(said(&words)?, output).await.map(|_| ())
}

fn summary(tally: &Tally, start: Instant, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&tally.to_json(start.elapsed()));
    }
    let Tally { processes, rows, new, corrected, repeats, refused } = tally;
    let seconds = output.lang().figure(&tenths(start.elapsed().as_millis()));
    output.line(match output.lang() {
        Lang::Vi => format!(
            "\nTrình diễn xong sau {seconds} giây: {processes} tiến trình gửi {rows} dòng ({new} mới, {corrected} điều chỉnh, {repeats} đã có, {refused} bị từ chối)."
        ),
        Lang::En => format!(
            "\nDone in {seconds} seconds: {processes} processes sent {rows} rows ({new} new, {corrected} corrected, {repeats} known before, {refused} refused)."
        ),
    })
}

/// Milliseconds as seconds with one place.
fn tenths(milliseconds: u128) -> String {
    format!("{}.{}", milliseconds / 1000, milliseconds % 1000 / 100)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn every_file_is_sent_once_by_whom_it_belongs_to() {
        let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/plans/quang-ninh-2018");
        let folder = PlanFolder::load(Path::new(plan)).unwrap();
        let data = tempfile::tempdir().unwrap();
        let place = Place::open(data.path(), 7100).unwrap();
        let year = SampleYear::make(&folder, SEED);

        let stages = stages(&year, &folder, Path::new("year"), &place);

        let agencies: Vec<usize> = stages.iter().map(Vec::len).collect();
        assert_eq!(agencies, [228, 1, 14, 3]);
        let sent: Vec<_> = stages.iter().flatten().flatten().collect();
        assert_eq!(sent.len() + 1, year.files().len(), "all but the README");
        let own =
            sent.iter().find(|one| one.file == Path::new("year/units/193/progress.csv")).unwrap();
        assert_eq!((own.kind.as_str(), &own.token), ("progress", &place.token("units/193")));
    }

    #[test]
    fn a_time_is_told_in_tenths() {
        assert_eq!(tenths(12_345), "12.3");
        assert_eq!(tenths(45), "0.0");
    }
}
