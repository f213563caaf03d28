package dev.jebena.cli;

import dev.jebena.llm.Generation;
import dev.jebena.llm.Sampling;
import dev.jebena.llm.Sampling.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options for the less common samplers, named as llama.cpp's command line names them.
final class DrawingOptions {
    @Option(
            names = "--typical",
            paramLabel = "P",
            description = "Locally typical sampling; 1 is off (default 1).")
    @Nullable Float typical;

    @Option(
            names = "--repeat-last-n",
            paramLabel = "N",
            description = "Tokens that penalties look at; -1 for all (default 64).")
    @Nullable Integer repeatLastN;

    @Option(
            names = "--presence-penalty",
            paramLabel = "F",
            description = "Make tokens that were seen less likely (default 0).")
    @Nullable Float presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "F",
            description = "The same for each time they were seen (default 0).")
    @Nullable Float frequencyPenalty;

    @Option(
            names = "--mirostat",
            paramLabel = "V",
            description = "Mirostat, version 1 or 2, in place of top-k and the like.")
    @Nullable Integer mirostat;

    @Option(
            names = "--mirostat-ent",
            paramLabel = "TAU",
            description = "Surprise that mirostat aims at, in bits (default 5).")
    @Nullable Float mirostatEnt;

    @Option(
            names = "--mirostat-lr",
            paramLabel = "ETA",
            description = "How fast mirostat learns (default 0.1).")
    @Nullable Float mirostatLr;

    @Option(
            names = "--xtc-probability",
            paramLabel = "P",
            description = "How often the likeliest tokens are left out (default 0).")
    @Nullable Float xtcProbability;

    @Option(
            names = "--xtc-threshold",
            paramLabel = "P",
            description = "Tokens at least this likely are left out, but one (default 0.1).")
    @Nullable Float xtcThreshold;

    @Option(
            names = "--dry-multiplier",
            paramLabel = "F",
            description = "Penalty for repeated sequences (DRY); 0 is off (default 0).")
    @Nullable Float dryMultiplier;

    @Option(
            names = "--dry-base",
            paramLabel = "F",
            description = "DRY: its growth with each repeated token (default 1.75).")
    @Nullable Float dryBase;

    @Option(
            names = "--dry-allowed-length",
            paramLabel = "N",
            description = "DRY: repetitions shorter than this are free (default 2).")
    @Nullable Integer dryAllowedLength;

    @Option(
            names = "--dry-penalty-last-n",
            paramLabel = "N",
            description = "DRY: tokens to look back; -1 for all (default -1).")
    @Nullable Integer dryPenaltyLastN;

    @Option(
            names = "--dry-sequence-breaker",
            paramLabel = "TEXT",
            description = "DRY: no repetition reaches across it; may be repeated.")
    List<String> drySequenceBreakers = new ArrayList<>();

    @Option(
            names = "--dynatemp-range",
            paramLabel = "R",
            description = "Temperature that follows the entropy, T-R to T+R (default 0).")
    @Nullable Float dynatempRange;

    @Option(
            names = "--dynatemp-exp",
            paramLabel = "E",
            description = "Exponent of that entropy (default 1).")
    @Nullable Float dynatempExp;

    @Option(
            names = "--top-nsigma",
            paramLabel = "N",
            description = "Keep logits within N standard deviations of the largest.")
    @Nullable Float topNSigma;

    @Option(
            names = "--samplers",
            paramLabel = "NAMES",
            description = "The samplers that run, in order, separated by semicolons.")
    @Nullable String samplers;

    /// Takes one option as text; whether there is such a one.
    boolean read(String name, String value) {
        switch (name) {
            case "--typical" -> typical = Float.valueOf(value);
            case "--repeat-last-n" -> repeatLastN = Integer.valueOf(value);
            case "--presence-penalty" -> presencePenalty = Float.valueOf(value);
            case "--frequency-penalty" -> frequencyPenalty = Float.valueOf(value);
            case "--mirostat" -> mirostat = Integer.valueOf(value);
            case "--mirostat-ent" -> mirostatEnt = Float.valueOf(value);
            case "--mirostat-lr" -> mirostatLr = Float.valueOf(value);
            case "--xtc-probability" -> xtcProbability = Float.valueOf(value);
            case "--xtc-threshold" -> xtcThreshold = Float.valueOf(value);
            case "--dry-multiplier" -> dryMultiplier = Float.valueOf(value);
            case "--dry-base" -> dryBase = Float.valueOf(value);
            case "--dry-allowed-length" -> dryAllowedLength = Integer.valueOf(value);
            case "--dry-penalty-last-n" -> dryPenaltyLastN = Integer.valueOf(value);
            case "--dry-sequence-breaker" -> drySequenceBreakers.add(value);
            case "--dynatemp-range" -> dynatempRange = Float.valueOf(value);
            case "--dynatemp-exp" -> dynatempExp = Float.valueOf(value);
            case "--top-nsigma" -> topNSigma = Float.valueOf(value);
            case "--samplers" -> samplers = value;
            default -> {
                return false;
            }
        }
        return true;
    }

    Generation over(Generation base) {
        Generation result = base;
        if (typical != null) {
            result = result.typicalP(typical);
        }
        if (repeatLastN != null) {
            result = result.repeatWindow(repeatLastN);
        }
        if (presencePenalty != null) {
            result = result.presencePenalty(presencePenalty);
        }
        if (frequencyPenalty != null) {
            result = result.frequencyPenalty(frequencyPenalty);
        }
        return result.sampling(over(result.sampling()));
    }

    private Sampling over(Sampling base) {
        Sampling.Mirostat steered = base.mirostat();
        Sampling.DynamicTemperature dynamic = base.dynamicTemperature();
        Sampling result =
                base.mirostat(
                                new Sampling.Mirostat(
                                        or(mirostat, steered.version()),
                                        or(mirostatEnt, steered.tau()),
                                        or(mirostatLr, steered.eta())))
                        .xtc(
                                new Sampling.Xtc(
                                        or(xtcProbability, base.xtc().probability()),
                                        or(xtcThreshold, base.xtc().threshold())))
                        .dry(dry(base.dry()))
                        .dynamicTemperature(
                                new Sampling.DynamicTemperature(
                                        or(dynatempRange, dynamic.range()),
                                        or(dynatempExp, dynamic.exponent())))
                        .topNSigma(or(topNSigma, base.topNSigma()));
        return samplers == null ? result : result.order(order(samplers));
    }

    private Sampling.Dry dry(Sampling.Dry base) {
        return new Sampling.Dry(
                or(dryMultiplier, base.multiplier()),
                or(dryBase, base.base()),
                or(dryAllowedLength, base.allowedLength()),
                or(dryPenaltyLastN, base.window()),
                drySequenceBreakers.isEmpty() ? base.breakers() : drySequenceBreakers);
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private static List<Stage> order(String names) {
        List<Stage> stages = new ArrayList<>();
        for (String name : names.split(";", -1)) {
            Stage stage = Stage.named(name);
            if (stage == null) {
                throw UserError.usage(
                        "--samplers: no sampler '"
                                + name
                                + "'; there are penalties, dry, top_n_sigma, top_k, typ_p, top_p,"
                                + " min_p, xtc and temperature");
            }
            stages.add(stage);
        }
        return stages;
    }
}
