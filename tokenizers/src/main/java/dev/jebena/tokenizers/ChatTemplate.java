package dev.jebena.tokenizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A chat template: Jinja source, as models publish it, compiled once. Rendering is the same as
/// with Hugging Face `apply_chat_template` (Jinja2, `trim_blocks`, `lstrip_blocks`, loop controls).
/// Safe for use by many threads.
public interface ChatTemplate {
    /// Compiles `source`; throws [TokenizerException] with line and reason when it is not valid
    /// Jinja.
    static ChatTemplate of(String source) {
        return ChatTemplates.compile(source);
    }

    /// The prompt for these variables: `messages`, `tools`, `documents`, `add_generation_prompt`,
    /// `bos_token`, `eos_token`, and whatever else the template reads. Values are maps, lists,
    /// strings, numbers, booleans and null.
    ///
    /// Throws [TokenizerException] with the template's own message when it calls `raise_exception`.
    String render(Map<String, ? extends @Nullable Object> variables);

    /// The Jinja source.
    String source();

    /// Whether the template reads `tools`.
    boolean supportsTools();
}
