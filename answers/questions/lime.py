"""The questions of 01_lime. What the two models do on the pictures is measured; what the formulas say is not.

The noise of each measurement is no less than the largest change seen between the notebook's seeds and others, and
between predictions in bfloat16 and in float32.
"""

from answers.bank import Choice, Question, above, below
from helpers import scoring, shortcut
from helpers.superpixels import purity


def _share_out(run):
    """The mean number of superpixels that came out, as a share of the 200 asked for."""
    return float(run["counts"].mean()) / 200


def _mean(run, method, kind):
    return float(getattr(run["scores"][method], kind).mean())


def _best_other(run):
    """The largest mean area of insertion of any map but LIME's."""
    return max(_mean(run, name, "insertion") for name in run["scores"] if name != "LIME")


def _range(run, kind):
    """The largest mean minus the smallest."""
    means = [_mean(run, name, kind) for name in run["scores"]]
    return max(means) - min(means)


def _agreement(run, samples):
    """Mean correlation between two seeds over the three pictures."""
    return float(run["agreements"][samples].mean())


def _strongest(run, count):
    """The mean over the three pictures of the largest weight."""
    return sum(float(weights.max()) for weights in run["by_cut"][count].weights) / 3


def _on_napkin(run, maps):
    """By how much the mean share of the brightest 5 % on the napkin exceeds the napkin's area."""
    masks = run["napkin_masks"]
    return float((scoring.inside_share(maps, masks) - scoring.mask_area(masks)).mean())


def _change(effect, soup):
    """The mean change of the probability of Soup, over soups or over all other food."""
    chosen = effect.labels == shortcut.SOUP
    return float(effect.change[chosen if soup else ~chosen].mean())


SUPERPIXELS = Question(
    name="Q1",
    points=0.3,
    text="Superpixels. Choose ALL correct statements.",
    choices=(
        Choice(
            "With compactness 1, the mean number of superpixels that come out is less than 150 of the 200 asked for.",
            lambda run: below(_share_out(run), 0.75, noise=0.01),
            "only about half come out: pieces that are too small are joined to their neighbours",
        ),
        Choice(
            "In each of the ten pictures, more superpixels come out with compactness 10 than with compactness 1.",
            lambda run: above((run["square_counts"] - run["counts"]).min(), 0, noise=1),
            "a larger compactness keeps the pixels of a centre together, so that fewer pieces are lost",
        ),
        Choice(
            "A large compactness makes superpixels follow the outline of the food more closely.",
            False,
            "it makes place count more and colour less: superpixels turn into squares, whatever is in the picture",
        ),
        Choice(
            "On average over the ten pictures, more pixels could be told right (food or not) with 200 superpixels "
            "asked for than with 25.",
            lambda run: above(
                purity(run["segments"], run["masks"]).mean(), purity(run["few"], run["masks"]).mean(), noise=0.002
            ),
            "smaller superpixels mix food and table less, as the table of section 2 shows",
        ),
    ),
)

FORMULA = Question(
    name="Q2",
    points=0.3,
    text="How does LIME get its weights? Choose ALL correct statements.",
    choices=(
        Choice(
            "It asks the network for predictions only; it would work as well for a classifier without gradients.",
            True,
            "only probabilities of covered pictures enter the fit",
        ),
        Choice(
            "A red superpixel is one that shows no food.",
            False,
            "red says that seeing it lowers the probability of the class, and food can do that too",
        ),
        Choice(
            "Since half of the switches are off in nearly all copies, their proximities differ little, and the "
            "weighting decides less than the formula suggests.",
            True,
            "half of about a hundred switches is off in every copy, so that the copies are about equally near",
        ),
        Choice(
            "If two superpixels show the same thing, and one of them is enough for the network, a straight line still "
            "describes exactly what happens when one or both are hidden.",
            False,
            '"one of them is enough" is no sum of two effects: hiding both costs more than twice what hiding one costs',
        ),
    ),
)

STABILITY = Question(
    name="Q3",
    points=0.3,
    text="Chance and settings. Choose ALL correct statements.",
    choices=(
        Choice(
            "Averaged over the three pictures, the maps of two seeds agree better (correlate more) with 300 samples "
            "than with 50.",
            lambda run: above(_agreement(run, 300), _agreement(run, 50), noise=0.05),
            "the more samples, the less the draw of the switches matters",
        ),
        Choice(
            "With 50 samples there are fewer copies than superpixels; without the penalty, infinitely many weights "
            "would fit them perfectly.",
            True,
            "about a hundred unknown weights cannot be determined by 50 equations; the penalty picks the smallest",
        ),
        Choice(
            "A fixed seed makes the map right: what is repeatable no longer depends on chance.",
            False,
            "the seed repeats the same chance; another seed would have shown another map",
        ),
        Choice(
            "Averaged over the three pictures, the strongest weight is larger with 25 superpixels asked for than with "
            "100.",
            lambda run: above(_strongest(run, 25), _strongest(run, 100), noise=0.02),
            "a larger superpixel hides more, and so has a larger effect",
        ),
    ),
)

SCORES = Question(
    name="Q4",
    points=0.3,
    text="LIME, the food and the network, on average over the ten pictures. Choose ALL correct statements.",
    choices=(
        Choice(
            "Averaged over the ten pictures, more than 70 % of the brightest 5 % of LIME's maps lies on the food.",
            lambda run: above(_mean(run, "LIME", "inside"), 0.7, noise=0.014),
            "the mean is in the table of section 5; in some pictures the network itself looks beside the food",
        ),
        Choice(
            "By the area of insertion, LIME is the best of the six.",
            lambda run: above(_mean(run, "LIME", "insertion"), _best_other(run), noise=0.02),
            "for insertion, larger is better: compare the means in section 5",
        ),
        Choice(
            "The means of the six differ more (largest minus smallest) by the area of insertion than by that of "
            "deletion.",
            lambda run: above(_range(run, "insertion"), _range(run, "deletion"), noise=0.02),
            "any pixels in black harm the network, even random ones, so that deletion hardly tells the maps apart",
        ),
        Choice(
            "That LIME hides what it judges, as deletion does, is a reason not to trust deletion alone when comparing "
            "it with other methods.",
            True,
            "a method that is made of the same question as the score has an advantage that says little about pictures",
        ),
    ),
)

COUNTERFACTUAL = Question(
    name="Q39",
    points=0.3,
    text="Add the napkin, remove the napkin. Choose ALL correct statements.",
    choices=(
        Choice(
            "Beside food other than soup, adding the napkin raises the mean probability of *Soup* by more than 0.1 for "
            "the network that was trained with the shortcut.",
            lambda run: above(_change(run["effect"], soup=False), 0.1, noise=0.005),
            "look at the rows of the other classes in the first table",
        ),
        Choice(
            "For the network that was trained without the shortcut, the same change is less than 0.05.",
            lambda run: below(_change(run["usual_effect"], soup=False), 0.05, noise=0.005),
            "to the usual network the napkin is a table cloth like others",
        ),
        Choice(
            "Removing the napkin from beside the soups lowers the mean probability of *Soup* by more than 0.2 for the "
            "network with the shortcut.",
            lambda run: above(_change(run["effect"], soup=True), 0.2, noise=0.005),
            "look at the row Soup of the first table",
        ),
        Choice(
            "A test set in which soups lie beside the napkin as often as in training would have revealed the shortcut, "
            "for the network would have missed most of them.",
            False,
            "there the shortcut gives the right answer, and it found all: only pairs that break the rule reveal it",
        ),
    ),
)

NAPKIN = Question(
    name="Q40",
    points=0.3,
    text="Do the explanations find the napkin, in the five pictures of section 6? Choose ALL correct statements.",
    choices=(
        Choice(
            "For the network with the shortcut, the brightest 5 % of LIME's maps lie on the napkin more often than by "
            "chance, by more than 0.2 on average.",
            lambda run: above(_on_napkin(run, run["found"]["shortcut"]), 0.2, noise=0.03),
            "compare the rows of the last table with the napkin's area",
        ),
        Choice(
            "On average, more of the brightest 5 % of the saliency maps lies on the napkin for the network with the "
            "shortcut than for the usual network.",
            lambda run: above(
                _on_napkin(run, run["gradient_maps"]["shortcut"]),
                _on_napkin(run, run["gradient_maps"]["usual"]),
                noise=0.003,
            ),
            "both rows are in the last table",
        ),
        Choice(
            "A map that lies on the napkin and not on the food is a bad explanation: it has missed what matters.",
            False,
            "it is faithful: this network really uses the napkin, and the map that says so is the useful one",
        ),
        Choice(
            "That the brightest pixels lie on the food would prove that a network uses no shortcut.",
            False,
            "a shortcut can lie on the food or be spread over the picture, and others may not be in these pictures",
        ),
    ),
)

QUESTIONS = [SUPERPIXELS, FORMULA, STABILITY, SCORES, COUNTERFACTUAL, NAPKIN]
