package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;

/// Which experts compute which rows of a pass: first [#choose] for each row, then [#group].
final class Routing {
    private final int experts;
    private final int used;
    // Of each row and rank.
    private final int[] chosen;
    private final float[] weights;
    private final int[] places;
    // Of each place: rows in order of their experts.
    private final int[] rowAt;
    private final int[] first;

    /// @param used experts of a row
    Routing(int rows, int experts, int used) {
        this.experts = experts;
        this.used = used;
        chosen = new int[rows * used];
        weights = new float[rows * used];
        places = new int[rows * used];
        rowAt = new int[rows * used];
        first = new int[experts + 1];
    }

    /// Chooses the experts of a row: those with the largest logits, of equal ones the first. Their
    /// weights are the softmax over all experts or, renormalized, over those that are chosen.
    void choose(FloatMatrix logits, int row, boolean renormalized) {
        float[] values = logits.row(row);
        boolean[] taken = new boolean[experts];
        for (int rank = 0; rank < used; rank++) {
            int best = -1;
            for (int i = 0; i < experts; i++) {
                if (!taken[i] && (best < 0 || values[i] > values[best])) {
                    best = i;
                }
            }
            taken[best] = true;
            chosen[row * used + rank] = best;
        }
        float largest = values[chosen[row * used]];
        double sum = 0;
        for (int i = 0; i < experts; i++) {
            if (taken[i] || !renormalized) {
                sum += StrictMath.exp(values[i] - largest);
            }
        }
        for (int rank = 0; rank < used; rank++) {
            int at = row * used + rank;
            weights[at] = (float) (StrictMath.exp(values[chosen[at]] - largest) / sum);
        }
    }

    /// Gives every row a place for each of its experts, so that the places of an expert follow one
    /// another.
    void group() {
        for (int expert : chosen) {
            first[expert + 1]++;
        }
        for (int i = 0; i < experts; i++) {
            first[i + 1] += first[i];
        }
        int[] next = first.clone();
        for (int i = 0; i < chosen.length; i++) {
            places[i] = next[chosen[i]]++;
            rowAt[places[i]] = i / used;
        }
    }

    int places() {
        return rowAt.length;
    }

    /// First place of an expert; of the number of experts, the end of the last one's.
    int first(int expert) {
        return first[expert];
    }

    int rowAt(int place) {
        return rowAt[place];
    }

    int place(int row, int rank) {
        return places[row * used + rank];
    }

    float weight(int row, int rank) {
        return weights[row * used + rank];
    }
}
