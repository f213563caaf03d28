package dev.jebena.formats;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A constant of a TensorFlow operator (`AttrValue`).
public sealed interface TensorFlowAttribute {
    record Text(Bytes value) implements TensorFlowAttribute {}

    record Int(long value) implements TensorFlowAttribute {}

    record Real(float value) implements TensorFlowAttribute {}

    record Flag(boolean value) implements TensorFlowAttribute {}

    record Type(TensorFlowType value) implements TensorFlowAttribute {}

    /// @param lengths -1 for an unknown one; empty when not even their number is known
    record Shape(Optional<List<Long>> lengths) implements TensorFlowAttribute {}

    /// Numbers.
    record Tensor(PlainTensor value) implements TensorFlowAttribute {}

    /// A tensor of text.
    record Texts(List<Long> shape, List<Bytes> values) implements TensorFlowAttribute {}

    /// A tensor of something else, which is not read.
    record Other(TensorFlowType type) implements TensorFlowAttribute {}

    /// A function of the graph's library.
    record Function(String name, Map<String, TensorFlowAttribute> attributes)
            implements TensorFlowAttribute {}

    /// In a function: the attribute of this name of the function's caller.
    record Placeholder(String name) implements TensorFlowAttribute {}

    record Values(List<TensorFlowAttribute> values) implements TensorFlowAttribute {}
}
