package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.function.Supplier;

/// Mixed precision: while a function runs, matrix products and convolutions take their operands in
/// a 16-bit type, and norms, softmax and losses theirs in float32. Parameters stay float32, and so
/// do their gradients.
///
/// ```java
/// Tensor loss = Autocast.BFLOAT16.run(() -> model.apply(x).to(DType.FLOAT32).crossEntropy(y));
/// ```
///
/// float16 overflows at 65504: its gradients need a [LossScaler].
public enum Autocast {
    BFLOAT16(DType.BFLOAT16),
    FLOAT16(DType.FLOAT16);

    // Not a global setting: bound for the call of run() alone, by the thread that runs it.
    private static final ScopedValue<DType> TYPE = ScopedValue.newInstance();

    private final DType type;

    Autocast(DType type) {
        this.type = type;
    }

    /// What the function returns, computed so.
    public <T> T run(Supplier<T> function) {
        return ScopedValue.where(TYPE, type).call(function::get);
    }

    /// An operand of a product.
    static Tensor narrow(Tensor x) {
        return TYPE.isBound() && x.dtype().isFloat() && x.dtype() != DType.FLOAT64
                ? x.to(TYPE.get())
                : x;
    }

    /// An operand of something that needs the range of float32.
    static Tensor wide(Tensor x) {
        return TYPE.isBound() && (x.dtype() == DType.FLOAT16 || x.dtype() == DType.BFLOAT16)
                ? x.to(DType.FLOAT32)
                : x;
    }
}
