package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A model card or data sheet: the `README.md` of a repository, a block of YAML between two lines
/// of `---` and Markdown below it, as Hugging Face's hub reads it.
///
/// @param kind what it is about
/// @param yaml the block; empty data where there is none
/// @param block whether there is a block
/// @param body the Markdown below
/// @param bodyLine the line of the file at which it begins
public record Card(CardKind kind, CardYaml yaml, boolean block, String body, int bodyLine) {
    private static final long LONGEST = 16 << 20;
    private static final int LONGEST_HEADING = 1_000;
    private static final Pattern HEADING = Pattern.compile("^(#{1,6})\\s+(.+?)\\s*#*\\s*$");
    private static final Pattern FENCE = Pattern.compile("^\\s{0,3}(```|~~~).*");

    /// A part of the Markdown under a heading.
    ///
    /// @param depth number of `#`
    /// @param text up to the next heading of any depth
    public record Section(String title, int depth, int line, String text) {}

    /// Reads the card of a folder (`README.md`), or a file.
    public static Card load(Path path, CardKind kind) {
        Path file = Files.isDirectory(path) ? path.resolve("README.md") : path;
        try {
            if (!Files.isRegularFile(file)) {
                throw new Problem(
                        Problem.Code.NOT_FOUND,
                        "there is no card at " + file,
                        "jebena card new " + path + " writes one");
            }
            if (Files.size(file) > LONGEST) {
                throw new Problem(
                        Problem.Code.TOO_LARGE,
                        "%s has %d bytes, a card at most %d"
                                .formatted(file, Files.size(file), LONGEST));
            }
            return of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), kind);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    public static Card of(String readme, CardKind kind) {
        String text = readme.startsWith("\uFEFF") ? readme.substring(1) : readme;
        text = text.replace("\r\n", "\n");
        int end = text.startsWith("---\n") ? text.indexOf("\n---", 3) : -1;
        while (end >= 0 && !text.startsWith("\n", end + 4) && text.length() > end + 4) {
            end = text.indexOf("\n---", end + 1);
        }
        if (end < 0) {
            CardYaml none =
                    text.startsWith("---\n")
                            ? new CardYaml(
                                    Map.of(),
                                    Map.of(),
                                    "the metadata block has no end: expected a line with ---",
                                    1)
                            : new CardYaml(Map.of(), Map.of(), null, 0);
            return new Card(kind, none, text.startsWith("---\n"), text, 1);
        }
        String yaml = text.substring(4, Math.max(4, end + 1));
        String body = text.substring(Math.min(text.length(), end + 5));
        int above = (int) text.substring(0, end + 1).chars().filter(c -> c == '\n').count();
        return new Card(kind, CardYaml.of(yaml, 1), true, body, above + 2);
    }

    /// What the block says.
    public Map<String, @Nullable Object> data() {
        return yaml.data();
    }

    /// The texts under a key: one, or a list of them.
    public List<String> texts(String key) {
        return switch (data().get(key)) {
            case String one when !one.isBlank() -> List.of(one);
            case List<?> many ->
                    many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
            case null, default -> List.of();
        };
    }

    /// The licence: `license`, or `license_name` where that is `other`; empty for none.
    public String license() {
        List<String> all = texts("license");
        String first = all.isEmpty() ? "" : all.getFirst();
        List<String> name = texts("license_name");
        return first.equals("other") && !name.isEmpty() ? name.getFirst() : first;
    }

    public List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        String title = "";
        int depth = 0;
        int begin = bodyLine;
        int line = bodyLine;
        boolean fenced = false;
        for (String next : body.lines().toList()) {
            fenced ^= FENCE.matcher(next).matches();
            Matcher heading = HEADING.matcher(next);
            if (!fenced && next.length() < LONGEST_HEADING && heading.matches()) {
                sections.add(new Section(title, depth, begin, text.toString()));
                text.setLength(0);
                title = heading.group(2);
                depth = heading.group(1).length();
                begin = line;
            } else {
                text.append(next).append('\n');
            }
            line++;
        }
        sections.add(new Section(title, depth, begin, text.toString()));
        return List.copyOf(sections);
    }

    /// `{"kind", "metadata", "sections"}`.
    public Map<String, @Nullable Object> json() {
        Map<String, Object> texts = new LinkedHashMap<>();
        sections().stream()
                .filter(s -> !s.title().isEmpty())
                .forEach(s -> texts.putIfAbsent(s.title(), s.text().strip()));
        return HttpJson.object("kind", kind.toString(), "metadata", data(), "sections", texts);
    }
}
