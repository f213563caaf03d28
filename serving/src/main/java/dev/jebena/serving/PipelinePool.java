package dev.jebena.serving;

import dev.jebena.base.Problem;
import dev.jebena.hub.StoredModel;
import dev.jebena.transformers.Pipeline;
import dev.jebena.transformers.Task;
import dev.jebena.transformers.Transformers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The models in memory that the engine for language models does not run: those that classify, tag,
/// answer, fill in or write about a text. The few that were used last stay.
final class PipelinePool {
    private static final int MOST = 2;

    private final Map<Key, Pipeline> loaded = new LinkedHashMap<>(8, 0.75f, true);

    private record Key(String digest, String task) {}

    /// What a stored model was made for, if it is one of these tasks.
    static Optional<Task<?>> taskOf(StoredModel model) {
        if (!Files.isDirectory(model.path())
                || !Files.exists(model.path().resolve("config.json"))) {
            return Optional.empty();
        }
        return Transformers.taskOf(model.path()).filter(PipelinePool::isOurs);
    }

    /// The engine generates, and makes embeddings.
    private static boolean isOurs(Task<?> task) {
        return task != Task.TEXT_GENERATION
                && task != Task.FEATURE_EXTRACTION
                && task != Task.SENTENCE_SIMILARITY;
    }

    /// The answer as the hosted inference gives it.
    Object run(
            StoredModel model,
            Task<?> task,
            @Nullable Object inputs,
            Map<String, @Nullable Object> parameters) {
        if (!isOurs(task)) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "%s is not run here".formatted(task),
                    "send it to /models/%s".formatted(model.name()));
        }
        if (task != Task.TEXT_CLASSIFICATION) {
            return pipeline(model, task).run(inputs, parameters);
        }
        // All classes, and a list for each text.
        Map<String, @Nullable Object> all = new LinkedHashMap<>(parameters);
        all.putIfAbsent("top_k", null);
        Object answer = pipeline(model, task).run(inputs, all);
        return inputs instanceof List ? answer : List.of(answer);
    }

    /// Loaded once, whoever asks; the one that was not used for longest makes room.
    private synchronized Pipeline pipeline(StoredModel model, Task<?> task) {
        Key key = new Key(model.digest().toString(), task.id());
        Pipeline found = loaded.get(key);
        if (found == null) {
            if (loaded.size() >= MOST) {
                // Its memory returns when those who use it have ended.
                loaded.remove(loaded.keySet().iterator().next());
            }
            Path folder = model.path();
            found = Transformers.load(folder, task);
            loaded.put(key, found);
        }
        return found;
    }
}
