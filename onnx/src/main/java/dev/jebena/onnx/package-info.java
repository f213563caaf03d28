/// Runs ONNX models, operator sets 7 and later: [dev.jebena.onnx.OnnxProgram]. What goes in and
/// comes out are tensors, or any [dev.jebena.onnx.Datum]. [dev.jebena.onnx.OnnxExport] makes a
/// model of a traced graph.
///
/// ```java
/// OnnxProgram program = OnnxProgram.load(Path.of("model.onnx"));
/// Tensor logits = program.run(Map.of("input", image)).get("logits");
/// ```
@NullMarked
package dev.jebena.onnx;

import org.jspecify.annotations.NullMarked;
