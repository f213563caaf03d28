package dev.jebena.base;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A path pattern: `/v1/models/{id...}`. `{name}` matches one segment, `{name...}` at the end the
/// non-empty rest of the path, slashes included, whether they were sent raw or percent-encoded.
final class RoutePattern implements Comparable<RoutePattern> {
    private final String pattern;
    private final List<String> segments;
    private final boolean rest;
    private final int fixed;

    RoutePattern(String pattern) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("route pattern must begin with /: " + pattern);
        }
        this.pattern = pattern;
        segments = List.of(pattern.substring(1).split("/", -1));
        rest = pattern.endsWith("...}");
        fixed = (int) segments.stream().filter(s -> !s.startsWith("{")).count();
    }

    boolean hasParameters() {
        return fixed < segments.size();
    }

    /// What the parameters match in a path as sent; null when the path is another one. Throws
    /// [HttpException] 400 when a parameter's percent-encoding is wrong.
    @Nullable Map<String, String> match(String path) {
        List<String> parts = split(path, rest ? segments.size() : Integer.MAX_VALUE);
        if (parts.size() != segments.size()) {
            return null;
        }
        for (int i = 0; i < parts.size(); i++) {
            String segment = segments.get(i);
            boolean last = rest && i == parts.size() - 1;
            if (segment.startsWith("{")
                    ? parts.get(i).isEmpty()
                    : !segment.equals(parts.get(i)) || last) {
                return null;
            }
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{")) {
                values.put(segment.replaceAll("[{}]|\\.\\.\\.", ""), decode(parts.get(i)));
            }
        }
        return values;
    }

    private static List<String> split(String path, int limit) {
        List<String> parts = new ArrayList<>();
        int from = 1;
        while (parts.size() < limit - 1) {
            int slash = path.indexOf('/', from);
            if (slash < 0) {
                break;
            }
            parts.add(path.substring(from, slash));
            from = slash + 1;
        }
        parts.add(path.substring(Math.min(from, path.length())));
        return parts;
    }

    /// Percent-decoding of UTF-8; a `+` stays a plus sign.
    static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new HttpException(
                        400, "bad_path", "The path has a wrong percent-encoding: " + encoded);
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HttpException(400, "bad_path", "The path is not UTF-8: " + encoded)
                    .causedBy(e);
        }
    }

    /// Patterns with more fixed segments come first, those with a rest last.
    @Override
    public int compareTo(RoutePattern other) {
        int byRest = Boolean.compare(rest, other.rest);
        return byRest != 0 ? byRest : Integer.compare(other.fixed, fixed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoutePattern that && that.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
