"""Answers each line "batch repeats threads" on stdin with the seconds of each forward pass, as JSON."""

import json
import sys
import time

import torch
from torchvision import models

model = models.densenet121(weights=None)
model.classifier = torch.nn.Linear(1024, 14)
model.eval()
print("ready", flush=True)
for line in sys.stdin:
    batch, repeats, threads = map(int, line.split())
    torch.set_num_threads(threads)
    image = torch.randn(batch, 3, 224, 224)
    seconds = []
    with torch.no_grad():
        for _ in range(repeats):
            start = time.perf_counter()
            model(image)
            seconds.append(time.perf_counter() - start)
    print(json.dumps(seconds), flush=True)
