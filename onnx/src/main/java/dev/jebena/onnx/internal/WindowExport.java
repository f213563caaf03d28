package dev.jebena.onnx.internal;

import static dev.jebena.onnx.internal.NodeWriter.integer;
import static dev.jebena.onnx.internal.NodeWriter.integers;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.List;

/// Convolutions, pooling and attention as nodes.
final class WindowExport {
    private WindowExport() {}

    private static OnnxAttribute[] attributes(Op.Window window, int... highs) {
        return new OnnxAttribute[] {
            integers("strides", window.stride()),
            integers("pads", NodeWriter.sides(window.low(), Ints.of(highs))),
            integers("dilations", window.dilation()),
            integer("group", window.groups())
        };
    }

    static String conv(NodeWriter w, Op.Window window, List<String> in, DType type) {
        String operator = type == DType.INT32 ? "ConvInteger" : "Conv";
        return w.node(operator, in, attributes(window, window.high().toArray()));
    }

    /// What is missing to the input's length comes as less padding at the end.
    static String transposed(NodeWriter w, Op.ConvInput op, List<String> in, List<Op.Spec> specs) {
        Op.Window window = op.window();
        Shape y = specs.get(0).shape();
        Shape weight = specs.get(1).shape();
        int n = window.stride().size();
        int[] high = new int[n];
        for (int i = 0; i < n; i++) {
            int reach = window.dilation().get(i) * (weight.dim(2 + i) - 1) + 1;
            int full = (y.dim(2 + i) - 1) * window.stride().get(i) + reach;
            high[i] = full - window.low().get(i) - op.input().dim(2 + i);
        }
        return w.node("ConvTranspose", in, attributes(window, high));
    }

    /// The attributes that make these windows.
    private record Regular(int[] size, int[] stride, int[] low, int[] high) {}

    private static Regular regular(Op op, Op.Pooling pooling, Shape shape) {
        int n = pooling.rank();
        Regular found = new Regular(new int[n], new int[n], new int[n], new int[n]);
        for (int i = 0; i < n; i++) {
            Ints begins = pooling.begins().get(i);
            Ints ends = pooling.ends().get(i);
            int length = shape.dim(i - n);
            int dilation = pooling.dilation().get(i);
            if (!fit(found, i, begins, ends, length, dilation)) {
                throw new OnnxException(
                        OnnxException.Code.UNSUPPORTED,
                        "the windows of axis %d in %s are not equal".formatted(i - n, op));
            }
        }
        return found;
    }

    /// Finds size, stride and padding that give these windows, by trying what the longest window
    /// allows: sizes are small.
    private static boolean fit(
            Regular found, int axis, Ints begins, Ints ends, int length, int dilation) {
        int count = begins.size();
        int longest = 0;
        for (int w = 0; w < count; w++) {
            longest = Math.max(longest, ends.get(w) - begins.get(w));
        }
        for (int size = 1; dilation * (size - 1) + 1 <= length + 2 * longest; size++) {
            int reach = dilation * (size - 1) + 1;
            if (reach < longest) {
                continue;
            }
            int mostStride = count > 1 ? length + reach : 1;
            for (int stride = 1; stride <= mostStride; stride++) {
                // The first window ends where its padding leaves it.
                int low = reach - ends.get(0);
                low = begins.get(0) > 0 || low < 0 ? 0 : low;
                if (isMade(begins, ends, length, dilation, reach, stride, low)) {
                    found.size[axis] = size;
                    found.stride[axis] = stride;
                    found.low[axis] = low;
                    int high = (count - 1) * stride + reach - length - low;
                    found.high[axis] = Math.max(0, high);
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isMade(
            Ints begins, Ints ends, int length, int dilation, int reach, int stride, int low) {
        for (int w = 0; w < begins.size(); w++) {
            int from = w * stride - low;
            int begin = from >= 0 ? from : from + Math.ceilDiv(-from, dilation) * dilation;
            if (begins.get(w) != begin || ends.get(w) != Math.min(length, from + reach)) {
                return false;
            }
        }
        return true;
    }

    private static OnnxAttribute[] attributes(Regular regular, OnnxAttribute last) {
        return new OnnxAttribute[] {
            integers("kernel_shape", regular.size),
            integers("strides", regular.stride),
            integers("pads", NodeWriter.sides(Ints.of(regular.low), Ints.of(regular.high))),
            last
        };
    }

    /// Images `[planes, 1, ...]` of the last axes.
    private static String images(NodeWriter w, String x, Shape shape, int n) {
        int planes = Math.toIntExact(shape.slice(0, shape.rank() - n).size());
        Shape images = Shape.of(planes, 1).concat(shape.slice(shape.rank() - n, shape.rank()));
        return reshaped(w, x, images);
    }

    private static String reshaped(NodeWriter w, String x, Shape to) {
        return w.node("Reshape", List.of(x, w.list(to.toArray())), integer("allowzero", 1));
    }

    private static Shape result(Op.Pooling pooling, Shape shape) {
        int n = pooling.rank();
        int[] counts = new int[n];
        for (int i = 0; i < n; i++) {
            counts[i] = pooling.begins().get(i).size();
        }
        return shape.slice(0, shape.rank() - n).concat(Shape.of(counts));
    }

    /// Means that count the padding, times the windows' size.
    static String sum(NodeWriter w, Op.PoolSum op, String x, Op.Spec spec) {
        Regular regular = regular(op, op.windows(), spec.shape());
        int n = op.windows().rank();
        if (!op.windows().dilation().equals(Ints.filled(n, 1))) {
            // Opset 19 is the first whose means have it.
            throw GraphExport.unsupported(op);
        }
        String mean =
                w.node(
                        "AveragePool",
                        images(w, x, spec.shape(), n),
                        attributes(regular, integer("count_include_pad", 1)));
        double size = Loops.product(regular.size);
        String sums = w.node("Mul", mean, w.number(size, spec.dtype()));
        return reshaped(w, sums, result(op.windows(), spec.shape()));
    }

    /// ONNX's indices count through all planes.
    static String index(NodeWriter w, Op.PoolIndex op, String x, Shape shape) {
        Regular regular = regular(op, op.windows(), shape);
        int n = op.windows().rank();
        List<String> out = List.of(w.fresh(), w.fresh());
        w.nodes(
                "MaxPool",
                List.of(images(w, x, shape, n)),
                out,
                attributes(regular, integers("dilations", op.windows().dilation())));
        long area = shape.slice(shape.rank() - n, shape.rank()).size();
        String within = w.node("Mod", out.get(1), w.constant(Tensor.scalar(area, DType.INT64)));
        return reshaped(w, within, result(op.windows(), shape));
    }

    static String attention(NodeWriter w, Op.Attention op, List<String> in, List<Op.Spec> specs) {
        Shape q = specs.get(0).shape();
        Shape k = specs.get(1).shape();
        DType type = specs.get(0).dtype();
        int rank = k.rank();
        int[] order = Ints.range(0, rank).toArray();
        order[rank - 2] = rank - 1;
        order[rank - 1] = rank - 2;
        String turned = w.node("Transpose", in.get(1), integers("perm", order));
        String scores =
                w.node("Mul", w.node("MatMul", in.get(0), turned), w.number(op.scale(), type));
        String away = w.number(Double.NEGATIVE_INFINITY, type);
        if (op.causal()) {
            Tensor rows = Tensor.arange(q.dim(-2)).unsqueeze(1);
            String seen = w.constant(Tensor.arange(k.dim(-2)).le(rows));
            scores = w.node("Where", List.of(seen, scores, away));
        }
        if (in.size() > 3) {
            scores =
                    specs.get(3).dtype() == DType.BOOL
                            ? w.node("Where", List.of(in.get(3), scores, away))
                            : w.node("Add", scores, in.get(3));
        }
        String weights = w.node("Softmax", scores, integer("axis", -1));
        return w.node("MatMul", weights, in.get(2));
    }
}
