package dev.jebena.tensor;

import java.util.Locale;

/// Something that tensors cannot do; the message tells what, both values and what is needed.
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
public final class TensorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Kinds of problems.
    public enum Code {
        /// Shapes or axes that do not fit.
        SHAPE,
        /// An element type that the operation does not have.
        DTYPE,
        /// An index outside its axis.
        INDEX,
        /// A value outside its range, or a matrix without the needed property.
        VALUE,
        /// More memory than there is.
        MEMORY,
        /// A value that is not known while a function is traced or mapped.
        ABSTRACT,
        /// A derivative that does not exist or was not asked for.
        GRADIENT
    }

    private final Code code;

    public TensorException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    private static TensorException of(Code code, String format, Object... values) {
        return new TensorException(code, String.format(Locale.ROOT, format, values));
    }

    public static TensorException shape(String format, Object... values) {
        return of(Code.SHAPE, format, values);
    }

    public static TensorException dtype(String format, Object... values) {
        return of(Code.DTYPE, format, values);
    }

    public static TensorException index(String format, Object... values) {
        return of(Code.INDEX, format, values);
    }

    public static TensorException value(String format, Object... values) {
        return of(Code.VALUE, format, values);
    }

    public static TensorException unknown(String format, Object... values) {
        return of(Code.ABSTRACT, format, values);
    }

    public static TensorException gradient(String format, Object... values) {
        return of(Code.GRADIENT, format, values);
    }
}
