"""Makes tensorflow.zip: files that TensorFlow wrote, and their tensors as expected.json.

python3 tensorflow_files.py ../resources/golden/tensorflow.zip        (TensorFlow 2.21)
"""
import json
import os
import sys
import tempfile
import zipfile

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import types_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

WORDS = {
    "float32": "F32", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "int32": "I32", "int64": "I64", "bool": "BOOL",
    "float16": "F16", "float64": "F64", "uint32": "U32", "uint64": "U64", "complex64": "C64", "complex128": "C128", "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
}
expected, files = {}, {}


def describe(array):
    array = np.asarray(array)
    return {"type": WORDS[str(array.dtype)], "shape": list(array.shape), "hex": array.tobytes().hex()}


def collect(folder, prefix):
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                files[prefix + os.path.relpath(path, folder)] = file.read()


tf.random.set_seed(1)
random = np.random.default_rng(1)


class Model(tf.Module):
    def __init__(self):
        self.w = tf.Variable(random.standard_normal((3, 2)).astype(np.float32), name="w")
        self.layers = [tf.Variable(random.standard_normal(2).astype(np.float32), name="b"), tf.Variable(np.int64(7))]

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name="x")])
    def predict(self, x):
        return {"y": tf.nn.relu(tf.matmul(x, self.w) + self.layers[0])}


with tempfile.TemporaryDirectory() as folder:
    model = Model()
    tf.saved_model.save(model, folder + "/saved", signatures={"serving_default": model.predict})
    collect(folder + "/saved", "saved/")
    suffix = "/.ATTRIBUTES/VARIABLE_VALUE"
    expected["saved/variables/variables.index"] = {
        "w" + suffix: describe(model.w.numpy()), "layers/0" + suffix: describe(model.layers[0].numpy()),
        "layers/1" + suffix: describe(model.layers[1].numpy())}
    frozen = convert_variables_to_constants_v2(model.predict.get_concrete_function())
    files["frozen.pb"] = frozen.graph.as_graph_def().SerializeToString()

    values = {}
    for word in WORDS:
        dtype = tf.as_dtype(word)
        plain = np.abs(random.standard_normal((2, 3)) * 2)
        values[word] = tf.cast(tf.constant(plain), dtype) if word != "bool" else tf.constant(plain > 1)
    for i in range(400):
        values[f"many/of/them/{i:04d}"] = tf.constant([i], tf.int32)
    writer = tf.raw_ops.SaveV2(prefix=folder + "/types", tensor_names=list(values), shape_and_slices=[""] * len(values),
                               tensors=list(values.values()))
    expected["types.index"] = {key: describe(value.numpy()) for key, value in sorted(values.items())}
    for name in ("types.index", "types.data-00000-of-00001"):
        with open(os.path.join(folder, name), "rb") as file:
            files[name] = file.read()

# Constants in every encoding.
constants = {}
graph = tf.Graph()
with graph.as_default():
    for word in WORDS:
        array = np.abs(random.standard_normal((2, 2)) * 2)
        array = array > 1 if word == "bool" else array.astype(tf.as_dtype(word).as_numpy_dtype)
        tf.constant(array, name=word)
        constants[word] = describe(array)
    tf.constant(np.array([1.5], np.float32), shape=[2, 3], name="repeated")
    constants["repeated"] = describe(np.full((2, 3), 1.5, np.float32))
    tf.constant(["a", "é"], name="text")
definition = graph.as_graph_def()
for node in list(definition.node):
    if node.name in constants and node.name not in ("repeated",):
        copy = definition.node.add()
        copy.CopyFrom(node)
        copy.name = node.name + "_typed"
        tensor = copy.attr["value"].tensor
        array = tf.make_ndarray(tensor)
        word = node.name
        content = tensor.tensor_content
        tensor.ClearField("tensor_content")
        flat = array.reshape(-1)
        field = {"F32": "float_val", "F64": "double_val", "I64": "int64_val", "BOOL": "bool_val", "U32": "uint32_val",
                 "U64": "uint64_val"}.get(WORDS[word])
        if word in ("float16", "bfloat16"):
            del tensor.half_val[:]
            tensor.half_val.extend(int(v) for v in flat.view(np.uint16))
        elif word.startswith("float8"):
            tensor.float8_val = flat.tobytes()
        elif word == "complex64":
            del tensor.scomplex_val[:]
            tensor.scomplex_val.extend(float(v) for v in flat.view(np.float32))
        elif word == "complex128":
            del tensor.dcomplex_val[:]
            tensor.dcomplex_val.extend(float(v) for v in flat.view(np.float64))
        else:
            field = field or "int_val"
            tensor.ClearField(field)
            getattr(tensor, field).extend(flat.tolist())
        constants[copy.name] = describe(array)
files["constants.pb"] = definition.SerializeToString()
expected["constants.pb"] = constants

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in sorted(files.items()):
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    archive.writestr(zipfile.ZipInfo("expected.json"), json.dumps(expected), zipfile.ZIP_DEFLATED)
