"""What ONNX's own checker makes of an int8 file; prints JSON.

    python3 check_int8.py FILE
"""
import json
import sys
from collections import Counter

import onnx
from onnx import TensorProto

model = onnx.load(sys.argv[1])
# With shape inference, strictly: every declared shape and type must follow from the operators.
onnx.checker.check_model(model, full_check=True)
inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
codes = [i for i in model.graph.initializer if i.data_type == TensorProto.INT8 and i.name.endswith(".codes")]
print(json.dumps({
    "domains": [[opset.domain, opset.version] for opset in model.opset_import],
    "ops": Counter(node.op_type for node in model.graph.node),
    "codes": len(codes),
    "inferred": len(inferred.graph.value_info),
    "metadata": [entry.key for entry in model.metadata_props],
}))
