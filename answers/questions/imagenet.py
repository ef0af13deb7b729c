"""The questions of 07_imagenet. Most ask what this model does on these photographs, so their keys are measured.

The noise of each measurement is no less than the largest change seen when the solved notebook ran on one and on two
threads, with the other memory format, without folding the normalisation into the convolutions, and (all but those
with lr = 1 and lambda = 0.5) in float64. Ascent amplifies rounding errors: steps, norms and contrasts move most.
"""

from answers.bank import Choice, Question, above, below
from helpers.saliency import quarter_shares, saliency

STINGRAY, BALD_EAGLE, CUP = 0, 1, 2  # places in fooling_images; the fourth is the student's own
STEP = 0.1


def _quarters(run, name):
    """Shares of the brightest 1 % of a photograph's map: upper left, upper right, lower left, lower right."""
    return quarter_shares(run["saliency_maps"])[run["names"].index(name)].tolist()


def _sums(run, of, name):
    """Sum of the saliency map of the logit or of the loss for a photograph."""
    maps = saliency(run["model"], run["images"], run["labels"], of=of)
    return float(maps[run["names"].index(name)].sum())


def _fade(run, name):
    return _sums(run, "loss", name) / _sums(run, "logit", name)


def _norm(run, place):
    return float((run["fooling_images"][place] - run["coffee"][0]).norm())


def _relative_norms(run):
    return [_norm(run, place) / float(run["coffee"].norm()) for place in (STINGRAY, BALD_EAGLE, CUP)]


def _straightness(run):
    """Length of the perturbation per length of the path, the largest of the three targets."""
    return max(_norm(run, place) / (STEP * run["steps"][place]) for place in (STINGRAY, BALD_EAGLE, CUP))


def _largest_change(run):
    changes = [run["fooling_images"][place] - run["coffee"][0] for place in (STINGRAY, BALD_EAGLE, CUP)]
    return max(float(change.abs().max()) for change in changes)


def _lead(run, variation, index, places=(STINGRAY, BALD_EAGLE, CUP)):
    """By how much the logit of class `index` leads all others, the least over the fooling images at `places`."""
    logits = run["model"](run["variations"][variation])[list(places)]  # (places, classes)
    others = logits.clone()
    others[:, index] = -float("inf")
    return float((logits[:, index] - others.amax(dim=1)).min())


def _espresso(run):
    return run["model"].category_index("espresso")


SALIENT_PIXELS = Question(
    name="Q31",
    points=0.5,
    text="Look at the brightest 1 % of the pixels of each saliency map. Choose ALL correct statements.",
    choices=(
        Choice(
            "In *motorcycle*, more than two thirds of them lie in the upper left quarter, where the window is.",
            lambda run: above(_quarters(run, "motorcycle")[0], 2 / 3, noise=0.004),
            "in the motorcycle photograph 85 % of the brightest pixels lie in the upper left quarter, on the window",
        ),
        Choice(
            "In *camera*, more than half of them lie in the lower half, where the legs of the tripod are.",
            lambda run: above(sum(_quarters(run, "camera")[2:]), 0.5, noise=0.004),
            "in the camera photograph only 20 % of the brightest pixels lie in the lower half, with the tripod's legs",
        ),
        Choice(
            "In *camera*, more than half of them lie in the upper right quarter, with the camera.",
            lambda run: above(_quarters(run, "camera")[1], 0.5, noise=0.004),
            "in the camera photograph 62 % of the brightest pixels lie in the upper right quarter, with the camera",
        ),
        Choice(
            "In *china*, more than two thirds of them lie in the left half, where most of the palace stands.",
            lambda run: above(sum(_quarters(run, "china")[::2]), 2 / 3, noise=0.004),
            "in the china photograph 45 % lie in the left half; as many are at the trees on the lower right",
        ),
    ),
)

LOGIT_AND_LOSS = Question(
    name="Q32",
    points=0.5,
    text="Compare the saliency of the score with that of the loss. Choose ALL correct statements.",
    choices=(
        Choice(
            "The sums of both kinds of map put the six photographs in the same order.",
            lambda run: above(_sums(run, "loss", "camera"), _sums(run, "loss", "chelsea"), noise=20),
            "camera has a larger sum than chelsea for the score, and a much smaller one for the loss",
        ),
        Choice(
            "For both photographs that the model is surest of (p > 0.9), the sum for the loss is less than a tenth of "
            "the sum for the score.",
            lambda run: below(max(_fade(run, "coffee"), _fade(run, "camera")), 0.1, noise=0.001),
            "for coffee and camera the sum for the loss is about a twentieth of the sum for the score",
        ),
        Choice(
            "A bright pixel of a saliency map tells us that the score rises if this pixel becomes brighter.",
            False,
            "the absolute value hides the sign: the score may rise or fall",
        ),
        Choice(
            "If the model gave the right class a probability of exactly 1, the saliency of the loss would be zero "
            "everywhere, that of the score need not be.",
            True,
            "at p = 1 every factor in the gradient of the loss is zero, while the score goes on reacting to pixels",
        ),
    ),
)

STEPS = Question(
    name="Q33",
    points=0.5,
    text="How many steps does the coffee take to *stingray*, *bald eagle* and *cup*? Choose ALL correct statements.",
    choices=(
        Choice(
            "*cup*, which is by far the most probable of the three in the photograph, takes the fewest steps.",
            lambda run: below(run["steps"][CUP], run["steps"][STINGRAY], noise=1),
            "cup takes 15 steps, stingray about 23 and bald eagle about 40",
        ),
        Choice(
            "With steps ten times as long, *bald eagle* takes fewer steps and ends nearer to the photograph.",
            lambda run: below((run["quick_eagle"] - run["coffee"][0]).norm(), _norm(run, BALD_EAGLE), noise=0.2),
            "with lr = 1 bald eagle takes fewer steps, but ends about twice as far from the photograph",
        ),
        Choice(
            "*bald eagle* takes at least ten steps more than *cup*.",
            lambda run: above(run["steps"][BALD_EAGLE], run["steps"][CUP] + 9.5, noise=2),
            "bald eagle takes about 40 steps and cup 15",
        ),
        Choice(
            "Because the gradient is divided by its norm, a target whose score reacts weakly to the pixels is "
            "approached in steps just as long as those towards any other.",
            True,
            "lr * g / ||g|| has the length lr whatever the length of g",
        ),
    ),
)

NORMS = Question(
    name="Q34",
    points=0.5,
    text="How large are the perturbations of *stingray*, *bald eagle* and *cup*? Choose ALL correct statements.",
    choices=(
        Choice(
            "The norm of each is less than 1 % of the norm of the photograph.",
            lambda run: below(max(_relative_norms(run)), 0.01, noise=0.0002),
            "the three norms are between 0.4 % and 0.8 % of the photograph's",
        ),
        Choice(
            "Since each step has the length 0.1, the norm of each is the number of steps times 0.1.",
            lambda run: above(_straightness(run), 0.9, noise=0.02),
            "each norm is at most half of steps x 0.1: the steps do not all point in the same direction",
        ),
        Choice(
            "Some pixel value changes by more than 0.1.",
            lambda run: above(_largest_change(run), 0.1, noise=0.008),
            "the largest change of a pixel value is about 0.05: the change is spread over many pixels",
        ),
        Choice(
            "*bald eagle* needs a larger perturbation than *stingray*, although it is the more probable of the two in "
            "the photograph.",
            lambda run: above(_norm(run, BALD_EAGLE), _norm(run, STINGRAY), noise=0.055),
            "the norm is about 1.4 for bald eagle and about 1.06 for stingray, which is the less probable one",
        ),
    ),
)

ROBUSTNESS = Question(
    name="Q35",
    points=0.5,
    text=(
        "What happens to the fooling images of *stingray*, *bald eagle* and *cup* when they are varied? "
        "Choose ALL correct statements."
    ),
    choices=(
        Choice(
            "Shifted by one pixel, the *bald eagle* remains a bald eagle.",
            lambda run: below(_lead(run, "shifted one pixel", _espresso(run), (BALD_EAGLE,)), 0, noise=0.2),
            "shifted by one pixel, all three are espresso again",
        ),
        Choice(
            "Noise of the same norm in a random direction leaves all three photographs *espresso*.",
            lambda run: above(_lead(run, "random direction", _espresso(run)), 0, noise=0.2),
            "noise of the same norm does not change any of the predictions: the direction matters, not the size",
        ),
        Choice(
            "A blur of sigma 0.5 turns all three back into *espresso*.",
            lambda run: above(_lead(run, "blurred, sigma 0.5", _espresso(run)), 0, noise=0.3),
            "a blur that one can hardly see makes all three espresso again",
        ),
        Choice(
            "Therefore a model that blurs its input is safe from attackers, even from those who know of the blur.",
            False,
            "who knows of the blur climbs the gradient of the blurred model instead",
        ),
    ),
)

VISUALISATIONS = Question(
    name="Q36",
    points=0.5,
    text="Look at your class visualisations and at the volcano made of noise. Choose ALL correct statements.",
    choices=(
        Choice(
            "With a larger $\\lambda$ the pictures have less contrast.",
            lambda run: below(run["by_weight"][-1].std(), run["by_weight"][0].std(), noise=0.015),
            "the standard deviation of the pixels falls to about a quarter from lambda = 0 to lambda = 0.5",
        ),
        Choice(
            "Without regularisers, 30 steps are too few for the model to say *volcano* to the noise.",
            lambda run: above(run["noise_steps"], 29.5, noise=1),
            "without any regulariser the noise becomes a volcano to the model within a few steps",
        ),
        Choice(
            "If the model gives a picture a probability near 1 for a class, people will recognise the class in it.",
            False,
            "the fooling images are recognised by the model and by nobody else: probability is no measure of looks",
        ),
        Choice(
            "The pictures show what the model reacts to, not a typical photograph: parts of the object may appear "
            "several times, at any place.",
            True,
            "the score is that of patterns, wherever and how often they occur; nothing asks for one whole object",
        ),
    ),
)

QUESTIONS = [SALIENT_PIXELS, LOGIT_AND_LOSS, STEPS, NORMS, ROBUSTNESS, VISUALISATIONS]
