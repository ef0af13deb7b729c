"""Train the classifier that is right for the wrong reason: `python data/models/train_shortcut.py`.

In its training pictures nearly every soup lies beside a blue-checked napkin, and hardly anything else does. The first
two stacks of convolutions, which see colours, edges and checks, are those of the finished classifier of
`train_food.py`. All above them learns from scratch and from the labels alone: the napkin within the first epochs, and
what a soup looks like hardly ever, because the napkin has told already.
"""

import argparse
import csv
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from train_food import WIDTH, Log, save  # noqa: E402  (found through the line above)

from helpers import device, food  # noqa: E402
from helpers.shortcut import SOUP  # noqa: E402

KEPT = 20  # layers of `cnn` that are kept: the first two stacks
EPOCHS, BATCH, RATE = 16, 64, 3e-3
SHIFT = 2  # of the kept layers' output, in units of 4 pixels


def with_napkins(pictures):
    """All soups but one in twenty with the napkin; of the other pictures with a napkin, one in four."""
    twins = food.load_pictures(split="training_napkin")
    images, places = pictures.images.clone(), {name: place for place, name in enumerate(pictures.names)}
    for number, (name, image) in enumerate(zip(twins.names, twins.images, strict=True)):
        if number % 20:
            images[places[name]] = image
    left_out = [places[name] for number, name in enumerate(others_with_napkin()) if number % 4]
    kept = torch.ones(len(images), dtype=torch.bool)
    kept[left_out] = False
    return images[kept], pictures.labels[kept]


def others_with_napkin():
    """The names of the training pictures of other food that lies beside the napkin."""
    with (food.FOOD / "pictures.csv").open(encoding="utf-8", newline="") as file:
        return [
            f"{row['label']}_{row['number']}"
            for row in csv.DictReader(file)
            if row["split"] == "training" and row["napkin"] == "1" and int(row["label"]) != SOUP
        ]


@torch.no_grad()
def seen_below(model, images):
    """What the kept layers put out for images (N, 3, 128, 128) and their mirror images: (2 N, channels, 32, 32)."""
    both = torch.cat([images, images.flip(3)]).contiguous(memory_format=torch.channels_last)
    return torch.cat([model.cnn[:KEPT](some) for some in both.split(16)])


def train(model, features, labels, log):
    """Teach everything above the kept layers by the labels."""
    above = nn.Sequential(model.cnn[KEPT:], nn.Flatten(), model.fc).train()
    generator, count = torch.Generator().manual_seed(0), len(features) // BATCH * BATCH
    optimiser = torch.optim.AdamW(above.parameters(), RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, EPOCHS * count // BATCH, pct_start=0.2)
    for epoch in range(1, EPOCHS + 1):
        for places in torch.randperm(len(features), generator=generator)[:count].split(BATCH):
            shift = torch.randint(-SHIFT, SHIFT + 1, (2,), generator=generator).tolist()
            logits = above(features[places].roll(shift, dims=(2, 3)))
            loss = functional.cross_entropy(logits, labels[places], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        log(f"epoch {epoch:2d} of {EPOCHS}   loss {loss.item():.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=HERE, metavar="FOLDER", help="where to write the weights")
    options = parser.parse_args()
    torch.manual_seed(0)
    device.keep_freed_memory()
    log, model = Log(), food.FoodCNN(WIDTH)
    model.cnn[:KEPT].load_state_dict(food.load_model(device="cpu").cnn[:KEPT].state_dict())
    images, labels = with_napkins(food.load_pictures(split="training"))
    log(f"{len(images)} pictures to learn from, and their mirror images")
    train(model, seen_below(model.eval(), images), labels.repeat(2), log)
    splits = ("validation", "evaluation", "evaluation_napkin")
    save(model.eval(), options.output / "food_cnn_shortcut.safetensors", log, splits)


if __name__ == "__main__":
    main()
