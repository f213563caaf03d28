package dev.jebena.serving;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.llm.LlmOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How to serve models. Each method returns a changed copy.
///
/// @param http where to listen and what to allow
/// @param engine how models are loaded and run
/// @param memoryBytes memory that loaded models may take together; 0 for 60 % of the machine's
/// @param keepAlive how long an idle model stays loaded when the request does not say; negative for
///   ever
/// @param pullMissing whether a request for a model that is not on this machine fetches it
/// @param defaultModel the model of requests that name none; null for the one used last, or the
///   first of the store
/// @param timeLimit time that a request may wait and run; null for any
/// @param keepResponses how long stored responses are kept; null for ever
public record ServingOptions(
        HttpServerOptions http,
        LlmOptions engine,
        long memoryBytes,
        Duration keepAlive,
        boolean pullMissing,
        @Nullable String defaultModel,
        @Nullable Duration timeLimit,
        @Nullable Duration keepResponses) {
    private static final ServingOptions DEFAULTS =
            new ServingOptions(
                    HttpServerOptions.defaults(),
                    LlmOptions.defaults(),
                    0,
                    Duration.ofMinutes(5),
                    false,
                    null,
                    null,
                    Duration.ofDays(30));

    public static ServingOptions defaults() {
        return DEFAULTS;
    }

    public ServingOptions http(HttpServerOptions http) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions engine(LlmOptions engine) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions memoryBytes(long memoryBytes) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions keepAlive(Duration keepAlive) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions pullMissing(boolean pullMissing) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions defaultModel(@Nullable String defaultModel) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions timeLimit(@Nullable Duration timeLimit) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }

    public ServingOptions keepResponses(@Nullable Duration keepResponses) {
        return new ServingOptions(
                http,
                engine,
                memoryBytes,
                keepAlive,
                pullMissing,
                defaultModel,
                timeLimit,
                keepResponses);
    }
}
