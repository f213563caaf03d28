package dev.jebena.langchain4j;

import dev.jebena.llm.LlmException;
import dev.jebena.tokenizers.TokenizerException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.function.Supplier;

/// What the engine refuses, as LangChain4j's exceptions: those that a second try may help are
/// retriable there.
final class EngineExceptions {
    private EngineExceptions() {}

    static <T> T mapped(Supplier<T> action) {
        try {
            return action.get();
        } catch (LlmException e) {
            throw of(e);
        } catch (TokenizerException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    private static RuntimeException of(LlmException e) {
        String message = e.getMessage();
        return switch (e.code()) {
            case BAD_REQUEST, CONTEXT_OVERFLOW, BAD_MODEL ->
                    new InvalidRequestException(message, e);
            case UNSUPPORTED -> new UnsupportedFeatureException(message);
            case QUEUE_FULL -> new RateLimitException(message, e);
            case TIME_LIMIT -> new TimeoutException(message, e);
            default -> new InternalServerException(message, e);
        };
    }
}
