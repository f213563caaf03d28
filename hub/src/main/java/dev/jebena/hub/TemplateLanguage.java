package dev.jebena.hub;

import java.util.regex.Pattern;

/// The language of a chat template: Hugging Face models carry Jinja, Ollama's Modelfiles Go's
/// text/template. Both use double braces, so it is told by what is between them.
public enum TemplateLanguage {
    JINJA,
    GO;

    private static final Pattern JINJA_BLOCK = Pattern.compile("\\{%[-+~]?\\s*[a-zA-Z]");
    private static final Pattern JINJA_EXPRESSION =
            Pattern.compile(
                    "\\{\\{-?\\s*(?:messages|message|bos_token|eos_token|raise_exception)\\b");

    public static TemplateLanguage of(String template) {
        boolean jinja =
                JINJA_BLOCK.matcher(template).find() || JINJA_EXPRESSION.matcher(template).find();
        return jinja ? JINJA : GO;
    }
}
