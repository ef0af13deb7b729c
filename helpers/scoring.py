"""How good is a map? Against the mask of the object, and against the model itself by deleting and inserting pixels.

The mask says where the object is. It does not say what the model uses: a map may be faithful to a model that looks at
the table cloth, and then it should score low. The curves of deletion and insertion ask the model and need no mask.
"""

from typing import NamedTuple

import torch

from helpers.ascent import gaussian_blur
from helpers.folding import folded
from helpers.gradients import BATCH_SIZE, check_count, check_request
from helpers.imagenet import check_images

STEPS = 10  # of a curve
BLUR = 10  # pixels; leaves of a picture of 128 pixels little more than its colours


class Curves(NamedTuple):
    """The course of a deletion or an insertion.

    values: (N, steps + 1) float32, the target's probability after each step, the first being before the first
    areas:  (N,) float32, the area under each curve, 0 to 1 (trapezoidal rule)
    """

    values: torch.Tensor
    areas: torch.Tensor


class Scores(NamedTuple):
    """What `score` finds for the maps of one method.

    inside, energy:      (N,) float32 `inside_share` and `energy_inside`, or None without masks
    deleted, inserted:   `Curves` of `deletion` and `insertion`
    deletion, insertion: (N,) float32 areas under them
    """

    inside: torch.Tensor | None
    energy: torch.Tensor | None
    deleted: Curves
    inserted: Curves

    @property
    def deletion(self):
        return self.deleted.areas

    @property
    def insertion(self):
        return self.inserted.areas


def score(model, images, targets, masks, maps, steps=STEPS, batch_size=BATCH_SIZE):
    """All scores of the maps of one method, as `Scores`.

    masks: (N, H, W) bool, or None for pictures without masks; other arguments as for `deletion`
    """
    against_mask = [None if masks is None else rate(maps, masks) for rate in (inside_share, energy_inside)]
    curves = [curve(model, images, targets, maps, steps, batch_size=batch_size) for curve in (deletion, insertion)]
    return Scores(*against_mask, *curves)


def random_maps(images, generator):
    """Maps that know nothing, a control that every method should beat: (N, 3, H, W) -> (N, H, W) in [0, 1)."""
    check_images(images)
    shape = (len(images), *images.shape[2:])
    return torch.rand(shape, generator=generator).to(images)


def centre_maps(images):
    """Maps that are brightest in the middle of any picture, a control that asks no model: -> (N, H, W) in (0, 1].

    Food tends to lie in the middle, so these score well against masks; a method that does worse found no food.
    """
    check_images(images)
    down, across = (torch.linspace(-1, 1, side, device=images.device) for side in images.shape[2:])
    bump = torch.exp(-2 * (down[:, None] ** 2 + across**2))  # (H, W)
    return bump.to(images.dtype).expand(len(images), -1, -1).clone()


def inside_share(maps, masks, brightest=0.05):
    """The share of each map's brightest pixels that lies inside the mask; by chance it is `mask_area`.

    maps:      (N, H, W) float
    masks:     (N, H, W) bool
    brightest: share of all pixels that is looked at. Among equal values no pixel is preferred: those that share the
               last places count by how many of them lie inside
    returns:   (N,) float32 in [0, 1]
    raises:    ValueError for inputs of another form
    """
    values, inside = _checked(maps, masks)
    if not 0 < brightest <= 1:
        raise ValueError(f"brightest must be a share of the pixels such as 0.05, got {brightest!r}")
    count = max(1, round(brightest * values.shape[1]))
    last = values.topk(count, dim=1).values[:, -1:]  # (N, 1)
    above, tied = values > last, values == last  # (N, H W)
    places = count - above.sum(dim=1)  # left for the tied ones
    share_of_tied = (tied & inside).sum(dim=1) / tied.sum(dim=1)
    return ((above & inside).sum(dim=1) + places * share_of_tied) / count


def energy_inside(maps, masks):
    """The share of each map's sum that lies inside the mask; a constant map gets `mask_area`, one of zeros too.

    maps:    (N, H, W) float; negative values count as 0
    masks:   (N, H, W) bool
    returns: (N,) float32 in [0, 1]
    raises:  ValueError for inputs of another form. Wang et al. 2020 (Score-CAM), for boxes.
    """
    values, inside = _checked(maps, masks)
    values = values.clamp(min=0)
    values = values / values.amax(dim=1, keepdim=True).clamp_min(torch.finfo(values.dtype).tiny)  # sums stay finite
    energy = (values * inside).sum(dim=1) / values.sum(dim=1)
    return torch.where(values.sum(dim=1) > 0, energy, mask_area(masks))


def mask_area(masks):
    """The share of the pixels that each mask covers: (N, H, W) bool -> (N,) float32."""
    return masks.flatten(1).float().mean(dim=1)


def take_apart(images, masks):
    """Two versions of each picture: the object without its surroundings, and the surroundings without the object.

    What is hidden is painted in the mean colour of the surroundings; the object's outline may still show in the second.

    images:  (N, 3, H, W) float
    masks:   (N, H, W) bool, true on the object
    returns: two tensors (N, 3, H, W) like images; black is the colour where a mask leaves no surroundings
    raises:  ValueError for inputs of another form
    """
    check_images(images)
    _check_masks(masks, (len(images), *images.shape[2:]))
    inside = masks.to(images.device)[:, None]  # (N, 1, H, W)
    outside = ~inside
    ground = (images * outside).sum(dim=(2, 3), keepdim=True) / outside.sum(dim=(2, 3), keepdim=True).clamp_min(1)
    return torch.where(inside, images, ground), torch.where(outside, images, ground)  # ground: (N, 3, 1, 1)


def deletion(model, images, targets, maps, steps=STEPS, baseline=0.0, batch_size=BATCH_SIZE):
    """The target's probability while the pixels that a map calls important are replaced, the brightest first.

    A good map makes it fall early: the smaller the area, the better (Petsiuk et al. 2018, RISE).

    images:   (N, 3, H, W) float32 in [0, 1]
    targets:  (N,) int64 class indices
    maps:     (N, H, W) float; only the order of its values counts, of equal ones row by row
    steps:    each replaces 1 / steps of the pixels, all channels of them
    baseline: what they are replaced by: a value, or images (N, 3, H, W); None for the blurred images
    returns:  `Curves`
    raises:   ValueError for inputs of another form. Memory is bounded by batch_size; no gradients are computed.
    """
    ranks = _ranks(model, images, targets, maps, steps, batch_size)
    return _curves(model, images, _baseline(images, baseline), targets, ranks, steps, batch_size)


def insertion(model, images, targets, maps, steps=STEPS, baseline=None, batch_size=BATCH_SIZE):
    """The target's probability while pixels are put into the baseline, the brightest of the map first.

    A good map makes it rise early: the larger the area, the better. Arguments and result as for `deletion`; the
    baseline is by default the blurred image, so that no edges are put in that no image has.
    """
    ranks = _ranks(model, images, targets, maps, steps, batch_size)
    return _curves(model, _baseline(images, baseline), images, targets, ranks, steps, batch_size)


@torch.no_grad()
def _curves(model, start, end, targets, ranks, steps, batch_size):
    """Curves from `start` to `end` (N, 3, H, W), pixels changing over in the order of `ranks` (N, H, W)."""
    model, size = folded(model), ranks[0].numel()
    image_of = torch.arange(len(start), device=start.device).repeat_interleave(steps + 1)  # (N (steps + 1),)
    changed = torch.arange(steps + 1, device=start.device).repeat(len(start)) * size / steps  # pixels by then
    values = []
    for which, count in zip(image_of.split(batch_size), changed.split(batch_size), strict=True):
        mixed = torch.where((ranks[which] < count[:, None, None])[:, None], end[which], start[which])  # (n, 3, H, W)
        probabilities = model(mixed).softmax(dim=1)
        values.append(probabilities.gather(1, targets[which, None].to(probabilities.device))[:, 0])
    values = torch.cat(values).reshape(len(start), steps + 1)
    return Curves(values, torch.trapezoid(values, dx=1 / steps, dim=1))


def _ranks(model, images, targets, maps, steps, batch_size):
    """The place of each pixel in the order of importance, 0 first: (N, H, W) int64."""
    check_request(model, images, targets, batch_size=batch_size)
    check_count("steps", steps)
    wanted = (len(images), *images.shape[2:])
    if not isinstance(maps, torch.Tensor) or tuple(maps.shape) != wanted:
        raise ValueError(f"maps must be a tensor {wanted}, one value a pixel, got {tuple(getattr(maps, 'shape', ()))}")
    order = maps.detach().to(images.device).flatten(1).argsort(dim=1, descending=True, stable=True)  # (N, H W)
    return order.argsort(dim=1).reshape(wanted)


def _baseline(images, baseline):
    if baseline is None:
        return gaussian_blur(images.detach(), BLUR)
    if isinstance(baseline, torch.Tensor) and baseline.ndim > 0:
        if baseline.shape != images.shape:
            raise ValueError(f"baseline must be {tuple(images.shape)} like images, got {tuple(baseline.shape)}")
        return baseline.detach().to(images)
    return torch.full_like(images, float(baseline))


def _checked(maps, masks):
    """Maps and masks as (N, H W), or ValueError."""
    if not isinstance(maps, torch.Tensor) or maps.ndim != 3 or not maps.is_floating_point():
        got = f"{getattr(maps, 'dtype', type(maps).__name__)} {tuple(getattr(maps, 'shape', ()))}"
        raise ValueError(f"maps must be a float tensor (N, H, W), got {got}")
    _check_masks(masks, tuple(maps.shape))
    if not maps.isfinite().all():
        raise ValueError("maps must be finite, got NaN or infinity")
    return maps.detach().flatten(1), masks.to(maps.device).flatten(1)


def _check_masks(masks, wanted):
    if not isinstance(masks, torch.Tensor) or masks.dtype != torch.bool or tuple(masks.shape) != wanted:
        got = f"{getattr(masks, 'dtype', type(masks).__name__)} {tuple(getattr(masks, 'shape', ()))}"
        raise ValueError(f"masks must be a bool tensor {wanted}, got {got}")
