package dev.jebena.llm.internal.sampling;

import dev.jebena.llm.Generation;
import dev.jebena.llm.Sampling;
import dev.jebena.llm.Sampling.Stage;

/// Cuts candidates away stage by stage, in the order that the options give.
final class SamplerChain {
    /// The stream of random numbers that decide whether XTC acts.
    private static final int XTC_STREAM = 1;

    private final Generation options;
    private final Sampling sampling;
    private final long seed;
    private final Candidates candidates;
    private boolean loaded;

    SamplerChain(Generation options, long seed, Candidates candidates) {
        this.options = options;
        this.sampling = options.sampling();
        this.seed = seed;
        this.candidates = candidates;
    }

    /// Whether anything is asked for that top-k, typical, top-p, min-p and temperature, in this
    /// order, do not do.
    static boolean isNeeded(Sampling sampling) {
        boolean extra =
                sampling.xtc().probability() > 0
                        || sampling.dynamicTemperature().range() > 0
                        || sampling.topNSigma() > 0
                        || sampling.minKeep() > 1;
        return extra || !sampling.order().equals(Sampling.defaults().order());
    }

    /// Leaves the candidates of the `number`-th token, their logits divided by the temperature.
    void cut(float[] logits, int count, long number) {
        loaded = false;
        for (Stage stage : sampling.order()) {
            if (stage == Stage.TOP_N_SIGMA && !loaded && sampling.topNSigma() > 0) {
                float least = Distribution.sigmaThreshold(logits, count, sampling.topNSigma());
                candidates.selectAbove(logits, count, least);
                loaded = true;
            } else if (stage == Stage.TOP_K && !loaded && options.topK() > 0) {
                candidates.selectTop(logits, count, Math.min(count, options.topK()));
                loaded = true;
            } else if (acts(stage)) {
                load(logits, count);
                if (candidates.size() > 0) {
                    apply(stage, number);
                }
            }
        }
        load(logits, count);
    }

    private void load(float[] logits, int count) {
        if (!loaded) {
            candidates.selectAbove(logits, count, Float.NEGATIVE_INFINITY);
            loaded = true;
        }
    }

    private boolean acts(Stage stage) {
        return switch (stage) {
            case PENALTIES, DRY -> false;
            case TOP_N_SIGMA -> sampling.topNSigma() > 0;
            case TOP_K -> options.topK() > 0;
            case TYPICAL_P -> options.typicalP() < 1;
            case TOP_P -> options.topP() < 1;
            case MIN_P -> options.minP() > 0;
            case XTC -> sampling.xtc().probability() > 0 && sampling.xtc().threshold() <= 0.5f;
            case TEMPERATURE ->
                    options.temperature() != 1 || sampling.dynamicTemperature().range() > 0;
        };
    }

    private void apply(Stage stage, long number) {
        int least = sampling.minKeep();
        switch (stage) {
            case PENALTIES, DRY -> {}
            case TOP_N_SIGMA -> topNSigma();
            case TOP_K -> candidates.keep(options.topK());
            case TYPICAL_P -> Distribution.keepTypical(candidates, options.typicalP(), least);
            case TOP_P ->
                    Distribution.keepTopP(
                            candidates, options.topP(), Distribution.mass(candidates), least);
            case MIN_P -> Distribution.keepMinP(candidates, options.minP(), least);
            case XTC -> {
                if (Philox.uniform(seed, number, XTC_STREAM) < sampling.xtc().probability()) {
                    Distribution.dropTopChoices(candidates, sampling.xtc().threshold(), least);
                }
            }
            case TEMPERATURE -> cool();
        }
    }

    private void topNSigma() {
        float[] logits = new float[candidates.size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = candidates.logit(i);
        }
        float least = Distribution.sigmaThreshold(logits, logits.length, sampling.topNSigma());
        int kept = 1;
        while (kept < logits.length && logits[kept] >= least) {
            kept++;
        }
        candidates.keep(kept);
    }

    private void cool() {
        Sampling.DynamicTemperature dynamic = sampling.dynamicTemperature();
        float temperature = options.temperature();
        if (dynamic.range() > 0 && candidates.size() > 1) {
            double entropy = Distribution.entropy(Distribution.logProbabilities(candidates));
            double share = Math.clamp(entropy / Math.log(candidates.size()), 0.0, 1.0);
            float low = Math.max(0, temperature - dynamic.range());
            float high = temperature + dynamic.range();
            temperature = (float) (low + (high - low) * Math.pow(share, dynamic.exponent()));
        }
        if (temperature > 0) {
            candidates.cool(temperature);
        } else {
            candidates.keep(1);
        }
    }
}
