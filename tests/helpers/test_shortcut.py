import pytest
import torch

from helpers import shortcut
from helpers.food import Pictures, Twins
from helpers.shortcut import SOUP, Effect


@pytest.fixture
def twins(noise_images):
    labels = torch.tensor([SOUP, 0, 0])
    plain, napkin = (Pictures(images, labels, None, tuple("abc")) for images in (noise_images, noise_images.flip(0)))
    return Twins(plain, napkin, torch.zeros(3, 128, 128, dtype=torch.bool))


def test_the_effect_is_the_probability_of_soup_in_both_versions(food_cnn, twins):
    effect = shortcut.napkin_effect(food_cnn, twins)
    expected = food_cnn(twins.plain.images).softmax(dim=1)[:, SOUP]
    torch.testing.assert_close(effect.without, expected)
    torch.testing.assert_close(effect.beside, expected.flip(0))
    torch.testing.assert_close(effect.change, expected.flip(0) - expected)


EFFECT = Effect(torch.tensor([SOUP, 0, 1, 0]), torch.tensor([0.0, 0.1, 0.2, 0.3]), torch.tensor([1.0, 0.3, 0.9, 0.4]))


def test_strangers_are_the_most_changed_pictures_of_other_classes():
    assert shortcut.strangers(EFFECT, 2).tolist() == [2, 1]
    assert shortcut.strangers(EFFECT, 10).tolist() == [2, 1, 3]


def test_the_table_has_a_row_for_each_class_that_occurs_and_one_for_all(capsys):
    shortcut.print_effect(EFFECT)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert lines == [
        ["Bread", "2", "0.20", "0.35", "0.15"],
        ["Dairy", "product", "1", "0.20", "0.90", "0.70"],
        ["Soup", "1", "0.00", "1.00", "1.00"],
        ["all", "4", "0.15", "0.65", "0.50"],
    ]
