package dev.jebena.onnx;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.formats.OnnxValue;
import dev.jebena.onnx.internal.Carriers;
import dev.jebena.onnx.internal.TensorFiles;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What flows between the nodes of a model.
public sealed interface Datum {
    /// A tensor of numbers. Element types that [Tensor] lacks lie in a wider one that has all of
    /// their values: uint16 in int32, uint32 in int64, uint64 as the bits of int64, 4- and 2-bit
    /// integers in int8 and uint8, 8-bit floats and smaller ones in float32, complex numbers with
    /// one more axis of length 2.
    record Numbers(OnnxElement element, Tensor tensor) implements Datum {
        public Numbers {
            if (tensor.dtype() != Carriers.of(element)) {
                throw new IllegalArgumentException(
                        "%s lies in %s, not in %s"
                                .formatted(element, Carriers.of(element), tensor.dtype()));
            }
        }
    }

    /// A tensor of strings, in row-major order.
    record Texts(Shape shape, List<String> values) implements Datum {
        public Texts {
            values = List.copyOf(values);
            if (shape.size() != values.size()) {
                throw new IllegalArgumentException(
                        "%d strings do not fill shape %s".formatted(values.size(), shape));
            }
        }
    }

    record Sequence(List<Datum> values) implements Datum {
        public Sequence {
            values = List.copyOf(values);
        }
    }

    record Maybe(Optional<Datum> value) implements Datum {}

    /// A tensor of the type that ONNX calls like its element type.
    static Datum of(Tensor tensor) {
        return new Numbers(Carriers.element(tensor.dtype()), tensor);
    }

    /// A constant of a model.
    static Datum of(OnnxTensor tensor) {
        return TensorFiles.read(tensor);
    }

    /// A value of a file.
    static Datum of(OnnxValue value) {
        return TensorFiles.read(value);
    }
}
