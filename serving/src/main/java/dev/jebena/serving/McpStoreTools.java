package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Progress;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import dev.jebena.mcp.McpCall;
import dev.jebena.mcp.McpServer;
import dev.jebena.mcp.McpTool;
import dev.jebena.mcp.McpToolResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The models of this machine as tools (`list_models`, `pull_model`) and as resources to read.
final class McpStoreTools {
    private static final String RESOURCE = "jebena://models";

    private final ModelAccess models;
    private final Hub hub;

    private McpStoreTools(ModelAccess models, Hub hub) {
        this.models = models;
        this.hub = hub;
    }

    static void register(McpServer server, ModelAccess models, Hub hub) {
        McpStoreTools tools = new McpStoreTools(models, hub);
        server.tool(listing(), tools::list)
                .tool(pulling(), tools::pull)
                .resources(tools::resources, tools::read)
                .resourceTemplate(
                        HttpJson.object(
                                "uriTemplate",
                                RESOURCE + "/{name}",
                                "name",
                                "model",
                                "title",
                                "What a model is",
                                "mimeType",
                                "application/json"));
    }

    private static McpTool listing() {
        return new McpTool(
                "list_models",
                "List models",
                "Lists the models on this machine and what they can do.",
                McpSchema.object().schema(),
                McpSchema.object()
                        .field(
                                "models",
                                HttpJson.object(
                                        "type",
                                        "array",
                                        "items",
                                        McpSchema.object()
                                                .field("name", "string", "The model's name.")
                                                .required()
                                                .field("family", "string", "Its architecture.")
                                                .field("parameters", "string", "How many.")
                                                .field("quantization", "string", "Weights' type.")
                                                .field("bytes", "integer", "Size of its file.")
                                                .field("does", "string", "text or embeddings.")
                                                .schema()))
                        .required()
                        .schema(),
                HttpJson.object("readOnlyHint", true, "openWorldHint", false));
    }

    private static McpTool pulling() {
        return new McpTool(
                "pull_model",
                "Fetch a model",
                "Fetches a model of the catalog (smollm2, gemma3:270m, minilm) or of a hub"
                        + " (hf.co/USER/REPOSITORY) to this machine. Takes long; tells progress.",
                McpSchema.object()
                        .field("name", "string", "What to fetch.")
                        .required()
                        .field(
                                "accept_license",
                                "boolean",
                                "The user has read and accepts a licence that is not open.")
                        .schema(),
                McpSchema.object()
                        .field("name", "string", "The model's name here.")
                        .required()
                        .field("bytes", "integer", "Its size.")
                        .schema(),
                HttpJson.object(
                        "readOnlyHint",
                        false,
                        "destructiveHint",
                        false,
                        "idempotentHint",
                        true,
                        "openWorldHint",
                        true));
    }

    private McpToolResult list(McpCall call) {
        return McpToolResult.of(
                HttpJson.object(
                        "models",
                        models.catalog().list().stream().map(McpStoreTools::of).toList()));
    }

    private static Map<String, @Nullable Object> of(ModelSummary model) {
        return HttpJson.object(
                "name", model.name().toString(),
                "family", model.details().family(),
                "parameters", model.details().parameterSize(),
                "quantization", model.details().quantization(),
                "bytes", model.size(),
                "does", ModelAccess.generates(model.details()) ? "text" : "embeddings");
    }

    private McpToolResult pull(McpCall call) {
        RequestFields request = new RequestFields(call.arguments());
        PullOptions options =
                PullOptions.defaults().withAcceptLicense(request.flag("accept_license", false));
        StoredModel model = hub.pull(request.required("name"), options, event -> tell(call, event));
        return McpToolResult.of(
                model.name() + " is here",
                HttpJson.object("name", model.name().toString(), "bytes", model.size()));
    }

    private static void tell(McpCall call, Progress event) {
        if (call.cancelled()) {
            throw new IllegalStateException("the client cancelled the pull");
        }
        String text = event.status() + " " + event.task();
        call.progress(
                event.isStatusOnly() ? 0 : (double) event.done(),
                event.isStatusOnly() ? -1 : (double) event.total(),
                text.strip());
    }

    private List<Map<String, @Nullable Object>> resources() {
        return models.catalog().list().stream()
                .map(model ->
                        HttpJson.object(
                                "uri",
                                RESOURCE + "/" + model.name(),
                                "name",
                                model.name().toString(),
                                "mimeType",
                                "application/json"))
                .toList();
    }

    private @Nullable Map<String, @Nullable Object> read(String uri) {
        return models.catalog().list().stream()
                .filter(model -> uri.equals(RESOURCE + "/" + model.name()))
                .findFirst()
                .map(model ->
                        HttpJson.object(
                                "uri",
                                uri,
                                "mimeType",
                                "application/json",
                                "text",
                                HttpJson.text(of(model))))
                .orElse(null);
    }
}
