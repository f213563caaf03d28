package dev.jebena.base;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Something that went wrong and that a user can understand: what, where, both values, what to do.
/// The one unchecked exception of the modules above the model engine; shown without a stack trace.
///
/// [#getMessage] is the message and, where there is one, the remedy on the last line.
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// The kind of problem, and the HTTP status that a server answers with: the one table that all
    /// protocols map from.
    public enum Code {
        /// The request, a name, an option or a text file of the user's is not valid.
        BAD_REQUEST(400),
        /// A model or archive that is damaged or of an unknown kind.
        BAD_FILE(400),
        /// Credentials are missing or wrong.
        UNAUTHORIZED(401),
        /// Known, but not allowed.
        FORBIDDEN(403),
        /// The licence has not been accepted.
        LICENSE_NOT_ACCEPTED(403),
        NOT_FOUND(404),
        /// The thing exists already, or is in use.
        CONFLICT(409),
        /// Larger than a limit.
        TOO_LARGE(413),
        /// Too many requests wait already.
        TOO_MANY_REQUESTS(429),
        /// A defect of ours.
        INTERNAL(500),
        /// A file of our own store is damaged.
        CORRUPT(500),
        /// Reading or writing a file of ours failed: permissions, a full disk.
        STORAGE(500),
        NOT_IMPLEMENTED(501),
        /// Another server gave a wrong answer: an error, bytes with another hash.
        BAD_GATEWAY(502),
        /// Stopping, or out of memory for one more model.
        UNAVAILABLE(503),
        /// Another server did not answer.
        UNREACHABLE(504);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final Code code;
    private final String summary;
    private final @Nullable String remedy;

    public Problem(Code code, String message) {
        this(code, message, null, null);
    }

    public Problem(Code code, String message, @Nullable String remedy) {
        this(code, message, remedy, null);
    }

    public Problem(Code code, String message, @Nullable String remedy, @Nullable Throwable cause) {
        super(remedy == null ? message : message + "\n" + remedy, cause);
        this.code = code;
        this.summary = message;
        this.remedy = remedy;
    }

    public static Problem badRequest(String message) {
        return new Problem(Code.BAD_REQUEST, message);
    }

    public static Problem notFound(String message) {
        return new Problem(Code.NOT_FOUND, message);
    }

    /// An input or output error on a file of ours: says which file and what the system said.
    public static Problem storage(String what, Throwable cause) {
        String reason =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String kind =
                switch (cause) {
                    case java.nio.file.NoSuchFileException _ -> "no such file: ";
                    case java.nio.file.AccessDeniedException _ -> "permission denied: ";
                    default -> "";
                };
        return new Problem(Code.STORAGE, what + ": " + kind + reason, null, cause);
    }

    /// As [#storage], where something could not be written to the data folder: with what helps.
    public static Problem unwritable(String what, IOException cause) {
        Problem problem = storage(what, cause);
        String reason = String.valueOf(cause.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("not enough space");
        return new Problem(
                problem.code(),
                problem.summary(),
                full
                        ? "free some space or set JEBENA_HOME to a folder on a larger disk"
                        : "set JEBENA_HOME to a data folder that can be written to",
                cause);
    }

    /// Several problems as one, each on its line: everything is reported at once. The code is the
    /// first one's.
    public static Problem all(String heading, List<? extends Problem> problems) {
        String lines =
                problems.stream().map(p -> "- " + p.getMessage()).collect(Collectors.joining("\n"));
        Code code = problems.isEmpty() ? Code.INTERNAL : problems.getFirst().code();
        return new Problem(code, heading + "\n" + lines);
    }

    public Code code() {
        return code;
    }

    /// The HTTP status of the code.
    public int status() {
        return code.status();
    }

    /// The message without the remedy.
    public String summary() {
        return summary;
    }

    /// What to do about it, perhaps a command; one line.
    public @Nullable String remedy() {
        return remedy;
    }
}
