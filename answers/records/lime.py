"""What 01_lime hands in, and the checks against the grader's own superpixels and its own LIME."""

from functools import cache

import torch

from answers.bank import Part, Record, percent
from answers.ten_pictures import COUNT, SIDE, ten
from answers.ten_pictures import reference_model as reference_model  # the grader asks each of these modules for it
from helpers.comparison import correlation
from helpers.lime_explanation import draw_switches, lime_explanation, switch_off
from helpers.superpixels import mean_colours, slic_segments

COPIES = 8  # of each picture that the notebook makes to look at
SAMPLES, SEED = 1000, 2016  # of the reference; the notebook uses another seed
# Measured: two honest runs with different seeds agree by 0.93 or more on each of the ten; saliency maps by 0.35 at
# most, and by 0.65 if each superpixel is given their mean. The tests show both.
CORRELATION = 0.8
# Of the pixels: single precision, or noise of 1e-6, moves up to 1 in 100 across a border; compactness 2, a count of 150
# or no blur agree in less than 75 of 100.
AGREEMENT = 0.9
PIXELS = 1e-5
SEGMENT_HINT = "Call slic with n_segments=200, compactness=1, sigma=1 and start_label=0 on the image as (H, W, 3)."
SWITCH_HINT = "A pixel keeps its value if the switch of its segment is 1 and has that of `hidden` otherwise."
LIME_HINT = (
    "Did you explain the probability of the right class, hide segments by their mean colours, and fit 1000 copies "
    "with the weights of `proximity`, without a penalty on the intercept and with 1 on the others?"
)


@cache
def segments():
    """The superpixels of the ten pictures: (10, 128, 128) int64."""
    return slic_segments(ten().images)


@cache
def reference(model):
    """The maps of the ten pictures by the package, with random numbers of the grader's: (10, 128, 128)."""
    pictures = ten()
    return lime_explanation(model, pictures.images, pictures.labels, segments(), SAMPLES, seed=SEED).maps


def check_segments(records, _model):
    """One part for each picture: its superpixels are the reference's, however they are numbered."""
    return [_segments_part(number, *pair) for number, pair in enumerate(zip(*_pairs(records), strict=True))]


def _pairs(records):
    return torch.from_numpy(records["segments"]), segments()


def _segments_part(number, given, expected):
    if int(given.min()) != 0:
        return Part(0, f"The superpixels of picture {number} are numbered from {int(given.min())}.", SEGMENT_HINT)
    share = agreement(given, expected)
    if share >= AGREEMENT:
        return Part(1, f"The superpixels of picture {number} are the reference's.")
    found = f"{len(given.unique())} superpixels; {percent(share, 0)}"
    return Part(0, f"Picture {number} has {found} of the pixels lie where they should.", SEGMENT_HINT)


def agreement(given, expected):
    """How much two partitions of the same pixels overlap, in the worse direction: int64 tensors alike -> 0 to 1."""
    _, rows = given.flatten().unique(return_inverse=True)
    _, columns = expected.flatten().unique(return_inverse=True)
    width = int(columns.max()) + 1
    pairs, sizes = (rows * width + columns).unique(return_counts=True)  # not a table: there may be 16384 of each
    directions = (pairs // width, pairs % width)
    best = [torch.zeros(int(side.max()) + 1, dtype=torch.int64).scatter_reduce(0, side, sizes, "amax")
            for side in directions]  # fmt: skip
    return float(min(each.sum() for each in best) / expected.numel())


def check_switched_off(records, _model):
    """One part for each picture: segments whose switches are 0 show their mean colours, the others are as they were."""
    given = torch.from_numpy(records["switched_off"])
    return [_switched_part(*row) for row in enumerate(zip(given, switched_off(), strict=True))]


@cache
def switched_off():
    """The second copy that LIME makes of each of the ten pictures under seed 0: (10, 3, 128, 128)."""
    copies, images = [], ten().images
    for image, single, hidden in zip(images, segments(), mean_colours(images, segments()), strict=True):
        switches = draw_switches(COPIES, int(single.max()) + 1, seed=0)
        copies.append(switch_off(image, single, switches[1:2], hidden)[0])
    return torch.stack(copies)


def _switched_part(number, copies):
    given, expected = copies
    wrong = float(((given - expected).abs() > PIXELS).any(dim=0).float().mean())
    if wrong <= 1 - AGREEMENT:  # as much as the superpixels themselves may differ
        return Part(1, f"The copy of picture {number} is switched off as it should be.")
    return Part(0, f"The copy of picture {number} is wrong in {percent(wrong, 0)} of its pixels.", SWITCH_HINT)


def check_lime(records, model):
    """One part for each picture: its map correlates with the reference."""
    agreements = correlation(torch.from_numpy(records["lime_maps"]), reference(model)).tolist()
    return [_lime_part(number, value) for number, value in enumerate(agreements)]


def _lime_part(number, value):
    if value >= CORRELATION:  # not true of NaN
        return Part(1, f"The map of picture {number} agrees with the reference.")
    return Part(
        0,
        f"The map of picture {number} correlates with the reference by {value:.2f} only; honest runs, whatever their "
        f"seed, reach more than {CORRELATION:g}.",
        LIME_HINT,
    )


RECORDS = [
    Record(
        name="segments",
        shape=(COUNT, SIDE, SIDE),
        dtype="int64",
        description="the number of each pixel's superpixel, from 0, for each of the ten pictures",
        low=0,
        high=SIDE * SIDE - 1,
        points=0.5,
        check=check_segments,
    ),
    Record(
        name="switched_off",
        shape=(COUNT, 3, SIDE, SIDE),
        dtype="float32",
        description="one copy of each of the ten pictures with segments switched off",
        low=0,
        high=1,
        points=0.5,
        check=check_switched_off,
    ),
    Record(
        name="lime_maps",
        shape=(COUNT, SIDE, SIDE),
        dtype="float32",
        description="the weight of each pixel's superpixel, for each of the ten pictures",
        points=1,
        check=check_lime,
    ),
]
