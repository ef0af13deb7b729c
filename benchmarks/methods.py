"""How fast are the explanation methods? Ours, the course's way and Captum's, in turns, on one machine and model.

python benchmarks/methods.py                                # as in README.md beside this file: some minutes
python benchmarks/methods.py --samples 500 --copies 1000    # as many as in the notebooks: an hour or two
"""

import argparse
import copy
import csv
import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402

from benchmarks import course, peak  # noqa: E402
from helpers.comparison import relative_distances  # noqa: E402
from helpers.folding import folded, half  # noqa: E402
from helpers.food import load_model, load_ten  # noqa: E402
from helpers.gradients import batched_gradients  # noqa: E402
from helpers.integrated_gradients import integrated_gradients  # noqa: E402
from helpers.lime_explanation import lime_explanation  # noqa: E402
from helpers.saliency import saliency  # noqa: E402
from helpers.smoothgrad import smoothgrad  # noqa: E402
from helpers.superpixels import slic_segments  # noqa: E402

STEPS = 16  # of integrated gradients
TARGETS = {  # how many times as fast as the course's code and as Captum we want to be at least
    "saliency": (2.0, None),
    "integrated gradients": (2.0, None),
    "SmoothGrad": (2.5, 1.5),
    "LIME": (2.5, 1.5),
}


class Sizes(NamedTuple):
    """How much of each method is timed: samples of SmoothGrad, copies of LIME, steps of integrated gradients."""

    samples: int = 20
    copies: int = 50
    steps: int = STEPS


def contestants(model, images, labels, segments, sizes, captum):
    """Method -> who -> function to time. All explain the same images and LIME the same segments.

    captum: the module `by_captum`, or None to leave it out, where Captum is not installed
    """
    plain, ten, (samples, copies, steps) = course.plain(model), (images, labels), sizes
    runs = {
        "saliency": {
            "course": lambda: course.saliency(plain, *ten),
            "ours": lambda: saliency(model, *ten),
            "captum": lambda: captum.saliency(model, *ten),
        },
        "integrated gradients": {
            "course": lambda: course.integrated_gradients(plain, *ten, steps),
            "ours": lambda: integrated_gradients(model, *ten, steps=steps),
            "captum": lambda: captum.integrated_gradients(model, *ten, steps),
        },
        "SmoothGrad": {
            "course": lambda: course.smoothgrad(plain, *ten, samples),
            "ours": lambda: smoothgrad(model, *ten, samples=samples),
            "captum": lambda: captum.smoothgrad(model, *ten, samples),
        },
        "LIME": {
            "course": lambda: course.lime(plain, *ten, copies, segments),
            "ours": lambda: lime_explanation(model, *ten, segments, copies, hide_color=0),
            "captum": lambda: captum.lime(model, *ten, copies, segments),
        },
    }
    return {name: {who: by[who] for who in by if captum or who != "captum"} for name, by in runs.items()}


class Times(NamedTuple):
    """What each round took: seconds on the clock, and seconds of the processor over all threads."""

    wall: list[float]
    cpu: list[float]


def race(runs, rounds):
    """Time each of the functions in turns, so that a slow minute hits all: name -> `Times`."""
    times = {name: Times([], []) for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            times[name].wall.append(time.perf_counter() - wall)
            times[name].cpu.append(time.process_time() - cpu)
            wall, cpu = times[name].wall[-1], times[name].cpu[-1]
            print(f"    {name:8s} {wall:8.2f} s, cpu {cpu:8.2f} s   ({number + 1} of {rounds})", file=sys.stderr)
    return times


def differences(model, images, labels, captum, samples=4):
    """Largest relative difference of our maps from Captum's, where both get the same random numbers.

    In float64, which shows whether they define the same thing, and in float32, where rounding moves units over the
    kinks of their ReLUs: name of the dtype -> method -> difference
    """
    double = copy.deepcopy(model).double()
    found = {"float32": _differences(model, images, labels, captum, samples)}
    torch.set_default_dtype(torch.float64)  # Captum draws its noise and places its steps in the default dtype
    try:
        found["float64"] = _differences(double, images.double(), labels, captum, samples)
    finally:
        torch.set_default_dtype(torch.float32)
    return found


def _differences(model, images, labels, captum, samples):
    ten, segments, single = (images, labels), slic_segments(images), folded(model)
    pairs = {
        "saliency": (saliency(model, *ten), captum.saliency(model, *ten)),
        "integrated gradients": (
            integrated_gradients(model, *ten, steps=STEPS),
            captum.integrated_gradients(model, *ten, STEPS),
        ),
        "SmoothGrad": _smoothgrad_pair(model, *ten, captum, samples),
        "LIME": (  # a folded model is not halved: one dtype for both
            lime_explanation(single, *ten, segments, 10 * samples, hide_color=0).maps,
            captum.lime(single, *ten, 10 * samples, segments),
        ),
    }
    return {name: _relative(*pair) for name, pair in pairs.items()}


def _smoothgrad_pair(model, images, labels, captum, samples):
    """Our maps and Captum's, image by image, each from the same state of the default generator."""
    maps = {"ours": [], "captum": []}
    for image, label in zip(images.split(1), labels.split(1), strict=True):
        for who in maps:
            torch.manual_seed(0)
            run = smoothgrad if who == "ours" else captum.smoothgrad
            maps[who].append(run(model, image, label, samples=samples))
    return [torch.cat(each) for each in maps.values()]


def _relative(ours, theirs):
    """Over the images, the largest Euclidean distance relative to the norm of the second map."""
    return float(relative_distances(ours, theirs).max())


def reached(model, images, labels, repeats=10):
    """The rate in gradients and in predictions, as a share of the rate in a large matrix product of the same dtype."""
    plain, fast, batches = folded(model), half(model), images.split(4)
    work = peak.work(lambda: _predict(plain, batches))
    runs = {  # name -> what runs, how often it does the work of the predictions, and in which dtype
        # Convolutions and linear layers take as much again to get gradients back to the images, and to them only.
        "gradients, float32": (lambda: batched_gradients(model, images, labels), 2, torch.float32),
        "predictions, float32": (lambda: _predict(plain, batches), 1, torch.float32),
        "predictions, LIME's": (lambda: _predict(fast, batches), 1, _dtype(fast)),
    }
    rows = {}
    for name, (run, times, dtype) in runs.items():
        best = peak.matmul_rate(dtype=dtype)
        rate = times * work / peak.least_seconds(run, repeats)
        rows[name] = {"GFLOP/s": rate / 1e9, "peak GFLOP/s": best / 1e9, "share": rate / best}
    return rows


@torch.no_grad()
def _predict(network, batches):
    return [network(batch) for batch in batches]


def _dtype(network):
    return next(network.parameters()).dtype


def machine(threads):
    """What the numbers were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": threads,
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "load before": round(os.getloadavg()[0], 2),
    }


def _processor():
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def summary(times):
    """One row a method: median seconds, and by how many times we are as fast, the median over the rounds."""
    rows = []
    for method, by_who in times.items():
        row = {"method": method} | {f"{who} s": round(median(each.wall), 3) for who, each in by_who.items()}
        for who, target in zip(("course", "captum"), TARGETS[method], strict=True):
            row[f"times {who}"] = _times(by_who, who, "wall")
            row[f"times {who}, cpu"] = _times(by_who, who, "cpu")
            row[f"wanted {who}"] = target or ""
        rows.append(row)
    return rows


def _times(by_who, who, clock):
    pairs = zip(getattr(by_who[who], clock), getattr(by_who["ours"], clock), strict=True)
    return round(median(theirs / ours for theirs, ours in pairs), 2)


def write(folder, result, rows):
    """results.json with every single time, results.csv with one row a method."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    with (folder / "results.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=20, help="of SmoothGrad (20; the notebook takes 500)")
    parser.add_argument("--copies", type=int, default=50, help="of LIME (50; the notebook takes 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed; the median counts (5)")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch (2)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for results.json and results.csv")
    parser.add_argument("--weights", help="a file of weights, or shortcut; the suite's own by default")
    return parser.parse_args()


def load_captum():
    """The module `by_captum`, or a sentence that says how to get Captum."""
    try:
        return importlib.import_module("benchmarks.by_captum")
    except ModuleNotFoundError as missing:
        if missing.name != "captum":
            raise
        raise SystemExit("Captum is not installed; run: pip install captum==0.9.0") from missing


def time_methods(model, images, labels, sizes, rounds, captum):
    """Method -> who -> `Times`. One pass of a single sample goes before, untimed: first calls prepare things."""
    segments, times = slic_segments(images), {}
    warm = contestants(model, images, labels, segments, Sizes(samples=1, copies=4, steps=1), captum)
    for method, runs in contestants(model, images, labels, segments, sizes, captum).items():
        print(method, file=sys.stderr)
        for run in warm[method].values():
            run()
        times[method] = race(runs, 3 * rounds if method == "saliency" else rounds)  # a second each: noise counts more
    return times


def main():
    options, captum = arguments(), load_captum()
    torch.set_num_threads(options.threads)
    about, sizes = machine(options.threads), Sizes(options.samples, options.copies)
    model, pictures = load_model(options.weights, device="cpu"), load_ten()
    ten = (pictures.images, pictures.labels)
    found = {"reached": reached(model, *ten)}
    times = time_methods(model, *ten, sizes, options.rounds, captum)
    found |= {"summary": summary(times), "differences from Captum": differences(model, *ten, captum)}
    seconds = {method: {who: each._asdict() for who, each in by_who.items()} for method, by_who in times.items()}
    write(options.out, {"machine": about, "sizes": sizes._asdict()} | found | {"seconds": seconds}, found["summary"])
    print(json.dumps({"machine": about} | found, indent=1))


if __name__ == "__main__":
    main()
