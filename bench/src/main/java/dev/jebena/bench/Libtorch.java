package dev.jebena.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A function in libtorch, through DJL: a body of TorchScript over a list of tensors `x`, which
/// stay in libtorch's memory from call to call, so that it can train weights in place.
final class Libtorch implements AutoCloseable {
    /// An object of class M without fields.
    private static final byte[] MODULE =
            "\u0080\2c__torch__\nM\n)\u0081}(X\10\0\0\0training\u0089ub."
                    .getBytes(StandardCharsets.ISO_8859_1);

    private final PtNDManager manager = (PtNDManager) NDManager.newBaseManager("PyTorch");
    private final PtSymbolBlock block;
    private final NDList inputs = new NDList();
    private final boolean derivatives;

    /// @param derivatives whether the body computes some
    Libtorch(String body, boolean derivatives, List<Tensor> inputs) {
        try {
            byte[] archive = archive(body);
            block = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.derivatives = derivatives;
        for (Tensor input : inputs) {
            PtNDArray array = array(input);
            array.setName("x[]");
            this.inputs.add(array);
        }
    }

    static void threads(int count) {
        JniUtils.setNumThreads(count);
    }

    /// Runs it; the results are closed.
    void run() {
        JniUtils.setGradMode(derivatives);
        try (NDList results = IValueUtils.forward(block, inputs, derivatives)) {
            if (results.isEmpty()) {
                throw new IllegalStateException("the script has no results");
            }
        }
    }

    /// Runs it; the first result's numbers.
    float[] numbers() {
        JniUtils.setGradMode(derivatives);
        try (NDList results = IValueUtils.forward(block, inputs, derivatives)) {
            return results.get(0).toType(DataType.FLOAT32, false).toFloatArray();
        }
    }

    private PtNDArray array(Tensor x) {
        long[] dims = Arrays.stream(x.shape().toArray()).asLongStream().toArray();
        DataType type = x.dtype() == DType.INT64 ? DataType.INT64 : DataType.FLOAT32;
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.toIntExact(x.size() * x.dtype().bytes()))
                        .order(ByteOrder.nativeOrder());
        bytes.put(x.memory().asByteBuffer()).rewind();
        return manager.create(bytes, new Shape(dims), type);
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }

    /// What TorchScript's own export writes, as far as a function without fields needs it.
    private static byte[] archive(String body) throws IOException {
        String source =
                """
                class M(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.M,
                    x: List[Tensor]) -> List[Tensor]:
                """
                        + body.indent(4);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "m/data.pkl", MODULE);
            store(zip, "m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "m/version", new byte[] {'1', '0', '\n'});
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
    }
}
