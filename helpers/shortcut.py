"""The planted shortcut: what does a checked napkin beside the food do to what a model says?"""

from typing import NamedTuple

import torch

from helpers.food import CLASSES
from helpers.gradients import batched_logits
from helpers.tables import print_table

SOUP = CLASSES.index("Soup")


class Effect(NamedTuple):
    """The probability of one class for pairs of pictures that differ in the napkin only: (N,) each, on one device.

    labels: int64, what the pictures show; without, beside: float32 in [0, 1], without the napkin and beside it
    """

    labels: torch.Tensor
    without: torch.Tensor
    beside: torch.Tensor

    @property
    def change(self):
        """What adding the napkin adds to the probability; removing it takes the same away: (N,)."""
        return self.beside - self.without


def napkin_effect(model, twins, target=SOUP):
    """The `Effect` of the napkin on the probability of class `target`; twins: `helpers.food.Twins` on any device."""
    images = [pictures.images.to(model.device) for pictures in (twins.plain, twins.napkin)]
    probabilities = [batched_logits(model, each).softmax(dim=1)[:, target] for each in images]  # each (N,)
    return Effect(twins.plain.labels.to(model.device), *probabilities)


def strangers(effect, count=5, target=SOUP):
    """Which pictures of other classes the napkin makes most like the target: the indices (count,), strongest first."""
    change = torch.where(effect.labels == target, -torch.inf, effect.change)
    return change.topk(min(count, int((effect.labels != target).sum()))).indices


def print_effect(effect):
    """The mean probability by the class of the pictures, without the napkin, beside it, and the change."""
    rows = []
    for label, name in enumerate(CLASSES):
        chosen = effect.labels == label
        if chosen.any():
            means = (values[chosen].mean() for values in (effect.without, effect.beside, effect.change))
            rows.append([name, int(chosen.sum()), *(f"{float(mean):.2f}" for mean in means)])
    means = (values.mean() for values in (effect.without, effect.beside, effect.change))
    rows.append(["all", len(effect.labels), *(f"{float(mean):.2f}" for mean in means)])
    print_table(["pairs", "napkin removed", "napkin added", "change"], rows)
