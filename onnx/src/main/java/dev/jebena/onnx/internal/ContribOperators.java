package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fused operators that ONNX Runtime's optimizer writes into models: layers of transformers.
final class ContribOperators {
    private ContribOperators() {}

    static void addTo(Operators all) {
        all.many(Operators.MICROSOFT + "SkipLayerNormalization", ContribOperators::skip);
        all.many(
                Operators.MICROSOFT + "SkipSimplifiedLayerNormalization",
                ContribOperators::skipSimplified);
        all.many(Operators.MICROSOFT + "EmbedLayerNormalization", ContribOperators::embed);
        all.like(Operators.MICROSOFT + "FusedConv", ContribOperators::conv);
    }

    /// Mean 0 and variance 1 over the last axis, then weight and bias.
    private static Tensor normalized(
            Tensor x, Tensor weight, @Nullable Tensor bias, double epsilon) {
        Tensor y = x.standardize(1, epsilon).mul(weight.to(x.dtype()));
        return bias == null ? y : y.add(bias.to(x.dtype()));
    }

    /// The sum of inputs 0 and 1, and a bias.
    private static Tensor sum(Call call, int bias) {
        Tensor x = call.tensor(0).to(call.working(0));
        Tensor sum = x.add(call.tensor(1).to(x.dtype()));
        return call.has(bias) ? sum.add(call.tensor(bias).to(x.dtype())) : sum;
    }

    /// The normalized sum; outputs 1 and 2 are only for training, output 3 is the sum.
    private static List<Datum> skip(Call call) {
        Tensor sum = sum(call, 4);
        double epsilon = call.real("epsilon", 1e-12);
        Tensor y = normalized(sum, call.tensor(2), call.optional(3), epsilon);
        return withStatistics(call, y, sum);
    }

    private static List<Datum> withStatistics(Call call, Tensor y, Tensor sum) {
        return List.of(
                call.like(0, y),
                Datum.of(sum.mean(true, -1)),
                Datum.of(sum.var(0, true, -1)),
                call.like(0, sum));
    }

    private static List<Datum> skipSimplified(Call call) {
        Tensor sum = sum(call, 3);
        Tensor weight = call.tensor(2).to(sum.dtype());
        return withStatistics(call, sum.rmsNorm(weight, call.real("epsilon", 1e-6)), sum);
    }

    /// Embeddings of words, positions and segments, added and normalized; and the number of words
    /// that the mask shows.
    private static List<Datum> embed(Call call) {
        Tensor ids = call.tensor(0);
        int batch = ids.dim(0);
        int length = ids.dim(1);
        Tensor sum = rows(call, call.tensor(2), ids);
        Tensor positions =
                call.has(8)
                        ? rows(call, call.tensor(3), call.tensor(8))
                        : call.tensor(3).slice(0, 0, length);
        sum = sum.add(positions);
        if (call.has(1) && call.has(4)) {
            sum = sum.add(rows(call, call.tensor(4), call.tensor(1)));
        }
        Tensor wide = sum.to(sum.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
        double epsilon = call.real("epsilon", 1e-12);
        Tensor y = normalized(wide, call.tensor(5), call.tensor(6), epsilon);
        Tensor counts =
                call.has(7)
                        ? call.tensor(7).to(DType.INT32).sum(1)
                        : Tensor.full(Shape.of(batch), 0, DType.INT32);
        return List.of(call.like(2, y), Datum.of(counts.to(DType.INT32)), call.like(2, sum));
    }

    private static Tensor rows(Call call, Tensor table, Tensor ids) {
        Tensor index = IndexOperators.wrap(call, ids, table.dim(0));
        Shape shape = index.shape().concat(Shape.of(table.dim(1)));
        return table.indexSelect(0, index.flatten()).reshape(shape);
    }

    private static Tensor conv(Call call) {
        Tensor y =
                ConvOperators.bias(
                        ConvOperators.conv(call, call.tensor(0), call.tensor(1)), call.optional(2));
        if (call.has(3)) {
            y = y.add(call.tensor(3));
        }
        double[] parameters = call.reals("activation_params");
        return switch (call.text("activation", "")) {
            case "" -> y;
            case "Relu" -> y.relu();
            case "Sigmoid" -> y.sigmoid();
            case "Tanh" -> y.tanh();
            case "LeakyRelu" -> y.leakyRelu(parameters[0]);
            case "Clip" -> y.clamp(parameters[0], parameters[1]);
            case "HardSigmoid" -> ActivationOperators.hardSigmoid(y, parameters[0], parameters[1]);
            default -> throw call.unsupported("activation %s", call.text("activation", ""));
        };
    }
}
