package dev.jebena.governance;

import dev.jebena.base.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says what is wrong with a card: what the hub would refuse or warn of when it is uploaded, in the
/// hub's words, and what a reader would miss.
///
/// ```java
/// CardCheck.of(Card.load(folder, CardKind.MODEL)).forEach(IO::println);
/// ```
public final class CardCheck {
    private final Card card;
    private final List<CardFinding> findings = new ArrayList<>();

    private CardCheck(Card card) {
        this.card = card;
    }

    /// All findings by line.
    public static List<CardFinding> of(Card card) {
        CardCheck check = new CardCheck(card);
        check.metadata();
        new SectionCheck(card, check.findings).run();
        check.findings.sort(
                Comparator.comparingInt(CardFinding::line).thenComparing(CardFinding::level));
        return List.copyOf(check.findings);
    }

    private void metadata() {
        if (card.yaml().problem() != null) {
            findings.add(
                    new CardFinding(
                            CardFinding.Level.ERROR,
                            card.yaml().problemLine(),
                            "",
                            "",
                            card.yaml().problem(),
                            "write the block as YAML between two lines of ---"));
            if (card.data().isEmpty()) {
                return;
            }
        }
        if (card.data().isEmpty()) {
            add(
                    CardFinding.Level.WARNING,
                    "",
                    "",
                    "empty or missing yaml metadata in repo card",
                    "jebena card new writes a card with what is known");
            return;
        }
        new LicenseFieldCheck(card, findings).run();
        languages();
        ids("datasets", "dataset");
        strings("tags");
        strings("metrics");
        if (card.kind() == CardKind.MODEL) {
            model();
        } else {
            dataset();
        }
    }

    private void model() {
        ids("base_model", "model");
        relation();
        listed("pipeline_tag", CardVocabulary.PIPELINE_TAGS, "pipeline tag");
        Object library = card.data().get("library_name");
        if (library == null) {
            add(
                    CardFinding.Level.HINT,
                    "library_name",
                    "",
                    "\"library_name\" is missing",
                    "name the library that loads the model, such as transformers or gguf's runner");
        } else if (!CardVocabulary.LIBRARIES.contains(String.valueOf(library))) {
            add(
                    CardFinding.Level.HINT,
                    "library_name",
                    String.valueOf(library),
                    "the library \"%s\" is not among those that the hub knows".formatted(library),
                    didYouMean(String.valueOf(library), CardVocabulary.LIBRARIES, ""));
        }
        if (!card.data().containsKey("pipeline_tag")) {
            add(
                    CardFinding.Level.HINT,
                    "pipeline_tag",
                    "",
                    "\"pipeline_tag\" is missing",
                    "say what the model does, such as text-generation");
        }
        if (card.data().containsKey("model-index")) {
            new ModelIndexCheck(card, findings).run();
        }
    }

    private void dataset() {
        for (String task : card.texts("task_categories")) {
            if (!CardVocabulary.PIPELINE_TAGS.contains(task)) {
                add(
                        CardFinding.Level.WARNING,
                        "task_categories",
                        task,
                        "The task_categories \"%s\" is not in the official list: %s"
                                .formatted(task, String.join(", ", CardVocabulary.PIPELINE_TAGS)),
                        didYouMean(task, CardVocabulary.PIPELINE_TAGS, ""));
            }
        }
        for (String size : card.texts("size_categories")) {
            if (!size.matches(
                    "n<1K|1K<n<10K|10K<n<100K|100K<n<1M|1M<n<10M|10M<n<100M|100M<n<1B|1B<n<10B|10B<n<100B|100B<n<1T|n>1T")) {
                add(
                        CardFinding.Level.WARNING,
                        "size_categories",
                        size,
                        "\"size_categories\" has \"%s\"".formatted(size),
                        "write n<1K, 1K<n<10K, and so on up to n>1T");
            }
        }
    }

    private void languages() {
        int i = 0;
        for (String code : card.texts("language")) {
            String field =
                    card.data().get("language") instanceof List<?>
                            ? "language[" + i++ + "]"
                            : "language";
            if (!code.equals(code.toLowerCase(Locale.ROOT))) {
                error(
                        field,
                        code,
                        "\"language\" must only contain lowercase characters",
                        languageRemedy(code));
            } else if (!CardVocabulary.isLanguage(code)) {
                error(
                        field,
                        code,
                        "\"%s\" with value \"%s\" is not valid. It must be an ISO 639-1, 639-2 or 639-3 code (two/three letters), or a special value like \"code\", \"multilingual\". If you want to use BCP-47 identifiers, you can specify them in language_bcp47."
                                .formatted(field, code),
                        languageRemedy(code));
            }
        }
    }

    private static String languageRemedy(String text) {
        String code = CardVocabulary.code(text);
        String lower = text.toLowerCase(Locale.ROOT);
        if (code == null && lower.matches("[a-z]{2,3}([-_].+)?")) {
            code = lower.replaceFirst("[-_].*", "");
        }
        if (code == null) {
            List<String> names = new ArrayList<>();
            CardVocabulary.languageNames().forEach(names::add);
            String near = Suggestions.nearest(text, names);
            code = near == null ? null : CardVocabulary.code(near);
        }
        return code == null || !CardVocabulary.isLanguage(code)
                ? "codes are listed at https://huggingface.co/languages"
                : "did you mean " + code + "?";
    }

    private void relation() {
        Object value = card.data().get("base_model_relation");
        if (value == null) {
            return;
        }
        if (!CardVocabulary.RELATIONS.contains(String.valueOf(value))) {
            error(
                    "base_model_relation",
                    String.valueOf(value),
                    "\"base_model_relation\" must be one of [%s]"
                            .formatted(String.join(", ", CardVocabulary.RELATIONS)),
                    didYouMean(String.valueOf(value), CardVocabulary.RELATIONS, ""));
        } else if (!card.data().containsKey("base_model")) {
            add(
                    CardFinding.Level.WARNING,
                    "base_model_relation",
                    String.valueOf(value),
                    "\"base_model_relation\" without \"base_model\"",
                    "add base_model: with the model's id");
        }
    }

    private void listed(String field, Collection<String> known, String what) {
        Object value = card.data().get(field);
        if (value == null) {
            return;
        }
        if (!(value instanceof String text)) {
            error(field, String.valueOf(value), "\"%s\" must be a string".formatted(field), "");
        } else if (!known.contains(text)) {
            add(
                    CardFinding.Level.WARNING,
                    field,
                    text,
                    "The %s \"%s\" is not in the official list: %s"
                            .formatted(what, text, String.join(", ", known)),
                    didYouMean(text, known, ""));
        }
    }

    private void ids(String field, String what) {
        if (!strings(field)) {
            return;
        }
        int i = 0;
        for (String id : card.texts(field)) {
            String place =
                    card.data().get(field) instanceof List<?> ? field + "[" + i++ + "]" : field;
            if (!id.matches("[A-Za-z0-9][\\w.-]{0,95}(/[A-Za-z0-9][\\w.-]{0,95})?")) {
                add(
                        CardFinding.Level.WARNING,
                        place,
                        id,
                        "\"%s\" with value \"%s\" is not valid. Use a %s id from https://hf.co/%ss."
                                .formatted(place, id, what, what),
                        "write it as owner/name");
            }
        }
    }

    /// Whether a field is absent, a string, or a list of strings.
    private boolean strings(String field) {
        Object value = card.data().get(field);
        if (!card.data().containsKey(field) || value instanceof String) {
            return true;
        }
        if (!(value instanceof List<?> list)) {
            error(
                    field,
                    String.valueOf(value),
                    "\"%s\" must be an array".formatted(field),
                    "write it as a list: - value");
            return false;
        }
        boolean all = true;
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String)) {
                String place = field + "[" + i + "]";
                error(
                        place,
                        String.valueOf(list.get(i)),
                        "\"%s\" must be a string".formatted(place),
                        "put it in quotes");
                all = false;
            }
        }
        return all;
    }

    static String didYouMean(@Nullable String text, Collection<String> known, String otherwise) {
        String near =
                text == null ? null : Suggestions.nearest(text.replaceAll("[ _]+", "-"), known);
        return near == null ? otherwise : "did you mean " + near + "?";
    }

    private void error(String field, String value, String message, String remedy) {
        add(CardFinding.Level.ERROR, field, value, message, remedy);
    }

    private void add(
            CardFinding.Level level, String field, String value, String message, String remedy) {
        findings.add(CardFinding.of(card, level, field, value, message, remedy));
    }
}
