package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Other element types.
final class CastOperators {
    private static final double TWO_TO_64 = 0x1p64;

    private CastOperators() {}

    static void addTo(Operators all) {
        all.one("Cast", call -> cast(call, Carriers.element(call.integer("to", 0))));
        all.one("CastLike", CastOperators::castLike);
        all.one("BitCast", CastOperators::bits);
    }

    private static Datum castLike(Call call) {
        return cast(
                call,
                call.datum(1) instanceof Datum.Numbers numbers
                        ? numbers.element()
                        : OnnxElement.STRING);
    }

    private static Datum cast(Call call, OnnxElement to) {
        boolean saturate = call.integer("saturate", 1) != 0;
        String mode = call.text("round_mode", "up");
        if (call.datum(0) instanceof Datum.Texts texts) {
            return to == OnnxElement.STRING ? texts : parse(call, texts, to);
        }
        Datum.Numbers x = call.numbers(0);
        return to == OnnxElement.STRING ? print(x) : cast(x, to, saturate, mode);
    }

    /// Numbers of another type: floats lose their fraction and wrap where they become integers.
    static Datum.Numbers cast(Datum.Numbers x, OnnxElement to, boolean saturate, String powerMode) {
        if (x.element() == to) {
            return x;
        }
        Tensor tensor = x.tensor();
        if (x.element() == OnnxElement.UINT64 && Carriers.of(to).isFloat()) {
            Tensor wide = tensor.to(DType.FLOAT64);
            tensor = wide.lt(0.0).where(wide.add(TWO_TO_64), wide);
        }
        if (to == OnnxElement.FLOAT8E8M0) {
            Tensor powers =
                    Loops.map(tensor, DType.FLOAT32, v -> SmallFloat.powerOfTwo(v, powerMode));
            return new Datum.Numbers(to, powers);
        }
        SmallFloat small = SmallFloat.of(to).orElse(null);
        if (small != null) {
            Tensor rounded = Loops.map(tensor, DType.FLOAT32, v -> small.round(v, saturate));
            return new Datum.Numbers(to, rounded);
        }
        int bits = Carriers.integerBits(to);
        if (bits == 2 || bits == 4) {
            return new Datum.Numbers(to, narrow(tensor, to, bits));
        }
        if (to == OnnxElement.UINT64 && tensor.dtype().isFloat()) {
            return new Datum.Numbers(to, unsigned(tensor));
        }
        if (bits == 32 && tensor.dtype().isFloat()) {
            // Through int64, so that what does not fit wraps as it does for integers.
            tensor = tensor.to(DType.INT64);
        }
        return Carriers.wrap(to, tensor);
    }

    /// 4- and 2-bit integers have the lower bits.
    private static Tensor narrow(Tensor x, OnnxElement to, int bits) {
        boolean signed = !Carriers.isUnsigned(to);
        int unused = Long.SIZE - bits;
        return Loops.mapLongs(
                x, Carriers.of(to), v -> signed ? v << unused >> unused : v << unused >>> unused);
    }

    private static Tensor unsigned(Tensor x) {
        double[] values = x.toDoubles();
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = values[i] >= 0x1p63 ? (long) (values[i] - TWO_TO_64) : (long) values[i];
        }
        return Loops.of(bits, x.shape(), DType.INT64);
    }

    private static Datum parse(Call call, Datum.Texts texts, OnnxElement to) {
        DType carrier = Carriers.of(to);
        try {
            if (carrier.isFloat()) {
                double[] values =
                        texts.values().stream().mapToDouble(CastOperators::number).toArray();
                Tensor parsed = Loops.of(values, texts.shape(), DType.FLOAT64);
                return cast(new Datum.Numbers(OnnxElement.DOUBLE, parsed), to, true, "up");
            }
            long[] values =
                    texts.values().stream().mapToLong(text -> (long) number(text)).toArray();
            return Carriers.wrap(to, Loops.of(values, texts.shape(), DType.INT64));
        } catch (NumberFormatException e) {
            throw call.problem("%s as %s", String.valueOf(e.getMessage()), to);
        }
    }

    private static double number(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }

    private static Datum print(Datum.Numbers x) {
        Tensor tensor = x.tensor();
        List<String> texts = new ArrayList<>();
        if (tensor.dtype() == DType.BOOL) {
            for (long value : tensor.toLongs()) {
                texts.add(value == 0 ? "False" : "True");
            }
        } else if (x.element() == OnnxElement.UINT64) {
            for (long value : tensor.toLongs()) {
                texts.add(Long.toUnsignedString(value));
            }
        } else if (tensor.dtype().isFloat()) {
            boolean wide = tensor.dtype() == DType.FLOAT64;
            for (double value : tensor.toDoubles()) {
                texts.add(print(value, wide));
            }
        } else {
            for (long value : tensor.toLongs()) {
                texts.add(Long.toString(value));
            }
        }
        return new Datum.Texts(tensor.shape(), texts);
    }

    /// Plain where that is not long, as ONNX Runtime prints numbers.
    private static String print(double value, boolean wide) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "INF" : "-INF";
        }
        String text = wide ? Double.toString(value) : Float.toString((float) value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /// The same bits as elements of another type of that size.
    private static Datum bits(Call call) {
        Datum.Numbers x = call.numbers(0);
        OnnxElement to = Carriers.element(call.integer("to", 0));
        int width = width(call, x.element());
        if (width != width(call, to)) {
            throw call.problem("%s has other bits than %s", x.element(), to);
        }
        Tensor tensor = x.tensor();
        DType plain = plain(x.element());
        Tensor narrow = tensor.to(plain);
        Shape shape = tensor.shape();
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, narrow.size() * width), 64);
        try {
            MemorySegment.copy(narrow.memory(), 0, copy, 0, narrow.size() * width);
        } finally {
            Reference.reachabilityFence(narrow);
        }
        if (to == OnnxElement.BOOL) {
            for (long i = 0; i < shape.size(); i++) {
                byte value = copy.get(ValueLayout.JAVA_BYTE, i);
                copy.set(ValueLayout.JAVA_BYTE, i, (byte) (value == 0 ? 0 : 1));
            }
        }
        return Carriers.wrap(to, Tensor.over(copy, plain(to), shape));
    }

    private static int width(Call call, OnnxElement element) {
        return switch (element) {
            case BOOL, INT8, UINT8 -> 1;
            case INT16, UINT16, FLOAT16, BFLOAT16 -> 2;
            case INT32, UINT32, FLOAT -> 4;
            case INT64, UINT64, DOUBLE -> 8;
            default -> throw call.unsupported("elements of %s", element);
        };
    }

    /// The tensor type of the size that the element type has in files.
    private static DType plain(OnnxElement element) {
        return switch (element) {
            case UINT16 -> DType.INT16;
            case UINT32 -> DType.INT32;
            default -> Carriers.of(element);
        };
    }
}
