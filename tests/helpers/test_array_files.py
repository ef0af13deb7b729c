import numpy as np
import pytest

from grader.check import read_array
from helpers.array_files import save


@pytest.mark.parametrize(
    "array", [np.arange(6).reshape(2, 3)[:, ::-1], np.float32([np.nan]), np.zeros((0, 2)), np.array(2.5)]
)
def test_what_is_saved_is_what_the_grader_reads(tmp_path, array):
    save(tmp_path / "saved.npy", array)
    found = read_array(tmp_path / "saved.npy")
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found.reshape(array.shape), array)


def test_objects_are_refused_and_what_was_there_stays(tmp_path):
    save(tmp_path / "saved.npy", np.ones(2))
    with pytest.raises(ValueError, match="pickle"):
        save(tmp_path / "saved.npy", np.array([print, None]))
    assert read_array(tmp_path / "saved.npy").tolist() == [1, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["saved.npy"]
