package dev.jebena.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The types of an ONNX model's values.
final class OnnxTypeReader {
    OnnxValueInfo value(ProtobufReader in) {
        String name = "";
        OnnxType type = new OnnxType.Unknown("");
        String doc = "";
        Map<String, String> metadata = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> type = type(in.message("TypeProto"));
                case 3 -> doc = in.text();
                case 4 -> OnnxReader.entry(in, metadata);
                default -> in.skip();
            }
        }
        return new OnnxValueInfo(name, type, doc, Collections.unmodifiableMap(metadata));
    }

    OnnxType type(ProtobufReader in) {
        OnnxType type = new OnnxType.Unknown("");
        String denotation = "";
        while (in.next()) {
            switch (in.field()) {
                case 1, 8 -> type = tensor(in.message("TypeProto.Tensor"), in.field() == 8);
                case 4 ->
                        type =
                                new OnnxType.Sequence(
                                        inner(in.message("TypeProto.Sequence"), 1), "");
                case 5 -> type = map(in.message("TypeProto.Map"));
                case 6 -> denotation = in.text();
                case 7 -> type = opaque(in.message("TypeProto.Opaque"));
                case 9 -> type = new OnnxType.Maybe(inner(in.message("TypeProto.Optional"), 1), "");
                default -> in.skip();
            }
        }
        return denotation.isEmpty() ? type : denoted(type, denotation);
    }

    private static OnnxType denoted(OnnxType type, String denotation) {
        return switch (type) {
            case OnnxType.Tensor(var element, var shape, _) ->
                    new OnnxType.Tensor(element, shape, denotation);
            case OnnxType.Sparse(var element, var shape, _) ->
                    new OnnxType.Sparse(element, shape, denotation);
            case OnnxType.Sequence(var element, _) -> new OnnxType.Sequence(element, denotation);
            case OnnxType.Map(var key, var value, _) -> new OnnxType.Map(key, value, denotation);
            case OnnxType.Maybe(var element, _) -> new OnnxType.Maybe(element, denotation);
            case OnnxType.Opaque(var domain, var name, _) ->
                    new OnnxType.Opaque(domain, name, denotation);
            case OnnxType.Unknown _ -> new OnnxType.Unknown(denotation);
        };
    }

    private static OnnxType tensor(ProtobufReader in, boolean sparse) {
        OnnxElement element = OnnxElement.UNDEFINED;
        Optional<List<OnnxType.Dimension>> shape = Optional.empty();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> element = element(in);
                case 2 -> shape = Optional.of(shape(in.message("TensorShapeProto")));
                default -> in.skip();
            }
        }
        return sparse
                ? new OnnxType.Sparse(element, shape, "")
                : new OnnxType.Tensor(element, shape, "");
    }

    static OnnxElement element(ProtobufReader in) {
        long id = in.varint();
        return OnnxElement.ofId(id)
                .orElseThrow(() ->
                        in.problem(
                                "there is no element type %d, known are 0 to %d"
                                        .formatted(id, OnnxElement.values().length - 1)));
    }

    private static List<OnnxType.Dimension> shape(ProtobufReader in) {
        List<OnnxType.Dimension> dimensions = new ArrayList<>();
        while (in.next()) {
            if (in.field() == 1) {
                dimensions.add(dimension(in.message("TensorShapeProto.Dimension")));
            } else {
                in.skip();
            }
        }
        return List.copyOf(dimensions);
    }

    private static OnnxType.Dimension dimension(ProtobufReader in) {
        Optional<Long> length = Optional.empty();
        Optional<String> name = Optional.empty();
        String denotation = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> length = Optional.of(in.varint());
                case 2 -> name = Optional.of(in.text());
                case 3 -> denotation = in.text();
                default -> in.skip();
            }
        }
        return new OnnxType.Dimension(length, name, denotation);
    }

    /// The type in field number `field` of a container.
    private OnnxType inner(ProtobufReader in, int field) {
        OnnxType type = new OnnxType.Unknown("");
        while (in.next()) {
            if (in.field() == field) {
                type = type(in.message("TypeProto"));
            } else {
                in.skip();
            }
        }
        return type;
    }

    private OnnxType map(ProtobufReader in) {
        OnnxElement key = OnnxElement.UNDEFINED;
        OnnxType value = new OnnxType.Unknown("");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = element(in);
                case 2 -> value = type(in.message("TypeProto"));
                default -> in.skip();
            }
        }
        return new OnnxType.Map(key, value, "");
    }

    private static OnnxType opaque(ProtobufReader in) {
        String domain = "";
        String name = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> domain = in.text();
                case 2 -> name = in.text();
                default -> in.skip();
            }
        }
        return new OnnxType.Opaque(domain, name, "");
    }
}
