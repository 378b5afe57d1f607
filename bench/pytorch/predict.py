"""One image through DenseNet121: the plain script that people write with PyTorch. Usage: predict.py model image"""

import sys

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
image = prepare(Image.open(sys.argv[2]).convert("RGB")).unsqueeze(0)
with torch.no_grad():
    print(torch.sigmoid(model(image))[0].tolist())
