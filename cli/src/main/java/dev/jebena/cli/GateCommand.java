package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.tracking.TrackingClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "gate",
        description = {
            "Rules that a model version must fulfil before an alias names it.",
            "ls [MODEL], set MODEL ALIAS, rm MODEL ALIAS: the rules; MODEL * is all models,",
            "ALIAS stage:Production a stage. check MODEL VERSION ALIAS: exit code 0 when it",
            "may, 1 when not. promote MODEL VERSION ALIAS: gives it the alias if it may.",
            "review MODEL VERSION: approves it. log [MODEL]: who did what.",
            "VERSION is a number, or latest."
        },
        footer = {
            "  jebena gate set reader champion --run \"metrics.accuracy >= 0.95\"",
            "  jebena gate set reader champion --not-worse accuracy --tag license=mit,apache-2.0",
            "  jebena gate check reader 3 champion --at http://127.0.0.1:11500",
            "  jebena gate promote reader latest champion",
            "  jebena gate review reader 3 --comment \"looked at the errors\"",
            "  jebena gate log reader"
        })
final class GateCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        LS,
        SET,
        RM,
        CHECK,
        PROMOTE,
        REVIEW,
        LOG;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.LS;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "WHAT",
            description = "A model, and what the action needs.")
    List<String> what = new ArrayList<>();

    @Mixin RunsPlace place = new RunsPlace();

    @Option(
            names = "--run",
            paramLabel = "FILTER",
            description = "set: a filter that the version's run must pass.")
    String run = "";

    @Option(
            names = "--tag",
            paramLabel = "KEY[=V,V]",
            description = "set: a tag that the version needs; may be repeated.")
    List<String> tags = new ArrayList<>();

    @Option(
            names = "--described",
            description = "set: the version or its model needs a description.")
    boolean described;

    @Option(
            names = "--not-worse",
            paramLabel = "METRIC",
            description = "set: no less than now; with \" ASC\" no more; may be repeated.")
    List<String> notWorse = new ArrayList<>();

    @Option(
            names = "--reviews",
            paramLabel = "N",
            description = "set: so many people must have approved.",
            defaultValue = "0")
    int reviews;

    @Option(names = "--reject", description = "review: does not approve.")
    boolean reject;

    @Option(names = "--comment", paramLabel = "TEXT", description = "review: why.")
    String comment = "";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (TrackingClient client = TrackingClient.at(place.at())) {
            switch (action) {
                case LS -> list(client);
                case SET -> {
                    expect(2, 2, "set MODEL ALIAS");
                    client.post("jebena-gates/set", rule());
                }
                case RM -> {
                    expect(2, 2, "rm MODEL ALIAS");
                    client.post(
                            "jebena-gates/delete",
                            Map.of("name", what.get(0), "alias", what.get(1)));
                }
                case CHECK -> {
                    return check(client);
                }
                case PROMOTE -> promote(client);
                case REVIEW -> review(client);
                case LOG -> log(client);
            }
        }
        return ExitCode.OK;
    }

    private void expect(int least, int most, String usage) {
        if (what.size() < least || what.size() > most) {
            throw UserError.usage("expected: jebena gate " + usage);
        }
    }

    private String model() {
        return what.isEmpty() ? "" : what.getFirst();
    }

    private Map<String, Object> rule() {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("name", what.get(0));
        rule.put("alias", what.get(1));
        rule.put("run_filter", run);
        List<Object> required = new ArrayList<>();
        for (String tag : tags) {
            String[] parts = tag.split("=", 2);
            List<String> values = parts.length < 2 ? List.of() : List.of(parts[1].split(","));
            required.add(Map.of("key", parts[0], "values", values));
        }
        rule.put("tags", required);
        rule.put("described", described);
        rule.put(
                "not_worse",
                notWorse.stream().map(m -> m.contains(" ") ? m : m + " DESC").toList());
        rule.put("reviews", reviews);
        return rule;
    }

    private void list(TrackingClient client) {
        expect(0, 1, "ls [MODEL]");
        List<Map<String, @Nullable Object>> gates =
                TrackingClient.entries(
                        client.get("jebena-gates/list", Map.of("name", model())), "gates");
        if (json) {
            System.out.println(HttpJson.text(gates));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("MODEL", "ALIAS", "DEMANDS"));
        for (Map<String, @Nullable Object> gate : gates) {
            rows.add(
                    List.of(
                            String.valueOf(gate.get("name")),
                            String.valueOf(gate.get("alias")),
                            demands(gate)));
        }
        System.out.print(gates.isEmpty() ? "no gates\n" : Tables.of(rows));
    }

    private static String demands(Map<String, @Nullable Object> gate) {
        List<String> demands = new ArrayList<>();
        if (gate.get("run_filter") instanceof String filter && !filter.isEmpty()) {
            demands.add(filter);
        }
        for (Map<String, @Nullable Object> tag : TrackingClient.entries(gate, "tags")) {
            demands.add("tag " + tag.get("key") + " " + tag.get("values"));
        }
        if (Boolean.TRUE.equals(gate.get("described"))) {
            demands.add("a description");
        }
        if (gate.get("not_worse") instanceof List<?> metrics) {
            metrics.forEach(metric -> demands.add("no worse in " + metric));
        }
        if (gate.get("reviews") instanceof Long count && count > 0) {
            demands.add(count + " approvals");
        }
        return String.join("; ", demands);
    }

    private int check(TrackingClient client) {
        expect(3, 3, "check MODEL VERSION ALIAS");
        Map<String, @Nullable Object> report =
                client.get(
                        "jebena-gates/check",
                        Map.of("name", model(), "version", version(client), "alias", what.get(2)));
        boolean allowed = Boolean.TRUE.equals(report.get("allowed"));
        if (json) {
            System.out.println(HttpJson.text(report));
        } else {
            List<List<String>> rows = new ArrayList<>();
            for (Map<String, @Nullable Object> finding :
                    TrackingClient.entries(report, "findings")) {
                rows.add(
                        List.of(
                                Boolean.TRUE.equals(finding.get("passed")) ? "passed" : "FAILED",
                                String.valueOf(finding.get("demand")),
                                "found: " + finding.get("found")));
            }
            System.out.print(rows.isEmpty() ? "no gate stands there\n" : Tables.of(rows));
        }
        return allowed ? ExitCode.OK : ExitCode.FAILED;
    }

    /// The server asks the gate: a refusal says what is missing.
    private void promote(TrackingClient client) {
        expect(3, 3, "promote MODEL VERSION ALIAS");
        String version = version(client);
        client.post(
                "registered-models/alias",
                Map.of("name", model(), "version", version, "alias", what.get(2)));
        System.out.println("%s/%s is %s".formatted(model(), version, what.get(2)));
    }

    private String version(TrackingClient client) {
        if (!what.get(1).equals("latest")) {
            return what.get(1);
        }
        Map<String, String> query =
                Map.of(
                        "filter",
                        "name = '%s'".formatted(model().replace("'", "''")),
                        "order_by",
                        "version_number DESC",
                        "max_results",
                        "1");
        return TrackingClient.entries(client.get("model-versions/search", query), "model_versions")
                .stream()
                .findFirst()
                .map(version -> String.valueOf(version.get("version")))
                .orElseThrow(() -> new UserError("the model " + model() + " has no version"));
    }

    private void review(TrackingClient client) {
        expect(2, 2, "review MODEL VERSION");
        client.post(
                "jebena-gates/review",
                Map.of(
                        "name",
                        what.get(0),
                        "version",
                        version(client),
                        "rejected",
                        reject,
                        "comment",
                        comment));
    }

    private void log(TrackingClient client) {
        expect(0, 1, "log [MODEL]");
        List<Map<String, @Nullable Object>> entries =
                TrackingClient.entries(
                        client.get("jebena-gates/log", Map.of("name", model())), "entries");
        if (json) {
            System.out.println(HttpJson.text(entries));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TIME", "WHO", "WHAT", "SUBJECT", "", "DETAIL"));
        for (Map<String, @Nullable Object> entry : entries) {
            rows.add(
                    List.of(
                            entry.get("time") instanceof Long time
                                    ? Instant.ofEpochMilli(time).toString()
                                    : "-",
                            String.valueOf(entry.get("actor")),
                            String.valueOf(entry.get("action")),
                            String.valueOf(entry.get("subject")),
                            Boolean.TRUE.equals(entry.get("allowed")) ? "allowed" : "refused",
                            String.valueOf(entry.get("detail"))));
        }
        System.out.print(Tables.of(rows));
    }
}
