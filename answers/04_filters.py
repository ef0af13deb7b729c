# %% [markdown]
# # What do the filters look for?
#
# A convolutional network is a pile of filters. The first look at a few pixels, the last at nearly the whole picture;
# what they look for was never told them, they learned it. In this notebook you ask single filters two questions:
#
# 1. **Activation maps:** where in a picture does a filter find what it looks for?
# 2. **Visualisation:** which picture would excite it most, starting from a picture of food or from white noise?
#
# Both need the output of a layer in the middle of the network. PyTorch hands it out through a **forward hook**.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from tqdm.auto import tqdm

from helpers import ascent, filter_plots, filter_tables, food_plots, handin, scoring
from helpers.filters import activity, leaking
from helpers.food import load_model, load_ten
from helpers.live import LiveImages
from helpers.saliency import saliency

# %%
food_folder = None  # or the path of a real food-11 folder, to look at; hand in with None
hw = handin.notebook("04_filters")
model = load_model()
pictures = load_ten(food_folder).to(model.device)
images, labels, masks = pictures.images, pictures.labels, pictures.masks
food_plots.show_pictures(model, pictures)

# %% [markdown]
# The first half of the classifier, `model.cnn`, is a Sequential of 38 layers, counted from 0: units of convolution,
# batch normalisation and ReLU, and now and then a maximum over 2 x 2. We look at four of them. Layers 6, 23 and
# 34 are convolutions, so their values have both signs; layer 15 is a ReLU, whose values are never negative.
#
# One value of a layer's map depends on a square of the image only, its **receptive field**. A 3 x 3 convolution adds 2
# values to the side of the square, a maximum over 2 x 2 adds 1, *measured in the steps of the layer below*; and every
# maximum doubles the step. With side $r$ and step $d$, a layer with kernel $k$ and stride $s$ gives
#
# $$ r \leftarrow r + (k - 1)\, d, \qquad d \leftarrow d\, s, \qquad \text{starting from } r = d = 1 . $$

# %%
layers = [6, 15, 23, 34]
filter_tables.print_layers(model, layers)

# %% [markdown] question="Q14"

# %% [markdown]
# ## 1. Activation maps
#
# The **activation map** of filter $k$ in layer $l$ is one channel of that layer's output, $A^{(l)}_k(I) \in
# \mathbb{R}^{h \times w}$: one number for each place, high where the filter finds its pattern.
#
# A forward hook is a function that PyTorch calls when a layer is done. Complete `layer_output`:
#
# * write a function `hook(module, inputs, output)` that appends `output` to `outputs`, and then raises
#   `StopForward`, because nobody needs the layers behind;
# * put it on the layer: `handle = model.cnn[layer].register_forward_hook(hook)`;
# * call `model(images)` in a `try:` block, with `except StopForward: pass`;
# * take the hook off again in `finally:` with `handle.remove()`. A hook that is left behind stops every later forward.


# %%
class StopForward(Exception):
    """Raised by the hook to end the forward."""


# %% key="layer_output"
def layer_output(model, images, layer):
    """Output of a layer of model.cnn: images (N, 3, 128, 128) -> (N, C, h, w); gradients can flow through it."""
    outputs = []

    # BEGIN SOLUTION
    def hook(module, inputs, output):
        outputs.append(output)
        raise StopForward

    handle = model.cnn[layer].register_forward_hook(hook)
    try:
        model(images)
    except StopForward:
        pass
    finally:
        handle.remove()
    # END SOLUTION
    return outputs[0] if outputs else None


# %%
activations = {layer: layer_output(model, images, layer) for layer in layers}
for layer, maps in activations.items():
    hw.record(f"activations_{layer}", None if maps is None else maps[:, :3])

# %% [markdown]
# Filters 0, 1 and 2 of all four layers. Red is positive and blue negative; where nothing is negative, bright is high.
# All ten maps of a row share their colours, so they can be compared with each other.

# %%
filter_plots.show_activations(model, images, activations, 0)

# %%
filter_plots.show_activations(model, images, activations, 1)

# %%
filter_plots.show_activations(model, images, activations, 2)

# %% [markdown]
# Look at other filters as well: any number below 32 is a filter of all four layers.

# %% key="my_filter"
my_filter = 7

# %%
filter_plots.show_activations(model, images, activations, my_filter)

# %% [markdown]
# **What we observed.** Layer 6 redraws the picture: its edges, rims, threads and checks are still where they were. From
# layer to layer less of the picture and more of an answer is left, on fewer and fewer places; of layer 34 there are 64
# numbers for each filter. One filter is no detector of one food: filter 1 of layer 34 reacts to onion rings (3), to
# bread sticks (4) and to butter (5), and the network takes the bread sticks for fried food.

# %% [markdown] question="Q15"

# %% [markdown]
# What does it save to stop at the layer? The table compares with a whole forward of the ten pictures. Multiplications
# are counted, times are measured, here and now. (Most of the work is in the first layers, where the maps are large.)

# %%
filter_tables.print_stopping(model, images, layers)

# %% [markdown]
# ### Do the filters find the food?
#
# An activation map is computed without asking for any class, so it is no explanation of a prediction. But is it where
# the food is? The **activity** of a layer is the mean of the positive parts of all its maps, enlarged to the picture.
# It is scored against the mask of the food (the brightest 5 % of the pixels, and the share of the sum), and against
# the network: *deletion* blackens the brightest pixels first and should make the probability of the class fall early,
# *insertion* puts them into a blurred picture and should make it rise early. For comparison there are a method that
# does ask for the class, saliency, and a blurred spot in the **centre** of every picture, which has seen none of
# them. A dot is a picture, a bar the mean of the ten, the dotted line what chance would reach.

# %%
maps = {f"activity, layer {layer}": activity(model, images, layer) for layer in layers}
maps["saliency"] = saliency(model, images, labels)
maps["centre"] = scoring.centre_maps(images)
food_plots.show_maps(model, images, labels, maps, masks=masks)

# %%
scores = {name: scoring.score(model, images, labels, masks, values, steps=8) for name, values in tqdm(maps.items())}
food_plots.show_scores(scores, None if masks is None else scoring.mask_area(masks))

# %% [markdown]
# **What we observed.** Layers 6, 15 and 23 are busy with edges, and rims of plates, cutlery and cloths have as many of
# them as the food: their brightest pixels hit the food little more often than chance. Those of layer 34 hit it far more
# often, although nobody named a class, and even more often than the centre does. But not always: in picture 2 the
# brightest spot is not the yoghurt, it is the other bowl.

# %% [markdown]
# ## 2. Visualisation
#
# An activation map says *where*; it does not say *what*. So let the filter draw what it looks for: climb the mean
# of its map over all places (Erhan et al. 2009),
#
# $$ I^\ast = \arg\max_{I \in [0, 1]} \; a(I), \qquad a(I) = \frac{1}{h w} \sum_{i, j} A^{(l)}_k(I)_{ij} , $$
#
# from a start that is given. Complete `visualise`, for a batch in which each image has a filter of its own. As in every
# gradient ascent on images, regularisers keep the result from being mere speckles (they are in `helpers.ascent`).
# In each of the `steps`:
#
# * `images = images.detach().requires_grad_()`, then `jittered, _ = ascent.jitter(images, 8, generator)`;
# * `maps = layer_output(...)` of the jittered images; image $n$ wants filter `filters[n]` of it, which
#   `maps[range(len(maps)), filters]` gives for all at once;
# * the gradient of the **sum over images** of the mean over places with respect to `images` (`torch.autograd.grad`);
#   it comes back through the jitter, so it lies where the pixels lie;
# * a step of length `lr` along `ascent.natural_direction(gradients, 0.5)`, clamped to [0, 1]; the 0.5 smoothes only a
#   little, so that fine patterns stay fine;
# * blur with `ascent.gaussian_blur(images, 0.6)` if it is the fourth step, the eighth, …;
# * `live.update(images)` to see how it comes along.


# %% key="visualise"
def visualise(model, layer, filters, start, steps, lr, generator, live):
    """Climb from start (K, 3, S, S) towards filters (K,) of a layer; returns images (K, 3, S, S) in [0, 1]."""
    images = None
    # BEGIN SOLUTION
    images = start
    for step in range(1, steps + 1):
        images = images.detach().requires_grad_()
        jittered, _ = ascent.jitter(images, 8, generator)
        maps = layer_output(model, jittered, layer)  # (K, C, h, w)
        means = maps[range(len(maps)), filters].mean(dim=(1, 2))  # (K,)
        (gradients,) = torch.autograd.grad(means.sum(), images)
        images = (images.detach() + lr * ascent.natural_direction(gradients, 0.5)).clamp(0, 1)
        if step % 4 == 0:
            images = ascent.gaussian_blur(images, 0.6)
        live.update(images)
    # END SOLUTION
    return images


# %% [markdown]
# Filters 0, 1, 2 and yours, in all four layers, starting from picture 3. One thing is done for you around your
# function: a ReLU passes no gradient where its input is negative, and an image that silences all of them is stuck.
# `leaking` lets a tenth of the gradient through all the same, while the outputs stay what they are.

# %%
chosen = torch.tensor([0, 1, 2, my_filter], device=model.device)
steps = 30


def visualise_layers(start, seed=0):
    starts, generator = start.expand(len(chosen), -1, -1, -1), torch.Generator().manual_seed(seed)
    with LiveImages(total=steps * len(layers)) as live, leaking(model):
        return {layer: visualise(model, layer, chosen, starts, steps, 8.0, generator, live) for layer in layers}


# %%
picture = images[3:4]
from_picture = visualise_layers(picture)
hw.record("from_picture", list(from_picture.values()))
hw.record("filters", chosen)

# %%
filter_plots.show_visualisations(model, picture, from_picture, chosen)

# %% [markdown]
# The numbers above each picture are the mean activation of its filter, in the start and now. The table adds the largest
# one among the ten pictures, and the rise in standard deviations of the filter's values on them. The grader computes
# this rise anew and asks for 0.2, 0.4, 0.8 and 1.2 in the four layers, and for 0.1 of your own filter. (A few filters
# are content with the picture as it is, such as 4 of layer 23: if yours rises by less than 0.1, take another one.)

# %%
filter_tables.print_rises(model, picture, from_picture, chosen, images)

# %% [markdown]
# And now from white noise, where no food suggests anything:

# %%
noise = ascent.noise(1, 128, torch.Generator().manual_seed(0), spread=0.2).to(model.device)
from_noise = visualise_layers(noise)
hw.record("from_noise", list(from_noise.values()))

# %%
filter_plots.show_visualisations(model, noise, from_noise, chosen)

# %% [markdown]
# Do the filters see as much of it in any picture of food? Compare the two middle columns.

# %%
filter_tables.print_rises(model, noise, from_noise, chosen, images)

# %% [markdown]
# **What we observed.** Layer 6 is content with a colour and with edges in one direction. Layers 15 and 23 draw
# textures, each of one size and one direction: ripples, grains, weaves. Layer 34 makes *things* of such textures and
# sets them side by side: cones, folds, beads, eyes. The start decides where a pattern begins, and the filter which
# pattern it is: compare the columns of both figures. No picture of food excites any of these filters as much.

# %% [markdown] question="Q16"

# %% [markdown]
# ## 3. What gets coarser with depth, and why
#
# The square in a corner of each picture is the receptive field: one value of the layer's map sees no more than that.
# But how large is what a filter *needs* to see? Cut a visualisation into tiles and shuffle them. What is smaller than
# a tile survives; what is larger is torn to pieces. Above each picture stands what is left of the rise of the mean
# activation that the ascent had reached.

# %%
filter_plots.show_shuffled(model, noise, from_noise, chosen)

# %% [markdown]
# Tiles of 16 pixels leave layer 6 nine tenths of its rise, and layer 34 about six tenths. Three things grow together
# with depth: the receptive field, from 7 pixels to 106 of 128; the step between two places of the map,
# from 1 pixel to 16, so that the activation maps get coarser; and what is combined. A filter of layer 6 combines three
# layers of edges and colours, a filter of layer 34 combines eleven.

# %% [markdown] question="Q17"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
