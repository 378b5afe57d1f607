"""One DenseNet121 in every form in which people save it.

    python3 make_checkpoints.py FOLDER      # writes the files and manifest.json

Every file holds the weights of `base_model()` unless its row in the manifest says otherwise.
"""
import json
import struct
import sys
import types
import warnings
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import torch.optim.swa_utils
import torchvision
from torch import nn

import python2_torch

OUT = Path(sys.argv[1])
MANIFEST = []


def randomise(model):
    """PyTorch's initial weights, and running statistics and affine parameters as a trained network might have."""
    for i, module in enumerate(model.modules()):
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.normal_(module.bias, 0, 0.1)
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            module.num_batches_tracked.fill_(1000 + i)
    return model.eval()


def base_model(labels=14, channels=3, seed=0):
    torch.manual_seed(seed)
    model = torchvision.models.densenet121(weights=None)
    if channels != 3:
        model.features.conv0 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
    model.classifier = nn.Linear(1024, labels)
    return randomise(model)


def save(name, value, same=True, counters=True, legacy=False, **row):
    torch.save(value, OUT / name, _use_new_zipfile_serialization=not legacy)
    note(name, same, counters, **row)


def note(name, same=True, counters=True, **row):
    """same: the weights are the main file's, to the bit; counters: so are its num_batches_tracked."""
    MANIFEST.append({"file": name, "same": same, "counters": counters, **row})


def prefixed(state, prefix):
    return OrderedDict((prefix + k, v) for k, v in state.items())


def old_names(state):
    old = OrderedDict()
    for k, v in state.items():
        for kind in ("norm", "conv"):
            for i in "12":
                if "denselayer" in k:
                    k = k.replace(f".{kind}{i}.", f".{kind}.{i}.")
        old[k] = v
    return old


def sequential_head(state):
    return OrderedDict((k.replace("classifier.", "classifier.0."), v) for k, v in state.items())


def without_counters(state):
    return OrderedDict((k, v) for k, v in state.items() if not k.endswith("num_batches_tracked"))


def state_dicts(model):
    state = model.state_dict()
    save("main.pth", state)
    save("legacy.pth", state, legacy=True)
    optimizer = torch.optim.Adam(model.classifier.parameters())
    model.classifier(torch.ones(1, 1024)).sum().backward()
    before = {k: v.clone() for k, v in state.items()}
    optimizer.step()
    model.load_state_dict(before)
    trainer = {"epoch": 7, "best_loss": 0.25, "optimizer": optimizer.state_dict()}
    save("trainer.pth.tar", {"epoch": 7, "state_dict": state, **trainer})
    for key in ("model", "net", "model_state_dict"):
        save(f"under-{key}.pt", {**trainer, key: state})
    save("under-model-state_dict.pt", {"model": {"state_dict": state, "epoch": 1}})
    for prefix in ("module.", "densenet121.", "model.", "module.densenet121."):
        save(f"prefix-{prefix}pth", prefixed(state, prefix))
    save("old-names.pth", old_names(state))
    save("sequential-head.pth", sequential_head(state))
    chexnet = prefixed(without_counters(old_names(sequential_head(state))), "module.densenet121.")
    save("chexnet-2017.pth.tar", {**trainer, "state_dict": chexnet}, legacy=True, counters=False)
    save("parameters.pth", dict([*model.named_parameters(), *model.named_buffers()]))
    save("no-counters.pth", without_counters(state), counters=False)


def views(model):
    """Tensors that are windows of one storage, and tensors whose elements do not lie in C order."""
    state = model.state_dict()
    floats = {k: v for k, v in state.items() if v.is_floating_point()}
    pool, at = torch.cat([torch.zeros(3)] + [v.flatten() for v in floats.values()]), 3
    shared = OrderedDict(state)
    for k, v in floats.items():
        shared[k] = pool[at:at + v.numel()].view(v.shape)
        at += v.numel()
    save("shared-storage.pth", shared)
    save("shared-storage-legacy.pth", shared, legacy=True)
    scattered = OrderedDict(state)
    for k, v in floats.items():
        if v.dim() == 4:
            scattered[k] = v.to(memory_format=torch.channels_last)
        elif v.dim() == 2:
            scattered[k] = v.t().contiguous().t()
        else:
            scattered[k] = torch.stack([v, v + 1], dim=1)[:, 0]
    save("non-contiguous.pth", scattered)
    save("non-contiguous-legacy.pth", scattered, legacy=True)


def dtypes(model):
    state = model.state_dict()
    for name, dtype in [("float64", torch.float64), ("float16", torch.float16), ("bfloat16", torch.bfloat16)]:
        cast = OrderedDict((k, v.to(dtype) if v.is_floating_point() else v) for k, v in state.items())
        save(f"{name}.pth", cast, same=name == "float64")
        if name != "float64":
            save(f"{name}-legacy.pth", cast, same=False, legacy=True)


class CheXNet(nn.Module):
    """The class around the network that CheXNet reimplementations have."""

    def __init__(self, model):
        super().__init__()
        self.densenet121 = model


def modules(model):
    save("module.pt", model)
    save("module-legacy.pt", model, legacy=True)
    save("module-data-parallel.pt", nn.DataParallel(model))
    save("module-wrapper.pt", CheXNet(model))
    save("module-wrapper-parallel-legacy.pt", nn.DataParallel(CheXNet(model)), legacy=True)
    linear = model.classifier
    model.classifier = nn.Sequential(linear, nn.Sigmoid())
    jrzech = {"model": model, "best_loss": 0.1, "epoch": 3, "rng_state": torch.get_rng_state(), "LR": 0.01}
    save("jrzech", jrzech)
    save("jrzech-legacy", jrzech, legacy=True)
    model.classifier = linear


def beside_others(model):
    """The same weights beside averages of others, losses, metrics, and tensors of other types."""
    state = model.state_dict()
    averaged = torch.optim.swa_utils.AveragedModel(model)
    save("averaged-model.pth", averaged.state_dict())
    averaged.avg_fn = None  # a local function, which cannot be pickled
    save("averaged-module.pt", {"model": None, "swa": averaged})
    other = base_model(seed=5).state_dict()
    save("timm-ema.pth.tar", {"arch": "densenet121", "state_dict": state, "state_dict_ema": other, "epoch": 3})
    save("ema-wanted.pth.tar", {"state_dict": other, "state_dict_ema": prefixed(state, "module.")}, weights="ema")
    lightning = prefixed(state, "model.")
    lightning["criterion.pos_weight"] = torch.full((14,), 3.0)
    lightning["val_auroc.confmat"] = torch.ones(200, 14, 2, 2, dtype=torch.int64)
    hyper = {"lr": 1e-3, "labels": XRV_LABELS[:14]}
    save("lightning.ckpt", {"state_dict": lightning, "hyper_parameters": hyper, "global_step": 7})
    odd = {
        "spectrum": torch.ones(3, 3, dtype=torch.complex64),
        "quantised": torch.quantize_per_tensor(torch.ones(3), 0.5, 0, torch.qint8),
        "sparse": torch.sparse_coo_tensor([[0, 2]], [1.0, 2.0], (5,)),
    }
    for name, legacy in [("beside-odd-tensors.pth", False), ("beside-odd-tensors-legacy.pth", True)]:
        save(name, {**odd, "state_dict": state}, legacy=legacy)


def softmax_heads(model):
    """Modules whose outputs are shares of one: the class at the end decides, not the weights."""
    linear = model.classifier
    model.classifier = nn.Sequential(nn.Dropout(0.2), linear, nn.Softmax(dim=1))
    save("softmax-head.pt", {"model": model, "classes": np.array(XRV_LABELS[:14])}, same=False)
    model.classifier = linear
    save("softmax-around.pt", nn.Sequential(model, nn.LogSoftmax(dim=-1)), same=False)


XRV_LABELS = [
    "Atelectasis", "Consolidation", "Infiltration", "Pneumothorax", "Edema", "Emphysema", "Fibrosis", "Effusion",
    "Pneumonia", "Pleural_Thickening", "Cardiomegaly", "Nodule", "Mass", "Hernia", "", "", "", "",
]


def xrv():
    """A pickle with the globals of torchxrayvision, made without it."""
    fake = types.ModuleType("torchxrayvision.models")
    sys.modules["torchxrayvision"] = types.ModuleType("torchxrayvision")
    sys.modules["torchxrayvision.models"] = fake
    for name, base in [("DenseNet", nn.Module), ("_DenseBlock", nn.Sequential), ("_DenseLayer", nn.Sequential),
                       ("_Transition", nn.Sequential)]:
        setattr(fake, name, type(name, (base,), {"__module__": fake.__name__}))

    def rebuilt(module):
        kind = getattr(fake, type(module).__name__, None)
        copy = kind() if kind else nn.Sequential() if isinstance(module, nn.Sequential) else None
        if copy is None:
            return module
        for name, child in module.named_children():
            copy.add_module(name, rebuilt(child))
        return copy.eval()

    plain = base_model(labels=18, channels=1, seed=1)
    model = rebuilt(plain)
    model.pathologies = XRV_LABELS
    model.register_buffer("op_threshs", torch.tensor([0.1] * 14 + [float("nan")] * 4))
    for name, legacy in [("xrv-legacy.pt", True), ("xrv.pt", False)]:
        save(name, model, same=False, legacy=legacy, twin="xrv-plain.pth")
    del model.pathologies, model._buffers["op_threshs"]
    save("any-name.bin", model, same=False, legacy=True)
    torch.save(plain.state_dict(), OUT / "xrv-plain.pth")


def safetensors(path, state, metadata=None):
    header, bodies, at = ({"__metadata__": metadata} if metadata else {}), [], 0
    for name, tensor in state.items():
        body = tensor.contiguous().numpy().tobytes()
        kind = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [at, at + len(body)]}
        bodies.append(body)
        at += len(body)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(bodies))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    model = base_model()
    state_dicts(model)
    views(model)
    dtypes(model)
    modules(model)
    beside_others(model)
    softmax_heads(model)
    xrv()
    save("five-labels.pth", {"state_dict": base_model(labels=5, seed=2).state_dict(), "classes": list("VWXYZ")}, same=False)
    safetensors(OUT / "hand.safetensors", model.state_dict(), {"format": "pt"})
    note("hand.safetensors")
    for name, view in [("python2.pth", False), ("python2-views.pth", True)]:
        state = without_counters(model.state_dict())
        python2_torch.save(state, OUT / name, views=view)
        loaded = torch.load(OUT / name)
        assert list(loaded) == list(state) and all(torch.equal(loaded[k], state[k]) for k in state), name
        note(name, counters=False)
    (OUT / "manifest.json").write_text(json.dumps(MANIFEST))


if __name__ == "__main__":
    # torchxrayvision's stand-ins have no source that could be stored beside them.
    warnings.filterwarnings("ignore", message="Couldn't retrieve source code")
    main()
