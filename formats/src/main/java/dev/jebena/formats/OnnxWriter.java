package dev.jebena.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Records as the messages of onnx.proto. Elements of tensors are written as raw bytes, wherever
/// they came from, but for those that the caller put into another file.
final class OnnxWriter {
    private static final long LARGEST = Integer.MAX_VALUE - 8;

    private final Set<OnnxTensor.Contents> elsewhere;

    private OnnxWriter(Set<OnnxTensor.Contents> elsewhere) {
        this.elsewhere = elsewhere;
    }

    /// @param elsewhere what lies in other files already; compared by identity
    static void write(OnnxModel model, Path path, Set<OnnxTensor.Contents> elsewhere) {
        ProtobufWriter out = message(model, path.toString(), elsewhere);
        ReplacedFile.write(path, out::writeTo);
    }

    static byte[] bytes(OnnxModel model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            message(model, "the ONNX model", Set.of()).writeTo(Channels.newChannel(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ProtobufWriter message(
            OnnxModel model, String where, Set<OnnxTensor.Contents> elsewhere) {
        ProtobufWriter out = new ProtobufWriter();
        new OnnxWriter(elsewhere).model(model, out);
        if (out.size() > LARGEST) {
            throw new FormatException(
                    "%s: the model has %d bytes, at most %d can be in one file; write(path, 1024) moves tensors to another file"
                            .formatted(where, out.size(), LARGEST));
        }
        return out;
    }

    private void model(OnnxModel model, ProtobufWriter out) {
        out.varint(1, model.irVersion());
        out.text(2, model.producer().name());
        out.text(3, model.producer().version());
        out.text(4, model.domain());
        out.varint(5, model.version());
        out.text(6, model.doc());
        out.message(7, model.graph(), this::graph);
        opsets(8, model.opsets(), out);
        entries(14, model.metadata(), out);
        out.messages(25, model.functions(), this::function);
        out.rest(model.rest());
    }

    private void graph(OnnxGraph graph, ProtobufWriter out) {
        out.messages(1, graph.nodes(), this::node);
        out.text(2, graph.name());
        out.messages(5, graph.initializers(), this::tensor);
        out.text(10, graph.doc());
        out.messages(11, graph.inputs(), this::value);
        out.messages(12, graph.outputs(), this::value);
        out.messages(13, graph.values(), this::value);
        graph.annotations()
                .forEach((tensor, names) ->
                        out.message(
                                14,
                                names,
                                (all, inner) -> {
                                    inner.text(1, tensor);
                                    entries(2, all, inner);
                                }));
        out.messages(15, graph.sparseInitializers(), this::sparse);
        entries(16, graph.metadata(), out);
        out.rest(graph.rest());
    }

    private void node(OnnxNode node, ProtobufWriter out) {
        out.texts(1, node.inputs());
        out.texts(2, node.outputs());
        out.text(3, node.name());
        out.text(4, node.operator());
        out.messages(5, node.attributes(), this::attribute);
        out.text(6, node.doc());
        out.text(7, node.domain());
        out.text(8, node.overload());
        entries(9, node.metadata(), out);
        out.rest(node.rest());
    }

    private void function(OnnxFunction function, ProtobufWriter out) {
        out.text(1, function.name());
        out.texts(4, function.inputs());
        out.texts(5, function.outputs());
        out.texts(6, function.attributes());
        out.messages(7, function.nodes(), this::node);
        out.text(8, function.doc());
        opsets(9, function.opsets(), out);
        out.text(10, function.domain());
        out.messages(11, function.defaults(), this::attribute);
        out.messages(12, function.values(), this::value);
        out.text(13, function.overload());
        entries(14, function.metadata(), out);
        out.rest(function.rest());
    }

    private void attribute(OnnxAttribute attribute, ProtobufWriter out) {
        out.text(1, attribute.name());
        out.text(13, attribute.doc());
        int kind =
                switch (attribute.value()) {
                    case OnnxAttribute.Real(float value) -> {
                        out.float32(2, value);
                        yield 1;
                    }
                    case OnnxAttribute.Int(long value) -> {
                        out.always(3, value);
                        yield 2;
                    }
                    case OnnxAttribute.Text(Bytes value) -> {
                        out.bytes(4, value);
                        yield 3;
                    }
                    case OnnxAttribute.Tensor(OnnxTensor value) -> {
                        out.message(5, value, this::tensor);
                        yield 4;
                    }
                    case OnnxAttribute.Graph(OnnxGraph value) -> {
                        out.message(6, value, this::graph);
                        yield 5;
                    }
                    case OnnxAttribute.Reals(var values) -> {
                        out.floats(7, values);
                        yield 6;
                    }
                    case OnnxAttribute.Ints(var values) -> {
                        out.varints(8, values);
                        yield 7;
                    }
                    case OnnxAttribute.Texts(var values) -> {
                        values.forEach(value -> out.bytes(9, value));
                        yield 8;
                    }
                    case OnnxAttribute.Tensors(var values) -> {
                        out.messages(10, values, this::tensor);
                        yield 9;
                    }
                    case OnnxAttribute.Graphs(var values) -> {
                        out.messages(11, values, this::graph);
                        yield 10;
                    }
                    case OnnxAttribute.Sparse(OnnxSparseTensor value) -> {
                        out.message(22, value, this::sparse);
                        yield 11;
                    }
                    case OnnxAttribute.Sparses(var values) -> {
                        out.messages(23, values, this::sparse);
                        yield 12;
                    }
                    case OnnxAttribute.Type(OnnxType value) -> {
                        out.message(14, value, OnnxTypeWriter::type);
                        yield 13;
                    }
                    case OnnxAttribute.Types(var values) -> {
                        out.messages(15, values, OnnxTypeWriter::type);
                        yield 14;
                    }
                    case OnnxAttribute.Reference(String name, int type) -> {
                        out.text(21, name);
                        yield type;
                    }
                };
        out.varint(20, kind);
    }

    private void tensor(OnnxTensor tensor, ProtobufWriter out) {
        out.packedVarints(1, tensor.shape());
        out.varint(2, tensor.element().id());
        out.text(8, tensor.name());
        out.text(12, tensor.doc());
        switch (tensor.contents()) {
            case OnnxTensor.Plain(Bytes data) -> out.bytes(9, data);
            case OnnxTensor.Texts(var values) -> values.forEach(value -> out.bytes(6, value));
            case OnnxTensor.External external when !elsewhere.contains(external) ->
                    out.bytes(9, external.data());
            case OnnxTensor.External(String location, long offset, String sum, Bytes data) -> {
                entry(13, "location", location, out);
                entry(13, "offset", String.valueOf(offset), out);
                entry(13, "length", String.valueOf(data.size()), out);
                if (!sum.isEmpty()) {
                    entry(13, "checksum", sum, out);
                }
                out.varint(14, 1);
            }
        }
        entries(16, tensor.metadata(), out);
        out.rest(tensor.rest());
    }

    private void sparse(OnnxSparseTensor sparse, ProtobufWriter out) {
        out.message(1, sparse.values(), this::tensor);
        out.message(2, sparse.indices(), this::tensor);
        out.varints(3, sparse.shape());
    }

    private void value(OnnxValueInfo value, ProtobufWriter out) {
        out.text(1, value.name());
        if (!(value.type() instanceof OnnxType.Unknown(String denotation))
                || !denotation.isEmpty()) {
            out.message(2, value.type(), OnnxTypeWriter::type);
        }
        out.text(3, value.doc());
        entries(4, value.metadata(), out);
    }

    private static void opsets(int field, Map<String, Long> opsets, ProtobufWriter out) {
        opsets.forEach((domain, version) ->
                out.message(
                        field,
                        version,
                        (number, inner) -> {
                            inner.bytes(1, Bytes.utf8(domain));
                            inner.always(2, number);
                        }));
    }

    private static void entries(int field, Map<String, String> entries, ProtobufWriter out) {
        entries.forEach((key, value) -> entry(field, key, value, out));
    }

    private static void entry(int field, String key, String text, ProtobufWriter out) {
        out.message(
                field,
                text,
                (value, inner) -> {
                    inner.bytes(1, Bytes.utf8(key));
                    inner.bytes(2, Bytes.utf8(value));
                });
    }
}
