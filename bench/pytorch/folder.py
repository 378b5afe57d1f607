"""A folder of images through a DataLoader loop. Usage: folder.py model folder batch workers"""

import sys
from pathlib import Path

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import models, transforms


class Folder(Dataset):
    def __init__(self, folder):
        self.files = sorted(Path(folder).glob("*.png"))
        self.prepare = transforms.Compose(
            [
                transforms.Resize((224, 224)),
                transforms.ToTensor(),
                transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
            ]
        )

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        return self.prepare(Image.open(self.files[index]).convert("RGB"))


model = models.densenet121(weights=None)
model.classifier = torch.nn.Linear(1024, 14)
model.load_state_dict(torch.load(sys.argv[1], map_location="cpu"))
model.eval()
loader = DataLoader(Folder(sys.argv[2]), batch_size=int(sys.argv[3]), num_workers=int(sys.argv[4]))
with torch.no_grad():
    for batch in loader:
        for row in torch.sigmoid(model(batch)):
            print(",".join(f"{p:.6f}" for p in row.tolist()))
