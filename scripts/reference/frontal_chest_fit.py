"""The fit of the network of `frontal-chest` on random views of chests, phantoms and other pictures."""
import numpy as np
import torch

from frontal_chest_net import POSES, Net, scores
from frontal_chest_views import chest_parts, chest_views, other_views

STEPS, BATCH, RATE, DECAY = 2000, 64, 3e-3, 1e-3
UPRIGHT, MIRRORED = 0, 4
TURNED = [index for index in range(16) if index not in (UPRIGHT, MIRRORED)]


def views(pictures, make, count, rng):
    """N × size × size pictures → N × count × SIDE × SIDE thumbnails."""
    x = torch.from_numpy(pictures)[:, None]
    return np.stack([make(x, rng).numpy().astype(np.float32) for _ in range(count)], 1)


class Views:
    """All views that fits draw from, made once: those of a picture stay with it when pictures are divided into folds."""

    def __init__(self, chests, phantoms, others, seed=1):
        rng = torch.Generator().manual_seed(seed)
        self.chests = views(chests, chest_views, 48, rng)
        self.phantoms = views(phantoms, chest_views, 6, rng)
        self.parts = views(chests, chest_parts, 8, rng)
        self.others = [views(pictures, other_views, 5, rng) for _, _, pictures in others]


def fit(made, chests, sources, seed=0):
    """
    Fit on the chests and sources of these indices. A chest shall look upright, rather than like any other pose (of the
    14 that are neither upright nor mirrored, 4 are drawn in each step and stand for all) or like no chest; all else
    like no chest.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    real, parts, others = made.chests[chests], made.parts[chests], [made.others[index] for index in sources]
    # A source counts as the root of its size.
    weight = np.sqrt([len(other) for other in others])
    weight /= weight.sum()

    def draw(pool, count):
        return pool[rng.integers(0, pool.shape[0], count), rng.integers(0, pool.shape[1], count)]

    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS, pct_start=0.1)
    for _ in range(STEPS):
        # Now and then the average of two chests, which is a chest as well.
        share = ((rng.random(BATCH) < 0.2) * rng.uniform(0.2, 0.5, BATCH))[:, None, None]
        chest = (1 - share) * draw(real, BATCH) + share * draw(real, BATCH)
        positive = np.concatenate([chest, draw(made.phantoms, BATCH // 4)]).astype(np.float32)
        source = rng.choice(len(others), BATCH, p=weight)
        negative = np.concatenate([*(draw(others[index], 1) for index in source), draw(parts, BATCH // 8)])

        poses = [UPRIGHT, MIRRORED, *rng.choice(TURNED, 4, replace=False)]
        score = scores(net, torch.from_numpy(positive), [POSES[index] for index in poses])
        score = score + torch.tensor([0.0, 0.0] + [float(np.log(len(TURNED) / 4))] * 4)
        all_scores = torch.cat([score, torch.zeros(len(score), 1)], 1)
        loss = (torch.logsumexp(all_scores, 1) - score[:, 0]).mean()

        poses = rng.choice(16, 4, replace=False)
        score = scores(net, torch.from_numpy(negative), [POSES[index] for index in poses]) + float(np.log(4))
        loss = loss + torch.logsumexp(torch.cat([score, torch.zeros(len(score), 1)], 1), 1).mean()

        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval()
