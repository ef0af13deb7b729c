"""What 04_filters hands in, and the checks of its claims with the grader's own copy of the model."""

import math

import torch

from answers.bank import Part, Record, percent
from answers.ten_pictures import SIDE, ten
from answers.ten_pictures import reference_model as reference_model  # the grader asks each of these modules for it
from helpers import ascent, filters

LAYERS = (6, 15, 23, 34)
PICTURE, NOISE_SPREAD = 3, 0.2  # the starts of the visualisations
GIVEN = (0, 1, 2)  # filters that the notebook asks for; the fourth is the student's own
OTHERS = 32  # filters that all four layers have
# As a share of the maps' root mean square norm: threads, memory format, folding and float64 move a map by less than
# 0.01 %, the nearest mistake, the layer after or before, by more than 10 %.
ACTIVATION_TOLERANCE = 0.02
ACTIVATION_HINT = "Hook model.cnn[layer] itself, take its output as it is, and hand in filters 0, 1 and 2."
# So far must the mean activation of a filter have risen over the start, in standard deviations of its values on the
# ten pictures (`helpers.filters.rises`). Filters 0 to 2 rise by at least 0.48, 0.85, 1.29 and 3.6 in the notebook's 30
# steps, by 0.28, 0.52, 0.95 and 1.4 in 10. One of all others rises by less than 0.1: 4 of layer 23 likes picture 3.
RISE = {6: 0.2, 15: 0.4, 23: 0.8, 34: 1.2}
OWN_RISE = 0.1
RISE_HINT = (
    "Climb the mean of the map of filters[n] for image n, in the direction of its gradient, from the start given; "
    "if only your own filter is too low, it is content with the start: take another one."
)


def check_activations(layer):
    """The check of one layer's record: one part for each picture."""

    def check(records, model):
        reference = filters.activation(model, ten().images, layer)[:, : len(GIVEN)].double()
        values = torch.from_numpy(records[f"activations_{layer}"]).double()
        scale = reference.flatten(1).norm(dim=1).square().mean().sqrt()
        distances = (values - reference).flatten(1).norm(dim=1) / scale  # (10,)
        return [_activation_part(layer, *row) for row in enumerate(distances.tolist())]

    return check


def _activation_part(layer, number, distance):
    if distance <= ACTIVATION_TOLERANCE:  # not true of NaN
        return Part(1, f"The maps of layer {layer} for picture {number} are the reference.")
    off = percent(distance)
    reason = f"The maps of layer {layer} for picture {number} differ from the reference by {off} of its norm."
    return Part(0, reason, ACTIVATION_HINT)


def start_picture():
    """The picture that the first visualisations start from: (1, 3, 128, 128)."""
    return ten().images[PICTURE : PICTURE + 1]


def start_noise():
    """The noise that the second visualisations start from: (1, 3, 128, 128)."""
    return ascent.noise(1, SIDE, torch.Generator().manual_seed(0), spread=NOISE_SPREAD)


def check_visualisations(name, start):
    """The check of one record of visualisations: one part for each layer and filter."""

    def check(records, model):
        chosen = records["filters"].tolist()
        images = torch.from_numpy(records[name]).float()  # (4 layers, 4 filters, 3, 128, 128)
        rows = zip(LAYERS, images, strict=True)
        return [part for layer, made in rows for part in _layer_parts(model, layer, start(), made, chosen)]

    return check


def _layer_parts(model, layer, start, images, chosen):
    found = filters.rises(model, start, images, layer, ten().images)  # (4, C)
    parts = []
    for place, number in enumerate(chosen):
        name = f"Layer {layer}, image {place}"
        if problem := filter_problem(place, chosen, OTHERS, "not every layer has"):
            parts.append(Part(0, f"{name}: {problem}"))
        else:
            wanted = RISE[layer] if place < len(GIVEN) else OWN_RISE
            parts.append(_rise_part(name, number, float(found[place, number]), wanted))
    return parts


def filter_problem(place, chosen, count, lacks):
    """What is wrong with the filter that image `place` was made for, or None; there are `count`, others it `lacks`."""
    number = chosen[place]
    if place < len(GIVEN) and number != GIVEN[place]:
        return f"it was made for filter {number}; the notebook asks for filter {GIVEN[place]}."
    if not 0 <= number < count:
        return f"its filter is {number}, which {lacks} (0 to {count - 1})."
    if number in chosen[:place]:
        return f"its filter is {number} once more; take another one."
    return None


def _rise_part(name, number, rise, wanted):
    found = f"{name}: the mean activation of filter {number} rose by {rise:.2f} standard deviations"
    if math.isfinite(rise) and rise >= wanted:
        return Part(1, f"{found}.")
    return Part(0, f"{found}; at least {wanted:g} are asked for.", RISE_HINT)


def _side(layer):
    return {6: 128, 15: 64, 23: 32, 34: 8}[layer]


RECORDS = [
    *(
        Record(
            name=f"activations_{layer}",
            shape=(10, len(GIVEN), _side(layer), _side(layer)),
            dtype="float32",
            description=f"the maps of filters 0, 1 and 2 of layer {layer} for the ten pictures",
            points=0.25,
            check=check_activations(layer),
        )
        for layer in LAYERS
    ),
    *(
        Record(
            name=name,
            shape=(len(LAYERS), len(GIVEN) + 1, 3, SIDE, SIDE),
            dtype="float32",
            description=f"for each of the four layers four visualisations {words}, with pixels in [0, 1]",
            low=0,
            high=1,
            points=0.5,
            check=check_visualisations(name, start),
            needs=("filters",),
        )
        for name, words, start in (
            ("from_picture", f"that start from picture {PICTURE}", start_picture),
            ("from_noise", "that start from noise", start_noise),
        )
    ),
    Record(
        name="filters",
        shape=(len(GIVEN) + 1,),
        dtype="int64",
        description="the filters of the four columns: 0, 1, 2 and your own",
        low=0,
        high=OTHERS - 1,
    ),
]
