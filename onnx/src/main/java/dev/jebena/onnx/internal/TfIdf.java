package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts n-grams of words or numbers, and weighs them.
final class TfIdf {
    private TfIdf() {}

    static Datum of(Call call) {
        Map<List<Object>, Integer> grams = grams(call);
        int[] places = call.numbers("ngram_indexes");
        int width = 0;
        for (int place : places) {
            width = Math.max(width, place + 1);
        }
        Shape shape = ShapeOperators.of(call.datum(0));
        List<Object> words = words(call);
        int rows = shape.rank() < 2 ? 1 : shape.dim(0);
        int length = rows == 0 ? 0 : words.size() / rows;
        double[] counts = new double[rows * width];
        for (int row = 0; row < rows; row++) {
            count(
                    call,
                    words.subList(row * length, (row + 1) * length),
                    grams,
                    places,
                    counts,
                    row * width);
        }
        weigh(call, places, counts, width);
        Shape result = shape.rank() < 2 ? Shape.of(width) : Shape.of(rows, width);
        Tensor tensor = Loops.of(counts, result, DType.FLOAT32);
        return new Datum.Numbers(OnnxElement.FLOAT, tensor);
    }

    private static List<Object> words(Call call) {
        if (call.datum(0) instanceof Datum.Texts texts) {
            return List.copyOf(texts.values());
        }
        List<Object> words = new ArrayList<>();
        for (long value : call.longs(0)) {
            words.add(value);
        }
        return words;
    }

    /// The number of each n-gram of the pool, which has all of length 1 first, then 2 and so on.
    private static Map<List<Object>, Integer> grams(Call call) {
        List<Object> pool = new ArrayList<>(call.textList("pool_strings"));
        for (long value : call.integers("pool_int64s")) {
            pool.add(value);
        }
        int[] starts = call.numbers("ngram_counts");
        Map<List<Object>, Integer> grams = new HashMap<>();
        for (int n = 1; n <= starts.length; n++) {
            int end = n < starts.length ? starts[n] : pool.size();
            for (int at = starts[n - 1]; at + n <= end; at += n) {
                grams.put(List.copyOf(pool.subList(at, at + n)), grams.size());
            }
        }
        return grams;
    }

    private static void count(
            Call call,
            List<Object> words,
            Map<List<Object>, Integer> grams,
            int[] places,
            double[] counts,
            int to) {
        int longest = call.number("max_gram_length", 1);
        int skips = call.number("max_skip_count", 0);
        for (int n = call.number("min_gram_length", 1); n <= longest; n++) {
            // A gram of one word has no gaps.
            for (int skip = 0; skip <= (n == 1 ? 0 : skips); skip++) {
                int step = skip + 1;
                for (int at = 0; at + (n - 1) * step < words.size(); at++) {
                    List<Object> gram = new ArrayList<>();
                    for (int i = 0; i < n; i++) {
                        gram.add(words.get(at + i * step));
                    }
                    Integer found = grams.get(gram);
                    if (found != null) {
                        counts[to + places[found]]++;
                    }
                }
            }
        }
    }

    private static void weigh(Call call, int[] places, double[] counts, int width) {
        String mode = call.text("mode", "TF");
        double[] weights = call.reals("weights");
        double[] of = new double[width];
        java.util.Arrays.fill(of, 1);
        for (int i = 0; i < weights.length; i++) {
            of[places[i]] = weights[i];
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] =
                    switch (mode) {
                        case "TF" -> counts[i];
                        case "IDF" -> counts[i] > 0 ? of[i % width] : 0;
                        case "TFIDF" -> counts[i] * of[i % width];
                        default -> throw call.unsupported("mode \"%s\"", mode);
                    };
        }
    }
}
