package dev.jebena.llm.internal.constraint;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The schemas of one document by their places, `$id`s and anchors. Nothing is fetched.
final class SchemaDocument {
    private static final int MAX_DEPTH = 400;

    /// A base for documents that have none of their own.
    private static final String NO_BASE = "schema:/document";

    private final Map<String, @Nullable Object> root;
    private final Map<String, Object> resources = new HashMap<>();
    private final Map<String, Object> anchors = new HashMap<>();
    private final Map<String, List<Object>> dynamicAnchors = new HashMap<>();
    private final IdentityHashMap<Object, String> bases = new IdentityHashMap<>();

    SchemaDocument(Map<String, @Nullable Object> root) {
        this.root = root;
        resources.put(NO_BASE, root);
        index(root, NO_BASE, "#", 0);
    }

    Map<String, @Nullable Object> root() {
        return root;
    }

    private void index(@Nullable Object value, String base, String pointer, int depth) {
        if (depth > MAX_DEPTH) {
            throw SchemaKeywords.problem(pointer, "nested deeper than " + MAX_DEPTH);
        }
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                index(list.get(i), base, pointer, depth + 1);
            }
        }
        if (!(value instanceof Map<?, ?> map)) {
            return;
        }
        String own = base;
        if (map.get("$id") instanceof String id && !id.startsWith("#")) {
            own = resolved(base, id, pointer);
            resources.putIfAbsent(own, map);
        }
        bases.put(map, own);
        if (map.get("$anchor") instanceof String anchor) {
            anchors.putIfAbsent(own + "#" + anchor, map);
        }
        if (map.get("$dynamicAnchor") instanceof String anchor) {
            anchors.putIfAbsent(own + "#" + anchor, map);
            dynamicAnchors.computeIfAbsent(anchor, key -> new ArrayList<>()).add(map);
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            if (!key.equals("enum") && !key.equals("const") && !key.equals("examples")) {
                index(entry.getValue(), own, pointer + "/" + key, depth + 1);
            }
        }
    }

    private static String resolved(String base, String reference, String pointer) {
        try {
            URI uri = URI.create(base).resolve(reference);
            String text = uri.toString();
            int hash = text.indexOf('#');
            return hash < 0 ? text : text.substring(0, hash);
        } catch (IllegalArgumentException e) {
            throw SchemaKeywords.problem(pointer, "'" + reference + "' is no URI");
        }
    }

    /// The schema that `$ref` names.
    ///
    /// @param from the schema that has the reference
    @Nullable Object target(@Nullable Object reference, Object from, String pointer) {
        if (!(reference instanceof String text)) {
            throw SchemaKeywords.problem(pointer, "'$ref' must be a string");
        }
        int hash = text.indexOf('#');
        String place = hash < 0 ? text : text.substring(0, hash);
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        String base = bases.getOrDefault(from, NO_BASE);
        String uri = place.isEmpty() ? base : resolved(base, place, pointer);
        Object resource = resources.get(uri);
        if (resource == null) {
            throw SchemaKeywords.unsupported(
                    pointer, "$ref", " to " + text + ", only to places in the same document");
        }
        if (fragment.isEmpty()) {
            return resource;
        }
        if (!fragment.startsWith("/")) {
            Object anchored = anchors.get(uri + "#" + fragment);
            if (anchored == null) {
                throw missing(text, pointer);
            }
            return anchored;
        }
        return pointed(resource, fragment, text, pointer);
    }

    /// The schema that `$dynamicRef` names, where the document leaves no doubt.
    @Nullable Object dynamicTarget(@Nullable Object reference, Object from, String pointer) {
        Object target = target(reference, from, pointer);
        String text = String.valueOf(reference);
        String name = text.substring(text.indexOf('#') + 1);
        boolean dynamic = target instanceof Map<?, ?> map && name.equals(map.get("$dynamicAnchor"));
        if (dynamic && dynamicAnchors.getOrDefault(name, List.of()).size() > 1) {
            throw SchemaKeywords.unsupported(
                    pointer, "$dynamicRef", " to '" + text + "', which several schemas answer to");
        }
        return target;
    }

    private static dev.jebena.llm.LlmException missing(String reference, String pointer) {
        return SchemaKeywords.problem(pointer, "$ref to '" + reference + "', which does not exist");
    }

    private static @Nullable Object pointed(
            Object resource, String fragment, String reference, String pointer) {
        Object at = resource;
        for (String part : fragment.substring(1).split("/", -1)) {
            String name = decoded(part, pointer).replace("~1", "/").replace("~0", "~");
            Object below =
                    switch (at) {
                        case Map<?, ?> map -> map.get(name);
                        case List<?> list when name.matches("\\d{1,6}") ->
                                Integer.parseInt(name) < list.size()
                                        ? list.get(Integer.parseInt(name))
                                        : null;
                        default -> null;
                    };
            if (below == null) {
                throw missing(reference, pointer);
            }
            at = below;
        }
        return at;
    }

    private static String decoded(String part, String pointer) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw SchemaKeywords.problem(pointer, "a $ref with a malformed %-escape");
        }
    }
}
