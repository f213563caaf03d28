package dev.jebena.serving;

import dev.jebena.base.HttpException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What one namespace of LM Studio's websockets answers.
interface LmStudioEndpoints {
    /// A call with one result; null for none. Throws [HttpException] to refuse it.
    default @Nullable Object call(String endpoint, RequestFields parameter) throws IOException {
        throw unknown(endpoint);
    }

    /// A channel: messages go to the client until this returns.
    default void open(String endpoint, RequestFields parameter, LmStudioChannel channel)
            throws IOException {
        throw unknown(endpoint);
    }

    static HttpException unknown(String endpoint) {
        return new HttpException(
                501, "not_implemented", "The endpoint '" + endpoint + "' is not supported here");
    }
}
