"""torch.save as PyTorch 0.3 under Python 2 did it: byte strings for names, longs for counts, no OrderedDict hooks.

Reference: torch/serialization.py of 0.3.1 (`_save`): magic, protocol, system, object, keys, then each storage.
"""
import io
import pickle
import struct

import torch

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
SYSTEM = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 8}}


class Storage:
    """Elements from `offset` on, of a storage of their own or of a larger one."""

    def __init__(self, key, offset, length, root_length, is_view):
        self.key, self.offset, self.length = key, offset, length
        self.root_length, self.is_view = root_length, is_view


class Python2Pickler(pickle._Pickler):
    """Protocol 2 with Python 2's `str` and `long`, tensors by `_rebuild_tensor` and storages by persistent id."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_str(self, text):
        data = text.encode("ascii")
        if len(data) < 256:
            self.write(b"U" + bytes([len(data)]) + data)
        else:
            self.write(b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(text)

    dispatch[str] = save_str

    def save_int(self, number):
        data = pickle.encode_long(number)
        self.write(b"\x8a" + bytes([len(data)]) + data)

    dispatch[int] = save_int

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        view = (value.key + "-view-%d" % value.offset, value.offset, value.length) if value.is_view else None
        return ("storage", torch.FloatStorage, value.key, "cpu", value.root_length, view)


class Rebuilt:
    """A tensor, in the words of its pickle."""

    def __init__(self, *args):
        self.args = args

    def __reduce__(self):
        return torch._utils._rebuild_tensor, self.args


def save(state, path, views=False):
    """`views`: all tensors lie in one storage, each in a view of it, as 0.3 wrote parameters on one block."""
    bodies, entries, at = {}, type(state)(), 0
    total = sum(v.numel() for v in state.values())
    for i, (name, tensor) in enumerate(state.items()):
        size, key = tensor.numel(), "94%012d" % (0 if views else i)
        storage = Storage(key, at if views else 0, size, total if views else size, views)
        bodies.setdefault(key, []).append(tensor.contiguous().numpy().tobytes())
        stride = tensor.contiguous().stride()
        entries[name] = Rebuilt(storage, 0, tuple(tensor.shape), tuple(stride))
        at += size
    with open(path, "wb") as out:
        for value in (MAGIC, PROTOCOL, SYSTEM, entries, list(bodies)):
            buffer = io.BytesIO()
            Python2Pickler(buffer, protocol=2, fix_imports=True).dump(value)
            out.write(buffer.getvalue())
        for parts in bodies.values():
            body = b"".join(parts)
            out.write(struct.pack("<q", len(body) // 4) + body)
