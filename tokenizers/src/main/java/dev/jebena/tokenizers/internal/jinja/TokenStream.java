package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.TokenizerException;
import java.util.List;

/// The tokens of a template while they are parsed.
final class TokenStream {
    private static final int MAX_DEPTH = 120;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token next() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    int line() {
        return current().line();
    }

    boolean at(Token.Kind kind) {
        return current().kind() == kind;
    }

    boolean atName(String name) {
        return current().isName(name);
    }

    boolean atOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean skipName(String name) {
        if (atName(name)) {
            at++;
            return true;
        }
        return false;
    }

    boolean skipOperator(String operator) {
        if (atOperator(operator)) {
            at++;
            return true;
        }
        return false;
    }

    Token expect(Token.Kind kind, String what) {
        if (!at(kind)) {
            throw unexpected(what);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    String name(String what) {
        return expect(Token.Kind.NAME, what).text();
    }

    /// Begins a level of nesting; [#leave] ends it.
    void enter() {
        if (++depth > MAX_DEPTH) {
            throw Template.problem(line(), "nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    void leave() {
        depth--;
    }

    TokenizerException unexpected(String expected) {
        return Template.problem(
                line(), "unexpected " + current().shown() + ", expected " + expected);
    }
}
