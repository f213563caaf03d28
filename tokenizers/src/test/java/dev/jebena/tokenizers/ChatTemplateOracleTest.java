package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Compares with what Jinja2 renders; src/test/scripts/chat_template_fixture.py made the file.
/// `-Djebena.templates=FILE` names another one, made from templates that are not committed.
class ChatTemplateOracleTest {
    @Test
    void rendersWhatJinja2Renders() throws IOException {
        Map<String, @Nullable Object> fixture = fixture();
        LocalDateTime now = LocalDateTime.parse(String.valueOf(fixture.get("now")));
        Clock clock = Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        List<@Nullable Object> cases = Json.array(fixture.get("cases"));
        List<String> wrong = new ArrayList<>();
        for (Object entry : cases) {
            Map<String, @Nullable Object> expected = Json.object(entry);
            String source = String.valueOf(at(fixture, "templates", expected));
            Map<String, @Nullable Object> variables =
                    Json.object(at(fixture, "variables", expected));
            String found = difference(source, variables, clock, expected);
            if (!found.isEmpty()) {
                wrong.add(expected.get("name") + ": " + source.lines().limit(8).toList() + found);
            }
        }
        if (!wrong.isEmpty()) {
            fail(wrong.size() + " of " + cases.size() + " differ\n" + String.join("\n", wrong));
        }
        assertThat(cases.size()).isGreaterThan(50);
    }

    private static @Nullable Object at(
            Map<String, @Nullable Object> fixture,
            String table,
            Map<String, @Nullable Object> expected) {
        String key = table.equals("templates") ? "template" : "variables";
        int place = Integer.parseInt(String.valueOf(expected.get(key)));
        return Json.array(fixture.get(table)).get(place);
    }

    private static String difference(
            String source,
            Map<String, @Nullable Object> variables,
            Clock clock,
            Map<String, @Nullable Object> expected) {
        try {
            String text = ChatTemplates.compile(source, clock).render(variables);
            return text.equals(expected.get("text"))
                    ? ""
                    : "\n  got      <" + text + ">\n  expected <" + wanted(expected) + ">";
        } catch (TokenizerException e) {
            boolean fine =
                    expected.containsKey("raised")
                            ? String.valueOf(e.getMessage()).equals(expected.get("raised"))
                            : expected.containsKey("error");
            return fine ? "" : "\n  got " + e.getMessage() + "\n  expected " + wanted(expected);
        }
    }

    private static String wanted(Map<String, @Nullable Object> expected) {
        return expected.containsKey("text")
                ? String.valueOf(expected.get("text"))
                : expected.toString();
    }

    private static Map<String, @Nullable Object> fixture() throws IOException {
        String other = System.getProperty("jebena.templates");
        if (other != null) {
            return Json.object(Json.parse(Files.readString(Path.of(other))));
        }
        try (InputStream in =
                ChatTemplateOracleTest.class.getResourceAsStream("chat_templates.json")) {
            if (in == null) {
                throw new IOException("chat_templates.json is missing");
            }
            return Json.object(Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }
}
