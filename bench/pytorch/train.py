"""Answers each line "batch repeats threads" on stdin with the seconds of each training step and the peak memory."""

import json
import resource
import sys
import time

import torch
from torchvision import models

model = models.densenet121(weights=None)
model.classifier = torch.nn.Linear(1024, 14)
model.train()
optimiser = torch.optim.Adam(model.parameters(), lr=1e-4)
loss_of = torch.nn.BCEWithLogitsLoss()
print("ready", flush=True)
for line in sys.stdin:
    batch, repeats, threads = map(int, line.split())
    torch.set_num_threads(threads)
    image = torch.randn(batch, 3, 224, 224)
    target = (torch.rand(batch, 14) > 0.9).float()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        optimiser.zero_grad()
        loss_of(model(image), target).backward()
        optimiser.step()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak}), flush=True)
