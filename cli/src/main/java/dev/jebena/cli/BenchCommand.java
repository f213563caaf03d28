package dev.jebena.cli;

import dev.jebena.compute.Kernels;
import dev.jebena.compute.Roofline;
import dev.jebena.compute.Workers;
import dev.jebena.json.Json;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;
import dev.jebena.llm.ModelInfo;
import dev.jebena.tracking.Tracker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description = "Measures a model's speed beside what the machine can do.",
        footer = {
            "  jebena bench model smollm2",
            "  jebena bench model smollm2 --prompt 512 --generate 128 --threads 1 --json",
            "  jebena bench model smollm2 --batch 1,4,16 --threads 1,2 --markdown",
            "  jebena bench model ./model.gguf --runs 5",
            "  jebena bench model smollm2 --track    keeps it: jebena runs ls bench"
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
            split = ",",
            description = "Tokens of the prompt, one or more numbers (default ${DEFAULT-VALUE}).",
            defaultValue = "512")
    int[] prompt = {512};

    @Option(
            names = "--generate",
            paramLabel = "N",
            description = "Tokens to generate (default ${DEFAULT-VALUE}).",
            defaultValue = "128")
    int generate = 128;

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            description =
                    "Answers that are written at once, one or more numbers (default ${DEFAULT-VALUE}).",
            defaultValue = "1")
    int[] batch = {1};

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Threads, one or more numbers; 0 for one for each core.",
            defaultValue = "0")
    int[] threads = {0};

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

    @Mixin CacheOptions cache = new CacheOptions();

    @Mixin TrackOptions track = new TrackOptions();

    @Option(names = "--markdown", description = "Print a Markdown table.")
    boolean markdown;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /// What one number of threads gave.
    private record Measured(
            ModelInfo info,
            double loadSeconds,
            double firstPromptSeconds,
            Roofline roofline,
            List<ModelBench.Result> results,
            Map<String, Object> engine) {}

    @Override
    int run() {
        for (int[] counts : List.of(prompt, batch, new int[] {generate, runs})) {
            if (least(counts) < 1) {
                throw UserError.usage(
                        "--prompt, --generate, --batch and --runs must be at least 1");
            }
        }
        if (least(threads) < 0) {
            throw UserError.usage("--threads must not be negative");
        }
        List<Measured> all = new ArrayList<>();
        try (Tracker tracker = track.open(null)) {
            for (int count : threads) {
                all.add(tracker == null ? measure(count) : recorded(tracker, count));
            }
        }
        if (json) {
            System.out.println(Json.write(json(all)));
        } else if (markdown) {
            printMarkdown(all);
        } else {
            printText(all);
        }
        return ExitCode.OK;
    }

    /// One run of the experiment `bench` for each number of threads.
    private Measured recorded(Tracker tracker, int count) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("model", name);
        params.put("exact", exact);
        params.put("runs", runs);
        return tracker.experiment("bench")
                .run(
                        name,
                        params,
                        run -> {
                            Measured measured = measure(count);
                            new BenchRecord(run, kernels()).add(measured.info(), json(measured));
                            return measured;
                        });
    }

    private Measured measure(int wanted) {
        int count = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
        Roofline roofline;
        try (Workers workers = Workers.of(count)) {
            roofline = Roofline.measure(workers);
        }
        LlmOptions options =
                LlmOptions.defaults()
                        .threads(count)
                        .exact(exact)
                        .maxSequences(most(batch))
                        .maxQueue(most(batch))
                        .contextLength(most(prompt) + generate + 32)
                        // Random prompts lead into loops, which are too easy to guess.
                        .draftTokens(0);
        long began = System.nanoTime();
        try (Models models = Models.open();
                Llm loaded =
                        Llm.load(
                                models.local(name).path(),
                                draft.over(cache.over(options), models))) {
            double load = (System.nanoTime() - began) / 1e9;
            Llm llm = Models.generating(loaded, name);
            ModelBench bench = new ModelBench(llm, runs, roofline);
            List<ModelBench.Result> results = new ArrayList<>();
            for (int tokens : prompt) {
                results.add(bench.prefill(tokens));
            }
            for (int sequences : batch) {
                results.add(bench.decode(generate, sequences));
            }
            return new Measured(
                    llm.info(),
                    load,
                    bench.firstPromptSeconds(),
                    roofline,
                    results,
                    Map.of(
                            "draft_tokens", llm.stats().draftTokens(),
                            "accepted_tokens", llm.stats().acceptedTokens(),
                            "memory_bytes", llm.stats().memoryBytes(),
                            "weight_bytes_per_step", llm.cost().weightBytes(),
                            "multiply_adds_per_token", llm.cost().multiplyAdds()));
        }
    }

    private Map<String, Object> json(Measured one) {
        return json(List.of(one));
    }

    private Map<String, Object> json(List<Measured> all) {
        Measured first = all.getFirst();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", name);
        result.put("architecture", first.info().architecture());
        result.put("quantization", first.info().quantization());
        result.put("parameters", first.info().parameters());
        result.put("file_bytes", first.info().fileBytes());
        result.put("kernels", kernels());
        result.put("threads", first.roofline().threads());
        result.put("prompt_tokens", prompt[0]);
        result.put("generated_tokens", generate);
        result.put("prefill_tokens_per_second", first.results().getFirst().rate());
        result.put("decode_tokens_per_second", first.results().get(prompt.length).rate());
        result.put("first_prompt_seconds", first.firstPromptSeconds());
        result.put("load_seconds", first.loadSeconds());
        result.putAll(first.engine());
        result.put(
                "results",
                all.stream()
                        .flatMap(measured -> measured.results().stream())
                        .map(ModelBench.Result::json)
                        .toList());
        result.put("machine", all.stream().map(measured -> json(measured.roofline())).toList());
        return result;
    }

    private static Map<String, Object> json(Roofline roofline) {
        return Map.of(
                "threads", roofline.threads(),
                "bytes_per_second", roofline.bytesPerSecond(),
                "multiply_adds_per_second", roofline.multiplyAddsPerSecond(),
                "products", roofline.products());
    }

    private void printText(List<Measured> all) {
        ModelInfo info = all.getFirst().info();
        System.out.printf(
                Locale.ROOT,
                "%s (%s, %s), kernels %s, median of %d runs%n",
                name,
                info.architecture(),
                info.quantization(),
                kernels(),
                runs);
        for (Measured measured : all) {
            System.out.println(line(measured.roofline()));
            System.out.print(
                    Tables.of(
                            measured.results().stream()
                                    .map(result ->
                                            List.of(
                                                    "  " + result.test(),
                                                    rate(result) + " tokens/s",
                                                    share(result)))
                                    .toList()));
        }
    }

    /// The columns of llama-bench, and the share of the roof.
    private void printMarkdown(List<Measured> all) {
        System.out.println(
                "| model | size | params | kernels | threads | test | t/s | share of roof |");
        System.out.println("|---|---:|---:|---|---:|---:|---:|---:|");
        for (Measured measured : all) {
            ModelInfo info = measured.info();
            for (ModelBench.Result result : measured.results()) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s %s | %s | %.2f M | %s | %d | %s | %s | %s |%n",
                        name,
                        info.quantization(),
                        Tables.bytes(info.fileBytes()),
                        info.parameters() / 1e6,
                        kernels(),
                        result.threads(),
                        result.test(),
                        rate(result),
                        share(result));
            }
        }
        System.out.println();
        all.forEach(measured -> System.out.println(line(measured.roofline())));
    }

    private static String line(Roofline roofline) {
        String arithmetic =
                roofline.multiplyAddsPerSecond() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %.0f G %s multiply-adds/s",
                                roofline.multiplyAddsPerSecond() / 1e9,
                                roofline.products());
        return String.format(
                Locale.ROOT,
                "%d %s: memory %.1f GB/s%s (measured)",
                roofline.threads(),
                roofline.threads() == 1 ? "thread" : "threads",
                roofline.bytesPerSecond() / 1e9,
                arithmetic);
    }

    private static String rate(ModelBench.Result result) {
        return String.format(Locale.ROOT, "%.1f ± %.1f", result.rate(), result.spread());
    }

    private static String share(ModelBench.Result result) {
        return Double.isFinite(result.share())
                ? String.format(Locale.ROOT, "%.0f %% of %s", 100 * result.share(), result.roof())
                : "";
    }

    private String kernels() {
        return (exact ? Kernels.best().exact() : Kernels.best()).name();
    }

    private static int least(int... values) {
        return IntStream.of(values).min().orElse(0);
    }

    private static int most(int... values) {
        return IntStream.of(values).max().orElse(0);
    }
}
