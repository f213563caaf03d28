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
                            Map.entry("qwen2moe", new QwenMoe(false)),
                            Map.entry("qwen3", new Qwen()),
                            Map.entry("qwen3moe", new QwenMoe(true)),
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
                            Map.entry("olmo2", new Olmo2()),
                            Map.entry("olmoe", new QwenMoe(false)),
                            Map.entry("granite", new Granite()),
                            Map.entry("granitemoe", new Granite()),
                            Map.entry("minicpm", new Granite()),
                            Map.entry("command-r", new Cohere()),
                            Map.entry("cohere2", new Cohere()),
                            Map.entry("chatglm", new Glm()),
                            Map.entry("glm4", new Glm()),
                            Map.entry("smollm3", new SmolLm3()),
                            Map.entry("internlm2", new Llama()),
                            Map.entry("exaone", new Qwen()),
                            Map.entry("gpt-oss", new GptOss()),
                            Map.entry("deepseek2", new DeepSeek2()),
                            Map.entry("bert", new Bert()),
                            Map.entry("jina-bert-v2", new JinaBert()),
                            Map.entry("modern-bert", new ModernBert()),
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
