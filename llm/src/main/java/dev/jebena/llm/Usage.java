package dev.jebena.llm;

import java.time.Duration;

/// What an answer cost so far.
///
/// @param promptTokens tokens of the prompt
/// @param cachedTokens those of them whose keys and values were there already
/// @param answerTokens tokens of the answer
/// @param queueTime from submission until the first step
/// @param promptTime from the first step until the prompt was computed
/// @param answerTime from then until the last token
public record Usage(
        int promptTokens,
        int cachedTokens,
        int answerTokens,
        Duration queueTime,
        Duration promptTime,
        Duration answerTime) {}
