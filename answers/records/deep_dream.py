"""What 06_deep_dream hands in, and the checks of its claims with the grader's own copy of the model."""

import torch

from answers.bank import Part, Record
from answers.records.filters import GIVEN, filter_problem
from answers.ten_pictures import reference_model as reference_model  # the grader asks each of these modules for it
from answers.ten_pictures import ten
from helpers import deep_dream, filters
from helpers.ascent import gaussian_blur

PHOTOGRAPH, HEIGHT, WIDTH = "china", 240, 360
FILTER_LAYER, FILTERS = 34, 128
LAYERS = (6, 15, 23, 36)
# So far must the mean activation of a filter have risen, in standard deviations of its values on the ten pictures. The
# notebook's dreams rise by 2.9 and more, uniform noise by up to 0.7.
RISE, OWN_RISE = 0.8, 0.3
# By this factor must the mean square of a whole layer have risen: 2 octaves of 3 iterations reach 1.33 and more.
LAYER_FACTOR = 1.2
# Correlation of the dream with the photograph, both blurred: of 80 steps it is 0.94, of another photograph 0.3.
BLUR, RESEMBLANCE = 8, 0.7
RISE_HINT = "Climb from the photograph, and carry the detail of each octave over to the next."
RESEMBLANCE_HINT = "A dream is laid over the photograph: add the detail to the photograph at each size."


def photograph():
    """The photograph that the dreams start from: (1, 3, 240, 360)."""
    return deep_dream.load_photograph(PHOTOGRAPH, HEIGHT)


def check_filters(records, model):
    """One part for each filter: its mean activation rose by `RISE`, and the photograph is still there."""
    chosen, photo = records["filters"].tolist(), photograph()
    images = torch.from_numpy(records["by_filter"]).float()
    found = filters.rises(model, photo, images, FILTER_LAYER, ten().images)  # (4, C)
    parts = []
    for place, number in enumerate(chosen):
        if problem := filter_problem(place, chosen, FILTERS, f"layer {FILTER_LAYER} does not have"):
            parts.append(Part(0, f"Dream {place}: {problem}"))
        else:
            what = f"the rise of filter {number}, in standard deviations of its values,"
            wanted = RISE if place < len(GIVEN) else OWN_RISE
            parts.append(_dream_part(place, what, float(found[place, number]), wanted, images[place], photo))
    return parts


def check_layers(records, model):
    """One part for each layer: the mean square of its output rose by `LAYER_FACTOR`, the photograph is still there."""
    images, photo = torch.from_numpy(records["by_layer"])[:, 0].float(), photograph()
    parts = []
    for place, (layer, image) in enumerate(zip(LAYERS, images, strict=True)):
        before, after = (_mean_square(model, batch, layer) for batch in (photo, image[None]))
        what = f"the mean square of layer {layer}"
        parts.append(_dream_part(place, what, after, LAYER_FACTOR * before, image, photo))
    return parts


def _mean_square(model, images, layer):
    return float(deep_dream.objective(filters.activation(model, images, layer))[0])


def _dream_part(place, what, after, wanted, image, photo):
    if not (after > 0 and after >= wanted):
        return Part(0, f"Dream {place}: {what} is {after:.3g}; at least {wanted:.3g} is asked for.", RISE_HINT)
    if not resemblance(image[None], photo) >= RESEMBLANCE:
        reason = f"Dream {place} excites the network, but hardly anything of the photograph is left in it."
        return Part(0, reason, RESEMBLANCE_HINT)
    return Part(1, f"Dream {place}: {what} is {after:.3g}.")


def resemblance(image, photo):
    """Correlation of two images (1, 3, H, W), both blurred so that only their large shapes and colours count."""
    blurred = [gaussian_blur(batch, BLUR).flatten() for batch in (image, photo)]
    return float(torch.corrcoef(torch.stack(blurred))[0, 1])


RECORDS = [
    Record(
        name="by_filter",
        shape=(len(GIVEN) + 1, 3, HEIGHT, WIDTH),
        dtype="float32",
        description=f"four dreams of filters of layer {FILTER_LAYER}, with pixels in [0, 1]",
        low=0,
        high=1,
        points=0.5,
        check=check_filters,
        needs=("filters",),
    ),
    Record(
        name="filters",
        shape=(len(GIVEN) + 1,),
        dtype="int64",
        description="the filters of the four dreams: 0, 1, 2 and your own",
        low=0,
        high=FILTERS - 1,
    ),
    Record(
        name="by_layer",
        shape=(len(LAYERS), 1, 3, HEIGHT, WIDTH),  # as the notebook has them: batches of one
        dtype="float32",
        description="four dreams, of layers 6, 15, 23 and 36, each a batch of one, with pixels in [0, 1]",
        low=0,
        high=1,
        points=0.5,
        check=check_layers,
    ),
]
