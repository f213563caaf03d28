package dev.jebena.data;

import java.util.List;

/// How rows of several data sets take turns.
///
/// @param probabilities of each data set, drawn for every row; empty: one after the other
/// @param seed of the draws
/// @param untilAllEnd false: it ends when one data set ends; true: one that ended starts again,
///   until all have ended
public record Interleaving(List<Double> probabilities, long seed, boolean untilAllEnd) {
    public Interleaving {
        probabilities = List.copyOf(probabilities);
    }

    /// A row of each in turn, until one ends.
    public static Interleaving turns() {
        return new Interleaving(List.of(), 0, false);
    }

    /// By chance, until one ends.
    public static Interleaving drawn(long seed, Double... probabilities) {
        return new Interleaving(List.of(probabilities), seed, false);
    }

    public Interleaving untilAllEnd(boolean all) {
        return new Interleaving(probabilities, seed, all);
    }
}
