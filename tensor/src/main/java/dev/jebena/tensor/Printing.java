package dev.jebena.tensor;

import java.util.Locale;

/// Tensors as text, in PyTorch's form: four digits, columns aligned, the middle of long axes left
/// out.
final class Printing {
    /// Tensors of more elements are printed in part.
    private static final int THRESHOLD = 1000;

    /// Elements at each end of an axis of which a part is printed.
    private static final int EDGE = 3;

    private static final int LINE = 80;
    private static final String START = "tensor(";

    private final Tensor x;
    private final boolean part;
    private final boolean scientific;
    private final boolean whole;
    private int width;

    private Printing(Tensor x) {
        this.x = x;
        part = x.size() > THRESHOLD;
        double largest = 0;
        double least = Double.MAX_VALUE;
        boolean integers = true;
        double[] shown = shown(x);
        for (double value : shown) {
            double a = Math.abs(value);
            if (Double.isFinite(a) && a > 0) {
                largest = Math.max(largest, a);
                least = Math.min(least, a);
                integers &= a == Math.rint(a);
            }
        }
        whole = integers;
        scientific =
                largest > 0
                        && ((largest / least > 1000 && !integers) || largest > 1e8 || least < 1e-4);
        for (double value : shown) {
            width = Math.max(width, text(value).length());
        }
    }

    private static double[] shown(Tensor x) {
        Tensor y = x;
        if (x.size() > THRESHOLD) {
            for (int axis = 0; axis < x.rank(); axis++) {
                int length = y.dim(axis);
                if (length > 2 * EDGE) {
                    y =
                            Tensors.concat(
                                    axis,
                                    y.slice(axis, 0, EDGE),
                                    y.slice(axis, length - EDGE, length));
                }
            }
        }
        return y.toDoubles();
    }

    static String text(Tensor tensor) {
        if (!tensor.isConcrete()) {
            return START + "?, shape=%s, dtype=%s)".formatted(tensor.shape(), tensor.dtype());
        }
        Tensor plain = tensor.detach();
        StringBuilder out = new StringBuilder(START);
        if (plain.size() == 0) {
            out.append("[]");
            if (plain.rank() != 1) {
                out.append(", shape=").append(plain.shape());
            }
        } else {
            new Printing(plain).append(out, plain, 0);
        }
        boolean plainType =
                switch (plain.dtype()) {
                    case FLOAT32 -> true;
                    case INT64, BOOL -> plain.size() > 0;
                    default -> false;
                };
        if (!plainType) {
            out.append(", dtype=").append(plain.dtype());
        }
        return out.append(tensor.isTracked() ? ", tracked)" : ")").toString();
    }

    private String text(double value) {
        if (x.dtype() == DType.BOOL) {
            return value != 0 ? "true" : "false";
        }
        if (!x.dtype().isFloat()) {
            return Long.toString((long) value);
        }
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String format = scientific ? "%.4e" : whole ? "%.0f." : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }

    private void append(StringBuilder out, Tensor y, int depth) {
        if (y.rank() == 0) {
            out.append(text(y.dtype().isFloat() ? y.item() : y.itemLong()));
            return;
        }
        int indent = START.length() + depth;
        int length = y.dim(0);
        boolean cut = part && length > 2 * EDGE;
        out.append('[');
        int column = indent + 1;
        for (int i = 0; i < length; i++) {
            if (cut && i == EDGE) {
                out.append("...,");
                separate(out, y.rank(), indent + 1);
                i = length - EDGE;
            }
            if (y.rank() == 1) {
                if (column > indent + 1 && column + width + 2 > LINE) {
                    out.append('\n').append(" ".repeat(indent + 1));
                    column = indent + 1;
                }
                String number = text(y.dtype().isFloat() ? y.at(i).item() : y.at(i).itemLong());
                out.append(" ".repeat(Math.max(0, width - number.length()))).append(number);
                column += width + 2;
            } else {
                append(out, y.at(i), depth + 1);
            }
            if (i + 1 < length) {
                out.append(',');
                separate(out, y.rank(), indent + 1);
            }
        }
        out.append(']');
    }

    private static void separate(StringBuilder out, int rank, int indent) {
        if (rank == 1) {
            out.append(' ');
        } else {
            out.append("\n".repeat(rank - 1)).append(" ".repeat(indent));
        }
    }
}
