package dev.jebena.tokenizers.internal.jinja;

/// Python's `format.format(...)`.
final class BraceFormat {
    private final String format;
    private final Arguments arguments;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int next;

    private BraceFormat(String format, Arguments arguments, Budget budget) {
        this.format = format;
        this.arguments = arguments;
        this.budget = budget;
    }

    static String format(String format, Arguments arguments, Budget budget) {
        return new BraceFormat(format, arguments, budget).format();
    }

    private String format() {
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            boolean doubled = at + 1 < format.length() && format.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                out.append(c);
                at += 2;
            } else if (c == '{') {
                int end = format.indexOf('}', at);
                if (end < 0) {
                    throw new JinjaException("expected '}' before the end of the format");
                }
                field(format.substring(at + 1, end));
                at = end + 1;
            } else if (c == '}') {
                throw new JinjaException("single '}' in the format");
            } else {
                out.append(c);
                at++;
            }
        }
        budget.allocate(out.length());
        return out.toString();
    }

    private void field(String field) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? field : field.substring(0, colon);
        int bang = name.indexOf('!');
        String conversion = bang < 0 ? "" : name.substring(bang + 1);
        Object value = value(bang < 0 ? name : name.substring(0, bang));
        if (conversion.equals("r")) {
            value = Texts.repr(value);
        } else if (conversion.equals("s")) {
            value = Texts.str(value);
        } else if (!conversion.isEmpty()) {
            throw new JinjaException("no such conversion in a format: !" + conversion);
        }
        FormatSpec spec = FormatSpec.parse(colon < 0 ? "" : field.substring(colon + 1));
        out.append(spec.brace(value, budget));
    }

    private Object value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Object value = argument(path.substring(0, end));
        while (end < path.length()) {
            boolean item = path.charAt(end) == '[';
            int from = end + 1;
            end = from;
            while (end < path.length() && ".[]".indexOf(path.charAt(end)) < 0) {
                end++;
            }
            String name = path.substring(from, end);
            end += item ? 1 : 0;
            boolean place =
                    !name.isEmpty() && name.length() < 10 && StringKinds.holds("isdecimal", name);
            value =
                    item
                            ? Attributes.item(
                                    value, place ? (Object) Long.valueOf(name) : name, budget)
                            : Attributes.attribute(value, name, budget);
        }
        return value;
    }

    private Object argument(String name) {
        if (!name.isEmpty() && !StringKinds.holds("isdecimal", name)) {
            Object value = arguments.named().get(name);
            if (value == null) {
                throw new JinjaException("format: no argument '" + name + "'");
            }
            return value;
        }
        int place = name.isEmpty() ? next++ : name.length() > 6 ? 999_999 : Integer.parseInt(name);
        if (place >= arguments.positional().size()) {
            throw new JinjaException("format: argument " + place + " is missing");
        }
        return arguments.positional().get(place);
    }
}
