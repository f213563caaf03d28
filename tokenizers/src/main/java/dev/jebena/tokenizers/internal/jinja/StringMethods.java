package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The methods of Python's `str`.
final class StringMethods {
    private StringMethods() {}

    /// The method `name` of `text`, or null where there is none.
    static @Nullable Callable of(String text, String name) {
        return switch (name) {
            case "strip" ->
                    (arguments, budget) -> StringTrims.strip(text, characters(arguments, name));
            case "lstrip" ->
                    (arguments, budget) ->
                            StringTrims.stripStart(text, characters(arguments, name));
            case "rstrip" ->
                    (arguments, budget) -> StringTrims.stripEnd(text, characters(arguments, name));
            case "split", "rsplit" -> (arguments, budget) -> split(text, name, arguments, budget);
            case "splitlines" ->
                    (arguments, budget) -> {
                        budget.allocate(text.length());
                        boolean keep = arguments.bind(name, "keepends").flag("keepends", false);
                        return new ArrayList<Object>(StringSplits.lines(text, keep));
                    };
            case "partition", "rpartition" ->
                    (arguments, budget) -> partition(text, name.equals("partition"), arguments);
            case "startswith", "endswith" ->
                    (arguments, budget) -> affix(text, name, arguments, budget);
            case "removeprefix" ->
                    (arguments, budget) -> {
                        String affix = arguments.bind(name, "prefix").text("prefix");
                        return text.startsWith(affix) ? text.substring(affix.length()) : text;
                    };
            case "removesuffix" ->
                    (arguments, budget) -> {
                        String affix = arguments.bind(name, "suffix").text("suffix");
                        return text.endsWith(affix)
                                ? text.substring(0, text.length() - affix.length())
                                : text;
                    };
            case "replace" ->
                    (arguments, budget) -> {
                        Arguments.Bound bound = arguments.bind(name, "old", "new", "count");
                        return replace(
                                text,
                                bound.text("old"),
                                bound.text("new"),
                                bound.integer("count", -1),
                                budget);
                    };
            case "find", "rfind", "index", "rindex", "count" ->
                    (arguments, budget) -> search(text, name, arguments, budget);
            case "join" ->
                    (arguments, budget) ->
                            join(text, arguments.bind(name, "items").value("items"), budget);
            case "format" -> (arguments, budget) -> BraceFormat.format(text, arguments, budget);
            case "zfill", "ljust", "rjust", "center" ->
                    (arguments, budget) -> pad(text, name, arguments, budget);
            default -> simple(text, name);
        };
    }

    private static @Nullable Callable simple(String text, String name) {
        if (name.startsWith("is")) {
            return StringKinds.known(name)
                    ? (arguments, budget) -> {
                        arguments.bind(name);
                        return StringKinds.holds(name, text);
                    }
                    : null;
        }
        return switch (name) {
            case "upper", "lower", "casefold", "title", "capitalize", "swapcase" ->
                    (arguments, budget) -> {
                        arguments.bind(name);
                        budget.allocate(text.length() * 2L);
                        return cased(text, name);
                    };
            default -> null;
        };
    }

    /// `text` in the letter case that the method `name` makes.
    static String cased(String text, String name) {
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower", "casefold" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> capitalize(text);
            case "swapcase" -> swapCase(text);
            default -> titled(text);
        };
    }

    private static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return titleCase(text.codePointAt(0)) + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String titleCase(int c) {
        return c == 'ß' ? "Ss" : Character.toString(Character.toTitleCase(c));
    }

    private static String swapCase(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c ->
                        out.appendCodePoint(
                                Character.isUpperCase(c)
                                        ? Character.toLowerCase(c)
                                        : Character.toUpperCase(c)));
        return out.toString();
    }

    private static String titled(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean letter =
                    Character.isUpperCase(c)
                            || Character.isLowerCase(c)
                            || Character.isTitleCase(c);
            out.append(
                    inWord
                            ? Character.toString(Character.toLowerCase(c))
                            : letter ? titleCase(c) : Character.toString(c));
            inWord = letter;
        }
        return out.toString();
    }

    private static @Nullable String characters(Arguments arguments, String name) {
        Arguments.Bound bound = arguments.bind(name, "chars");
        return bound.has("chars") ? bound.text("chars") : null;
    }

    private static Object split(String text, String name, Arguments arguments, Budget budget) {
        budget.allocate(text.length());
        Arguments.Bound bound = arguments.bind(name, "sep", "maxsplit");
        String separator = bound.has("sep") ? bound.text("sep") : null;
        return new ArrayList<Object>(
                StringSplits.split(
                        text, separator, bound.integer("maxsplit", -1), name.equals("rsplit")));
    }

    private static Object partition(String text, boolean first, Arguments arguments) {
        String separator = arguments.bind("partition", "sep").text("sep");
        if (separator.isEmpty()) {
            throw new JinjaException("empty separator");
        }
        int at = first ? text.indexOf(separator) : text.lastIndexOf(separator);
        if (at < 0) {
            return first ? Tuple.of(text, "", "") : Tuple.of("", "", text);
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static Object affix(String text, String name, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind(name, "affix", "start", "end");
        String part = window(text, bound, budget);
        Object affix = bound.value("affix");
        for (Object choice : affix instanceof Tuple choices ? choices : List.of(affix)) {
            if (!(choice instanceof String wanted)) {
                throw new JinjaException(
                        name
                                + "() needs a string or a tuple of strings, not "
                                + Values.typeName(choice));
            }
            if (name.equals("startswith") ? part.startsWith(wanted) : part.endsWith(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static String window(String text, Arguments.Bound bound, Budget budget) {
        return bound.has("start") || bound.has("end")
                ? (String)
                        Slices.slice(
                                text,
                                bound.value("start", None.NONE),
                                bound.value("end", None.NONE),
                                None.NONE,
                                budget)
                : text;
    }

    private static Object search(String text, String name, Arguments arguments, Budget budget) {
        budget.steps(text.length() >> 5);
        Arguments.Bound bound = arguments.bind(name, "sub", "start", "end");
        String part = window(text, bound, budget);
        String wanted = bound.text("sub");
        if (name.equals("count")) {
            long count = 0;
            int step = Math.max(1, wanted.length());
            for (int at = part.indexOf(wanted); at >= 0; at = part.indexOf(wanted, at + step)) {
                count++;
                if (at + step > part.length()) {
                    break;
                }
            }
            return count;
        }
        int at = name.startsWith("r") ? part.lastIndexOf(wanted) : part.indexOf(wanted);
        if (at < 0 && name.endsWith("index")) {
            throw new JinjaException("substring not found");
        }
        if (at < 0) {
            return -1L;
        }
        long begin =
                bound.has("start")
                        ? CodePoints.length(text)
                                - Values.length(
                                        Slices.slice(
                                                text,
                                                bound.value("start"),
                                                None.NONE,
                                                None.NONE,
                                                budget))
                        : 0;
        return begin + CodePoints.place(part, at);
    }

    static String replace(String text, String old, String with, int count, Budget budget) {
        if (old.isEmpty() && count != 0) {
            return between(text, with, count, budget);
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        int left = count;
        int at;
        while (left != 0 && (at = text.indexOf(old, from)) >= 0) {
            budget.allocate((long) at - from + with.length());
            out.append(text, from, at).append(with);
            from = at + old.length();
            left--;
        }
        budget.allocate(text.length());
        return out.append(text, from, text.length()).toString();
    }

    private static String between(String text, String with, int count, Budget budget) {
        StringBuilder out = new StringBuilder();
        int left = count;
        for (String character : CodePoints.characters(text)) {
            budget.allocate(with.length() + 1L);
            out.append(left-- != 0 ? with : "").append(character);
        }
        return out.append(left != 0 ? with : "").toString();
    }

    private static String join(String separator, Object items, Budget budget) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object item : Values.elements(items, budget)) {
            if (!(item instanceof String text)) {
                throw new JinjaException("join() needs strings, found " + Values.typeName(item));
            }
            budget.allocate((long) separator.length() + text.length());
            out.append(first ? "" : separator).append(text);
            first = false;
        }
        budget.allocate(out.length());
        return out.toString();
    }

    private static String pad(String text, String name, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind(name, "width", "fillchar");
        bound.value("width");
        int missing = Math.max(0, bound.integer("width", 0) - CodePoints.length(text));
        budget.allocate((long) missing + text.length());
        if (name.equals("zfill")) {
            boolean signed = text.startsWith("-") || text.startsWith("+");
            return signed
                    ? text.charAt(0) + "0".repeat(missing) + text.substring(1)
                    : "0".repeat(missing) + text;
        }
        String fill = bound.text("fillchar", " ");
        int width = missing + CodePoints.length(text);
        int left =
                switch (name) {
                    case "ljust" -> 0;
                    case "rjust" -> missing;
                    default -> missing / 2 + (missing & width & 1);
                };
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }
}
