package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description = "Measures how fast a model reads a prompt and writes an answer.",
        footer = {
            "  jebena bench model smollm2",
            "  jebena bench model smollm2 --prompt 512 --generate 128 --threads 1 --json",
            "  jebena bench model ./model.gguf --runs 5"
        })
final class BenchCommand extends JebenaCommand {
    /// What can be measured.
    enum Subject {
        model
    }

    @Parameters(
            index = "0",
            paramLabel = "model",
            description = "What to measure: ${COMPLETION-CANDIDATES}.")
    Subject subject = Subject.model;

    @Parameters(
            index = "1",
            paramLabel = "NAME|FILE",
            description = "A model of the store, or a file.")
    String name = "";

    @Option(
            names = "--prompt",
            paramLabel = "N",
            description = "Tokens of the prompt (default ${DEFAULT-VALUE}).",
            defaultValue = "512")
    int prompt = 512;

    @Option(
            names = "--generate",
            paramLabel = "N",
            description = "Tokens to generate (default ${DEFAULT-VALUE}).",
            defaultValue = "128")
    int generate = 128;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(
            names = "--exact",
            description = "Compute with float32 activations, never rounded to 8 bits.")
    boolean exact;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description =
                    "Counted runs after a warm-up; the median is reported (default ${DEFAULT-VALUE}).",
            defaultValue = "3")
    int runs = 3;

    @Mixin DraftOptions draft = new DraftOptions();

    private int prompts;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        if (prompt < 1 || generate < 1 || runs < 1) {
            throw UserError.usage("--prompt, --generate and --runs must be at least 1");
        }
        LlmOptions options =
                LlmOptions.defaults()
                        .threads(threads)
                        .exact(exact)
                        .contextLength(prompt + generate + 32)
                        // Random prompts lead into loops, which are too easy to guess.
                        .draftTokens(0);
        long began = System.nanoTime();
        try (Models models = Models.open();
                Llm llm = Llm.load(models.local(name).path(), draft.over(options, models))) {
            double load = (System.nanoTime() - began) / 1e9;
            Map<String, Object> result = measure(Models.generating(llm, name));
            result.put("load_seconds", load);
            print(llm, result);
        }
        return ExitCode.OK;
    }

    private Map<String, Object> measure(Llm llm) {
        Generation read = Generation.defaults().temperature(0).maxTokens(1).ignoreEos(true);
        Generation write = read.maxTokens(generate + 1);
        double first = promptSeconds(llm, read);
        warmUp(llm, write);
        double[] reading = new double[runs];
        double[] writing = new double[runs];
        for (int i = 0; i < runs; i++) {
            reading[i] = prompt / promptSeconds(llm, read);
            writing[i] = generate / answerSeconds(llm, write);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", name);
        result.put("threads", threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        result.put("prompt_tokens", prompt);
        result.put("generated_tokens", generate);
        result.put("runs", runs);
        result.put("prefill_tokens_per_second", median(reading));
        result.put("decode_tokens_per_second", median(writing));
        result.put("prefill_runs", list(reading));
        result.put("decode_runs", list(writing));
        result.put("first_prompt_seconds", first);
        result.put("draft_tokens", llm.stats().draftTokens());
        result.put("accepted_tokens", llm.stats().acceptedTokens());
        result.put("memory_bytes", llm.stats().memoryBytes());
        return result;
    }

    /// Until the JVM has compiled what it needs: two runs in a row that differ by less than a
    /// tenth.
    private void warmUp(Llm llm, Generation write) {
        double last = Double.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            double seconds = promptSeconds(llm, write.maxTokens(1)) + answerSeconds(llm, write);
            if (seconds > 0.9 * last) {
                return;
            }
            last = seconds;
        }
    }

    private double promptSeconds(Llm llm, Generation options) {
        try (Answer answer = llm.generate(randomIds(llm, prompt), options)) {
            answer.text();
            return answer.usage().promptTime().toNanos() / 1e9;
        }
    }

    /// As llama-bench does it: from an empty context, one token to begin with.
    private double answerSeconds(Llm llm, Generation options) {
        try (Answer answer = llm.generate(randomIds(llm, 1), options)) {
            answer.text();
            return answer.usage().answerTime().toNanos() / 1e9;
        }
    }

    /// Other ids each time: what the engine has seen before it would not compute again.
    private int[] randomIds(Llm llm, int count) {
        Random random = new Random(++prompts);
        return random.ints(count, 0, llm.tokenizer().vocabularySize()).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private void print(Llm llm, Map<String, Object> result) {
        if (json) {
            System.out.println(Json.write(result));
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%s (%s, %s), %s threads, median of %d runs%n",
                name,
                llm.info().architecture(),
                llm.info().quantization(),
                result.get("threads"),
                runs);
        System.out.printf(
                Locale.ROOT,
                "  prefill %4d tokens  %9.1f tokens/s%n",
                prompt,
                rate(result, "prefill_tokens_per_second"));
        System.out.printf(
                Locale.ROOT,
                "  decode  %4d tokens  %9.1f tokens/s%n",
                generate,
                rate(result, "decode_tokens_per_second"));
    }

    private static double rate(Map<String, Object> result, String name) {
        return result.get(name) instanceof Double value ? value : 0;
    }
}
