package dev.jebena.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// libtorch as an oracle: runs expressions of TorchScript, derivatives included, through DJL.
///
/// A TorchScript file is a zip of source text and a small pickle, so any operator of libtorch can
/// be called, whether or not DJL has a method for it.
public final class Torch {
    private Torch() {}

    /// Whether libtorch runs on this machine.
    public static boolean isAvailable() {
        return Loaded.OK;
    }

    private static final class Loaded {
        static final boolean OK = load();

        private static boolean load() {
            try {
                System.setProperty("ai.djl.offline", "true");
                System.setProperty("ai.djl.pytorch.num_threads", "1");
                System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
                run("return [torch.neg(x[0])]", Tensor.scalar(1));
                return true;
            } catch (RuntimeException | LinkageError e) {
                System.err.println("libtorch cannot be used here: " + e);
                return false;
            }
        }
    }

    /// Runs the body of a function of a list of tensors `x`, which returns a list of tensors.
    public static List<Tensor> run(String body, Tensor... inputs) {
        try (PtNDManager manager = (PtNDManager) NDManager.newBaseManager("PyTorch");
                PtSymbolBlock block =
                        JniUtils.loadModule(
                                manager, new ByteArrayInputStream(archive(body)), false, false)) {
            NDList list = new NDList();
            for (Tensor input : inputs) {
                PtNDArray array = array(manager, input);
                array.setName("x[]");
                list.add(array);
            }
            List<Tensor> outputs = new ArrayList<>();
            JniUtils.setGradMode(true);
            for (NDArray array : IValueUtils.forward(block, list, true)) {
                outputs.add(tensor((PtNDArray) array));
            }
            return outputs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PtNDArray array(PtNDManager manager, Tensor x) {
        ai.djl.ndarray.types.Shape shape =
                new ai.djl.ndarray.types.Shape(
                        java.util.Arrays.stream(x.shape().toArray()).asLongStream().toArray());
        DataType type =
                switch (x.dtype()) {
                    case FLOAT32 -> DataType.FLOAT32;
                    case FLOAT64 -> DataType.FLOAT64;
                    case INT32 -> DataType.INT32;
                    case INT64 -> DataType.INT64;
                    case INT8 -> DataType.INT8;
                    case UINT8 -> DataType.UINT8;
                    case BOOL -> DataType.BOOLEAN;
                    default ->
                            throw new IllegalArgumentException("cast " + x.dtype() + " in torch");
                };
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.toIntExact(x.size() * x.dtype().bytes()))
                        .order(ByteOrder.nativeOrder());
        bytes.put(x.memory().asByteBuffer()).rewind();
        return manager.create(bytes, shape, type);
    }

    private static Tensor tensor(PtNDArray array) {
        long[] dims = array.getShape().getShape();
        int[] shape = java.util.Arrays.stream(dims).mapToInt(Math::toIntExact).toArray();
        Shape full = Shape.of(shape);
        PtNDArray plain = array;
        Tensor flat =
                switch (plain.getDataType()) {
                    case FLOAT64 -> Tensor.of(plain.toDoubleArray(), (int) full.size());
                    case FLOAT32 -> Tensor.of(plain.toFloatArray(), (int) full.size());
                    case INT64 -> Tensor.of(plain.toLongArray(), (int) full.size());
                    case INT32 -> Tensor.of(plain.toIntArray(), (int) full.size());
                    case BOOLEAN -> Tensor.of(plain.toBooleanArray(), (int) full.size());
                    default -> throw new IllegalArgumentException("type " + plain.getDataType());
                };
        return flat.reshape(full);
    }

    private static byte[] archive(String body) throws IOException {
        StringBuilder code =
                new StringBuilder(
                        """
                        class M(Module):
                          __parameters__ = []
                          __buffers__ = []
                          training : bool
                          def forward(self: __torch__.M,
                            x: List[Tensor]) -> List[Tensor]:
                        """);
        body.lines().forEach(line -> code.append("    ").append(line).append('\n'));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            byte[] pickle =
                    "\u0080\2c__torch__\nM\n)\u0081}(X\10\0\0\0training\u0089ub."
                            .getBytes(StandardCharsets.ISO_8859_1);
            add(zip, "m/data.pkl", pickle);
            add(zip, "m/code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
            add(zip, "m/constants.pkl", "\u0080\2).".getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "m/version", "10\n".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
    }
}
