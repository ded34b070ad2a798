"""Counts the responses of a survey as a columnar engine does: how long `cchc bench ingest --beside` compares with.

Reads the rows over PostgreSQL's binary COPY into Arrow (ADBC), lays the answers out as columns, and groups by commune and
question with Polars. Prints how many responses it counted. Needs `polars`, `pyarrow`, `numpy` and
`adbc-driver-postgresql`; no test does.
"""

import os

import adbc_driver_postgresql.dbapi
import numpy
import polars

ROWS = "select cluster_place, answers from survey.responses"


def batches(url):
    """The rows as Arrow gives them, some ten thousands at a time."""
    with adbc_driver_postgresql.dbapi.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(ROWS)
        yield from cursor.fetch_record_batch()


def columns(batch):
    """A column for the commune and one for each question; each response has as many answers as the others."""
    communes, answers = batch.columns
    _, _, values = answers.buffers()
    first, last = answers.offset, answers.offset + len(answers)
    width = len(answers[0].as_py())
    table = numpy.frombuffer(values, numpy.uint8)[first * width : last * width].reshape(-1, width)
    questions = {f"q{place}": table[:, place] for place in range(width)}
    return polars.DataFrame({"commune": communes.to_numpy(), **questions})


def main():
    rows = polars.concat(columns(batch) for batch in batches(os.environ["CCHC_BENCH_ROWS"]) if len(batch))
    questions = [name for name in rows.columns if name != "commune"]
    counts = polars.collect_all([rows.lazy().group_by("commune", question).len() for question in questions])
    assert all(count["len"].sum() == rows.height for count in counts)
    print(rows.height)


main()
