"""What 02_saliency hands in, and the checks against the grader's own copy of the model and the masks."""

from functools import cache

import torch

from answers.bank import Part, Record, percent
from answers.ten_pictures import COUNT, SIDE, ten
from answers.ten_pictures import reference_model as reference_model  # the grader asks each of these modules for it
from helpers import saliency, scoring
from helpers.comparison import relative_distances

# As a share of a map's norm: threads, memory format and folding move a map by up to 0.06 %, float64 by 1.4 % (rounding
# lifts a unit over the kink of its ReLU), the nearest mistake, the norm over channels in place of the maximum, by 17 %.
TOLERANCE = 0.05
SHARE_TOLERANCE = 0.005  # four of 819 pixels: rounding up or down, and pixels of equal brightness
HINTS = {
    "logit": (
        "Did you differentiate the logit of the true class (not its probability, not the loss), take the absolute "
        "value, and then the maximum over channels, without rescaling?"
    ),
    "loss": (
        'Did you differentiate the cross-entropy of each image (reduction="none", then the sum; the mean makes every '
        "map of ten a tenth), take the absolute value, and then the maximum over channels, without rescaling?"
    ),
}
SHARE_HINT = "Count the 819 brightest pixels of each map of the logit, and divide by 819."


def check_loss(records, model):
    """One part for each picture: the map of the loss is the reference up to `TOLERANCE` of its norm."""
    return _check_maps(records["loss_saliency"], model, "loss")


def check_logit(records, model):
    """One part for each picture: the map of the logit is the reference up to `TOLERANCE` of its norm."""
    return _check_maps(records["logit_saliency"], model, "logit")


def _check_maps(maps, model, of):
    distances = relative_distances(torch.from_numpy(maps), _reference(model, of))
    return [_map_part(number, distance, of) for number, distance in enumerate(distances.tolist())]


@cache
def _reference(model, of):
    pictures = ten()
    return saliency.saliency(model, pictures.images, pictures.labels, of=of)


def _map_part(number, distance, of):
    if distance <= TOLERANCE:  # not true of NaN
        return Part(1, f"The map of the {of} for picture {number} is the reference.")
    off = percent(distance)
    return Part(
        0, f"The map of the {of} for picture {number} differs from the reference by {off} of its norm.", HINTS[of]
    )


def check_share(records, _model):
    """One part for each picture: the share is that of the map of the logit which was handed in."""
    maps = torch.from_numpy(records["logit_saliency"])
    expected = scoring.inside_share(maps, ten().masks)
    return [
        _share_part(*row) for row in enumerate(zip(records["inside_share"].tolist(), expected.tolist(), strict=True))
    ]


def _share_part(number, shares):
    given, expected = shares
    if abs(given - expected) <= SHARE_TOLERANCE:
        return Part(1, f"The share inside the mask of picture {number} is right.")
    return Part(0, f"The share inside the mask of picture {number} is {expected:.3f}, not {given:.3f}.", SHARE_HINT)


RECORDS = [
    Record(
        name="loss_saliency",
        shape=(COUNT, SIDE, SIDE),
        dtype="float32",
        description="one saliency map of the loss for each of the ten pictures",
        low=0,
        points=0.5,
        check=check_loss,
    ),
    Record(
        name="logit_saliency",
        shape=(COUNT, SIDE, SIDE),
        dtype="float32",
        description="one saliency map of the logit for each of the ten pictures",
        low=0,
        points=1,
        check=check_logit,
    ),
    Record(
        name="inside_share",
        shape=(COUNT,),
        dtype="float32",
        description="for each picture the share of the logit map's brightest 5 % that lies inside the mask",
        low=0,
        high=1,
        points=0.5,
        check=check_share,
        needs=("logit_saliency",),
    ),
]
