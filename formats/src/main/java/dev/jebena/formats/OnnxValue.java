package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What goes into a model or comes out of it: a tensor, or tensors in containers (onnx-data.proto).
public sealed interface OnnxValue {
    record Tensor(OnnxTensor value) implements OnnxValue {}

    record Sparse(OnnxSparseTensor value) implements OnnxValue {}

    record Sequence(List<OnnxValue> values) implements OnnxValue {}

    /// @param keys whole numbers or text, as many as values
    record Map(List<Object> keys, List<OnnxValue> values) implements OnnxValue {}

    record Maybe(Optional<OnnxValue> value) implements OnnxValue {}

    /// Reads a file with one value of a known type, as ONNX's tests have them
    /// (`test_data_set_0/input_0.pb`).
    static OnnxValue load(Path path, OnnxType type) {
        MappedFile file = MappedFile.open(path, Arena.ofAuto());
        OnnxValues values =
                new OnnxValues(new OnnxReader(file.arena(), OnnxData.beside(path), file::problem));
        ProtobufReader in = ProtobufReader.of(file.bytes(), "the value", file::problem);
        return switch (type) {
            case OnnxType.Sequence _ -> values.sequence(in);
            case OnnxType.Map _ -> values.map(in);
            case OnnxType.Maybe _ -> values.maybe(in);
            case OnnxType.Sparse _ -> values.sparse(in);
            default -> values.tensor(in);
        };
    }
}
