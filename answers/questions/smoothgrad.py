"""The questions of 03_smoothgrad. Those on what this model does are measured in the solved notebook.

The noise of each measurement is no less than the largest difference between five other seeds, which is more than what
devices and thread counts change. For the maps of 500 samples those five runs had 20 samples each, which differ more.
"""

from answers.bank import Choice, Question, above, below
from helpers.comparison import correlation, neighbour_correlation
from helpers.scoring import inside_share
from helpers.smoothgrad_tables import course_sigma


def _smoother(run):
    """By how much near pixels correlate more in SmoothGrad than in saliency, for each image."""
    return neighbour_correlation(run["smooth_maps"]) - neighbour_correlation(run["saliency_maps"])


def _inside(run, name):
    return float(inside_share(run[name], run["masks"]).mean())


def _probability(run, level):
    """Mean probability of the own class over the ten pictures with noise."""
    return float(run["probabilities"][run["levels"].index(level)].mean())


def _like_saliency(run, level):
    """Mean correlation of the maps of one noise level with those without noise, which are saliency maps."""
    return float(correlation(run["by_level"][f"{level:.0%} noise"], run["by_level"]["0% noise"]).mean())


def _agreement(run, samples, kind):
    """Mean correlation of two runs with different noise; kind 0: absolute, 1: signed."""
    first, second = (both[samples][kind] for both in run["runs"])
    return float(correlation(first, second).mean())


def _course_ratio(run):
    """Noise at half the contrast relative to that at full contrast, by the course's code."""
    full, half, _ = course_sigma(run["contrasts"])
    return float(half / full)


MEANING = Question(
    name="Q10",
    points=0.3,
    text="What does SmoothGrad compute? Choose ALL correct statements.",
    choices=(
        Choice(
            "The saliency map, blurred: averaging over noisy pictures is averaging over neighbouring pixels.",
            False,
            "it averages the gradients at different pictures, each at its own pixel; no pixel is mixed with another",
        ),
        Choice(
            "With a noise level of 0 it is the saliency map, however many samples are taken.",
            True,
            "without noise all samples are the picture itself, and the mean of equal maps is that map",
        ),
        Choice(
            "With 1000 samples instead of 500 the maps become about twice as bright.",
            False,
            "it is a mean: more samples make it more exact, not larger",
        ),
        Choice(
            "It leaves the network as it is, and asks nothing of it but gradients with respect to pictures.",
            True,
            "only pictures are disturbed; no weight changes and no layer is looked into",
        ),
    ),
)

NOISE_LEVEL = Question(
    name="Q11",
    points=0.3,
    text="What does the noise level do? Choose ALL correct statements.",
    choices=(
        Choice(
            "At 50 % noise the network still gives the pictures' own classes a mean probability of more than a half.",
            lambda run: above(_probability(run, 0.5), 0.5, noise=0.02),
            "at 50 % noise the network still knows two of the ten pictures, and the mean is far below a half",
        ),
        Choice(
            "Averaged over the pictures 0, 3 and 9, the maps at 5 % noise resemble the saliency maps (0 % noise) more "
            "than the maps at 50 % noise do.",
            lambda run: above(_like_saliency(run, 0.05), _like_saliency(run, 0.5), noise=0.02),
            "little noise stays near the picture, so that its gradient, the saliency map, remains part of the mean",
        ),
        Choice(
            "The more noise the better, because the maps become smoother with it and a smooth map is a right one.",
            False,
            "with much noise the map is an average over pictures that have little to do with the one to be explained",
        ),
        Choice(
            "If the network no longer recognises the noisy copies, the map tells what it does with noise, and need not "
            "tell what it saw in the picture.",
            True,
            "only copies that the network takes for the same food explain what it makes of this food",
        ),
    ),
)

AVERAGES = Question(
    name="Q12",
    points=0.3,
    text="How many samples, which average, which sigma? Choose ALL correct statements.",
    choices=(
        Choice(
            "With 5 samples, two runs with different noise agree better in the absolute mean than in the signed mean "
            "(pictures 0, 3 and 9).",
            lambda run: above(_agreement(run, 5, 0), _agreement(run, 5, 1), noise=0.01),
            "gradients of both signs nearly cancel, so that the rest is small beside their spread",
        ),
        Choice(
            "A pixel whose derivative is +1 in one half of the samples and -1 in the other is bright in the map of the "
            "absolute mean and dark in that of the signed mean.",
            True,
            "the mean of the absolute values is 1, that of the signed values 0",
        ),
        Choice(
            "By the rule that divides by the range and squares, a picture of half the contrast gets about half as much "
            "noise.",
            lambda run: below(_course_ratio(run), 1, noise=0.05),
            "half the range doubles the quotient, and its square is four times as large: four times as much noise",
        ),
        Choice(
            "By the paper's rule, a picture of half the contrast gets the same noise, in pixel values, as at full "
            "contrast.",
            False,
            "sigma is the noise level times the range, so half the contrast gets half the noise",
        ),
    ),
)

BETTER = Question(
    name="Q13",
    points=0.3,
    text="Are the maps better, and in what? Choose ALL correct statements.",
    choices=(
        Choice(
            "In each of the ten pictures, the SmoothGrad map (absolute) is smoother than the saliency map: pixels "
            "three apart are more alike (the table of section 2).",
            lambda run: above(_smoother(run).min(), 0, noise=0.01),
            "the correlation of the map with itself, moved by three pixels, is higher with SmoothGrad in every picture",
        ),
        Choice(
            "Averaged over the ten pictures, the brightest 5 % of the pixels lie inside the food more often with "
            "SmoothGrad (absolute) than with saliency.",
            lambda run: above(_inside(run, "smooth_maps"), _inside(run, "saliency_maps"), noise=0.005),
            "the mean share inside the mask is in the table of section 4",
        ),
        Choice(
            "Averaged over the ten pictures, the maps of the signed mean are smoother than those of the absolute mean: "
            "pixels three apart are more alike.",
            lambda run: above(
                neighbour_correlation(run["signed_maps"]).mean(),
                neighbour_correlation(run["smooth_maps"]).mean(),
                noise=0.01,
            ),
            "where signs alternate from pixel to pixel the mean of absolute values stays smooth, the signed does not",
        ),
        Choice(
            "That a map is smooth shows that the network looks at the food.",
            False,
            "smoothness is a property of the map alone: a map of the table cloth can be as smooth",
        ),
    ),
)

QUESTIONS = [MEANING, NOISE_LEVEL, AVERAGES, BETTER]
