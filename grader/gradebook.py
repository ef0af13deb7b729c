"""The gradebook: one SQLite file; every attempt is kept, the newest of each student and notebook counts."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from grader.errors import UserError
from grader.verdict import Item, Verdict

SCHEMA = """
CREATE TABLE IF NOT EXISTS attempt (
    id          INTEGER PRIMARY KEY,
    student     TEXT NOT NULL,
    notebook    TEXT NOT NULL,
    status      TEXT NOT NULL,
    points      REAL NOT NULL,
    out_of      REAL NOT NULL,
    detail      TEXT NOT NULL,
    notes       TEXT NOT NULL,  -- JSON list of strings
    seconds     TEXT NOT NULL,  -- JSON object: phase -> seconds
    source      TEXT NOT NULL,  -- where the submission was found
    fingerprint TEXT NOT NULL,  -- SHA-256 of the submitted file
    keys        TEXT NOT NULL,  -- SHA-256 of the committed keys that decided it
    executed    TEXT NOT NULL,  -- the executed notebook (nbformat 4 JSON), empty if nothing was executed
    graded_at   TEXT NOT NULL   -- UTC, ISO 8601
);
CREATE TABLE IF NOT EXISTS item (
    attempt_id  INTEGER NOT NULL REFERENCES attempt(id),
    position    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    points      REAL NOT NULL,
    out_of      REAL NOT NULL,
    status      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (attempt_id, position)
);
CREATE VIEW IF NOT EXISTS latest AS
    SELECT * FROM attempt WHERE id IN (SELECT max(id) FROM attempt GROUP BY student, notebook);
"""

COLUMNS = "id, student, notebook, status, detail, notes, seconds, graded_at"  # what a verdict is made of


class Gradebook:
    """A gradebook file, created if it is not there.

    path:   file to open or create; its folder must exist
    raises: UserError if it cannot be opened or is not a gradebook
    """

    def __init__(self, path):
        self.path = path
        try:
            self._connection = sqlite3.connect(path)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise UserError(f"cannot use the gradebook {path}: {error}", "pass another folder with --out") from error

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._connection.close()

    def record(self, graded):
        """Add one attempt, a `grader.grade.Graded`, in one transaction; returns its id."""
        verdict = graded.verdict
        row = dict(
            student=verdict.student,
            notebook=verdict.notebook,
            status=verdict.status,
            points=verdict.points,
            out_of=verdict.out_of,
            detail=verdict.detail,
            notes=json.dumps(verdict.notes),
            seconds=json.dumps(verdict.seconds),
            source=graded.submission.source,
            fingerprint=graded.fingerprint,
            keys=graded.keys,
            executed=graded.executed,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        with self._connection, closing(self._connection.cursor()) as cursor:
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            cursor.execute(f"INSERT INTO attempt ({names}) VALUES ({marks})", row)
            attempt_id = cursor.lastrowid
            cursor.executemany(
                "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (attempt_id, position, item.name, item.points, item.out_of, item.status, item.reason)
                    for position, item in enumerate(verdict.items)
                ],
            )
        return attempt_id

    def latest(self):
        """The verdict that counts of every student and notebook, as a list of (attempt id, verdict, graded_at)."""
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM latest ORDER BY student, notebook").fetchall()
        return [(row["id"], self._verdict(row), row["graded_at"]) for row in rows]

    def executed(self, attempt_id):
        """The executed notebook of an attempt (nbformat 4 JSON), empty if nothing was executed."""
        query = "SELECT executed FROM attempt WHERE id = ?"
        return self._connection.execute(query, (attempt_id,)).fetchone()["executed"]

    def _verdict(self, row):
        items = self._connection.execute(
            "SELECT name, points, out_of, status, reason FROM item WHERE attempt_id = ? ORDER BY position",
            (row["id"],),
        )
        return Verdict(
            student=row["student"],
            notebook=row["notebook"],
            status=row["status"],
            items=tuple(Item(*item) for item in items),
            detail=row["detail"],
            notes=tuple(json.loads(row["notes"])),
            seconds=json.loads(row["seconds"]),
        )
