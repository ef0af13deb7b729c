# %% [markdown]
# # An explanation that adds up
#
# A gradient says how the score *would* react to a small change. It does not say what the score is *made of*: a pixel
# may matter much and have a gradient of zero, because the network is so sure already that a little more or less of
# it makes no difference. **Integrated gradients** (Sundararajan, Taly & Yan 2017) ask another question: of all the
# score that this picture has and an empty picture has not, how much is due to which pixel? The answers add up, and you
# will check that they do.
#
# 1. **The path** from an empty picture to this one, and what the network says on the way.
# 2. **Integrated gradients**, and completeness as a number.
# 3. **Steps:** how exactly must one integrate, and by which rule?
# 4. **Baselines:** what is an empty picture?
# 5. **The missing factor:** what a widespread program leaves out, and what that breaks.
# 6. **Is it better?** The maps against the masks of the food, and against the network itself.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from tqdm.auto import tqdm

from helpers import attribution_plots, attribution_tables, food, food_plots, handin, scoring, tables
from helpers.gradients import batched_gradients
from helpers.integrated_gradients import make_baselines, path_gradients, quadrature
from helpers.saliency import saliency
from helpers.smoothgrad import smoothgrad

# %%
food_folder = None  # or the path of a real food-11 folder, to look at; hand in with None
hw = handin.notebook("05_integrated_gradients")
model = food.load_model()
pictures = food.load_ten(food_folder).to(model.device)
images, labels = pictures.images, pictures.labels
food_plots.show_pictures(model, pictures)

# %% [markdown]
# ## 1. The path
#
# Let $x$ be a picture and $x'$ another one that stands for "nothing there", the **baseline**. The straight path leads
# from one to the other:
#
# $$ x_\alpha = x' + \alpha\,(x - x'), \qquad 0 \le \alpha \le 1 . $$
#
# From a black baseline the light is slowly turned up; from a blurred one, the picture comes into focus. Under each
# picture stands the probability of the right class.

# %%
looked_at = 0  # the mark of a picture, 0 to 9
image, label = images[[looked_at]], labels[[looked_at]]
kinds = ["black", "white", "blurred", "mean"]
starts = {kind: make_baselines(kind, image) for kind in kinds}
attribution_plots.show_path(model, image, label, starts, [0, 0.1, 0.2, 0.4, 0.6, 0.8, 1])

# %% [markdown]
# **What to see.** The way is not even. From black, the network knows the eggs with less than half their light as well
# as with all of it. On the rest of the path hardly anything happens to the probability: its gradient at the picture
# itself says next to nothing, although much mattered on the way there.
#
# On a path the score depends on one number only, on $\alpha$. Its derivative is, by the chain rule,
#
# $$ \frac{d}{d\alpha} f(x_\alpha) = \sum_p (x - x')_p \, \frac{\partial f(x_\alpha)}{\partial x_p}, $$
#
# and the integral of a derivative is a difference: $f(x) - f(x') = \int_0^1 \frac{d}{d\alpha} f(x_\alpha)\,d\alpha$.
# Exchange the sum and the integral, and every pixel has its own share.

# %%
along = attribution_plots.along_path(model, image, label, starts["black"])
attribution_plots.show_rules(*along, 8, f"image {looked_at}")

# %% [markdown]
# On the left the score on the way from black. The other two panels show its slope, and the values that the two rules
# of section 3 read off it (red dots), each multiplied by the width of its bar; the number in the title is the area of
# the bars, which should be the height that the score gains on the left.

# %% [markdown]
# ## 2. Integrated gradients
#
# $$ \mathrm{IG}_p = (x - x')_p \int_0^1 \frac{\partial f(x_\alpha)}{\partial x_p}\, d\alpha
# \;\approx\; (x - x')_p \sum_{k=1}^{m} w_k\, \frac{\partial f(x_{\alpha_k})}{\partial x_p} . $$
#
# `quadrature(rule, steps)` gives the positions $\alpha_k$ and weights $w_k$, two lists of numbers. Complete
# `integrated_gradients`: add up the weighted gradients at the positions, and multiply by the difference of picture and
# baseline at the end. `batched_gradients(model, points, targets)` is the gradient of each image's own score,
# `(N, 3, H, W)`. There is no absolute value anywhere: the sign says whether a pixel speaks for the class or against it.


# %% key="integrated_gradients"
def integrated_gradients(model, images, targets, baselines, steps=32, rule="gauss_legendre"):
    """Attributions (N, 3, H, W) of images (N, 3, H, W) for targets (N,), on the path from baselines (N, 3, H, W)."""
    attributions = None
    # BEGIN SOLUTION
    gradients = torch.zeros_like(images)
    for position, weight in tqdm(list(zip(*quadrature(rule, steps), strict=True)), leave=False):
        points = baselines + position * (images - baselines)
        gradients += weight * batched_gradients(model, points, targets)
    attributions = (images - baselines) * gradients
    # END SOLUTION
    return attributions


# %%
black = make_baselines("black", images)
from_black = integrated_gradients(model, images, labels, black)
hw.record("integrated_gradients", from_black)

# %% [markdown]
# A map needs one value a pixel: the three channels are *added*, because contributions add up. Red speaks for the
# class, blue against it.

# %%
maps_from_black = None if from_black is None else from_black.sum(dim=1)  # (10, 128, 128)
saliency_maps = saliency(model, images, labels)
by_method = {"saliency": saliency_maps, "integrated gradients": maps_from_black}
food_plots.show_maps(model, images, labels, by_method, masks=pictures.masks)

# %% [markdown]
# **Completeness.** All attributions of a picture together are what its score exceeds that of the baseline by. The
# columns are the ten pictures.

# %%
attribution_tables.print_completeness(model, images, labels, black, {"sum of attributions": from_black})

# %% [markdown]
# Do you know any other method in this course whose numbers have a unit? These are units of the score. The equation is
# also a test of your program: a missing factor, a wrong target or a path that ends too early shows at once.

# %% [markdown]
# ## 3. Steps and rules
#
# An integral is approximated by a sum. The **left Riemann sum** takes the gradient at $0, \frac1m, \frac2m, \ldots$
# with equal weights. The **Gauss-Legendre** rule chooses positions and weights so that polynomials up to degree
# $2m - 1$ are integrated exactly. It never asks at the ends of the path, and costs the same.

# %%
by_rule = {}
for rule in ("left", "gauss_legendre"):
    for steps in (4, 8, 32):
        by_rule[f"{rule}, {steps}"] = integrated_gradients(model, images, labels, black, steps, rule)
attribution_tables.print_completeness(model, images, labels, black, by_rule)

# %% [markdown]
# The last column is the mean distance from the truth, in units of the score. For a smooth function Gauss-Legendre
# would win by orders of magnitude. A network with ReLUs is not smooth: along the path its slope jumps wherever a unit
# switches on or off.

# %% [markdown] question="Q18"

# %% [markdown]
# ## 4. Baselines
#
# The baseline is a choice, and there is no neutral one. The explanation answers the question "why this score *rather
# than that of the baseline*?", so another baseline is another question. For the network none of them is empty: the
# table says what it thinks of each, the probability of the picture's own class and the class that it prefers.

# %%
attribution_tables.print_baselines(model, images, labels)

# %%
from_kind = {"black": from_black}
for kind in kinds[1:]:
    from_kind[kind] = integrated_gradients(model, images, labels, make_baselines(kind, images))
hw.record("integrated_gradients_blurred", from_kind["blurred"])

# %%
chosen = [0, 7, 9]  # marks of pictures
some = {kind: None if values is None else values[chosen] for kind, values in from_kind.items()}
attribution_plots.show_baselines(images[chosen], labels[chosen], model, some, chosen)

# %% [markdown]
# Above each map is its baseline, with the probability that the network gives it for the class. Look at dark and at
# bright parts of the pictures: the factor $(x - x')_p$ is zero where a pixel equals its baseline. The dark plate
# under the prawns (9) is given next to nothing from the black baseline, and a good deal from the white one.
#
# The baseline is *flexible*: any image of the same size will do, another dish too. Which one is best? The one whose
# question you want to have answered.
#
# The table gives the share of the attribution that falls on the darkest fifth of each picture's pixels:

# %%
if from_black is not None:
    dark = {kind: attribution_tables.dark_share(values, images) for kind, values in from_kind.items()}
    tables.print_by_image(dark)

# %% [markdown] question="Q19"

# %% [markdown]
# ## 5. The missing factor
#
# A program for this method that many courses have handed on takes 10 steps of the left Riemann sum from a black
# baseline, and stops before the last step: it returns the mean gradient on the path, *without* the factor
# $(x - x')$. Here is what it computes, with and without the factor.

# %%
gradients = path_gradients(model, images, labels, black, steps=10, rule="left", progress=True)
both = {"without factor, 10 left steps": gradients, "with factor, 10 left steps": images * gradients}
attribution_tables.print_completeness(model, images, labels, black, both | {"yours, 32 steps": from_black})

# %%
no_factor = {"without factor": gradients.sum(dim=1), "with factor": (images * gradients).sum(dim=1)}
food_plots.show_maps(model, images, labels, no_factor, masks=pictures.masks)
without, with_factor = (attribution_tables.dark_share(values, images) for values in both.values())
tables.print_by_image({"darkest fifth, without factor": without, "darkest fifth, with factor": with_factor})

# %% [markdown]
# **What it breaks.** The numbers without the factor are mean *sensitivities*, in units of score per unit of pixel
# value. They do not add up to anything: their sum may have the wrong sign. And a pixel that is the same in picture and
# baseline, which therefore cannot have changed the score, is given a share all the same. What remains is a saliency
# map that is averaged along a path towards black, a cousin of SmoothGrad, and it should be called that.

# %% [markdown] question="Q20"

# %% [markdown]
# ## 6. Is it better?
#
# As in the other notebooks: the share of the brightest 5 % of the pixels inside the mask of the food (and of the whole
# map's energy), beside the mask's area, which is chance; and the areas under the curves of deletion and insertion.
# What speaks *against* the class counts as nothing here. SmoothGrad has 20 samples, to be quick.

# %%
averaged = smoothgrad(model, images, labels, samples=20, generator=torch.Generator().manual_seed(0), progress=True)
methods = {
    "integrated gradients": maps_from_black,
    "from a blurred baseline": None if from_black is None else from_kind["blurred"].sum(dim=1),
    "without factor": gradients.sum(dim=1),
    "saliency": saliency_maps,
    "SmoothGrad": averaged,
    "random": scoring.random_maps(images, torch.Generator().manual_seed(1)),
    "middle": scoring.centre_maps(images),
}
methods = {name: values for name, values in methods.items() if values is not None}

# %%
masks = pictures.masks
scores = {name: scoring.score(model, images, labels, masks, values, steps=8) for name, values in tqdm(methods.items())}
food_plots.show_scores(scores, None if masks is None else scoring.mask_area(masks))

# %% [markdown]
# Mind the home advantage: deletion replaces pixels by black, which is just what integrated gradients from black take
# for "nothing there", and insertion begins with the blurred picture.
#
# **What we observed.** All methods find the food more often than chance does, and by this measure integrated gradients
# are no better than SmoothGrad, nor is SmoothGrad better than a spot in the middle. The baseline matters as much as the
# method: put into the blurred picture first, the pixels from the *blurred* baseline lead the network to the class much
# sooner than those from *black*, which do no better than random ones. Deletion tells little here: black dots strewn at
# random ruin a picture for this network about as fast as chosen ones. What integrated gradients have, and no other row,
# is not a higher score. It is the sum, and with it an answer of which one can say what was asked.

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
