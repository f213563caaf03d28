package dev.jebena.serving;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.LlmOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
/// @param adapters LoRA adapters to load with models, by the model's full name
/// @param adapterFolder where requests may load adapters from; null where they may not
/// @param slotFolder where requests may save and restore what the engine computed; null where they
///   may not
/// @param contextShift whether a full context forgets its older half, for requests that do not say
public record ServingOptions(
        HttpServerOptions http,
        LlmOptions engine,
        long memoryBytes,
        Duration keepAlive,
        boolean pullMissing,
        @Nullable String defaultModel,
        @Nullable Duration timeLimit,
        @Nullable Duration keepResponses,
        Map<String, List<AdapterFile>> adapters,
        @Nullable Path adapterFolder,
        @Nullable Path slotFolder,
        boolean contextShift) {
    private static final ServingOptions DEFAULTS =
            new ServingOptions(
                    HttpServerOptions.defaults(),
                    LlmOptions.defaults(),
                    0,
                    Duration.ofMinutes(5),
                    false,
                    null,
                    null,
                    Duration.ofDays(30),
                    Map.of(),
                    null,
                    null,
                    false);

    public ServingOptions {
        adapters = Map.copyOf(adapters);
    }

    public static ServingOptions defaults() {
        return DEFAULTS;
    }

    private ServingOptions with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.options();
    }

    public ServingOptions http(HttpServerOptions http) {
        return with(fields -> fields.http = http);
    }

    public ServingOptions engine(LlmOptions engine) {
        return with(fields -> fields.engine = engine);
    }

    public ServingOptions memoryBytes(long memoryBytes) {
        return with(fields -> fields.memoryBytes = memoryBytes);
    }

    public ServingOptions keepAlive(Duration keepAlive) {
        return with(fields -> fields.keepAlive = keepAlive);
    }

    public ServingOptions pullMissing(boolean pullMissing) {
        return with(fields -> fields.pullMissing = pullMissing);
    }

    public ServingOptions defaultModel(@Nullable String defaultModel) {
        return with(fields -> fields.defaultModel = defaultModel);
    }

    public ServingOptions timeLimit(@Nullable Duration timeLimit) {
        return with(fields -> fields.timeLimit = timeLimit);
    }

    public ServingOptions keepResponses(@Nullable Duration keepResponses) {
        return with(fields -> fields.keepResponses = keepResponses);
    }

    public ServingOptions adapters(Map<String, List<AdapterFile>> adapters) {
        return with(fields -> fields.adapters = adapters);
    }

    public ServingOptions adapterFolder(@Nullable Path adapterFolder) {
        return with(fields -> fields.adapterFolder = adapterFolder);
    }

    public ServingOptions slotFolder(@Nullable Path slotFolder) {
        return with(fields -> fields.slotFolder = slotFolder);
    }

    public ServingOptions contextShift(boolean contextShift) {
        return with(fields -> fields.contextShift = contextShift);
    }

    /// The same fields, open to change.
    private static final class Fields {
        private HttpServerOptions http;
        private LlmOptions engine;
        private long memoryBytes;
        private Duration keepAlive;
        private boolean pullMissing;
        private @Nullable String defaultModel;
        private @Nullable Duration timeLimit;
        private @Nullable Duration keepResponses;
        private Map<String, List<AdapterFile>> adapters;
        private @Nullable Path adapterFolder;
        private @Nullable Path slotFolder;
        private boolean contextShift;

        Fields(ServingOptions o) {
            http = o.http;
            engine = o.engine;
            memoryBytes = o.memoryBytes;
            keepAlive = o.keepAlive;
            pullMissing = o.pullMissing;
            defaultModel = o.defaultModel;
            timeLimit = o.timeLimit;
            keepResponses = o.keepResponses;
            adapters = o.adapters;
            adapterFolder = o.adapterFolder;
            slotFolder = o.slotFolder;
            contextShift = o.contextShift;
        }

        ServingOptions options() {
            return new ServingOptions(
                    http,
                    engine,
                    memoryBytes,
                    keepAlive,
                    pullMissing,
                    defaultModel,
                    timeLimit,
                    keepResponses,
                    adapters,
                    adapterFolder,
                    slotFolder,
                    contextShift);
        }
    }
}
