package dev.jebena.tokenizers.internal.jinja;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Filters that give text.
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TITLE_PART =
            Pattern.compile("([-\\s({\\[<]+)|([^-\\s({\\[<]+)", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("upper", (value, none, budget) -> cased(value, "upper", budget));
        filters.put("lower", (value, none, budget) -> cased(value, "lower", budget));
        filters.put("capitalize", (value, none, budget) -> cased(value, "capitalize", budget));
        filters.put("title", (value, none, budget) -> title(text(value, budget)));
        filters.put("trim", TextFilters::trim);
        filters.put("string", (value, none, budget) -> text(value, budget));
        filters.put("safe", (value, none, budget) -> text(value, budget));
        filters.put("escape", (value, none, budget) -> escape(text(value, budget), budget));
        filters.put("e", (value, none, budget) -> escape(text(value, budget), budget));
        filters.put("forceescape", (value, none, budget) -> escape(text(value, budget), budget));
        filters.put("replace", TextFilters::replace);
        filters.put("indent", TextFilters::indent);
        filters.put("center", TextFilters::center);
        filters.put("truncate", TextFilters::truncate);
        filters.put("urlencode", (value, none, budget) -> urlEncoded(text(value, budget)));
        filters.put("tojson", TextFilters::toJson);
        filters.put("pprint", (value, none, budget) -> Texts.repr(value));
        filters.put("format", TextFilters::format);
        filters.put(
                "wordcount",
                (value, none, budget) -> WORD.matcher(text(value, budget)).results().count());
    }

    private static String text(Object value, Budget budget) {
        String text = Texts.str(value);
        budget.allocate(text.length());
        return text;
    }

    private static String cased(Object value, String how, Budget budget) {
        return StringMethods.cased(text(value, budget), how);
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        Matcher part = TITLE_PART.matcher(text);
        while (part.find()) {
            int first = part.group().offsetByCodePoints(0, 1);
            out.append(StringMethods.cased(part.group().substring(0, first), "upper"));
            out.append(StringMethods.cased(part.group().substring(first), "lower"));
        }
        return out.toString();
    }

    private static Object trim(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("trim", "chars");
        return StringTrims.strip(
                text(value, budget), bound.has("chars") ? bound.text("chars") : null);
    }

    private static String escape(String text, Budget budget) {
        budget.allocate(text.length() * 5L);
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Object replace(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
        return StringMethods.replace(
                text(value, budget),
                Texts.str(bound.value("old")),
                Texts.str(bound.value("new")),
                bound.integer("count", -1),
                budget);
    }

    private static Object indent(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
        String indent = indentation(bound.value("width", 4L), budget);
        List<String> lines = StringSplits.lines(text(value, budget) + "\n", false);
        boolean blank = bound.flag("blank", false);
        StringBuilder out = new StringBuilder(bound.flag("first", false) ? indent : "");
        for (int i = 0; i < lines.size(); i++) {
            boolean indented = i > 0 && (blank || !lines.get(i).isEmpty());
            budget.allocate((long) indent.length() + lines.get(i).length());
            out.append(i > 0 ? "\n" : "").append(indented ? indent : "").append(lines.get(i));
        }
        budget.allocate(out.length());
        return out.toString();
    }

    /// `width` blanks, or `width` itself where it is a string.
    private static String indentation(Object width, Budget budget) {
        if (width instanceof String text) {
            return text;
        }
        if (!Numbers.isWhole(width)) {
            throw new JinjaException("indentation must be an integer or a string");
        }
        int count = Math.max(0, Numbers.clampedInt(width));
        budget.allocate(count);
        return " ".repeat(count);
    }

    private static Object center(Object value, Arguments arguments, Budget budget) {
        int width = arguments.bind("center", "width").integer("width", 80);
        Callable center = StringMethods.of(text(value, budget), "center");
        return center == null ? value : center.call(Arguments.of((long) width), budget);
    }

    private static Object truncate(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
        String text = text(value, budget);
        String end = bound.text("end", "...");
        int length = bound.integer("length", 255);
        int kept = length - CodePoints.length(end);
        if (kept < 0) {
            throw new JinjaException("truncate: length " + length + " is less than that of 'end'");
        }
        int size = CodePoints.length(text);
        if (size <= length + Math.max(0, bound.integer("leeway", 5))) {
            return text;
        }
        String head = CodePoints.substring(text, 0, kept);
        int blank = head.lastIndexOf(' ');
        boolean cut = bound.flag("killwords", false) || blank < 0;
        return (cut ? head : head.substring(0, blank)) + end;
    }

    private static String urlEncoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || "_.-~/".indexOf(b) >= 0);
            out.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
        }
        return out.toString();
    }

    private static Object toJson(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound =
                arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = bound.has("indent") ? indentation(bound.value("indent"), budget) : null;
        String itemSeparator = indent == null ? ", " : ",";
        String keySeparator = ": ";
        if (bound.has("separators")) {
            List<Object> separators = Values.elements(bound.value("separators"), budget);
            if (separators.size() != 2) {
                throw new JinjaException("tojson: 'separators' must be two strings");
            }
            itemSeparator = Texts.str(separators.get(0));
            keySeparator = Texts.str(separators.get(1));
        }
        String json = json(value, bound, indent, itemSeparator, keySeparator);
        budget.allocate(json.length());
        return json;
    }

    private static String json(
            Object value,
            Arguments.Bound bound,
            @Nullable String indent,
            String itemSeparator,
            String keySeparator) {
        boolean ascii = bound.flag("ensure_ascii", false);
        boolean sorted = bound.flag("sort_keys", false);
        return new PythonJson(indent, itemSeparator, keySeparator, ascii, sorted).write(value);
    }

    private static Object format(Object value, Arguments arguments, Budget budget) {
        Object values =
                arguments.named().isEmpty()
                        ? new Tuple(arguments.positional())
                        : new java.util.LinkedHashMap<Object, Object>(arguments.named());
        return PercentFormat.format(text(value, budget), values, budget);
    }
}
