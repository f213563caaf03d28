package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.List;

/// Splits a template into tokens. Does here what `trim_blocks`, `lstrip_blocks` and the signs in
/// `{%-`, `-%}`, `{%+` and `+%}` do to the text around a tag.
final class Lexer {
    private static final String[] OPERATORS = {
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
        "}", ">", "<", "=", ".", ":", "|", ",", ";"
    };

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineCountedTo;

    /// Whether only a newline lies between the last tag's end and here.
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String normal = source.replace("\r\n", "\n").replace('\r', '\n');
        if (normal.endsWith("\n")) {
            normal = normal.substring(0, normal.length() - 1);
        }
        Lexer lexer = new Lexer(normal);
        lexer.template();
        lexer.add(Token.Kind.END, "");
        return lexer.tokens;
    }

    private void template() {
        while (at < source.length()) {
            int tag = nextTag();
            String text = source.substring(at, tag);
            if (tag == source.length()) {
                data(text);
                at = tag;
                return;
            }
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            data(stripBefore(text, kind, sign));
            at = tag + (sign == '-' || sign == '+' ? 3 : 2);
            switch (kind) {
                case '#' -> comment();
                case '{' -> expression(Token.Kind.VARIABLE_BEGIN, Token.Kind.VARIABLE_END, "}}");
                default -> {
                    if (!raw()) {
                        expression(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
                    }
                }
            }
        }
    }

    private int nextTag() {
        for (int i = at; i + 1 < source.length(); i++) {
            if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return source.length();
    }

    private String stripBefore(String text, char kind, char sign) {
        if (sign == '-') {
            return StringTrims.stripEnd(text, null);
        }
        if (sign == '+' || kind == '{') {
            return text;
        }
        int lineBegin = text.lastIndexOf('\n') + 1;
        boolean blank = text.substring(lineBegin).chars().allMatch(StringTrims::isSpace);
        return blank && (lineBegin > 0 || lineStart) ? text.substring(0, lineBegin) : text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw problem("the comment is not closed: '#}' is missing");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        at = end;
        afterTag(2, sign == '-', sign != '-' && sign != '+');
    }

    /// Goes past a tag's end of `length` characters and what the tag swallows of the text after it.
    private void afterTag(int length, boolean stripAll, boolean trimNewline) {
        at += length;
        int begin = at;
        if (stripAll) {
            while (at < source.length() && StringTrims.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (trimNewline && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        lineStart = at > begin && source.charAt(at - 1) == '\n';
    }

    /// Reads `{% raw %}` with all up to `{% endraw %}`; false when the tag is another one.
    private boolean raw() {
        int begin = skipSpace(at);
        if (!source.startsWith("raw", begin)) {
            return false;
        }
        int end = skipSpace(begin + 3);
        boolean strip = source.startsWith("-%}", end);
        if (!strip && !source.startsWith("%}", end)) {
            return false;
        }
        at = end;
        afterTag(strip ? 3 : 2, strip, false);
        int tag = at - 1;
        while ((tag = source.indexOf("{%", tag + 1)) >= 0) {
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            int word = skipSpace(tag + (sign == '-' || sign == '+' ? 3 : 2));
            int close = skipSpace(word + 6);
            if (source.startsWith("endraw", word) && isTagEnd(close)) {
                data(stripBefore(source.substring(at, tag), '%', sign));
                at = close;
                char endSign = source.charAt(close);
                afterTag(endSign == '%' ? 2 : 3, endSign == '-', endSign == '%');
                return true;
            }
        }
        throw problem("{% raw %} is not closed: {% endraw %} is missing");
    }

    private boolean isTagEnd(int i) {
        return source.startsWith("%}", i)
                || source.startsWith("-%}", i)
                || source.startsWith("+%}", i);
    }

    private void expression(Token.Kind begin, Token.Kind end, String close) {
        add(begin, source.substring(tagStart(), at));
        StringBuilder brackets = new StringBuilder();
        while (true) {
            at = skipSpace(at);
            if (at >= source.length()) {
                throw problem("the tag is not closed: '" + close + "' is missing");
            }
            if (brackets.isEmpty() && closes(end, close)) {
                return;
            }
            element(brackets);
        }
    }

    private int tagStart() {
        return Math.max(0, at - 2);
    }

    private boolean closes(Token.Kind end, String close) {
        boolean block = end == Token.Kind.BLOCK_END;
        char sign = source.charAt(at);
        boolean signed = sign == '-' || (block && sign == '+');
        if (!source.startsWith(close, signed ? at + 1 : at)) {
            return false;
        }
        add(end, close);
        afterTag(signed ? 3 : 2, sign == '-', block && !signed);
        return true;
    }

    private void element(StringBuilder brackets) {
        char c = source.charAt(at);
        if (c >= '0' && c <= '9') {
            at = new NumberLiteral(source, at, line()).addTo(tokens);
        } else if (c == '\'' || c == '"') {
            int end = at + 1;
            while (end < source.length() && source.charAt(end) != c) {
                end += source.charAt(end) == '\\' ? 2 : 1;
            }
            if (end >= source.length()) {
                throw problem("the string is not closed");
            }
            add(Token.Kind.STRING, StringLiteral.unescape(source.substring(at + 1, end), line()));
            at = end + 1;
        } else if (c == '_' || Character.isUnicodeIdentifierStart(c)) {
            int begin = at;
            while (at < source.length()
                    && Character.isUnicodeIdentifierPart(source.charAt(at))
                    && !Character.isIdentifierIgnorable(source.charAt(at))) {
                at++;
            }
            add(Token.Kind.NAME, source.substring(begin, at));
        } else {
            operator(brackets);
        }
    }

    private void operator(StringBuilder brackets) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                track(operator.charAt(0), brackets);
                add(Token.Kind.OPERATOR, operator);
                at += operator.length();
                return;
            }
        }
        throw problem("unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
    }

    private void track(char c, StringBuilder brackets) {
        int open = "([{".indexOf(c);
        int close = ")]}".indexOf(c);
        if (open >= 0) {
            brackets.append(")]}".charAt(open));
        } else if (close >= 0) {
            int last = brackets.length() - 1;
            if (last < 0 || brackets.charAt(last) != c) {
                throw problem(
                        "unexpected '"
                                + c
                                + "'"
                                + (last < 0 ? "" : ", expected '" + brackets.charAt(last) + "'"));
            }
            brackets.setLength(last);
        }
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && StringTrims.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line()));
    }

    private int line() {
        for (; lineCountedTo < Math.min(at, source.length()); lineCountedTo++) {
            line += source.charAt(lineCountedTo) == '\n' ? 1 : 0;
        }
        return line;
    }

    private TokenizerException problem(String what) {
        return Template.problem(line(), what);
    }
}
