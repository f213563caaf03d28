package dev.jebena.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A word of a filter.
///
/// @param text as written
record FilterToken(Kind kind, String text) {
    /// Filters longer than this are refused.
    static final int MOST = 100_000;

    enum Kind {
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        PUNCTUATION
    }

    private static final String PART = "(?:`[^`]*`|\"(?:\"\"|[^\"])*\"|[\\p{L}_][\\p{L}\\p{N}_]*)";
    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<name>"
                            + PART
                            + "(?:\\.(?:"
                            + PART
                            + "|[\\p{L}\\p{N}_]+))*+)"
                            + "|(?<string>'(?:''|\\\\'|[^'])*+')"
                            + "|(?<number>[-+]?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][-+]?\\d++)?)"
                            + "|(?<operator><>|!=|>=|<=|==|=|<|>)"
                            + "|(?<punctuation>[(),;])"
                            + "|\\s++",
                    Pattern.DOTALL);

    boolean is(String word) {
        return kind != Kind.STRING && text.toUpperCase(Locale.ROOT).equals(word);
    }

    /// Throws when the text holds something that is no word of a filter.
    static List<FilterToken> of(String filter) {
        if (filter.length() > MOST) {
            throw MlflowError.invalid(
                    "The filter has %,d characters, more than the %,d that are allowed"
                            .formatted(filter.length(), MOST));
        }
        List<FilterToken> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(filter);
        int at = 0;
        while (at < filter.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw MlflowError.invalid(
                        "Invalid clause(s) in filter string: '" + filter.substring(at) + "'");
            }
            add(tokens, matcher);
            at = matcher.end();
        }
        return tokens;
    }

    private static void add(List<FilterToken> tokens, Matcher matcher) {
        for (Kind kind : Kind.values()) {
            String text = matcher.group(kind.name().toLowerCase(Locale.ROOT));
            if (text != null) {
                tokens.add(new FilterToken(kind, text));
            }
        }
    }
}
