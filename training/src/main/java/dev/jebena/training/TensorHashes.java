package dev.jebena.training;

import dev.jebena.base.ContentId;
import dev.jebena.json.Json;
import dev.jebena.nn.Stateful;
import dev.jebena.tensor.Tensor;
import dev.jebena.tracking.TrackedRun;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hashes of a model's tensors after some steps, as lines of JSON: `{"step": 8, "tensors":
/// {"0.weight": "…"}}`. They tell which tensor differed first between two trainings that should
/// have been the same.
final class TensorHashes {
    /// The artifact of the run: in the folder of what describes it, so none of its results.
    static final String FILE = "environment/tensors.jsonl";

    private static final int HEX_DIGITS = 32;
    private static final long PIECE = 1L << 30;

    private final Stateful model;
    private final TrackedRun run;
    private final StringBuilder lines = new StringBuilder();
    private long last = -1;

    TensorHashes(Stateful model, TrackedRun run) {
        this.model = model;
        this.run = run;
    }

    /// Adds a line and stores all of them; none for a step that has one.
    void take(long step) {
        if (step == last) {
            return;
        }
        last = step;
        Map<String, Object> hashes = new LinkedHashMap<>();
        model.stateDict().forEach((name, tensor) -> hashes.put(name, hash(tensor.detach())));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("tensors", hashes);
        lines.append(Json.write(line)).append('\n');
        run.artifact(FILE, lines.toString());
    }

    /// Over type, shape and elements.
    static String hash(Tensor tensor) {
        MessageDigest digest = ContentId.sha256();
        String form = tensor.dtype() + " " + tensor.shape() + "\n";
        digest.update(form.getBytes(StandardCharsets.UTF_8));
        MemorySegment memory = tensor.memory();
        for (long at = 0; at < memory.byteSize(); at += PIECE) {
            digest.update(
                    memory.asSlice(at, Math.min(PIECE, memory.byteSize() - at)).asByteBuffer());
        }
        return ContentId.of(digest).hex().substring(0, HEX_DIGITS);
    }
}
