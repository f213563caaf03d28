package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request of a batch: `{"custom_id", "method", "url", "body"}`.
///
/// @param number of the line in its file, from 1
record BatchLine(int number, String customId, Map<String, @Nullable Object> body) {
    static final int LONGEST = 64 << 20;
    private static final int MOST = 50_000;
    private static final int MOST_ERRORS = 100;

    /// What a check of a file found.
    ///
    /// @param errors in OpenAI's form; none for a good file
    record Checked(int lines, List<Map<String, @Nullable Object>> errors) {}

    /// Throws [HttpException] 400 when the line is not a request to `endpoint`.
    static BatchLine of(byte[] text, int number, String endpoint) {
        RequestFields line = new RequestFields(HttpJson.objectOf(HttpJson.parse(text)));
        String id = line.required("custom_id");
        if (id.isEmpty() || id.length() > 512) {
            throw line.invalid("custom_id", "expected 1 to 512 characters");
        }
        if (!line.required("method").equals("POST")) {
            throw line.invalid("method", "expected POST");
        }
        if (!line.required("url").equals(endpoint)) {
            throw line.invalid(
                    "url",
                    "expected the batch's endpoint " + endpoint + ", found " + line.string("url"));
        }
        RequestFields body = line.object("body");
        if (body == null) {
            throw HttpException.invalid("body", "Missing required parameter: 'body'");
        }
        if (body.value("stream") instanceof Boolean stream && stream) {
            throw body.invalid("stream", "answers of a batch are not streamed");
        }
        return new BatchLine(number, id, body.values());
    }

    /// Reads the whole file and reports everything that is wrong with it, up to a hundred lines.
    static Checked check(Path file, String endpoint) throws IOException {
        List<Map<String, @Nullable Object>> errors = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int lines = 0;
        try (JsonLines in = JsonLines.open(file, LONGEST)) {
            for (byte[] text = in.next(); text != null; text = in.next()) {
                lines++;
                try {
                    BatchLine line = of(text, in.number(), endpoint);
                    if (!ids.add(line.customId())) {
                        throw new HttpException(
                                        400,
                                        "duplicate_custom_id",
                                        "The custom_id '" + line.customId() + "' is not unique")
                                .param("custom_id");
                    }
                } catch (HttpException e) {
                    errors.add(error(e, in.number()));
                }
                if (errors.size() == MOST_ERRORS || lines > MOST) {
                    break;
                }
            }
        } catch (HttpException e) {
            errors.add(error(e, lines + 1));
        }
        if (lines > MOST) {
            errors.add(
                    error(
                            new HttpException(
                                    400,
                                    "too_many_requests",
                                    "A batch has at most " + MOST + " requests"),
                            lines));
        } else if (lines == 0) {
            errors.add(error(new HttpException(400, "empty_file", "The input file is empty"), 1));
        }
        return new Checked(lines, errors);
    }

    static Map<String, @Nullable Object> error(HttpException problem, @Nullable Integer line) {
        return HttpJson.object(
                "code", problem.code(),
                "line", line,
                "message", problem.message(),
                "param", problem.param());
    }
}
