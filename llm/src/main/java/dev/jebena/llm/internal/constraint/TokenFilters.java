package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.LlmException;
import dev.jebena.tokenizers.Tokenizer;

/// Makes the filter of a constraint.
public final class TokenFilters {
    private TokenFilters() {}

    /// A fresh filter for one answer. Throws BAD_REQUEST when the constraint makes no sense or uses
    /// what is not supported.
    public static TokenFilter of(Constraint constraint, Tokenizer tokenizer) {
        throw new LlmException(
                LlmException.Code.UNSUPPORTED,
                "constrained answers are not supported yet: %s with %d tokens"
                        .formatted(constraint, tokenizer.vocabularySize()));
    }
}
