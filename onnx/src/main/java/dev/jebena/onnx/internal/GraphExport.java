package dev.jebena.onnx.internal;

import static dev.jebena.onnx.internal.NodeWriter.integer;
import static dev.jebena.onnx.internal.NodeWriter.integers;

import dev.jebena.formats.OnnxNode;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// The operations of a graph as nodes of ONNX.
public final class GraphExport {
    /// The operator set of exported models.
    public static final long OPSET = 18;

    private final Graph graph;
    private final NodeWriter writer;
    private final String[] names;

    public GraphExport(Graph graph, List<String> inputs, List<String> outputs) {
        this(graph, inputs, new NodeWriter());
        for (int i = 0; i < outputs.size(); i++) {
            writer.copy(names[graph.outputs().get(i)], outputs.get(i));
        }
    }

    private GraphExport(Graph graph, List<String> inputs, NodeWriter writer) {
        this.graph = graph;
        this.writer = writer;
        names = new String[graph.specs().size()];
        for (int i = 0; i < inputs.size(); i++) {
            names[i] = inputs.get(i);
        }
        graph.constants().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> names[entry.getKey()] = writer.constant(entry.getValue()));
        for (Graph.Node node : graph.nodes()) {
            List<String> in = node.inputs().stream().map(id -> names[id]).toList();
            List<Op.Spec> specs = node.inputs().stream().map(graph.specs()::get).toList();
            List<String> out = export(node, in, specs);
            for (int i = 0; i < out.size(); i++) {
                names[node.first() + i] = out.get(i);
            }
        }
    }

    public List<OnnxNode> nodes() {
        return writer.nodes();
    }

    public List<OnnxTensor> constants() {
        return writer.constants();
    }

    static OnnxException unsupported(Op op) {
        return new OnnxException(
                OnnxException.Code.UNSUPPORTED, "ONNX opset 18 has no operators for " + op);
    }

    private List<String> export(Graph.Node node, List<String> in, List<Op.Spec> specs) {
        if (node.op() instanceof Op.Standardize standardize) {
            return standardize(standardize, in.getFirst(), specs.getFirst());
        }
        if (node.op() instanceof Op.CrossEntropy loss) {
            Graph parts = Graph.trace(loss::inOtherOps, specs);
            GraphExport written = new GraphExport(parts, in, writer);
            return parts.outputs().stream().map(id -> written.names[id]).toList();
        }
        return List.of(one(node, in, specs));
    }

    private List<String> standardize(Op.Standardize op, String x, Op.Spec spec) {
        int rank = spec.shape().rank();
        Shape axes = spec.shape().slice(rank - op.axes(), rank);
        String ones = writer.constant(Tensor.full(axes, 1, spec.dtype()));
        List<String> out = List.of(writer.fresh(), writer.fresh(), writer.fresh());
        writer.nodes(
                "LayerNormalization",
                List.of(x, ones),
                out,
                integer("axis", rank - op.axes()),
                NodeWriter.real("epsilon", op.epsilon()));
        return List.of(out.get(0), out.get(2));
    }

    private String one(Graph.Node node, List<String> in, List<Op.Spec> specs) {
        Op.Spec result = graph.specs().get(node.first());
        String x = in.isEmpty() ? "" : in.getFirst();
        return switch (node.op()) {
            case Op.Unary op -> ElementExport.unary(writer, op, x, specs.getFirst());
            case Op.Binary op ->
                    ElementExport.binary(writer, op, x, in.get(1), specs.getFirst().dtype());
            case Op.Compare op ->
                    ElementExport.compare(
                            writer, op.kind(), x, in.get(1), specs.getFirst().dtype());
            case Op.Where _ -> writer.node("Where", in);
            case Op.Clamp op -> ElementExport.clamp(writer, op, x, result.dtype());
            case Op.Cast op -> ElementExport.cast(writer, x, op.to());
            case Op.Reshape op ->
                    writer.node(
                            "Reshape",
                            List.of(x, writer.list(op.to().toArray())),
                            integer("allowzero", 1));
            case Op.Permute op -> writer.node("Transpose", x, integers("perm", op.order()));
            case Op.Expand op -> writer.node("Expand", x, writer.list(op.to().toArray()));
            case Op.Slice op -> slice(op, x);
            case Op.Pad op -> pad(op, x, result.dtype());
            case Op.Flip op -> flip(op, x);
            case Op.Unfold op -> unfold(op, x, result.shape());
            case Op.Concat op -> writer.node("Concat", in, integer("axis", op.axis()));
            case Op.Reduce op ->
                    ElementExport.reduce(writer, op, x, specs.getFirst().dtype(), result.dtype());
            case Op.ArgReduce op ->
                    writer.node(op.largest() ? "ArgMax" : "ArgMin", x, integer("axis", op.axis()));
            case Op.Cumulate op when !op.product() ->
                    writer.node("CumSum", List.of(x, writer.number(op.axis(), DType.INT64)));
            case Op.Gather op -> writer.node("GatherElements", in, integer("axis", op.axis()));
            case Op.Scatter op -> writer.node("ScatterElements", in, integer("axis", op.axis()));
            case Op.ScatterAdd op -> add(in, op.axis());
            case Op.IndexSelect op -> writer.node("Gather", in, integer("axis", op.axis()));
            case Op.IndexAdd op -> indexAdd(op, in, specs.get(2).shape());
            case Op.ArgSort op ->
                    top(x, specs.getFirst().shape().dim(op.axis()), op.axis(), op.descending());
            case Op.TopK op -> top(x, op.k(), op.axis(), op.largest());
            case Op.MatMul op -> op.wide() ? wide(in, specs) : writer.node("MatMul", in);
            case Op.Conv op -> WindowExport.conv(writer, op.window(), in, result.dtype());
            case Op.ConvInput op -> WindowExport.transposed(writer, op, in, specs);
            case Op.PoolSum op -> WindowExport.sum(writer, op, x, specs.getFirst());
            case Op.PoolIndex op -> WindowExport.index(writer, op, x, specs.getFirst().shape());
            case Op.Softmax op -> writer.node("Softmax", x, integer("axis", op.axis()));
            case Op.LogSoftmax op -> writer.node("LogSoftmax", x, integer("axis", op.axis()));
            case Op.Attention op -> WindowExport.attention(writer, op, in, specs);
            case Op.Fft op -> transform(op, x, specs.getFirst());
            case Op.Cumulate _,
                    Op.CumulateIndex _,
                    Op.Standardize _,
                    Op.CrossEntropy _,
                    Op.CrossEntropyGradient _,
                    Op.Fold _,
                    Op.ConvWeight _,
                    Op.PoolSpread _,
                    Op.Cholesky _,
                    Op.TriangularSolve _,
                    Op.Solve _,
                    Op.Qr _,
                    Op.Svd _,
                    Op.Eigh _,
                    Op.SlogDet _,
                    Op.Random _,
                    Op.Custom _ ->
                    throw unsupported(node.op());
        };
    }

    private String wide(List<String> in, List<Op.Spec> specs) {
        if (specs.getFirst().dtype().isFloat()) {
            return writer.node(
                    "MatMul",
                    ElementExport.cast(writer, in.get(0), DType.FLOAT32),
                    ElementExport.cast(writer, in.get(1), DType.FLOAT32));
        }
        String product = writer.node("MatMulInteger", in.subList(0, 2));
        return in.size() > 2 ? writer.node("Add", product, in.get(2)) : product;
    }

    private String slice(Op.Slice op, String x) {
        return writer.node(
                "Slice",
                List.of(
                        x,
                        writer.list(op.begin().toArray()),
                        writer.list(op.end().toArray()),
                        writer.list(Ints.range(0, op.begin().size()).toArray()),
                        writer.list(op.step().toArray())));
    }

    private String pad(Op.Pad op, String x, DType type) {
        if (!op.interior().equals(Ints.filled(op.interior().size(), 0))) {
            throw unsupported(op);
        }
        return writer.node(
                "Pad",
                List.of(
                        x,
                        writer.list(NodeWriter.sides(op.low(), op.high())),
                        writer.number(op.value(), type)));
    }

    private String flip(Op.Flip op, String x) {
        int n = op.axes().size();
        return writer.node(
                "Slice",
                List.of(
                        x,
                        writer.list(Windows.filled(n, Integer.MAX_VALUE)),
                        writer.list(Windows.filled(n, -Integer.MAX_VALUE)),
                        writer.list(op.axes().toArray()),
                        writer.list(Windows.filled(n, -1))));
    }

    /// Windows by a matrix of indices; their elements become the last axis.
    private String unfold(Op.Unfold op, String x, Shape result) {
        int count = result.dim(op.axis());
        Tensor index =
                Tensor.arange(count).mul(op.step()).unsqueeze(1).add(Tensor.arange(op.size()));
        String gathered =
                writer.node(
                        "Gather", List.of(x, writer.constant(index)), integer("axis", op.axis()));
        int rank = result.rank();
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = i <= op.axis() ? i : i == rank - 1 ? op.axis() + 1 : i + 1;
        }
        return writer.node("Transpose", gathered, integers("perm", order));
    }

    private String add(List<String> in, int axis) {
        return writer.node(
                "ScatterElements", in, integer("axis", axis), NodeWriter.text("reduction", "add"));
    }

    private String indexAdd(Op.IndexAdd op, List<String> in, Shape source) {
        int[] dims = Windows.filled(source.rank(), 1);
        dims[op.axis()] = source.dim(op.axis());
        String column = writer.node("Reshape", List.of(in.get(1), writer.list(dims)));
        String index = writer.node("Expand", column, writer.list(source.toArray()));
        return add(List.of(in.get(0), index, in.get(2)), op.axis());
    }

    private String top(String x, int k, int axis, boolean largest) {
        List<String> out = List.of(writer.fresh(), writer.fresh());
        writer.nodes(
                "TopK",
                List.of(x, writer.list(k)),
                out,
                integer("axis", axis),
                integer("largest", largest ? 1 : 0));
        return out.get(1);
    }

    private String transform(Op.Fft op, String x, Op.Spec spec) {
        int axis = spec.shape().rank() - 2;
        String y =
                writer.node(
                        "DFT", x, integer("axis", axis), integer("inverse", op.inverse() ? 1 : 0));
        // ONNX divides the inverse by the length.
        return op.inverse()
                ? writer.node("Mul", y, writer.number(spec.shape().dim(axis), spec.dtype()))
                : y;
    }
}
