package dev.jebena.cli;

import dev.jebena.hub.ModelSummary;
import dev.jebena.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        aliases = "ls",
        description = "Lists the models on this machine.",
        footer = {"  jebena list", "  jebena list --json | jq -r '.[].name'"})
final class ListCommand extends JebenaCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (Models models = Models.open()) {
            List<ModelSummary> all = models.hub().store().list();
            System.out.print(
                    json
                            ? Json.write(all.stream().map(ListCommand::fields).toList()) + "\n"
                            : table(all));
            if (all.isEmpty() && !json) {
                System.err.println("No model here yet. Fetch one: jebena pull smollm2");
            }
        }
        return ExitCode.OK;
    }

    private static String table(List<ModelSummary> all) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ID", "SIZE", "PARAMETERS", "QUANTIZATION", "MODIFIED"));
        for (ModelSummary model : all) {
            rows.add(
                    List.of(
                            model.name().toString(),
                            model.digest().hex().substring(0, 12),
                            Tables.bytes(model.size()),
                            model.details().parameterSize(),
                            model.details().quantization(),
                            Tables.ago(Duration.between(model.modified(), Instant.now()))));
        }
        return Tables.of(rows);
    }

    private static Map<String, Object> fields(ModelSummary model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", model.name().toString());
        fields.put("digest", model.digest().hex());
        fields.put("size", model.size());
        fields.put("modified", model.modified().toString());
        fields.put("format", model.details().format());
        fields.put("family", model.details().family());
        fields.put("parameters", model.details().parameterCount());
        fields.put("quantization", model.details().quantization());
        return fields;
    }
}
