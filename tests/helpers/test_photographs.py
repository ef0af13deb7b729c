import pytest
import torch

from helpers import photographs
from helpers.imagenet import predict


@pytest.mark.parametrize("name", photographs.PHOTOGRAPHS)
def test_the_class_of_each_photograph_is_among_the_first_three_guesses(model, name):
    (lines,) = predict(model, photographs.load_photographs([name]), k=3)
    assert photographs.category(name) in [line.category for line in lines]


def test_at_least_five_are_recognised_at_once(model):
    names = list(photographs.PHOTOGRAPHS)
    first = [lines[0].category for lines in predict(model, photographs.load_photographs(names), k=1)]
    assert sum(category == photographs.category(name) for category, name in zip(first, names, strict=True)) >= 5


def test_a_batch_keeps_the_order_of_the_names():
    both, swapped = (photographs.load_photographs(names) for names in (["coffee", "china"], ["china", "coffee"]))
    assert torch.equal(both, swapped.flip(0))
    assert both.shape == (2, 3, 224, 224)


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(ValueError, match=r"'tea'; there are coffee, chelsea"):
        photographs.open_photograph("tea")
