# %% [markdown]
# # What does an ImageNet network see?
#
# A network that tells a thousand kinds of things apart is easy to download and hard to understand. In this notebook
# you question one with nothing but gradients *with respect to its input*:
#
# 1. **Saliency:** which pixels does the score of a class react to?
# 2. **Fooling images:** how little must a photograph change until the network calls it something else?
# 3. **Class visualisation:** which picture does the network like best for a class, starting from noise?
#
# The network never changes; only images do. Run each cell with Shift+Enter, from top to bottom. Cells that are yours
# to complete say `YOUR CODE HERE`; until you have written them, the cells that follow say so and go on. Everything
# runs on a laptop without a GPU and without internet; the slowest cell takes half a minute.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from tqdm.auto import tqdm

from helpers import ascent, handin, photographs, plots, tables
from helpers.imagenet import load_model
from helpers.live import LiveImages

# %%
hw = handin.notebook("07_imagenet")
model = load_model("efficientnet_lite0")
device = model.mean.device
names = ["coffee", "chelsea", "camera", "rocket", "motorcycle", "china"]
images = photographs.load_photographs(names).to(device)
labels = torch.tensor([model.category_index(photographs.category(name)) for name in names], device=device)
plots.show_predictions(model, images, names)

# %% [markdown]
# This is EfficientNet-Lite0 (Tan & Le 2019): 4.7 million parameters, trained on the 1000 classes of ImageNet. All six
# first guesses are sensible, although only two are made with confidence. The cat is a *tabby*; the network prefers
# two other cats, and we shall ask it about *tabby* all the same.
#
# **An image here is a float tensor `(N, 3, H, W)` of pixels in [0, 1].** Networks are trained on normalised pixels,
# and with the wrong normalisation they still work, only worse. The next table compares three. Most published networks
# use the mean and standard deviation of ImageNet; the authors of this one used `(x - 127/255) / (128/255)`, and only
# with those is the *palace* found. That normalisation is the first layer of `model`, so that you never have to think
# of it again: gradients, distances and limits are all in pixels.

# %%
normalisations = {
    "127/255, 128/255": ([127 / 255] * 3, [128 / 255] * 3),
    "mean, std of ImageNet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    "none": ([0.0] * 3, [1.0] * 3),
}
tables.print_normalisations(images, names, normalisations)

# %% [markdown]
# ## 1. Saliency
#
# Let $s_y(I)$ be the **unnormalised score** (the logit) of class $y$ for image $I$. To first order,
#
# $$ s_y(I + \Delta) \approx s_y(I) + \sum_p w_p\, \Delta_p, \qquad w = \frac{\partial s_y}{\partial I}, $$
#
# so $|w_p|$ says how strongly the score reacts when pixel value $p$ changes a little. A pixel has three channels; the
# **saliency map** takes the largest of the three (Simonyan, Vedaldi & Zisserman 2014, section 3):
#
# $$ M_{ij} = \max_c \left| \frac{\partial s_y}{\partial I_{c,i,j}} \right|. $$
#
# Complete `saliency`. In words: switch on gradients for a copy of the images (`detach().requires_grad_()`), pick each
# image's score of its own class with `logits.gather(1, targets[:, None])`, and ask `torch.autograd.grad` for the
# gradient of the **sum** of the scores. The sum does no harm: the score of one image does not depend on the pixels of
# another.


# %% key="saliency"
def saliency(model, images, targets):
    """Saliency maps: images (N, 3, H, W), targets (N,) class indices -> (N, H, W), not negative."""
    saliency_maps = None
    # BEGIN SOLUTION
    images = images.detach().requires_grad_()
    scores = model(images).gather(1, targets[:, None])  # (N, 1)
    (gradients,) = torch.autograd.grad(scores.sum(), images)  # (N, 3, H, W)
    saliency_maps = gradients.abs().amax(dim=1)  # (N, H, W)
    # END SOLUTION
    return saliency_maps


# %%
saliency_maps = saliency(model, images, labels)
hw.record("saliency", saliency_maps)
plots.show_saliency(images, saliency_maps, [model.categories[label] for label in labels])

# %% [markdown]
# The middle row is the map itself, pixel by pixel; the bottom row is blurred and laid over the photograph, because
# eyes are bad at noise. Where are the brightest 1 % of the pixels of each map? The table counts them by quarters of
# the picture.

# %%
tables.print_quarters(saliency_maps, names)

# %% [markdown]
# **What we observed.** For *espresso* the network looks into the cup. For *tripod* the camera and the hands holding
# it count for more than the tripod's legs. And for *moped* it hardly reacts to the vehicle: most of all it reacts to
# the bright window behind it. A saliency map shows what the network is *sensitive to*, which need not be what we
# would point at.

# %% [markdown] question="Q31"

# %% [markdown]
# Why the score, and not the probability or the loss that the network was trained with? Because the cross-entropy
# $-\log p_y$ has the gradient $-(1 - p_y)\,\partial s_y/\partial I + \sum_{k \ne y} p_k\, \partial s_k/\partial I$:
# what the class gains mixes with what all others lose, and all of it fades as $p_y$ approaches 1. The table shows the
# sum of all pixels of both kinds of map.

# %%
tables.print_logit_and_loss(model, images, labels, names)

# %% [markdown] question="Q32"

# %% [markdown]
# ## 2. Fooling images
#
# The gradient also says how to *change* an image. To make the network see class $t$, start from a photograph and
# climb the score of $t$ in steps of a fixed length:
#
# $$ I \leftarrow \mathrm{clamp}_{[0,1]}\!\left(I + \eta\, \frac{g}{\lVert g \rVert_2}\right),
# \qquad g = \frac{\partial s_t}{\partial I}. $$
#
# Szegedy et al. (2014) found that a change too small to see is enough. Complete `make_fooling_image`: in each step
# compute the scores of the current image, **stop as soon as the prediction is the target**, else take one step.
# `model` takes batches, hence `model(fooled[None])[0]`. Count the steps taken.


# %% key="fooling_images"
def make_fooling_image(model, image, target, lr=0.1, max_steps=100):
    """Climb from image (3, H, W) until it is classified as `target`; returns (fooled (3, H, W), number of steps)."""
    fooled, steps = None, 0
    # BEGIN SOLUTION
    fooled = image.detach().clone()
    for steps in range(max_steps + 1):
        fooled.requires_grad_()
        scores = model(fooled[None])[0]  # (1000,)
        if scores.argmax() == target or steps == max_steps:
            break
        (gradient,) = torch.autograd.grad(scores[target], fooled)
        fooled = (fooled.detach() + lr * gradient / gradient.norm()).clamp(0, 1)
    fooled = fooled.detach()
    # END SOLUTION
    return fooled, steps


# %% [markdown]
# The coffee shall become a *stingray*, a *bald eagle* and a *cup*. The fourth target is yours: put any class in the
# place of *pizza* (`model.categories` lists all of them; only *espresso* and the other three will not do).

# %% key="target"
my_target = "pizza"

# %%
coffee = images[:1]  # (1, 3, 224, 224)
target_names = ["stingray", "bald eagle", "cup", my_target]
fooling_targets = torch.tensor([model.category_index(name) for name in target_names])
results = [make_fooling_image(model, coffee[0], int(target)) for target in tqdm(fooling_targets)]
fooling_images, steps = [list(column) for column in zip(*results, strict=True)]
hw.record("fooling_images", fooling_images)
hw.record("fooling_targets", fooling_targets)

# %%
plots.show_fooling(model, coffee, fooling_images, fooling_targets, steps)

# %% [markdown]
# Even ten times enlarged, the difference looks like noise, and nothing in it looks like a stingray. How plausible
# were the targets before, and how long did it take to reach them?

# %%
with torch.no_grad():
    before = model(coffee).softmax(dim=1)[0, fooling_targets]  # (4,)
for name, probability, count in zip(target_names, before, steps, strict=True):
    print(f"{name:12s} probability in the photograph {probability:.6f}   steps {count}")

# %% [markdown]
# Does a longer step get there sooner, and what does it cost? Here is the bald eagle with `lr = 1`.

# %%
eagle = fooling_targets[1]
quick_eagle, quick_steps = make_fooling_image(model, coffee[0], eagle, lr=1.0)
tables.print_norms(coffee, [quick_eagle], ["bald eagle, lr 1.0"], [quick_steps], 1.0)
tables.print_norms(coffee, fooling_images[1:2], ["bald eagle, lr 0.1"], steps[1:2], 0.1)

# %% [markdown] question="Q33"

# %% [markdown]
# How large are the perturbations? The norm of the whole perturbation is compared with the length of the path, with
# the norm of the photograph, and with the range of a pixel value, which is 1.

# %%
tables.print_norms(coffee, fooling_images, target_names, steps, 0.1)

# %% [markdown] question="Q34"

# %% [markdown]
# So the network is easily fooled. Is it as easily fooled by accident? Each row of the next table changes all four
# images in one way. *Random direction* adds noise of exactly the same norm to the photograph; *reversed* subtracts
# the perturbation instead of adding it; the last two rows change the fooling images by an amount that you would
# hardly notice.

# %%
generator = torch.Generator().manual_seed(7)
variations = tables.print_variations(model, coffee, fooling_images, target_names, generator)

# %% [markdown]
# **What we observed.** A perturbation of less than one percent of the photograph's norm is enough, but only in the
# one direction that the gradient points to: noise of the same size does nothing at all. And a fooling image that
# stops just across the border is fragile: moved by a single pixel, it is an espresso again.

# %% [markdown] question="Q35"

# %% [markdown]
# ## 3. Class visualisation
#
# Now start from grey noise instead of a photograph. What does the network want to see in order to say *volcano*?
# Simonyan et al. (2014, section 2) maximise the score with a penalty on the image's energy, here measured from middle
# grey:
#
# $$ \max_I \; s_y(I) - \lambda \lVert I - \tfrac12 \rVert_2^2 . $$
#
# Climbing alone does not do: this is the fooling image of a volcano made of noise.

# %%
grey = ascent.noise(1, 224, torch.Generator().manual_seed(0)).to(device)
volcano = model.category_index("volcano")
noise_volcano, noise_steps = make_fooling_image(model, grey[0], volcano, lr=0.5, max_steps=30)
print(f"{noise_steps} steps")
plots.show_classes(model, [noise_volcano], [volcano], function="make_fooling_image")

# %% [markdown]
# The network says *volcano* and we see nothing. **Regularisers** keep the ascent among images that look natural
# (Yosinski et al. 2015; Mordvintsev et al. 2015; Olah et al. 2017). Each takes one line, and all are written for you:
#
# * **jitter** against patterns that work at one position only: `jittered, shift = ascent.jitter(images, 16, generator)`
#   before the gradient, `ascent.undo_jitter(jittered, shift)` after the step;
# * **natural direction** against speckles: step along `ascent.natural_direction(gradients)`, of norm 1, which favours
#   the large shapes and the colours of photographs, instead of `gradients / gradients.norm()`;
# * **clamp** against pixels that do not exist: `images.clamp(0, 1)`;
# * **blur** against sharp patterns that no step takes back: `ascent.gaussian_blur(images, 0.7)` after every 4th step;
# * **growth** against details before there is a shape: from 96 over 160 to 224 pixels a side, done by the cell below.
#
# Complete `class_visualisation`. Each of the `steps`: jitter; gradient of the sum of $s_y(I) - \lambda\lVert I -
# \frac12\rVert^2$ over the batch; a step of length `lr` in the natural direction; clamp; undo the jitter; blur if it
# is the fourth step, the eighth, …; and `live.update(images)` to see how it comes along.


# %% key="class_images"
def class_visualisation(model, images, targets, steps, lr, decay, generator, live):
    """Climb from images (K, 3, S, S) towards the classes targets (K,); returns images (K, 3, S, S) in [0, 1]."""
    class_images = None
    # BEGIN SOLUTION
    class_images = images
    for step in range(1, steps + 1):
        jittered, shift = ascent.jitter(class_images.detach(), 16, generator)
        jittered.requires_grad_()
        scores = model(jittered).gather(1, targets[:, None])  # (K, 1)
        objective = scores.sum() - decay * (jittered - 0.5).square().sum()
        (gradients,) = torch.autograd.grad(objective, jittered)
        jittered = (jittered.detach() + lr * ascent.natural_direction(gradients)).clamp(0, 1)
        class_images = ascent.undo_jitter(jittered, shift)
        if step % 4 == 0:
            class_images = ascent.gaussian_blur(class_images, 0.7)
        live.update(class_images)
    # END SOLUTION
    return class_images


# %% [markdown]
# The next cell calls your function once for each size; `lr = size / 16` lets a pixel move equally far at every size.
# Watch the shapes come out of the noise.

# %%
class_names = ["volcano", "jellyfish", "daisy", "stingray"]
class_targets = torch.tensor([model.category_index(name) for name in class_names], device=device)
sizes, steps_each, decay = [96, 160, 224], 40, 0.002


def visualise(sizes, decay, live, seed=1):
    generator = torch.Generator().manual_seed(seed)
    start = ascent.noise(len(class_targets), sizes[0], generator).to(device)

    def ascend(images):
        lr = images.shape[-1] / 16
        return class_visualisation(model, images, class_targets, steps_each, lr, decay, generator, live)

    return ascent.grow(ascend, start, sizes)


# %%
with LiveImages(total=steps_each * len(sizes)) as live:
    class_images = visualise(sizes, decay, live)
hw.record("class_images", class_images)
hw.record("class_targets", class_targets)

# %%
plots.show_classes(model, class_images, class_targets)

# %%
plots.show_progress(live.shown, class_names)

# %% [markdown]
# **What we observed.** Here this small network gets surprisingly far: ash clouds over a cone with glowing lava, the
# bell of a jellyfish with its fringe of tentacles, white petals around a yellow disc, the spotted body of a stingray on
# sand. It does not get as far as a photograph: nothing is counted or put in its place, bodies grow into each other, and
# the background is a wallpaper of textures. Compare the scores under the pictures with those of real photographs:

# %%
with torch.no_grad():
    photo_scores = model(images).gather(1, labels[:, None])[:, 0]
for name, score in zip(names, photo_scores, strict=True):
    print(f"{name:12s} score of the right class {score:.1f}")

# %% [markdown]
# The pictures score higher than the photographs: they are exaggerations. They are also sensitive to the smallest
# things: a rounding error in the first step grows with every further one, so that another machine, or another seed in
# `visualise(..., seed=2)`, finds other pictures of the same kinds of parts.
#
# What does $\lambda$ do? Here is the same ascent at the smallest size, without the penalty and with a strong one.
# *Contrast* is the standard deviation of all pixels.

# %%
weights = [0.0, 0.5]
with LiveImages(total=steps_each * len(weights)) as live:
    by_weight = [visualise([96], weight, live) for weight in weights]

# %%
for weight, sheet in zip(weights, by_weight, strict=True):
    print(f"lambda = {weight:g}" + ("" if sheet is None else f", contrast {sheet.std():.3f}"))
    plots.show_classes(model, sheet, class_targets)

# %% [markdown] question="Q36"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
