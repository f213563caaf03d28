package dev.jebena.formats;

import java.util.List;
import java.util.Optional;

/// What a value is (`TypeProto`).
public sealed interface OnnxType {
    /// What the value means, in ONNX's standard words; mostly empty.
    String denotation();

    /// As `float[N,3]`, in ONNX's textual syntax.
    default String text() {
        return OnnxText.type(this);
    }

    /// @param shape empty when not even the number of dimensions is known
    record Tensor(OnnxElement element, Optional<List<Dimension>> shape, String denotation)
            implements OnnxType {}

    record Sparse(OnnxElement element, Optional<List<Dimension>> shape, String denotation)
            implements OnnxType {}

    record Sequence(OnnxType element, String denotation) implements OnnxType {}

    record Map(OnnxElement key, OnnxType value, String denotation) implements OnnxType {}

    record Maybe(OnnxType element, String denotation) implements OnnxType {}

    record Opaque(String domain, String name, String denotation) implements OnnxType {}

    /// Not said.
    record Unknown(String denotation) implements OnnxType {}

    /// The length of a dimension: a number, a name that stands for the same number wherever it
    /// stands, or nothing known.
    record Dimension(Optional<Long> length, Optional<String> name, String denotation) {
        public static Dimension of(long length) {
            return new Dimension(Optional.of(length), Optional.empty(), "");
        }

        public static Dimension of(String name) {
            return new Dimension(Optional.empty(), Optional.of(name), "");
        }
    }

    /// A dense tensor.
    static OnnxType tensor(OnnxElement element, Dimension... shape) {
        return new Tensor(element, Optional.of(List.of(shape)), "");
    }
}
