package dev.jebena.governance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// SPDX licence expressions: `MIT OR (GPL-2.0-only WITH Classpath-exception-2.0 AND BSD-3-Clause)`.
/// Of alternatives the freest counts, since whoever takes it may choose; of what applies together,
/// everything. An exception leaves the terms as they are: it only frees some uses.
final class LicenseExpression {
    private static final int DEEPEST = 50;
    private static final Pattern WORD = Pattern.compile("[()]|[^\\s()]+");

    private final List<String> words = new ArrayList<>();
    private final Function<String, LicenseTerms> single;
    private int at;

    private LicenseExpression(String text, Function<String, LicenseTerms> single) {
        this.single = single;
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group());
        }
    }

    /// Whether a text has operators.
    static boolean is(String text) {
        return text.length() < 2_000 && text.matches("(?is).*(\\s(and|or|with)\\s|[()]).*");
    }

    /// The terms of an expression; those of the whole text as one id where it is none.
    ///
    /// @param single the terms of one id
    static LicenseTerms terms(String text, Function<String, LicenseTerms> single) {
        LicenseExpression expression = new LicenseExpression(text, single);
        try {
            LicenseTerms terms = expression.alternatives(0);
            if (expression.at == expression.words.size()) {
                return terms;
            }
        } catch (IllegalArgumentException _) {
            // No expression.
        }
        return single.apply(text);
    }

    private LicenseTerms alternatives(int depth) {
        LicenseTerms best = together(depth);
        while (takes("OR")) {
            LicenseTerms other = together(depth);
            boolean freer =
                    (other.open() && !best.open())
                            || (other.open() == best.open()
                                    && other.traits().size() < best.traits().size());
            best = freer ? other : best;
        }
        return best;
    }

    private LicenseTerms together(int depth) {
        LicenseTerms all = one(depth);
        while (takes("AND")) {
            LicenseTerms other = one(depth);
            Set<LicenseTrait> traits = EnumSet.copyOf(all.traits());
            traits.addAll(other.traits());
            all =
                    new LicenseTerms(
                            all.id() + " AND " + other.id(),
                            all.name() + ", and " + other.name(),
                            traits,
                            all.open() && other.open(),
                            all.open() ? other.source() : all.source());
        }
        return all;
    }

    private LicenseTerms one(int depth) {
        if (depth > DEEPEST || at >= words.size()) {
            throw new IllegalArgumentException(
                    "an expression that ends early, or nests too deeply");
        }
        if (takes("(")) {
            LicenseTerms inner = alternatives(depth + 1);
            if (!takes(")")) {
                throw new IllegalArgumentException("a parenthesis is open");
            }
            return inner;
        }
        LicenseTerms terms = single.apply(words.get(at++));
        if (takes("WITH")) {
            at++;
        }
        return terms;
    }

    private boolean takes(String word) {
        boolean here = at < words.size() && words.get(at).equalsIgnoreCase(word);
        at += here ? 1 : 0;
        return here;
    }
}
