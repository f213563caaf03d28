package dev.jebena.llm.internal.constraint;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parts of JSON that do not depend on a schema.
///
/// Whitespace is free only within narrow bounds, since small models otherwise may never stop
/// printing it: between elements nothing, one blank, or a line break with some indentation; after a
/// colon nothing or one blank.
final class JsonText {
    private static final int MAX_INDENT = 24;
    private static final int MAX_TABS = 8;
    private static final int MAX_DIGITS = 20;

    private final Grammar grammar;
    private final Rule space;
    private final Rule colon;
    private final Rule character;

    private record Length(int least, @Nullable Integer most) {}

    private final Map<Length, Rule> strings = new HashMap<>();
    private final Rule string;
    private final Rule value;
    private final Rule object;

    JsonText(Grammar grammar) {
        this.grammar = grammar;
        this.space = makeSpace();
        this.colon = makeColon();
        this.character = makeCharacter();
        this.string = makeString();
        this.value = grammar.rule(false);
        this.object = grammar.rule(true);
        fillObject();
        fillValue();
    }

    /// What may stand between elements.
    Rule space() {
        return space;
    }

    /// The colon after a key.
    Rule colon() {
        return colon;
    }

    /// One character of a string, however it is escaped.
    Rule character() {
        return character;
    }

    Rule string() {
        return string;
    }

    /// Any JSON value.
    Rule value() {
        return value;
    }

    /// Any JSON object.
    Rule anyObject() {
        return object;
    }

    private Rule makeSpace() {
        Rule rule = grammar.rule(false);
        grammar.jump(rule.start, rule.end);
        grammar.bytes(rule.start, ' ', ' ', rule.end);
        Node line = grammar.after(rule.start, "\n");
        run(line, ' ', MAX_INDENT, rule.end);
        run(line, '\t', MAX_TABS, rule.end);
        return rule;
    }

    private void run(Node from, char blank, int most, Node end) {
        Node at = from;
        grammar.jump(at, end);
        for (int i = 0; i < most; i++) {
            Node next = grammar.node();
            grammar.bytes(at, blank, blank, next);
            grammar.jump(next, end);
            at = next;
        }
    }

    private Rule makeColon() {
        Rule rule = grammar.rule(false);
        Node colonRead = grammar.after(rule.start, ":");
        grammar.jump(colonRead, rule.end);
        grammar.bytes(colonRead, ' ', ' ', rule.end);
        return rule;
    }

    private Rule makeCharacter() {
        Rule rule = grammar.rule(false);
        Characters characters = new Characters(grammar);
        characters.raw(rule.start, 0x20, '"' - 1, rule.end);
        characters.raw(rule.start, '"' + 1, '\\' - 1, rule.end);
        characters.raw(rule.start, '\\' + 1, Character.MAX_CODE_POINT, rule.end);
        Node escape = grammar.after(rule.start, "\\");
        for (String c : "\" \\ / b f n r t".split(" ")) {
            grammar.jump(grammar.after(escape, c), rule.end);
        }
        // Surrogates only as pairs, so that every string is valid Unicode.
        Node code = grammar.after(escape, "u");
        Node plain = classes(code, "0-9", "a-c", "A-C", "e-f", "E-F");
        classesTo(classes(classes(plain, HEX), HEX), rule.end, HEX);
        Node d = classes(code, "d-d", "D-D");
        classesTo(classes(classes(d, "0-7"), HEX), rule.end, HEX);
        Node high = classes(classes(classes(d, "8-9", "a-b", "A-B"), HEX), HEX);
        Node low = classes(classes(grammar.after(high, "\\u"), "d-d", "D-D"), "c-f", "C-F");
        classesTo(classes(low, HEX), rule.end, HEX);
        return rule;
    }

    private static final String[] HEX = {"0-9", "a-f", "A-F"};

    private Node classes(Node from, String... ranges) {
        Node to = grammar.node();
        classesTo(from, to, ranges);
        return to;
    }

    private void classesTo(Node from, Node to, String... ranges) {
        for (String range : ranges) {
            grammar.bytes(from, range.charAt(0), range.charAt(2), to);
        }
    }

    private Rule makeString() {
        Rule rule = grammar.rule(false);
        Node open = grammar.after(rule.start, "\"");
        grammar.call(open, character, open);
        grammar.bytes(open, '"', '"', rule.end);
        return rule;
    }

    private void fillValue() {
        for (String word : new String[] {"true", "false", "null"}) {
            grammar.jump(grammar.after(value.start, word), value.end);
        }
        grammar.call(value.start, string, value.end);
        number(value.start, value.end, false);
        grammar.call(value.start, object, value.end);
        Rule array = grammar.rule(true);
        Node open = grammar.after(array.start, "[");
        list(open, value, ']', array.end);
        grammar.call(value.start, array, value.end);
    }

    private void fillObject() {
        Rule member = grammar.rule(false);
        grammar.call(grammar.after(grammar.after(member.start, string), colon), value, member.end);
        list(grammar.after(object.start, "{"), member, '}', object.end);
    }

    /// Any number of `element` with commas between, and `close`.
    void list(Node from, Rule element, char close, Node to) {
        Node ready = grammar.after(from, space);
        Node done = grammar.after(ready, element);
        Node spaced = grammar.after(done, space);
        grammar.bytes(ready, close, close, to);
        grammar.bytes(spaced, close, close, to);
        grammar.call(grammar.after(spaced, ","), space, another(element, done));
    }

    /// A node before one more element, after which the list goes on at `done`.
    private Node another(Rule element, Node done) {
        Node again = grammar.node();
        grammar.call(again, element, done);
        return again;
    }

    /// Any number; of bounded length, since a model may never stop printing digits.
    void number(Node from, Node to, boolean whole) {
        Node sign = grammar.node();
        grammar.jump(from, sign);
        grammar.bytes(from, '-', '-', sign);
        Node integer = grammar.node();
        grammar.bytes(sign, '0', '0', integer);
        Node first = grammar.node();
        grammar.bytes(sign, '1', '9', first);
        digits(first, MAX_DIGITS - 1, integer);
        grammar.jump(integer, to);
        if (!whole) {
            Node fraction = grammar.node();
            Node point = grammar.after(integer, ".");
            digits(classes(point, "0-9"), MAX_DIGITS - 1, fraction);
            grammar.jump(fraction, to);
            grammar.jump(integer, fraction);
            Node e = classes(fraction, "e-e", "E-E");
            Node signed = classes(e, "+-+", "---");
            grammar.jump(e, signed);
            digits(classes(signed, "0-9"), 1, to);
        }
    }

    /// At most `most` digits, in `to` after each.
    void digits(Node from, int most, Node to) {
        Node at = from;
        grammar.jump(at, to);
        for (int i = 0; i < most; i++) {
            Node next = classes(at, "0-9");
            grammar.jump(next, to);
            at = next;
        }
    }

    /// A string of `least` to `most` characters; null for no upper bound.
    Rule string(int least, @Nullable Integer most) {
        return strings.computeIfAbsent(new Length(least, most), this::makeString);
    }

    private Rule makeString(Length length) {
        Rule rule = grammar.rule(false);
        Node at = grammar.after(rule.start, "\"");
        Node required = new Node(false);
        for (int i = length.least(); i > 0; i--) {
            at.count(required, i);
            at = grammar.after(at, character);
        }
        grammar.bytes(at, '"', '"', rule.end);
        if (length.most() == null) {
            grammar.call(at, character, at);
            return rule;
        }
        Node optional = new Node(false);
        for (int i = length.most() - length.least(); i > 0; i--) {
            at.count(optional, i);
            at = grammar.after(at, character);
            grammar.bytes(at, '"', '"', rule.end);
        }
        return rule;
    }
}
