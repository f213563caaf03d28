package dev.jebena.formats;

import java.util.List;

/// A named constant of an operator (`AttributeProto`).
public record OnnxAttribute(String name, Value value, String doc) {
    public static OnnxAttribute of(String name, Value value) {
        return new OnnxAttribute(name, value, "");
    }

    /// What an attribute is.
    public sealed interface Value {}

    public record Real(float value) implements Value {}

    public record Int(long value) implements Value {}

    /// Text or other bytes.
    public record Text(Bytes value) implements Value {}

    public record Tensor(OnnxTensor value) implements Value {}

    public record Graph(OnnxGraph value) implements Value {}

    public record Sparse(OnnxSparseTensor value) implements Value {}

    public record Type(OnnxType value) implements Value {}

    public record Reals(List<Float> values) implements Value {}

    public record Ints(List<Long> values) implements Value {}

    public record Texts(List<Bytes> values) implements Value {}

    public record Tensors(List<OnnxTensor> values) implements Value {}

    public record Graphs(List<OnnxGraph> values) implements Value {}

    public record Sparses(List<OnnxSparseTensor> values) implements Value {}

    public record Types(List<OnnxType> values) implements Value {}

    /// In a function: the attribute of this name of the function's caller.
    ///
    /// @param kind the number of its type
    public record Reference(String attribute, int kind) implements Value {}
}
