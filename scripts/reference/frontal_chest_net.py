"""The network of the check `frontal-chest`: how much a thumbnail looks like an upright frontal chest X-ray.

The score of a thumbnail is asked for in 16 poses: upright and mirrored, turned by 0°, 90°, 180° and 270°, as it is and
inverted. The probability of pose p is exp(score p) / (1 + the sum of exp(score) over all poses), and that of "no chest
X-ray" is 1 / (1 + that sum). So one small network says which pose the picture has, and whether it has any.
"""
import numpy as np
import torch
import torch.nn.functional as F

SIDE = 32
CHANNELS = (6, 12, 16)
HIDDEN = 16
LEAST_DEVIATION = 0.5
LIMIT = 3.0
# (inverted, mirrored, quarter turns clockwise): how an upright X-ray was changed to look like the picture.
POSES = [(inverted, mirrored, turns) for inverted in (0, 1) for mirrored in (0, 1) for turns in range(4)]
LAYERS = ["conv1", "conv2", "conv3", "dense1", "dense2"]


def normalised(thumbnails):
    """N × SIDE × SIDE grey values from 0 to 255, to mean 0 and deviation 1, clipped; torch."""
    mean = thumbnails.mean((1, 2), keepdim=True)
    deviation = thumbnails.std((1, 2), unbiased=False, keepdim=True).clamp(min=LEAST_DEVIATION)
    return ((thumbnails - mean) / deviation).clamp(-LIMIT, LIMIT)


def undone(x, pose):
    """The picture x, N × SIDE × SIDE, with a pose taken back: upright if it has that pose. Works for torch and NumPy."""
    inverted, mirrored, turns = pose
    axes = (1, 2)
    if isinstance(x, np.ndarray):
        x = np.rot90(x, turns, axes)
        x = x[:, :, ::-1] if mirrored else x
    else:
        x = torch.rot90(x, turns, axes)
        x = x.flip(2) if mirrored else x
    return -x if inverted else x


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c = CHANNELS
        self.conv1 = torch.nn.Conv2d(1, a, 5, stride=2, padding=2)
        self.conv2 = torch.nn.Conv2d(a, b, 3, stride=2, padding=1)
        self.conv3 = torch.nn.Conv2d(b, c, 3, stride=2, padding=1)
        self.dense1 = torch.nn.Linear(c * (SIDE // 8) ** 2, HIDDEN)
        self.dense2 = torch.nn.Linear(HIDDEN, 1)

    def forward(self, x, drop=0.0):
        x = F.relu(self.conv1(x[:, None]))
        x = F.relu(self.conv2(x))
        x = F.relu(self.conv3(x)).flatten(1)
        x = F.dropout(x, drop, self.training)
        return self.dense2(F.relu(self.dense1(x)))[:, 0]


def scores(net, thumbnails, poses=POSES):
    """N × SIDE × SIDE grey values → N × poses."""
    x = normalised(thumbnails)
    both = torch.cat([undone(x, pose) for pose in poses])
    return net(both).view(len(poses), len(x)).T


def probabilities(score):
    """N × 16 scores → N × 17: of the 16 poses, and of no chest X-ray."""
    padded = torch.cat([score, torch.zeros(len(score), 1, dtype=score.dtype)], 1)
    return torch.softmax(padded, 1)
