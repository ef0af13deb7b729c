"""The questions of 05_integrated_gradients. Those on what this model does are measured in the solved notebook.

The noise of each measurement is several times the largest change seen on one and on two threads, and one image at a
time in the other memory format without folding. In float64 the attributions change as little.
"""

from answers.bank import Choice, Question, above, below
from helpers.attribution_tables import dark_share, mean_error
from helpers.gradients import batched_logits
from helpers.integrated_gradients import completeness


def _error(run, attributions):
    """Mean distance from completeness over the ten pictures, from the black baseline, in units of the score."""
    return mean_error(completeness(run["model"], run["images"], run["labels"], run["black"], attributions))


def _rule_error(run, rule, steps):
    return _error(run, run["by_rule"][f"{rule}, {steps}"])


def _dark(run, kind):
    """Mean share of the attribution on the darkest fifth of the pixels, from one kind of baseline."""
    return float(dark_share(run["from_kind"][kind], run["images"]).mean())


def _surest(run):
    """The network's highest probability for the black picture."""
    return float(batched_logits(run["model"], run["black"][:1]).softmax(dim=1).max())


COMPLETENESS = Question(
    name="Q18",
    points=0.3,
    text="What do the attributions add up to, and how exactly? Choose ALL correct statements.",
    choices=(
        Choice(
            "From whichever baseline, the exact attributions of a picture add up to its score minus the score of that "
            "baseline.",
            True,
            "the integral of a derivative is a difference, on any path from any beginning",
        ),
        Choice(
            "With 4 steps, the sums by the left rule are nearer to the truth (mean error over the ten pictures) than "
            "those by the Gauss-Legendre rule.",
            lambda run: below(_rule_error(run, "left", 4), _rule_error(run, "gauss_legendre", 4), noise=0.01),
            "the mean errors of both rules stand in the last column of the table",
        ),
        Choice(
            "8 steps by the Gauss-Legendre rule have a smaller mean error than 32 steps by the left rule.",
            lambda run: below(_rule_error(run, "gauss_legendre", 8), _rule_error(run, "left", 32), noise=0.01),
            "the mean errors of both rules stand in the last column of the table",
        ),
        Choice(
            "With twice as many steps the attributions are about twice as large, because twice as many gradients are "
            "added up.",
            False,
            "the weights of the steps add up to 1 however many there are",
        ),
    ),
)

BASELINE = Question(
    name="Q19",
    points=0.3,
    text="What does the baseline do? Choose ALL correct statements.",
    choices=(
        Choice(
            "A pixel that has the same colour in the picture and in the baseline is given nothing, whatever network is "
            "explained.",
            True,
            "its factor x - x' is zero",
        ),
        Choice(
            "Averaged over the ten pictures, the darkest fifth of the pixels gets a larger share of the "
            "attribution from the black baseline than from the white one.",
            lambda run: above(_dark(run, "black"), _dark(run, "white"), noise=0.005),
            "from black, the factor of a dark pixel is nearly zero; from white, it is nearly one",
        ),
        Choice(
            "Of a black picture this network is unsure: it gives none of the eleven classes a probability above one "
            "third.",
            lambda run: below(_surest(run), 1 / 3, noise=0.01),
            "the table of baselines names the class that the network prefers for black, and its probability is about a "
            "quarter",
        ),
        Choice(
            "The baseline is flexible: any picture may be chosen. Maps from two baselines may differ although both are "
            "complete, because they answer different questions.",
            True,
            "each map explains the difference of the score to its own baseline",
        ),
    ),
)

FACTOR = Question(
    name="Q20",
    points=0.3,
    text="What becomes of the method without the factor $(x - x')$? Choose ALL correct statements.",
    choices=(
        Choice(
            "The sums miss the difference of the scores by more than 1 on average over the ten pictures.",
            lambda run: above(_error(run, run["gradients"]), 1, noise=0.1),
            "without the factor the numbers are sensitivities, whose sum has no meaning; the table says by how much",
        ),
        Choice(
            "In each of the ten pictures, the darkest fifth of the pixels gets a larger share of the attribution "
            "than with the factor.",
            lambda run: above(_least_gain_of_dark(run), 0, noise=0.001),
            "from a black baseline the factor is what keeps dark pixels from getting a share",
        ),
        Choice(
            "A positive number at a pixel says that this pixel contributed to the score of the class.",
            False,
            "it says that brightening the pixel would raise the score, on average along the path; if the pixel is "
            "black, it contributed nothing",
        ),
        Choice(
            "With more steps, the sums come near to the difference of the scores even without the factor.",
            False,
            "more steps make the mean gradient exact, and the missing factor stays missing",
        ),
    ),
)


def _least_gain_of_dark(run):
    """By how much the share of the darkest fifth is larger without the factor, the least over the ten pictures."""
    return float((run["without"] - run["with_factor"]).min())


QUESTIONS = [COMPLETENESS, BASELINE, FACTOR]
