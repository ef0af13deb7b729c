"""Finds submissions: notebooks, folders of them, <student>/<notebook>.ipynb trees, and zip files of any of these."""

import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import UserError
from grader.homework import homeworks

MAX_NOTEBOOK_BYTES = 50 * 2**20
IGNORED = {".ipynb_checkpoints", "__MACOSX"}
OURS = {"homework", "notebooks", "helpers", "data"}  # folders of the student zip: they do not name a student


@dataclass(frozen=True)
class Submission:
    """One student's notebook as found.

    data:    the file's bytes; None where no notebook was handed in, or where `problem` says why it cannot be read
    remarks: for the student, on what was found besides
    """

    student: str
    notebook: str
    source: str
    data: bytes | None = None
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _File:
    """A notebook file found: the folders (and zip files) that lead to it, its name, and its bytes or its problem."""

    folders: tuple[str, ...]
    name: str
    source: str
    data: bytes | None = None
    problem: str = ""


def find_submissions(paths, expected=()):
    """All submissions under `paths`, sorted by student and notebook.

    paths:    notebooks, zip files, or folders of them in any nesting
    expected: names of the homeworks that every student should have; default: those that anybody handed in
    returns:  list of Submission; a student without an expected notebook gets one without data
    raises:   UserError if a path does not exist or nothing is found
    """
    found, students = defaultdict(list), set()
    for path in map(Path, paths):
        if not path.exists():
            raise UserError(f"there is no {path}", "pass folders, zip files or notebooks")
        for file in _files(path):
            notebook = _homework_of(file.name)
            student = _readable(_student_of(file, notebook, path))
            students.add(student)
            found[student, notebook].append(file)
        students |= set(map(_readable, _without_notebooks(path)))
    if not students:
        raise UserError(f"no notebooks in {', '.join(map(str, paths))}", "expected is <student>/<notebook>.ipynb")
    expected = set(expected) or {name for _, name in found if name} or set(homeworks())
    return _sort_out(found, students, sorted(expected))


def _sort_out(found, students, expected):
    submissions = []
    for student in sorted(students):
        for notebook in expected:
            files = found.get((student, notebook), [])
            if not files and len(expected) == 1:
                files = found.get((student, ""), [])  # a file of another name can only be meant for this homework
            submissions.append(_choose(student, notebook, files))
    return submissions


def _choose(student, notebook, files):
    if not files:
        return Submission(student, notebook, "")
    chosen = max(files, key=lambda file: (file.name == f"{notebook}.ipynb", file.source))
    remarks = (f"{len(files)} files claim to be {notebook}; {chosen.name} was graded",) if len(files) > 1 else ()
    return Submission(student, notebook, chosen.source, chosen.data, chosen.problem, remarks)


def _homework_of(name):
    """The homework that the file name names ("smith_07_imagenet (1).ipynb" too), or ""."""
    return max((homework for homework in homeworks() if homework in name), key=len, default="")


def _student_of(file, notebook, root):
    """The innermost folder or zip file that is not one of ours; else what the file's name says beside the homework."""
    for folder in reversed(file.folders):
        if folder not in OURS:
            return folder
    stem = re.sub(r"[\s_-]*(\(\d+\)|copy\d*)$", "", file.name.removesuffix(".ipynb"), flags=re.IGNORECASE)
    rest = stem.replace(notebook, "").strip(" _-.")
    folder = root.resolve().parent if root.is_file() else root.resolve()
    return rest or folder.name or "unnamed"


def _readable(name):
    """`name` without bytes that no text can hold, which a file system may have in a name."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _without_notebooks(root):
    """Names of the students who handed in a folder or a zip file without any notebook, directly in `root`."""
    entries = [root] if root.is_file() else root.iterdir()
    candidates = [path for path in entries if path.is_dir() or path.suffix == ".zip"]
    names = {path.stem if path.suffix == ".zip" else path.name for path in candidates if not any(_files(path))}
    return {name for name in names if name not in OURS | IGNORED and not name.startswith(".")}


def _files(root):
    """All notebook files under `root`, which may be one itself, in a fixed order."""
    if root.is_file():
        yield from _file_or_members(root, ())
        return
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and not IGNORED & set(relative.parts):
            yield from _file_or_members(path, relative.parts[:-1])


def _file_or_members(path, folders):
    if path.suffix == ".ipynb":
        size = path.stat().st_size
        if size > MAX_NOTEBOOK_BYTES:
            yield _File(folders, path.name, str(path), problem=_too_large(size))
        else:
            yield _File(folders, path.name, str(path), path.read_bytes())
    elif path.suffix == ".zip":
        yield from _members(path, folders)


def _members(path, folders):
    """The notebooks in a zip file, read into memory: its members' names never become paths on the disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.infolist(), key=lambda member: member.filename):
                parts = PurePosixPath(member.filename).parts
                if parts and parts[-1].endswith(".ipynb") and not IGNORED & set(parts) and not member.is_dir():
                    yield _member(archive, member, (*folders, path.stem), parts, path)
    except (zipfile.BadZipFile, OSError) as error:
        yield _File((*folders, path.stem), path.name, str(path), problem=f"the zip file cannot be read ({error})")


def _member(archive, member, folders, parts, path):
    inner = tuple(part for part in parts[:-1] if part not in ("/", "..", "."))
    source = f"{path}!{member.filename}"
    if member.file_size > MAX_NOTEBOOK_BYTES:
        return _File((*folders, *inner), parts[-1], source, problem=_too_large(member.file_size))
    try:
        return _File((*folders, *inner), parts[-1], source, archive.read(member))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:  # damaged, encrypted, exotic
        return _File((*folders, *inner), parts[-1], source, problem=f"it cannot be unpacked ({error})")


def _too_large(size):
    return f"the notebook takes {size / 2**20:.0f} MiB; at most {MAX_NOTEBOOK_BYTES // 2**20} MiB are taken"
