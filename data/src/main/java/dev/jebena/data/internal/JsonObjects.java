package dev.jebena.data.internal;

import dev.jebena.base.Problem;
import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// Objects one after the other, from lines or from a list.
abstract class JsonObjects implements Closeable {
    /// The file is no list: an object a line.
    static final long LINES = -1;

    /// A list of which nobody can tell where its objects begin.
    static final long UNKNOWN = -2;

    private static final int MAX_DEPTH = 100;

    /// The next object; null at the end.
    abstract @Nullable Map<String, @Nullable Object> next() throws IOException;

    /// Where the object that was read last is.
    abstract String place();

    long skip(long count) throws IOException {
        long skipped = 0;
        while (skipped < count && next() != null) {
            skipped++;
        }
        return skipped;
    }

    long offset() {
        return -1;
    }

    static JsonObjects open(DataFile file, String field, DataLimits limits) throws IOException {
        InputStream in = new BufferedInputStream(Compression.open(file, limits), 1 << 16);
        try {
            in.mark(1 << 16);
            int first = in.read();
            while (first == ' '
                    || first == '\n'
                    || first == '\r'
                    || first == '\t'
                    || first >= 0xbb) {
                first = in.read();
            }
            in.reset();
            if (field.isEmpty() && first != '[') {
                boolean seekable = Compression.of(file.name()) == Compression.NONE;
                return lines(
                        new LineReader(in, file.name(), limits.recordBytes(), 0, 0),
                        limits,
                        seekable);
            }
            return new Listed(file.name(), factory(limits).createParser(ctx(), in), field, limits);
        } catch (RuntimeException | IOException e) {
            in.close();
            throw e;
        }
    }

    /// The byte behind the bracket that begins the list; [#LINES] or [#UNKNOWN].
    static long listBegin(DataFile file, String field, DataLimits limits) throws IOException {
        try (JsonObjects objects = open(file, field, limits)) {
            if (!(objects instanceof Listed list)) {
                return LINES;
            }
            long begin = list.parser.currentLocation().getByteOffset();
            // Other encodings than UTF-8 have other places.
            return begin > 0 && file.range(begin - 1, 1).get(0) == '[' ? begin : UNKNOWN;
        }
    }

    /// The objects of a list from one on.
    ///
    /// @param offset where it begins
    static JsonObjects listAt(DataFile file, DataLimits limits, long offset, long number)
            throws IOException {
        InputStream bracket = new ByteArrayInputStream(new byte[] {'['});
        InputStream in = new SequenceInputStream(bracket, file.open(offset));
        Listed list = new Listed(file.name(), factory(limits).createParser(ctx(), in), "", limits);
        list.number = number;
        return list;
    }

    private static tools.jackson.core.ObjectReadContext ctx() {
        return tools.jackson.core.ObjectReadContext.empty();
    }

    static JsonObjects lines(LineReader lines, DataLimits limits, boolean seekable) {
        return new Lines(lines, factory(limits), seekable);
    }

    private static JsonFactory factory(DataLimits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxStringLength(limits.recordBytes())
                                .maxNestingDepth(MAX_DEPTH)
                                .build())
                .build();
    }

    /// One object a line; blank lines are passed over.
    private static final class Lines extends JsonObjects {
        private final LineReader lines;
        private final JsonFactory factory;
        private final boolean seekable;

        Lines(LineReader lines, JsonFactory factory, boolean seekable) {
            this.lines = lines;
            this.factory = factory;
            this.seekable = seekable;
        }

        private boolean advance() throws IOException {
            boolean more = lines.advance();
            while (more && lines.isBlank()) {
                more = lines.advance();
            }
            return more;
        }

        @Override
        @Nullable Map<String, @Nullable Object> next() throws IOException {
            if (!advance()) {
                return null;
            }
            try (JsonParser parser =
                    factory.createParser(ctx(), lines.bytes(), 0, lines.length())) {
                Map<String, @Nullable Object> object = object(parser);
                if (parser.nextToken() != null) {
                    throw Damage.at(lines.file(), place(), "more than one value in the line", null);
                }
                return object;
            } catch (JacksonException e) {
                throw broken(lines.file(), place(), e);
            }
        }

        private Map<String, @Nullable Object> object(JsonParser parser) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Damage.at(
                        lines.file(),
                        place(),
                        "not an object: " + Values.brief(lines.text()),
                        "JSON lines have one object {...} in each line");
            }
            return readObject(parser);
        }

        @Override
        long skip(long count) throws IOException {
            long skipped = 0;
            while (skipped < count && advance()) {
                skipped++;
            }
            return skipped;
        }

        @Override
        String place() {
            return lines.place();
        }

        @Override
        long offset() {
            return seekable ? lines.offset() : -1;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /// The objects of one list.
    private static final class Listed extends JsonObjects {
        private final String file;
        private final JsonParser parser;
        private final DataLimits limits;
        private long number;

        Listed(String file, JsonParser parser, String field, DataLimits limits) {
            this.file = file;
            this.parser = parser;
            this.limits = limits;
            try {
                enter(field);
            } catch (JacksonException e) {
                throw broken(file, "", e);
            }
        }

        private void enter(String field) {
            JsonToken token = parser.nextToken();
            if (!field.isEmpty()) {
                while (token != null
                        && !(token == JsonToken.PROPERTY_NAME
                                && parser.currentName().equals(field))) {
                    token = parser.nextToken();
                    if (token == JsonToken.PROPERTY_NAME && !parser.currentName().equals(field)) {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                }
                token = parser.nextToken();
            }
            if (token != JsonToken.START_ARRAY) {
                throw Damage.at(
                        file,
                        "",
                        field.isEmpty() ? "not a list" : "no list in the field '" + field + "'",
                        "a JSON file is a list of objects, or has one in a field (--field NAME)");
            }
        }

        @Override
        @Nullable Map<String, @Nullable Object> next() {
            try {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.END_ARRAY) {
                    return null;
                }
                number++;
                if (token != JsonToken.START_OBJECT) {
                    throw Damage.at(
                            file,
                            place(),
                            token == null ? "the list does not end" : "not an object");
                }
                long from = parser.currentLocation().getByteOffset();
                Map<String, @Nullable Object> object = readObject(parser);
                if (parser.currentLocation().getByteOffset() - from > limits.recordBytes()) {
                    throw Damage.tooLarge(
                            file,
                            place(),
                            "the object is larger than allowed",
                            limits.recordBytes());
                }
                return object;
            } catch (JacksonException e) {
                throw broken(file, place(), e);
            }
        }

        @Override
        String place() {
            return "object " + number;
        }

        @Override
        public void close() {
            parser.close();
        }
    }

    private static Problem broken(String file, String place, JacksonException e) {
        String what =
                e instanceof JacksonIOException io && io.getCause() != null
                        ? io.getCause().getMessage()
                        : e.getOriginalMessage();
        var location = e.getLocation();
        String column = location == null ? "" : " (column %d)".formatted(location.getColumnNr());
        return Damage.because(file, place, "not valid JSON: " + what + column, null, e);
    }

    private static Map<String, @Nullable Object> readObject(JsonParser parser) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, read(parser));
        }
        return object;
    }

    /// The value at the parser's token.
    private static @Nullable Object read(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? (Object) big(parser)
                            : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    /// Unsigned numbers of 64 bits stay whole; larger ones become fractions, as pandas has them.
    private static Number big(JsonParser parser) {
        java.math.BigInteger value = parser.getBigIntegerValue();
        return value.signum() > 0 && value.bitLength() <= 64 ? value : (Number) value.doubleValue();
    }
}
