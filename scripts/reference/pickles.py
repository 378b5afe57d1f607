#!/usr/bin/env python3
"""Pickles of every protocol, each with its value according to Python's own machine.

Writes fixtures/pickles/: read and refused. The value of a pickle comes from Python's Unpickler, in which every
class except a few plain ones is replaced by a stand-in that records how it was called. So nothing is executed,
here or in the program, even if a pickle asks for os.system.
"""

import base64
import collections
import io
import json
import os
import pathlib
import pickle
import struct

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "pickles"
PROTOCOLS = range(6)
# The first protocol with an opcode for it. Before that, Python refuses or uses functools.partial.
SINCE = {"slots": 2, "named-arguments": 4}


# ---- the reference ---------------------------------------------------------------------------------------


class Inert:
    """Stands in for a class or function: records its arguments, its state and what was added to it."""

    def __new__(cls, *args, **_named):
        self = object.__new__(cls)
        self.args, self.state, self.items, self.entries = args, None, [], []
        return self

    def __init__(self, *_args, **_named):
        pass

    def __setstate__(self, state):
        self.state = state

    def append(self, item):
        self.items.append(item)

    add = append

    def extend(self, items):
        self.items.extend(items)

    def __setitem__(self, key, value):
        self.entries.append((key, value))


class StatefulDict(collections.OrderedDict):
    """An OrderedDict that keeps the state given by BUILD separate from its entries."""

    state = None

    def __setstate__(self, state):
        self.state = state


class Recorder(pickle._Unpickler):
    KNOWN = {
        "collections.OrderedDict": StatefulDict,
        "builtins.dict": type("StatefulPlainDict", (StatefulDict,), {}),
        "builtins.set": set,
        "builtins.frozenset": frozenset,
        "builtins.bytes": bytes,
        "_codecs.encode": lambda text, encoding: text.encode(encoding),
        "collections.defaultdict": lambda *_factory: StatefulDict(),
    }

    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self.inert = {}

    def find_class(self, module, name):
        module = {"__builtin__": "builtins", "copy_reg": "copyreg"}.get(module, module)
        path = f"{module}.{name}"
        if path in self.KNOWN:
            return self.KNOWN[path]
        return self.inert.setdefault(path, type(name, (Inert,), {"path": path}))


def plain(value):
    """A value as JSON. What JSON lacks becomes an object with one key that names its kind."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"int": str(value)}
    if isinstance(value, float):
        finite = value == value and abs(value) != float("inf")
        return value if finite else {"float": {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((plain(item) for item in value), key=json.dumps)}
    if isinstance(value, dict):
        state = {} if getattr(value, "state", None) is None else {"state": plain(value.state)}
        return {"dict": [[plain(k), plain(v)] for k, v in value.items()], **state}
    if isinstance(value, type) and issubclass(value, Inert):
        return {"global": value.path}
    known = {made: path for path, made in Recorder.KNOWN.items()}
    if callable(value):
        return {"global": known[value]}
    assert isinstance(value, Inert), value
    facts = {"object": type(value).path, "args": plain(value.args)}
    facts["state"] = None if value.state is None else plain(value.state)
    facts["items"] = plain(value.items)
    facts["entries"] = [[plain(k), plain(v)] for k, v in value.entries]
    return facts


# ---- pickled values --------------------------------------------------------------------------------------


class Thing:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("a", "b")


class WithNamed:
    def __new__(cls, *args, **named):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1, "two"), {"three": 3}


class ListLike(list):
    pass


class DictLike(dict):
    pass


class SetLike(set):
    pass


class Evil:
    def __reduce__(self):
        return os.system, ("touch pwned",)


for cls in (Thing, Slotted, WithNamed, ListLike, DictLike, SetLike):
    cls.__module__ = "somewhere.else"
    cls.__qualname__ = cls.__name__


class Pickler(pickle._Pickler):
    """Python's own, except that it need not be able to find a class by its name."""

    def save_global(self, obj, name=None):
        if getattr(obj, "__module__", "") != "somewhere.else":
            return super().save_global(obj, name)
        if self.proto >= 4:
            self.save(obj.__module__)
            self.save(obj.__name__)
            self.write(pickle.STACK_GLOBAL)
        else:
            self.write(pickle.GLOBAL + f"{obj.__module__}\n{obj.__name__}\n".encode())
        self.memoize(obj)

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[type] = save_global


def dumps(value, protocol):
    file = io.BytesIO()
    Pickler(file, protocol).dump(value)
    return file.getvalue()


def values():
    yield "constants", [None, True, False]
    yield "ints", [0, 1, 255, 256, 65535, 65536, -1, -256, 2**31 - 1, -(2**31), 2**31]
    large = [2**53 - 1, -(2**53) + 1, 2**53, 2**63, -(2**63), 2**100, -(2**100), 127 << 64, 128 << 64]
    yield "long-ints", large
    yield "floats", [0.0, -0.0, 1.5, 0.1, -1e300, 5e-324, float("inf"), float("-inf"), float("nan")]
    yield "ascii-text", ["", "a", "features.conv0.weight", "x" * 300, "'\"", "  spaces  "]
    yield "other-text", ["é", "größe", "日本", "𝄞", "line\nfeed\r", "back\\slash \\u0041", "\0"]
    yield "bytes", [b"\0\xff", b"a", bytes(range(256)), b"\xc3\xa9" * 200]
    yield "empty-bytes", b""
    yield "lists", [[], [1], [[2], [3, [4]]], list(range(1001))]
    yield "tuples", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((5,),))]
    yield "dicts", [{}, {"a": 1}, {"a": {"b": [1]}, 2: None, (3, 4): "t", None: 0}]
    yield "sets", [set(), {1}, {"a"}, {1, 2, 3}, frozenset(), frozenset([1, 7])]
    shared = ["shared"]
    yield "shared", [shared, shared, {"again": shared}]
    yield "many-shared", [[i := [n], i] for n in range(300)]
    ordered = collections.OrderedDict(b=1, a=2)
    yield "ordered-dict", ordered
    stateful = collections.OrderedDict(w=1)
    stateful._metadata = collections.OrderedDict({"": {"version": 1}})
    yield "ordered-dict-with-state", stateful
    yield "defaultdict", collections.defaultdict(list, {"a": [1]})
    yield "globals", [len, Thing, collections.OrderedDict]
    yield "object", Thing(a=1, b=[2, None])
    slotted = Slotted()
    slotted.a, slotted.b = 1, "two"
    yield "slots", slotted
    yield "list-subclass", ListLike([1, 2, 3])
    yield "dict-subclass", DictLike(a=1, b=2)
    yield "set-subclass", SetLike({7})
    yield "complex", complex(1, -2)
    yield "named-arguments", WithNamed()
    yield "os-system", Evil()
    yield "os-system-in-a-dict", {"state_dict": {"w": Evil()}, "epoch": 3}


def assembled():
    """Opcodes that Python 3 reads but no longer writes, and forms that only other writers use."""
    yield "string", b"S'abc'\n."
    yield "string-double-quotes", b'S"a\'b"\n.'
    yield "string-escapes", b"S'a\\nb\\x41\\\\'\n."
    yield "binstring", b"T\x03\0\0\0abc."
    yield "short-binstring", b"U\x03abc."
    yield "short-binstring-utf8", b"U\x03a\xc3\xa9."
    yield "binunicode8", b"\x8d\x03\0\0\0\0\0\0\0a\xc3\xa9."
    yield "binbytes8", b"\x8e\x02\0\0\0\0\0\0\0\0\xff."
    yield "bytearray8", b"\x80\x05\x96\x02\0\0\0\0\0\0\0\0\xff."
    yield "int-true-false", b"(I01\nI00\nI1\nI-5\nt."
    yield "long-with-l", b"L-12345678901234567890L\n."
    yield "long-without-l", b"L7\n."
    yield "long1-empty", b"\x8a\0."
    yield "long1-negative", b"\x8a\x01\xff."
    yield "long1-padded", b"\x8a\x03\xff\0\0."
    yield "long4", b"\x8b" + struct.pack("<i", 256) + b"\x01" * 255 + b"\x7f."
    yield "dup", b"]K\x01a2\x86."
    yield "pop", b"K\x01K\x020."
    yield "pop-of-a-mark", b"K\x01(0."
    yield "pop-mark", b"K\x01(K\x02K\x031."
    yield "list-from-mark", b"(K\x01K\x02l."
    yield "dict-from-mark", b"(K\x01K\x02d."
    yield "append", b"]K\x01aK\x02a."
    yield "setitem", b"}K\x01K\x02s."
    yield "inst", b"(S'a'\nK\x01isomewhere\nThing\n."
    yield "obj", b"(csomewhere\nThing\nK\x01K\x02o."
    yield "inst-then-build", b"(isomewhere\nThing\n}S'a'\nK\x01sb."
    yield "put-get-text", b"]p7\n0g7\n."
    yield "long-binput-binget", b"]r\x2c\x01\0\0j\x2c\x01\0\0\x86."
    yield "python2-names", b"(c__builtin__\nset\nccopy_reg\n_reconstructor\nt."
    yield "frame-in-the-middle", b"\x80\x04]\x95\x02\0\0\0\0\0\0\0K\x01a."
    yield "no-proto", b"N."
    yield "build-on-a-list-state", b"csomewhere\nThing\n)R]K\x01ab."
    yield "os-system-by-inst", b"(S'touch pwned'\nios\nsystem\n."
    yield "os-system-by-obj", b"(cos\nsystem\nS'touch pwned'\no."
    yield "eval-by-newobj", b"\x80\x02cbuiltins\neval\nU\x11open('pwned','w')\x85\x81."
    yield "exec-by-stack-global", b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93\x8c\x04pass\x85R."


def refused():
    """Yields name, bytes, and whether Python refuses them as well or only a limit of ours."""
    yield "unknown-opcode", b"K\x01\xff.", True
    yield "extension-code", b"\x82\x01.", True
    yield "out-of-band-buffer", b"\x80\x05\x97.", True
    yield "protocol-9", b"\x80\x09N.", True
    yield "no-stop", b"\x80\x02N", True
    yield "empty", b"", True
    yield "stop-on-empty-stack", b".", True
    yield "memo-never-set", b"h\x05.", True
    yield "memo-never-set-text", b"g5\n.", True
    yield "memo-never-set-long", b"j\x05\0\0\0.", True
    yield "put-without-value", b"q\x00.", True
    yield "put-negative", b"Np-1\n.", True
    yield "put-no-number", b"Npx\n.", True
    yield "missing-mark-tuple", b"K\x01t.", True
    yield "missing-mark-appends", b"]K\x01e.", True
    yield "missing-mark-setitems", b"}u.", True
    yield "odd-setitems", b"}(K\x01u.", True
    yield "append-to-int", b"K\x01K\x02a.", True
    yield "setitem-on-none", b"NK\x01K\x02s.", True
    yield "additems-to-int", b"K\x01(K\x02\x90.", True
    yield "pop-below-mark", b"K\x01(\x86.", True
    yield "tuple3-of-two", b"K\x01K\x02\x87.", True
    yield "dup-nothing", b"2.", True
    yield "reduce-nothing", b"R.", True
    yield "build-nothing", b"b.", True
    yield "int-no-number", b"Ix\n.", True
    yield "long-no-number", b"L1.5L\n.", True
    yield "float-no-number", b"Fx\n.", True
    yield "float-empty", b"F\n.", True
    yield "float-hexadecimal", b"F0x10\n.", True
    yield "string-unquoted", b"Sabc\n.", True
    yield "string-half-quoted", b"S'abc\n.", True
    yield "string-no-line-end", b"S'abc'.", True
    yield "text-cut-short", b"X\x0a\0\0\0abc.", True
    yield "text-of-4-gib", b"X\xff\xff\xff\xffabc.", True
    yield "bytes-beyond-2-63", b"\x8e" + b"\xff" * 8 + b"a.", True
    yield "binstring-negative", b"T\xff\xff\xff\xffabc.", True
    yield "long4-negative", b"\x8b\xff\xff\xff\xff.", True
    yield "stack-global-of-ints", b"\x80\x04K\x01K\x02\x93.", True
    yield "persistent-id", b"\x80\x02K\x01Q.", True
    yield "persistent-id-text", b"Pabc\n.", True
    yield "object-without-class", b"(o.", True
    yield "long-of-257-bytes", b"\x8b" + struct.pack("<i", 257) + b"\x01" * 257 + b".", False
    many = b"](" + b"K\x01" * 60 + b"eq\x000"
    yield "copies-without-end", many + b"(" + b"cbuiltins\nset\nh\x00\x85R" * 20 + b"l.", False


def write(folder, name, data, expected):
    (folder / name).write_bytes(data)
    (folder / f"{name}.json").write_text(json.dumps(expected) + "\n")


def fresh(name):
    folder = FIXTURES / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


if __name__ == "__main__":
    read = fresh("read")
    for name, value in values():
        for protocol in PROTOCOLS:
            if protocol < SINCE.get(name, 0):
                continue
            data = dumps(value, protocol)
            write(read, f"{name}-p{protocol}.pkl", data, plain(Recorder(data).load()))
    for name, data in assembled():
        write(read, f"{name}.pkl", data, plain(Recorder(data).load()))
    folder = fresh("refused")
    for name, data, by_python_too in refused():
        try:
            Recorder(data).load()
            assert not by_python_too, f"Python reads {name}"
        except AssertionError:
            raise
        except Exception:
            assert by_python_too, f"Python refuses {name}"
        write(folder, f"{name}.pkl", data, {"refused_by_python_too": by_python_too})
