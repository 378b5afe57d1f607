"""Fused heatmaps of an image in float64, and how far float32 may move them.

The gradient at a layer goes back through the ReLUs above it, so one value that rounding moves across 0 opens or closes
a path and changes the maps of all labels. PyTorch's own float32 and float64 maps differ by that. The slack says by how
much at most, as a share of a map's maximum: the maps are computed once with all values near 0 let through and once with
all of them stopped. One label's changes may cancel, so the image's slack is that of the label that changes most.
"""
import copy

import numpy as np
import torch
from torch import nn

from densenet import gradients_at
from fused import FUSED, fused_maps

LAYERS = ["norm5", "denseblock3", "denseblock2"]


class Gate(nn.Module):
    """A ReLU whose threshold is not 0: what lies above it passes with its gradient, and nothing else does."""

    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def forward(self, x):
        return x * (x > self.threshold)


def gated(module, threshold):
    """A copy with gates for ReLUs."""
    module = copy.deepcopy(module)
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.ReLU):
                setattr(parent, name, Gate(threshold))
    return module


class Gated(nn.Module):
    """torchvision's DenseNet with a gate for every ReLU, the one after norm5 included."""

    def __init__(self, model, threshold):
        super().__init__()
        self.features = gated(model.features, threshold)
        self.gate = Gate(threshold)
        self.classifier = model.classifier

    def forward(self, x):
        return self.classifier(self.gate(self.features(x)).mean(dim=(2, 3)))


def over_top(differences, maps):
    """The largest difference of each map over the map's maximum; 0 for maps that are 0 everywhere."""
    top = maps.max(axis=(1, 2))
    return np.abs(differences).max(axis=(1, 2)) / np.where(top > 0, top, np.inf)


def fused_with_slack(model, images, near_zero):
    """Each method's maps, [images, labels, height, width], and each image's slack. The model is in float64."""
    models = [Gated(model, threshold) for threshold in (0, near_zero, -near_zero)]
    found = {method: [] for method in FUSED}
    for image in images:
        at = [gradients_at(one, image.double(), LAYERS)[1] for one in models]
        labels = range(model.classifier.out_features)
        for method, kept in found.items():
            maps, stopped, passed = (fused_maps(method, some, labels) for some in at)
            kept.append((maps, over_top(passed - stopped, maps).max()))
    return {method: tuple(map(np.stack, zip(*kept))) for method, kept in found.items()}
