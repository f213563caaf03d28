package dev.jebena.tokenizers.internal.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Python's `strftime` in the C locale.
final class DateFormat {
    private DateFormat() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean bare = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += bare ? 2 : 1;
            String field = field(format.charAt(i), time);
            out.append(bare && field.startsWith("0") ? field.substring(1) : field);
        }
        return out.toString();
    }

    private static String field(char directive, ZonedDateTime time) {
        String pattern =
                switch (directive) {
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'm' -> "MM";
                    case 'B' -> "MMMM";
                    case 'b', 'h' -> "MMM";
                    case 'd' -> "dd";
                    case 'e' -> "ppd";
                    case 'j' -> "DDD";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'f' -> "SSSSSS";
                    case 'p' -> "a";
                    case 'A' -> "EEEE";
                    case 'a' -> "EEE";
                    case 'F' -> "yyyy-MM-dd";
                    case 'T', 'X' -> "HH:mm:ss";
                    case 'R' -> "HH:mm";
                    case 'D', 'x' -> "MM/dd/yy";
                    case 'c' -> "EEE MMM ppd HH:mm:ss yyyy";
                    default -> "";
                };
        return switch (directive) {
            case '%' -> "%";
            // datetime.now() has no zone, and prints none.
            case 'z', 'Z' -> "";
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 's' -> Long.toString(time.toEpochSecond());
            default ->
                    pattern.isEmpty()
                            ? "%" + directive
                            : DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
        };
    }
}
