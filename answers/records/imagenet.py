"""What 07_imagenet hands in, and the checks of its claims with the grader's own copy of the model."""

import torch

from answers.bank import Part, Record, percent
from helpers import imagenet, photographs
from helpers.ascent import gaussian_blur
from helpers.comparison import relative_distances
from helpers.saliency import saliency

PHOTOGRAPHS = ("coffee", "chelsea", "camera", "rocket", "motorcycle", "china")
STINGRAY = 6
SIDE = imagenet.IMAGE_SIZE
FOOLED, VISUALISED = 4, 4  # images of each kind
# As a share of the map's norm: threads, memory format, folding and float64 move a map by at most 0.6 %, the nearest
# mistake, the norm over channels in place of their maximum, by 10 % and more.
SALIENCY_TOLERANCE = 0.05
SALIENCY_HINT = (
    "Did you differentiate the score of the right class (not its probability, not the loss), take the absolute value, "
    "and then the maximum over channels, without rescaling?"
)
STOP_HINT = "Stop only when the prediction is the target, and hand in the image that was predicted."
LOGIT_TIE = 1e-2  # a fooling image stops just behind the border, where machines may differ by a rounding error
LARGEST_PERTURBATION = 0.05  # of the photograph's norm; steps of 0.1 end at 0.8 %, of 1.0 at 1.5 %
SMALLEST_PERTURBATION = 1e-4
CLASS_PROBABILITY = 0.2  # the solution reaches 0.9 and more, sharp or blurred; blurred noise that fools has 0.003


def reference_model():
    """The grader's own copy of the notebook's model, on the CPU."""
    return imagenet.load_model(device="cpu")


def check_saliency(records, model):
    """One part for each photograph: the map equals the reference up to `SALIENCY_TOLERANCE` of its norm."""
    images = photographs.load_photographs(PHOTOGRAPHS)
    labels = torch.tensor([model.category_index(photographs.category(name)) for name in PHOTOGRAPHS])
    reference = saliency(model, images, labels)
    return [_saliency_part(*row) for row in enumerate(zip(PHOTOGRAPHS, records["saliency"], reference, strict=True))]


def _saliency_part(number, row):
    name, *maps = row
    distance = _distance(*(torch.as_tensor(values) for values in maps))
    if distance <= SALIENCY_TOLERANCE:  # not true of NaN
        return Part(1, f"Saliency {number} ({name}) is the reference.")
    reason = f"Saliency {number} ({name}) differs from the reference by {percent(distance)} of its norm."
    return Part(0, reason, SALIENCY_HINT)


def _distance(values, reference):
    """`relative_distances` of one image, as a float."""
    return float(relative_distances(values[None], reference[None]))


def check_fooling(records, model):
    """One part for each fooling image: predicted as its target, near to the photograph, and not a target twice."""
    targets = records["fooling_targets"].tolist()
    photo = photographs.load_photographs(PHOTOGRAPHS[:1])
    images = torch.from_numpy(records["fooling_images"]).float()
    usual = _logits(model, photo)[0].argmax().item()
    rows = zip(targets, images, _logits(model, images), strict=True)
    parts = []
    for number, (target, image, logits) in enumerate(rows):
        problem = _target_problem(targets, number, usual, model) or _distance_problem(image, photo[0])
        hint = "" if problem else STOP_HINT
        problem = problem or _prediction_problem(logits, target, model)
        name = f"Fooling image {number}"
        parts.append(Part(0, f"{name}: {problem}", hint) if problem else Part(1, f"{name} is as claimed."))
    return parts if STINGRAY in targets else _without_stingray(parts)


def _target_problem(targets, number, usual, model):
    target = targets[number]
    if not 0 <= target < len(model.categories):
        return f"its target is {target}, which is no class index (0 to {len(model.categories) - 1})."
    if target == usual:
        return f"its target is {model.categories[target]}, which is what the model says to the photograph anyway."
    if target in targets[:number]:
        first = targets.index(target)
        return f"its target, {model.categories[target]}, is that of image {first} already; take another class."
    return None


def _distance_problem(image, photo):
    distance = _distance(image, photo)
    if not distance <= LARGEST_PERTURBATION:
        return (
            f"it lies {percent(distance)} of the coffee photograph's norm away from it; "
            f"at most {percent(LARGEST_PERTURBATION)} is allowed. Start from the photograph and take shorter steps."
        )
    if distance < SMALLEST_PERTURBATION:
        return "it is the coffee photograph itself, unchanged."
    return None


def _prediction_problem(logits, target, model):
    missing = float(logits.max() - logits[target])
    if missing <= LOGIT_TIE:
        return None
    best = model.categories[int(logits.argmax())]
    return f"the model says {best}, not {model.categories[target]}, whose score is {missing:.2f} lower."


def _without_stingray(parts):
    """The notebook asks for a stingray among the targets: without it, one image too few was made."""
    lost = "None of the fooling targets is stingray (class 6), which the notebook asks for; one image does not count."
    first = next((number for number, part in enumerate(parts) if part.share), None)
    return [Part(0, lost) if number == first else part for number, part in enumerate(parts)]


def check_classes(records, model):
    """One part for each class image: half for the probability of its class, half for keeping it under a blur."""
    targets = records["class_targets"].tolist()
    images = torch.from_numpy(records["class_images"]).float()
    sharp, blurred = (_logits(model, version).softmax(dim=1) for version in (images, gaussian_blur(images, 1)))
    rows = enumerate(zip(images, sharp, blurred, strict=True))
    return [_class_part(number, targets, *row, model.categories) for number, row in rows]


def _class_part(number, targets, image, sharp, blurred, categories):
    name, target = f"Class image {number}", targets[number]
    if not 0 <= target < len(categories):
        return Part(0, f"{name}: its class is {target}, which is no class index (0 to {len(categories) - 1}).")
    if target in targets[:number]:
        return Part(0, f"{name}: its class, {categories[target]}, is that of another image; take different classes.")
    if image.min() < 0 or image.max() > 1:
        return Part(0, f"{name}: its pixels lie outside [0, 1]; clamp in every step.")
    if not sharp[target] >= CLASS_PROBABILITY:
        return Part(0, f"{name}: the model gives {categories[target]} {_too_little(sharp[target])}")
    if not blurred[target] >= CLASS_PROBABILITY:
        return Part(
            0.5,
            f"{name}: blurred by one pixel, it leaves {categories[target]} {_too_little(blurred[target])}",
            "Such an image is made of fine noise, like a fooling image: use the natural direction, jitter and blur.",
        )
    return Part(1, f"{name} shows {categories[target]} to the model.")


def _too_little(probability):
    return f"a probability of {float(probability):.3f}; at least {CLASS_PROBABILITY} is asked for."


@torch.no_grad()
def _logits(model, images):
    return model(images)


RECORDS = [
    Record(
        name="saliency",
        shape=(len(PHOTOGRAPHS), SIDE, SIDE),
        dtype="float32",
        description="one saliency map for each of the six photographs",
        low=0,
        points=1.5,
        check=check_saliency,
    ),
    Record(
        name="fooling_images",
        shape=(FOOLED, 3, SIDE, SIDE),
        dtype="float32",
        description="four changed coffee photographs with pixels in [0, 1]",
        low=0,
        high=1,
        points=2,
        check=check_fooling,
        needs=("fooling_targets",),
    ),
    Record(
        name="fooling_targets",
        shape=(FOOLED,),
        dtype="int64",
        description="the class index that each fooling image is predicted as",
        low=0,
        high=999,
    ),
    Record(
        name="class_images",
        shape=(VISUALISED, 3, SIDE, SIDE),
        dtype="float32",
        description="four class visualisations with pixels in [0, 1]",
        low=0,
        high=1,
        points=1.5,
        check=check_classes,
        needs=("class_targets",),
    ),
    Record(
        name="class_targets",
        shape=(VISUALISED,),
        dtype="int64",
        description="the class index that each class image was made for",
        low=0,
        high=999,
    ),
]
