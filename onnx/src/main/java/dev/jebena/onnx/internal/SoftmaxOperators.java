package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Softmax and the losses of classes.
final class SoftmaxOperators {
    private SoftmaxOperators() {}

    static void addTo(Operators all) {
        all.like("Softmax", SoftmaxOperators::softmax);
        all.like("LogSoftmax", call -> over(call, Tensor::logSoftmax));
        all.like("Hardmax", call -> over(call, SoftmaxOperators::hardmax));
        all.like("NegativeLogLikelihoodLoss", call -> loss(call, call.tensor(0), call.optional(2)));
        all.many("SoftmaxCrossEntropyLoss", SoftmaxOperators::crossEntropy);
    }

    static Tensor softmax(Call call) {
        return over(call, Tensor::softmax);
    }

    /// Whether the attributes of a Softmax mean the last axis alone.
    static boolean isOverLast(Call call, int rank) {
        return call.axis(call.integer("axis", call.opset() >= 13 ? -1 : 1), rank) == rank - 1;
    }

    /// Before opset 13 over all axes from one on, later over one axis.
    private static Tensor over(Call call, BiFunction<Tensor, Integer, Tensor> function) {
        Tensor x = call.tensor(0);
        if (x.rank() == 0) {
            return function.apply(x.unsqueeze(0), 0).reshape(Shape.scalar());
        }
        if (call.opset() >= 13) {
            return function.apply(x, call.axis(call.integer("axis", -1), x.rank()));
        }
        int axis = call.axis(call.integer("axis", 1), x.rank());
        if (x.size() == 0) {
            return x;
        }
        int inner = Math.toIntExact(x.shape().slice(axis, x.rank()).size());
        Tensor rows = x.reshape(Math.toIntExact(x.size() / inner), inner);
        return function.apply(rows, 1).reshape(x.shape());
    }

    private static Tensor hardmax(Tensor x, int axis) {
        int[] dims = Windows.filled(x.rank(), 1);
        dims[axis] = x.dim(axis);
        Tensor places = Tensor.arange(x.dim(axis)).reshape(Shape.of(dims));
        return x.argmax(axis).unsqueeze(axis).eq(places).to(x.dtype());
    }

    /// Of log-probabilities `[n, classes, ...]` and classes `[n, ...]`.
    private static Tensor loss(Call call, Tensor logs, @Nullable Tensor weights) {
        Tensor target = call.tensor(1).to(DType.INT64);
        boolean ignores = call.hasAttribute("ignore_index");
        Tensor counts = Tensor.full(target.shape(), 1, DType.BOOL);
        if (ignores) {
            counts = target.ne((double) call.integer("ignore_index", 0));
        }
        Tensor safe =
                IndexOperators.wrap(call, counts.where(target, target.zerosLike()), logs.dim(1));
        Tensor picked = logs.gather(1, safe.unsqueeze(1)).squeeze(1).neg();
        Tensor weight =
                weights == null
                        ? counts.to(logs.dtype())
                        : counts.where(
                                weights.indexSelect(0, safe.flatten()).reshape(safe.shape()),
                                Tensor.scalar(0, logs.dtype()));
        Tensor each = counts.where(picked.mul(weight), Tensor.scalar(0, logs.dtype()));
        return switch (call.text("reduction", "mean")) {
            case "none" -> each;
            case "sum" -> each.sum();
            default -> each.sum().div(weight.sum());
        };
    }

    private static List<Datum> crossEntropy(Call call) {
        Tensor logs = call.tensor(0).logSoftmax(1);
        return List.of(call.like(0, loss(call, logs, call.optional(2))), call.like(0, logs));
    }
}
