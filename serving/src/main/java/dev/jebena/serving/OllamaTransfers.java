package dev.jebena.serving;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelMessage;
import dev.jebena.hub.ModelRecipe;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ollama's routes that take long and report progress as lines: pull, push, create.
final class OllamaTransfers {
    private final ModelAccess models;
    private final Hub hub;

    OllamaTransfers(ModelAccess models, Hub hub) {
        this.models = models;
        this.hub = hub;
    }

    /// Besides Ollama's fields `accept_license` (or `acceptLicense`): true when the user has read
    /// and accepts terms that are no open licence. Without it such a model is refused with 403 and
    /// a message that names the terms; in a stream the message is the last line.
    void pull(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = OllamaFields.model(request);
        boolean accepted =
                request.flag("accept_license", false) || request.flag("acceptLicense", false);
        PullOptions options =
                PullOptions.defaults()
                        .withInsecure(request.flag("insecure", false))
                        .withAcceptLicense(accepted);
        report(exchange, request, 500, listener -> pull(name, options, listener));
    }

    private void pull(String name, PullOptions options, ProgressListener listener) {
        try {
            hub.pull(name, options, listener);
        } catch (Problem e) {
            if (e.code() != Problem.Code.LICENSE_NOT_ACCEPTED) {
                throw e;
            }
            throw HttpException.of(
                    new Problem(
                            e.code(),
                            e.summary(),
                            "read them; if you accept, send the request with"
                                    + " \"accept_license\": true",
                            e));
        }
    }

    void push(HttpExchange exchange) {
        String name = OllamaFields.model(new RequestFields(exchange.json()));
        models.find(name);
        throw new HttpException(501, "not_implemented", "push is not implemented yet");
    }

    void create(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = OllamaFields.model(request);
        ModelRecipe recipe = recipe(request);
        report(exchange, request, 0, listener -> hub.store().create(name, recipe, listener));
    }

    /// Runs `task`; its progress goes out as lines, or without `stream` only its end.
    ///
    /// @param errorStatus status of a failure without `stream`; 0 for the problem's own
    private static void report(
            HttpExchange exchange,
            RequestFields request,
            int errorStatus,
            Consumer<ProgressListener> task)
            throws IOException {
        boolean streamed = request.flag("stream", true);
        if (!streamed) {
            try {
                task.accept(ProgressListener.none());
            } catch (Problem e) {
                HttpException problem = HttpException.of(e);
                int status = errorStatus == 0 ? problem.status() : errorStatus;
                throw new HttpException(status, problem.code(), problem.message()).causedBy(e);
            }
            exchange.json(200, HttpJson.object("status", "success"));
            return;
        }
        OllamaStream.answer(
                exchange,
                stream -> {
                    // A client that has gone stops the task.
                    task.accept(progress -> line(stream, progress));
                    stream.line(HttpJson.object("status", "success"));
                });
    }

    private static void line(HttpStream stream, Progress progress) {
        Map<String, @Nullable Object> line = HttpJson.object("status", progress.status());
        ContentId digest = progress.digest();
        if (digest != null) {
            line.put("digest", digest.toString());
        }
        if (!progress.isStatusOnly()) {
            if (progress.total() > 0) {
                line.put("total", progress.total());
            }
            line.put("completed", progress.done());
        }
        try {
            stream.line(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ModelRecipe recipe(RequestFields request) {
        if (request.has("modelfile")) {
            throw request.invalid(
                    "modelfile", "send from, files, parameters, template and system instead");
        }
        if (request.has("quantize")) {
            throw request.invalid("quantize", "quantizing is not implemented yet");
        }
        // Only names of models: a path would read files of the server's machine.
        String from = request.string("from");
        StoredModel base = from == null || from.isEmpty() ? null : models.find(from);
        RequestFields parameters = request.object("parameters");
        List<ModelMessage> messages =
                request.objects("messages").stream()
                        .map(m -> new ModelMessage(m.required("role"), m.string("content", "")))
                        .toList();
        List<String> licenses = request.strings("license");
        return new ModelRecipe(
                base == null ? null : base.name().toString(),
                blobs(request, "files"),
                List.of(),
                blobs(request, "adapters"),
                parameters == null ? Map.of() : known(parameters),
                request.string("template"),
                request.string("system"),
                licenses == null ? List.of() : licenses,
                messages);
    }

    private static Map<String, Object> known(RequestFields parameters) {
        Map<String, Object> values = new LinkedHashMap<>();
        parameters
                .values()
                .forEach((name, value) -> {
                    if (value != null) {
                        values.put(name, value);
                    }
                });
        return values;
    }

    private static Map<String, ContentId> blobs(RequestFields request, String name) {
        RequestFields files = request.object(name);
        Map<String, ContentId> blobs = new LinkedHashMap<>();
        if (files != null) {
            files.values().keySet().forEach(f -> blobs.put(f, ContentId.parse(files.required(f))));
        }
        return blobs;
    }
}
