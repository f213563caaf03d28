package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes Arrow's IPC formats: the stream, or the file, which is a stream between magic words with
/// an index behind it.
public final class ArrowWriter {
    private static final int BATCH_ROWS = 1_000;
    private static final long BATCH_BYTES = 64 << 20;
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final short VERSION = 4;

    private final OutputStream out;
    private final Features features;
    private final List<long[]> blocks = new ArrayList<>();
    private long position;

    private ArrowWriter(Features features, OutputStream out) {
        this.features = features;
        this.out = out;
    }

    /// @param metadata kept under the key `huggingface`
    /// @param stream false: the file format
    public static void write(
            Features features, String metadata, Duck.Source rows, OutputStream out, boolean stream)
            throws IOException {
        ArrowWriter writer = new ArrowWriter(features, out);
        if (!stream) {
            writer.put(MAGIC);
            writer.put(new byte[2]);
        }
        FlatBuilder schema = new FlatBuilder();
        int table = schema(schema, features, metadata);
        writer.message(message(schema, ArrowMessage.SCHEMA, table, 0), List.of());
        writer.batches(rows);
        writer.put(little(-1, 0));
        if (!stream) {
            writer.footer(metadata);
        }
    }

    private void put(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private static byte[] little(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    private static int schema(FlatBuilder to, Features features, String metadata) {
        int[] fields = new int[features.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = ArrowSchema.field(to, features.name(i), features.type(i));
        }
        int list = to.references(fields);
        int value = to.text(metadata);
        int key = to.text("huggingface");
        to.begin(2);
        to.reference(0, key);
        to.reference(1, value);
        int pairs = to.references(to.end());
        to.begin(3);
        to.reference(1, list);
        to.reference(2, pairs);
        return to.end();
    }

    private static byte[] message(FlatBuilder to, int kind, int header, long body) {
        to.begin(5);
        to.field(3, body, 8);
        to.reference(2, header);
        to.field(0, VERSION, 2);
        to.field(1, kind, 1);
        return to.finish(to.end());
    }

    private void message(byte[] metadata, List<byte[]> body) throws IOException {
        long start = position;
        put(little(-1, metadata.length));
        put(metadata);
        long bytes = position;
        for (byte[] buffer : body) {
            put(buffer);
            put(new byte[(int) (-position & 7)]);
        }
        blocks.add(new long[] {start, bytes - start, position - bytes});
    }

    private void batches(Duck.Source rows) throws IOException {
        blocks.clear();
        List<@Nullable Object[]> batch = new ArrayList<>();
        long size = 0;
        @Nullable Object[] values = rows.next();
        while (values != null) {
            batch.add(values);
            for (Object value : values) {
                size += size(value);
            }
            values = rows.next();
            if (values == null || batch.size() == BATCH_ROWS || size > BATCH_BYTES) {
                batch(batch);
                batch.clear();
                size = 0;
            }
        }
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> bytes.length;
            case String text -> text.length();
            case List<?> list -> 8L * list.size();
            case java.util.Map<?, ?> map when map.get("bytes") instanceof byte[] bytes ->
                    bytes.length;
            case null, default -> 8;
        };
    }

    private void batch(List<@Nullable Object[]> rows) throws IOException {
        ArrowBuffers buffers = new ArrowBuffers();
        for (int i = 0; i < features.size(); i++) {
            List<@Nullable Object> column = new ArrayList<>(rows.size());
            for (@Nullable Object[] row : rows) {
                column.add(row[i]);
            }
            buffers.add(column, features.type(i));
        }
        FlatBuilder to = new FlatBuilder();
        int places = to.longs(2, buffers.places());
        int nodes = to.longs(2, buffers.nodes());
        to.begin(3);
        to.field(0, rows.size(), 8);
        to.reference(1, nodes);
        to.reference(2, places);
        message(message(to, ArrowMessage.ROWS, to.end(), buffers.length()), buffers.buffers());
    }

    private void footer(String metadata) throws IOException {
        FlatBuilder to = new FlatBuilder();
        int schema = schema(to, features, metadata);
        long[] numbers = blocks.stream().flatMapToLong(java.util.Arrays::stream).toArray();
        int list = to.longs(3, numbers);
        int none = to.longs(3);
        to.begin(4);
        to.reference(1, schema);
        to.reference(2, none);
        to.reference(3, list);
        to.field(0, VERSION, 2);
        byte[] footer = to.finish(to.end());
        put(footer);
        put(little(footer.length));
        put(MAGIC);
    }

    /// Times and numbers in the units that a type names.
    static int unit(FeatureType type) {
        String dtype = type instanceof Value value ? value.dtype() : "";
        return dtype.contains("[s") ? 0 : dtype.contains("[ms") ? 1 : dtype.contains("[ns") ? 3 : 2;
    }
}
