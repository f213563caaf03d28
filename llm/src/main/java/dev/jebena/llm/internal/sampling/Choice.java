package dev.jebena.llm.internal.sampling;

import dev.jebena.llm.TokenLogprob;
import java.util.List;

/// A chosen token with what is reported of it.
///
/// @param logprob natural logarithm of its unmodified probability; NaN when not asked for
/// @param top the likeliest tokens; empty when not asked for
public record Choice(int id, float logprob, List<TokenLogprob> top) {}
