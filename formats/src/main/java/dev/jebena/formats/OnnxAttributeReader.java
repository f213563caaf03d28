package dev.jebena.formats;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attributes of an ONNX model's nodes.
final class OnnxAttributeReader {
    private final OnnxReader reader;

    OnnxAttributeReader(OnnxReader reader) {
        this.reader = reader;
    }

    OnnxAttribute read(ProtobufReader in) {
        String name = "";
        String doc = "";
        String reference = "";
        int kind = 0;
        Fields fields = new Fields();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 13 -> doc = in.text();
                case 20 -> kind = in.int32();
                case 21 -> reference = in.text();
                default -> fields.read(in, reader);
            }
        }
        if (!reference.isEmpty()) {
            return new OnnxAttribute(name, new OnnxAttribute.Reference(reference, kind), doc);
        }
        OnnxAttribute.@Nullable Value value = fields.value(kind == 0 ? fields.kind : kind);
        if (value == null) {
            throw in.problem(
                    "the attribute %s of type %d has no value".formatted(Names.quoted(name), kind));
        }
        return new OnnxAttribute(name, value, doc);
    }

    /// Whatever the fields of an attribute hold. Which of them counts, its type says, which may
    /// come after them.
    private static final class Fields {
        /// The type that the fields themselves tell: the first models had no other.
        private int kind;

        private float real;
        private long integer;
        private Bytes text = Bytes.utf8("");
        private @Nullable OnnxTensor tensor;
        private @Nullable OnnxGraph graph;
        private @Nullable OnnxSparseTensor sparse;
        private @Nullable OnnxType type;
        private final NumberList.FloatBuilder reals = new NumberList.FloatBuilder();
        private final NumberList.LongBuilder ints = new NumberList.LongBuilder();
        private final List<Bytes> texts = new ArrayList<>();
        private final List<OnnxTensor> tensors = new ArrayList<>();
        private final List<OnnxGraph> graphs = new ArrayList<>();
        private final List<OnnxSparseTensor> sparses = new ArrayList<>();
        private final List<OnnxType> types = new ArrayList<>();

        private void read(ProtobufReader in, OnnxReader reader) {
            int found = kindOf(in.field());
            kind = found == 0 ? kind : found;
            switch (in.field()) {
                case 2 -> real = in.float32();
                case 3 -> integer = in.varint();
                case 4 -> text = in.bytes();
                case 5 -> tensor = reader.tensor(in.message("TensorProto"));
                case 6 -> graph = reader.graph(in.message("GraphProto"));
                case 7 -> in.floats(reals);
                case 8 -> in.varints(ints);
                case 9 -> texts.add(in.bytes());
                case 10 -> tensors.add(reader.tensor(in.message("TensorProto")));
                case 11 -> graphs.add(reader.graph(in.message("GraphProto")));
                case 14 -> type = reader.type(in.message("TypeProto"));
                case 15 -> types.add(reader.type(in.message("TypeProto")));
                case 22 -> sparse = reader.sparse(in.message("SparseTensorProto"));
                case 23 -> sparses.add(reader.sparse(in.message("SparseTensorProto")));
                default -> in.skip();
            }
        }

        private static int kindOf(int field) {
            return switch (field) {
                case 2 -> 1;
                case 3 -> 2;
                case 4 -> 3;
                case 5 -> 4;
                case 6 -> 5;
                case 7 -> 6;
                case 8 -> 7;
                case 9 -> 8;
                case 10 -> 9;
                case 11 -> 10;
                case 22 -> 11;
                case 23 -> 12;
                case 14 -> 13;
                case 15 -> 14;
                default -> 0;
            };
        }

        private OnnxAttribute.@Nullable Value value(int kind) {
            return switch (kind) {
                case 1 -> new OnnxAttribute.Real(real);
                case 2 -> new OnnxAttribute.Int(integer);
                case 3 -> new OnnxAttribute.Text(text);
                case 4 -> tensor == null ? null : new OnnxAttribute.Tensor(tensor);
                case 5 -> graph == null ? null : new OnnxAttribute.Graph(graph);
                case 6 -> new OnnxAttribute.Reals(reals.build());
                case 7 -> new OnnxAttribute.Ints(ints.build());
                case 8 -> new OnnxAttribute.Texts(List.copyOf(texts));
                case 9 -> new OnnxAttribute.Tensors(List.copyOf(tensors));
                case 10 -> new OnnxAttribute.Graphs(List.copyOf(graphs));
                case 11 -> sparse == null ? null : new OnnxAttribute.Sparse(sparse);
                case 12 -> new OnnxAttribute.Sparses(List.copyOf(sparses));
                case 13 -> type == null ? null : new OnnxAttribute.Type(type);
                case 14 -> new OnnxAttribute.Types(List.copyOf(types));
                default -> null;
            };
        }
    }
}
