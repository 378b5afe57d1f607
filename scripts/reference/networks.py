"""Small classifiers as ONNX files, and what PyTorch makes of images with them: logits, probabilities, maps by occlusion.

    python3 scripts/reference/networks.py            # writes fixtures/networks/

Each `<name>.onnx` has a `<name>.expected.json` beside it. The networks are a few thousand seeded numbers. `large_network` makes the
architectures of the parity suite, which are too large to keep.
"""
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torchvision
from onnx import TensorProto, helper

from seeded import seeded_image, sequence

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "networks"
CARD_KEY = "medical-x/card@1"
CELLS, PATCH = 14, 2

FINDINGS = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
    "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
]


def rgb(height, width):
    return [
        {"step": "rgb"},
        {"step": "resize", "width": width, "height": height, "resample": "pil"},
        {"step": "normalise", "scheme": "imagenet"},
    ]


GREY = [
    {"step": "grey"},
    {"step": "normalise", "scheme": "xrv"},
    {"step": "center-square"},
    {"step": "resize", "width": 72, "height": 72, "resample": "skimage"},
]


def seeded(model, seed):
    """The same weights everywhere: seeded numbers, as large as He et al. (2015) scale them."""
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            shape = tuple(parameter.shape)
            bound = np.sqrt(6 / np.prod(shape[1:])) if len(shape) > 1 else 0.1
            numbers = sequence(seed * 100 + i, int(np.prod(shape)))
            parameter.copy_(torch.from_numpy((2 * numbers - 1) * bound).reshape(shape).float())
    return model.eval()


def tiny(channels, labels, *after):
    return torch.nn.Sequential(
        torch.nn.Conv2d(channels, 6, 5, stride=3), torch.nn.ReLU(),
        torch.nn.Conv2d(6, 8, 3, stride=2), torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(8, labels), *after,
    )


def exported(model, shape, path, dynamic=None, names=("x", "y")):
    torch.onnx.export(
        model, torch.zeros(shape), str(path), opset_version=13, input_names=[names[0]], output_names=[names[1]],
        dynamic_axes=dynamic,
    )
    return onnx.load(str(path))


def with_card(model, card):
    entry = model.metadata_props.add()
    entry.key, entry.value = CARD_KEY, json.dumps(card)
    return model


def edges(extent):
    cells = min(CELLS, extent)
    return [int(np.floor(i * extent / cells + 0.5)) for i in range(cells + 1)]


@torch.no_grad()
def occlusion(logits_of, image):
    """Zeiler and Fergus 2014: the drop of each logit under each patch, its mean over the patches that cover a cell."""
    _, height, width = image.shape
    rows, columns = edges(height), edges(width)
    whole = logits_of(image[None])[0]
    sums = np.zeros((len(whole), len(rows) - 1, len(columns) - 1))
    counts = np.zeros(sums.shape[1:])
    for y in range(len(rows) - PATCH):
        for x in range(len(columns) - PATCH):
            hidden = image.clone()
            hidden[:, rows[y]:rows[y + PATCH], columns[x]:columns[x + PATCH]] = 0
            drop = (whole - logits_of(hidden[None])[0]).clamp(min=0).double().numpy()
            sums[:, y:y + PATCH, x:x + PATCH] += drop[:, None, None]
            counts[y:y + PATCH, x:x + PATCH] += 1
    return sums / counts


def compact(array):
    return [float(f"{v:.8g}") for v in np.asarray(array, dtype=np.float64).ravel()]


@torch.no_grad()
def expected(model, activation, channels, height, width, images):
    results = []
    for seed in images:
        image = torch.from_numpy(seeded_image(seed, channels, height, width)).float()
        out = model(image[None])[0].double()
        if activation == "none":
            logits, probabilities = torch.log(out / (1 - out)), out
        else:
            logits = out
            probabilities = torch.sigmoid(out) if activation == "sigmoid" else torch.softmax(out, 0)
        results.append(dict(image=seed, logits=compact(logits), probabilities=compact(probabilities)))
    return results


def keep(name, onnx_model, reference):
    OUT.mkdir(parents=True, exist_ok=True)
    onnx.checker.check_model(onnx_model, full_check=True)
    onnx.save(onnx_model, str(OUT / f"{name}.onnx"))
    (OUT / f"{name}.expected.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")


def case(name, model, seed, activation, labels, channels, height, width, preparation, dynamic=None, batch=1, names=("x", "y"), maps=False):
    model = seeded(model, seed)
    OUT.mkdir(parents=True, exist_ok=True)
    made = exported(model, (batch, channels, height, width), OUT / f"{name}.onnx", dynamic, names)
    card = dict(labels=labels, preparation=preparation, activation=activation)
    reference = dict(
        channels=channels, height=height, width=width, activation=activation,
        results=expected(model, activation, channels, height, width, [1, 2, 3, 4, 5]),
    )
    if maps:
        logits = (lambda x: torch.log(model(x) / (1 - model(x)))) if activation == "none" else model
        image = torch.from_numpy(seeded_image(1, channels, height, width)).float()
        found = occlusion(logits, image)
        reference["maps"] = dict(image=1, shape=list(found.shape), values=compact(found))
    keep(name, with_card(made, card), reference)
    return made


def halved(made):
    """The same network with float16 at both ends."""
    graph = made.graph
    source, target = graph.input[0].name, graph.output[0].name
    for node in graph.node:
        for i, value in enumerate(node.input):
            if value == source:
                node.input[i] = "wide_in"
        for i, value in enumerate(node.output):
            if value == target:
                node.output[i] = "wide_out"
    graph.node.insert(0, helper.make_node("Cast", [source], ["wide_in"], to=TensorProto.FLOAT))
    graph.node.append(helper.make_node("Cast", ["wide_out"], [target], to=TensorProto.FLOAT16))
    graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT16
    graph.output[0].type.tensor_type.elem_type = TensorProto.FLOAT16
    return made


def several(made):
    """A second output of the same shape, an input with a default, and the logits under their name."""
    graph = made.graph
    graph.node.append(helper.make_node("Mul", ["logits", "factor"], ["other"]))
    graph.initializer.append(helper.make_tensor("factor", TensorProto.FLOAT, [1], [2.0]))
    graph.input.append(helper.make_tensor_value_info("factor", TensorProto.FLOAT, [1]))
    shape = [d.dim_value or d.dim_param for d in graph.output[0].type.tensor_type.shape.dim]
    graph.output.insert(0, helper.make_tensor_value_info("other", TensorProto.FLOAT, shape))
    return made


class VitTiny(torchvision.models.VisionTransformer):
    """ViT-Ti/16 (Touvron et al. 2021): 12 layers of 192, 3 heads."""

    def __init__(self, labels):
        super().__init__(224, 16, num_layers=12, num_heads=3, hidden_dim=192, mlp_dim=768, num_classes=labels)


def large_network(name, labels, seed):
    """An architecture with random weights whose logits differ between images."""
    torch.manual_seed(seed)
    models = torchvision.models
    if name == "vit-tiny":
        model = VitTiny(labels)
        # torchvision starts the head with zeros.
        torch.nn.init.normal_(model.heads.head.weight, std=0.1)
    elif name == "resnet50":
        model = models.resnet50(weights=None, num_classes=labels)
    else:
        model = models.efficientnet_b0(weights=None, num_classes=labels)
    # Running statistics as of some data, so that signals neither vanish nor explode.
    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        for _ in range(2):
            model(torch.randn(4, 3, 224, 224))
    return model.eval()


def main():
    free = {"x": {0: "N"}, "y": {0: "N"}}
    case("sigmoid", tiny(3, 14), 1, "sigmoid", FINDINGS, 3, 64, 64, rgb(64, 64), free, maps=True)
    case("softmax", tiny(3, 3), 2, "softmax", ["Normal", "Effusion", "Mass"], 3, 64, 80, rgb(64, 80), batch=1, maps=True)
    case("none", tiny(1, 2, torch.nn.Sigmoid()), 3, "none", ["Effusion", "Mass"], 1, 72, 72, GREY,
         {"x": {0: "N", 2: "H", 3: "W"}, "y": {0: "N"}}, maps=True)
    case("batch-3", tiny(3, 14), 4, "sigmoid", FINDINGS, 3, 64, 64, rgb(64, 64), batch=3)
    made = case("several", tiny(3, 2), 5, "sigmoid", ["Effusion", "Mass"], 3, 64, 64, rgb(64, 64),
                {"x": {0: "N"}, "logits": {0: "N"}}, names=("x", "logits"))
    keep("several", several(made), json.loads((OUT / "several.expected.json").read_text()))
    made = case("float16", tiny(3, 2), 6, "sigmoid", ["Effusion", "Mass"], 3, 64, 64, rgb(64, 64), free)
    keep("float16", halved(made), json.loads((OUT / "float16.expected.json").read_text()))


if __name__ == "__main__":
    main()
