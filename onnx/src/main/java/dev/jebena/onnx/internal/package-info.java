/// The operators of ONNX and how a graph of them is run.
@NullMarked
package dev.jebena.onnx.internal;

import org.jspecify.annotations.NullMarked;
