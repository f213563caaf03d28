package dev.jebena.llm.internal.model;

import dev.jebena.llm.LlmException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// All families, by the name that a model file gives as `general.architecture`.
public final class Architectures {
    private static final Map<String, Architecture> BY_NAME =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("llama", new Llama()),
                            Map.entry("qwen2", new Qwen()),
                            Map.entry("qwen2moe", QwenMoe.ofQwen2()),
                            Map.entry("qwen3", new Qwen()),
                            Map.entry("qwen3moe", QwenMoe.ofQwen3()),
                            Map.entry("phi2", new Phi2()),
                            Map.entry("phi3", new Phi3()),
                            Map.entry("gemma", new Gemma()),
                            Map.entry("gemma2", new Gemma2()),
                            Map.entry("gemma3", new Gemma3()),
                            Map.entry("gpt2", new Gpt2()),
                            Map.entry("gptneox", new GptNeoX()),
                            Map.entry("starcoder2", new StarCoder2()),
                            Map.entry("falcon", new Falcon()),
                            Map.entry("bloom", new Bloom()),
                            Map.entry("mamba", new Mamba()),
                            Map.entry("bert", new Bert()),
                            Map.entry("nomic-bert", new NomicBert())));

    private Architectures() {}

    /// The names of all families, in alphabetical order.
    public static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

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
