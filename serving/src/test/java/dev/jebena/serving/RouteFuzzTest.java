package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.io.File;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Bodies for every route of `/openapi.json` that takes one: objects with the fields of its schema
/// whose values are of any kind, nested deeply, huge; and damaged forms. Each gets a reply or one
/// error of its protocol, and nothing is left behind.
class RouteFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 1000);

    /// Routes that would ask other hosts, or take the models away that the others need.
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "POST /api/pull",
                    "POST /api/push",
                    "POST /models/apply",
                    "POST /models/delete/{name}",
                    "DELETE /api/delete");

    private static final List<String> ODD =
            List.of(
                    "null",
                    "-1",
                    "0",
                    "0.5",
                    "-0.0",
                    "1e308",
                    "1e999",
                    "-9223372036854775809",
                    "9".repeat(400),
                    "1e-400",
                    "\"\"",
                    "\"x\"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"" + "é".repeat(3000) + "\"",
                    "[]",
                    "{}",
                    "true",
                    "[null]",
                    "[1,\"a\",{},[]]",
                    "{\"\":{\"a\":[[]]}}",
                    "[".repeat(60) + "]".repeat(60),
                    "{\"a\":".repeat(50) + "1" + "}".repeat(50),
                    "[".repeat(3000) + "]".repeat(3000),
                    "{\"type\":\"x\"}",
                    "[{\"type\":\"text\",\"text\":1}]",
                    "[[1,2],[-1]]");

    private record Operation(String method, String path, Node schema) {}

    private final long seed = Long.getLong("jebena.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Node document = new Node(null);

    @Test
    @Timeout(1800)
    void everyBodyOfEveryRouteIsAnswered(@TempDir Path home) throws Exception {
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            document = Node.parse(server.get("/openapi.json").body());
            List<Operation> operations = operations();
            assertThat(operations).hasSizeGreaterThan(50);
            for (int i = 0; i < CASES; i++) {
                Operation operation = operations.get(random.nextInt(operations.size()));
                String body = random.nextInt(20) == 0 ? odd() : object(operation.schema(), 0);
                String path = operation.path().replaceAll("\\{\\w+}", "x");
                HttpResponse<String> reply =
                        server.send(
                                server.request(path)
                                        .method(operation.method(), BodyPublishers.ofString(body)));
                String shown = body.length() > 2000 ? body.substring(0, 2000) + "..." : body;
                check(reply, i, operation.method() + " " + path + " " + shown);
            }
            assertNothingRuns(server);
        }
    }

    private void check(HttpResponse<String> reply, int number, String request) {
        String what =
                "seed %d case %d: %s -> %d %s"
                        .formatted(seed, number, request, reply.statusCode(), reply.body());
        // What is not there yet, and what is full or busy, may say so.
        assertThat(reply.statusCode())
                .as(what)
                .matches(s -> s < 500 || s == 501 || s == 503 || s == 507);
        if (reply.statusCode() >= 400) {
            assertThat(Node.parse(reply.body()).has("error")).as(what).isTrue();
        }
    }

    private static void assertNothingRuns(RunningServer server) throws InterruptedException {
        for (int i = 0; i < 500 && server.running() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(server.running()).isZero();
        assertThat(server.get("/v1/models").statusCode()).isEqualTo(200);
    }

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        map(document.get("paths"))
                .forEach((path, methods) ->
                        map(methods)
                                .forEach((method, about) -> {
                                    Object schema =
                                            new Node(about)
                                                    .get(
                                                            "requestBody.content.application/json.schema");
                                    String name =
                                            method.toUpperCase(java.util.Locale.ROOT) + " " + path;
                                    if (schema != null && !LEFT_OUT.contains(name)) {
                                        operations.add(
                                                new Operation(
                                                        name.split(" ")[0],
                                                        path,
                                                        new Node(schema)));
                                    }
                                }));
        return operations;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    private String odd() {
        return ODD.get(random.nextInt(ODD.size()));
    }

    private String object(Node schema, int depth) {
        Object reference = schema.get("$ref");
        Node own =
                reference == null
                        ? schema
                        : document.at("components.schemas." + reference.toString().substring(21));
        StringBuilder out = new StringBuilder("{");
        List<?> required = own.list("required");
        map(own.get("properties"))
                .forEach((name, type) -> {
                    boolean rare = random.nextInt(required.contains(name) ? 20 : 4) == 0;
                    if (rare != required.contains(name)) {
                        out.append(out.length() == 1 ? "" : ",")
                                .append('"')
                                .append(name)
                                .append("\":")
                                .append(
                                        random.nextInt(4) == 0
                                                ? odd()
                                                : value(name, new Node(type), depth));
                    }
                });
        return out.append('}').toString();
    }

    /// A value that fits the schema, mostly.
    private String value(String name, Node schema, int depth) {
        if (schema.has("anyOf")) {
            List<?> choices = schema.list("anyOf");
            return value(name, new Node(choices.get(random.nextInt(choices.size()))), depth);
        }
        if (schema.has("enum")) {
            List<?> words = schema.list("enum");
            return "\"" + words.get(random.nextInt(words.size())) + "\"";
        }
        if (schema.has("const")) {
            return "\"" + schema.text("const") + "\"";
        }
        if (schema.has("$ref")) {
            return depth > 4 ? "{}" : object(schema, depth + 1);
        }
        return switch (schema.text("type")) {
            case "string" -> string(name);
            case "integer" -> String.valueOf(random.nextInt(20));
            case "number" -> String.valueOf(random.nextInt(20) / 10.0);
            case "boolean" -> String.valueOf(random.nextBoolean());
            case "array" -> {
                StringBuilder list = new StringBuilder("[");
                for (int n = random.nextInt(4); n > 0; n--) {
                    list.append(list.length() == 1 ? "" : ",")
                            .append(
                                    random.nextInt(8) == 0
                                            ? odd()
                                            : value(name, schema.at("items"), depth + 1));
                }
                yield list.append(']').toString();
            }
            default -> odd();
        };
    }

    private String string(String name) {
        List<String> texts =
                name.contains("model") || name.equals("name")
                        ? List.of("smollm2", "minilm", "none")
                        : name.equals("role")
                                ? List.of("user", "assistant", "system", "tool")
                                : List.of("a", "Hi there", "{}", "function", "text", "json_object");
        return "\"" + texts.get(random.nextInt(texts.size())) + "\"";
    }

    @Test
    @Timeout(1800)
    void damagedFormsAreRefusedAndLeaveNoFiles(@TempDir Path home) throws Exception {
        Set<String> before = formFolders();
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            String upload =
                    server.json(
                                    "/v1/uploads",
                                    "{\"bytes\":1000000,\"filename\":\"a\",\"mime_type\":\"text/jsonl\",\"purpose\":\"batch\"}")
                            .text("id");
            List<String> paths = List.of("/v1/files", "/v1/uploads/" + upload + "/parts");
            for (int i = 0; i < CASES; i++) {
                byte[] body = damaged(form(), i % 5 == 0 ? 0 : 1 + random.nextInt(4));
                String type = type();
                HttpResponse<String> reply =
                        server.send(
                                server.request(paths.get(random.nextInt(paths.size())))
                                        .header("Content-Type", type)
                                        .timeout(Duration.ofSeconds(20))
                                        .POST(BodyPublishers.ofByteArray(body)));
                check(reply, i, type + " " + new String(body, StandardCharsets.ISO_8859_1));
            }
            assertNothingRuns(server);
        }
        Set<String> after = formFolders();
        after.removeAll(before);
        // Tests that run beside this one have theirs for a moment.
        for (int i = 0; i < 100 && !after.isEmpty(); i++) {
            Thread.sleep(100);
            after.retainAll(formFolders());
        }
        assertThat(after).as("seed %d", seed).isEmpty();
    }

    private static Set<String> formFolders() {
        String[] names =
                new File(System.getProperty("java.io.tmpdir", "/tmp"))
                        .list((_, name) -> name.startsWith("jebena-form"));
        return new TreeSet<>(names == null ? List.of() : Arrays.asList(names));
    }

    private String type() {
        return switch (random.nextInt(8)) {
            case 0 -> "multipart/form-data";
            case 1 -> "multipart/form-data; boundary=\"xXx\"";
            case 2 -> "multipart/form-data; boundary=";
            case 3 -> "multipart/form-data; boundary=" + "b".repeat(300);
            case 4 -> "multipart/mixed; boundary=xXx";
            default -> "multipart/form-data; boundary=xXx";
        };
    }

    private String form() {
        StringBuilder form = new StringBuilder();
        for (String part :
                List.of(
                        "name=\"purpose\"\r\n\r\nbatch",
                        "name=\"data\"; filename=\"p\"\r\nContent-Type: text/plain\r\n\r\nabc",
                        "name=\"file\"; filename=\"a/../b.jsonl\"\r\n\r\n{\"custom_id\":\"1\"}\n")) {
            for (int n = random.nextInt(8) == 0 ? random.nextInt(40) : 1; n > 0; n--) {
                form.append("--xXx\r\nContent-Disposition: form-data; ")
                        .append(part)
                        .append("\r\n");
            }
        }
        return form.append("--xXx--\r\n").toString();
    }

    private byte[] damaged(String form, int times) {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        for (int n = times; n > 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOfRange(bytes, at, bytes.length);
                default -> {
                    byte[] twice = Arrays.copyOf(bytes, bytes.length + (bytes.length - at));
                    System.arraycopy(bytes, at, twice, bytes.length, bytes.length - at);
                    bytes = twice;
                }
            }
        }
        return bytes;
    }
}
