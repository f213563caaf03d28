package dev.jebena.llm.internal.constraint;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Regular expressions for the values of `format`.
final class Formats {
    private static final String DATE =
            "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)"
                    + "|02-(?:0[1-9]|1\\d|2[0-8]))"
                    + "|(?:\\d{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?"
                    + "(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Map<String, String> PATTERNS =
            Map.of(
                    "date",
                    DATE,
                    "time",
                    TIME,
                    "date-time",
                    DATE + "T" + TIME,
                    "uuid",
                    "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
                    "email",
                    "[A-Za-z0-9_+-]{1,24}(?:\\.[A-Za-z0-9_+-]{1,12}){0,2}@"
                            + LABEL
                            + "(?:\\."
                            + LABEL
                            + "){0,2}\\.[A-Za-z]{2,10}",
                    "hostname",
                    LABEL + "(?:\\." + LABEL + "){0,4}",
                    "ipv4",
                    BYTE + "(?:\\." + BYTE + "){3}",
                    "ipv6",
                    "[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){7}",
                    "uri",
                    "https?://"
                            + LABEL
                            + "(?:\\."
                            + LABEL
                            + "){0,4}(?:/[A-Za-z0-9._~-]{0,64}){0,8}",
                    "duration",
                    "P(?:\\d{1,6}W|(?:\\d{1,4}D)(?:T\\d{1,6}[HMS])?|T\\d{1,6}[HMS])");

    private Formats() {}

    /// The expression for `format`, or null where it is a mere annotation.
    static @Nullable RegexNode regex(String format) {
        String pattern = PATTERNS.get(format);
        return pattern == null ? null : RegexParser.parse("^(?:" + pattern + ")$", "/format");
    }
}
