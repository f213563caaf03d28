package dev.jebena.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Licences of AI models that SPDX does not list, by the names that the hub uses for them:
/// `ai-licenses.tsv` with id, name, a pattern of the title that their texts bear, and where to read
/// them.
final class AiLicenses {
    /// A title stands at the beginning, maybe behind a notice.
    private static final int BEGINNING = 4_000;

    record AiLicense(String id, String name, Pattern title, String url) {}

    static final List<AiLicense> ALL =
            Tables.read("ai-licenses.tsv", 4).stream()
                    .map(cells ->
                            new AiLicense(
                                    cells[0],
                                    cells[1],
                                    Pattern.compile(cells[2], Pattern.CASE_INSENSITIVE),
                                    cells[3]))
                    .toList();

    private AiLicenses() {}

    static Optional<AiLicense> find(String id) {
        return ALL.stream().filter(license -> license.id.equalsIgnoreCase(id)).findFirst();
    }

    /// The licence whose title a text bears; the first of the table where several fit.
    static List<LicenseMatch> titled(String text) {
        String start =
                text.substring(0, Math.min(text.length(), BEGINNING))
                        .replaceAll("[\\s*#_\u2010-\u2015-]+", " ");
        // A licence text says more than its title; a card that mentions it does not count.
        boolean terms =
                text.length() > 1_500
                        && Pattern.compile("(?i)\\b(?:grant|licensor|you may|agree)\\b")
                                .matcher(text)
                                .find();
        List<LicenseMatch> found = new ArrayList<>();
        for (AiLicense license : ALL) {
            if (terms && found.isEmpty() && license.title.matcher(start).find()) {
                found.add(new LicenseMatch(license.id, license.name, 1, true, List.of()));
            }
        }
        return found;
    }
}
