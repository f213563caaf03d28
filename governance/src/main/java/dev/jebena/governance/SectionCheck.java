package dev.jebena.governance;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a reader expects a card to tell: the parts of "Model Cards for Model Reporting" (Mitchell
/// et al., 2018) and "Datasheets for Datasets" (Gebru et al., 2018), by the words in headings.
record SectionCheck(Card card, List<CardFinding> findings) {
    /// @param heading a pattern in lower case
    private record Part(String name, Pattern heading, String tells) {}

    private static final List<Part> MODEL =
            List.of(
                    part(
                            "Intended use",
                            "intended|\\buses?\\b|usage|how to|getting started|direct use|quick ?start",
                            "what it is for, and what not"),
                    part("Limitations", "limit|out.of.scope|risk|caveat", "where it fails"),
                    part("Bias", "bias|risk|fairness|ethic|safety", "whom it treats worse"),
                    part(
                            "Training data",
                            "training data|\\bdata ?sets?\\b|\\bdata\\b|training",
                            "what it learned from"),
                    part(
                            "Evaluation",
                            "evaluat|result|benchmark|metric|performance",
                            "how well it does, measured how"),
                    part(
                            "Environmental impact",
                            "environment|carbon|emission|energy|compute|hardware",
                            "what its training took"));

    private static final List<Part> DATASET =
            List.of(
                    part("Uses", "uses?\\b|intended|usage", "what it is for, and what not"),
                    part(
                            "Structure",
                            "structure|fields|splits|instances|format|schema",
                            "what a record holds"),
                    part(
                            "Creation",
                            "creat|collect|source|curation|annotat",
                            "where it comes from, and how"),
                    part(
                            "Personal information",
                            "personal|sensitive|privacy|consent",
                            "whom it tells about"),
                    part(
                            "Bias, risks and limitations",
                            "bias|limit|risk|fairness",
                            "whom it leaves out"));

    private static final Pattern ASKING =
            Pattern.compile(
                    "(?is)\\[?more information needed\\]?|<!--.{0,2000}?-->|\\btodo\\b|\\btbd\\b|\\[optional\\]");

    /// Longer sections say something.
    private static final int LONGEST_EMPTY = 4_000;

    private static Part part(String name, String heading, String tells) {
        return new Part(name, Pattern.compile(heading), tells);
    }

    void run() {
        List<Card.Section> sections = card.sections();
        for (Part part : card.kind() == CardKind.MODEL ? MODEL : DATASET) {
            if (sections.stream().noneMatch(s -> isAbout(s, part))) {
                hint(
                        card.bodyLine(),
                        part.name,
                        "",
                        "no section on \"%s\"".formatted(part.name),
                        "add one that tells " + part.tells);
            }
        }
        for (int i = 0; i < sections.size(); i++) {
            Card.Section section = sections.get(i);
            boolean parent =
                    i + 1 < sections.size() && sections.get(i + 1).depth() > section.depth();
            if (!section.title().isEmpty() && !parent && isEmpty(section)) {
                hint(
                        section.line(),
                        section.title(),
                        section.text().strip(),
                        "the section \"%s\" says nothing".formatted(section.title()),
                        "fill it in, or remove it");
            }
        }
    }

    private static boolean isEmpty(Card.Section section) {
        String text = section.text();
        return text.length() < LONGEST_EMPTY && ASKING.matcher(text).replaceAll("").isBlank();
    }

    private static boolean isAbout(Card.Section section, Part part) {
        return part.heading.matcher(section.title().toLowerCase(Locale.ROOT)).find();
    }

    private void hint(int line, String field, String value, String message, String remedy) {
        findings.add(new CardFinding(CardFinding.Level.HINT, line, field, value, message, remedy));
    }
}
