"""What 05_integrated_gradients hands in, and the checks against the grader's own attributions."""

from functools import lru_cache

import torch

from answers.bank import Part, Record, percent
from answers.ten_pictures import COUNT, SIDE, ten
from answers.ten_pictures import reference_model as reference_model  # the grader asks each of these modules for it
from helpers.comparison import relative_distances
from helpers.integrated_gradients import integrated_gradients, make_baselines

STEPS, RULE = 32, "gauss_legendre"
# As a share of the norm: memory format, batches and folding move an attribution by at most 0.5 %, the nearest mistake,
# the left rule with 32 steps, by 4 % and more.
TOLERANCE = 0.02
HINT = (
    "Did you take the gradient of the right class's score at baseline + position * (image - baseline), weight it by "
    "the Gauss-Legendre rule with 32 steps, and multiply by (image - baseline) at the end?"
)


@lru_cache(maxsize=2)
def reference(model, kind):
    """The attributions of the ten pictures from one kind of baseline: (10, 3, 128, 128)."""
    pictures = ten()
    baselines = make_baselines(kind, pictures.images)
    return integrated_gradients(model, pictures.images, pictures.labels, baselines, STEPS, RULE)


def check_black(records, model):
    """One part for each picture: the attributions are the reference up to `TOLERANCE` of its norm."""
    return _parts(records["integrated_gradients"], model, "black")


def check_blurred(records, model):
    """The same from the blurred baseline."""
    return _parts(records["integrated_gradients_blurred"], model, "blurred")


def _parts(values, model, kind):
    distances = relative_distances(torch.as_tensor(values), reference(model, kind))
    return [_part(number, kind, distance) for number, distance in enumerate(distances.tolist())]


def _part(number, kind, distance):
    name = f"The attribution of picture {number} from the {kind} baseline"
    if distance <= TOLERANCE:  # not true of NaN
        return Part(1, f"{name} is the reference.")
    return Part(0, f"{name} differs from the reference by {percent(distance)} of its norm.", HINT)


RECORDS = [
    Record(
        name="integrated_gradients",
        shape=(COUNT, 3, SIDE, SIDE),
        dtype="float32",
        description="attributions of the ten pictures from the black baseline, 32 Gauss-Legendre steps",
        points=1,
        check=check_black,
    ),
    Record(
        name="integrated_gradients_blurred",
        shape=(COUNT, 3, SIDE, SIDE),
        dtype="float32",
        description="attributions of the ten pictures from their blurred baselines, 32 Gauss-Legendre steps",
        points=1,
        check=check_blurred,
    ),
]
