"""What 03_smoothgrad hands in, and the checks against maps that the grader averages over noise of its own."""

from functools import lru_cache

import torch

from answers.bank import Part, Record
from answers.ten_pictures import COUNT, SIDE, ten
from answers.ten_pictures import reference_model as reference_model  # the grader asks each of these modules for it
from helpers.comparison import correlation
from helpers.smoothgrad import smoothgrad_maps

NOISE_LEVEL, SAMPLES = 0.15, 100  # of the reference; 500 of them would take the grader a minute
# Runs of 500 samples of other noise correlate with the reference by 0.97 and more (signed: 0.84), saliency maps by 0.56
# (0.37) at most, and a map of the other average by 0.84 (0.85).
CORRELATION = {"absolute": 0.9, "signed": 0.7}
# The mean of an honest map is 0.97 to 1.02 times the reference's, of a signed one 0.84 to 0.96 times: the noise that is
# left is less with 500 samples than with the reference's 100. The absolute mean is at least 2.5 times the signed one.
LEVELS = {"absolute": (0.92, 1.08), "signed": (0.75, 1.1)}
HINT = (
    "Did you differentiate the score of the right class, with a noise of 0.15 times the range of each image, for 500 "
    "samples, and take the maximum over channels last?"
)
LEVEL_HINT = (
    "Divide the sum by the number of samples and do not rescale; the absolute value comes before the sum for the "
    "absolute mean, after it for the signed one."
)


@lru_cache(maxsize=1)
def reference(model):
    """The maps of the ten pictures over the grader's own noise: "absolute" and "signed" -> (10, 128, 128)."""
    pictures = ten()
    generator = torch.Generator().manual_seed(2017)
    return smoothgrad_maps(
        model, pictures.images, pictures.labels, noise_level=NOISE_LEVEL, samples=SAMPLES, generator=generator
    )


def check_absolute(records, model):
    """One part for each picture: its map correlates with the reference."""
    return _parts(records["smoothgrad"], model, "absolute")


def check_signed(records, model):
    """The same for the signed mean."""
    return _parts(records["smoothgrad_signed"], model, "signed")


def _parts(values, model, average):
    own, wanted = torch.as_tensor(values).double(), reference(model)[average].double()  # sums of floats cannot overflow
    agreements, levels = correlation(own, wanted), own.mean(dim=(1, 2)) / wanted.mean(dim=(1, 2))
    rows = zip(agreements.tolist(), levels.tolist(), strict=True)
    return [_part(number, average, *row) for number, row in enumerate(rows)]


def _part(number, average, agreement, level):
    name = f"The map of the {average} mean of picture {number}"
    least, (low, high) = CORRELATION[average], LEVELS[average]
    if not agreement >= least:  # NaN is not
        reason = f"{name} correlates with the reference by {agreement:.2f}; honest runs reach more than {least}."
        return Part(0, reason, HINT)
    if not low <= level <= high:
        reason = f"{name} has the right pattern, but its values are {level:.2f} times those of the reference."
        return Part(0.5, reason, LEVEL_HINT)
    return Part(1, f"{name} agrees with the reference.")


RECORDS = [
    Record(
        name="smoothgrad",
        shape=(COUNT, SIDE, SIDE),
        dtype="float32",
        description="SmoothGrad with absolute values, one map for each of the ten pictures",
        low=0,
        points=1,
        check=check_absolute,
    ),
    Record(
        name="smoothgrad_signed",
        shape=(COUNT, SIDE, SIDE),
        dtype="float32",
        description="SmoothGrad with signs, one map for each of the ten pictures",
        low=0,
        points=1,
        check=check_signed,
    ),
]
