package dev.jebena.governance;

import dev.jebena.governance.PickleValue.Global;
import dev.jebena.governance.PickleValue.Instance;
import dev.jebena.governance.PickleValue.Text;
import dev.jebena.governance.PickleValue.Tuple;
import dev.jebena.governance.PickleValue.Whole;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The bytes of an array that joblib writes behind its `NumpyArrayWrapper`, in the middle of a
/// pickle.
///
/// @param bytes of the array
/// @param pickled whether it is an array of objects, which follows as a pickle of its own
/// @param aligned whether a byte with the number of bytes of padding, and these, come first
record JoblibArray(long bytes, boolean pickled, boolean aligned) {
    private static final Global WRAPPER = new Global("joblib.numpy_pickle", "NumpyArrayWrapper");
    private static final Pattern TYPE =
            Pattern.compile("[<>|=]?([?bBhHiIlLqQefdgFDGSUVMmO])(\\d*)");

    private static final long MOST = 1L << 40;

    static boolean is(Instance object) {
        return object.type().equals(WRAPPER) && object.fields().containsKey("shape");
    }

    static JoblibArray of(Instance wrapper) throws IOException {
        boolean aligned = wrapper.fields().get("numpy_array_alignment_bytes") instanceof Whole;
        if (!(wrapper.fields().get("dtype") instanceof Instance type)
                || type.arguments().isEmpty()
                || !(type.arguments().getFirst() instanceof Text code)) {
            throw new IOException("an array whose type is not known");
        }
        Matcher known = TYPE.matcher(code.text());
        if (!known.matches()) {
            throw new IOException("an array of the unknown type " + code.text());
        }
        if (known.group(1).equals("O")) {
            return new JoblibArray(0, true, aligned);
        }
        return new JoblibArray(elements(wrapper) * width(known), false, aligned);
    }

    private static long elements(Instance wrapper) throws IOException {
        if (!(wrapper.fields().get("shape") instanceof Tuple shape)) {
            throw new IOException("an array whose shape is not known");
        }
        long elements = 1;
        for (PickleValue size : shape.items()) {
            if (!(size instanceof Whole whole) || whole.value() < 0) {
                throw new IOException("an array whose shape is not known");
            }
            if (whole.value() > 0 && elements > MOST / whole.value()) {
                throw new IOException("an array of more than " + MOST + " elements");
            }
            elements *= whole.value();
        }
        return elements;
    }

    private static long width(Matcher type) throws IOException {
        long count = type.group(2).isEmpty() ? 1 : number(type.group(2));
        return switch (type.group(1)) {
            case "U" -> 4 * count;
            case "M", "m" -> 8;
            default -> count;
        };
    }

    private static long number(String digits) throws IOException {
        if (digits.length() > 6) {
            throw new IOException("an array whose elements have " + digits + " bytes");
        }
        return Long.parseLong(digits);
    }
}
