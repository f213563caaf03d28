package dev.jebena.onnx;

/// How a model is run.
///
/// ```java
/// OnnxProgram.load(path, OnnxOptions.defaults().precision(Precision.BFLOAT16));
/// ```
public record OnnxOptions(Precision precision) {
    /// In which numbers float32 matrices that are constants of the model are multiplied.
    public enum Precision {
        /// As the model says.
        FLOAT32,
        /// Both operands rounded to bfloat16, products summed up in float32: twice as fast on CPUs
        /// with instructions for it, slower on others, the same bits on both.
        BFLOAT16
    }

    /// The model's own numbers.
    public static OnnxOptions defaults() {
        return new OnnxOptions(Precision.FLOAT32);
    }

    public OnnxOptions precision(Precision other) {
        return new OnnxOptions(other);
    }
}
