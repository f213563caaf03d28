package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Operators that only move elements, for numbers and strings alike.
final class Moves {
    private Moves() {}

    /// What `function` does to a tensor, done to any.
    static Datum of(Datum datum, UnaryOperator<Tensor> function) {
        return switch (datum) {
            case Datum.Numbers numbers ->
                    new Datum.Numbers(numbers.element(), function.apply(numbers.tensor()));
            case Datum.Texts texts -> pick(texts, function.apply(places(texts)));
            case Datum.Sequence _, Datum.Maybe _ ->
                    throw new IllegalArgumentException(
                            Describe.of(datum) + " is given, a tensor is needed");
        };
    }

    /// The same of several tensors of one type.
    static Datum join(
            List<Datum> data, java.util.function.Function<List<Tensor>, Tensor> function) {
        if (data.getFirst() instanceof Datum.Numbers first) {
            List<Tensor> tensors = new ArrayList<>();
            for (Datum datum : data) {
                if (!(datum instanceof Datum.Numbers numbers)
                        || numbers.element() != first.element()) {
                    throw new IllegalArgumentException(
                            "%s and %s have different types"
                                    .formatted(Describe.of(first), Describe.of(datum)));
                }
                tensors.add(numbers.tensor());
            }
            return new Datum.Numbers(first.element(), function.apply(tensors));
        }
        List<String> all = new ArrayList<>();
        List<Tensor> places = new ArrayList<>();
        for (Datum datum : data) {
            if (!(datum instanceof Datum.Texts texts)) {
                throw new IllegalArgumentException(
                        "strings and %s have different types".formatted(Describe.of(datum)));
            }
            places.add(places(texts).add(all.size()));
            all.addAll(texts.values());
        }
        return pick(all, function.apply(places));
    }

    /// The number of each string, in the strings' shape.
    static Tensor places(Datum.Texts texts) {
        return Tensor.arange(texts.values().size()).reshape(texts.shape());
    }

    static Datum.Texts pick(Datum.Texts texts, Tensor places) {
        return pick(texts.values(), places);
    }

    static Datum.Texts pick(List<String> texts, Tensor places) {
        List<String> picked = new ArrayList<>();
        for (long place : places.toLongs()) {
            picked.add(texts.get((int) place));
        }
        return new Datum.Texts(places.shape(), picked);
    }
}
