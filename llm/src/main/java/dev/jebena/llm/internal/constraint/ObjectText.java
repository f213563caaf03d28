package dev.jebena.llm.internal.constraint;

import dev.jebena.json.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes the objects of a schema into a grammar: properties in the schema's order, then additional
/// ones.
final class ObjectText {
    private final Grammar grammar;
    private final JsonText json;
    private final SchemaGrammar schemas;

    ObjectText(Grammar grammar, JsonText json, SchemaGrammar schemas) {
        this.grammar = grammar;
        this.json = json;
        this.schemas = schemas;
    }

    Rule write(Map<String, @Nullable Object> schema, String pointer) {
        Object additional = additional(schema);
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        if (schema.get("properties") != null) {
            properties.putAll(
                    SchemaKeywords.object(schema.get("properties"), pointer + "/properties"));
        }
        List<String> required = SchemaKeywords.names(schema, "required", pointer);
        for (String name : required) {
            if (!properties.containsKey(name)) {
                boolean said = schema.containsKey("additionalProperties");
                properties.put(name, said ? additional : (Object) true);
            }
        }
        checkCounts(schema, properties, required, additional, pointer);
        Rule rule = grammar.rule(true);
        // At `none` no property has been written yet, at `some` at least one has.
        Node none = grammar.after(grammar.after(rule.start, "{"), json.space());
        Node some = grammar.node();
        boolean canBeFirst = true;
        for (Map.Entry<String, @Nullable Object> property : properties.entrySet()) {
            String name = property.getKey();
            Rule value = schemas.rule(property.getValue(), pointer + "/properties/" + name);
            Node keyStart = keyStart(canBeFirst ? none : null, some);
            Node key = grammar.after(keyStart, Json.write(name));
            Node next = grammar.after(grammar.after(key, json.colon()), value);
            if (required.contains(name)) {
                canBeFirst = false;
            } else {
                grammar.jump(some, next);
            }
            some = next;
        }
        some =
                further(
                        canBeFirst ? none : null,
                        some,
                        properties.keySet(),
                        schema,
                        additional,
                        pointer);
        if (canBeFirst && SchemaKeywords.least(schema, "minProperties", pointer) == 0) {
            grammar.bytes(none, '}', '}', rule.end);
        }
        grammar.bytes(grammar.after(some, json.space()), '}', '}', rule.end);
        return rule;
    }

    private static @Nullable Object additional(Map<String, @Nullable Object> schema) {
        for (String keyword : List.of("additionalProperties", "unevaluatedProperties")) {
            if (schema.containsKey(keyword)) {
                return schema.get(keyword);
            }
        }
        boolean open = !schema.containsKey("properties") && !schema.containsKey("required");
        return open;
    }

    /// Counts of properties are followed only where they say nothing that is not so already, or ask
    /// for one property.
    private static void checkCounts(
            Map<String, @Nullable Object> schema,
            Map<String, @Nullable Object> properties,
            List<String> required,
            @Nullable Object additional,
            String pointer) {
        int least = SchemaKeywords.least(schema, "minProperties", pointer);
        if (least > Math.max(1, required.size())) {
            throw SchemaKeywords.unsupported(pointer, "minProperties", " above 1");
        }
        Integer most = SchemaKeywords.most(schema, "maxProperties", pointer);
        boolean closed =
                Boolean.FALSE.equals(additional) && (most == null || most >= properties.size());
        if (most != null && !closed) {
            throw SchemaKeywords.unsupported(pointer, "maxProperties", "");
        }
    }

    private Node keyStart(@Nullable Node none, Node some) {
        Node start = grammar.node();
        if (none != null) {
            grammar.jump(none, start);
        }
        Node comma = grammar.after(grammar.after(some, json.space()), ",");
        grammar.call(comma, json.space(), start);
        return start;
    }

    private Node further(
            @Nullable Node none,
            Node some,
            Set<String> named,
            Map<String, @Nullable Object> schema,
            @Nullable Object additional,
            String pointer) {
        if (Boolean.FALSE.equals(additional)) {
            return some;
        }
        Rule value = schemas.rule(additional, pointer + "/additionalProperties");
        Node last = grammar.node();
        Node start = grammar.node();
        grammar.jump(some, last);
        grammar.jump(keyStart(none, last), start);
        Node key = grammar.node();
        if (schema.containsKey("propertyNames")) {
            if (!named.isEmpty()) {
                throw SchemaKeywords.unsupported(
                        pointer, "propertyNames", " together with 'properties'");
            }
            Object names = SchemaMerge.both(Map.of("type", "string"), schema.get("propertyNames"));
            grammar.call(start, schemas.rule(names, pointer + "/propertyNames"), key);
        } else {
            otherName(start, named, key);
        }
        grammar.call(grammar.after(key, json.colon()), value, last);
        return last;
    }

    /// A string that is none of `names`.
    private void otherName(Node from, Set<String> names, Node to) {
        if (names.isEmpty()) {
            grammar.call(from, json.string(), to);
            return;
        }
        Node free = grammar.node();
        Characters characters = new Characters(grammar);
        characters.escaped(free, 0, Character.MAX_CODE_POINT, free);
        grammar.bytes(free, '"', '"', to);
        Map<String, Node> prefixes = new HashMap<>();
        Map<String, TreeMap<Integer, String>> following = new HashMap<>();
        prefixes.put("", grammar.after(from, "\""));
        for (String name : names) {
            for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
                int c = name.codePointAt(i);
                String longer = name.substring(0, i + Character.charCount(c));
                prefixes.computeIfAbsent(longer, prefix -> grammar.node());
                following
                        .computeIfAbsent(name.substring(0, i), prefix -> new TreeMap<>())
                        .put(c, longer);
            }
        }
        prefixes.forEach((prefix, node) -> {
            if (!names.contains(prefix)) {
                grammar.bytes(node, '"', '"', to);
            }
            int next = 0;
            for (Map.Entry<Integer, String> step :
                    following.getOrDefault(prefix, new TreeMap<>()).entrySet()) {
                int c = step.getKey();
                characters.escaped(node, next, c - 1, free);
                Node longer = prefixes.get(step.getValue());
                if (longer != null) {
                    characters.escaped(node, c, c, longer);
                }
                next = c + 1;
            }
            characters.escaped(node, next, Character.MAX_CODE_POINT, free);
        });
    }
}
