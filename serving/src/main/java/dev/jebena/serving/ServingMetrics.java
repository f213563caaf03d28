package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpObserver;
import dev.jebena.llm.EngineStats;
import dev.jebena.llm.Usage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/// Counts requests and tokens, and writes them with the state of the loaded models in Prometheus'
/// text format. What vLLM counts alike has vLLM's name, so that its dashboards work.
///
/// | name | kind | labels | meaning |
/// |---|---|---|---|
/// | `jebena_http_requests_total` | counter | method, route, status | requests done |
/// | `jebena_http_request_seconds` | histogram | route | from the request's head to the reply's end |
/// | `jebena_prompt_tokens_total` | counter | model | tokens of prompts of complete answers |
/// | `jebena_cached_tokens_total` | counter | model | those of them whose keys were cached |
/// | `jebena_answer_tokens_total` | counter | model | tokens of complete answers |
/// | `jebena_first_token_seconds` | histogram | model | from submission until the prompt was computed |
/// | `jebena_answer_seconds` | histogram | model | from submission until the last token |
/// | `jebena_model_loads_total` | counter | | models loaded since the start |
/// | `jebena_models_loaded` | gauge | | models in memory |
/// | `jebena_models_memory_bytes` | gauge | model | memory of a loaded model |
/// | `jebena_models_memory_limit_bytes` | gauge | | memory that models may take |
/// | `jebena_sequences_running` | gauge | model | answers being computed |
/// | `jebena_sequences_waiting` | gauge | model | requests in the queue |
/// | `jebena_kv_pages_used`, `jebena_kv_pages` | gauge | model | pages of the key/value cache |
/// | `vllm:prefix_cache_queries_total`, `vllm:prefix_cache_hits_total` | counter | model_name | prompt tokens of admitted sequences; those whose keys were cached |
/// | `vllm:num_preemptions_total` | counter | model_name | sequences that gave their pages to older ones |
/// | `vllm:spec_decode_num_drafts_total` | counter | model_name | times that guessed tokens were checked |
/// | `vllm:spec_decode_num_draft_tokens_total` | counter | model_name | guessed tokens that were checked |
/// | `vllm:spec_decode_num_accepted_tokens_total` | counter | model_name | those of them that were right |
/// | `jebena_process_memory_bytes` | gauge | | Java heap in use |
final class ServingMetrics implements HttpObserver {
    private static final double[] BUCKETS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
    };

    private static final class Histogram {
        private final LongAdder[] counts = new LongAdder[BUCKETS.length + 1];
        private final DoubleAdder sum = new DoubleAdder();

        Histogram() {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }

        void add(Duration duration) {
            double seconds = duration.toNanos() / 1e9;
            int i = 0;
            while (i < BUCKETS.length && seconds > BUCKETS[i]) {
                i++;
            }
            counts[i].increment();
            sum.add(seconds);
        }
    }

    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, Histogram> latencies = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> promptTokens = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cachedTokens = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answerTokens = new ConcurrentHashMap<>();
    private final Map<String, Histogram> firstTokens = new ConcurrentHashMap<>();
    private final Map<String, Histogram> answers = new ConcurrentHashMap<>();

    @Override
    public void done(HttpExchange exchange, String route, int status, Duration duration) {
        // Methods and routes are ours; what strangers send does not make new time series.
        String method =
                List.of("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
                                .contains(exchange.method())
                        ? exchange.method()
                        : "other";
        count(
                requests,
                labels("method", method, "route", route, "status", Integer.toString(status)),
                1);
        observe(latencies, labels("route", route), duration);
    }

    void answered(String model, Usage usage) {
        String labels = labels("model", model);
        count(promptTokens, labels, usage.promptTokens());
        count(cachedTokens, labels, usage.cachedTokens());
        count(answerTokens, labels, usage.answerTokens());
        Duration first = usage.queueTime().plus(usage.promptTime());
        observe(firstTokens, labels, first);
        observe(answers, labels, first.plus(usage.answerTime()));
    }

    private static void count(Map<String, LongAdder> counters, String labels, long n) {
        counters.computeIfAbsent(labels, _ -> new LongAdder()).add(n);
    }

    private static void observe(Map<String, Histogram> all, String labels, Duration duration) {
        all.computeIfAbsent(labels, _ -> new Histogram()).add(duration);
    }

    private static String labels(String... namesAndValues) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value =
                    namesAndValues[i + 1]
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n");
            out.append(i == 0 ? "" : ",")
                    .append(namesAndValues[i])
                    .append("=\"")
                    .append(value)
                    .append('"');
        }
        return out.toString();
    }

    /// All figures in Prometheus' text format.
    String text(ModelPool pool) {
        StringBuilder out = new StringBuilder();
        counters(out, "jebena_http_requests_total", requests);
        histograms(out, "jebena_http_request_seconds", latencies);
        counters(out, "jebena_prompt_tokens_total", promptTokens);
        counters(out, "jebena_cached_tokens_total", cachedTokens);
        counters(out, "jebena_answer_tokens_total", answerTokens);
        histograms(out, "jebena_first_token_seconds", firstTokens);
        histograms(out, "jebena_answer_seconds", answers);
        List<LoadedModel> loaded = pool.loaded();
        single(out, "jebena_model_loads_total", "counter", pool.loads());
        single(out, "jebena_models_loaded", "gauge", loaded.size());
        single(out, "jebena_models_memory_limit_bytes", "gauge", pool.budget());
        gauge(out, "jebena_models_memory_bytes", loaded, LoadedModel::bytes);
        stat(out, "jebena_sequences_running", loaded, EngineStats::running);
        stat(out, "jebena_sequences_waiting", loaded, EngineStats::waiting);
        stat(out, "jebena_kv_pages_used", loaded, EngineStats::kvPagesUsed);
        stat(out, "jebena_kv_pages", loaded, EngineStats::kvPages);
        engineCounters(out, loaded);
        Runtime runtime = Runtime.getRuntime();
        single(
                out,
                "jebena_process_memory_bytes",
                "gauge",
                runtime.totalMemory() - runtime.freeMemory());
        return out.toString();
    }

    private static void engineCounters(StringBuilder out, List<LoadedModel> loaded) {
        Map<String, ToLongFunction<EngineStats>> counters = new LinkedHashMap<>();
        counters.put("prefix_cache_queries", s -> s.cachedTokens() + s.promptTokens());
        counters.put("prefix_cache_hits", EngineStats::cachedTokens);
        counters.put("num_preemptions", EngineStats::preemptions);
        counters.put("spec_decode_num_drafts", EngineStats::drafts);
        counters.put("spec_decode_num_draft_tokens", EngineStats::draftTokens);
        counters.put("spec_decode_num_accepted_tokens", EngineStats::acceptedTokens);
        counters.forEach((name, value) ->
                perModel(
                        out,
                        "vllm:" + name + "_total",
                        "counter",
                        "model_name",
                        loaded,
                        m -> value.applyAsLong(m.stats())));
    }

    private static void single(StringBuilder out, String name, String kind, long value) {
        type(out, name, kind);
        out.append(name).append(' ').append(value).append('\n');
    }

    private static void type(StringBuilder out, String name, String kind) {
        out.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
    }

    private static void counters(StringBuilder out, String name, Map<String, LongAdder> counters) {
        type(out, name, "counter");
        counters.forEach((labels, n) -> sample(out, name, labels, Long.toString(n.sum())));
    }

    private static void stat(
            StringBuilder out,
            String name,
            List<LoadedModel> loaded,
            ToLongFunction<EngineStats> value) {
        gauge(out, name, loaded, m -> value.applyAsLong(m.stats()));
    }

    private static void gauge(
            StringBuilder out,
            String name,
            List<LoadedModel> loaded,
            ToLongFunction<LoadedModel> value) {
        perModel(out, name, "gauge", "model", loaded, value);
    }

    private static void perModel(
            StringBuilder out,
            String name,
            String kind,
            String label,
            List<LoadedModel> loaded,
            ToLongFunction<LoadedModel> value) {
        type(out, name, kind);
        for (LoadedModel model : loaded) {
            String labels = labels(label, model.model().name().toString());
            sample(out, name, labels, Long.toString(value.applyAsLong(model)));
        }
    }

    private static void histograms(
            StringBuilder out, String name, Map<String, Histogram> histograms) {
        type(out, name, "histogram");
        histograms.forEach((labels, histogram) -> {
            long total = 0;
            for (int i = 0; i < histogram.counts.length; i++) {
                total += histogram.counts[i].sum();
                String bound = i < BUCKETS.length ? Double.toString(BUCKETS[i]) : "+Inf";
                sample(
                        out,
                        name + "_bucket",
                        labels + ",le=\"" + bound + "\"",
                        Long.toString(total));
            }
            sample(out, name + "_sum", labels, Double.toString(histogram.sum.sum()));
            sample(out, name + "_count", labels, Long.toString(total));
        });
    }

    private static void sample(StringBuilder out, String name, String labels, String value) {
        out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }
}
