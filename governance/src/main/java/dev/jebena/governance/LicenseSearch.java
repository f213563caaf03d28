package dev.jebena.governance;

import dev.jebena.base.Problem;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.TensorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Under which licences a file or the files of a folder come, and which file says so.
///
/// @param evidence all that was found: the card first, then licence texts, then the rest
public record LicenseSearch(List<LicenseEvidence> evidence) {
    private static final int LONGEST_TEXT = 2 << 20;
    private static final int HEAD = 16 << 10;
    private static final int MOST_IDENTIFIERS = 200;

    private static final Pattern LICENSE_FILE =
            Pattern.compile(
                    "(?i)(.*/)?((un)?licen[sc]es?|copying|copyright|notice|eula|terms|use_policy)([-_.].*)?|(?i)(.*/)?.*[-_.]licen[sc]e(\\.(md|txt|rst))?|(?i)(.*/)?licen[sc]es/[^/]+");

    private static final Set<String> SOURCES =
            Set.of(
                    "py", "java", "js", "ts", "c", "h", "cc", "cpp", "cu", "rs", "go", "sh", "kt",
                    "scala", "toml", "yaml", "yml", "txt", "md", "html", "css", "ipynb");

    public LicenseSearch {
        evidence = List.copyOf(evidence);
    }

    /// Looks at a file, or at all files of a folder.
    public static LicenseSearch of(Path path) {
        List<LicenseEvidence> found = new ArrayList<>();
        Map<String, Path> files = Scan.files(path);
        files.forEach((name, file) -> {
            try {
                look(name, file, files.size() == 1, found);
            } catch (IOException e) {
                throw Problem.storage("cannot read " + file, e);
            } catch (FormatException _) {
                // A damaged file says nothing; jebena scan tells what is wrong with it.
            }
        });
        found.sort(java.util.Comparator.comparing(LicenseEvidence::how));
        return new LicenseSearch(found);
    }

    /// What texts say that stand elsewhere than in files: licence texts, or ids.
    ///
    /// @param place what findings call it
    public static LicenseSearch ofTexts(String place, List<String> texts) {
        List<LicenseEvidence> found = new ArrayList<>();
        for (String text : texts) {
            int before = found.size();
            text(place, text, found);
            String line = text.strip();
            if (found.size() == before
                    && line.length() < 100
                    && SpdxLicenses.find(line).isPresent()) {
                found.add(
                        new LicenseEvidence(
                                LicenseTexts.canonical(line),
                                LicenseEvidence.How.TEXT,
                                place,
                                0,
                                1,
                                ""));
            }
        }
        return new LicenseSearch(found);
    }

    /// This and more.
    public LicenseSearch and(LicenseSearch more) {
        List<LicenseEvidence> all = new ArrayList<>(evidence);
        all.addAll(more.evidence);
        return new LicenseSearch(all);
    }

    private static void look(String name, Path file, boolean alone, List<LicenseEvidence> found)
            throws IOException {
        String type = FileKind.ending(name);
        if (!Files.isRegularFile(file)) {
            return;
        }
        if (name.equals("README.md")) {
            card(name, Card.load(file, CardKind.MODEL), found);
        }
        if (type.equals("gguf")) {
            try (Gguf gguf = Gguf.open(file)) {
                header(name, gguf, found);
            }
        } else if (type.equals("safetensors")) {
            try (SafeTensors tensors = SafeTensors.open(file)) {
                header(name, tensors, found);
            }
        } else if (LICENSE_FILE.matcher(name).matches()
                || (alone && type.matches("txt|md|rst|" + Pattern.quote(type)))) {
            text(name, head(file, LONGEST_TEXT), found);
        } else if (SOURCES.contains(type)) {
            identifiers(name, head(file, HEAD), found);
        }
    }

    private static void card(String name, Card card, List<LicenseEvidence> found) {
        List<String> ids = card.texts("license");
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i).equals("other") ? card.license() : ids.get(i);
            found.add(
                    new LicenseEvidence(
                            LicenseTexts.canonical(id),
                            LicenseEvidence.How.CARD,
                            name,
                            card.yaml().line(ids.size() == 1 ? "license" : "license[" + i + "]"),
                            1,
                            ""));
        }
    }

    private static void header(String name, TensorFile file, List<LicenseEvidence> found) {
        for (String key : List.of("general.license", "license", "modelspec.license")) {
            if (file.metadata().get(key) instanceof String id && !id.isBlank()) {
                found.add(
                        new LicenseEvidence(
                                LicenseTexts.canonical(id.strip()),
                                LicenseEvidence.How.HEADER,
                                name,
                                0,
                                1,
                                key));
            }
        }
    }

    private static void text(String name, String text, List<LicenseEvidence> found) {
        identifiers(name, text, found);
        for (LicenseMatch match : LicenseTexts.in(text)) {
            String note =
                    match.alternatives().isEmpty()
                            ? match.whole() ? "" : "a part of the file"
                            : "the same text as " + String.join(", ", match.alternatives());
            found.add(
                    new LicenseEvidence(
                            match.id(), LicenseEvidence.How.TEXT, name, 0, match.score(), note));
        }
    }

    private static void identifiers(String name, String text, List<LicenseEvidence> found) {
        Matcher matcher = LicenseTexts.IDENTIFIER.matcher(text);
        Set<String> told = new LinkedHashSet<>();
        while (matcher.find() && found.size() < MOST_IDENTIFIERS) {
            String expression = matcher.group(1).replaceAll("\\*/.*|-->.*|[\"',;].*", "").strip();
            if (!expression.isEmpty() && told.add(expression)) {
                int line =
                        (int)
                                text.substring(0, matcher.start())
                                        .chars()
                                        .filter(c -> c == '\n')
                                        .count();
                found.add(
                        new LicenseEvidence(
                                expression, LicenseEvidence.How.IDENTIFIER, name, line + 1, 1, ""));
            }
        }
    }

    private static String head(Path file, int most) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// The licence of the whole: what the card says, else what the one licence text is, else what
    /// headers say; empty where nothing does.
    public String license() {
        for (LicenseEvidence.How how :
                List.of(
                        LicenseEvidence.How.CARD,
                        LicenseEvidence.How.TEXT,
                        LicenseEvidence.How.HEADER,
                        LicenseEvidence.How.IDENTIFIER)) {
            List<String> ids =
                    evidence.stream()
                            .filter(e -> e.how() == how)
                            .filter(e -> how == LicenseEvidence.How.CARD || !e.path().contains("/"))
                            .map(LicenseEvidence::license)
                            .distinct()
                            .toList();
            if (!ids.isEmpty()) {
                return String.join(how == LicenseEvidence.How.CARD ? " OR " : " AND ", ids);
            }
        }
        return "";
    }

    /// Licence texts that are not what the card says, as lines for people.
    public List<String> disagreements() {
        Set<String> said = new LinkedHashSet<>();
        evidence.stream()
                .filter(e -> e.how() == LicenseEvidence.How.CARD)
                .forEach(e -> said.add(plain(e.license())));
        List<String> lines = new ArrayList<>();
        for (LicenseEvidence e : evidence) {
            boolean top = !e.path().contains("/");
            if (!said.isEmpty()
                    && top
                    && e.how() != LicenseEvidence.How.CARD
                    && e.how() != LicenseEvidence.How.IDENTIFIER
                    && !said.contains(plain(e.license()))) {
                lines.add(
                        "the card says %s, %s is %s"
                                .formatted(String.join(" or ", said), e.path(), e.license()));
            }
        }
        return lines;
    }

    private static String plain(String id) {
        return id.toLowerCase(Locale.ROOT).replaceFirst("-(only|or-later)$", "");
    }
}
