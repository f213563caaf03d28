/// From logits to tokens, and from tokens to the text of an answer.
@NullMarked
package dev.jebena.llm.internal.sampling;

import org.jspecify.annotations.NullMarked;
