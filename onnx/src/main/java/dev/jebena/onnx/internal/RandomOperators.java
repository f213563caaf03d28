package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.concurrent.ThreadLocalRandom;

/// Random numbers. With a seed always the same ones.
final class RandomOperators {
    private RandomOperators() {}

    static void addTo(Operators all) {
        all.one("RandomNormal", call -> normal(call, shape(call), OnnxElement.FLOAT));
        all.one("RandomUniform", call -> uniform(call, shape(call), OnnxElement.FLOAT));
        all.one("RandomNormalLike", call -> normal(call, call.tensor(0).shape(), call.element(0)));
        all.one(
                "RandomUniformLike",
                call -> uniform(call, call.tensor(0).shape(), call.element(0)));
        all.one("Bernoulli", RandomOperators::bernoulli);
        all.one("Multinomial", RandomOperators::multinomial);
    }

    /// The generator that the attribute `seed` names; without one another each time.
    static Rng rng(Call call) {
        return Rng.seed(
                call.hasAttribute("seed") ? seed(call) : ThreadLocalRandom.current().nextLong());
    }

    private static long seed(Call call) {
        return call.node().attribute("seed").orElseThrow()
                        instanceof dev.jebena.formats.OnnxAttribute.Int value
                ? value.value()
                : Float.floatToIntBits((float) call.real("seed", 0));
    }

    private static Shape shape(Call call) {
        return Shape.of(call.numbers("shape"));
    }

    private static Datum normal(Call call, Shape shape, OnnxElement otherwise) {
        Tensor drawn = rng(call).normal(shape, DType.FLOAT32);
        Tensor moved = drawn.mul(call.real("scale", 1)).add(call.real("mean", 0));
        return Carriers.wrap(ShapeOperators.typeOf(call, otherwise), moved);
    }

    private static Datum uniform(Call call, Shape shape, OnnxElement otherwise) {
        double low = call.real("low", 0);
        double high = call.real("high", 1);
        Tensor drawn = rng(call).uniform(shape, DType.FLOAT32).mul(high - low).add(low);
        return Carriers.wrap(ShapeOperators.typeOf(call, otherwise), drawn);
    }

    private static Datum bernoulli(Call call) {
        Tensor p = call.tensor(0);
        Tensor drawn = rng(call).uniform(p.shape(), DType.FLOAT64).lt(p.to(DType.FLOAT64));
        return Carriers.wrap(ShapeOperators.typeOf(call, call.element(0)), drawn);
    }

    private static Datum multinomial(Call call) {
        Tensor weights = call.tensor(0).to(DType.FLOAT64).softmax(-1);
        Tensor drawn = rng(call).multinomial(weights, call.number("sample_size", 1));
        return Carriers.wrap(ShapeOperators.typeOf(call, OnnxElement.INT32), drawn);
    }
}
