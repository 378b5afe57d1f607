/**
 * Errors of checkpoints: the files of models: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const CHECKPOINTS = {
  title: "Checkpoints: the files of models",
  errors: {
    "checkpoint/unknown-format": {
      cause: "The file is not of a format that is read.",
      wayOn: "Name a .pth, .pt, .safetensors or .onnx file.",
    },
    "checkpoint/no-state-dict": {
      cause: "The file holds no state dict.",
      wayOn: "Save the model with `torch.save(model.state_dict(), …)`.",
    },
    "checkpoint/mismatch": {
      cause: "The tensors are not those of a DenseNet121.",
      wayOn: "Inspect the file; only DenseNet121 can be read.",
    },
    "checkpoint/shape-mismatch": {
      cause: "Tensors do not have the shapes of a DenseNet121's.",
      wayOn: "Inspect the file; only DenseNet121 can be read.",
    },
    "checkpoint/bad-codes": {
      cause: "A code or a scale of an int8 model is one that no such model has.",
      wayOn: "Write the file again from the original model: this one is damaged.",
    },
    "checkpoint/bad-dtype": {
      cause: "A weight is not a floating-point tensor.",
      wayOn: "Save the weights as float16, bfloat16, float32 or float64.",
    },
    "checkpoint/not-finite": {
      cause: "A weight is not a finite number.",
      wayOn: "Use an earlier checkpoint: the file is damaged, or its training diverged.",
    },
    "checkpoint/bad-variance": {
      cause: "A running variance is negative.",
      wayOn: "Use another copy of the file: this one is damaged.",
    },
    "checkpoint/no-such-weights": {
      cause: "The file does not hold the kind of weights that was asked for.",
      wayOn: "Leave the choice out to use the weights that are there.",
    },
    "checkpoint/other-head": {
      cause: "The outputs of the network pass through something that cannot be applied here.",
      wayOn: "Say in a card beside the file whether to use a sigmoid or a softmax.",
    },
    "checkpoint/other-module": {
      cause: "The pickled network has a module that torchvision's DenseNet121 does not have.",
      wayOn: "Save its weights alone, if the network gives the same outputs without the module.",
    },
    "checkpoint/recursive-module": {
      cause: "The pickled module contains itself, or is nested without end.",
      wayOn: "Save the weights alone, with `torch.save(model.state_dict(), …)`.",
    },
    "onnx/damaged": {
      cause: "The ONNX file is cut short or damaged, or states lengths that are not there.",
      wayOn: "Fetch or export it again.",
    },
    "onnx/too-large": {
      cause: "The ONNX file has more fields or nested graphs than any classifier needs.",
      wayOn: "Check where it comes from.",
    },
    "onnx/external-data": {
      cause: "The weights of the ONNX file lie in other files, which are never read.",
      wayOn: "Save it as one file, with `onnx.save(onnx.load(path), path, save_as_external_data=False)`.",
    },
    "onnx/too-new": {
      cause: "The ONNX file needs a newer version of ONNX Runtime.",
      wayOn: "Export it for opset 17, or update Medical-X.",
    },
    "onnx/custom-ops": {
      cause: "The network needs operators that ONNX Runtime does not have.",
      wayOn: "Export it with ONNX's own operators.",
    },
    "onnx/bad-graph": {
      cause: "The graph is not valid: it uses or makes values in the wrong order, or runs in circles.",
      wayOn: "Export it again.",
    },
    "onnx/no-card": {
      cause: "Nothing says what another program's network is: its labels, its preparation, its activation.",
      wayOn: "Put a card beside the file, in `<file>.json`, or into its metadata.",
    },
    "onnx/input": {
      cause: "The network does not take one image as its only input.",
      wayOn: "Export it with one input, float32 [N, channels, height, width].",
    },
    "onnx/input-size": {
      cause: "The card prepares images in another size than the one that the network takes.",
      wayOn: "Correct the preparation in the card.",
    },
    "onnx/output": {
      cause: "No output of the network, or more than one, has a number for each label.",
      wayOn:
        "Correct the labels in the card, name the output as the message says, or export the network with one output.",
    },
    "onnx/not-runnable": {
      cause: "ONNX Runtime cannot start or run the network.",
      wayOn: "Check the file with `onnx.checker`, or export it again for opset 17.",
    },
    "onnx/bad-output": {
      cause:
        "What the network gives for an image cannot be used: no number, no probability, or of another shape.",
      wayOn: "Check the network, and the preparation, the activation and the labels in its card.",
    },
    "onnx/unsupported": {
      cause: "The ONNX file has something that is not read, which the message names.",
      wayOn: "Export it again without that.",
    },
    "torch/not-a-checkpoint": {
      cause: "The file is a pickle, but not one that `torch.save` wrote.",
      wayOn: "Save the weights with `torch.save(model.state_dict(), …)`.",
    },
    "torch/no-pickle": {
      cause: "The file is a zip archive, but not one that `torch.save` wrote.",
      wayOn: "Unpack it, and name the file of weights in it.",
    },
    "torch/torchscript": {
      cause: "The file is a TorchScript program, not a checkpoint.",
      wayOn: "Save the weights with `torch.save(model.state_dict(), …)`.",
    },
    "torch/big-endian": {
      cause: "The file was written on a big-endian machine.",
      wayOn: "Save it again on a little-endian machine, such as any PC.",
    },
    "torch/bad-storage": {
      cause: "The elements of a tensor are missing, or described in a way that does not fit.",
      wayOn: "Use another copy of the file: this one is damaged, or was not written by PyTorch.",
    },
    "torch/bad-tensor": {
      cause: "A tensor is described in a way that makes no sense.",
      wayOn: "Use another copy of the file: this one is damaged, or was not written by PyTorch.",
    },
    "torch/no-storage": {
      cause: "PyTorch has no storage for the type of a tensor that is to be written.",
      wayOn: "Write another type, such as float32.",
    },
    "tensor/unread-dtype": {
      cause: "A tensor has a type that is not read.",
      wayOn: "Save it as another type, such as float32.",
    },
    "pickle/bad-pickle": {
      cause: "The pickle in the file cannot be read.",
      wayOn: "Use another copy of the file: this one is damaged.",
    },
    "safetensors/bad-file": {
      cause: "The safetensors file cannot be read.",
      wayOn: "Use another copy of the file: this one is damaged.",
    },
    "zip/bad-archive": {
      cause: "The zip archive cannot be read.",
      wayOn: "Use another copy of the file: this one is damaged.",
    },
    "zip/too-large": {
      cause: "An archive would unpack to more than is read, or is larger than is written.",
      wayOn: "Save the weights alone, without the optimiser or the data.",
    },
    "format/truncated": {
      cause: "The file ends before what it promises.",
      wayOn: "Fetch or copy it again.",
    },
    "format/absurd-size": {
      cause: "The file promises a size that no file has.",
      wayOn: "Use another copy of the file: this one is damaged.",
    },
  },
} as const satisfies ErrorArea;
