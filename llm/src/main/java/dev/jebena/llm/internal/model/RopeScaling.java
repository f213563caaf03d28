package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;

/// Reads how a model stretches its rotary embedding to contexts longer than it was first trained
/// for: not at all, linearly (Chen et al. 2023), by YaRN (Peng et al. 2023), or by a factor for
/// each pair of dimensions (Llama 3; Phi 3, with other factors for contexts beyond the original).
final class RopeScaling {
    private static final double MAX_BASE = 1e12;
    private static final double MAX_FACTOR = 1e6;

    private final Weights weights;
    private final Hyperparameters shape;
    private final boolean neighbours;
    private boolean truncates = true;
    private boolean magnifies = true;

    RopeScaling(Weights weights, Hyperparameters shape, boolean neighbours) {
        this.weights = weights;
        this.shape = shape;
        this.neighbours = neighbours;
    }

    /// YaRN's borders between pairs that are stretched and those that are not are not rounded to
    /// whole pairs.
    RopeScaling untruncated() {
        truncates = false;
        return this;
    }

    /// YaRN changes no lengths but by what the file says.
    RopeScaling withoutMagnitude() {
        magnifies = false;
        return this;
    }

    /// The rotation that the metadata keys `rope.*` describe.
    Rope scaled() {
        double base = weights.number("rope.freq_base", MAX_BASE, 10_000);
        double factor =
                weights.number(
                        "rope.scaling.factor",
                        MAX_FACTOR,
                        weights.number("rope.scale_linear", MAX_FACTOR, 1));
        double magnitude = weights.number("rope.scaling.attn_factor", MAX_FACTOR, 1);
        double[] frequencies = frequencies(base);
        divideByFactors(frequencies);
        switch (weights.text("rope.scaling.type", factor == 1 ? "none" : "linear")) {
            // Phi 3 stretches by its factors alone.
            case "none", "longrope" -> {}
            case "linear" -> {
                for (int i = 0; i < frequencies.length; i++) {
                    frequencies[i] /= factor;
                }
            }
            case "yarn" -> {
                yarn(frequencies, base, factor);
                magnitude *= magnifies ? 1 + 0.1 * Math.log(factor) : 1;
            }
            default ->
                    throw Weights.bad(
                            "rope.scaling.type \"%s\" is not known; known are none, linear, yarn, longrope"
                                    .formatted(weights.text("rope.scaling.type", "")));
        }
        return rope(frequencies, magnitude);
    }

    /// An unscaled rotation with its own base: Gemma's layers with a sliding window.
    Rope plain(String baseKey, double absent) {
        return rope(frequencies(weights.number(baseKey, MAX_BASE, absent)), 1);
    }

    /// An unscaled rotation with the base of layers with a sliding window, or that of all.
    Rope unscaled() {
        return plain("rope.freq_base_swa", weights.number("rope.freq_base", MAX_BASE, 10_000));
    }

    private Rope rope(double[] frequencies, double magnitude) {
        return new Rope(weights.arena(), shape.positions(), frequencies, magnitude, neighbours);
    }

    private double[] frequencies(double base) {
        int rotated = weights.integer("rope.dimension_count", 2, shape.headDim(), shape.headDim());
        double[] frequencies = new double[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(base, -2.0 * i / rotated);
        }
        return frequencies;
    }

    private void divideByFactors(double[] frequencies) {
        String tensor = factorTensor();
        FloatMatrix factors = weights.optionalVector(tensor, frequencies.length);
        if (factors != null) {
            for (int i = 0; i < frequencies.length; i++) {
                float factor = factors.get(0, i);
                if (!(factor > 0)) {
                    throw Weights.bad(
                            "tensor %s: element %d is %s; expected a positive number"
                                    .formatted(tensor, i, factor));
                }
                frequencies[i] /= factor;
            }
        }
    }

    /// Phi's files have two sets of factors. The choice holds for all positions: keys that were
    /// rotated with one set do not fit queries rotated with the other.
    private String factorTensor() {
        if (!weights.has("rope_factors_long.weight")) {
            return "rope_freqs.weight";
        }
        return shape.positions() > originalContext()
                ? "rope_factors_long.weight"
                : "rope_factors_short.weight";
    }

    private int originalContext() {
        return weights.integer("rope.scaling.original_context_length", 1, 1 << 24, shape.context());
    }

    /// Pairs that turn often within the original context stay as they are, those that turn less
    /// than once are stretched, and those between are mixed.
    private void yarn(double[] frequencies, double base, double factor) {
        int original = originalContext();
        double fast = weights.number("rope.scaling.yarn_beta_fast", MAX_FACTOR, 32);
        double slow = weights.number("rope.scaling.yarn_beta_slow", MAX_FACTOR, 1);
        int rotated = 2 * frequencies.length;
        double first = pairOfTurns(fast, rotated, original, base);
        double last = pairOfTurns(slow, rotated, original, base);
        double low = Math.max(0, truncates ? Math.floor(first) : first);
        double high = Math.min(rotated - 1, truncates ? Math.ceil(last) : last);
        for (int i = 0; i < frequencies.length; i++) {
            double ramp = Math.clamp((i - low) / Math.max(0.001, high - low), 0, 1);
            frequencies[i] *= (1 - ramp) + ramp / factor;
        }
    }

    /// Index of the pair that makes `turns` turns over the original context.
    private static double pairOfTurns(double turns, int rotated, int original, double base) {
        return rotated * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    }
}
