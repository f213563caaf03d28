package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads an answer in gpt-oss's form while it is being made: thinking on one side, on the other
/// what is said, in which calls of functions have the form that [ToolCallReader] knows. The result
/// does not depend on how the answer is cut into pieces.
final class HarmonyText {
    private enum Place {
        /// Before a message: who says it, where and to whom.
        HEADER,
        THOUGHT,
        SAID,
        CALL
    }

    private static final int LONGEST_HEADER = 1_000;
    private static final Pattern RECIPIENT = Pattern.compile("\\bto=(?:functions\\.)?([^\\s<]+)");
    private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s*(\\w+)");

    private final StringBuilder held = new StringBuilder();
    private final StringBuilder header = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private Place place;
    private boolean first = true;

    /// @param open whether the prompt has begun the thinking already
    HarmonyText(boolean open) {
        place = open ? Place.THOUGHT : Place.HEADER;
    }

    /// Takes the next piece; returns what is said.
    String add(String piece) {
        held.append(piece);
        StringBuilder said = new StringBuilder();
        int from = 0;
        while (from < held.length()) {
            int mark = held.indexOf("<|", from);
            if (mark < 0) {
                int sure =
                        held.charAt(held.length() - 1) == '<' ? held.length() - 1 : held.length();
                text(held.substring(from, Math.max(from, sure)), said);
                from = Math.max(from, sure);
                break;
            }
            text(held.substring(from, mark), said);
            from = mark;
            String token = tokenAt(mark);
            if (token == null) {
                break;
            }
            if (token.isEmpty()) {
                text("<|", said);
                from += 2;
            } else {
                token(token, said);
                from += token.length();
            }
        }
        held.delete(0, from);
        return said.toString();
    }

    /// The token of the form at `from`; empty for none, null while that is open.
    private @Nullable String tokenAt(int from) {
        boolean open = false;
        for (String token : Harmony.TOKENS) {
            int length = Math.min(token.length(), held.length() - from);
            if (token.startsWith(held.substring(from, from + length))) {
                if (length == token.length()) {
                    return token;
                }
                open = true;
            }
        }
        return open ? null : "";
    }

    private void token(String token, StringBuilder said) {
        switch (token) {
            case "<|message|>" -> {
                if (place == Place.HEADER) {
                    begin(said);
                }
            }
            case "<|channel|>", "<|constrain|>" -> {
                if (place != Place.HEADER) {
                    finish(said);
                }
                header.append(token);
            }
            default -> finish(said);
        }
        first = false;
    }

    private void text(String text, StringBuilder said) {
        if (text.isEmpty()) {
            return;
        }
        switch (place) {
            case THOUGHT -> thought.append(text);
            case SAID -> said.append(text);
            case CALL -> call(text, said);
            case HEADER -> {
                header.append(text);
                // An answer without any header, as after a prompt that has written it.
                String lead = header.toString().stripLeading();
                boolean plain = first && !"to=".startsWith(lead) && !lead.startsWith("to=");
                if (plain || header.length() > LONGEST_HEADER) {
                    said.append(header);
                    header.setLength(0);
                    place = Place.SAID;
                }
            }
        }
    }

    private void call(String text, StringBuilder said) {
        arguments.append(text);
        // Within JSON this sign stands in strings only; so the mark of the call's end stays one.
        said.append(text.replace("<", "\\u003c"));
    }

    private void begin(StringBuilder said) {
        Matcher recipient = RECIPIENT.matcher(header);
        Matcher channel = CHANNEL.matcher(header);
        if (recipient.find()) {
            place = Place.CALL;
            arguments.setLength(0);
            said.append("<tool_call>{\"name\": ")
                    .append(Json.write(recipient.group(1)))
                    .append(", \"arguments\": ");
        } else {
            boolean thinks = channel.find() && channel.group(1).equals("analysis");
            place = thinks ? Place.THOUGHT : Place.SAID;
        }
        header.setLength(0);
    }

    private void finish(StringBuilder said) {
        if (place == Place.CALL) {
            said.append(arguments.toString().isBlank() ? "{}" : "").append("}</tool_call>");
        }
        place = Place.HEADER;
        header.setLength(0);
    }

    /// Ends the answer; returns what remains to be said.
    String end() {
        StringBuilder said = new StringBuilder();
        text(held.toString(), said);
        held.setLength(0);
        if (place == Place.CALL && isWhole()) {
            finish(said);
        }
        if (place == Place.HEADER && first) {
            said.append(header);
        }
        return said.toString();
    }

    /// Whether the arguments are complete: the token that ends the message ends the answer too, and
    /// is not shown.
    private boolean isWhole() {
        try {
            return arguments.toString().isBlank() || Json.parse(arguments.toString()) != null;
        } catch (JsonException _) {
            return false;
        }
    }

    boolean thinking() {
        return place == Place.THOUGHT;
    }

    String takeThought() {
        String text = thought.toString();
        thought.setLength(0);
        return text;
    }
}
