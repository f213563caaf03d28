package dev.jebena.llm;

import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A loaded language model and the engine that runs it. Safe for use by many threads: their
/// requests are computed together, and none changes another's answer.
public interface Llm extends AutoCloseable {
    /// Loads a model with default options: a GGUF file (of split files, the first), or a folder
    /// with safetensors, `config.json` and `tokenizer.json`.
    static Llm load(Path path) {
        return load(path, LlmOptions.defaults());
    }

    static Llm load(Path path, LlmOptions options) {
        return LlmLoader.load(path, options);
    }

    /// One question, one answer, default options.
    default String chat(String message) {
        try (Chat chat = newChat(Generation.defaults())) {
            return chat.ask(message);
        }
    }

    /// A conversation whose answers are made with these options.
    Chat newChat(Generation options);

    /// The prompt for a conversation, by the model's chat template.
    ///
    /// @param variables further template variables: `tools`, `documents`, `enable_thinking`, ...
    String prompt(List<Message> messages, Map<String, ? extends @Nullable Object> variables);

    /// Starts an answer to a prompt of token ids. The ids are used as they are.
    Answer generate(int[] prompt, Generation options);

    /// Starts an answer to a prompt as text; special tokens in it are recognized, BOS is added
    /// where the model wants it.
    default Answer generate(String prompt, Generation options) {
        return generate(tokenizer().encode(prompt), options);
    }

    /// The vector of a text of token ids, which hold the special tokens already. A text longer than
    /// the context is refused.
    Embedding embed(int[] ids);

    default Embedding embed(String text) {
        return embed(tokenizer().encode(text));
    }

    ModelInfo info();

    Tokenizer tokenizer();

    /// The model's chat template; null when it has none.
    @Nullable ChatTemplate chatTemplate();

    /// Positions of one sequence: prompt and answer together.
    int contextLength();

    EngineStats stats();

    /// What a token costs, to compare a rate with what the machine can do.
    TokenCost cost();

    /// Ends all answers with CLOSED and frees the memory.
    @Override
    void close();
}
