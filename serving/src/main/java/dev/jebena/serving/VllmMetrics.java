package dev.jebena.serving;

import dev.jebena.llm.EngineStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The figures that vLLM tells, by its names and with its label `model_name`.
///
/// | name | kind | meaning |
/// |---|---|---|
/// | `vllm:num_requests_running`, `vllm:num_requests_waiting` | gauge | answers being computed, requests in the queue |
/// | `vllm:kv_cache_usage_perc` | gauge | part of the key/value cache in use, from 0 to 1 |
/// | `vllm:prefix_cache_queries_total`, `vllm:prefix_cache_hits_total` | counter | prompt tokens of admitted sequences; those whose keys were cached |
/// | `vllm:num_preemptions_total` | counter | sequences that gave their pages to older ones |
/// | `vllm:spec_decode_num_drafts_total`, `..._draft_tokens_total`, `..._accepted_tokens_total` | counter | checks of guessed tokens, the guesses, those that were right |
/// | `vllm:prompt_tokens_total`, `vllm:generation_tokens_total` | counter | tokens of complete answers |
/// | `vllm:request_success_total` | counter | answers by `finished_reason`: `stop`, `length`, `abort` |
/// | `vllm:time_to_first_token_seconds` | histogram | from submission until the prompt was computed |
/// | `vllm:inter_token_latency_seconds` | histogram | between two tokens, as the reader gets them |
/// | `vllm:request_time_per_output_token_seconds` | histogram | the same, the mean of an answer |
/// | `vllm:e2e_request_latency_seconds` | histogram | from submission until the last token |
/// | `vllm:request_queue_time_seconds`, `..._prefill_time_...`, `..._decode_time_...`, `..._inference_time_...` | histogram | its parts: waiting, the prompt, the answer, the last two together |
/// | `vllm:request_prompt_tokens`, `vllm:request_prefill_kv_computed_tokens`, `vllm:request_generation_tokens` | histogram | tokens of prompts, those of them that were not cached, tokens of answers |
/// | `vllm:request_max_num_generation_tokens` | histogram | tokens of a prompt's longest answer |
/// | `vllm:request_params_n`, `vllm:request_params_max_tokens` | histogram | what requests ask for |
/// | `vllm:iteration_tokens_total` | histogram | tokens that a step computed |
final class VllmMetrics {
    private static final Map<String, Function<AnswerMetrics, Histogram>> HISTOGRAMS = histograms();
    private static final Map<String, Function<EngineStats, Long>> COUNTERS = counters();
    private static final Map<String, Function<EngineStats, Object>> GAUGES = gauges();

    private VllmMetrics() {}

    private static Map<String, Function<AnswerMetrics, Histogram>> histograms() {
        Map<String, Function<AnswerMetrics, Histogram>> all = new LinkedHashMap<>();
        all.put("time_to_first_token_seconds", m -> m.firstToken);
        all.put("inter_token_latency_seconds", m -> m.betweenTokens);
        all.put("request_time_per_output_token_seconds", m -> m.perToken);
        all.put("e2e_request_latency_seconds", m -> m.whole);
        all.put("request_queue_time_seconds", m -> m.queue);
        all.put("request_prefill_time_seconds", m -> m.prompt);
        all.put("request_decode_time_seconds", m -> m.answer);
        all.put("request_inference_time_seconds", m -> m.computing);
        all.put("request_prompt_tokens", m -> m.promptSizes);
        all.put("request_prefill_kv_computed_tokens", m -> m.computedSizes);
        all.put("request_generation_tokens", m -> m.answerSizes);
        all.put("request_max_num_generation_tokens", m -> m.longestAnswers);
        all.put("request_params_n", m -> m.choices);
        all.put("request_params_max_tokens", m -> m.limits);
        return all;
    }

    private static Map<String, Function<EngineStats, Long>> counters() {
        Map<String, Function<EngineStats, Long>> all = new LinkedHashMap<>();
        all.put("prefix_cache_queries", s -> s.cachedTokens() + s.promptTokens());
        all.put("prefix_cache_hits", EngineStats::cachedTokens);
        all.put("num_preemptions", EngineStats::preemptions);
        all.put("spec_decode_num_drafts", EngineStats::drafts);
        all.put("spec_decode_num_draft_tokens", EngineStats::draftTokens);
        all.put("spec_decode_num_accepted_tokens", EngineStats::acceptedTokens);
        return all;
    }

    private static Map<String, Function<EngineStats, Object>> gauges() {
        Map<String, Function<EngineStats, Object>> all = new LinkedHashMap<>();
        all.put("num_requests_running", EngineStats::running);
        all.put("num_requests_waiting", EngineStats::waiting);
        all.put(
                "kv_cache_usage_perc",
                s -> s.kvPages() == 0 ? 0.0 : (double) s.kvPagesUsed() / s.kvPages());
        return all;
    }

    /// @param answers by model
    static void write(
            PrometheusText out, Map<String, AnswerMetrics> answers, List<LoadedModel> loaded) {
        counter(out, "prompt_tokens", answers, m -> m.promptTokens);
        counter(out, "generation_tokens", answers, m -> m.answerTokens);
        out.type("vllm:request_success_total", "counter");
        answers.forEach((model, m) -> {
            success(out, model, "stop", m.stopped);
            success(out, model, "length", m.cut);
            success(out, model, "abort", m.aborted);
        });
        HISTOGRAMS.forEach((name, of) -> {
            out.type("vllm:" + name, "histogram");
            answers.forEach((model, m) -> of.apply(m).write(out, "vllm:" + name, label(model)));
        });
        COUNTERS.forEach((name, of) -> {
            out.type("vllm:" + name + "_total", "counter");
            loaded.forEach(m ->
                    out.sample(
                            "vllm:" + name + "_total", label(m), of.apply(m.stats()).toString()));
        });
        GAUGES.forEach((name, of) -> {
            out.type("vllm:" + name, "gauge");
            loaded.forEach(
                    m -> out.sample("vllm:" + name, label(m), of.apply(m.stats()).toString()));
        });
        out.type("vllm:iteration_tokens_total", "histogram");
        loaded.forEach(m -> steps(out, label(m), m.stats()));
    }

    private static void steps(PrometheusText out, String labels, EngineStats stats) {
        List<Long> sizes = stats.stepSizes();
        double[] bounds = IntStream.range(0, sizes.size()).mapToDouble(i -> 1L << i).toArray();
        long[] counts = new long[sizes.size() + 1];
        for (int i = 0; i < sizes.size(); i++) {
            counts[i] = sizes.get(i);
        }
        Histogram.write(
                out,
                "vllm:iteration_tokens_total",
                labels,
                bounds,
                counts,
                (double) stats.stepTokens());
    }

    private static String label(LoadedModel model) {
        return label(model.model().name().toString());
    }

    private static String label(String model) {
        return PrometheusText.labels("model_name", model);
    }

    private static void counter(
            PrometheusText out,
            String name,
            Map<String, AnswerMetrics> answers,
            Function<AnswerMetrics, LongAdder> of) {
        out.type("vllm:" + name + "_total", "counter");
        answers.forEach((model, m) ->
                out.sample(
                        "vllm:" + name + "_total", label(model), Long.toString(of.apply(m).sum())));
    }

    private static void success(PrometheusText out, String model, String reason, LongAdder count) {
        out.sample(
                "vllm:request_success_total",
                PrometheusText.labels("model_name", model, "finished_reason", reason),
                Long.toString(count.sum()));
    }
}
