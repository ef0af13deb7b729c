"""LIME: which superpixels speak for a class? Computed by the package `lime`, its images made in batches on the device.

The package makes its perturbed images one by one, segment by segment, on the CPU. `BatchedExplainer` does that one step
anew, from the same random numbers; distances, weights and the fit are the package's.
"""

from typing import NamedTuple

import numpy as np
import torch
from lime.lime_image import LimeImageExplainer
from tqdm.auto import tqdm

from helpers.folding import half
from helpers.gradients import check_count, check_request
from helpers.superpixels import check_segments

BATCH_SIZE = 4  # on a CPU, bigger batches fall out of its cache
KERNEL_WIDTH = 0.25  # the package's


class Explanation(NamedTuple):
    """What LIME finds for N images.

    maps:    (N, H, W) float32, each pixel has the weight of its segment: positive for the class, negative against it
    weights: N tensors (K,) float32, one number a segment, in units of probability
    fits:    (N,) float32, the weighted R^2 of each linear model: 1 where it explains all, 0 where it explains nothing
    """

    maps: torch.Tensor
    weights: tuple[torch.Tensor, ...]
    fits: torch.Tensor


class BatchedExplainer(LimeImageExplainer):
    """The package's explainer, but `classifier_fn` takes tensors (n, 3, H, W) of the device and dtype of `like`."""

    def __init__(self, like, **options):
        super().__init__(**options)
        self.like = like

    def data_labels(self, image, fudged_image, segments, classifier_fn, num_samples, batch_size=BATCH_SIZE):
        """As in the package: switches (samples, K) and what `classifier_fn` says to them (samples, classes)."""
        switches = draw_switches(num_samples, int(segments.max()) + 1, self.random_state)
        image, hidden = (torch.from_numpy(each).permute(2, 0, 1).to(self.like) for each in (image, fudged_image))
        segments = torch.from_numpy(segments).to(self.like.device)
        batches = switches.to(self.like.device).split(batch_size)
        values = [classifier_fn(switch_off(image, segments, batch, hidden)) for batch in batches]
        return switches.numpy(), torch.cat(values).cpu().numpy()


def lime_explanation(
    model, images, targets, segments, samples=1000, hide_color=None, seed=0, batch_size=BATCH_SIZE, progress=False
):
    """How much each segment raises the probability of each image's target, by LIME (Ribeiro et al. 2016).

    images:     (N, 3, H, W) float32 in [0, 1]
    targets:    (N,) int64, the classes that are explained, whatever the model prefers
    segments:   (N, H, W) int64, each image numbered from 0 without gaps (`helpers.superpixels.slic_segments`)
    samples:    perturbed copies of each image; the first is the image itself
    hide_color: what a segment that is switched off shows: None for its own mean colour, or a value, or three values
    seed:       of the random numbers, which begin anew for each image: its map does not depend on the others
    batch_size: images per pass; it changes the maps by rounding only
    progress:   whether to show a progress bar
    returns:    `Explanation`, on the device of `images`
    raises:     ValueError for inputs of another form. Predictions are made in bfloat16 where that is fast, which moves
                weights by far less than another seed does. Gradients are not computed.
    """
    check_request(model, images, targets, batch_size=batch_size)
    check_segments(segments, images)
    check_count("samples", samples)
    images, weights, fits = images.detach(), [], []
    with tqdm(total=samples * len(images), desc="LIME", disable=not progress) as bar:
        ask = _asking(half(model), bar)
        for image, target, single in zip(images, targets.tolist(), segments, strict=True):
            explainer = BatchedExplainer(images, random_state=seed, kernel_width=KERNEL_WIDTH,
                                         feature_selection="none")  # fmt: skip
            found = explainer.explain_instance(
                image.double().permute(1, 2, 0).cpu().numpy(), ask, labels=(target,), top_labels=None,
                hide_color=hide_color, num_samples=samples, batch_size=batch_size, random_seed=seed,
                segmentation_fn=lambda _, own=single: own.cpu().numpy(),
            )  # fmt: skip
            weights.append(torch.tensor([weight for _, weight in sorted(found.local_exp[target])]).to(images))
            fits.append(found.score)
    return Explanation(paint(weights, segments), tuple(weights), torch.tensor(fits).to(images))


def draw_switches(samples, count, seed):
    """Which segments are visible, each with probability 1/2, as the package draws it: (samples, count) int64 of 0, 1.

    In the first row all are. seed: a number, or the numpy RandomState to go on with
    """
    check_count("samples", samples)
    random = seed if isinstance(seed, np.random.RandomState) else np.random.RandomState(seed)
    switches = torch.from_numpy(random.randint(0, 2, samples * count).reshape(samples, count)).long()
    switches[0] = 1
    return switches


def switch_off(image, segments, switches, hidden):
    """Copies of an image in which segments are hidden.

    image, hidden: (3, H, W); segments: (H, W) int64; switches: (n, K), 0 where the segment K shows `hidden`
    returns:       (n, 3, H, W)
    """
    visible = switches[:, segments].bool()  # (n, H, W)
    return torch.where(visible[:, None], image, hidden)


def proximity(switches):
    """How near each copy is to the image itself, as the package weights it: (samples, K) -> (samples,) in (0, 1].

    exp(-d^2 / (2 * 0.25^2)), d being 1 minus the cosine between the switches and a row of ones.
    """
    cosine = switches.double().mean(dim=1).sqrt()  # of a row of zeros and ones with a row of ones
    return torch.exp(-((1 - cosine) ** 2) / (2 * KERNEL_WIDTH**2))


def paint(weights, segments):
    """Each pixel with the weight of its segment, for several images.

    weights:  N tensors (K,), or with a None in it; segments: (N, H, W) int64 numbered from 0
    returns:  (N, H, W) float32, or None if there is a None among the weights
    """
    if any(own is None for own in weights):
        return None
    rows = zip(weights, segments, strict=True)
    return torch.stack([own.float().to(single.device)[single] for own, single in rows])


@torch.no_grad()
def ask(model, batches, target, total=None):
    """The probability of one class for each of many images: batches of (n, 3, H, W) -> (samples,) float64 on the CPU.

    batches: any iterable, for example a generator, so that only one batch is in memory at a time
    total:   number of images, for a progress bar; None for none
    returns: None as soon as a batch is None, as it is while its function is unwritten
    """
    values = []
    with tqdm(total=total, desc="asking the model", disable=total is None, leave=False) as bar:
        predict = _asking(half(model), bar)
        for images in batches:
            if images is None:
                return None
            values.append(predict(images)[:, target].double().cpu())
    return torch.cat(values)


def _asking(network, bar):
    """A function from images (n, 3, H, W) to probabilities (n, classes) that moves the bar on."""

    @torch.no_grad()
    def predict(images):
        bar.update(len(images))
        return network(images).softmax(dim=1)

    return predict
