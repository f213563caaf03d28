package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A tensor of an ONNX model, or of a file of its own (`TensorProto`).
///
/// @param rest fields of later versions
public record OnnxTensor(
        String name,
        OnnxElement element,
        List<Long> shape,
        Contents contents,
        String doc,
        Map<String, String> metadata,
        List<Bytes> rest) {
    /// Where the elements are.
    public sealed interface Contents {}

    /// Here: as [PlainTensor] has them.
    public record Plain(Bytes data) implements Contents {}

    /// Here, and text.
    public record Texts(List<Bytes> values) implements Contents {}

    /// In a file of the model's folder.
    ///
    /// @param location its name, relative to the folder
    /// @param checksum SHA-1 of the whole file, in hexadecimal digits; empty when not known. It is
    ///   not verified
    public record External(String location, long offset, String checksum, Bytes data)
            implements Contents {}

    /// Reads a file with one tensor (`.pb`).
    public static OnnxTensor load(Path path) {
        MappedFile file = MappedFile.open(path, Arena.ofAuto());
        return new OnnxReader(file.arena(), OnnxData.beside(path), file::problem)
                .tensor(ProtobufReader.of(file.bytes(), "TensorProto", file::problem));
    }

    public static OnnxTensor of(PlainTensor tensor) {
        return new OnnxTensor(
                tensor.name(),
                OnnxElement.of(tensor.type()),
                tensor.shape(),
                new Plain(Bytes.of(tensor.data())),
                "",
                Map.of(),
                List.of());
    }

    /// The tensor with its elements; throws [FormatException] for strings.
    public PlainTensor plain() {
        ElementType type =
                element.type()
                        .orElseThrow(() ->
                                new FormatException(
                                        "the tensor %s has elements of type %s, numbers are expected"
                                                .formatted(Names.quoted(name), element)));
        Bytes data =
                switch (contents) {
                    case Plain plain -> plain.data;
                    case External external -> external.data;
                    case Texts _ -> throw new IllegalStateException();
                };
        return new PlainTensor(name, type, shape, data.segment());
    }
}
