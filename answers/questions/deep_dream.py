"""The questions of 06_deep_dream. What this model dreams is measured, what follows from the method is not.

Measured with one thread and with two: the rises of the dreams agree within 0.1, the precision they were compared at.
"""

from itertools import pairwise

import torch

from answers.bank import Choice, Question, above
from helpers.filters import rises


def _own_lead(run):
    """By how much the dreams of filters 0, 1 and 2 excite their own filter more than the others do, the least."""
    found = rises(run["model"], run["photo"], run["by_filter"][:3], run["filter_layer"], run["images"])[:, :3]  # (3, 3)
    others = found.masked_fill(torch.eye(3, dtype=torch.bool), -torch.inf).amax(dim=0)
    return float((found.diagonal() - others).min())


def _least_fading(run):
    """How much less of a rise an iteration adds from each number of iterations to the next, as a share, the least."""
    found = rises(run["model"], run["photo"], torch.cat(run["by_iterations"]), run["filter_layer"], run["images"])
    heights, counts = [0, *found[:, 0].tolist()], [0, *run["counts"]]
    gains = [(after - before) / (more - less)
             for (before, after), (less, more) in zip(pairwise(heights), pairwise(counts), strict=True)]  # fmt: skip
    return min(1 - after / before for before, after in pairwise(gains)) if min(gains) > 0 else -1.0


SERIES = Question(
    name="Q37",
    points=0.3,
    text="Look at the three series. Choose ALL correct statements.",
    choices=(
        Choice(
            "With more iterations the mean activation of filter 0 rises further and further, but by less and less for "
            "each iteration.",
            lambda run: above(_least_fading(run), 0, noise=0.05),
            "every step climbs, and the pixels, which end at 0 and 1, leave less and less room",
        ),
        Choice(
            "Each of the filters 0, 1 and 2 is excited most by its own dream, and less by the dreams of the other two.",
            lambda run: above(_own_lead(run), 0, noise=0.2),
            "in each of the first three columns of the table, the largest number stands in the filter's own row",
        ),
        Choice(
            "With four octaves, a filter draws its pattern in several sizes, because the small dream is enlarged "
            "together with its patterns.",
            True,
            "a pattern of the smallest octave ends 1.4 ** 3 = 2.7 times as large in the photograph",
        ),
        Choice(
            "If the detail were not carried over from octave to octave, the finished dream would be the same.",
            False,
            "each octave would begin with the bare photograph, and only the last one would be seen",
        ),
    ),
)

EXPLANATION = Question(
    name="Q38",
    points=0.3,
    text="Is a deep dream an explanation? Choose ALL correct statements.",
    choices=(
        Choice(
            "The dream of a filter on the palace shows what this filter reacts to, not what stands in the photograph.",
            True,
            "the same patterns appear on any photograph; it only decides where they begin",
        ),
        Choice(
            "As patterns appear in the sky, the network must have taken the sky for food before the dream began.",
            False,
            "the ascent strengthens the faintest likeness; what the network said before it does not show",
        ),
        Choice(
            "Without a clamp to [0, 1] the activation of a filter could be raised further.",
            True,
            "pixels beyond black and white would be allowed, and contrast without limit",
        ),
        Choice(
            "The dream needs the classifier `model.fc`, because only the classifier knows the names of the classes.",
            False,
            "the forward ends at the layer that dreams; neither classes nor their names play a part",
        ),
    ),
)

QUESTIONS = [SERIES, EXPLANATION]
