package dev.jebena.llm.internal.constraint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the strings of a schema into a grammar.
final class StringText {
    /// Longer strings are left out where a schema allows very long ones.
    private static final int MAX_COUNTED = 20_000;

    private final Grammar grammar;
    private final JsonText json;

    StringText(Grammar grammar, JsonText json) {
        this.grammar = grammar;
        this.json = json;
    }

    void write(Node from, Facts facts, Node to) {
        List<String> excluded = excluded(facts);
        @Nullable Integer most = facts.maxLength < 0 ? null : Integer.valueOf(facts.maxLength);
        if (most != null && most > MAX_COUNTED && facts.minLength < MAX_COUNTED) {
            most = MAX_COUNTED;
        }
        boolean plain = facts.notPatterns.isEmpty() && excluded.isEmpty();
        if (!plain || facts.patterns.size() > 1) {
            Node inside = grammar.node();
            new LanguageText(grammar).quoted(language(facts), grammar.after(from, "\""), inside);
            grammar.bytes(inside, '"', '"', to);
        } else if (facts.patterns.size() == 1) {
            Node inside = grammar.node();
            RegexText.quoted(grammar)
                    .write(
                            grammar.after(from, "\""),
                            facts.patterns.getFirst(),
                            facts.minLength,
                            most,
                            inside);
            grammar.bytes(inside, '"', '"', to);
        } else if (facts.minLength == 0 && most == null) {
            grammar.call(from, json.string(), to);
        } else {
            grammar.call(from, json.string(facts.minLength, most), to);
        }
    }

    private static List<String> excluded(Facts facts) {
        return facts.excluded.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /// The strings that the facts allow.
    static Language language(Facts facts) {
        Language language = Language.ofLength(facts.minLength, facts.maxLength);
        for (RegexNode pattern : facts.patterns) {
            language = language.and(Language.of(pattern));
        }
        for (RegexNode pattern : facts.notPatterns) {
            language = language.minus(Language.of(pattern));
        }
        List<String> excluded = excluded(facts);
        return excluded.isEmpty() ? language : language.minus(Language.of(excluded));
    }
}
