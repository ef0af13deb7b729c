# %% [markdown]
# # Removing noise by adding noise
#
# A saliency map is exact, and still hard to read: it is made of dots, and next to a bright one lies a dark one. Is that
# noise in the map, or does the network really look at single pixels? **SmoothGrad** (Smilkov et al. 2017) answers
# with a simple experiment: disturb the picture a little, in many ways, and see which part of the map remains.
#
# 1. **Why maps are noisy:** how far does a gradient hold?
# 2. **SmoothGrad:** average over 500 noisy copies of each picture.
# 3. **Three knobs:** how much noise, how many samples, and an average of what?
# 4. **Is it better?** The maps against the masks of the food, and against the network itself.
#
# The network and the ten pictures are those of the other notebooks of this half. The two cells that compute 500
# samples show a progress bar; they are the slowest ones.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from tqdm.auto import tqdm

from helpers import comparison, food, food_plots, handin, scoring, smoothgrad_plots, smoothgrad_tables, tables
from helpers.gradients import batched_gradients
from helpers.integrated_gradients import integrated_gradients
from helpers.saliency import saliency
from helpers.smoothgrad import join, value_range

# %%
food_folder = None  # or the path of a real food-11 folder, to look at; hand in with None
hw = handin.notebook("03_smoothgrad")
model = food.load_model()
pictures = food.load_ten(food_folder).to(model.device)
images, labels = pictures.images, pictures.labels
food_plots.show_pictures(model, pictures)

# %% [markdown]
# ## 1. How far does a gradient hold?
#
# The gradient is the best *linear* description of the score, at one point. A network with ReLUs is made of a vast
# number of linear pieces, and at the border from one to the next the gradient jumps. The figure fades a fixed noise
# into a picture and follows the score, a few of its derivatives, and how much the whole gradient still resembles that
# of the undisturbed picture (the correlation of all its numbers: 1 is equal up to a factor, 0 has nothing in common).

# %%
looked_at = 0  # the mark of a picture, 0 to 9
generator = torch.Generator().manual_seed(0)
smoothgrad_plots.show_fluctuation(model, images[[looked_at]], labels[[looked_at]], generator)

# %% [markdown]
# **What to see.** The score is a smooth curve. Its derivatives are not: they move in little jumps, each time a unit
# somewhere in the network switches on or off, and do not come back. A noise of 5 %, which you would hardly mind, is
# enough to make the gradient another one. So the derivatives *at exactly this picture* are to a large part an accident
# of exactly these pixels, and a map of them shows the accident too.

# %% [markdown]
# ## 2. SmoothGrad
#
# Average over the accidents. Let $g(I) = \partial s_y / \partial I$ be the gradient of the score, and draw $n$ times a
# noise that is normal, independent in each pixel and channel, of mean 0 and standard deviation $\sigma$:
#
# $$ M_{ij} = \max_c\; \frac{1}{n} \sum_{k=1}^{n} \bigl| g(I + \epsilon_k) \bigr|_{c,i,j},
# \qquad \epsilon_k \sim \mathcal{N}(0, \sigma^2),
# \qquad \sigma = \text{noise level} \cdot (\max I - \min I). $$
#
# The paper recommends a noise level of 10 to 20 % and averages either the absolute values, as here, or the gradients
# with their signs; then the absolute value comes last:
#
# $$ M^{\pm}_{ij} = \max_c\; \Bigl| \frac{1}{n} \sum_{k=1}^{n} g(I + \epsilon_k)_{c,i,j} \Bigr| . $$
#
# Complete `smoothgrad`, which returns both from the same samples. `value_range(images)` is $\max I - \min I$ of each
# image, `(N,)`; `torch.randn(images.shape, generator=generator)` draws standard normal noise on the CPU, `.to(images)`
# brings it to the images; and `batched_gradients(model, noisy, targets)` is the gradient of each image's own score,
# `(N, 3, H, W)`: what you programmed for saliency, made fast. Wrap the loop in `tqdm(range(samples))` to see how it
# comes along. Do not clamp the noisy images, cutting off noise would change its mean; and do not rescale the maps.


# %% key="smoothgrad"
def smoothgrad(model, images, targets, noise_level, samples, generator):
    """Images (N, 3, H, W), targets (N,) -> maps of the absolute and of the signed mean, (N, H, W) each."""
    absolute_maps, signed_maps = None, None
    # BEGIN SOLUTION
    sigma = noise_level * value_range(images)[:, None, None, None]
    absolute, signed = torch.zeros_like(images), torch.zeros_like(images)
    for _ in tqdm(range(samples), leave=False):
        noisy = images + sigma * torch.randn(images.shape, generator=generator).to(images)
        gradients = batched_gradients(model, noisy, targets)
        absolute += gradients.abs()
        signed += gradients
    absolute_maps, signed_maps = (absolute / samples).amax(dim=1), (signed / samples).abs().amax(dim=1)
    # END SOLUTION
    return absolute_maps, signed_maps


# %% [markdown]
# A first check that costs nothing: without noise all samples are equal, and both maps must be the saliency map. The
# number is the largest difference; it should be zero up to rounding.

# %%
saliency_maps = saliency(model, images, labels)
for without_noise in smoothgrad(model, images, labels, 0.0, 2, generator):
    if without_noise is not None:
        print(f"largest difference from saliency: {float((without_noise - saliency_maps).abs().max()):.2g}")

# %% [markdown]
# Now 500 samples at a noise level of 15 %: 5000 times forwards and backwards through the network, in two cells.

# %%
noise_level, samples = 0.15, 500
first_half = smoothgrad(model, images[:5], labels[:5], noise_level, samples, torch.Generator().manual_seed(1))

# %%
second_half = smoothgrad(model, images[5:], labels[5:], noise_level, samples, torch.Generator().manual_seed(2))
smooth_maps, signed_maps = join(first_half, second_half)
hw.record("smoothgrad", smooth_maps)
hw.record("smoothgrad_signed", signed_maps)

# %%
by_average = {"saliency": saliency_maps, "SmoothGrad": smooth_maps, "signed mean": signed_maps}
food_plots.show_maps(model, images, labels, by_average)

# %% [markdown]
# How smooth is a map? Correlate it with itself, moved by three pixels: if values three pixels apart have nothing to do
# with each other, the correlation is near 0, and in a smooth map it is near 1. Image by image:

# %%
if smooth_maps is not None:
    likeness = {name: comparison.neighbour_correlation(values) for name, values in by_average.items()}
    tables.print_by_image(likeness)

# %% [markdown] question="Q10"

# %% [markdown]
# ## 3. Three knobs
#
# ### How much noise?
#
# Three pictures at six noise levels, with 30 samples each. First what the network is shown, then the maps. Put other
# marks into `chosen` to look at other pictures.

# %%
chosen, levels = [0, 3, 9], [0.0, 0.05, 0.1, 0.2, 0.3, 0.5]
some, their_labels = images[chosen], labels[chosen]
smoothgrad_plots.show_noisy(some, levels, chosen, torch.Generator().manual_seed(3))

# %%
by_level = {
    f"{level:.0%} noise": smoothgrad(model, some, their_labels, level, 30, torch.Generator().manual_seed(4))[0]
    for level in levels
}
smoothgrad_plots.show_columns(some, by_level, chosen)

# %% [markdown]
# What does the network say to the noisy copies? The table gives the mean probability of each picture's own class. A
# map that is averaged over copies which the network no longer recognises describes how the network reacts to noise.

# %%
probabilities = smoothgrad_tables.noisy_probabilities(model, images, labels, levels, torch.Generator().manual_seed(5))
smoothgrad_tables.print_noisy_probabilities(probabilities, levels)

# %% [markdown]
# **What we observed.** A level of 10 to 20 % was found with other networks. Ours is disturbed more easily: at 20 % it
# recognises the cherries (7) and the prawns (9), and no other picture, while you recognise all ten without trouble. Nor
# is that a good sign for the two: this network takes almost anything under strong noise for fruit or seafood. And yet
# the maps at 20 % still find the eggs. The score of *Egg* has fallen far, but it still hangs on them.

# %% [markdown] question="Q11"

# %% [markdown]
# ### How many samples, and an average of what?
#
# The mean of $n$ independent numbers varies with $1 / \sqrt{n}$. That is little comfort where the mean itself is much
# smaller than what it is taken of: gradients of both signs nearly cancel, their absolute values cannot. Here are both
# averages of 1, 5 and 50 samples; those of 500 you have.

# %%
counts = [1, 5, 50]
runs = [
    {n: smoothgrad(model, some, their_labels, noise_level, n, torch.Generator().manual_seed(seed)) for n in counts}
    for seed in (6, 7)
]
first_run = runs[0] | {500: (None, None) if smooth_maps is None else (smooth_maps[chosen], signed_maps[chosen])}

# %%
absolute_by_count = {f"n = {n}": both[0] for n, both in first_run.items()}
smoothgrad_plots.show_columns(some, absolute_by_count, chosen)

# %%
signed_by_count = {f"n = {n}, signed": both[1] for n, both in first_run.items()}
smoothgrad_plots.show_columns(some, signed_by_count, chosen)

# %% [markdown]
# If you ran the cells again with other noise, would you get the same picture? The table correlates the maps of two
# runs with different noise, pixel by pixel: 1 means equal up to a factor.

# %%
smoothgrad_tables.print_agreement(*runs)

# %% [markdown]
# ### Another sigma
#
# A program for this method that many courses have handed on computes its noise differently. It takes a parameter, 0.4
# in the homework that used it, **divides** it by the range of the image where the paper multiplies, and then hands the
# **square** of the quotient to a function that expects the standard deviation. For an image that uses the whole range
# from 0 to 1 the result is $0.4^2 = 0.16$, by accident a noise of 16 %. What if an image has less contrast? Here is
# one picture at full, half and a quarter of its contrast, with a noisy copy by either rule.

# %%
contrasts = torch.cat([0.5 + share * (images[[looked_at]] - 0.5) for share in (1, 0.5, 0.25)])
smoothgrad_plots.show_contrasts(contrasts, torch.Generator().manual_seed(8))
smoothgrad_tables.print_sigmas(contrasts, ["full contrast", "half", "a quarter"])

# %% [markdown]
# By the paper's rule the noise has the same strength *relative to the picture*. By the other rule, half the contrast
# means four times the noise: what is a hint of a disturbance in one picture is the end of another. Our ten pictures
# nearly all use the whole range, so that you would hardly notice the difference:

# %%
smoothgrad_tables.print_sigmas(images, [f"image {number}" for number in range(len(images))])

# %% [markdown]
# That program also differentiates the loss instead of the score, keeps the three channels of the gradient as colours
# instead of taking their maximum, and stretches each map to the range from 0 to 1, so that maps of different images
# cannot be compared.

# %% [markdown] question="Q12"

# %% [markdown]
# ## 4. Is it better?
#
# To the eye the maps are better. But an eye is easily pleased: a blurred photograph of the food would please it too.
# Two measurements that do not depend on taste:
#
# * **against the truth:** the share of the brightest 5 % of the pixels that lies on the food, compared with the food's
#   share of the picture, which is what chance would reach;
# * **against the network:** replace the brightest pixels first and follow the probability of the class
#   (*deletion*: the smaller the area under the curve, the better), or put them first into a blurred picture
#   (*insertion*: the larger, the better).
#
# The dotted line is chance. Two controls know nothing: one map is random, the other is bright in the middle whatever
# the picture. Integrated gradients have a notebook of their own.

# %%
attributions = integrated_gradients(model, images, labels, steps=16, progress=True)
methods = by_average | {
    "integrated gradients": attributions.abs().amax(dim=1),
    "random": scoring.random_maps(images, torch.Generator().manual_seed(9)),
    "middle": scoring.centre_maps(images),
}
methods = {name: values for name, values in methods.items() if values is not None}

# %%
masks = pictures.masks
scores = {name: scoring.score(model, images, labels, masks, values, steps=8) for name, values in tqdm(methods.items())}
food_plots.show_scores(scores, None if masks is None else scoring.mask_area(masks))

# %%
if smooth_maps is not None and masks is not None:
    tables.print_by_image({name: scores[name].inside for name in by_average} | {"area": scoring.mask_area(masks)})

# %% [markdown]
# **What we observed.** It depends on the picture. Of the eggs (0), the spaghetti (1) and the onion rings (3), nearly
# all of SmoothGrad's brightest pixels lie on the food; of the butter (5) next to none, and the network takes that
# picture for a dessert. The spot in the middle, which asks no network, comes close to the best methods: a high share is
# not an explanation yet. By deletion no method does better than the random map, for black dots ruin a picture for this
# network wherever they lie. It is insertion that tells maps from chance here.

# %% [markdown] question="Q13"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
