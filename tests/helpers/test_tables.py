import pytest
import torch

from helpers import tables


def numbers(line):
    return [word for word in line.split() if word[0].isdigit()]


def test_columns_are_aligned(capsys):
    tables.print_table(["a", "long title"], [["first", 1, 2], ["2nd", 333, 4]])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["          a   long title", "first     1            2", "2nd     333            4"]


def test_quarters_are_printed_for_each_map(capsys):
    maps = torch.zeros(1, 10, 10)
    maps[0, 0, 0] = 1
    tables.print_quarters(maps, ["x"])
    assert numbers(capsys.readouterr().out.splitlines()[1]) == ["100%", "0%", "0%", "0%"]


def test_norms_are_those_of_the_perturbation(capsys):
    image = torch.full((1, 3, 10, 10), 0.5)
    tables.print_norms(image, [image[0] * 1.1], ["x"], [20], lr=0.1)
    assert numbers(capsys.readouterr().out.splitlines()[1]) == ["20", "2.0", "0.87", "10.00%", "0.050"]


def test_the_normalisation_of_the_model_is_among_those_compared(model, photos, capsys):
    own = (model.mean.flatten().tolist(), model.std.flatten().tolist())
    tables.print_normalisations(photos, ["a", "b", "c"], {"own": own})
    assert "espresso 0.94" in capsys.readouterr().out


def test_the_loss_fades_for_images_the_model_is_sure_of(model, photos, labels, capsys):
    tables.print_logit_and_loss(model, photos, labels, ["coffee", "camera", "rocket"])
    ratios = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()[1:]]
    assert max(ratios[:2]) < 0.1 < ratios[2]


def test_variations_are_printed_and_returned(model, photos, capsys):
    changed = tables.print_variations(model, photos[:1], [photos[0]], ["x"], torch.Generator().manual_seed(0))
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(changed)


@pytest.mark.parametrize("missing", [None, [None]])
def test_what_is_not_written_yet_is_said_in_one_line(model, photos, capsys, missing):
    tables.print_quarters(missing, ["x"])
    tables.print_norms(photos[:1], missing, ["x"], [1], 0.1)
    assert tables.print_variations(model, photos[:1], missing, ["x"], torch.Generator()) is None
    assert capsys.readouterr().out.count("Nothing to show yet") == 3


def test_numbers_by_image_end_with_their_mean(capsys):
    tables.print_by_image({"a": torch.tensor([0.5, 1.0])})
    header, line = capsys.readouterr().out.splitlines()
    assert header.split() == ["0", "1", "mean"]
    assert line.split() == ["a", "0.50", "1.00", "0.75"]
