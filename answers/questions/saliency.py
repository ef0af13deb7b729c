"""The questions of 02_saliency. What the model does on the ten pictures is measured, what the formulas say is not.

The noise of each measurement is no less than the largest change seen between one and two threads, both memory formats,
the folded and the plain model, and float64; where random numbers enter, also between three seeds.
"""

from answers.bank import Choice, Question, above, below
from helpers import scoring
from helpers.comparison import correlation
from helpers.gradients import batched_logits


def _probabilities(run):
    """The probability of each picture's true class: (10,)."""
    return run["logits"].softmax(dim=1).gather(1, run["labels"][:, None])[:, 0]


def _fade(run):
    """The sum of the map of the loss divided by that of the logit, for each picture: (10,)."""
    return run["loss_maps"].sum(dim=(1, 2)) / run["logit_maps"].sum(dim=(1, 2))


def _surest(run):
    return int(_probabilities(run).argmax())


def _least_sure(run):
    return int(_probabilities(run).argmin())


def _spread(maps):
    """The largest of the maps' sums divided by the smallest."""
    sums = maps.sum(dim=(1, 2))
    return float(sums.max() / sums.min())


def _mean(run, method, kind):
    return float(getattr(run["scores"][method], kind).mean())


def _gain(run, maps):
    """By how much the mean share of the brightest 5 % inside the masks exceeds the masks' area."""
    return float((scoring.inside_share(maps, run["masks"]) - scoring.mask_area(run["masks"])).mean())


LOSS_AND_LOGIT = Question(
    name="Q5",
    points=0.3,
    text="Compare the maps of the loss with the maps of the logit. Choose ALL correct statements.",
    choices=(
        Choice(
            "For the picture whose true class is the most probable, the sum of the loss's map is less than a tenth of "
            "the sum of the logit's map.",
            lambda run: below(_fade(run)[_surest(run)], 0.1, noise=0.002),
            "where the network is surest, the map of the loss nearly vanishes, and that of the logit does not",
        ),
        Choice(
            "For the picture whose true class is the least probable, the sum of the loss's map is smaller than the sum "
            "of the logit's map too.",
            lambda run: below(_fade(run)[_least_sure(run)], 1, noise=0.02),
            "where the network is wrong, the map of the loss is as strong as that of the logit or stronger",
        ),
        Choice(
            "From picture to picture, the sum varies by a larger factor (largest divided by smallest) for the loss "
            "than for the logit.",
            lambda run: above(_spread(run["loss_maps"]), _spread(run["logit_maps"]), noise=50),
            "the sums for the loss follow the probability and vary by a far larger factor",
        ),
        Choice(
            "Where the map of the loss is dark, the network's prediction does not depend on the picture.",
            False,
            "it is dark because the network is sure; the logit still reacts to the pixels",
        ),
    ),
)

CHANNELS = Question(
    name="Q6",
    points=0.3,
    text="From three channels to one map. Choose ALL correct statements.",
    choices=(
        Choice(
            "Maximum and mean of the absolute values give nearly the same pattern: their correlation is above 0.9 for "
            "each of the ten pictures.",
            lambda run: above(correlation(run["unsigned"], run["reductions"]["mean"]).min(), 0.9, noise=0.002),
            "all correlations between maximum and mean are above 0.9",
        ),
        Choice(
            "In each of the ten pictures, red is the channel with the largest derivative at most of the pixels.",
            lambda run: above(run["shares"]["red"].min(), 0.5, noise=0.002),
            "red leads at a small share of the pixels of every picture; see the first table",
        ),
        Choice(
            "Without the absolute value, pixels whose three derivatives are all negative would count as less important "
            "than pixels whose derivatives are zero.",
            True,
            "the maximum of three negative numbers is negative, although the logit reacts to such a pixel",
        ),
        Choice(
            "A pixel that is bright in the map makes the logit grow if it gets brighter.",
            False,
            "the absolute value hides the sign: the logit may grow or shrink",
        ),
        Choice(
            "With the mean of the loss over a batch of ten instead of the sum, every map keeps its pattern and its "
            "values are divided by ten.",
            True,
            "the mean is the sum divided by ten, and so is its gradient",
        ),
    ),
)

RIVALS = Question(
    name="Q7",
    points=0.3,
    text="Compare the maps of the true class and its rival, and that of the difference. Choose ALL correct statements.",
    choices=(
        Choice(
            "The two maps are nearly the same: for each of the ten pictures, their correlation is above 0.8.",
            lambda run: above(run["alike"]["true class and rival"].min(), 0.8, noise=0.005),
            "the correlations are far from 1: the maps are alike, but not the same",
        ),
        Choice(
            "For each of the ten pictures, the two maps are more alike than the maps of the true classes of this "
            "picture and the next.",
            lambda run: above(_least_excess(run["alike"]), 0, noise=0.005),
            "maps of different pictures have little in common; maps of one picture for different classes have much",
        ),
        Choice(
            "The map of the true class shows the pixels that speak for it, the map of the rival those that speak for "
            "the rival; so their bright pixels exclude each other.",
            False,
            "a map shows where a score reacts, in either direction, and most pixels move the scores of many classes",
        ),
        Choice(
            "On average, the map of the difference is more like the map of the loss than like the map of the logit.",
            lambda run: above(
                run["alike"]["difference and loss"].mean(),
                run["alike"]["difference and true class"].mean(),
                noise=0.005,
            ),
            "the gradient of the loss is a sum of such differences, and the rival's has the largest weight",
        ),
    ),
)


def _least_excess(alike):
    return (alike["true class and rival"] - alike["true class, this picture and the next"]).min()


MASKS = Question(
    name="Q8",
    points=0.3,
    text="Compare the maps of the logit with the outlines of the food, and the food with the table. Choose ALL correct "
    "statements.",
    choices=(
        Choice(
            "On average over the ten pictures, the brightest 5 % lie inside the mask more often than by chance.",
            lambda run: above(_gain(run, run["logit_maps"]), 0, noise=0.003),
            "on average the brightest pixels lie on the food clearly more often than by chance",
        ),
        Choice(
            "On average, the brightest 5 % of the logit's map lie inside the mask more often than those of the map "
            "that is the same centred spot for every picture.",
            lambda run: above(_gain(run, run["logit_maps"]), _gain(run, run["controls"]["centre"]), noise=0.003),
            "food lies in the middle, so the spot reaches a very high share without having seen a picture",
        ),
        Choice(
            "Picture 2: if the network sees nothing but the food, it is right, with a probability above 0.5.",
            lambda run: above(_probability(run, "food only")[2], 0.5, noise=0.002),
            "without the table, hardly anything is left of the probability of picture 2",
        ),
        Choice(
            "Picture 5: if the network sees nothing but the food, it is right, with a probability above 0.5; so it is "
            "something else in the picture that leads it astray.",
            lambda run: above(_probability(run, "food only")[5], 0.5, noise=0.002),
            "the food alone convinces the network; with the things around it, it is wrong",
        ),
        Choice(
            "If the share is low, the map is wrong: a faithful map of this network must lie on the food.",
            False,
            "the network may really use the table cloth; then a faithful map lies on the table cloth",
        ),
    ),
)


def _probability(run, version):
    """The probability of each picture's true class in one of its versions: (10,)."""
    probabilities = batched_logits(run["model"], run["versions"][version]).softmax(dim=1)
    return probabilities.gather(1, run["labels"][:, None])[:, 0]


DELETION = Question(
    name="Q9",
    points=0.3,
    text="Deletion, insertion and the table of methods. Choose ALL correct statements.",
    choices=(
        Choice(
            "By the mean area of insertion, saliency of the logit is better than a random map.",
            lambda run: above(_mean(run, "saliency, logit", "insertion"), _mean(run, "random", "insertion"), 0.015),
            "compare the areas: for insertion, larger is better",
        ),
        Choice(
            "By the mean area of insertion, no other map of the table is better than saliency of the logit.",
            lambda run: above(_mean(run, "saliency, logit", "insertion"), _best_other(run), noise=0.015),
            "SmoothGrad, for one, reaches a larger area",
        ),
        Choice(
            "Deletion tells the network's own map from one that knows nothing: the mean areas of saliency of the logit "
            "and of the random map differ by more than 0.05.",
            lambda run: above(
                abs(_mean(run, "saliency, logit", "deletion") - _mean(run, "random", "deletion")), 0.05, noise=0.005
            ),
            "both curves fall at once, and their areas are nearly the same",
        ),
        Choice(
            "Neither curve looks at the mask: a map that finds what a network wrongly relies on can get good areas.",
            True,
            "the curves ask the network what it uses, the mask says what it should use",
        ),
        Choice(
            "A picture with half of its pixels black is unlike any the network was trained with; a falling probability "
            "may be a reaction to that, and not to what was taken away.",
            True,
            "this is why insertion starts from a blurred picture, and why a random map's curve falls as well",
        ),
    ),
)


def _best_other(run):
    return max(_mean(run, name, "insertion") for name in run["scores"] if name != "saliency, logit")


QUESTIONS = [LOSS_AND_LOGIT, CHANNELS, RIVALS, MASKS, DELETION]
