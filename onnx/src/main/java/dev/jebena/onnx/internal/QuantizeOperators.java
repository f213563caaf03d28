package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Numbers to small types with a scale, and back.
final class QuantizeOperators {
    private QuantizeOperators() {}

    static void addTo(Operators all) {
        all.one("QuantizeLinear", QuantizeOperators::quantize);
        all.one("DequantizeLinear", QuantizeOperators::dequantize);
        all.many("DynamicQuantizeLinear", QuantizeOperators::dynamic);
        all.one(Operators.MICROSOFT + "QuantizeLinear", QuantizeOperators::quantize);
        all.one(Operators.MICROSOFT + "DequantizeLinear", QuantizeOperators::dequantize);
    }

    /// Parameters in a shape that broadcasts with x: one for all, for each index of an axis, or for
    /// each block along it.
    private static Tensor spread(Call call, Tensor x, Tensor parameters) {
        if (parameters.size() == 1 && parameters.rank() <= 1) {
            return parameters.reshape(Shape.scalar());
        }
        int axis = call.axis(call.integer("axis", 1), x.rank());
        if (parameters.rank() == 1) {
            int[] dims = Windows.filled(x.rank(), 1);
            dims[axis] = parameters.dim(0);
            return parameters.reshape(Shape.of(dims));
        }
        int block = call.number("block_size", 0);
        if (block < 1 || parameters.rank() != x.rank()) {
            throw call.problem(
                    "scales %s for %s in blocks of %d", parameters.shape(), x.shape(), block);
        }
        return parameters.repeatInterleave(axis, block).narrow(axis, 0, x.dim(axis));
    }

    private static Datum quantize(Call call) {
        Tensor x = call.tensor(0);
        OnnxElement type =
                call.has(2)
                        ? call.element(2)
                        : call.integer("output_dtype", 0) != 0
                                ? Carriers.element(call.integer("output_dtype", 0))
                                : OnnxElement.UINT8;
        DType working = x.dtype() == DType.FLOAT64 ? x.dtype() : DType.FLOAT32;
        Tensor scale = spread(call, x, call.tensor(1)).to(working);
        Tensor zero = call.has(2) ? spread(call, x, call.tensor(2)) : null;
        return new Datum.Numbers(
                type,
                rounded(x.to(working).div(scale), zero, type, call.integer("saturate", 1) != 0));
    }

    /// To the nearest integer, moved by the zero point, within the type's limits; or to the nearest
    /// of the small floats.
    static Tensor rounded(Tensor x, @Nullable Tensor zero, OnnxElement type, boolean saturate) {
        SmallFloat small = SmallFloat.of(type).orElse(null);
        if (small != null) {
            return Loops.map(x, DType.FLOAT32, v -> small.round(v, saturate));
        }
        Tensor moved = zero == null ? x.round() : x.round().add(zero.to(x.dtype()));
        return moved.clamp((double) Carriers.least(type), (double) Carriers.most(type))
                .to(Carriers.of(type));
    }

    private static Datum dequantize(Call call) {
        Tensor x = call.tensor(0);
        OnnxElement type =
                call.integer("output_dtype", 0) != 0
                        ? Carriers.element(call.integer("output_dtype", 0))
                        : call.element(1);
        Tensor moved = x.dtype().isFloat() ? x : x.to(DType.INT32);
        if (call.has(2)) {
            moved = moved.sub(spread(call, x, call.tensor(2)).to(moved.dtype()));
        }
        Tensor scale = spread(call, x, call.tensor(1));
        DType working = scale.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        return Carriers.wrap(type, moved.to(working).mul(scale.to(working)));
    }

    /// Numbers of uint8.
    record Rounded(Tensor values, Tensor scale, Tensor zero) {}

    private static List<Datum> dynamic(Call call) {
        Rounded rounded = dynamic(call.tensor(0));
        return List.of(Datum.of(rounded.values), Datum.of(rounded.scale), Datum.of(rounded.zero));
    }

    /// uint8 with the scale and zero point that the elements' range gives.
    static Rounded dynamic(Tensor x) {
        Tensor none = Tensor.scalar(0);
        Tensor less = x.size() == 0 ? none : x.neg().max().maximum(none);
        Tensor most = x.size() == 0 ? none : x.max().maximum(none);
        Tensor scale = most.add(less).div(255);
        Tensor divisor = scale.eq(none).where(Tensor.scalar(1), scale);
        Tensor zero = less.div(divisor).round().clamp(0, 255);
        Tensor y = x.div(divisor).round().add(zero).clamp(0, 255);
        return new Rounded(y.to(DType.UINT8), scale, zero.to(DType.UINT8));
    }
}
