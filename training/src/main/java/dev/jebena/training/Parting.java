package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.nn.Batch;
import dev.jebena.nn.Dataset;
import dev.jebena.tensor.Rng;
import org.jspecify.annotations.Nullable;

/// Which examples are learned, and which are held out.
///
/// @param learned numbers of examples
/// @param held numbers of examples
record Parting(int[] learned, int[] held) {
    /// By chance.
    static Parting of(int examples, double share, long seed) {
        int out = (int) Math.round(share * examples);
        if (examples - out < 1) {
            throw Problem.badRequest(
                    "[data] holdout: of %d examples %d are held out, and none is left to learn"
                            .formatted(examples, out));
        }
        long[] order = Rng.seed(seed).permutation(examples).toLongs();
        int[] learned = new int[examples - out];
        int[] held = new int[out];
        for (int i = 0; i < examples; i++) {
            if (i < learned.length) {
                learned[i] = (int) order[i];
            } else {
                held[i - learned.length] = (int) order[i];
            }
        }
        return new Parting(learned, held);
    }

    Dataset learned(Dataset all) {
        return chosen(all, learned);
    }

    @Nullable Dataset held(Dataset all) {
        return held.length == 0 ? null : chosen(all, held);
    }

    private static Dataset chosen(Dataset all, int[] numbers) {
        return new Dataset() {
            @Override
            public int size() {
                return numbers.length;
            }

            @Override
            public Batch batch(int[] indices) {
                int[] places = new int[indices.length];
                for (int i = 0; i < places.length; i++) {
                    places[i] = numbers[indices[i]];
                }
                return all.batch(places);
            }
        };
    }
}
