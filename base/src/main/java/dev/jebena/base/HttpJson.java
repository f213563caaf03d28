package dev.jebena.base;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON of requests and replies. Values are maps, lists, strings, [Long], [java.math.BigInteger],
/// [Double], booleans and null. Nesting, numbers and names are bounded.
public final class HttpJson {
    /// Deepest nesting of a request body.
    public static final int MAX_DEPTH = 100;

    /// What the parser adds of places, which it does not know here.
    private static final String PLACE = " \\([^()]*\\[Source: .*]\\)";

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .maxNumberLength(400)
                                                    .maxNameLength(10_000)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_LONG_FOR_INTS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private HttpJson() {}

    /// The JSON value of a body; throws [HttpException] 400 when it is not JSON.
    public static @Nullable Object parse(byte[] body) {
        try {
            return MAPPER.readValue(body, Object.class);
        } catch (StreamConstraintsException e) {
            throw new HttpException(
                            400,
                            "invalid_json",
                            "The request body is nested deeper than "
                                    + MAX_DEPTH
                                    + " levels, or holds a number or name that is too long")
                    .causedBy(e);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where =
                    at == null
                            ? ""
                            : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new HttpException(
                            400,
                            "invalid_json",
                            "The request body is not valid JSON"
                                    + where
                                    + ": "
                                    + e.getOriginalMessage().replaceAll(PLACE, ""))
                    .causedBy(e);
        }
    }

    /// A parsed value that must be an object; throws [HttpException] 400 when it is not.
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> objectOf(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new HttpException(
                400, "invalid_json", "The request body must be a JSON object, {...}");
    }

    public static byte[] bytes(@Nullable Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static String text(@Nullable Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// A JSON object with these keys and values, in this order.
    public static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
