package dev.jebena.cli;

import dev.jebena.compute.Roofline;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.TokenCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;

/// Measures a loaded model as llama-bench does: random prompts, and answers from an empty context.
final class ModelBench {
    /// One line of the result.
    ///
    /// @param kind `prefill` or `decode`
    /// @param tokens of each prompt or answer
    /// @param batch sequences at once
    /// @param rates tokens per second of all of them together, a number for each run
    /// @param roof the limit that it stands under, `memory` or `arithmetic`
    /// @param share of that limit that the median reaches; infinite where the limit is not known
    record Result(
            String kind,
            int tokens,
            int batch,
            int threads,
            double[] rates,
            String roof,
            double share) {
        double rate() {
            return median(rates);
        }

        /// Half the distance between the slowest and the fastest run.
        double spread() {
            double[] sorted = sorted(rates);
            return (sorted[sorted.length - 1] - sorted[0]) / 2;
        }

        String test() {
            String name = (kind.equals("prefill") ? "pp" : "tg") + tokens;
            return batch == 1 ? name : name + " x" + batch;
        }

        Map<String, Object> json() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("test", kind);
            fields.put("tokens", tokens);
            fields.put("batch", batch);
            fields.put("threads", threads);
            fields.put("tokens_per_second", rate());
            fields.put("runs", Arrays.stream(rates).boxed().toList());
            fields.put("roof", roof);
            if (Double.isFinite(share)) {
                fields.put("share_of_roof", share);
            }
            return fields;
        }
    }

    private final Llm llm;
    private final int runs;
    private final Roofline roofline;
    private int prompts;
    private double firstPrompt;

    /// @param roofline of as many threads as the model computes with
    ModelBench(Llm llm, int runs, Roofline roofline) {
        this.llm = llm;
        this.runs = runs;
        this.roofline = roofline;
    }

    /// Seconds of the very first prompt, when nothing was compiled yet; 0 before [#prefill].
    double firstPromptSeconds() {
        return firstPrompt;
    }

    Result prefill(int tokens) {
        if (firstPrompt == 0) {
            firstPrompt = promptSeconds(tokens);
        }
        double[] rates = measured(() -> tokens / promptSeconds(tokens));
        return result("prefill", tokens, 1, rates);
    }

    Result decode(int tokens, int batch) {
        double[] rates = measured(() -> (double) batch * tokens / answerSeconds(tokens, batch));
        return result("decode", tokens, batch, rates);
    }

    private Result result(String kind, int tokens, int batch, double[] rates) {
        TokenCost cost = llm.cost();
        double memory = median(rates) / batch * cost.weightBytes() / roofline.bytesPerSecond();
        double products = median(rates) * cost.multiplyAdds() / roofline.multiplyAddsPerSecond();
        // A prompt reads the weights once for many tokens.
        boolean underMemory =
                kind.equals("decode")
                        && (memory > products || roofline.multiplyAddsPerSecond() == 0);
        return new Result(
                kind,
                tokens,
                batch,
                roofline.threads(),
                rates,
                underMemory ? "memory" : "arithmetic",
                underMemory ? memory : products);
    }

    /// Counted runs, after runs until the JVM has compiled what they need: two in a row that differ
    /// by less than a tenth.
    private double[] measured(DoubleSupplier rate) {
        double last = 0;
        for (int i = 0; i < 6; i++) {
            double next = rate.getAsDouble();
            if (next < 1.1 * last) {
                break;
            }
            last = next;
        }
        double[] rates = new double[runs];
        Arrays.setAll(rates, i -> rate.getAsDouble());
        return rates;
    }

    private double promptSeconds(int tokens) {
        try (Answer answer = llm.generate(randomIds(tokens), options(1))) {
            answer.text();
            return answer.usage().promptTime().toNanos() / 1e9;
        }
    }

    /// From an empty context, one token to begin with; of several answers the longest time counts.
    private double answerSeconds(int tokens, int batch) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            answers.add(llm.generate(randomIds(1), options(tokens + 1)));
        }
        double seconds = 0;
        for (Answer answer : answers) {
            answer.text();
            seconds = Math.max(seconds, answer.usage().answerTime().toNanos() / 1e9);
            answer.close();
        }
        return seconds;
    }

    private static Generation options(int tokens) {
        return Generation.defaults().temperature(0).maxTokens(tokens).ignoreEos(true);
    }

    /// Other ids each time: what the engine has seen before it would not compute again.
    private int[] randomIds(int count) {
        Random random = new Random(++prompts);
        return random.ints(count, 0, llm.tokenizer().vocabularySize()).toArray();
    }

    static double median(double[] values) {
        return sorted(values)[values.length / 2];
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
