package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;

/// Which experts compute which rows of a pass: first [#choose] for each row, then [#group].
final class Routing {
    private final int experts;
    private final int used;
    private final RoutingRule rule;
    // Of each row and rank.
    private final int[] chosen;
    private final float[] weights;
    private final int[] places;
    // Of each place: rows in order of their experts.
    private final int[] rowAt;
    private final int[] expertAt;
    private final int[] first;

    Routing(int rows, int experts, RoutingRule rule) {
        this.experts = experts;
        this.rule = rule;
        used = rule.used();
        chosen = new int[rows * used];
        weights = new float[rows * used];
        places = new int[rows * used];
        rowAt = new int[rows * used];
        expertAt = new int[rows * used];
        first = new int[experts + 1];
    }

    /// Chooses the experts of a row: those that the rule wants most, of equal ones the first.
    void choose(FloatMatrix logits, int row) {
        float[] values = logits.row(row);
        double[] scores = rule.scores(values);
        double[] wanted = rule.wanted(values, scores);
        boolean[] taken = new boolean[experts];
        double sum = 0;
        for (int rank = 0; rank < used; rank++) {
            int best = RoutingRule.largest(wanted, taken);
            taken[best] = true;
            chosen[row * used + rank] = best;
        }
        for (int i = 0; i < experts; i++) {
            sum += taken[i] ? scores[i] : 0;
        }
        for (int rank = 0; rank < used; rank++) {
            int at = row * used + rank;
            double share = scores[chosen[at]] / (rule.renormalized() ? sum : 1);
            weights[at] = (float) (share * rule.scale());
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
            expertAt[places[i]] = chosen[i];
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

    int expertAt(int place) {
        return expertAt[place];
    }

    int place(int row, int rank) {
        return places[row * used + rank];
    }

    float weight(int row, int rank) {
        return weights[row * used + rank];
    }
}
