package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.Problem;
import dev.jebena.llm.LlmException;
import dev.jebena.tokenizers.TokenizerException;

/// What the layers below refuse, as HTTP errors: the one table that all protocols use.
final class EngineErrors {
    private EngineErrors() {}

    /// The handler with exceptions of the engine turned into [HttpException].
    static HttpHandler translating(HttpHandler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (LlmException | TokenizerException | Problem e) {
                throw of(e);
            }
        };
    }

    static HttpException of(RuntimeException e) {
        return switch (e) {
            case HttpException http -> http;
            case LlmException llm -> of(llm);
            case TokenizerException refused ->
                    new HttpException(400, "invalid_value", message(refused)).causedBy(e);
            case Problem problem -> HttpException.of(problem);
            default ->
                    new HttpException(500, "internal_error", "The server failed: " + e).causedBy(e);
        };
    }

    private static HttpException of(LlmException e) {
        String message = message(e);
        HttpException mapped =
                switch (e.code()) {
                    case BAD_REQUEST -> new HttpException(400, "invalid_value", message);
                    case CONTEXT_OVERFLOW ->
                            new HttpException(400, "context_length_exceeded", message);
                    case UNSUPPORTED -> new HttpException(400, "unsupported", message);
                    case QUEUE_FULL -> HttpException.busy(message, 1);
                    case TIME_LIMIT -> new HttpException(504, "timeout", message);
                    case OUT_OF_MEMORY ->
                            new HttpException(503, "out_of_memory", message).retryAfter(10);
                    case CLOSED -> new HttpException(503, "model_unloaded", message).retryAfter(1);
                    case BAD_MODEL -> new HttpException(500, "bad_model", message);
                    case INTERNAL -> new HttpException(500, "internal_error", message);
                };
        return mapped.causedBy(e);
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
