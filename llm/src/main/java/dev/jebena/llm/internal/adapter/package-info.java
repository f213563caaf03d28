/// Reads LoRA adapters from GGUF files and from PEFT's folders.
@NullMarked
package dev.jebena.llm.internal.adapter;

import org.jspecify.annotations.NullMarked;
