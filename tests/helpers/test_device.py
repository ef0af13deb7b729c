import pytest
import torch

from helpers.device import available_devices, best_device


def test_without_a_wish_the_fastest_device_is_taken(monkeypatch):
    monkeypatch.delenv("HOMEWORK_DEVICE", raising=False)
    assert best_device().type == available_devices()[0]


@pytest.mark.parametrize("wish", ["cpu", " CPU "])
def test_the_environment_variable_overrides(monkeypatch, wish):
    monkeypatch.setenv("HOMEWORK_DEVICE", wish)
    assert best_device() == torch.device("cpu")


@pytest.mark.parametrize("wish", ["gpu", "tpu:0", "cuda:99", "cuda:", "cpu:x"])
def test_a_device_that_is_not_there_is_an_error_naming_those_that_are(monkeypatch, wish):
    monkeypatch.setenv("HOMEWORK_DEVICE", wish)
    with pytest.raises(ValueError, match=rf"HOMEWORK_DEVICE is '{wish}'.*cpu"):
        best_device()


def test_cpu_comes_last_of_the_devices():
    assert available_devices()[-1] == "cpu"
