# out_of_memory:
import torch

torch.ones(2**40)
