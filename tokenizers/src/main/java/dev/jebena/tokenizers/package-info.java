/// Text to token ids and back, and conversations to prompts.
///
/// A [dev.jebena.tokenizers.Tokenizer] comes from the metadata of a GGUF file or from a
/// `tokenizer.json`; a [dev.jebena.tokenizers.ChatTemplate] from the Jinja source that a model
/// carries:
///
/// ```java
/// Tokenizer tokenizer = Tokenizer.ofJson(Path.of("tokenizer.json"));
/// int[] ids = tokenizer.encode("Why is the sky blue?");
/// ```
@NullMarked
package dev.jebena.tokenizers;

import org.jspecify.annotations.NullMarked;
