package dev.jebena.llm;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a token is drawn, beyond the basics of [Generation]. Each method returns a changed copy.
///
/// @param mirostat keeps the surprise of the tokens near a target, instead of cutting tokens away
/// @param xtc sometimes leaves out the likeliest tokens
/// @param dry makes tokens less likely that repeat what was said before
/// @param dynamicTemperature lets the temperature follow the entropy of the candidates
/// @param topNSigma keeps tokens whose logit is within so many standard deviations of the largest
///   (Tang et al., "Top-nσ: not all logits are you need", 2024); 0 or less for off
/// @param minKeep tokens that typical, top-p, min-p and XTC leave at least
/// @param order which of the stages run, and in which order. Penalties and DRY change the logits of
///   all tokens and come first wherever they stand. Mirostat takes the place of all others
public record Sampling(
        Mirostat mirostat,
        Xtc xtc,
        Dry dry,
        DynamicTemperature dynamicTemperature,
        float topNSigma,
        int minKeep,
        List<Stage> order) {
    private static final Sampling DEFAULTS =
            new Sampling(
                    Mirostat.OFF,
                    Xtc.OFF,
                    Dry.OFF,
                    DynamicTemperature.OFF,
                    0,
                    0,
                    List.of(Stage.values()));

    public Sampling {
        order = List.copyOf(order);
    }

    /// One thing that is done with the candidates; in llama.cpp's default order.
    public enum Stage {
        PENALTIES,
        DRY,
        TOP_N_SIGMA,
        TOP_K,
        TYPICAL_P,
        TOP_P,
        MIN_P,
        XTC,
        TEMPERATURE;

        /// The letters that stand for the stages in a short order, in the order of the stages.
        private static final String LETTERS = "edskypmxt";

        /// The stage that llama.cpp calls `name`, or null.
        public static @Nullable Stage named(String name) {
            return switch (name.strip().toLowerCase(Locale.ROOT).replace('-', '_')) {
                case "penalties" -> PENALTIES;
                case "dry" -> DRY;
                case "top_n_sigma" -> TOP_N_SIGMA;
                case "top_k" -> TOP_K;
                case "typ_p", "typical_p", "typical", "typ" -> TYPICAL_P;
                case "top_p", "nucleus" -> TOP_P;
                case "min_p" -> MIN_P;
                case "xtc" -> XTC;
                case "temperature", "temp" -> TEMPERATURE;
                default -> null;
            };
        }

        /// The stage that llama.cpp abbreviates so, or null.
        public static @Nullable Stage lettered(char letter) {
            int at = LETTERS.indexOf(letter);
            return at < 0 ? null : values()[at];
        }
    }

    /// Basu et al., "Mirostat: a neural text decoding algorithm that directly controls perplexity",
    /// 2021.
    ///
    /// @param version 0 for off; 1 estimates the exponent of Zipf's law and keeps the tokens that
    ///   it says; 2 keeps the tokens with less surprise than the current limit
    /// @param tau the surprise aimed at, in bits a token
    /// @param eta how fast the limit follows
    public record Mirostat(int version, float tau, float eta) {
        public static final Mirostat OFF = new Mirostat(0, 5, 0.1f);
    }

    /// "Exclude top choices" (p-e-w, text-generation-webui, 2024).
    ///
    /// @param probability how often it acts; 0 for off
    /// @param threshold of the tokens at least this likely only the least likely one stays; above
    ///   0.5 there are never two of them
    public record Xtc(float probability, float threshold) {
        public static final Xtc OFF = new Xtc(0, 0.1f);
    }

    /// "Don't repeat yourself" (p-e-w, text-generation-webui, 2024). A token that would lengthen a
    /// repetition of n tokens loses `multiplier * base ^ (n - allowedLength)`.
    ///
    /// @param multiplier 0 for off
    /// @param allowedLength repetitions shorter than this cost nothing
    /// @param window the last tokens, prompt included, that are looked at; -1 for all
    /// @param breakers texts beyond which no repetition is followed
    public record Dry(
            float multiplier, float base, int allowedLength, int window, List<String> breakers) {
        public static final Dry OFF = new Dry(0, 1.75f, 2, -1, List.of("\n", ":", "\"", "*"));

        public Dry {
            breakers = List.copyOf(breakers);
        }

        public Dry multiplier(float value) {
            return new Dry(value, base, allowedLength, window, breakers);
        }

        public Dry base(float value) {
            return new Dry(multiplier, value, allowedLength, window, breakers);
        }

        public Dry allowedLength(int value) {
            return new Dry(multiplier, base, value, window, breakers);
        }

        public Dry window(int value) {
            return new Dry(multiplier, base, allowedLength, value, breakers);
        }

        public Dry breakers(List<String> value) {
            return new Dry(multiplier, base, allowedLength, window, value);
        }
    }

    /// Temperature between `temperature - range` and `temperature + range`, by the candidates'
    /// entropy relative to the largest possible, to the power of `exponent`.
    ///
    /// @param range 0 for off
    public record DynamicTemperature(float range, float exponent) {
        public static final DynamicTemperature OFF = new DynamicTemperature(0, 1);
    }

    /// All of it off, the stages in llama.cpp's order.
    public static Sampling defaults() {
        return DEFAULTS;
    }

    public Sampling mirostat(Mirostat value) {
        return new Sampling(value, xtc, dry, dynamicTemperature, topNSigma, minKeep, order);
    }

    public Sampling xtc(Xtc value) {
        return new Sampling(mirostat, value, dry, dynamicTemperature, topNSigma, minKeep, order);
    }

    public Sampling dry(Dry value) {
        return new Sampling(mirostat, xtc, value, dynamicTemperature, topNSigma, minKeep, order);
    }

    public Sampling dynamicTemperature(DynamicTemperature value) {
        return new Sampling(mirostat, xtc, dry, value, topNSigma, minKeep, order);
    }

    public Sampling topNSigma(float value) {
        return new Sampling(mirostat, xtc, dry, dynamicTemperature, value, minKeep, order);
    }

    public Sampling minKeep(int value) {
        return new Sampling(mirostat, xtc, dry, dynamicTemperature, topNSigma, value, order);
    }

    public Sampling order(List<Stage> value) {
        return new Sampling(mirostat, xtc, dry, dynamicTemperature, topNSigma, minKeep, value);
    }
}
