package dev.jebena.onnx;

/// A model that cannot be run, or not with these inputs. The message names the node, its operator
/// and operator set, what was found and what is needed.
public final class OnnxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What is wrong.
    public enum Code {
        /// An operator, or a form of it, that this version does not have.
        UNSUPPORTED,
        /// The model contradicts itself or ONNX.
        MODEL,
        /// Inputs do not fit the model.
        INPUT
    }

    private final Code code;

    public OnnxException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public OnnxException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
