/// Folders as Hugging Face publishes models, seen as if they were GGUF files.
@NullMarked
package dev.jebena.llm.internal.folder;

import org.jspecify.annotations.NullMarked;
