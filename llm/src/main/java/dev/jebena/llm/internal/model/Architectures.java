package dev.jebena.llm.internal.model;

import dev.jebena.llm.LlmException;
import java.util.Map;
import java.util.TreeMap;

/// All families, by the name that a model file gives as `general.architecture`.
public final class Architectures {
    private static final Map<String, Architecture> BY_NAME =
            new TreeMap<>(
                    Map.of(
                            "llama", new Llama(),
                            "qwen2", new Qwen2(),
                            "gemma3", new Gemma3(),
                            "bert", new Bert()));

    private Architectures() {}

    /// The family called `name`; throws BAD_MODEL that lists the known ones.
    public static Architecture of(String name) {
        Architecture architecture = BY_NAME.get(name);
        if (architecture == null) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "the model's architecture \"%s\" is not known; known are %s"
                            .formatted(name, String.join(", ", BY_NAME.keySet())));
        }
        return architecture;
    }
}
