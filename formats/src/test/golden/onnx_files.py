"""Makes onnx.zip: models that the Python package onnx wrote, and the initializers of each as expected.json.

python3 onnx_files.py ../resources/golden/onnx.zip        (onnx 1.23.2, NumPy 2.4, ml_dtypes 0.6)
"""
import json
import os
import sys
import tempfile
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS = {
    "FLOAT": "F32", "UINT8": "U8", "INT8": "I8", "UINT16": "U16", "INT16": "I16", "INT32": "I32", "INT64": "I64", "BOOL": "BOOL",
    "FLOAT16": "F16", "DOUBLE": "F64", "UINT32": "U32", "UINT64": "U64", "COMPLEX64": "C64", "COMPLEX128": "C128", "BFLOAT16": "BF16",
    "FLOAT8E4M3FN": "F8_E4M3", "FLOAT8E4M3FNUZ": "F8_E4M3_FNUZ", "FLOAT8E5M2": "F8_E5M2", "FLOAT8E5M2FNUZ": "F8_E5M2_FNUZ",
    "UINT4": "U4", "INT4": "I4", "FLOAT4E2M1": "F4_E2M1", "FLOAT8E8M0": "F8_E8M0", "UINT2": "U2", "INT2": "I2",
    "FLOAT6E2M3": "F6_E2M3", "FLOAT6E3M2": "F6_E3M2",
}
expected, files = {}, {}


def model(name, nodes, inputs, outputs, initializers=(), **more):
    functions = more.pop("functions", [])
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers), **more)
    made = helper.make_model(graph, producer_name="golden", producer_version="1", functions=functions,
                             opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("own", 1)], ir_version=11)
    helper.set_model_props(made, {"licence": "none", "κ": "é"})
    return made


def keep(name, made):
    files[name + ".onnx"] = made.SerializeToString()
    expected[name + ".onnx"] = {t.name: describe(t) for t in made.graph.initializer if t.data_type != TensorProto.STRING}


def describe(tensor):
    array = numpy_helper.to_array(tensor)
    raw = helper.make_tensor("", tensor.data_type, tensor.dims, array, raw=True).raw_data
    return {"type": WORDS[TensorProto.DataType.Name(tensor.data_type)], "shape": list(tensor.dims), "hex": raw.hex()}


x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3])
y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
identity = [helper.make_node("Identity", ["x"], ["y"])]

random = np.random.default_rng(1)
tensors = []
for word in WORDS:
    kind = getattr(TensorProto, word)
    values = np.abs(random.standard_normal(5) * 1.5).round(1)
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    array = (values > 1 if word == "BOOL" else values.astype(dtype))
    for raw in (True, False):
        if not raw and word.startswith("FLOAT6"):
            tensor = TensorProto(name=word, data_type=kind, dims=[5])
            tensor.int32_data.extend(int(v) for v in array.view(np.uint8))
        else:
            tensor = helper.make_tensor(word, kind, [5], array, raw=raw)
        tensor.name = f"{word}_{'raw' if raw else 'typed'}"
        tensors.append(tensor)
negative = helper.make_tensor("negative", TensorProto.INT32, [2], [-1, -2**31])
tensors += [negative, helper.make_tensor("negative8", TensorProto.INT8, [2], [-1, -128]),
            helper.make_tensor("text", TensorProto.STRING, [2], [b"a", "é".encode()]),
            helper.make_tensor("scalar", TensorProto.FLOAT, [], [2.5]), helper.make_tensor("empty", TensorProto.FLOAT, [0, 3], [])]
keep("types", model("types", identity, [x], [y], tensors))

then = helper.make_graph([helper.make_node("Neg", ["x"], ["t"])], "then", [], [helper.make_tensor_value_info("t", TensorProto.FLOAT, None)])
other = helper.make_graph([helper.make_node("Relu", ["x"], ["e"])], "else", [], [helper.make_tensor_value_info("e", TensorProto.FLOAT, None)])
sparse = helper.make_sparse_tensor(helper.make_tensor("sparse", TensorProto.FLOAT, [2], [1.0, 2.0]),
                                   helper.make_tensor("", TensorProto.INT64, [2], [1, 5]), [2, 3])
attributes = helper.make_node("Everything", ["z", "", "sparse"], ["y"], "all attributes", "a doc", "own", f=0.0, i=0, s="", t=negative,
                              g=then, floats=[1.0, 2.0], ints=[1, -1], strings=["a", ""], tensors=[negative], graphs=[then, other],
                              sp=sparse, tp=helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.INT64, [1])),
                              tps=[helper.make_map_type_proto(TensorProto.STRING, helper.make_optional_type_proto(
                                  helper.make_tensor_type_proto(TensorProto.FLOAT, None)))])
attributes.metadata_props.add(key="node", value="meta")
function = helper.make_function("own", "Everything", ["a", "b", "c"], ["d"], [
    helper.make_node("LeakyRelu", ["a"], ["d"])], [helper.make_opsetid("", 21)], ["i"], [helper.make_attribute("f", 1.5)])
function.node[0].attribute.append(onnx.AttributeProto(name="alpha", ref_attr_name="f", type=onnx.AttributeProto.FLOAT))
rich = model("rich", [helper.make_node("If", ["c"], ["z"], then_branch=then, else_branch=other), attributes],
             [x, helper.make_tensor_value_info("c", TensorProto.BOOL, [])], [y], functions=[function], sparse_initializer=[sparse],
             value_info=[helper.make_tensor_value_info("z", TensorProto.FLOAT, [None, 3])], doc_string="the graph")
annotation = rich.graph.quantization_annotation.add(tensor_name="z")
annotation.quant_parameter_tensor_names.add(key="SCALE_TENSOR", value="x")
rich.training_info.add().algorithm.CopyFrom(then)
rich.configuration.add(name="two", num_devices=2)
rich.graph.input[0].type.denotation = "IMAGE"
rich.graph.input[0].type.tensor_type.shape.dim[0].denotation = "DATA_BATCH"
keep("rich", rich)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "external.onnx")
    weights = [numpy_helper.from_array(random.standard_normal((4, 5)).astype(np.float32), "a"),
               numpy_helper.from_array(np.arange(7, dtype=np.int16), "b")]
    made = model("external", identity, [x], [y], weights)
    expected["external.onnx"] = {t.name: describe(t) for t in weights}
    onnx.save(made, path, save_as_external_data=True, location="external.bin", size_threshold=0)
    for name in ("external.onnx", "external.bin"):
        with open(os.path.join(folder, name), "rb") as file:
            files[name] = file.read()

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in sorted(files.items()):
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    archive.writestr(zipfile.ZipInfo("expected.json"), json.dumps(expected), zipfile.ZIP_DEFLATED)
