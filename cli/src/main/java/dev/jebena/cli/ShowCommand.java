package dev.jebena.cli;

import dev.jebena.hub.ModelDetails;
import dev.jebena.hub.StoredModel;
import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows what a model is.",
        footer = {
            "  jebena show smollm2",
            "  jebena show smollm2 --modelfile > Modelfile",
            "  jebena show smollm2 --template",
            "  jebena show model.onnx --graph",
            "  jebena show weights.pt --json"
        })
final class ShowCommand extends JebenaCommand {
    @Parameters(paramLabel = "MODEL", description = "A model of the store, a file, or a folder.")
    String name = "";

    @Option(names = "--modelfile", description = "Print the Modelfile only.")
    boolean modelfile;

    @Option(names = "--template", description = "Print the chat template only.")
    boolean template;

    @Option(names = "--license", description = "Print the licence only.")
    boolean license;

    @Option(names = "--system", description = "Print the system message only.")
    boolean system;

    @Option(names = "--parameters", description = "Print the parameters only.")
    boolean parameters;

    @Option(names = "--graph", description = "Print the graph of an ONNX or TensorFlow model only.")
    boolean graph;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        Optional<FileSummary> file = FileSummary.of(name);
        if (file.isPresent()) {
            show(file.get());
            return ExitCode.OK;
        }
        if (graph) {
            throw new UserError(
                    name + " has no graph to print; --graph is for ONNX and TensorFlow models");
        }
        try (Models models = Models.open()) {
            StoredModel model = models.local(name);
            if (json) {
                System.out.println(Json.write(fields(models, model)));
            } else if (modelfile) {
                System.out.print(models.hub().store().modelfile(model));
            } else if (template) {
                System.out.println(templateOf(models, model));
            } else if (license) {
                System.out.println(String.join("\n\n", model.licenses()));
            } else if (system) {
                System.out.println(model.system() == null ? "" : model.system());
            } else if (parameters) {
                System.out.print(parameterLines(model));
            } else {
                System.out.print(summary(model));
            }
        }
        return ExitCode.OK;
    }

    private void show(FileSummary file) {
        if (modelfile || template || license || system || parameters) {
            throw new UserError(
                    name + " is a file of tensors; such a file can be shown whole, or with --json");
        }
        if (graph) {
            System.out.print(
                    Screen.printable(
                            file.graph()
                                    .orElseThrow(() ->
                                            new UserError(
                                                    name
                                                            + " has no graph to print; --graph is for ONNX and TensorFlow models"))));
        } else {
            System.out.print(
                    json ? Json.write(file.json(name)) + "\n" : Screen.printable(file.text()));
        }
    }

    private static String templateOf(Models models, StoredModel model) {
        if (model.template() != null) {
            return model.template();
        }
        return String.valueOf(
                models.hub()
                        .store()
                        .metadata(model)
                        .values()
                        .getOrDefault("tokenizer.chat_template", ""));
    }

    private static String summary(StoredModel model) {
        ModelDetails details = model.details();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", model.name().toString()));
        rows.add(List.of("architecture", details.family()));
        rows.add(List.of("parameters", details.parameterSize()));
        rows.add(List.of("quantization", details.quantization()));
        rows.add(List.of("context length", String.valueOf(details.contextLength())));
        rows.add(List.of("size", Tables.bytes(model.size())));
        rows.add(List.of("digest", model.digest().hex()));
        if (model.source() != null) {
            rows.add(List.of("source", model.source()));
        }
        if (!model.licenses().isEmpty()) {
            rows.add(
                    List.of(
                            "licence",
                            model.licenses().getFirst().lines().findFirst().orElse("").strip()));
        }
        if (model.system() != null) {
            rows.add(List.of("system", model.system()));
        }
        String text = Tables.of(rows);
        return model.parameters().isEmpty() ? text : text + "\n" + parameterLines(model);
    }

    private static String parameterLines(StoredModel model) {
        List<List<String>> rows = new ArrayList<>();
        model.parameters().forEach((name, value) -> rows.add(List.of(name, Json.write(value))));
        return Tables.of(rows);
    }

    private static Map<String, Object> fields(Models models, StoredModel model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", model.name().toString());
        fields.put("digest", model.digest().hex());
        fields.put("size", model.size());
        fields.put("path", model.path().toString());
        fields.put("family", model.details().family());
        fields.put("parameters", model.details().parameterCount());
        fields.put("quantization", model.details().quantization());
        fields.put("context_length", model.details().contextLength());
        fields.put("options", model.parameters());
        fields.put("system", model.system() == null ? "" : model.system());
        fields.put("template", templateOf(models, model));
        fields.put("licenses", model.licenses());
        return fields;
    }
}
