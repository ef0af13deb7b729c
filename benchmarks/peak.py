"""What the machine can do: its rate in a large matrix product, and the work that a method gives it."""

import time

import torch
from torch.utils.flop_counter import FlopCounterMode


def least_seconds(run, repeats):
    """The least time that `run()` took: on the clock; with one thread the processor's, which others change less."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    run()
    seconds = []
    for _ in range(repeats):
        start = clock()
        run()
        seconds.append(clock() - start)
    return min(seconds)


def matmul_rate(size=2048, repeats=10, dtype=torch.float32):
    """The best rate of a product of two square matrices, in floating point operations a second."""
    first, second = (torch.rand(size, size).to(dtype) for _ in range(2))
    return 2 * size**3 / least_seconds(lambda: first @ second, repeats)


def work(run):
    """The floating point operations of the convolutions and matrix products that `run()` does."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()
