package dev.jebena.governance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the components of a model among its files, and under which licence each comes: what a
/// declaration says (`mof.yml` in the form of the Model Openness Tool), else an identifier in the
/// file, else the licence of its folder or the nearest one above, else that of the card.
final class OpennessSearch {
    private static final int MOST_PROOF = 8;
    private static final Pattern ARXIV =
            Pattern.compile(
                    "https?://(?:www\\.)?(?:arxiv\\.org/(?:abs|pdf)/|huggingface\\.co/papers/)[\\w./-]+");

    private final Map<String, Path> files;
    private final LicenseSource source;
    private final LicenseSearch licenses;
    private final @Nullable Card card;
    private final Map<String, String> folders = new LinkedHashMap<>();
    private final Map<OpennessComponent, OpennessPart> declared =
            new EnumMap<>(OpennessComponent.class);

    OpennessSearch(Path path, LicenseSource source) {
        this.files = Scan.files(path);
        this.source = source;
        this.licenses = LicenseSearch.of(path);
        Path readme = files.get("README.md");
        this.card = readme == null ? null : Card.load(readme, CardKind.MODEL);
        for (LicenseEvidence found : licenses.evidence()) {
            if (found.how() == LicenseEvidence.How.TEXT) {
                folders.putIfAbsent(folder(found.path()), found.license());
            }
        }
        for (String name : List.of("mof.yml", "mof.yaml", "MOF.yml", "openness.yml")) {
            Path file = files.get(name);
            if (file != null) {
                declared.putAll(OpennessDeclaration.read(name, file));
            }
        }
    }

    OpennessReport report(String name) {
        List<OpennessPart> parts = new ArrayList<>();
        for (OpennessComponent component : OpennessComponent.values()) {
            OpennessPart told = declared.get(component);
            parts.add(told != null ? told : found(component));
        }
        return new OpennessReport(name, parts);
    }

    private OpennessPart found(OpennessComponent component) {
        List<String> proof = files.keySet().stream().filter(component::isFile).toList();
        if (component == OpennessComponent.MODEL_CARD && card != null && card.body().isBlank()) {
            proof = List.of();
        }
        if (proof.isEmpty()) {
            return elsewhere(component);
        }
        Set<String> ids = new LinkedHashSet<>();
        for (String file : proof.stream().limit(100).toList()) {
            ids.add(license(file));
        }
        List<String> known = ids.stream().filter(id -> !id.isEmpty()).toList();
        OpennessPart.Status status =
                known.size() < ids.size()
                        ? OpennessPart.Status.UNLICENSED
                        : known.stream().allMatch(id -> LicenseTerms.of(id).open())
                                ? OpennessPart.Status.OPEN
                                : OpennessPart.Status.RESTRICTED;
        String note = proof.size() > MOST_PROOF ? proof.size() + " files" : "";
        return new OpennessPart(
                component,
                status,
                String.join(" AND ", known),
                proof.stream().limit(MOST_PROOF).toList(),
                note);
    }

    /// What the card tells of components that are not among the files.
    private OpennessPart elsewhere(OpennessComponent component) {
        if (card == null) {
            return part(component, OpennessPart.Status.MISSING, "", "");
        }
        return switch (component) {
            case DATASETS -> datasets(card);
            case PAPER, REPORT -> paper(component, card);
            case RESULTS -> results(card);
            case ARCHITECTURE, INFERENCE -> library(component, card);
            default -> part(component, OpennessPart.Status.MISSING, "", "");
        };
    }

    private OpennessPart datasets(Card told) {
        List<String> names = told.texts("datasets");
        if (names.isEmpty()) {
            return part(OpennessComponent.DATASETS, OpennessPart.Status.MISSING, "", "");
        }
        List<String> ids = new ArrayList<>();
        for (String name : names) {
            Optional<LicenseSource.Known> known = source.find(name, CardKind.DATASET);
            ids.add(name + known.map(k -> " (" + k.license() + ")").orElse(""));
        }
        return part(
                OpennessComponent.DATASETS,
                OpennessPart.Status.REFERENCED,
                "README.md",
                "the card names " + String.join(", ", ids));
    }

    private static OpennessPart paper(OpennessComponent component, Card told) {
        Matcher link = ARXIV.matcher(told.body());
        return link.find()
                ? part(
                        component,
                        OpennessPart.Status.REFERENCED,
                        "README.md",
                        "the card links " + link.group())
                : part(component, OpennessPart.Status.MISSING, "", "");
    }

    private OpennessPart results(Card told) {
        boolean table =
                told.sections().stream()
                        .anyMatch(s ->
                                s.title().matches("(?i).*(evaluat|result|benchmark).*")
                                        && s.text().lines().anyMatch(OpennessSearch::isResult));
        if (told.data().containsKey("model-index") || table) {
            String license = license("README.md");
            OpennessPart.Status status =
                    license.isEmpty()
                            ? OpennessPart.Status.UNLICENSED
                            : LicenseTerms.of(license).open()
                                    ? OpennessPart.Status.OPEN
                                    : OpennessPart.Status.RESTRICTED;
            return new OpennessPart(
                    OpennessComponent.RESULTS,
                    status,
                    license,
                    List.of("README.md"),
                    "in the card");
        }
        return part(OpennessComponent.RESULTS, OpennessPart.Status.MISSING, "", "");
    }

    /// A row of a table with a number in it.
    private static boolean isResult(String line) {
        return line.indexOf('|') >= 0 && line.chars().anyMatch(Character::isDigit);
    }

    private static OpennessPart library(OpennessComponent component, Card told) {
        List<String> library = told.texts("library_name");
        return library.isEmpty()
                ? part(component, OpennessPart.Status.MISSING, "", "")
                : part(
                        component,
                        OpennessPart.Status.REFERENCED,
                        "README.md",
                        "the card names the library " + library.getFirst());
    }

    private static OpennessPart part(
            OpennessComponent component, OpennessPart.Status status, String proof, String note) {
        return new OpennessPart(
                component, status, "", proof.isEmpty() ? List.of() : List.of(proof), note);
    }

    /// The licence of a file; empty where none is known.
    private String license(String file) {
        for (LicenseEvidence found : licenses.evidence()) {
            boolean own =
                    found.how() == LicenseEvidence.How.IDENTIFIER
                            || found.how() == LicenseEvidence.How.HEADER;
            if (own && found.path().equals(file)) {
                return found.license();
            }
        }
        for (String at = folder(file); ; at = folder(at)) {
            String license = folders.get(at);
            if (license != null && (!at.isEmpty() || card == null || card.license().isEmpty())) {
                return license;
            }
            if (at.isEmpty()) {
                return card == null ? "" : LicenseTexts.canonical(card.license());
            }
        }
    }

    private static String folder(String path) {
        int cut = path.lastIndexOf('/');
        return cut < 0 ? "" : path.substring(0, cut);
    }

    /// A declaration in the form of the Model Openness Tool.
    private static final class OpennessDeclaration {
        private static final long LONGEST = 1 << 20;

        static Map<OpennessComponent, OpennessPart> read(String name, Path file) {
            Map<OpennessComponent, OpennessPart> parts = new EnumMap<>(OpennessComponent.class);
            try {
                if (Files.size(file) > LONGEST) {
                    return parts;
                }
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                Map<String, @Nullable Object> data = CardYaml.of(text, 0).data();
                Object release = data.get("release");
                Object list =
                        release instanceof Map<?, ?> map && map.get("components") != null
                                ? map.get("components")
                                : data.get("components");
                for (Object item : list instanceof List<?> all ? all : List.of()) {
                    if (item instanceof Map<?, ?> fields) {
                        add(name, fields, parts);
                    }
                }
            } catch (IOException e) {
                throw dev.jebena.base.Problem.storage("cannot read " + file, e);
            }
            return parts;
        }

        private static void add(
                String name, Map<?, ?> fields, Map<OpennessComponent, OpennessPart> parts) {
            String title = text(fields.get("name"));
            String license = text(fields.get("license")) + text(fields.get("license_name"));
            String place = text(fields.get("component_path")) + text(fields.get("location"));
            boolean none =
                    license.matches(
                            "(?i)|component not included|undisclosed|license not specified");
            for (OpennessComponent component : OpennessComponent.values()) {
                if (component.title().equalsIgnoreCase(title)) {
                    boolean absent = license.matches("(?i)component not included|undisclosed");
                    OpennessPart.Status status =
                            absent
                                    ? OpennessPart.Status.MISSING
                                    : none
                                            ? OpennessPart.Status.UNLICENSED
                                            : LicenseTerms.of(license).open()
                                                    ? OpennessPart.Status.OPEN
                                                    : OpennessPart.Status.RESTRICTED;
                    parts.put(
                            component,
                            new OpennessPart(
                                    component,
                                    status,
                                    none ? "" : LicenseTexts.canonical(license),
                                    place.isEmpty() ? List.of(name) : List.of(name, place),
                                    "declared, not looked at"));
                }
            }
        }

        private static String text(@Nullable Object value) {
            return value == null ? "" : String.valueOf(value).strip();
        }
    }
}
