"""One image with one Grad-CAM at features.norm5 and its overlay, by hooks and a backward pass.
Usage: gradcam.py model image out.jpg"""

import sys

import numpy as np
import torch
from PIL import Image
from torchvision import models, transforms

model = models.densenet121(weights=None)
model.classifier = torch.nn.Linear(1024, 14)
model.load_state_dict(torch.load(sys.argv[1], map_location="cpu"))
model.eval()
prepare = transforms.Compose(
    [
        transforms.Resize((224, 224)),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)
picture = Image.open(sys.argv[2]).convert("RGB")
kept = {}


def keep(_module, _inputs, output):
    kept["activation"] = output.clone()
    output.register_hook(lambda gradient: kept.__setitem__("gradient", gradient))


model.features.norm5.register_forward_hook(keep)
logits = model(prepare(picture).unsqueeze(0))[0]
top = int(logits.argmax())
logits[top].backward()
weights = kept["gradient"].mean(dim=(2, 3), keepdim=True)
heat = torch.relu((weights * kept["activation"].detach()).sum(1))[0].numpy()
heat = (heat - heat.min()) / (heat.max() - heat.min() + 1e-8)
heat = np.asarray(Image.fromarray(np.uint8(heat * 255)).resize(picture.size, Image.BILINEAR)) / 255
jet = np.stack([np.clip(1.5 - np.abs(4 * heat - centre), 0, 1) for centre in (3, 2, 1)], axis=-1)
overlay = 0.5 * jet + 0.5 * np.asarray(picture) / 255
Image.fromarray(np.uint8(255 * overlay / overlay.max())).save(sys.argv[3])
print(torch.sigmoid(logits).tolist())
