package dev.jebena.serving;

import dev.jebena.base.HttpException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of Go's template language that single-turn Ollama templates use: `{{ .System }}`, `{{
/// .Prompt }}`, `{{ .Suffix }}`, `{{ .Response }}`, `{{ if .X }}...{{ else }}...{{ end }}`, and
/// `{{-`, `-}}`.
final class OllamaTemplate {
    private static final Pattern ACTION =
            Pattern.compile("(\\s*\\{\\{-|\\{\\{)\\s*(.*?)\\s*(-}}\\s*|}})", Pattern.DOTALL);
    private static final Pattern VARIABLE = Pattern.compile("\\.([A-Za-z]+)");
    private static final Pattern CONDITION = Pattern.compile("if\\s+\\.([A-Za-z]+)");

    private OllamaTemplate() {}

    /// Throws [HttpException] 400 for anything else of Go's language.
    static String render(String template, Map<String, String> variables) {
        StringBuilder out = new StringBuilder();
        Deque<Boolean> shown = new ArrayDeque<>();
        Matcher action = ACTION.matcher(template);
        int from = 0;
        while (action.find()) {
            text(out, shown, template.substring(from, action.start()));
            from = action.end();
            String code = action.group(2);
            Matcher variable = VARIABLE.matcher(code);
            Matcher condition = CONDITION.matcher(code);
            if (variable.matches()) {
                text(out, shown, value(variables, variable.group(1)));
            } else if (condition.matches()) {
                shown.push(!value(variables, condition.group(1)).isEmpty());
            } else if (code.equals("else") && !shown.isEmpty()) {
                shown.push(!shown.pop());
            } else if (code.equals("end") && !shown.isEmpty()) {
                shown.pop();
            } else {
                throw unsupported(code);
            }
        }
        if (template.indexOf("{{", from) >= 0) {
            throw HttpException.invalid("template", "template: {{ without }}");
        }
        text(out, shown, template.substring(from));
        if (!shown.isEmpty()) {
            throw unsupported("if without end");
        }
        return out.toString();
    }

    private static void text(StringBuilder out, Deque<Boolean> shown, String text) {
        if (!shown.contains(false)) {
            out.append(text);
        }
    }

    private static String value(Map<String, String> variables, String name) {
        String value = variables.get(name);
        if (value == null) {
            throw unsupported("." + name);
        }
        return value;
    }

    private static HttpException unsupported(String code) {
        return HttpException.invalid(
                "template",
                "template: {{ "
                        + code
                        + " }} is not supported; use .System, .Prompt, .Suffix, .Response and if,"
                        + " or a Jinja template");
    }
}
