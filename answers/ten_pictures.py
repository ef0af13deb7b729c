"""What the checks of notebooks 01 to 06 share: the model and the ten pictures, the grader's own."""

from functools import cache

from helpers import food

COUNT, SIDE = len(food.TEN), food.SIZE


def reference_model():
    """A new copy of the notebooks' model, on the CPU."""
    return food.load_model(device="cpu")


@cache
def ten():
    """The ten pictures, read once: `helpers.food.Pictures`. Not to be changed."""
    return food.load_ten()
