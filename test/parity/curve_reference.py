"""Trains all layers on a data folder for some epochs, in the images' order, with the batch's statistics.

Usage: curve_reference.py <data> <start.pth> <input size> <batch size> <lr> <epochs>
Prints JSON: the mean loss of each epoch, each image counted once.
"""
import json
import sys

import torch

from train_reference import load, parts_of, train

if __name__ == "__main__":
    data, start, size, batch_size, lr, epochs = sys.argv[1:]
    torch.set_num_threads(2)
    images, targets = load(data, None, int(size))
    _, losses = train(
        *(torch.load(start), images, targets, parts_of("all"), "train"),
        *(int(batch_size), float(lr), torch.float32, int(epochs)),
    )
    steps = len(losses) // int(epochs)
    print(json.dumps([sum(losses[at : at + steps]) / steps for at in range(0, len(losses), steps)]))
