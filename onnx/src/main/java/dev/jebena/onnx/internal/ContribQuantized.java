package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// ONNX Runtime's operators on quantized tensors.
final class ContribQuantized {
    private ContribQuantized() {}

    static void addTo(Operators all) {
        binary(all, "QLinearAdd", Tensor::add);
        binary(all, "QLinearMul", Tensor::mul);
        all.one(Operators.MICROSOFT + "QLinearSigmoid", call -> unary(call, Tensor::sigmoid));
        all.one(
                Operators.MICROSOFT + "QLinearLeakyRelu",
                call -> unary(call, x -> x.leakyRelu(call.real("alpha", 0.01))));
        all.one(Operators.MICROSOFT + "QLinearSoftmax", ContribQuantized::softmax);
        all.one(Operators.MICROSOFT + "QLinearGlobalAveragePool", ContribQuantized::globalAverage);
        all.one(Operators.MICROSOFT + "QLinearConcat", ContribQuantized::concat);
        all.one(Operators.MICROSOFT + "QGemm", ContribQuantized::gemm);
        all.one(Operators.MICROSOFT + "MatMulNBits", ContribQuantized::blocks);
    }

    /// An input with scale and zero point behind it, as float32.
    private static Tensor real(Call call, int input) {
        Tensor x = call.tensor(input).to(DType.FLOAT32);
        Tensor moved = call.has(input + 2) ? x.sub(one(call, input + 2)) : x;
        return moved.mul(one(call, input + 1));
    }

    private static Tensor one(Call call, int input) {
        Tensor x = call.tensor(input).to(DType.FLOAT32);
        return x.size() == 1 ? x.reshape(Shape.scalar()) : x;
    }

    /// Rounded by scale and zero point, which are these inputs.
    private static Datum rounded(Call call, Tensor y, int scale, OnnxElement type) {
        Tensor zero = call.has(scale + 1) ? one(call, scale + 1) : null;
        return new Datum.Numbers(
                type, QuantizeOperators.rounded(y.div(one(call, scale)), zero, type, true));
    }

    private static void binary(
            Operators all, String name, BiFunction<Tensor, Tensor, Tensor> function) {
        all.one(
                Operators.MICROSOFT + name,
                call ->
                        rounded(
                                call,
                                function.apply(real(call, 0), real(call, 3)),
                                6,
                                call.element(0)));
    }

    private static Datum unary(Call call, UnaryOperator<Tensor> function) {
        return rounded(call, function.apply(real(call, 0)), 3, call.element(0));
    }

    private static Datum softmax(Call call) {
        int rank = call.tensor(0).rank();
        int axis = call.axis(call.integer("axis", -1), rank);
        return unary(
                call,
                x -> {
                    if (call.integer("opset", 13) >= 13) {
                        return x.softmax(axis);
                    }
                    int inner = Math.toIntExact(x.shape().slice(axis, rank).size());
                    return x.reshape(-1, inner).softmax(1).reshape(x.shape());
                });
    }

    private static Datum globalAverage(Call call) {
        boolean last = call.flag("channels_last");
        int rank = call.tensor(0).rank();
        int[] axes = new int[rank - 2];
        Arrays.setAll(axes, i -> i + (last ? 1 : 2));
        return unary(call, x -> x.mean(true, axes));
    }

    private static Datum concat(Call call) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 2; i < call.inputs().size(); i += 3) {
            parts.add(real(call, i));
        }
        Tensor all = Tensors.concat(call.number("axis", 0), parts);
        return rounded(call, all, 0, call.element(2));
    }

    private static Datum gemm(Call call) {
        Tensor a = moved(call, 0);
        Tensor b = moved(call, 3);
        Tensor product =
                IntegerOperators.multiply(
                        call.flag("transA") ? a.t() : a, call.flag("transB") ? b.t() : b);
        if (call.has(6)) {
            product = product.add(call.tensor(6));
        }
        Tensor y =
                product.to(DType.FLOAT32)
                        .mul(one(call, 1).mul(one(call, 4)))
                        .mul(call.real("alpha", 1));
        return call.has(7) ? rounded(call, y, 7, call.element(8)) : Datum.of(y);
    }

    private static Tensor moved(Call call, int input) {
        return call.tensor(input).to(DType.FLOAT32).sub(one(call, input + 2));
    }

    /// A float matrix times one whose rows are stored in blocks of few bits with a scale each.
    private static Datum blocks(Call call) {
        int k = call.number("K", 0);
        int n = call.number("N", 0);
        int bits = call.number("bits", 4);
        int block = call.number("block_size", 32);
        if (call.has(4)) {
            throw call.unsupported("columns in another order (g_idx)");
        }
        if (k < 1 || n < 1 || block < 1 || (bits != 2 && bits != 4 && bits != 8)) {
            throw call.problem("K %d, N %d, %d bits in blocks of %d", k, n, bits, block);
        }
        int count = Math.ceilDiv(k, block);
        Tensor values = unpacked(call, call.tensor(1), bits, n * count, block);
        Tensor scales = call.tensor(2).reshape(n * count, 1).to(DType.FLOAT32);
        Tensor zeros = zeros(call, call.optional(3), bits, n, count);
        Tensor weight = values.sub(zeros).mul(scales).reshape(n, count * block).slice(1, 0, k);
        Tensor x = call.tensor(0);
        Tensor y = x.to(DType.FLOAT32).matmul(weight.t());
        if (call.has(5)) {
            y = y.add(call.tensor(5).to(DType.FLOAT32));
        }
        return call.like(0, y);
    }

    private static Tensor zeros(Call call, @Nullable Tensor given, int bits, int n, int count) {
        if (given == null) {
            return Tensor.scalar((double) (1 << (bits - 1)));
        }
        if (given.dtype().isFloat()) {
            return given.reshape(n * count, 1).to(DType.FLOAT32);
        }
        int bytes = Math.ceilDiv(count * bits, 8);
        return unpacked(call, given, bits, n, bytes * 8 / bits)
                .slice(1, 0, count)
                .reshape(n * count, 1);
    }

    /// Unsigned numbers of few bits, the first in the lowest ones, as rows of float32.
    private static Tensor unpacked(Call call, Tensor packed, int bits, int rows, int columns) {
        int each = 8 / bits;
        if (packed.size() * each != (long) rows * columns) {
            throw call.problem(
                    "%d bytes for %d rows of %d numbers of %d bits",
                    packed.size(), rows, columns, bits);
        }
        long[] bytes = packed.toLongs();
        float[] values = new float[bytes.length * each];
        for (int i = 0; i < values.length; i++) {
            values[i] = (bytes[i / each] >> (i % each * bits)) & ((1 << bits) - 1);
        }
        return Tensor.of(values, rows, columns);
    }
}
