package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Operators on strings.
final class TextOperators {
    private TextOperators() {}

    static void addTo(Operators all) {
        all.one("StringConcat", TextOperators::concat);
        all.many("StringSplit", TextOperators::split);
        all.one("StringNormalizer", TextOperators::normalize);
        all.bool("RegexFullMatch", TextOperators::match);
        all.one("TfIdfVectorizer", TfIdf::of);
    }

    /// Strings in a larger shape.
    private static Datum.Texts expand(Datum.Texts texts, Shape shape) {
        return Moves.pick(texts, Moves.places(texts).expand(shape));
    }

    static Tensor equal(Call call) {
        Shape shape = Shape.broadcast("Equal", call.texts(0).shape(), call.texts(1).shape());
        List<String> a = expand(call.texts(0), shape).values();
        List<String> b = expand(call.texts(1), shape).values();
        boolean[] equal = new boolean[a.size()];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = a.get(i).equals(b.get(i));
        }
        return Loops.of(equal, shape);
    }

    static Datum where(Call call) {
        Tensor condition = call.tensor(0);
        return Moves.join(
                List.of(call.texts(1), call.texts(2)),
                places -> condition.where(places.get(0), places.get(1)));
    }

    private static Datum concat(Call call) {
        Shape shape = Shape.broadcast("StringConcat", call.texts(0).shape(), call.texts(1).shape());
        List<String> a = expand(call.texts(0), shape).values();
        List<String> b = expand(call.texts(1), shape).values();
        List<String> joined = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            joined.add(a.get(i) + b.get(i));
        }
        return new Datum.Texts(shape, joined);
    }

    private static List<Datum> split(Call call) {
        Datum.Texts texts = call.texts(0);
        String delimiter = call.text("delimiter", "");
        int most = call.number("maxsplit", Integer.MAX_VALUE);
        List<List<String>> rows = new ArrayList<>();
        int longest = 0;
        for (String text : texts.values()) {
            List<String> row = pieces(text, delimiter, most);
            longest = Math.max(longest, row.size());
            rows.add(row);
        }
        List<String> all = new ArrayList<>();
        long[] counts = new long[rows.size()];
        for (int i = 0; i < counts.length; i++) {
            List<String> row = rows.get(i);
            counts[i] = row.size();
            all.addAll(row);
            for (int j = row.size(); j < longest; j++) {
                all.add("");
            }
        }
        Shape shape = texts.shape();
        return List.of(
                new Datum.Texts(shape.insert(shape.rank(), longest), all),
                Datum.of(Loops.of(counts, shape, DType.INT64)));
    }

    /// As Python's `split`: without a delimiter at runs of white space, none at the ends.
    private static List<String> pieces(String text, String delimiter, int most) {
        List<String> pieces = new ArrayList<>();
        String rest = text;
        if (delimiter.isEmpty()) {
            rest = text.strip();
            while (!rest.isEmpty() && pieces.size() < most) {
                int end = 0;
                while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
                    end++;
                }
                pieces.add(rest.substring(0, end));
                rest = rest.substring(end).stripLeading();
            }
            if (!rest.isEmpty()) {
                pieces.add(rest);
            }
            return pieces;
        }
        int at = rest.indexOf(delimiter);
        while (at >= 0 && pieces.size() < most) {
            pieces.add(rest.substring(0, at));
            rest = rest.substring(at + delimiter.length());
            at = rest.indexOf(delimiter);
        }
        pieces.add(rest);
        return pieces;
    }

    /// Leaves out stop words and changes the case.
    private static Datum normalize(Call call) {
        Datum.Texts texts = call.texts(0);
        boolean sensitive = call.flag("is_case_sensitive");
        Locale locale = Locale.forLanguageTag(call.text("locale", "en-US").replace('_', '-'));
        Set<String> stop = new TreeSet<>();
        for (String word : call.textList("stopwords")) {
            stop.add(sensitive ? word : word.toLowerCase(locale));
        }
        String action = call.text("case_change_action", "NONE");
        List<String> kept = new ArrayList<>();
        for (String text : texts.values()) {
            if (!stop.contains(sensitive ? text : text.toLowerCase(locale))) {
                kept.add(
                        switch (action) {
                            case "LOWER" -> text.toLowerCase(locale);
                            case "UPPER" -> text.toUpperCase(locale);
                            default -> text;
                        });
            }
        }
        if (kept.isEmpty()) {
            kept.add("");
        }
        Shape shape = Shape.of(kept.size());
        return new Datum.Texts(texts.shape().rank() == 2 ? shape.insert(0, 1) : shape, kept);
    }

    private static Tensor match(Call call) {
        Datum.Texts texts = call.texts(0);
        String pattern = call.text("pattern", "");
        try {
            // RE2 names groups `(?P<name>`.
            Pattern compiled = Pattern.compile(pattern.replace("(?P<", "(?<"));
            boolean[] matches = new boolean[texts.values().size()];
            for (int i = 0; i < matches.length; i++) {
                matches[i] = compiled.matcher(texts.values().get(i)).matches();
            }
            return Loops.of(matches, texts.shape());
        } catch (PatternSyntaxException e) {
            throw call.problem("the pattern \"%s\": %s", pattern, e.getDescription());
        }
    }
}
