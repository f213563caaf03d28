package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import java.util.List;

/// What an operator computes: one datum for each output that it can give.
@FunctionalInterface
interface Operator {
    List<Datum> run(Call call);
}
