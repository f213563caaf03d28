package dev.jebena.governance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds which licence a text is: by how many pairs of neighbouring words it shares with each text
/// of the SPDX list (Sørensen-Dice, as GitHub's licensee and others do), and by their titles for
/// the licences of AI models, which are not on the list.
public final class LicenseTexts {
    /// From here on a text is called that licence.
    private static final double ALIKE = 0.90;

    private static final double CONTAINED = 0.94;
    private static final int SHORTEST_PART = 40;
    private static final int MOST_PARTS = 10;

    private record Known(SpdxLicense license, LicenseWords words) {}

    /// Read when first asked for: a second of work.
    private static final class Index {
        static final List<Known> ALL = LicenseTexts.read();
    }

    // Outside of Index: threads that run a lambda of a class wait until it is initialized.
    private static List<Known> read() {
        return SpdxLicenses.all().parallelStream()
                .filter(l -> !l.deprecated())
                .flatMap(l ->
                        Stream.of(
                                        SpdxLicenses.text(l),
                                        SpdxLicenses.core(l, true),
                                        SpdxLicenses.core(l, false))
                                .map(text -> new Known(l, LicenseWords.of(text))))
                .filter(known -> known.words.pairs().length > 3)
                .toList();
    }

    private LicenseTexts() {}

    /// The licences in a text, the surest first; empty when none is recognised.
    public static List<LicenseMatch> in(String text) {
        List<LicenseMatch> titled = AiLicenses.titled(text);
        if (!titled.isEmpty()) {
            return titled;
        }
        LicenseWords words = LicenseWords.of(text);
        if (words.pairs().length < 4) {
            return List.of();
        }
        return whole(words);
    }

    /// The licence that the text is as a whole, and those of which there are parts in what is left
    /// of it.
    private static List<LicenseMatch> whole(LicenseWords words) {
        List<Known> best = new ArrayList<>();
        double most = ALIKE;
        for (Known known : Index.ALL) {
            double score = words.mostLike(known.words) >= most ? words.likeness(known.words) : 0;
            if (score >= most) {
                if (score > most) {
                    best.clear();
                }
                most = score;
                best.add(known);
            }
        }
        if (best.isEmpty()) {
            return parts(words);
        }
        List<LicenseMatch> others = parts(words.without(best.getFirst().words));
        List<LicenseMatch> found = new ArrayList<>();
        found.add(match(best.stream().map(Known::license).toList(), most, others.isEmpty()));
        others.stream().filter(o -> !o.id().equals(found.getFirst().id())).forEach(found::add);
        return found;
    }

    /// Licences within a longer text: those of which most words are there first, each taken out
    /// before the next is looked for.
    private static List<LicenseMatch> parts(LicenseWords words) {
        Map<String, LicenseMatch> found = new LinkedHashMap<>();
        LicenseWords left = words;
        for (int i = 0; i < MOST_PARTS; i++) {
            List<Known> best = new ArrayList<>();
            double most = 0;
            for (Known known : Index.ALL) {
                int length = known.words.pairs().length;
                double held =
                        length >= SHORTEST_PART && length <= left.pairs().length
                                ? left.holds(known.words)
                                : 0;
                double weight = length * (held - ALIKE);
                if (held >= CONTAINED && weight >= most) {
                    if (weight > most) {
                        best.clear();
                    }
                    most = weight;
                    best.add(known);
                }
            }
            if (best.isEmpty()) {
                break;
            }
            LicenseWords taken = best.getFirst().words;
            LicenseMatch match =
                    match(best.stream().map(Known::license).toList(), left.holds(taken), false);
            found.putIfAbsent(match.id(), match);
            left = left.without(taken);
        }
        return List.copyOf(found.values());
    }

    /// Of licences with the same text the one that is in use; the others as alternatives.
    private static LicenseMatch match(List<SpdxLicense> same, double score, boolean whole) {
        List<SpdxLicense> current =
                same.stream()
                        .distinct()
                        .sorted(
                                Comparator.comparing((SpdxLicense l) -> !l.osiApproved())
                                        .thenComparing(SpdxLicense::id))
                        .toList();
        SpdxLicense first = current.getFirst();
        List<String> others = current.stream().skip(1).map(SpdxLicense::id).toList();
        return new LicenseMatch(first.id(), first.name(), score, whole, others);
    }

    /// The id as SPDX writes it, for an id of the hub's list (`apache-2.0`, `gpl-3.0`); the id
    /// itself where SPDX has none.
    public static String canonical(String id) {
        String current =
                id.toLowerCase(Locale.ROOT).matches("(a|l)?gpl-\\d\\.\\d") ? id + "-only" : id;
        return SpdxLicenses.find(current)
                .or(() -> SpdxLicenses.find(id))
                .map(SpdxLicense::id)
                .orElse(id);
    }

    /// `SPDX-License-Identifier:` and what follows on the line.
    static final Pattern IDENTIFIER =
            Pattern.compile("SPDX-License-Identifier:\\s{0,10}([^\\r\\n]{1,300})");
}
