package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/// Fourier transforms and what goes with them.
final class SignalOperators {
    private SignalOperators() {}

    static void addTo(Operators all) {
        all.like("DFT", SignalOperators::transform);
        all.like("STFT", SignalOperators::shortTime);
        window(all, "HannWindow", t -> 0.5 - 0.5 * Math.cos(t));
        window(all, "HammingWindow", t -> 25.0 / 46 - 21.0 / 46 * Math.cos(t));
        window(all, "BlackmanWindow", t -> 0.42 - 0.5 * Math.cos(t) + 0.08 * Math.cos(2 * t));
        all.one("MelWeightMatrix", SignalOperators::mel);
    }

    /// A function of the angle, from 0 to a full turn.
    private static void window(Operators all, String name, DoubleUnaryOperator function) {
        all.one(
                name,
                call -> {
                    int size = Math.toIntExact(call.scalar(0));
                    double period = call.integer("periodic", 1) != 0 ? size : size - 1;
                    double[] values = new double[size];
                    for (int i = 0; i < size; i++) {
                        values[i] = function.applyAsDouble(2 * Math.PI * i / period);
                    }
                    OnnxElement type = Carriers.element(call.integer("output_datatype", 1));
                    return Carriers.wrap(type, Loops.of(values, Shape.of(size), DType.FLOAT64));
                });
    }

    /// Of real numbers `[..., 1]` pairs with imaginary parts 0.
    private static Tensor pairs(Call call, Tensor x) {
        return switch (x.dim(-1)) {
            case 1 -> x.pad(0, 0, 1);
            case 2 -> x;
            default -> throw call.problem("a last axis of 1 or 2 is needed, not %s", x.shape());
        };
    }

    private static Tensor transform(Call call) {
        Tensor x = call.tensor(0);
        long given =
                call.opset() < 20 ? call.integer("axis", 1) : call.has(2) ? call.scalar(2) : -2;
        int axis = call.axis(given, x.rank());
        boolean inverse = call.flag("inverse");
        boolean onesided = call.flag("onesided");
        int own = x.dim(axis);
        int length = call.has(1) ? Math.toIntExact(call.scalar(1)) : own;
        if (inverse && onesided) {
            int n = call.has(1) ? length : 2 * (own - 1);
            return pairs(call, x).irfft(axis, n).unsqueeze(-1);
        }
        Tensor fitted = x.slice(axis, 0, Math.min(own, length));
        if (length > own) {
            int[] pads = new int[2 * (x.rank() - axis)];
            pads[pads.length - 1] = length - own;
            fitted = fitted.pad(0, pads);
        }
        Tensor all = pairs(call, fitted);
        Tensor y = inverse ? all.ifft(axis) : all.fft(axis);
        return onesided ? y.slice(axis, 0, length / 2 + 1) : y;
    }

    private static Tensor shortTime(Call call) {
        Tensor signal = call.tensor(0);
        Tensor x = signal.rank() == 2 ? signal.unsqueeze(-1) : signal;
        int step = Math.toIntExact(call.scalar(1));
        Tensor window = call.optional(2);
        int length =
                call.has(3)
                        ? Math.toIntExact(call.scalar(3))
                        : window != null ? window.dim(0) : x.dim(1);
        if (step < 1 || length < 1 || length > x.dim(1)) {
            throw call.problem("frames of %d, %d apart, of a signal of %d", length, step, x.dim(1));
        }
        // [batch, frames, 1 or 2, length], then the numbers last.
        Tensor frames = x.unfold(1, length, step).transpose(2, 3);
        if (window != null) {
            frames = frames.mul(window.unsqueeze(1));
        }
        Tensor y = pairs(call, frames).fft(2);
        boolean onesided = call.integer("onesided", 1) != 0 && x.dim(2) == 1;
        return onesided ? y.slice(2, 0, length / 2 + 1) : y;
    }

    private static Datum mel(Call call) {
        int bands = Math.toIntExact(call.scalar(0));
        int length = Math.toIntExact(call.scalar(1));
        double rate = call.scalar(2);
        double low = 2595 * Math.log10(1 + call.realScalar(3) / 700);
        double high = 2595 * Math.log10(1 + call.realScalar(4) / 700);
        int bins = length / 2 + 1;
        double step = (high - low) / (bands + 2);
        int[] edges = new int[bands + 2];
        for (int i = 0; i < edges.length; i++) {
            double hertz = 700 * (Math.pow(10, (i * step + low) / 2595) - 1);
            edges[i] = (int) Math.floor((length + 1) * hertz / rate);
        }
        if (edges[bands + 1] > bins || edges[0] < 0) {
            throw call.problem("the upper edge lies in bin %d of %d", edges[bands + 1], bins);
        }
        double[] weights = new double[bins * bands];
        for (int band = 0; band < bands; band++) {
            int begin = edges[band];
            int center = edges[band + 1];
            int end = edges[band + 2];
            if (begin == center) {
                weights[center * bands + band] = 1;
            } else {
                for (int i = begin; i <= center; i++) {
                    weights[i * bands + band] = (double) (i - begin) / (center - begin);
                }
            }
            for (int i = center; i < end; i++) {
                weights[i * bands + band] = (double) (end - i) / (end - center);
            }
        }
        OnnxElement type = Carriers.element(call.integer("output_datatype", 1));
        return Carriers.wrap(type, Loops.of(weights, Shape.of(bins, bands), DType.FLOAT64));
    }
}
