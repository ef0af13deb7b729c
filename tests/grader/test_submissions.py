import zipfile

import pytest

from grader.errors import UserError
from grader.submissions import find_submissions

NOTEBOOK = "07_imagenet.ipynb"


def write(root, *paths, text="{}"):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def write_zip(path, *members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "{}")


def found(*paths, **options):
    return {
        item.student: "found" if item.data else item.problem or "missing" for item in find_submissions(paths, **options)
    }


def test_a_tree_of_students(tmp_path):
    write(tmp_path, f"ada/{NOTEBOOK}", f"bob/deep/er/{NOTEBOOK}", "eve/notes.txt", f"ada/.ipynb_checkpoints/{NOTEBOOK}")
    assert found(tmp_path) == {"ada": "found", "er": "found", "eve": "missing"}


def test_a_folder_of_notebooks_is_named_by_its_files(tmp_path):
    write(tmp_path, f"ada_{NOTEBOOK}", "bob 07_imagenet (1).ipynb", "07_imagenet-Copy2.ipynb", "07_imagenet_cy.ipynb")
    assert found(tmp_path) == dict.fromkeys(["ada", "bob", "cy", tmp_path.name], "found")


def test_a_single_notebook_belongs_to_its_folder(tmp_path):
    write(tmp_path, f"ada/{NOTEBOOK}")
    assert found(tmp_path / "ada" / NOTEBOOK) == {"ada": "found"}


def test_zip_files_of_a_class_and_of_students(tmp_path):
    write_zip(
        tmp_path / "class.zip", f"ada/{NOTEBOOK}", f"bob/homework/notebooks/{NOTEBOOK}", f"__MACOSX/ada/._{NOTEBOOK}"
    )
    write_zip(tmp_path / "late" / "cy.zip", NOTEBOOK)
    write_zip(tmp_path / "late" / "dan.zip", "readme.txt")
    assert found(tmp_path / "class.zip", tmp_path / "late") == {
        "ada": "found", "bob": "found", "cy": "found", "dan": "missing"}  # fmt: skip


def test_members_with_tricky_names_name_no_path(tmp_path):
    write_zip(tmp_path / "class.zip", f"../../{NOTEBOOK}", f"/etc/{NOTEBOOK}", f"ada/../../bob/{NOTEBOOK}")
    before = sorted(tmp_path.parent.rglob("*"))
    assert set(found(tmp_path / "class.zip")) == {"class", "etc", "bob"}
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_a_damaged_zip_is_a_problem_of_its_student_only(tmp_path):
    write(tmp_path, f"ada/{NOTEBOOK}")
    (tmp_path / "bob.zip").write_bytes(b"PK not a zip")
    outcome = found(tmp_path)
    assert outcome["ada"] == "found"
    assert "cannot be read" in outcome["bob"]


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    member = zipfile.ZipInfo(f"ada/{NOTEBOOK}")
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive, archive.open(member, "w") as file:
        for _ in range(60):
            file.write(bytes(2**20))
    assert "60 MiB" in found(tmp_path / "class.zip")["ada"]


def test_of_two_notebooks_the_one_with_the_right_name_is_graded(tmp_path):
    write(tmp_path, "ada/07_imagenet-Copy1.ipynb", f"ada/{NOTEBOOK}")
    (submission,) = find_submissions([tmp_path])
    assert submission.source.endswith(f"ada/{NOTEBOOK}")
    assert "2 files claim" in submission.remarks[0]


def test_a_notebook_of_another_name_is_taken_for_the_only_one_expected(tmp_path):
    write(tmp_path, "ada/final version.ipynb")
    assert found(tmp_path, expected=["07_imagenet"]) == {"ada": "found"}


def test_links_are_not_followed(tmp_path):
    write(tmp_path, "secret.txt", f"class/ada/{NOTEBOOK}")
    (tmp_path / "class" / "eve").mkdir()
    (tmp_path / "class" / "eve" / NOTEBOOK).symlink_to(tmp_path / "secret.txt")
    assert found(tmp_path / "class") == {"ada": "found", "eve": "missing"}


def test_bad_paths_are_a_users_error(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UserError):
            find_submissions([path])
