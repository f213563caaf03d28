package dev.jebena.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The messages of TensorFlow's saved_model.proto, meta_graph.proto, graph.proto and function.proto
/// as records. Each method reads one message; the numbers are the schema's.
final class TensorFlowReader {
    private final TensorFlowTensorReader tensors;

    private TensorFlowReader(TensorFlowTensorReader tensors) {
        this.tensors = tensors;
    }

    static TensorFlowReader of(MappedFile file) {
        return new TensorFlowReader(new TensorFlowTensorReader(file));
    }

    /// An entry of a map.
    private record Entry<T>(String key, @Nullable T value) {}

    @FunctionalInterface
    private interface Message<T> {
        T read(ProtobufReader in);
    }

    private static <T> void entry(
            ProtobufReader in, Map<String, T> entries, String type, Message<T> message) {
        Entry<T> entry = entry(in.message("a map's entry"), type, message);
        if (entry.value != null) {
            entries.put(entry.key, entry.value);
        }
    }

    private static <T> Entry<T> entry(ProtobufReader in, String type, Message<T> message) {
        String key = "";
        @Nullable T value = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text();
                case 2 -> value = message.read(in.message(type));
                default -> in.skip();
            }
        }
        return new Entry<>(key, value);
    }

    List<SavedModel.MetaGraph> savedModel(ProtobufReader in) {
        List<SavedModel.MetaGraph> graphs = new ArrayList<>();
        while (in.next()) {
            if (in.field() == 2) {
                graphs.add(metaGraph(in.message("MetaGraphDef")));
            } else {
                in.skip();
            }
        }
        return List.copyOf(graphs);
    }

    private SavedModel.MetaGraph metaGraph(ProtobufReader in) {
        List<String> tags = new ArrayList<>();
        String[] producer = {""};
        TensorFlowGraph graph = new TensorFlowGraph(List.of(), List.of(), 0);
        Map<String, SavedModel.Signature> signatures = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> metaInfo(in.message("MetaInfoDef"), tags, producer);
                case 2 -> graph = graph(in.message("GraphDef"));
                case 5 -> entry(in, signatures, "SignatureDef", this::signature);
                default -> in.skip();
            }
        }
        return new SavedModel.MetaGraph(
                List.copyOf(tags), producer[0], graph, Collections.unmodifiableMap(signatures));
    }

    private static void metaInfo(ProtobufReader in, List<String> tags, String[] producer) {
        while (in.next()) {
            switch (in.field()) {
                case 4 -> tags.add(in.text());
                case 5 -> producer[0] = in.text();
                default -> in.skip();
            }
        }
    }

    private SavedModel.Signature signature(ProtobufReader in) {
        Map<String, SavedModel.TensorInfo> inputs = new LinkedHashMap<>();
        Map<String, SavedModel.TensorInfo> outputs = new LinkedHashMap<>();
        String method = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> entry(in, inputs, "TensorInfo", TensorFlowReader::info);
                case 2 -> entry(in, outputs, "TensorInfo", TensorFlowReader::info);
                case 3 -> method = in.text();
                default -> in.skip();
            }
        }
        return new SavedModel.Signature(
                Collections.unmodifiableMap(inputs), Collections.unmodifiableMap(outputs), method);
    }

    private static SavedModel.TensorInfo info(ProtobufReader in) {
        String name = "";
        TensorFlowType type = TensorFlowType.DT_INVALID;
        Optional<List<Long>> shape = Optional.empty();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> type = TensorFlowTensorReader.type(in);
                case 3 -> shape = TensorFlowTensorReader.shape(in.message("TensorShapeProto"));
                default -> in.skip();
            }
        }
        return new SavedModel.TensorInfo(name, type, shape);
    }

    TensorFlowGraph graph(ProtobufReader in) {
        List<TensorFlowGraph.Node> nodes = new ArrayList<>();
        List<TensorFlowGraph.Function> functions = new ArrayList<>();
        long version = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> nodes.add(node(in.message("NodeDef")));
                case 2 -> library(in.message("FunctionDefLibrary"), functions);
                case 4 -> version = producer(in.message("VersionDef"));
                default -> in.skip();
            }
        }
        return new TensorFlowGraph(List.copyOf(nodes), List.copyOf(functions), version);
    }

    private static long producer(ProtobufReader in) {
        long producer = 0;
        while (in.next()) {
            if (in.field() == 1) {
                producer = in.varint();
            } else {
                in.skip();
            }
        }
        return producer;
    }

    private TensorFlowGraph.Node node(ProtobufReader in) {
        String name = "";
        String operator = "";
        List<String> inputs = new ArrayList<>();
        String device = "";
        Map<String, TensorFlowAttribute> attributes = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> operator = in.text();
                case 3 -> inputs.add(in.text());
                case 4 -> device = in.text();
                case 5 -> entry(in, attributes, "AttrValue", this::attribute);
                default -> in.skip();
            }
        }
        return new TensorFlowGraph.Node(
                name,
                operator,
                List.copyOf(inputs),
                device,
                Collections.unmodifiableMap(attributes));
    }

    private TensorFlowAttribute attribute(ProtobufReader in) {
        @Nullable TensorFlowAttribute value = null;
        while (in.next()) {
            value =
                    switch (in.field()) {
                        case 1 -> list(in.message("AttrValue.ListValue"));
                        case 9 -> new TensorFlowAttribute.Placeholder(in.text());
                        case 10 -> function(in.message("NameAttrList"));
                        default -> scalar(in);
                    };
        }
        if (value == null) {
            throw in.problem("an attribute without a value");
        }
        return value;
    }

    /// The fields that a value and a list of values have alike; null for others.
    private @Nullable TensorFlowAttribute scalar(ProtobufReader in) {
        return switch (in.field()) {
            case 2 -> new TensorFlowAttribute.Text(in.bytes());
            case 3 -> new TensorFlowAttribute.Int(in.varint());
            case 4 -> new TensorFlowAttribute.Real(in.float32());
            case 5 -> new TensorFlowAttribute.Flag(in.bool());
            case 6 -> new TensorFlowAttribute.Type(TensorFlowTensorReader.type(in));
            case 7 ->
                    new TensorFlowAttribute.Shape(
                            TensorFlowTensorReader.shape(in.message("TensorShapeProto")));
            case 8 -> tensors.read(in.message("TensorProto"));
            default -> {
                in.skip();
                yield null;
            }
        };
    }

    private TensorFlowAttribute list(ProtobufReader in) {
        List<TensorFlowAttribute> values = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 3, 5, 6 -> {
                    int field = in.field();
                    NumberList.LongBuilder numbers = new NumberList.LongBuilder();
                    in.varints(numbers);
                    for (long number : numbers.build()) {
                        values.add(number(field, number, in));
                    }
                }
                case 4 -> {
                    NumberList.FloatBuilder numbers = new NumberList.FloatBuilder();
                    in.floats(numbers);
                    numbers.build().forEach(real -> values.add(new TensorFlowAttribute.Real(real)));
                }
                case 9 -> values.add(function(in.message("NameAttrList")));
                default -> {
                    TensorFlowAttribute value = scalar(in);
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
        }
        return new TensorFlowAttribute.Values(List.copyOf(values));
    }

    private static TensorFlowAttribute number(int field, long number, ProtobufReader in) {
        return switch (field) {
            case 3 -> new TensorFlowAttribute.Int(number);
            case 5 -> new TensorFlowAttribute.Flag(number != 0);
            default -> new TensorFlowAttribute.Type(TensorFlowTensorReader.type(number, in));
        };
    }

    private TensorFlowAttribute function(ProtobufReader in) {
        String name = "";
        Map<String, TensorFlowAttribute> attributes = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> entry(in, attributes, "AttrValue", this::attribute);
                default -> in.skip();
            }
        }
        return new TensorFlowAttribute.Function(name, Collections.unmodifiableMap(attributes));
    }

    private void library(ProtobufReader in, List<TensorFlowGraph.Function> functions) {
        while (in.next()) {
            if (in.field() == 1) {
                functions.add(functionDef(in.message("FunctionDef")));
            } else {
                in.skip();
            }
        }
    }

    private TensorFlowGraph.Function functionDef(ProtobufReader in) {
        String[] name = {""};
        List<TensorFlowGraph.Argument> inputs = new ArrayList<>();
        List<TensorFlowGraph.Argument> outputs = new ArrayList<>();
        List<TensorFlowGraph.Node> nodes = new ArrayList<>();
        Map<String, String> returns = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> signature(in.message("OpDef"), name, inputs, outputs);
                case 3 -> nodes.add(node(in.message("NodeDef")));
                case 4 -> OnnxReader.entry(in, returns);
                default -> in.skip();
            }
        }
        return new TensorFlowGraph.Function(
                name[0],
                List.copyOf(inputs),
                List.copyOf(outputs),
                List.copyOf(nodes),
                Collections.unmodifiableMap(returns));
    }

    private static void signature(
            ProtobufReader in,
            String[] name,
            List<TensorFlowGraph.Argument> inputs,
            List<TensorFlowGraph.Argument> outputs) {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name[0] = in.text();
                case 2 -> inputs.add(argument(in.message("ArgDef")));
                case 3 -> outputs.add(argument(in.message("ArgDef")));
                default -> in.skip();
            }
        }
    }

    private static TensorFlowGraph.Argument argument(ProtobufReader in) {
        String name = "";
        TensorFlowType type = TensorFlowType.DT_INVALID;
        String attribute = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 3 -> type = TensorFlowTensorReader.type(in);
                case 4 -> attribute = in.text();
                default -> in.skip();
            }
        }
        return new TensorFlowGraph.Argument(name, type, attribute);
    }
}
