package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The messages of onnx.proto as records. Each method reads one message; the numbers are the
/// schema's. Tensors, attributes and types have readers of their own.
final class OnnxReader {
    private final OnnxTensorReader tensors;
    private final OnnxTypeReader types = new OnnxTypeReader();
    private final OnnxAttributeReader attributes = new OnnxAttributeReader(this);

    /// @param arena for elements that cannot be mapped
    /// @param data the files that tensors may lie in
    /// @param problem makes the error for what is wrong
    OnnxReader(Arena arena, OnnxData data, Function<String, FormatException> problem) {
        this.tensors = new OnnxTensorReader(arena, data, problem);
    }

    OnnxModel model(ProtobufReader in) {
        long irVersion = 0;
        Map<String, Long> opsets = new LinkedHashMap<>();
        String producer = "";
        String producerVersion = "";
        String domain = "";
        long version = 0;
        String doc = "";
        @Nullable OnnxGraph graph = null;
        Map<String, String> metadata = new LinkedHashMap<>();
        List<OnnxFunction> functions = new ArrayList<>();
        List<Bytes> rest = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> irVersion = in.varint();
                case 2 -> producer = in.text();
                case 3 -> producerVersion = in.text();
                case 4 -> domain = in.text();
                case 5 -> version = in.varint();
                case 6 -> doc = in.text();
                case 7 -> graph = graph(in.message("GraphProto"));
                case 8 -> opset(in, opsets);
                case 14 -> entry(in, metadata);
                case 25 -> functions.add(function(in.message("FunctionProto")));
                default -> in.keep(rest);
            }
        }
        if (graph == null) {
            throw in.problem("there is no graph; this is no ONNX model");
        }
        return new OnnxModel(
                irVersion,
                Collections.unmodifiableMap(opsets),
                new OnnxModel.Producer(producer, producerVersion),
                domain,
                version,
                doc,
                graph,
                Collections.unmodifiableMap(metadata),
                List.copyOf(functions),
                List.copyOf(rest));
    }

    OnnxGraph graph(ProtobufReader in) {
        List<OnnxNode> nodes = new ArrayList<>();
        String name = "";
        List<OnnxTensor> initializers = new ArrayList<>();
        List<OnnxSparseTensor> sparse = new ArrayList<>();
        List<OnnxValueInfo> inputs = new ArrayList<>();
        List<OnnxValueInfo> outputs = new ArrayList<>();
        List<OnnxValueInfo> values = new ArrayList<>();
        Map<String, Map<String, String>> annotations = new LinkedHashMap<>();
        String doc = "";
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Bytes> rest = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> nodes.add(node(in.message("NodeProto")));
                case 2 -> name = in.text();
                case 5 -> initializers.add(tensor(in.message("TensorProto")));
                case 10 -> doc = in.text();
                case 11 -> inputs.add(types.value(in.message("ValueInfoProto")));
                case 12 -> outputs.add(types.value(in.message("ValueInfoProto")));
                case 13 -> values.add(types.value(in.message("ValueInfoProto")));
                case 14 -> annotation(in.message("TensorAnnotation"), annotations);
                case 15 -> sparse.add(sparse(in.message("SparseTensorProto")));
                case 16 -> entry(in, metadata);
                default -> in.keep(rest);
            }
        }
        return new OnnxGraph(
                name,
                List.copyOf(nodes),
                List.copyOf(initializers),
                List.copyOf(sparse),
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.copyOf(values),
                Collections.unmodifiableMap(annotations),
                doc,
                Collections.unmodifiableMap(metadata),
                List.copyOf(rest));
    }

    private OnnxNode node(ProtobufReader in) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String name = "";
        String operator = "";
        String domain = "";
        String overload = "";
        List<OnnxAttribute> found = new ArrayList<>();
        String doc = "";
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Bytes> rest = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> operator = in.text();
                case 5 -> found.add(attributes.read(in.message("AttributeProto")));
                case 6 -> doc = in.text();
                case 7 -> domain = in.text();
                case 8 -> overload = in.text();
                case 9 -> entry(in, metadata);
                default -> in.keep(rest);
            }
        }
        return new OnnxNode(
                name,
                operator,
                domain,
                overload,
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.copyOf(found),
                doc,
                Collections.unmodifiableMap(metadata),
                List.copyOf(rest));
    }

    private OnnxFunction function(ProtobufReader in) {
        String name = "";
        String domain = "";
        String overload = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<String> required = new ArrayList<>();
        List<OnnxAttribute> defaults = new ArrayList<>();
        List<OnnxNode> nodes = new ArrayList<>();
        Map<String, Long> opsets = new LinkedHashMap<>();
        List<OnnxValueInfo> values = new ArrayList<>();
        String doc = "";
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Bytes> rest = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 4 -> inputs.add(in.text());
                case 5 -> outputs.add(in.text());
                case 6 -> required.add(in.text());
                case 7 -> nodes.add(node(in.message("NodeProto")));
                case 8 -> doc = in.text();
                case 9 -> opset(in, opsets);
                case 10 -> domain = in.text();
                case 11 -> defaults.add(attributes.read(in.message("AttributeProto")));
                case 12 -> values.add(types.value(in.message("ValueInfoProto")));
                case 13 -> overload = in.text();
                case 14 -> entry(in, metadata);
                default -> in.keep(rest);
            }
        }
        return new OnnxFunction(
                name,
                domain,
                overload,
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.copyOf(required),
                List.copyOf(defaults),
                List.copyOf(nodes),
                Collections.unmodifiableMap(opsets),
                List.copyOf(values),
                doc,
                Collections.unmodifiableMap(metadata),
                List.copyOf(rest));
    }

    OnnxTensor tensor(ProtobufReader in) {
        return tensors.read(in);
    }

    OnnxType type(ProtobufReader in) {
        return types.type(in);
    }

    OnnxSparseTensor sparse(ProtobufReader in) {
        @Nullable OnnxTensor values = null;
        @Nullable OnnxTensor indices = null;
        NumberList.LongBuilder shape = new NumberList.LongBuilder();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> values = tensor(in.message("TensorProto"));
                case 2 -> indices = tensor(in.message("TensorProto"));
                case 3 -> in.varints(shape);
                default -> in.skip();
            }
        }
        if (values == null || indices == null) {
            throw in.problem("a sparse tensor must have values and indices");
        }
        return new OnnxSparseTensor(values, indices, Shapes.of(shape.build(), in::problem));
    }

    private void opset(ProtobufReader in, Map<String, Long> opsets) {
        ProtobufReader inner = in.message("OperatorSetIdProto");
        String domain = "";
        long version = 0;
        while (inner.next()) {
            switch (inner.field()) {
                case 1 -> domain = inner.text();
                case 2 -> version = inner.varint();
                default -> inner.skip();
            }
        }
        Long before = opsets.putIfAbsent(domain, version);
        if (before != null && before != version) {
            throw in.problem(
                    "the operators of domain %s are imported in versions %d and %d"
                            .formatted(Names.quoted(domain), before, version));
        }
    }

    private static void annotation(ProtobufReader in, Map<String, Map<String, String>> all) {
        String tensor = "";
        Map<String, String> names = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> tensor = in.text();
                case 2 -> entry(in, names);
                default -> in.skip();
            }
        }
        all.put(tensor, Collections.unmodifiableMap(names));
    }

    /// A `StringStringEntryProto`; of a repeated key the last value counts.
    static void entry(ProtobufReader in, Map<String, String> entries) {
        ProtobufReader inner = in.message("StringStringEntryProto");
        String key = "";
        String value = "";
        while (inner.next()) {
            switch (inner.field()) {
                case 1 -> key = inner.text();
                case 2 -> value = inner.text();
                default -> inner.skip();
            }
        }
        entries.put(key, value);
    }
}
