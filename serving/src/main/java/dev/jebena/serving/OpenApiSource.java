package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads files named `openapi.txt`, in which operations and schemas stand in a short form that its
/// first lines explain.
final class OpenApiSource {
    /// One operation.
    ///
    /// @param route method and pattern, as [dev.jebena.base.Router#patterns] has them
    /// @param query names of the parameters of the query
    /// @param form whether the body is a form
    /// @param error name of the schema of errors
    record Operation(
            String route,
            String tag,
            String error,
            String summary,
            List<String> query,
            @Nullable String request,
            boolean form,
            List<String> replies) {}

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, String> same = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> schemas = new LinkedHashMap<>();
    private Map<String, String> fields = new LinkedHashMap<>();
    private String tag = "";
    private String error = "";

    private OpenApiSource() {}

    /// This module's file, then these.
    static OpenApiSource read(List<URL> others) {
        OpenApiSource source = new OpenApiSource();
        source.file(Objects.requireNonNull(OpenApiSource.class.getResource("openapi.txt")));
        others.forEach(source::file);
        return source;
    }

    private void file(URL file) {
        try (InputStream in = file.openStream();
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).forEach(this::line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The description of a route; null for none.
    @Nullable Operation operation(String route) {
        Operation own = operations.get(route);
        for (Map.Entry<String, String> prefix : same.entrySet()) {
            if (own == null && route.contains(" " + prefix.getKey())) {
                own = operations.get(route.replace(" " + prefix.getKey(), " " + prefix.getValue()));
            }
        }
        return own;
    }

    /// All routes that have a description of their own.
    List<String> routes() {
        return List.copyOf(operations.keySet());
    }

    private void line(String line) {
        if (line.startsWith("  ")) {
            String[] parts = line.strip().split(" ", 2);
            fields.put(parts[0], parts[1]);
        } else if (line.startsWith("schema ")) {
            schema(line.substring("schema ".length()).split(" : "));
        } else if (line.startsWith("same ")) {
            String[] prefixes = line.split(" ");
            same.put(prefixes[1], prefixes[2]);
        } else if (line.startsWith("tag ")) {
            int space = line.lastIndexOf(' ');
            tag = line.substring("tag ".length(), space);
            error = line.substring(space + 1);
        } else {
            operation(line.split(" \\| "));
        }
    }

    private void schema(String[] nameAndBase) {
        fields = new LinkedHashMap<>();
        if (schemas.put(nameAndBase[0], fields) != null) {
            throw new IllegalStateException("openapi.txt: two schemas " + nameAndBase[0]);
        }
        if (nameAndBase.length > 1) {
            fields.putAll(Objects.requireNonNull(schemas.get(nameAndBase[1])));
        }
    }

    private void operation(String[] parts) {
        String[] routeAndQuery = parts[0].split(" \\? ");
        String[] requestAndReply = parts[2].split("-> ");
        String request = requestAndReply[0].strip();
        boolean form = request.startsWith("form ");
        operations.put(
                routeAndQuery[0],
                new Operation(
                        routeAndQuery[0],
                        tag,
                        error,
                        parts[1],
                        routeAndQuery.length > 1 ? List.of(routeAndQuery[1].split(" ")) : List.of(),
                        request.isEmpty() ? null : form ? request.substring(5) : request,
                        form,
                        List.of(requestAndReply[1].split(", "))));
    }

    /// All schemas by name, as JSON Schema.
    Map<String, @Nullable Object> schemas() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        schemas.forEach((name, own) -> all.put(name, object(own)));
        return all;
    }

    private Map<String, @Nullable Object> object(Map<String, String> own) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        own.forEach((name, type) -> {
            String plain = name.replace("*", "");
            properties.put(plain, type(type));
            if (name.endsWith("*")) {
                required.add(plain);
            }
        });
        Map<String, @Nullable Object> object =
                HttpJson.object("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        return object;
    }

    /// The JSON Schema of a type in short form: `string`, `Name`, `integer[]`, `"a" or "b"`.
    Map<String, @Nullable Object> type(String text) {
        String[] choices = text.split(" or ");
        if (choices.length == 1) {
            return one(choices[0]);
        }
        List<Object> words = new ArrayList<>();
        List<Object> types = new ArrayList<>();
        for (String choice : choices) {
            if (choice.startsWith("\"")) {
                words.add(choice.replace("\"", ""));
            } else {
                types.add(one(choice));
            }
        }
        if (!words.isEmpty()) {
            types.addFirst(HttpJson.object("type", "string", "enum", words));
        }
        return types.size() == 1
                ? HttpJson.objectOf(types.getFirst())
                : HttpJson.object("anyOf", types);
    }

    private Map<String, @Nullable Object> one(String type) {
        if (type.endsWith("[]")) {
            return HttpJson.object(
                    "type", "array", "items", one(type.substring(0, type.length() - 2)));
        }
        if (type.startsWith("\"")) {
            return HttpJson.object("const", type.replace("\"", ""));
        }
        return switch (type) {
            case "any" -> HttpJson.object();
            case "string", "integer", "number", "boolean", "object", "null" ->
                    HttpJson.object("type", type);
            case "binary" -> HttpJson.object("type", "string", "format", "binary");
            default -> {
                if (!schemas.containsKey(type)) {
                    throw new IllegalStateException("openapi.txt: there is no schema " + type);
                }
                yield HttpJson.object("$ref", "#/components/schemas/" + type);
            }
        };
    }
}
