package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Products of quantized tensors, summed up without rounding.
///
/// Constant matrices of 8-bit integers are multiplied as such; see [IntegerWeights]. Others are
/// multiplied as float32. A float32 has 24 bits and a product at most 255 x 255: sums of 256
/// products are exact, and longer ones are made of such pieces, added in int32.
final class IntegerOperators {
    private static final int EXACT = 256;

    /// Chains of multiply-adds, of which each sum is an integer.
    private static final ConvOptions EXACTLY = ConvOptions.defaults().definition();

    private IntegerOperators() {}

    static void addTo(Operators all) {
        all.one("MatMulInteger", call -> Datum.of(product(call, 0, 2, 1, 3, 4)));
        all.one("ConvInteger", IntegerOperators::conv);
        all.one("QLinearMatMul", IntegerOperators::quantizedProduct);
        all.one("QLinearConv", IntegerOperators::quantizedConv);
        all.one(Operators.MICROSOFT + "DynamicQuantizeMatMul", IntegerOperators::dynamic);
        all.one(Operators.MICROSOFT + "MatMulIntegerToFloat", IntegerOperators::toFloat);
    }

    /// An operand less its zero point, which may be one for each row (of the first operand) or
    /// column (of the second).
    private static Tensor moved(Call call, int input, int zero, boolean rows) {
        return less(call.tensor(input), call.has(zero) ? each(call.tensor(zero), rows) : null);
    }

    /// Integers less their zero point, as float32; [IntegerWeights] are so already, and have 0.
    static Tensor less(Tensor x, @Nullable Tensor zero) {
        Tensor wide = x.to(DType.FLOAT32);
        if (zero == null) {
            return wide;
        }
        return isZero(zero) ? wide : wide.sub(zero.to(DType.FLOAT32));
    }

    /// Parameters for rows as a column.
    private static Tensor each(Tensor parameters, boolean rows) {
        if (parameters.size() == 1) {
            return parameters.reshape(Shape.scalar());
        }
        return rows && parameters.rank() == 1 ? parameters.unsqueeze(1) : parameters;
    }

    /// The product of two operands less their zero points as int32.
    ///
    /// @param columns the input that has the sums of the columns of b, if b has 8 bits
    private static Tensor product(Call call, int a, int zeroA, int b, int zeroB, int columns) {
        Tensor zero = call.has(zeroA) ? call.tensor(zeroA) : null;
        return call.has(columns) && (zero == null || zero.size() == 1)
                ? multiply(call.tensor(a), zero, call.tensor(b), call.tensor(columns))
                : multiply(moved(call, a, zeroA, true), moved(call, b, zeroB, false));
    }

    /// The product of 8-bit integers, those of a less their zero point.
    private static Tensor multiply(Tensor a, @Nullable Tensor zero, Tensor b, Tensor columns) {
        if (a.rank() == 0 || a.dim(-1) != b.dim(0)) {
            return a.wideMatmul(b); // the error
        }
        Tensor start =
                zero == null
                        ? columns.zerosLike()
                        : columns.mul(zero.reshape(Shape.scalar()).to(DType.INT32)).neg();
        Shape rows = a.shape().slice(0, a.rank() - 1);
        return a.reshape(Math.toIntExact(rows.size()), a.dim(-1))
                .wideMatmul(b, start)
                .reshape(rows.concat(Shape.of(b.dim(1))));
    }

    /// The product of integers in float32 as int32.
    static Tensor multiply(Tensor a, Tensor b) {
        int k = a.dim(-1);
        if (k <= EXACT || b.rank() == 1) {
            return a.to(k <= EXACT ? DType.FLOAT32 : DType.FLOAT64)
                    .matmul(b.to(k <= EXACT ? DType.FLOAT32 : DType.FLOAT64))
                    .to(DType.INT32);
        }
        Tensor sum = null;
        for (int from = 0; from < k; from += EXACT) {
            int to = Math.min(k, from + EXACT);
            Tensor part = a.slice(-1, from, to).matmul(b.slice(-2, from, to)).to(DType.INT32);
            sum = sum == null ? part : sum.add(part);
        }
        return Objects.requireNonNull(sum);
    }

    /// The convolution of integers in float32 as int32; of many products in groups of channels.
    private static Tensor convolve(Call call, Tensor x, Tensor weight) {
        int channels = weight.rank() > 1 ? weight.dim(1) : 0;
        int area = Loops.product(Windows.spatial(weight));
        if ((long) channels * area <= EXACT) {
            return ConvOperators.conv(call, x, weight, EXACTLY).to(DType.INT32);
        }
        if (area > EXACT || call.number("group", 1) != 1) {
            return ConvOperators.conv(call, x.to(DType.FLOAT64), weight.to(DType.FLOAT64))
                    .to(DType.INT32);
        }
        int step = EXACT / area;
        Tensor sum = null;
        for (int from = 0; from < channels; from += step) {
            int to = Math.min(channels, from + step);
            Tensor part =
                    ConvOperators.conv(
                                    call, x.slice(1, from, to), weight.slice(1, from, to), EXACTLY)
                            .to(DType.INT32);
            sum = sum == null ? part : sum.add(part);
        }
        return Objects.requireNonNull(sum);
    }

    private static Datum conv(Call call) {
        return Datum.of(convolution(call, 0, 2, 1, 3));
    }

    /// The convolution of x and w, each less its zero point, as int32.
    private static Tensor convolution(Call call, int x, int zeroX, int w, int zeroW) {
        Tensor weight = call.tensor(w);
        Tensor zero =
                call.has(zeroX) ? call.tensor(zeroX) : Tensor.scalar(0L, call.tensor(x).dtype());
        boolean prepared = !call.has(zeroW) || isZero(call.tensor(zeroW));
        if (weight.dtype() == DType.INT8 && prepared && zero.size() == 1) {
            return ConvOperators.integers(
                    call, call.tensor(x), weight, zero.to(call.tensor(x).dtype()));
        }
        Tensor shift = call.has(zeroW) ? outputs(call.tensor(zeroW), weight.rank()) : null;
        return convolve(
                call, less(call.tensor(x), zero.reshape(Shape.scalar())), less(weight, shift));
    }

    private static boolean isZero(Tensor zero) {
        return zero.size() == 1 && zero.isConcrete() && zero.toLongs()[0] == 0;
    }

    /// Parameters for the output channels of a weight.
    static Tensor outputs(Tensor parameters, int rank) {
        if (parameters.size() == 1) {
            return parameters.reshape(Shape.scalar());
        }
        int[] dims = Windows.filled(rank, 1);
        dims[0] = Math.toIntExact(parameters.size());
        return parameters.reshape(Shape.of(dims));
    }

    private static Datum quantizedProduct(Call call) {
        Tensor scale =
                each(call.tensor(1), true)
                        .to(DType.FLOAT32)
                        .mul(each(call.tensor(4), false).to(DType.FLOAT32))
                        .div(each(call.tensor(6), true).to(DType.FLOAT32));
        Tensor y = product(call, 0, 2, 3, 5, 8).to(DType.FLOAT32).mul(scale);
        return new Datum.Numbers(
                call.element(7),
                QuantizeOperators.rounded(y, each(call.tensor(7), true), call.element(7), true));
    }

    private static Datum quantizedConv(Call call) {
        Tensor sum = ConvOperators.bias(convolution(call, 0, 2, 3, 5), call.optional(8));
        Tensor weightScale = call.tensor(4);
        if (weightScale.size() > 1) {
            int[] dims = Windows.filled(sum.rank(), 1);
            dims[1] = Math.toIntExact(weightScale.size());
            weightScale = weightScale.reshape(Shape.of(dims));
        } else {
            weightScale = weightScale.reshape(Shape.scalar());
        }
        Tensor scale =
                call.tensor(1)
                        .reshape(Shape.scalar())
                        .mul(weightScale)
                        .div(call.tensor(6).reshape(Shape.scalar()));
        Tensor zero = call.tensor(7).reshape(Shape.scalar());
        Tensor y = sum.to(DType.FLOAT32).mul(scale);
        return new Datum.Numbers(
                call.element(7), QuantizeOperators.rounded(y, zero, call.element(7), true));
    }

    /// A float matrix, quantized here, times a quantized one.
    private static Datum dynamic(Call call) {
        QuantizeOperators.Rounded a = QuantizeOperators.dynamic(call.tensor(0));
        Tensor product =
                call.has(5)
                        ? multiply(a.values(), a.zero(), call.tensor(1), call.tensor(5))
                        : multiply(less(a.values(), a.zero()), moved(call, 1, 3, false));
        Tensor scale = each(call.tensor(2), false).mul(a.scale());
        return Datum.of(biased(product.to(DType.FLOAT32).mul(scale), call.optional(4)));
    }

    private static Datum toFloat(Call call) {
        Tensor product = product(call, 0, 4, 1, 5, 7);
        Tensor scale = each(call.tensor(2), true).mul(each(call.tensor(3), false));
        Tensor y = product.to(DType.FLOAT32).mul(scale.to(DType.FLOAT32));
        OnnxElement type = call.element(2);
        return Carriers.wrap(type, biased(y, call.optional(6)));
    }

    private static Tensor biased(Tensor y, @Nullable Tensor bias) {
        return bias == null ? y : y.add(bias.to(y.dtype()));
    }
}
