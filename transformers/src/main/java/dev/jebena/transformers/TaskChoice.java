package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a model was trained for: its card's `pipeline_tag`, or else the name of its class.
final class TaskChoice {
    private static final Pattern TAG =
            Pattern.compile("(?m)^pipeline_tag:\\s*[\"']?([\\w-]+)[\"']?\\s*$");
    private static final int LONGEST_CARD = 1 << 20;
    private static final Map<String, Task<?>> ENDINGS = new LinkedHashMap<>();

    static {
        ENDINGS.put("ForMaskedLM", Task.FILL_MASK);
        ENDINGS.put("ForSequenceClassification", Task.TEXT_CLASSIFICATION);
        ENDINGS.put("ForTokenClassification", Task.TOKEN_CLASSIFICATION);
        ENDINGS.put("ForQuestionAnswering", Task.QUESTION_ANSWERING);
        ENDINGS.put("ForConditionalGeneration", Task.TEXT_TO_TEXT);
        ENDINGS.put("MTModel", Task.TRANSLATION);
        ENDINGS.put("T5WithLMHeadModel", Task.TEXT_TO_TEXT);
        ENDINGS.put("ForCausalLM", Task.TEXT_GENERATION);
        ENDINGS.put("LMHeadModel", Task.TEXT_GENERATION);
        ENDINGS.put("Model", Task.FEATURE_EXTRACTION);
    }

    private TaskChoice() {}

    static Task<?> of(Path folder, ModelConfig config) {
        Task<?> task = find(folder, config);
        if (task != null) {
            return task;
        }
        List<String> names = config.architectures();
        throw new Problem(
                Problem.Code.NOT_IMPLEMENTED,
                "%s: no task is known for the architecture %s"
                        .formatted(
                                config.place(),
                                names.isEmpty() ? "(none named)" : names.getFirst()),
                "name one of the tasks " + String.join(", ", Task.names()));
    }

    /// Null where neither tells.
    static @Nullable Task<?> find(Path folder, ModelConfig config) {
        Task<?> tagged = tagged(folder);
        if (tagged != null) {
            return tagged;
        }
        for (String name : config.architectures()) {
            for (Map.Entry<String, Task<?>> ending : ENDINGS.entrySet()) {
                if (name.endsWith(ending.getKey())) {
                    return ending.getValue();
                }
            }
        }
        return null;
    }

    private static @Nullable Task<?> tagged(Path folder) {
        Path card = folder.resolve("README.md");
        try {
            if (!Files.exists(card) || Files.size(card) > LONGEST_CARD) {
                return null;
            }
            String text = Files.readString(card);
            int end = text.startsWith("---") ? text.indexOf("\n---", 3) : -1;
            Matcher tag = TAG.matcher(end < 0 ? "" : text.substring(0, end));
            return tag.find() && Task.isKnown(tag.group(1)) ? Task.of(tag.group(1)) : null;
        } catch (IOException e) {
            throw Problem.storage("cannot read " + card, e);
        }
    }
}
