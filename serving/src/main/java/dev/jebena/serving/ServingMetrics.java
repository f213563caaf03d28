package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpObserver;
import dev.jebena.llm.EngineStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Counts requests and tokens, and writes them with the state of the loaded models in Prometheus'
/// text format. What llama.cpp and vLLM ([VllmMetrics]) count has their names too, so that their
/// dashboards work.
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
/// | `llamacpp:prompt_tokens_total`, `llamacpp:tokens_predicted_total` | counter | | tokens of all models |
/// | `llamacpp:requests_processing`, `llamacpp:requests_deferred` | gauge | | running and waiting answers of all models |
/// | `jebena_process_memory_bytes` | gauge | | Java heap in use |
final class ServingMetrics implements HttpObserver {
    /// By method, route and status.
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

    /// By route.
    private final Map<String, Histogram> latencies = new ConcurrentHashMap<>();

    /// By model.
    private final Map<String, AnswerMetrics> answers = new ConcurrentHashMap<>();

    /// What is counted of a model's answers.
    AnswerMetrics of(String model) {
        return answers.computeIfAbsent(model, _ -> new AnswerMetrics());
    }

    @Override
    public void done(HttpExchange exchange, String route, int status, Duration duration) {
        // Methods and routes are ours; what strangers send does not make new time series.
        String method =
                List.of("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
                                .contains(exchange.method())
                        ? exchange.method()
                        : "other";
        String labels =
                PrometheusText.labels(
                        "method", method, "route", route, "status", Integer.toString(status));
        count(requests, labels, 1);
        observe(latencies, PrometheusText.labels("route", route), duration);
    }

    private static void count(Map<String, LongAdder> counters, String key, long n) {
        counters.computeIfAbsent(key, _ -> new LongAdder()).add(n);
    }

    private static void observe(Map<String, Histogram> all, String key, Duration duration) {
        all.computeIfAbsent(key, _ -> Histogram.ofRequests()).add(duration);
    }

    /// All figures in Prometheus' text format.
    String text(ModelPool pool) {
        PrometheusText out = new PrometheusText();
        out.type("jebena_http_requests_total", "counter");
        requests.forEach((labels, n) ->
                out.sample("jebena_http_requests_total", labels, Long.toString(n.sum())));
        out.type("jebena_http_request_seconds", "histogram");
        latencies.forEach(
                (labels, seconds) -> seconds.write(out, "jebena_http_request_seconds", labels));
        counter(out, "jebena_prompt_tokens_total", m -> m.promptTokens);
        counter(out, "jebena_cached_tokens_total", m -> m.cachedTokens);
        counter(out, "jebena_answer_tokens_total", m -> m.answerTokens);
        histogram(out, "jebena_first_token_seconds", m -> m.firstToken);
        histogram(out, "jebena_answer_seconds", m -> m.whole);
        List<LoadedModel> loaded = pool.loaded();
        out.single("jebena_model_loads_total", "counter", pool.loads());
        out.single("jebena_models_loaded", "gauge", loaded.size());
        out.single("jebena_models_memory_limit_bytes", "gauge", pool.budget());
        gauge(out, "jebena_models_memory_bytes", loaded, LoadedModel::bytes);
        stat(out, "jebena_sequences_running", loaded, EngineStats::running);
        stat(out, "jebena_sequences_waiting", loaded, EngineStats::waiting);
        stat(out, "jebena_kv_pages_used", loaded, EngineStats::kvPagesUsed);
        stat(out, "jebena_kv_pages", loaded, EngineStats::kvPages);
        VllmMetrics.write(out, answers, loaded);
        llamaCpp(out, loaded);
        Runtime runtime = Runtime.getRuntime();
        out.single(
                "jebena_process_memory_bytes",
                "gauge",
                runtime.totalMemory() - runtime.freeMemory());
        return out.toString();
    }

    private void counter(PrometheusText out, String name, Function<AnswerMetrics, LongAdder> of) {
        out.type(name, "counter");
        answers.forEach((model, m) ->
                out.sample(
                        name,
                        PrometheusText.labels("model", model),
                        Long.toString(of.apply(m).sum())));
    }

    private void histogram(PrometheusText out, String name, Function<AnswerMetrics, Histogram> of) {
        out.type(name, "histogram");
        answers.forEach(
                (model, m) -> of.apply(m).write(out, name, PrometheusText.labels("model", model)));
    }

    private void llamaCpp(PrometheusText out, List<LoadedModel> loaded) {
        out.single("llamacpp:prompt_tokens_total", "counter", total(m -> m.promptTokens));
        out.single("llamacpp:tokens_predicted_total", "counter", total(m -> m.answerTokens));
        out.single(
                "llamacpp:requests_processing",
                "gauge",
                loaded.stream().mapToLong(m -> m.stats().running()).sum());
        out.single(
                "llamacpp:requests_deferred",
                "gauge",
                loaded.stream().mapToLong(m -> m.stats().waiting()).sum());
    }

    private long total(Function<AnswerMetrics, LongAdder> of) {
        return answers.values().stream().mapToLong(m -> of.apply(m).sum()).sum();
    }

    private static void stat(
            PrometheusText out,
            String name,
            List<LoadedModel> loaded,
            ToLongFunction<EngineStats> value) {
        gauge(out, name, loaded, m -> value.applyAsLong(m.stats()));
    }

    private static void gauge(
            PrometheusText out,
            String name,
            List<LoadedModel> loaded,
            ToLongFunction<LoadedModel> value) {
        out.type(name, "gauge");
        for (LoadedModel model : loaded) {
            String labels = PrometheusText.labels("model", model.model().name().toString());
            out.sample(name, labels, Long.toString(value.applyAsLong(model)));
        }
    }
}
