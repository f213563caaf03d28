package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Calls whose arguments stand between tags: Qwen 3 Coder's
/// `<function=NAME><parameter=KEY>VALUE</parameter></function>` and GLM's
/// `NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value>`. A value is a string unless the tool's
/// schema asks for something else.
final class XmlCalls {
    private static final Pattern QWEN =
            Pattern.compile("\\s*(?:<function=)?([A-Za-z0-9_.-]+)>\\s*", Pattern.DOTALL);
    private static final Pattern GLM = Pattern.compile("\\s*([A-Za-z0-9_.-]+)\\s*(?=<arg_key>|$)");
    private static final Pattern QWEN_PARAMETER =
            Pattern.compile(
                    "\\s*<parameter=([^>]{1,200})>\\n?(.*?)\\n?</parameter>", Pattern.DOTALL);
    private static final Pattern GLM_PARAMETER =
            Pattern.compile(
                    "\\s*<arg_key>([^<]{1,200})</arg_key>\\s*<arg_value>(.*?)</arg_value>",
                    Pattern.DOTALL);

    /// A call as far as it goes.
    ///
    /// @param complete whether nothing is left after the last parameter but the closing tag
    record Partial(String name, Map<String, @Nullable Object> arguments, boolean complete) {}

    private final List<Tool> tools;

    XmlCalls(List<Tool> tools) {
        this.tools = tools;
    }

    /// Null when `body` is not the beginning of such a call of a known tool.
    @Nullable Partial parse(String body) {
        Matcher qwen = QWEN.matcher(body);
        if (qwen.lookingAt() && known(qwen.group(1)) != null) {
            return parameters(body, qwen.end(), qwen.group(1), QWEN_PARAMETER);
        }
        Matcher glm = GLM.matcher(body);
        if (glm.lookingAt()
                && known(glm.group(1)) != null
                && (body.contains("<arg_key>") || body.strip().equals(glm.group(1)))) {
            return parameters(body, glm.end(), glm.group(1), GLM_PARAMETER);
        }
        return null;
    }

    private @Nullable Tool known(String name) {
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst().orElse(null);
    }

    private Partial parameters(String body, int from, String name, Pattern parameter) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        Matcher each = parameter.matcher(body).region(from, body.length());
        int end = from;
        while (each.lookingAt()) {
            String key = each.group(1).strip();
            arguments.put(key, value(name, key, each.group(2)));
            end = each.end();
            each.region(end, body.length());
        }
        String rest = body.substring(end).strip();
        return new Partial(name, arguments, rest.isEmpty() || rest.equals("</function>"));
    }

    private @Nullable Object value(String name, String key, String text) {
        Tool tool = known(name);
        Object properties = tool == null ? null : tool.parameters().get("properties");
        Object schema = properties instanceof Map<?, ?> map ? map.get(key) : null;
        Object type = schema instanceof Map<?, ?> fields ? fields.get("type") : "string";
        if ("string".equals(type)) {
            return text;
        }
        try {
            return Json.parse(text.strip());
        } catch (JsonException _) {
            return text;
        }
    }
}
