package dev.jebena.tracking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// One point of a metric's history, and how points lie in a block: for each the distance of step
/// and time to the point before, as zigzag varints, and the value's eight bytes.
record MetricPoint(long timestamp, long step, double value) {
    /// The order of a history.
    static final Comparator<MetricPoint> BY_TIME =
            Comparator.comparingLong(MetricPoint::timestamp)
                    .thenComparingLong(MetricPoint::step)
                    .thenComparingDouble(MetricPoint::value);

    /// The order whose greatest point is a metric's latest value.
    static final Comparator<MetricPoint> BY_STEP =
            Comparator.comparingLong(MetricPoint::step)
                    .thenComparingLong(MetricPoint::timestamp)
                    .thenComparingDouble(p -> p.isNan() ? 0 : p.value());

    private static final byte FORMAT = 1;
    private static final int LONGEST = 10 + 10 + 8;

    boolean isNan() {
        return Double.isNaN(value);
    }

    static byte[] encode(List<MetricPoint> points) {
        ByteBuffer out =
                ByteBuffer.allocate(1 + points.size() * LONGEST).order(ByteOrder.LITTLE_ENDIAN);
        out.put(FORMAT);
        long step = 0;
        long timestamp = 0;
        for (MetricPoint point : points) {
            varint(out, point.step - step);
            varint(out, point.timestamp - timestamp);
            out.putDouble(point.value);
            step = point.step;
            timestamp = point.timestamp;
        }
        byte[] block = new byte[out.position()];
        out.flip().get(block);
        return block;
    }

    static void decode(byte[] block, Consumer<MetricPoint> each) {
        ByteBuffer in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        if (in.hasRemaining() && in.get() != FORMAT) {
            throw new IllegalStateException("unknown format of a metric block: " + block[0]);
        }
        long step = 0;
        long timestamp = 0;
        while (in.hasRemaining()) {
            step += varint(in);
            timestamp += varint(in);
            each.accept(new MetricPoint(timestamp, step, in.getDouble()));
        }
    }

    private static void varint(ByteBuffer out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        byte next;
        int shift = 0;
        do {
            next = in.get();
            value |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return (value >>> 1) ^ -(value & 1);
    }
}
