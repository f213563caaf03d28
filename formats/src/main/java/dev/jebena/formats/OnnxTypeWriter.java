package dev.jebena.formats;

import java.util.List;
import java.util.Optional;

/// Types as the messages of onnx.proto.
final class OnnxTypeWriter {
    private OnnxTypeWriter() {}

    static void type(OnnxType type, ProtobufWriter out) {
        switch (type) {
            case OnnxType.Tensor(var element, var shape, _) ->
                    out.message(1, type, (_, inner) -> tensor(element, shape, inner));
            case OnnxType.Sparse(var element, var shape, _) ->
                    out.message(8, type, (_, inner) -> tensor(element, shape, inner));
            case OnnxType.Sequence(var element, _) ->
                    out.message(4, element, OnnxTypeWriter::inner);
            case OnnxType.Maybe(var element, _) -> out.message(9, element, OnnxTypeWriter::inner);
            case OnnxType.Map(var key, var value, _) ->
                    out.message(
                            5,
                            value,
                            (of, inner) -> {
                                inner.varint(1, key.id());
                                inner.message(2, of, OnnxTypeWriter::type);
                            });
            case OnnxType.Opaque(var domain, var name, _) ->
                    out.message(
                            7,
                            name,
                            (of, inner) -> {
                                inner.text(1, domain);
                                inner.text(2, of);
                            });
            case OnnxType.Unknown _ -> {}
        }
        out.text(6, type.denotation());
    }

    private static void inner(OnnxType type, ProtobufWriter out) {
        out.message(1, type, OnnxTypeWriter::type);
    }

    private static void tensor(
            OnnxElement element, Optional<List<OnnxType.Dimension>> shape, ProtobufWriter out) {
        out.varint(1, element.id());
        shape.ifPresent(dimensions ->
                out.message(
                        2,
                        dimensions,
                        (all, inner) -> inner.messages(1, all, OnnxTypeWriter::dimension)));
    }

    private static void dimension(OnnxType.Dimension dimension, ProtobufWriter out) {
        dimension.length().ifPresent(length -> out.always(1, length));
        dimension.name().ifPresent(name -> out.bytes(2, Bytes.utf8(name)));
        out.text(3, dimension.denotation());
    }
}
