package dev.jebena.data.internal;

import static dev.jebena.data.internal.ArrowBatch.INT;
import static dev.jebena.data.internal.ArrowBatch.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/// Values of one size, as Arrow stores them.
final class ArrowScalars {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final long DAY = 86_400_000;
    private static final long[] PER_SECOND = {1, 1_000, 1_000_000, 1_000_000_000};

    private ArrowScalars() {}

    static Object at(ArrowField field, MemorySegment data, long i) {
        return switch (field.tag()) {
            case ArrowField.BOOL -> (data.get(BYTE, i >> 3) >> (i & 7) & 1) != 0;
            case ArrowField.INT -> integer(field, data, i);
            case ArrowField.FLOAT -> number(field, data, i);
            case ArrowField.DECIMAL -> decimal(field, data, i);
            case ArrowField.FIXED_BINARY ->
                    data.asSlice(i * field.width(), field.width()).toArray(BYTE);
            default -> time(field, data, i);
        };
    }

    private static Object integer(ArrowField field, MemorySegment data, long i) {
        boolean signed = field.signed();
        return switch (field.width()) {
            case 8 -> signed ? (long) data.get(BYTE, i) : data.get(BYTE, i) & 0xffL;
            case 16 ->
                    signed ? (long) data.getAtIndex(SHORT, i) : data.getAtIndex(SHORT, i) & 0xffffL;
            case 32 ->
                    signed
                            ? (long) data.getAtIndex(INT, i)
                            : data.getAtIndex(INT, i) & 0xffff_ffffL;
            default -> {
                long value = data.getAtIndex(LONG, i);
                yield signed || value >= 0
                        ? (Object) value
                        : new BigInteger(Long.toUnsignedString(value));
            }
        };
    }

    private static Double number(ArrowField field, MemorySegment data, long i) {
        return switch (field.width()) {
            case 16 -> (double) Float.float16ToFloat(data.getAtIndex(SHORT, i));
            case 32 -> (double) Float.intBitsToFloat(data.getAtIndex(INT, i));
            default -> Double.longBitsToDouble(data.getAtIndex(LONG, i));
        };
    }

    private static BigDecimal decimal(ArrowField field, MemorySegment data, long i) {
        int width = field.width() / 8;
        byte[] bytes = data.asSlice(i * width, width).toArray(BYTE);
        for (int k = 0; k < width / 2; k++) {
            byte swapped = bytes[k];
            bytes[k] = bytes[width - 1 - k];
            bytes[width - 1 - k] = swapped;
        }
        return new BigDecimal(new BigInteger(bytes), field.unit());
    }

    private static Object time(ArrowField field, MemorySegment data, long i) {
        long value = field.width() == 32 ? data.getAtIndex(INT, i) : data.getAtIndex(LONG, i);
        try {
            if (field.tag() == ArrowField.DATE) {
                return LocalDate.ofEpochDay(
                        field.width() == 32 ? value : Math.floorDiv(value, DAY));
            }
            long per = PER_SECOND[field.unit()];
            long seconds = Math.floorDiv(value, per);
            long nanos = Math.floorMod(value, per) * (1_000_000_000 / per);
            return switch (field.tag()) {
                case ArrowField.TIME ->
                        LocalTime.ofNanoOfDay(
                                Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanos));
                case ArrowField.DURATION -> Duration.ofSeconds(seconds, nanos);
                default ->
                        field.zone().isEmpty()
                                ? LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC)
                                : Instant.ofEpochSecond(seconds, nanos);
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new IndexOutOfBoundsException("no date or time: " + value);
        }
    }
}
