package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// An ONNX model as it stands in the file (`ModelProto` of onnx.proto).
///
/// Tensors are views of the mapped file, which is unmapped when nothing refers to them any more.
/// All records of a model are immutable, and keep fields of later versions in `rest`, so that a
/// model that is read and written again says the same.
///
/// @param irVersion of the file format, 1 to 14
/// @param opsets the versions of the operators, by domain; the default one is called ""
/// @param producer what wrote it, and that program's version
/// @param version the model's own
/// @param metadata by key
/// @param functions operators that the model defines
/// @param rest fields kept as they are: training, device configurations, those of later versions
public record OnnxModel(
        long irVersion,
        Map<String, Long> opsets,
        Producer producer,
        String domain,
        long version,
        String doc,
        OnnxGraph graph,
        Map<String, String> metadata,
        List<OnnxFunction> functions,
        List<Bytes> rest) {
    /// The newest file format that is known: that of ONNX 1.23.
    public static final long NEWEST_IR = 14;

    /// The program that wrote a model.
    public record Producer(String name, String version) {}

    /// A model of `graph` that says no more than it must.
    ///
    /// @param producer the program that makes it
    public static OnnxModel of(
            long irVersion, Map<String, Long> opsets, String producer, OnnxGraph graph) {
        return new OnnxModel(
                irVersion,
                opsets,
                new Producer(producer, ""),
                "",
                0,
                "",
                graph,
                Map.of(),
                List.of(),
                List.of());
    }

    /// Reads a model, and maps the files that its tensors lie in, which must be in its folder.
    /// Throws [FormatException] when it is damaged. Whether the graph makes sense, [#check()] says.
    public static OnnxModel load(Path path) {
        MappedFile file = MappedFile.open(path, Arena.ofAuto());
        return new OnnxReader(file.arena(), OnnxData.beside(path), file::problem)
                .model(ProtobufReader.of(file.bytes(), "ModelProto", file::problem));
    }

    /// Reads a model in memory, which must hold all of its tensors, and must not change any more.
    public static OnnxModel read(MemorySegment bytes) {
        Function<String, FormatException> problem =
                what -> new FormatException("the ONNX model: " + what);
        return new OnnxReader(Arena.ofAuto(), OnnxData.none(), problem)
                .model(ProtobufReader.of(bytes, "ModelProto", problem));
    }

    /// The model as the bytes of a file, for [#read(MemorySegment)].
    public byte[] bytes() {
        return OnnxWriter.bytes(this);
    }

    /// Writes the model as one file, also what lay in others. Throws [FormatException] for 2 GB and
    /// more, which readers of Protocol Buffers refuse: [#write(Path, long)] can.
    public void write(Path path) {
        OnnxWriter.write(this, path, Set.of());
    }

    /// Writes the model, and initializers of `least` bytes and more to a file of their own: as the
    /// model is called, with `.data` behind it.
    public void write(Path path, long least) {
        OnnxData.write(this, path, least);
    }

    /// Throws [FormatException] that names all that is wrong with the model: names that are used
    /// before they are made or made twice, cycles, missing operator sets and inputs.
    public void check() {
        List<String> problems = OnnxChecker.problems(this);
        if (!problems.isEmpty()) {
            throw new FormatException(
                    "the model " + Names.quoted(graph.name()) + ": " + String.join("; ", problems));
        }
    }

    /// The model in ONNX's textual form, tensors of more than some elements cut.
    public String text() {
        return new OnnxText().model(this);
    }
}
