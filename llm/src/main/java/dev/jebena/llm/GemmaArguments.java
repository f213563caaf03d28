package dev.jebena.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Arguments in FunctionGemma's notation: `key:value` with commas between, texts between two
/// `<escape>`, objects and arrays in their brackets, all else as in JSON.
final class GemmaArguments {
    static final String ESCAPE = "<escape>";

    private static final int MAX_DEPTH = 20;

    private final Map<String, ?> root;

    private GemmaArguments(Map<String, ?> root) {
        this.root = root;
    }

    /// What stands between the braces. Required members come first.
    static Constraint of(Tool tool) {
        return new GemmaArguments(tool.parameters()).members(tool.parameters(), 0);
    }

    private Constraint members(Map<?, ?> schema, int depth) {
        List<Constraint> required = new ArrayList<>();
        List<Constraint> others = new ArrayList<>();
        Set<?> names = schema.get("required") instanceof List<?> list ? Set.copyOf(list) : Set.of();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((key, value) -> {
                Constraint member =
                        sequence(new Constraint.Text(key + ":"), value(value, depth + 1));
                (names.contains(key) ? required : others).add(member);
            });
        }
        List<Constraint> parts = new ArrayList<>();
        for (Constraint member : required) {
            parts.add(parts.isEmpty() ? member : sequence(new Constraint.Text(","), member));
        }
        if (!required.isEmpty()) {
            parts.addAll(more(others));
            return new Constraint.Sequence(parts);
        }
        List<Constraint> beginnings = new ArrayList<>(List.of(new Constraint.Sequence(List.of())));
        for (int i = 0; i < others.size(); i++) {
            List<Constraint> one = new ArrayList<>(List.of(others.get(i)));
            one.addAll(more(others.subList(i + 1, others.size())));
            beginnings.add(new Constraint.Sequence(one));
        }
        return new Constraint.Either(beginnings);
    }

    private static List<Constraint> more(List<Constraint> members) {
        return members.stream()
                .map(member -> TaggedArguments.optional(sequence(new Constraint.Text(","), member)))
                .toList();
    }

    private static Constraint sequence(Constraint... parts) {
        return new Constraint.Sequence(List.of(parts));
    }

    private Constraint value(@Nullable Object schema, int depth) {
        if (depth > MAX_DEPTH) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the parameters of a tool are nested deeper than " + MAX_DEPTH);
        }
        if (!(schema instanceof Map<?, ?> fields)) {
            return new Constraint.JsonSchema(TaggedArguments.alone(root, schema));
        }
        Object type = fields.get("type");
        if ("string".equals(type)) {
            Constraint escape = new Constraint.Text(ESCAPE);
            return sequence(escape, TaggedArguments.text(fields, ESCAPE), escape);
        }
        if ("object".equals(type) && fields.containsKey("properties")) {
            return sequence(
                    new Constraint.Text("{"), members(fields, depth), new Constraint.Text("}"));
        }
        if ("array".equals(type) && fields.containsKey("items")) {
            return array(fields, depth);
        }
        return new Constraint.JsonSchema(TaggedArguments.alone(root, schema));
    }

    private Constraint array(Map<?, ?> fields, int depth) {
        Constraint item = value(fields.get("items"), depth + 1);
        int least = number(fields.get("minItems"), 0);
        int most = number(fields.get("maxItems"), -1);
        Constraint more = sequence(new Constraint.Text(","), item);
        Constraint some =
                sequence(
                        item,
                        new Constraint.Repeated(
                                more,
                                Math.max(0, least - 1),
                                most < 0 ? -1 : Math.max(0, most - 1)));
        Constraint items =
                most == 0
                        ? new Constraint.Sequence(List.of())
                        : least > 0 ? some : TaggedArguments.optional(some);
        return sequence(new Constraint.Text("["), items, new Constraint.Text("]"));
    }

    private static int number(@Nullable Object value, int otherwise) {
        return value instanceof Number given ? Math.clamp(given.longValue(), 0, 1_000) : otherwise;
    }
}
