package dev.jebena.llm;

import dev.jebena.compute.DataType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks options, and reports all that is wrong at once.
final class OptionChecks {
    private static final int MAX_STOPS = 1000;
    private static final int MAX_BREAKERS = 100;
    private static final int MAX_STAGES = 64;

    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Set<DataType> KV_TYPES =
            EnumSet.of(DataType.F16, DataType.F32, DataType.Q8_0);

    private final List<String> problems = new ArrayList<>();

    private OptionChecks() {}

    static void check(LlmOptions options) {
        OptionChecks checks = new OptionChecks();
        checks.within("contextLength", options.contextLength(), 0, 1 << 24);
        checks.within("maxSequences", options.maxSequences(), 1, 4096);
        checks.within("maxQueue", options.maxQueue(), 0, 1 << 20);
        checks.within("threads", options.threads(), 0, 1024);
        checks.within("batchTokens", options.batchTokens(), 1, 1 << 16);
        checks.within("kvPositions", options.kvPositions(), 0, 1 << 30);
        checks.within("draftTokens", options.draftTokens(), 0, 64);
        if (!KV_TYPES.contains(options.kvType())) {
            checks.problems.add("kvType is " + options.kvType() + "; expected F16, F32 or Q8_0");
        }
        checks.within("adapters: number", options.adapters().size(), 0, 1024);
        checks.report();
    }

    static void check(Generation options, int vocabulary) {
        OptionChecks checks = new OptionChecks();
        checks.within("maxTokens", options.maxTokens(), -1, Integer.MAX_VALUE);
        checks.number("temperature", options.temperature(), 0, 1e6f);
        checks.within("topK", options.topK(), 0, Integer.MAX_VALUE);
        checks.number("topP", options.topP(), 0, 1);
        checks.number("minP", options.minP(), 0, 1);
        checks.number("typicalP", options.typicalP(), 0, 1);
        checks.number("repeatPenalty", options.repeatPenalty(), 1e-6f, 1e6f);
        checks.within("repeatWindow", options.repeatWindow(), -1, Integer.MAX_VALUE);
        checks.number("presencePenalty", options.presencePenalty(), -1e6f, 1e6f);
        checks.number("frequencyPenalty", options.frequencyPenalty(), -1e6f, 1e6f);
        checks.within("logprobs", options.logprobs(), -1, vocabulary);
        checks.within("minTokens", options.minTokens(), 0, Integer.MAX_VALUE);
        checks.within("keep", options.keep(), -1, Integer.MAX_VALUE);
        checks.adapters(options.adapters());
        Reasoning reasoning = options.reasoning();
        if (reasoning != null) {
            checks.within("reasoning: budget", reasoning.budget(), -1, Integer.MAX_VALUE);
        }
        checks.within("stop: number of texts", options.stop().size(), 0, MAX_STOPS);
        checks.tokens(options, vocabulary);
        checks.sampling(options.sampling());
        Duration limit = options.timeLimit();
        if (limit != null && (limit.isNegative() || limit.compareTo(LONGEST) > 0)) {
            checks.problems.add("timeLimit is %s; expected 0 to %s".formatted(limit, LONGEST));
        }
        if (options.stop().contains("")) {
            checks.problems.add("stop holds an empty text");
        }
        options.logitBias()
                .forEach((id, bias) -> {
                    checks.within("logitBias: token id", id, 0, vocabulary - 1);
                    if (bias.isNaN() || bias == Float.POSITIVE_INFINITY) {
                        checks.problems.add("logitBias of token " + id + " is " + bias);
                    }
                });
        checks.report();
    }

    private void tokens(Generation options, int vocabulary) {
        TokenRules rules = options.tokens();
        ids("allowed", rules.allowed() == null ? List.of() : rules.allowed(), vocabulary);
        ids("ends", rules.ends(), vocabulary);
        ids("forced", rules.forced(), vocabulary);
        rules.banned().forEach(ids -> ids("banned", ids, vocabulary));
        if (rules.banned().stream().anyMatch(List::isEmpty)) {
            problems.add("tokens: banned holds an empty sequence");
        }
        if (!rules.forced().isEmpty() && options.constraint() != null) {
            problems.add("tokens: forced is not possible with a constraint");
        }
    }

    private void ids(String name, Collection<Integer> ids, int vocabulary) {
        ids.stream()
                .filter(id -> id < 0 || id >= vocabulary)
                .findFirst()
                .ifPresent(id -> within("tokens: " + name + ": id", id, 0, vocabulary - 1));
    }

    private void adapters(@Nullable Map<String, Float> chosen) {
        if (chosen != null) {
            chosen.forEach((name, scale) -> number("scale of adapter " + name, scale, -1e6f, 1e6f));
        }
    }

    private void sampling(Sampling sampling) {
        within("mirostat", sampling.mirostat().version(), 0, 2);
        number("mirostat tau", sampling.mirostat().tau(), 0, 1e4f);
        number("mirostat eta", sampling.mirostat().eta(), 0, 1e4f);
        number("xtc probability", sampling.xtc().probability(), 0, 1);
        number("xtc threshold", sampling.xtc().threshold(), 0, 1);
        Sampling.Dry dry = sampling.dry();
        number("dry multiplier", dry.multiplier(), 0, 1e6f);
        number("dry base", dry.base(), 0, 1e6f);
        within("dry allowed length", dry.allowedLength(), 0, Integer.MAX_VALUE);
        within("dry window", dry.window(), -1, Integer.MAX_VALUE);
        within("dry breakers: number of texts", dry.breakers().size(), 0, MAX_BREAKERS);
        number("dynamic temperature range", sampling.dynamicTemperature().range(), 0, 1e6f);
        number("dynamic temperature exponent", sampling.dynamicTemperature().exponent(), 0, 1e3f);
        number("top n sigma", sampling.topNSigma(), -1e6f, 1e6f);
        within("min keep", sampling.minKeep(), 0, Integer.MAX_VALUE);
        within("samplers: number of stages", sampling.order().size(), 0, MAX_STAGES);
    }

    private void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(
                    max == Integer.MAX_VALUE
                            ? "%s is %d; expected at least %d".formatted(name, value, min)
                            : "%s is %d; expected %d to %d".formatted(name, value, min, max));
        }
    }

    private void number(String name, float value, float min, float max) {
        if (!(value >= min && value <= max)) {
            problems.add("%s is %s; expected %s to %s".formatted(name, value, min, max));
        }
    }

    private void report() {
        if (!problems.isEmpty()) {
            throw new LlmException(LlmException.Code.BAD_REQUEST, String.join("; ", problems));
        }
    }
}
