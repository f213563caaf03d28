package dev.jebena.governance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes a new card: what is known is filled in, what is not is asked for.
public final class CardTemplate {
    private static final String ASK = "More information needed";

    /// The block's fields in the order in which people read them.
    private static final List<String> ORDER =
            List.of(
                    "license",
                    "license_name",
                    "license_link",
                    "language",
                    "base_model",
                    "base_model_relation",
                    "datasets",
                    "pipeline_tag",
                    "library_name",
                    "tags",
                    "metrics");

    private final CardFacts facts;
    private final StringBuilder text = new StringBuilder();

    private CardTemplate(CardFacts facts) {
        this.facts = facts;
    }

    /// A card for the model or data set in a file or folder.
    ///
    /// @param name its title
    /// @param runs that made it
    /// @param ancestors what it came from, as the lineage knows it
    /// @param known fields that the caller knows; they go before what the files say
    public static String of(
            Path path,
            String name,
            CardKind kind,
            List<RunFacts> runs,
            List<LicenseGraph.Ancestor> ancestors,
            Map<String, Object> known) {
        CardFacts facts = new CardFacts(name);
        known.forEach(facts::put);
        if (kind == CardKind.MODEL) {
            new ModelFacts(facts).read(path);
        } else if (Files.isDirectory(path)) {
            new DatasetFacts(facts).read(path);
        }
        ancestors.forEach(ancestor -> origin(ancestor, facts));
        runs.forEach(run -> run.into(facts));
        CardTemplate card = new CardTemplate(facts);
        card.block();
        if (kind == CardKind.MODEL) {
            card.model();
        } else {
            card.dataset();
        }
        return card.text.toString();
    }

    /// A base model that the hub could know becomes a field, others a sentence.
    private static void origin(LicenseGraph.Ancestor ancestor, CardFacts facts) {
        boolean base = ancestor.kind() == CardKind.MODEL;
        if (base && ancestor.name().matches("[\\w.-]+/[\\w.-]+")) {
            facts.put("base_model", ancestor.name());
            String relation = ancestor.relation().toString();
            if (CardVocabulary.RELATIONS.contains(relation)) {
                facts.put("base_model_relation", relation);
            }
        }
        facts.origin()
                .add(
                        "It was made of `%s` (%s)."
                                .formatted(ancestor.name().replace("`", "'"), ancestor.proof()));
    }

    private void block() {
        Map<String, Object> ordered = new LinkedHashMap<>();
        ORDER.forEach(field -> {
            Object value = facts.metadata().get(field);
            if (value != null) {
                ordered.put(field, value);
            }
        });
        new TreeMap<>(facts.metadata()).forEach(ordered::putIfAbsent);
        text.append("---\n");
        if (!ordered.isEmpty()) {
            text.append(CardYaml.write(ordered));
        }
        text.append("---\n\n# ").append(facts.name()).append("\n\n");
    }

    private void model() {
        section("Model details", facts.details(), "who made the model, and what it is");
        facts.origin().forEach(line -> text.append(line).append("\n\n"));
        section(
                "Intended use",
                "for whom and for what it is made, and what it must not be used for");
        section("Limitations", "in which cases it fails, and how often");
        section("Bias", "whom it treats worse, and how that was measured");
        section("Training data", datasets(), "what it learned from, and under which licences");
        section("Training procedure", facts.training(), "the settings, and the code");
        section("Evaluation", facts.metrics(), "how well it does, on which data, measured how");
        section("Environmental impact", time(), "hardware, hours, place and estimated emissions");
    }

    private Map<String, String> time() {
        String time = facts.details().get("training time");
        return time == null ? Map.of() : Map.of("training time", time);
    }

    private void dataset() {
        section("Data set details", facts.details(), "who made it, and what it is");
        section("Uses", "for what it is made, and what it must not be used for");
        section("Structure", facts.training(), "the fields of a record, and how it is split");
        section("Creation", "where the data comes from, who collected and annotated it, and why");
        section(
                "Personal and sensitive information",
                "whom it tells about, and whether they agreed");
        section("Bias, risks and limitations", "whom it leaves out");
    }

    private Map<String, String> datasets() {
        Map<String, String> rows = new LinkedHashMap<>();
        if (facts.metadata().get("datasets") instanceof List<?> list) {
            list.forEach(
                    id -> rows.put(String.valueOf(id), "https://huggingface.co/datasets/" + id));
        }
        return rows;
    }

    private void section(String title, String ask) {
        section(title, Map.of(), ask);
    }

    private void section(String title, Map<String, String> rows, String ask) {
        text.append("## ").append(title).append("\n\n");
        if (rows.isEmpty()) {
            text.append("<!-- Tell ").append(ask).append(". -->\n").append(ASK).append("\n\n");
            return;
        }
        text.append("| | |\n|---|---|\n");
        rows.forEach(
                (name, value) -> text.append("| %s | %s |\n".formatted(cell(name), cell(value))));
        text.append('\n');
    }

    private static String cell(String value) {
        return value.replaceAll("[\\r\\n]+", " ").replace("|", "\\|").replace("<", "&lt;");
    }
}
