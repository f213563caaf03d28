package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The buffers of one batch, as they are written: for each column its validity bits and what its
/// type has, those of inner columns behind.
final class ArrowBuffers {
    private static final long[] PER_SECOND = {1, 1_000, 1_000_000, 1_000_000_000};
    private static final int DECIMAL_BYTES = 32;

    private final List<byte[]> buffers = new ArrayList<>();
    private final List<Long> nodes = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private long length;

    List<byte[]> buffers() {
        return buffers;
    }

    long[] nodes() {
        return nodes.stream().mapToLong(n -> n).toArray();
    }

    long[] places() {
        return places.stream().mapToLong(n -> n).toArray();
    }

    long length() {
        return length;
    }

    private void buffer(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.capacity()];
        bytes.get(0, copy);
        buffer(copy);
    }

    private void buffer(byte[] bytes) {
        places.add(length);
        places.add((long) bytes.length);
        buffers.add(bytes);
        length += bytes.length + (-bytes.length & 7);
    }

    void add(List<@Nullable Object> values, FeatureType type) {
        long nulls = values.stream().filter(v -> v == null).count();
        nodes.add((long) values.size());
        nodes.add(nulls);
        if (type.equals(Value.NULL)) {
            return;
        }
        buffer(nulls == 0 ? new byte[0] : bits(values, true));
        switch (type) {
            case ListOf list -> lists(values, list.element());
            case Struct struct -> struct(values, struct.fields());
            case Media _ -> struct(values, Media.STORAGE.fields());
            case ClassLabel _ -> buffer(numbers(values, 8, 64, type));
            case Value value -> scalars(values, value);
        }
    }

    /// A bit for each value: whether it is there, or whether it is true.
    private static byte[] bits(List<@Nullable Object> values, boolean presence) {
        byte[] bits = new byte[(values.size() + 7) / 8];
        for (int i = 0; i < values.size(); i++) {
            boolean set = presence ? values.get(i) != null : Boolean.TRUE.equals(values.get(i));
            bits[i / 8] |= (byte) (set ? 1 << i % 8 : 0);
        }
        return bits;
    }

    private void lists(List<@Nullable Object> values, FeatureType element) {
        ByteBuffer offsets = little(4 * (values.size() + 1)).putInt(0);
        List<@Nullable Object> all = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof List<?> list) {
                all.addAll(list);
            }
            offsets.putInt(all.size());
        }
        buffer(offsets);
        add(all, element);
    }

    private void struct(List<@Nullable Object> values, Features fields) {
        for (int i = 0; i < fields.size(); i++) {
            List<@Nullable Object> column = new ArrayList<>(values.size());
            for (Object value : values) {
                column.add(value instanceof Map<?, ?> map ? map.get(fields.name(i)) : null);
            }
            add(column, fields.type(i));
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void scalars(List<@Nullable Object> values, Value type) {
        switch (type.kind()) {
            case BOOL -> buffer(bits(values, false));
            case STRING, BINARY -> bytes(values);
            case DECIMAL -> decimals(values, DuckTypes.decimal(type)[1]);
            case DATE -> buffer(numbers(values, 4, 32, type));
            case INT, FLOAT -> {
                int bits = ArrowSchema.bits(type);
                buffer(numbers(values, bits / 8, bits, type));
            }
            default -> buffer(numbers(values, 8, 64, type));
        }
    }

    private void bytes(List<@Nullable Object> values) {
        ByteBuffer offsets = little(4 * (values.size() + 1)).putInt(0);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object value : values) {
            if (value != null) {
                all.writeBytes(
                        value instanceof byte[] raw
                                ? raw
                                : value.toString().getBytes(StandardCharsets.UTF_8));
            }
            offsets.putInt(all.size());
        }
        buffer(offsets);
        buffer(all.toByteArray());
    }

    private void decimals(List<@Nullable Object> values, int scale) {
        ByteBuffer all = little(DECIMAL_BYTES * values.size());
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof BigDecimal number) {
                byte[] big =
                        number.setScale(scale, RoundingMode.HALF_EVEN)
                                .unscaledValue()
                                .toByteArray();
                byte sign = (byte) (big[0] < 0 ? -1 : 0);
                for (int k = 0; k < DECIMAL_BYTES; k++) {
                    byte one = k < big.length ? big[big.length - 1 - k] : sign;
                    all.put(DECIMAL_BYTES * i + k, one);
                }
            }
        }
        buffer(all);
    }

    private static ByteBuffer numbers(
            List<@Nullable Object> values, int size, int bits, FeatureType type) {
        ByteBuffer all = little(size * values.size());
        int unit = ArrowWriter.unit(type);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            long number = value == null ? 0 : number(value, bits, unit);
            int at = i * size;
            switch (size) {
                case 1 -> all.put(at, (byte) number);
                case 2 -> all.putShort(at, (short) number);
                case 4 -> all.putInt(at, (int) number);
                default -> all.putLong(at, number);
            }
        }
        return all;
    }

    private static long number(Object value, int bits, int unit) {
        return switch (value) {
            case Double d ->
                    bits == 32
                            ? Float.floatToRawIntBits(d.floatValue())
                            : Double.doubleToRawLongBits(d);
            case Number number -> number.longValue();
            case LocalDate date -> date.toEpochDay();
            case LocalTime time -> time.toNanoOfDay() / 1_000;
            case LocalDateTime time -> number(time.toInstant(ZoneOffset.UTC), bits, unit);
            case Instant time -> scaled(time.getEpochSecond(), time.getNano(), unit);
            case Duration time -> scaled(time.getSeconds(), time.getNano(), unit);
            default -> throw new IllegalArgumentException("no number: " + value);
        };
    }

    private static long scaled(long seconds, int nanos, int unit) {
        return Math.addExact(
                Math.multiplyExact(seconds, PER_SECOND[unit]),
                nanos / (1_000_000_000 / PER_SECOND[unit]));
    }
}
