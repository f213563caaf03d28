package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpObserver;
import dev.jebena.llm.EngineStats;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Usage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Counts requests and tokens, and writes them with the state of the loaded models in Prometheus'
/// text format. What vLLM and llama.cpp count has their names too, so that their dashboards work.
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
/// | `vllm:num_requests_running`, `vllm:num_requests_waiting` | gauge | model_name | as `jebena_sequences_running`, `jebena_sequences_waiting` |
/// | `vllm:kv_cache_usage_perc` | gauge | model_name | part of the key/value cache in use, from 0 to 1 |
/// | `vllm:prompt_tokens_total`, `vllm:generation_tokens_total` | counter | model_name | as `jebena_prompt_tokens_total`, `jebena_answer_tokens_total` |
/// | `vllm:request_success_total` | counter | model_name, finished_reason | complete answers: `stop`, `length` |
/// | `vllm:time_to_first_token_seconds`, `vllm:e2e_request_latency_seconds` | histogram | model_name | as `jebena_first_token_seconds`, `jebena_answer_seconds` |
/// | `llamacpp:prompt_tokens_total`, `llamacpp:tokens_predicted_total` | counter | | tokens of all models |
/// | `llamacpp:requests_processing`, `llamacpp:requests_deferred` | gauge | | running and waiting answers of all models |
/// | `jebena_process_memory_bytes` | gauge | | Java heap in use |
final class ServingMetrics implements HttpObserver {
    /// By method, route and status.
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

    /// By route.
    private final Map<String, LatencyHistogram> latencies = new ConcurrentHashMap<>();

    private final Map<String, LongAdder> promptTokens = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cachedTokens = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answerTokens = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> stopped = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cut = new ConcurrentHashMap<>();
    private final Map<String, LatencyHistogram> firstTokens = new ConcurrentHashMap<>();
    private final Map<String, LatencyHistogram> answers = new ConcurrentHashMap<>();

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

    void answered(String model, Usage usage, @Nullable FinishReason finish) {
        count(promptTokens, model, usage.promptTokens());
        count(cachedTokens, model, usage.cachedTokens());
        count(answerTokens, model, usage.answerTokens());
        count(finish == FinishReason.LENGTH ? cut : stopped, model, 1);
        Duration first = usage.queueTime().plus(usage.promptTime());
        observe(firstTokens, model, first);
        observe(answers, model, first.plus(usage.answerTime()));
    }

    private static void count(Map<String, LongAdder> counters, String key, long n) {
        counters.computeIfAbsent(key, _ -> new LongAdder()).add(n);
    }

    private static void observe(Map<String, LatencyHistogram> all, String key, Duration duration) {
        all.computeIfAbsent(key, _ -> new LatencyHistogram()).add(duration);
    }

    /// All figures in Prometheus' text format.
    String text(ModelPool pool) {
        PrometheusText out = new PrometheusText();
        counters(out, "jebena_http_requests_total", requests, labels -> labels);
        histograms(out, "jebena_http_request_seconds", latencies, labels -> labels);
        counters(out, "jebena_prompt_tokens_total", promptTokens, ServingMetrics::model);
        counters(out, "jebena_cached_tokens_total", cachedTokens, ServingMetrics::model);
        counters(out, "jebena_answer_tokens_total", answerTokens, ServingMetrics::model);
        histograms(out, "jebena_first_token_seconds", firstTokens, ServingMetrics::model);
        histograms(out, "jebena_answer_seconds", answers, ServingMetrics::model);
        List<LoadedModel> loaded = pool.loaded();
        out.single("jebena_model_loads_total", "counter", pool.loads());
        out.single("jebena_models_loaded", "gauge", loaded.size());
        out.single("jebena_models_memory_limit_bytes", "gauge", pool.budget());
        gauge(out, "jebena_models_memory_bytes", loaded, LoadedModel::bytes);
        stat(out, "jebena_sequences_running", loaded, EngineStats::running);
        stat(out, "jebena_sequences_waiting", loaded, EngineStats::waiting);
        stat(out, "jebena_kv_pages_used", loaded, EngineStats::kvPagesUsed);
        stat(out, "jebena_kv_pages", loaded, EngineStats::kvPages);
        vllm(out, loaded);
        llamaCpp(out, loaded);
        Runtime runtime = Runtime.getRuntime();
        out.single(
                "jebena_process_memory_bytes",
                "gauge",
                runtime.totalMemory() - runtime.freeMemory());
        return out.toString();
    }

    private static String model(String name) {
        return PrometheusText.labels("model", name);
    }

    private static String modelName(String name) {
        return PrometheusText.labels("model_name", name);
    }

    private void vllm(PrometheusText out, List<LoadedModel> loaded) {
        counters(out, "vllm:prompt_tokens_total", promptTokens, ServingMetrics::modelName);
        counters(out, "vllm:generation_tokens_total", answerTokens, ServingMetrics::modelName);
        histograms(out, "vllm:time_to_first_token_seconds", firstTokens, ServingMetrics::modelName);
        histograms(out, "vllm:e2e_request_latency_seconds", answers, ServingMetrics::modelName);
        out.type("vllm:request_success_total", "counter");
        success(out, stopped, "stop");
        success(out, cut, "length");
        engine(out, loaded);
    }

    private static void engine(PrometheusText out, List<LoadedModel> loaded) {
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
                        m -> Long.toString(value.applyAsLong(m.stats()))));
        Map<String, Function<EngineStats, Object>> gauges = new LinkedHashMap<>();
        gauges.put("num_requests_running", EngineStats::running);
        gauges.put("num_requests_waiting", EngineStats::waiting);
        gauges.put(
                "kv_cache_usage_perc",
                s -> s.kvPages() == 0 ? 0.0 : (double) s.kvPagesUsed() / s.kvPages());
        gauges.forEach((name, value) ->
                perModel(
                        out,
                        "vllm:" + name,
                        "gauge",
                        "model_name",
                        loaded,
                        m -> value.apply(m.stats()).toString()));
    }

    private static void success(
            PrometheusText out, Map<String, LongAdder> counters, String reason) {
        counters.forEach((model, n) ->
                out.sample(
                        "vllm:request_success_total",
                        PrometheusText.labels("model_name", model, "finished_reason", reason),
                        Long.toString(n.sum())));
    }

    private void llamaCpp(PrometheusText out, List<LoadedModel> loaded) {
        out.single("llamacpp:prompt_tokens_total", "counter", total(promptTokens));
        out.single("llamacpp:tokens_predicted_total", "counter", total(answerTokens));
        out.single(
                "llamacpp:requests_processing",
                "gauge",
                loaded.stream().mapToLong(m -> m.stats().running()).sum());
        out.single(
                "llamacpp:requests_deferred",
                "gauge",
                loaded.stream().mapToLong(m -> m.stats().waiting()).sum());
    }

    private static long total(Map<String, LongAdder> counters) {
        return counters.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private static void counters(
            PrometheusText out,
            String name,
            Map<String, LongAdder> counters,
            Function<String, String> labels) {
        out.type(name, "counter");
        counters.forEach((key, n) -> out.sample(name, labels.apply(key), Long.toString(n.sum())));
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
        perModel(out, name, "gauge", "model", loaded, m -> Long.toString(value.applyAsLong(m)));
    }

    private static void perModel(
            PrometheusText out,
            String name,
            String kind,
            String label,
            List<LoadedModel> loaded,
            Function<LoadedModel, String> value) {
        out.type(name, kind);
        for (LoadedModel model : loaded) {
            String labels = PrometheusText.labels(label, model.model().name().toString());
            out.sample(name, labels, value.apply(model));
        }
    }

    private static void histograms(
            PrometheusText out,
            String name,
            Map<String, LatencyHistogram> histograms,
            Function<String, String> labels) {
        out.type(name, "histogram");
        histograms.forEach((key, histogram) -> histogram.write(out, name, labels.apply(key)));
    }
}
