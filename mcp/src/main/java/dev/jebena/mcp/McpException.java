package dev.jebena.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that went wrong between a client and a server; the message is meant for users. On the
/// wire it is a JSON-RPC error with this code.
public final class McpException extends RuntimeException {
    /// JSON-RPC: not JSON.
    public static final int PARSE_ERROR = -32700;

    /// JSON-RPC: no request, or not now.
    public static final int INVALID_REQUEST = -32600;

    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL_ERROR = -32603;

    /// The resource is not there.
    public static final int RESOURCE_NOT_FOUND = -32002;

    /// The headers of a request do not say what its body says.
    static final int HEADER_MISMATCH = -32020;

    /// No revision that we know.
    static final int UNSUPPORTED_VERSION = -32022;

    /// Our own: the server has ended, or does not answer.
    public static final int CONNECTION = -32000;

    /// Our own: no answer in time.
    public static final int TIMEOUT = -32001;

    private static final long serialVersionUID = 1;

    private final int code;
    private final transient @Nullable Map<String, @Nullable Object> data;

    public McpException(int code, String message) {
        this(code, message, null, null);
    }

    McpException(int code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    McpException(
            int code,
            String message,
            @Nullable Map<String, @Nullable Object> data,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.data = data;
    }

    public int code() {
        return code;
    }

    /// As the `error` of a reply.
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> error = McpJson.object("code", code, "message", getMessage());
        if (data != null) {
            error.put("data", data);
        }
        return error;
    }
}
