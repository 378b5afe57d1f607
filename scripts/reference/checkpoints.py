#!/usr/bin/env python3
"""Checkpoints of every age, each with what PyTorch itself reads from it.

Writes fixtures/checkpoints/: torch, torch-refused, safetensors, safetensors-refused. Every file has
`<file>.json` beside it. Values are PyTorch's, read back by torch.load.
"""

import argparse
import collections
import io
import json
import os
import pathlib
import pickle
import struct
import sys
import zipfile

import numpy as np
import pandas as pd
import torch
import torch._utils
import torch.serialization
from sklearn.preprocessing import MultiLabelBinarizer
from torch import nn

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"


def fresh(path):
    folder = FIXTURES / path
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def write(folder, name, data, expected):
    (folder / name).write_bytes(data)
    (folder / f"{name}.json").write_text(json.dumps(expected) + "\n")


def number(value):
    """A number as JSON can hold it: integers beyond 2^53, infinities and NaN become strings."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def facts(tensor):
    values = tensor.detach().contiguous().reshape(-1)
    if tensor.dtype in (torch.bfloat16, torch.float16):
        values = values.to(torch.float64)
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "values": [number(value) for value in values.tolist()],
    }


def tensors_of(state_dict):
    return {name: facts(value) for name, value in state_dict.items() if torch.is_tensor(value)}


def saved(value, legacy=False, **options):
    file = io.BytesIO()
    NUMBERED.numbers.clear()
    torch.save(value, file, _use_new_zipfile_serialization=not legacy, **options)
    return file.getvalue()


# ---- saved values ----------------------------------------------------------------------------------------


class Net(nn.Module):
    """A whole module, in the way people pickle it."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            collections.OrderedDict(
                conv0=nn.Conv2d(1, 2, 1, bias=False), norm0=nn.BatchNorm2d(2), relu0=nn.ReLU()
            )
        )
        self.classifier = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid())
        self.register_buffer("op_threshs", torch.tensor([0.25, 0.5, 0.75]))
        self.twin = self.classifier[0]
        self.pathologies = ["Mass", "Nodule", "Hernia"]


def dtypes():
    return collections.OrderedDict(
        float32=torch.tensor([[1.5, -0.1, 3e38], [1e-45, float("inf"), float("nan")]]),
        float64=torch.tensor([0.1, -1e300, 5e-324], dtype=torch.float64),
        float16=torch.tensor([0.1, -65504, 6e-8, float("inf")], dtype=torch.float16),
        bfloat16=torch.tensor([0.1, -3e38, 1e-40, float("-inf")], dtype=torch.bfloat16),
        int64=torch.tensor([0, -1, 2**62 + 1, -(2**63)]),
        int32=torch.tensor([2**31 - 1, -(2**31)], dtype=torch.int32),
        int16=torch.tensor([-32768, 32767], dtype=torch.int16),
        int8=torch.tensor([-128, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
    )


def views():
    base = torch.arange(24, dtype=torch.float32)
    cube = base.view(2, 3, 4)
    return collections.OrderedDict(
        base=base,
        cube=cube,
        transposed=cube.transpose(0, 2),
        permuted=cube.permute(1, 2, 0),
        row=cube[1, 2],
        column=cube[:, 1, 2],
        stepped=base[3:20:4],
        expanded=torch.tensor([[7.0], [8.0]]).expand(2, 3),
        diagonal=torch.arange(9).view(3, 3).diagonal(),
        scalar=torch.tensor(2.5),
        last=base[23],
        empty=torch.empty(0),
        empty_rows=torch.empty(0, 3, dtype=torch.int64),
        empty_slice=base[5:5],
        one_by_one=torch.tensor([[[3.0]]]),
        single_strided=base.view(6, 4)[:, 1:2],
    )


def containers():
    """Yields name, value, how its state dict is reached, and a description of that place."""
    torch.manual_seed(0)
    net = Net()
    weights = net.state_dict()
    plain = collections.OrderedDict((k, v.clone()) for k, v in nn.Linear(2, 2).state_dict().items())
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimiser.step()
    rest = {
        "epoch": 7,
        "best_loss": np.float64(0.125),
        "best_auroc": np.float32(0.5),
        "history": np.arange(6, dtype=np.float32).reshape(2, 3),
        "rng_state": torch.get_rng_state()[:8].clone(),
        "optimizer": optimiser.state_dict(),
        "args": None,
        "odds": (1.5, "s", {1, 2}, frozenset([3]), b"\0\xff", bytearray(b"ab"), 2**70, complex(1, 2)),
    }
    yield "dtypes", dtypes(), lambda v: v, "checkpoint"
    yield "views", views(), lambda v: v, "checkpoint"
    yield "plain", dict(plain), lambda v: v, "checkpoint"
    for key in ("state_dict", "model_state_dict", "model", "net"):
        yield f"in-{key}", {**rest, key: weights}, lambda v, k=key: v[k], f'checkpoint["{key}"]'
    nested = {"state": rest, "checkpoint": 1, "model": {"epoch": 1, "state_dict": plain}}
    yield "nested", nested, lambda v: v["model"]["state_dict"], 'checkpoint["model"]["state_dict"]'
    module = "module __main__.Net"
    yield "module", net, lambda v: v.state_dict(), module
    yield "module-in-model", {**rest, "model": net}, lambda v: v["model"].state_dict(), module
    scratch = Net()
    scratch.register_buffer("scratch", torch.ones(2), persistent=False)
    yield "module-non-persistent-buffer", scratch, lambda v: v.state_dict(), module
    frozen = collections.OrderedDict(plain, epoch=3)
    yield "with-a-number", frozen, lambda v: v, "checkpoint"
    parameters = {name: parameter for name, parameter in net.named_parameters()}
    yield "parameters", parameters, lambda v: v, "checkpoint"
    tagged = torch.arange(4.0)
    tagged.note = "an attribute"
    odd = nn.Parameter(torch.arange(3.0))
    odd.note = "an attribute"
    yield "attributes", {"tagged": tagged, "odd": odd}, lambda v: v, "checkpoint"
    names = {"state_dict": plain, "labels": ["Mass", "Hernia"]}
    yield "labels", names, lambda v: v["state_dict"], 'checkpoint["state_dict"]'
    unicode = {"größe.weight": torch.ones(1), "重み": torch.zeros(2)}
    yield "unicode-names", unicode, lambda v: v, "checkpoint"


LABELS = {
    "module": ["Mass", "Nodule", "Hernia"],
    "module-in-model": ["Mass", "Nodule", "Hernia"],
    "module-non-persistent-buffer": ["Mass", "Nodule", "Hernia"],
    "labels": ["Mass", "Hernia"],
}


def dated(name, method=zipfile.ZIP_STORED):
    """An entry dated 1980, so that the archive is the same every day."""
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    return info


def rezip(data, edit=lambda name, body: body, extra=(), method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", method) as new:
        for info in old.infolist():
            body = edit(info.filename, old.read(info))
            if body is not None:
                new.writestr(dated(info.filename, method), body)
        for name, body in extra:
            new.writestr(dated(name, method), body)
    return file.getvalue()


def zip64(data):
    """The same archive with every 32-bit size, offset and count moved into zip64 records."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, -1
    try:
        out = bytearray(rezip(data, method=zipfile.ZIP_STORED))
    finally:
        zipfile.ZIP64_LIMIT = limit
    out[-14:-2] = b"\xff" * 12
    return bytes(out)


def big_endian(data, widths):
    """The archive as a big-endian machine writes it since PyTorch 2.1; `widths` are by the storage's key."""

    def swap(name, body):
        key = name.split("/")[-1]
        if "/data/" not in name:
            return body
        return np.frombuffer(body, f"<u{widths[int(key)]}").byteswap().tobytes()

    root = zipfile.ZipFile(io.BytesIO(data)).namelist()[0].split("/")[0]
    return rezip(data, swap, [(f"{root}/byteorder", b"big")], zipfile.ZIP_STORED)


# ---- files as old versions wrote them --------------------------------------------------------------------


class Storage:
    def __init__(self, key, kind, values, location="cpu"):
        self.key, self.kind, self.values, self.location = key, kind, values, location


class View:
    def __init__(self, root, name, offset, length):
        self.root, self.name, self.offset, self.length = root, name, offset, length


class OldTensor:
    """PyTorch ≤ 0.3: `_rebuild_tensor(storage, offset, size, stride)`."""

    def __init__(self, storage, offset, size, stride):
        self.args = (storage, offset, size, stride)

    def __reduce__(self):
        return torch._utils._rebuild_tensor, self.args


class OldParameter:
    def __init__(self, data, by_newobj):
        self.data, self.by_newobj = data, by_newobj


class NewTensor:
    """PyTorch ≥ 2.1 for dtypes without a storage class of their own: `_rebuild_tensor_v3`."""

    def __init__(self, *args):
        self.args = args

    def __reduce__(self):
        return torch._utils._rebuild_tensor_v3, self.args


class Python2Pickler(pickle._Pickler):
    """Protocol 2 as Python 2 wrote it: a `str` is SHORT_BINSTRING, and classes carry their source."""

    def __init__(self, file, python2=True):
        super().__init__(file, protocol=2)
        self.python2 = python2
        self.roots = {}
        self.classes = set()

    dispatch = dict(pickle._Pickler.dispatch)

    def save_str(self, text):
        if not self.python2:
            return super().save_str(text)
        data = text.encode("latin-1")
        if len(data) < 256:
            self.write(b"U" + bytes([len(data)]) + data)
        else:
            self.write(b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(text)

    dispatch[str] = save_str

    def save_bytes(self, data):
        return self.save_str(data.decode("latin-1")) if self.python2 else super().save_bytes(data)

    dispatch[bytes] = save_bytes

    def save_ordered(self, ordered):
        if not self.python2:
            return self.save_reduce(*ordered.__reduce_ex__(2), obj=ordered)
        return self.save_reduce(collections.OrderedDict, ([[k, v] for k, v in ordered.items()],), obj=ordered)

    dispatch[collections.OrderedDict] = save_ordered

    def save_parameter(self, parameter):
        self.save(nn.Parameter)
        self.save((parameter.data,))
        self.write(pickle.NEWOBJ if parameter.by_newobj else pickle.REDUCE)
        self.memoize(parameter)
        self.save((True, False, collections.OrderedDict()))
        self.write(pickle.BUILD)

    dispatch[OldParameter] = save_parameter

    def persistent_id(self, value):
        view = None
        if isinstance(value, View):
            view = (value.name, value.offset, value.length)
            value = value.root
        if isinstance(value, Storage):
            self.roots[value.key] = value
            return "storage", value.kind, value.key, value.location, len(value.values), view
        if isinstance(value, type) and issubclass(value, nn.Module) and value not in self.classes:
            self.classes.add(value)
            return "module", value, f"/home/someone/{value.__name__}.py", f"class {value.__name__}: pass\n"
        return None


FORMATS = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8"}


def old_file(value, python2=True, little_endian=True):
    """The legacy container of 0.1.10 to 1.5: magic, version, machine, value, keys, then the bodies."""
    file = io.BytesIO()
    sizes = {"short": 2, "int": 4, "long": 4}
    system = {"protocol_version": 1001, "little_endian": little_endian, "type_sizes": sizes}
    for head in (0x1950A86A20F9469CFC6C, 1001, system):
        Python2Pickler(file, python2).dump(head)
    pickler = Python2Pickler(file, python2)
    pickler.dump(value)
    keys = sorted(pickler.roots)
    Python2Pickler(file, python2).dump(keys)
    for key in keys:
        root = pickler.roots[key]
        file.write(struct.pack("<q", len(root.values)))
        file.write(np.asarray(root.values).astype(FORMATS[root.kind.__name__]).tobytes())
    return file.getvalue()


def old_module(cls, parameters=(), buffers=(), modules=()):
    module = cls.__new__(cls)
    module.__dict__ = {
        "_backend": None,
        "_parameters": collections.OrderedDict(parameters),
        "_buffers": collections.OrderedDict(buffers),
        "_backward_hooks": collections.OrderedDict(),
        "_forward_hooks": collections.OrderedDict(),
        "_forward_pre_hooks": collections.OrderedDict(),
        "_modules": collections.OrderedDict(modules),
        "training": False,
    }
    return module


def old_files():
    """Yields name, file, how torch.load's value leads to the state dict, and a description of that place."""
    storage = Storage("94101", torch.FloatStorage, np.arange(12) / 4)
    counts = Storage("94102", torch.LongStorage, [3, -4, 2**40])
    halves = Storage("94103", torch.HalfStorage, [0.5, -0.25])
    weight = OldTensor(storage, 0, (2, 3), (3, 1))
    flipped = OldTensor(storage, 6, (3, 2), (1, 3))
    state = collections.OrderedDict(
        [
            ("module.weight", weight),
            ("module.flipped", flipped),
            ("module.counts", OldTensor(counts, 0, (3,), (1,))),
            ("module.halves", OldTensor(halves, 1, (1,), (1,))),
        ]
    )
    yield "python2-0.3", old_file(state), lambda v: v, "checkpoint"
    held = {"epoch": 3, "state_dict": state, "best_loss": np.float64(0.5), "note": "x" * 300}
    place = 'checkpoint["state_dict"]'
    yield "python2-0.3-held", old_file(held), lambda v: v["state_dict"], place
    parameters = collections.OrderedDict(
        [("newobj", OldParameter(weight, True)), ("reduce", OldParameter(flipped, False)), ("shared", weight)]
    )
    yield "python2-0.3-parameters", old_file(parameters), lambda v: v, "checkpoint"
    root = Storage("7", torch.FloatStorage, [1, 2, 4, 8, 16, 32])
    viewed = collections.OrderedDict(
        [
            ("head", OldTensor(View(root, "8", 0, 2), 0, (2,), (1,))),
            ("tail", OldTensor(View(root, "9", 2, 4), 1, (3,), (1,))),
            ("whole", OldTensor(root, 0, (2, 3), (1, 2))),
        ]
    )
    yield "views-0.3", old_file(viewed, python2=False), lambda v: v, "checkpoint"
    bias = OldParameter(OldTensor(storage, 9, (2,), (1,)), True)
    linear = old_module(nn.Linear, [("weight", OldParameter(weight, True)), ("bias", bias)])
    mean = OldTensor(storage, 1, (2,), (1,))
    norm = old_module(nn.BatchNorm2d, [("weight", None), ("bias", None)], [("running_mean", mean)])
    inner = old_module(nn.Sequential, modules=[("0", linear), ("1", old_module(nn.ReLU)), ("2", norm)])
    outer = old_module(nn.Sequential, modules=[("body", inner), ("again", linear), ("nothing", None)])
    words = "module torch.nn.modules.container.Sequential"
    yield "python2-0.3-module", old_file({"model": outer}), lambda v: v["model"].state_dict(), words
    on_gpu = Storage("5", torch.cuda.FloatStorage, [1.5, 2.5], "cuda:0")
    gpu = collections.OrderedDict(w=OldTensor(on_gpu, 0, (2,), (1,)))
    yield "cuda", old_file(gpu, python2=False), lambda v: v, "checkpoint"


def version_3():
    """A zip of PyTorch 2.x with an UntypedStorage, whose length is in bytes."""

    def stand_in(*_args):
        """A class that is pickled by name only."""

    stand_in.__module__ = "torch._utils"
    stand_in.__name__ = stand_in.__qualname__ = "_rebuild_tensor_v3"
    torch._utils._rebuild_tensor_v3 = stand_in
    tensor = torch.arange(6, dtype=torch.float64).view(2, 3) / 8
    body = tensor.numpy().tobytes()
    storage = Storage("0", torch.UntypedStorage, body)
    none = collections.OrderedDict()
    values = {"w": NewTensor(storage, 0, (2, 3), (3, 1), False, none, torch.float64)}
    values["column"] = NewTensor(storage, 1, (2,), (3,), False, none, torch.float64)
    file = io.BytesIO()
    Python2Pickler(file, python2=False).dump(values)
    del torch._utils._rebuild_tensor_v3
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr(dated("archive/data.pkl"), file.getvalue())
        out.writestr(dated("archive/byteorder"), "little")
        out.writestr(dated("archive/data/0"), body)
        out.writestr(dated("archive/version"), "3\n")
    return archive.getvalue(), {"w": tensor, "column": tensor[:, 1]}


def write_torch():
    folder = fresh("checkpoints/torch")

    def case(name, data, container, tensors, where, labels=None):
        expected = {"container": container, "where": where, "tensors": tensors_of(tensors)}
        write(folder, name, data, {**expected, **({"labels": labels} if labels else {})})

    for name, value, reach, where in containers():
        for container in ("zip", "legacy"):
            data = saved(value, legacy=container == "legacy")
            loaded = reach(torch.load(io.BytesIO(data)))
            case(f"{name}-{container}.pth", data, container, loaded, where, LABELS.get(name))
    for name, data, reach, where in old_files():
        if name == "cuda":
            loaded = reach(torch.load(io.BytesIO(data), map_location="cpu"))
        else:
            loaded = reach(torch.load(io.BytesIO(data), encoding="latin1"))
        case(f"{name}.pth", data, "legacy", loaded, where)
    for protocol in (3, 4, 5):
        data = saved(dtypes(), pickle_protocol=protocol)
        case(f"protocol{protocol}-zip.pth", data, "zip", torch.load(io.BytesIO(data)), "checkpoint")
        data = saved(views(), legacy=True, pickle_protocol=protocol)
        case(f"protocol{protocol}-legacy.pth", data, "legacy", torch.load(io.BytesIO(data)), "checkpoint")
    data = saved(views())
    case("deflated.pth", rezip(data), "zip", views(), "checkpoint")
    case("zip64.pth", zip64(data), "zip", views(), "checkpoint")
    case("comment.pth", data[:-2] + b"\x05\0hello", "zip", views(), "checkpoint")
    wide = collections.OrderedDict(w=torch.arange(5.0), n=torch.tensor([1, -(2**40)]), h=torch.ones(3).half())
    case("big-endian.pth", big_endian(saved(wide), [4, 8, 2]), "zip", wide, "checkpoint")
    data, tensors = version_3()
    case("rebuild-v3.pth", data, "zip", tensors, "checkpoint")


def write_torch_refused():
    folder = fresh("checkpoints/torch-refused")
    whole = saved({"w": torch.arange(100.0)})
    legacy = saved({"w": torch.arange(100.0)}, legacy=True)
    storage = Storage("1", torch.FloatStorage, [1, 2, 3])
    view = View(storage, "2", 2, 2)
    tensor = lambda *args: old_file({"w": OldTensor(*args)})
    script = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Identity()), script)
    without_paths = lambda name, body: None if name.endswith(".debug_pkl") else body
    damaged = bytearray(whole)
    damaged[whole.index(b"_rebuild_tensor_v2") + 3] ^= 1
    encrypted = bytearray(rezip(whole))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    lzma = rezip(whole, method=zipfile.ZIP_LZMA)
    grown = lambda name, body: body + b"\0\0\0\0" if "/data/" in name else body
    lost = lambda name, body: None if "/data/" in name else body
    plain_zip = io.BytesIO()
    with zipfile.ZipFile(plain_zip, "w") as out:
        out.writestr(dated("readme.txt"), "no checkpoint")
    bomb = bytearray(rezip(whole))
    central = bomb.index(b"PK\x01\x02")
    struct.pack_into("<I", bomb, central + 24, 50)  # the pickle's unpacked size
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    cases = {
        "cut-short-zip.pth": ("zip/bad-archive", whole[: len(whole) // 2]),
        "cut-short-legacy.pth": ("format/truncated", legacy[:-10]),
        "cut-short-pickle.pth": ("format/truncated", legacy[: len(legacy) // 4]),
        "empty.pth": ("format/truncated", b""),
        "text.pth": ("pickle/bad-pickle", b"no checkpoint\n"),
        "other-pickle.pth": ("torch/not-a-checkpoint", pickle.dumps({"a": 1}, 2)),
        "other-version.pth": ("torch/not-a-checkpoint", magic + pickle.dumps(1, 2)),
        "no-pickle.pth": ("torch/no-pickle", plain_zip.getvalue()),
        "torchscript.pt": ("torch/torchscript", rezip(script.getvalue(), without_paths)),
        "big-endian-legacy.pth": ("torch/big-endian", old_file({}, little_endian=False)),
        "damaged-pickle.pth": ("zip/bad-archive", bytes(damaged)),
        "encrypted.pth": ("zip/bad-archive", bytes(encrypted)),
        "lzma.pth": ("zip/bad-archive", lzma),
        "wrong-unpacked-size.pth": ("zip/bad-archive", bytes(bomb)),
        "storage-too-long.pth": ("torch/bad-storage", rezip(whole, grown)),
        "storage-missing.pth": ("torch/bad-storage", rezip(whole, lost)),
        "beyond-storage.pth": ("torch/bad-tensor", tensor(storage, 1, (3,), (1,))),
        "beyond-by-stride.pth": ("torch/bad-tensor", tensor(storage, 0, (2, 2), (2, 1))),
        "beyond-when-empty-offset.pth": ("torch/bad-tensor", tensor(storage, 3, (), ())),
        "negative-stride.pth": ("torch/bad-tensor", tensor(storage, 2, (3,), (-1,))),
        "negative-offset.pth": ("torch/bad-tensor", tensor(storage, -1, (2,), (1,))),
        "absurd-shape.pth": ("torch/bad-tensor", tensor(storage, 0, (2**40, 2**40), (0, 0))),
        "rank-mismatch.pth": ("torch/bad-tensor", tensor(storage, 0, (3,), (1, 1))),
        "view-beyond-storage.pth": ("torch/bad-storage", tensor(view, 0, (1,), (1,))),
    }
    for name, (code, data) in cases.items():
        write(folder, name, data, {"code": code})
    others = {"list": [torch.ones(1)], "number": 3, "tensor": torch.ones(1), "other": {"a": {"b": 1}}}
    for name, value in others.items():
        write(folder, f"no-state-dict-{name}.pth", saved(value), {"code": "checkpoint/no-state-dict"})
    loop = nn.Sequential()
    loop._modules["self"] = loop
    write(folder, "recursive-module.pth", saved(loop), {"code": "checkpoint/recursive-module"})


# ---- labels beside the weights ---------------------------------------------------------------------------


class Settings:
    """A configuration object of a custom class, like argparse.Namespace."""

    def __init__(self, **values):
        self.__dict__.update(values)


def label_files():
    """Yields name, value, the Python path to the labels, and the names in the order of the outputs."""
    weights = {"fc.weight": torch.ones(3, 2), "fc.bias": torch.zeros(3)}
    three = ["Mass", "PLEURAL THICKENING", "Infiltrate"]
    held = lambda **more: {"state_dict": weights, "epoch": 3, **more}
    turned = {"Infiltrate": 2, "Mass": 0, "PLEURAL THICKENING": 1}
    root = lambda key: f'checkpoint["{key}"]'
    yield "list", held(labels=three), root("labels"), three
    yield "tuple", held(class_names=tuple(three)), root("class_names"), three
    yield "label-names", held(label_names=three), root("label_names"), three
    yield "class-to-idx", held(class_to_idx=turned), root("class_to_idx"), sorted(turned, key=turned.get)
    numbered = {name: np.int64(i) for name, i in turned.items()}
    yield "class-to-numpy-idx", held(class_to_idx=numbered), root("class_to_idx"), sorted(turned, key=turned.get)
    yield "idx-to-class", held(idx_to_class={2: "c", 0: "a", 1: "b"}), root("idx_to_class"), ["a", "b", "c"]
    id2label = {"0": "a", "1": "b", "2": "c"}
    yield "id2label", held(config={"id2label": id2label}), 'checkpoint["config"]["id2label"]', list(id2label.values())
    array = np.array(three)
    yield "numpy-array", held(classes=array), root("classes"), array.tolist()
    objects = np.array(three, dtype=object)
    yield "numpy-objects", held(classes=objects), root("classes"), objects.tolist()
    octets = np.array([b"Mass", b"Nodule", b"Edema"])
    yield "numpy-bytes", held(classes=octets), root("classes"), [name.decode() for name in octets.tolist()]
    beyond = np.array(["größer", "重み", "z"])
    yield "numpy-unicode", held(classes=beyond), root("classes"), beyond.tolist()
    index = pd.Index(three)
    yield "pandas-index", held(label_columns=index), root("label_columns"), index.tolist()
    text = "Mass, Nodule,Edema"
    yield "text", held(labels=text), root("labels"), [name.strip() for name in text.split(",")]
    lightning = {"state_dict": weights, "hyper_parameters": {"lr": 1e-3, "labels": three}, "epoch": 1}
    yield "lightning", lightning, 'checkpoint["hyper_parameters"]["labels"]', three
    nested = {"data": {"train": {"targets": three, "batch_size": 8}}}
    yield "nested", held(config=nested), 'checkpoint["config"]["data"]["train"]["targets"]', three
    args = argparse.Namespace(lr=0.1, classes=three)
    yield "namespace", held(args=args), 'checkpoint["args"].classes', three
    yield "own-class", held(cfg=Settings(model=Settings(disease_names=three))), 'checkpoint["cfg"].model.disease_names', three
    records = [{"id": 0, "name": "Mass"}, {"id": 1, "name": "Nodule"}, {"id": 2, "name": "Edema"}]
    yield "records", held(categories=records), root("categories"), [record["name"] for record in records]
    binarizer = MultiLabelBinarizer(classes=three).fit([three])
    yield "binarizer", held(mlb=binarizer), 'checkpoint["mlb"].classes', list(binarizer.classes)
    # Names that are findings count as labels, whatever their key is called.
    yield "any-key", held(order=["Mass", "Nodule", "Edema"]), root("order"), ["Mass", "Nodule", "Edema"]
    module = Net()
    module.pathologies = three
    yield "module", {"model": module, "classes": ["x", "y", "z"]}, "module.pathologies", three
    parallel = nn.DataParallel(Net())
    del parallel.module.pathologies
    parallel.module.class_names = three
    yield "inner-module", parallel, "module.module.class_names", three
    strings = [np.str_(name) for name in three]
    yield "numpy-strings", held(labels=strings), root("labels"), [str(name) for name in strings]
    from_one = {name: i + 1 for i, name in enumerate(three)}
    yield "from-one", held(class_to_idx=from_one), root("class_to_idx"), three
    yield "id-from-one", held(id2label={i: name for name, i in from_one.items()}), root("id2label"), three
    yield "beside-nothing", held(class_to_idx={"No Finding": -1, **turned}), root("class_to_idx"), sorted(turned, key=turned.get)
    as_tensors = {name: torch.tensor(i) for name, i in turned.items()}
    yield "tensor-idx", held(class_to_idx=as_tensors), root("class_to_idx"), sorted(turned, key=turned.get)
    yield "pairs", held(labels=list(enumerate(three))), root("labels"), three
    yield "row", held(labels=[three]), root("labels"), three
    yield "numpy-row", held(labels=np.array([three])), root("labels"), three
    big_end = np.array(three).astype(">U20")
    yield "numpy-big-endian", held(labels=big_end), root("labels"), big_end.tolist()
    yield "printed", held(labels=str(three)), root("labels"), three
    yield "json", held(labels=json.dumps(three)), root("labels"), three
    yield "trailing", held(labels=",".join(three) + ","), root("labels"), three
    yield "spaces", held(labels="Mass Nodule Edema"), root("labels"), ["Mass", "Nodule", "Edema"]
    yield "list-of-configs", held(cfg=[{"lr": 1}, {"labels": three}]), 'checkpoint["cfg"][1]["labels"]', three
    yield "named-first", held(worst=three[::-1], labels=three), root("labels"), three
    # None of these gives the order of the outputs.
    yield "series", held(labels=pd.Series(three)), None, None
    yield "shared-index", held(class_to_idx={"Mass": 0, "Nodule": 1, "Lung Nodule": 1}), None, None
    yield "rank", held(rank={"Mass": 2, "Nodule": 0, "Edema": 1}, auroc={"Mass": 0.5, "Nodule": 0.7}), None, None
    yield "paths", held(names=["/data/Mass.png", "/data/b.png", "/data/c.png"]), None, None
    yield "set", held(labels=set(three)), None, None
    yield "gap", held(class_to_idx={"a": 0, "b": 1, "c": 3}), None, None
    yield "twice", held(labels=["a", "b", "a"]), None, None
    yield "too-many", held(classes=["No Finding", *three]), None, None
    yield "numbers", held(labels=[0, 1, 2], targets=np.array([0, 1, 2])), None, None
    yield "nothing", held(lr=0.1, name="run 3", files=["a.png", "b.png", "c.png"]), None, None


def write_unread():
    """Tensors of types that are not read here, with one that is: names, dtypes and shapes according to PyTorch."""
    folder = fresh("checkpoints/unread")
    quantised = torch.quantize_per_tensor(torch.arange(4.0), 0.5, 0, torch.qint8)
    others = {
        "complex64": torch.ones(2, 3, dtype=torch.complex64),
        "complex128": torch.ones(2, dtype=torch.complex128),
        "qint8": quantised,
        "quint8": torch.quantize_per_tensor(torch.arange(4.0), 0.5, 0, torch.quint8),
        "qint32": torch.quantize_per_tensor(torch.arange(6.0).view(2, 3), 0.5, 0, torch.qint32),
        "channels": torch.quantize_per_channel(torch.ones(2, 3), torch.ones(2), torch.zeros(2), 0, torch.qint8),
        "sparse": torch.sparse_coo_tensor([[0, 2]], [1.0, 2.0], (5,)),
    }
    w = torch.arange(3.0)
    for container in ("zip", "legacy"):
        for name, other in others.items():
            data = saved({"before": w, name: other, "after": w + 1}, legacy=container == "legacy")
            dtype = "sparse" if other.is_sparse else str(other.dtype).removeprefix("torch.")
            expected = {
                "unread": {name: {"dtype": dtype, "shape": list(other.shape)}},
                "tensors": {"before": facts(w), "after": facts(w + 1)},
            }
            write(folder, f"{name}-{container}.pth", data, expected)


def write_labels():
    folder = fresh("checkpoints/labels")
    for name, value, where, names in label_files():
        for protocol in (2, 5):
            data = saved(value, pickle_protocol=protocol)
            write(folder, f"{name}-{protocol}.pth", data, {"where": where, "names": names})


# ---- safetensors -----------------------------------------------------------------------------------------

SAFE_NAMES = {
    torch.float32: "F32",
    torch.float64: "F64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def raw(tensor):
    tensor = tensor.contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


def safetensors(header, body, padding=0):
    text = (header if isinstance(header, bytes) else json.dumps(header).encode()) + b" " * padding
    return struct.pack("<Q", len(text)) + text + body


def laid_out(tensors, metadata=None):
    header, body = ({"__metadata__": metadata} if metadata else {}), b""
    for name, tensor in tensors.items():
        data = raw(tensor)
        offsets = [len(body), len(body) + len(data)]
        row = {"dtype": SAFE_NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": offsets}
        header[name] = row
        body += data
    return header, body


def write_safetensors():
    folder = fresh("checkpoints/safetensors")
    shapes = {
        "scalar": torch.tensor(2.5),
        "empty": torch.empty(0, 3),
        "also_empty": torch.empty(2, 0),
        "odd": torch.tensor([1, 2, 3], dtype=torch.uint8),
        "after_odd": torch.arange(6.0).view(2, 3),
        "größe": torch.tensor([1.0]),
    }
    meta = {"format": "pt", "labels": "Mass,Hernia"}
    backwards, body = laid_out(shapes)
    cases = {
        "dtypes.safetensors": (dtypes(), {}, safetensors(*laid_out(dtypes()))),
        "shapes.safetensors": (shapes, {}, safetensors(*laid_out(shapes))),
        "padded.safetensors": (shapes, meta, safetensors(*laid_out(shapes, meta), padding=13)),
        "out-of-order.safetensors": (shapes, {}, safetensors(dict(reversed(backwards.items())), body)),
        "nothing.safetensors": ({}, {}, safetensors({}, b"")),
    }
    for name, (tensors, metadata, data) in cases.items():
        write(folder, name, data, {"tensors": tensors_of(tensors), "metadata": metadata})

    folder = fresh("checkpoints/safetensors-refused")
    entry = lambda begin, end, shape=None, dtype="F32": {
        "dtype": dtype,
        "shape": [(end - begin) // 4] if shape is None else shape,
        "data_offsets": [begin, end],
    }
    good = {"a": entry(0, 8), "b": entry(8, 12)}
    first, second = json.dumps(entry(0, 4)).encode(), json.dumps(entry(0, 4)).encode()
    bad = "safetensors/bad-file"
    cases = {
        "overlap": (bad, safetensors({"a": entry(0, 8), "b": entry(4, 12)}, bytes(12))),
        "same-bytes": (bad, safetensors({"a": entry(0, 8), "b": entry(0, 8)}, bytes(8))),
        "hole": (bad, safetensors({"a": entry(0, 4), "b": entry(8, 12)}, bytes(12))),
        "hole-at-start": (bad, safetensors({"a": entry(4, 8)}, bytes(8))),
        "trailing-bytes": (bad, safetensors(good, bytes(13))),
        "cut-short-body": (bad, safetensors(good, bytes(11))),
        "cut-short-header": ("format/truncated", safetensors(good, b"")[:-5]),
        "cut-short-length": ("format/truncated", b"\x08\0\0"),
        "wrong-size": (bad, safetensors({"a": entry(0, 8, [3])}, bytes(8))),
        "overflowing-shape": (bad, safetensors({"a": entry(0, 8, [2**33, 2**33])}, bytes(8))),
        "negative-extent": (bad, safetensors({"a": entry(0, 8, [-1, -2])}, bytes(8))),
        "fractional-extent": (bad, safetensors({"a": entry(0, 8, [0.5, 4])}, bytes(8))),
        "reversed-offsets": (bad, safetensors({"a": entry(8, 0, [2])}, bytes(8))),
        "one-offset": (bad, safetensors({"a": {**entry(0, 8), "data_offsets": [0]}}, bytes(8))),
        "prototype-dtype": (bad, safetensors({"a": entry(0, 8, [2], "constructor")}, bytes(8))),
        "entry-is-list": (bad, safetensors({"a": [1, 2]}, b"")),
        "entry-is-null": (bad, safetensors({"a": None}, b"")),
        "header-is-list": (bad, safetensors([1, 2], b"")),
        "header-is-no-json": (bad, safetensors(b"{nope", b"")),
        "header-is-not-utf8": (bad, safetensors(b'{"\xff": 1}', b"")),
        "metadata-is-number": (bad, safetensors({"__metadata__": {"a": 1}}, b"")),
        "absurd-header": (bad, struct.pack("<Q", 2**40) + b"{}"),
        "beyond-2-53-header": ("format/absurd-size", struct.pack("<Q", 2**64 - 1) + b"{}"),
        "header-beyond-end": ("format/truncated", struct.pack("<Q", 100) + b"{}"),
        "duplicate-key": (bad, safetensors(b'{"a":%s,"a":%s}' % (first, second), bytes(8))),
    }
    for name, (code, data) in cases.items():
        write(folder, f"{name}.safetensors", data, {"code": code})


def stand_in_source(cls, message=None):
    """What a legacy file stores about a class's source, without the paths of the machine."""
    return [f"class {cls.__name__}:\n", "    pass\n"], 1, f"{cls.__name__.lower()}.py"


class NumberedStorage:
    """Legacy files name a storage by its address; here it is the order in which it was first saved."""

    def __init__(self):
        self.address = torch._C.StorageBase._cdata
        self.numbers = {}

    def __get__(self, storage, _owner=None):
        address = self.address.__get__(storage)
        return self.numbers.setdefault(address, 94_000_000_000_000 + 64 * len(self.numbers))


NUMBERED = NumberedStorage()

if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of a set of strings, which is pickled as well.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    torch.UntypedStorage._cdata = NUMBERED
    torch.serialization.get_source_lines_and_file = stand_in_source
    write_torch()
    write_torch_refused()
    write_safetensors()
    write_labels()
    write_unread()
