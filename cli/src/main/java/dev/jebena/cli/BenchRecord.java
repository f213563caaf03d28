package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.ModelInfo;
import dev.jebena.tracking.TrackedRun;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts what `jebena bench` has measured into a run: what was measured as params, speeds as metrics
/// such as `prefill_512_tokens_per_second` and `decode_128_x4_tokens_per_second`, and the whole
/// report as an artifact.
record BenchRecord(TrackedRun run, String kernels) {
    void add(ModelInfo info, Map<String, Object> report) {
        run.param("architecture", info.architecture());
        run.param("quantization", info.quantization());
        run.param("parameters", info.parameters());
        run.param("file_bytes", info.fileBytes());
        run.param("kernels", kernels);
        run.param("threads", String.valueOf(report.get("threads")));
        report.forEach((name, value) -> {
            if (name.endsWith("_seconds") || name.endsWith("_bytes")) {
                number(name, value);
            }
        });
        if (report.get("results") instanceof Iterable<?> results) {
            results.forEach(result -> test((Map<?, ?>) result));
        }
        run.artifact("bench.json", Json.write(report));
    }

    private void test(Map<?, ?> result) {
        String batch = String.valueOf(result.get("batch"));
        String name =
                "%s_%s%s_"
                        .formatted(
                                result.get("test"),
                                result.get("tokens"),
                                batch.equals("1") ? "" : "_x" + batch);
        number(name + "tokens_per_second", result.get("tokens_per_second"));
        number(name + "share_of_roof", result.get("share_of_roof"));
    }

    private void number(String name, @Nullable Object value) {
        if (value instanceof Number number) {
            run.metric(name, number.doubleValue());
        }
    }
}
