"""The same methods by Captum, in the settings in which it does them fastest here, on the model of `load_model`."""

import torch
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr import IntegratedGradients, Lime, NoiseTunnel, Saliency

from helpers.gradients import BATCH_SIZE
from helpers.lime_explanation import draw_switches, proximity
from helpers.smoothgrad import value_range


def saliency(model, images, targets):
    """Absolute gradients of the logit, the whole batch at once; maximum over channels: (N, H, W)."""
    return Saliency(model).attribute(images.clone().requires_grad_(), target=targets).amax(dim=1)


def smoothgrad(model, images, targets, samples, noise_level=0.15):
    """Mean of absolute gradients, one image after the other, since each has a noise of its own: (N, H, W)."""
    tunnel, maps = NoiseTunnel(Saliency(model)), []
    for image, target in zip(images.split(1), targets.split(1), strict=True):
        options = {"nt_samples": samples, "nt_samples_batch_size": min(BATCH_SIZE, samples), "target": target}
        sigma = noise_level * float(value_range(image))
        maps.append(
            tunnel.attribute(image.clone().requires_grad_(), nt_type="smoothgrad", stdevs=sigma, **options).amax(dim=1)
        )
    return torch.cat(maps)


def integrated_gradients(model, images, targets, steps):
    """Gauss-Legendre from black, all images at once and one step at a time: (N, 3, H, W)."""
    options = {"n_steps": steps, "method": "gausslegendre", "internal_batch_size": len(images)}
    return IntegratedGradients(model).attribute(images, baselines=0, target=targets, **options).to(images)


def lime(model, images, targets, samples, segments, seed=0):
    """Ridge regression on the same switches with the same proximities as ours: (N, H, W)."""
    maps = []
    for image, target, single in zip(images.split(1), targets.tolist(), segments.split(1), strict=True):
        switches = draw_switches(samples, int(single.max()) + 1, seed)
        method = Lime(
            lambda copies: model(copies).softmax(dim=1),
            interpretable_model=SkLearnRidge(alpha=1),
            similarity_func=_similarity,
            perturb_func=_one_by_one(switches),
        )
        with torch.no_grad():
            found = method.attribute(image, target=target, feature_mask=single[:, None], n_samples=samples,
                                     perturbations_per_eval=min(10, samples))  # fmt: skip
        maps.append(found[0, 0])
    return torch.stack(maps)


def _similarity(_image, _copy, switch, **_):
    return proximity(switch).to(torch.get_default_dtype())


def _one_by_one(switches):
    """What Captum takes for a source of random switches: a generator function."""

    def rows(_image, **_):
        yield from switches.split(1)

    return rows
