package dev.jebena.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Writes a state dict in PyTorch's ZIP format: the pickle (protocol 2), and an entry for each
/// tensor's elements.
final class TorchWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private TorchWriter() {}

    static void write(Path path, Collection<PlainTensor> tensors) {
        byte[] pickle = new TorchWriter().pickle(tensors);
        String file = String.valueOf(path.getFileName());
        int dot = file.lastIndexOf('.');
        String root = (dot > 0 ? file.substring(0, dot) : file) + "/";
        ReplacedFile.write(
                path,
                channel -> {
                    ZipWriter zip = new ZipWriter(channel);
                    add(zip, root + "data.pkl", MemorySegment.ofArray(pickle));
                    add(zip, root + "byteorder", ascii("little"));
                    int key = 0;
                    for (PlainTensor tensor : tensors) {
                        add(zip, root + "data/" + key++, tensor.data());
                    }
                    add(zip, root + "version", ascii("3\n"));
                    zip.finish();
                });
    }

    private static void add(ZipWriter zip, String name, MemorySegment bytes) throws IOException {
        zip.add(name, bytes.byteSize(), false, sink -> Segments.write(sink, bytes));
    }

    private static MemorySegment ascii(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] pickle(Collection<PlainTensor> tensors) {
        out.write(0x80);
        out.write(2);
        emptyDict();
        op("(");
        int key = 0;
        for (PlainTensor tensor : tensors) {
            text(tensor.name());
            tensor(tensor, key++);
        }
        op("u.");
        return out.toByteArray();
    }

    private void tensor(PlainTensor tensor, int key) {
        boolean typed = TorchGlobals.hasStorageClass(tensor.type());
        String type = TorchGlobals.nameOf(tensor.type());
        op("ctorch._utils\n_rebuild_tensor_" + (typed ? "v2" : "v3") + "\n((");
        text("storage");
        op(typed ? "ctorch\n" + type + "\n" : "ctorch.storage\nUntypedStorage\n");
        text(String.valueOf(key));
        text("cpu");
        number(typed ? tensor.elements() : tensor.data().byteSize());
        op("tQ");
        number(0);
        numbers(tensor.shape());
        numbers(strides(tensor.shape()));
        out.write(0x89);
        emptyDict();
        if (!typed) {
            op("ctorch\n" + type + "\n");
        }
        op("tR");
    }

    private static List<Long> strides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape.get(i));
        }
        return List.of(strides);
    }

    private void emptyDict() {
        op("ccollections\nOrderedDict\n)R");
    }

    private void numbers(List<Long> numbers) {
        op("(");
        numbers.forEach(this::number);
        op("t");
    }

    private void number(long value) {
        if (value == (int) value) {
            op("J");
            bytes(value, Integer.BYTES);
        } else {
            out.write(0x8a);
            out.write(Long.BYTES);
            bytes(value, Long.BYTES);
        }
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op("X");
        bytes(utf8.length, Integer.BYTES);
        out.writeBytes(utf8);
    }

    private void bytes(long value, int count) {
        for (int i = 0; i < count; i++) {
            out.write((int) (value >> (8 * i)));
        }
    }

    private void op(String opcodes) {
        out.writeBytes(opcodes.getBytes(StandardCharsets.US_ASCII));
    }
}
