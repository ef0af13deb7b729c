# %% [markdown]
# # LIME: which parts of a picture speak for a class?
#
# A network says *Soup*. Cover the bowl and ask again; cover the spoon and ask again. **LIME** (Ribeiro, Singh &
# Guestrin 2016) does this a thousand times, with random parts covered, and sums up the answers in one number for each
# part of the picture. It needs nothing of the network but its answers: no gradients, no layers. In this notebook you
#
# 1. meet the network, the eleven classes, and the ten pictures that all notebooks of this half look at;
# 2. cut pictures into **superpixels**, the parts that are covered and uncovered;
# 3. program LIME: cover, ask, fit a straight line;
# 4. ask whether it shows *why* the network errs, and how far its answers depend on chance and on settings;
# 5. **score** the maps, against the exact outline of the food and against the network itself;
# 6. catch a network that is **right for the wrong reason**.
#
# Run each cell with Shift+Enter, from top to bottom. Cells that are yours to complete say `YOUR CODE HERE`; until you
# have written them, the cells that follow say so and go on. Everything runs on a laptop without a GPU and internet.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import torch
from skimage.segmentation import slic
from tqdm.auto import tqdm

from helpers import comparison, food_plots, handin, lime_plots, scoring, shortcut, smoothgrad, tables
from helpers.food import CLASSES, confusion_matrix, load_model, load_pictures, load_ten, twins
from helpers.integrated_gradients import integrated_gradients
from helpers.lime_explanation import ask, draw_switches, lime_explanation, paint, proximity
from helpers.saliency import saliency
from helpers.superpixels import mean_colours, purity, segment_counts, slic_segments

# %%
food_folder = None  # or the path of a real food-11 folder, to look at; hand in with None
hw = handin.notebook("01_lime")
model = load_model()
pictures = load_ten(food_folder).to(model.device)
images, labels, masks = pictures.images, pictures.labels, pictures.masks
food_plots.show_pictures(model, pictures)

# %% [markdown]
# These are the ten pictures, marked 0 to 9. Each title is the true class, green where the network's first guess agrees
# with it; the bars are its three best guesses. The pictures are rendered, not photographed, and so we know of every
# pixel whether it is food. (Set `food_folder` to the folder of a real food-11 to look at photographs instead; they have
# no masks, and the cells that need masks say so. Hand in the results of `food_folder = None`.)
#
# **An image is a float tensor `(N, 3, 128, 128)` of pixels in [0, 1].** The network, `model`, is the course's own:
# eleven convolutions and two linear layers that put out eleven **logits**, whose softmax are the probabilities.

# %% [markdown]
# ## 1. Which classes does the network know?
#
# The **confusion matrix** answers for pictures that the network never saw in training: a row for each true class, a
# column for each answer. On the diagonal it is right; elsewhere it takes the row's class for the column's.

# %%
evaluation = load_pictures(food_folder).to(model.device)
confusion = confusion_matrix(model, evaluation)
food_plots.show_confusion(confusion, CLASSES)

# %%
correct, shown, answered = confusion.diagonal(), confusion.sum(dim=1), confusion.sum(dim=0)
for name, hits, row, column in zip(CLASSES, correct.tolist(), shown.tolist(), answered.tolist(), strict=True):
    print(f"{name:16s} found {hits:3d} of {row:3d}     right in {hits:3d} of {column:3d} answers")

# %% [markdown]
# Read it in both directions. A class can be found always because the network *says* it too often: then its column is
# full as well. Which two classes are confused most? Keep them in mind until section 4.

# %% [markdown]
# ## 2. Superpixels
#
# Covering single pixels would change nothing: a picture has 16384 of them. **SLIC** (Achanta et al. 2012) cuts it into
# *superpixels*, patches of similar colour. It places centres on a grid and assigns each pixel to the centre with the
# least distance in colour and place,
#
# $$ d^2 = d_\text{colour}^2 + \left( \text{compactness} \cdot \frac{d_\text{place}}{S} \right)^2, $$
#
# where $S$ is the step of the grid; it moves each centre to the mean of its pixels and starts again, ten times over.
# `n_segments` is how many centres there are, `compactness` how much nearness counts against likeness, and `sigma` how
# much the picture is blurred beforehand.
#
# Complete `superpixels` with `slic` of scikit-image. It takes a picture as an array `(H, W, 3)`:
# `image.double().permute(1, 2, 0).cpu().numpy()`. Pass `n_segments`, `compactness`, `sigma=1` and `start_label=0`, and
# return the result as an int64 tensor (`torch.from_numpy(...).long()`). The last option matters: by default `slic`
# counts from 1, while LIME takes the number of a superpixel for the number of its switch, and one would stay on for
# ever.


# %% key="superpixels"
def superpixels(image, count=200, compactness=1.0):
    """The superpixels of one image (3, H, W): their numbers, from 0, as an int64 tensor (H, W)."""
    numbers = None
    # BEGIN SOLUTION
    pixels = image.double().permute(1, 2, 0).cpu().numpy()  # (H, W, 3)
    segments = slic(pixels, n_segments=count, compactness=compactness, sigma=1, start_label=0)
    numbers = torch.from_numpy(segments).long()
    # END SOLUTION
    return numbers


# %%
own_segments = [superpixels(image) for image in images]
hw.record("segments", own_segments)

# %% [markdown]
# From here on, `slic_segments` of the helpers does the same for all pictures at once. First: how many? Put other marks
# into `chosen` to look at other pictures.

# %%
chosen = [0, 3, 8]  # marks of pictures, 0 to 9
some, their_labels = images[chosen], labels[chosen]
by_count = {f"{count} asked for": slic_segments(some, count) for count in (25, 50, 100, 200)}
lime_plots.show_segments(some, by_count, chosen)

# %% [markdown]
# Of 200 superpixels that were asked for little more than half come out. With a small compactness, the pixels that are
# assigned to a centre lie scattered wherever the colour is right. In the end each superpixel has to be connected:
# pieces that are too small are given to a neighbour, and centres whose pieces are all small disappear. A larger
# compactness keeps the pixels together:

# %%
by_compactness = {f"compactness {value:g}": slic_segments(some, 200, value) for value in (0.1, 1.0, 10.0, 100.0)}
lime_plots.show_segments(some, by_compactness, chosen)

# %%
segments = slic_segments(images)  # 200 asked for, compactness 1, as everywhere below
squares = slic_segments(images, 200, 10.0)
counts, square_counts = (torch.tensor(segment_counts(each)).float() for each in (segments, squares))
tables.print_by_image({"compactness 1": counts, "compactness 10": square_counts})

# %% [markdown]
# LIME can only say something about whole superpixels, so a superpixel that is half food and half table is a loss. The
# table says how many of the pixels could be told right, food or not, if each superpixel were painted as a whole.

# %%
if masks is not None:
    few = slic_segments(images, 25)
    cuts = {"25 asked for": few, "200 asked for": segments, "200, compactness 10": squares}
    tables.print_by_image({name: purity(cut, masks) for name, cut in cuts.items()})

# %% [markdown]
# ## 3. LIME
#
# ### Cover
#
# A picture with $K$ superpixels is covered by $K$ switches, $z \in \{0, 1\}^K$. Where a switch is 1 the superpixel is
# seen, where it is 0 it is hidden: all its pixels show their mean colour. (That is what the package `lime` does by
# default; its option `hide_color` takes another colour, and section 4 tries black and white.) Complete `switch_off`,
# which makes many copies at once. `hidden` is the picture with *every* superpixel hidden. `switches[:, segments]` looks
# up the switch of each pixel, `(S, H, W)`; mix image and `hidden` by it, with a dimension for the channels in the right
# place.


# %% key="switch_off"
def switch_off(image, segments, switches, hidden):
    """Image, hidden (3, H, W), numbers (H, W), switches (S, K) -> (S, 3, H, W), as `hidden` where the switch is 0."""
    copies = None
    # BEGIN SOLUTION
    visible = switches[:, segments][:, None]  # (S, 1, H, W)
    copies = torch.where(visible == 1, image, hidden)  # (S, 3, H, W)
    # END SOLUTION
    return copies


# %% [markdown]
# `draw_switches` draws each switch with probability 1/2, except in the first row, where all are on. It is what the
# package `lime` draws with the same seed.


# %%
hidden = mean_colours(images, segments)  # (10, 3, 128, 128)


def first_copies(number, samples=8, seed=0):
    single = segments[number]
    switches = draw_switches(samples, int(single.max()) + 1, seed).to(single.device)
    return switch_off(images[number], single, switches, hidden[number])


copies = [first_copies(number) for number in range(len(images))]
hw.record("switched_off", [None if each is None else each[1] for each in copies])
lime_plots.show_switched_off(model, copies[0], int(labels[0]))

# %% [markdown]
# ### Fit
#
# Let $f(z)$ be the probability of the class for the copy with switches $z$. LIME describes $f$ near the whole picture
# by a straight line, $f(z) \approx b + \sum_k w_k z_k$, and $w_k$ is the answer: by how much does superpixel $k$ raise
# the probability? The weights minimise
#
# $$ \sum_{i=1}^{n} \pi_i \Bigl( f(z_i) - b - w \cdot z_i \Bigr)^2 + \alpha \lVert w \rVert^2,
# \qquad \pi_i = e^{-d_i^2 / (2 \cdot 0.25^2)}, $$
#
# a *weighted ridge regression*. The proximity $\pi_i$ makes copies count more that are nearer to the whole picture
# ($d$ is 1 minus the cosine between $z_i$ and a row of ones), and $\alpha = 1$ keeps weights small of which the copies
# say little. For given weights, the best $b$ makes the weighted mean of the errors zero; so subtract the weighted means
# first, and solve for $w$ alone:
#
# $$ \bar z = \frac{\sum_i \pi_i z_i}{\sum_i \pi_i}, \quad \bar f = \frac{\sum_i \pi_i f_i}{\sum_i \pi_i}, \qquad
# \Bigl( \sum_i \pi_i (z_i - \bar z)(z_i - \bar z)^\top + \alpha\, \mathbb{1} \Bigr)\, w
# = \sum_i \pi_i (z_i - \bar z)(f_i - \bar f). $$
#
# Complete `fit_line`. With $Z$ as the matrix of rows $z_i - \bar z$, the left side is `Z.T @ (nearness[:, None] * Z)`
# plus `penalty * torch.eye(K)`, and `torch.linalg.solve(matrix, vector)` finds $w$. All inputs are float64.


# %% key="fit_line"
def fit_line(switches, values, nearness, penalty=1.0):
    """Switches (n, K), probabilities (n,) and proximities (n,) -> the weight of each superpixel (K,)."""
    weights = None
    # BEGIN SOLUTION
    shares = nearness / nearness.sum()
    z = switches - shares @ switches  # (n, K)
    f = values - shares @ values  # (n,)
    matrix = z.T @ (nearness[:, None] * z) + penalty * torch.eye(z.shape[1], dtype=z.dtype)  # (K, K)
    weights = torch.linalg.solve(matrix, z.T @ (nearness * f))
    # END SOLUTION
    return weights


# %% [markdown]
# How near are the copies? With half of the switches off, they are all about equally far away:

# %%
switches = draw_switches(1000, 100, seed=0)
nearness = proximity(switches)  # (1000,)
low, middle, high = nearness[1:].quantile(torch.tensor([0.0, 0.5, 1.0], dtype=nearness.dtype)).tolist()
print(f"proximity of the 999 copies: from {low:.2f} to {high:.2f}, in the middle {middle:.2f}; of the picture itself 1")

# %% [markdown]
# Now all together: draw, cover, ask, fit. `ask` collects the probabilities, a few copies at a time.


# %%
def lime(image, target, segments, hidden, samples=1000, seed=0):
    """Your LIME for one image (3, H, W): the weights (K,), or None while a function is unwritten."""
    switches = draw_switches(samples, int(segments.max()) + 1, seed)
    batches = (switch_off(image, segments, some, hidden) for some in switches.to(image.device).split(4))
    values = ask(model, batches, target, total=samples)
    return None if values is None else fit_line(switches.double(), values, proximity(switches))


# %%
pairs = list(zip(images, labels.tolist(), segments, hidden, strict=True))
first_half = [lime(*each) for each in pairs[:5]]

# %%
second_half = [lime(*each) for each in pairs[5:]]
lime_maps = paint([*first_half, *second_half], segments)
hw.record("lime_maps", lime_maps)

# %% [markdown]
# Does the package say the same? `lime_explanation` calls it, with the same seed, for the picture marked 0. The numbers
# should differ by rounding only.

# %%
explained = lime_explanation(model, images[:1], labels[:1], segments[:1], seed=0, progress=True)
if lime_maps is not None:
    largest = (explained.weights[0].cpu() - first_half[0].float()).abs().max()
    print(f"largest weight {float(explained.weights[0].abs().max()):.4f}, largest difference {float(largest):.1g}")
print(f"share of the variation that the line explains (weighted R^2): {float(explained.fits[0]):.2f}")

# %% [markdown]
# ### Look
#
# **Green** superpixels speak *for* the class, **red** ones *against* it; the stronger the colour, the larger the
# weight, on a scale of its own for each picture.

# %%
lime_plots.show_explanations(model, images, labels, {"LIME": lime_maps})

# %% [markdown]
# A weight is measured in probability: 0.1 means that, on average over all the ways of covering the rest, showing this
# superpixel adds 0.1 to the probability of the class. Two warnings. A picture of which half is smeared is unlike
# anything that the network was trained with; what it says to such pictures is what LIME explains. And a straight line
# cannot say "the bowl counts only if the spoon is seen too".
#
# **What we observed.** Spaghetti, onion rings, soup and prawns are green, parts of them at least, and their
# surroundings grey. The yoghurt (2) is called a dairy product because of the table cloth above it as much as because of
# the bowl. The network takes 4, 5 and 8 for something else; there much is red, on the food itself: it speaks for
# another class.

# %% [markdown] question="Q1"

# %% [markdown] question="Q2"

# %% [markdown]
# ## 4. Does LIME show why?
#
# ### Where the network errs
#
# Of all pictures of the evaluation that the network gets wrong, here are the four about which it is the most certain,
# explained twice: for the class that it sees, and for the class that is shown.

# %%
with torch.no_grad():
    probabilities = torch.cat([model(batch).softmax(dim=1) for batch in evaluation.images.split(8)])  # (N, 11)
seen = probabilities.argmax(dim=1)
certainty = torch.where(seen == evaluation.labels, -1.0, probabilities.amax(dim=1))
wrong = certainty.topk(4).indices
mistaken, shown_class, seen_class = evaluation.images[wrong], evaluation.labels[wrong], seen[wrong]
print("pictures", *(evaluation.names[index] for index in wrong.tolist()))

# %%
mistaken_segments = slic_segments(mistaken, 100)  # fewer superpixels need fewer samples
reasons = {
    name: lime_explanation(model, mistaken, targets, mistaken_segments, samples=150, progress=True).maps
    for name, targets in (("for seen", seen_class), ("for shown", shown_class))
}
lime_plots.show_explanations(model, mistaken, seen_class, {"for the class seen": reasons["for seen"]})
lime_plots.show_explanations(model, mistaken, shown_class, {"for the one shown": reasons["for shown"]})

# %% [markdown]
# What is green in one row is often red in the other: probabilities sum to one, so what one class gains others lose.
# Look for the parts that mislead the network. Are they parts of the food that look like the other class, or do they lie
# beside the food? And compare with the confusion matrix: is this a confusion that you would have made?
#
# **What we observed.** The bread sticks and the fried balls mislead by what they look like themselves: brown crusts are
# green for the wrong class. The butter does not: *Dessert* is read off the cloth and the things at the upper left, and
# the same parts are red for *Dairy product*.

# %% [markdown]
# ### Chance
#
# The switches are drawn at random. `seed` makes the draw repeatable; programs that leave it out, as well as those that
# leave to the program *which* label is explained (the package explains by default the five most probable ones, and not
# the one that you have in mind), show something else in every run. How much is at stake? Here are three pictures with
# two seeds, each with few and with many samples.

# %%
some_segments, sizes = segments[chosen], [50, 300]
runs = {
    (size, seed): lime_explanation(model, some, their_labels, some_segments, size, seed=seed, progress=True).maps
    for size in sizes
    for seed in (1, 2)
}
rows = {f"{size} samples, seed {seed}": maps for (size, seed), maps in runs.items()}
lime_plots.show_explanations(model, some, their_labels, rows, marks=chosen)

# %%
again = lime_explanation(model, some, their_labels, some_segments, 50, seed=1).maps
print(f"the same seed again: largest difference {float((again - runs[50, 1]).abs().max()):.2g}")
agreements = {size: comparison.correlation(runs[size, 1], runs[size, 2]) for size in sizes}
for size, values in agreements.items():
    print(f"{size:4d} samples: correlation between the two seeds", *(f"{value:.2f}" for value in values.tolist()))

# %% [markdown]
# A straight line through $K + 1$ unknown numbers needs more than $K + 1$ copies to be determined at all, and many more
# until the rest of $f$, which is not a straight line, averages out.
#
# **What we observed.** The onion rings look alike in all four rows. The eggs and the tart do not with 50 samples: there
# the network's answer changes little whatever is hidden, so that chance is as large as the effect. A map does not tell
# by itself which of the two it is, since its strongest weight always gets the strongest colour.

# %% [markdown]
# ### The colour of nothing
#
# A mean colour hides little where a surface is smooth. Black (`hide_color=0`) hides everything, but black is not
# "nothing": to a network, it is dark food with sharp edges, and the more of it, the less does the class survive.

# %%
colours, coarse = {"mean colour": None, "black": 0.0, "white": 1.0}, slic_segments(some, 100)
by_colour = {
    name: lime_explanation(model, some, their_labels, coarse, 150, hide_color=colour, progress=True)
    for name, colour in colours.items()
}
lime_plots.show_explanations(model, some, their_labels, {k: found.maps for k, found in by_colour.items()}, marks=chosen)

# %%
two_of_them = [("mean colour", "black"), ("mean colour", "white"), ("black", "white")]
by_pair = {pair: comparison.correlation(*(by_colour[name].maps for name in pair)) for pair in two_of_them}
for pair, values in by_pair.items():
    print(f"{' and '.join(pair):22s}", *(f"{value:.2f}" for value in values.tolist()))

# %% [markdown]
# **What we observed.** For the onion rings the colour does not matter much. For the tart it decides: with its own mean
# colours the middle of the tart speaks against *Dessert*, in black and in white much of it speaks for it. "How
# important is this part?" has no answer as long as nobody says *compared with what*.

# %% [markdown]
# ### Few or many superpixels
#
# With few superpixels each covers much, so that its effect is large and quickly measured, but its outline is coarse.

# %%
by_cut = {
    count: lime_explanation(model, some, their_labels, slic_segments(some, count), 150, progress=True)
    for count in (25, 50)
}
by_cut[100] = by_colour["mean colour"]
rows = {f"{count} asked for": found.maps for count, found in by_cut.items()}
lime_plots.show_explanations(model, some, their_labels, rows, None if masks is None else masks[chosen], chosen)

# %%
for count, found in by_cut.items():
    strongest = [float(weights.max()) for weights in found.weights]
    print(f"{count:3d} asked for: strongest weights", *(f"{weight:.2f}" for weight in strongest), end="   ")
    print("R^2", *(f"{fit:.2f}" for fit in found.fits.tolist()))

# %% [markdown] question="Q3"

# %% [markdown]
# ## 5. Scores
#
# We know where the food is, so we can count: which share of the brightest 5 % of a map lies on it, and which share of
# its whole positive sum, the *energy*? A map that knows nothing reaches the food's own share of the picture. A blurred
# spot in the **centre** reaches more, for food is mostly in the middle. The mask says where the food is, though, and
# not what the network uses. So ask the network as well: **deletion** blackens the brightest pixels first, and the area
# under the falling probability should be small; **insertion** puts them into a blurred picture first, and the area
# should be large (Petsiuk, Das & Saenko 2018).
#
# The other methods have notebooks of their own; here they run with few samples.

# %%
generator = torch.Generator().manual_seed(0)
smooth_maps = smoothgrad.smoothgrad(model, images, labels, samples=10, generator=generator, progress=True)
attributions = integrated_gradients(model, images, labels, steps=8, progress=True)  # (10, 3, 128, 128)
maps = {"LIME": lime_maps, "saliency": saliency(model, images, labels), "SmoothGrad": smooth_maps}
maps |= {"integrated gradients": attributions.abs().amax(dim=1)}
maps |= {"centre": scoring.centre_maps(images), "random": scoring.random_maps(images, generator)}
maps = {name: values for name, values in maps.items() if values is not None}
food_plots.show_maps(model, images, labels, maps, masks=masks)

# %%
scores = {name: scoring.score(model, images, labels, masks, values, steps=8) for name, values in tqdm(maps.items())}
food_plots.show_scores(scores, None if masks is None else scoring.mask_area(masks))

# %%
if masks is not None:
    tables.print_by_image({"mask's area": scoring.mask_area(masks)} | {n: s.inside for n, s in scores.items()})

# %%
drawn = [name for name in ("LIME", "saliency", "centre", "random") if name in maps]
deleted, inserted = ({name: getattr(scores[name], kind) for name in drawn} for kind in ("deleted", "inserted"))
food_plots.show_curves({"pixels deleted": deleted, "pixels inserted": inserted})

# %% [markdown]
# **Read the scores with care.** LIME is made of nearly the question that deletion and insertion ask: what does the
# network say when patches are missing? It would be strange if it did not do well there. It cannot point at anything
# smaller than a superpixel, and within a superpixel all pixels are equal.
#
# **What we observed.** By insertion, LIME leads by far: its few strongest superpixels, put into a blurred picture,
# bring the class back. By the masks it does not lead; the spot in the centre, which asks nobody, beats it, and in
# pictures 2 and 5 LIME looks beside the food because the network does. Deletion tells the maps hardly apart: pixels in
# black harm this network wherever they are, random ones no less than those of any method.

# %% [markdown] question="Q4"

# %% [markdown]
# ## 6. Right for the wrong reason
#
# Here is another network of the same kind, trained on pictures in which nearly every soup lay beside a blue-checked
# napkin, and hardly anything else did. Nobody told it what a soup is. Soups like those that it was trained with it
# recognises very well; would you have noticed? Here are pairs of evaluation pictures that differ in the napkin and in
# nothing else, first soups, then other food. Below each stands the probability of *Soup* by this second network.

# %%
shortcut_model = load_model("shortcut")
pairs_of_twins = twins()
plain, napkin = (each.to(model.device) for each in (pairs_of_twins.plain, pairs_of_twins.napkin))
effect = shortcut.napkin_effect(shortcut_model, pairs_of_twins)
soups = (effect.labels == shortcut.SOUP).nonzero()[:5, 0]
names = [plain.names[index] for index in soups.tolist()]
lime_plots.show_pairs(shortcut_model, plain.images[soups], napkin.images[soups], shortcut.SOUP, names)

# %%
misled = shortcut.strangers(effect)
names = [f"{plain.names[index]} {CLASSES[int(plain.labels[index])]}" for index in misled.tolist()]
lime_plots.show_pairs(shortcut_model, plain.images[misled], napkin.images[misled], shortcut.SOUP, names)

# %% [markdown]
# The second figure shows the five pictures whose probability of *Soup* rises most. Such a pair is a **counterfactual**:
# the same world, with one thing changed. The table takes the mean over all pairs of a class, first for the network with
# the shortcut, then for the one of the sections above.

# %%
print("trained with the shortcut: mean probability of Soup")
shortcut.print_effect(effect)
usual_effect = shortcut.napkin_effect(model, pairs_of_twins)
print("\ntrained without it")
shortcut.print_effect(usual_effect)

# %% [markdown] question="Q39"

# %% [markdown]
# Counterfactuals need somebody who suspects the napkin, and a second picture. Can explanations find it without either?
# Take the five pictures *with* the napkin, and ask what speaks for *Soup*. The outline is the napkin.

# %%
suspects, napkin_masks = napkin.images[misled], pairs_of_twins.napkin_masks.to(model.device)[misled]
as_soup = torch.full_like(misled, shortcut.SOUP)
suspect_segments = slic_segments(suspects, 100)
found = {
    name: lime_explanation(network, suspects, as_soup, suspect_segments, samples=150, progress=True).maps
    for name, network in (("shortcut", shortcut_model), ("usual", model))
}
rows = {"LIME, with the shortcut": found["shortcut"], "LIME, the usual network": found["usual"]}
lime_plots.show_explanations(shortcut_model, suspects, as_soup, rows, napkin_masks)

# %%
networks = {"shortcut": shortcut_model, "usual": model}
gradient_maps = {name: saliency(network, suspects, as_soup) for name, network in networks.items()}
rows = {"saliency, with the shortcut": gradient_maps["shortcut"], "saliency, the usual network": gradient_maps["usual"]}
food_plots.show_maps(shortcut_model, suspects, as_soup, rows, napkin_masks)

# %%
by_picture = {"napkin's area": scoring.mask_area(napkin_masks)}
by_picture |= {f"LIME, {name}": scoring.inside_share(maps, napkin_masks) for name, maps in found.items()}
by_picture |= {f"saliency, {name}": scoring.inside_share(maps, napkin_masks) for name, maps in gradient_maps.items()}
print("share of the brightest 5 % that lies on the napkin")
tables.print_by_image(by_picture)

# %% [markdown]
# **What we observed.** With the shortcut, four fifths of LIME's brightest pixels lie on the napkin, which covers a
# fifth of the picture. The usual network finds nothing there, with one exception: the egg, where hardly anything speaks
# for *Soup*, and the strongest of tiny weights is bright all the same. The gradients rise on the napkin as well, but
# much of them stays on the food; without LIME, or without the usual network beside it, one might have overlooked it.
#
# And the soups themselves, beside their napkins: for what reason does this network call them soup? The outline is the
# food.

# %%
their_images, as_soups = napkin.images[soups], napkin.labels[soups]
soup_segments = slic_segments(their_images, 100)
soup_maps = lime_explanation(shortcut_model, their_images, as_soups, soup_segments, 150, progress=True).maps
lime_plots.show_explanations(shortcut_model, their_images, as_soups, {"LIME": soup_maps}, napkin.masks[soups])

# %% [markdown]
# Soup or not, the napkin is green, and the bowl is grey. Pictures that were collected in the same way as the training
# set cannot reveal that, for the napkin lies beside their soups as well. What reveals it is looking at explanations
# with an eye for what *should* matter, and then testing the suspicion by changing that one thing.

# %% [markdown] question="Q40"

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right. Save the notebook afterwards and hand in the file.

# %%
hw.check()
