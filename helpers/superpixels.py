"""Superpixels: an image cut into patches of similar colour, which LIME switches on and off as a whole."""

import numpy as np
import torch
from skimage.segmentation import slic

from helpers.gradients import check_count
from helpers.imagenet import check_images


def slic_segments(images, count=200, compactness=1.0, sigma=1.0):
    """Superpixels by SLIC, which groups pixels by colour and place (Achanta et al. 2012). Nothing in it is random.

    images:      (N, 3, H, W) float in [0, 1]
    count:       how many superpixels are asked for in each image. Fewer come out: a group that falls apart, or whose
                 pieces are too small, is joined to its neighbours
    compactness: how much nearness counts against likeness of colour: the larger, the more the superpixels are squares;
                 the smaller, the closer they follow the edges of the image
    sigma:       pixels of blur beforehand, against speckles
    returns:     (N, H, W) int64 on the device of `images`, each image numbered 0, 1, ... without gaps
    raises:      ValueError for images of another form, or a number that makes no sense
    """
    check_images(images)
    check_count("count", count)
    if not compactness > 0 or not sigma >= 0:
        raise ValueError(f"compactness must be positive and sigma not negative, got {compactness!r} and {sigma!r}")
    pixels = images.detach().double().cpu().permute(0, 2, 3, 1).contiguous().numpy()  # (N, H, W, 3)
    options = {"n_segments": count, "compactness": compactness, "sigma": sigma}
    # By default slic counts from 1, but LIME takes the number of a segment for its column: one would stay on for ever.
    segments = [slic(picture, start_label=0, channel_axis=-1, **options) for picture in pixels]
    return torch.from_numpy(np.stack(segments)).long().to(images.device)


def segment_counts(segments):
    """How many segments each image has: (N, H, W) int64 numbered from 0 -> a list of N numbers."""
    return (segments.flatten(1).amax(dim=1) + 1).tolist()


def mean_colours(images, segments):
    """Images of which each segment shows its mean colour only: (N, 3, H, W), (N, H, W) int64 -> (N, 3, H, W)."""
    check_segments(segments, images)
    painted = []
    for image, single in zip(images, segments, strict=True):
        sizes = torch.bincount(single.flatten())  # (K,)
        sums = [torch.bincount(single.flatten(), weights=channel.flatten().double()) for channel in image]  # 3 x (K,)
        painted.append(torch.stack([total / sizes for total in sums])[:, single])  # (3, H, W)
    return torch.stack(painted).to(images)


def check_segments(segments, images):
    """Raise ValueError unless `segments` are (N, H, W) int64 like the images, each numbered from 0 without gaps."""
    wanted = (len(images), *images.shape[2:])
    if not isinstance(segments, torch.Tensor) or segments.dtype != torch.int64 or tuple(segments.shape) != wanted:
        got = f"{getattr(segments, 'dtype', type(segments).__name__)} {tuple(getattr(segments, 'shape', ()))}"
        raise ValueError(f"segments must be an int64 tensor {wanted}, got {got}; see helpers.superpixels.slic_segments")
    for number, single in enumerate(segments):
        found = single.unique()  # sorted
        if not torch.equal(found, torch.arange(len(found), device=found.device)):
            raise ValueError(
                f"segments of image {number} must be numbered 0, 1, ... without gaps, got {len(found)} numbers from "
                f"{int(found[0])} to {int(found[-1])}; pass start_label=0 to slic"
            )


def boundaries(segments):
    """Pixels whose right or lower neighbour belongs to another segment: (N, H, W) int64 -> (N, H, W) bool array."""
    lines = torch.zeros_like(segments, dtype=torch.bool)
    lines[:, :, :-1] |= segments[:, :, 1:] != segments[:, :, :-1]
    lines[:, :-1] |= segments[:, 1:] != segments[:, :-1]
    return lines.cpu().numpy()


def purity(segments, masks):
    """How well the segments could paint each mask, if each were painted or left out as a whole.

    segments: (N, H, W) int64 numbered from 0; masks: (N, H, W) bool
    returns:  (N,) float32 in [0.5, 1]: share of the pixels on whose side most of their segment lies
    """
    shares = []
    for single, mask in zip(segments, masks, strict=True):
        inside = torch.bincount(single.flatten(), weights=mask.flatten().double())  # (K,)
        sizes = torch.bincount(single.flatten())  # (K,)
        shares.append(torch.maximum(inside, sizes - inside).sum() / sizes.sum())
    return torch.stack(shares).float()
