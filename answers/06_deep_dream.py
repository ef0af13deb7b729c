# %% [markdown]
# # Deep dream
#
# A filter can draw what it looks for out of noise. Deep dream lets it draw on a photograph instead: whatever a layer
# of the network finds there, however faintly, is strengthened, found again, and strengthened again (Mordvintsev, Olah
# & Tyka 2015). What comes out shows what the layer has learned, and is often beautiful.
#
# 1. **The dream:** from a photograph, by layer, by filter, by number of iterations.
# 2. **Three series:** the same layer and other filters; more iterations; deeper layers.
# 3. **Is it an explanation?** Where did the network paint, and does that say what it recognises?
#
# Our network knows eleven kinds of food and nothing else. It has never seen a house, a tree or the sky.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from tqdm.auto import tqdm

from helpers import deep_dream as dreams
from helpers import filter_plots, filter_tables, food_plots, handin, scoring
from helpers.food import load_model, load_ten
from helpers.live import LiveImages
from helpers.saliency import saliency

# %%
food_folder = None  # or the path of a real food-11 folder, to look at; hand in with None
hw = handin.notebook("06_deep_dream")
model = load_model()
pictures = load_ten(food_folder).to(model.device)
images, labels, masks = pictures.images, pictures.labels, pictures.masks
food_plots.show_pictures(model, pictures)

# %% [markdown]
# We dream on a Chinese palace, at 240 pixels of height. Any other photograph does as well: put the path of one of your
# own in place of the name (and "china" back before you hand in). Only `model.cnn` is asked, and convolutions take
# images of any size; the classifier behind it, which wants 128 x 128, is left out.

# %%
photo = dreams.load_photograph("china", height=240).to(model.device)  # (1, 3, 240, 360)
filter_plots.show_gallery(photo, ["photograph"], columns=1, size=4)

# %% [markdown]
# ## 1. The dream
#
# For filters $k$ of layer $l$, climb the mean activation $a$, as in the visualisation of filters, but from a photograph
# and in steps of a fixed length:
#
# $$ I \leftarrow \mathrm{clamp}_{[0,1]}\!\left( I + \eta\, \frac{P g}{\mathrm{rms}(P g)} \right), \qquad
# g = \frac{\partial a}{\partial I}, \qquad a(I) = \frac{1}{h w} \sum_{i,j} A^{(l)}_k(I)_{ij} . $$
#
# $\eta$ is the root mean square of the change of the pixels in one step, and $P$ is the smoothing of
# `ascent.natural_direction`, which prefers large soft shapes to speckles. Each step is taken on a copy of the image
# that is shifted by a random **jitter**, and shifted back afterwards. `dreams.climb` does all that.
#
# A filter draws patterns of the size of its receptive field, all over the photograph. For patterns of several sizes,
# dream on several sizes, the **octaves**: first on a small copy of the photograph, where a pattern covers much of it,
# then on larger ones. Enlarging the small dream would lose the sharpness of the photograph. So carry over only its
# **detail**, the difference between dream and photograph:
#
# 1. `small = dreams.resize(photo, size)` for each `size` of `sizes`, which are ordered from small to large;
# 2. climb from `small` plus the detail so far, resized to `size`, and clamped to [0, 1];
# 3. the new detail is what `climb` returned minus `small`. There is none before the first octave.


# %% key="deep_dream"
def deep_dream(photo, sizes, climb):
    """Dream on photo (N, 3, H, W), whose last size is (H, W); climb(images) returns images of the same shape."""
    dream = None
    # BEGIN SOLUTION
    detail = torch.zeros_like(photo)
    for size in sizes:
        small = dreams.resize(photo, size)
        dream = climb((small + dreams.resize(detail, size)).clamp(0, 1))
        detail = dream - small
    # END SOLUTION
    return dream


# %% [markdown]
# The cell below dreams with your function. Layer, filter, iterations for each octave and the number of octaves are
# yours to play with. Watch it grow: the picture jumps whenever a larger octave begins.


# %%
def dream_of(photo, layer, chosen, iterations=10, octaves=4, lr=0.02, seed=0):
    """Dreams on photo (1, 3, H, W), one for each filter of `chosen` (K,), or one of all filters for None."""
    count = 1 if chosen is None else len(chosen)
    sizes, generator = dreams.octave_sizes(photo.shape[2:], octaves), torch.Generator().manual_seed(seed)
    with LiveImages(total=iterations * octaves) as live:

        def climb(images):
            return dreams.climb(model, images, layer, chosen, iterations, lr, generator=generator, live=live)

        return deep_dream(photo.expand(count, -1, -1, -1), sizes, climb)


# %%
dream_layer, dream_filter = 34, torch.tensor([33], device=model.device)
dream = dream_of(photo, dream_layer, dream_filter)

# %%
filter_plots.show_gallery([dream], [f"dream of layer {dream_layer}, filter {int(dream_filter)}"], columns=1, size=7)

# %% [markdown]
# ## 2. Three series
#
# **Same layer, other filters.** Filters 0, 1 and 2 of layer 34, and one that you choose (any number below 128). Layer
# 34 is a convolution: behind a ReLU, a filter that finds nothing at all in the photograph would have no gradient.

# %% key="my_filter"
my_filter = 40

# %%
filter_layer = 34
chosen = torch.tensor([0, 1, 2, my_filter], device=model.device)
by_filter = dream_of(photo, filter_layer, chosen)
hw.record("by_filter", by_filter)
hw.record("filters", chosen)

# %%
filter_plots.show_gallery(by_filter, [f"layer {filter_layer}, filter {number}" for number in chosen.tolist()])

# %% [markdown]
# Does each filter like its own dream best? The table gives the mean activation of each filter (columns) in each dream
# (rows), above that in the photograph and in units of the standard deviation of its values on the ten pictures of food.

# %%
names = [f"dream of filter {number}" for number in chosen.tolist()]
filter_tables.print_dream_rises(model, photo, by_filter, names, filter_layer, chosen, images)

# %% [markdown]
# **More iterations.** Filter 0 for 1, 3, 8 and 20 iterations in each octave.

# %%
counts = [1, 3, 8, 20]
by_iterations = [dream_of(photo, filter_layer, chosen[:1], iterations=count) for count in counts]

# %%
names = [f"iterations: {count}" for count in counts]
filter_plots.show_gallery(by_iterations, names)
filter_tables.print_dream_rises(model, photo, by_iterations, names, filter_layer, chosen[:1], images)

# %% [markdown]
# **Deeper layers.** All filters of a layer at once: climb the mean *square* of the whole output,
# $\frac{1}{C h w} \sum_{k,i,j} \big(A^{(l)}_k(I)_{ij}\big)^2$. Whatever is strong already grows most, so that the
# photograph decides what becomes of each of its parts.

# %%
layers = [6, 15, 23, 36]
by_layer = [dream_of(photo, layer, None, iterations=6) for layer in layers]
hw.record("by_layer", by_layer)

# %%
filter_plots.show_gallery(by_layer, [f"layer {layer}" for layer in layers])

# %% [markdown]
# **What we observed.** The palace stays where it was; its surfaces, and even the empty sky, become something else. A
# single filter knows one pattern and draws it wherever the photograph gives it an opening; in the table it likes its
# own dream best, and most of the other dreams less than the photograph. The first iterations do most of the work: three
# of twenty reach more than half of the rise. Layers 6 and 15 thicken outlines and cover everything with short strokes,
# layer 23 draws long curves that flow around things, and layer 36 makes different things of different places: a field
# of stars of the sky, leaves and folds of the trees.

# %% [markdown] question="Q37"

# %% [markdown]
# ## 3. Is it an explanation?
#
# A short dream of the ten pictures, in two octaves, of all filters of layer 36, and under each picture where the dream
# changed it: the mean over channels of the absolute difference.

# %%
food_dreams = dreams.deep_dream(model, images, layers[-1], iterations=5, octaves=2, progress=True)
changes = (food_dreams - images).abs().mean(dim=1)  # (10, 128, 128)
numbers = [str(number) for number in range(len(images))]
filter_plots.show_gallery([*images, *food_dreams], [*numbers, *numbers], columns=10, size=1.25)

# %% [markdown]
# Is it where the food is? The changes are scored like any map: against the mask of the food (the brightest 5 % of the
# pixels, and the share of the sum), and against the network: *deletion* blackens the brightest pixels first and should
# make the probability of the class fall early, *insertion* puts them into a blurred picture and should make it rise
# early. The **saliency** of the class and a blurred spot in the **centre** of every picture compete. A dot is a
# picture, a bar the mean of the ten, the dotted line what chance would reach.

# %%
maps = {"dream": changes, "saliency": saliency(model, images, labels), "centre": scoring.centre_maps(images)}
food_plots.show_maps(model, images, labels, maps, masks=masks)
scores = {name: scoring.score(model, images, labels, masks, values, steps=8) for name, values in tqdm(maps.items())}
food_plots.show_scores(scores, None if masks is None else scoring.mask_area(masks))

# %% [markdown]
# **What we observed.** The dream has painted on everything: on plates, boards and cloths too. Of the pixels that it
# changed most, more lie on the food than by chance, but fewer than a spot in the centre would hit. A dream asks for no
# class. It shows what a layer knows and where it finds traces of it, not what decided the prediction.

# %% [markdown] question="Q38"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
