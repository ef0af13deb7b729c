# %% [markdown]
# # Saliency: which pixels does the classifier react to?
#
# A network names the food in a picture. Which pixels made it say so? The quickest answer costs one pass forwards and
# one backwards: differentiate what the network says **with respect to the picture**. In this notebook you
#
# 1. compute that gradient for two quantities, the **loss** and the **logit**, and see why they are not the same map;
# 2. turn three colour channels into one number a pixel, and see what the choice changes;
# 3. ask about classes that are *not* in the picture;
# 4. **score** the maps: against the exact outline of the food, and against the network itself.
#
# Run each cell with Shift+Enter, from top to bottom. Cells that are yours to complete say `YOUR CODE HERE`; until you
# have written them, the cells that follow say so and go on. Everything runs on a laptop without a GPU and internet.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from tqdm.auto import tqdm

from helpers import food_plots, handin, scoring, tables
from helpers.comparison import correlation
from helpers.food import load_model, load_ten
from helpers.gradients import batched_gradients
from helpers.integrated_gradients import integrated_gradients
from helpers.smoothgrad import smoothgrad

# %%
food_folder = None  # or the path of a real food-11 folder, to look at; hand in with None
hw = handin.notebook("02_saliency")
model = load_model()
pictures = load_ten(food_folder).to(model.device)
images, labels, masks = pictures.images, pictures.labels, pictures.masks
food_plots.show_pictures(model, pictures)

# %% [markdown]
# These ten pictures, marked 0 to 9, come back in every notebook of this half of the course. Each title is the true
# class, green where the network's first guess agrees with it. The pictures are rendered, not photographed, and so we
# know of every pixel whether it is food. (Set `food_folder` to the folder of a real food-11 to look at photographs
# instead; they have no masks, and the cells that need masks say so. Hand in the results of `food_folder = None`.)
#
# **An image is a float tensor `(N, 3, 128, 128)` of pixels in [0, 1].** The network is the course's own: eleven
# convolutions in five stacks (`model.cnn`), then two linear layers (`model.fc`) that put out eleven **logits**
# $s_0, \dots, s_{10}$, one for each class. The probabilities are their softmax, $p_k = e^{s_k} / \sum_j e^{s_j}$, and
# training minimised the **loss** $L = -\log p_y$ of the true class $y$.

# %% [markdown]
# ## 1. The gradient of the loss and of the logit
#
# Let $q(I)$ be a number that the network computes from the image $I$. If pixel value $I_{c,i,j}$ (channel $c$, row
# $i$, column $j$) changes by a little $\varepsilon$, then $q$ changes by about
# $\varepsilon \cdot \partial q / \partial I_{c,i,j}$. The **saliency map** keeps the size of this derivative and, of
# the three channels of a pixel, the largest (Simonyan, Vedaldi & Zisserman 2014, section 3):
#
# $$ M_{ij} = \max_c \left| \frac{\partial q}{\partial I_{c,i,j}} \right|. $$
#
# Two choices of $q$ are common: the loss $-\log p_y$, and the logit $s_y$. Complete both functions below. Each takes
# the logits of all images and returns one number an image: `logits.gather(1, labels[:, None])` picks $s_y$, and
# `torch.nn.functional.cross_entropy(..., reduction="none")` is the loss of each image on its own.


# %% key="scores"
def logit_of(logits, labels):
    """The logit of each image's own class: logits (N, 11), labels (N,) -> (N,)."""
    scores = None
    # BEGIN SOLUTION
    scores = logits.gather(1, labels[:, None])[:, 0]  # (N,)
    # END SOLUTION
    return scores


def loss_of(logits, labels):
    """The cross-entropy of each image: logits (N, 11), labels (N,) -> (N,)."""
    losses = None
    # BEGIN SOLUTION
    losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")  # (N,)
    # END SOLUTION
    return losses


# %% [markdown]
# Now the map itself. Switch on gradients for a copy of the images (`images.detach().requires_grad_()`), compute the
# logits, and ask `torch.autograd.grad` for the gradient of the **sum** of `score(logits, labels)` with respect to the
# images: the number of one image does not depend on the pixels of another, so the gradient of the sum holds all ten
# gradients at once. Then the absolute value, then the maximum over channels. Do not rescale.


# %% key="saliency"
def saliency(model, images, labels, score):
    """Saliency maps of score(logits, labels): images (N, 3, H, W), labels (N,) -> (N, H, W), not negative."""
    maps = None
    # BEGIN SOLUTION
    images = images.detach().requires_grad_()
    scores = score(model(images), labels)  # (N,)
    (gradients,) = torch.autograd.grad(scores.sum(), images)  # (N, 3, H, W)
    maps = gradients.abs().amax(dim=1)  # (N, H, W)
    # END SOLUTION
    return maps


# %%
loss_maps = saliency(model, images, labels, loss_of)
logit_maps = saliency(model, images, labels, logit_of)
hw.record("loss_saliency", loss_maps)
hw.record("logit_saliency", logit_maps)
rows = {"loss": loss_maps, "logit": logit_maps}
food_plots.show_maps(model, images, labels, rows)

# %% [markdown]
# Each map has a scale of its own here, its strongest pixels are the brightest; so you see *where*, but not *how much*.
# Below, all maps of a row share one scale.

# %%
food_plots.show_maps(model, images, labels, rows, shared=True)

# %%
numbers = [f"{n} {model.categories[label]}" for n, label in enumerate(labels.tolist())]
tables.print_logit_and_loss(model, images, labels, numbers)

# %% [markdown]
# Why do maps of the loss go dark? The chain rule says it. With $g_k = \partial s_k / \partial I$, the gradient of the
# logit of class $k$,
#
# $$ \frac{\partial L}{\partial I} = \sum_k p_k\, (g_k - g_y). $$
#
# Each other class $k$ contributes the *difference* of two gradients, weighted by its probability. If the network is
# confident, all $p_k$ with $k \ne y$ are next to nothing, and so is the sum: the loss is as small as it gets, and
# nothing that is done to a pixel changes that much. The logit has no such brake. If the network is wrong, the
# class that it prefers has the largest weight, and the map shows what separates that class from the right one.
#
# **What we observed.** The more probable the right class, the darker the map of the loss: its sum follows the
# probability closely, while the sums of the logit stay within one order of magnitude. So a dark map of the loss says
# that the network is *sure*, not that it ignores the picture. On its own scale, such a map still has a pattern; it
# shows the few alternatives that are left.

# %% [markdown] question="Q5"

# %% [markdown]
# The network was trained with the *mean* of the loss over a batch, which is the default of
# `torch.nn.functional.cross_entropy`. What does the mean do to the maps of ten images? Compare the largest values.

# %%
if loss_maps is not None:
    mean_maps = saliency(model, images, labels, lambda logits, labels: loss_of(logits, labels).mean())
    ratios = mean_maps.amax(dim=(1, 2)) / loss_maps.amax(dim=(1, 2))  # (10,)
    tables.print_by_image({"mean / sum": ratios})

# %% [markdown]
# ## 2. Three channels, one number
#
# A pixel is red, green and blue, so that its gradient has three entries. The maximum of their absolute values asks:
# how much can the logit change if *one* channel of this pixel changes? The mean asks about all three. What if the
# maximum is taken *without* the absolute value?

# %%
gradients = batched_gradients(model, images, labels)  # (10, 3, 128, 128), of the logit
red, green, blue = gradients.abs().unbind(dim=1)  # each (10, 128, 128)
reductions = {"maximum": gradients.abs().amax(dim=1), "mean": gradients.abs().mean(dim=1)}
food_plots.show_maps(model, images, labels, {"red": red, "green": green, "blue": blue} | reductions)

# %%
winners = gradients.abs().argmax(dim=1)  # (10, 128, 128): 0 red, 1 green, 2 blue
shares = {name: (winners == c).float().mean(dim=(1, 2)) for c, name in enumerate(("red", "green", "blue"))}
tables.print_by_image({f"{name} is largest": share for name, share in shares.items()})
unsigned, signed = reductions["maximum"], gradients.amax(dim=1)
tables.print_by_image(
    {
        "maximum and mean": correlation(unsigned, reductions["mean"]),
        "with and without absolute value": correlation(unsigned, signed),
    }
)

# %% [markdown]
# The first table counts, for each picture, at which share of the pixels a channel has the largest of the three
# derivatives. The numbers of the second one are correlations between two maps of the same picture: 1 means the same
# pattern, 0 nothing in common.

# %% [markdown] question="Q6"

# %% [markdown]
# ## 3. Other classes
#
# Nothing forces us to ask about the class in the picture. The second row below asks each picture for its **rival**: the
# class that is the most probable besides the true one. The third asks for the *difference* of the two logits, which is
# what the network's choice between them depends on.

# %%
with torch.no_grad():
    logits = model(images)
rivals = logits.scatter(1, labels[:, None], -torch.inf).argmax(dim=1)  # (10,)
for number, (label, rival) in enumerate(zip(labels.tolist(), rivals.tolist(), strict=True)):
    print(f"{number}   {model.categories[label]:16s} rival: {model.categories[rival]}")


# %%
def lead_of(logits, labels):
    """By how much the logit of the true class exceeds that of the rival: (N, 11), (N,) -> (N,)."""
    return logit_of(logits, labels) - logit_of(logits, rivals)


rival_maps, lead_maps = saliency(model, images, rivals, logit_of), saliency(model, images, labels, lead_of)
rows = {"true class": logit_maps, "rival": rival_maps, "difference": lead_maps, "loss": loss_maps}
food_plots.show_maps(model, images, labels, rows)

# %%
if logit_maps is not None and loss_maps is not None:
    alike = {"true class and rival": correlation(logit_maps, rival_maps)}
    alike["true class, this picture and the next"] = correlation(logit_maps, logit_maps.roll(-1, dims=0))
    alike["difference and true class"] = correlation(lead_maps, logit_maps)
    alike["difference and loss"] = correlation(lead_maps, loss_maps)
    tables.print_by_image(alike)

# %% [markdown]
# **What we observed.** The maps of two classes for the same picture are far more alike than maps of two pictures,
# though they answer different questions. All eleven logits are weighted sums of the same 256 features: a pixel that
# moves none of the features moves no logit, and what moves many of them shines in the map of every class. What is
# common to both drops out of the difference. Compare its map with that of the loss: of what is the gradient of the
# loss made, by the formula in section 1?

# %% [markdown] question="Q7"

# %% [markdown]
# ## 4. Scores
#
# ### Against the mask
#
# Looking at ten maps one believes many things. Here we know where the food is, so we can count. Complete
# `inside_share`: of the brightest 5 % of the pixels of each map (there are 16384 pixels, so 819), which share lies
# inside the mask? `maps.flatten(1).topk(819, dim=1).indices` finds them, and `masks.flatten(1).gather(1, indices)`
# looks them up.


# %% key="inside_share"
def inside_share(maps, masks):
    """Share of each map's brightest 5 % inside its mask: maps (N, H, W), masks (N, H, W) bool -> (N,) in [0, 1]."""
    shares = None
    # BEGIN SOLUTION
    count = round(0.05 * maps[0].numel())
    brightest = maps.flatten(1).topk(count, dim=1).indices  # (N, count)
    shares = masks.flatten(1).gather(1, brightest).float().mean(dim=1)  # (N,)
    # END SOLUTION
    return shares


# %%
inside = None
if masks is None:
    print("There are no masks: real photographs come without. Set food_folder = None above to score maps against them.")
elif logit_maps is not None:
    inside = inside_share(logit_maps, masks)
    food_plots.show_maps(model, images, labels, {"logit": logit_maps}, masks=masks)
hw.record("inside_share", inside)

# %% [markdown]
# A share means nothing without a comparison. A map that knows nothing has, on average, the share of the picture that
# the mask covers. And since cooks put food in the middle, a blurred spot in the **centre**, the same for every
# picture, does better than chance without having seen any picture at all. *Energy* is the share of the map's sum that
# lies inside.

# %%
generator = torch.Generator().manual_seed(0)
controls = {"centre": scoring.centre_maps(images), "random": scoring.random_maps(images, generator)}
if inside is not None:
    by_image = {"mask's area": scoring.mask_area(masks), "logit, brightest 5 %": inside}
    by_image["logit, energy"] = scoring.energy_inside(logit_maps, masks)
    by_image["centre, brightest 5 %"] = scoring.inside_share(controls["centre"], masks)
    tables.print_by_image(by_image)

# %% [markdown]
# A low share can have two reasons that the mask cannot tell apart: the *map* is noisy, or the *network* really looks
# at the table. For that we must ask the network. As we have the outline, we can show it the food alone, and the table
# alone; what is hidden is painted in the mean colour of the table.

# %%
if masks is not None:
    food_only, table_only = scoring.take_apart(images, masks)
    versions = {"whole": images, "food only": food_only, "table only": table_only}
    food_plots.show_versions(model, versions, labels)

# %% [markdown]
# Each number is the probability of the true class, on green where it is the network's first guess.
#
# **What we observed.** Plates, bowls and spoons count as the table here. Pictures 1 and 7 are as one would wish: the
# food alone says everything, and nothing is left without it. Picture 6 is *right for the wrong reason*: the soup alone
# is not enough for the network, and an empty bowl is soup all the same. (Even painted over, two fried eggs keep their
# outline, and that is enough for picture 0. No way of hiding a thing leaves a picture of nothing.) Which other picture
# is right because of its table, and which one would be right if it were not for the things around the food?

# %% [markdown] question="Q8"

# %% [markdown]
# ### Against the network
#
# **Deletion** blackens the pixels that the map calls important, the brightest first, and watches the probability of
# the class: with a good map it falls at once. **Insertion** goes the other way, from a blurred picture to the whole
# one, and should rise at once (Petsiuk, Das & Saenko 2018). The area under each curve is its score; no mask is needed.

# %%
maps = {"saliency, logit": logit_maps, "saliency, loss": loss_maps, **controls}
maps = {name: values for name, values in maps.items() if values is not None}
scores = {name: scoring.score(model, images, labels, masks, values) for name, values in tqdm(maps.items())}
drawn = {name: scores[name] for name in ("saliency, logit", "random") if name in scores}
deletions = {name: each.deleted for name, each in drawn.items()}
insertions = {name: each.inserted for name, each in drawn.items()}
food_plots.show_curves({"pixels deleted": deletions, "pixels inserted": insertions})

# %% [markdown]
# And how do other methods do? Here are two with few samples, so that you need not wait; each has a notebook of its
# own (and LIME its scores in the first). A dot is a picture, a bar the mean of the ten, the dotted line what chance
# would reach.

# %%
smooth_maps = smoothgrad(model, images, labels, samples=20, generator=generator, progress=True)
attributions = integrated_gradients(model, images, labels, steps=8, progress=True)  # (10, 3, 128, 128)
others = {"SmoothGrad": smooth_maps, "integrated gradients": attributions.abs().amax(dim=1)}
food_plots.show_maps(model, images, labels, others | maps, masks=masks)

# %%
of_others = {name: scoring.score(model, images, labels, masks, values) for name, values in tqdm(others.items())}
scores = of_others | scores
food_plots.show_scores(scores, None if masks is None else scoring.mask_area(masks))

# %% [markdown] question="Q9"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
