package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.TokenizerException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A compiled template. Safe for use by many threads.
public final class Template {
    private static final int MAX_SOURCE = 1 << 20;

    private final List<Statement> statements;
    private final Set<String> names;

    private Template(List<Statement> statements, Set<String> names) {
        this.statements = statements;
        this.names = names;
    }

    /// Compiles `source`; throws [TokenizerException] with line and reason when it is not valid.
    public static Template compile(String source) {
        if (source.length() > MAX_SOURCE) {
            throw new TokenizerException(
                    "chat template: " + source.length() + " characters, at most " + MAX_SOURCE);
        }
        List<Token> tokens = Lexer.tokens(source);
        Set<String> names = new HashSet<>();
        for (Token token : tokens) {
            if (token.kind() == Token.Kind.NAME) {
                names.add(token.text());
            }
        }
        return new Template(StatementParser.parse(tokens), names);
    }

    /// Whether `name` occurs in the template's code.
    public boolean mentions(String name) {
        return names.contains(name);
    }

    /// The text for these variables.
    ///
    /// @param clock what `strftime_now` reads
    public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Scope globals = Globals.scope(clock);
        for (Map.Entry<String, ? extends @Nullable Object> entry : variables.entrySet()) {
            globals.set(entry.getKey(), Values.of(entry.getValue()));
        }
        try {
            return new Renderer(names).render(statements, new Scope(globals));
        } catch (JinjaException e) {
            throw new TokenizerException("chat template: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new TokenizerException("chat template: nested too deeply", e);
        }
    }

    static TokenizerException problem(int line, @Nullable String what) {
        return new TokenizerException("chat template, line " + line + ": " + what);
    }
}
