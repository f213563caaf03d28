package dev.jebena.tokenizers.internal.jinja;

import java.util.Set;
import java.util.function.IntPredicate;

/// The questions that Python's `str` answers: `isdigit`, `isalpha`, ...
final class StringKinds {
    private static final Set<String> NAMES =
            Set.of(
                    "isalnum",
                    "isalpha",
                    "isascii",
                    "isdecimal",
                    "isdigit",
                    "isidentifier",
                    "islower",
                    "isnumeric",
                    "isspace",
                    "istitle",
                    "isupper");

    private StringKinds() {}

    static boolean known(String name) {
        return NAMES.contains(name);
    }

    static boolean holds(String name, String text) {
        return switch (name) {
            case "isascii" -> text.chars().allMatch(c -> c < 128);
            case "islower" -> text.equals(StringMethods.cased(text, "lower")) && hasCase(text);
            case "isupper" -> text.equals(StringMethods.cased(text, "upper")) && hasCase(text);
            case "istitle" -> text.equals(StringMethods.cased(text, "title")) && hasCase(text);
            case "isidentifier" -> isIdentifier(text);
            case "isspace" -> all(text, StringTrims::isSpace);
            case "isdecimal" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, c -> Character.isLetter(c) || isNumeric(c));
            case "isdigit" -> all(text, c -> Character.isDigit(c) || isSuperscript(c));
            default -> all(text, StringKinds::isNumeric);
        };
    }

    private static boolean all(String text, IntPredicate wanted) {
        return !text.isEmpty() && text.codePoints().allMatch(wanted);
    }

    private static boolean hasCase(String text) {
        return text.codePoints()
                .anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }

    private static boolean isSuperscript(int c) {
        return c == 0xb2
                || c == 0xb3
                || c == 0xb9
                || (c >= 0x2070 && c <= 0x2089 && Character.getType(c) == Character.OTHER_NUMBER);
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && (text.charAt(0) == '_'
                        || Character.isUnicodeIdentifierStart(text.codePointAt(0)))
                && text.codePoints().allMatch(Character::isUnicodeIdentifierPart);
    }
}
