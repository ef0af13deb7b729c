"""The methods in the manner of the course's code, written anew: what our speed is measured against.

Common to all: the network as it was trained, with batch normalisation, memory in the order N, C, H, W, and parameters
that ask for gradients, which every backward pass then computes as well. `plain(model)` makes such a copy.
"""

import copy

import numpy as np
import torch
from lime.lime_image import LimeImageExplainer
from torch.nn.functional import cross_entropy


def plain(model):
    """A copy of a `FoodCNN` as the course's code has it."""
    return copy.deepcopy(model).to(memory_format=torch.contiguous_format).requires_grad_(True)


def saliency(model, images, targets):
    """The whole batch at once, by `backward`: (N, 3, H, W) -> (N, 3, H, W) >= 0, of the mean loss."""
    images = images.clone().requires_grad_()
    cross_entropy(model(images), targets).backward()
    return images.grad.abs()


def smoothgrad(model, images, targets, samples, noise_level=0.15):
    """One image and one sample at a time, noise drawn by numpy, the sum kept in float64: (N, 3, H, W) array."""
    maps = []
    for image, target in zip(images, targets, strict=True):
        sigma = noise_level * (image.max() - image.min()).item()
        total = np.zeros((1, *image.shape))
        for _ in range(samples):
            noise = np.random.normal(0, sigma, image.shape).astype(np.float32)
            noisy = (image + torch.from_numpy(noise)).unsqueeze(0).requires_grad_()
            cross_entropy(model(noisy), target.unsqueeze(0)).backward()
            total += noisy.grad.abs().numpy()
        maps.append(total[0] / samples)
    return np.stack(maps)


def integrated_gradients(model, images, targets, steps):
    """One image and one step at a time; the right factor, which the course leaves out, costs nothing: (N, 3, H, W)."""
    attributions = []
    for image, target in zip(images, targets, strict=True):
        total = np.zeros(image.shape)
        for step in range(steps):
            point = (image * step / steps).unsqueeze(0).requires_grad_()
            model.zero_grad()
            scores = model(point)
            one_hot = torch.zeros_like(scores)
            one_hot[0, target] = 1
            scores.backward(gradient=one_hot)
            total += point.grad.numpy()[0] / steps
        attributions.append(total * image.numpy())
    return np.stack(attributions)


def lime(model, images, targets, samples, segments):
    """The package as it comes, ten copies at a time, with the graph for gradients that nobody asks: (N, H, W) array.

    It is given the segments (N, H, W) and told which label to explain, which the course's code leaves to chance.
    """

    def predict(pictures):
        return model(torch.from_numpy(pictures).to(images.dtype).permute(0, 3, 1, 2)).softmax(dim=1).detach().numpy()

    maps = []
    for image, target, single in zip(images, targets.tolist(), segments.numpy(), strict=True):
        explainer = LimeImageExplainer(random_state=0)
        found = explainer.explain_instance(
            image.permute(1, 2, 0).numpy().astype(np.double), predict, labels=(target,), top_labels=None, hide_color=0,
            segmentation_fn=lambda _, own=single: own, num_samples=samples, random_seed=0,
        )  # fmt: skip
        weights = dict(found.local_exp[target])
        maps.append(np.vectorize(weights.get)(single))
    return np.stack(maps)
