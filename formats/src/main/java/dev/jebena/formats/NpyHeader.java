package dev.jebena.formats;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What stands before the elements in a `.npy` file (NEP 1 of NumPy, versions 1 to 3).
///
/// @param swapped whether the elements are big-endian
/// @param fortran whether the first dimension is the fastest
/// @param length bytes of the header: where the elements begin
record NpyHeader(ElementType type, boolean swapped, boolean fortran, List<Long> shape, int length) {
    /// The longest header that is read. NumPy itself reads 10,000 bytes unless told otherwise.
    static final int LONGEST = 1 << 16;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;

    /// Spaces that NumPy leaves for the first dimension to grow.
    private static final int ROOM = 21;

    static boolean is(byte[] head) {
        return head.length >= MAGIC.length
                && new String(head, 0, MAGIC.length, StandardCharsets.ISO_8859_1)
                        .equals(new String(MAGIC, StandardCharsets.ISO_8859_1));
    }

    /// @param head the first bytes, [#LONGEST] and some where there are so many
    /// @param problem makes the error for what is wrong
    static NpyHeader read(byte[] head, Function<String, FormatException> problem) {
        if (!is(head)) {
            throw problem.apply("it does not begin with \\x93NUMPY; this is no .npy file");
        }
        int version = head.length > 6 ? head[6] : 0;
        if (version < 1 || version > 3) {
            throw problem.apply("it is of .npy version " + version + ", 1 to 3 can be read");
        }
        int begin = version == 1 ? 10 : 12;
        long length = head.length < begin ? 0 : number(head, 8, begin);
        if (length > LONGEST) {
            throw problem.apply(
                    "its header has %d bytes, at most %d are read".formatted(length, LONGEST));
        }
        if (begin + length > head.length) {
            throw problem.apply("its header is truncated; download it again");
        }
        String text =
                new String(
                        head,
                        begin,
                        (int) length,
                        version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        if (!(new PythonLiteral(text, problem).read() instanceof Map<?, ?> fields)
                || !(fields.get("fortran_order") instanceof Boolean fortran)
                || !(fields.get("shape") instanceof List<?> dimensions)
                || !fields.containsKey("descr")) {
            throw problem.apply(
                    "its header must be a dict with descr, fortran_order and shape, found "
                            + Names.quoted(text.strip()));
        }
        if (!(fields.get("descr") instanceof String description)) {
            throw problem.apply(
                    "it is a structured array; save each of its fields as an array of its own");
        }
        boolean swapped = description.startsWith(">") && !description.endsWith("1");
        return new NpyHeader(
                type(description, problem),
                swapped,
                fortran,
                Shapes.of(dimensions, problem),
                begin + (int) length);
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = to - 1; i >= from; i--) {
            number = (number << 8) | (bytes[i] & 0xff);
        }
        return number;
    }

    private static ElementType type(String description, Function<String, FormatException> problem) {
        boolean ordered = !description.isEmpty() && "<>|=".indexOf(description.charAt(0)) >= 0;
        String kind = ordered ? description.substring(1) : description;
        return switch (kind) {
            case "f2" -> ElementType.F16;
            case "f4" -> ElementType.F32;
            case "f8" -> ElementType.F64;
            case "i1" -> ElementType.I8;
            case "i2" -> ElementType.I16;
            case "i4" -> ElementType.I32;
            case "i8" -> ElementType.I64;
            case "u1" -> ElementType.U8;
            case "u2" -> ElementType.U16;
            case "u4" -> ElementType.U32;
            case "u8" -> ElementType.U64;
            case "b1", "?" -> ElementType.BOOL;
            case "c8" -> ElementType.C64;
            case "c16" -> ElementType.C128;
            default ->
                    throw problem.apply(
                            "its elements are %s (%s); save it as numbers or booleans"
                                    .formatted(refused(kind), Names.quoted(description)));
        };
    }

    private static String refused(String kind) {
        return switch (kind.isEmpty() ? ' ' : kind.charAt(0)) {
            case 'O' -> "Python objects, stored as a pickle";
            case 'S', 'a', 'U' -> "strings";
            case 'M', 'm' -> "dates or times";
            case 'V' -> "raw bytes of no known meaning";
            case 'f', 'c' -> "floats of a width that only some machines have";
            default -> "of an unknown kind";
        };
    }

    /// The header that NumPy writes before `tensor`, byte by byte.
    static byte[] bytes(PlainTensor tensor) {
        StringBuilder text = new StringBuilder("{'descr': '");
        text.append(description(tensor)).append("', 'fortran_order': False, 'shape': (");
        text.append(tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        text.append(tensor.shape().size() == 1 ? ",), }" : "), }");
        if (!tensor.shape().isEmpty()) {
            text.repeat(' ', ROOM - String.valueOf(tensor.shape().getFirst()).length());
        }
        int begin = MAGIC.length + 4;
        text.repeat(' ', ALIGNMENT - (begin + text.length() + 1) % ALIGNMENT).append('\n');
        byte[] header = new byte[begin + text.length()];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[6] = 1;
        header[8] = (byte) text.length();
        header[9] = (byte) (text.length() >> 8);
        byte[] ascii = text.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, begin, ascii.length);
        return header;
    }

    private static String description(PlainTensor tensor) {
        return switch (tensor.type()) {
            case F16 -> "<f2";
            case F32 -> "<f4";
            case F64 -> "<f8";
            case I8 -> "|i1";
            case I16 -> "<i2";
            case I32 -> "<i4";
            case I64 -> "<i8";
            case U8 -> "|u1";
            case U16 -> "<u2";
            case U32 -> "<u4";
            case U64 -> "<u8";
            case BOOL -> "|b1";
            case C64 -> "<c8";
            case C128 -> "<c16";
            default ->
                    throw new FormatException(
                            "the tensor %s has elements of type %s, which NumPy does not have; convert it to F32"
                                    .formatted(Names.quoted(tensor.name()), tensor.type()));
        };
    }
}
